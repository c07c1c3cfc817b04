"""The logistic function over arrays."""

from typing import Any

import numpy as np

from secantd.program.special.library import Array

__all__ = ["LOGISTIC", "expit"]


def expit(u: Any, out: Array | None = None) -> Array:
    """Return 1/(1 + exp(-u))."""
    if not np.ndim(u):
        u = np.full(1 if out is None else out.shape, u)
    result: Array = np.negative(u, out=out)
    np.exp(result, out=result)
    result += 1.0
    np.divide(1.0, result, out=result)
    if not result.all():
        # exp(-u) overflows where the value, exp(u), does not underflow yet.
        small = result == 0.0
        result[small] = np.exp(np.broadcast_to(u, result.shape)[small])
    return result


LOGISTIC = {"expit": (None, expit)}
