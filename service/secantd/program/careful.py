"""Scalar functions with IEEE values where `math` raises: infinite at poles, NaN where a function is undefined.

`power` is C's and IEEE 754's pow: 0^0 = 1, 1^NaN = 1, NaN^0 = 1, (-8)^(1/3) = NaN. R differs from it in three
corners only: R gives NaN for (-2)^Inf and for (-Inf)^y with a fraction y, and +Inf for (-0)^-1.
"""

import math
import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "acos",
    "acosh",
    "add",
    "asin",
    "atanh",
    "both",
    "ceiling",
    "compare",
    "cos",
    "cosh",
    "cube",
    "divide",
    "either",
    "equal",
    "exp",
    "expm1",
    "floor",
    "floor_divide",
    "fourth",
    "held",
    "ifelse",
    "log",
    "log1p",
    "log2",
    "log10",
    "missing",
    "modulo",
    "multiply",
    "negate",
    "negative",
    "pmax",
    "pmin",
    "power",
    "reciprocal",
    "reduced",
    "rounded",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "subtract",
    "tan",
    "truncate",
    "unequal",
]

Scalar = Callable[..., float]


def _overflowing(f: Scalar, odd: bool = False) -> Scalar:
    """Return `f` with Inf where it overflows, for an odd function with the sign of its argument."""

    def careful(x: float) -> float:
        try:
            return f(x)
        except OverflowError:
            return math.copysign(math.inf, x) if odd else math.inf

    return careful


def _undefined(f: Scalar) -> Scalar:
    """Return `f` with NaN outside its domain."""

    def careful(x: float) -> float:
        try:
            return f(x)
        except ValueError:
            return math.nan

    return careful


def _logarithm(f: Scalar, pole: float = 0.0) -> Scalar:
    """Return `f` with -Inf at its pole and NaN below."""

    def careful(x: float) -> float:
        try:
            return f(x)
        except ValueError:
            return -math.inf if x == pole else math.nan

    return careful


exp = _overflowing(math.exp)
expm1 = _overflowing(math.expm1)
sinh = _overflowing(math.sinh, odd=True)
cosh = _overflowing(math.cosh)
log = _logarithm(math.log)
log2 = _logarithm(math.log2)
log10 = _logarithm(math.log10)
log1p = _logarithm(math.log1p, -1.0)
sqrt = _undefined(math.sqrt)
sin = _undefined(math.sin)
cos = _undefined(math.cos)
tan = _undefined(math.tan)
asin = _undefined(math.asin)
acos = _undefined(math.acos)
acosh = _undefined(math.acosh)


def atanh(x: float) -> float:
    if abs(x) == 1.0:
        return math.copysign(math.inf, x)
    return math.atanh(x) if abs(x) < 1.0 else math.nan


def add(*terms: float) -> float:
    total = terms[0] + terms[1]
    for t in terms[2:]:
        total += t
    return total


def subtract(a: float, b: float) -> float:
    return a - b


def multiply(*factors: float) -> float:
    total = factors[0] * factors[1]
    for f in factors[2:]:
        total *= f
    return total


def negate(a: float) -> float:
    return -a


def divide(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0.0 or a != a:
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)


def reciprocal(a: float) -> float:
    return 1.0 / a if a != 0.0 else math.copysign(math.inf, a)


def square(a: float) -> float:
    return a * a


def cube(a: float) -> float:
    return a * a * a


def fourth(a: float) -> float:
    a *= a
    return a * a


def power(a: float, b: float) -> float:
    """Return a^b.

    >>> power(0.0, 0.0), power(-8.0, 1 / 3), power(0.0, -1.0), power(-10.0, 309.0)
    (1.0, nan, inf, -inf)
    """
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0.0 and math.fmod(b, 2.0) != 0.0 else math.inf
    except ValueError:
        if a == 0.0:
            return math.copysign(math.inf, a) if abs(math.fmod(b, 2.0)) == 1.0 else math.inf
        return math.nan


def sign(a: float) -> float:
    return 1.0 if a > 0.0 else -1.0 if a < 0.0 else a


def held(a: float) -> float:
    """Return the nearest finite number."""
    return math.copysign(sys.float_info.max, a) if math.isinf(a) else a


def floor(a: float) -> float:
    return float(math.floor(a)) if math.isfinite(a) else a


