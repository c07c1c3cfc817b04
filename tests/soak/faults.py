"""Compares every reply of a server with the answer of the engine in this process, while its processes are killed and stopped.

    ./dev soak --faults [--seed N] [--seconds 60] [--callers 8] [--plant NAME]

The seed gives each call and each disturbance by its number, so that the same seed repeats them in the same order; how they
overlap in time depends on the machine. A reply has to be equal in each letter and bit. An error has to be the engine's, or one
that the disturbances and deadlines of its time allow. `--plant` starts a server with a known bug (tests/soak/plants.py), which
has to be found.
"""

import argparse
import asyncio
import itertools
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, OrderedDict
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

import grpc
from history import Deed, History, Record
from judge import Answer, expected, violation
from plan import DISTURBANCES, TEXTS, Disturbance, Request, disturbances_before, request, serialized
from plants import PLANTS
from ways import by_grpc, by_http, stopwatch

# Calls at most that are answered and not yet compared.
BACKLOG = 100
# Records that are kept for the piece of history, and right answers.
KEPT = 3_000
# Bytes. The answers to larger requests are not kept: such requests do not come again.
LARGE = 8 << 10
# Seconds that a caller waits where there is no server.
PAUSE_SECONDS = 0.1
# Seconds of one stop of a process that is slow, and of each turn between.
SLOW_TURN = 0.02
# Seconds that a kill waits for a worker that computes, and between two looks.
KILL_SECONDS, LOOK_SECONDS = 0.5, 0.02
# A start takes a second; on a busy machine, more.
START_SECONDS = 60.0
OPTIONS = [
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.enable_retries", 0),
    *[(f"grpc.{name}_reconnect_backoff_ms", 100) for name in ("min", "initial", "max")],
]


class Server:
    """A server that listens at the same addresses in all its lives."""

    def __init__(self, address: str, web: str, plant: str | None) -> None:
        program = ["-m", "secantd"] if plant is None else [str(Path(__file__).with_name("plants.py")), plant]
        self._command = [sys.executable, *program, "--listen", address, "--http", web]
        self.address, self.web = address, web
        self._process: subprocess.Popen[str] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Return when it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        for _ in range(2):
            if not self._process.stdout.readline():
                raise RuntimeError("the server has not started")

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self._process.kill()
        self._process.wait(30)
        self._process.stdout.close()

    def restart(self) -> None:
        """Kill it, and start it anew: both, even if nobody waits for it any more."""
        self.kill()
        self.start()

    def stop(self) -> int:
        """End it as an operator does; return its exit code."""
        if self.running:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
        self._process.wait(30)
        self._process.stdout.close()
        return self._process.returncode

    def targets(self, kind: str) -> list[int]:
        """Return the processes that a disturbance may be aimed at; of workers those first that compute."""
        own = self._process.pid
        if kind.endswith("the server"):
            return [own]
        table = processes()
        forkers = [number for number, (parent, _) in table.items() if parent == own and forks(number)]
        if kind.endswith("the fork server"):
            return forkers
        workers = sorted(number for number, (parent, _) in table.items() if parent in forkers)
        return [n for n in workers if table[n][1] == "R"] or workers


def quiet_address() -> str:
    """Return an address that stays free while nobody listens there: the system gives its port to no connection."""
    while True:
        address = "127.0.0.1", random.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(address):
            return f"{address[0]}:{address[1]}"


def processes() -> dict[int, tuple[int, str]]:
    """Return parent and state of each process."""
    found = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (each / "stat").read_text().rpartition(")")[2].split()[:2]
            found[int(each.name)] = int(parent), state
    return found


def computes(number: int) -> bool:
    """Whether a process computes or waits for a processor."""
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "R"
    return False


def forks(number: int) -> bool:
    """Whether a process is the fork server."""
    with suppress(OSError):
        return b"secantd.pool.forkserver" in Path(f"/proc/{number}/cmdline").read_bytes()
    return False


