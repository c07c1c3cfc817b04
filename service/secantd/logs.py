"""Structured logs: one JSON object per line on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from secantd.interrupt import InterruptError
from secantd.shown import printable

__all__ = ["CALLS", "FAULTS", "FORMULAS", "LEVELS", "configure"]

# Faults and warnings only; also a line for each call; also the formula in that line.
FAULTS, CALLS, FORMULAS = "faults", "calls", "formulas"
LEVELS = (FAULTS, CALLS, FORMULAS)


class Lines(logging.Formatter):
    """Formats time, level, message and the fields given as `extra={"fields": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line.

        >>> record = logging.LogRecord("secantd", logging.INFO, "", 0, "call", (), None)
        >>> record.fields = {"method": "Gradient"}
        >>> json.loads(Lines().format(record))["method"]
        'Gradient'
        """
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps({key: printable_value(value) for key, value in line.items()}, ensure_ascii=False)


def printable_value(value: Any) -> Any:
    """Return a value with characters that do not print replaced; line ends stay, as JSON escapes them.

    >>> printable_value("x\\n + \\u202ey"), printable_value(2)
    ('x\\n + ?y', 2)
    """
    return "\n".join(map(printable, value.split("\n"))) if isinstance(value, str) else value


def configure(level: str) -> None:
    """Send the log of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("secantd").setLevel(logging.WARNING if level == FAULTS else logging.INFO)
    # grpc logs an error when a caller disconnects in the middle of a stream.
    logging.getLogger("grpc").setLevel(logging.CRITICAL)
    sys.unraisablehook = without_interrupts


def without_interrupts(dropped: Any) -> None:
    """sys.unraisablehook that ignores InterruptError, which is repeated until it arrives."""
    if not issubclass(dropped.exc_type, InterruptError):
        sys.__unraisablehook__(dropped)
