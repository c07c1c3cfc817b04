"""An estimate of the operations that the values of expressions with shapes take."""

from collections.abc import Mapping, Sequence
from math import prod

from secantd.expression import Node, reachable
from secantd.expression.shapes import Dimension, Shape
from secantd.program.shaped.operations import FACTORED

__all__ = ["operations"]


def operations(nodes: Sequence[Node], lengths: Mapping[str, int]) -> int:
    """Return about how many operations on numbers compute nodes.

    Args:
        nodes: The nodes.
        lengths: The lengths of the values; others count as the largest of them.

    >>> from secantd.expression import Graph, Length
    >>> g, n = Graph(), Length.named("n")
    >>> operations([g.array("matmul", g.symbol("A", (n, n)), g.symbol("x", (n,)))], {"n": 100})
    20100
    """
    most = max(lengths.values(), default=1)

    def size(dimension: Dimension) -> int:
        if isinstance(dimension, int):
            return dimension
        return max(0, dimension.offset + sum([lengths.get(name, most) * k for name, k in dimension.terms]))

    def entries(shape: Shape) -> int:
        return prod([size(d) for d in shape])

    total = 0
    for node in reachable(nodes):
        largest = max([entries(n.shape) for n in (node, *node.args)])
        if node.op == "matmul":
            left, right = node.args
            largest = entries(left.shape) * (size(right.shape[1]) if len(right.shape) > 1 else 1)
        elif node.op in FACTORED:
            largest *= size(node.args[0].shape[0])
        total += largest
    return total
