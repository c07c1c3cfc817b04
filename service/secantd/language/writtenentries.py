"""The entries of vectors and matrices that are made of numbers, such as rbind(c(2, x), c(x, 0))."""

from typing import Final

from secantd.errors import CalculusError
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Node, reachable
from secantd.expression.shapes import STRETCHED
from secantd.interrupt import paced
from secantd.language.context import Context
from secantd.language.entryrules import Flat, Maker, size_of
from secantd.settings import DEFAULT_LIMITS

__all__ = ["written_entries"]

# The most entries of one vector or matrix.
MOST: Final = 400


def written_entries(graph: Graph, node: Node) -> Flat | None:
    """Return the entries of a number, a vector or a matrix as expressions of numbers, row by row.

    None where a variable is a vector or a matrix, where a size is not known, and where an operation has no such form.

    Args:
        graph: The graph of the node and of the entries.
        node: The value.

    >>> from secantd.language import read
    >>> from secantd.render import r_text
    >>> f = read("rbind(c(2, x), c(x, y)) %*% c(x, 1)")
    >>> [r_text(n) for n in written_entries(f.graph, f.outputs[0])]
    ['2 * x + x', 'x * x + y']
    """
    nodes = reachable([node])
    if any(n.op == "data" or (n.op == "symbol" and n.shape) for n in nodes):
        return None
    try:
        return Written(graph).of(node)
    except (CalculusError, KeyError, ValueError, IndexError):
        return None


class Written(Maker):
    """The entries of values that are made of numbers.

    Args:
        graph: The graph.
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__(Context("", graph, {}, DEFAULT_LIMITS))
        self.numbers: dict[int, Node] = {}
        self.arrays: dict[int, Flat] = {}

    def of(self, node: Node) -> Flat:
        """Return the entries of a value."""
        for part in paced(reachable([node])):
            if part.op == "number":
                self.context.constants[part.index] = part.value
            if part.shape:
                self.arrays[part.index] = self.made(part)
            elif part.op in ARRAY_OPERATIONS or part.op in REDUCTIONS:
                self.numbers[part.index] = self.made(part)[0]
            elif part.args:
                self.numbers[part.index] = self.graph.again(part, tuple([self.number_of(a) for a in part.args]))
        return self.entries(node)

    def number_of(self, node: Node) -> Node:
        """Return a number, made of numbers."""
        return self.numbers.get(node.index, node)

    def entries(self, node: Node) -> Flat:
        """Return the entries of an argument, row by row."""
        return self.arrays[node.index] if node.shape else (self.number_of(node),)

    def shape(self, node: Node) -> tuple[int, ...]:
        """Return the shape of a value; a side along which a vector repeats has one entry."""
        found = tuple([side if isinstance(side, int) else 1 if side is STRETCHED else -1 for side in node.shape])
        if -1 in found or size_of(found) > MOST:
            raise self.refused(node)
        return found
