"""A server inside this process: `secant.local` and `secant.local_async`.

The only module that knows the service.
"""

import asyncio
import atexit
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from secant.async_client import AsyncClient
from secant.channel import Settings
from secant.client import Client

if TYPE_CHECKING:
    from secantd.server import Server

__all__ = ["local", "local_async", "serve"]

# Seconds. The client's calls end with it; cut off at once, its watch of the server's health is told as an error.
GRACE = 1.0


def local(*, timeout: float | None = 30.0, **settings: Any) -> Client:
    """Start a server in this process and return a client of it; closing the client stops the server.

    The server runs in a thread of its own, with its own event loop.

    Args:
        timeout: Seconds for each call; None waits for ever.
        settings: Of the server and its limits, named as the flags of secantd: `steps=1000`.

    Raises:
        TypeError: The server has no such setting.

    >>> import secant
    >>> with secant.local() as s:
    ...     print(s.differentiate("x^2", "x"))
    2 * x
    """
    loop = _loop()
    server = _server(settings)

    def run(work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result()

    run(server.start())
    return Client(Settings(server.address, timeout=timeout), stop=lambda: run(server.stop(GRACE)))


@asynccontextmanager
async def local_async(*, timeout: float | None = 30.0, **settings: Any) -> AsyncIterator[AsyncClient]:
    """Start a server in the running event loop and give an asyncio client of it.

    The arguments are those of `local`.

    >>> import secant
    >>> async def main():
    ...     async with secant.local_async() as s:
    ...         return await s.differentiate("x^2", "x")
    >>> print(asyncio.run(main()))
    2 * x
    """
    server = _server(settings)
    await server.start()
    try:
        async with AsyncClient(Settings(server.address, timeout=timeout)) as client:
            yield client
    finally:
        await server.stop(GRACE)


def serve(arguments: Sequence[str]) -> None:
    """Run `secantd` with these arguments until a signal comes, then leave the process."""
    from secantd.__main__ import main

    main(arguments)


def _server(settings: dict[str, Any]) -> "Server":
    # Imported here: a client of another server needs neither the server nor what it imports.
    from secantd.server import Server
    from secantd.settings import Limits
    from secantd.settings import Settings as ServerSettings

    names = {field.name for field in fields(Limits)}
    limits = Limits(**{name: value for name, value in settings.items() if name in names})
    others = {name: value for name, value in settings.items() if name not in names}
    return Server(ServerSettings(**{"listen": "127.0.0.1:0", "limits": limits, **others}))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The one loop of all servers of `local`: grpc.aio wakes every loop of a process for each event."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="secant-local", daemon=True)
    thread.start()

    @atexit.register
    def stop() -> None:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1.0)

    return loop
