"""Gradient."""

from secant.v1 import derivative_pb2

from secantd.answers import derivatives
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["gradient"]


def gradient(request: derivative_pb2.GradientRequest, functions: FunctionCache) -> derivative_pb2.GradientResponse:
    """Answer Gradient."""
    reply = derivative_pb2.GradientResponse()
    fill(reply, derivatives.gradient(request, functions))
    return reply
