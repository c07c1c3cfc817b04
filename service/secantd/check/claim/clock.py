"""How much of a check's time is left."""

import time

__all__ = ["Clock"]


class Clock:
    """Counts down from so many seconds.

    >>> Clock(100.0).left > 99.0, Clock(0.0).over
    (True, True)
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds left, 0 where none are."""
        return max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether none are left."""
        return self.left == 0.0
