"""Evaluate."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from secant._packed import Encoded, lifted
from secant.v1 import evaluate_pb2, expression_pb2

from secantd import calculus
from secantd.answers import fields, requests
from secantd.answers.functions import FunctionCache
from secantd.calculus.arrays.evaluation import takes_arrays
from secantd.language import Function
from secantd.settings import Limits
from secantd.transport.messages.contract import parse
from secantd.transport.messages.packed import encoded

__all__ = ["check_reply_size", "evaluate", "lift"]


class Request(NamedTuple):
    """The fields of EvaluateRequest, whose columns are views of its bytes."""

    expression: expression_pb2.Expression
    points: Sequence[fields.Column]
    order: int
    variables: Sequence[str]
    enclosures: bool


def evaluate(request: evaluate_pb2.EvaluateRequest | Request, functions: FunctionCache) -> Encoded:
    """Answer Evaluate."""
    limits = functions.limits
    names = requests.variables(request.variables, limits)
    points = requests.columns(request.points, "points")
    with functions.read_columns(request.expression, points, names) as (function, columns):
        check_reply_size(function, columns, len(names or function.variables), request.order, limits)
        answer = calculus.evaluate(function, columns, request.order, names, limits=limits, enclosed=request.enclosures)
    return encoded(evaluate_pb2.EvaluateResponse(), answer)


def lift(data: bytes) -> Request | None:
    """Return a request with large columns without copying them; None for one that protobuf parses."""
    found = lifted(data, evaluate_pb2.EvaluateRequest.POINTS_FIELD_NUMBER)
    if found is None:
        return None
    message = parse(evaluate_pb2.EvaluateRequest, found.rest)
    return Request(message.expression, found.columns, message.order, message.variables, message.enclosures)


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
