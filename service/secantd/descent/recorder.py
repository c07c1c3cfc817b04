"""The steps that are reported to the caller, collected in bunches of bounded size."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.descent.request import Bunch
from secantd.descent.steps import NO_STEPS, Steps

__all__ = ["Recorder"]

# The numbers in a bunch, half a megabyte, and the most steps in it.
NUMBERS = 1 << 16
MOST = 4096
# Seconds between bunches, even empty ones: between them the caller can close the generator.
PAUSE = 0.05
# Seconds until the first bunch: a descent that ends sooner is one message instead of two.
AT_ONCE = 0.002


class Recorder:
    """Collects the steps to report.

    Args:
        every: k, to report the first step, every k-th and the last; 0 or 1: all steps.
        first: The number of the first step.
        variables: The number of variables.
    """

    def __init__(self, every: int, first: int, variables: int) -> None:
        self.every = max(1, every)
        self.first = first
        self._full = max(1, min(MOST, NUMBERS // (variables + 2)))
        # Runs of consecutive steps: the number of the first, and a row for each.
        self._runs: list[tuple[int, NDArray[np.float64]]] = []
        self._held = 0
        self._last = -1
        self._sent, self._begun = time.monotonic(), False

    def due(self, made: int) -> bool:
        """Whether the point after `made` steps is to be reported."""
        return made == 0 or (self.first + made) % self.every == 0

    def until_due(self, made: int) -> int:
        """Return the number of steps from after `made` steps to the next reported point, at least 1."""
        return self.every - (self.first + made) % self.every

    @property
    def room(self) -> int:
        """Steps until the bunch is full."""
        return self._full - self._held

    def extend(self, number: int, rows: NDArray[np.float64]) -> None:
        """Append consecutive steps, except those that are already there.

        Args:
            number: The number of the first.
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
        """Append the point after `made` steps, unless it is already there."""
        self.extend(self.first + made, np.array([[*point, value, norm]]))

    def drop_after(self, made: int) -> None:
        """Remove the steps beyond the point after `made` steps."""
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
        """Whether the next bunch is due."""
        if self.room <= 0:
            return True
        return time.monotonic() - self._sent > (PAUSE if self._begun else AT_ONCE)

    def take(self) -> Bunch:
        """Return and remove the steps so far, as a bunch."""
        self._sent, self._begun = time.monotonic(), True
        return Bunch(self.steps())

    def steps(self) -> Steps:
        """Return and remove the steps so far."""
        runs, self._runs, self._held = self._runs, [], 0
        if not runs:
            return NO_STEPS
        numbers = np.concatenate([np.arange(number, number + len(rows)) for number, rows in runs])
        return Steps(numbers, np.concatenate([rows for _, rows in runs]))
