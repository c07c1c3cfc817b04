"""What is counted and written down of each call."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from google.rpc import code_pb2

from secantd.logs import CALLS, FORMULAS
from secantd.metrics import Metrics

__all__ = ["Call", "Watch", "code_name"]

log = logging.getLogger("secantd")


class Call:
    """One call under way: whoever answers it adds up what is sent and says how it ended."""

    __slots__ = ("code", "received", "sent", "text")

    def __init__(self, received: int) -> None:
        self.received = received
        self.sent = 0
        # A call that nobody says the end of was left by its caller.
        self.code = "CANCELLED"
        self.text = ""


class Watch:
    """Counts calls, and writes a line for each where the settings want it."""

    def __init__(self, metrics: Metrics, level: str) -> None:
        self._metrics = metrics
        self._lines = level in (CALLS, FORMULAS)
        self.formulas = level == FORMULAS

    def cached(self, method: str, received: int, sent: int) -> None:
        """Count a reply that was given again."""
        self._metrics.cached.add(1)
        call = Call(received)
        call.sent, call.code = sent, "OK"
        self._ended(method, call, 0.0)

    @contextmanager
    def call(self, method: str, received: int) -> Iterator[Call]:
        """Watch one call to its end."""
        began = time.perf_counter()
        call = Call(received)
        try:
            yield call
        finally:
            self._ended(method, call, time.perf_counter() - began)

    def _ended(self, method: str, call: Call, seconds: float) -> None:
        metrics = self._metrics
        metrics.calls.add(1, method, call.code)
        metrics.seconds.add(seconds, method)
        metrics.received.add(call.received)
        metrics.sent.add(call.sent)
        if metrics.follow is not None:
            metrics.follow(method, call.code, seconds)
        if self._lines:
            said = {
                "method": method,
                "code": call.code,
                "milliseconds": round(seconds * 1000, 3),
                "received": call.received,
                "sent": call.sent,
            }
            log.info("call", extra={"said": said | ({"text": call.text} if self.formulas else {})})


def code_name(number: int) -> str:
    """Return the name of a status code.

    >>> code_name(3)
    'INVALID_ARGUMENT'
    """
    return str(code_pb2.Code.Name(number))
