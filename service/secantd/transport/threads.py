"""A few threads for what would hold the event loop too long, with a queue that ends."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from secantd.transport.faults import busy

__all__ = ["Threads"]

Result = TypeVar("Result")


class Threads:
    """Runs functions in `size` threads; with `queue` of them waiting it raises BUSY."""

    def __init__(self, size: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="secant")
        self._bound = size + queue
        self._held = 0

    async def run(self, job: Callable[[], Result], seconds: float | None, *, admitted: bool = False) -> Result:
        """Return job(); TimeoutError after `seconds` of waiting and running, None for no bound.

        A thread cannot be stopped: what is given up on runs to its end and holds its place until then.
        An `admitted` job belongs to a stream that is under way, and is never refused.
        """
        if self._held >= self._bound and not admitted:
            raise busy(self._held)
        self._held += 1
        loop = asyncio.get_running_loop()
        future = self._pool.submit(job)
        future.add_done_callback(lambda _: self._release(loop))
        async with asyncio.timeout(seconds):
            return await asyncio.wrap_future(future)

    def _release(self, loop: asyncio.AbstractEventLoop) -> None:
        def release() -> None:
            self._held -= 1

        # The loop is closed where the server stopped before its last job did.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(release)

    def close(self) -> None:
        """Start nothing more; what runs is let run."""
        self._pool.shutdown(wait=False, cancel_futures=True)
