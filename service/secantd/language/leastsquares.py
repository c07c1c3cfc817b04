"""Least squares: the solution of more equations than unknowns, and the pseudoinverse."""

from secantd.expression import Node, shape_text
from secantd.language.arrays import agree
from secantd.language.context import Context
from secantd.language.inference import as_array, as_matrix
from secantd.language.linear import solve
from secantd.language.products import matrix_product
from secantd.language.registry import fixed, known_as
from secantd.language.values import Oriented, Value, Vector

__all__: list[str] = []


def tall(context: Context, a: Value, what: str) -> tuple[Node, bool]:
    """Return a matrix with at least as many rows as columns, and whether it is square."""
    matrix = as_matrix(context, a, what)
    rows, columns = matrix.shape
    if isinstance(rows, int) and isinstance(columns, int) and rows < columns:
        raise context.error(f"{what} of {shape_text(matrix.shape)}, which has more columns than rows, is not known")
    if rows != columns:
        context.notices[f"{what} is computed from t(X) %*% X: the columns must be linearly independent"] = None
    return matrix, rows == columns


def least_squares(context: Context, a: Value, b: Value, what: str) -> Value:
    matrix, square = tall(context, a, what)
    if square:
        return solve(context, [matrix, b], (None, None))
    right = as_array(context, b, what, 1)
    node = right.node if isinstance(right, Oriented) else right
    agree(context, what, matrix.shape[0], node.shape[0] if node.shape else 1, [matrix.shape, node.shape])
    turned = context.graph.array("transpose", matrix)
    return solve(
        context,
        [context.graph.array("matmul", turned, matrix), matrix_product(context, turned, right, what)],
        (None,) * 2,
    )


@known_as("qr.solve")
@fixed("a", optional=("b", "tol"))
def qr_solve(context: Context, a: Value, b: Value | None, tol: Value | None) -> Value:
    return pseudoinverse(context, [a], (None,)) if b is None else least_squares(context, a, b, "qr.solve()")


@known_as("lstsq", "linalg.lstsq")
@fixed("a", "b", optional=("rcond",))
def lstsq(context: Context, a: Value, b: Value, rcond: Value | None) -> Value:
    """The list of the solution only: np.linalg.lstsq(X, y)[0]."""
    return Vector((least_squares(context, a, b, "np.linalg.lstsq()"),), ("x",))


@known_as("pinv", "linalg.pinv")
@fixed("a")
def pseudoinverse(context: Context, a: Value) -> Value:
    matrix, square = tall(context, a, "the pseudoinverse")
    if square:
        return context.graph.array("inverse", matrix)
    turned = context.graph.array("transpose", matrix)
    return context.graph.array("solve", context.graph.array("matmul", turned, matrix), turned)
