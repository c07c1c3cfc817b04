"""Differentiate."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport.messages import requests
from secantd.transport.messages.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["differentiate"]


def differentiate(
    request: derivative_pb2.DifferentiateRequest, functions: FunctionCache
) -> derivative_pb2.DifferentiateResponse:
    """Answer Differentiate."""
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits, distinct=False)
    point = requests.point(request.at, "at", nameless=True)
    with functions.read_at(request.expression, point, names) as (function, at):
        written = requests.notations(request.notations, function)
        answer = calculus.differentiate(function, names, at, written, form, naming=naming, limits=limits)
    reply = derivative_pb2.DifferentiateResponse()
    fill(reply, answer)
    return reply
