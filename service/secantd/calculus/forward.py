"""One derivative in forward mode, graph to graph: each node's derivative from those of its arguments.

The result has the shape of a derivation by hand, which is what gets printed.
"""

import heapq
from typing import Final

from secantd.calculus.rules import partial
from secantd.errors import CalculusError, Reason
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable
from secantd.interrupt import EVERY, checkpoint, paced

__all__ = ["Users", "derivative"]

# Up to so many factors a partial product is one flat product, as an author would write it.
SHARED: Final = 8
# The largest constant, in nodes, whose reciprocal becomes a factor.
SHORT: Final = 20
# Comparisons and logical operators: their derivative is 0 wherever it exists.
STEPS: Final = frozenset({"<", "<=", ">", ">=", "==", "!=", "&", "|", "!"})


class Users:
    """The nodes that use each node below one output.

    With it, the derivative with respect to one of many variables visits only the nodes that contain this variable.

    Args:
        output: The expression.
    """

    def __init__(self, output: Node) -> None:
        self.of: dict[int, list[tuple[Node, int]]] = {}
        self.symbols: dict[str, Node] = {}
        for node in paced(reachable([output])):
            if node.op == "symbol":
                self.symbols[node.name] = node
            for position, a in enumerate(node.args):
                self.of.setdefault(a.index, []).append((node, position))


def derivative(graph: Graph, output: Node, variable: str, users: Users | None = None, *, exact: bool = False) -> Node:
    """Return ∂output/∂variable as a node of `graph`.

    The result has the rows of `output`, or one row if it is the same for all.

    Args:
        graph: The graph of `output` and of the result.
        output: The expression.
        variable: The variable.
        users: The users of the nodes below `output`; worth making for more than a few variables.
        exact: Whether the numbers of rules are fractions: 1/2, where R prints 0.5.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where a rule is missing.

    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> derivative(g, g.make("pow", x, g.number(2)), "x")
    #6 mul(#1, #0)
    """
    if users is not None:
        return upwards(graph, output, variable, users)
    zero = graph.number(0.0)
    found: dict[int, Node] = {}
    for i, node in enumerate(reachable([output])):
        if not i % EVERY:
            checkpoint()
        if node.op == "symbol":
            if node.name == variable:
                found[node.index] = graph.number(1.0)
        elif any(a.index in found for a in node.args):
            value = of_node(graph, node, [found.get(a.index, zero) for a in node.args], exact=exact)
            if not algebra.is_number(value, 0.0):
                found[node.index] = value
    return found.get(output.index, zero)


def upwards(graph: Graph, output: Node, variable: str, users: Users) -> Node:
    """Return ∂output/∂variable, visiting only the nodes that contain the variable."""
    zero = graph.number(0.0)
    found: dict[int, Node] = {}
    start = users.symbols.get(variable)
    if start is None:
        return zero
    waiting: dict[int, tuple[Node, list[int]]] = {start.index: (start, [])}
    # Arguments have smaller indices, so the node with the smallest one is always ready.
    heap = [start.index]
    while heap:
        if not len(found) % EVERY:
            checkpoint()
        node, positions = waiting.pop(heapq.heappop(heap))
        if node is start:
            value = graph.number(1.0)
        elif node.op == "add":
            value = algebra.add(graph, [found[node.args[p].index] for p in sorted(positions)])
        else:
            value = of_node(graph, node, [found.get(a.index, zero) for a in node.args])
        if algebra.is_number(value, 0.0):
            continue
        found[node.index] = value
        for user, position in users.of.get(node.index, ()):
            if user.index not in waiting:
                waiting[user.index] = (user, [])
                heapq.heappush(heap, user.index)
            waiting[user.index][1].append(position)
    return found.get(output.index, zero)


def of_node(graph: Graph, node: Node, inner: list[Node], *, exact: bool = False) -> Node:
    """Return a node's derivative from the derivatives of its arguments."""
    op, args = node.op, node.args
    if op == "add":
        return algebra.add(graph, inner)
    if op == "neg":
        return algebra.neg(graph, inner[0])
    if op == "mul":
        return of_product(graph, args, inner)
    if op == "div":
        return of_quotient(graph, args[0], args[1], inner)
    if op == "pow":
        return of_power(graph, node, inner)
    if op == "ifelse":
        # The choice is kept even where one side is 0, as Deriv does.
        if all(algebra.is_number(d, 0.0) for d in inner[1:]):
            return graph.number(0.0)
        return graph.make("ifelse", args[0], inner[1], inner[2])
    if op in STEPS:
        return graph.number(0.0)
    if op in REDUCTIONS:
        return of_reduction(graph, node, inner[0])
    parts = [
        algebra.mul(graph, [partial(graph, node, i, exact=exact), d])
        for i, d in enumerate(inner)
        if not algebra.is_number(d, 0.0)
    ]
    return algebra.add(graph, parts)


