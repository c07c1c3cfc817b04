"""Work counted instead of timed: the lines of Python that a computation runs, whatever the machine."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

__all__ = ["TooMuchWorkError", "lines"]


class TooMuchWorkError(AssertionError):
    """Raised inside the computation, so that an endless loop ends too."""


def lines(compute: Callable[[], Any], folder: str, most: int) -> int:
    """Return how many lines of the files in `folder` run; TooMuchWorkError beyond `most`."""
    count = 0

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        return step if folder in frame.f_code.co_filename else None

    def step(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        if count > most:
            raise TooMuchWorkError(f"more than {most:,} lines, in {frame.f_code.co_name}, line {frame.f_lineno}")
        return step

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        compute()
    finally:
        sys.settrace(before)
    return count
