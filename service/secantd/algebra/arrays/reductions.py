"""Sums of arrays: of all entries, of rows, of columns, of diagonals."""

from secantd.algebra.arrays.constructors import Constructors, is_zero
from secantd.algebra.arrays.matrices import of_columns
from secantd.expression import Node, algebra

__all__ = ["column_totals", "diagonal_of", "row_totals", "total", "traced"]

# Operations that keep the entries of a vector or matrix, perhaps with zeros between them: the sum stays the same.
KEEPS_SUM = frozenset("transpose diagonal_matrix reverse pad scatter unselect unit place reshape flatten".split())


def total(form: Constructors, x: Node) -> Node:
    """Return the sum of all entries; a sum of sums is not opened, but looked at: where it comes to 0 it is 0."""
    if is_zero(x):
        return form.zero
    number, rest = form.split(x)
    if not algebra.is_number(number, 1.0):
        return form.mul(number, form.sum(rest))
    op, args = x.op, x.args
    if op == "fill":
        return form.mul(args[0], *[form.length(d) for d in x.shape])
    if op in KEEPS_SUM:
        return form.sum(args[0])
    if op == "identity":
        return form.length(x.shape[0])
    if op == "outer":
        return form.mul(form.sum(args[0]), form.sum(args[1]))
    if op == "softmax":
        return form.one
    if op == "concatenate":
        return form.add(*[form.sum(a) for a in args])
    if op == "row_sums" or op == "column_sums":
        return form.sum(args[0])
    if op == "log" and args[0].op == "diagonal" and args[0].args[0].op == "cholesky":
        (matrix,) = args[0].args[0].args
        return form.mul(form.number(0.5), form.apply("logdet", [matrix]))
    if op == "add":
        whole = form.add(*[form.sum(form.full(a, x.shape)) for a in args])
        if is_zero(whole):
            return form.zero
    if op == "matmul":
        # The sum of outer(u, v) is sum(u) * sum(v), for each column of the first and row of the second factor.
        if len(x.shape) == 1:
            return form.sum(form.mul(form.column_sums(args[0]), args[1]))
        return form.sum(form.mul(form.column_sums(args[0]), form.row_sums(args[1])))
    if op == "mul" and len(x.shape) == 1:
        for product in [b for b, e in form.view(x).upper if b.op == "matmul" and e == 1.0]:
            matrix, vector = product.args
            if matrix.op == "transpose":
                # u' t(A) v = v' A u
                rest = form.div(x, product)
                return form.sum(form.mul(vector, form.matmul(matrix.args[0], form.full(rest, x.shape))))
    if op == "mul" and len(x.shape) == 2:
        u, inner, v = of_columns(form, x)
        if inner.shape and v is not None:
            found = form.matmul(inner, v)
            return form.sum(found if u is None else form.mul(u, found))
        if inner.shape and u is not None:
            return form.sum(form.mul(u, form.row_sums(inner)))
    return form.graph.make("sum", x)


def row_totals(form: Constructors, x: Node) -> Node:
    """Return the sum of each row of a matrix."""
    if is_zero(x):
        return form.fill(form.zero, x.shape[:1])
    number, rest = form.split(x)
    if not algebra.is_number(number, 1.0):
        return form.mul(number, form.row_sums(rest))
    op, args = x.op, x.args
    if op == "transpose":
        return form.column_sums(args[0])
    if op == "outer":
        return form.mul(args[0], form.sum(args[1]))
    if op == "diagonal_matrix":
        return args[0]
    if op == "identity":
        return form.ones(x.shape[0])
    if op == "fill":
        return form.fill(form.mul(args[0], form.length(x.shape[1])), x.shape[:1])
    if op == "matmul":
        return form.matmul(args[0], form.row_sums(args[1]))
    if op == "mul":
        u, inner, v = of_columns(form, x)
        if inner.shape and (u is not None or v is not None):
            found = form.row_sums(inner) if v is None else form.matmul(inner, v)
            return found if u is None else form.mul(u, found)
    return form.node("row_sums", x)


def column_totals(form: Constructors, x: Node) -> Node:
    """Return the sum of each column of a matrix."""
    if x.op == "transpose":
        return form.row_sums(x.args[0])
    number, rest = form.split(x)
    if not algebra.is_number(number, 1.0):
        return form.mul(number, form.column_sums(rest))
    if form.transposition_sign(x) == 1:
        return form.row_sums(x)
    if x.op in ("outer", "fill", "matmul") or (x.op == "mul" and of_columns(form, x)[1] is not x):
        return form.row_sums(form.transpose(x))
    return form.node("column_sums", x)


def diagonal_of(form: Constructors, x: Node) -> Node:
    """Return the diagonal of a square matrix."""
    op, args = x.op, x.args
    if op == "fill":
        return form.fill(args[0], x.shape[:1])
    if op == "identity":
        return form.ones(x.shape[0])
    if op == "diagonal_matrix" or op in ("column", "row"):
        return args[0]
    if op == "transpose":
        return form.apply("diagonal", [args[0]])
    if op == "outer":
        return form.mul(args[0], args[1])
    if op == "matmul":
        return form.row_sums(form.mul(args[0], form.transpose(args[1])))
    if op == "add":
        return form.add(*[form.apply("diagonal", [form.full(a, x.shape)]) for a in args])
    if op in ("mul", "div", "neg", "pow"):
        parts = [form.apply("diagonal", [a]) if a.shape else a for a in args]
        return form.apply(op, parts)
    return form.node("diagonal", x)


def traced(form: Constructors, x: Node) -> Node:
    """Return the sum of the diagonal."""
    if is_zero(x):
        return form.zero
    number, rest = form.split(x)
    if not algebra.is_number(number, 1.0):
        return form.mul(number, form.apply("trace", [rest]))
    op, args = x.op, x.args
    if op == "transpose":
        return form.apply("trace", [args[0]])
    if op == "add":
        return form.add(*[form.apply("trace", [form.full(a, x.shape)]) for a in args])
    if op == "matmul":
        return of_product(form, args[0], args[1])
    if op in ("fill", "identity", "outer", "diagonal_matrix", "mul"):
        return form.sum(form.apply("diagonal", [x]))
    return form.node("trace", x)


def of_product(form: Constructors, a: Node, b: Node) -> Node:
    """Return the trace of a %*% b as the sum of a * t(b); that of a longer product, or of an inverse, stays."""
    if "inverse" in (a.op, b.op) or "solve" in (a.op, b.op):
        return form.node("trace", form.node("matmul", a, b))
    return form.sum(form.mul(a, form.transpose(b)))
