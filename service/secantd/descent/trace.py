"""The steps that are given to the caller, in bunches: bounded memory, the first at once."""

import time
from functools import partial

from secantd.descent.request import Bunch, Step
from secantd.program.loop import Record

__all__ = ["BUNCH", "PAUSE", "Trace"]

# Step._make without its frame: a third of its time.
_step = partial(tuple.__new__, Step)
# Steps in a bunch: a message of 2 MB with 1000 variables.
BUNCH = 256
# Seconds between bunches, empty ones too: between them a caller can close the generator.
PAUSE = 0.05
# Seconds until the first bunch: a descent that ends sooner is one message instead of two.
AT_ONCE = 0.002


class Trace:
    """Collects the steps that are asked for.

    Args:
        every: The first step, every k-th and the last; 0 or 1: all.
        first: The number of the first step.
    """

    def __init__(self, every: int, first: int) -> None:
        self.every = max(1, every)
        self.first = first
        self.steps: list[Step] = []
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
        return BUNCH - len(self.steps)

    def extend(self, records: list[Record]) -> None:
        """Take steps, in order, without those that are here already."""
        if records and records[0][0] <= self._last:
            records = [r for r in records if r[0] > self._last]
        if records:
            self.steps.extend(map(_step, records))
            self._last = records[-1][0]

    def add(self, made: int, point: list[float], value: float, norm: float) -> None:
        """Take the point after `made` steps, unless it is here already."""
        self.extend([(self.first + made, tuple(point), value, norm)])

    def drop_after(self, made: int) -> None:
        """Forget the steps after the point after `made` steps."""
        while self.steps and self.steps[-1].number > self.first + made:
            self.steps.pop()
        self._last = min(self._last, self.first + made)

    @property
    def ready(self) -> bool:
        """Whether it is time for a bunch."""
        if self.room <= 0:
            return True
        return time.monotonic() - self._sent > (PAUSE if self._begun else AT_ONCE)

    def take(self) -> Bunch:
        """Return the steps so far and forget them."""
        steps, self.steps = self.steps, []
        self._sent, self._begun = time.monotonic(), True
        return Bunch(steps)
