"""A server inside this process: `secant.local` and `secant.local_async`.

This is the only module of the client that imports the service.
"""

import asyncio
import atexit
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

import secant._forks as forks
from secant._channel import ConnectionSettings
from secant.async_client import AsyncClient
from secant.client import Client

if TYPE_CHECKING:
    from secantd.server import Server

__all__ = ["local", "local_async", "serve"]

# Seconds. gRPC watches the server's health; if that call were cut off at once, it would be logged as an error.
GRACE = 1.0


def local(*, timeout: float | None = 30.0, **settings: Any) -> Client:
    """Return a client of a new server inside this process; closing the client stops the server.

    The server runs in its own thread with its own event loop.

    Args:
        timeout: Time limit of each call in seconds; None sets no limit. The first long call starts worker processes,
            which takes a second or two of this time.
        settings: Settings and limits of the server, named like the flags of secantd: `steps=1000`.

    Raises:
        TypeError: The server has no such setting.
        Unimplemented: A package that a server needs is not installed: `pip install "secant[local]"`.
        Error: This process was forked from one in which gRPC was running.

    >>> import secant
    >>> with secant.local() as s:
    ...     print(s.differentiate("x^2", "x"))
    2 * x
    """
    forks.check()
    loop = _loop(forks.generation())
    server = _server(settings)

    def run(work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result()

    def stop() -> None:
        run(server.stop(GRACE))
        forks.closed(server)

    forks.opened(server)
    try:
        _started(lambda: run(server.start()))
    except BaseException:
        forks.closed(server)
        raise
    return Client(ConnectionSettings(server.address, timeout=timeout), stop=stop)


@asynccontextmanager
async def local_async(*, timeout: float | None = 30.0, **settings: Any) -> AsyncIterator[AsyncClient]:
    """Start a server in the running event loop and yield an asyncio client of it.

    Args:
        timeout: Time limit of each call in seconds; None sets no limit.
        settings: Settings and limits of the server, as for `local`.

    Raises:
        TypeError: The server has no such setting.
        Unimplemented: A package that a server needs is not installed: `pip install "secant[local]"`.
        Error: This process was forked from one in which gRPC was running.

    >>> import secant
    >>> async def main():
    ...     async with secant.local_async() as s:
    ...         return await s.differentiate("x^2", "x")
    >>> print(asyncio.run(main()))
    2 * x
    """
    forks.check()
    server = _server(settings)
    forks.opened(server)
    await server.start()
    try:
        async with AsyncClient(ConnectionSettings(server.address, timeout=timeout)) as client:
            yield client
    finally:
        await server.stop(GRACE)
        forks.closed(server)


def _started(start: Callable[[], None]) -> None:
    """Start a server; a data set that cannot be read is an error of the client."""
    from secant._failures import engine_errors

    with engine_errors():
        start()


def _require_parts() -> None:
    """Raise Unimplemented unless the packages that a server needs can be imported."""
    from secantd.parts import missing_part, require_parts

    from secant._failures import engine_errors, of_engine

    with engine_errors():
        require_parts()
    try:
        import secantd.server  # noqa: F401
    except ImportError as error:
        if (missing := missing_part(error)) is None:
            raise
        raise of_engine(missing) from None


def serve(arguments: Sequence[str]) -> None:
    """Run `secantd` until a signal stops it, then exit the process.

    Args:
        arguments: Command-line arguments of `secantd`.
    """
    from secantd.__main__ import main

    main(arguments)


def _server(settings: dict[str, Any]) -> "Server":
    # Imported here: a client of a remote server needs neither the server nor its dependencies.
    _require_parts()
    from secantd.server import Server
    from secantd.settings import Limits, Settings

    names = {field.name for field in fields(Limits)}
    limits = Limits(**{name: value for name, value in settings.items() if name in names})
    others = {name: value for name, value in settings.items() if name not in names}
    return Server(Settings(**{"listen": "127.0.0.1:0", "limits": limits, **others}), single_user=True)


@cache
def _loop(generation: int) -> asyncio.AbstractEventLoop:
    """Return the event loop of all local servers of this process.

    There is only one, because grpc.aio wakes every loop of a process for each event.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="secant-local", daemon=True)
    thread.start()

    @atexit.register
    def stop() -> None:
        if forks.generation() != generation:
            return  # the loop belongs to the parent process
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1.0)

    return loop
