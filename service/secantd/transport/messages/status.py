"""Errors in the form that gRPC sends: a status code by reason, a message for people, details for programs."""

import asyncio
from contextlib import suppress
from typing import Any, NoReturn

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2, error_details_pb2, status_pb2

from secantd.answers.failures import STATUSES, WORD_LENGTH, details_of, message_of, shortened
from secantd.errors import CalculusError, Reason

__all__ = ["CODES", "DOMAIN", "RETRY_SECONDS", "abort", "status_of", "trailers"]

DOMAIN = "secant"

CODES = {reason: code_pb2.Code.Value(name) for reason, name in STATUSES.items()}

# Seconds after which a caller should retry after BUSY: the time of a few long calls.
RETRY_SECONDS = 0.25


def status_of(error: CalculusError) -> status_pb2.Status:
    """Return the google.rpc.Status of `error`: ErrorInfo, BadRequest for a field, RetryInfo for BUSY.

    >>> status_of(CalculusError(Reason.BUSY, "too many calls")).code == code_pb2.RESOURCE_EXHAUSTED
    True
    """
    status = status_pb2.Status(code=CODES[error.reason], message=message_of(error))
    info = error_details_pb2.ErrorInfo(reason=error.reason.value, domain=DOMAIN, metadata=details_of(error))
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
