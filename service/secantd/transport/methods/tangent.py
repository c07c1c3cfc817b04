"""Tangent."""

from secant.v1 import local_pb2

from secantd import calculus
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["tangent"]


def tangent(request: local_pb2.TangentRequest, functions: FunctionCache) -> local_pb2.TangentResponse:
    """Answer Tangent."""
    form = requests.form(request.form)
    point = requests.point(request.at, "at", nameless=True)
    with functions.read_at(request.expression, point) as (function, at):
        written = requests.notations(request.notations, function)
        answer = calculus.tangent(function, at, written, form, limits=functions.limits)
    reply = local_pb2.TangentResponse()
    fill(reply, answer)
    return reply
