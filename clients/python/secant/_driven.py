"""A descent that this process drives: the iterator of steps, the trace and the outcome that a server's descent has."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from types import TracebackType
from typing import Self

from secantd.descent import Bunch
from secantd.transport.methods.descend import replies

from secant._failures import engine_errors
from secant._path import ReceivedPath
from secant.errors import Cancelled
from secant.results.descent import Outcome, Step, Trace
from secant.v1 import descend_pb2 as pb

__all__ = ["DrivenDescent"]


class DrivenDescent(Iterator[Step]):
    """An iterator of Steps, each of which is computed when it is asked for. `close`, or the end of a `with` block, ends the work.

    Args:
        request: The request, for the names and shapes of the start.
        variables: The variables, in the order of a point.
        bunches: The steps of the engine.
    """

    def __init__(self, request: pb.DescendRequest, variables: Sequence[str], bunches: Iterator[Bunch]) -> None:
        self._path = ReceivedPath(request)
        self._bunches = bunches
        self._replies = replies(variables, bunches)
        self._waiting: deque[pb.Step] = deque()
        self._closed = False

    @property
    def trace(self) -> Trace:
        """The steps so far as arrays; they come in groups, so it may be ahead of the iteration."""
        return self._path.trace()

    @property
    def outcome(self) -> Outcome | None:
        """The outcome of the descent; None until it has ended."""
        return self._path.outcome

    def __next__(self) -> Step:
        while not self._waiting:
            if not self._advance():
                raise StopIteration
        return self._path.step(self._waiting.popleft())

    def result(self) -> Outcome:
        """Make the remaining steps and return the outcome.

        Raises:
            Error: A pass over the rows failed; `trace` has the steps before.
            Cancelled: The descent was closed before it ended.
        """
        while self._advance():
            self._waiting.clear()
        if self._path.outcome is None:
            raise Cancelled("the descent was closed before it ended")
        return self._path.outcome

    def close(self) -> None:
        """End the work; `trace` keeps the steps made."""
        self._closed = True
        self._waiting.clear()
        with closing(self._bunches):  # type: ignore[type-var]
            self._replies.close()  # type: ignore[attr-defined]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _advance(self) -> bool:
        """Make some steps; return False at the end."""
        if self._closed or self._path.outcome is not None:
            return False
        with engine_errors():
            reply, _ = next(self._replies)
        self._waiting.extend(self._path.add(pb.DescendResponse.FromString(reply)))
        return True
