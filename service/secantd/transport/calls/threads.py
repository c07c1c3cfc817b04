"""A thread pool with a bounded queue, for work that would block the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from secantd.interrupt import Interruptible
from secantd.transport.messages.failures import busy

__all__ = ["Threads"]

Result = TypeVar("Result")


class Threads:
    """Runs functions in `size` threads; raises BUSY if `queue` of them wait already."""

    def __init__(self, size: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="secant")
        self._bound = size + queue
        self._held = 0

    async def run(self, job: Callable[[], Result], seconds: float | None, *, admitted: bool = False) -> Result:
        """Return job(); raise TimeoutError after `seconds` of waiting and running (None: no limit).

        When the caller is cancelled or runs out of time, the job is interrupted and holds its place until it has stopped. An
        `admitted` job belongs to a stream that has begun, and is never refused.
        """
        if self._held >= self._bound and not admitted:
            raise busy(self._held)
        self._held += 1
        loop = asyncio.get_running_loop()
        work = Interruptible(job)
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            # The system could not start a thread. The job is in the queue and must not run later.
            work.interrupt()
            self._held -= 1
            raise busy(self._held) from None
        future.add_done_callback(lambda _: self._release(loop))
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except (asyncio.CancelledError, TimeoutError):
            work.interrupt()
            raise

    def _release(self, loop: asyncio.AbstractEventLoop) -> None:
        def release() -> None:
            self._held -= 1

        # The loop is closed if the server stopped before its last job.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(release)

    def close(self) -> None:
        """Start no more jobs; running ones continue."""
        self._pool.shutdown(wait=False, cancel_futures=True)
