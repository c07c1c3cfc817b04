"""Exceptions as the status of a call."""

from google.rpc import status_pb2

from secantd.answers.failures import error_for, memory_limit
from secantd.errors import CalculusError, Reason
from secantd.settings import Limits
from secantd.transport.messages.status import status_of

__all__ = ["StatusError", "busy", "memory_limit", "starting", "status_for"]


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
    """Return the status of `error`, as `error_for` describes it.

    Args:
        error: What the method raised.
        method: The name of the method, for the log.
        limits: The limits of the server, for errors that state one.
    """
    if isinstance(error, StatusError):
        return error.status
    return status_of(error_for(error, method, limits))
