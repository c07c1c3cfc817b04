"""Conjugate gradients for any function: Polak-Ribière+ (Nocedal & Wright, §5.2)."""

from collections.abc import Iterator

from secantd.descent.objective import Objective
from secantd.descent.request import ConjugateGradient
from secantd.descent.search import Point, wolfe

__all__ = ["steps"]

# The second Wolfe constant that conjugate directions need (Nocedal & Wright, §5.2).
CURVATURE = 0.1


def steps(objective: Objective, method: ConjugateGradient, start: Point) -> Iterator[Point | None]:
    """Yield the points of the path; None is a moment to stop at. Ends where no step makes f smaller."""
    point, direction = start, -start.g
    slope = float(direction @ point.g)
    # A first step of length 1 at most; later ones promise what the step before gave (Nocedal & Wright, §3.5).
    length = min(1.0, 1.0 / objective.norm(start.g)) if start.g.any() else 1.0
    while True:
        found = yield from wolfe(objective, point, direction, initial=length, curvature=CURVATURE)
        if found is None:
            if slope == -float(point.g @ point.g):
                return
            # Once more from here, straight down.
            direction, length = -point.g, min(1.0, 1.0 / objective.norm(point.g))
            slope = -float(point.g @ point.g)
            continue
        yield found
        size = float(point.g @ point.g)
        beta = max(0.0, float(found.g @ (found.g - point.g)) / size)
        taken = objective.norm(found.x - point.x) / objective.norm(direction)
        direction = -found.g + beta * direction
        new_slope = float(direction @ found.g)
        if not new_slope < 0.0:
            direction = -found.g
            new_slope = -float(found.g @ found.g)
        if new_slope == 0.0:
            return
        length = taken * slope / new_slope
        point, slope = found, new_slope
