"""Gradient."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["gradient"]


def gradient(request: derivative_pb2.GradientRequest, functions: Functions) -> derivative_pb2.GradientResponse:
    """Answer Gradient."""
    limits = functions.limits
    form = requests.form(request.form)
    names = requests.variables(request.variables, limits)
    at = requests.point(request.at, "at")
    direction = requests.point(request.direction, "direction", finite=True)
    if request.values_only and not at:
        raise requests.invalid("at", "values are asked for without a point", "give every variable a value")
    function = functions.read(request.expression)
    if at:
        requests.require_variables(at, function, "at", also=names)
    if direction:
        requests.require_direction(direction, names or function.variables)
    written = requests.notations(request.notations, function)
    answer = calculus.gradient_answer(function, names, at, written, form, request.values_only, direction, limits=limits)
    reply = derivative_pb2.GradientResponse(
        variables=answer.variables,
        shape=replies.shape(1, len(answer.partials)),
        notices=answer.notices,
        value=answer.value,
        norm=answer.norm,
    )
    replies.fill_formulas(reply.partials, answer.partials, len(request.notations))
    if answer.directional is not None:
        replies.fill_formula(reply.directional, answer.directional, len(request.notations))
    return reply
