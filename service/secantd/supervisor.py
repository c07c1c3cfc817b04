"""Several servers on one port: `--workers N` starts N processes and replaces those that die."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress

from secantd import metrics
from secantd.metrics import Totals
from secantd.watchdog import SIGNALS

__all__ = ["supervise"]

# A server that dies within this time after its start is likely to do so again, so the next start is delayed as long.
YOUNG_SECONDS = 1.0
# Give up after this many such deaths in a row: the settings or the machine are at fault.
YOUNG_DEATHS = 5
# Bytes of a server's line of metrics, which has some hundred bytes for each method and code.
LONGEST_LINE = 4 << 20


async def supervise(
    listen: str,
    count: int,
    arguments: Sequence[str],
    drain_seconds: float,
    page: str = "",
    http: str = "",
    scheme: str = "http",
) -> int:
    """Run `count` servers until a signal arrives; return the exit code.

    Args:
        listen: HOST:PORT, which they share; the kernel passes each connection to one of them.
        count: Number of servers.
        arguments: The command line of each.
        drain_seconds: Seconds that they have to drain.
        page: HOST:PORT of the page with the sum of their metrics; "" for none.
        http: HOST:PORT of HTTP, which they share too; "" for none.
        scheme: That of its address: "http", or "https" with TLS.
    """
    stop = asyncio.Event()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        held, address = hold(listen)
    except OSError as error:
        print(f"secantd: cannot listen on {listen}: {error.strerror}", file=sys.stderr)
        return 1
    totals = Totals()
    if page:
        try:
            await metrics.serve(totals.text, page)
        except OSError as error:
            print(f"secantd: cannot listen on {page}: {os.strerror(error.errno or 0)}", file=sys.stderr)
            held.close()
            return 1
    with held, ExitStack() as stack:
        ready = asyncio.Semaphore(0)
        command = [sys.executable, "-m", "secantd", *arguments, "--listen", address, "--supervised"]
        if http:
            try:
                held_too, http = hold(http)
            except OSError as error:
                print(f"secantd: cannot listen on {http}: {error.strerror}", file=sys.stderr)
                return 1
            stack.enter_context(held_too)
            command += ["--http", http]
        keepers = [asyncio.create_task(keep(command, ready, stop, drain_seconds, totals)) for _ in range(count)]
        waiting = asyncio.create_task(all_of(ready, count))
        ended = asyncio.create_task(stop.wait())
        await asyncio.wait([waiting, ended, *keepers], return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            # Standard output may be a file on a full disk.
            with suppress(OSError):
                print(f"listening on {address}" + (f"\nHTTP on {scheme}://{http}" if http else ""), flush=True)
            await asyncio.wait([ended, *keepers], return_when=asyncio.FIRST_COMPLETED)
        gave_up = not stop.is_set()
        stop.set()
        codes = await asyncio.gather(*keepers)
        waiting.cancel()
        return max(codes) if gave_up else 0


def hold(listen: str) -> tuple[socket.socket, str]:
    """Reserve the port while the returned socket is open. It is bound but does not listen, so it gets no connections."""
    host, _, port = listen.rpartition(":")
    family, kind, protocol, _, name = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
    # Binding a shared port succeeds beside other servers that share it; so bind it exclusively first.
    with socket.socket(family, kind, protocol) as alone:
        alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        alone.bind(name)
    held = socket.socket(family, kind, protocol)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(name)
    return held, f"{host}:{held.getsockname()[1]}"


async def all_of(ready: asyncio.Semaphore, count: int) -> None:
    """Return when `count` servers are listening."""
    for _ in range(count):
        await ready.acquire()


async def keep(
    command: Sequence[str], ready: asyncio.Semaphore, stop: asyncio.Event, drain_seconds: float, totals: Totals
) -> int:
    """Run a server and restart it when it dies, until `stop`; return the last exit code."""
    deaths = 0
    while True:
        began = time.monotonic()
        # Its standard input is closed when this process ends, in whatever way; then it drains.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LONGEST_LINE
        )
        assert process.stdout is not None
        if await process.stdout.readline():
            ready.release()
        reading = asyncio.create_task(read_metrics(process.pid, process.stdout, totals))
        stopped = asyncio.create_task(stop.wait())
        died = asyncio.create_task(process.wait())
        await asyncio.wait([stopped, died], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await stop_server(process, drain_seconds)
            return 0
        stopped.cancel()
        await reading
        totals.ended(process.pid)
        deaths = deaths + 1 if time.monotonic() - began < YOUNG_SECONDS else 0
        if deaths == YOUNG_DEATHS:
            return process.returncode or 1
        print(f"secantd: process {process.pid} ended with {process.returncode}, starting another", file=sys.stderr)
        if deaths:
            await asyncio.sleep(YOUNG_SECONDS)


async def read_metrics(server: int, lines: asyncio.StreamReader, totals: Totals) -> None:
    """Pass a server's lines of metrics to `totals` until it ends."""
    async for line in lines:
        totals.receive(server, line)


async def stop_server(process: asyncio.subprocess.Process, drain_seconds: float) -> None:
    """Ask a server to drain, and kill it if it does not end in time."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), drain_seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
