"""Sums of arrays: like terms merged, laid vectors added before they are laid, common numbers in front."""

from collections.abc import Sequence
from math import inf

from secantd.algebra.arrays.constructors import Constructors, broadcast, is_zero, laid_as, stretched
from secantd.algebra.arrays.products import is_special
from secantd.algebra.product import Power, Product, shape_of
from secantd.algebra.sums import added, write_sum
from secantd.expression import Node

__all__ = ["summed"]

LAID = ("column", "row")


def summed(form: Constructors, terms: Sequence[Node]) -> Node:
    """Return the sum of light nodes."""
    shape = broadcast(terms)
    if not shape:
        return write_sum(form.scalars, terms)
    if stretched(shape):
        return form.lay(laid_as(shape), summed(form, [form.unlaid(t) for t in terms]))
    lowest = [lowered(form, t) for t in opened(form, terms)]
    kept = [t for t in with_laid_together(form, lowest) if not is_zero(t)]
    found = with_choices(form, with_products_together(form, list(like_terms(form, kept).values())))
    if len(shape) == 2:
        for op in LAID:
            found = with_scales_together(form, found, op)
    return form.full(written(form, complement(form, found)), shape)


def opened(form: Constructors, terms: Sequence[Node]) -> list[Node]:
    """Return the terms, with those of sums within."""
    found: list[Node] = []
    stack = list(reversed(terms))
    while stack:
        term = stack.pop()
        if term.op == "add":
            stack += reversed(term.args)
        elif term.op == "neg" and term.args[0].op == "add":
            stack += [form.neg(a) for a in reversed(term.args[0].args)]
        else:
            found.append(term)
    return found


def lowered(form: Constructors, term: Node) -> Node:
    """Return a term that is the same along an axis, or everywhere, in the lowest shape."""
    view = form.view(term)
    shapes = {s for p in (*view.upper, *view.lower) if (s := shape_of(p))}
    if not term.shape or term.shape in shapes or len(shapes) > 1:
        return term
    return form.written(view, shapes.pop() if shapes else ())


def with_laid_together(form: Constructors, terms: Sequence[Node]) -> list[Node]:
    """Add the columns among the terms as vectors, and the rows; numbers join them if nothing else is there."""
    found = [t for t in terms if not stretched(t.shape)]
    for op in LAID:
        vectors = [form.unlaid(t) for t in terms if stretched(t.shape) and laid_as(t.shape) == op]
        if len(vectors) == len(terms) - sum(1 for t in found if not t.shape) and vectors:
            vectors += found
            found = []
        if vectors:
            found.append(form.lay(op, form.add(*vectors)))
    return found


Terms = dict[object, Product]


def like_terms(form: Constructors, terms: Sequence[Node]) -> Terms:
    """Return the terms as products, with those merged that differ in their number only."""
    merged: Terms = {}
    for term in terms:
        view = form.view(term)
        key = view.key()
        held = merged.get(key)
        merged[key] = view if held is None else added(form.scalars, held, view)
    return {k: t for k, t in merged.items() if t.above != 0.0}


# -- terms that become one -----------------------------------------------------------------------------------------


def with_products_together(form: Constructors, terms: list[Product]) -> list[Product]:
    """Write A %*% v + B %*% v as (A + B) %*% v, and solve(A, u) + solve(A, v) as solve(A, u + v)."""
    groups: dict[tuple[str, int], list[int]] = {}
    for i, term in enumerate(terms):
        factor = array_factor(term)
        if factor is None:
            continue
        if factor.op == "matmul" and len(factor.shape) == 1:
            groups.setdefault(("matmul", factor.args[1].index), []).append(i)
        elif factor.op == "solve":
            groups.setdefault(("solve", factor.args[0].index), []).append(i)
    together = [g for g in groups.values() if len(g) > 1 and not multiplied_out_again(form, terms, g)]
    if not together:
        return terms
    gone = {i for g in together for i in g}
    found = [written_term(form, t) for i, t in enumerate(terms) if i not in gone]
    for group in together:
        factors = [array_factor(terms[i]) for i in group]
        first = next(f for f in factors if f is not None)
        moving = 0 if first.op == "matmul" else 1
        parts = [
            form.mul(form.scalars.write(numbers(terms[i])), f.args[moving])
            for i, f in zip(group, factors, strict=True)
            if f is not None
        ]
        args = list(first.args)
        args[moving] = form.add(*parts)
        found.append(form.apply(first.op, args))
    return list(like_terms(form, opened(form, [t for t in found if not is_zero(t)])).values())


def multiplied_out_again(form: Constructors, terms: Sequence[Product], group: Sequence[int]) -> bool:
    """Return whether (A + B) %*% v would be taken apart because A or B is diagonal or an outer product."""
    factors = [array_factor(terms[i]) for i in group]
    return any(f is not None and f.op == "matmul" and is_special(form, f.args[0]) for f in factors)


def array_factor(term: Product) -> Node | None:
    """Return the array of a term that is a number times one array."""
    arrays = [b for b, _ in (*term.upper, *term.lower) if b.shape]
    return arrays[0] if len(arrays) == 1 and (arrays[0], 1.0) in term.upper else None


def numbers(term: Product) -> Product:
    upper = [p for p in term.upper if not p[0].shape]
    lower = [p for p in term.lower if not p[0].shape]
    return Product(term.negative, term.above, term.below, upper, lower)


