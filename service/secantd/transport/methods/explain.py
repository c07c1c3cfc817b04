"""Explain."""

from secant.v1 import derivative_pb2

from secantd import calculus
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["explain"]


def explain(request: derivative_pb2.ExplainRequest, functions: Functions) -> derivative_pb2.ExplainResponse:
    """Answer Explain."""
    limits = functions.limits
    names = requests.variables(request.variables, limits, distinct=False)
    if len(names) > limits.derivative_order:
        raise requests.over("derivative_order", f"the derivative is of order {len(names)}", limits, "variables")
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function)
    answer = calculus.explain(function, names, written, request.by_definition, limits=limits)
    reply = derivative_pb2.ExplainResponse(variables=answer.variables, shape=replies.scalar(), notices=answer.notices)
    texts = len(request.notations)
    for step in answer.steps:
        message = reply.steps.add(rule=step.rule, text=step.text, depth=step.depth)
        replies.fill_formula(message.expression, step.expression, texts)
        replies.fill_formula(message.result, step.result, texts)
        for part in step.parts:
            replies.fill_formula(message.parts.add(name=part.name).formula, part.formula, texts)
    replies.fill_formula(reply.derivative, answer.derivative, texts)
    return reply
