"""Products of vectors and matrices as R and NumPy define them: %*%, @, outer products, transposes."""

from secantd.expression import Dimension, Node, Shape, column_of
from secantd.language.arrays import agree, as_node, nonconformable, shape_of
from secantd.language.context import Context
from secantd.language.inference import as_array, is_single, open_names, spread_terms
from secantd.language.values import Oriented, Value

__all__ = ["inner", "matrix_product", "outer", "transpose"]


def is_number(context: Context, value: Value) -> bool:
    """Return whether an operand is a number, and no variable that may be an array."""
    return isinstance(value, Node) and not value.shape and (is_single(context, value) or not open_names(context, value))


def inner(context: Context, a: Node, b: Node, what: str) -> Node:
    """Return the sum of the products of the entries of two vectors."""
    agree(context, what, a.shape[0], b.shape[0], [a.shape, b.shape])
    graph = context.graph
    found = graph.make("sum", graph.make("mul", a, b))
    if not context.zero_based:
        context.singles.add(found.index)
    return found


def one_entry(context: Context, a: Value, b: Value, axis: int) -> Value:
    """Return R's number as the vector of one entry that it is, where the side of a matrix that it meets has length 1.

    Args:
        context: The interpreter.
        a: The operand.
        b: The other operand.
        axis: The side of `b` that meets `a`: 0 where `b` is on the right, else -1.
    """
    meets = isinstance(b, Node) and len(b.shape) == 2 and b.shape[axis] == 1
    if meets and isinstance(a, Node) and is_number(context, a) and not column_of(a):
        return context.graph.array("concatenate", a)
    return a


def matrix_product(context: Context, a: Value, b: Value, what: str) -> Value:
    """Return a %*% b or a @ b.

    R takes a vector as the row or column that conforms; a product with a vector is a matrix of one column or row there,
    a vector in NumPy.

    Args:
        context: The interpreter.
        a: The left operand.
        b: The right operand.
        what: The operator, for errors.
    """
    if is_number(context, a) and is_number(context, b):
        assert isinstance(a, Node)
        assert isinstance(b, Node)
        return context.graph.make("mul", a, b)
    if not context.zero_based:
        a, b = one_entry(context, a, b, 0), one_entry(context, b, a, -1)
        # A column times a matrix of one entry, or such a matrix times a row.
        for number, other, column in ((b, a, True), (a, b, False)):
            if isinstance(other, Oriented) and other.column is column and is_number(context, number):
                assert isinstance(number, Node)
                return Oriented(context.graph.make("mul", other.node, number), column)
    for operand, other in ((a, b), (b, a)):
        if is_number(context, operand) and not (isinstance(operand, Node) and column_of(operand)):
            shapes: list[Shape] = [(), shape_of(as_array(context, other, what))]
            hint = f"write * for the product with a number; {what} is the matrix product"
            raise nonconformable(context, what, shapes, hint)
    left, right = (spread_terms(context, as_array(context, v, what), what) for v in (a, b))
    if isinstance(left, Node) and isinstance(right, Node) and len(left.shape) == len(right.shape) == 1:
        return inner(context, left, right, what)
    graph = context.graph
    shapes = [shape_of(left), shape_of(right)]
    if isinstance(left, Node) and len(left.shape) == 2:
        vector = right.node if isinstance(right, Oriented) else right
        if isinstance(right, Oriented) and not right.column:
            agree(context, what, left.shape[1], 1, shapes, turned(context, left, 0, 1))
            return graph.array("outer", graph.array("pick", left, payload=(1, 0)), vector)
        rows = vector.shape[0]
        hint = turned(context, left, 0, rows) or turned(context, vector, 1, left.shape[1])
        agree(context, what, left.shape[1], rows, shapes, hint)
        product = graph.array("matmul", left, vector)
        oriented = len(vector.shape) == 1 and (isinstance(right, Oriented) or not context.zero_based)
        return Oriented(product, True) if oriented else product
    vector = left.node if isinstance(left, Oriented) else left
    if isinstance(right, Node) and len(right.shape) == 2:
        if isinstance(left, Oriented) and left.column:
            agree(context, what, 1, right.shape[0], shapes, turned(context, right, 1, 1))
            return graph.array("outer", vector, graph.array("pick", right, payload=(0, 0)))
        agree(context, what, vector.shape[0], right.shape[0], shapes, turned(context, right, 1, vector.shape[0]))
        product = graph.array("matmul", graph.array("transpose", right), vector)
        oriented = isinstance(left, Oriented) or not context.zero_based
        return Oriented(product, False) if oriented else product
    other = right.node if isinstance(right, Oriented) else right
    if isinstance(left, Oriented) and isinstance(right, Oriented) and left.column == right.column:
        agree(context, what, shapes[0][1], shapes[1][0], shapes)
    if row_times_column(left, right):
        found = inner(context, vector, other, what)
        if context.zero_based and isinstance(left, Node) != isinstance(right, Node):
            # NumPy: (n,) @ (n, 1) and (1, n) @ (n,) are vectors of length 1.
            return graph.array("concatenate", found)
        return found
    if context.zero_based and (isinstance(left, Node) or isinstance(right, Node)):
        raise nonconformable(context, what, shapes, "use np.outer()")
    return graph.array("outer", vector, other)


