"""Matrix products, transposes, inverses and systems of equations."""

from collections.abc import Sequence

from secantd.algebra.arrays.constructors import Constructors, is_zero
from secantd.algebra.arrays.products import is_special
from secantd.algebra.product import Product
from secantd.expression import Node, algebra

__all__ = [
    "inverted",
    "multiplied_out",
    "of_columns",
    "outer_product",
    "product",
    "solved",
    "transposed",
    "transposition_sign",
]

# Odd functions: f(-x) = -f(x). Even ones: f(-x) = f(x).
ODD = frozenset("sin tan asin atan sinh tanh asinh atanh sign sinpi tanpi".split())
EVEN = frozenset("cos cosh abs cospi".split())


def of_columns(form: Constructors, matrix: Node) -> tuple[Node | None, Node, Node | None]:
    """Return the vector of columns, what stands between, and the vector of rows of an elementwise product without numbers.

    Returns:
        (u, M, v) with matrix = column(u) * M * row(v); u and v are None where there are none. M is the number 1 where
        nothing is left.
    """
    if matrix.op == "outer":
        return matrix.args[0], form.one, matrix.args[1]
    if matrix.op != "mul":
        return None, matrix, None
    view = form.view(matrix)
    laid = {b.op: b.args[0] for b, e in view.upper if b.op in ("column", "row") and e == 1.0}
    if not laid:
        return None, matrix, None
    rest = [p for p in view.upper if p[0].op not in laid]
    inner = Product(view.negative, view.above, view.below, rest, view.lower)
    arrays = any(b.shape for b, _ in (*rest, *view.lower))
    middle = form.written(inner, matrix.shape) if arrays else form.scalars.write(inner)
    return laid.get("column"), middle, laid.get("row")


# -- products ------------------------------------------------------------------------------------------------------


def product(form: Constructors, a: Node, b: Node) -> Node:
    """Return a %*% b, where a is a matrix and b a vector or a matrix."""
    shape = (*a.shape[:1], *b.shape[1:])
    if is_zero(a) or is_zero(b):
        return form.fill(form.zero, shape)
    (left, a), (right, b) = form.split(a), form.split(b)
    if not (algebra.is_number(left, 1.0) and algebra.is_number(right, 1.0)):
        return form.mul(left, right, product(form, a, b))
    simple = of_special(form, a, b)
    if simple is not None:
        return simple
    u, inner, v = of_columns(form, a)
    if not inner.shape:
        assert u is not None
        assert v is not None
        # outer(u, v) %*% b
        return form.mul(u, form.matmul(v, b)) if len(b.shape) == 1 else form.outer(u, form.matmul(form.transpose(b), v))
    if v is not None:
        b = form.mul(v, b) if len(b.shape) == 1 else form.mul(form.lay("column", v), b)
    if u is not None or v is not None:
        found = form.matmul(inner, b)
        if u is None:
            return found
        return form.mul(u, found) if len(found.shape) == 1 else form.mul(form.lay("column", u), found)
    opened = multiplied_out(form, a, b)
    if opened is not None:
        return opened
    if len(b.shape) == 2:
        u, inner, v = of_columns(form, b)
        if not inner.shape:
            assert u is not None
            assert v is not None
            return form.outer(form.matmul(a, u), v)
        if v is not None:
            scaled = inner if u is None else form.mul(form.lay("column", u), inner)
            return form.mul(form.matmul(a, scaled), form.lay("row", v))
    return chained(form, a, b)


def of_special(form: Constructors, a: Node, b: Node) -> Node | None:
    """Return a product with an identity, a diagonal or equal entries."""
    vector = len(b.shape) == 1
    if a.op == "identity":
        return b
    if b.op == "identity":
        return a
    if a.op == "fill":
        if vector:
            return form.fill(form.mul(a.args[0], form.sum(b)), a.shape[:1])
        return form.mul(a.args[0], form.outer(form.ones(a.shape[0]), form.column_sums(b)))
    if b.op == "fill":
        sums = form.row_sums(a)
        return form.mul(b.args[0], sums if vector else form.outer(sums, form.ones(b.shape[1])))
    if a.op == "diagonal_matrix":
        return form.mul(a.args[0], b) if vector else form.mul(form.lay("column", a.args[0]), b)
    if b.op == "diagonal_matrix":
        return form.mul(a, form.lay("row", b.args[0]))
    return None


