"""Sums in the light form: like terms merged, common factors pulled out, terms in the order of their text."""

import math
from collections.abc import Sequence
from typing import Final

from secantd.algebra.factors import Factors
from secantd.algebra.product import Power, Product
from secantd.expression import Node
from secantd.expression.decimals import plus, times
from secantd.interrupt import checkpoint

__all__ = ["added", "write_sum"]

# The most factors pulled out in one nest: Horner's form of a polynomial nests once for each degree.
FACTOR_DEPTH: Final = 60


def write_sum(form: Factors, args: Sequence[Node]) -> Node:
    """Return the light form of a sum.

    Args:
        form: The light forms of the graph.
        args: The terms, light nodes.
    """
    return arrange(form, like_terms(form, args), 0)


def like_terms(form: Factors, args: Sequence[Node]) -> list[Product]:
    """Return the terms of a sum, with nested sums opened and like terms merged."""
    merged: dict[object, Product] = {}
    whole, opened = equal_sums(args)
    for node, count in whole:
        term = Product(False, float(count), 1.0, [(node, 1.0)])
        merged[term.key()] = term
    stack = [(a, False) for a in reversed(opened)]
    while stack:
        node, negative = stack.pop()
        if node.op == "neg" and node.args[0].op == "add":
            stack += [(a, not negative) for a in reversed(node.args[0].args)]
            continue
        if node.op == "add":
            stack += [(a, negative) for a in reversed(node.args)]
            continue
        view = form.view(node)
        term = Product(view.negative ^ negative, view.above, view.below, view.upper, view.lower)
        key = term.key()
        held = merged.get(key)
        merged[key] = term if held is None else added(form, held, term)
    return [t for t in merged.values() if t.above != 0.0]


def equal_sums(args: Sequence[Node]) -> tuple[list[tuple[Node, int]], list[Node]]:
    """Separate the sums that occur more than once among the terms: (k - 1) + (k - 1) is 2 * (k - 1).

    Returns:
        Such sums with their counts, and the other terms.
    """
    counts: dict[Node, int] = {}
    for a in args:
        if a.op == "add":
            counts[a] = counts.get(a, 0) + 1
    whole = [(a, n) for a, n in counts.items() if n > 1]
    return whole, [a for a in args if counts.get(a, 1) == 1] if whole else list(args)


def added(form: Factors, a: Product, b: Product) -> Product:
    """Return the sum of two terms that differ only in their number."""
    first, second = (-a.above if a.negative else a.above), (-b.above if b.negative else b.above)
    if a.below == b.below:
        above, below = plus(first, second), a.below
    elif form.exact:
        above = plus(times(first, b.below), times(second, a.below))
        below = times(a.below, b.below)
    else:
        form.rounded = True
        above, below = first / a.below + second / b.below, 1.0
    if below == 1.0 or (above / below).is_integer():
        return Product(above < 0, abs(above / below), 1.0, a.upper, a.lower)
    size = abs(above)
    reduced = form.reduced(size, below)
    if reduced != (size, below) and not form.exact:
        # Deriv keeps 2/4 in a sum.
        form.rounded = True
        reduced = size, below
    return Product(above < 0, *reduced, a.upper, a.lower)


def arrange(form: Factors, terms: list[Product], depth: int) -> Node:
    """Return the node of a sum of different terms: pull common factors out, then order the terms."""
    while depth < FACTOR_DEPTH:
        found = common_factor(form, terms)
        if found is None:
            break
        checkpoint()
        factor, inside = found
        chosen = set(inside)
        left = [divided(t, factor) for i, t in enumerate(terms) if i in chosen]
        left = [form.merge([(t, False)]) if 0.5 in [e for _, e in (*t.upper, *t.lower)] else t for t in left]
        if all(t.negative for t in left):
            factor.negative = True
            for t in left:
                t.negative = False
        if any((base := t.lone()) is not None and base.op == "add" for t in left):
            left = like_terms(form, [form.write(t) for t in left])
        inner = arrange(form, left, depth + 1)
        product = form.merge([(factor, False), (form.view(inner), False)])
        if len(chosen) == len(terms):
            return form.write(product)
        rest = [t for i, t in enumerate(terms) if i not in chosen]
        terms = like_terms(form, [*[form.write(t) for t in rest], form.write(product)])
        depth += 1
    return write_terms(form, terms)


