"""The end of a path, and the values at which a path has to end."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from secantd.descent.request import StopReason
from secantd.descent.steps import Steps

__all__ = ["LARGEST", "End", "Samples", "divergence_bound", "overflowed"]

Vector = NDArray[np.float64]

# The growth of the gradient, from the start or from 1, from which on a path has diverged.
GROWTH = 1e20
# Less than the square root of the largest double, so that squares of the gradient do not overflow.
LARGEST = 1e150
# Coordinates that no converging path reaches.
FAR = 1e30


def divergence_bound(norm: float) -> float:
    """Return the |∇f| from which on a path has diverged, given |∇f| at the start."""
    return min(LARGEST, GROWTH * max(1.0, norm))


def overflowed(x: Vector, start: Vector, value: float) -> bool:
    """Whether values are not finite because the path diverged, and not because it left the domain of f.

    Args:
        x: The point, shape (n,).
        start: The start of the path, shape (n,).
        value: f at x.
    """
    far = FAR * (1.0 + float(np.max(np.abs(start))))
    return math.isinf(value) or not bool(np.all(np.abs(x) < far))


class Samples:
    """Points along the path at growing distances: after 0, 1, 5, 21, ... steps; none unless they are `wanted`."""

    def __init__(self, wanted: bool = False) -> None:
        self.points: list[tuple[int, tuple[float, ...]]] = []
        self._next = 0 if wanted else 1 << 62

    def offer(self, made: int, x: list[float] | tuple[float, ...]) -> None:
        """Keep the point after `made` steps if the next sample is due."""
        if made >= self._next:
            self.points.append((made, tuple(x)))
            self._next = 4 * made + 1

    def until_next(self, made: int) -> int:
        """Return the number of steps from after `made` to the next sample."""
        return self._next - made


@dataclass(slots=True)
class End:
    """The end of a path; `value` and `gradient` are those of f as given, also for an ascent.

    Attributes:
        reason: Why the path ended.
        steps: The number of steps.
        point: The last point.
        value: f there.
        gradient: ∇f there.
        norm: |∇f| there.
        start_norm: |∇f| at the start.
        start_value: f at the start.
        last: The steps not yet yielded, including the last one.
        samples: Points along the path.
        ahead: The direction along which the path is straight and f falls without bound, shape (n,), else None.
    """

    reason: StopReason
    steps: int
    point: Vector
    value: float
    gradient: Vector
    norm: float
    start_norm: float
    start_value: float
    last: Steps
    samples: Samples = field(default_factory=Samples)
    ahead: Vector | None = None
