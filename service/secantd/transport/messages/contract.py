"""The service as the contract describes it, and its messages as bytes."""

from typing import Any

from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from secant.v1 import calculus_service_pb2

from secantd.answers import requests
from secantd.errors import CalculusError, Reason
from secantd.settings import Limits

__all__ = ["SERVICE", "check_size", "parse", "reply_class"]

SERVICE = calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"]


def parse(kind: type[Any], request: bytes) -> Any:
    """Return the message of a class in `request`; CalculusError where the bytes are none."""
    try:
        return kind.FromString(request)
    except DecodeError as error:
        raise CalculusError(
            Reason.INVALID_VALUE, f"the request is no {kind.DESCRIPTOR.name}: {error}", "text has to be UTF-8"
        ) from None


def reply_class(name: str) -> type[Any]:
    """Return the class of the replies of a method.

    >>> reply_class("Gradient").DESCRIPTOR.name
    'GradientResponse'
    """
    kind: type[Any] = GetMessageClass(SERVICE.methods_by_name[name].output_type)
    return kind


def check_size(reply: bytes, limits: Limits) -> None:
    """Raise LIMIT_EXCEEDED for a reply that a peer would not take."""
    if len(reply) > limits.message_bytes:
        headline = f"the answer has {len(reply):,} bytes"
        raise requests.over("message_bytes", headline, limits, "", "ask for less at a time")
