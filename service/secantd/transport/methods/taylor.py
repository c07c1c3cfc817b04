"""Taylor."""

from secant.v1 import local_pb2

from secantd import calculus
from secantd.transport import arrays, replies, requests
from secantd.transport.functions import Functions

__all__ = ["taylor"]


def taylor(request: local_pb2.TaylorRequest, functions: Functions) -> local_pb2.TaylorResponse:
    """Answer Taylor."""
    limits = functions.limits
    at = requests.point(request.at, "at", finite=True)
    points = requests.columns(request.points, "points")
    requests.same_length(points, "points")
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function)
    answer = calculus.taylor(function, at, request.order, written, points, limits=limits)
    reply = local_pb2.TaylorResponse(
        equals_function=answer.equals_function,
        variables=answer.variables,
        shape=replies.scalar(),
        notices=answer.notices,
    )
    for term in answer.terms:
        reply.terms.add(exponents=term.exponents, coefficient=term.coefficient, derivative=term.derivative)
    texts = len(request.notations)
    replies.fill_formula(reply.polynomial, answer.polynomial, texts)
    replies.fill_formula(reply.expanded, answer.expanded, texts)
    if points:
        arrays.extend(reply, "polynomial_values", answer.polynomial_values)
        arrays.extend(reply, "function_values", answer.function_values)
    return reply
