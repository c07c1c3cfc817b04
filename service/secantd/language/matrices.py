"""Functions that make vectors and matrices: matrix, cbind, diag, rep, np.eye and their relatives."""

from collections.abc import Sequence

from secantd.errors import Reason
from secantd.expression import Dimension, Length, Node, Shape, shape_text, times
from secantd.language.arrays import agree, as_node, dimension_of, flattened, is_array, number_of
from secantd.language.context import Context
from secantd.language.inference import as_array, has_rows, learn_rank, open_names, usual_rank
from secantd.language.registry import (
    LIBRARY,
    Arguments,
    LibraryFunction,
    Names,
    fixed,
    known_as,
    required_argument,
    whole_part,
)
from secantd.language.structural import constant, size
from secantd.language.values import Distances, Oriented, Value, Vector
from secantd.shown import series

__all__ = ["bind", "count", "pieces"]


def count(context: Context, value: Value, what: str) -> Dimension:
    """Return an argument that is a length: a whole number from 1, or a length of the formula.

    Args:
        context: The interpreter.
        value: The value.
        what: The argument, for the error.
    """
    found = dimension_of(context, value) if isinstance(value, Node) and not value.shape else None
    if found is None or (isinstance(found, int) and not 1 <= found <= context.limits.nodes):
        raise context.error(f"{what} must be a whole number from 1, or a length such as length(x)")
    return found


def sides(context: Context, value: Value, what: str) -> Shape:
    """Return the shape that NumPy's shape argument means: n, or (r, c)."""
    parts = value.items if isinstance(value, Vector) else (value,)
    if len(parts) > 2:
        raise context.error("arrays of rank 3 are not part of the language", "use vectors and matrices")
    return tuple(count(context, p, what) for p in parts)


def filled(context: Context, value: Node, shape: Shape) -> Node:
    return context.graph.array("fill", value, shape=shape)


@known_as("matrix")
@fixed("data", optional=("nrow", "ncol", "byrow", "dimnames"))
def matrix(
    context: Context, data: Value, nrow: Value | None, ncol: Value | None, byrow: Value | None, dimnames: Value | None
) -> Value:
    node = as_node(context, data, "matrix()")
    if len(node.shape) == 2:
        node = context.graph.array("flatten", node, payload=(0,))
    rows = count(context, nrow, "'nrow'") if nrow is not None else None
    columns = count(context, ncol, "'ncol'") if ncol is not None else None
    if not node.shape:
        return filled(context, node, (rows or 1, columns or 1))
    length = node.shape[0]
    if rows is None and columns is None:
        return Oriented(node, True)
    if rows is None or columns is None:
        given_side = rows if rows is not None else columns
        other = quotient(length, given_side)
        if other is None:
            raise context.error(f"matrix(): a vector of length {length} does not fill rows of length {given_side}")
        rows, columns = (rows, other) if rows is not None else (other, columns)
    assert rows is not None
    assert columns is not None
    order = 1 if byrow is not None and constant(context, byrow, "'byrow'") else 0
    if 1 in (rows, columns) and times(rows, columns) == length:
        return Oriented(node, columns == 1)
    if length == (columns if order else rows):
        # A vector that fills one row or column fills all.
        ones = context.graph.array("fill", context.number(1.0), shape=(rows if order else columns,))
        return context.graph.array("outer", ones, node) if order else context.graph.array("outer", node, ones)
    if times(rows, columns) != length:
        what = f"matrix(): {shape_text((rows, columns))}"
        raise context.error(f"{what} has {times(rows, columns)} entries, but the vector has {length}")
    return context.graph.array("reshape", node, payload=(order,), shape=(rows, columns))


