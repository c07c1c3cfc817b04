"""Cholesky factors, triangles of matrices, and systems of equations with triangular matrices."""

from secantd.expression import Node, Shape
from secantd.language.arrays import agree, shape_of
from secantd.language.context import Context
from secantd.language.inference import as_array, as_matrix
from secantd.language.linear import square
from secantd.language.registry import fixed, known_as
from secantd.language.shapes import RereadError
from secantd.language.structural import constant
from secantd.language.values import Oriented, Value, Vector

__all__: list[str] = []


def factor(context: Context, x: Value, what: str) -> Node:
    """Return the lower triangular L with L %*% t(L) = x; a variable x is a symmetric matrix.

    Raises:
        RereadError: A variable is known to be symmetric now.
    """
    matrix = square(context, x, what)
    if matrix.op == "symbol" and matrix.name not in context.shapes.symmetric:
        context.shapes.symmetric.add(matrix.name)
        raise RereadError
    return context.graph.array("cholesky", matrix)


@known_as("chol")
@fixed("x")
def cholesky_in_r(context: Context, x: Value) -> Value:
    """R's factor is the upper triangle."""
    return context.graph.array("transpose", factor(context, x, "chol()"))


@known_as("linalg.cholesky")
@fixed("a", optional=("upper",))
def cholesky_in_numpy(context: Context, a: Value, upper: Value | None) -> Value:
    lower = factor(context, a, "np.linalg.cholesky()")
    return context.graph.array("transpose", lower) if is_true(context, upper) else lower


@known_as("scipy.linalg.cholesky")
@fixed("a", optional=("lower",))
def cholesky_in_scipy(context: Context, a: Value, lower: Value | None) -> Value:
    """SciPy's factor is the upper triangle unless lower=True."""
    found = factor(context, a, "scipy.linalg.cholesky()")
    return found if is_true(context, lower) else context.graph.array("transpose", found)


def is_true(context: Context, flag: Value | None) -> bool:
    return flag is not None and constant(context, flag, "a flag") != 0


@known_as("chol2inv")
@fixed("x")
def inverse_of_factored(context: Context, x: Value) -> Value:
    """The inverse of t(x) %*% x for an upper triangle x."""
    upper = triangle(context, square(context, x, "chol2inv()"), "upper")
    graph = context.graph
    if upper.op == "transpose" and upper.args[0].op == "cholesky":
        return graph.array("inverse", upper.args[0].args[0])
    return graph.array("inverse", graph.array("matmul", graph.array("transpose", upper), upper))


# -- triangles -------------------------------------------------------------------------------------------------------


def sides_of(context: Context, shape: Shape) -> tuple[Node, Node]:
    """Return the number of its row, and of its column, for each entry of a matrix."""
    graph = context.graph
    counts = [graph.array("cumsum", graph.array("fill", context.number(1.0), shape=(d,))) for d in shape]
    return graph.array("column", counts[0]), graph.array("row", counts[1])


def mask(context: Context, shape: Shape, op: str, shift: float = 0.0) -> Node:
    """Return where the column is, for example, <= the row + shift."""
    row, column = sides_of(context, shape)
    shifted = context.graph.make("add", row, context.number(shift)) if shift else row
    return context.graph.make(op, column, shifted)


def triangle(context: Context, matrix: Node, kind: str) -> Node:
    """Return the lower or upper triangle of a matrix, with 0 beside it; that of a triangular factor is itself."""
    inner, transposed = (matrix.args[0], True) if matrix.op == "transpose" else (matrix, False)
    if inner.op == "cholesky" and transposed == (kind == "upper"):
        return matrix
    inside = mask(context, matrix.shape, "<=" if kind == "lower" else ">=")
    return context.graph.make("ifelse", inside, matrix, context.number(0.0))


def r_mask(context: Context, x: Value, diag: Value | None, op: str, what: str) -> Node:
    return mask(context, as_matrix(context, x, what).shape, op + "=" if is_true(context, diag) else op)


@known_as("lower.tri")
@fixed("x", optional=("diag",))
def lower_mask(context: Context, x: Value, diag: Value | None) -> Value:
    return r_mask(context, x, diag, "<", "lower.tri()")


@known_as("upper.tri")
@fixed("x", optional=("diag",))
def upper_mask(context: Context, x: Value, diag: Value | None) -> Value:
    return r_mask(context, x, diag, ">", "upper.tri()")


@known_as("tril")
@fixed("m", optional=("k",))
def lower_triangle(context: Context, m: Value, k: Value | None) -> Value:
    return triangle_of(context, m, k, "<=", "np.tril()")


@known_as("triu")
@fixed("m", optional=("k",))
def upper_triangle(context: Context, m: Value, k: Value | None) -> Value:
    return triangle_of(context, m, k, ">=", "np.triu()")


