"""The service that the functions of the module `secant` share: `secant.gradient(...)`, `secant.use(...)`.

It starts with the first call, inside this process, and ends with it. Before a fork it is stopped if no call runs; parent and child
start their own with their next call.
"""

import functools
import inspect
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import secant._forks as forks
from secant._arrays import Points
from secant._call import Call, Dialogue, Gathering
from secant._channel import TLS
from secant._embedded import local
from secant._keywords import careful
from secant._methods import Synchronous, signature_of
from secant.client import Client, connect
from secant.descent import Descent
from secant.expression import Function
from secant.results._repeat import bound
from secant.v1 import descend_pb2

__all__ = ["answering", "descending", "streaming", "use"]

P = ParamSpec("P")
T = TypeVar("T")

# Seconds to wait for an answer of another server.
TIMEOUT: float = 30.0


class _Shared(Synchronous):
    """A client of the server of `use`, of $SECANT_SERVER, or of one inside this process."""

    def __init__(self) -> None:
        self._client: Client | None = None
        # Whether the client was made here, and is closed here.
        self._own = True
        self._begin()
        forks.register(self)

    def _begin(self) -> None:
        """Begin in a process: the parent of a forked child has its own server, and a thread of it may have held the lock."""
        self._lock = threading.RLock()
        self._users = 0
        if self._own and self._client is not None and self._client.stops:
            self._client = None

    def hold(self) -> None:
        """Let no other thread start a server or a call until the fork is over."""
        self._lock.acquire()

    def let(self) -> None:
        """Let threads go on after a fork."""
        self._lock.release()

    def use(self, client: Client | None, own: bool) -> None:
        """Let the next calls go to a client; None: the default."""
        with self._lock:
            before, was_own = self._client, self._own
            self._client, self._own = client, own
        if before is not None and was_own and before is not client:
            before.close()

    def client(self) -> Client:
        """Return the client, which is made by the first call."""
        with self._lock:
            if self._client is None:
                self._client, self._own = _default(), True
            return self._client

    @contextmanager
    def _used(self) -> Iterator[Client]:
        with self._lock:
            client = self.client()
            self._users += 1
        try:
            yield client
        finally:
            with self._lock:
                self._users -= 1

    @property
    def busy(self) -> bool:
        """Whether a call runs; see `forks.Idle`."""
        return self._users > 0 or (self._client is not None and self._client.busy)

    def release(self) -> bool:
        """Stop the server of this process if no call runs; see `forks.Idle`."""
        with self._lock:
            if self._client is None or not (self._own and self._client.stops) or self.busy:
                return False
            client, self._client = self._client, None
        client.close()
        return True

    def _make(self, call: Call[T] | Gathering[T]) -> T:
        with self._used() as client:
            answer = client._make(call)
        bound(answer, self._make)
        return answer

    def _converse(self, dialogue: Dialogue[T], blocks: Iterable[Points]) -> Iterator[T]:
        with self._used() as client:
            yield from client._converse(dialogue, blocks)

    def _descend(self, request: descend_pb2.DescendRequest) -> Descent:
        with self._used() as client:
            return client._descend(request)


def _default() -> Client:
    server = os.environ.get("SECANT_SERVER")
    if not server:
        return local(timeout=None)
    ca = os.environ.get("SECANT_CA")
    return connect(server, token=os.environ.get("SECANT_TOKEN"), tls=TLS(ca) if ca else None)


_SHARED = _Shared()
if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    # The handlers that run before a fork run in the reverse order of their registration: this one before that of `secant._forks`.
    os.register_at_fork(before=_SHARED.hold, after_in_parent=_SHARED.let, after_in_child=_SHARED._begin)


def use(
    server: str | Client | None = None,
    *,
    token: str | None = None,
    tls: TLS | None = None,
    timeout: float | None = TIMEOUT,
) -> None:
    """Choose the server that answers `secant.gradient(...)` and all other functions of the module.

    Without it the server is that of the environment variable SECANT_SERVER (with SECANT_TOKEN and SECANT_CA), or else one inside this
    process, which starts with the first call.

    Args:
        server: "host:port", as for `connect`, or a client. None: as without this function.
        token: As for `connect`.
        tls: As for `connect`.
        timeout: As for `connect`.

    Raises:
        TypeError: `server` is neither a string nor a client of `connect` or `local`.
        ValueError: As for `connect`.

    >>> import secant
    >>> with secant.local(steps=1000) as s:
    ...     secant.use(s)
    ...     print(secant.describe().limits["steps"].value)
    1000.0
    >>> secant.use(None)
    """
    if isinstance(server, str):
        _SHARED.use(connect(server, token=token, tls=tls, timeout=timeout), own=True)
    elif server is None or isinstance(server, Client):
        _SHARED.use(server, own=server is None)
    else:
        raise TypeError(
            f'the server must be "host:port", or a client of secant.connect() or secant.local(); got {type(server).__name__}'
        )


def answering(build: Callable[P, Call[T] | Gathering[T]]) -> Callable[P, T]:
    """Return the function of the module `secant` for an rpc with one answer.

    Args:
        build: The function of the rpc, whose name, docstring and parameters it has.
    """

    request: Callable[P, Call[T] | Gathering[T]] = careful(build)

    def function(*args: P.args, **kwargs: P.kwargs) -> T:
        return _SHARED._make(request(*args, **kwargs))

    return _of_module(build, function)


def streaming(
    build: Callable[Concatenate[Function, P], Dialogue[T]],
) -> Callable[Concatenate[Function, Iterable[Points], P], Iterator[T]]:
    """Return the function of the module `secant` for an rpc that answers blocks of points."""

    request: Callable[Concatenate[Function, P], Dialogue[T]] = careful(build)

    def function(f: Function, blocks: Iterable[Points], /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return _SHARED._converse(request(f, *args, **kwargs), blocks)

    return _of_module(build, function, "blocks")


def descending(build: Callable[P, descend_pb2.DescendRequest]) -> Callable[P, Descent]:
    """Return the function of the module `secant` for an rpc that returns a descent."""

    def function(*args: P.args, **kwargs: P.kwargs) -> Descent:
        return _SHARED._descend(build(*args, **kwargs))

    return _of_module(build, function)


F = TypeVar("F", bound=Callable[..., Any])


def _of_module(build: Callable[..., Any], function: F, blocks: str | None = None) -> F:
    returns = inspect.signature(function).return_annotation
    functools.update_wrapper(function, build)
    function.__module__ = "secant"
    signature = signature_of(build, Descent if returns is Descent else returns, blocks)
    function.__signature__ = signature  # type: ignore[attr-defined]
    return function
