"""Several servers on one port: `--workers N` starts N processes and another for each that dies."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from secantd import metrics
from secantd.metrics import Totals

__all__ = ["supervise"]

# A server that dies sooner than this after its start will do so again; the next one waits as long.
YOUNG_SECONDS = 1.0
# Young deaths in a row before giving up: the settings or the machine are at fault.
YOUNG_DEATHS = 5
# Bytes of a line in which a server tells its metrics: some hundred for each method and code.
LONGEST_LINE = 4 << 20


async def supervise(listen: str, count: int, arguments: Sequence[str], patience: float, page: str = "") -> int:
    """Run `count` servers until a signal comes; return the exit code.

    Args:
        listen: HOST:PORT; they share the port, and the kernel hands each connection to one of them.
        count: How many.
        arguments: The command line of each.
        patience: Seconds that they are given to drain.
        page: HOST:PORT where their metrics are added up; "" for nowhere.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
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
    with held:
        ready = asyncio.Semaphore(0)
        command = [sys.executable, "-m", "secantd", *arguments, "--listen", address, "--supervised"]
        keepers = [asyncio.create_task(keep(command, ready, stop, patience, totals)) for _ in range(count)]
        waiting = asyncio.create_task(all_of(ready, count))
        ended = asyncio.create_task(stop.wait())
        await asyncio.wait([waiting, ended, *keepers], return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            print(f"listening on {address}", flush=True)
            await asyncio.wait([ended, *keepers], return_when=asyncio.FIRST_COMPLETED)
        gave_up = not stop.is_set()
        stop.set()
        codes = await asyncio.gather(*keepers)
        waiting.cancel()
        return max(codes) if gave_up else 0


def hold(listen: str) -> tuple[socket.socket, str]:
    """Reserve the port for as long as the socket is open; a bound one that does not listen gets no connections."""
    host, _, port = listen.rpartition(":")
    family, kind, protocol, _, name = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
    # Other servers that share the port would not mind some more; so ask first for the port alone.
    with socket.socket(family, kind, protocol) as alone:
        alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        alone.bind(name)
    held = socket.socket(family, kind, protocol)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(name)
    return held, f"{host}:{held.getsockname()[1]}"


async def all_of(ready: asyncio.Semaphore, count: int) -> None:
    """Return when `count` servers have said that they listen."""
    for _ in range(count):
        await ready.acquire()


async def keep(
    command: Sequence[str], ready: asyncio.Semaphore, stop: asyncio.Event, patience: float, totals: Totals
) -> int:
    """Run one server, and another when it dies, until `stop`; return the last exit code."""
    deaths = 0
    while True:
        began = time.monotonic()
        # Its standard input ends when this process does, however it does: then it drains.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LONGEST_LINE
        )
        assert process.stdout is not None
        if await process.stdout.readline():
            ready.release()
        hearing = asyncio.create_task(hear(process.pid, process.stdout, totals))
        stopped = asyncio.create_task(stop.wait())
        died = asyncio.create_task(process.wait())
        await asyncio.wait([stopped, died], return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await end(process, patience)
            return 0
        stopped.cancel()
        await hearing
        totals.gone(process.pid)
        deaths = deaths + 1 if time.monotonic() - began < YOUNG_SECONDS else 0
        if deaths == YOUNG_DEATHS:
            return process.returncode or 1
        print(f"secantd: process {process.pid} ended with {process.returncode}, starting another", file=sys.stderr)
        if deaths:
            await asyncio.sleep(YOUNG_SECONDS)


async def hear(server: int, lines: asyncio.StreamReader, totals: Totals) -> None:
    """Pass on what a server tells of itself, until it ends."""
    async for line in lines:
        totals.hear(server, line)


async def end(process: asyncio.subprocess.Process, patience: float) -> None:
    """Have a server drain, and kill it where it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), patience)
    except TimeoutError:
        process.kill()
        await process.wait()
