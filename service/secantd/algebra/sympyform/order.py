"""The order of factors and terms in SymPy's texts.

SymPy sorts factors by their `sort_key`, nested tuples: the class, the arguments, the exponent, the coefficient. Terms of a sum
are sorted as monomials of a polynomial whose generators are their factors, in lexicographic order.

Nested tuples of a deep graph are as large as its text, and comparing them needs a stack as deep. Here a key is one flat tuple of
the same entries in the same order, cut off at KEY_LENGTH entries, so that a node's key is made from those of its arguments in
constant time. A monomial is a tuple of its own factors only, not of all generators of the sum.

Sources: SymPy 1.14, documentation of `sympy.core.sorting.default_sort_key` and `Expr.as_ordered_terms`, and its answers.
"""

import math
from fractions import Fraction
from typing import Final

from secantd.algebra.sympyform.numbers import ONE, Number, fraction
from secantd.expression import Graph, Node
from secantd.functions import FUNCTIONS

__all__ = ["Key", "Order", "Power", "Term"]

# A class with the number of its arguments, a number, or the name of an atom.
Entry = tuple[int, int, str, float] | str | float
Key = tuple[Entry, ...]

# The most entries of a key: two expressions that differ only beyond them are in the order in which they were made.
KEY_LENGTH: Final = 64

# A base and its exponent.
Power = tuple[Node, Node]

# SymPy's classes; a number alone comes before a power of a number.
BASE: Final = (1, 1, "Number", 1.0)
PI: Final = (2, 0, "Pi", 1.0)
SYMBOL: Final = (2, 0, "Symbol", 1.0)
POW: Final = (3, 2, "Pow", 2.0)
EXP: Final = (4, 10, "exp", 1.0)
# The functions that SymPy sorts by what they are; it sorts its others by their names, after those that it does not know.
RANKS: Final = {"exp": 10, "log": 11, "sin": 20, "cos": 21, "tan": 22, "sinh": 30, "cosh": 31, "tanh": 32}
# SymPy's names of functions whose Python name it reads as a function of its own.
NAMED: Final = {
    "abs": "Abs", "pmax": "Max", "pmin": "Min",
    **{n: n for n in "acos acosh asin asinh atan atan2 atanh beta erf erfc factorial floor gamma sign".split()},
}  # fmt: skip
OTHERS: Final = 10_000


class Term:
    """number · Π base^exponent, the powers in SymPy's order."""

    __slots__ = ("number", "powers")

    def __init__(self, number: Number, powers: list[Power]) -> None:
        self.number = number
        self.powers = powers


