"""The remaining time of a check."""

import time

from secantd.interrupt import cut_short

__all__ = ["CUT", "Clock"]

# Appended to a finding that covers fewer points because the time ran out.
CUT = "; then the time ran out"


class Clock:
    """A countdown.

    Args:
        seconds: Its length.

    >>> Clock(100.0).left > 99.0, Clock(0.0).over
    (True, True)
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The remaining seconds, at least 0."""
        return self.left_with(0.0)

    def left_with(self, grace: float) -> float:
        """Return the seconds until `grace` seconds after the end, at least 0."""
        left = self._end + grace - time.monotonic()
        if left > 0.0:
            return left
        # Who asks leaves something out.
        cut_short()
        return 0.0

    @property
    def over(self) -> bool:
        """Whether no time is left."""
        return self.left == 0.0
