"""The client for asyncio: `secant.connect_async`. Its methods are those of Client, to be awaited."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeAlias, TypeVar

import grpc
import grpc.aio

import secant.rpcs as rpcs
from secant.arrays import Points
from secant.call import Call, Dialogue, Gathering
from secant.channel import TLS, Settings, channel
from secant.connection import Connection
from secant.descent import AsyncDescent
from secant.expression import Function
from secant.method import signed
from secant.v1 import descend_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

__all__ = ["AsyncClient", "connect_async"]

P = ParamSpec("P")
T = TypeVar("T")
Blocks: TypeAlias = Iterable[Points] | AsyncIterable[Points]


def _answered(
    build: Callable[P, Call[T] | Gathering[T]],
) -> "Callable[Concatenate[AsyncClient, P], Coroutine[Any, Any, T]]":
    async def method(self: "AsyncClient", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._make(build(*args, **kwargs))

    return signed(build, method)


def _streamed(
    build: Callable[Concatenate[Function, P], Dialogue[T]],
) -> "Callable[Concatenate[AsyncClient, Function, Blocks, P], AsyncIterator[T]]":
    def method(
        self: "AsyncClient",
        f: Function,
        blocks: Blocks,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> AsyncIterator[T]:
        return self._converse(build(f, *args, **kwargs), blocks)

    return signed(build, method, "blocks")


def _descended(
    build: Callable[P, descend_pb2.DescendRequest],
) -> "Callable[Concatenate[AsyncClient, P], AsyncDescent]":
    def method(self: "AsyncClient", /, *args: P.args, **kwargs: P.kwargs) -> AsyncDescent:
        return self._descend(build(*args, **kwargs))

    return signed(build, method)


class AsyncClient(Connection):
    """A connection to a Secant server; its methods are the calls of the service, to be awaited.

    It belongs to the event loop of its first call. Leaving its `async with` block, or `close`, ends it.

    Raises:
        Error: Every method raises a subclass of it where the call fails.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._open: list[Any] = []

    differentiate = _answered(rpcs.differentiate)
    gradient = _answered(rpcs.gradient)
    jacobian = _answered(rpcs.jacobian)
    hessian = _answered(rpcs.hessian)
    taylor = _answered(rpcs.taylor)
    tangent = _answered(rpcs.tangent)
    approximate = _answered(rpcs.approximate)
    evaluate = _answered(rpcs.evaluate)
    evaluate_stream = _streamed(rpcs.evaluate_stream)
    descend = _descended(rpcs.descend)
    check = _answered(rpcs.check)
    explain = _answered(rpcs.explain)
    export = _answered(rpcs.export)
    plot = _answered(rpcs.plot)
    extrema = _answered(rpcs.extrema)
    describe = _answered(rpcs.describe)

    async def close(self) -> None:
        """Close the connection; calls under way are cancelled."""
        if self._open:
            await self._open[0].close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def _stub(self) -> Any:
        # Not before the first call: a channel of grpc.aio binds itself to the running loop. A list, because
        # twins made by `with_timeout` share it.
        if not self._open:
            opened = channel(self._settings, grpc.aio)
            self._open += [opened, CalculusServiceStub(opened)]  # type: ignore[no-untyped-call]
        return self._open[1]

    async def _make(self, call: Call[T] | Gathering[T]) -> T:
        rpc = getattr(self._stub, call.rpc)
        try:
            if isinstance(call, Call):
                return call.convert(await rpc(call.request, **self._options()))
            async for reply in rpc(call.requests, **self._options()):
                call.add(reply)
        except grpc.RpcError as error:
            raise self._failure(error) from None
        return call.result()

    async def _converse(self, dialogue: Dialogue[T], blocks: Blocks) -> AsyncIterator[T]:
        broken: list[BaseException] = []

        async def requests() -> AsyncIterator[object]:
            yield dialogue.setup
            try:
                if isinstance(blocks, AsyncIterable):
                    async for block in blocks:
                        yield dialogue.ask(block)
                else:
                    for block in blocks:
                        yield dialogue.ask(block)
            except Exception as error:
                # This runs in a task of grpc's own, which would only log it.
                broken.append(error)
                call.cancel()

        # Without a deadline: how long a stream lasts is up to who feeds it.
        call = getattr(self._stub, dialogue.rpc)(requests(), metadata=self._settings.metadata)
        try:
            while (reply := await call.read()) is not grpc.aio.EOF:
                yield dialogue.convert(reply)
        except asyncio.CancelledError:
            # How grpc.aio tells of a call that was cancelled here.
            if broken:
                raise broken[0] from None
            raise
        except grpc.RpcError as error:
            raise self._failure(error) from None
        finally:
            call.cancel()

    def _descend(self, request: descend_pb2.DescendRequest) -> AsyncDescent:
        return AsyncDescent(request, lambda r: self._stub.Descend(r, **self._options()), self._failure)


def connect_async(
    target: str = "127.0.0.1:50051",
    *,
    token: str | None = None,
    tls: TLS | None = None,
    timeout: float | None = 30.0,
) -> AsyncClient:
    """Return an asyncio client of the server at `target`; the arguments are those of `connect`.

    >>> connect_async("127.0.0.1:50051")
    <AsyncClient of 127.0.0.1:50051>
    """
    return AsyncClient(Settings(target, token, tls, timeout))
