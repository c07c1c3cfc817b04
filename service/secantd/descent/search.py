"""Searches for a step length along a direction: generators that yield None before each evaluation of f."""

import math
from collections.abc import Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.descent.objective import Objective

__all__ = ["ARMIJO", "LENGTHENINGS", "LONGER", "ROUNDING", "Point", "Search", "backtrack", "wolfe"]

Vector = NDArray[np.float64]

# Armijo's constant, the usual one (Nocedal & Wright, §3.1).
ARMIJO = 1e-4
# The most evaluations in one search: 2^-60 of a step changes no double.
LOOKS = 60
# The most times that a step is lengthened: 3^70 times the first length is beyond every minimum.
LENGTHENINGS = 70
# A relative difference of f below this is rounding.
ROUNDING = 1e-13
# The factor by which a step is lengthened while f falls.
LONGER = 3.0


class Point(NamedTuple):
    """A point with f and ∇f there."""

    x: Vector
    f: float
    g: Vector


Search = Generator[None, None, Point | None]


class _Line:
    """f along a direction."""

    def __init__(self, objective: Objective, start: Point, direction: Vector) -> None:
        self.objective = objective
        self.start = start
        self.direction = direction
        self.slope = float(direction @ start.g)

    def at(self, t: float) -> tuple[Point, float]:
        """Return the point at length `t` and the slope there; f is Inf where f or the slope is not finite."""
        x = self.start.x + t * self.direction
        f, g = self.objective.first(x)
        slope = float(self.direction @ g)
        if not (math.isfinite(f) and math.isfinite(slope)):
            f = math.inf
        return Point(x, f, g), slope

    def falls(self, point: Point, t: float, armijo: float) -> bool:
        """Whether f decreases and satisfies Armijo's rule."""
        return point.f < self.start.f and point.f <= self.start.f + armijo * t * self.slope

    def level(self, point: Point, slope: float, curvature: float) -> bool:
        """Whether f differs by rounding only and the slope shows that the step is good.

        The approximate Wolfe conditions of Hager & Zhang, SIAM J. Optim. 16 (2005), (4.1).
        """
        return (
            point.f <= self.start.f + ROUNDING * abs(self.start.f)
            and (2.0 * ARMIJO - 1.0) * self.slope >= slope >= curvature * self.slope
        )

    def moves(self, point: Point) -> bool:
        """Whether the point differs from the start."""
        return not np.array_equal(point.x, self.start.x)


def backtrack(
    objective: Objective,
    start: Point,
    direction: Vector,
    *,
    initial: float = 1.0,
    shrink: float = 0.5,
    armijo: float = ARMIJO,
) -> Search:
    """Return the first point that satisfies Armijo's rule (Nocedal & Wright, algorithm 3.1), or None.

    Args:
        objective: f.
        start: The point from which to search.
        direction: The direction, shape (n,).
        initial: The first step length, in multiples of the direction.
        shrink: The factor by which a rejected step is multiplied, between 0 and 1.
        armijo: Armijo's constant.
    """
    line = _Line(objective, start, direction)

    def look(t: float) -> tuple[Point | None, bool]:
        """Return the point if it is good enough, and whether it differs from the start."""
        point, slope = line.at(t)
        rounded = abs(point.f - start.f) <= ROUNDING * abs(start.f)
        fell = line.falls(point, t, armijo) or (rounded and line.level(point, slope, 0.9))
        # A step that decreases f is a move, even if rounding leaves x the same.
        moves = point.f < start.f or line.moves(point)
        return (point if fell and moves else None), moves

    t = initial
    for _ in range(LOOKS):
        yield None
        found, moves = look(t)
        if found is not None or not moves:
            return found
        t *= shrink
    # A shrink near 1 would take thousands of evaluations. So its power is doubled until the step is good or too short; then
    # the largest good step in between is found by bisection.
    large, small, power = -1, -1, 1
    while found is None and moves:
        large, small, power = small, small + power, 2 * power
        yield None
        found, moves = look(t * shrink**small)
    while small - large > 1:
        middle = (large + small) // 2
        yield None
        looked, moves = look(t * shrink**middle)
        if looked is not None:
            found, small = looked, middle
        elif moves or found is not None:
            large = middle
        else:
            small = middle
    return found


def wolfe(
    objective: Objective, start: Point, direction: Vector, *, initial: float = 1.0, curvature: float = 0.9
) -> Search:
    """Return a point that satisfies the strong Wolfe conditions (Nocedal & Wright, algorithms 3.5, 3.6), or None.

    Where rounding hides the decrease of f the approximate Wolfe conditions are sufficient.

    Args:
        objective: f.
        start: The point from which to search.
        direction: The direction, shape (n,).
        initial: The first step length, in multiples of the direction.
        curvature: The constant of the curvature condition.
    """
    line = _Line(objective, start, direction)
    low, low_t, low_slope = start, 0.0, line.slope
    t = initial
    for _ in range(LENGTHENINGS):
        yield None
        point, slope = line.at(t)
        if line.level(point, slope, curvature) and line.moves(point):
            return point
        if not line.falls(point, t, ARMIJO) or (low_t > 0.0 and point.f >= low.f):
            return (yield from _zoom(line, (low, low_t, low_slope), (point, t, slope), curvature))
        if abs(slope) <= -curvature * line.slope:
            return point
        if slope >= 0.0:
            return (yield from _zoom(line, (point, t, slope), (low, low_t, low_slope), curvature))
        low, low_t, low_slope = point, t, slope
        t *= LONGER
    return low if low_t > 0.0 else None


End = tuple[Point, float, float]


def _zoom(line: _Line, low: End, high: End, curvature: float) -> Search:
    """Return a good point between the best one so far, `low`, and one beyond a minimum, `high`."""
    for _ in range(LOOKS):
        t = _between(low, high)
        yield None
        point, slope = line.at(t)
        if line.level(point, slope, curvature) and line.moves(point):
            return point
        if not line.falls(point, t, ARMIJO) or point.f >= low[0].f:
            high = (point, t, slope)
        else:
            if abs(slope) <= -curvature * line.slope:
                return point
            if slope * (high[1] - low[1]) >= 0.0:
                high = low
            low = (point, t, slope)
        if np.array_equal(low[0].x, high[0].x):
            break
    return low[0] if low[1] > 0.0 and line.moves(low[0]) else None


def _between(low: End, high: End) -> float:
    """Return the minimizer of the cubic through both ends (Nocedal & Wright, (3.59)), at a distance from both."""
    (a, ta, da), (b, tb, db) = low, high
    width = tb - ta
    if not math.isfinite(b.f):
        return ta + 0.1 * width
    if abs(a.f - b.f) <= ROUNDING * abs(a.f) and da * db < 0.0:
        # The values differ by rounding only; the slopes do not.
        return ta + width * da / (da - db)
    d1 = da + db - 3.0 * (a.f - b.f) / (ta - tb)
    square = d1 * d1 - da * db
    if square >= 0.0 and math.isfinite(square):
        d2 = math.copysign(math.sqrt(square), width)
        bottom = db - da + 2.0 * d2
        if bottom != 0.0:
            t = tb - width * (db + d2 - d1) / bottom
            if math.isfinite(t):
                inner = sorted((ta + 0.1 * width, tb - 0.1 * width))
                return min(max(t, inner[0]), inner[1])
    return ta + 0.5 * width
