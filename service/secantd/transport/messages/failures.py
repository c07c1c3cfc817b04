"""Exceptions as the status of a call."""

import logging
import secrets
import traceback

from google.rpc import status_pb2

from secantd.errors import CalculusError, Reason
from secantd.interrupt import InterruptError
from secantd.settings import Limits
from secantd.transport.messages.status import status_of

__all__ = ["StatusError", "busy", "memory_limit", "starting", "status_for"]

log = logging.getLogger("secantd")

# What makes a call of a method shorter.
SHORTER = {"Descend": "set max_steps, or use a method that takes fewer steps (bfgs, newton)"}


class StatusError(Exception):
    """An error that a worker has already turned into a google.rpc.Status."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self.status = status


def busy(calls: int, limit: str = "queue") -> CalculusError:
    """Return the error of a server that already has as many calls as the limit named `limit` allows."""
    headline = f"the server is busy with {calls} calls"
    return CalculusError(Reason.BUSY, headline, "try again later", metadata={"name": limit})


def starting() -> CalculusError:
    """Return the error of a server whose processes for long calls did not start within a call's time."""
    headline = "the processes for long calls are still starting"
    return CalculusError(Reason.BUSY, headline, "try again in a few seconds", metadata={"name": "pool"})


def status_for(error: BaseException, method: str, limits: Limits) -> status_pb2.Status:
    """Return the status of `error`. An unforeseen one is logged with an id and without any text of the request.

    Args:
        error: What the method raised.
        method: The name of the method, for the log.
        limits: The limits of the server, for errors that state one.
    """
    if isinstance(error, StatusError):
        return error.status
    if isinstance(error, CalculusError):
        return status_of(error)
    if isinstance(error, (TimeoutError, InterruptError)):
        headline = f"the call took more than {limits.seconds:g} seconds (limit seconds: {limits.seconds:g})"
        metadata = {"name": "seconds", "limit": f"{limits.seconds:g}"}
        hint = SHORTER.get(method, "ask for less at a time")
        return status_of(CalculusError(Reason.TIME_LIMIT, headline, hint, metadata=metadata))
    if isinstance(error, MemoryError):
        return status_of(memory_limit())
    number = secrets.token_hex(6)
    # The traceback without the exception's text, which may quote the formula.
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("fault %s in %s: %s\n%s", number, method, type(error).__name__, frames)
    headline = f"a fault of the server, logged under {number}"
    return status_of(CalculusError(Reason.INTERNAL, headline, metadata={"name": number}))


def memory_limit() -> CalculusError:
    """Return the error of a call that exceeds its memory limit."""
    return CalculusError(Reason.MEMORY_LIMIT, "the call needs more memory than it is given", "ask for less at a time")
