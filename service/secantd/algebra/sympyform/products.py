"""Products and powers as SymPy's constructors make them."""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from secantd.algebra.sympyform.numbers import MINUS, ONE, Number, exact_power, fraction, multiplied, negated, root
from secantd.algebra.sympyform.order import Order, Power, Term
from secantd.expression import Node

__all__ = ["Products"]

# Numbers are multiplied into sums of at most so many terms, and powers taken of products of at most so many factors. Without
# a limit a chain of n of them would become n^2 terms.
MOST_PARTS: Final = 40
HALF: Final = Fraction(1, 2)


class Products(Order):
    """The products among the nodes of one graph in SymPy's form."""

    def sum_of(self, terms: Iterable[Term]) -> Node:
        """Return the sum of terms."""
        raise AssertionError("Sums overrides it")

    # -- powers of one base merged ----------------------------------------------------------------------------

    def merged(self, parts: Iterable[Term]) -> Term:
        """Return the product of products, with one power of each base, and numbers multiplied."""
        number: Number = ONE
        found: dict[int, Power] = {}
        stack = list(parts)
        stack.reverse()
        changed: dict[int, None] = {}
        while True:
            while stack:
                part = stack.pop()
                number = multiplied(number, part.number)
                for base, exponent in part.powers:
                    # Powers of e with numbers are numbers, which are not merged: exp(2)*exp(x).
                    index = ~exponent.index if base is self.e and exponent.index in self.numbers else base.index
                    held = found.get(index)
                    if held is None:
                        found[index] = (base, exponent)
                    else:
                        found[index] = (base, self.sum_of([self.term(held[1]), self.term(exponent)]))
                        changed[index] = None
            for index in changed:
                base, exponent = found[index]
                if self.value(exponent) is not None or base.index in self.numbers:
                    del found[index]
                    stack.append(self.raised(base, exponent))
            changed.clear()
            if not stack:
                roots = self.joined_roots(found)
                if roots is None:
                    break
                stack.append(roots)
        if not number:
            return Term(number, [])
        return Term(number, self.sorted_powers(list(found.values())))

    def joined_roots(self, found: dict[int, Power]) -> Term | None:
        """Take two powers of numbers with one exponent out of a product, and return the power of their product."""
        seen: dict[int, int] = {}
        for index, (base, exponent) in found.items():
            if base.index not in self.numbers:
                continue
            number = self.fraction(base)
            if number is None or number <= 0:
                continue
            other = seen.get(exponent.index)
            if other is not None:
                held = self.fraction(found[other][0])
                assert held is not None
                joined = exact_power(held * number, 1)
                if joined is not None:
                    del found[index]
                    del found[other]
                    return self.raised(self.node_of(joined), exponent)
            seen[exponent.index] = index
        return None

    # -- powers -----------------------------------------------------------------------------------------------

    def raised(self, base: Node, exponent: Node) -> Term:
        """Return base^exponent."""
        power = self.value(exponent)
        if power is not None:
            if power == 0:
                return Term(ONE, [])
            if power is ONE:
                return self.term(base)
        number = self.value(base)
        if number is not None:
            return self.number_raised(base, number, exponent, power)
        inside = self.term(base)
        single = len(inside.powers) == 1 and inside.number is ONE
        if isinstance(power, Fraction) and power.denominator == 1:
            if single and inside.powers[0][0] is base:
                return Term(ONE, [(base, exponent)])
            if len(inside.powers) <= MOST_PARTS:
                return self.factors_raised(inside, exponent)
        elif single:
            inner, held = inside.powers[0]
            known = self.value(held)
            # (x^a)^b is x^(a*b) for all complex x if -1 < a <= 1.
            if inner is not self.e and known is not None and -1 < known < 1:
                return Term(ONE, [(inner, self.times(held, exponent))])
        elif isinstance(power, Fraction) and isinstance(inside.number, Fraction):
            return self.positive_raised(inside, base, exponent)
        return Term(ONE, [(base, exponent)])

    def number_raised(self, base: Node, number: Number, exponent: Node, power: Number | None) -> Term:
        """Return a power of a number."""
        if isinstance(number, Fraction):
            if number is ONE:
                return Term(ONE, [])
            if isinstance(power, Fraction):
                if power.denominator == 1:
                    found = exact_power(number, power.numerator)
                    if found is not None:
                        return Term(found, [])
                elif number > 0:
                    return self.root_of(number, power) or Term(ONE, [(base, exponent)])
        return Term(ONE, [(base, exponent)])

    def root_of(self, number: Fraction, power: Fraction) -> Term | None:
        """Return number^power with the smallest whole numbers under the root, none of them below the bar."""
        above, below = root(number.numerator, power), root(number.denominator, -power)
        if above is None or below is None:
            return None
        parts = [Term(above[0], []), Term(below[0], [])]
        for base, exponent in (*above[1], *below[1]):
            parts.append(Term(ONE, [(self.node_of(fraction(base)), self.node_of(exponent))]))
        if len(parts) == 3:
            return Term(multiplied(above[0], below[0]), parts[2].powers)
        # Bases of one number are different primes, or have different exponents.
        return self.merged(parts)

    def factors_raised(self, inside: Term, exponent: Node) -> Term:
        """Return a whole power of a product as the product of powers."""
        parts: list[Term] = []
        if inside.number is not ONE:
            parts.append(self.raised(self.node_of(inside.number), exponent))
        for base, held in inside.powers:
            parts.append(self.raised(base, self.times(held, exponent)))
        return self.merged(parts)

    def positive_raised(self, inside: Term, base: Node, exponent: Node) -> Term:
        """Return a power of a product with the powers of its positive constants outside: sqrt(4*x) is 2*sqrt(x)."""
        outside: list[Term] = []
        rest: list[Power] = []
        number = inside.number
        size = number if number > 0 else negated(number)
        if size is not ONE:
            outside.append(self.raised(self.node_of(size), exponent))
        for power in inside.powers:
            if self.is_positive(power[0]) and self.value(power[1]) is not None:
                outside.append(self.raised(self.written(Term(ONE, [power])), exponent))
            else:
                rest.append(power)
        if not outside:
            return Term(ONE, [(base, exponent)])
        left = Term(ONE if number > 0 else MINUS, rest)
        if rest or number < 0:
            node = self.written(left)
            outside.append(Term(ONE, [(node, exponent)]) if node.index in self.numbers else self.raised(node, exponent))
        return self.merged(outside)

    def is_positive(self, base: Node) -> bool:
        """Return whether a base is a positive constant."""
        return base.op == "pi" or (base.index in self.numbers and self.numbers[base.index] > 0)

    def times(self, a: Node, b: Node) -> Node:
        """Return a*b."""
        if a is self.one:
            return b
        return a if b is self.one else self.written(self.merged([self.term(a), self.term(b)]))

    def is_below(self, base: Node, exponent: Node) -> bool:
        """Return whether a power is written below the bar: not exp(-x)."""
        if base is self.e or exponent is self.one:
            return False
        number = self.value(exponent)
        return (self.term(exponent).number if number is None else number) < 0

    # -- numbers in front of sums -------------------------------------------------------------------------------

    def distributed(self, term: Term) -> Term | None:
        """Return a product with its number multiplied into a sum that stands next to it: 2*(x + 1) is 2*x + 2.

        Python, and so SymPy, multiplies from the left: 2*(x + 1)*exp(x) is (2*x + 2)*exp(x).
        """
        number = term.number
        if number is ONE or not math.isfinite(number):
            return None
        above, below = -1, -1
        for i, (base, exponent) in enumerate(term.powers):
            lower = self.is_below(base, exponent)
            if lower and below < 0:
                below = i
            elif not lower and above < 0:
                above = i
        exact = number if isinstance(number, Fraction) else None
        alone = len(term.powers) == 1
        if above >= 0 and self.is_sum(term.powers[above], ONE):
            factor = number if exact is None or alone else fraction(exact.numerator)
            if factor is not ONE:
                rest = ONE if exact is None or alone else fraction(1, exact.denominator)
                return self.with_sum(term, above, factor, rest)
        if exact is not None and exact.denominator > 1 and below >= 0 and self.is_sum(term.powers[below], MINUS):
            return self.with_sum(term, below, fraction(exact.denominator), fraction(exact.numerator))
        return None

    def normal(self, term: Term) -> Term:
        """Return a product whose number stands next to no sum."""
        while (found := self.distributed(term)) is not None:
            term = found
        return term

    def is_sum(self, power: Power, exponent: Fraction) -> bool:
        """Return whether a power is a sum, of not too many terms, to an exponent."""
        return (
            power[0].index in self.sums
            and self.value(power[1]) is exponent
            and len(self.sums[power[0].index]) <= MOST_PARTS
        )

    def with_sum(self, term: Term, place: int, factor: Number, number: Number) -> Term:
        """Return a product in which a factor is multiplied into one of its sums."""
        base, exponent = term.powers[place]
        terms = [Term(multiplied(factor, t.number), t.powers) for t in self.sums[base.index]]
        others = term.powers[:place] + term.powers[place + 1 :]
        return self.merged([Term(number, others), self.raised(self.sum_of(terms), exponent)])

    # -- nodes --------------------------------------------------------------------------------------------------

    def written(self, term: Term) -> Node:
        """Return the node of a product."""
        term = self.normal(term)
        if not term.powers:
            return self.node_of(term.number)
        if len(term.powers) == 1 and term.number is ONE:
            base, exponent = term.powers[0]
            node = base if exponent is self.one else self.power_node(base, exponent)
            if node is base:
                return node
        else:
            node = self.product_node(term)
        self.terms.setdefault(node.index, term)
        return node

    def product_node(self, term: Term) -> Node:
        """Return number·above/below as SymPy prints it."""
        graph = self.graph
        above: list[Node] = []
        below: list[Node] = []
        number = term.number
        if isinstance(number, float):
            above.append(graph.number(abs(number)))
        elif number is not ONE and number is not MINUS:
            size, divisor = abs(number.numerator), number.denominator
            if size != 1:
                above.append(graph.number(float(size)))
            if divisor != 1:
                below.append(graph.number(float(divisor)))
        for base, exponent in term.powers:
            if self.is_below(base, exponent):
                below.append(self.power_node(base, self.negative(exponent)))
            else:
                above.append(self.power_node(base, exponent))
        node = self.chain(above)
        if below:
            node = graph.make("div", node, self.chain(below))
        return graph.make("neg", node) if number < 0 else node

    def negative(self, exponent: Node) -> Node:
        number = self.value(exponent)
        if number is not None:
            return self.node_of(negated(number))
        term = self.term(exponent)
        return self.written(Term(negated(term.number), term.powers))

    def chain(self, factors: list[Node]) -> Node:
        if not factors:
            return self.one
        return factors[0] if len(factors) == 1 else self.graph.make("mul", *factors)

    def power_node(self, base: Node, exponent: Node) -> Node:
        """Return base^exponent as SymPy prints it: sqrt(x), 1/x, x^(-2)."""
        graph = self.graph
        if exponent is self.one:
            return base
        if base is self.e:
            return graph.make("exp", exponent)
        number = self.value(exponent)
        if number is not None and isinstance(number, Fraction):
            if number is MINUS:
                return graph.make("div", self.one, base)
            if abs(number) == HALF:
                node = graph.make("sqrt", base)
                return graph.make("div", self.one, node) if number < 0 else node
        return graph.make("pow", base, exponent)
