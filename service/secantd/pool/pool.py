"""The pool, on the side of the event loop."""

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass

from secantd.pool import frames
from secantd.pool.forkserver import COMMAND, FORK, FORK_LOADED, KILL

__all__ = ["Pool", "PoolFullError", "WorkerDiedError"]

# os._exit, because freeing SymPy's objects one by one would delay the end of the server.
FORK_SERVER = "import os, sys; from secantd.pool.forkserver import main; main(sys.argv[1:]); os._exit(0)"

# The fork server ends within milliseconds after its socket is closed.
SECONDS_TO_END = 1.0


# Seconds before a failed fork is tried again: the first pause is doubled up to the last.
FIRST_PAUSE, LAST_PAUSE = 0.1, 2.0
# Seconds that a job waits for a worker before it checks whether one can be forked.
SECONDS_TO_FORK = 1.0
# Seconds after which a fork server that neither answers nor computes is given up, as it may be suspended. It forks within
# milliseconds, but while it imports the slow modules only between two of them: on a busy machine that takes minutes, and a new
# fork server would have to begin anew.
SECONDS_SUSPENDED = 20.0


class PoolFullError(Exception):
    """All workers are busy and the queue is full, or the system cannot start a worker."""


class WorkerDiedError(Exception):
    """The worker ended during the job: it was killed or ran out of memory."""


class NotTakenError(Exception):
    """The worker ended before it received the job."""


class ForkError(OSError):
    """The system could not fork a worker."""


@dataclass(eq=False, slots=True)
class Worker:
    """A worker process and the socket to it; `loaded`: it was forked after the slow modules were imported."""

    process: int
    peer: socket.socket
    loaded: bool


