"""Differentiate."""

from secant.v1 import derivative_pb2

from secantd.answers import derivatives
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["differentiate"]


def differentiate(
    request: derivative_pb2.DifferentiateRequest, functions: FunctionCache
) -> derivative_pb2.DifferentiateResponse:
    """Answer Differentiate."""
    reply = derivative_pb2.DifferentiateResponse()
    fill(reply, derivatives.differentiate(request, functions))
    return reply
