"""Explain."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["explain"]


def explain(request: derivative_pb2.ExplainRequest, functions: FunctionCache) -> derivative_pb2.ExplainResponse:
    """Answer Explain."""
    limits = functions.limits
    names = requests.variables(request.variables, limits, distinct=False)
    function = functions.read(request.expression, variables=names)
    written = requests.notations(request.notations, function)
    answer = calculus.explain(function, names, written, request.by_definition, limits=limits)
    reply = derivative_pb2.ExplainResponse()
    fill(reply, answer)
    return reply
