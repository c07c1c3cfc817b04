"""Vectors and matrices that differ from row to row of a loop over data, entry by entry.

A row of the loop is a graph of numbers then: sums of products for a matrix product, cofactors for a determinant. The size
of each vector and matrix must be known.
"""

from typing import Final

from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Node, Shape, reachable, shape_text
from secantd.expression.shapes import STRETCHED
from secantd.interrupt import paced
from secantd.language.context import Context
from secantd.language.entryrules import MADE, Flat, Maker, places
from secantd.language.lifting import Lifting, UnliftableError
from secantd.language.rowlimits import refused
from secantd.language.rows import Rows

__all__ = ["Entries", "whole_shape"]

# The largest vector or matrix, by its entries.
MOST_ENTRIES: Final = 4096
# How deep arrays that are the same in all rows are taken apart; deeper ones are read by element.
DEEPEST: Final = 10


def whole_shape(shape: Shape) -> tuple[int, ...] | None:
    """Return a shape whose sides are known, None for others.

    >>> whole_shape((2, 3)), whole_shape((2, STRETCHED))
    ((2, 3), None)
    """
    sides = [side for side in shape if isinstance(side, int)]
    return tuple(sides) if len(sides) == len(shape) else None


class Entries(Maker):
    """The expressions of one row without vectors and matrices that differ from row to row.

    Args:
        context: The interpreter.
        rows: The rows.
    """

    def __init__(self, context: Context, rows: Rows) -> None:
        super().__init__(context)
        self.rows = rows
        # Numbers that differ from row to row, and the entries of vectors and matrices, row by row of a matrix.
        self.numbers: dict[int, Node] = {}
        self.arrays: dict[int, Flat] = {}
        # Whether an expression is made of rows of matrices, and whether of values of the row before.
        self.known: dict[int, tuple[bool, bool]] = {}
        # The matrices of the values of arrays in all rows.
        self.lifted: dict[int, Node] = {}
        self.lifting: Lifting | None = None
        self.depth = 0

    def number(self, node: Node) -> Node:
        """Return a number without vectors and matrices that differ from row to row."""
        self.follow(node)
        return self.number_of(node)

    def of(self, node: Node) -> Flat:
        """Return the entries of a number, a vector or a matrix, row by row.

        Raises:
            CalculusError: A size is not known, or an operation has no entries in a loop.
        """
        self.follow(node)
        return self.entries(node)

    # -- one node ------------------------------------------------------------------------------------------------------

    def follow(self, node: Node) -> None:
        for part in paced(reachable([node], self.numbers)):
            if part.index in self.known or not self.rows.depends(part):
                continue
            if part.shape:
                whole = self.lines(part)
                if whole is None:
                    self.arrays[part.index] = self.made(part)
                else:
                    self.lifted[part.index] = whole
            elif part.op in ARRAY_OPERATIONS or part.op in REDUCTIONS:
                self.numbers[part.index] = self.reduced(part)
            else:
                self.lines(part)
                self.numbers[part.index] = self.graph.again(part, tuple([self.number_of(a) for a in part.args]))

    def number_of(self, node: Node) -> Node:
        return self.numbers.get(node.index, node)

    def lines(self, node: Node) -> Node | None:
        """Return the values of an array, or a number, in all rows, where it is made of rows of matrices; else None."""
        below = [self.known[a.index] for a in node.args if a.index in self.known]
        of_lines = node.op == "local" and bool(node.shape)
        of_states = self.rows.is_state(node)
        self.known[node.index] = (of_lines or any(k[0] for k in below), of_states or any(k[1] for k in below))
        if self.known[node.index] != (True, False):
            return None
        if self.lifting is None:
            self.lifting = Lifting(self.graph, self.rows.index, self.rows.count)
            self.lifting.found[self.rows.index.index] = self.rows.over(self.rows.index)
        found = self.lifting.found
        for local in reachable([node], found):
            if local.op == "local":
                found[local.index] = self.rows.columns[local.index]
        try:
            return self.lifting.of(node)
        except UnliftableError:
            return None

    def reduced(self, node: Node) -> Node:
        """Return the number that an operation makes of vectors and matrices."""
        whole = self.lines(node)
        if node.op in ("local", "length"):
            return node
        if whole is not None:
            return self.rows.value(whole)
        return self.made(node)[0]

    def shape(self, node: Node) -> tuple[int, ...]:
        """Return the shape of a value whose entries are needed; a side along which a vector repeats has one entry."""
        found = whole_shape(tuple([1 if side is STRETCHED else side for side in node.shape]))
        if found is None:
            raise refused(
                self.context,
                f"{shape_text(node.shape)}, of unknown size, that differs from row to row",
                "declare the shapes of the variables that it is made of",
            )
        size = 1
        for side in found:
            size *= side
        if size > MOST_ENTRIES:
            raise refused(self.context, f"{shape_text(found)} that differs from row to row", "use smaller matrices")
        return found

    def entries(self, node: Node) -> Flat:
        """Return the entries of an argument, whose own arguments are known."""
        if not node.shape:
            return (self.number_of(node),)
        if node.index not in self.arrays:
            self.arrays[node.index] = self.first_entries(node)
        return self.arrays[node.index]

    def first_entries(self, node: Node) -> Flat:
        shape = self.shape(node)
        whole = self.lifted.get(node.index)
        if whole is not None and len(shape) == 1:
            return tuple([self.rows.value(column_of_lines(self.context, whole, j)) for j in range(shape[0])])
        if whole is not None:
            raise self.refused(node)
        elementwise = node.op not in ARRAY_OPERATIONS and node.args
        if not (elementwise or node.op in MADE) or self.depth > DEEPEST:
            return tuple([self.graph.array("element", node, payload=place) for place in places(shape)])
        self.depth += 1
        found = self.made(node)
        self.depth -= 1
        return found


def column_of_lines(context: Context, lines: Node, j: int) -> Node:
    """Return a column of a matrix whose rows are the rows of another one, or columns of it."""
    if lines.op in ("gather", "slice", "reverse"):
        inner = column_of_lines(context, lines.args[0], j)
        return context.graph.again(lines, (inner, *lines.args[1:]))
    if lines.op == "transpose":
        return context.graph.array("pick", lines.args[0], payload=(0, j))
    return context.graph.array("pick", lines, payload=(1, j))
