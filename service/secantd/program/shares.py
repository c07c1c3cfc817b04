"""Shares of sums: N/S, where S is N and other terms R.

exp(a)/(exp(a) + exp(b) + 1) is 1 - exp(b - a) - exp(-a) for a large a. As a quotient it keeps its value, but its derivatives are
differences of numbers close to 1. As a function of N and R it has derivatives without such a difference: expit(log N - log R) for
positive terms, 1/(1 + R/N) for a positive N, and else the row `share`, for N may be 0.
"""

import math
from dataclasses import replace
from typing import NamedTuple

from secantd.expression import Graph
from secantd.program.exponentials import Product, Sum, Term, one_plus

__all__ = ["Share", "key", "shares"]

# The largest multiple of N in S, to the power of the share: derivatives divide by it, and more would overflow.
LARGEST = 1e100


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


def shares(graph: Graph, product: Product, positive: bool = False) -> tuple[Product, list[Share]]:
    """Return a product without the shares in it, and these; if `positive` only those that are above 0 everywhere."""
    found: list[Share] = []
    for below, power in [*product.sums.values()]:
        if power >= 0.0 or len(below.terms) < 2 or any(t.op for t in below.terms) or (positive and not below.positive):
            continue
        for above, raised in [*product.sums.values()]:
            part = split(graph, below.terms, above.terms) if raised > 0.0 else None
            k = min(raised, -power)
            if not above.positive:
                # N/sqrt(S) is no sqrt(N) sqrt(N/S) where N is negative.
                k = float(math.floor(k))
            if part and k > 0.0 and is_moderate(part.multiple, k):
                product = without(product, below, above, k).over(graph, part.multiple, k)
                found.append(Share(part.inside, part.others, k))
                power += k
            if power >= 0.0:
                break
        if power >= 0.0 or one_plus(graph, below) is not None or not below.positive:
            continue
        if not product.shift:
            one = next((t for t in below.terms if t.bare and not t.shift), None)
            part = None if one is None else split(graph, below.terms, (one,))
            if part is not None:
                product = without(product, below, None, -power)
                found.append(Share(part.inside, part.others, -power))
        else:
            for t in below.terms:
                if not t.shift or t.kernel is not None:
                    continue
                counts = {product.shift.get(i, (n, 0.0))[1] / k for i, (n, k) in t.shift.items()}
                if len(counts) != 1 or len(product.shift) != len(t.shift):
                    continue
                (k,) = counts
                part = split(graph, below.terms, (replace(t, above=(), below=()),)) if 0.0 < k <= -power else None
                if part is None or not is_moderate(part.multiple, k):
                    continue
                product = replace(without(product, below, None, k), shift={}).over(graph, part.multiple, k)
                found.append(Share(part.inside, part.others, k))
                break
    return product, found


def is_moderate(multiple: float, power: float) -> bool:
    """Return whether a number above 0, and its power, are neither very large nor very small."""
    return abs(math.log(multiple)) * max(power, 1.0) <= math.log(LARGEST)


def without(product: Product, below: Sum, above: Sum | None, k: float) -> Product:
    """Return a product without a share of power k."""
    sums = dict(product.sums)
    for s, change in ((below, k), (above, -k)):
        if s is not None:
            power = sums.pop(s.node.index)[1] + change
            if power:
                sums[s.node.index] = (s, power)
    return replace(product, sums=sums)


class Split(NamedTuple):
    """A sum as a multiple of N and other terms.

    Attributes:
        multiple: The multiple, above 0.
        inside: The terms of the multiple of N.
        others: The other terms; there is at least one.
    """

    multiple: float
    inside: tuple[Term, ...]
    others: tuple[Term, ...]


def split(graph: Graph, terms: tuple[Term, ...], part: tuple[Term, ...]) -> Split | None:
    """Return a sum as a multiple of a part and other terms; None where the part has terms that the sum lacks.

    The multiple is the largest one that makes no term of the sum change its sign, but for terms whose sign differs already.
    """
    left = {structure(t): t for t in terms}
    if len(left) < len(terms):
        return None
    numbers = {structure(t): number(t) for t in part}
    if len(numbers) < len(part) or not numbers.keys() <= left.keys() or 0.0 in numbers.values():
        return None
    multiple = min([r for s, n in numbers.items() if (r := number(left[s]) / n) > 0.0], default=0.0)
    if not 0.0 < multiple < math.inf:
        return None
    inside, others = [], []
    for s, t in left.items():
        n = multiple * numbers.get(s, 0.0)
        m = number(t) - n
        if s in numbers:
            inside.append(t if not m else with_number(graph, t, n))
        if m:
            others.append(t if s not in numbers else with_number(graph, t, m))
    return Split(multiple, tuple(inside), tuple(others)) if others else None


def number(t: Term) -> float:
    above, below = ([n.value for n in part if n.op == "number"] for part in (t.above, t.below))
    return math.prod(above) / (math.prod(below) or math.nan)


def with_number(graph: Graph, t: Term, n: float) -> Term:
    """Return a term with another number as factor."""
    above, below = (tuple([f for f in part if f.op != "number"]) for part in (t.above, t.below))
    return replace(t, above=above if n == 1.0 else (graph.number(n), *above), below=below)


def structure(t: Term) -> tuple[object, ...]:
    """Return what terms have in common that differ by a number."""
    return key(t)[2:]


def key(t: Term) -> tuple[object, ...]:
    """Return what equal terms have in common: first their numbers."""
    numbers = [n.value for n in t.above if n.op == "number"], [n.value for n in t.below if n.op == "number"]
    factors = [tuple(sorted([n.index for n in part if n.op != "number"])) for part in (t.above, t.below)]
    kernel = None if t.kernel is None else (t.kernel[0], t.kernel[1].index)
    shift = frozenset((i, k) for i, (_, k) in t.shift.items())
    return math.prod(numbers[0]), math.prod(numbers[1]), *factors, shift, kernel, t.op
