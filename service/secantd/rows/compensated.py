"""Sums as pairs of doubles: a double, and what rounding has taken from it.

The rounding error of each addition is a double, which six operations find whatever the sizes of the terms (Knuth, The Art of Computer
Programming 2, 4.2.2, theorem B). Errors are added in turn, so that the sum of a pair has the error of a sum with twice the digits
(Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005)).
"""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK", "added", "block_sum", "multiple"]

Array = NDArray[np.float64]

# Rows that are added as one: their order of addition is fixed, whatever runs beside it. The values of six outputs take 3 MB.
BLOCK = 65_536
# Sums that are carried side by side, and so few that they are added one by one.
LANES, FEW = 4_096, 256


def added(a: Array, b: Array) -> Array:
    """Return the sum of two arrays of pairs, shape (k, 2)."""
    with np.errstate(all="ignore"):
        total = a[:, 0] + b[:, 0]
        back = total - a[:, 0]
        rest = (a[:, 0] - (total - back)) + (b[:, 0] - back)
        rest += a[:, 1] + b[:, 1]
        found = np.empty_like(a)
        found[:, 0] = total + rest
        found[:, 1] = rest - (found[:, 0] - total)
        # An overflow, and what is infinite, has no rest.
        lost = ~np.isfinite(found).all(axis=1)
        found[lost, 0], found[lost, 1] = total[lost], 0.0
    return found


def block_sum(values: Array) -> tuple[float, float]:
    """Return the sum of doubles, shape (n,), as a pair; its first number is rounded correctly unless most digits cancel.

    >>> block_sum(np.array([1e100, 1.0, -1e100]))
    (1.0, 0.0)
    """
    with np.errstate(all="ignore"):
        plain = float(np.add.reduce(values))
        if not math.isfinite(plain):
            return plain, 0.0
        sums, rests = values, np.zeros(FEW)
        for lanes in (LANES, FEW):
            if len(sums) > lanes:
                sums, errors = folded(sums, lanes)
                rests += np.add.reduce(errors.reshape(-1, FEW), axis=0)
    terms = [*sums.tolist(), *rests.tolist()]
    try:
        total = math.fsum(terms)
        return total, math.fsum([*terms, -total])
    except (OverflowError, ValueError):
        return plain, 0.0


def folded(values: Array, lanes: int) -> tuple[Array, Array]:
    """Return the sums of every `lanes`-th value, shape (lanes,), and what rounding has taken from each."""
    whole = len(values) // lanes * lanes
    total = values[:lanes].copy()
    rest, sums, back, error = np.zeros(lanes), np.empty(lanes), np.empty(lanes), np.empty(lanes)
    parts = [values[k : k + lanes] for k in range(lanes, whole, lanes)]
    if whole < len(values):
        last = np.zeros(lanes)
        last[: len(values) - whole] = values[whole:]
        parts.append(last)
    for part in parts:
        np.add(total, part, out=sums)
        np.subtract(sums, total, out=back)
        np.subtract(sums, back, out=error)
        np.subtract(total, error, out=error)
        np.subtract(part, back, out=back)
        rest += error
        rest += back
        total, sums = sums, total
    return total, rest


def multiple(value: float, times: int) -> tuple[float, float]:
    """Return a number times a whole number as a pair, without an error.

    >>> multiple(0.1, 3)
    (0.30000000000000004, -2.7755575615628914e-17)
    """
    if not math.isfinite(value):
        return value * times, 0.0
    exact = Fraction(value) * times
    try:
        total = float(exact)
    except OverflowError:
        return math.copysign(math.inf, value), 0.0
    return total, float(exact - Fraction(total))
