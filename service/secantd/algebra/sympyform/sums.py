"""Sums as SymPy's constructors make them."""

from collections.abc import Iterable

from secantd.algebra.sympyform.numbers import ONE, ZERO, added, negated
from secantd.algebra.sympyform.order import Term
from secantd.algebra.sympyform.products import MOST_PARTS, Products
from secantd.expression import Node

__all__ = ["Sums"]


class Sums(Products):
    """The sums and products among the nodes of one graph in SymPy's form."""

    def sum_of(self, terms: Iterable[Term]) -> Node:
        """Return a sum: sums within it are opened, terms that differ in their number only are merged."""
        merged: dict[tuple[tuple[int, int], ...], Term] = {}
        stack = list(terms)
        stack.reverse()
        while stack:
            term = self.normal(stack.pop())
            inner = self.sum_in(term)
            if inner is not None:
                stack += inner[::-1]
                continue
            key = tuple([(b.index, e.index) for b, e in term.powers])
            held = merged.get(key)
            if held is None:
                merged[key] = term
            else:
                # 3*(x + 1)*y, whose number may now stand next to a sum.
                number = added(held.number, term.number)
                del merged[key]
                if number != 0:
                    stack.append(Term(number, term.powers))
        kept = list(merged.values())
        if not kept:
            return self.node_of(ZERO)
        if len(kept) == 1:
            return self.written(kept[0])
        ordered = self.sorted_terms(kept)
        node = self.graph.make("add", *[self.summand(t) for t in ordered])
        self.sums.setdefault(node.index, ordered)
        return node

    def sum_in(self, term: Term) -> list[Term] | None:
        """Return the terms of the sum that a term is, None if it is none."""
        if len(term.powers) == 1 and term.number is ONE and term.powers[0][1] is self.one:
            return self.sums.get(term.powers[0][0].index)
        return None

    def summand(self, term: Term) -> Node:
        """Return a term of a sum, which is subtracted where it is negative."""
        if term.powers or term.number >= 0:
            return self.written(term)
        return self.graph.make("neg", self.node_of(negated(term.number)))

    def negated(self, node: Node) -> Node:
        """Return -node."""
        term = self.term(node)
        return self.written(Term(negated(term.number), term.powers))

    def has_minus(self, node: Node) -> bool:
        """Return whether SymPy takes a minus out of the argument of an odd function: of -x, of y - x, not of x - y."""
        terms = self.sums.get(node.index)
        if terms is None:
            return self.term(node).number < 0
        below = len([t for t in terms if t.number < 0])
        if 2 * below != len(terms):
            return 2 * below > len(terms)
        return len(terms) <= MOST_PARTS and self.key(node) < self.key(self.negated(node))
