"""Log lines for machines: one JSON object a line on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

__all__ = ["CALLS", "FAULTS", "FORMULAS", "LEVELS", "configure"]

# What is told: faults and warnings only; one line for each call as well; and with it the formula.
FAULTS, CALLS, FORMULAS = "faults", "calls", "formulas"
LEVELS = (FAULTS, CALLS, FORMULAS)


class Lines(logging.Formatter):
    """Writes time, level, message and what a record was given as `extra={"said": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line.

        >>> record = logging.LogRecord("secantd", logging.INFO, "", 0, "call", (), None)
        >>> record.said = {"method": "Gradient"}
        >>> json.loads(Lines().format(record))["method"]
        'Gradient'
        """
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": time, "level": record.levelname.lower(), "event": record.getMessage()}
        said |= getattr(record, "said", {})
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def configure(level: str) -> None:
    """Send the lines of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("secantd").setLevel(logging.WARNING if level == FAULTS else logging.INFO)
    # A caller that goes away in the middle of a stream is no fault of ours.
    logging.getLogger("grpc").setLevel(logging.CRITICAL)
    sys.unraisablehook = told_apart


def told_apart(dropped: Any) -> None:
    """Tell of an exception that Python drops, unless it is one that will be raised again until it arrives."""
    # Not at the start, which it would make longer.
    from secantd.algebra.patience import StruckError

    if not issubclass(dropped.exc_type, StruckError):
        sys.__unraisablehook__(dropped)
