"""Notices of answers as Python warnings."""

import sys
import warnings
from typing import Any

__all__ = ["NoticeWarning", "warn_of"]

PACKAGE = __name__.partition(".")[0]


class NoticeWarning(UserWarning):
    """A notice about an answer, such as that the point is at a kink.

    Python shows a warning once for each place in a program, so that a loop repeats none. The answer keeps it in `notices`.
    `warnings.simplefilter("ignore", secant.NoticeWarning)` silences all, "error" instead of "ignore" makes them errors.
    """


def warn_of(answer: Any) -> None:
    """Warn of the notices of an answer, at the line that called this package."""
    notices = getattr(answer, "notices", ())
    if not notices:
        return
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == PACKAGE:
        level, frame = level + 1, frame.f_back
    for notice in notices:
        warnings.warn(notice, NoticeWarning, stacklevel=level)
