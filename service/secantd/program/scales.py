"""Sums of exponentials joined by exp(m), where m is their largest exponent: no term overflows."""

import math
from dataclasses import replace

from secantd.expression import Graph, Node, algebra
from secantd.program.exponentials import Sum, Term, combined, exponent_of, logarithm_of, times
from secantd.program.shares import Share

__all__ = ["KERNELS", "Scales"]

# Functions that grow like an exponential, with the rows that compute them joined by exp(m).
KERNELS = {"cosh": "cosh_scaled", "sinh": "sinh_scaled", "expm1": "expm1_scaled"}


class Scales:
    """The scales m of the sums of a graph; each sum has one."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._scales: dict[int, Node] = {}

    def odds(self, share: Share) -> Node:
        """Return log N - log R of a share N/(N + R)."""
        ends = []
        for terms in (share.inside, share.others):
            node = algebra.add(self.graph, [self.term(t, None) for t in terms])
            s = Sum(terms, node)
            if len(terms) > 1 or terms[0].kernel is not None:
                ends.append(logarithm_of(self.graph, s, False) or self.logarithm_of_positive(s))
                continue
            (t,) = terms
            factors = [*[(n, 1.0) for n in t.above], *[(n, -1.0) for n in t.below]]
            logs = [times(self.graph, k, self.graph.number(math.log(n.value))) for n, k in factors]
            ends.append(algebra.add(self.graph, [exponent_of(self.graph, t.shift) or self.graph.number(0.0), *logs]))
        return algebra.add(self.graph, [ends[0], algebra.neg(self.graph, ends[1])])

    def logarithm_of_positive(self, s: Sum) -> Node:
        """Return the logarithm of a sum of positive terms: log(1 + S) keeps the digits of a small S."""
        graph = self.graph
        others = tuple([t for t in s.terms if not t.bare or t.shift])
        if len(others) == len(s.terms) - 1 > 0:
            value = algebra.add(graph, [self.term(t, None) for t in others])
            return graph.make("softplus", self.logarithm_of_positive(Sum(others, value)))
        m = self.scale(s)
        return algebra.add(graph, [m, graph.make("log", self.at_scale(s, m))])

    def divided(self, s: Sum, shift: dict[int, tuple[Node, float]], power: float) -> Sum | None:
        """Return S exp(-shift/power) where a term of S is then a number, else None: in log(S) - x large numbers would cancel."""
        by = {i: (n, -k / power) for i, (n, k) in shift.items()}
        terms = tuple([replace(t, shift=combined(t.shift.values(), by.values())) for t in s.terms])
        if not shift or all(t.shift for t in terms):
            return None
        if any(t.op for t in terms) and any(n.shape for n, _ in shift.values()):
            # What differs from row to row is no factor of what is reduced over rows.
            return None
        return Sum(terms, algebra.add(self.graph, [self.term(t, None) for t in terms]))

    def scale(self, s: Sum) -> Node:
        """Return m, the largest exponent in a sum."""
        found = self._scales.get(s.node.index)
        if found is None:
            graph = self.graph
            largest: dict[int, Node] = {}
            for t in s.terms:
                scale = exponent_of(graph, t.shift) or graph.number(0.0)
                if t.kernel is not None:
                    name, u = t.kernel
                    size = graph.make("pmax", u, graph.number(0.0)) if name == "expm1" else graph.make("abs", u)
                    scale = algebra.add(graph, [scale, size])
                if t.op and scale.shape:
                    scale = graph.make("max_of", scale)
                largest[scale.index] = scale
            scales = [*largest.values()]
            m = scales[0]
            for other in scales[1:]:
                m = graph.make("pmax", m, other)
            found = self._scales[s.node.index] = graph.make("held", m)
        return found

    def at_scale(self, s: Sum, m: Node) -> Node:
        """Return a sum joined by exp(m)."""
        return algebra.add(self.graph, [self.term(t, m) for t in s.terms])

    def term(self, t: Term, m: Node | None) -> Node:
        """Return a term divided by exp(m)."""
        graph = self.graph
        shift = combined(t.shift.values(), [(m, -1.0)] if m is not None else [])
        factors = [*t.above]
        if t.kernel is not None:
            name, u = t.kernel
            left = exponent_of(graph, combined([(n, -k) for n, k in shift.values()]))
            factors.append(graph.make(KERNELS[name], u, left or graph.number(0.0)))
        else:
            exponent = exponent_of(graph, shift)
            if exponent is not None:
                factors.append(graph.make("exp", exponent))
        value = algebra.mul(graph, factors)
        if t.below:
            value = algebra.div(graph, value, algebra.mul(graph, t.below))
        return self._reduced(t.op, value) if t.op else value

    def _reduced(self, op: str, value: Node) -> Node:
        if op == "mean":
            return self.graph.array("mean", value)
        return self.graph.make(op, value)
