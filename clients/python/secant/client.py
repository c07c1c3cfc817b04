"""The client for programs that wait: `secant.connect`."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

import grpc

import secant.rpcs as rpcs
from secant.arrays import Points
from secant.call import Call, Dialogue, Gathering
from secant.channel import TLS, Settings, channel
from secant.connection import Connection
from secant.descent import Descent
from secant.expression import Function
from secant.method import signed
from secant.v1 import descend_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

__all__ = ["Client", "connect"]

P = ParamSpec("P")
T = TypeVar("T")


def _answered(build: Callable[P, Call[T] | Gathering[T]]) -> "Callable[Concatenate[Client, P], T]":
    def method(self: "Client", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._make(build(*args, **kwargs))

    return signed(build, method)


def _streamed(
    build: Callable[Concatenate[Function, P], Dialogue[T]],
) -> "Callable[Concatenate[Client, Function, Iterable[Points], P], Iterator[T]]":
    def method(
        self: "Client", f: Function, blocks: Iterable[Points], /, *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[T]:
        return self._converse(build(f, *args, **kwargs), blocks)

    return signed(build, method, "blocks")


def _descended(
    build: Callable[P, descend_pb2.DescendRequest],
) -> "Callable[Concatenate[Client, P], Descent]":
    def method(self: "Client", /, *args: P.args, **kwargs: P.kwargs) -> Descent:
        return self._descend(build(*args, **kwargs))

    return signed(build, method)


class Client(Connection):
    """A connection to a Secant server; its methods are the calls of the service.

    It may be used by several threads at once. Leaving its `with` block, or `close`, ends it.

    Raises:
        Error: Every method raises a subclass of it where the call fails.
    """

    def __init__(self, settings: Settings, stop: Callable[[], None] | None = None) -> None:
        super().__init__(settings)
        self._channel = channel(settings)
        self._stub = CalculusServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self._stop = stop

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

    def close(self) -> None:
        """Close the connection; calls under way are cancelled."""
        self._channel.close()
        if self._stop is not None:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _make(self, call: Call[T] | Gathering[T]) -> T:
        rpc = getattr(self._stub, call.rpc)
        try:
            if isinstance(call, Call):
                return call.convert(rpc(call.request, **self._options()))
            for reply in rpc(iter(call.requests), **self._options()):
                call.add(reply)
        except grpc.RpcError as error:
            raise self._failure(error) from None
        return call.result()

    def _converse(self, dialogue: Dialogue[T], blocks: Iterable[Points]) -> Iterator[T]:
        broken: list[BaseException] = []

        def requests() -> Iterator[object]:
            yield dialogue.setup
            try:
                for block in blocks:
                    yield dialogue.ask(block)
            except BaseException as error:
                # This runs in grpc's own thread, which would only log it.
                broken.append(error)
                call.cancel()

        # Without a deadline: how long a stream lasts is up to who feeds it.
        call = getattr(self._stub, dialogue.rpc)(requests(), metadata=self._settings.metadata)
        try:
            for reply in call:
                yield dialogue.convert(reply)
        except grpc.RpcError as error:
            failure: BaseException = broken[0] if broken else self._failure(error)
            raise failure from None
        finally:
            call.cancel()

    def _descend(self, request: descend_pb2.DescendRequest) -> Descent:
        return Descent(request, lambda r: self._stub.Descend(r, **self._options()), self._failure)


def connect(
    target: str = "127.0.0.1:50051",
    *,
    token: str | None = None,
    tls: TLS | None = None,
    timeout: float | None = 30.0,
) -> Client:
    """Return a client of the server at `target`. The connection is made by the first call.

    Args:
        target: "host:port"; several replicas as "ipv4:a:p,b:p" or "dns:///name:p", taken in turn.
        token: The token that the server asks for.
        tls: Certificates, for a server that speaks TLS.
        timeout: Seconds for each call (`evaluate_stream` excepted); None waits for ever.

    Raises:
        ValueError: `target` is a web address.

    >>> connect("127.0.0.1:50051")
    <Client of 127.0.0.1:50051>
    """
    return Client(Settings(target, token, tls, timeout))
