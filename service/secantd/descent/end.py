"""Where a path ended, and when a path has to end."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from secantd.descent.request import StopReason
from secantd.descent.steps import Steps

__all__ = ["End", "Samples", "ceiling", "overflowed"]

Vector = NDArray[np.float64]

# A gradient so many times as long as at the start (or as 1) has diverged: no path comes back from there.
GROWTH = 1e20
# Below the root of the largest number: squares of the gradient do not overflow.
LARGEST = 1e150
# Coordinates that no converging path has met.
FAR = 1e30


def ceiling(norm: float) -> float:
    """Return the |∇f| that is told as divergence, given that at the start."""
    return min(LARGEST, GROWTH * max(1.0, norm))


def overflowed(x: Vector, start: Vector, value: float) -> bool:
    """Whether values that are not finite come from a path that ran away, and not from a hole in f's domain."""
    far = FAR * (1.0 + float(np.max(np.abs(start))))
    return math.isinf(value) or not bool(np.all(np.abs(x) < far))


class Samples:
    """Points along the path, ever rarer: after 0, 1, 5, 21, ... steps; none unless they are wanted."""

    def __init__(self, wanted: bool = False) -> None:
        self.points: list[tuple[int, tuple[float, ...]]] = []
        self._next = 0 if wanted else 1 << 62

    def offer(self, made: int, x: list[float] | tuple[float, ...]) -> None:
        """Keep the point after `made` steps if it is time."""
        if made >= self._next:
            self.points.append((made, tuple(x)))
            self._next = 4 * made + 1

    def until_next(self, made: int) -> int:
        """Return the number of steps from after `made` to the next sample."""
        return self._next - made


@dataclass(slots=True)
class End:
    """How a path ended; `value` and `gradient` are those of f as it was given.

    Attributes:
        reason: Why.
        steps: How many were made.
        point: The last point.
        value: f there.
        gradient: ∇f there.
        norm: |∇f| there.
        start_norm: |∇f| at the start.
        start_value: f at the start.
        last: Steps not given yet, the last one among them.
        samples: Points along the path.
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
