"""Elementwise products, quotients and powers of arrays.

A product is number · numbers · columns · arrays · rows, with what has negative exponents below the bar. Identity and
diagonal matrices, outer products and choices within it make it simpler.
"""

from collections.abc import Sequence

from secantd.algebra.arrays.constructors import Constructors, broadcast, is_zero, laid_as, stretched
from secantd.algebra.product import Power, Product, shape_of
from secantd.expression import Node, Shape, algebra

__all__ = ["divided", "is_special", "multiplied", "raised", "write"]

DIAGONAL = frozenset({"identity", "diagonal_matrix"})
LAID = ("column", "row")
# Products of more factors are one factor of other products: opened each time, a chain of n would cost n^2.
FLAT = 64
# Numbers below the bar that become decimals above it: 1/2 is 0.5.
DECIMAL = frozenset({2.0, 4.0, 8.0})


def multiplied(form: Constructors, factors: Sequence[Node], below: Sequence[Node] = ()) -> Node:
    """Return the product of light nodes, divided by others."""
    shape = broadcast([*factors, *below])
    if stretched(shape):
        return form.lay(
            laid_as(shape), multiplied(form, [form.unlaid(f) for f in factors], [form.unlaid(b) for b in below])
        )
    choice = chosen(form, factors, below)
    if choice is not None:
        return form.full(choice, shape)
    parts = [(form.view(f), False) for f in factors] + [(form.view(b), True) for b in below]
    return write(form, form.scalars.merge(parts), shape)


def divided(form: Constructors, above: Node, below: Node) -> Node:
    """Return a quotient; a division by 0 is kept."""
    if is_zero(below):
        return form.graph.make("div", above, below)
    quotient = multiplied(form, [above], [below])
    if quotient.op == above.op == below.op == "number" and (form.exact or below.value not in DECIMAL):
        # A product with 1/3 is a quotient, not a product with 0.333.
        negative = (above.value < 0) != (below.value < 0)
        form.scalars.views[quotient.index] = Product(
            negative, *form.scalars.reduced(abs(above.value), abs(below.value))
        )
    return quotient


def raised(form: Constructors, base: Node, exponent: Node) -> Node:
    """Return an elementwise power."""
    shape = broadcast([base, exponent])
    if not shape:
        return form.scalars.power(base, exponent)
    if stretched(shape):
        return form.lay(laid_as(shape), raised(form, form.unlaid(base), form.unlaid(exponent)))
    if exponent.op == "fill":
        exponent = exponent.args[0]
    if exponent.shape:
        return form.graph.make("pow", base, exponent)
    if base.op == "fill":
        return form.fill(form.scalars.power(base.args[0], exponent), shape)
    if exponent.op == "number":
        e = exponent.value
        if e == 0.0:
            return form.ones(*shape)
        if e == int(e) and abs(e) <= MOST:
            return write(form, form.scalars.merge([(form.view(base), e < 0)] * int(abs(e))), shape)
    return write(form, form.scalars.merge([(form.scalars.power_view(base, exponent), False)]), shape)


# The largest whole exponent for which a power of a product is opened.
MOST = 64


def chosen(form: Constructors, factors: Sequence[Node], below: Sequence[Node]) -> Node | None:
    """Return a product with a choice that is 0 on one side as a choice: ifelse(t, a, 0) * b is ifelse(t, a * b, 0).

    The side that is not taken may have no value, and 0 * NaN would be NaN.
    """
    if len(factors) + len(below) < 2:
        return None
    for i, factor in enumerate(factors):
        sign, choice = (-1.0, factor.args[0]) if factor.op == "neg" else (1.0, factor)
        if choice.op != "ifelse":
            continue
        test, yes, no = choice.args
        if not (is_zero(yes) or is_zero(no)):
            continue
        rest = [*factors[:i], form.number(sign), *factors[i + 1 :]]
        sides = [s if is_zero(s) else multiplied(form, [*rest, s], below) for s in (yes, no)]
        return form.ifelse(test, sides[0], sides[1])
    return None


def is_special(form: Constructors, term: Node) -> bool:
    """Return whether a term is a number times an identity, a diagonal or an outer product: products with it are short."""
    view = form.view(term)
    arrays = {p[0].op for p in view.upper if shape_of(p)}
    return (bool(arrays & DIAGONAL) or arrays == set(LAID)) and not any(map(shape_of, view.lower))


# -- from a merged product to its node ------------------------------------------------------------------------------


