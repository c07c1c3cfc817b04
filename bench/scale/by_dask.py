"""Secant on a Dask cluster of two worker processes on this machine."""

import time

import secant.dask
from distributed import Client
from timing import answer, job, memory


def cpu(client: Client) -> float:
    """Return the seconds of processors that this process and the workers have used."""
    return time.process_time() + sum(client.run(time.process_time).values())


def main() -> None:
    """Compute the sums twice."""
    given = job()
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        seconds = []
        for _ in range(2):
            begin, used = time.perf_counter(), cpu(client)
            found = secant.dask.gradient(given["text"], given["folder"] + "/*.parquet", at=given["at"], client=client)
            seconds.append(time.perf_counter() - begin)
            used = cpu(client) - used
        numbers = [found.value, *found.gradient, found.hessian[0, 0], found.hessian[0, 1], found.hessian[1, 1]]
        workers = sum(client.run(memory).values())
    answer([float(x) for x in numbers], seconds, used, workers=workers)


if __name__ == "__main__":
    main()
