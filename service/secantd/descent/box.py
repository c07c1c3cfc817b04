"""Bounds on variables: which of them hold, and what is left of a point and of a gradient."""

from collections.abc import Sequence

import numpy as np

from secantd.descent.objective import Vector
from secantd.descent.request import Bound
from secantd.descent.search import Point
from secantd.errors import CalculusError, Reason

__all__ = ["Box"]


class Box:
    """An interval for each variable, shape (n,) below and above.

    Raises:
        CalculusError: UNKNOWN_VARIABLE, or INVALID_VALUE for an interval without a number in it.
    """

    def __init__(self, bounds: Sequence[Bound], variables: Sequence[str]) -> None:
        self.lower = np.full(len(variables), -np.inf)
        self.upper = np.full(len(variables), np.inf)
        position = {name: i for i, name in enumerate(variables)}
        for bound in bounds:
            i = position.get(bound.variable)
            if i is None:
                raise CalculusError(
                    Reason.UNKNOWN_VARIABLE, f"'{bound.variable}' is bounded, but has no start", field="bounds"
                )
            if not bound.lower <= bound.upper:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"the bounds of '{bound.variable}' leave no number between them",
                    "put the smaller one into lower",
                    field="bounds",
                )
            self.lower[i], self.upper[i] = bound.lower, bound.upper

    def project(self, x: Vector) -> Vector:
        """Return the nearest point inside."""
        inside: Vector = np.minimum(np.maximum(x, self.lower), self.upper)
        return inside

    def free(self, point: Point) -> Vector:
        """Return 1 for a variable that may move against the gradient, 0 for one that a bound holds."""
        held = ((point.x <= self.lower) & (point.g > 0.0)) | ((point.x >= self.upper) & (point.g < 0.0))
        return np.where(held, 0.0, 1.0)

    def gradient(self, point: Point) -> Vector:
        """Return the gradient without the parts that a bound holds: 0 at a constrained minimum."""
        return self.free(point) * point.g
