"""Errors in the form that gRPC sends: a status code by reason, a message for people, details for programs."""

import asyncio
from contextlib import suppress
from typing import Any, NoReturn

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2, error_details_pb2, status_pb2

from secantd.errors import CalculusError, Reason

__all__ = ["CODES", "DOMAIN", "RETRY_SECONDS", "abort", "percent_length", "shortened", "status_of", "trailers"]

DOMAIN = "secant"

CODES = {
    Reason.SYNTAX_ERROR: code_pb2.INVALID_ARGUMENT,
    Reason.UNKNOWN_FUNCTION: code_pb2.INVALID_ARGUMENT,
    Reason.UNKNOWN_VARIABLE: code_pb2.INVALID_ARGUMENT,
    Reason.NOT_DIFFERENTIABLE: code_pb2.INVALID_ARGUMENT,
    Reason.LIMIT_EXCEEDED: code_pb2.INVALID_ARGUMENT,
    Reason.INVALID_VALUE: code_pb2.INVALID_ARGUMENT,
    Reason.UNDEFINED_AT_POINT: code_pb2.OUT_OF_RANGE,
    Reason.TIME_LIMIT: code_pb2.RESOURCE_EXHAUSTED,
    Reason.MEMORY_LIMIT: code_pb2.RESOURCE_EXHAUSTED,
    Reason.BUSY: code_pb2.RESOURCE_EXHAUSTED,
    Reason.UNAUTHENTICATED: code_pb2.UNAUTHENTICATED,
    Reason.MISSING_PART: code_pb2.UNIMPLEMENTED,
    Reason.INTERNAL: code_pb2.INTERNAL,
}

# Seconds after which a caller should retry after BUSY: the time of a few long calls.
RETRY_SECONDS = 0.25

# HTTP/2 peers take 8 KB of headers. The message travels twice: percent-encoded in grpc-message and, as
# base64 (4/3), in the details beside some 500 bytes of ErrorInfo: 2500 + 4/3·(2500 + 1500) is below 8000.
MESSAGE_BYTES = 2500
WORD_LENGTH = 360


def percent_length(text: str) -> int:
    """Return the length of `text` as grpc-message: printable ASCII but % as it is, other bytes as %XX.

    >>> percent_length("a"), percent_length("%"), percent_length("é")
    (1, 3, 6)
    """
    plain = sum(" " <= c <= "~" and c != "%" for c in text)
    return plain + 3 * (len(text.encode("utf-8", "surrogatepass")) - plain)


def shortened(text: str, bound: int = MESSAGE_BYTES) -> str:
    """Return `text`, cut so that its `percent_length` is at most `bound`.

    >>> shortened("abcdefghijklmnopqrstuvwxyz", 20)
    'abcdefghijk…'
    """
    text = text.encode("utf-8", "replace").decode()
    if percent_length(text) <= bound:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if percent_length(text[:middle]) + percent_length("…") <= bound:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"


def status_of(error: CalculusError) -> status_pb2.Status:
    """Return the google.rpc.Status of `error`: ErrorInfo, BadRequest for a field, RetryInfo for BUSY.

    >>> status_of(CalculusError(Reason.BUSY, "too many calls")).code == code_pb2.RESOURCE_EXHAUSTED
    True
    """
    message = shortened(str(error))
    status = status_pb2.Status(code=CODES[error.reason], message=message)
    metadata = {key: shortened(value, WORD_LENGTH) for key, value in error.metadata.items()}
    if error.span is not None:
        metadata |= {"start": str(error.span[0]), "end": str(error.span[1])}
    info = error_details_pb2.ErrorInfo(reason=error.reason.value, domain=DOMAIN, metadata=metadata)
    status.details.add().Pack(info)
    if error.field:
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=error.field, description=shortened(error.headline, WORD_LENGTH), reason=error.reason.value
        )
        status.details.add().Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    if error.reason is Reason.BUSY:
        delay = Duration(nanos=int(RETRY_SECONDS * 1e9))
        status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=delay))
    return status


GRPC_CODES: dict[int, Any] = {code.value[0]: code for code in grpc.StatusCode}


def trailers(status: status_pb2.Status) -> tuple[Any, str, tuple[tuple[str, bytes], ...]]:
    """Return code, message and trailing metadata of `status` as grpc's `abort` takes them."""
    return GRPC_CODES[status.code], status.message, (("grpc-status-details-bin", status.SerializeToString()),)


async def abort(context: Any, status: status_pb2.Status) -> NoReturn:
    """End the call with `status`."""
    code, message, trailing = trailers(status)
    # No status can be sent if the peer has disconnected.
    with suppress(grpc.aio.InternalError):
        await context.abort(code, message, trailing)
    raise asyncio.CancelledError
