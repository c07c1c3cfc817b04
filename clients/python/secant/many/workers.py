"""Who computes: processes of this machine, or the workers of a Dask cluster. Both give the results of jobs as they are done."""

import asyncio
import os
import pickle
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
from secantd.engine.waiting import Within, taken
from secantd.errors import CalculusError, Reason
from secantd.pool import Pool, PoolFullError, WorkerDiedError
from secantd.version import __version__

from secant._arrays import Array
from secant.dask.cluster import cluster_of
from secant.many.work import Work, by_cluster

__all__ = ["on_cluster", "on_processes", "processors"]

# Seconds, for a pool without a limit of its own.
FOREVER = 1e9
# The most workers that may die of one job; the pool itself tries a job twice.
DEATHS = 5
# Jobs that are submitted ahead for each thread of a cluster.
AHEAD = 8


def processors() -> int:
    """Return the number of processors that this process may use.

    >>> processors() > 0
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def on_processes(work: Work, jobs: Sequence[Array], workers: int, within: Within) -> Iterator[tuple[int, Array]]:
    """Yield the number of each job and the ends of its descents, as they are done by processes of this machine.

    A process that dies is replaced, and its job is done again. The processes end when the iterator is closed.

    Args:
        work: The work.
        jobs: Rows, each of shape (rows, k).
        workers: The number of processes.
        within: The time limit.

    Raises:
        CalculusError: What a descent raised; TIME_LIMIT; MEMORY_LIMIT: the workers died again and again of one job.
    """
    done: SimpleQueue[tuple[int, Any]] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="secant-") as folder:
        file = Path(folder) / "work"
        file.write_bytes(pickle.dumps(work))
        loop = asyncio.new_event_loop()
        task = loop.create_task(conduct(f"{file}:{jobs[0].shape[1]}", jobs, min(workers, len(jobs)), done))
        thread = threading.Thread(target=run, args=(loop, task), name="secant-many", daemon=True)
        thread.start()
        try:
            for _ in jobs:
                number, found = taken(done, within)
                if isinstance(found, BaseException):
                    raise found
                yield number, found
        finally:
            # It has ended already after an error.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(task.cancel)
            thread.join()


def run(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[None]") -> None:
    """Run a task to its end, and close its loop."""
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()


async def conduct(setup: str, jobs: Sequence[Array], workers: int, done: "SimpleQueue[tuple[int, Any]]") -> None:
    """Let a pool of processes do all jobs; put (number, ends or error) into a queue."""
    pool = Pool("secant.many.work:handler", setup, workers, workers, 0)
    numbers = iter(range(len(jobs)))

    async def work_off() -> None:
        for number in numbers:
            found = await one(pool, jobs[number])
            done.put((number, found))
            if isinstance(found, BaseException):
                return

    try:
        await pool.start()
        await asyncio.gather(*[work_off() for _ in range(workers)])
    except OSError as error:
        done.put((-1, CalculusError(Reason.BUSY, f"no worker process can be started: {error}", "try again later")))
    finally:
        await pool.stop()


async def one(pool: Pool, job: Array) -> "Array | BaseException":
    """Return the ends of a job's descents, or its error."""
    for _ in range(DEATHS):
        try:
            answered, body = await pool.run(job.tobytes(), FOREVER)
        except WorkerDiedError:
            continue
        except PoolFullError:
            return CalculusError(Reason.BUSY, "no worker process can be started", "try again later")
        if answered:
            return np.frombuffer(body).reshape(len(job), -1)
        error: BaseException = pickle.loads(body)
        return error
    headline = f"{2 * DEATHS} worker processes died of the same descents"
    return CalculusError(Reason.MEMORY_LIMIT, headline, "use fewer processes, so that each has more memory")


def on_cluster(work: Work, jobs: Sequence[Array], client: Any, within: Within) -> Iterator[tuple[int, Array]]:
    """Yield the number of each job and the ends of its descents, as they are done by the workers of a cluster.

    Args:
        work: The work.
        jobs: Rows, each of shape (rows, k).
        client: A client of Dask, or the address of a scheduler.
        within: The time limit.

    Raises:
        CalculusError: As for `on_processes`; MISSING_PART: there is no cluster, or it has other versions.
    """
    with cluster_of(client) as cluster:
        dask = cluster.client
        # A task, so that it can be made again where it was lost; each worker gets it once.
        held = cluster.call(lambda: dask.submit(same, work, pure=False))
        yield from cluster.results(
            len(jobs),
            lambda numbers: [dask.submit(by_cluster, __version__, held, jobs[i], pure=False) for i in numbers],
            within=within,
            window=AHEAD * cluster.threads,
        )


def same(work: Work) -> Work:
    """Return the work itself."""
    return work
