"""Hessian."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["hessian"]


def hessian(request: derivative_pb2.HessianRequest, functions: Functions) -> derivative_pb2.HessianResponse:
    """Answer Hessian."""
    limits = functions.limits
    form = requests.form(request.form)
    names = requests.variables(request.variables, limits)
    at = requests.point(request.at, "at")
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function)
    answer = calculus.hessian(function, names, at, written, form, request.values_only, limits=limits)
    size = len(answer.variables)
    reply = derivative_pb2.HessianResponse(
        variables=answer.variables,
        value=answer.value,
        shape=replies.shape(size, size),
        definiteness=derivative_pb2.Definiteness.Name(answer.definiteness.value),
        eigenvalues=answer.eigenvalues,
        notices=answer.notices,
    )
    replies.fill_rows(reply.rows, answer.rows, len(request.notations))
    return reply
