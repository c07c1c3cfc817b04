"""A few threads for what would hold the event loop too long, with a queue that ends."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

from secantd.algebra.patience import AGAIN, StruckError, raise_in
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

        A job whose caller goes, or waits no longer, is stopped at its next instruction of Python; until then it
        holds its place. An `admitted` job belongs to a stream that is under way, and is never refused.
        """
        if self._held >= self._bound and not admitted:
            raise busy(self._held)
        self._held += 1
        loop = asyncio.get_running_loop()
        work = Work(job)
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._release(loop))
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except (asyncio.CancelledError, TimeoutError):

            def abandon() -> None:
                if not future.done():
                    work.abandon()
                    loop.call_later(AGAIN, abandon)

            abandon()
            raise

    def _release(self, loop: asyncio.AbstractEventLoop) -> None:
        def release() -> None:
            self._held -= 1

        # The loop is closed where the server stopped before its last job did.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(release)

    def close(self) -> None:
        """Start nothing more; what runs is let run."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class AbandonedError(StruckError):
    """Raised inside a job that nobody waits for."""


class Work(Generic[Result]):
    """A job that can be abandoned from another thread."""

    def __init__(self, job: Callable[[], Result]) -> None:
        self._job = job
        self._state = threading.Lock()
        self._thread: int | None = None
        self._abandoned = False

    def __call__(self) -> Result:
        with self._state:
            if self._abandoned:
                raise AbandonedError
            self._thread = threading.get_ident()
        try:
            return self._job()
        finally:
            # Whoever abandons holds the lock: an exception set from outside arrives before this is left.
            with self._state:
                self._thread = None

    def abandon(self) -> None:
        """Stop the job, or never start it."""
        with self._state:
            self._abandoned = True
            if self._thread is not None:
                raise_in(self._thread, AbandonedError)
