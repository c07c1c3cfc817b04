"""The functions of `careful` over arrays: `f(*arguments, out=)`, where NumPy has no ufunc for them.

`out` has the shape of the result and is none of the arguments. What NumPy warns about is a value here:
callers run under `np.errstate(all="ignore")`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program import careful

__all__ = [
    "NaryUfunc",
    "both",
    "compare",
    "cospi",
    "cube",
    "either",
    "floor_divide",
    "fourth",
    "ifelse",
    "log_base",
    "negative",
    "reduced",
    "rounded",
    "sinpi",
    "square",
    "tanpi",
]

Array = NDArray[np.float64]
Values = Any  # an array or a float


class NaryUfunc:
    """A binary ufunc folded over two or more arguments."""

    def __init__(self, ufunc: np.ufunc) -> None:
        self.ufunc = ufunc

    def __call__(self, *arguments: Values, out: Array | None = None) -> Array:
        total: Array = self.ufunc(arguments[0], arguments[1], out=out)
        for a in arguments[2:]:
            # A vector may come after scalars: without `out` the shape is not known before.
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


def log_base(a: Values, base: Values, out: Array | None = None) -> Array:
    result = np.divide(np.log(a), np.log(base), out=out)
    result = _replaced(result, np.log2(a), np.equal(base, 2.0))
    return _replaced(result, np.log10(a), np.equal(base, 10.0))


def _replaced(result: Array, values: Values, where: Values) -> Array:
    if np.any(where):
        np.copyto(result, values, where=where)
    return result


def sinpi(x: Values, out: Array | None = None) -> Array:
    r = np.fmod(x, 2.0)
    r = np.where(np.abs(r) > 1.5, r - np.copysign(2.0, r), r)
    r = np.where(np.abs(r) > 0.5, np.copysign(1.0, r) - r, r)
    result: Array = np.sin(np.pi * r, out=out)
    return result


def cospi(x: Values, out: Array | None = None) -> Array:
    r = np.fmod(np.abs(x), 2.0)
    r = np.where(r > 1.0, 2.0 - r, r)
    middle = np.sin(np.pi * (0.5 - r))
    ends = np.where(r < 0.25, np.cos(np.pi * r), -np.cos(np.pi * (1.0 - r)))
    result: Array = np.add(np.where((r >= 0.25) & (r <= 0.75), middle, ends), 0.0, out=out)
    return result


def tanpi(x: Values, out: Array | None = None) -> Array:
    r = np.fmod(x, 1.0)
    r = np.where(np.abs(r) > 0.5, r - np.copysign(1.0, r), r)
    size = np.abs(r)
    outer = np.copysign(1.0 / np.tan(np.pi * (0.5 - size)), r)
    inner = np.where(size == 0.25, 4.0 * r, np.tan(np.pi * r))
    result = np.where(size <= 0.25, inner, np.where(size == 0.5, np.nan, outer))
    return np.add(result, 0.0, out=out)


def rounded(a: Values, digits: Values, out: Array | None = None) -> Array:
    if np.all(np.equal(digits, 0.0)):
        return np.rint(a, out=out)
    result: Array = np.add(np.vectorize(careful.rounded, otypes=[float])(a, digits), 0.0, out=out)
    return result


def floor_divide(a: Values, b: Values, out: Array | None = None) -> Array:
    quotient = np.divide(a, b)
    return np.add(np.where(np.isfinite(quotient), np.floor_divide(a, b), quotient), 0.0, out=out)


def compare(ufunc: np.ufunc) -> Any:
    """Return a comparison as 1 or 0, NaN where an argument is NaN."""

    def array(a: Values, b: Values, out: Array | None = None) -> Array:
        result: Array = np.add(ufunc(a, b), 0.0, out=out)
        return _replaced(result, np.nan, np.not_equal(a, a) | np.not_equal(b, b))

    return array


def both(a: Values, b: Values, out: Array | None = None) -> Array:
    # 0 * NaN is NaN, but FALSE & NA is FALSE.
    no = np.equal(a, 0.0) | np.equal(b, 0.0)
    unknown = np.not_equal(a, a) | np.not_equal(b, b)
    return np.add(np.where(no, 0.0, np.where(unknown, np.nan, 1.0)), 0.0, out=out)


def either(a: Values, b: Values, out: Array | None = None) -> Array:
    unknown_a, unknown_b = np.not_equal(a, a), np.not_equal(b, b)
    yes = (np.not_equal(a, 0.0) & ~unknown_a) | (np.not_equal(b, 0.0) & ~unknown_b)
    return np.add(np.where(yes, 1.0, np.where(unknown_a | unknown_b, np.nan, 0.0)), 0.0, out=out)


def negative(a: Values, out: Array | None = None) -> Array:
    result: Array = np.add(np.equal(a, 0.0), 0.0, out=out)
    return _replaced(result, np.nan, np.not_equal(a, a))


def ifelse(test: Values, yes: Values, no: Values, out: Array | None = None) -> Array:
    chosen = np.where(np.equal(test, 0.0), no, yes)
    result: Array = np.add(chosen, 0.0, out=out)
    return _replaced(result, np.nan, np.not_equal(test, test))


def reduced(ufunc: np.ufunc) -> Any:
    """Return the reduction over rows, the last axis, which stays with length 1."""

    def array(a: Values, out: Array | None = None) -> Array:
        result: Array = ufunc.reduce(a, axis=-1, keepdims=True, out=out)
        return result

    return array
