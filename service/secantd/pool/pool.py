"""The pool as the event loop sees it."""

import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from secantd.pool import frames
from secantd.pool.nursery import COMMAND, FORK, KILL

__all__ = ["Pool", "PoolFullError", "WorkerDiedError"]

# It leaves at once: to take SymPy apart piece by piece would hold up the server's end.
NURSERY = "import os, sys; from secantd.pool.nursery import main; main(sys.argv[1:]); os._exit(0)"


class PoolFullError(Exception):
    """Every worker is at work and the queue is full."""


class WorkerDiedError(Exception):
    """The worker ended in the middle of the job: killed from outside, or for want of memory."""


@dataclass(eq=False, slots=True)
class Worker:
    """One process and the socket to it."""

    process: int
    peer: socket.socket


class Pool:
    """`size` jobs at a time, each in a process of its own; one process more waits as a spare.

    Args:
        entry: "module:function"; function(setup) gives the handler, job -> (answered, body).
        setup: Text for the entry.
        size: Jobs at a time.
        queue: Jobs that may wait; one more raises PoolFullError.
        memory: Bytes that a job may take; 0: no bound.
        preload: Modules imported before the workers are forked; those that are missing are left out.
    """

    def __init__(self, entry: str, setup: str, size: int, queue: int, memory: int, preload: Sequence[str] = ()) -> None:
        self._arguments = [str(memory), entry, setup, *preload]
        self._size = size
        self._queue = queue
        self._places = asyncio.Semaphore(size)
        self._held = 0
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._births: set[asyncio.Task[None]] = set()
        self._starting: asyncio.Task[None] | None = None
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def held(self) -> int:
        """Jobs at work and waiting."""
        return self._held

    async def start(self) -> None:
        """Start what forks the workers, once, and the workers; OSError where that is impossible."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start())
        try:
            await asyncio.shield(self._starting)
        except (EOFError, OSError) as error:
            self._starting = None
            raise OSError("no process for long work can be started") from error

    async def run(self, job: bytes, seconds: float) -> tuple[bool, bytes]:
        """Return what the handler makes of `job`; TimeoutError after `seconds` of waiting and working.

        Whoever is cancelled meanwhile, or runs out of time, leaves no process behind that works in vain.
        """
        if self._held >= self._size + self._queue:
            raise PoolFullError
        self._held += 1
        try:
            async with asyncio.timeout(seconds):
                await self.start()
                async with self._places:
                    try:
                        return await self._once(job)
                    except WorkerDiedError:
                        # A job changes nothing, so it may be done again; but what kills a worker twice is it.
                        await self.start()
                        return await self._once(job)
        finally:
            self._held -= 1

    async def stop(self) -> None:
        """Kill all workers."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            # It still imports, has forked nothing, and would read of its end only afterwards.
            if self._nursery is not None:
                self._nursery.kill()
        for birth in self._births:
            birth.cancel()
        while not self._idle.empty():
            self._idle.get_nowait().peer.close()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._nursery is not None:
            await asyncio.to_thread(self._nursery.wait)

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        # -P: no module of the folder that the server happens to run in.
        command = [sys.executable, "-P", "-c", NURSERY, str(theirs.fileno()), *self._arguments]
        # One thread a worker: there are as many workers as are wanted.
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

        def begin() -> subprocess.Popen[bytes]:
            # The server's standard input and output are for whoever started it.
            null = subprocess.DEVNULL
            return subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment, stdin=null, stdout=null)

        # It returns when the new process has begun, some milliseconds later.
        self._nursery = await asyncio.to_thread(begin)
        theirs.close()
        self._control = ours
        await asyncio.gather(*(self._bear() for _ in range(self._size + 1)))

    async def _bear(self) -> None:
        """Have a worker forked, and wait until it is ready."""
        if self._control is None:
            return
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            socket.send_fds(self._control, [COMMAND.pack(FORK, 0)], [theirs.fileno()])
            theirs.close()
            _, body = await frames.read(ours)
        except BaseException:
            ours.close()
            theirs.close()
            raise
        self._idle.put_nowait(Worker(struct.unpack("<I", body)[0], ours))

    async def _once(self, job: bytes) -> tuple[bool, bytes]:
        worker = await self._idle.get()
        try:
            await frames.write(worker.peer, frames.JOB, job)
            kind, body = await frames.read(worker.peer)
        except BaseException as error:
            self._replace(worker)
            if isinstance(error, (EOFError, OSError)) and not isinstance(error, TimeoutError):
                raise WorkerDiedError from error
            raise
        self._idle.put_nowait(worker)
        return kind == frames.ANSWER, body

    def _replace(self, worker: Worker) -> None:
        """Kill a worker and have another one."""
        worker.peer.close()
        if self._control is None:
            return
        try:
            self._control.sendall(COMMAND.pack(KILL, worker.process))
        except OSError:
            # What forked it was killed; its orphan may be at work still.
            with suppress(ProcessLookupError):
                os.kill(worker.process, signal.SIGKILL)
            self._begin_anew()
            return
        birth = asyncio.get_running_loop().create_task(self._rebear())
        self._births.add(birth)
        birth.add_done_callback(self._births.discard)

    async def _rebear(self) -> None:
        try:
            await self._bear()
        except (EOFError, OSError):
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Give up what forks workers, and all workers with it; the next job starts another."""
        while not self._idle.empty():
            self._idle.get_nowait().peer.close()
        if self._control is not None:
            self._control.close()
            self._control = None
        self._starting = None
