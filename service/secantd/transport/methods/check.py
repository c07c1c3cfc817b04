"""Check."""

from secant.v1 import check_pb2

from secantd.answers import check as answers
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["check"]


def check(request: check_pb2.CheckRequest, functions: FunctionCache) -> check_pb2.CheckResponse:
    """Answer Check."""
    reply = check_pb2.CheckResponse()
    fill(reply, answers.check(request, functions))
    return reply
