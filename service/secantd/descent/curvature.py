"""Results from the Hessian: the nature of a critical point, the largest curvature, standard errors."""

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.results import Nature
from secantd.descent.bowl import spectrum
from secantd.descent.norm import norm
from secantd.descent.objective import Objective

__all__ = ["exhausted", "jumps_nearby", "largest", "nature", "nature_by_sides", "standard_errors"]

Vector = NDArray[np.float64]

# The part of the largest eigenvalue below which an eigenvalue is 0 within the rounding of a Hessian.
SINGULAR = 1e-10
# The most variables whose standard errors are computed: the inverse takes O(n³).
MOST = 1000
# The same for an eigenvalue that is looked at again closer to the critical point.
DOUBTFUL = 1e-4
# Newton's step near a point with a definite Hessian leaves a small part of the gradient.
VANISHING = 0.1
# A step smaller than this part of x is rounding.
ROUNDING = 1e-12
# The most variables along which f is looked at for jumps.
FEW = 50
# Iterations of the power method, for some digits of the largest eigenvalue.
POWER_STEPS = 12


def largest(objective: Objective, x: Vector) -> float:
    """Return the eigenvalue of the Hessian at `x`, shape (n,), that is largest in size; NaN where it is not finite.

    Args:
        objective: f.
        x: The point, shape (n,).
    """
    if objective.dense:
        h = objective.hessian(x)
        if not np.all(np.isfinite(h)):
            return np.nan
        values = spectrum(h)[0]
        return float(values[int(np.argmax(np.abs(values)))])
    # The power method, from a fixed start that is not along an axis.
    v = np.cos(np.arange(len(x)) + 1.0)
    size = 0.0
    for _ in range(POWER_STEPS):
        v /= norm(v)
        product = objective.product(x, v)
        size = float(np.copysign(norm(product), v @ product))
        if not np.isfinite(size) or size == 0.0:
            return np.nan if size else 0.0
        v = product
    return size


def nature(objective: Objective, x: Vector) -> Nature | None:
    """Return the kind of the critical point of f near `x`, None if the Hessian does not determine it.

    The kind is that of f as given, also for an ascent. A Hessian that is nearly singular at the critical point does not
    determine it; this is recognized by a Newton step that does not reduce ∇f at once.

    Args:
        objective: f.
        x: A point close to the critical point, shape (n,).
    """
    if not objective.dense:
        return None
    bowl = objective.bowl
    if bowl is not None:
        return of_signs(objective.sign * bowl.values) if bowl.smallest > SINGULAR * bowl.largest else None
    h = objective.sign * objective.hessian(x)
    _, g = objective.first(x)
    if not (np.all(np.isfinite(h)) and np.all(np.isfinite(g))):
        return None
    values, vectors = spectrum(h)
    size = float(np.max(np.abs(values)))
    if not np.isfinite(size):
        return None
    if size == 0.0 or np.any(np.abs(values) <= SINGULAR * size):
        return None
    step = vectors @ ((vectors.T @ (objective.sign * g)) / values)
    far = norm(step) > ROUNDING * (1.0 + norm(x))
    if far and norm(objective.first(x - step)[1]) > VANISHING * norm(g):
        return None
    least = float(np.min(np.abs(values)))
    if least < DOUBTFUL * size and len(x) > 1:
        # The eigenvalue may be 0 at the critical point, as along the valley of f = (x*y - 1)^2.
        closer = objective.hessian(x - step)
        if not np.all(np.isfinite(closer)) or np.min(np.abs(spectrum(closer)[0])) < 0.5 * least:
            return None
    return of_signs(values)


def newton_step(objective: Objective, x: Vector) -> tuple[Vector, float] | None:
    """Return the step from `x`, shape (n,), to the critical point of the quadratic model, and the change of f that it
    predicts, with the absolute values of the curvatures; None where the Hessian is singular or not finite.

    Args:
        objective: f.
        x: The point.
    """
    if not objective.dense:
        return None
    _, g = objective.first(x)
    h = objective.hessian(x)
    if not (np.all(np.isfinite(g)) and np.all(np.isfinite(h))):
        return None
    values, vectors = spectrum(h)
    if not np.all(np.abs(values) > SINGULAR * np.max(np.abs(values))):
        return None
    parts = vectors.T @ g
    return -(vectors @ (parts / values)), float(np.sum(parts * (parts / np.abs(values))))


def exhausted(objective: Objective, x: Vector) -> bool:
    """Whether Newton's step from `x`, shape (n,), changes f by rounding errors only: the digits of f show no better point.

    Args:
        objective: f.
        x: The point.
    """
    model = newton_step(objective, x)
    return model is not None and model[1] <= ROUNDING * (1.0 + abs(objective.first(x)[0]))


def jumps_nearby(objective: Objective, x: Vector) -> bool:
    """Whether f is much lower within twice Newton's step from `x`, shape (n,), than at the minimum of its model.

    That is so where f jumps: floor(x) + x^2 has no minimum at 0.

    Args:
        objective: f.
        x: The point.
    """
    model = newton_step(objective, x)
    if model is None or len(x) > FEW:
        return False
    step, change = model
    here = objective.first(x)[0]
    lowest = here - 10.0 * change - 1e-9 * (1.0 + abs(here))
    away = 2.0 * norm(step) + 1e-9 * (1.0 + norm(x))
    return any(
        objective.first(x + step + sign * away * unit)[0] < lowest for unit in np.eye(len(x)) for sign in (-1, 1)
    )


def of_signs(values: Vector) -> Nature:
    """Return the kind of a critical point from the eigenvalues of its Hessian, sorted, none of them 0."""
    least, most = sorted((values[0], values[-1]))
    if least > 0.0:
        return Nature.MINIMUM
    return Nature.MAXIMUM if most < 0.0 else Nature.SADDLE


def nature_by_sides(objective: Objective, x: float, away: float) -> Nature | None:
    """Return the kind of a critical point of one variable from the signs of f' at a distance `away` on both sides."""
    before, after = (objective.sign * float(objective.first(np.array([x + d]))[1][0]) for d in (-away, away))
    if before * after > 0.0:
        return Nature.INFLECTION
    if before < 0.0 < after:
        return Nature.MINIMUM
    return Nature.MAXIMUM if before > 0.0 > after else None


def standard_errors(objective: Objective, x: Vector) -> tuple[float, ...]:
    """Return the square roots of the diagonal of the inverse Hessian at `x`, n numbers in the units of the variables.

    Empty where the Hessian is not positive definite, or there are more than MOST variables. The Hessian of a negative
    log-likelihood at its minimum is the observed information, whose inverse estimates the covariance (Efron & Hinkley
    1978).

    Args:
        objective: f.
        x: The minimum, shape (n,).
    """
    if len(objective) > MOST:
        return ()
    h = objective.hessian(x)
    if not np.all(np.isfinite(h)):
        return ()
    # Scaled by the diagonal, so that parameters of very different size do not make it singular.
    scale = np.sqrt(np.abs(np.diag(h)))
    if not np.all(scale > 0.0):
        return ()
    scaled = h / np.outer(scale, scale)
    if not np.all(np.isfinite(scaled)) or np.linalg.eigvalsh(scaled)[0] <= SINGULAR:
        return ()
    inverse = objective.covariance(np.linalg.inv(scaled))
    return tuple((np.sqrt(np.diag(inverse)) / scale).tolist())
