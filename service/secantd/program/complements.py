"""1 - F where F is close to 1, and log F: by functions that keep the digits that the subtraction would lose.

1 - pnorm(x) is 0 from x = 8.3 on, and its logarithm -Inf, where pnorm(x, lower.tail = FALSE) is 1e-17 and less.

Sources: Maechler, Accurately computing log(1 - exp(-|a|)) (2012); Abramowitz & Stegun 4.5, 7.1.2.
"""

import math
from collections.abc import Sequence

from secantd.expression import Graph, Node, algebra
from secantd.functions import FUNCTIONS

__all__ = ["COMPLEMENTS", "complement", "log_of_complement", "logarithm"]

UPPER = ".upper"
# Probabilities that have a row of their own for the upper tail.
PROBABILITIES = frozenset(n.removesuffix(UPPER) for n in FUNCTIONS if n.startswith("p") and n.endswith(UPPER))
COMPLEMENTS = (
    PROBABILITIES | {p + UPPER for p in PROBABILITIES} | {"erf", "erfc", "exp", "expit", "tanh", "tanh_stable"}
)


def complement(graph: Graph, node: Node, args: Sequence[Node]) -> Node | None:
    """Return 1 - F(u) as one function, None where a node is no such difference.

    Args:
        graph: The graph of the result.
        node: The node.
        args: What takes the place of its arguments.

    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> args = [g.number(1), g.make("neg", g.make("erf", x))]
    >>> complement(g, g.make("add", *args), args)
    #5 erfc(#0)
    """
    f = subtracted(graph, node, args)
    if f is None:
        return None
    op, args = f.op, f.args
    if op in PROBABILITIES:
        return graph.make(op + UPPER, *args)
    if op.endswith(UPPER):
        return graph.make(op.removesuffix(UPPER), *args)
    if op in ("erf", "erfc"):
        return graph.make({"erf": "erfc", "erfc": "erf"}[op], *args)
    (u,) = args
    if op == "exp":
        return algebra.neg(graph, graph.make("expm1", u))
    if op == "expit":
        return graph.make("expit", algebra.neg(graph, u))
    two = graph.number(2.0)
    return algebra.mul(graph, [two, graph.make("expit", algebra.neg(graph, algebra.mul(graph, [two, u])))])


def log_of_complement(graph: Graph, node: Node, args: Sequence[Node]) -> Node | None:
    """Return log(1 - F(u)), None where a node is no such difference; arguments as for `complement`."""
    f = subtracted(graph, node, args)
    if f is None:
        return None
    u = f.args[0]
    if f.op == "exp":
        near = graph.make("log", algebra.neg(graph, graph.make("expm1", u)))
        far = graph.make("log1p", algebra.neg(graph, f))
        return graph.make("ifelse", graph.make(">", u, graph.number(-math.log(2.0))), near, far)
    if f.op == "expit":
        return algebra.neg(graph, graph.make("softplus", u))
    if f.op in ("tanh", "tanh_stable"):
        two = graph.number(2.0)
        minus = algebra.neg(graph, graph.make("softplus", algebra.mul(graph, [two, u])))
        return algebra.add(graph, [graph.make("log", two), minus])
    found = complement(graph, node, args)
    return None if found is None else logarithm(graph, found)


def logarithm(graph: Graph, node: Node) -> Node | None:
    """Return log F as a row of its own, for a probability or a density F; None for others."""
    name = node.op + ".log"
    return graph.make(name, *node.args) if node.op[0] in "pd" and name in FUNCTIONS else None


def subtracted(graph: Graph, node: Node, args: Sequence[Node]) -> Node | None:
    """Return F where a node is 1 - F; a power of a logistic function as an exponential."""
    if node.op != "add" or len(args) != 2:
        return None
    for one, minus in (args, args[::-1]):
        if not algebra.is_number(one, 1.0) or minus.op != "neg":
            continue
        f = minus.args[0]
        if f.op == "pow" and f.args[0].op == "expit" and f.args[1].op == "number" and f.args[1].value > 0.0:
            inside = graph.make("softplus", algebra.neg(graph, f.args[0].args[0]))
            return graph.make("exp", algebra.mul(graph, [graph.number(-f.args[1].value), inside]))
        if f.op in COMPLEMENTS:
            return f
    return None
