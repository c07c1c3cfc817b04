"""Evaluate."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from secant.v1 import evaluate_pb2

from secantd import calculus
from secantd.calculus.arrays.evaluation import takes_arrays
from secantd.language import Function
from secantd.settings import Limits
from secantd.transport.messages import requests
from secantd.transport.messages.functions import FunctionCache
from secantd.transport.messages.records import fill

__all__ = ["check_reply_size", "evaluate"]


def evaluate(request: evaluate_pb2.EvaluateRequest, functions: FunctionCache) -> evaluate_pb2.EvaluateResponse:
    """Answer Evaluate."""
    limits = functions.limits
    names = requests.variables(request.variables, limits)
    points = requests.columns(request.points, "points")
    with functions.read_columns(request.expression, points, names) as (function, columns):
        check_reply_size(function, columns, len(names or function.variables), request.order, limits)
        answer = calculus.evaluate(function, columns, request.order, names, limits=limits)
    reply = evaluate_pb2.EvaluateResponse()
    fill(reply, answer)
    return reply


def check_reply_size(
    function: Function, points: Mapping[str, NDArray[np.float64]], variables: int, order: int, limits: Limits
) -> None:
    """Raise LIMIT_EXCEEDED, before anything is computed, where the answer cannot fit a message.

    Args:
        points: The columns of the request, each of shape (n,).
        variables: The number of variables of the derivatives.
        order: 0, 1 or 2.
        limits: Limits of the server; `message_bytes` bounds the reply.
    """
    if function.arrays and takes_arrays(function):
        # One point, whose gradient is as large as the request; a Hessian has a limit of its own.
        return
    count = max(map(len, points.values()), default=1)
    columns = 1 + (variables if order else 0) + (variables * (variables + 1) // 2 if order == 2 else 0)
    size = 8 * count * columns
    if size > limits.message_bytes:
        raise requests.over(
            "message_bytes",
            f"the answer has {columns:,} columns of {count:,} numbers, {size:,} bytes",
            limits,
            "points",
            "send fewer points at a time; EvaluateStream takes any number of blocks",
        )
