"""The adjoint of every operation on arrays: what the change of a result makes of its arguments.

With w the derivative of a scalar f with respect to the value of a node, its adjoint returns w's part in the derivative
with respect to an argument. A w of lower shape than its node is the same along what it lacks.
"""

from collections.abc import Callable, Mapping

from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays.common import before, halved_triangle, products_of_others
from secantd.calculus.arrays.elementwise import factors
from secantd.calculus.arrays.scans import adjoint_of_scan
from secantd.expression import STRETCHED, Dimension, Node, Shape, plus

__all__ = ["ADJOINTS", "contributions", "reduced"]

# Returns the part of one argument, given the node, w in the node's whole shape, and the argument's position.
Adjoint = Callable[[Arrays, Node, Node, int], Node]


def contributions(form: Arrays, node: Node, w: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    """Return each argument of a node that depends on the variable, with its part of the adjoint.

    Args:
        form: The constructors.
        node: The node.
        w: Its adjoint, of its shape or lower.
        moving: The indices of the nodes that depend on the variable.
    """
    adjoint = ADJOINTS.get(node.op)
    if adjoint is None:
        return of_elements(form, node, w, moving)
    if node.op not in LAZY:
        w = form.full(w, node.shape)
    # Positions and masks are whole numbers, so that nothing changes with them.
    args = node.args[:1] if node.op in POSITIONED else node.args
    return [(a, adjoint(form, node, w, i)) for i, a in enumerate(args) if a.index in moving]


def of_elements(form: Arrays, node: Node, w: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    found = []
    for i, slope in factors(form, node, moving):
        part = slope.times(form, w)
        found.append((node.args[i], reduced(form, part, node.shape, node.args[i].shape)))
    return found


def reduced(form: Arrays, part: Node, whole: Shape, wanted: Shape) -> Node:
    """Sum an adjoint to the shape of an argument that an elementwise operation repeats.

    Args:
        form: The constructors.
        part: The adjoint, of the shape `whole` or lower.
        whole: The shape of the operation.
        wanted: The shape of the argument.
    """
    if whole == wanted:
        return part
    if not wanted:
        missing = [d for d, p in zip(whole, part.shape or (STRETCHED,) * len(whole), strict=True) if p is STRETCHED]
        inner = form.unlaid(part) if STRETCHED in part.shape else part
        return form.mul(form.sum(inner), *[form.length(d) for d in missing])
    if len(wanted) == 1:
        # A vector of length 1 is repeated.
        assert wanted[0] == 1
        return form.fill(form.sum(form.full(part, whole)), wanted)
    # The argument is a laid vector, repeated along one axis.
    axis = wanted.index(STRETCHED)
    if not part.shape or part.shape[axis] is STRETCHED:
        return form.mul(form.length(whole[axis]), part)
    if STRETCHED in part.shape:
        return form.sum(form.unlaid(part))
    return form.lay("column", form.row_sums(part)) if axis == 1 else form.lay("row", form.column_sums(part))


# -- the table -------------------------------------------------------------------------------------------------------


def of_matmul(form: Arrays, node: Node, w: Node, i: int) -> Node:
    a, b = node.args
    if i == 1:
        return form.matmul(form.transpose(a), w)
    return form.matmul(w, form.transpose(b)) if len(b.shape) == 2 else form.outer(w, b)


def of_outer(form: Arrays, node: Node, w: Node, i: int) -> Node:
    u, v = node.args
    return form.matmul(w, v) if i == 0 else form.matmul(form.transpose(w), u)


def of_inverse(form: Arrays, node: Node, w: Node, i: int) -> Node:
    (a,) = node.args
    # -t(Y) %*% w %*% t(Y) for the inverse Y
    return form.neg(form.solve(form.transpose(a), form.transpose(form.solve(a, form.transpose(w)))))


def of_solve(form: Arrays, node: Node, w: Node, i: int) -> Node:
    v = form.solve(form.transpose(node.args[0]), w)
    if i == 1:
        return v
    return form.neg(form.outer(v, node) if len(node.shape) == 1 else form.matmul(v, form.transpose(node)))


def of_determinant(form: Arrays, node: Node, w: Node, i: int) -> Node:
    inverse = form.transpose(form.inverse(node.args[0]))
    return form.mul(w, node, inverse) if node.op == "det" else form.mul(w, inverse)


def of_cholesky(form: Arrays, node: Node, w: Node, i: int) -> Node:
    # With P = t(L^-1) F(t(L) w) L^-1, where F is the lower triangle with half of the diagonal: the symmetric part of P.
    upper = form.transpose(node)
    inner = halved_triangle(form, form.matmul(upper, w))
    part = form.solve(upper, form.transpose(form.solve(upper, form.transpose(inner))))
    return form.mul(form.number(0.5), form.add(part, form.transpose(part)))


def of_row_extreme(form: Arrays, node: Node, w: Node, i: int) -> Node:
    # Equal entries share.
    extreme = form.apply("==", [node.args[0], form.lay("column", node)])
    count = form.row_sums(form.ifelse(extreme, form.one, form.zero))
    return form.ifelse(extreme, form.lay("column", form.div(w, count)), form.zero)


def of_cumprod(form: Arrays, node: Node, w: Node, i: int) -> Node:
    return form.mul(before(form, node, form.one), backwards(form, w, node.args[0]))


def of_recurrence(form: Arrays, node: Node, w: Node, i: int) -> Node:
    back = backwards(form, w, node.args[1])
    if i == 0:
        return back
    part = form.mul(back, before(form, node, form.zero))
    return part if node.args[1].shape == node.shape else form.row_sums(part)


def backwards(form: Arrays, w: Node, a: Node) -> Node:
    """Return v with v[n] = w[n], v[i] = w[i] + a[i + 1]*v[i + 1]."""
    factors = form.apply("pad", [form.apply("slice", [form.apply("reverse", [a])], (0, 1))], (1, 0))
    return form.apply("reverse", [form.apply("recurrence", [form.apply("reverse", [w]), factors])])


def cumulated_back(form: Arrays, w: Node) -> Node:
    return form.apply("reverse", [form.apply("cumsum", [form.apply("reverse", [w])])])


def of_diff(form: Arrays, node: Node, w: Node, i: int) -> Node:
    return form.neg(form.apply("diff", [form.apply("pad", [w], (1, 1))]))


def of_softmax(form: Arrays, node: Node, w: Node, i: int) -> Node:
    return form.mul(node, form.sub(w, form.sum(form.mul(node, w))))


def of_extreme(form: Arrays, node: Node, w: Node, i: int) -> Node:
    # Equal entries share.
    largest = form.apply("==", [node.args[0], node])
    return form.ifelse(largest, form.div(w, form.sum(form.ifelse(largest, form.one, form.zero))), form.zero)


def of_concatenate(form: Arrays, node: Node, w: Node, i: int) -> Node:
    lengths = [a.shape[0] if a.shape else 1 for a in node.args]
    before, after = plus(0, *lengths[:i]), plus(0, *lengths[i + 1 :])
    if node.args[i].shape:
        return piece(form, w, before, lengths[i], after)
    if isinstance(after, int):
        return form.apply("element", [w], (-1 - after,))
    if isinstance(before, int):
        return form.apply("element", [w], (before,))
    return form.apply("gather", [w, form.add(form.length(before), form.one)])


def of_bind_columns(form: Arrays, node: Node, w: Node, i: int) -> Node:
    widths = [a.shape[1] if len(a.shape) == 2 else 1 for a in node.args]
    before, after = plus(0, *widths[:i]), plus(0, *widths[i + 1 :])
    part = form.transpose(piece(form, form.transpose(w), before, widths[i], after))
    argument = node.args[i].shape
    if len(argument) == 2:
        return part
    column = form.apply("pick", [part], (1, 0))
    return column if argument else form.sum(column)


def piece(form: Arrays, w: Node, before: Dimension, length: Dimension, after: Dimension) -> Node:
    """Return the entries or rows of w from `before` on."""
    if isinstance(before, int) and isinstance(after, int):
        return form.apply("slice", [w], (before, after))
    positions = form.apply("cumsum", [form.ones(length)])
    return form.apply("gather", [w, form.add(form.length(before), positions)])


def converse(op: str, *, given: bool = False) -> Adjoint:
    """Return the adjoint of an operation that another one undoes; `given`: that one's value has a given shape."""

    def adjoint(form: Arrays, node: Node, w: Node, i: int) -> Node:
        payload = node.payload if isinstance(node.payload, tuple) else ()
        argument = node.args[0]
        return form.apply(op, [w, *node.args[1:]], payload, argument.shape if given else None)

    return adjoint


def of_reshape(form: Arrays, node: Node, w: Node, i: int) -> Node:
    payload = node.payload if isinstance(node.payload, tuple) else ()
    (argument,) = node.args
    if len(argument.shape) == 1 and isinstance(argument.shape[0], int):
        return form.apply("flatten", [w], payload)
    # The length of the vector need not be written as the product of the sides.
    return form.apply("reshape", [w], payload, argument.shape)


def of_product_of_all(form: Arrays, node: Node, w: Node, i: int) -> Node:
    return form.mul(w, products_of_others(form, node.args[0]))


def of_mean(form: Arrays, node: Node, w: Node, i: int) -> Node:
    return form.div(w, form.mul(*[form.length(d) for d in node.args[0].shape]))


ADJOINTS: Mapping[str, Adjoint] = {
    "sum": lambda form, node, w, i: w,
    "prod": of_product_of_all,
    "max_of": of_extreme,
    "min_of": of_extreme,
    "mean": of_mean,
    "column": lambda form, node, w, i: form.unlaid(w),
    "row": lambda form, node, w, i: form.unlaid(w),
    "matmul": of_matmul,
    "transpose": lambda form, node, w, i: form.transpose(w),
    "inverse": of_inverse,
    "solve": of_solve,
    "det": of_determinant,
    "logdet": of_determinant,
    "cholesky": of_cholesky,
    "trace": lambda form, node, w, i: form.mul(w, form.identity(node.args[0].shape[0])),
    "diagonal": lambda form, node, w, i: form.apply("diagonal_matrix", [w]),
    "diagonal_matrix": lambda form, node, w, i: form.apply("diagonal", [w]),
    "outer": of_outer,
    "row_sums": lambda form, node, w, i: form.lay("column", w),
    "column_sums": lambda form, node, w, i: form.lay("row", w),
    "row_extreme": of_row_extreme,
    "cumsum": lambda form, node, w, i: cumulated_back(form, w),
    "cumprod": of_cumprod,
    "recurrence": of_recurrence,
    "reverse": converse("reverse"),
    "diff": of_diff,
    "slice": converse("pad"),
    "pad": converse("slice"),
    "gather": converse("scatter", given=True),
    "scatter": converse("gather"),
    "select": converse("unselect"),
    "unselect": converse("select"),
    "element": converse("unit", given=True),
    "unit": converse("element"),
    "pick": converse("place", given=True),
    "place": converse("pick"),
    "concatenate": of_concatenate,
    "bind_columns": of_bind_columns,
    "reshape": of_reshape,
    "flatten": converse("reshape", given=True),
    "fill": lambda form, node, w, i: form.sum(w),
    "softmax": of_softmax,
    "logsumexp": lambda form, node, w, i: form.mul(w, form.apply("softmax", [node.args[0]])),
    "scan": adjoint_of_scan,
}
# Operations whose second argument is positions or a mask.
POSITIONED = frozenset({"gather", "scatter", "select", "unselect"})
# Adjoints that take a w of lower shape as it is.
LAZY = frozenset({"sum", "mean", "column", "row", "transpose", "row_sums", "column_sums", "softmax"})
