"""The functions of `careful` for arrays that NumPy has no ufunc for: `f(*arguments, out=)`.

`out` has the shape of the result and is none of the arguments. Overflow, division by 0 and the like have values here, so
callers run under `np.errstate(all="ignore")`.
"""

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program import careful

__all__ = [
    "NaryUfunc",
    "both",
    "compare",
    "cube",
    "either",
    "floor_divide",
    "fourth",
    "held",
    "ifelse",
    "missing",
    "negative",
    "reduced",
    "rounded",
    "square",
]

Array = NDArray[np.float64]
Values = Any  # an array or a float

LARGEST = sys.float_info.max
# The longest array whose squares are summed: BLAS begins to use threads at 10,000.
FEW = 8_192


class NaryUfunc:
    """A binary ufunc folded over two or more arguments."""

    def __init__(self, ufunc: np.ufunc) -> None:
        self.ufunc = ufunc

    def __call__(self, *arguments: Values, out: Array | None = None) -> Array:
        total: Array = self.ufunc(arguments[0], arguments[1], out=out)
        for a in arguments[2:]:
            # A vector may come after scalars: without `out` the shape is not known in advance.
            total = self.ufunc(total, a, out=out)
        return total


def square(a: Values, out: Array | None = None) -> Array:
    return np.multiply(a, a, out=out)


def cube(a: Values, out: Array | None = None) -> Array:
    result: Array = np.multiply(a, a, out=out)
    return np.multiply(result, a, out=out)


def fourth(a: Values, out: Array | None = None) -> Array:
    result: Array = np.multiply(a, a, out=out)
    return np.multiply(result, result, out=out)


def held(a: Values, out: Array | None = None) -> Array:
    result: Array = np.minimum(np.maximum(a, -LARGEST, out=out), LARGEST, out=out)
    return result


def _replaced(result: Array, values: Values, where: Values) -> Array:
    if not np.any(where):
        return result
    if not isinstance(result, np.ndarray):
        # NumPy makes a scalar of an array without dimensions.
        return np.where(where, values, result)
    np.copyto(result, values, where=where)
    return result


def rounded(a: Values, digits: Values, out: Array | None = None) -> Array:
    if np.all(np.equal(digits, 0.0)):
        # As many values as there are digits.
        whole: Array = np.rint(np.broadcast_arrays(a, digits)[0], out=out)
        return whole
    result: Array = np.add(np.vectorize(careful.rounded, otypes=[float])(a, digits), 0.0, out=out)
    return result


def floor_divide(a: Values, b: Values, out: Array | None = None) -> Array:
    quotient = np.divide(a, b)
    return np.add(np.where(np.isfinite(quotient), np.floor_divide(a, b), quotient), 0.0, out=out)


def has_nan(a: Values) -> bool:
    """Whether there is a NaN. A sum, or of few values a sum of squares, finds one in a fraction of the time of `isnan`."""
    if isinstance(a, float):
        return a != a
    total = a.dot(a) if a.ndim == 1 and a.size <= FEW else np.add.reduce(a, axis=None)
    return not math.isfinite(total) and bool(np.isnan(a).any())


def settled(mask: Values, out: Array | None) -> Array:
    """Return a mask as 1 and 0."""
    if out is None:
        return np.asarray(mask, dtype=np.float64)
    np.copyto(out, mask)
    return out


def compare(ufunc: np.ufunc) -> Any:
    """Return a comparison whose values are 1 and 0, and NaN where an argument is NaN."""

    def array(a: Values, b: Values, out: Array | None = None) -> Array:
        result = settled(ufunc(a, b), out)
        if has_nan(a) or has_nan(b):
            return _replaced(result, np.nan, np.not_equal(a, a) | np.not_equal(b, b))
        return result

    return array


def missing(a: Values, out: Array | None = None) -> Array:
    """Return 1 where a value is NaN, else 0."""
    return settled(np.not_equal(a, a), out)


def both(a: Values, b: Values, out: Array | None = None) -> Array:
    # 0 * NaN is NaN, but FALSE & NA is FALSE.
    no = np.equal(a, 0.0) | np.equal(b, 0.0)
    result = settled(~no, out)
    if has_nan(a) or has_nan(b):
        return _replaced(result, np.nan, ~no & (np.not_equal(a, a) | np.not_equal(b, b)))
    return result


def either(a: Values, b: Values, out: Array | None = None) -> Array:
    unknown_a, unknown_b = np.not_equal(a, a), np.not_equal(b, b)
    yes = (np.not_equal(a, 0.0) & ~unknown_a) | (np.not_equal(b, 0.0) & ~unknown_b)
    return np.add(np.where(yes, 1.0, np.where(unknown_a | unknown_b, np.nan, 0.0)), 0.0, out=out)


def negative(a: Values, out: Array | None = None) -> Array:
    result = settled(np.equal(a, 0.0), out)
    return _replaced(result, np.nan, np.not_equal(a, a))


def ifelse(test: Values, yes: Values, no: Values, out: Array | None = None) -> Array:
    if out is None:
        result: Array = np.asarray(np.where(np.equal(test, 0.0), no, yes), dtype=np.float64)
    else:
        result = out
        np.copyto(result, yes)
        np.copyto(result, no, where=np.equal(test, 0.0))
    return _replaced(result, np.nan, np.not_equal(test, test)) if has_nan(test) else result


def reduced(ufunc: np.ufunc) -> Any:
    """Return the reduction over rows, the last axis, which is kept with length 1."""

    def array(a: Values, out: Array | None = None) -> Array:
        result: Array = ufunc.reduce(a, axis=-1, keepdims=True, out=out)
        return result

    return array
