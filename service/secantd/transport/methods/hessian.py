"""Hessian."""

from secant.v1 import derivative_pb2

from secantd.answers import derivatives
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["hessian"]


def hessian(request: derivative_pb2.HessianRequest, functions: FunctionCache) -> derivative_pb2.HessianResponse:
    """Answer Hessian."""
    reply = derivative_pb2.HessianResponse()
    fill(reply, derivatives.hessian(request, functions))
    return reply
