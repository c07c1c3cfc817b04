"""The blocking client: `secant.connect`."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

import secant._forks as forks
from secant._arrays import Points
from secant._call import Call, Dialogue, Gathering
from secant._channel import TLS, ConnectionSettings, Lease, Wire
from secant._connection import Connection
from secant._methods import Synchronous
from secant._notices import warn_of
from secant.descent import Descent
from secant.errors import Error
from secant.results._repeat import bound
from secant.rpcs import Methods
from secant.v1 import descend_pb2

__all__ = ["Client", "connect"]

T = TypeVar("T")


class Client(Connection, Methods, Synchronous):
    """A connection to a Secant server, with one method for each rpc of the service.

    Several threads may use it at once. `close`, or the end of a `with` block, closes it.

    Raises:
        Error: A call failed. Every method raises a subclass of it.
    """

    def __init__(self, settings: ConnectionSettings, stop: Callable[[], None] | None = None) -> None:
        super().__init__(settings)
        self._wire = Wire(settings)
        self._stop = stop
        self._generation = forks.generation()

    def close(self) -> None:
        """Close the connection and cancel its calls; a forked child does not close its parent's connection."""
        self._wire.close()
        stop, self._stop = self._stop, None
        if stop is not None and self._generation == forks.generation():
            stop()
        forks.closed()

    @property
    def busy(self) -> bool:
        """Whether a call runs."""
        return self._wire.busy

    @property
    def stops(self) -> bool:
        """Whether `close` stops a server of this process."""
        return self._stop is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _stub(self) -> Any:
        return self._wire.stub()

    def _make(self, call: Call[T] | Gathering[T]) -> T:
        answer = self._attempt(call)
        if isinstance(answer, Error):
            raise answer
        bound(answer, self._make)
        if self.warns:
            warn_of(answer)
        return answer

    def _attempt(self, call: Call[T] | Gathering[T]) -> T | Error:
        """Return the answer or the error; an error raised here would keep the channel alive in its traceback."""
        with Lease(self._wire) as stub:
            rpc = getattr(stub, call.rpc)
            try:
                if isinstance(call, Call):
                    return self._read(call.read, rpc(call.request, **self._options()))
                for reply in rpc(iter(call.requests), **self._options()):
                    self._read(call.add, reply)
                return self._read(call.result)
            except grpc.RpcError as error:
                failed = self._failure(error)
            except Error as error:
                return error.with_traceback(None)
        parts = call.in_parts(failed) if isinstance(call, Call) else None
        if parts is None:
            return failed
        return self._attempt(parts)

    def _converse(self, dialogue: Dialogue[T], blocks: Iterable[Points]) -> Iterator[T]:
        broken: list[BaseException] = []
        sent = False

        def requests() -> Iterator[object]:
            nonlocal sent
            yield dialogue.setup
            try:
                for block in blocks:
                    yield dialogue.ask(block)
                sent = True
            except GeneratorExit:
                # gRPC takes no more messages: the call has ended, and its status is the error.
                raise
            except BaseException as error:
                # This runs in a thread of gRPC, which would only log the error.
                broken.append(error)
                call.cancel()

        # No deadline: the caller's blocks determine how long the stream lasts.
        lease = Lease(self._wire)
        call = getattr(lease.stub, dialogue.rpc)(requests(), metadata=self._settings.metadata)
        failure: BaseException | None = None
        try:
            for reply in call:
                yield self._read(dialogue.convert, reply)
                if lease.inherited:
                    forks.check()
            self._read(dialogue.end, sent)
        except grpc.RpcError as error:
            failure = broken[0] if broken else self._failure(error)
        finally:
            if not lease.inherited:
                call.cancel()
            lease.end()
        if failure is not None:
            raise failure

    def _descend(self, request: descend_pb2.DescendRequest) -> Descent:
        def start(rest: descend_pb2.DescendRequest) -> tuple[Any, Lease]:
            lease = Lease(self._wire)
            return lease.stub.Descend(rest, **self._options()), lease

        return Descent(request, start, self._failure, self._read, self.warns)


def connect(
    target: str = "127.0.0.1:50051",
    *,
    token: str | None = None,
    tls: TLS | None = None,
    timeout: float | None = 30.0,
) -> Client:
    """Return a client of the server at `target`. The first call opens the connection.

    Args:
        target: "host:port"; several replicas as "ipv4:a:p,b:p" or "dns:///name:p", used in turn.
        token: Access token of the server; None sends none.
        tls: Certificates; None connects without TLS.
        timeout: Time limit of each call in seconds (`evaluate_stream` excepted); None sets no limit.

    Raises:
        ValueError: `target` is a web address.
        InvalidArgument: INVALID_VALUE, `token` has characters that no header can carry.
        OSError: A certificate file cannot be read.

    >>> connect("127.0.0.1:50051")
    <Client of 127.0.0.1:50051>
    """
    return Client(ConnectionSettings(target, token, tls, timeout))
