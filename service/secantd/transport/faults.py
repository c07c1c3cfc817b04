"""What a caller is told of an exception."""

import logging
import secrets
import traceback

from google.rpc import status_pb2

from secantd.errors import CalculusError, Reason
from secantd.settings import Limits
from secantd.transport.status import status_of

__all__ = ["StatusError", "busy", "told"]

log = logging.getLogger("secantd")


class StatusError(Exception):
    """An error that is a google.rpc.Status already, because a worker made it one."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self.status = status


def busy(waiting: int) -> CalculusError:
    """Return the error of a server that has enough to do."""
    return CalculusError(
        Reason.BUSY, f"the server is busy, {waiting} calls are waiting", "come again", metadata={"name": "queue"}
    )


def told(error: Exception, method: str, limits: Limits) -> status_pb2.Status:
    """Return the status of `error`; what nobody foresaw is logged under an id, without a word of the request."""
    if isinstance(error, StatusError):
        return error.status
    if isinstance(error, CalculusError):
        return status_of(error)
    if isinstance(error, TimeoutError):
        headline = f"the call took more than {limits.seconds:g} seconds (limit seconds: {limits.seconds:g})"
        metadata = {"name": "seconds", "limit": f"{limits.seconds:g}"}
        hint = "ask for less at a time"
        return status_of(CalculusError(Reason.TIME_LIMIT, headline, hint, metadata=metadata))
    if isinstance(error, MemoryError):
        return status_of(memory_limit())
    number = secrets.token_hex(6)
    # Where it happened, not what it says: the text of an exception may quote the formula.
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("fault %s in %s: %s\n%s", number, method, type(error).__name__, frames)
    headline = f"a fault of the server, logged under {number}"
    return status_of(CalculusError(Reason.INTERNAL, headline, metadata={"name": number}))


def memory_limit() -> CalculusError:
    """Return the error of a call that needs more memory than it is given."""
    return CalculusError(Reason.MEMORY_LIMIT, "the call needs more memory than it is given", "ask for less at a time")
