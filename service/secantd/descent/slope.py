"""Slopes that no step changes: f is linear along a direction, so that |∇f| is never 0."""

from collections.abc import Sequence

import numpy as np

from secantd.descent.norm import norm
from secantd.descent.objective import Objective, Vector

__all__ = ["falls_for_ever", "is_steeper_ahead", "lasting_slope", "rays_end"]

# Eigenvalues below this part of the largest one may be 0 within rounding.
SINGULAR = 1e-12
# Differences of the slope between points, relative to the longest gradient, that are rounding.
SAME = 1e-9
# The product of curvature and distance, in units of the slope, up to which a gradient keeps some digits.
FAR = 1e12
# The longest ray, and the fall of f along it, relative to 1 + |f|, that counts as a fall without bound.
LONGEST, DEEP = 1e30, 1e6
# The range of a look ahead, in units of 1 + |x|, and the factor by which f has to be steeper there.
AHEAD, STEEPER = 1e3, 100.0
# A fall of f below this part of it is rounding.
ROUNDING = 1e-13


def lasting_slope(objective: Objective, start: Vector) -> Vector | None:
    """Return the part of ∇f that is the same at all points, shape (n,), None if there is none.

    It is known where partial derivatives are constants, and for quadratics, where it is the part of ∇f in the null space of
    the Hessian. It is compared at several points, so that rounding errors are not mistaken for it.

    Args:
        objective: f.
        start: A point, shape (n,).
    """
    with np.errstate(all="ignore"):
        return _lasting(objective, start)


def _lasting(objective: Objective, start: Vector) -> Vector | None:
    constant = objective.constant_partials()
    gradient = objective.first(start)[1]
    if np.any(constant):
        slope = np.where(constant, gradient, 0.0)
        return slope if np.all(np.isfinite(slope)) and np.any(slope) and _is_linear(objective, start, slope) else None
    bowl = objective.bowl
    if bowl is None:
        return None
    null = np.abs(bowl.values) <= SINGULAR * bowl.largest
    # The curvature along an axis has no rounding error.
    null &= (np.count_nonzero(bowl.vectors, axis=0) > 1) | (bowl.values == 0.0)
    basis = bowl.vectors[:, null]
    spread = 1.0 + float(np.max(np.abs(start)))
    away = spread * np.cos(np.arange(len(start)) + 1.0)
    gradients = [gradient, *[objective.first(x)[1] for x in (np.zeros(len(start)), away, -3.0 * away)]]
    slopes = [basis @ (basis.T @ g) for g in gradients]
    slope, length, longest = slopes[0], norm(slopes[0]), max(map(norm, gradients))
    if not SAME * longest < length < np.inf or any(norm(other - slope) > SAME * length for other in slopes):
        return None
    # A tiny curvature shows far away only, as long as rounding errors of the gradient are smaller.
    t = spread
    while t * bowl.largest < length * FAR:
        further = objective.far(start - t / length * slope)[1]
        if not abs(float(further @ slope) - length * length) <= 1e-3 * length * length:
            return None
        t *= 10.0
    return slope if _is_linear(objective, start, slope) else None


def _is_linear(objective: Objective, start: Vector, slope: Vector) -> bool:
    """Whether f itself is linear along its slope, as the derivative of a jump is 0."""
    length = norm(slope)
    here = objective.first(start)[0]
    for t in (1.0, -3.7, 100.0):
        t *= 1.0 + float(np.max(np.abs(start)))
        there = objective.first(start + t / length * slope)[0]
        if not abs(there - here - t * length) <= 1e-6 * (abs(t) * length + abs(here)):
            return False
    return True


def rays_end(objective: Objective, x: Vector, direction: Vector) -> tuple[bool, float] | None:
    """Follow f along a direction, to the end of the range of doubles.

    Args:
        objective: f.
        x: The point to begin from, shape (n,).
        direction: The direction, shape (n,).

    Returns:
        Whether f falls without bound, and its last value; None if f rises anywhere on the way.
    """
    length = norm(direction)
    if not 0.0 < length < np.inf:
        return None
    direction = direction / length
    first, gradient = objective.first(x)
    previous = first
    # Noise far out is measured by the values at the beginning.
    noise, steepness = ROUNDING * abs(first), 1e-6 * norm(gradient)
    t = 1e-3 * (1.0 + norm(x))
    drops: Sequence[float] = ()
    while t < LONGEST:
        f, g = objective.far(x + t * direction)
        if not np.isfinite(f):
            break
        if f > previous + max(noise, ROUNDING * abs(previous)) or float(direction @ g) > steepness:
            return None
        drops = (*drops[-9:], previous - f)
        previous = f
        t *= 2.0
    # Where f falls to a limit the drops shrink.
    deep = first - previous > DEEP * (1.0 + abs(first)) and drops[-1] >= drops[0] > 0.0
    return deep, previous


def falls_for_ever(objective: Objective, x: Vector, direction: Vector) -> bool:
    """Whether f falls without bound along `direction`, shape (n,)."""
    with np.errstate(all="ignore"):
        ray = rays_end(objective, x, direction)
    return ray is not None and ray[0]


def is_steeper_ahead(objective: Objective, x: Vector, gradient: Vector) -> bool:
    """Whether f falls against the gradient at `x`, shape (n,), and becomes much steeper there."""
    length = norm(gradient)
    if not 0.0 < length < np.inf:
        return False
    t = 1e-3 * (1.0 + norm(x))
    while t < AHEAD * (1.0 + norm(x)):
        slope = float(objective.far(x - t * gradient / length)[1] @ gradient) / length
        if not slope > 0.0:
            return False
        if slope > STEEPER * length:
            return True
        t *= 1.5
    return False