class Order:
    """The order of the nodes of one graph.

    Args:
        graph: The graph.

    Attributes:
        numbers: The nodes that are numbers: 2, 1/2 and -1/2, by their index.
        terms: The products that nodes are, by their index; a node without an entry is a product of itself.
        sums: The terms of the nodes that are sums, in their order.
        constants: The values of nodes without variables.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.numbers: dict[int, Number] = {}
        self.terms: dict[int, Term] = {}
        self.sums: dict[int, list[Term]] = {}
        self.constants: dict[int, float] = {}
        self.keys: dict[int, Key] = {}
        self.power_keys: dict[tuple[int, int], Key] = {}
        self.one = graph.number(1.0)
        self.numbers[self.one.index] = ONE
        # The number e, the base of exp.
        self.e = graph.make("exp", self.one)
        self.constants[self.e.index] = math.e
        self.one_key: Key = ((1, 0, "Number", 1.0),)

    def node_of(self, number: Number) -> Node:
        """Return the node of a number."""
        if number is ONE:
            return self.one
        graph = self.graph
        if isinstance(number, float):
            node = graph.number(number)
        elif number.denominator == 1:
            node = graph.number(float(number.numerator))
        else:
            node = graph.make(
                "div", graph.number(float(abs(number.numerator))), graph.number(float(number.denominator))
            )
            if number < 0:
                node = graph.make("neg", node)
        self.numbers.setdefault(node.index, number)
        return node

    def value(self, node: Node) -> Number | None:
        """Return the value of a node that is a number, else None."""
        return self.numbers.get(node.index)

    def fraction(self, node: Node) -> Fraction | None:
        """Return the value of a node that is a fraction, else None."""
        found = self.numbers.get(node.index)
        return found if isinstance(found, Fraction) else None

    def term(self, node: Node) -> Term:
        """Return the product that a node is."""
        found = self.terms.get(node.index)
        if found is None:
            number = self.value(node)
            found = Term(ONE, [(node, self.one)]) if number is None else Term(number, [])
            self.terms[node.index] = found
        return found

    # -- keys -----------------------------------------------------------------------------------------------

    def key(self, node: Node) -> Key:
        """Return the key by which a node is sorted among factors."""
        found = self.keys.get(node.index)
        if found is None:
            found = self.keys[node.index] = self.term_key(self.term(node))
        return found

    def term_key(self, term: Term) -> Key:
        coefficient = 1.0 if term.number is ONE else float(term.number)
        if not term.powers:
            return ((1, 0, "Number", coefficient),)
        if len(term.powers) == 1:
            base, exponent = term.powers[0]
            whole = self.power_key(base, exponent)
            # The coefficient is the last entry.
            return whole if coefficient == 1.0 or len(whole) == KEY_LENGTH else (*whole[:-1], coefficient)
        entries: list[Entry] = [(3, 0, "Mul", float(len(term.powers)))]
        for base, exponent in term.powers:
            if len(entries) >= KEY_LENGTH:
                break
            entries += self.power_key(base, exponent)
        return tuple([*entries, *self.one_key, coefficient][:KEY_LENGTH])

    def power_key(self, base: Node, exponent: Node) -> Key:
        """Return the key of base^exponent."""
        pair = (base.index, exponent.index)
        found = self.power_keys.get(pair)
        if found is None:
            if base is self.e:
                entries = [EXP, *self.key(exponent), *self.one_key, 1.0]
            else:
                entries = self.base_entries(base)
                entries += self.one_key if exponent is self.one else self.key(exponent)
                entries.append(1.0)
            found = self.power_keys[pair] = tuple(entries[:KEY_LENGTH])
        return found

    def base_entries(self, base: Node) -> list[Entry]:
        """Return the class of a base, and its arguments with their number in front."""
        if base.index in self.numbers:
            return [BASE, str(self.numbers[base.index])]
        if base.op == "pi":
            return [PI]
        if base.op == "symbol" or base.op == "data":
            return [SYMBOL, base.name]
        entries: list[Entry] = []
        if base.index in self.sums:
            terms = self.sums[base.index]
            entries.append((3, 1, "Add", float(len(terms))))
            for term in terms:
                if len(entries) >= KEY_LENGTH:
                    break
                entries += self.term_key(term)
            return entries
        term = self.term(base)
        if len(term.powers) == 1 and term.number is ONE:
            inner, exponent = term.powers[0]
            if exponent is not self.one:
                return [POW, *self.key(inner), *self.key(exponent)]
            entries.append(self.rank(base))
            for argument in base.args:
                if len(entries) >= KEY_LENGTH:
                    break
                entries += self.key(argument)
            return entries
        number = term.number is not ONE
        entries.append((3, 0, "Mul", float(len(term.powers) + number)))
        if number:
            entries.append((1, 0, "Number", float(term.number)))
        for inner, exponent in term.powers:
            if len(entries) >= KEY_LENGTH:
                break
            entries += self.power_key(inner, exponent)
        return entries

    def rank(self, node: Node) -> Entry:
        """Return the class of a call."""
        op, count = node.op, float(len(node.args))
        if op in RANKS:
            return (4, RANKS[op], op, count)
        if op in NAMED:
            return (4, OTHERS, NAMED[op], count)
        return (4, 0, FUNCTIONS[op].python if op in FUNCTIONS else op, count)

    def sorted_powers(self, powers: list[Power]) -> list[Power]:
        """Return powers in the order of factors."""
        if len(powers) < 2:
            return powers
        keyed = [(self.power_key(b, e), b.index, e.index, b, e) for b, e in powers]
        keyed.sort(key=sort_entry)
        return [(k[3], k[4]) for k in keyed]

    # -- terms ----------------------------------------------------------------------------------------------

    def sorted_terms(self, terms: list[Term]) -> list[Term]:
        """Return the terms of a sum in their order."""
        if len(terms) == 2:
            first, second = terms if self.is_number(terms[0]) else terms[::-1]
            # 1 - 2*x, not -2*x + 1.
            if self.is_number(first) and first.number > 0 and second.number < 0 and len(second.powers) == 1:
                return [first, second]
        monomials = [self.monomial(t) for t in terms]
        generators: dict[tuple[int, int], tuple[Key, int, int]] = {}
        for _, powers in monomials:
            for base, exponent, _ in powers:
                pair = (base.index, exponent.index)
                if pair not in generators:
                    generators[pair] = (self.power_key(base, exponent), *pair)
        ranks = {(g[1], g[2]): i for i, g in enumerate(sorted(generators.values()))}
        keyed: list[tuple[list[tuple[int, int, int]], float, int, Term]] = []
        for i, term in enumerate(terms):
            coefficient, powers = monomials[i]
            parts = sorted([(ranks[b.index, e.index], n) for b, e, n in powers])
            keyed.append(([*map(place, parts), END], coefficient, i, term))
        keyed.sort(key=sort_term)
        return [k[3] for k in keyed]

    def is_number(self, term: Term) -> bool:
        """Return whether a term is a number, or pi alone."""
        if not term.powers:
            return True
        return (
            term.number is ONE
            and len(term.powers) == 1
            and term.powers[0][0].op == "pi"
            and term.powers[0][1] is self.one
        )

    def monomial(self, term: Term) -> tuple[float, list[tuple[Node, Node, int]]]:
        """Return the coefficient of a term, and its generators: a base, an exponent, and the whole power of these."""
        coefficient = 1.0 if term.number is ONE else float(term.number)
        found: list[tuple[Node, Node, int]] = []
        for base, exponent in term.powers:
            if base.index in self.constants or base.index in self.numbers or base is self.e:
                value = self.constant_power(base, exponent)
                if value is not None:
                    coefficient *= value
                    continue
            found.append(self.generator(base, exponent))
        return coefficient, found

    def generator(self, base: Node, exponent: Node) -> tuple[Node, Node, int]:
        """Return a power as a whole power of another one: x^(-3/2) is sqrt(x)^-3, and exp(-2*x) is exp(x)^-2."""
        if exponent is self.one:
            return base, exponent, 1
        number = self.value(exponent)
        if number is not None:
            if isinstance(number, float):
                return base, exponent, 1
            unit = self.one if number.denominator == 1 else self.node_of(fraction(1, number.denominator))
            return base, unit, number.numerator
        term = self.term(exponent)
        if isinstance(term.number, float) or term.number is ONE:
            return base, exponent, 1
        rest = Term(fraction(1, term.number.denominator), term.powers)
        return base, self.written(rest), term.number.numerator

    def written(self, term: Term) -> Node:
        """Return the node of a product."""
        raise AssertionError("Products overrides it")

    def constant_power(self, base: Node, exponent: Node) -> float | None:
        """Return the value of a power without variables, None if it has some or no value."""
        values: list[float] = []
        for node in (base, exponent):
            number = self.numbers.get(node.index)
            value = self.constants.get(node.index) if number is None else float(number)
            if value is None:
                return None
            values.append(value)
        try:
            found = values[0] ** values[1]
        except (ArithmeticError, ValueError):
            return None
        return found if isinstance(found, float) else None


END: Final = (1, 0, 0)


def place(part: tuple[int, int]) -> tuple[int, int, int]:
    """Return an entry of a monomial, a generator's rank and its power, that sorts like the vector of all powers.

    Positive powers come first, the earlier generator and the higher power before others; negative ones after the end.
    """
    rank, power = part
    return (0, rank, -power) if power > 0 else (2, -rank, -power)


def sort_entry(entry: tuple[Key, int, int, Node, Node]) -> tuple[Key, int, int]:
    return entry[0], entry[1], entry[2]


def sort_term(
    entry: tuple[list[tuple[int, int, int]], float, int, Term],
) -> tuple[list[tuple[int, int, int]], float, int]:
    return entry[0], entry[1], entry[2]
