"""Differentiate."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["differentiate"]


def differentiate(
    request: derivative_pb2.DifferentiateRequest, functions: Functions
) -> derivative_pb2.DifferentiateResponse:
    """Answer Differentiate."""
    limits = functions.limits
    form = requests.form(request.form)
    names = requests.variables(request.variables, limits, distinct=False)
    if len(names) > limits.derivative_order:
        raise requests.over("derivative_order", f"the derivative is of order {len(names)}", limits, "variables")
    at = requests.point(request.at, "at")
    function = functions.read(request.expression)
    if at:
        requests.require_variables(at, function, "at", also=names)
    written = requests.notations(request.notations, function)
    answer = calculus.differentiate(function, names, at, written, form, limits=limits)
    reply = derivative_pb2.DifferentiateResponse(
        variables=answer.variables, shape=replies.scalar(), notices=answer.notices, value=answer.value
    )
    replies.fill_formula(reply.derivative, answer.derivative, len(request.notations))
    return reply