def turned(context: Context, matrix: Node, side: int, length: Dimension) -> str:
    """Return the hint to transpose a matrix, "" where its side does not have the length either."""
    if len(matrix.shape) < 2 or matrix.shape[side] != length:
        return ""
    while matrix.op in ("mul", "neg") and len(inside := [a for a in matrix.args if len(a.shape) == 2]) == 1:
        (matrix,) = inside
    inner = matrix.args[0] if matrix.op == "transpose" else matrix
    name = inner.name if inner.op in ("symbol", "data") else "A"
    written = f"{name}.T" if context.zero_based else f"t({name})"
    if inner is not matrix:
        return f"write {name} in place of {written}" if name != "A" else "leave the transpose out"
    return f"write {written}" if name != "A" else f"transpose the {('left', 'right')[side]} operand"


def row_times_column(left: Node | Oriented, right: Node | Oriented) -> bool:
    """Return whether the product of two vectors is a number; else it is their outer product."""
    if isinstance(left, Oriented):
        return not left.column
    return isinstance(right, Oriented) and right.column


def outer(context: Context, a: Value, b: Value, what: str, op: str = "mul") -> Node:
    """Return the matrix of op(a[i], b[j]).

    Args:
        context: The interpreter.
        a: A vector.
        b: A vector.
        what: The operation, for errors.
        op: An elementwise operation of two arguments.
    """
    graph = context.graph
    sides = [flat(context, v, what) for v in (a, b)]
    if op == "mul":
        return graph.array("outer", *sides)
    down, across = graph.array("column", sides[0]), graph.array("row", sides[1])
    if op == "sub":
        op, across = "add", graph.make("neg", across)
    return graph.make(op, down, across)


def flat(context: Context, value: Value, what: str) -> Node:
    found = as_array(context, value, what, 1)
    node = found.node if isinstance(found, Oriented) else found
    if len(node.shape) == 2:
        raise context.error(
            f"{what} takes vectors, not matrices", "an array of rank 3 or 4 is not part of the language"
        )
    return node if node.shape else context.graph.array("concatenate", node)


def transpose(context: Context, x: Value, what: str) -> Value:
    """Return t(x): R's t() of a vector is a matrix of one row, NumPy's .T of a vector is the vector."""
    found = as_array(context, x, what) if not is_number(context, x) else as_node(context, x, what)
    if isinstance(found, Oriented):
        return Oriented(found.node, not found.column)
    if len(found.shape) == 2:
        return context.graph.array("transpose", found)
    return Oriented(found, False) if found.shape and not context.zero_based else found
