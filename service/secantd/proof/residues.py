"""Values of terms modulo a prime at random points, which decide whether two terms are equal.

Two rational functions that are equal at random points modulo a prime of 62 bits are equal, except with a probability of their
degree over the prime for each point. Generators (exponentials, logarithms, roots, points of the unit circle) have random values that
satisfy their relations.
"""

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

__all__ = ["ORDER", "PRIME", "Points", "TooFewPointsError", "VanishingError", "Vector", "rational"]

# (p - 1)/2 is prime, so that a square has one root of each order that is itself a square, except for multiples of (p - 1)/2. The
# primes up to 31 are squares.
PRIME: Final = 4323455642555405879
ORDER: Final = (PRIME - 1) // 2
# The unit circle has p + 1 points, 120 times a prime.
COFACTOR: Final = 120
# The least number of points that decide.
FEWEST: Final = 5
# The largest numerator and denominator of a coefficient.
LARGEST: Final = 1 << 24

Vector = list[int]


class TooFewPointsError(Exception):
    """More random points are needed."""


def inverse(a: int) -> int:
    return pow(a, -1, PRIME)


def rational(value: int) -> Fraction | None:
    """Return the fraction of small numbers that a residue is, None if there is none.

    >>> rational(pow(3, -1, PRIME) * 2 % PRIME), rational(PRIME - 5)
    (Fraction(2, 3), Fraction(-5, 1))
    """
    r, s, a, b = PRIME, 0, value % PRIME, 1
    while a > LARGEST:
        q = r // a
        r, s, a, b = a, b, r - q * a, s - q * b
    if not -LARGEST < b < LARGEST or not b:
        return None
    return Fraction(a, b)


class VanishingError(Exception):
    """A denominator is 0 at some points."""


class Points:
    """Random points, and arithmetic with values at all of them.

    Args:
        count: The number of points. Those at which a value does not exist are left out later.
        seed: The seed of the random numbers.
    """

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.random = random.Random(seed)
        self.alive = [True] * count

    def constant(self, value: Fraction) -> Vector:
        """Return a number at all points."""
        return [value.numerator * inverse(value.denominator) % PRIME] * self.count

    def any(self) -> Vector:
        """Return random values."""
        return [self.random.randrange(1, PRIME) for _ in range(self.count)]

    def square(self) -> Vector:
        """Return random squares, which have roots of all orders."""
        return [pow(v, 2, PRIME) for v in self.any()]

    def circle(self) -> tuple[Vector, Vector]:
        """Return sines and cosines of random angles."""
        sines, cosines = [], []
        for _ in range(self.count):
            z = complex_power((self.random.randrange(1, PRIME), self.random.randrange(1, PRIME)), 2)
            norm = inverse((z[0] * z[0] + z[1] * z[1]) % PRIME)
            # z/conj(z) has norm 1.
            w = complex_times(z, z)
            c, s = complex_power((w[0] * norm % PRIME, w[1] * norm % PRIME), COFACTOR)
            sines.append(s)
            cosines.append(c)
        return sines, cosines

    def signed(self, of: Vector) -> Vector:
        """Return random signs times values."""
        return [v if self.random.random() < 0.5 else PRIME - v for v in of]

    def fail(self, i: int) -> None:
        """Leave out a point."""
        self.alive[i] = False
        if sum(self.alive) < FEWEST:
            raise TooFewPointsError

    def add(self, a: Vector, b: Vector) -> Vector:
        """Return a + b."""
        return [(x + y) % PRIME for x, y in zip(a, b, strict=True)]

    def sub(self, a: Vector, b: Vector) -> Vector:
        """Return a - b."""
        return [(x - y) % PRIME for x, y in zip(a, b, strict=True)]

    def mul(self, a: Vector, b: Vector) -> Vector:
        """Return a * b."""
        return [x * y % PRIME for x, y in zip(a, b, strict=True)]

    def div(self, a: Vector, b: Vector) -> Vector:
        """Return a/b.

        Raises:
            VanishingError: b is 0 at a point. That is no accident: b is 0 on a whole branch of the relations, for example |x| - x.
        """
        found = []
        for x, y, alive in zip(a, b, self.alive, strict=True):
            if not y and alive:
                raise VanishingError
            found.append(x * inverse(y) % PRIME if y else 0)
        return found

    def power(self, a: Vector, exponent: int) -> Vector:
        """Return a power with a whole exponent, at least 0."""
        return [pow(x, exponent, PRIME) for x in a]

    def root(self, a: Vector, order: int) -> Vector:
        """Return roots of squares; points at which a is no square are left out."""
        exponent = pow(order, -1, ORDER)
        found = []
        for i, x in enumerate(a):
            if self.alive[i] and pow(x, ORDER, PRIME) != 1:
                self.fail(i)
            found.append(pow(x, exponent, PRIME))
        return found

    def same(self, a: Vector, b: Vector) -> bool:
        """Whether two values are equal at all points that are left."""
        return all(x == y for x, y, alive in zip(a, b, self.alive, strict=True) if alive)

    def ratio(self, a: Vector, b: Vector) -> Fraction | None:
        """Return a/b if it is the same fraction of small numbers at all points, else None."""
        quotient = None
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            if not self.alive[i]:
                continue
            if quotient is None:
                if not y:
                    return None
                quotient = x * inverse(y) % PRIME
            elif x != y * quotient % PRIME:
                return None
        return None if quotient is None else rational(quotient)

    def combination(self, value: Vector, basis: Sequence[Vector]) -> list[Fraction] | None:
        """Return the rational coefficients of a value as a combination of others, None where it is none."""
        rows = [[b[i] for b in basis] + [value[i]] for i in range(self.count) if self.alive[i]]
        n = len(basis)
        if len(rows) < n + FEWEST - 2:
            raise TooFewPointsError
        pivots: list[int] = []
        for column in range(n):
            at = len(pivots)
            found = next((r for r in range(at, len(rows)) if rows[r][column]), None)
            if found is None:
                continue
            rows[at], rows[found] = rows[found], rows[at]
            scale = inverse(rows[at][column])
            rows[at] = [v * scale % PRIME for v in rows[at]]
            for r, row in enumerate(rows):
                if r != at and row[column]:
                    factor = row[column]
                    rows[r] = [(v - factor * w) % PRIME for v, w in zip(row, rows[at], strict=True)]
            pivots.append(column)
        if any(row[n] for row in rows[len(pivots) :]):
            return None
        coefficients = [Fraction(0)] * n
        for at, column in enumerate(pivots):
            small = rational(rows[at][n])
            if small is None:
                return None
            coefficients[column] = small
        return coefficients


def complex_times(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return (a[0] * b[0] - a[1] * b[1]) % PRIME, (a[0] * b[1] + a[1] * b[0]) % PRIME


def complex_power(a: tuple[int, int], exponent: int) -> tuple[int, int]:
    found = (1, 0)
    while exponent:
        if exponent & 1:
            found = complex_times(found, a)
        a = complex_times(a, a)
        exponent >>= 1
    return found
