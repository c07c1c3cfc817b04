"""A Dask cluster, and tasks of which none is lost."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Self, TypeVar

from secantd.engine.connection import CONNECT, PACKAGES, connected, missing, require_dask, require_versions
from secantd.engine.waiting import LOOK, Within, taken
from secantd.errors import CalculusError, Reason

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["Cluster"]

Result = TypeVar("Result")

# Seconds after which a cluster without workers and without results is given up.
GONE = 30.0
# Threads that call Dask.
THREADS = 4
# The most times that a task is submitted again. Dask itself tries it on four workers before it is given up.
AGAIN = 3
# States of a task that is not done.
UNDONE = ("pending", "lost")


class Cluster:
    """A Dask cluster whose workers compute with the same version of Secant.

    Calls of Dask run in threads of their own: the thread of a server's call may be interrupted at any place, which Dask does not
    expect.

    Args:
        client: A client of the cluster; None connects to `address`.
        address: "dask://HOST:PORT", or an address as Dask writes it, "tcp://HOST:PORT".

    Raises:
        CalculusError: MISSING_PART: Dask is not installed, no scheduler answers, there are no workers, or versions differ.
    """

    def __init__(self, client: "Client | None" = None, address: str = "") -> None:
        require_dask()
        self._commands: SimpleQueue[tuple[Callable[[], Any], SimpleQueue[Any]] | None] = SimpleQueue()
        self._owned = client is None
        self._checked: set[str] = set()
        for _ in range(THREADS):
            threading.Thread(target=obey, args=[self._commands], name="secant-dask", daemon=True).start()
        try:
            self.client: Client = self.call(lambda: connected(address)) if client is None else client
            self.check()
        except BaseException:
            self.close()
            raise

    @property
    def running(self) -> bool:
        """Whether the scheduler is there."""
        return bool(self.client.status == "running")

    @property
    def threads(self) -> int:
        """Threads of all workers together, at least 1."""
        counts: dict[str, int] = self.call(self.client.nthreads)
        return max(1, sum(counts.values()))

    def call(self, work: "Callable[[], Result]") -> "Result":
        """Return work(), which runs in a thread of its own and is left there if this thread is interrupted."""
        reply: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        self._commands.put((work, reply))
        finished, found = taken(reply)
        if not finished:
            raise found
        result: Result = found
        return result

    def check(self) -> None:
        """Raise MISSING_PART unless there are workers, all with the versions of this process; new ones are looked at."""
        self.call(self._check)

    def _check(self) -> None:
        if not self.running:
            raise missing(f"the Dask scheduler at {address_of(self.client)} is gone", "start it again")
        workers = set(self.client.nthreads())
        if not workers:
            try:
                self.client.wait_for_workers(1, timeout=CONNECT)
            except TimeoutError:
                place = address_of(self.client)
                raise missing(
                    f"the Dask scheduler at {place} has no workers", f"start one: dask worker {place}"
                ) from None
            workers = set(self.client.nthreads())
        if not workers <= self._checked:
            found = self.client.get_versions(packages=list(PACKAGES))
            scheduler = {f"the scheduler, {address_of(self.client)}": found["scheduler"]}
            require_versions(found["client"], {**scheduler, **found["workers"]})
            self._checked |= workers

    def _require_workers(self, since: float) -> None:
        """Raise MISSING_PART if there are no workers, and nothing was done since a time, by time.monotonic()."""
        waited = time.monotonic() - since
        if waited > GONE and not self.call(self.client.nthreads):
            headline = f"the Dask cluster at {address_of(self.client)} has had no workers for {GONE:g} seconds"
            raise missing(headline, "start workers again; results are the same")

    def results(
        self,
        count: int,
        submit: "Callable[[Sequence[int]], Sequence[Future]]",
        *,
        within: "Within | None" = None,
        window: int | None = None,
        ordered: bool = False,
        fetch: bool = True,
    ) -> Iterator[tuple[int, Any]]:
        """Yield the number and the result of each task as it is done.

        A task whose workers died is submitted again. The tasks that are left are cancelled when the iterator is closed.

        Args:
            count: The number of tasks.
            submit: Submits the tasks of some numbers, each with a new key.
            within: Time for all tasks; None: no limit.
            window: The most tasks that are submitted and not yet yielded; None: all at once.
            ordered: Whether the results come in the order of the numbers.
            fetch: Whether to yield the results themselves; otherwise the futures that hold them in the cluster.

        Raises:
            CalculusError: TIME_LIMIT; MEMORY_LIMIT: all workers that tried a task died; MISSING_PART: the scheduler is gone; or
                what a task raised.
        """
        within = within or Within(None)
        ended: SimpleQueue[Future] = SimpleQueue()
        numbers: dict[str, int] = {}
        left: dict[str, Future] = {}
        ready: dict[int, Future] = {}
        tried: Counter[int] = Counter()
        submitted = yielded = 0
        over = threading.Event()

        def begin(chosen: Sequence[int]) -> None:
            for number, future in zip(chosen, submit(chosen), strict=True):
                numbers[future.key] = number
                left[future.key] = future
                future.add_done_callback(ended.put)
            if over.is_set():
                # The caller was interrupted meanwhile, and has cancelled what it knew.
                self._cancel(list(left.values()))

        def repeat(number: int, error: Exception) -> None:
            self._judge(error, tried[number])
            tried[number] += 1
            self.call(partial(begin, [number]))

        try:
            while yielded < count:
                most = count if window is None else min(count, yielded + window)
                if submitted < most:
                    chosen, submitted = range(submitted, most), most
                    self.call(partial(begin, chosen))
                while (number := yielded if ordered else next(iter(ready), -1)) not in ready:
                    future = taken(ended, within, self._require_workers)
                    if future.status in UNDONE:
                        # Its worker died after it was done, and another one repeats it.
                        time.sleep(LOOK)
                        self.call(partial(future.add_done_callback, ended.put))
                        continue
                    mine = numbers[future.key]
                    del left[future.key]
                    try:
                        ready[mine] = self.call(partial(wait_for, future))
                    except Exception as error:
                        repeat(mine, error)
                future = ready.pop(number)
                if not fetch:
                    yield number, future
                    yielded += 1
                    continue
                try:
                    # Results stay in the cluster until their turn: many of them may be large.
                    result = self.call(partial(result_of, future))
                except Exception as error:
                    repeat(number, error)
                    continue
                del future
                yield number, result
                yielded += 1
        finally:
            over.set()
            if left:
                # Not waited for: this thread may be interrupted again.
                self._commands.put((partial(self._cancel, list(left.values())), SimpleQueue()))

    def _judge(self, error: Exception, tried: int) -> None:
        """Return if a task that raised an error is to be submitted again, else raise the error for the caller."""
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            if tried >= AGAIN:
                headline, hint = (
                    f"{4 * (AGAIN + 1)} Dask workers died of one task",
                    "use smaller partitions, or more memory",
                )
                raise CalculusError(Reason.MEMORY_LIMIT, headline, hint) from None
        elif isinstance(error, CancelledError):
            place = address_of(self.client)
            raise missing(f"the Dask scheduler at {place} is gone, or cancelled the tasks", "try again") from None
        elif isinstance(error, ModuleNotFoundError):
            headline = f"a Dask worker cannot import {error.name}"
            raise missing(headline, 'install it there: pip install "secant[dask]"') from None
        else:
            raise error

    def _cancel(self, futures: "Sequence[Future]") -> None:
        """Cancel tasks that are not done; ones that run go on to their end, and their results are dropped."""
        if self.running:
            self.client.cancel(futures, asynchronous=False)

    def close(self) -> None:
        """Disconnect, unless the client belongs to the caller."""
        if self._owned and hasattr(self, "client"):
            self._commands.put((partial(self.client.close, CONNECT), SimpleQueue()))
        for _ in range(THREADS):
            self._commands.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def result_of(future: "Future") -> Any:
    """Return the result of a task; raise what it raised."""
    return future.result()


def wait_for(future: "Future") -> "Future":
    """Return a future that is done; raise what its task raised."""
    error = future.exception()
    if error is not None:
        raise error
    return future


def obey(commands: "SimpleQueue[tuple[Callable[[], Any], SimpleQueue[Any]] | None]") -> None:
    """Run commands until None; each reply is whether one finished, and its result or what it raised."""
    while (command := commands.get()) is not None:
        work, reply = command
        try:
            reply.put((True, work()))
        except BaseException as error:
            reply.put((False, error))
        del work, reply, command


def address_of(client: "Client") -> str:
    """Return the address of a client's scheduler."""
    return str(client.scheduler.address) if client.scheduler is not None else "its address"
