"""Shares of sums: N/S, where S is N and other terms R, is expit(log N - log R) for positive terms, and else 1/(1 + R/N).

exp(a)/(exp(a) + exp(b) + 1) is 1 - exp(b - a) - exp(-a) for a large a. As a quotient it keeps its value, but its derivatives are
differences of numbers close to 1. As a logistic function, or a function of R/N, it has derivatives without such a difference.
"""

import math
from dataclasses import replace
from typing import NamedTuple

from secantd.expression import Graph
from secantd.program.exponentials import Product, Sum, Term, one_plus

__all__ = ["Share", "key", "shares"]


class Share(NamedTuple):
    """(N/(N + R))^power; there is at least one term of each.

    Attributes:
        inside: The terms of N.
        others: The terms of R.
        power: The power, above 0.
    """

    inside: tuple[Term, ...]
    others: tuple[Term, ...]
    power: float

    @property
    def positive(self) -> bool:
        """Whether all terms are above 0."""
        return all(t.positive for t in (*self.inside, *self.others))


def shares(graph: Graph, product: Product) -> tuple[Product, list[Share]]:
    """Return a product without the shares in it, and these."""
    found: list[Share] = []
    for below, power in [*product.sums.values()]:
        if power >= 0.0 or len(below.terms) < 2 or any(t.op for t in below.terms):
            continue
        for above, raised in [*product.sums.values()]:
            others = rest(below.terms, above.terms) if raised > 0.0 else None
            k = min(raised, -power)
            if not all(t.positive for t in above.terms):
                # N/sqrt(S) is no sqrt(N) sqrt(N/S) where N is negative.
                k = float(math.floor(k))
            if others and k > 0.0:
                product = without(product, below, above, k)
                found.append(Share(above.terms, others, k))
                power += k
            if power >= 0.0:
                break
        if power >= 0.0 or one_plus(graph, below) is not None or not all(t.positive for t in below.terms):
            continue
        if not product.shift:
            one = next((t for t in below.terms if t.bare and not t.shift), None)
            others = None if one is None else rest(below.terms, (one,))
            if one is not None and others is not None:
                product = without(product, below, None, -power)
                found.append(Share((one,), others, -power))
        else:
            for t in below.terms:
                if not t.shift or t.kernel is not None or t.below or len(t.above) > 1:
                    continue
                counts = {product.shift.get(i, (n, 0.0))[1] / k for i, (n, k) in t.shift.items()}
                factor = [f for f in product.above if t.above and f is t.above[0]]
                if len(counts) != 1 or len(product.shift) != len(t.shift) or (t.above and not factor):
                    continue
                (k,) = counts
                if not 0.0 < k <= -power or (factor and k != 1.0):
                    continue
                others = rest(below.terms, (t,))
                if others is None:
                    continue
                left = [*product.above]
                if factor:
                    left.remove(factor[0])
                product = replace(without(product, below, None, k), above=tuple(left), shift={})
                found.append(Share((t,), others, k))
                break
    return product, found


def without(product: Product, below: Sum, above: Sum | None, k: float) -> Product:
    """Return a product without a share of power k."""
    sums = dict(product.sums)
    for s, change in ((below, k), (above, -k)):
        if s is not None:
            power = sums.pop(s.node.index)[1] + change
            if power:
                sums[s.node.index] = (s, power)
    return replace(product, sums=sums)


def rest(terms: tuple[Term, ...], part: tuple[Term, ...]) -> tuple[Term, ...] | None:
    """Return the terms that are not in a part; None where the part has others, or all of them."""
    left = {key(t): t for t in terms}
    if len(left) < len(terms):
        return None
    for t in part:
        if left.pop(key(t), None) is None:
            return None
    return tuple(left.values()) or None


def key(t: Term) -> tuple[object, ...]:
    """Return what equal terms have in common."""
    numbers = [n.value for n in t.above if n.op == "number"], [n.value for n in t.below if n.op == "number"]
    factors = [tuple(sorted([n.index for n in part if n.op != "number"])) for part in (t.above, t.below)]
    kernel = None if t.kernel is None else (t.kernel[0], t.kernel[1].index)
    shift = frozenset((i, k) for i, (_, k) in t.shift.items())
    return math.prod(numbers[0]), math.prod(numbers[1]), *factors, shift, kernel, t.op
