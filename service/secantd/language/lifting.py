"""One function of each element of a vector, or of each row of a matrix, as operations on the whole.

The function is called once, with an element x[i] for a symbol i that stands for all positions. Its value is a graph in
which only `gather` depends on i. Each node that depends on i is replaced by one for all positions at once: a number by a
vector, a vector by the rows of a matrix. The result does not grow with the length, which need not be known.
"""

from collections.abc import Callable, Mapping
from typing import Final

from secantd.expression import ARRAY_OPERATIONS, Dimension, Graph, Node, reachable

__all__ = ["POSITION", "UnliftableError", "depends_on_position", "lifted"]

# The name of the symbol that stands for all positions; no name of a text contains a blank.
POSITION: Final = "position in"


class UnliftableError(Exception):
    """The function has no form for all positions at once."""


def depends_on_position(node: Node) -> bool:
    """Return whether an expression depends on a position that stands for all."""
    return any(n.op == "symbol" and n.name.startswith(POSITION) for n in reachable([node]))


def lifted(graph: Graph, value: Node, position: Node, length: Dimension) -> Node:
    """Return the values of an expression at the positions 1, 2, ..., in a vector or in the rows of a matrix.

    Args:
        graph: The graph.
        value: A number or a vector.
        position: The symbol that stands for all positions.
        length: How many positions there are.

    Raises:
        UnliftableError: The expression contains an operation without a rule.
    """
    return Lifting(graph, position, length).of(value)


class Lifting:
    """The lifted nodes of one expression."""

    def __init__(self, graph: Graph, position: Node, length: Dimension) -> None:
        self.graph = graph
        self.position = position
        self.length = length
        self.ones = graph.array("fill", graph.number(1.0), shape=(length,))
        self.found: dict[int, Node] = {position.index: graph.array("cumsum", self.ones)}

    def of(self, value: Node) -> Node:
        if len(value.shape) > 1:
            raise UnliftableError
        for node in reachable([value]):
            if node.index not in self.found and any(a.index in self.found for a in node.args):
                if len(node.shape) > 1:
                    raise UnliftableError
                self.found[node.index] = self.step(node)
        return self.whole(value)

    def whole(self, node: Node) -> Node:
        """Return a node for all positions; one that is the same everywhere is repeated."""
        if node.index in self.found:
            return self.found[node.index]
        if node.shape:
            return self.graph.array("outer", self.ones, node)
        return self.graph.array("fill", node, shape=(self.length,))

    def step(self, node: Node) -> Node:
        if node.op in RULES:
            return RULES[node.op](self, node)
        if node.op in ARRAY_OPERATIONS or (node.args and node.args[0].shape and not node.shape):
            raise UnliftableError
        return self.elementwise(node)

    def elementwise(self, node: Node) -> Node:
        graph, args = self.graph, list[Node]()
        for a in node.args:
            if a.shape != node.shape and a.shape:
                # R repeats shorter vectors.
                raise UnliftableError
            known = self.found.get(a.index)
            if known is None:
                args.append(graph.array("row", a) if a.shape else a)
            else:
                args.append(graph.array("column", known) if node.shape and not a.shape else known)
        return graph.make(node.op, *args)

    def alone(self, node: Node) -> Node:
        """Return the first argument for all positions, if no other argument depends on them."""
        if any(a.index in self.found for a in node.args[1:]):
            raise UnliftableError
        return self.found[node.args[0].index]

    def turned(self, node: Node) -> Node:
        return self.graph.array("transpose", node)


def reduction(lifting: Lifting, node: Node) -> Node:
    graph, rows = lifting.graph, lifting.alone(node)
    (x,) = node.args
    if not x.shape:
        raise UnliftableError
    if node.op in ("max_of", "min_of"):
        return graph.array("row_extreme", rows, payload=(1 if node.op == "max_of" else -1,))
    if node.op == "prod":
        return graph.array("pick", graph.array("cumprod", lifting.turned(rows)), payload=(0, -1))
    sums = graph.array("row_sums", rows)
    return graph.make("div", sums, graph.length(x.shape[0])) if node.op == "mean" else sums


def shares(lifting: Lifting, node: Node) -> Node:
    """The softmax, or the logarithm of the sum of exponentials, of each row."""
    graph, rows = lifting.graph, lifting.alone(node)
    most = graph.array("row_extreme", rows, payload=(1,))
    weights = graph.make("exp", graph.make("add", rows, graph.make("neg", graph.array("column", most))))
    sums = graph.array("row_sums", weights)
    if node.op == "logsumexp":
        return graph.make("add", most, graph.make("log", sums))
    return graph.make("div", weights, graph.array("column", sums))


def product(lifting: Lifting, node: Node) -> Node:
    matrix, vector = node.args
    if matrix.index in lifting.found:
        raise UnliftableError
    return lifting.graph.array("matmul", lifting.found[vector.index], lifting.turned(matrix))


def solution(lifting: Lifting, node: Node) -> Node:
    matrix, vector = node.args
    if matrix.index in lifting.found:
        raise UnliftableError
    columns = lifting.turned(lifting.found[vector.index])
    return lifting.turned(lifting.graph.array("solve", matrix, columns))


def along(lifting: Lifting, node: Node) -> Node:
    """An operation along the vector, on the columns of the transpose."""
    payload = node.payload if isinstance(node.payload, tuple) else ()
    columns = lifting.turned(lifting.alone(node))
    return lifting.turned(lifting.graph.array(node.op, columns, *node.args[1:], payload=payload))


def scattered(lifting: Lifting, node: Node) -> Node:
    if not node.args[1].shape:
        raise UnliftableError
    columns = lifting.turned(lifting.alone(node))
    shape = (node.shape[0], lifting.length)
    return lifting.turned(lifting.graph.array("scatter", columns, node.args[1], shape=shape))


def gathered(lifting: Lifting, node: Node) -> Node:
    x, index = node.args
    if x.index in lifting.found:
        return along(lifting, node)
    if index is lifting.position and x.shape[0] == lifting.length:
        return x
    if index.shape:
        raise UnliftableError
    return lifting.graph.array("gather", x, lifting.found[index.index])


def element(lifting: Lifting, node: Node) -> Node:
    assert isinstance(node.payload, tuple)
    return lifting.graph.array("pick", lifting.alone(node), payload=(1, *node.payload))


def joined(lifting: Lifting, node: Node) -> Node:
    parts = [lifting.whole(a) if a.index in lifting.found or a.shape else a for a in node.args]
    return lifting.graph.array("bind_columns", *parts)


def filled(lifting: Lifting, node: Node) -> Node:
    ones = lifting.graph.array("fill", lifting.graph.number(1.0), shape=node.shape)
    return lifting.graph.array("outer", lifting.alone(node), ones)


RULES: Final[Mapping[str, Callable[[Lifting, Node], Node]]] = {
    **dict.fromkeys(("sum", "prod", "max_of", "min_of", "mean"), reduction),
    **dict.fromkeys(("softmax", "logsumexp"), shares),
    **dict.fromkeys(("cumsum", "cumprod", "reverse", "diff", "slice", "pad", "select"), along),
    "matmul": product,
    "solve": solution,
    "scatter": scattered,
    "gather": gathered,
    "element": element,
    "concatenate": joined,
    "fill": filled,
}
