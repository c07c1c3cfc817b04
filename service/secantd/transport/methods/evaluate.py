"""Evaluate."""

import numpy as np
from numpy.typing import NDArray
from secant.v1 import evaluate_pb2

from secantd import calculus
from secantd.settings import Limits
from secantd.transport import arrays, replies, requests
from secantd.transport.functions import Functions

__all__ = ["check_reply_size", "evaluate"]

HIGHEST_ORDER = 2


def evaluate(request: evaluate_pb2.EvaluateRequest, functions: Functions) -> evaluate_pb2.EvaluateResponse:
    """Answer Evaluate."""
    limits = functions.limits
    order = requests.order(request.order, HIGHEST_ORDER)
    names = requests.variables(request.variables, limits)
    columns = requests.columns(request.points, "points")
    count = requests.same_length(columns, "points")
    function = functions.read(request.expression)
    requests.require_variables(columns, function, "points", also=names, what="the list of columns")
    check_reply_size(count, len(names or function.variables), order, limits)
    answer = calculus.evaluate(function, columns, order, names, limits=limits)
    reply = evaluate_pb2.EvaluateResponse(variables=answer.variables, shape=replies.shape(count, 1))
    fill(reply, answer.values, answer.derivatives)
    return reply


def fill(
    reply: evaluate_pb2.EvaluateResponse | evaluate_pb2.EvaluateStreamResponse,
    values: NDArray[np.float64],
    derivatives: tuple[tuple[str, NDArray[np.float64]], ...],
) -> None:
    """Write values and derivatives into a reply."""
    arrays.extend(reply, "values", values)
    for name, column in derivatives:
        arrays.add_column(reply.derivatives, name, column)


def check_reply_size(points: int, variables: int, order: int, limits: Limits) -> None:
    """Raise LIMIT_EXCEEDED, before anything is computed, where the answer cannot fit a message."""
    columns = 1 + (variables if order else 0) + (variables * (variables + 1) // 2 if order == 2 else 0)
    size = 8 * points * columns
    if size > limits.message_bytes:
        raise requests.over(
            "message_bytes",
            f"the answer has {columns:,} columns of {points:,} numbers, {size:,} bytes",
            limits,
            "points",
            "send fewer points at a time; EvaluateStream takes any number of blocks",
        )