def of_product(graph: Graph, args: tuple[Node, ...], inner: list[Node]) -> Node:
    """Return (a b)' = a' b + a b', applied from the left, so that partial products are shared."""
    if len(args) > SHARED:
        args, inner = gathered(graph, args, inner)
    product, slope = args[0], inner[0]
    for i in range(1, len(args)):
        terms = [algebra.mul(graph, [slope, args[i]]), algebra.mul(graph, [product, inner[i]])]
        slope = algebra.add(graph, [t for t in terms if not algebra.is_number(t, 0.0)])
        if i < len(args) - 1:
            product = graph.make("mul", *args[: i + 1]) if i < SHARED else graph.make("mul", product, args[i])
    return slope


def gathered(graph: Graph, args: tuple[Node, ...], inner: list[Node]) -> tuple[tuple[Node, ...], list[Node]]:
    """Return a long product, and its derivatives, with constant factors as one factor and equal factors as powers."""
    constant = [a for a, d in zip(args, inner, strict=True) if algebra.is_number(d, 0.0)]
    counts: dict[Node, int] = {}
    slopes: dict[Node, Node] = {}
    for a, d in zip(args, inner, strict=True):
        if not algebra.is_number(d, 0.0):
            counts[a] = counts.get(a, 0) + 1
            slopes[a] = d
    found: list[tuple[Node, Node]] = []
    for a, count in counts.items():
        exponent = graph.number(count)
        power = algebra.power(graph, a, exponent)
        found.append((power, of_power(graph, power, [slopes[a], graph.number(0.0)]) if count > 1 else slopes[a]))
    if constant:
        found.append((algebra.mul(graph, constant), graph.number(0.0)))
    return tuple(a for a, _ in found), [d for _, d in found]


def of_quotient(graph: Graph, above: Node, below: Node, inner: list[Node]) -> Node:
    """Return u'/v - u v'/v², or u' times the constant 1/v."""
    du, dv = inner
    if algebra.is_number(dv, 0.0) and of_numbers(below) and not algebra.is_number(below, 0.0):
        return algebra.mul(graph, [algebra.div(graph, graph.number(1.0), below), du])
    terms = [algebra.div(graph, du, below)]
    if not algebra.is_number(dv, 0.0):
        square = graph.make("pow", below, graph.number(2.0))
        terms.append(algebra.neg(graph, algebra.div(graph, algebra.mul(graph, [above, dv]), square)))
    return algebra.add(graph, terms)


def of_numbers(node: Node) -> bool:
    """Whether a node is a short expression of numbers only, such as sqrt(2), so that its reciprocal is a number."""
    stack, seen = [node], 0
    while stack:
        node = stack.pop()
        seen += 1
        if seen > SHORT or node.op in ("symbol", "data", "pi"):
            return False
        stack += node.args
    return True


def of_power(graph: Graph, node: Node, inner: list[Node]) -> Node:
    """Return v u^(v-1) u' + u^v log(u) v'."""
    base, exponent = node.args
    terms: list[Node] = []
    if not algebra.is_number(inner[0], 0.0):
        less = algebra.add(graph, [exponent, graph.number(-1.0)])
        terms.append(algebra.mul(graph, [exponent, algebra.power(graph, base, less), inner[0]]))
    if not algebra.is_number(inner[1], 0.0):
        terms.append(algebra.mul(graph, [node, graph.make("log", base), inner[1]]))
    return algebra.add(graph, terms)


def of_reduction(graph: Graph, node: Node, inner: Node) -> Node:
    (rows,) = node.args
    if node.op == "sum":
        if inner.rows > 1:
            return graph.make("sum", inner)
        return algebra.mul(graph, [graph.number(float(rows.rows)), inner])
    if node.op == "prod":
        return algebra.mul(graph, [node, of_reduction_sum(graph, graph.make("div", inner, rows), rows.rows)])
    largest = graph.make("==", rows, node)
    chosen = graph.make("mul", largest, inner)
    if chosen.rows == 1:
        raise CalculusError(Reason.NOT_DIFFERENTIABLE, "the maximum or minimum of equal numbers has no derivative")
    return graph.make("div", graph.make("sum", chosen), graph.make("sum", largest))


def of_reduction_sum(graph: Graph, rows: Node, count: int) -> Node:
    return graph.make("sum", rows) if rows.rows > 1 else graph.make("mul", graph.number(float(count)), rows)
