"""Export."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from secant.v1 import derivative_pb2

from secantd import export as exporting
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.answers.shapes import declared
from secantd.export.sql import Dialect, Query
from secantd.expression import VariableShape
from secantd.language import Function, Notation, read
from secantd.settings import Limits
from secantd.transport.messages.records import fill

__all__ = ["export"]

DEFAULT_ORDER = 1
# Textbook notation is read only.
CODE = tuple(notation for notation in Notation if notation not in (Notation.TEXTBOOK, Notation.MATHML))


def export(request: derivative_pb2.ExportRequest, functions: FunctionCache) -> derivative_pb2.ExportResponse:
    """Answer Export."""
    limits = functions.limits
    order = request.order if request.HasField("order") else DEFAULT_ORDER
    names = requests.variables(request.variables, limits)
    # The statements of code have the order of the nodes.
    function = functions.read(request.expression, variables=names, alone=True)
    written = requests.notations(request.notations, function, CODE)
    text, notation = request.expression.text, requests.choice(Notation, request.expression.notation, "notation")

    own = declared(request.expression.shapes, "expression.shapes", limits)

    def again(data: Mapping[str, NDArray[np.float64]], shapes: Mapping[str, VariableShape] | None = None) -> Function:
        return read(text, notation, data, limits, {**own, **(shapes or {})}, names)

    sql = query(request, written, limits)
    answer = exporting.export(function, text, names, written, order, request.name, again, sql=sql, limits=limits)
    reply = derivative_pb2.ExportResponse()
    fill(reply, answer)
    return reply


def query(request: derivative_pb2.ExportRequest, notations: Sequence[Notation], limits: Limits) -> Query:
    """Return what a request asks of SQL.

    Raises:
        CalculusError: INVALID_VALUE for a field of SQL without SQL, an unknown dialect, or a name that is empty or named twice.
    """
    if Notation.SQL not in notations:
        for field in ("table", "dialect", "keep", "plain_sums"):
            if getattr(request, field):
                raise requests.invalid(field, f"{field} is for SQL, which is not requested", "add SQL to the languages")
    return Query(
        table=request.table,
        dialect=requests.choice(Dialect, request.dialect, "dialect") or Dialect.DUCKDB,
        columns=requests.named(request.columns, "columns", "column", limits),
        keep=requests.named(request.keep, "keep", "column", limits),
        plain_sums=request.plain_sums,
    )
