"""Secant on a Dask cluster of two worker processes, one of which is killed every five seconds: no bit may change."""

import os
import signal
import threading
import time

import dask
import secant.dask
from distributed import Client, LocalCluster
from timing import answer, job, memory

# Seconds between two deaths, and the fewest deaths.
EVERY, DEATHS = 5.0, 3


def kill(cluster: LocalCluster, client: Client, killed: list[int], over: threading.Event) -> None:
    """Kill a worker now and then, when there are two."""
    while not over.wait(EVERY):
        if len(client.nthreads()) > 1:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)


def main() -> None:
    """Compute the sums undisturbed, then again and again until enough workers have died."""
    given = job()
    # A cluster of this machine gives up a worker that is not there 15 seconds after another one died; it may have died again.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"})
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:

        def numbers() -> list[float]:
            found = secant.dask.gradient(given["text"], given["folder"] + "/*.parquet", at=given["at"], client=client)
            h = found.hessian
            return [float(x) for x in (found.value, *found.gradient, h[0, 0], h[0, 1], h[1, 1])]

        begin = time.perf_counter()
        undisturbed = numbers()
        seconds = [time.perf_counter() - begin]
        killed: list[int] = []
        over = threading.Event()
        killer = threading.Thread(target=kill, args=[cluster, client, killed, over])
        killer.start()
        try:
            while len(killed) < DEATHS:
                begin = time.perf_counter()
                if numbers() != undisturbed:
                    raise SystemExit(f"after {len(killed)} dead workers the numbers differ")
            seconds.append(time.perf_counter() - begin)
        finally:
            over.set()
            killer.join()
        workers = sum(client.run(memory).values())
    answer(undisturbed, seconds, time.process_time(), workers=workers)


if __name__ == "__main__":
    main()
