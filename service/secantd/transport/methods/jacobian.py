"""Jacobian."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["jacobian"]


def jacobian(request: derivative_pb2.JacobianRequest, functions: Functions) -> derivative_pb2.JacobianResponse:
    """Answer Jacobian."""
    limits = functions.limits
    form = requests.form(request.form)
    names = requests.variables(request.variables, limits)
    at = requests.point(request.at, "at")
    function = functions.read(request.expression)
    inner = [(i.variable, functions.read(i.expression)) for i in request.inner]
    written = requests.notations(request.notations, function)
    answer = calculus.jacobian(function, names, at, written, form, inner, limits=limits)
    reply = derivative_pb2.JacobianResponse(
        variables=answer.variables,
        values=answer.values,
        shape=replies.shape(len(answer.rows), len(answer.variables)),
        sign=answer.sign,
        area_factor=answer.area_factor,
        notices=answer.notices,
    )
    texts = len(request.notations)
    replies.fill_rows(reply.rows, answer.rows, texts)
    if answer.determinant is not None:
        replies.fill_formula(reply.determinant, answer.determinant, texts)
    for factor in answer.factors:
        message = reply.factors.add(
            name=factor.name, variables=factor.variables, shape=replies.shape(len(factor.rows), len(factor.variables))
        )
        replies.fill_rows(message.rows, factor.rows, texts)
    return reply
