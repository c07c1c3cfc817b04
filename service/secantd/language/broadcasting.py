"""Elementwise operations on vectors and matrices.

R recycles a vector down the columns of a matrix; NumPy repeats it along the rows. The graph has neither rule: a vector
that meets a matrix is laid into it by `column` or `row` here.
"""

from collections.abc import Sequence

from secantd.expression import STRETCHED, Dimension, Length, Node, Shape, times
from secantd.language.arrays import agree, nonconformable, shape_of
from secantd.language.context import Context
from secantd.language.values import Oriented

__all__ = ["elementwise"]


def elementwise(context: Context, op: str, arguments: Sequence[Node | Oriented]) -> Node | Oriented:
    """Return an elementwise operation on numbers, vectors and matrices.

    Args:
        context: The interpreter.
        op: The operation.
        arguments: Its arguments, at least one of them an array.
    """
    matrices = [a for a in arguments if isinstance(a, Node) and len(a.shape) == 2]
    vectors = [a for a in arguments if isinstance(a, Oriented) or len(a.shape) == 1]
    if matrices:
        return beside_matrix(context, op, arguments, matrices)
    columns = any(isinstance(a, Oriented) and a.column for a in vectors)
    rows = any(isinstance(a, Oriented) and not a.column for a in vectors)
    plain = any(isinstance(a, Node) for a in vectors)
    if columns and (rows or (plain and context.zero_based)):
        if not context.zero_based:
            raise nonconformable(context, words(op), [shape_of(a) for a in vectors], "use outer()")
        laid = [laid_out(context, a, isinstance(a, Oriented) and a.column) if a in vectors else a for a in arguments]
        return beside_matrix(context, op, laid, [a for a in laid if isinstance(a, Node) and a.shape])
    nodes = [a.node if isinstance(a, Oriented) else a for a in arguments]
    sized = [n for n in nodes if n.shape and n.shape[0] != 1]
    for other in sized[1:]:
        agree(context, words(op), sized[0].shape[0], other.shape[0], [sized[0].shape, other.shape])
    made = context.graph.make(op, *nodes)
    return Oriented(made, columns) if columns or rows else made


def beside_matrix(
    context: Context, op: str, arguments: Sequence[Node | Oriented], matrices: Sequence[Node | Oriented]
) -> Node:
    target: list[Dimension] = [STRETCHED, STRETCHED]
    shapes = [shape_of(a) for a in arguments if isinstance(a, Oriented) or a.shape]
    for matrix in matrices:
        for axis, side in enumerate(shape_of(matrix)):
            if target[axis] is STRETCHED or (context.zero_based and target[axis] == 1):
                target[axis] = side
            elif not (context.zero_based and side == 1):
                agree(context, words(op), target[axis], side, shapes)
    nodes: list[Node] = []
    for a in arguments:
        if isinstance(a, Node) and not a.shape:
            nodes.append(a)
        elif isinstance(a, Node) and len(a.shape) == 2:
            nodes.append(stretched(context, a, target))
        else:
            nodes.append(beside(context, op, a, target, shapes))
    return context.graph.make(op, *nodes)


def stretched(context: Context, matrix: Node, target: Sequence[Dimension]) -> Node:
    """Return a matrix of one row or column as NumPy stretches it."""
    for axis in (0, 1):
        if matrix.shape[axis] == 1 and target[axis] != 1 and matrix.shape[1 - axis] is not STRETCHED:
            vector = context.graph.array("pick", matrix, payload=(axis, 0))
            return laid_out(context, vector, axis == 1)
    return matrix


def beside(
    context: Context, op: str, value: Node | Oriented, target: Sequence[Dimension], shapes: Sequence[Shape]
) -> Node:
    """Return a vector as it is laid into a matrix of the shape `target`."""
    node = value.node if isinstance(value, Oriented) else value
    length = node.shape[0]
    if length == 1:
        return context.graph.array("element", node, payload=(0,))
    if isinstance(value, Oriented):
        down = value.column
        if not context.zero_based:
            # A matrix of one column or row conforms in R only with one of its shape.
            agree(context, words(op), target[1 if down else 0], 1, shapes, "write as.vector(...) to recycle it")
    elif context.zero_based:
        down = False
    else:
        rows, columns = target
        down = rows != 1
        if down and length != rows and length == columns and isinstance(rows, Length):
            hint = "declare the shape of the matrix: the vector fills its columns if the number of rows is its length"
            raise nonconformable(context, words(op), shapes, hint)
        filled = recycled(context, node, rows, columns)
        if filled is not None:
            return filled
    agree(context, words(op), length, target[0 if down else 1], shapes)
    return laid_out(context, node, down)


def recycled(context: Context, vector: Node, rows: Dimension, columns: Dimension) -> Node | None:
    """Return a vector that R recycles over all entries of a matrix, column by column; None for one that fills a column."""
    length = vector.shape[0]
    if length == rows or rows is STRETCHED or columns is STRETCHED:
        return None
    if rows == 1 and (length == columns or not isinstance(length, int) or not isinstance(columns, int)):
        # It is this row.
        return None
    entries = times(rows, columns)
    if length != entries:
        if not isinstance(length, int) or not isinstance(entries, int) or entries % length:
            return None
        ones = context.graph.array("fill", context.number(1.0), shape=(entries // length,))
        vector = context.graph.array("flatten", context.graph.array("outer", ones, vector), payload=(1,))
    return context.graph.array("reshape", vector, payload=(0,), shape=(rows, columns))


def laid_out(context: Context, value: Node | Oriented, down: bool) -> Node:
    node = value.node if isinstance(value, Oriented) else value
    return context.graph.array("column" if down else "row", node)


SIGNS = {"add": "+", "neg": "-", "mul": "*", "div": "/", "pow": "^"}


def words(op: str) -> str:
    """Return an elementwise operation as the subject of an error's sentence."""
    return f"'{SIGNS.get(op, op)}'" if op in SIGNS or not op[0].isalpha() else f"{op}()"
