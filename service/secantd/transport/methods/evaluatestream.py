"""EvaluateStream: one function, blocks of points in, blocks of values out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from secant._packed import lifted, member
from secant.v1 import evaluate_pb2, expression_pb2

from secantd import calculus
from secantd.answers import fields, requests
from secantd.answers.functions import FunctionCache
from secantd.answers.requests import invalid
from secantd.calculus.arrays.evaluation import takes_arrays
from secantd.errors import within
from secantd.transport.messages.packed import encoded
from secantd.transport.methods.datasets import blocks_of_rows, is_over_rows
from secantd.transport.methods.evaluate import check_reply_size

__all__ = ["EvaluateStream", "lift_block"]


class Block(NamedTuple):
    """The values at a block of points; `offset` counts the points before it."""

    values: NDArray[np.float64]
    derivatives: tuple[tuple[str, NDArray[np.float64]], ...]
    variables: tuple[str, ...]
    offset: int
    limits: tuple[int, ...]
    notices: tuple[str, ...]


class LiftedBlock(NamedTuple):
    """The fields of EvaluateStreamRequest with a block of points, whose columns are views of its bytes."""

    columns: Sequence[fields.Column]

    @property
    def points(self) -> "LiftedBlock":
        """The block."""
        return self

    def WhichOneof(self, oneof_group: str) -> str:
        """Return that this is a block."""
        return "points"


def lift_block(data: bytes) -> LiftedBlock | None:
    """Return a large block of points without copying it; None for a message that protobuf parses."""
    kind = evaluate_pb2.EvaluateStreamRequest
    begin = member(data, kind.POINTS_FIELD_NUMBER)
    found = None if begin is None else lifted(data, kind.Points.COLUMNS_FIELD_NUMBER, begin)
    return None if found is None or found.rest else LiftedBlock(found.columns)


class EvaluateStream:
    """One stream: the first message holds the function, each further one a block of points."""

    def __init__(self, functions: FunctionCache) -> None:
        self._functions = functions
        self._setup: evaluate_pb2.EvaluateStreamRequest.Setup | None = None
        self._offset = 0
        self._answered = False

    def job(
        self, message: evaluate_pb2.EvaluateStreamRequest | LiftedBlock
    ) -> Callable[[], bytes | Iterator[bytes] | None]:
        """Return what takes the next message: it returns the serialized answer to a block, None for the function.

        If the function is the formula of a row of a data set, it returns an iterator of the answers to all rows.
        """
        kind = message.WhichOneof("message")
        if self._setup is not None:
            if is_over_rows(self._setup.expression):
                raise invalid("points", "the points are the rows of the data set", "send no blocks of points")
            if kind != "points":
                raise invalid("points", "a message after the setup is no block of points", "send points")
            return partial(self._answer, message.points.columns)
        if kind != "setup":
            raise invalid("setup", "the stream does not begin with a setup", "send the function before points")
        assert isinstance(message, evaluate_pb2.EvaluateStreamRequest)
        self._setup = message.setup
        if is_over_rows(message.setup.expression):
            return partial(blocks_of_rows, message.setup, self._functions)
        if message.setup.at:
            raise invalid("setup.at", "`at` is for the parameters of a data set", "send the values with the points")
        return self._read

    def _read(self) -> None:
        """Read the function, so that an error in it is returned before any points come."""
        assert self._setup is not None
        setup = self._setup
        self._functions.read(setup.expression, "setup.expression", setup.variables)
        with within("setup"):
            calculus.check_order(setup.order)
            requests.variables(setup.variables, self._functions.limits)

    def _answer(self, messages: object) -> bytes:
        setup, limits = self._setup, self._functions.limits
        assert setup is not None
        points = requests.columns(messages, "points.columns")  # type: ignore[arg-type]
        # Blocks may run in different threads, each of which reads the function for itself.
        read = self._functions.read_columns(
            setup.expression, points, setup.variables, field="setup.expression", at="points.columns"
        )
        with read as (function, columns):
            whole = (function.arrays and takes_arrays(function)) or not columns.keys() <= points.keys()
            if whole and undeclared(setup.expression, points):
                # A block of a vector is not a block of points.
                raise invalid(
                    "setup.expression.shapes",
                    "a variable of the expression is a vector, and each block is one point",
                    "declare the shapes of vectors, or use Evaluate",
                )
            with within("points", {"points": "columns"}):
                check_reply_size(function, columns, len(setup.variables or function.variables), setup.order, limits)
                answer = calculus.evaluate(function, columns, setup.order, tuple(setup.variables), limits=limits)
        variables = () if self._answered else answer.variables
        block = Block(answer.values, answer.derivatives, variables, self._offset, answer.limits, answer.notices)
        # Here, because a large reply would hold up the event loop.
        reply = encoded(evaluate_pb2.EvaluateStreamResponse(), block).SerializeToString()
        self._offset += len(answer.values)
        self._answered = True
        return reply


def undeclared(expression: expression_pb2.Expression, points: Mapping[str, NDArray[np.float64]]) -> bool:
    """Return whether the shapes of the request do not show that a block is one point."""
    return not expression.shapes and all(values.ndim == 1 for values in points.values())
