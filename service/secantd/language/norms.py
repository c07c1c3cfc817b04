"""Norms of vectors and matrices, as R's norm() and NumPy's linalg.norm() have them."""

from secantd.expression import Node
from secantd.language.arrays import as_node, is_array, shape_of
from secantd.language.context import Context
from secantd.language.inference import as_array
from secantd.language.reductions import along
from secantd.language.registry import fixed, known_as
from secantd.language.structural import apply_rows, constant, total
from secantd.language.values import Oriented, Value, Vector

__all__: list[str] = []

SINGULAR = "norms that are made of singular values have no formula"
HINTS = {
    False: 'write norm(A, "F"), "O", "I" or "M" for a matrix, norm(x, "2") for a vector',
    True: "write np.linalg.norm(A), or ord=1 or np.inf, for a matrix; for a vector any number",
}


@known_as("norm", "linalg.norm")
@fixed("x", optional=("type", "ord", "axis", "keepdims"))
def norm(
    context: Context, x: Value, type: Value | None, ord: Value | None, axis: Value | None, keepdims: Value | None
) -> Value:
    """A norm of a vector or matrix; without a type, the Euclidean norm of a vector, the Frobenius norm of a matrix."""
    kind = kind_of(context, type if type is not None else ord)
    if axis is not None:
        if kind not in (None, 1.0, 2.0):
            raise context.error("np.linalg.norm() along an axis takes ord=1 or ord=2", HINTS[True])
        op, power = ("abs", None) if kind == 1.0 else ("pow", context.number(2.0))
        parts = apply_rows(context, op, [as_array(context, x, "norm()", 2), *([power] if power else [])])
        sums = along(context, "sum", parts, axis, keepdims)
        return sums if kind == 1.0 else apply_rows(context, "sqrt", [sums])
    if isinstance(x, Vector) and not any(is_array(v) for v in x.items):
        return vector_norm(context, x, kind)
    array = as_array(context, x, "norm()", 1 if kind == 2.0 else 0)
    if len(shape_of(array)) == 2 and isinstance(array, Node):
        return matrix_norm(context, array, kind)
    if isinstance(array, Oriented) and not array.column and isinstance(kind, float) and kind != 2:
        # The norm of a matrix of one row.
        kind = {1.0: float("inf"), float("inf"): 1.0}.get(kind, "row")
    return vector_norm(context, array, kind)


@known_as("torch.norm")
@fixed("input", optional=("p", "axis", "keepdims"))
def norm_in_torch(context: Context, input: Value, p: Value | None, axis: Value | None, keepdims: Value | None) -> Value:
    """torch.norm(A, p): a number p is that of the entries, also of a matrix."""
    kind = kind_of(context, p)
    if axis is None and isinstance(kind, float):
        entries = input if isinstance(input, Vector) else as_array(context, input, "torch.norm()", 1)
        if isinstance(entries, Node) and len(entries.shape) == 2:
            entries = context.graph.array("flatten", entries, payload=(1,))
        return vector_norm(context, entries, kind)
    given = [(n, v) for n, v in (("ord", p), ("axis", axis), ("keepdims", keepdims)) if v is not None]
    return norm(context, [input, *[v for _, v in given]], (None, *[n for n, _ in given]))


def kind_of(context: Context, type: Value | None) -> str | float | None:
    """Return the kind of norm: one of F, O, I, M, a number, or None where the call does not say."""
    if type is None or (isinstance(type, Node) and type.op == "symbol" and type.name == "None"):
        return None
    if not isinstance(type, str):
        return constant(context, type, "'ord'")
    name = type.upper()
    return 2.0 if name == "2" else {"FRO": "F", "E": "F", "1": "O", "NUC": "N"}.get(name, name)


def vector_norm(context: Context, x: Value, kind: str | float | None) -> Value:
    if kind in (None, "F", 2.0) and (kind is not None or context.zero_based):
        return apply_rows(context, "sqrt", [powers(context, x, 2.0)])
    if isinstance(kind, str) or kind is None:
        raise context.error("only the Euclidean norm of a vector is known", 'write norm(x, "2") or sqrt(sum(x^2))')
    sizes = apply_rows(context, "abs", [x])
    if kind in (float("inf"), float("-inf")):
        return total(context, sizes, "max_of" if kind > 0 else "min_of")
    if kind == 0:
        return total(context, apply_rows(context, "!=", [x, context.number(0.0)]))
    if kind == 1:
        return total(context, sizes)
    return apply_rows(context, "pow", [powers(context, sizes, kind), context.number(1.0 / kind)])


def powers(context: Context, x: Value, exponent: float) -> Node:
    """Return the sum of the powers of the entries."""
    return total(context, apply_rows(context, "pow", [x, context.number(exponent)]))


def matrix_norm(context: Context, matrix: Node, kind: str | float | None) -> Value:
    if kind == "F" or (kind is None and context.zero_based):
        return apply_rows(context, "sqrt", [powers(context, matrix, 2.0)])
    sizes = as_node(context, apply_rows(context, "abs", [matrix]), "norm()")
    if kind == "M":
        return total(context, sizes, "max_of")
    sides = {"O": "column_sums", None: "column_sums", 1.0: "column_sums", "I": "row_sums", float("inf"): "row_sums"}
    if kind not in sides:
        raise context.error(
            SINGULAR if kind in (2.0, -2.0, "N") else "this norm is not known", HINTS[context.zero_based]
        )
    return total(context, context.graph.array(sides[kind], sizes), "max_of")
