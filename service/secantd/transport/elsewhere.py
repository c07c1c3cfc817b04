"""Where a call goes that would hold the event loop: to a worker process, or where there are none to a thread."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from google.rpc import status_pb2

from secantd.pool import Pool, PoolFullError, WorkerDiedError
from secantd.settings import Limits, Settings
from secantd.transport.faults import StatusError, busy, memory_limit, told
from secantd.transport.functions import Functions
from secantd.transport.methods import answer, seldom
from secantd.transport.threads import Threads

__all__ = ["Elsewhere", "handler"]

log = logging.getLogger("secantd")

# Imported before workers are forked: the algebra takes half a second to import.
PRELOAD = ("sympy", "secantd.figure.space", *seldom.MODULES)


class Elsewhere:
    """Answers unary calls away from the event loop, each in at most `limits.seconds`."""

    def __init__(self, settings: Settings, functions: Functions, threads: Threads) -> None:
        self._seconds = settings.limits.seconds
        self._functions = functions
        self._threads = threads
        self._pool: Pool | None = None
        if settings.pool:
            setup = json.dumps(asdict(settings.limits))
            entry = f"{__name__}:{handler.__name__}"
            memory = settings.limits.memory
            self._pool = Pool(entry, setup, settings.pool, settings.limits.queue, memory, PRELOAD)

    @property
    def held(self) -> int:
        """Jobs at work and waiting."""
        return self._pool.held if self._pool else 0

    async def warm(self) -> None:
        """Start the workers now rather than with the first call that needs one."""
        if self._pool is not None:
            try:
                await self._pool.start()
            except OSError as error:
                log.warning("%s; long calls take turns in threads", error)
                self._pool = None

    async def answer(self, name: str, request: bytes) -> bytes:
        """Return the reply of the method called `name`."""
        await self.warm()
        if self._pool is None:
            return await self._threads.run(partial(answer, name, request, self._functions), self._seconds)
        try:
            answered, body = await self._pool.run(name.encode() + b"\0" + request, self._seconds)
        except PoolFullError:
            raise busy(self._pool.held) from None
        except WorkerDiedError:
            log.warning("two workers died of one call of %s", name)
            raise memory_limit() from None
        if not answered:
            raise StatusError(status_pb2.Status.FromString(body))
        return body

    async def stop(self) -> None:
        """Kill the workers."""
        if self._pool is not None:
            await self._pool.stop()


def handler(setup: str) -> Callable[[bytes], tuple[bool, bytes]]:
    """Return what answers jobs in a worker: method and request in, reply or google.rpc.Status out."""
    limits = Limits(**json.loads(setup))
    functions = Functions(limits)

    def handle(job: bytes) -> tuple[bool, bytes]:
        name, _, request = job.partition(b"\0")
        try:
            return True, answer(name.decode(), request, functions)
        except Exception as error:
            return False, told(error, name.decode(), limits).SerializeToString()

    return handle
