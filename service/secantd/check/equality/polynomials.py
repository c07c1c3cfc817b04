"""Quotients of polynomials in kernels with rational exponents: the numbers of the normal form.

A kernel is what arithmetic does not take apart: a variable, pi, a prime, exp of a monomial, a call of a function. A monomial is a product
of powers of kernels with rational exponents. Relations of a kernel with itself (i^2 = -1, 8^(1/2) = 2*2^(1/2), |x|^2 = x^2) are applied
whenever monomials are multiplied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from secantd.interrupt import checkpoint

__all__ = [
    "ONE",
    "Form",
    "Monomial",
    "Poly",
    "Ring",
    "Settled",
    "TooLargeError",
    "UndefinedError",
    "constant",
    "poly_key",
    "primes",
    "times_power",
]

Monomial: TypeAlias = tuple[tuple[int, Fraction], ...]
Poly: TypeAlias = dict[Monomial, Fraction]

# The most terms of a polynomial, the most products of terms in one multiplication, and the largest power that is multiplied out.
TERMS, PRODUCTS, POWER = 3_000, 30_000, 16
ONE: Monomial = ()
# Integers up to this are divided into primes by trial.
TRIAL = 10_000


class TooLargeError(Exception):
    """A polynomial has too many terms, or a number is too large."""


class UndefinedError(Exception):
    """A division by 0, or an operation on what is no number."""


@dataclass(frozen=True, slots=True)
class Form:
    """A quotient; `below` is 1 or has several terms."""

    above: Poly
    below: Poly

    @property
    def whole(self) -> bool:
        """Whether there is no denominator."""
        return self.below == {ONE: Fraction(1)}

    @property
    def number(self) -> Fraction | None:
        """The value of a rational number, None for other quotients."""
        if not self.whole or any(m != ONE for m in self.above):
            return None
        return self.above.get(ONE, Fraction(0))


def constant(value: Fraction | int) -> Form:
    """Return a rational number."""
    return Form({ONE: Fraction(value)} if value else {}, {ONE: Fraction(1)})


def poly_key(poly: Poly) -> tuple[tuple[Monomial, Fraction], ...]:
    """Return a polynomial as a key of dictionaries."""
    return tuple(sorted(poly.items()))


# What a kernel to a power is: a rational number, a kernel and its exponent, or a polynomial that takes its place.
Settled: TypeAlias = tuple[Fraction, list[tuple[int, Fraction]], list[Poly]]


class Ring:
    """Arithmetic of quotients.

    Args:
        settled: Returns a power of a kernel as a rational factor, powers of kernels, and polynomials as factors; None where it stays
            as it is.
    """

    def __init__(self, settled: Callable[[int, Fraction], Settled | None]) -> None:
        self.settled = settled

    def monomial(self, powers: Mapping[int, Fraction]) -> tuple[Fraction, Monomial, list[Poly]]:
        """Return a product of powers with all relations applied: its factor, the monomial, and factors with several terms."""
        factor, polys = Fraction(1), []
        found: dict[int, Fraction] = {}
        waiting = list(powers.items())
        rounds = 0
        while waiting:
            kernel, exponent = waiting.pop()
            exponent += found.pop(kernel, 0)
            if not exponent:
                continue
            settled = self.settled(kernel, exponent)
            if settled is None:
                found[kernel] = exponent
                continue
            rounds += 1
            if rounds > TERMS:
                raise TooLargeError
            factor *= settled[0]
            polys += settled[2]
            for k, e in settled[1]:
                if k != kernel:
                    waiting.append((k, e))
                elif e:
                    found[k] = e
        return factor, tuple(sorted(found.items())), polys

    def multiplied(self, one: Poly, other: Poly) -> Poly:
        """Return a product of polynomials."""
        if len(one) * len(other) > PRODUCTS:
            raise TooLargeError
        result: Poly = {}
        for m, a in one.items():
            checkpoint()
            for n, b in other.items():
                factor, mono, polys = (Fraction(1), m or n, []) if not (m and n) else self.product(m, n)
                coefficient = a * b * factor
                if not polys:
                    accumulate(result, mono, coefficient)
                    continue
                whole: Poly = {mono: coefficient}
                for poly in polys:
                    whole = self.multiplied(whole, poly)
                for k, c in whole.items():
                    accumulate(result, k, c)
            if len(result) > TERMS:
                raise TooLargeError
        return result

    def product(self, m: Monomial, n: Monomial) -> tuple[Fraction, Monomial, list[Poly]]:
        powers = dict(m)
        for kernel, exponent in n:
            powers[kernel] = powers.get(kernel, Fraction(0)) + exponent
        return self.monomial(powers)

    def add(self, *forms: Form) -> Form:
        """Return a sum."""
        total = forms[0]
        for form in forms[1:]:
            if total.below == form.below:
                above = dict(total.above)
                for m, c in form.above.items():
                    accumulate(above, m, c)
                total = self.quotient(above, total.below)
            else:
                one, other = self.multiplied(total.above, form.below), self.multiplied(form.above, total.below)
                for m, c in other.items():
                    accumulate(one, m, c)
                total = self.quotient(one, self.multiplied(total.below, form.below))
        return total

    def mul(self, *forms: Form) -> Form:
        """Return a product."""
        total = forms[0]
        for form in forms[1:]:
            if total.above == form.below and not total.whole:
                total = Form(form.above, total.below)
            elif form.above == total.below and not form.whole:
                total = Form(total.above, form.below)
            else:
                total = self.quotient(
                    self.multiplied(total.above, form.above), self.multiplied(total.below, form.below)
                )
        return total

    def scaled(self, form: Form, by: Fraction | int) -> Form:
        """Return a rational multiple."""
        return Form({m: c * by for m, c in form.above.items()} if by else {}, form.below)

    def inverse(self, form: Form) -> Form:
        """Return 1/form."""
        if not form.above:
            raise UndefinedError
        return self.quotient(form.below, form.above)

    def quotient(self, above: Poly, below: Poly) -> Form:
        """Return a quotient whose denominator begins with 1."""
        if not below:
            raise UndefinedError
        if not above:
            return constant(0)
        if below == {ONE: Fraction(1)}:
            return Form(above, below)
        first = min(below)
        factor = self.turned_over(first, below[first])
        if len(below) == 1:
            return Form(self.multiplied(above, factor), {ONE: Fraction(1)})
        return Form(self.multiplied(above, factor), self.multiplied(below, factor))

    def turned_over(self, monomial: Monomial, coefficient: Fraction) -> Poly:
        """Return the reciprocal of a term."""
        factor, found, polys = self.monomial({k: -e for k, e in monomial})
        result: Poly = {found: factor / coefficient}
        for poly in polys:
            result = self.multiplied(result, poly)
        return result

    def power(self, form: Form, exponent: int) -> Form:
        """Return an integer power."""
        if exponent < 0:
            return self.power(self.inverse(form), -exponent)
        if exponent > POWER and len(form.above) + len(form.below) > 2:
            raise TooLargeError
        if exponent > 10**6:
            raise TooLargeError
        if form.whole and len(form.above) == 1:
            ((m, c),) = form.above.items()
            if exponent * (c.numerator.bit_length() + c.denominator.bit_length()) > 10**5:
                raise TooLargeError
            factor, mono, polys = self.monomial({k: e * exponent for k, e in m})
            result = Form({mono: c**exponent * factor}, form.below)
            for poly in polys:
                result = self.mul(result, Form(poly, form.below))
            return result
        result = constant(1)
        square = form
        while exponent:
            if exponent & 1:
                result = Form(self.multiplied(result.above, square.above), self.multiplied(result.below, square.below))
            exponent >>= 1
            if exponent:
                square = Form(self.multiplied(square.above, square.above), self.multiplied(square.below, square.below))
        return self.quotient(result.above, result.below)


def accumulate(poly: Poly, monomial: Monomial, coefficient: Fraction) -> None:
    value = poly.get(monomial, 0) + coefficient
    if value:
        poly[monomial] = Fraction(value)
    else:
        poly.pop(monomial, None)


def times_power(ring: Ring, poly: Poly, kernel: int, exponent: Fraction) -> Poly:
    """Return a polynomial times a power of a kernel."""
    return ring.multiplied(poly, {((kernel, exponent),): Fraction(1)})


def primes(value: Fraction) -> list[tuple[int, Fraction]]:
    """Return a positive rational number as powers of primes; a factor beyond TRIAL^2 may be composite.

    >>> primes(Fraction(8, 3))
    [(2, Fraction(3, 1)), (3, Fraction(-1, 1))]
    """
    found: dict[int, int] = {}
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        if number.bit_length() > 200:
            raise TooLargeError
        p = 2
        while p * p <= number and p < TRIAL:
            while number % p == 0:
                found[p] = found.get(p, 0) + sign
                number //= p
            p += 1 if p == 2 else 2
        if number > 1:
            found[number] = found.get(number, 0) + sign
    return [(p, Fraction(e)) for p, e in sorted(found.items()) if e]