def ceiling(a: float) -> float:
    return float(math.ceil(a)) if math.isfinite(a) else a


def truncate(a: float) -> float:
    return float(math.trunc(a)) if math.isfinite(a) else a


# Digits that all decimals keep as doubles, and the largest power of ten.
DECIMALS, LARGEST_POWER = 15, 308


def rounded(a: float, digits: float) -> float:
    """Return R's round(a, digits), of R 4.0.0 and later.

    Of the two decimals around `a`, as doubles, the nearer one is returned; if both are equally near, that with the even last
    digit. A number that has no more than 15 digits with so many decimals is returned as it is (help page Round of R).

    >>> rounded(2.5, 0.0), rounded(0.15, 1.0), rounded(5.015, 2.0), rounded(1234.0, -2.0)
    (2.0, 0.1, 5.02, 1200.0)
    """
    if not (math.isfinite(a) and math.isfinite(digits)):
        if digits == -math.inf and math.isfinite(a):
            return math.copysign(0.0, a)
        return a + digits if digits != digits else a
    # As in R `digits` itself is rounded.
    places = math.floor(min(max(digits, -1000.0), 1000.0) + 0.5)
    if places == 0:
        return float(round(a))
    size = abs(a)
    if places + (math.frexp(size)[1] - 0.5) * math.log10(2.0) > DECIMALS or not size:
        return a
    if places < -LARGEST_POWER:
        return math.copysign(0.0, a)
    power = power_of_ten(min(places, LARGEST_POWER))
    more = power_of_ten(max(places - LARGEST_POWER, 0))
    scaled = size * power * more
    low = math.floor(scaled)
    below, above = low / power / more, math.ceil(scaled) / power / more
    nearer = above - size < size - below or (above - size == size - below and low % 2 == 1)
    return math.copysign(above if nearer else below, a)


def power_of_ten(n: int) -> float:
    """Return 10^n by products of squares, whose rounding R's results contain; 10^-n is 1/10^n."""
    found, square, left = 1.0, 10.0, abs(n)
    while left:
        if left & 1:
            found *= square
        square *= square
        left >>= 1
    return found if n >= 0 else 1.0 / found


def modulo(a: float, b: float) -> float:
    """Return R's a %% b, which has the sign of b."""
    try:
        return a % b
    except ZeroDivisionError:
        return math.nan


def floor_divide(a: float, b: float) -> float:
    """Return R's a %/% b."""
    quotient = divide(a, b)
    return a // b if math.isfinite(quotient) else quotient


def pmax(*values: float) -> float:
    best = values[0]
    for v in values[1:]:
        if v > best or v != v:
            best = v
    return best


def pmin(*values: float) -> float:
    best = values[0]
    for v in values[1:]:
        if v < best or v != v:
            best = v
    return best


def compare(test: Callable[[float, float], bool]) -> Scalar:
    """Return `test` with the values 1 and 0, and NaN where an argument is NaN (R's NA)."""

    def careful(a: float, b: float) -> float:
        return math.nan if a != a or b != b else 1.0 if test(a, b) else 0.0

    return careful


def equal(a: float, b: float) -> bool:
    return a == b


def unequal(a: float, b: float) -> bool:
    return a != b


def missing(a: float) -> float:
    """Return whether a value is NaN."""
    return 0.0 if a == a else 1.0


def both(a: float, b: float) -> float:
    """Return a & b: 0 if one is 0, else NaN if one is NaN."""
    return 0.0 if a == 0.0 or b == 0.0 else 1.0 if a == a and b == b else math.nan


def either(a: float, b: float) -> float:
    """Return a | b: 1 if one is true, else NaN if one is NaN."""
    if (a == a and a != 0.0) or (b == b and b != 0.0):
        return 1.0
    return 0.0 if a == b else math.nan


def negative(a: float) -> float:
    """Return !a."""
    return 1.0 if a == 0.0 else 0.0 if a == a else math.nan


def ifelse(test: float, yes: float, no: float) -> float:
    """Return `yes` or `no`; NaN where the test is NaN."""
    return no if test == 0.0 else yes if test == test else math.nan


def reduced(f: np.ufunc) -> Scalar:
    """Return the reduction of a vector by `f` to a float."""

    def careful(vector: NDArray[np.float64]) -> float:
        return float(f.reduce(vector))

    return careful
