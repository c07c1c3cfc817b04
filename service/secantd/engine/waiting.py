"""Waiting for results that other threads bring, within a time limit."""

import math
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

from secantd.errors import CalculusError, Reason
from secantd.interrupt import checkpoint

__all__ = ["LOOK", "Within", "taken"]

Result = TypeVar("Result")

# Seconds between two looks whether the work is to end.
LOOK = 0.05
# Seconds without a result after which `idle` is called, again and again.
IDLE = 2.0


class Within:
    """A time limit of some seconds, counted from now; None: no limit."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    def check(self) -> None:
        """Raise TIME_LIMIT if the time is up."""
        if time.monotonic() > self._end:
            headline = f"the tasks took more than {self._seconds:g} seconds"
            raise CalculusError(Reason.TIME_LIMIT, headline, "allow more time, or use more workers")


def taken(
    queue: "SimpleQueue[Result]", within: Within | None = None, idle: Callable[[float], None] | None = None
) -> "Result":
    """Return the next item of a queue; raise TIME_LIMIT, and InterruptError when the time of a server's call is up.

    Args:
        queue: The queue.
        within: The time limit.
        idle: Called now and then with the time since which this waits.
    """
    since = looked = time.monotonic()
    while True:
        checkpoint()
        if within is not None:
            within.check()
        try:
            return queue.get(timeout=LOOK)
        except Empty:
            now = time.monotonic()
        if idle is not None and now > looked + IDLE:
            looked = now
            idle(since)
