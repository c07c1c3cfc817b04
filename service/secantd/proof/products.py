"""Terms as products of factors with whole exponents, as far as their equality modulo a prime shows them.

A sum keeps the factors that its terms share in front; what is left is a factor of its own, unless it is a multiple of one that is
known. Terms that divide by sums thereby become one fraction without fractions in it.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from secantd.proof.reals import Term, Terms, below
from secantd.proof.residues import FEWEST, Points, Vector

__all__ = ["Factor", "Product", "Products", "divides"]

ONE: Final = Fraction(1)


class Factor:
    """A factor: a variable, a generator, or a sum.

    Attributes:
        term: The factor.
        vector: Its values.
        log: What its logarithm is, None where it has no generator yet.
        link: Why: a proof of `ln_is term log`, "" for none.
    """

    __slots__ = ("link", "log", "term", "vector")

    def __init__(self, term: Term, vector: Vector) -> None:
        self.term = term
        self.vector = vector
        self.log: Term | None = None
        self.link = ""


class Product:
    """A rational number times factors with whole exponents, by position of the factor."""

    __slots__ = ("number", "powers")

    def __init__(self, number: Fraction, powers: dict[int, int]) -> None:
        self.number = number
        self.powers = {k: n for k, n in powers.items() if n}

    def times(self, other: "Product", sign: int = 1) -> "Product":
        """Return the product, or the quotient with sign -1."""
        powers = dict(self.powers)
        for k, n in other.powers.items():
            powers[k] = powers.get(k, 0) + sign * n
        return Product(self.number * (other.number if sign > 0 else 1 / other.number), powers)


def divides(term: Term) -> bool:
    """Whether a fraction other than a number is in a term.

    >>> t = Terms()
    >>> divides(t.make("inv", t.variable("x"))), divides(t.make("div", t.variable("x"), t.number(2)))
    (True, False)
    """
    return any(t.op == "inv" or (t.op == "div" and t.args[1].op != "number") for t in below([term]))


class Products:
    """Values and products of terms in variables and generators.

    Args:
        terms: Makes terms.
        points: Makes values.
        fresh: The value of a variable or of PI.
    """

    def __init__(self, terms: Terms, points: Points, fresh: Callable[[Term], Vector]) -> None:
        self.terms = terms
        self.points = points
        self.fresh = fresh
        self.factors: list[Factor] = []
        self._vectors: dict[int, Vector] = {}
        self._products: dict[int, Product] = {}
        self._position: dict[int, int] = {}

    def generator(self, term: Term, vector: Vector) -> Factor:
        """Add a generator with its values."""
        self._vectors[term.index] = vector
        factor = Factor(term, vector)
        self._position[term.index] = len(self.factors)
        self._products[term.index] = Product(ONE, {len(self.factors): 1})
        self.factors.append(factor)
        return factor

    def vector(self, term: Term) -> Vector:
        """Return the values of a term."""
        found = self._vectors
        for t in below([term]):
            if t.index not in found:
                found[t.index] = self._vector(t)
        return found[term.index]

    def _vector(self, t: Term) -> Vector:
        p, op = self.points, t.op
        args = [self._vectors[a.index] for a in t.args]
        if op == "number":
            return p.constant(t.value)
        if op == "variable" or op == "pi":
            return self.fresh(t)
        if op == "add":
            return p.add(*args)
        if op == "sub":
            return p.sub(*args)
        if op == "mul":
            return p.mul(*args)
        if op == "div":
            return p.div(*args)
        if op == "neg":
            return p.sub(p.constant(Fraction(0)), args[0])
        if op == "inv":
            return p.div(p.constant(ONE), args[0])
        assert op == "pow", op
        return p.power(args[0], t.exponent)

    def product(self, term: Term) -> Product:
        """Return a term as a product."""
        found = self._products
        for t in below([term]):
            if t.index not in found:
                found[t.index] = self._product(t)
        return found[term.index]

    def _product(self, t: Term) -> Product:
        op = t.op
        args = [self._products[a.index] for a in t.args]
        if op == "number":
            return Product(t.value, {})
        if op == "variable" or op == "pi":
            return Product(ONE, {self._factor(t): 1})
        if op == "add" or op == "sub":
            return self._sum(t, args[0], args[1], 1 if op == "add" else -1)
        if op == "mul":
            return args[0].times(args[1]) if args[0].number and args[1].number else Product(Fraction(0), {})
        if op == "div":
            return args[0].times(args[1], -1) if args[0].number else args[0]
        if op == "neg":
            return Product(-args[0].number, args[0].powers)
        if op == "inv":
            return Product(ONE, {}).times(args[0], -1)
        assert op == "pow", op
        n = t.exponent
        return Product(args[0].number ** n, {k: n * m for k, m in args[0].powers.items()})

    def _factor(self, t: Term) -> int:
        if t.index not in self._position:
            self._position[t.index] = len(self.factors)
            self.factors.append(Factor(t, self.vector(t)))
        return self._position[t.index]

    def _sum(self, t: Term, a: Product, b: Product, sign: int) -> Product:
        if not a.number:
            return Product(sign * b.number, b.powers)
        if not b.number:
            return a
        keys = a.powers.keys() | b.powers.keys()
        common = {k: min(a.powers.get(k, 0), b.powers.get(k, 0)) for k in sorted(keys)}
        left = Product(a.number, {k: a.powers.get(k, 0) - n for k, n in common.items()})
        right = Product(sign * b.number, {k: b.powers.get(k, 0) - n for k, n in common.items()})
        if left.powers == right.powers:
            return (
                Product(left.number + right.number, a.powers)
                if left.number + right.number
                else Product(Fraction(0), {})
            )
        make = self.terms.make
        if right.number < 0:
            rest = make("sub", self.term(left), self.term(Product(-right.number, right.powers)))
        else:
            rest = make("add", self.term(left), self.term(right))
        vector = self.vector(rest)
        if not any(v for v, alive in zip(vector, self.points.alive, strict=True) if alive):
            return Product(Fraction(0), {})
        number = self.points.ratio(vector, self.points.constant(ONE))
        if number is not None:
            return Product(number, common)
        for k, factor in enumerate(self.factors):
            number = self.points.ratio(vector, factor.vector)
            if number is not None:
                return Product(number, {**common, k: common.get(k, 0) + 1})
        return Product(ONE, {**common, self._factor(rest): 1})

    def term(self, product: Product) -> Term:
        """Return a product as one fraction."""
        make, terms = self.terms.make, self.terms
        top = self._multiplied(product.number.numerator, [(k, n) for k, n in sorted(product.powers.items()) if n > 0])
        under = self._multiplied(
            product.number.denominator, [(k, -n) for k, n in sorted(product.powers.items()) if n < 0]
        )
        return top if under is terms.number(1) else make("div", top, under)

    def _multiplied(self, number: int, powers: list[tuple[int, int]]) -> Term:
        parts = [self.factors[k].term if n == 1 else self.terms.power(self.factors[k].term, n) for k, n in powers]
        found = parts[0] if parts else self.terms.number(number)
        for part in parts[1:]:
            found = self.terms.make("mul", found, part)
        return self.terms.make("mul", self.terms.number(number), found) if parts and number != 1 else found

    def zero(self, term: Term) -> bool:
        """Whether a term is 0 at all points."""
        assert sum(self.points.alive) >= FEWEST
        return not any(v for v, alive in zip(self.vector(term), self.points.alive, strict=True) if alive)
