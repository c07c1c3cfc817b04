"""Numbers of SymPy's form: exact fractions, and doubles where the text of a formula has decimals."""

import math
from fractions import Fraction
from typing import Final

from secantd.expression.decimals import decimal, plus, times

__all__ = [
    "MINUS",
    "ONE",
    "ZERO",
    "Number",
    "added",
    "exact_power",
    "fraction",
    "multiplied",
    "negated",
    "number_of",
    "root",
]

Number = Fraction | float

# Every number that is 1 is this object, and every fraction that is -1 the other.
ONE: Final = Fraction(1)
MINUS: Final = Fraction(-1)
ZERO: Final = Fraction(0)

# Whole numbers up to this are doubles without rounding.
LARGEST: Final = 2**53
# Divisors up to this are tried in search of roots.
LARGEST_DIVISOR: Final = 1000


def number_of(value: float) -> Number:
    """Return a finite number of the graph.

    >>> number_of(2.0), number_of(0.1)
    (Fraction(2, 1), 0.1)
    """
    if value == 1.0 or value == -1.0:
        return ONE if value > 0.0 else MINUS
    return Fraction(int(value)) if value.is_integer() and abs(value) <= LARGEST else value


def fraction(above: int, below: int = 1) -> Fraction:
    """Return above/below.

    >>> fraction(2, 2) is ONE
    True
    """
    if above == below:
        return ONE
    return MINUS if above == -below else Fraction(above, below)


def bounded(value: Fraction) -> Number:
    """Return a fraction, or its double if the graph has no node for its numerator or denominator."""
    above, below = value.numerator, value.denominator
    if below == 1 and -2 < above < 2 and above:
        return ONE if above == 1 else MINUS
    return value if -LARGEST <= above <= LARGEST and below <= LARGEST else above / below


def negated(value: Number) -> Number:
    """Return -value."""
    if value is ONE:
        return MINUS
    return ONE if value is MINUS else -value


def multiplied(a: Number, b: Number) -> Number:
    """Return a*b.

    >>> multiplied(Fraction(1, 3), Fraction(6)), multiplied(0.1, Fraction(3)), multiplied(0.5, Fraction(1, 3))
    (Fraction(2, 1), 0.3, Fraction(1, 6))
    """
    if a is ONE:
        return b
    if b is ONE:
        return a
    if b is MINUS:
        return negated(a)
    if isinstance(a, Fraction):
        if isinstance(b, Fraction):
            return bounded(a * b)
        a, b = b, a
    if isinstance(b, float):
        return number_of(times(a, b))
    if b.denominator == 1:
        return number_of(times(a, float(b.numerator)))
    # A third of 0.5 is 1/6, since no decimal is.
    product = decimal(a) * b
    if abs(product.numerator) <= LARGEST and product.denominator <= LARGEST:
        found = product.numerator / product.denominator
        return number_of(found) if decimal(found) == product else product
    return a * b.numerator / b.denominator


def added(a: Number, b: Number) -> Number:
    """Return a + b.

    >>> added(Fraction(1, 2), Fraction(1, 3)), added(0.1, Fraction(2))
    (Fraction(5, 6), 2.1)
    """
    if isinstance(a, Fraction):
        if isinstance(b, Fraction):
            return bounded(a + b)
        a, b = b, a
    if isinstance(b, float):
        return number_of(plus(a, b))
    return number_of(plus(a, float(b.numerator)) if b.denominator == 1 else a + b.numerator / b.denominator)


def exact_power(base: Fraction, exponent: int) -> Fraction | None:
    """Return base^exponent, None if it is too large for the graph; 0 has no negative powers."""
    if not base:
        return ZERO if exponent > 0 else None
    size = max(abs(base.numerator), base.denominator)
    if size > 1 and abs(exponent) * math.log2(size) > 53:
        return None
    power = Fraction(base**exponent)
    return fraction(power.numerator, power.denominator)


def root(number: int, exponent: Fraction) -> tuple[Fraction, list[tuple[int, Fraction]]] | None:
    """Return number^exponent as a fraction times powers of whole numbers with exponents between 0 and 1.

    Args:
        number: A positive whole number.
        exponent: The exponent, not a whole number.

    Returns:
        The fraction, and pairs of base and exponent; None if the fraction is too large.

    >>> root(12, Fraction(1, 2)), root(3, Fraction(-1, 2))
    ((Fraction(2, 1), [(3, Fraction(1, 2))]), (Fraction(1, 3), [(3, Fraction(1, 2))]))
    """
    outside = ONE
    inside: dict[Fraction, int] = {}
    left, divisor = number, 2
    while left > 1:
        if divisor > LARGEST_DIVISOR or divisor * divisor > left:
            divisor = left
        count = 0
        while left % divisor == 0:
            left //= divisor
            count += 1
        if count:
            whole = math.floor(count * exponent)
            part = count * exponent - whole
            power = exact_power(Fraction(divisor), whole)
            if power is None:
                return None
            outside = outside * power
            if part:
                inside[part] = inside.get(part, 1) * divisor
        divisor += 1
    return fraction(outside.numerator, outside.denominator), [(base, part) for part, base in inside.items()]
