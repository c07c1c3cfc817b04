"""Where a function of one variable may have an extremum without a derivative of 0: kinks, cusps, and ends of its domain.

Each operation that is not smooth everywhere has an expression that is 0 there: the argument of abs, the difference of the arguments
of max, the base of a power.
"""

from collections.abc import Sequence
from itertools import product
from typing import Final

from secantd.calculus.ties import tie_of
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS
from secantd.functions.distributions import DISTRIBUTIONS

__all__ = ["branches", "corner_equations"]

# Operations without a derivative where an argument is 0.
AT_ZERO: Final = {
    "sqrt": 0,
    "log": 0,
    "log2": 0,
    "log10": 0,
    "log_base": 0,
    "div": 1,
    "lgamma": 0,
    "gamma": 0,
    "digamma": 0,
}
# Those without one where the argument is ±1.
AT_ONE: Final = frozenset({"asin", "acos", "atanh", "acosh"})
# Distributions on the whole line, as far as their first argument is concerned.
WHOLE_LINE: Final = ("norm", "logis", "cauchy", "t")
# Functions of the table that are not smooth at other points.
ELSEWHERE: Final = frozenset({"%%", "%/%", "atan2", "round", "floor", "ceiling", "trunc", "tan", "tanpi"})
# The most choices of which all combinations are looked at.
CHOICES: Final = frozenset({"abs", "sign", "pmax", "pmin", "ifelse"})
MOST: Final = 4


def corner_equations(graph: Graph, output: Node, name: str) -> tuple[list[Node], bool]:
    """Return expressions of which one is 0 wherever f is not smooth, and whether these are certain to be all.

    Args:
        graph: The graph of `output`, to which nodes are added.
        output: f.
        name: Its variable.

    >>> from secantd.language import read
    >>> f = read("sqrt(x) + exp(x)")
    >>> corner_equations(f.graph, f.outputs[0], "x")
    ([#0 symbol('x')], True)
    """
    found: list[Node] = []
    certain = True
    moving: set[int] = set()
    for node in reachable([output]):
        if not ((node.op == "symbol" and node.name == name) or any(a.index in moving for a in node.args)):
            continue
        moving.add(node.index)
        if node.rows > 1 or node.op in REDUCTIONS:
            # A sum of smooth rows is smooth; the rows themselves are not looked at.
            certain = certain and node.op not in ("max_of", "min_of") and equations_of(graph, node) == []
            continue
        certain = certain and is_known(node)
        found += equations_of(graph, node)
    return list(dict.fromkeys([e for e in found if any(n.op == "symbol" for n in reachable([e]))])), certain


def branches(graph: Graph, output: Node) -> list[Node]:
    """Return f with every choice replaced by each of its sides: abs(u) by u and -u, max(a, b) by a and b.

    Empty without choices, or with too many.

    >>> from secantd.language import read
    >>> from secantd.render import r_text
    >>> f = read("x + abs(x)")
    >>> [r_text(b) for b in branches(f.graph, f.outputs[0])]
    ['x + x', 'x - x']
    """
    nodes = reachable([output])
    choices = [n for n in nodes if n.op in CHOICES]
    if not 1 <= len(choices) <= MOST or any(n.rows > 1 for n in nodes):
        return []
    found = []
    for sides in product((False, True), repeat=len(choices)):
        other = dict(zip([n.index for n in choices], sides, strict=True))
        made: dict[int, Node] = {}
        for node in nodes:
            args = [made[a.index] for a in node.args]
            if node.index in other:
                made[node.index] = side_of(graph, node.op, args, other[node.index])
            else:
                made[node.index] = graph.make(node.op, *args) if args else node
        found.append(made[output.index])
    return list(dict.fromkeys(found))


def side_of(graph: Graph, op: str, args: Sequence[Node], other: bool) -> Node:
    """Return one side of a choice."""
    if op == "abs":
        return algebra.neg(graph, args[0]) if other else args[0]
    if op == "sign":
        return graph.number(-1.0 if other else 1.0)
    if op == "ifelse":
        return args[2 if other else 1]
    return args[1 if other else 0]


def equations_of(graph: Graph, node: Node) -> list[Node]:
    """Return the expressions that are 0 where an operation is not smooth."""
    op, args = node.op, node.args
    sides = tie_of(graph, node) if op not in ELSEWHERE else None
    if sides is not None:
        return [algebra.add(graph, [sides[0], algebra.neg(graph, sides[1])])]
    if op == "pow":
        whole = args[1].op == "number" and args[1].value.is_integer() and args[1].value >= 0
        return [] if whole else [args[0]]
    if op in AT_ONE:
        return [algebra.add(graph, [args[0], graph.number(s)]) for s in (1.0, -1.0)]
    if op == "log1p":
        return [algebra.add(graph, [args[0], graph.number(1.0)])]
    return [args[AT_ZERO[op]]] if op in AT_ZERO else []


def is_known(node: Node) -> bool:
    """Whether all points at which an operation is not smooth are zeros of its equations."""
    if node.op not in FUNCTIONS:
        return True
    return node.op not in ELSEWHERE and (node.op not in names_of_distributions() or smooth_everywhere(node))


def names_of_distributions() -> Sequence[str]:
    return [row.name for row in DISTRIBUTIONS]


def smooth_everywhere(node: Node) -> bool:
    """Whether a distribution has a density or probability that is smooth on the whole line."""
    return node.op[:1] in ("d", "p") and node.op[1:].partition(".")[0] in WHOLE_LINE
