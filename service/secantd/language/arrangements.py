"""Functions that repeat, rotate and line up the entries of vectors and the rows of matrices."""

from secantd.expression import Node
from secantd.language.arrays import as_node
from secantd.language.context import Context
from secantd.language.inference import as_array, as_matrix, as_vector
from secantd.language.matrices import bind
from secantd.language.registry import Arguments, Names, fixed, known_as, whole, whole_part
from secantd.language.structural import apply_rows, constant
from secantd.language.values import Distances, Value, Vector

__all__: list[str] = []


@known_as("np.repeat")
@fixed("a", "repeats", optional=("axis",))
def repeat(context: Context, a: Value, repeats: Value, axis: Value | None) -> Value:
    """Every entry so many times, one after the other."""
    if axis is not None:
        raise context.error("np.repeat() with an axis is not part of the language", "use np.kron() or indices")
    vector = as_vector(context, a, "np.repeat()")
    ones = context.graph.array("fill", context.number(1.0), shape=(positive(context, repeats, "'repeats'"),))
    return context.graph.array("flatten", context.graph.array("outer", vector, ones), payload=(1,))


@known_as("tile")
@fixed("A", "reps")
def tile(context: Context, A: Value, reps: Value) -> Value:
    """A vector so many times, one after the other; with (r, 1), the rows of a matrix."""
    counts = [positive(context, r, "'reps'") for r in (reps.items if isinstance(reps, Vector) else (reps,))]
    node = as_node(context, as_array(context, A, "np.tile()", 1), "np.tile()")
    if len(node.shape) == 2 or len(counts) > 2:
        down, across = (counts if len(counts) == 2 else [1, *counts]) if len(counts) < 3 else (0, 0)
        if not down or len(node.shape) != 2:
            raise context.error("arrays of rank 3 are not part of the language", "use vectors and matrices")
        wide = bind(context, [node] * across, "np.tile()", rows=False)
        return bind(context, [wide] * down, "np.tile()", rows=True)
    vector = node if node.shape else context.graph.array("concatenate", node)
    ones = context.graph.array("fill", context.number(1.0), shape=(counts[-1],))
    if counts[-1] > 1:
        vector = context.graph.array("flatten", context.graph.array("outer", ones, vector), payload=(1,))
    if len(counts) == 1:
        return vector
    return context.graph.array("outer", context.graph.array("fill", context.number(1.0), shape=(counts[0],)), vector)


def positive(context: Context, value: Value, what: str) -> int:
    count = whole(context, value, what)
    if not count:
        raise context.error(f"{what} must be 1 or more")
    return count


@known_as("roll")
@fixed("a", "shift", optional=("axis",))
def roll(context: Context, a: Value, shift: Value, axis: Value | None) -> Value:
    """The entries of a vector, or the rows (axis=0) or columns (axis=1) of a matrix, moved round."""
    node = as_node(context, as_array(context, a, "np.roll()", 1), "np.roll()")
    steps = constant(context, shift, "'shift'")
    along = None if axis is None else constant(context, axis, "'axis'") % len(node.shape)
    if len(node.shape) == 2 and along is None:
        raise context.error("np.roll() of a matrix needs an axis", "write axis=0 for rows")
    graph = context.graph
    turned = graph.array("transpose", node) if along == 1 else node
    length = turned.shape[0]
    if not steps.is_integer():
        raise context.error("'shift' must be a whole number")
    count = int(steps) % length if isinstance(length, int) else int(steps)
    if not count:
        return node
    kept = graph.array("slice", turned, payload=(0, count) if count > 0 else (-count, 0))
    moved = at_end(context, turned, count)
    parts = [*moved, kept] if count > 0 else [kept, *moved]
    if len(node.shape) == 1:
        return graph.array("concatenate", *parts)
    found = bind(context, parts, "np.roll()", rows=True)
    return graph.array("transpose", found) if along == 1 else found