def triangle_of(context: Context, m: Value, k: Value | None, op: str, what: str) -> Value:
    matrix = as_matrix(context, m, what)
    shift = 0.0 if k is None else constant(context, k, "'k'")
    return context.graph.make("ifelse", mask(context, matrix.shape, op, shift), matrix, context.number(0.0))


# -- triangular systems ----------------------------------------------------------------------------------------------


def solved(context: Context, matrix: Node, right: Value, what: str) -> Value:
    """Return the solution of matrix %*% x = right."""
    found = as_array(context, right, what, 1 if isinstance(right, Node) and right.op != "symbol" else 0)
    node = found.node if isinstance(found, Oriented) else found
    if not node.shape:
        node = found = context.graph.array("concatenate", node)
    agree(context, what, matrix.shape[1], node.shape[0], [matrix.shape, shape_of(found)])
    solution = context.graph.array("solve", matrix, node)
    return Oriented(solution, True) if isinstance(found, Oriented) else solution


@known_as("backsolve")
@fixed("r", "x", optional=("k", "upper.tri", "transpose"))
def back_substitution(
    context: Context, r: Value, x: Value, k: Value | None, upper: Value | None, transpose: Value | None
) -> Value:
    kind = "upper" if upper is None or is_true(context, upper) else "lower"
    return substitution(context, r, x, k, kind, transpose, "backsolve()")


@known_as("forwardsolve")
@fixed("l", "x", optional=("k", "upper.tri", "transpose"))
def forward_substitution(
    context: Context,
    lower: Value,
    x: Value,
    k: Value | None,
    upper: Value | None,
    transpose: Value | None,
) -> Value:
    kind = "upper" if is_true(context, upper) else "lower"
    return substitution(context, lower, x, k, kind, transpose, "forwardsolve()")


def substitution(
    context: Context, matrix: Value, x: Value, k: Value | None, kind: str, transpose: Value | None, what: str
) -> Value:
    if k is not None:
        raise context.error(f"{what}: a part of the matrix is not part of the language", "leave 'k' out")
    found = triangle(context, square(context, matrix, what), kind)
    if is_true(context, transpose):
        found = context.graph.array("transpose", found)
    return solved(context, found, x, what)


@known_as("solve_triangular", "linalg.solve_triangular", "scipy.linalg.solve_triangular")
@fixed("a", "b", optional=("trans", "lower"))
def triangular_in_scipy(context: Context, a: Value, b: Value, trans: Value | None, lower: Value | None) -> Value:
    kind = "lower" if is_true(context, lower) else "upper"
    transpose = context.number(1.0) if trans in ("T", "C") else None if isinstance(trans, str) else trans
    return substitution(context, a, b, None, kind, transpose, "solve_triangular()")


@known_as("cho_factor", "linalg.cho_factor", "scipy.linalg.cho_factor")
@fixed("a", optional=("lower",))
def factored(context: Context, a: Value, lower: Value | None) -> Value:
    found = factor(context, a, "cho_factor()")
    below = is_true(context, lower)
    return Vector((found if below else context.graph.array("transpose", found), context.number(float(below))))


@known_as("cho_solve", "linalg.cho_solve", "scipy.linalg.cho_solve")
@fixed("c_and_lower", "b")
def solved_by_factor(context: Context, c_and_lower: Value, b: Value) -> Value:
    """The solution of a system whose matrix is given by its Cholesky factor."""
    parts = c_and_lower.items if isinstance(c_and_lower, Vector) else ()
    if len(parts) != 2:
        raise context.error("cho_solve() takes a factor and whether it is lower", "write cho_solve((L, True), b)")
    matrix = square(context, parts[0], "cho_solve()")
    lower = is_true(context, parts[1])
    matrix = triangle(context, matrix, "lower" if lower else "upper")
    below = matrix if lower else context.graph.array("transpose", matrix)
    above = context.graph.array("transpose", matrix) if lower else matrix
    return solved(context, above, solved(context, below, b, "cho_solve()"), "cho_solve()")


@known_as("row")
@fixed("x")
def row_numbers(context: Context, x: Value) -> Value:
    return numbered(context, x, 0, "row()")


@known_as("col")
@fixed("x")
def column_numbers(context: Context, x: Value) -> Value:
    return numbered(context, x, 1, "col()")


def numbered(context: Context, x: Value, axis: int, what: str) -> Value:
    """Return the number of its row or column for each entry, as a matrix."""
    shape = as_matrix(context, x, what).shape
    ones = [context.graph.array("fill", context.number(1.0), shape=(d,)) for d in shape]
    ones[axis] = context.graph.array("cumsum", ones[axis])
    return context.graph.array("outer", *ones)
