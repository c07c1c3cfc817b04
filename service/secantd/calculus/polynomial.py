"""Polynomials: recognizing them, their degree, and multiplying them out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb, inf, isfinite

from secantd.expression import Graph, Node, algebra, reachable
from secantd.interrupt import paced

__all__ = ["degree", "multiplied_out", "terms_of"]

# A polynomial of a higher degree is not multiplied out: nobody would read it.
LARGEST_DEGREE = 1_000

# The most bits of a coefficient to a power; a double, as a fraction, has up to 2100.
LARGEST_POWER = 100_000

Terms = dict[tuple[int, ...], Fraction]


def degree(output: Node) -> int | None:
    """Return an upper bound of the total degree of a polynomial, None for other expressions.

    >>> g = Graph()
    >>> degree(g.make("mul", g.symbol("x"), g.symbol("y")))
    2
    """
    found: dict[int, int | None] = {}
    for node in reachable([output]):
        found[node.index] = degree_of(node, [found[a.index] for a in node.args])
    return found[output.index]


def degree_of(node: Node, degrees: Sequence[int | None]) -> int | None:
    op = node.op
    if op == "number":
        # An infinite coefficient is not a fraction.
        return 0 if isfinite(node.value) else None
    if op == "pi":
        return 0
    if op == "symbol":
        return 1
    if any(d is None for d in degrees) or not degrees:
        return None
    known = [d for d in degrees if d is not None]
    if op == "add" or op == "neg":
        return max(known)
    if op == "mul":
        return sum(known)
    if op == "div":
        return known[0] if known[1] == 0 else None
    if op == "pow" and node.args[1].op == "number":
        exponent = node.args[1].value
        return int(exponent) * known[0] if exponent >= 0 and exponent.is_integer() and exponent < 2**31 else None
    return 0 if max(known) == 0 else None


def terms_of(output: Node, names: Sequence[str]) -> Terms | None:
    """Return a polynomial with rational coefficients multiplied out, None for other expressions.

    Decimals count as the fractions they are written as: 0.1 is 1/10.

    Args:
        output: The expression.
        names: The variables, in the order of the exponents.

    Returns:
        The coefficient of each product of powers, by its exponents.
    """
    bound = degree(output)
    if bound is None or bound > LARGEST_DEGREE:
        return None
    places = {n: i for i, n in enumerate(names)}
    zero = (0,) * len(names)
    found: dict[int, Terms] = {}
    for node in reachable([output]):
        args = [found.get(a.index) for a in node.args]
        if node.op == "number":
            found[node.index] = {zero: Fraction(repr(node.value))}
        elif node.op == "symbol" and node.name in places:
            i = places[node.name]
            found[node.index] = {(*zero[:i], 1, *zero[i + 1 :]): Fraction(1)}
        elif any(a is None for a in args) or not args:
            return None
        else:
            made = combined(node, [a for a in args if a is not None], zero)
            if made is None:
                return None
            found[node.index] = made
    return found[output.index]


def combined(node: Node, args: Sequence[Terms], zero: tuple[int, ...]) -> Terms | None:
    if node.op == "add":
        total: Terms = {}
        for a in args:
            for k, c in a.items():
                total[k] = total.get(k, Fraction(0)) + c
        return {k: c for k, c in total.items() if c}
    if node.op == "neg":
        return {k: -c for k, c in args[0].items()}
    if node.op == "mul":
        product = args[0]
        for a in args[1:]:
            product = times(product, a)
        return product
    if node.op == "div":
        (divisor,) = args[1].values() if len(args[1]) == 1 else (Fraction(0),)
        return {k: c / divisor for k, c in args[0].items()} if divisor else None
    if node.op == "pow":
        exponent = next(iter(args[1].values()), Fraction(0))
        if exponent < 0 or exponent.denominator != 1 or exponent * bits(args[0]) > LARGEST_POWER:
            return None
        result, base, left = {zero: Fraction(1)}, args[0], exponent.numerator
        while left:
            if left & 1:
                result = times(result, base)
            left >>= 1
            if left:
                base = times(base, base)
        return result
    return None


def bits(terms: Terms) -> int:
    """Return the number of bits of the longest numerator or denominator."""
    return max((max(c.numerator.bit_length(), c.denominator.bit_length()) for c in terms.values()), default=0)


def times(a: Terms, b: Terms) -> Terms:
    product: Terms = {}
    for i, c in a.items():
        for j, d in paced(b.items()):
            k = tuple(x + y for x, y in zip(i, j, strict=True))
            product[k] = product.get(k, Fraction(0)) + c * d
    return {k: c for k, c in product.items() if c}


def multiplied_out(
    graph: Graph, names: Sequence[str], at: Mapping[str, float], terms: Sequence[tuple[tuple[int, ...], Fraction]]
) -> Node:
    """Return Σ c·Π(xᵢ - x₀ᵢ)^eᵢ multiplied out, highest powers first.

    Args:
        graph: The graph of the result.
        names: x, in the order of the exponents.
        at: x₀.
        terms: The exponents e and the coefficient c of each term.
    """
    total: Terms = {}
    for exponents, coefficient in terms:
        if not coefficient:
            continue
        product: Terms = {(0,) * len(names): coefficient}
        for i, (name, e) in enumerate(zip(names, exponents, strict=True)):
            shift = -Fraction(repr(at[name]))
            factor: Terms = {}
            for k in range(e + 1) if shift else (e,):
                key = tuple(k if j == i else 0 for j in range(len(names)))
                factor[key] = comb(e, k) * shift ** (e - k)
            product = times(product, factor)
        for key, c in product.items():
            total[key] = total.get(key, Fraction(0)) + c
    return to_node(graph, names, total)


def nearest(value: Fraction) -> float:
    """Return a positive fraction as a double, infinity if it is larger than the largest one."""
    try:
        return float(value)
    except OverflowError:
        return inf


def to_node(graph: Graph, names: Sequence[str], terms: Terms) -> Node:
    """Return a polynomial as a node, highest total degree first."""
    parts = []
    for key in sorted((k for k, c in terms.items() if c), key=lambda k: (-sum(k), tuple(-e for e in k))):
        c = terms[key]
        size = abs(c)
        powers = [
            algebra.power(graph, graph.symbol(n), graph.number(float(e))) for n, e in zip(names, key, strict=True) if e
        ]
        if size.denominator > 10**9 or size.numerator > 2**53:
            above, below = nearest(size), 1.0
        else:
            above, below = float(size.numerator), float(size.denominator)
        factors = ([graph.number(above)] if above != 1.0 or not powers else []) + powers
        node = graph.make("mul", *factors) if len(factors) > 1 else factors[0]
        if below != 1.0:
            node = graph.make("div", node, graph.number(below))
        parts.append(graph.make("neg", node) if c < 0 else node)
    return graph.make("add", *parts) if len(parts) > 1 else parts[0] if parts else graph.number(0.0)
