"""`secantd` and `python -m secantd`: flags, then serve."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from secantd import logs, watchdog
from secantd.errors import CalculusError
from secantd.flags import SUPERVISED, ConfigurationError, settings
from secantd.parts import missing_part, require_parts
from secantd.settings import Settings

# Modules that are slow to import are imported where they are needed, after SIGTERM has its handler.
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

__all__ = ["collect_garbage_rarely", "main"]

# Exit codes: 1 cannot listen, 2 the settings or the limit of open files are wrong, or a package is missing; those of a process that hung are in watchdog.py.
CANNOT_LISTEN, MISCONFIGURED = 1, 2
# Seconds of a drain in addition to its pause and grace.
MARGIN_SECONDS = 2.0
# Seconds after which a busy thread yields to the event loop. Python's default of 5 ms is half of the lag that is allowed.
SWITCH_SECONDS = 0.001
# Files that a server opens: 26 with two idle workers, and one for each connection.
OPEN_FILES = 48


def compute_with_one_thread() -> None:
    """Let each product of matrices use one thread, unless the environment says otherwise; before NumPy is imported.

    Calls run side by side. A descent of a regression with 100,000 rows took 4 times as long with a thread of OpenBLAS for each
    of two busy processors, and 3 times the CPU time.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, then drain and exit with 0."""
    open_standard_streams()
    # Process 1 of a container ignores SIGTERM until a handler is set, and the imports below take a while.
    for number in watchdog.SIGNALS:
        if number != signal.SIGINT:
            signal.signal(number, lambda *_: sys.exit(0))
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        made, only_check = settings(given, os.environ)
        require_parts()
    except (ConfigurationError, CalculusError) as error:
        print(f"secantd: {error}", file=sys.stderr)
        raise SystemExit(MISCONFIGURED) from None
    if only_check:
        print("the configuration is valid")
        return
    raise_open_files()
    compute_with_one_thread()
    logs.configure(made.log)
    supervised = SUPERVISED in given
    if made.workers > 1 and not supervised:
        from secantd.supervisor import supervise

        # A second more than a server that hangs needs to report where it hangs and exit.
        drain_seconds = seconds_to_end(made) + 1
        scheme = "https" if made.tls_key else "http"
        run(supervise(made.listen, made.workers, given, drain_seconds, made.metrics, made.http, scheme), None)
    else:
        # uvloop, if it is installed, halves the cost of a call.
        factory: Callable[[], AbstractEventLoop] | None = None
        with suppress(ImportError):
            from uvloop import new_event_loop as factory
        run(serve(made, supervised), factory)


def seconds_to_end(made: Settings) -> float:
    """Return how long a server may take to end after a signal."""
    return made.drain_pause + made.grace + MARGIN_SECONDS


def raise_open_files() -> None:
    """Allow as many open files as the system does, because each connection needs one; exit if they are too few to start."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS may refuse a limit that it reports itself.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        print(
            f"secantd: at most {soft} files may be open, but the server needs {OPEN_FILES} and one for each connection; "
            "raise the limit, for example with `ulimit -n 1024`",
            file=sys.stderr,
        )
        raise SystemExit(MISCONFIGURED)


def open_standard_streams() -> None:
    """Open /dev/null if the process was started without standard input, output or error.

    Otherwise sockets would get the numbers 0 to 2 and receive what is written to standard error.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is this one.
            # Processes that are started here inherit it, so that none of them has a socket there either.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def run(coroutine: Coroutine[None, None, int], factory: "Callable[[], AbstractEventLoop] | None") -> NoReturn:
    """Run a coroutine and exit with the code that it returns, even if other threads still import SciPy or compute."""
    import asyncio

    code = asyncio.Runner(loop_factory=factory).run(coroutine)
    for stream in (sys.stdout, sys.stderr):
        # The disk may be full.
        with suppress(OSError):
            stream.flush()
    # Closing the runner and exiting Python would wait for those threads.
    os._exit(code)


def collect_garbage_rarely() -> None:
    """Run the garbage collector rarely: the nodes of a call are freed by reference counting.

    Searching them for cycles took a third of a small call, and the modules loaded at the start are never garbage. A collection
    stops all threads: for some milliseconds at 8000 objects, which the first two generations hold together. A full one is
    rare.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 3, 2_500)
    gc.enable()


async def serve(made: Settings, supervised: bool) -> int:
    """Serve until a signal arrives; return the exit code."""
    # Searching imported modules for garbage takes a tenth of the start, and finds none.
    gc.disable()
    watchdog.block_signals()
    import asyncio

    try:
        from secantd.metrics import write_lines
        from secantd.server import ListenError, Server
    except ImportError as error:
        # Installed by halves: require_parts only looks for the packages.
        if (missing := missing_part(error)) is None:
            raise
        print(f"secantd: {missing}", file=sys.stderr)
        return MISCONFIGURED

    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        # The loop may be closed if the server ends by itself at the same moment.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    watchdog.watch(end, seconds_to_end(made))
    if supervised:
        # Standard input is closed when the supervisor ends.
        loop.add_reader(0, stop.set)
    server = Server(made, share_port=supervised)
    try:
        await server.start()
    except ListenError as error:
        print(f"secantd: {error}", file=sys.stderr)
        return CANNOT_LISTEN
    # Standard output may be a file on a full disk.
    with suppress(OSError):
        # The supervisor reports its own address.
        http = f"\nHTTP on {server.http_address}" if server.http_address and not supervised else ""
        print(f"listening on {server.address}{http}", flush=True)
    collect_garbage_rarely()
    sys.setswitchinterval(SWITCH_SECONDS)
    # The workers are forked while the first calls are answered.
    warming = loop.create_task(server.warm())
    reporting = loop.create_task(write_lines(server.metrics, 1)) if supervised and made.metrics else None
    stopped, lost = loop.create_task(stop.wait()), loop.create_task(server.wait())
    await asyncio.wait([stopped, lost], return_when=asyncio.FIRST_COMPLETED)
    if supervised:
        loop.remove_reader(0)
    warming.cancel()
    await server.stop(pause=made.drain_pause)
    if reporting is not None:
        reporting.cancel()
        await asyncio.wait([reporting])
    if lost.done() and (problem := lost.exception()) is not None:
        print(f"secantd: {problem}", file=sys.stderr)
        return CANNOT_LISTEN
    return 0


if __name__ == "__main__":
    main()
