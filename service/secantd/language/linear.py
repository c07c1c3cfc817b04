"""Linear algebra among the functions of the language: transposes, products, solves, determinants, norms."""

from secantd.errors import Reason
from secantd.expression import Node, shape_text
from secantd.language import structural
from secantd.language.arrays import agree, as_node, is_array, shape_of
from secantd.language.context import Context
from secantd.language.inference import as_array, as_matrix, is_single, open_names
from secantd.language.products import matrix_product, transpose
from secantd.language.reductions import along, along_axis
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
from secantd.language.structural import apply_rows, product, total
from secantd.language.values import Builtin, Oriented, Value, Vector

__all__ = ["binary_operator", "square"]


def square(context: Context, x: Value, what: str) -> Node:
    """Return an operand as a square matrix.

    Args:
        context: The interpreter.
        x: The operand.
        what: The function, for errors.
    """
    if isinstance(x, Node) and is_single(context, x):
        return context.graph.array("fill", x, shape=(1, 1))
    node = as_matrix(context, x, what)
    if not context.shapes.unify(*node.shape):
        raise context.error(f"{what} takes a square matrix, not {shape_text(node.shape)}")
    return node


@known_as("t", "transpose", "T")
@fixed("x")
def transposed(context: Context, x: Value) -> Value:
    if isinstance(x, Vector) and not any(is_array(v) for v in x.items):
        x = as_node(context, x, "t()")
    return transpose(context, x, "t()")


@known_as("crossprod")
@fixed("x", optional=("y",))
def crossproduct(context: Context, x: Value, y: Value | None) -> Value:
    other = x if y is None else y
    if isinstance(x, Vector) and isinstance(other, Vector):
        return total(context, apply_rows(context, "mul", [x, other]))
    left = as_array(context, x, "crossprod()")
    if isinstance(left, Node) and len(left.shape) == 1:
        left = Oriented(left, True)
    return matrix_product(context, transpose(context, left, "crossprod()"), other, "crossprod()")


@known_as("tcrossprod")
@fixed("x", optional=("y",))
def transposed_crossproduct(context: Context, x: Value, y: Value | None) -> Value:
    left = as_array(context, x, "tcrossprod()")
    right = left if y is None else as_array(context, y, "tcrossprod()")
    sides = [Oriented(v, True) if isinstance(v, Node) and len(v.shape) == 1 else v for v in (left, right)]
    return matrix_product(context, sides[0], transpose(context, sides[1], "tcrossprod()"), "tcrossprod()")


@known_as("dot", "matmul")
@fixed("a", "b")
def dot(context: Context, a: Value, b: Value) -> Value:
    """NumPy's dot(): the product with a number, or the matrix product."""
    for v in (a, b):
        if isinstance(v, Node) and not v.shape and not open_names(context, v):
            return apply_rows(context, "mul", [a, b])
    return product(context, a, b, "np.dot()")


def binary_operator(context: Context, FUN: Value | None, what: str, default: str) -> str:
    """Return the operation of an operator that is an argument, as in outer(x, y, "-").

    Args:
        context: The interpreter.
        FUN: The operator; None for the default.
        what: The function, for the error.
        default: The operator where none is given.
    """
    op = default if FUN is None else FUN.name if isinstance(FUN, Builtin) else FUN
    known = {"*": "mul", "+": "add", "-": "sub", "/": "div", "^": "pow", **{c: c for c in ("<", "<=", ">", ">=", "==")}}
    if not isinstance(op, str) or op not in known:
        example = what.replace("()", '(x, y, "-")')
        raise context.error(f'{what} takes one of "*", "+", "-", "/", "^" and comparisons', f"such as {example}")
    return known[op]


@known_as("solve", "linalg.solve")
@fixed("a", optional=("b",))
def solve(context: Context, a: Value, b: Value | None) -> Value:
    matrix = square(context, a, "solve()")
    graph = context.graph
    if b is None:
        return graph.array("inverse", matrix)
    right = as_array(context, b, "solve()", 1 if isinstance(b, Node) and b.op != "symbol" else 0)
    node = right.node if isinstance(right, Oriented) else right
    if not node.shape or (isinstance(right, Oriented) and not right.column):
        raise context.error(f"solve() takes a vector or a matrix, not {shape_text(shape_of(right))}")
    agree(context, "solve()", matrix.shape[1], node.shape[0], [matrix.shape, shape_of(right)])
    solved = graph.array("solve", matrix, node)
    return Oriented(solved, True) if isinstance(right, Oriented) else solved


@known_as("inv", "linalg.inv")
@fixed("a")
def inverse(context: Context, a: Value) -> Value:
    return context.graph.array("inverse", square(context, a, "inv()"))


