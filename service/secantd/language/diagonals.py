"""Functions that make and read diagonals of matrices: diag and np.eye."""

from secantd.expression import Dimension, Node, plus, shape_text
from secantd.language import structural
from secantd.language.arrays import as_node, dimension_of
from secantd.language.context import Context
from secantd.language.inference import as_vector, learn_rank, open_names, usual_rank
from secantd.language.matrices import count
from secantd.language.registry import fixed, known_as
from secantd.language.values import Oriented, Span, Value, Vector

__all__: list[str] = []


@known_as("diag", "diagonal")
@fixed("x", optional=("nrow", "ncol", "k"))
def diagonal(context: Context, x: Value, nrow: Value | None, ncol: Value | None, k: Value | None) -> Value:
    if context.zero_based:
        # np.diag(v, k)
        if nrow is not None:
            k = nrow
        nrow = None
    offset = diagonal_number(context, k)
    if offset:
        return shifted_diagonal(context, x, offset)
    if isinstance(x, Vector | Oriented | Span):
        return context.graph.array("diagonal_matrix", as_vector(context, x, "diag()"))
    node = as_node(context, x, "diag()")
    if not node.shape:
        if nrow is not None:
            identity = eye(context, [nrow], (None,))
            return structural.apply_rows(context, "mul", [node, identity])
        side = dimension_of(context, node)
        if side is not None and not context.zero_based:
            return eye(context, [node], (None,))
        if open_names(context, node):
            learn_rank(context, node, usual_rank(node), "diag()")
        raise context.error("diag() takes a vector or a matrix", "diag(x, n) has the number x n times")
    if len(node.shape) == 2:
        if not context.shapes.unify(*node.shape):
            raise context.error(f"diag() takes the diagonal of a square matrix, not of {shape_text(node.shape)}")
        return context.graph.array("diagonal", node)
    return context.graph.array("diagonal_matrix", node)


def shifted_diagonal(context: Context, x: Value, k: int) -> Node:
    """Return NumPy's diag(v, k): a vector above (k > 0) or below the diagonal of a matrix of 0."""
    vector = as_vector(context, x, "np.diag() with k")
    padded = context.graph.array("pad", vector, payload=(max(-k, 0), max(k, 0)))
    matrix = ones_on_diagonal(context, plus(vector.shape[0], abs(k)), k)
    return context.graph.make("mul", context.graph.array("column", padded), matrix)


@known_as("eye", "np.identity", "numpy.identity")
@fixed("N", optional=("M", "k"))
def eye(context: Context, N: Value, M: Value | None, k: Value | None) -> Value:
    n = count(context, N, "the size of the identity matrix")
    if M is not None and count(context, M, "the number of columns") != n:
        raise context.error("np.eye() with as many columns as rows is known only", "leave M out")
    return ones_on_diagonal(context, n, diagonal_number(context, k))


def ones_on_diagonal(context: Context, n: Dimension, k: int) -> Node:
    """Return an n x n matrix of zeros with ones on the k-th diagonal above the main one."""
    identity = context.graph.array("identity", shape=(n, n))
    if not k:
        return identity
    right, left = max(k, 0), max(-k, 0)
    rows = context.graph.array("slice", identity, payload=(right, left))
    return context.graph.array("pad", rows, payload=(left, right))


def diagonal_number(context: Context, value: Value | None) -> int:
    """Return which diagonal k says: 0 the main one, 1 that above it, -1 that below it."""
    if value is None:
        return 0
    node = value if isinstance(value, Node) and not value.shape else None
    found = None if node is None else context.constants.get(node.index)
    if found is None or not found.is_integer() or abs(found) > context.limits.nodes:
        raise context.error("k, the number of a diagonal, must be a whole number such as 1 or -1")
    return int(found)