def multiplied_out(form: Constructors, a: Node, b: Node) -> Node | None:
    """Multiply a sum out where a term is an outer product or a diagonal; else return None."""
    for left in (True, False):
        whole = a if left else b
        if len(whole.shape) == 2 and whole.op == "add" and any(is_special(form, t) for t in whole.args):
            terms = [form.full(t, whole.shape) for t in whole.args]
            return form.add(*[form.matmul(t, b) if left else form.matmul(a, t) for t in terms])
    return None


def chained(form: Constructors, a: Node, b: Node) -> Node:
    """Return a product of matrices, with inverses as solutions of systems, and vectors multiplied first."""
    if a.op == "inverse":
        return form.solve(a.args[0], b)
    if a.op == "matmul" and (len(b.shape) == 1 or a.args[1].op == "inverse"):
        while a.op == "matmul":
            a, b = a.args[0], form.matmul(a.args[1], b)
        return form.matmul(a, b)
    if b.op == "solve" and b.args[0] is a:
        return b.args[1]
    if a.op == "cholesky" and b.op == "transpose" and b.args[0] is a:
        return a.args[0]
    return form.node("matmul", a, b)


def outer_product(form: Constructors, u: Node, v: Node) -> Node:
    """Return the matrix of the products of the entries of two vectors."""
    return form.mul(form.lay("column", u), form.lay("row", v)) if u.shape and v.shape else form.mul(u, v)


# -- transposes ------------------------------------------------------------------------------------------------------


def transposed(form: Constructors, x: Node) -> Node:
    """Return t(x), moved inward through products and inverses."""
    op, args = x.op, x.args
    if op == "transpose":
        return args[0]
    if op in ("column", "row"):
        return form.lay("row" if op == "column" else "column", args[0])
    if op == "fill":
        return form.fill(args[0], x.shape[::-1])
    if op == "unit" and isinstance(x.payload, tuple):
        return form.node("unit", args[0], payload=x.payload[::-1], shape=x.shape[::-1])
    sign = form.transposition_sign(x)
    if sign:
        return x if sign > 0 else form.neg(x)
    if op == "outer":
        return form.outer(args[1], args[0])
    if op == "matmul":
        return form.matmul(form.transpose(args[1]), form.transpose(args[0]))
    if op == "inverse":
        return form.inverse(form.transpose(args[0]))
    if op == "solve" and args[1].op == "transpose":
        return form.matmul(args[1].args[0], form.inverse(form.transpose(args[0])))
    if op in ("neg", "mul", "div"):
        return of_product(form, x)
    if op == "pow" and args[0].shape and not args[1].shape:
        return form.power(form.transpose(args[0]), args[1])
    if op == "add" and all(absorbs(form, a) for a in args):
        return form.add(*[form.transpose(a) for a in args])
    return form.node("transpose", x)


def of_product(form: Constructors, x: Node) -> Node:
    """Return the transpose of an elementwise product: of its arrays as a whole where none of them absorbs it."""
    view = form.view(x)
    powers = [*view.upper, *view.lower]
    if any(absorbs(form, b) for b, _ in powers if b.shape):
        factors = [form.transpose(a) for a in x.args]
        if x.op == "div":
            return form.div(*factors)
        return form.mul(*factors) if x.op == "mul" else form.neg(factors[0])
    number, rest = form.split(x)
    if algebra.is_number(number, 1.0):
        return form.node("transpose", x)
    return form.mul(number, form.transpose(rest))


def absorbs(form: Constructors, x: Node) -> bool:
    """Return whether the transpose of a term is as short as the term."""
    if x.op in ("neg", "mul", "div"):
        return any(absorbs(form, b) for b, _ in (*form.view(x).upper, *form.view(x).lower) if b.shape)
    if not x.shape or x.op in ("transpose", "column", "row", "outer", "diagonal_matrix", "identity", "fill", "unit"):
        return True
    return form.transposition_sign(x) != 0


def transposition_sign(form: Constructors, x: Node) -> int:
    """Return 1 where t(x) = x is known from the form of a square matrix, -1 where t(x) = -x is, else 0."""
    op, args = x.op, x.args
    if not x.shape or op in ("diagonal_matrix", "identity"):
        return 1
    if len(x.shape) != 2 or x.shape[0] != x.shape[1]:
        return 0
    if op == "fill":
        return 1
    if op == "symbol":
        return int(x.name in form.graph.symmetric)
    if op in ("inverse", "neg"):
        return form.transposition_sign(args[0])
    if op == "outer":
        return int(args[0] is args[1])
    if op in ("mul", "div"):
        return sign_of_product(form, form.view(x))
    if op == "add":
        return sign_of_sum(form, args)
    if op == "matmul":
        factors = chain(form, x)
        return int(all(form.transpose(a) is b for a, b in zip(factors, reversed(factors), strict=True)))
    if op == "pow":
        return sign_of_power(form.transposition_sign(args[0]), args[1])
    if op in ODD or op in EVEN:
        sign = form.transposition_sign(args[0])
        return sign if op in ODD else abs(sign)
    if all(form.transposition_sign(a) == 1 for a in args) and x.op in ELEMENTWISE:
        return 1
    return 0