class Run:
    """One run: callers, disturbances and the judge."""

    def __init__(
        self, seed: int, server: Server, judge: ProcessPoolExecutor, *, all_faults: bool, kinds: dict[str, float]
    ) -> None:
        self.history = History(seed)
        # Until the first violation was found, or all was compared.
        self.seconds = 0.0
        self.judged, self.codes, self.done = 0, Counter(), Counter()
        self._server, self._judge, self._all, self._kinds = server, judge, all_faults, kinds
        self._numbers = itertools.count()
        self._over = asyncio.Event()
        self._clock = stopwatch()
        self._answers: OrderedDict[tuple, asyncio.Future[Answer]] = OrderedDict()
        self._waiting = asyncio.Semaphore(BACKLOG)
        self._tasks: set[asyncio.Task[None]] = set()
        self._restarting = asyncio.Lock()
        self._problem: BaseException | None = None

    async def run(self, seconds: float, calls: int, callers: int) -> None:
        """Return after so many seconds or calls, or at the first violation, when all that was answered has been compared."""
        self._channels = channels = [
            grpc.aio.insecure_channel(self._server.address, OPTIONS) for _ in range(min(callers, 4))
        ]
        timer = asyncio.get_running_loop().call_later(seconds, self._over.set)
        await asyncio.gather(*(self._caller(channels, calls) for _ in range(callers)))
        timer.cancel()
        while self._tasks and (self._all or not self.history.violations):
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        self.seconds = self.seconds or self._clock()
        for task in self._tasks:
            # A process that is stopped goes on.
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._problem is not None:
            raise self._problem
        for channel in channels:
            await channel.close()

    async def warm(self) -> None:
        """Return when the workers answer: on a busy machine their start may take longer than a call."""
        async with grpc.aio.insecure_channel(self._server.address, OPTIONS) as channel:
            wanted = Request(0, "Export", serialized("Export", TEXTS["Export"][0], random.Random(0)))
            while (record := await by_grpc(wanted, channel, self._clock)).code != "OK":
                if record.code not in ("RESOURCE_EXHAUSTED", "UNAVAILABLE"):
                    raise RuntimeError(f"no worker answers: {record.code} {record.message}")
        self._clock = stopwatch()

    async def _caller(self, channels: list[grpc.aio.Channel], calls: int) -> None:
        while not self._over.is_set() and (number := next(self._numbers)) < calls:
            for disturbance in disturbances_before(self.history.seed, number, self._kinds):
                self._begin(self._disturb(disturbance))
            wanted = request(self.history.seed, number)
            await self._waiting.acquire()
            if wanted.way == "grpc":
                record = await by_grpc(wanted, channels[number % len(channels)], self._clock)
            else:
                record = await by_http(wanted, self._server.web, self._clock)
            self._begin(self._compare(record))
            if record.code in ("UNAVAILABLE", "LOST"):
                await asyncio.sleep(PAUSE_SECONDS)

    def _begin(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._problem = task.exception()
            self._over.set()

    async def _compare(self, record: Record) -> None:
        history = self.history
        history.records.append(record)
        del history.records[:-KEPT]
        try:
            right = await self._right(record.request)
        finally:
            self._waiting.release()
        self.judged += 1
        self.codes[record.code] += 1
        found = violation(record, right, history)
        if found is not None:
            if not self._all:
                self.seconds = self.seconds or self._clock()
            history.violations.append(found)
            if not self._all:
                self._over.set()

    async def _right(self, wanted: Request) -> Answer:
        key = wanted.method, wanted.messages, wanted.way
        future = self._answers.get(key)
        if future is None:
            future = asyncio.wrap_future(self._judge.submit(expected, wanted))
            if sum(map(len, wanted.messages)) < LARGE:
                self._answers[key] = future
                if len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
        return await future

    def owners(self, record: Record) -> list[Record]:
        """Return the last call, if there is one, whose right answer another call got."""
        for other in reversed(self.history.records):
            wanted = other.request
            future = self._answers.get((wanted.method, wanted.messages, wanted.way))
            if future is None or not future.done() or future.cancelled() or wanted.messages == record.request.messages:
                continue
            if record.replies and future.result().replies == record.replies:
                return [other]
        return []

    async def _disturb(self, disturbance: Disturbance) -> None:
        kind = disturbance.kind
        if kind == "kill the server":
            await self._restart(disturbance)
            return
        found = await self._targets(kind)
        target = found[disturbance.which % len(found)] if found else 0
        began = self._clock()
        deed = Deed(disturbance, target, began, began + disturbance.seconds)
        self.history.deeds.append(deed)
        self.done[kind] += bool(target)
        with suppress(ProcessLookupError):
            if kind.startswith("kill"):
                if target:
                    os.kill(target, signal.SIGKILL)
                deed.ended = began
            elif target:
                await self._pause(target, disturbance)
                deed.ended = self._clock()

    async def _targets(self, kind: str) -> list[int]:
        """Return the processes that a disturbance may be aimed at. A kill waits for workers that compute."""
        found = self._server.targets(kind)
        until = self._clock() + KILL_SECONDS
        while kind == "kill a worker" and not any(map(computes, found)) and self._clock() < until:
            await asyncio.sleep(LOOK_SECONDS)
            found = self._server.targets(kind)
        return found

    async def _pause(self, target: int, disturbance: Disturbance) -> None:
        turns = [disturbance.seconds] if disturbance.kind.startswith("stop") else [SLOW_TURN] * 10
        for seconds in turns:
            os.kill(target, signal.SIGSTOP)
            try:
                await asyncio.sleep(seconds)
            finally:
                os.kill(target, signal.SIGCONT)
            if len(turns) > 1:
                await asyncio.sleep(SLOW_TURN)

    async def _restart(self, disturbance: Disturbance) -> None:
        async with self._restarting:
            deed = Deed(disturbance, 1, self._clock(), float("inf"))
            self.history.deeds.append(deed)
            self.done[disturbance.kind] += 1
            await asyncio.to_thread(self._server.restart)
            # Those who connected meanwhile try again later.
            await asyncio.gather(*(channel.channel_ready() for channel in self._channels))
            deed.ended = self._clock()


def check(
    seed: int, seconds: float, callers: int = 8, plant: str | None = None, calls: int = 10**9, *, all_faults: bool = False,
    kinds: dict[str, float] = DISTURBANCES,
) -> Run:  # fmt: skip
    """Run against a server of its own; return the run, which has ended."""
    server = Server(quiet_address(), quiet_address(), plant)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as judge:
        # Its imports take a second.
        judge.submit(expected, request(seed, 0)).result()
        server.start()

        async def scenario() -> Run:
            run = Run(seed, server, judge, all_faults=all_faults, kinds=kinds)
            await run.warm()
            await run.run(seconds, calls, callers)
            return run

        try:
            run = asyncio.run(scenario())
        finally:
            code = server.stop()
    if code:
        raise RuntimeError(f"the server ended with {code}")
    return run


def report(run: Run, plant: str | None) -> None:
    """Print the verdict: the seed, what was done, and the shortest piece of history for each violation."""
    history = run.history
    done = ", ".join(f"{kind} {count}" for kind, count in sorted(run.done.items())) or "nothing"
    print(
        f"seed {history.seed}: {run.judged} calls compared in {run.seconds:.1f} s, codes {dict(sorted(run.codes.items()))}"
    )
    print(f"done to the server: {done}")
    for each in history.violations[:10]:
        print("\n".join(history.piece(each, run.owners(each.record))))
    if not history.violations:
        print("every reply is that of the engine, letters and bits, and every status is allowed")
    else:
        last = max(each.record.request.number for each in history.violations[:1])
        planted = f" --plant {plant}" if plant else ""
        print(
            f"{len(history.violations)} violations; again: ./dev soak --faults --seed {history.seed}{planted} --calls {last + 1}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 1 where a violation was found."""
    parser = argparse.ArgumentParser(prog="./dev soak --faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--calls", type=int, default=10**9, help="end after so many calls")
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--plant", choices=list(PLANTS), help="start a server with this bug, which is to be found")
    parser.add_argument("--keep-going", action="store_true", help="do not end at the first violation")
    given = parser.parse_args(arguments)
    run = check(given.seed, given.seconds, given.callers, given.plant, given.calls, all_faults=given.keep_going)
    report(run, given.plant)
    return 1 if run.history.violations else 0


if __name__ == "__main__":
    sys.exit(main())