def with_choices(form: Constructors, terms: list[Product]) -> list[Product]:
    """Write ifelse(t, a, 0) + ifelse(t, 0, b) as ifelse(t, a, b)."""
    choices: dict[int, list[int]] = {}
    for i, term in enumerate(terms):
        factor = array_factor(term)
        if factor is not None and factor.op == "ifelse":
            choices.setdefault(factor.args[0].index, []).append(i)
    together = [g for g in choices.values() if len(g) > 1]
    if not together:
        return terms
    gone = {i for g in together for i in g}
    found = [t for i, t in enumerate(terms) if i not in gone]
    for group in together:
        sides: list[list[Node]] = [[], []]
        test = None
        for i in group:
            choice = array_factor(terms[i])
            assert choice is not None
            test = choice.args[0]
            factor = form.scalars.write(numbers(terms[i]))
            for side, value in zip(sides, choice.args[1:], strict=True):
                side.append(form.mul(factor, value))
        assert test is not None
        joined = form.ifelse(test, form.add(*sides[0]), form.add(*sides[1]))
        if not is_zero(joined):
            found.append(form.view(joined))
    return found


def with_scales_together(form: Constructors, terms: list[Product], op: str) -> list[Product]:
    """Write column(u) * X + column(v) * X as column(u + v) * X, and the same with rows."""
    groups: dict[object, list[int]] = {}
    for i, term in enumerate(terms):
        rest = arrays_beside(term, op)
        # A sum of outer products with one side in common keeps its symmetry.
        if any(base.op not in LAID for base, _ in (*rest.upper, *rest.lower)):
            groups.setdefault(rest.key(), []).append(i)
    together = [g for g in groups.values() if len(g) > 1 and any(scale(terms[i], op) for i in g)]
    if not together:
        return terms
    gone = {i for g in together for i in g}
    found = [written_term(form, t) for i, t in enumerate(terms) if i not in gone]
    for group in together:
        vectors = []
        for i in group:
            factor, vector = form.scalars.write(numbers(terms[i])), scale(terms[i], op)
            vectors.append(factor if vector is None else form.mul(factor, vector))
        scaled = written_term(form, arrays_beside(terms[group[0]], op))
        found.append(form.mul(form.lay(op, form.add(*vectors)), scaled))
    return list(like_terms(form, opened(form, [t for t in found if not is_zero(t)])).values())


def scale(term: Product, op: str) -> Node | None:
    """Return the vector of the column (or row) of a term."""
    return next((b.args[0] for b, e in term.upper if b.op == op and e == 1.0), None)


def arrays_beside(term: Product, op: str) -> Product:
    """Return the arrays of a term without its column (or row)."""
    upper = [(b, e) for b, e in term.upper if b.shape and not (b.op == op and e == 1.0)]
    return Product(False, 1.0, 1.0, upper, [p for p in term.lower if p[0].shape])


def complement(form: Constructors, terms: list[Product]) -> list[Product]:
    """Write 1 - expit(u) as expit(-u)."""
    if len(terms) == 2:
        one, other = terms if terms[0].is_number() else terms[::-1]
        if one.is_number() and not one.negative and one.above == one.below and other.negative:
            base = Product(False, other.above, other.below, other.upper, other.lower).lone()
            if base is not None and base.op == "expit":
                return [form.view(form.apply("expit", [form.neg(base.args[0])]))]
    return terms


# -- from terms to a node --------------------------------------------------------------------------------------------


def written(form: Constructors, terms: Sequence[Product]) -> Node:
    """Return the node of a sum of different terms."""
    if not terms:
        return form.zero
    if len(terms) == 1:
        return written_term(form, terms[0])
    common = common_numbers(terms)
    if common is not None:
        rest = [form.scalars.merge([(t, False), (common, True)]) for t in terms]
        if any((base := t.lone()) is not None and base.op == "add" for t in rest):
            return form.mul(form.scalars.write(common), form.add(*[written_term(form, t) for t in rest]))
        inner = in_order(form, rest)
        if inner.op != "neg":
            return form.mul(form.scalars.write(common), inner)
        return form.mul(form.number(-1.0), form.scalars.write(common), inner.args[0])
    return in_order(form, terms)


def in_order(form: Constructors, terms: Sequence[Product]) -> Node:
    """Return positive terms and then negative ones, each in the order of their text; -(a + b) where none is positive."""
    make = form.graph.make

    def ordered(negative: bool) -> list[Node]:
        found = [
            written_term(form, Product(False, t.above, t.below, t.upper, t.lower))
            for t in terms
            if t.negative is negative
        ]
        return sorted(found, key=lambda n: (form.scalars.key(n), n.index))

    plus, minus = ordered(False), ordered(True)
    if not plus:
        return make("neg", make("add", *minus))
    return make("add", *plus, *[make("neg", t) for t in minus])


def written_term(form: Constructors, term: Product) -> Node:
    factors = [b if b.shape or isinstance(e, float) else e for b, e in (*term.upper, *term.lower)]
    return form.written(term, broadcast(factors))


def common_numbers(terms: Sequence[Product]) -> Product | None:
    """Return the numbers, and powers of numbers with names, that all terms share; None where there are none."""
    shared: list[list[Power]] = []
    for side in ("upper", "lower"):
        least: dict[Node, float] = {}
        for i, term in enumerate(terms):
            powers = {b: e for b, e in getattr(term, side) if not b.shape and isinstance(e, float)}
            if i == 0:
                least = powers
            else:
                least = {b: min(e, powers.get(b, inf)) for b, e in least.items() if b in powers}
        shared.append(list(least.items()))
    above, below = terms[0].above, terms[0].below
    if not all(t.above == above and t.below == below for t in terms):
        above = below = 1.0
    common = Product(False, above, below, shared[0], shared[1])
    return None if common.is_number() and above == below == 1.0 else common
