"""Export."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from secant.v1 import derivative_pb2

from secantd import export as exporting
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.answers.shapes import declared
from secantd.expression import VariableShape
from secantd.language import Function, Notation, read
from secantd.transport.messages.records import fill

__all__ = ["export"]

DEFAULT_ORDER = 1
# Textbook notation is read only.
CODE = tuple(notation for notation in Notation if notation is not Notation.TEXTBOOK)


def export(request: derivative_pb2.ExportRequest, functions: FunctionCache) -> derivative_pb2.ExportResponse:
    """Answer Export."""
    limits = functions.limits
    order = request.order if request.HasField("order") else DEFAULT_ORDER
    names = requests.variables(request.variables, limits)
    function = functions.read(request.expression, variables=names)
    written = requests.notations(request.notations, function, CODE)
    text, notation = request.expression.text, requests.choice(Notation, request.expression.notation, "notation")

    own = declared(request.expression.shapes, "expression.shapes", limits)

    def again(data: Mapping[str, NDArray[np.float64]], shapes: Mapping[str, VariableShape] | None = None) -> Function:
        return read(text, notation, data, limits, {**own, **(shapes or {})}, names)

    answer = exporting.export(function, text, names, written, order, request.name, again, limits=limits)
    reply = derivative_pb2.ExportResponse()
    fill(reply, answer)
    return reply
