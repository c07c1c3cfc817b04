"""Hessian."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport.messages import requests
from secantd.transport.messages.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["hessian"]


def hessian(request: derivative_pb2.HessianRequest, functions: FunctionCache) -> derivative_pb2.HessianResponse:
    """Answer Hessian."""
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits)
    point = requests.point(request.at, "at", nameless=True)
    with functions.read_at(request.expression, point, names) as (function, at):
        written = requests.notations(request.notations, function)
        answer = calculus.hessian(function, names, at, written, form, request.values_only, naming=naming, limits=limits)
    reply = derivative_pb2.HessianResponse()
    fill(reply, answer)
    return reply
