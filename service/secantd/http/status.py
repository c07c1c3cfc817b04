"""Errors in the form of the Connect protocol (connectrpc.com/docs/protocol): the code's name, message and details as JSON."""

import base64
import json
from typing import Any

from google.protobuf import json_format
from google.rpc import code_pb2, error_details_pb2, status_pb2

from secantd.errors import CalculusError
from secantd.transport import status_of

__all__ = [
    "DEADLINE_PASSED",
    "HTTP_STATUSES",
    "body",
    "http_status",
    "status_of",
    "stopping",
    "too_large",
]

# HTTP's status for each code (Connect's table of error codes); 500 for all others.
HTTP_STATUSES = {
    code_pb2.CANCELLED: 499,
    code_pb2.INVALID_ARGUMENT: 400,
    code_pb2.DEADLINE_EXCEEDED: 504,
    code_pb2.NOT_FOUND: 404,
    code_pb2.ALREADY_EXISTS: 409,
    code_pb2.PERMISSION_DENIED: 403,
    code_pb2.RESOURCE_EXHAUSTED: 429,
    code_pb2.FAILED_PRECONDITION: 400,
    code_pb2.ABORTED: 409,
    code_pb2.OUT_OF_RANGE: 400,
    code_pb2.UNIMPLEMENTED: 501,
    code_pb2.UNAVAILABLE: 503,
    code_pb2.UNAUTHENTICATED: 401,
}
# Details of google.rpc that our errors have.
KINDS: dict[str, Any] = {
    kind.DESCRIPTOR.full_name: kind
    for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo)
}
DEADLINE_PASSED = status_pb2.Status(code=code_pb2.DEADLINE_EXCEEDED, message="the caller's deadline has passed")


def http_status(status: status_pb2.Status) -> int:
    """Return HTTP's status for a status of gRPC.

    >>> http_status(DEADLINE_PASSED)
    504
    """
    return HTTP_STATUSES.get(status.code, 500)


def name(code: int) -> str:
    """Return Connect's name of a code.

    >>> name(3), name(1)
    ('invalid_argument', 'canceled')
    """
    return "canceled" if code == code_pb2.CANCELLED else str(code_pb2.Code.Name(code)).lower()


def body(status: status_pb2.Status) -> dict[str, Any]:
    """Return an error as Connect's JSON; `debug` shows each detail to people.

    >>> body(DEADLINE_PASSED)
    {'code': 'deadline_exceeded', 'message': "the caller's deadline has passed"}
    """
    found: dict[str, Any] = {"code": name(status.code), "message": status.message}
    if status.details:
        found["details"] = [detail(each) for each in status.details]
    return found


def detail(packed: Any) -> dict[str, Any]:
    """Return one detail: its type, its bytes in base64 without padding, and its JSON."""
    kind = packed.type_url.rpartition("/")[2]
    found = {"type": kind, "value": base64.b64encode(packed.value).decode().rstrip("=")}
    if kind in KINDS:
        found["debug"] = json.loads(json_format.MessageToJson(KINDS[kind].FromString(packed.value), indent=None))
    return found


def too_large(error: CalculusError) -> status_pb2.Status:
    """Return the status of a request that exceeds `message_bytes`: RESOURCE_EXHAUSTED, as gRPC's own."""
    status = status_of(error)
    status.code = code_pb2.RESOURCE_EXHAUSTED
    return status


def unimplemented(error: CalculusError) -> status_pb2.Status:
    """Return the status of a request for something that is not there: UNIMPLEMENTED, as gRPC's own."""
    status = status_of(error)
    status.code = code_pb2.UNIMPLEMENTED
    return status


def stopping() -> status_pb2.Status:
    """Return the status of a call that the end of the server ends."""
    return status_pb2.Status(code=code_pb2.UNAVAILABLE, message="the server is stopping")
