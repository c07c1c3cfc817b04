"""Worker processes for long work. Each does one job at a time and is killed when its caller has gone.

Jobs and answers are bytes, which the pool does not interpret: it is given the name of a function that returns the handler.
"""

from secantd.pool.pool import Pool, PoolFullError, WorkerDiedError

__all__ = ["Pool", "PoolFullError", "WorkerDiedError"]
