"""Tangent."""

from secant.v1 import local_pb2

from secantd import calculus
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["tangent"]


def tangent(request: local_pb2.TangentRequest, functions: Functions) -> local_pb2.TangentResponse:
    """Answer Tangent."""
    at = requests.point(request.at, "at", finite=True)
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function)
    answer = calculus.tangent(function, at, written, limits=functions.limits)
    reply = local_pb2.TangentResponse(
        variables=answer.variables,
        slopes=answer.slopes,
        value=answer.value,
        intercept=answer.intercept,
        contact=local_pb2.Contact.Name(answer.contact.value),
        left_slope=answer.left_slope,
        right_slope=answer.right_slope,
        kind=answer.kind,
        notices=answer.notices,
    )
    if answer.equation is not None:
        replies.fill_formula(reply.equation, answer.equation, len(request.notations))
    return reply
