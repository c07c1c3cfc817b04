"""The errors of calls, one class for each gRPC status."""

# ruff: noqa: N818 (named after the statuses, as in the contract and the R client)

import math
from typing import Any

__all__ = [
    "Busy",
    "Cancelled",
    "DeadlineExceeded",
    "Error",
    "Internal",
    "InvalidArgument",
    "OutOfRange",
    "ResourceExhausted",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "UnknownSettingError",
    "error_of",
    "failure",
]


class Error(Exception):
    """A call failed. `str()` is the server's message: what is wrong, where (with a caret under the text), what to do.

    Attributes:
        status: The gRPC status, "INVALID_ARGUMENT".
        reason: The kind of failure, "SYNTAX_ERROR"; "" if the failure did not come from a Secant server.
        span: Start and end in the expression's text, in code points from 0, end exclusive; or None.
        field: The field of the request, "expression.text"; or "".
        limit: The limit that was exceeded, in its own unit; or None.
        retry_after: Seconds to wait before trying again; or None.
        metadata: All details of the reason, by name.
    """

    status = "UNKNOWN"

    def __init__(
        self,
        message: str,
        *,
        status: str | None = None,
        reason: str = "",
        field: str = "",
        retry_after: float | None = None,
        metadata: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        if status is not None:
            self.status = status
        self.reason = reason
        self.field = field
        self.retry_after = retry_after
        self.metadata = metadata or {}
        self.limit = _number(self.metadata.get("limit"))
        start, end = _number(self.metadata.get("start")), _number(self.metadata.get("end"))
        self.span = None if start is None or end is None else (int(start), int(end))


class InvalidArgument(Error, ValueError):
    """The request is not valid: SYNTAX_ERROR, UNKNOWN_VARIABLE, LIMIT_EXCEEDED, …"""

    status = "INVALID_ARGUMENT"


class OutOfRange(Error, ArithmeticError):
    """The result does not exist at the point: UNDEFINED_AT_POINT."""

    status = "OUT_OF_RANGE"


class ResourceExhausted(Error):
    """The call exceeded a limit of the server: TIME_LIMIT, MEMORY_LIMIT."""

    status = "RESOURCE_EXHAUSTED"


class Busy(ResourceExhausted):
    """The server has too many calls; try again after `retry_after` seconds."""


class DeadlineExceeded(Error, TimeoutError):
    """The call took longer than the client's timeout."""

    status = "DEADLINE_EXCEEDED"


class Unauthenticated(Error):
    """The token is missing or wrong."""

    status = "UNAUTHENTICATED"


class Unavailable(Error, ConnectionError):
    """No server answered, even after retries."""

    status = "UNAVAILABLE"


class Unimplemented(Error):
    """The server does not have the rpc, or an optional part that it needs: MISSING_PART."""

    status = "UNIMPLEMENTED"


class Cancelled(Error):
    """The call was cancelled."""

    status = "CANCELLED"


class Internal(Error):
    """A fault of the server, which logged it under the id in the message; or a malformed reply: MALFORMED_REPLY."""

    status = "INTERNAL"


class UnknownSettingError(TypeError):
    """A keyword argument that is not a setting of the chosen method or figure."""


_CLASSES: dict[str, type[Error]] = {
    kind.status: kind
    for kind in (
        InvalidArgument,
        OutOfRange,
        ResourceExhausted,
        DeadlineExceeded,
        Unauthenticated,
        Unavailable,
        Unimplemented,
        Cancelled,
        Internal,
    )
}


def failure(error: Any, target: str, timeout: float | None = None) -> Error:
    """Return the exception for a failed call (grpc.RpcError), with the details of its google.rpc.Status.

    Args:
        error: The grpc.RpcError.
        target: The address of the server, for failures that no server explains.
        timeout: The time limit of the call in seconds.
    """
    # Imported on the first error, because it takes 20 ms.
    from google.protobuf.message import DecodeError
    from google.rpc import error_details_pb2
    from grpc_status import rpc_status

    status, message = error.code().name, error.details() or ""
    try:
        details = rpc_status.from_call(error)
    except (ValueError, DecodeError):  # a proxy changed the status, or the bytes are not a google.rpc.Status
        details = None
    reason, field, retry_after, metadata = "", "", None, {}
    for detail in details.details if details else ():
        info, request, retry = (
            error_details_pb2.ErrorInfo(),
            error_details_pb2.BadRequest(),
            error_details_pb2.RetryInfo(),
        )
        try:
            if detail.Unpack(info):
                reason, metadata = info.reason, dict(info.metadata)
            elif detail.Unpack(request) and request.field_violations:
                field = request.field_violations[0].field
            elif detail.Unpack(retry):
                delay = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
                retry_after = delay if delay >= 0 else None
        except DecodeError:
            continue  # unreadable details must not hide the error itself
    if not reason:
        message = _explained(status, message, target, timeout)
    return error_of(status, message, reason=reason, field=field, retry_after=retry_after, metadata=metadata)


def error_of(status: str, message: str, *, reason: str, **details: Any) -> Error:
    """Return the exception of a status, with the details that are those of `Error`."""
    kind = Busy if reason == "BUSY" else _CLASSES.get(status, Error)
    return kind(message, status=status, reason=reason, **details)


def _explained(status: str, message: str, target: str, timeout: float | None) -> str:
    """Return the message of a failure that gRPC itself reports, with advice."""
    if status == "UNAVAILABLE":
        from urllib.parse import unquote

        # gRPC writes "failed to connect to all addresses; last error: UNKNOWN: ipv6:%5B::1%5D:50051: Failed to ...".
        cause = unquote(message.rpartition("last error: ")[2].removeprefix("UNKNOWN: "))
        hint = "start a server with `secantd`, or give the address of another one"
        return f"no Secant server answered\n  {target}: {cause}\n{hint}"
    if status == "DEADLINE_EXCEEDED":
        waited = "its time" if timeout is None else f"{timeout:g} s"
        return (
            f"no answer within {waited}\n  {target}: {message}\nallow more time: with_timeout(), in the shell --timeout"
        )
    if status == "CANCELLED":
        return f"the call was cancelled, but not by this client\n  {target}: {message}\ntry again"
    if "larger than max" in message:
        return f"the message is larger than the limit\n  {target}: {message}\nsend less data in one call"
    return message or status


def _number(text: str | None) -> float | None:
    try:
        found = None if text is None else float(text)
    except ValueError:
        return None
    return found if found is not None and math.isfinite(found) else None
