"""Export."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from secant.v1 import derivative_pb2

from secantd import export as exporting
from secantd.language import Function, Notation, read
from secantd.transport import requests
from secantd.transport.functions import Functions

__all__ = ["export"]

HIGHEST_ORDER = 2
DEFAULT_ORDER = 1


def export(request: derivative_pb2.ExportRequest, functions: Functions) -> derivative_pb2.ExportResponse:
    """Answer Export."""
    limits = functions.limits
    order = requests.order(request.order if request.HasField("order") else DEFAULT_ORDER, HIGHEST_ORDER)
    names = requests.variables(request.variables, limits)
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function, tuple(Notation))
    text, notation = request.expression.text, requests.choice(Notation, request.expression.notation, "notation")

    def again(data: Mapping[str, NDArray[np.float64]]) -> Function:
        return read(text, notation, data, limits)

    answer = exporting.export(function, text, names, written, order, request.name, again, limits=limits)
    reply = derivative_pb2.ExportResponse(variables=answer.variables, notices=answer.notices)
    for code in answer.codes:
        reply.codes.add(notation=code.notation.value, text=code.text, file_name=code.file_name)
    return reply
