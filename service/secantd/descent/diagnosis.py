"""The diagnosis of a fixed rate: the curvature along the path, the limit 2/L, the number of steps."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.descent import curvature
from secantd.descent.bowl import Bowl
from secantd.descent.end import End
from secantd.descent.norm import norm
from secantd.descent.objective import ENTRIES, Objective
from secantd.descent.request import Regime, StopReason
from secantd.descent.trial import better_rate

__all__ = ["Diagnosis", "at_limit", "diagnose", "predicted_steps"]

Vector = NDArray[np.float64]

# A rate below this part of 1/L needs a thousand steps instead of one.
CRAWL = 1e-3
# Products of a rate and a curvature that differ by less than this are equal.
EQUAL = 1e-12
# Negative eigenvalues of a quadratic below this part of the largest one are rounding.
FLAT = 1e-10
# Points at which the gradient has grown by this factor are ignored: the path has already diverged there.
GROWN = 10.0
# Larger predictions are not reported.
MOST_STEPS = 1e15
# Points along the path at which the Hessian is computed, for few and for many variables.
LOOKS, LOOKS_OF_MANY = 12, 4


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The fields of an outcome that only a fixed rate has, see `Outcome`; and the number of steps of the recommended rate."""

    curvature: float | None = None
    rate_limit: float | None = None
    predicted_steps: int | None = None
    regime: Regime | None = None
    recommended_rate: float | None = None
    recommended_steps: int | None = None


def at_limit(objective: Objective, rate: float, start: Vector) -> bool:
    """Whether a fixed rate is 2/L of a quadratic, within rounding: its path jumps from side to side for ever.

    Args:
        objective: f.
        rate: The rate.
        start: The start, shape (n,).
    """
    bowl = objective.bowl
    if bowl is None or abs(rate * bowl.largest - 2.0) > EQUAL:
        return False
    gradient = objective.first(start)[1]
    along = bowl.vectors[:, bowl.values >= bowl.largest * (1.0 - EQUAL)].T @ gradient
    return bool(bowl.values[0] >= -FLAT * bowl.largest) and norm(along) > EQUAL * norm(gradient)


def diagnose(objective: Objective, rate: float, tolerance: float, start: Vector, end: End) -> Diagnosis:
    """Return the diagnosis of a path with a fixed rate.

    Args:
        objective: f.
        rate: The rate, in squared units of x per unit of f.
        tolerance: The tolerance of |∇f|.
        start: The start, shape (n,).
        end: The end of the path, with points along it.
    """
    bowl = objective.bowl
    if bowl is not None:
        most = last = bowl.largest
    else:
        most, last = _along(objective, end)
    size = abs(most)
    # A curvature near 0, or one that overflows, gives no rate.
    if not (math.isfinite(size) and size > 0.0 and math.isfinite(2.0 / size)):
        return Diagnosis()
    if bowl is not None:
        steps = predicted_steps(bowl, objective.first(start)[1], rate, tolerance)
        if bowl.values[0] < -FLAT * size:
            # No rate finds a minimum that does not exist.
            return Diagnosis(size, predicted_steps=steps)
        best = _best(bowl)
        needed = predicted_steps(bowl, objective.first(start)[1], best, tolerance)
        return Diagnosis(size, 2.0 / size, steps, _regime(rate * size), best, needed)
    failed = end.reason in (StopReason.DIVERGED, StopReason.NOT_FINITE)
    # The curvature of a maximum gives no rate.
    better = better_rate(objective, rate, 1.0 / size, tolerance, start, end) if failed or most > 0.0 else None
    if most < 0.0:
        return Diagnosis(size, recommended_rate=better)
    # A path that converged is judged by the curvature at its end.
    here = abs(last) if end.reason is StopReason.CONVERGED else size
    return Diagnosis(size, 2.0 / size, None, _regime(rate * here), better)


def _along(objective: Objective, end: End) -> tuple[float, float]:
    """Return the curvature of largest size along the path, and that at its end, with their signs; NaN: not finite."""
    points = end.samples.points
    stride = max(1, -(-len(points) // (LOOKS if len(objective) <= ENTRIES else LOOKS_OF_MANY)))
    most = last = math.nan
    for _, x in [*points[::stride], (end.steps, tuple(end.point.tolist()))]:
        point = np.array(x)
        _, gradient = objective.first(point)
        if not norm(gradient) <= GROWN * max(end.start_norm, 1e-300):
            continue
        last = curvature.largest(objective, point)
        if not abs(most) >= abs(last):
            most = last
    return most, last


def _regime(product: float) -> Regime:
    """Return the regime of rate · L: each step multiplies the distance to the minimum by 1 - rate · L."""
    if product > 2.0:
        return Regime.DIVERGES
    if product > 1.0:
        return Regime.OSCILLATES
    return Regime.CONVERGES if product >= CRAWL else Regime.CRAWLS


def _best(bowl: Bowl) -> float:
    """Return 2/(l + L) for a quadratic with curvatures from l to L (Nocedal & Wright, §3.3); 1/L if l is 0."""
    if bowl.values[0] > 0.0:
        return 1.0 / (0.5 * float(bowl.values[0]) + 0.5 * bowl.largest)
    return 1.0 / bowl.largest


def predicted_steps(bowl: Bowl, gradient: Vector, rate: float, tolerance: float) -> int | None:
    """Return the number of steps of a fixed rate that bring |∇f| to `tolerance` on a quadratic, None if never.

    With the eigenvectors as axes a step multiplies each component of the gradient by 1 - rate λ. So the norm after k
    steps is known, and the smallest sufficient k is found by bisection.

    Args:
        bowl: The Hessian.
        gradient: ∇f at the start, shape (n,).
        rate: The rate.
        tolerance: The tolerance of |∇f|.

    >>> from secantd.descent.bowl import bowl
    >>> predicted_steps(bowl(np.array([[2.0]])), np.array([3.767292251991066]), 0.01, 1e-5)
    636
    """
    if tolerance <= 0.0 or not np.isfinite(gradient).all():
        return None
    parts = np.abs(bowl.vectors.T @ gradient).tolist()
    # Components that are rounding errors are ignored.
    least = 1e-15 * math.hypot(*parts)
    with np.errstate(over="ignore", invalid="ignore"):
        factors = np.abs(1.0 - rate * bowl.values).tolist()
    if not all(map(math.isfinite, [*parts, *factors])):
        return None
    pairs = [(part, factor) for part, factor in zip(parts, factors, strict=True) if part > least]

    def length(steps: int) -> float:
        return math.hypot(*[part * factor**steps for part, factor in pairs])

    if length(0) <= tolerance:
        return 0
    slowest, own = max((factor, part) for part, factor in pairs)
    if slowest >= 1.0:
        return None
    # The slowest component alone needs at most as many steps as all components.
    first = 0
    if slowest > 0.0:
        estimate = max(0.0, (math.log(tolerance) - math.log(own)) / math.log(slowest))
        if estimate > MOST_STEPS:
            return None
        # Slightly fewer, as logarithms are rounded.
        first = max(0, math.floor(estimate * (1.0 - 1e-9)) - 1)
    last, further = first + 1, 1
    while length(last) > tolerance:
        further *= 2
        first, last = last, last + further
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if length(middle) > tolerance else (first, middle)
    return last