class Powers:
    """A product whose powers can be changed.

    Attributes:
        exponents: Bases with numbers as exponents, negative ones below the bar.
        others: What the product has besides: its sign, its numbers, powers with other exponents.
    """

    def __init__(self, form: Constructors, product: Product) -> None:
        self.exponents: dict[Node, float] = {}
        o = self.others = Product(product.negative, product.above, product.below, [], [])
        for sign, powers, others in ((1.0, product.upper, o.upper), (-1.0, product.lower, o.lower)):
            for base, exponent in powers:
                if isinstance(exponent, float):
                    self.change(base, sign * exponent)
                elif exponent.shape:
                    # A power with an array as exponent is a base of its own.
                    self.change(form.graph.make("pow", base, form.mul(form.one, exponent)), sign)
                else:
                    others.append((base, exponent))

    def of(self, base: Node) -> float:
        return self.exponents.get(base, 0.0)

    def change(self, base: Node, by: float) -> None:
        exponent = self.of(base) + by
        if exponent:
            self.exponents[base] = exponent
        else:
            self.exponents.pop(base, None)

    def taken(self, op: str) -> list[Power]:
        """Remove the bases of one operation and return them with their exponents."""
        found: list[Power] = [(b, e) for b, e in self.exponents.items() if b.op == op]
        for base, _ in found:
            del self.exponents[base]
        return found

    def product(self) -> Product:
        o = self.others
        upper: list[Power] = [(b, e) for b, e in self.exponents.items() if e > 0]
        lower: list[Power] = [(b, -e) for b, e in self.exponents.items() if e < 0]
        return Product(o.negative, o.above, o.below, [*upper, *o.upper], [*lower, *o.lower])


def write(form: Constructors, merged: Product, shape: Shape) -> Node:
    """Return the node of a merged product, with the shape that it was asked for."""
    if merged.above == 0.0:
        return form.full(form.zero, shape)
    powers = Powers(form, merged)
    if stretched(shape):
        vectors = [
            form.power(b.args[0], form.number(e)) for b, e in powers.taken(laid_as(shape)) if isinstance(e, float)
        ]
        return form.lay(laid_as(shape), form.mul(write(form, powers.product(), ()), *vectors))
    with_roots(powers)
    with_names(form, powers)
    shorter = cancelled(form, powers)
    if shorter is not None:
        return form.full(shorter, shape)
    if len(shape) == 2:
        powers = Powers(form, form.scalars.merge([(p, False) for p in gathered(form, powers)]))
        other = became(form, powers, shape)
        if other is not None:
            return other
    with_means(form, powers)
    found = powers.product()
    if any(map(shape_of, (*found.upper, *found.lower))):
        return form.full(in_order(form, found, shape), shape)
    return form.full(form.scalars.write(found), shape)


def with_roots(powers: Powers) -> None:
    """Write sqrt(u) * u as a power of u."""
    for base in [b for b in powers.exponents if b.op == "sqrt" and b.args[0] in powers.exponents]:
        powers.change(base.args[0], powers.exponents.pop(base) / 2)


def with_means(form: Constructors, powers: Powers) -> None:
    """Write sum(u)/n as the mean of u, and n * mean(u) as the sum."""
    for base in [b for b in powers.exponents if b.op in ("sum", "mean") and len(b.args[0].shape) == 1]:
        exponent = powers.of(base)
        length = form.length(base.args[0].shape[0])
        # Numbers are no lengths to their reader.
        if abs(exponent) != 1.0 or length.op == "number":
            continue
        other, wanted = ("mean", -exponent) if base.op == "sum" else ("sum", exponent)
        if powers.of(length) * wanted > 0:
            powers.change(base, -exponent)
            powers.change(length, -wanted)
            powers.change(form.apply(other, [base.args[0]]), exponent)


def with_names(form: Constructors, powers: Powers) -> None:
    """Write exp(u)/(1 + exp(u)) and 1/(1 + exp(-u)) as expit, exp(u)/sum(exp(u)) as softmax."""
    exponents = powers.exponents
    for below in [b for b, e in exponents.items() if b.shape and e < 0 and b.op == "add" and len(b.args) == 2]:
        one, exponential = below.args if algebra.is_number(below.args[0], 1.0) else below.args[::-1]
        if not algebra.is_number(one, 1.0) or exponential.op != "exp":
            continue
        while powers.of(exponential) > 0 and powers.of(below) < 0:
            powers.change(exponential, -1.0)
            powers.change(below, 1.0)
            powers.change(form.apply("expit", [exponential.args[0]]), 1.0)
        if form.view(exponential.args[0]).negative and below in exponents:
            powers.change(form.apply("expit", [form.neg(exponential.args[0])]), -exponents.pop(below))
    logistic = [b for b, e in exponents.items() if b.shape and e > 0 and b.op == "expit"]
    for exponential in [b for b in exponents if b.op == "exp"] if logistic else []:
        # exp(-u) * expit(u) is expit(-u).
        for base in logistic:
            while are_opposite(form, base, exponential) and powers.of(exponential) > 0 and powers.of(base) > 0:
                powers.change(exponential, -1.0)
                powers.change(base, -1.0)
                powers.change(form.apply("expit", [exponential.args[0]]), 1.0)
    for exponential in [b for b, e in exponents.items() if e > 0 and b.op == "exp" and len(b.shape) == 1]:
        total = form.sum(exponential)
        while powers.of(exponential) > 0 and powers.of(total) < 0:
            powers.change(exponential, -1.0)
            powers.change(total, 1.0)
            powers.change(form.apply("softmax", [exponential.args[0]]), 1.0)


