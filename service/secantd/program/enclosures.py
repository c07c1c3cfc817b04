"""Intervals that contain a number: their ends have any number of digits, and exponents of any size.

Ends are rounded outwards, so that no digit is lost without being seen: where terms cancel an interval is wide, and the caller takes
more digits. A pole and what has no value are intervals of their own; whatever is not known lies between -Inf and Inf.
"""

import math
from collections.abc import Callable, Hashable
from typing import Any

from mpmath.libmp import (  # type: ignore[import-untyped]
    finf,
    fnan,
    fninf,
    fone,
    from_float,
    fzero,
    mpf_abs,
    mpf_add,
    mpf_div,
    mpf_exp,
    mpf_le,
    mpf_log,
    mpf_lt,
    mpf_mul,
    mpf_neg,
    mpf_pos,
    mpf_pow_int,
    mpf_shift,
    mpf_sqrt,
    mpf_sub,
    to_float,
)

__all__ = ["DOWN", "UP", "Arithmetic", "Enclosure", "End", "largest", "magnitude", "smallest"]

End = Any  # a number of mpmath's library: sign, mantissa, exponent, bits of the mantissa

DOWN, UP = "f", "c"
# Exponents of larger numbers have no digits left: exp(exp(1e308)) is between 2^FARTHEST and Inf.
FARTHEST = 10**640
LARGEST, SMALLEST = (0, 1, FARTHEST, 1), (0, 1, -FARTHEST, 1)
# Digits of the exponent of an argument of exp() whose value is within that range.
LARGEST_EXPONENT = 2100
# Bits that hold a sum of doubles exactly.
EXACT = 2200
# The longest sum of which the terms are kept: 1 + exp(-1e9) - 1 is exp(-1e9).
KEPT = 8
# The largest exponent of a power that is a product.
POWER = 1024
# Digits that a value relative to one of 1 has in double precision: a difference beyond changes no double.
DECIDED = -58


