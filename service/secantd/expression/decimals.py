"""Arithmetic with the decimals that authors write.

0.1 means one tenth: three times 0.1 is 0.3, where binary arithmetic gives 0.30000000000000004. Numbers without a fraction take
the short way, since binary arithmetic is exact for them; `a % 1.0` is compiled to a call of C, `a.is_integer()` is looked up.
"""

import math
from fractions import Fraction

__all__ = ["decimal", "plus", "times"]


def decimal(value: float) -> Fraction:
    """Return the shortest decimal that is read as `value`.

    Args:
        value: A finite number.

    >>> decimal(0.1)
    Fraction(1, 10)
    """
    return Fraction(repr(value))


def times(a: float, b: float) -> float:
    """Return a*b, of two decimals.

    >>> times(3.0, 0.1), 3.0 * 0.1
    (0.3, 0.30000000000000004)
    """
    value = a * b
    if (a % 1.0 == 0.0 and b % 1.0 == 0.0) or not math.isfinite(value) or not value:
        return value
    return float(decimal(a) * decimal(b))


def plus(a: float, b: float) -> float:
    """Return a + b, of two decimals.

    >>> plus(2.3, -1.0), 2.3 - 1.0
    (1.3, 1.2999999999999998)
    """
    value = a + b
    if (a % 1.0 == 0.0 and b % 1.0 == 0.0) or not math.isfinite(value):
        return value
    return float(decimal(a) + decimal(b))