def cancelled(form: Constructors, powers: Powers) -> Node | None:
    """Multiply a sum out with the factors below the bars of its terms: p * (a - b/p) is a * p - b."""
    sums = [b for b, e in powers.exponents.items() if e == 1.0 and b.op == "add" and b.shape]
    if len(sums) != 1:
        return None
    terms = sums[0].args
    below = {b for t in terms for b, e in form.view(t).lower if b.shape and isinstance(e, float)}
    factors = [b for b, e in powers.exponents.items() if e > 0 and b in below and b.op not in LAID]
    if not factors:
        return None
    for base in (sums[0], *factors):
        powers.change(base, -1.0)
    rest = powers.product()
    shape = broadcast([b for b, _ in (*rest.upper, *rest.lower)])
    return form.mul(write(form, rest, shape), form.add(*[form.mul(*factors, t) for t in terms]))


def are_opposite(form: Constructors, a: Node, b: Node) -> bool:
    """Return whether the arguments of two calls differ in their sign only."""
    u, v = form.view(a.args[0]), form.view(b.args[0])
    return u.negative != v.negative and (u.above, u.below, u.key()) == (v.above, v.below, v.key())


def gathered(form: Constructors, powers: Powers) -> list[Product]:
    """Return the factors of a product with all columns in one, and all rows in one."""
    found: list[Product] = []
    for op in LAID:
        bases = powers.taken(op)
        if bases:
            vectors = [form.power(b.args[0], form.number(e)) for b, e in bases if isinstance(e, float)]
            found.append(form.laid_view(op, form.mul(*vectors)))
    return [powers.product(), *found]


def became(form: Constructors, powers: Powers, shape: Shape) -> Node | None:
    """Return a product that is a diagonal matrix or a sum; None for others."""
    arrays = {b: e for b, e in powers.exponents.items() if b.shape}
    if any(b.shape for b, _ in (*powers.others.upper, *powers.others.lower)):
        return None
    laid = {b.op: b for b in arrays if b.op in LAID}
    diagonal = [b for b, e in arrays.items() if b.op in DIAGONAL and e > 0]
    if diagonal and (len(arrays) > 1 or arrays[diagonal[0]] != 1.0):
        entries = [
            form.power(form.apply("diagonal", [form.full(b, shape)]), form.number(e))
            for b, e in arrays.items()
            if b.op != "identity"
        ]
        result = form.apply("diagonal_matrix", [form.full(form.mul(*entries), shape[:1])])
    else:
        alone = [b for b, e in arrays.items() if b.op == "add" and e == 1.0]
        if not laid or len(arrays) != len(laid) + 1 or not alone or not any(is_special(form, t) for t in alone[0].args):
            return None
        result = form.add(*[form.mul(*laid.values(), t) for t in alone[0].args])
    for base in arrays:
        del powers.exponents[base]
    return form.mul(write(form, powers.product(), ()), result)


def in_order(form: Constructors, p: Product, shape: Shape) -> Node:
    """Return the node of a product with arrays: numbers, numbers with names, columns, arrays, rows."""
    above, below, negative = p.above, p.below, p.negative
    if below in DECIMAL and not form.exact:
        above, below = above / below, 1.0
    if negative and above != 1.0:
        above, negative = -above, False
    node = side(form, above, with_outer(form, p.upper, shape))
    if p.lower or below != 1.0:
        node = form.graph.make("div", node, side(form, below, p.lower))
    if negative:
        node = form.graph.make("neg", node)
    if len(p.upper) + len(p.lower) > FLAT:
        p = Product(False, 1.0, 1.0, [(node, 1.0)])
    form.scalars.views.setdefault(node.index, p)
    return node


def with_outer(form: Constructors, powers: Sequence[Power], shape: Shape) -> Sequence[Power]:
    """Write a column times a row as an outer product; a laid vector alone is repeated to the whole shape."""
    arrays = [p for p in powers if shape_of(p)]
    laid = {b.op: b.args[0] for b, _ in arrays if b.op in LAID}
    if not laid or len(laid) < len(arrays):
        return powers
    sides = [laid[op] if op in laid else form.ones(d) for op, d in zip(LAID, shape, strict=True)]
    return [*[p for p in powers if not shape_of(p)], (outer(form, *sides), 1.0)]


def outer(form: Constructors, u: Node, v: Node) -> Node:
    """Return the outer product of two vectors; that of two units is 1 at one place."""
    if u.op == v.op == "unit" and isinstance(u.payload, tuple) and isinstance(v.payload, tuple):
        return form.node("unit", form.one, payload=(*u.payload, *v.payload), shape=(*u.shape, *v.shape))
    return form.node("outer", u, v)


def side(form: Constructors, number: float, powers: Sequence[Power]) -> Node:
    """Return the part of a product above or below the bar."""
    ordered = sorted(powers, key=lambda p: (place(p[0]), form.scalars.factor_order(p)))
    factors = [form.scalars.write_power(p) for p in ordered]
    if number != 1.0 or not factors:
        factors.insert(0, form.number(number))
    return factors[0] if len(factors) == 1 else form.graph.make("mul", *factors)


def place(base: Node) -> int:
    if not base.shape:
        return 0
    return {"column": 1, "row": 3}.get(base.op, 2)
