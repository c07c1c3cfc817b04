"""The matrix of a linear map in index notation: products of factors with indices, summed over the bound ones.

Where chains of products do not give the matrix, each term is written as Σ A[i,j] b[j] ... I[q,p], with p the index of the
variable, and contracted two factors at a time: elementwise where the indices of one hold those of the other, and else over
the bound index that the fewest factors have. A term that would need an array of rank 3 has no matrix form.

Source: Laue, Mitterreiter, Giesen, Computing higher order derivatives of matrix and tensor expressions (NeurIPS 2018).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count

from secantd.algebra.arrays import Arrays
from secantd.expression import Dimension, Node, plus
from secantd.expression.arrays import OF_GIVEN_SHAPE

__all__ = ["ALONG", "NoMatrixError", "matrix_by_indices"]

Indices = tuple[int, ...]
Factor = tuple[Node, Indices]

# The index of the variable.
VARIABLE = 0
# Linear in their first argument, along the first axis: they act on the rows of a matrix as on the entries of a vector, and
# their matrix is the operation on the identity.
ALONG = frozenset({"cumsum", "reverse", "diff", "slice", "pad", "gather", "scatter", "select"})


class NoMatrixError(Exception):
    """A linear map whose matrix has no form without arrays of rank 3."""


@dataclass(frozen=True, slots=True)
class Term:
    """A product of factors.

    Attributes:
        factors: The factors, each with its indices.
        place: The index of the change of the variable.
        bound: The indices that are summed over.
    """

    factors: tuple[Factor, ...]
    place: int
    bound: frozenset[int] = field(default=frozenset())

    def times(self, *factors: Factor, bound: Sequence[int] = ()) -> "Term":
        return Term((*self.factors, *factors), self.place, self.bound.union(bound))


def matrix_by_indices(form: Arrays, y: Node, change: Node, depends: Callable[[Node], bool]) -> Node:
    """Return M with y = M %*% change for a vector y, and m with y = sum(m * change) for a scalar.

    Args:
        form: The constructors.
        y: A scalar or vector that is linear in `change`.
        change: A vector.
        depends: Whether a node below y depends on `change`.

    Raises:
        NoMatrixError: There is no form without arrays of rank 3.
    """
    reader = Reader(form, change, depends)
    out: Indices = (1,) if y.shape else ()
    terms = []
    for term in reader.terms(y, out):
        factors = list(term.factors)
        bound = set(term.bound)
        if term.place in bound:
            factors = [(n, tuple(VARIABLE if i == term.place else i for i in at)) for n, at in factors]
            bound.discard(term.place)
        else:
            factors.append((form.identity(change.shape[0]), (term.place, VARIABLE)))
        terms.append(contracted(form, factors, bound, (*out, VARIABLE), (*y.shape, *change.shape)))
    return form.add(*[form.full(t, (*y.shape, *change.shape)) for t in terms])


class Reader:
    """Reads the terms of a linear expression.

    Args:
        form: The constructors.
        change: The change of the variable.
        depends: Whether a node depends on it.
    """

    def __init__(self, form: Arrays, change: Node, depends: Callable[[Node], bool]) -> None:
        self.form = form
        self.change = change
        self.depends = depends
        self.new = count(2)

    def terms(self, y: Node, out: Indices) -> list[Term]:
        """Return the terms of y[out]."""
        if y is self.change:
            return [Term((), out[0])]
        if not self.depends(y):
            return []
        if y.op == "add":
            return [t for a in y.args for t in self.terms(a, out if a.shape else ())]
        rule = RULES.get(y.op)
        if rule is not None:
            return rule(self, y, out)
        if y.op in ALONG:
            return self.along(y, out)
        raise NoMatrixError(y.op)

    def axes(self, factor: Node, out: Indices) -> Factor:
        """Return a factor beside an elementwise product, laid vectors as vectors."""
        if factor.op == "column":
            return factor.args[0], out[:1]
        if factor.op == "row":
            return factor.args[0], out[1:]
        return factor, out if factor.shape else ()

    def along(self, y: Node, out: Indices) -> list[Term]:
        """Read an operation along the first axis as a product with a matrix."""
        x, *others = y.args
        payload = y.payload if isinstance(y.payload, tuple) else ()
        length = x.shape[0]
        shape = (y.shape[0], length) if y.op in OF_GIVEN_SHAPE else None
        operator = self.form.apply(y.op, [self.form.identity(length), *others], payload, shape)
        j = next(self.new)
        return [t.times((operator, (out[0], j)), bound=(j,)) for t in self.terms(x, (j, *out[1:]))]


# -- rules: the terms of one operation -----------------------------------------------------------------------------------


def of_product(r: Reader, y: Node, out: Indices) -> list[Term]:
    (linear,) = [a for a in y.args if r.depends(a)]
    others = [r.axes(a, out) for a in y.args if a is not linear]
    return [t.times(*others) for t in inner(r, linear, out)]


def inner(r: Reader, x: Node, out: Indices) -> list[Term]:
    """Read an argument of an elementwise operation."""
    if x.op == "column":
        return r.terms(x.args[0], out[:1])
    if x.op == "row":
        return r.terms(x.args[0], out[1:])
    return r.terms(x, out if x.shape else ())


def of_quotient(r: Reader, y: Node, out: Indices) -> list[Term]:
    above, below = y.args
    factor, at = r.axes(below, out)
    return [t.times((r.form.reciprocal(factor), at)) for t in inner(r, above, out)]


def of_negative(r: Reader, y: Node, out: Indices) -> list[Term]:
    return [t.times((r.form.number(-1.0), ())) for t in inner(r, y.args[0], out)]


def of_choice(r: Reader, y: Node, out: Indices) -> list[Term]:
    test, yes, no = y.args
    found = []
    for side, value in ((True, yes), (False, no)):
        if r.depends(value):
            sides = (r.form.one, r.form.zero) if side else (r.form.zero, r.form.one)
            chosen = r.axes(r.form.ifelse(test, *sides), out)
            found += [t.times(chosen) for t in inner(r, value, out)]
    return found


def of_matmul(r: Reader, y: Node, out: Indices) -> list[Term]:
    a, b = y.args
    j = next(r.new)
    left, right = (out[0], j), (j, *out[1:])
    if r.depends(a):
        return [t.times((b, right), bound=(j,)) for t in r.terms(a, left)]
    return [t.times((a, left), bound=(j,)) for t in r.terms(b, right)]


def of_solve(r: Reader, y: Node, out: Indices) -> list[Term]:
    a, b = y.args
    j = next(r.new)
    return [t.times((r.form.inverse(a), (out[0], j)), bound=(j,)) for t in r.terms(b, (j, *out[1:]))]


def of_outer(r: Reader, y: Node, out: Indices) -> list[Term]:
    u, v = y.args
    if r.depends(u):
        return [t.times((v, out[1:])) for t in r.terms(u, out[:1])]
    return [t.times((u, out[:1])) for t in r.terms(v, out[1:])]


def of_sum(r: Reader, y: Node, out: Indices) -> list[Term]:
    (x,) = y.args
    over = tuple(next(r.new) for _ in x.shape)
    ones: list[Factor] = [(r.form.ones(d), (i,)) for d, i in zip(x.shape, over, strict=True)]
    if y.op == "mean":
        ones += [(r.form.reciprocal(r.form.length(d)), ()) for d in x.shape]
    return [t.times(*ones, bound=over) for t in r.terms(x, over)]


def of_row_sums(r: Reader, y: Node, out: Indices) -> list[Term]:
    (x,) = y.args
    j = next(r.new)
    rows = y.op == "row_sums"
    ones = (r.form.ones(x.shape[1 if rows else 0]), (j,))
    return [t.times(ones, bound=(j,)) for t in r.terms(x, (*out, j) if rows else (j, *out))]


def of_trace(r: Reader, y: Node, out: Indices) -> list[Term]:
    j = next(r.new)
    return [t.times(bound=(j,)) for t in r.terms(y.args[0], (j, j))]


def of_element(r: Reader, y: Node, out: Indices) -> list[Term]:
    (x,) = y.args
    over = tuple(next(r.new) for _ in x.shape)
    there = unit(r.form, y, x.shape)
    return [t.times((there, over), bound=over) for t in r.terms(x, over)]


def unit(form: Arrays, y: Node, shape: tuple[Dimension, ...]) -> Node:
    assert isinstance(y.payload, tuple)
    return form.apply("unit", [form.one], y.payload, shape)


def of_pick(r: Reader, y: Node, out: Indices) -> list[Term]:
    (x,) = y.args
    assert isinstance(y.payload, tuple)
    axis, position = y.payload
    j = next(r.new)
    there = r.form.apply("unit", [r.form.one], (position,), (x.shape[axis],))
    return [t.times((there, (j,)), bound=(j,)) for t in r.terms(x, (j, *out) if axis == 0 else (*out, j))]


def of_place(r: Reader, y: Node, out: Indices) -> list[Term]:
    (x,) = y.args
    assert isinstance(y.payload, tuple)
    axis, position = y.payload
    there = r.form.apply("unit", [r.form.one], (position,), (y.shape[axis],))
    return [t.times((there, (out[axis],))) for t in r.terms(x, (out[1 - axis],))]


def of_joined(r: Reader, y: Node, out: Indices) -> list[Term]:
    """Read c(...) or cbind(...): the matrix that puts each argument in its place, times the argument."""
    along, other = (out[-1], out[:1]) if y.op == "bind_columns" else (out[0], ())
    rank = len(y.shape)
    lengths: list[Dimension] = [a.shape[-1] if len(a.shape) == rank else 1 for a in y.args]
    found = []
    for i, a in enumerate(y.args):
        if not r.depends(a):
            continue
        before, after = plus(0, *lengths[:i]), plus(0, *lengths[i + 1 :])
        if len(a.shape) == rank:
            j = next(r.new)
            places = in_place(r.form, r.form.identity(lengths[i]), before, after)
            found += [t.times((places, (along, j)), bound=(j,)) for t in r.terms(a, (*other, j))]
        else:
            place = in_place(r.form, r.form.ones(1), before, after)
            found += [t.times((place, (along,))) for t in r.terms(a, other if a.shape else ())]
    return found


def in_place(form: Arrays, x: Node, before: Dimension, after: Dimension) -> Node:
    """Return zeros before x and after it."""
    if isinstance(before, int) and isinstance(after, int):
        return form.apply("pad", [x], (before, after))
    positions = form.add(form.length(before), form.apply("cumsum", [form.ones(x.shape[0])]))
    return form.apply("scatter", [x, positions], (), (plus(before, x.shape[0], after), *x.shape[1:]))


def of_unselected(r: Reader, y: Node, out: Indices) -> list[Term]:
    w, mask = y.args
    length = mask.shape[0]
    positions = r.form.apply("select", [r.form.apply("cumsum", [r.form.ones(length)]), mask])
    operator = r.form.apply("scatter", [r.form.identity(w.shape[0]), positions], (), (length, w.shape[0]))
    j = next(r.new)
    return [t.times((operator, (out[0], j)), bound=(j,)) for t in r.terms(w, (j,))]


Rule = Callable[[Reader, Node, Indices], list[Term]]

RULES: Mapping[str, Rule] = {
    "neg": of_negative,
    "mul": of_product,
    "div": of_quotient,
    "ifelse": of_choice,
    "column": lambda r, y, out: r.terms(y.args[0], out[:1]),
    "row": lambda r, y, out: r.terms(y.args[0], out[1:]),
    "transpose": lambda r, y, out: r.terms(y.args[0], out[::-1]),
    "matmul": of_matmul,
    "solve": of_solve,
    "outer": of_outer,
    "sum": of_sum,
    "mean": of_sum,
    "row_sums": of_row_sums,
    "column_sums": of_row_sums,
    "trace": of_trace,
    "diagonal": lambda r, y, out: r.terms(y.args[0], (out[0], out[0])),
    "diagonal_matrix": lambda r, y, out: [
        t.times((r.form.identity(y.shape[0]), out)) for t in r.terms(y.args[0], out[:1])
    ],
    "element": of_element,
    "unit": lambda r, y, out: [t.times((unit(r.form, y, y.shape), out)) for t in r.terms(y.args[0], ())],
    "pick": of_pick,
    "place": of_place,
    "concatenate": of_joined,
    "bind_columns": of_joined,
    "fill": lambda r, y, out: r.terms(y.args[0], ()),
    "unselect": of_unselected,
}


# -- contraction -------------------------------------------------------------------------------------------------------


def contracted(
    form: Arrays, factors: list[Factor], bound: set[int], out: Indices, shape: tuple[Dimension, ...]
) -> Node:
    """Return the array of a product with the indices `out`, summed over the bound indices."""
    factors = without_deltas(form, factors, bound)
    factors = [
        (form.apply("diagonal", [n]), at[:1]) if len(at) == 2 and at[0] == at[1] else (n, at) for n, at in factors
    ]
    while True:
        pair = next(((a, b) for a, b in combinations(factors, 2) if holds(a, b) or holds(b, a)), None)
        if pair is not None:
            wide, narrow = pair if holds(*pair) else pair[::-1]
            factors = [f for f in factors if f is not pair[0] and f is not pair[1]]
            factors.append((form.mul(wide[0], laid(form, narrow, wide[1])), wide[1]))
            continue
        left = sorted(
            {i for _, at in factors for i in at if i in bound}, key=lambda i: (sum(i in f[1] for f in factors), i)
        )
        if not left:
            break
        index = left[0]
        used = [f for f in factors if index in f[1]]
        factors = [f for f in factors if index not in f[1]]
        factors.append(summed(form, used, index))
    if len(factors) == 2 and all(len(at) == 1 for _, at in factors):
        (u, i), (v, j) = factors
        factors = [(form.outer(u, v), (*i, *j))]
    if len(factors) > 1:
        raise NoMatrixError("rank 3")
    (found, at) = factors[0] if factors else (form.one, ())
    return form.full(laid(form, (found, at), out), shape)


def holds(a: Factor, b: Factor) -> bool:
    return set(a[1]) >= set(b[1])


def laid(form: Arrays, factor: Factor, out: Indices) -> Node:
    """Return a factor as one that has the indices `out`."""
    node, at = factor
    if at == out or not at:
        return node
    if len(at) == 2:
        return form.transpose(node)
    return form.lay("column" if at[0] == out[0] else "row", node)


def without_deltas(form: Arrays, factors: list[Factor], bound: set[int]) -> list[Factor]:
    """Rename bound indices that an identity or a diagonal matrix makes equal to another."""
    while True:
        delta = next(
            (
                f
                for f in factors
                if f[0].op in ("identity", "diagonal_matrix") and f[1][0] != f[1][1] and set(f[1]) & bound
            ),
            None,
        )
        if delta is None:
            return factors
        node, (keep, gone) = delta
        if gone not in bound:
            keep, gone = gone, keep
        bound.discard(gone)
        factors = [
            (n, tuple(keep if i == gone else i for i in at)) for n, at in factors if n is not node or at != delta[1]
        ]
        if node.op == "diagonal_matrix":
            factors.append((node.args[0], (keep,)))


def summed(form: Arrays, used: list[Factor], index: int) -> Factor:
    """Return the sum of a product over one index."""
    if len(used) == 1:
        ((x, at),) = used
        rest = tuple(i for i in at if i != index)
        if not rest:
            return form.sum(x), ()
        return (form.row_sums(x) if at[1] == index else form.column_sums(x)), rest
    if len(used) > 2:
        raise NoMatrixError("rank 3")
    (x, at), (y, other) = used if len(used[0][1]) == 2 else used[::-1]
    left = x if at[-1] == index else form.transpose(x)
    right = y if other[0] == index else form.transpose(y)
    rest = tuple(i for i in (*at, *other) if i != index)
    return form.matmul(left, right), rest
