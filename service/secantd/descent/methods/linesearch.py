"""Steepest descent with backtracking until Armijo's rule holds (Nocedal & Wright, algorithm 3.1)."""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, BETWEEN_0_AND_1, Method, parameter

__all__ = ["LineSearch"]


@dataclass(frozen=True, slots=True)
class LineSearch(Method):
    """Steepest descent with backtracking until Armijo's rule holds."""

    initial: float = parameter(1.0, ABOVE_0, "The first step length that is tried, in multiples of the gradient")
    shrink: float = parameter(0.5, BETWEEN_0_AND_1, "The factor by which a rejected step is multiplied")
    armijo: float = parameter(
        1e-4, BETWEEN_0_AND_1, "Armijo's constant: the fraction of the predicted decrease of f that a step has to reach"
    )

    title: ClassVar[str] = "line search"