def quotient(length: Dimension, side: Dimension | None) -> Dimension | None:
    if length == side:
        return 1
    if isinstance(length, int) and isinstance(side, int):
        return length // side if length % side == 0 else None
    if isinstance(length, Length) and isinstance(side, int):
        parts = [length.offset, *[f for _, f in length.terms]]
        if not any(p % side for p in parts):
            return Length(tuple((n, f // side) for n, f in length.terms), length.offset // side)
    return None


@known_as("reshape")
def reshape(context: Context, arguments: Arguments, names: Names) -> Value:
    down = "order" in names and arguments[names.index("order")] == "F"
    arguments = [a for a, name in zip(arguments, names, strict=True) if name != "order"]
    if len(arguments) < 2:
        raise context.error("reshape() takes an array and a shape", reason=Reason.UNKNOWN_FUNCTION)
    shape = arguments[1] if len(arguments) == 2 else Vector(tuple(arguments[1:]))
    parts = list(shape.items) if isinstance(shape, Vector) else [shape]
    numbers = [context.constants.get(p.index) if isinstance(p, Node) else None for p in parts]
    flat = flattened(context, arguments[0], 0 if down else 1)
    if numbers in ([-1.0], [-1.0, 1.0], [1.0, -1.0]):
        return flat if len(numbers) == 1 else Oriented(flat, numbers[1] == 1.0)
    if len(parts) == 2 and -1.0 in numbers:
        known = count(context, parts[1 - numbers.index(-1.0)], "a side")
        other = quotient(flat.shape[0], known)
        if other is None:
            raise context.error(f"reshape(): a vector of length {flat.shape[0]} does not fill rows of length {known}")
        found: Shape = (other, known) if numbers[0] == -1.0 else (known, other)
    else:
        found = sides(context, shape, "a side")
    if len(found) == 1:
        return flat
    if times(*found) != flat.shape[0]:
        raise context.error(f"reshape(): {shape_text(found)} does not have {flat.shape[0]} entries")
    if 1 in found:
        return Oriented(flat, found[1] == 1)
    return context.graph.array("reshape", flat, payload=(0 if down else 1,), shape=found)


@known_as("as.vector", "ravel", "flatten")
@fixed("x", optional=("order",))
def as_plain_vector(context: Context, x: Value, order: Value | None) -> Value:
    """R's as.vector(x, mode), NumPy's ravel(a, order)."""
    if isinstance(x, Vector) or not is_array(x):
        return x
    return flattened(context, x, int(context.zero_based and order != "F"))


@known_as("drop", "squeeze")
@fixed("x")
def drop(context: Context, x: Value) -> Value:
    if isinstance(x, Oriented):
        return x.node
    if isinstance(x, Node) and len(x.shape) == 2 and 1 in x.shape:
        axis = 1 if x.shape[1] == 1 else 0
        return context.graph.array("pick", x, payload=(axis, 0))
    return x


@known_as("as.matrix")
@fixed("x")
def as_one_matrix(context: Context, x: Value) -> Value:
    if isinstance(x, Distances):
        return x.matrix
    found = as_array(context, x, "as.matrix()")
    return Oriented(found, True) if isinstance(found, Node) and len(found.shape) == 1 else found


def bind(context: Context, arguments: Sequence[Value], what: str, rows: bool) -> Node:
    """Return cbind(...) or rbind(...).

    Args:
        context: The interpreter.
        arguments: Numbers, vectors and matrices, at least one.
        what: The function, for errors.
        rows: Whether the arguments are rows.
    """
    if not arguments:
        raise context.error(f"{what} has no arguments", reason=Reason.UNKNOWN_FUNCTION)
    nodes = [as_node(context, a, what) for a in arguments]
    for n in nodes:
        if n.op == "symbol" and not n.shape and open_names(context, n):
            learn_rank(context, n, usual_rank(n), what)
    graph = context.graph
    if not any(n.shape for n in nodes):
        shape: Shape = (len(nodes), 1) if rows else (1, len(nodes))
        return graph.array("reshape", graph.array("concatenate", *nodes), payload=(0,), shape=shape)
    if rows:
        nodes = [graph.array("transpose", n) if len(n.shape) == 2 else n for n in nodes]
    lengths = [n.shape[0] for n in nodes if n.shape]
    for n in nodes:
        if n.shape:
            agree(context, what, lengths[0], n.shape[0], [m.shape for m in nodes if m.shape])
    bound = graph.array("bind_columns", *nodes)
    return graph.array("transpose", bound) if rows else bound


@known_as("cbind")
def columns_bound(context: Context, arguments: Arguments, names: Names) -> Value:
    return bind(context, arguments, "cbind()", rows=False)


@known_as("rbind")
def rows_bound(context: Context, arguments: Arguments, names: Names) -> Value:
    return bind(context, arguments, "rbind()", rows=True)


def rows_of_list(value: Value) -> Node | None:
    """Return the matrix of a list of vectors: a comprehension is one."""
    return value if isinstance(value, Node) and len(value.shape) == 2 else None


def pieces(context: Context, value: Value) -> list[Value]:
    """Return the arrays of a list that functions of NumPy take.

    Args:
        context: The interpreter.
        value: The list.
    """
    if not isinstance(value, Vector):
        raise context.error("expected a list of arrays", "write np.column_stack([x, y])")
    return list(value.items)


@known_as("column_stack")
@fixed("tup")
def column_stack(context: Context, tup: Value) -> Value:
    matrix = rows_of_list(tup)
    if matrix is not None:
        return context.graph.array("transpose", matrix)
    return bind(context, pieces(context, tup), "np.column_stack()", rows=False)


@known_as("vstack", "row_stack")
@fixed("tup")
def vertical_stack(context: Context, tup: Value) -> Value:
    return rows_of_list(tup) or bind(context, pieces(context, tup), "np.vstack()", rows=True)


@known_as("hstack", "concatenate")
@fixed("tup", optional=("axis",))
def horizontal_stack(context: Context, tup: Value, axis: Value | None) -> Value:
    matrix = rows_of_list(tup)
    if matrix is not None:
        return context.graph.array("flatten", matrix, payload=(1,))
    parts = [as_node(context, p, "np.concatenate()") for p in pieces(context, tup)]
    if any(len(p.shape) == 2 for p in parts):
        down = axis is not None and constant(context, axis, "'axis'") == 0
        return bind(context, parts, "np.concatenate()", rows=down)
    return context.graph.array("concatenate", *parts)


@known_as("stack")
@fixed("arrays", optional=("axis",))
def stack(context: Context, arrays: Value, axis: Value | None) -> Value:
    down = axis is None or constant(context, axis, "'axis'") == 0
    matrix = rows_of_list(arrays)
    if isinstance(arrays, Vector) and all(isinstance(v, Node) and not v.shape for v in arrays.items):
        # Numbers are arrays without an axis: the stack is a vector.
        return arrays
    if matrix is not None:
        return matrix if down else context.graph.array("transpose", matrix)
    return bind(context, pieces(context, arrays), "np.stack()", rows=down)


@known_as("[")
def bracketed(context: Context, arguments: Arguments, names: Names) -> Value:
    """A list of Python; a list of rows is a matrix."""
    if not arguments or not all(isinstance(a, Vector) for a in arguments):
        return Vector(tuple(arguments))
    rows = [a for a in arguments if isinstance(a, Vector)]
    lengths = {len(r.items) for r in rows}
    if len(lengths) > 1:
        raise context.error(
            f"the rows of the matrix have {series(sorted(lengths))} entries",
            "give all rows the same length",
        )
    return bind(context, rows, "a matrix", rows=True)


@known_as("pieces")
def listed(context: Context, arguments: Arguments, names: Names) -> Value:
    """A list of arrays of Python."""
    return Vector(tuple(arguments))


@known_as("ones")
@fixed("shape")
def ones(context: Context, shape: Value) -> Value:
    return filled(context, context.number(1.0), sides(context, shape, "a length"))


@known_as("full")
@fixed("shape", "fill_value", optional=("dtype",))
def full(context: Context, shape: Value, fill_value: Value, dtype: Value | None) -> Value:
    return filled(context, as_node(context, fill_value, "np.full()"), sides(context, shape, "a length"))


def like(number: float) -> LibraryFunction:
    def made(context: Context, arguments: Arguments, names: Names) -> Value:
        node = as_node(context, required_argument(context, arguments[0] if arguments else None, "a"), "np.zeros_like()")
        value = context.number(number)
        return filled(context, value, node.shape) if node.shape else value

    return made


LIBRARY["ones_like"] = like(1.0)
LIBRARY["zeros_like"] = like(0.0)


def side_of(what: str, axis: int) -> LibraryFunction:
    """A function that counts rows or columns; nrow and ncol take a matrix, NROW and NCOL also a vector, as one column."""

    def length_along(context: Context, arguments: Arguments, names: Names) -> Value:
        value = required_argument(context, arguments[0] if arguments else None, "x")
        found = as_array(context, value, f"{what}()", 2) if not isinstance(value, Vector) else value
        if what.islower() and not has_rows(context, found):
            raise context.error(f"{what}() of a vector is NULL", f"use length() or {what.upper()}()")
        if isinstance(found, Oriented):
            return number_of(context, found.node.shape[0] if found.column == (axis == 0) else 1)
        if isinstance(found, Vector) or len(found.shape) != 2:
            if axis == 0:
                return number_of(context, size(context, found))
            return context.number(1.0)
        return number_of(context, found.shape[axis])

    return length_along


LIBRARY.update((name, side_of(name, axis)) for axis, name in ((0, "nrow"), (0, "NROW"), (1, "ncol"), (1, "NCOL")))


@known_as("dim")
@fixed("x")
def dimensions(context: Context, x: Value) -> Value:
    found = as_array(context, x, "dim()", 2)
    if isinstance(found, Oriented) or len(found.shape) != 2:
        raise context.error("dim() of a vector is NULL", "use length()")
    return Vector(tuple(number_of(context, side) for side in found.shape))


@known_as("numeric", "zeros")
@fixed("length")
def zeros(context: Context, length: Value) -> Value:
    shape = sides(context, length, "the length")
    if len(shape) == 1 and isinstance(shape[0], int) and shape[0] <= context.limits.loop_steps:
        return Vector((context.number(0.0),) * shape[0])
    return filled(context, context.number(0.0), shape)


@known_as("head")
@fixed("x", optional=("n",))
def head(context: Context, x: Value, n: Value | None) -> Value:
    return part(context, x, n, end=False)


@known_as("tail")
@fixed("x", optional=("n",))
def tail(context: Context, x: Value, n: Value | None) -> Value:
    return part(context, x, n, end=True)


def part(context: Context, x: Value, number: Value | None, *, end: bool) -> Value:
    """Return the first or last n entries; for a negative n, all but -n at the other end."""
    n = 6 if number is None else whole_part(context, number, "'n'")
    if not isinstance(x, Vector):
        x = as_array(context, x, "head()" if not end else "tail()", 1)
    if isinstance(x, Node) and not x.shape:
        x = Vector((x,))
    if isinstance(x, Vector):
        items = x.items
        kept = n if n >= 0 else max(len(items) + n, 0)
        return Vector(items[len(items) - min(kept, len(items)) :] if end else items[:kept])
    node = x.node if isinstance(x, Oriented) else x
    length = node.shape[0]
    cut = -n if n < 0 else length - min(n, length) if isinstance(length, int) else None
    if cut is None:
        raise context.error("the length of the vector is not known", "declare it, or write head(x, -1)")
    if isinstance(length, int):
        cut = min(cut, length)
    payload = (cut, 0) if end else (0, cut)
    return context.graph.array("slice", node, payload=payload) if cut else node
