"""The logistic function over arrays."""

import math
from typing import Any

import numpy as np

from secantd.program.special.library import Array

__all__ = ["LOGISTIC", "expit"]

# exp of it is a double.
LARGEST = 709.0


def expit(u: Any, out: Array | None = None) -> Array:
    """Return 1/(1 + exp(-u))."""
    if not np.ndim(u):
        u = np.full(1 if out is None else out.shape, u)
    result: Array = np.negative(u, out=out)
    # There exp(-u) overflows where the value, exp(u), does not underflow yet; `out` may be u.
    small = result > LARGEST
    values = np.exp(-result[small]) if small.any() else None
    np.exp(result, out=result)
    result += 1.0
    np.divide(1.0, result, out=result)
    if values is not None:
        result[small] = values
    return result


def expit_of_float(u: float) -> float:
    """Return 1/(1 + exp(-u)) as Python computes it, exp(u) where exp(-u) overflows."""
    return 1.0 / (1.0 + math.exp(-u)) if u >= -LARGEST or u != u else math.exp(u)


LOGISTIC = {"expit": (expit_of_float, expit)}
