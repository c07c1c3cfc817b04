"""Why a fixed rate does what it does: the curvature along the path, the limit 2/L, the steps to come."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.descent import curvature
from secantd.descent.bowl import Bowl
from secantd.descent.end import End
from secantd.descent.objective import ENTRIES, Objective
from secantd.descent.request import Regime, StopReason

__all__ = ["Diagnosis", "diagnose", "predicted_steps"]

Vector = NDArray[np.float64]

# A rate below this part of 1/L makes a thousand steps of one.
CRAWL = 1e-3
# A path whose gradient has grown so many times is past the place where its rate was too large.
GROWN = 10.0
# Beyond, nobody waits.
MOST_STEPS = 1e15
# Points along the path whose Hessian is computed: of few variables, and of more.
LOOKS, LOOKS_OF_MANY = 12, 4


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The fields of an outcome that a fixed rate has of its own."""

    curvature: float | None = None
    rate_limit: float | None = None
    predicted_steps: int | None = None
    regime: Regime | None = None
    recommended_rate: float | None = None


def diagnose(objective: Objective, rate: float, tolerance: float, start: Vector, end: End) -> Diagnosis:
    """Return the diagnosis of a path with a fixed rate."""
    bowl = objective.bowl
    if bowl is not None:
        most = last = bowl.largest
    else:
        most, last = _along(objective, end)
    if not math.isfinite(most) or most == 0.0:
        return Diagnosis()
    steps = None
    if bowl is not None:
        steps = predicted_steps(bowl, objective.first(start)[1], rate, tolerance)
    # A path that arrived is judged by the curvature where it arrived.
    here = last if end.reason is StopReason.CONVERGED else most
    return Diagnosis(most, 2.0 / most, steps, _regime(rate * here), _recommended(bowl, most))


def _along(objective: Objective, end: End) -> tuple[float, float]:
    """Return the largest curvature along the path, and that at its end (NaN: not finite there)."""
    points = end.samples.points
    stride = -(-len(points) // (LOOKS if len(objective) <= ENTRIES else LOOKS_OF_MANY))
    most = last = math.nan
    for _, x in [*points[::stride], (end.steps, tuple(end.point.tolist()))]:
        point = np.array(x)
        _, gradient = objective.first(point)
        if not objective.norm(gradient) <= GROWN * max(end.start_norm, 1e-300):
            continue
        last = curvature.largest(objective, point)
        if not most >= last:
            most = last
    return most, last


def _regime(product: float) -> Regime:
    """Return the regime of rate · L: each step multiplies the distance to the minimum by 1 - rate · L."""
    if product > 2.0:
        return Regime.DIVERGES
    if product > 1.0:
        return Regime.OSCILLATES
    return Regime.CONVERGES if product >= CRAWL else Regime.CRAWLS


def _recommended(bowl: Bowl | None, most: float) -> float:
    """Return 2/(l + L) for a quadratic with curvatures from l to L (Nocedal & Wright, §3.3), else 1/L."""
    if bowl is not None and bowl.values[0] > 0.0:
        return 2.0 / (float(bowl.values[0]) + most)
    return 1.0 / most


def predicted_steps(bowl: Bowl, gradient: Vector, rate: float, tolerance: float) -> int | None:
    """Return how many steps of a fixed rate bring |∇f| to `tolerance` if the Hessian stays what it is.

    With the eigenvectors as axes each part of the gradient is multiplied by 1 - rate λ in a step, so that the
    norm after k steps is known, and the first k that is small enough is found by halving.

    >>> from secantd.descent.bowl import bowl
    >>> predicted_steps(bowl(np.array([[2.0]])), np.array([3.767292251991066]), 0.01, 1e-5)
    636
    """
    if tolerance <= 0.0 or not np.isfinite(gradient).all():
        return None
    parts = np.abs(bowl.vectors.T @ gradient).tolist()
    # A part that is there by rounding only takes no part.
    least = 1e-15 * math.hypot(*parts)
    factors = np.abs(1.0 - rate * bowl.values).tolist()
    pairs = [(part, factor) for part, factor in zip(parts, factors, strict=True) if part > least]

    def norm(steps: int) -> float:
        return math.hypot(*[part * factor**steps for part, factor in pairs])

    if norm(0) <= tolerance:
        return 0
    slowest, own = max((factor, part) for part, factor in pairs)
    if slowest >= 1.0:
        return None
    # The slowest part alone needs at most as many as all parts.
    first = 0
    if slowest > 0.0:
        estimate = max(0.0, math.log(tolerance / own) / math.log(slowest))
        if estimate > MOST_STEPS:
            return None
        first = max(0, math.floor(estimate) - 1)
    last = first + 1
    while norm(last) > tolerance:
        first, last = last, first + 2 * (last - first)
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if norm(middle) > tolerance else (first, middle)
    return last