class Enclosure:
    """A number that is at least `low` and at most `high`; both are NaN where there is no value.

    Attributes:
        opposite: Its negative: equal computations with equal numbers are one object, so that they cancel exactly.
        terms: The numbers of which it is the sum; a sum that follows takes them up.
    """

    __slots__ = ("high", "low", "opposite", "terms")

    def __init__(self, low: End, high: End) -> None:
        self.low, self.high = low, high
        self.opposite: Enclosure | None = None
        self.terms: tuple[Enclosure, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is one number."""
        return bool(self.low == self.high)

    @property
    def finite(self) -> bool:
        return bool((self.low[1] or self.low == fzero) and (self.high[1] or self.high == fzero))

    @property
    def infinite(self) -> bool:
        """Whether it is Inf or -Inf."""
        return bool(self.low == self.high and (self.low == finf or self.low == fninf))

    @property
    def missing(self) -> bool:
        """Whether there is no value: the logarithm of a negative number."""
        return bool(self.low == fnan)

    @property
    def zero(self) -> bool:
        return bool(self.low == fzero and self.high == fzero)

    @property
    def sign(self) -> int | None:
        """The sign of the number, None where it is not known."""
        low, high = sign_of(self.low), sign_of(self.high)
        return low if low == high else None

    @property
    def truth(self) -> bool | None:
        """Whether it is another number than 0, None where that is not known."""
        return False if self.zero else True if sign_of(self.low) * sign_of(self.high) > 0 else None

    @property
    def size(self) -> float:
        """The nearest double to the largest absolute value; infinite where there is none."""
        ends = [abs(to_float(end, rnd="n")) for end in (self.low, self.high)]
        return math.inf if self.missing else float(max(ends))

    def double(self, accuracy: int = DECIDED) -> float | None:
        """Return the nearest double, None where fewer digits are known: the relative error is at most 2^accuracy."""
        low, high = to_float(self.low, rnd="n"), to_float(self.high, rnd="n")
        if low == high or low != low:
            return float(low)
        if not self.finite or not self.sign:
            return None
        width = mpf_sub(self.high, self.low, 10, UP)
        if not mpf_le(width, mpf_shift(mpf_abs(self.low), accuracy)):
            return None
        return float(to_float(mpf_shift(mpf_add(self.low, self.high, 60), -1), rnd="n"))


def sign_of(x: End) -> int:
    """Return the sign of an end, also of an infinite one."""
    return (-1 if x[0] else 1) if x[1] else 1 if x == finf else -1 if x == fninf else 0


def magnitude(x: End) -> int:
    """Return e with 2^(e - 1) <= |x| < 2^e for a finite number other than 0."""
    return int(x[2] + x[3])


class Arithmetic:
    """Sums, products, powers, exponentials and logarithms of enclosures, whose ends have `bits` digits.

    Equal operations on equal numbers have one result.
    """

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.known: dict[Hashable, Enclosure] = {}
        self.one = self.number(1.0)

    # -- numbers

    def number(self, value: float) -> Enclosure:
        if value != value:
            return Enclosure(fnan, fnan)
        if value < 0.0:
            return self.neg(self.number(-value))
        return self.once(("number", value), lambda: Enclosure(*[from_float(value)] * 2))

    def once(self, key: Hashable, make: Callable[[], Enclosure]) -> Enclosure:
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = make()
        return found

    @staticmethod
    def missing() -> Enclosure:
        return Enclosure(fnan, fnan)

    @staticmethod
    def unknown() -> Enclosure:
        return Enclosure(fninf, finf)

    def between(self, low: End, high: End) -> Enclosure:
        """Return an interval; an end that is NaN is not known."""
        return Enclosure(fninf if low == fnan else low, finf if high == fnan else high)

    def rising(self, end: Callable[[End, str], End], a: Enclosure) -> Enclosure:
        """Return the values of an increasing function, which computes an end rounded downwards or upwards."""
        low = end(a.low, DOWN)
        if a.single and low[1] and low not in (fone, LARGEST):
            # A unit in the last place is more than rounding.
            return Enclosure(low, mpf_add(low, (0, 1, magnitude(low) - self.bits, 1), self.bits, UP))
        return Enclosure(low, end(a.high, UP))

    # -- sums

    def neg(self, a: Enclosure) -> Enclosure:
        if a.opposite is None:
            a.opposite = Enclosure(mpf_neg(a.high), mpf_neg(a.low))
            a.opposite.opposite = a
            a.opposite.terms = tuple([self.neg(t) for t in a.terms])
        return a.opposite

    def add(self, *numbers: Enclosure) -> Enclosure:
        if any(a.missing for a in numbers):
            return self.missing()
        flat = [t for a in numbers for t in a.terms or (a,)]
        left: dict[int, list[Enclosure]] = {}
        for t in flat if len(flat) <= 2 * KEPT else numbers:
            others = left.get(id(t.opposite))
            if others and t.finite:
                others.pop()
            else:
                left.setdefault(id(t), []).append(t)
        terms = [t for group in left.values() for t in group if not t.zero]
        if len(terms) < 2:
            return terms[0] if terms else self.number(0.0)
        return self.once(("add", *sorted(terms, key=id)), lambda: self.total(terms))

    def total(self, terms: list[Enclosure]) -> Enclosure:
        if len({t.low for t in terms if t.infinite}) > 1:
            return self.missing()
        # Numbers of the point cancel exactly.
        low = high = fzero
        for t in [t for t in terms if t.single]:
            low, high = mpf_add(low, t.low, EXACT, DOWN), mpf_add(high, t.high, EXACT, UP)
        for t in [t for t in terms if not t.single]:
            low, high = mpf_add(low, t.low, self.bits, DOWN), mpf_add(high, t.high, self.bits, UP)
        found = self.between(low, high)
        if len(terms) <= KEPT:
            found.terms = tuple(terms)
        return found

    def sub(self, a: Enclosure, b: Enclosure) -> Enclosure:
        return self.add(a, self.neg(b))

    # -- products

    def mul(self, *numbers: Enclosure) -> Enclosure:
        if any(a.missing for a in numbers):
            return self.missing()
        if any(a.zero for a in numbers):
            if any(a.infinite for a in numbers):
                return self.missing()
            return self.number(0.0) if all(a.finite for a in numbers) else self.unknown()
        negative, factors = False, []
        for a in numbers:
            if a.sign == -1:
                a, negative = self.neg(a), not negative
            if a is not self.one:
                factors.append(a)
        found = factors[0] if factors else self.one
        if len(factors) > 1:
            found = self.once(("mul", *sorted(factors, key=id)), lambda: self.product(factors))
        return self.neg(found) if negative else found

    def product(self, factors: list[Enclosure]) -> Enclosure:
        low, high = factors[0].low, factors[0].high
        for f in factors[1:]:
            pairs = [(low, f.low), (high, f.high)]
            if sign_of(low) < 0 or sign_of(f.low) < 0:
                pairs += [(low, f.high), (high, f.low)]
            below = [mpf_mul(a, b, self.bits, DOWN) for a, b in pairs]
            above = [mpf_mul(a, b, self.bits, UP) for a, b in pairs]
            if fnan in below or fnan in above:
                return self.unknown()
            low, high = smallest(below), largest(above)
        return Enclosure(low, high)

    def div(self, a: Enclosure, b: Enclosure) -> Enclosure:
        if a.missing or b.missing or (a.infinite and b.infinite):
            return self.missing()
        if b.zero:
            if a.zero:
                return self.missing()
            return self.unknown() if not a.sign else Enclosure(*[finf if a.sign > 0 else fninf] * 2)
        if not b.sign and (not a.sign or sign_of(b.low) * sign_of(b.high) < 0):
            return self.unknown()
        if sign_of(b.low) < 0:
            return self.neg(self.div(a, self.neg(b)))
        if a.sign == -1:
            return self.neg(self.div(self.neg(a), b))
        if a is b and a.finite:
            return self.one
        if a.zero or b is self.one:
            return a
        return self.once(("div", a, b), lambda: self.quotient(a, b))

    def quotient(self, a: Enclosure, b: Enclosure) -> Enclosure:
        """Return a quotient by a number that is not negative."""
        if b.low == fzero:
            return Enclosure(mpf_div(a.low, b.high, self.bits, DOWN), finf)
        low = mpf_div(a.low, b.high if sign_of(a.low) >= 0 else b.low, self.bits, DOWN)
        high = mpf_div(a.high, b.low if sign_of(a.high) >= 0 else b.high, self.bits, UP)
        return self.between(fzero if low == fnan and sign_of(a.low) > 0 else low, high)

    # -- powers, exponentials and logarithms

    def whole_power(self, a: Enclosure, n: int) -> Enclosure:
        if n < 0:
            return self.div(self.one, self.whole_power(a, -n))
        if n < 2 or a.missing or a.zero:
            return a if n else self.one
        if a.sign == -1 or (sign_of(a.low) < 0 and n % 2 == 0):
            size = self.whole_power(self.absolute(a), n)
            return self.neg(size) if n % 2 else size
        return self.once(
            ("pow", a, n),
            lambda: Enclosure(self.power_end(a.low, n, DOWN), self.power_end(a.high, n, UP)),
        )

    def power_end(self, x: End, n: int, rounding: str) -> End:
        return mpf_pow_int(x, n, self.bits, rounding) if x != fzero else x

    def power(self, a: Enclosure, b: Enclosure) -> Enclosure:
        """Return a^b as C defines it: 1 where a is 1 or b is 0, also where the other is NaN."""
        if b.zero or a is self.one:
            return self.one
        if a.missing or b.missing:
            return self.missing()
        n = to_float(b.low) if b.single else 0.5
        if abs(n) <= POWER and n == int(n) and a.finite:
            return self.whole_power(a, int(n))
        if a.sign == 1 or a.zero:
            return self.exp(self.mul(b, self.log(a)))
        if a.sign == -1 and b.single and b.finite:
            if b.low[2] < 0:
                return self.missing()
            size = self.power(self.neg(a), b)
            return size if b.low[2] > 0 else self.neg(size)
        if sign_of(a.low) == 0 and b.sign == 1:
            return Enclosure(fzero, self.power(Enclosure(a.high, a.high), b).high)
        return self.unknown()

    def absolute(self, a: Enclosure) -> Enclosure:
        if a.missing or sign_of(a.low) >= 0:
            return a
        return self.neg(a) if sign_of(a.high) <= 0 else Enclosure(fzero, largest([mpf_neg(a.low), a.high]))

    def sqrt(self, a: Enclosure) -> Enclosure:
        if a.missing or sign_of(a.high) < 0:
            return self.missing()
        if sign_of(a.low) < 0:
            return self.unknown()
        return self.once(
            ("sqrt", a), lambda: Enclosure(mpf_sqrt(a.low, self.bits, DOWN), mpf_sqrt(a.high, self.bits, UP))
        )

    def exp(self, a: Enclosure) -> Enclosure:
        return a if a.missing else self.once(("exp", a), lambda: self.rising(self.exp_end, a))

    def exp_end(self, x: End, rounding: str, more: int = 0) -> End:
        if x[1] and magnitude(x) > LARGEST_EXPONENT:
            if x[0]:
                return fzero if rounding == DOWN else SMALLEST
            return LARGEST if rounding == DOWN else finf
        return mpf_exp(x, self.bits + more, rounding)

    def expm1(self, a: Enclosure) -> Enclosure:
        if a.missing or a.zero:
            return a
        if sign_of(mpf_sub(mpf_abs(a.low), fone, 10, DOWN)) >= 0 and a.sign:
            return self.sub(self.exp(a), self.one)
        return self.once(("expm1", a), lambda: self.rising(self.expm1_end, a))

    def expm1_end(self, x: End, rounding: str) -> End:
        """Return exp(x) - 1, which is between x and x + x² for a small x."""
        if x == fzero:
            return x
        small = -magnitude(x) if x[1] else 0
        if small > self.bits:
            return mpf_pos(x, self.bits, DOWN) if rounding == DOWN else mpf_add(x, mpf_mul(x, x), self.bits, UP)
        return mpf_sub(self.exp_end(x, rounding, max(small, 0) + 4), fone, self.bits, rounding)

    def log(self, a: Enclosure) -> Enclosure:
        if a.missing or sign_of(a.high) < 0:
            return self.missing()
        if sign_of(a.low) < 0:
            return self.unknown()
        return self.once(("log", a), lambda: self.rising(lambda x, way: mpf_log(x, self.bits, way), a))

    def log1p(self, a: Enclosure) -> Enclosure:
        least = mpf_neg(fone)
        if a.missing or a.zero:
            return a
        if mpf_lt(a.high, least):
            return self.missing()
        if mpf_lt(a.low, least):
            return self.unknown()
        if a.terms and a.sign == -1 and magnitude(a.high) >= 0:
            # 1 - 1 + exp(-1e9) is exp(-1e9).
            return self.log(self.add(self.one, a))
        return self.once(("log1p", a), lambda: self.rising(self.log1p_end, a))

    def log1p_end(self, x: End, rounding: str) -> End:
        """Return log(1 + x), which is between x - x² and x for a small x."""
        if x[1] and magnitude(x) < -self.bits:
            return mpf_pos(x, self.bits, UP) if rounding == UP else mpf_sub(x, mpf_mul(x, x), self.bits, DOWN)
        return mpf_log(mpf_add(fone, x, 4 * self.bits, rounding), self.bits, rounding)


def smallest(ends: list[End]) -> End:
    found = ends[0]
    for x in ends[1:]:
        found = x if mpf_lt(x, found) else found
    return found


def largest(ends: list[End]) -> End:
    found = ends[0]
    for x in ends[1:]:
        found = x if mpf_lt(found, x) else found
    return found
