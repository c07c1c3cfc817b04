"""Steepest descent with backtracking until Armijo's rule holds (Nocedal & Wright, algorithm 3.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.box import Box
from secantd.descent.methods.method import ABOVE_0, BETWEEN_0_AND_1, Searching, parameter
from secantd.descent.objective import Objective
from secantd.descent.search import Point, backtrack

__all__ = ["LineSearch"]


@dataclass(frozen=True, slots=True)
class LineSearch(Searching):
    """Steepest descent with backtracking until Armijo's rule holds."""

    initial: float = parameter(1.0, ABOVE_0, "The first step length that is tried, in multiples of the gradient")
    shrink: float = parameter(0.5, BETWEEN_0_AND_1, "The factor by which a rejected step is multiplied")
    armijo: float = parameter(
        1e-4, BETWEEN_0_AND_1, "Armijo's constant: the fraction of the predicted decrease of f that a step has to reach"
    )

    title: ClassVar[str] = "line search"

    def steps(self, objective: Objective, start: Point, box: Box | None) -> Iterator[Point | None]:
        """Yield the points of the path; see `Searching`."""
        point: Point | None = start
        while point is not None:
            point = yield from backtrack(
                objective,
                point,
                -point.g,
                initial=self.initial,
                shrink=self.shrink,
                armijo=self.armijo,
            )
            if point is not None:
                yield point
