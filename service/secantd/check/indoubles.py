"""Slopes of a function from its values in doubles."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.numeric import richardson

__all__ = ["EPSILON", "kink_in_doubles", "slope_in_doubles"]

EPSILON = float(np.finfo(float).eps)
# A millionth of this is still a normal number.
SMALLEST = 1e-300

Array = NDArray[np.float64]


def slope_in_doubles(f: Callable[[Sequence[Any]], Array], x: Array, row: int, height: float) -> tuple[float, float]:
    """Return a partial derivative by Richardson's extrapolation, and a bound of its error.

    Of two initial steps the one with the smaller bound is used, as f may vary faster than x.

    Args:
        f: The function of n columns of shape (N,).
        x: The point, shape (n,).
        row: Which coordinate is moved.
        height: f(x).

    >>> slope, error = slope_in_doubles(lambda columns: np.exp(columns[0]), np.array([1.0]), 0, math.e)
    >>> abs(slope - math.e) < 1e-9
    True
    """
    place = x.tolist()
    size = scale(place[row])
    found = []
    for h in (2.0 ** round(math.log2(0.05 * size)), 2.0 ** round(math.log2(0.002 * size))):
        with np.errstate(all="ignore"):
            value, error = richardson(f, place, row, h)
        rounding = 64 * EPSILON * abs(height) / h * 2**5
        found.append((error + rounding if math.isfinite(value) else math.inf, value))
    error, value = min(found, key=lambda pair: pair[0])
    return (value, error) if math.isfinite(error) else (math.nan, math.inf)


def kink_in_doubles(f: Callable[[Sequence[Any]], Array], x: Array, row: int) -> bool:
    """Return whether the slopes from both sides differ; arguments as for `slope_in_doubles`."""
    h = 1e-6 * scale(float(x[row]))
    columns = np.repeat(x[:, None], 3, axis=1)
    columns[row] += np.array([-h, 0.0, h])
    below, here, above = f(list(columns)).tolist()
    left, right = (here - below) / h, (above - here) / h
    noise = 8 * EPSILON * abs(here) / h
    return not abs(right - left) <= 1e-3 * max(abs(left), abs(right)) + noise


def scale(x: float) -> float:
    """Return the number to which steps from x are proportional: |x|, or 1 for 0, denormal and infinite numbers.

    >>> scale(-3.0), scale(5e-324)
    (3.0, 1.0)
    """
    return abs(x) if SMALLEST <= abs(x) < math.inf else 1.0