def write_terms(form: Factors, terms: list[Product]) -> Node:
    """Return p + q - (r + s): positive terms, then negative ones, each in the order of their text."""
    if not terms:
        return form.graph.number(0.0)
    if len(terms) == 1:
        return form.write(terms[0])
    plus = [form.write(t) for t in terms if not t.negative]
    if len(plus) > 1:
        plus.sort(key=lambda n: (form.key(n), n.index))
    minus = [form.write(Product(False, t.above, t.below, t.upper, t.lower)) for t in terms if t.negative]
    if len(minus) > 1:
        minus.sort(key=lambda n: (form.key(n), n.index))
    graph = form.graph
    if not minus:
        return graph.make("add", *plus)
    taken = graph.make("neg", minus[0] if len(minus) == 1 else graph.make("add", *minus))
    return graph.make("add", *plus, taken) if plus else taken


def common_factor(form: Factors, terms: list[Product]) -> tuple[Product, list[int]] | None:
    """Return the common factor of most terms and the positions of these, None if no two terms share a base.

    The base that occurs in most terms is chosen; among equals one above the bar, then the first in the alphabet. The
    common factor of numeric powers is the lowest one; other powers have to be equal.
    """
    if len(terms) < 2 or not any_shared(terms):
        return None
    places: dict[tuple[int, int, int], list[tuple[int, Power]]] = {}
    for i, term in enumerate(terms):
        for side, powers in ((0, term.upper), (1, term.lower)):
            for power in powers:
                base, exponent = power
                kind = -1 if isinstance(exponent, float) else exponent.index
                places.setdefault((side, base.index, kind), []).append((i, power))
    shared = {k: v for k, v in places.items() if len(v) > 1}
    if not shared:
        return None
    best = min(shared, key=lambda k: (-len(shared[k]), k[0], form.factor_order(shared[k][0][1])[1:]))
    inside = [i for i, _ in shared[best]]
    upper: list[Power] = []
    lower: list[Power] = []
    for key, found in shared.items():
        if [i for i, _ in found] == inside:
            base, exponent = min((p for _, p in found), key=lambda p: p[1] if isinstance(p[1], float) else math.inf)
            (lower if key[0] else upper).append((base, exponent))
    return Product(False, 1.0, 1.0, upper, lower), inside


def any_shared(terms: list[Product]) -> bool:
    """Whether two terms share a base on the same side of the bar; a quick test that is false for most sums."""
    above: set[int] = set()
    below: set[int] = set()
    for term in terms:
        for base, _ in term.upper:
            if base.index in above:
                return True
            above.add(base.index)
        for base, _ in term.lower:
            if base.index in below:
                return True
            below.add(base.index)
    return False


def divided(term: Product, factor: Product) -> Product:
    """Return a term divided by one of its factors."""
    return Product(
        term.negative, term.above, term.below, without(term.upper, factor.upper), without(term.lower, factor.lower)
    )


def without(powers: list[Power], taken: list[Power]) -> list[Power]:
    less = {base.index: exponent for base, exponent in taken}
    kept: list[Power] = []
    for base, exponent in powers:
        gone = less.get(base.index)
        if gone is None:
            kept.append((base, exponent))
        elif isinstance(exponent, float) and isinstance(gone, float) and exponent != gone:
            kept.append((base, exponent - gone))
        elif isinstance(exponent, float) != isinstance(gone, float) or exponent != gone:
            kept.append((base, exponent))
    return kept