ELEMENTWISE = frozenset("exp log log1p expm1 sqrt expit log_expit softplus floor ceiling".split())


def sign_of_product(form: Constructors, view: Product) -> int:
    sign = 1
    laid = {b.op: b.args[0] for b, _ in view.upper if b.op in ("column", "row")}
    if laid and (len(laid) == 1 or laid["column"] is not laid["row"]):
        return 0
    for base, exponent in (*view.upper, *view.lower):
        if base.shape and base.op not in laid:
            sign *= sign_of_power(
                form.transposition_sign(base), form.number(exponent) if isinstance(exponent, float) else exponent
            )
    return sign


def sign_of_power(sign: int, exponent: Node) -> int:
    if sign >= 0:
        return sign if not exponent.shape else 0
    whole = exponent.op == "number" and exponent.value == int(exponent.value)
    return (1 if exponent.value % 2 == 0 else -1) if whole else 0


def sign_of_sum(form: Constructors, terms: Sequence[Node]) -> int:
    signs = {form.transposition_sign(t) for t in terms}
    if len(signs) == 1 and 0 not in signs:
        return signs.pop()
    if not all(absorbs(form, t) for t in terms):
        return 0
    mirrored = {form.transpose(t) for t in terms}
    if mirrored == set(terms):
        return 1
    return -1 if {form.neg(t) for t in mirrored} == {form.mul(form.one, t) for t in terms} else 0


def chain(form: Constructors, x: Node) -> list[Node]:
    """Return the factors of a matrix product; column(w) * X is diag(w) %*% X."""
    factors: list[Node] = []
    stack = [x]
    while stack:
        top = stack.pop()
        if top.op == "matmul":
            stack += [top.args[1], top.args[0]]
            continue
        u, inner, v = of_columns(form, top)
        if u is not None and v is None and inner.shape:
            factors.append(form.apply("diagonal_matrix", [u]))
            stack.append(inner)
        else:
            factors.append(top)
    return factors


# -- inverses --------------------------------------------------------------------------------------------------------


def inverted(form: Constructors, a: Node) -> Node:
    """Return the inverse of a matrix."""
    if a.op == "inverse":
        return a.args[0]
    if a.op == "identity":
        return a
    if a.op == "diagonal_matrix":
        return form.apply("diagonal_matrix", [form.reciprocal(a.args[0])])
    number, rest = form.split(a)
    if not algebra.is_number(number, 1.0):
        return form.div(form.inverse(rest), number)
    return form.node("inverse", a)


def solved(form: Constructors, a: Node, b: Node) -> Node:
    """Return the x with a %*% x = b."""
    if is_zero(b):
        return b
    (left, a), (right, b) = form.split(a), form.split(b)
    if not (algebra.is_number(left, 1.0) and algebra.is_number(right, 1.0)):
        return form.mul(form.div(right, left), form.solve(a, b))
    if a.op == "identity":
        return b
    if b.op == "identity":
        return form.inverse(a)
    if a is b:
        return form.identity(a.shape[0])
    if a.op == "inverse":
        return form.matmul(a.args[0], b)
    if a.op == "diagonal_matrix":
        return form.div(b, a.args[0] if len(b.shape) == 1 else form.lay("column", a.args[0]))
    if b.op == "matmul" and b.args[0] is a:
        return b.args[1]
    if b.op in ("outer", "mul") and len(b.shape) == 2:
        u, inner, v = of_columns(form, b)
        if v is not None:
            if not inner.shape:
                assert u is not None
                return form.outer(form.solve(a, u), v)
            scaled = inner if u is None else form.mul(form.lay("column", u), inner)
            return form.mul(form.solve(a, scaled), form.lay("row", v))
    if a.op == "transpose" and a.args[0].op == "cholesky" and b.op == "solve" and b.args[0] is a.args[0]:
        return form.solve(a.args[0].args[0], b.args[1])
    return form.node("solve", a, b)
