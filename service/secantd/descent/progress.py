"""Whether a long path still makes progress: looked at where its number of steps doubles."""

import math

from secantd.descent.norm import norm
from secantd.descent.objective import Vector

__all__ = ["Progress"]

# Looks, 1024 steps apart, before the first judgement.
FIRST = 64
# Progress of f and |∇f| in the second half of the path, in units of their variation there, that is none.
NONE = 0.1
# The cosine between the displacements of both halves of a straight path, and the ratio of their lengths.
STRAIGHT, LONGER = 0.999, 1.2


class _Half:
    """The ranges of f and |∇f| over a part of the path."""

    def __init__(self) -> None:
        self.least = [math.inf, math.inf]
        self.most = [-math.inf, -math.inf]

    def add(self, *values: float) -> None:
        self.least = [min(a, b) for a, b in zip(self.least, values, strict=True)]
        self.most = [max(a, b) for a, b in zip(self.most, values, strict=True)]


class Progress:
    """Compares the second half of a path with the first one.

    Args:
        start: The start of the path, shape (n,).

    Attributes:
        stuck: Whether the second half brought neither smaller nor larger values of f and |∇f|.
        displacement: The way of the second half if the path is straight and does not become slower, else None.
    """

    def __init__(self, start: Vector) -> None:
        self.stuck = False
        self.displacement: Vector | None = None
        self._count = 0
        self._before, self._now = _Half(), _Half()
        # The points at a quarter and at half of the way.
        self._quarter = self._half = start

    def look(self, x: Vector, value: float, length: float) -> bool:
        """Add a look, and return whether both halves were compared with it.

        Args:
            x: The point, shape (n,).
            value: f there; for an ascent -f.
            length: |∇f| there.
        """
        self._count += 1
        self.displacement = None
        self._now.add(value, length)
        if self._count < FIRST // 4 or self._count & (self._count - 1):
            return False
        judged = self._count >= FIRST
        if judged:
            self.stuck = all(map(self._unchanged, range(2)))
            first, second = self._half - self._quarter, x - self._half
            lengths = norm(first) * norm(second)
            straight = float(first @ second) > STRAIGHT * lengths and norm(second) > LONGER * norm(first)
            self.displacement = second if straight else None
        self._before.add(*self._now.least)
        self._before.add(*self._now.most)
        self._now = _Half()
        self._quarter, self._half = self._half, x
        return judged

    def _unchanged(self, i: int) -> bool:
        """Whether a range of values in the second half, of f or |∇f|, is about that in the first one."""
        before, now = self._before, self._now
        some = NONE * (now.most[i] - now.least[i])
        # A half without variation is unchanged.
        return not (before.least[i] - now.least[i] > some or now.most[i] - before.most[i] > some)
