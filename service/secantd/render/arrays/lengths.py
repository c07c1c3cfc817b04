"""Lengths in a text: the variable or data column whose side a length is."""

from collections.abc import Iterable
from functools import cached_property

from secantd.expression import Graph, Node, reachable
from secantd.expression.shapes import Dimension, Length, Shape

__all__ = ["Lengths", "Side"]

# A variable or data column, and the axis along which it has a length.
Side = tuple[Node, int]


class Lengths:
    """The lengths of one graph, as the sides of its variables and data columns.

    A length is printed from a variable of the formula itself where it contains one, else from any variable of the
    graph: the derivative of sum(a + x) with respect to a is the length of x. Vectors precede matrices.

    Args:
        graph: The graph.
        nodes: The formula, arguments first.
    """

    def __init__(self, graph: Graph, nodes: Iterable[Node]) -> None:
        self.graph = graph
        self.nodes = list(nodes)
        self.inside = sides(self.nodes)

    @cached_property
    def outside(self) -> dict[Dimension, Side]:
        return sides(self.graph.nodes)

    def side(self, dimension: Dimension) -> Side | None:
        """Return a variable that has this length."""
        return self.inside.get(dimension) or self.outside.get(dimension)

    def matrix(self, shape: Shape) -> Node | None:
        """Return the variable from which both sides of a shape are printed."""
        (rows, columns) = (None if isinstance(d, int) else self.side(d) for d in shape)
        same = rows is not None and columns is not None and rows[0] is columns[0] and (rows[1], columns[1]) == (0, 1)
        return rows[0] if same and rows is not None else None

    def shifted(self, name: str) -> tuple[Side, Length] | None:
        """Return a variable whose length is the named one, plus or minus a number, and that length."""
        for found in (self.inside, self.outside):
            for dimension, side in found.items():
                if isinstance(dimension, Length) and len(dimension.terms) == 1:
                    ((term, factor),) = dimension.terms
                    if term == name and abs(factor) == 1:
                        return side, dimension
        return None

    def flattened(self, name: str) -> Node | None:
        """Return the matrix whose number of entries a length is."""
        shape = (Length.named(name),)
        for nodes in (self.nodes, self.graph.nodes):
            for node in nodes:
                if node.op == "flatten" and node.shape == shape:
                    return node.args[0]
        return None

    def include(self, node: Node) -> None:
        """Prefer the variables below another node, too."""
        for dimension, side in sides(reachable([node])).items():
            self.inside.setdefault(dimension, side)


def sides(nodes: Iterable[Node]) -> dict[Dimension, Side]:
    variables = [n for n in nodes if n.op == "symbol" or n.op == "data"]
    found: dict[Dimension, Side] = {}
    for rank in (1, 2):
        for node in variables:
            if len(node.shape) == rank:
                for axis, dimension in enumerate(node.shape):
                    found.setdefault(dimension, (node, axis))
    return found