@known_as("det", "linalg.det")
@fixed("x")
def determinant(context: Context, x: Value) -> Value:
    return context.graph.array("det", square(context, x, "det()"))


@known_as("logdet")
@fixed("x")
def log_determinant(context: Context, x: Value) -> Value:
    return context.graph.array("logdet", square(context, x, "logdet()"))


@known_as("determinant")
@fixed("x", optional=("logarithm",))
def determinant_parts(context: Context, x: Value, logarithm: Value | None) -> Value:
    matrix = square(context, x, "determinant()")
    sign = context.graph.make("sign", context.graph.array("det", matrix))
    return Vector((context.graph.array("logdet", matrix), sign), ("modulus", "sign"))


@known_as("slogdet", "linalg.slogdet")
@fixed("a")
def sign_and_logdet(context: Context, a: Value) -> Value:
    matrix = square(context, a, "slogdet()")
    sign = context.graph.make("sign", context.graph.array("det", matrix))
    return Vector((sign, context.graph.array("logdet", matrix)), ("sign", "logabsdet"))


@known_as("trace", "tr")
@fixed("x")
def trace(context: Context, x: Value) -> Value:
    return context.graph.array("trace", square(context, x, "trace()"))


@known_as("softmax", "special.softmax", "scipy.special.softmax")
@fixed("x", optional=("axis",))
def softmax(context: Context, x: Value, axis: Value | None) -> Value:
    array = as_array(context, x, "softmax()", 1)
    node = array.node if isinstance(array, Oriented) else array
    if not node.shape:
        one = context.graph.array("softmax", context.graph.array("concatenate", node))
        return context.graph.array("element", one, payload=(0,))
    if len(node.shape) < 2 or axis is None:
        return context.graph.array("softmax", node)
    # exp(x - log(sum(exp(x)))), row by row.
    down = whole_part(context, axis, "'axis'") % 2 == 0
    sums = context.graph.make("neg", along_axis(context, node, 0 if down else 1, "logsumexp"))
    laid = context.graph.array("row" if down else "column", sums)
    return context.graph.make("exp", context.graph.make("add", node, laid))


@known_as("logsumexp", "special.logsumexp", "scipy.special.logsumexp")
@fixed("a", optional=("axis", "keepdims", "b"))
def log_sum_exp(context: Context, a: Value, axis: Value | None, keepdims: Value | None, b: Value | None) -> Value:
    if b is not None:
        # SciPy's weights.
        a = apply_rows(context, "add", [a, apply_rows(context, "log", [b])])
    array = as_array(context, a, "logsumexp()", 1)
    node = array.node if isinstance(array, Oriented) else array
    if len(node.shape) == 2 and axis is not None:
        return along(context, "logsumexp", node, axis, keepdims)
    return context.graph.array("logsumexp", node)


@known_as("log_softmax", "special.log_softmax", "scipy.special.log_softmax")
@fixed("x", optional=("axis",))
def log_softmax(context: Context, x: Value, axis: Value | None) -> Value:
    given: Arguments = [x] if axis is None else [x, axis, context.number(1.0)]
    sums = log_sum_exp(context, given, (None, "axis", "keepdims")[: len(given)])
    return apply_rows(context, "add", [x, apply_rows(context, "neg", [sums])])


@known_as("logaddexp.reduce")
def log_add_exp(context: Context, arguments: Arguments, names: Names) -> Value:
    """NumPy reduces a matrix along its first axis where none is given, along all where it is None."""
    given = structural.match(context, ["array", "axis"], arguments, names, "np.logaddexp.reduce()")
    array = required_argument(context, given.get("array"), "array")
    # The argument None is left out by match().
    axis = given.get("axis") if len(arguments) > 1 else context.number(0.0)
    return log_sum_exp(context, [array] if axis is None else [array, axis], (None, "axis")[: 1 + (axis is not None)])


def sums_along(axis: int, mean: bool, what: str) -> LibraryFunction:
    def sums(context: Context, arguments: Arguments, names: Names) -> Value:
        if len(arguments) != 1:
            raise context.error(f"{what} takes one matrix", reason=Reason.UNKNOWN_FUNCTION)
        return along_axis(context, as_matrix(context, arguments[0], what), 1 - axis, "mean" if mean else "sum")

    return sums


LIBRARY["rowSums"] = sums_along(0, False, "rowSums()")
LIBRARY["colSums"] = sums_along(1, False, "colSums()")
LIBRARY["rowMeans"] = sums_along(0, True, "rowMeans()")
LIBRARY["colMeans"] = sums_along(1, True, "colMeans()")
