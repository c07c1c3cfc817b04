"""Approximate."""

from secant.v1 import local_pb2

from secantd import analysis
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.numeric import Scheme
from secantd.transport.messages.records import fill

__all__ = ["approximate"]


def approximate(request: local_pb2.ApproximateRequest, functions: FunctionCache) -> local_pb2.ApproximateResponse:
    """Answer Approximate."""
    scheme = requests.choice(Scheme, request.scheme, "scheme") or Scheme.CENTRAL
    point = requests.point(request.at, "at", nameless=True)
    names = requests.variables(request.variables, functions.limits)
    step = request.step if request.HasField("step") else None
    with functions.read_at(request.expression, point) as (function, at):
        answer = analysis.approximate(function, at, scheme, step, request.sweep, names, limits=functions.limits)
    reply = local_pb2.ApproximateResponse()
    fill(reply, answer)
    return reply
