"""Jacobian."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.answers import requests
from secantd.answers.components import require_numbers
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["jacobian"]


def jacobian(request: derivative_pb2.JacobianRequest, functions: FunctionCache) -> derivative_pb2.JacobianResponse:
    """Answer Jacobian."""
    limits = functions.limits
    form, naming = requests.form(request.form), requests.naming(request.naming)
    names = requests.variables(request.variables, limits)
    point = requests.point(request.at, "at", nameless=not request.inner)
    inner = [(f.variable, functions.read(f.expression, f"inner[{i}].expression")) for i, f in enumerate(request.inner)]
    # The point of a composition is one of the inner functions' variables.
    own = {} if inner else point
    with functions.read_at(request.expression, own, names) as (function, at):
        if inner:
            at = require_numbers(point, "at")
        written = requests.notations(request.notations, function)
        answer = calculus.jacobian(function, names, at, written, form, inner, naming=naming, limits=limits)
    reply = derivative_pb2.JacobianResponse()
    fill(reply, answer)
    return reply
