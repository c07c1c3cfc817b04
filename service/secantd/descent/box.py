"""Bounds on variables: active bounds, and the projections of points and gradients."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from secantd.descent.objective import Vector
from secantd.descent.search import Point

__all__ = ["Bound", "Box"]


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
        lower: Lower ends, shape (n,).
        upper: Upper ends, shape (n,).
    """

    def __init__(self, bounds: Sequence[Bound], variables: Sequence[str]) -> None:
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

    def gradient(self, point: Point) -> Vector:
        """Return the projected gradient, shape (n,), which is 0 at a constrained minimum."""
        return self.free(point) * point.g
