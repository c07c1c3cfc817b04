"""Intervals without a common number around two values, and their decimals."""

from fractions import Fraction
from math import floor

__all__ = ["Bounds", "decimal_text", "disjoint", "outward"]

Bounds = tuple[Fraction, Fraction]


def disjoint(true: Fraction, claimed: Fraction) -> tuple[Bounds, Bounds]:
    """Return short decimals around two different values; between the intervals a third of the difference remains.

    >>> [[str(b) for b in pair] for pair in disjoint(Fraction(12), Fraction(6))]
    [['21/2', '27/2'], ['9/2', '15/2']]
    """
    width = abs(true - claimed) / 4
    # A tenth of a power of ten below the width.
    unit = power_below(width) / 10
    (low, high), (below, above) = [
        (floor((value - width) / unit) * unit, -floor(-(value + width) / unit) * unit) for value in (true, claimed)
    ]
    return (low, high), (below, above)


def power_below(value: Fraction) -> Fraction:
    """Return the largest power of ten that is not above a positive number.

    >>> power_below(Fraction(3, 100)), power_below(Fraction(1000))
    (Fraction(1, 100), Fraction(1000, 1))
    """
    # 0.30103 is the logarithm of 2 to the base 10.
    digits = floor((value.numerator.bit_length() - value.denominator.bit_length()) * 0.30103)
    power = Fraction(10) ** digits
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return power


def outward(bounds: Bounds, digits: int) -> Bounds:
    """Return bounds rounded outwards to so many significant digits of the larger one.

    >>> [str(b) for b in outward((Fraction(2, 3), Fraction(5, 7)), 2)]
    ['33/50', '18/25']
    """
    size = max(abs(bounds[0]), abs(bounds[1]))
    if not size:
        return bounds
    unit = power_below(size) / 10 ** (digits - 1)
    return floor(bounds[0] / unit) * unit, -floor(-bounds[1] / unit) * unit


def decimal_text(value: Fraction) -> str:
    """Return a fraction whose denominator divides a power of ten as an exact decimal.

    >>> decimal_text(Fraction(-5, 4)), decimal_text(Fraction(3 * 10**30)), decimal_text(Fraction(1, 10**9))
    ('-1.25', '3e30', '1e-9')
    """
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs((value * 10**places).numerator))
    sign = "-" if value < 0 else ""
    shorter = digits.rstrip("0")
    exponent = len(digits) - len(shorter) - places
    if not value:
        return "0"
    if len(shorter) + max(exponent, 0) <= 21 and exponent >= -21:
        if exponent >= 0:
            return sign + shorter + "0" * exponent
        if -exponent < len(shorter):
            return f"{sign}{shorter[:exponent]}.{shorter[exponent:]}"
        if -exponent - len(shorter) <= 5:
            return f"{sign}0.{shorter.rjust(-exponent, '0')}"
    point = f"{shorter[0]}.{shorter[1:]}" if len(shorter) > 1 else shorter
    return f"{sign}{point}e{exponent + len(shorter) - 1}"
