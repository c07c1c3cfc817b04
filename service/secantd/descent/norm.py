"""The norm of a vector whose squares may overflow or vanish."""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGE", "SMALL", "norm", "short"]

# Fewer entries are faster by `math.hypot`.
FEW = 8
# Squares of numbers in this range lose no digits.
SMALL, LARGE = 1e-145, 1e150


def norm(v: NDArray[np.float64]) -> float:
    """Return the Euclidean norm |v| of a vector, shape (n,), also where its square overflows or vanishes.

    >>> norm(np.full(10_000, 1e-200)), norm(np.full(10_000, 1e200))
    (1e-198, 1e+202)
    """
    if len(v) < FEW:
        return math.hypot(*v.tolist())
    with np.errstate(over="ignore", under="ignore"):
        found = float(np.linalg.norm(v))
    return found if SMALL < found < LARGE else math.hypot(*v.tolist())


def short(direction: NDArray[np.float64]) -> float:
    """Return the multiple of `direction`, at most 1, that makes a first step no longer than 1."""
    return min(1.0, 1.0 / max(norm(direction), SMALL))
