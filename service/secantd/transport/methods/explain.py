"""Explain."""

from secant.v1 import derivative_pb2

from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.language import Notation
from secantd.pages import PageFormat, explained, language_of
from secantd.transport.messages.records import fill

__all__ = ["explain"]

# Pages have formulas in MathML.
STEPS = (Notation.R, Notation.PYTHON, Notation.LATEX)


def explain(request: derivative_pb2.ExplainRequest, functions: FunctionCache) -> derivative_pb2.ExplainResponse:
    """Answer Explain."""
    limits = functions.limits
    names = requests.variables(request.variables, limits, distinct=False)
    formats = [
        requests.choice(PageFormat, number, f"formats[{i}]") or PageFormat.TEXT
        for i, number in enumerate(request.formats)
    ]
    language_of(request.language)
    function = functions.read(request.expression, variables=names)
    answer = explained(
        function,
        names,
        requests.notations(request.notations, function, STEPS),
        request.by_definition,
        gradient=request.gradient,
        formats=list(dict.fromkeys(formats)),
        language=request.language,
        limits=limits,
    )
    reply = derivative_pb2.ExplainResponse()
    fill(reply, answer)
    return reply
