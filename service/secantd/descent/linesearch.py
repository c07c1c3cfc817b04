"""Steepest descent with backtracking until Armijo's rule holds (Nocedal & Wright, algorithm 3.1)."""

from collections.abc import Iterator

from secantd.descent.objective import Objective
from secantd.descent.request import LineSearch
from secantd.descent.search import Point, backtrack

__all__ = ["steps"]


def steps(objective: Objective, method: LineSearch, start: Point) -> Iterator[Point | None]:
    """Yield the points of the path; None is a moment to stop at. Ends where no step makes f smaller."""
    point: Point | None = start
    while point is not None:
        point = yield from backtrack(
            objective,
            point,
            -point.g,
            initial=method.initial,
            shrink=method.shrink,
            armijo=method.armijo,
        )
        if point is not None:
            yield point
