"""Exact local algebra: constructors that simplify a node by looking at its arguments only.

Derivatives are built with them, texts of authors never. Every rule holds for all finite reals; 0*x -> 0 and the like
differ from IEEE arithmetic only where x is infinite or NaN.
"""

import math
from collections.abc import Sequence

from secantd.expression.decimals import plus
from secantd.expression.graph import Graph, Node

__all__ = ["add", "div", "is_number", "mul", "neg", "power"]


def is_number(node: Node, value: float) -> bool:
    """Whether a node is the number `value`."""
    return node.op == "number" and node.payload == value


def neg(graph: Graph, a: Node) -> Node:
    """Return -a."""
    if a.op == "number":
        return graph.number(-a.value) if a.value else a
    return a.args[0] if a.op == "neg" else graph.make("neg", a)


def add(graph: Graph, terms: Sequence[Node]) -> Node:
    """Return the sum of terms without its zeros.

    >>> g = Graph()
    >>> add(g, [g.symbol("x"), g.number(0)])
    #0 symbol('x')
    """
    kept = [t for t in terms if not is_number(t, 0.0)]
    if len(kept) < 2:
        return kept[0] if kept else graph.number(0.0)
    if all(t.op == "number" for t in kept):
        value = 0.0
        for t in kept:
            value = plus(value, t.value)
        if math.isfinite(value):
            return graph.number(value)
    return graph.make("add", *kept)


def mul(graph: Graph, factors: Sequence[Node]) -> Node:
    """Return the product of factors without its ones, with one sign in front; 0 if a factor is 0."""
    kept: list[Node] = []
    negative = False
    for f in factors:
        if f.op == "neg":
            negative = not negative
            f = f.args[0]
        if f.op == "number":
            if f.value == 0.0:
                return f
            if f.value == -1.0:
                negative = not negative
                continue
            if f.value == 1.0:
                continue
        kept.append(f)
    if not kept:
        product = graph.number(1.0)
    elif len(kept) == 1:
        product = kept[0]
    else:
        product = graph.make("mul", *kept)
    return neg(graph, product) if negative else product


def div(graph: Graph, a: Node, b: Node) -> Node:
    """Return a/b with the signs of a outside; a division by the number 0 is kept."""
    if is_number(b, 1.0):
        return a
    negative = False
    # An author may write any number of signs.
    while a.op == "neg":
        negative = not negative
        a = a.args[0]
    quotient = a if is_number(a, 0.0) and not is_number(b, 0.0) else graph.make("div", a, b)
    return neg(graph, quotient) if negative else quotient


def power(graph: Graph, base: Node, exponent: Node) -> Node:
    """Return base^exponent; x^0 is 1, as in IEEE."""
    if exponent.op == "number":
        if exponent.value == 1.0:
            return base
        if exponent.value == 0.0:
            return graph.number(1.0)
    return graph.make("pow", base, exponent)
