"""Gradient."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport.messages import requests
from secantd.transport.messages.components import located
from secantd.transport.messages.functions import FunctionCache, parts_of
from secantd.transport.messages.records import fill

__all__ = ["gradient"]


def gradient(request: derivative_pb2.GradientRequest, functions: FunctionCache) -> derivative_pb2.GradientResponse:
    """Answer Gradient."""
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits)
    point = requests.point(request.at, "at", nameless=True)
    towards = requests.point(request.direction, "direction", nameless=True)
    with functions.read_at(request.expression, point, names) as (function, at):
        written = requests.notations(request.notations, function)
        direction = parts_of(function, request.expression, towards, "direction")
        with located("direction", towards, direction):
            answer = calculus.gradient_answer(
                function, names, at, written, form, request.values_only, direction, naming=naming, limits=limits
            )
    reply = derivative_pb2.GradientResponse()
    fill(reply, answer)
    return reply
