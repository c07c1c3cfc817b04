"""A running descent: an iterator of its steps, with a trace and an outcome."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Any, Self

import grpc

import secant._forks as forks
from secant._channel import Lease
from secant._notices import warn_of
from secant._path import ReceivedPath
from secant.errors import Cancelled, Error, Internal
from secant.results.descent import Outcome, Step, Trace
from secant.v1 import descend_pb2 as pb

__all__ = ["AsyncDescent", "Descent"]

# Starts the call of a request; returns it and its use of the channel.
Start = Callable[[pb.DescendRequest], tuple[Any, Lease | None]]
# Converts a grpc.RpcError to an exception of the client.
Explain = Callable[[Any], Error]
# Calls a function with a reply; raises Internal if the reply is malformed.
Read = Callable[..., Any]

# Statuses of a broken connection, or of a call that a proxy cancelled.
BROKEN = ("UNAVAILABLE", "CANCELLED")


class _Descent:
    """The common part of Descent and AsyncDescent."""

    def __init__(
        self, request: pb.DescendRequest, start: Start, explain: Explain, read: Read, warns: bool = False
    ) -> None:
        self._warns = warns
        self._path = ReceivedPath(request)
        self._start = start
        self._explain = explain
        self._read = read
        self._closed = False
        self._waiting: deque[pb.Step] = deque()
        self._call, self._lease = start(request)

    def __repr__(self) -> str:
        outcome = self._path.outcome
        if outcome is not None:
            return f"<{type(self).__name__}: {outcome}>"
        state = "closed" if self._closed else "iterate over it for its steps, or call result() for the outcome"
        return f"<{type(self).__name__}: {state}>"

    @property
    def trace(self) -> Trace:
        """The steps received so far as arrays; steps arrive in groups, so it may be ahead of the iteration."""
        return self._path.trace()

    @property
    def outcome(self) -> Outcome | None:
        """The outcome of the descent; None until it has ended."""
        return self._path.outcome

    def _cancel(self) -> None:
        self._closed = True
        self._waiting.clear()
        self._leave()

    def _again(self, failure: Error) -> None:
        """Resume the descent after a broken connection, or raise the failure if that is not possible."""
        rest = self._path.rest() if failure.status in BROKEN else None
        self._leave()
        if rest is None:
            raise failure
        self._call, self._lease = self._start(rest)

    def _take(self, reply: pb.DescendResponse) -> None:
        """Store the steps of one reply."""
        try:
            self._waiting.extend(self._read(self._path.add, reply))
        except Error:
            self._leave()
            raise

    def _leave(self) -> None:
        """End the call, unless it belongs to the process that this one was forked from."""
        if self._lease is None or not self._lease.inherited:
            self._call.cancel()
        if self._lease is not None:
            self._lease.end()

    def _warned(self, outcome: Outcome) -> Outcome:
        if self._warns:
            warn_of(outcome)
        return outcome

    def _ended(self) -> Outcome:
        if self._lease is not None:
            self._lease.end()
        if self._path.outcome is not None:
            return self._path.outcome
        if self._closed:
            raise Cancelled("the descent was closed before it ended")
        raise Internal("the stream of steps ended without an outcome")


class Descent(_Descent, Iterator[Step]):
    """An iterator of Steps. `close`, or the end of a `with` block, cancels the call."""

    def __next__(self) -> Step:
        while not self._waiting:
            if not self._receive():
                raise StopIteration
        return self._path.step(self._waiting.popleft())

    def result(self) -> Outcome:
        """Receive the remaining steps and return the outcome.

        Raises:
            Error: The call failed; `trace` has the steps received before.
            Cancelled: The descent was closed before it ended.
        """
        while self._receive():
            self._waiting.clear()
        return self._warned(self._ended())

    def close(self) -> None:
        """Cancel the call; `trace` keeps the steps received."""
        self._cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _receive(self) -> bool:
        """Wait for the next reply and return True; return False at the end."""
        while not self._closed:
            try:
                if self._lease is not None and self._lease.inherited and self._path.outcome is None:
                    forks.check()
                self._take(next(self._call))
                return True
            except StopIteration:
                self._ended()
                return False
            except grpc.RpcError as error:
                failure = self._explain(error)
            if not self._closed:
                self._again(failure)
        return False


class AsyncDescent(_Descent, AsyncIterator[Step]):
    """An asynchronous iterator of Steps. `close`, or the end of an `async with` block, cancels the call."""

    async def __anext__(self) -> Step:
        while not self._waiting:
            if not await self._receive():
                raise StopAsyncIteration
        return self._path.step(self._waiting.popleft())

    async def result(self) -> Outcome:
        """Receive the remaining steps and return the outcome.

        Raises:
            Error: The call failed; `trace` has the steps received before.
            Cancelled: The descent was closed before it ended.
        """
        while await self._receive():
            self._waiting.clear()
        return self._warned(self._ended())

    async def close(self) -> None:
        """Cancel the call; `trace` keeps the steps received."""
        self._cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _receive(self) -> bool:
        """Wait for the next reply and return True; return False at the end."""
        while not self._closed:
            try:
                reply = await self._call.read()
                if reply is grpc.aio.EOF:
                    self._ended()
                    return False
                self._take(reply)
                return True
            except asyncio.CancelledError:
                # grpc.aio raises this when another task closes the call, and asyncio when this task is cancelled.
                task = asyncio.current_task()
                if not self._closed or (task is not None and task.cancelling()):
                    raise
                return False
            except grpc.RpcError as error:
                failure = self._explain(error)
            if not self._closed:
                self._again(failure)
        return False
