"""Everything that a call can fail with, one class for each status."""

# ruff: noqa: N818 (named as the statuses are, so that the R client and the contract have the same words)

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
    "failure",
]


class Error(Exception):
    """A call failed. `str()` is the server's message: what, where (a caret under the text), what to do.

    Attributes:
        status: The gRPC status, "INVALID_ARGUMENT".
        reason: The kind, "SYNTAX_ERROR"; "" where the failure did not come from a Secant server.
        span: Start and end in code points of the expression's text, end exclusive; or None.
        field: The request's field, "expression.text"; or "".
        limit: The limit that was passed, in its own unit; or None.
        retry_after: When to come again, in seconds; or None.
        metadata: All facts that came with the reason.
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
    """The request makes no sense: SYNTAX_ERROR, UNKNOWN_VARIABLE, LIMIT_EXCEEDED, …"""

    status = "INVALID_ARGUMENT"


class OutOfRange(Error, ArithmeticError):
    """What was asked for does not exist at the point: UNDEFINED_AT_POINT."""

    status = "OUT_OF_RANGE"


class ResourceExhausted(Error):
    """The server's own limit: TIME_LIMIT, MEMORY_LIMIT."""

    status = "RESOURCE_EXHAUSTED"


class Busy(ResourceExhausted):
    """Too many calls; `retry_after` says when to come again."""


class DeadlineExceeded(Error, TimeoutError):
    """No answer within the client's timeout."""

    status = "DEADLINE_EXCEEDED"


class Unauthenticated(Error):
    """The token is missing or wrong."""

    status = "UNAUTHENTICATED"


class Unavailable(Error, ConnectionError):
    """No server answers, also not after the retries."""

    status = "UNAVAILABLE"


class Unimplemented(Error):
    """The server lacks the method or a part that it needs (MISSING_PART)."""

    status = "UNIMPLEMENTED"


class Cancelled(Error):
    """The call was cancelled."""

    status = "CANCELLED"


class Internal(Error):
    """A fault of the server, logged there under the id in the message."""

    status = "INTERNAL"


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
        error: What grpc raised.
        target: Where the call went, for failures that no server explains.
        timeout: The deadline it had, in seconds.
    """
    # Imported on the first error: 20 ms that a command without one need not spend.
    from google.rpc import error_details_pb2
    from grpc_status import rpc_status

    status, message = error.code().name, error.details() or ""
    try:
        details = rpc_status.from_call(error)
    except ValueError:  # a proxy's own status beside the server's details
        details = None
    reason, field, retry_after, metadata = "", "", None, {}
    for detail in details.details if details else ():
        info, request, retry = (
            error_details_pb2.ErrorInfo(),
            error_details_pb2.BadRequest(),
            error_details_pb2.RetryInfo(),
        )
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(request) and request.field_violations:
            field = request.field_violations[0].field
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
    if not reason:
        message = _explained(status, message, target, timeout)
    kind = Busy if reason == "BUSY" else _CLASSES.get(status, Error)
    return kind(message, status=status, reason=reason, field=field, retry_after=retry_after, metadata=metadata)


def _explained(status: str, message: str, target: str, timeout: float | None) -> str:
    """What to do about a failure that gRPC itself reports."""
    if status == "UNAVAILABLE":
        hint = "start one with `secantd`, or use secant.local()"
        return f"no Secant server answers\n  {target}: {message}\n{hint}"
    if status == "DEADLINE_EXCEEDED":
        waited = "its time" if timeout is None else f"{timeout:g} s"
        return f"no answer within {waited}\n  {target}: {message}\nallow more with with_timeout(seconds)"
    if "larger than max" in message:
        return f"the message is larger than what is taken\n  {target}: {message}\nsend fewer data in one call"
    return message or status


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