class Pool:
    """Runs up to `size` jobs at a time, each in its own process; one more process is a spare.

    Args:
        entry: "module:function"; function(setup) returns the handler, job -> (answered, body).
        setup: The argument of that function.
        size: Jobs at a time.
        queue: Jobs that may wait; a further one raises PoolFullError.
        memory: Bytes that a job may use; 0: no limit.
        preload: Modules that take long to import. They are imported beside the first jobs, and workers that have them take the
            places of those without; missing ones are skipped.
    """

    def __init__(self, entry: str, setup: str, size: int, queue: int, memory: int, preload: Sequence[str] = ()) -> None:
        self._arguments = [str(memory), entry, setup, *preload]
        self._preload = bool(preload)
        # Workers without the slow modules that end after their job, since others have their places.
        self._leaving = 0
        self._exchanges: list[asyncio.Task[None]] = []
        self._size = size
        self._queue = queue
        self._places = asyncio.Semaphore(size)
        self._held = 0
        # Workers that ended although nobody killed them through the pool.
        self.deaths = 0
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._fork_failed = False
        self._forks: set[asyncio.Task[None]] = set()
        self._starting: asyncio.Task[None] | None = None
        self._fork_server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def held(self) -> int:
        """Running and waiting jobs."""
        return self._held

    async def start(self) -> None:
        """Start the fork server and the workers, unless they are started; raise OSError if that is impossible."""
        for again in (True, False):
            if self._starting is None:
                self._starting = asyncio.get_running_loop().create_task(self._start())
            starting = self._starting
            try:
                await asyncio.shield(starting)
                return
            except (EOFError, OSError, RuntimeError) as error:
                # RuntimeError: no thread to start a process in.
                if self._starting is starting:
                    self._begin_anew()
                # The fork server may have been killed while it started.
                if not again or not isinstance(error, (EOFError, ConnectionError)):
                    raise OSError("no worker process can be started") from error

    async def load(self) -> None:
        """Return when workers with the slow modules have taken the places of those without."""
        await self.start()
        if self._exchanges:
            await asyncio.wait(self._exchanges)

    async def run(self, job: bytes, seconds: float) -> tuple[bool, bytes]:
        """Return the handler's result for `job`; raise TimeoutError after `seconds` of waiting and running.

        If the caller is cancelled or runs out of time, the worker is killed.
        """
        if self._held >= self._size + self._queue:
            raise PoolFullError
        self._held += 1
        try:
            async with asyncio.timeout(seconds):
                await self._ready()
                async with self._places:
                    return await self._done(job)
        finally:
            self._held -= 1

    async def stop(self) -> None:
        """Kill all workers."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            # It is still importing and has forked nothing; it would notice the closed socket only afterwards.
            if self._fork_server is not None:
                self._fork_server.kill()
        if self._forks and self._fork_server is not None:
            # Likewise if it imports the slow modules.
            self._fork_server.kill()
        for fork in self._forks:
            fork.cancel()
        self._disconnect()
        if self._fork_server is not None:
            await asyncio.to_thread(end_process, self._fork_server)

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        # -P: do not import modules from the current folder.
        command = [sys.executable, "-P", "-c", FORK_SERVER, str(theirs.fileno()), *self._arguments]
        # One thread per worker: parallelism comes from the number of workers.
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

        def begin() -> subprocess.Popen[bytes]:
            # The server's standard input and output belong to the process that started it.
            null = subprocess.DEVNULL
            return subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment, stdin=null, stdout=null)

        # Popen returns some milliseconds later, when the new process runs.
        self._fork_server = await asyncio.to_thread(begin)
        theirs.close()
        self._control = ours
        workers = [self._fork_worker() for _ in range(self._size + 1)]
        found = await asyncio.gather(*workers, return_exceptions=True)
        failures = [error for error in found if error is not None]
        if len(failures) == len(found) or any(not isinstance(error, ForkError) for error in failures):
            raise failures[0]
        for _ in failures:
            self._begin_fork()
        if self._preload:
            self._exchanges = [self._begin(self._exchange()) for _ in range(len(found) - len(failures))]

    async def _exchange(self) -> None:
        """Let a worker that has the slow modules take the place of one without."""
        control = self._control
        try:
            await self._fork_worker(FORK_LOADED)
        except ForkError:
            return
        except (EOFError, OSError):
            if self._control is control:
                self._begin_anew()
            return
        self._leaving += 1
        idle = []
        while not self._idle.empty():
            worker = self._idle.get_nowait()
            if self._leaving and not worker.loaded:
                self._leaving -= 1
                self._kill(worker)
            else:
                idle.append(worker)
        for worker in reversed(idle):
            self._idle.put_nowait(worker)

    async def _fork_worker(self, command: bytes = FORK) -> None:
        """Ask the fork server for a worker and wait until it is ready."""
        if self._control is None:
            return
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            socket.send_fds(self._control, [COMMAND.pack(command, 0)], [theirs.fileno()])
            theirs.close()
            kind, body = await frames.read(ours)
            if kind != frames.HELLO:
                raise ForkError
        except BaseException:
            ours.close()
            theirs.close()
            raise
        self._fork_failed = False
        self._idle.put_nowait(Worker(struct.unpack("<I", body)[0], ours, command == FORK_LOADED))

    async def _done(self, job: bytes) -> tuple[bool, bytes]:
        """Return a worker's result for a job. Jobs have no side effects, so one whose worker died is retried once."""
        died = False
        while True:
            try:
                return await self._once(job)
            except NotTakenError:
                pass
            except WorkerDiedError:
                if died:
                    raise
                died = True
            await self._ready()

    async def _ready(self) -> None:
        """Start the workers again if they were given up; raise PoolFullError if that is impossible."""
        try:
            await self.start()
        except OSError as error:
            raise PoolFullError from error

    async def _worker(self) -> Worker:
        """Return an idle worker; raise PoolFullError if there is none and none can be forked."""
        while True:
            try:
                async with asyncio.timeout(SECONDS_TO_FORK):
                    return await self._idle.get()
            except TimeoutError:
                if self._fork_failed:
                    raise PoolFullError from None
                await self._ready()

    async def _once(self, job: bytes) -> tuple[bool, bytes]:
        worker = await self._worker()
        taken = False
        try:
            await frames.write(worker.peer, frames.JOB, job)
            await frames.read(worker.peer)
            taken = True
            kind, body = await frames.read(worker.peer)
        except BaseException as error:
            self._replace(worker)
            if isinstance(error, (EOFError, OSError)) and not isinstance(error, TimeoutError):
                self.deaths += 1
                raise (WorkerDiedError if taken else NotTakenError) from error
            raise
        if self._leaving and not worker.loaded:
            self._leaving -= 1
            self._kill(worker)
        else:
            self._idle.put_nowait(worker)
        return kind == frames.ANSWER, body

    def _replace(self, worker: Worker) -> None:
        """Kill a worker and fork another one."""
        if self._kill(worker):
            self._begin_fork()

    def _kill(self, worker: Worker) -> bool:
        """Kill a worker; return whether there is a fork server that can replace it."""
        worker.peer.close()
        if self._control is None:
            return False
        try:
            self._control.sendall(COMMAND.pack(KILL, worker.process))
        except OSError:
            # The fork server was killed; its orphaned worker may still be running.
            with suppress(ProcessLookupError):
                os.kill(worker.process, signal.SIGKILL)
            self._begin_anew()
            return False
        return True

    def _begin_fork(self) -> None:
        self._begin(self._refork())

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        fork = asyncio.get_running_loop().create_task(work)
        self._forks.add(fork)
        fork.add_done_callback(self._forks.discard)
        return fork

    async def _refork(self) -> None:
        pause, control = FIRST_PAUSE, self._control
        while self._control is control:
            try:
                await self._while_alive(self._fork_worker())
                return
            except ForkError:
                self._fork_failed = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, LAST_PAUSE)
            except (EOFError, OSError):
                if self._control is control:
                    self._begin_anew()
                return

    async def _while_alive(self, work: Coroutine[None, None, None]) -> None:
        """Wait for an answer of the fork server; raise TimeoutError if it does nothing for SECONDS_SUSPENDED."""
        assert self._fork_server is not None
        process, task = self._fork_server.pid, asyncio.get_running_loop().create_task(work)
        try:
            before = activity(process)
            while not (await asyncio.wait([task], timeout=SECONDS_SUSPENDED))[0]:
                before, last = activity(process), before
                if before == last:
                    raise TimeoutError
            await task
        finally:
            task.cancel()

    def _disconnect(self) -> None:
        """Close the sockets of the fork server and of idle workers, which ends them."""
        while not self._idle.empty():
            self._idle.get_nowait().peer.close()
        if self._control is not None:
            self._control.close()
            self._control = None

    def _begin_anew(self) -> None:
        """Give up the fork server and all workers; the next job starts them again."""
        self._disconnect()
        if self._fork_server is not None:
            # A suspended one does not notice that its socket is closed.
            self._fork_server.kill()
        self._starting = None
        self._leaving = 0


def activity(process: int) -> tuple[str, ...]:
    """Return what changes while a process computes or waits for a processor or a disk, see proc(5); () where there is no /proc."""
    try:
        with open(f"/proc/{process}/stat") as file:
            state, *fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ()
    # utime and stime, in hundredths of a second: on a busy machine a process may wait for its turn that long.
    return (str(time.monotonic()),) if state in "RD" else tuple(fields[10:12])


def end_process(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a process to end, and kill it if it does not, for example because it is suspended."""
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
