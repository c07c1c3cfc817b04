"""Dispatch of long calls to worker processes, or to threads if no process can be started."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial

from google.rpc import status_pb2

from secantd.answers.functions import FunctionCache
from secantd.interrupt import InterruptError, in_full
from secantd.language import library
from secantd.pool import Pool, PoolFullError, WorkerDiedError
from secantd.settings import Limits, Settings
from secantd.transport.calls.threads import Threads
from secantd.transport.messages.failures import StatusError, busy, memory_limit, starting, status_for
from secantd.transport.methods import METHODS, job, method_of
from secantd.transport.methods.lazy import Lazy

__all__ = ["Dispatch", "handler"]

log = logging.getLogger("secantd")

# Modules that few jobs need, and that take long to import: SymPy half a second, SciPy a third, flint a tenth.
PRELOAD = (
    "secantd.plainsympy",
    "secantd.balls.functions",
    "secantd.figure.space",
    "secantd.check.arrays",
    "secantd.check.equality.judge",
    *(method.answer.module for method in METHODS.values() if isinstance(method.answer, Lazy)),
    "scipy.special",
)


# The last byte of a worker's reply.
FULL, CUT_SHORT = b"\1", b"\0"


class Dispatch:
    """Answers unary calls away from the event loop, each in at most `limits.seconds`.

    Args:
        settings: How the server is run.
        functions: The functions that were read before, for calls that run in threads.
        threads: Where calls run if there are no processes.
        single_user: Whether the first calls wait for the start of the processes as long as their caller does; otherwise
            that wait counts in their time, and BUSY ends it.
    """

    def __init__(
        self, settings: Settings, functions: FunctionCache, threads: Threads, *, single_user: bool = False
    ) -> None:
        self._seconds = settings.limits.seconds
        self._single_user = single_user
        self._functions = functions
        self._threads = threads
        self._pool: Pool | None = None
        self._worked = False
        if settings.pool:
            setup = json.dumps(asdict(settings.limits))
            entry = f"{__name__}:{handler.__name__}"
            memory = settings.limits.memory
            self._pool = Pool(
                entry, setup, settings.pool, settings.limits.queue, memory, () if single_user else PRELOAD
            )

    @property
    def deaths(self) -> int:
        """Workers that ended by themselves: killed from outside, or for want of memory."""
        return self._pool.deaths if self._pool else 0

    @property
    def held(self) -> int:
        """Jobs at work and waiting."""
        return self._pool.held if self._pool else 0

    async def warm(self) -> None:
        """Start the workers now, rather than with the first call that needs one."""
        if self._pool is not None:
            try:
                await self._pool.start()
                self._worked = True
            except OSError as error:
                if self._worked:
                    # There were workers before, so the lack of processes is likely to be temporary.
                    raise busy(self.held) from None
                log.warning("%s; long calls take turns in threads", error)
                self._pool = None

    async def load(self) -> None:
        """Return when the workers have imported SymPy and all else that takes long."""
        await self.warm()
        if self._pool is not None:
            with suppress(OSError):
                await self._pool.load()

    async def answer(self, name: str, request: bytes) -> tuple[bytes, bool]:
        """Return the result of a job, such as the reply of the method called `name`, and whether it is `in_full`."""
        if self._single_user:
            # The caller's deadline, or its end, cancels this.
            await self.warm()
        started = False
        try:
            # The start of the workers, where this call is the first that needs them, is part of the call's time.
            async with asyncio.timeout(self._seconds):
                if not self._single_user:
                    await self.warm()
                started = True
                if self._pool is None:
                    work = partial(job, name, request, self._functions)
                    return await self._threads.run(partial(in_full, work), None)
                return await self._by_worker(self._pool, name, request)
        except TimeoutError:
            if not started:
                raise starting() from None
            raise

    async def _by_worker(self, pool: Pool, name: str, request: bytes) -> tuple[bytes, bool]:
        try:
            answered, body = await pool.run(name.encode() + b"\0" + request, self._seconds)
        except PoolFullError:
            raise busy(pool.held) from None
        except WorkerDiedError:
            log.warning("two workers died of one call of %s", name)
            raise memory_limit() from None
        if not answered:
            raise StatusError(status_pb2.Status.FromString(body))
        return body[:-1], body[-1:] == FULL

    async def stop(self) -> None:
        """Kill the workers."""
        if self._pool is not None:
            await self._pool.stop()


def handler(setup: str) -> Callable[[bytes], tuple[bool, bytes]]:
    """Return the function that answers jobs in a worker: (method, request) -> a reply and a byte, or a google.rpc.Status.

    Args:
        setup: The limits as JSON, an object with the fields of `Limits`.
    """
    limits = Limits(**json.loads(setup))
    # Imported once, before workers are forked.
    library.functions()
    functions = FunctionCache(limits)

    def handle(work: bytes) -> tuple[bool, bytes]:
        name, _, request = work.partition(b"\0")
        try:
            reply, full = in_full(partial(job, name.decode(), request, functions))
            return True, reply + (FULL if full else CUT_SHORT)
        except (Exception, InterruptError) as error:
            return False, status_for(error, method_of(name.decode()), limits).SerializeToString()

    return handle
