"""EvaluateStream: one function, blocks of points in, blocks of values out."""

from collections.abc import Callable

from secant.v1 import evaluate_pb2

from secantd import calculus
from secantd.transport import requests
from secantd.transport.functions import Functions
from secantd.transport.methods.evaluate import HIGHEST_ORDER, check_reply_size, fill
from secantd.transport.requests import invalid

__all__ = ["Blocks"]


class Blocks:
    """One stream: takes messages in order, gives for each block a job that answers it."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._setup: evaluate_pb2.EvaluateStreamRequest.Setup | None = None
        self._offset = 0

    def setup(self, message: evaluate_pb2.EvaluateStreamRequest) -> None:
        """Take the first message."""
        if message.WhichOneof("message") != "setup":
            raise invalid("setup", "the stream does not begin with a setup", "send the function before points")
        requests.order(message.setup.order, HIGHEST_ORDER, "setup.order")
        requests.variables(message.setup.variables, self._functions.limits)
        self._setup = message.setup

    def job(self, message: evaluate_pb2.EvaluateStreamRequest) -> Callable[[], evaluate_pb2.EvaluateStreamResponse]:
        """Return what computes the answer to a block of points; jobs are to be run in order."""
        if message.WhichOneof("message") != "points":
            raise invalid("points", "a message after the setup is no block of points", "send points")
        columns = message.points.columns
        return lambda: self._answer(columns)

    def read(self) -> None:
        """Read the function, so that a faulty one is told before any points come."""
        assert self._setup is not None
        self._functions.read(self._setup.expression, "setup.expression")

    def _answer(self, messages: object) -> evaluate_pb2.EvaluateStreamResponse:
        setup, limits = self._setup, self._functions.limits
        assert setup is not None
        columns = requests.columns(messages, "points.columns")  # type: ignore[arg-type]
        count = requests.same_length(columns, "points.columns")
        # Blocks may run in different threads, each of which reads the function for itself.
        function = self._functions.read(setup.expression, "setup.expression")
        requests.require_variables(
            columns, function, "points.columns", also=setup.variables, what="the list of columns"
        )
        check_reply_size(count, len(setup.variables or function.variables), setup.order, limits)
        answer = calculus.evaluate(function, columns, setup.order, tuple(setup.variables), limits=limits)
        first = self._offset == 0
        reply = evaluate_pb2.EvaluateStreamResponse(offset=self._offset, variables=answer.variables if first else ())
        fill(reply, answer.values, answer.derivatives)
        self._offset += count
        return reply
