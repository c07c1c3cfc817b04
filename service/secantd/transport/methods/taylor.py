"""Taylor."""

from secant.v1 import local_pb2

from secantd import calculus
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["taylor"]


def taylor(request: local_pb2.TaylorRequest, functions: FunctionCache) -> local_pb2.TaylorResponse:
    """Answer Taylor."""
    limits = functions.limits
    point = requests.point(request.at, "at", nameless=True)
    form = requests.form(request.form)
    points = requests.vectors(request.points, "points")
    with functions.read_at(request.expression, point) as (function, at):
        written = requests.notations(request.notations, function)
        answer = calculus.taylor(function, at, request.order, written, points, form, limits=limits)
    reply = local_pb2.TaylorResponse()
    fill(reply, answer)
    return reply
