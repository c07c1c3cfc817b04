"""A descent under way: iterate over its steps, or drain it into its outcome."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any, Self

import grpc

from secant.errors import Cancelled, Error, Internal
from secant.path import Path
from secant.results.descent import Outcome, Step, Trace
from secant.v1 import descend_pb2 as pb

__all__ = ["AsyncDescent", "Descent"]

# Makes the call of a request; makes an exception of what grpc raises.
Start = Callable[[pb.DescendRequest], Any]
Explain = Callable[[Any], Error]


class _Descent:
    """What both twins have in common."""

    def __init__(self, request: pb.DescendRequest, start: Start, explain: Explain) -> None:
        self._path = Path(request)
        self._start = start
        self._explain = explain
        self._closed = False
        self._waiting: deque[pb.Step] = deque()
        self._call = start(request)

    @property
    def trace(self) -> Trace:
        """The steps received so far, as arrays; a bunch may be ahead of the iteration."""
        return self._path.trace()

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None before."""
        return self._path.outcome

    def _cancel(self) -> None:
        self._closed = True
        self._waiting.clear()
        self._call.cancel()

    def _again(self, error: Any) -> None:
        """Go on after a break where that is possible; else raise what the call failed with."""
        failure = self._explain(error)
        rest = self._path.rest() if failure.status == "UNAVAILABLE" else None
        if rest is None:
            raise failure from None
        self._call = self._start(rest)

    def _ended(self) -> Outcome:
        if self._path.outcome is not None:
            return self._path.outcome
        if self._closed:
            raise Cancelled("the descent was closed before it ended")
        raise Internal("the stream of steps ended without an outcome")


class Descent(_Descent, Iterator[Step]):
    """An iterator of Steps. Leaving its `with` block, or `close`, cancels the call."""

    def __next__(self) -> Step:
        while not self._waiting:
            if not self._receive():
                raise StopIteration
        return self._path.step(self._waiting.popleft())

    def result(self) -> Outcome:
        """Receive the steps that are left and return the outcome.

        Raises:
            Error: The call failed; `trace` holds what came before.
        """
        while self._receive():
            self._waiting.clear()
        return self._ended()

    def close(self) -> None:
        """Cancel the call; what was received stays."""
        self._cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _receive(self) -> bool:
        """Wait for one bunch; False at the end."""
        while not self._closed:
            try:
                self._waiting.extend(self._path.add(next(self._call)))
                return True
            except StopIteration:
                self._ended()
                return False
            except grpc.RpcError as error:
                if not self._closed:
                    self._again(error)
        return False


class AsyncDescent(_Descent, AsyncIterator[Step]):
    """An asynchronous iterator of Steps. Leaving its `async with` block, or `close`, cancels the call."""

    async def __anext__(self) -> Step:
        while not self._waiting:
            if not await self._receive():
                raise StopAsyncIteration
        return self._path.step(self._waiting.popleft())

    async def result(self) -> Outcome:
        """Receive the steps that are left and return the outcome.

        Raises:
            Error: The call failed; `trace` holds what came before.
        """
        while await self._receive():
            self._waiting.clear()
        return self._ended()

    async def close(self) -> None:
        """Cancel the call; what was received stays."""
        self._cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _receive(self) -> bool:
        """Wait for one bunch; False at the end."""
        while not self._closed:
            try:
                reply = await self._call.read()
                if reply is grpc.aio.EOF:
                    self._ended()
                    return False
                self._waiting.extend(self._path.add(reply))
                return True
            except asyncio.CancelledError:
                # How grpc.aio tells of a call closed by another task, unless this task itself is cancelled.
                task = asyncio.current_task()
                if not self._closed or (task is not None and task.cancelling()):
                    raise
            except grpc.RpcError as error:
                if not self._closed:
                    self._again(error)
        return False
