"""`secantd` and `python -m secantd`: flags, then serve."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from secantd import logs
from secantd.flags import SUPERVISED, ConfigurationError, settings
from secantd.settings import Settings

# What takes a while is imported where it is needed, when SIGTERM has its handler already.
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

__all__ = ["main", "seldom_look_for_cycles"]

# Exit codes: 1 cannot listen, 2 the settings are wrong.
CANNOT_LISTEN, MISCONFIGURED = 1, 2
# What a drain takes beside its pause and its grace.
MARGIN_SECONDS = 2.0
# Seconds after which a busy thread lets the event loop go on: Python's own 5 ms are half of what the loop may lag.
SWITCH_SECONDS = 0.001


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then drain and leave with 0."""
    # Process 1 of a container ignores SIGTERM until a handler is set, and the imports below take a while.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        made, only_check = settings(given, os.environ)
    except ConfigurationError as error:
        print(f"secantd: {error}", file=sys.stderr)
        raise SystemExit(MISCONFIGURED) from None
    if only_check:
        print("the settings are sound")
        return
    logs.configure(made.log)
    supervised = SUPERVISED in given
    if made.workers > 1 and not supervised:
        from secantd.supervisor import supervise

        patience = made.drain_pause + made.grace + MARGIN_SECONDS
        run(supervise(made.listen, made.workers, given, patience, made.metrics), None)
    else:
        # uvloop, where it is installed, halves the cost of a call.
        factory: Callable[[], AbstractEventLoop] | None = None
        with suppress(ImportError):
            from uvloop import new_event_loop as factory
        run(serve(made, supervised), factory)


def run(story: Coroutine[None, None, int], factory: "Callable[[], AbstractEventLoop] | None") -> None:
    """Leave with the exit code that `story` returns."""
    import asyncio

    with asyncio.Runner(loop_factory=factory) as runner:
        code = runner.run(story)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What a full disk did not take is lost; Python would tell so by an exit code of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    raise SystemExit(code)


def seldom_look_for_cycles() -> None:
    """Let the garbage collector rest: the nodes of a call go with their last reference.

    Looking for cycles among them took a third of a small call; what was loaded at the start is never garbage. A look
    stops all threads: at 8000 objects, what the first two generations hold together, for some milliseconds; a look at
    everything is rare.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 3, 2_500)
    gc.enable()


async def serve(made: Settings, supervised: bool) -> int:
    """Serve until a signal comes; return the exit code."""
    # What is imported stays: to look for garbage among it takes a tenth of the start.
    gc.disable()
    import asyncio

    from secantd.metrics import tell
    from secantd.server import ListenError, Server

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if supervised:
        # The end of standard input is the end of the supervisor.
        loop.add_reader(0, stop.set)
    server = Server(made, share_port=supervised)
    try:
        await server.start()
    except ListenError as error:
        print(f"secantd: {error}", file=sys.stderr)
        return CANNOT_LISTEN
    print(f"listening on {server.address}", flush=True)
    seldom_look_for_cycles()
    sys.setswitchinterval(SWITCH_SECONDS)
    # The workers are forked while the first calls are answered.
    warming = loop.create_task(server.warm())
    telling = loop.create_task(tell(server.metrics, 1)) if supervised and made.metrics else None
    await stop.wait()
    loop.remove_reader(0)
    warming.cancel()
    await server.stop(pause=made.drain_pause)
    if telling is not None:
        telling.cancel()
        await asyncio.wait([telling])
    return 0


if __name__ == "__main__":
    main()
