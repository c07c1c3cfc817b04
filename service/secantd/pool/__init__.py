"""Processes for work that may take long: one job at a time each, killed when nobody waits for it any more.

What a job is, bytes in and bytes out, the pool does not know: it is told the name of a function that makes
the handler of jobs.
"""

from secantd.pool.pool import Pool, PoolFullError, WorkerDiedError

__all__ = ["Pool", "PoolFullError", "WorkerDiedError"]