def at_end(context: Context, node: Node, count: int) -> list[Node]:
    """Return the last entries or rows one by one; for a negative count, the first."""
    places = range(-count, 0) if count > 0 else range(-count)
    if len(node.shape) == 2:
        return [context.graph.array("pick", node, payload=(0, i)) for i in places]
    if isinstance(node.shape[0], int):
        rest = node.shape[0] - abs(count)
        return [context.graph.array("slice", node, payload=(rest, 0) if count > 0 else (0, rest))]
    return [context.graph.array("element", node, payload=(i,)) for i in places]


@known_as("embed")
@fixed("x", optional=("dimension",))
def embed(context: Context, x: Value, dimension: Value | None) -> Value:
    """A vector beside itself one, two, ... entries earlier."""
    vector = as_vector(context, x, "embed()")
    count = 1 if dimension is None else positive(context, dimension, "'dimension'")
    if isinstance(vector.shape[0], int) and vector.shape[0] < count:
        raise context.error(f"embed(): the vector has {vector.shape[0]} entries, fewer than 'dimension'")
    lagged = [context.graph.array("slice", vector, payload=(count - 1 - i, i)) for i in range(count)]
    return bind(context, lagged if count > 1 else [vector], "embed()", rows=False)


@known_as("dist")
@fixed("x", optional=("method",))
def distances(context: Context, x: Value, method: Value | None) -> Value:
    """The Euclidean distances between the entries of a vector, or the rows of a matrix: as.matrix(dist(x))."""
    if method is not None and method != "euclidean":
        raise context.error("dist() computes Euclidean distances", "leave 'method' out")
    array = as_array(context, x, "dist()", 1)
    graph = context.graph
    if isinstance(array, Node) and len(array.shape) == 2:
        columns = array.shape[1]
        if not isinstance(columns, int):
            raise context.error("dist() of a matrix needs a known number of columns", "declare the shape of the matrix")
        vectors = [graph.array("pick", array, payload=(1, i)) for i in range(columns)]
        squares = [apply_rows(context, "pow", [gaps(context, v), context.number(2.0)]) for v in vectors]
        total = as_node(context, apply_rows(context, "add", squares) if columns > 1 else squares[0], "dist()")
        # The derivative of the root is infinite at 0, where the distance of a row to itself stays 0.
        zero = context.number(0.0)
        apart = graph.make(">", total, zero)
        return Distances(graph.make("ifelse", apart, graph.make("sqrt", total), zero))
    return Distances(graph.make("abs", gaps(context, as_vector(context, array, "dist()"))))


def gaps(context: Context, vector: Node) -> Node:
    """Return the matrix of v[i] - v[j]."""
    across = context.graph.make("neg", context.graph.array("row", vector))
    return context.graph.make("add", context.graph.array("column", vector), across)


@known_as("fliplr")
@fixed("m")
def columns_reversed(context: Context, m: Value) -> Value:
    turned = context.graph.array("transpose", as_matrix(context, m, "np.fliplr()"))
    return context.graph.array("transpose", context.graph.array("reverse", turned))


@known_as("swapaxes")
@fixed("a", "axis1", "axis2")
def axes_swapped(context: Context, a: Value, axis1: Value, axis2: Value) -> Value:
    matrix = as_matrix(context, a, "np.swapaxes()")
    axes = {whole_part(context, axis, "an axis") % 2 for axis in (axis1, axis2)}
    return context.graph.array("transpose", matrix) if len(axes) == 2 else matrix


# -- sums over two indices ---------------------------------------------------------------------------------------------


@known_as("as column", "as row")
def laid(context: Context, arguments: Arguments, names: Names) -> Value:
    """A vector in each column, or in each row, of a matrix of any width."""
    call = context.instruction.operand
    op = "column" if isinstance(call, tuple) and call[0] == "as column" else "row"
    vector = as_vector(context, as_node(context, arguments[0], "a sum over two indices"), "a sum over two indices")
    return context.graph.array(op, vector)


@known_as("as matrix")
@fixed("x")
def matrix_of_sum(context: Context, x: Value) -> Value:
    return as_matrix(context, x, "a sum over two indices")
