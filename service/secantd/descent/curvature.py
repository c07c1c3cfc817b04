"""What the Hessian says: the nature of a point, the largest curvature, standard errors."""

import numpy as np
from numpy.typing import NDArray

from secantd.descent.bowl import spectrum
from secantd.descent.objective import Objective
from secantd.descent.request import Nature

__all__ = ["largest", "nature", "standard_errors"]

Vector = NDArray[np.float64]

# An eigenvalue below this part of the largest is 0 within the rounding of a Hessian.
SINGULAR = 1e-10
# Variables whose standard errors are told: an inverse of n³ work.
MOST = 1000
# Newton's step near a point with a definite Hessian leaves a small part of the gradient.
VANISHING = 0.1
# A step below this part of x is rounding.
ROUNDING = 1e-12
# Multiplications until the largest eigenvalue of many variables is known to some digits.
POWER_STEPS = 12


def largest(objective: Objective, x: Vector) -> float:
    """Return the Hessian's eigenvalue of largest size at `x`, its size; NaN where it is not finite."""
    if objective.dense:
        h = objective.hessian(x)
        return float(np.max(np.abs(spectrum(h)[0]))) if np.all(np.isfinite(h)) else np.nan
    # The power method from a start that is the same every time and along no axis.
    v = np.cos(np.arange(len(x)) + 1.0)
    size = 0.0
    for _ in range(POWER_STEPS):
        v /= np.linalg.norm(v)
        v = objective.product(x, v)
        size = float(np.linalg.norm(v))
        if not np.isfinite(size) or size == 0.0:
            return np.nan if size else 0.0
    return size


def nature(objective: Objective, x: Vector) -> Nature | None:
    """Return what the Hessian at `x` says of the critical point of f near by, f as it was given.

    A Hessian that is about to vanish there says nothing: Newton's step would not bring ∇f down at once. For
    one variable the signs of f' on both sides tell then.
    """
    if not objective.dense:
        return None
    bowl = objective.bowl
    if bowl is not None and bowl.smallest > SINGULAR * bowl.largest:
        return of_signs(objective.sign * bowl.values)
    h = objective.sign * objective.hessian(x)
    _, g = objective.first(x)
    if not (np.all(np.isfinite(h)) and np.all(np.isfinite(g))):
        return None
    values, vectors = spectrum(h)
    size = float(np.max(np.abs(values)))
    if size == 0.0 or np.any(np.abs(values) <= SINGULAR * size):
        return _sides(objective, x, 0.0) if len(x) == 1 else None
    step = vectors @ ((vectors.T @ (objective.sign * g)) / values)
    far = objective.norm(step) > ROUNDING * (1.0 + objective.norm(x))
    if far and objective.norm(objective.first(x - step)[1]) > VANISHING * objective.norm(g):
        return _sides(objective, x, float(step[0])) if len(x) == 1 else None
    return of_signs(values)


def of_signs(values: Vector) -> Nature:
    """Return the nature of a critical point from the eigenvalues of its Hessian in order, none of them 0."""
    least, most = sorted((values[0], values[-1]))
    if least > 0.0:
        return Nature.MINIMUM
    return Nature.MAXIMUM if most < 0.0 else Nature.SADDLE


def _sides(objective: Objective, x: Vector, step: float) -> Nature | None:
    """Return the nature of a critical point of one variable by f' on both sides of it."""
    away = max(10.0 * abs(step), 1e-3 * (1.0 + abs(float(x[0]))))
    before, after = (objective.sign * float(objective.first(x + d)[1][0]) for d in (-away, away))
    if before * after > 0.0:
        return Nature.INFLECTION
    if before < 0.0 < after:
        return Nature.MINIMUM
    return Nature.MAXIMUM if before > 0.0 > after else None


def standard_errors(objective: Objective, x: Vector) -> tuple[float, ...]:
    """Return the roots of the diagonal of the inverse Hessian of the objective, or nothing.

    The Hessian of a negative log-likelihood at its minimum is the observed information, whose inverse
    estimates the covariance (Efron, Hinkley 1978).
    """
    if len(objective) > MOST:
        return ()
    h = objective.hessian(x)
    if not np.all(np.isfinite(h)):
        return ()
    # The variables' own units first: parameters of very different size are no singularity.
    scale = np.sqrt(np.abs(np.diag(h)))
    if not np.all(scale > 0.0):
        return ()
    scaled = h / np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] <= SINGULAR:
        return ()
    inverse = np.linalg.inv(scaled)
    return tuple((np.sqrt(np.diag(inverse)) / scale).tolist())
