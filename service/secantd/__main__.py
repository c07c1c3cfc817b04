"""`secantd` and `python -m secantd`: flags, then serve."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from secantd.flags import ConfigurationError, settings
from secantd.settings import Settings

__all__ = ["main"]

# Exit codes: 1 cannot listen, 2 the settings are wrong.
CANNOT_LISTEN, MISCONFIGURED = 1, 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then drain and leave with 0."""
    # Process 1 of a container ignores SIGTERM until a handler is set, and the imports below take a while.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        made, only_check = settings(sys.argv[1:] if arguments is None else arguments, os.environ)
    except ConfigurationError as error:
        print(f"secantd: {error}", file=sys.stderr)
        raise SystemExit(MISCONFIGURED) from None
    if only_check:
        print("the settings are sound")
        return
    run(made)


def run(made: Settings) -> None:
    """Serve; with uvloop where it is installed, which halves the cost of a call."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    with suppress(ImportError):
        from uvloop import new_event_loop as factory
    with asyncio.Runner(loop_factory=factory) as runner:
        raise SystemExit(runner.run(serve(made)))


async def serve(made: Settings) -> int:
    """Serve until a signal comes; return the exit code."""
    from secantd.server import ListenError, Server

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = Server(made)
    try:
        await server.start()
    except ListenError as error:
        print(f"secantd: {error}", file=sys.stderr)
        return CANNOT_LISTEN
    # The workers are forked while the first calls are answered.
    warming = asyncio.create_task(server.warm())
    print(f"listening on {server.address}", flush=True)
    await stop.wait()
    warming.cancel()
    await server.stop(pause=made.drain_pause)
    return 0


if __name__ == "__main__":
    main()
