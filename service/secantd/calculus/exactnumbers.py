"""Constants as sums of products of roots, logarithms, powers of e and pi, and values of functions, with rational factors.

The coefficients of Taylor polynomials and tangents are computed with them, so that 1/3, sqrt(2)/4 and exp(1)/2 stay what they
are. A product is a rational number and powers of *generators*: primes (for roots), pi, e, and every other value of a function.
Equal constants have the same products as long as no identity links generators other than e^a e^b and roots of primes; the
caller therefore compares every result with its value in floating point.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from secantd.algebra.constants import is_exact
from secantd.calculus.primes import prime_factors
from secantd.expression import Graph, Node
from secantd.functions import FUNCTIONS

__all__ = ["Exact", "ExactNumbers", "NotExactError"]

# The generators with their exponents, in ascending order; and a constant: the rational factor of each product.
Product = tuple[tuple[int, Fraction], ...]
Exact = dict[Product, Fraction]

ONE: Final[Product] = ()
# The most products of a constant; nobody reads longer ones.
MOST: Final = 8
# Larger whole numbers are no exact doubles, and are not written.
LARGEST: Final = 2**53
# Larger numbers are not factored for their roots.
FACTORED: Final = 10**6
# The most bits of a rational number to a power.
BITS: Final = 200
# sin(k pi/12) for the k of which it has one product: a rational factor and the number under the root.
SINES: Final = {
    0: (Fraction(0), 1),
    2: (Fraction(1, 2), 1),
    3: (Fraction(1, 2), 2),
    4: (Fraction(1, 2), 3),
    6: (Fraction(1), 1),
}
# The inverse functions of numbers that are values at multiples of pi: the multiple.
ARCS: Final = {
    "asin": {Fraction(1): Fraction(1, 2), Fraction(1, 2): Fraction(1, 6)},
    "atan": {Fraction(1): Fraction(1, 4)},
    "acos": {Fraction(0): Fraction(1, 2), Fraction(1, 2): Fraction(1, 3), Fraction(-1): Fraction(1)},
}
ODD: Final = frozenset({"sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "erf"})
EVEN: Final = frozenset({"cos", "cosh"})
BASES: Final = {"log2": 2, "log10": 10}


class NotExactError(Exception):
    """A constant has no form of this kind that a person would read."""


class ExactNumbers:
    """Constants in one graph.

    Args:
        graph: The graph of the nodes that are written.
        decimals: Whether fractions that are finite decimals are written as decimals, as the author wrote them.
    """

    def __init__(self, graph: Graph, decimals: bool) -> None:
        self.graph = graph
        self.decimals = decimals
        self.generators: list[Node] = []
        self.values: list[float] = []
        self.places: dict[int, int] = {}

    # -- generators -----------------------------------------------------------------------------------------

    def generator(self, node: Node, value: float) -> Exact:
        """Return a node of known value as a constant."""
        if not math.isfinite(value) or not value:
            raise NotExactError
        place = self.places.get(node.index)
        if place is None:
            place = self.places[node.index] = len(self.generators)
            self.generators.append(node)
            self.values.append(value)
        return {((place, Fraction(1)),): Fraction(1)}

    def pi(self) -> Exact:
        return self.generator(self.graph.make("pi"), math.pi)

    def e(self) -> Exact:
        return self.generator(self.graph.make("exp", self.graph.number(1.0)), math.e)

    def rational(self, value: Fraction) -> Exact:
        return {ONE: value} if value else {}

    def number(self, value: float) -> Exact:
        """Return a number as its author wrote it: 0.1 is one tenth."""
        if not math.isfinite(value):
            raise NotExactError
        return self.rational(Fraction(repr(value)))

    def rational_of(self, a: Exact) -> Fraction | None:
        """Return a constant that is a rational number, None for others."""
        if not a:
            return Fraction(0)
        return a.get(ONE) if len(a) == 1 else None

    # -- arithmetic -----------------------------------------------------------------------------------------

    def add(self, terms: Sequence[Exact]) -> Exact:
        total: Exact = {}
        for term in terms:
            for product, factor in term.items():
                total[product] = total.get(product, Fraction(0)) + factor
        return bounded({p: q for p, q in total.items() if q})

    def scale(self, a: Exact, factor: Fraction) -> Exact:
        return {p: q * factor for p, q in a.items()} if factor else {}

    def mul(self, a: Exact, b: Exact) -> Exact:
        total: Exact = {}
        for p, q in a.items():
            for r, s in b.items():
                product, factor = self.merged(p, r)
                total[product] = total.get(product, Fraction(0)) + q * s * factor
        return bounded({p: q for p, q in total.items() if q})

    def merged(self, a: Product, b: Product) -> tuple[Product, Fraction]:
        """Return the product of two products; whole powers of primes go into its rational factor."""
        if not a or not b:
            return a or b, Fraction(1)
        exponents = dict(a)
        for place, exponent in b:
            exponents[place] = exponents.get(place, Fraction(0)) + exponent
        return self.reduced(exponents)

    def reduced(self, exponents: dict[int, Fraction]) -> tuple[Product, Fraction]:
        factor = Fraction(1)
        kept: list[tuple[int, Fraction]] = []
        for place in sorted(exponents):
            exponent = exponents[place]
            base = self.generators[place]
            if base.op == "number":
                whole = math.floor(exponent)
                if abs(whole) > BITS:
                    raise NotExactError
                factor *= Fraction(int(base.value)) ** whole
                exponent -= whole
            if exponent:
                kept.append((place, exponent))
        return tuple(kept), factor

    def div(self, a: Exact, b: Exact) -> Exact:
        if not b:
            raise NotExactError
        return self.mul(a, self.power(b, Fraction(-1)))

    def power(self, a: Exact, exponent: Fraction) -> Exact:
        """Return a^exponent; the base of a root must be positive."""
        if exponent.denominator == 1 and exponent >= 0:
            if exponent > BITS:
                raise NotExactError
            result = self.rational(Fraction(1))
            for _ in range(exponent.numerator):
                result = self.mul(result, a)
            return result
        roots = exponent.denominator != 1
        if len(a) != 1 or (roots and any(self.values[place] < 0 for p in a for place, _ in p)):
            value = self.value(a)
            if not a or (value < 0 and roots):
                raise NotExactError
            ((single, _),) = self.generator(self.node(a), value).items()
            product, factor = self.reduced({single[0][0]: exponent})
            return {product: factor}
        ((product, factor),) = a.items()
        if not roots:
            bits = max(factor.numerator.bit_length(), factor.denominator.bit_length())
            if bits * abs(exponent) > BITS * 8:
                raise NotExactError
            powers, more = self.reduced({p: e * exponent for p, e in product})
            return {powers: factor**exponent.numerator * more}
        if factor < 0:
            raise NotExactError
        if max(factor.numerator, factor.denominator) > FACTORED:
            raise NotExactError
        exponents = {p: e * exponent for p, e in product}
        primes = [*prime_factors(factor.numerator), *[(p, -n) for p, n in prime_factors(factor.denominator)]]
        for prime, count in primes:
            ((one, _),) = self.generator(self.graph.number(float(prime)), float(prime)).items()
            place = one[0][0]
            exponents[place] = exponents.get(place, Fraction(0)) + count * exponent
        powers, more = self.reduced(exponents)
        return {powers: more}

    # -- functions ------------------------------------------------------------------------------------------

    def call(self, op: str, args: Sequence[Exact], value: float) -> Exact:
        """Return a function of constants.

        Args:
            op: The name of its row.
            args: The arguments.
            value: Its value, in floating point.
        """
        if op == "sqrt":
            return self.power(args[0], Fraction(1, 2))
        if op == "exp":
            return self.exponential(args[0])
        if op == "expm1":
            return self.add([self.exponential(args[0]), self.rational(Fraction(-1))])
        if op == "log1p":
            return self.logarithm(self.add([args[0], self.rational(Fraction(1))]))
        if op == "log":
            return self.logarithm(args[0])
        if op in BASES:
            return self.div(self.logarithm(args[0]), self.logarithm(self.rational(Fraction(BASES[op]))))
        if op == "log_base":
            return self.div(self.logarithm(args[0]), self.logarithm(args[1]))
        if op == "abs":
            return self.scale(args[0], Fraction(1 if self.value(args[0]) >= 0 else -1))
        if op in ("pmax", "pmin"):
            return args[0] if self.value(args[0]) == value else args[1]
        return self.other(op, args, value)

    def other(self, op: str, args: Sequence[Exact], value: float) -> Exact:
        rationals = [self.rational_of(a) for a in args]
        if op in ("sin", "cos", "tan"):
            found = self.at_multiple_of_pi(op, args[0])
            if found is not None:
                return found
        if op in ARCS and rationals[0] is not None:
            known = ARCS[op].get(rationals[0])
            mirrored = ARCS[op].get(-rationals[0]) if op in ODD else None
            if known is not None or mirrored is not None:
                multiple = known if known is not None else -(mirrored or Fraction(0))
                return self.scale(self.pi(), multiple)
        if op in ODD | EVEN:
            if not args[0]:
                return self.rational(Fraction(op in EVEN))
            if next(iter(args[0].values())) < 0:
                mirror = self.other(op, [self.scale(args[0], Fraction(-1))], -value if op in ODD else value)
                return self.scale(mirror, Fraction(-1)) if op in ODD else mirror
        whole = [r for r in rationals if r is not None and r.denominator == 1 and abs(r) < LARGEST]
        nodes = [self.node(a) for a in args]
        if len(whole) == len(args) and is_exact(op, [self.graph.number(float(r)) for r in whole], value):
            return self.number(value)
        if op not in FUNCTIONS:
            raise NotExactError
        return self.generator(self.graph.make(op, *nodes), value) if value else {}

    def at_multiple_of_pi(self, op: str, a: Exact) -> Exact | None:
        """Return sin, cos or tan of a multiple of pi/12 that has a short form."""
        if not a:
            return self.rational(Fraction(op == "cos"))
        if a.keys() != self.pi().keys():
            return None
        twelfths = next(iter(a.values())) * 12
        if twelfths.denominator != 1:
            return None
        k = twelfths.numerator
        if op == "tan":
            above, below = self.sine(k), self.sine(k + 6)
            return self.div(above, below) if above is not None and below else None
        return self.sine(k + 6 if op == "cos" else k)

    def sine(self, k: int) -> Exact | None:
        """Return sin(k pi/12), None if it has no short form."""
        k %= 24
        sign = -1 if k > 12 else 1
        k %= 12
        found = SINES.get(min(k, 12 - k))
        if found is None:
            return None
        return self.scale(self.power(self.rational(Fraction(found[1])), Fraction(1, 2)), sign * found[0])

    def exponential(self, a: Exact) -> Exact:
        """Return exp(a): a product for each term of a."""
        result = self.rational(Fraction(1))
        for product, factor in a.items():
            if product == ONE:
                ((e, _),) = self.e().items()
                part: Exact = {((e[0][0], factor),): Fraction(1)}
            elif len(product) == 1 and product[0][1] == 1 and self.generators[product[0][0]].op == "log":
                (argument,) = self.generators[product[0][0]].args
                if argument.op != "number":
                    raise NotExactError
                part = self.power(self.number(argument.value), factor)
            else:
                inner = self.node({product: factor})
                part = self.generator(self.graph.make("exp", inner), math.exp(self.value({product: factor})))
            result = self.mul(result, part)
        return result

    def logarithm(self, a: Exact) -> Exact:
        """Return log(a) for a positive a: log(8) is 3 log(2)."""
        value = self.value(a)
        if not value > 0:
            raise NotExactError
        if len(a) == 1:
            ((product, factor),) = a.items()
            if all(self.generators[place].op in ("number", "exp") for place, _ in product):
                terms = [
                    self.log_of_whole(factor.numerator),
                    self.scale(self.log_of_whole(factor.denominator), Fraction(-1)),
                ]
                for place, exponent in product:
                    base = self.generators[place]
                    if base.op == "number":
                        terms.append(self.scale(self.log_of_whole(int(base.value)), exponent))
                    elif base.args[0].op == "number":
                        terms.append(self.scale(self.number(base.args[0].value), exponent))
                    else:
                        raise NotExactError
                return self.add(terms)
        return self.generator(self.graph.make("log", self.node(a)), math.log(value))

    def log_of_whole(self, n: int) -> Exact:
        """Return log(n), as a multiple of the logarithm of the smallest number of which n is a power."""
        if n == 1:
            return {}
        if n >= LARGEST:
            raise NotExactError
        root, exponent = n, 1
        if n <= FACTORED:
            counts = prime_factors(n)
            exponent = math.gcd(*[count for _, count in counts])
            root = math.prod(prime ** (count // exponent) for prime, count in counts)
        node = self.graph.make("log", self.graph.number(float(root)))
        return self.scale(self.generator(node, math.log(root)), Fraction(exponent))

    # -- values and texts -----------------------------------------------------------------------------------

    def value(self, a: Exact) -> float:
        """Return a constant in floating point."""
        return math.fsum(self.parts(a))

    def parts(self, a: Exact) -> list[float]:
        """Return the values of the products of a constant."""
        try:
            return [
                math.prod([float(q), *[self.values[place] ** float(e) for place, e in p]]) if p else float(q)
                for p, q in a.items()
            ]
        except (OverflowError, TypeError):
            raise NotExactError from None

    def node(self, a: Exact) -> Node:
        return self.term(a, [])

    def term(self, a: Exact, powers: Sequence[Node]) -> Node:
        """Return a constant times powers of variables."""
        graph = self.graph
        if not a:
            return graph.number(0.0)
        if len(a) > 1:
            parts = sorted((self.term({p: q}, []) for p, q in a.items()), key=lambda n: (n.op == "neg", n.index))
            total = graph.make("add", *parts)
            return graph.make("mul", total, *powers) if powers else total
        ((product, factor),) = a.items()
        size = abs(factor)
        if size.numerator >= LARGEST or size.denominator >= LARGEST:
            raise NotExactError
        above, below = float(size.numerator), float(size.denominator)
        if self.decimals and below != 1.0 and Fraction(repr(float(size))) == size:
            above, below = float(size), 1.0
        upper: list[Node] = []
        lower: list[Node] = []
        for place, exponent in product:
            node = self.written_power(self.generators[place], abs(exponent))
            (upper if exponent > 0 else lower).append(node)
        upper += powers
        factors = [graph.number(above), *upper] if above != 1.0 or not upper else upper
        node = graph.make("mul", *factors) if len(factors) > 1 else factors[0]
        if below != 1.0 or lower:
            divisors = [graph.number(below), *lower] if below != 1.0 or not lower else lower
            node = graph.make("div", node, graph.make("mul", *divisors) if len(divisors) > 1 else divisors[0])
        return graph.make("neg", node) if factor < 0 else node

    def written_power(self, base: Node, exponent: Fraction) -> Node:
        """Return a generator to a positive power."""
        graph = self.graph
        if base.op == "exp" and base.args[0].op == "number" and base.args[0].value == 1.0:
            return graph.make("exp", self.node(self.rational(exponent)))
        if exponent == 1:
            return base
        if exponent == Fraction(1, 2):
            return graph.make("sqrt", base)
        return graph.make("pow", base, self.node(self.rational(exponent)))


def bounded(a: Exact) -> Exact:
    if len(a) > MOST:
        raise NotExactError
    return a
