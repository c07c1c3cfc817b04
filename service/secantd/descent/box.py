"""Bounds on variables: active bounds, and the projections of points and gradients."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from secantd.descent.objective import Vector
from secantd.descent.search import Point

__all__ = ["Bound", "Box"]

# The most remarks of one kind.
FEW = 5


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval for one variable; an infinite end is no bound."""

    variable: str
    lower: float = -np.inf
    upper: float = np.inf


class Box:
    """An interval for each variable.

    Args:
        bounds: The bounds; variables without one are free.
        variables: The n variables, in the order of a point.

    Attributes:
        variables: The variables.
        lower: Lower ends, shape (n,).
        upper: Upper ends, shape (n,).
    """

    def __init__(self, bounds: Sequence[Bound], variables: Sequence[str]) -> None:
        self.variables = tuple(variables)
        self.lower = np.full(len(variables), -np.inf)
        self.upper = np.full(len(variables), np.inf)
        position = {name: i for i, name in enumerate(variables)}
        for bound in bounds:
            self.lower[position[bound.variable]] = bound.lower
            self.upper[position[bound.variable]] = bound.upper

    def project(self, x: Vector) -> Vector:
        """Return the nearest point inside the box, shape (n,)."""
        inside: Vector = np.minimum(np.maximum(x, self.lower), self.upper)
        return inside

    def free(self, point: Point) -> Vector:
        """Return 1 for a variable that may move against the gradient, 0 for one with an active bound, shape (n,)."""
        held = ((point.x <= self.lower) & (point.g > 0.0)) | ((point.x >= self.upper) & (point.g < 0.0))
        return np.where(held, 0.0, 1.0)

    def holds(self, x: Vector) -> bool:
        """Whether a coordinate is at an end of its interval, which may be no critical point."""
        return bool(np.any((x <= self.lower) | (x >= self.upper)))

    def open_part(self, direction: Vector) -> Vector:
        """Return a direction with 0 where a bound ends it, shape (n,)."""
        ends = np.where(direction > 0.0, self.upper, -self.lower)
        return np.where(np.isinf(ends), direction, 0.0)

    def notices(self, start: Vector, x: Vector, gradient: Vector) -> list[str]:
        """Return remarks on coordinates whose start is outside the box, and on those that a bound holds at the end.

        Args:
            start: The start, shape (n,).
            x: The end of the path, shape (n,).
            gradient: The gradient of what is minimized there, shape (n,).
        """
        begun = self.project(start)
        outside = [
            f"the start {name} = {given:.6g} is outside its bounds; the descent begins at {name} = {inside:.6g}"
            for name, given, inside in zip(self.variables, start.tolist(), begun.tolist(), strict=True)
            if given != inside
        ]
        ends = zip(self.variables, x.tolist(), self.lower.tolist(), self.upper.tolist(), gradient.tolist(), strict=True)
        held = [
            f"{name} is held by its {'lower' if value <= lower else 'upper'} bound {value:.6g}"
            for name, value, lower, upper, g in ends
            if (value <= lower and g > 0.0) or (value >= upper and g < 0.0)
        ]
        return [few for remarks in (outside, held) for few in _few(remarks)]

    def gradient(self, point: Point) -> Vector:
        """Return the projected gradient, shape (n,), which is 0 at a constrained minimum."""
        return self.free(point) * point.g


def _few(remarks: list[str]) -> list[str]:
    """Return the first remarks, and the number of the others."""
    return remarks if len(remarks) <= FEW else [*remarks[:FEW], f"the same for {len(remarks) - FEW} more variables"]
