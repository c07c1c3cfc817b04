"""The record of each call, for metrics and the log."""

import logging
import time

from google.rpc import code_pb2

from secantd.logs import CALLS, FORMULAS
from secantd.metrics import Metrics

__all__ = ["CallRecord", "CallRecorder", "code_name"]

log = logging.getLogger("secantd")


class CallRecord:
    """One call: bytes received and sent, status code, whether the reply came from the cache, formula.

    Attributes:
        full: Whether nothing was left out of the reply for want of time. Only such replies are kept.
    """

    __slots__ = ("began", "cached", "code", "full", "method", "received", "sent", "text")

    def __init__(self, method: str) -> None:
        self.method = method
        self.began = time.perf_counter()
        self.received = 0
        self.sent = 0
        # Replaced when the call is answered or fails; a call that does neither was cancelled by its caller.
        self.code = "CANCELLED"
        self.cached = False
        self.full = True
        self.text = ""

    def receive(self, message: bytes) -> bytes:
        """Count a message and return it."""
        self.received += len(message)
        return message


class CallRecorder:
    """Counts calls, and logs a line for each if the setting `log` asks for it."""

    def __init__(self, metrics: Metrics, level: str) -> None:
        self._metrics = metrics
        self._lines = level in (CALLS, FORMULAS)
        self.formulas = level == FORMULAS

    def ended(self, call: CallRecord) -> None:
        """Count a call that has ended."""
        metrics, method, seconds = self._metrics, call.method, time.perf_counter() - call.began
        metrics.calls.add(1, method, call.code)
        metrics.seconds.add(seconds, method)
        metrics.received.add(call.received)
        metrics.sent.add(call.sent)
        if call.cached:
            metrics.cached.add(1)
        if metrics.follow is not None:
            metrics.follow(method, call.code, seconds)
        if self._lines:
            line = {
                "method": method,
                "code": call.code,
                "milliseconds": round(seconds * 1000, 3),
                "received": call.received,
                "sent": call.sent,
            }
            log.info("call", extra={"fields": line | ({"text": call.text} if self.formulas else {})})


def code_name(number: int) -> str:
    """Return the name of a status code.

    >>> code_name(3)
    'INVALID_ARGUMENT'
    """
    return str(code_pb2.Code.Name(number))
