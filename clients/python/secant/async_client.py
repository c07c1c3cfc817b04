"""The asyncio client: `secant.connect_async`. It has the methods of Client as coroutines."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
import grpc.aio

import secant._forks as forks
from secant._blocks import open_stub
from secant._call import Call, Dialogue, Gathering
from secant._channel import TLS, ConnectionSettings, channel
from secant._connection import Connection
from secant._methods import Awaited, Blocks
from secant._notices import warn_of
from secant.descent import AsyncDescent
from secant.results._repeat import bound
from secant.rpcs import Methods
from secant.v1 import descend_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

__all__ = ["AsyncClient", "connect_async"]

T = TypeVar("T")


class AsyncClient(Connection, Methods, Awaited):
    """A connection to a Secant server for asyncio, with one coroutine for each rpc of the service.

    The connection belongs to the event loop of its first call. `close`, or the end of an `async with` block, closes it.

    Raises:
        Error: A call failed. Every method raises a subclass of it.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        super().__init__(settings)
        self._open: list[Any] = []
        self._generation = forks.generation()

    async def close(self) -> None:
        """Close the connection and cancel its calls."""
        if self._open and self._generation == forks.generation():
            await self._open[0].close()
            forks.closed(self._open[0])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def _stub(self) -> Any:
        # Opened by the first call, because a channel of grpc.aio binds itself to the running loop. A list, because
        # copies made by `with_timeout` share it.
        forks.check()
        if not self._open:
            opened = channel(self._settings, grpc.aio)
            forks.opened(opened)
            self._open += [opened, open_stub(CalculusServiceStub(opened), opened)]  # type: ignore[no-untyped-call]
        return self._open[1]

    async def _make(self, call: Call[T] | Gathering[T]) -> T:
        rpc = getattr(self._stub, call.rpc)
        try:
            if isinstance(call, Call):
                answer = self._read(call.read, await rpc(call.request, **self._options()))
                bound(answer, self._make)
                if self.warns:
                    warn_of(answer)
                return answer
            async for reply in rpc(call.requests, **self._options()):
                self._read(call.add, reply)
        except grpc.RpcError as error:
            failed = self._failure(error)
            parts = call.in_parts(failed) if isinstance(call, Call) else None
            if parts is None:
                raise failed from None
            return await self._make(parts)
        return self._read(call.result)

    async def _converse(self, dialogue: Dialogue[T], blocks: Blocks) -> AsyncIterator[T]:
        broken: list[BaseException] = []
        sent = False

        async def requests() -> AsyncIterator[object]:
            nonlocal sent
            yield dialogue.setup
            try:
                if isinstance(blocks, AsyncIterable):
                    async for block in blocks:
                        yield dialogue.ask(block)
                else:
                    for block in blocks:
                        yield dialogue.ask(block)
                sent = True
            except Exception as error:
                # This runs in a task of gRPC, which would only log the error.
                broken.append(error)
                call.cancel()

        # No deadline: the caller's blocks determine how long the stream lasts.
        call = getattr(self._stub, dialogue.rpc)(requests(), metadata=self._settings.metadata)
        try:
            while (reply := await call.read()) is not grpc.aio.EOF:
                yield self._read(dialogue.convert, reply)
            self._read(dialogue.end, sent)
        except asyncio.CancelledError:
            # grpc.aio raises this for a call that was cancelled above.
            if broken:
                raise broken[0] from None
            raise
        except grpc.RpcError as error:
            raise self._failure(error) from None
        finally:
            call.cancel()

    def _descend(self, request: descend_pb2.DescendRequest) -> AsyncDescent:
        def start(rest: descend_pb2.DescendRequest) -> tuple[Any, None]:
            return self._stub.Descend(rest, **self._options()), None

        return AsyncDescent(request, start, self._failure, self._read, self.warns)


def connect_async(
    target: str = "127.0.0.1:50051",
    *,
    token: str | None = None,
    tls: TLS | None = None,
    timeout: float | None = 30.0,
) -> AsyncClient:
    """Return an asyncio client of the server at `target`. The first call opens the connection.

    Args:
        target: "host:port"; several replicas as "ipv4:a:p,b:p" or "dns:///name:p", used in turn.
        token: Access token of the server; None sends none.
        tls: Certificates; None connects without TLS.
        timeout: Time limit of each call in seconds (`evaluate_stream` excepted); None sets no limit.

    Raises:
        ValueError: `target` is a web address.
        InvalidArgument: INVALID_VALUE, `token` has characters that no header can carry.

    >>> connect_async("127.0.0.1:50051")
    <AsyncClient of 127.0.0.1:50051>
    """
    return AsyncClient(ConnectionSettings(target, token, tls, timeout))
