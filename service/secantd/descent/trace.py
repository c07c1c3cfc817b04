"""The steps that are given to the caller, in bunches: bounded memory, the first at once."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.descent.request import Bunch
from secantd.descent.steps import NO_STEPS, Steps

__all__ = ["Trace"]

# Numbers in a bunch: half a megabyte; but steps of many variables come by the hundred nevertheless.
NUMBERS = 1 << 16
FEWEST, MOST = 256, 4096
# Seconds between bunches, empty ones too: between them a caller can close the generator.
PAUSE = 0.05
# Seconds until the first bunch: a descent that ends sooner is one message instead of two.
AT_ONCE = 0.002


class Trace:
    """Collects the steps that are asked for.

    Args:
        every: The first step, every k-th and the last; 0 or 1: all.
        first: The number of the first step.
        variables: How many.
    """

    def __init__(self, every: int, first: int, variables: int) -> None:
        self.every = max(1, every)
        self.first = first
        self._full = max(FEWEST, min(MOST, NUMBERS // (variables + 2)))
        # Runs of steps: the number of the first, and a row for each.
        self._runs: list[tuple[int, NDArray[np.float64]]] = []
        self._held = 0
        self._last = -1
        self._sent, self._begun = time.monotonic(), False

    def due(self, made: int) -> bool:
        """Whether the point after `made` steps is asked for."""
        return made == 0 or (self.first + made) % self.every == 0

    def until_due(self, made: int) -> int:
        """Return the number of steps from after `made` to the next point that is asked for, at least 1."""
        return self.every - (self.first + made) % self.every

    @property
    def room(self) -> int:
        """Steps until the bunch is full."""
        return self._full - self._held

    def extend(self, number: int, rows: NDArray[np.float64]) -> None:
        """Take steps that follow each other, without those that are here already.

        Args:
            number: Of the first.
            rows: The point, f and |∇f| of each, shape (k, n + 2).
        """
        known = self._last + 1 - number
        if known > 0:
            number, rows = number + known, rows[known:]
        if len(rows):
            self._runs.append((number, rows))
            self._held += len(rows)
            self._last = number + len(rows) - 1

    def add(self, made: int, point: Sequence[float], value: float, norm: float) -> None:
        """Take the point after `made` steps, unless it is here already."""
        self.extend(self.first + made, np.array([[*point, value, norm]]))

    def drop_after(self, made: int) -> None:
        """Forget the steps after the point after `made` steps."""
        last = self.first + made
        while self._runs and self._runs[-1][0] + len(self._runs[-1][1]) - 1 > last:
            number, rows = self._runs.pop()
            kept = rows[: max(0, last + 1 - number)]
            self._held -= len(rows) - len(kept)
            if len(kept):
                self._runs.append((number, kept))
        self._last = min(self._last, last)

    @property
    def ready(self) -> bool:
        """Whether it is time for a bunch."""
        if self.room <= 0:
            return True
        return time.monotonic() - self._sent > (PAUSE if self._begun else AT_ONCE)

    def take(self) -> Bunch:
        """Return the steps so far and forget them."""
        self._sent, self._begun = time.monotonic(), True
        return Bunch(self.steps())

    def steps(self) -> Steps:
        """Return the steps so far and forget them."""
        runs, self._runs, self._held = self._runs, [], 0
        if not runs:
            return NO_STEPS
        numbers = np.concatenate([np.arange(number, number + len(rows)) for number, rows in runs])
        return Steps(numbers, np.concatenate([rows for _, rows in runs]))
