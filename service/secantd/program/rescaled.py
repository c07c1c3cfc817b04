"""Formulas in which exponentials meet, written so that they do not overflow; derivatives of the result do not either.

exp(a)/(exp(a) + exp(b)) is a number between 0 and 1, but exp(a) is Inf from a = 710 on. `rescaled` carries every product of
exponentials as factors · exp(u) · Π S^p, where the S are sums of such products. A logarithm or a quotient of it is computed
with all exponents reduced by the largest one, m: log S is m + log Σ c exp(u - m). The value does not depend on m, so m is a
constant for the derivatives of every order (the operation "held"): they are exact, and contain only what is in the formula.

Sums of two terms have functions of their own, which keep more digits: log(1 + exp(u)) is softplus(u), exp(u)/(1 + exp(u)) is
expit(u), log(cosh(u)) is logcosh(u). 1 - p/S is (S - p)/S where terms cancel, and 1 - F a function of its own for known F
(`complements`). Formulas without such a logarithm, quotient or difference are not changed.

Sources: Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions, IMA J. Numer. Anal. 41
(2021); Maechler, Accurately computing log(1 - exp(-|a|)) (2012).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from secantd.expression import Graph, Node, algebra, reachable
from secantd.interrupt import paced
from secantd.language import Function, Slot
from secantd.program.complements import complement, log_of_complement, logarithm
from secantd.program.exponentials import (
    LOGARITHMS,
    REDUCED,
    Product,
    Sum,
    Term,
    collected,
    combined,
    exponent_of,
    exponents,
    inverse,
    is_power,
    logarithm_of,
    logistic,
    meet,
    merged,
    multiplied,
    raised,
    times,
    without_expm1,
)
from secantd.program.scales import KERNELS, Scales
from secantd.program.shares import Share, key, shares
from secantd.program.smooth import smooth

__all__ = ["rescaled", "stable_outputs"]

# The largest product, in factors, and the largest sum within a sum, in terms, that are followed: longer ones keep their form.
LONGEST = 64

OUTPUTS: Slot[tuple[Node, ...]] = Slot("outputs that do not overflow")


def stable_outputs(function: Function) -> tuple[Node, ...]:
    """Return the outputs of a function as its values and derivatives are computed; see `rescaled` and `smooth`."""
    graph = function.graph
    with function.lock:
        return function.memory.get(
            OUTPUTS, None, lambda: smooth(graph, rescaled(graph, function.outputs, function.arrays))
        )


def rescaled(graph: Graph, outputs: Sequence[Node], arrays: bool = False) -> tuple[Node, ...]:
    """Return nodes with the same values, but finite where exponentials overflow in between.

    Args:
        graph: The graph of the nodes.
        outputs: The nodes; those without exponentials are returned as they are.
        arrays: Whether the result may have operations on arrays: log(sum(exp(v))) is one.

    >>> from secantd.language import read
    >>> f = read("log(1 + exp(x))")
    >>> rescaled(f.graph, f.outputs)[0].op
    'softplus'
    """
    nodes = reachable(outputs)
    if not meet(nodes):
        return tuple(outputs)
    walk = Rescaling(graph, arrays)
    for node in paced(nodes):
        walk.visit(node)
    return tuple([walk.plain[o.index] for o in outputs])


class Rescaling:
    """The walk over the nodes of a graph.

    Attributes:
        plain: The nodes that take the place of those visited, by index.
    """

    def __init__(self, graph: Graph, arrays: bool) -> None:
        self.graph = graph
        self.arrays = arrays
        self.plain: dict[int, Node] = {}
        self._products: dict[int, Product] = {}
        self.scales = Scales(graph)
        self._sums: dict[frozenset[object], Sum] = {}

    def visit(self, node: Node) -> None:
        """Find what takes the place of a node; its arguments were visited before."""
        args = tuple([self.plain[a.index] for a in node.args])
        same = all(a is b for a, b in zip(args, node.args, strict=True))
        if node.op in ("scan", "select", "unselect", "length"):
            # Lengths and steps have the names of their nodes.
            self.plain[node.index] = node
            return
        made = node if same else self.graph.again(node, args)
        self._take(node, made, args)
        if self.plain[node.index].shape != node.shape:
            # v/v is a vector, 1 none.
            self.plain[node.index] = made

    def _take(self, node: Node, made: Node, args: tuple[Node, ...]) -> None:
        self.plain[node.index] = made
        if node.op == "add":
            self.plain[node.index] = complement(self.graph, made, args) or made
        elif node.op == "log" and len(args) == 1:
            # 1 - F was replaced already.
            inside = node.args[0]
            inner = tuple([self.plain[a.index] for a in inside.args])
            known = log_of_complement(self.graph, inside, inner) or logarithm(self.graph, args[0])
            if known is not None:
                self.plain[node.index] = known
                return
        if node.op in LOGARITHMS and node.args[0].index in self._products:
            self.plain[node.index] = self._logarithm(node, self._products[node.args[0].index])
            return
        if node.op == "tanh":
            self.plain[node.index] = self.graph.make("tanh_stable", *args)
            return
        if node.op == "log1p" and node.args[0].op == "exp":
            self.plain[node.index] = self.graph.make("softplus", args[0].args[0])
            return
        found = self._product(node, made)
        if found is None or len(found) > LONGEST or (node.shape and not found.shaped):
            return
        self._products[node.index] = found
        if node.op == "div" and node.args[0].op == "sinh" and node.args[1].op == "cosh":
            (u,), (v,) = node.args[0].args, node.args[1].args
            if u is v:
                self.plain[node.index] = self.graph.make("tanh_stable", self.plain[u.index])
                return
        if node.op in ("mul", "div", "pow", "sqrt", "neg", "add") and found.joined:
            self.plain[node.index] = self._value(found)

    # -- from nodes to products

    def _of(self, node: Node) -> Product:
        """Return a node as a product; one without exponentials is its own factor."""
        return self._products.get(node.index) or Product(above=(self.plain[node.index],))

    def _product(self, node: Node, made: Node) -> Product | None:
        """Return a node as a product if it contains exponentials."""
        op, args = node.op, node.args
        if op == "exp":
            return Product(shift=combined(exponents(self.graph, made.args[0])))
        if is_power(node):
            base = self.graph.number(math.log(node.args[0].value))
            return Product(shift=combined([(algebra.mul(self.graph, [base, made.args[1]]), 1.0)]))
        if op in KERNELS:
            return Product(sums={made.index: (Sum((Term((), (), {}, (op, made.args[0])),), made), 1.0)})
        if op == "expit":
            return self._over_one_plus(made.args[0])
        if op == "add":
            return self._sum(node, made)
        known = self._products
        if not any(a.index in known for a in args):
            return None
        if op == "neg":
            return merged([Product(above=(self.graph.number(-1.0),)), self._of(args[0])])
        if op == "mul":
            found = multiplied([self._of(a) for a in args])
            return found and replace(found, joined=found.joined or sum([a.index in known for a in args]) > 1)
        if op == "div":
            return multiplied([self._of(args[0]), inverse(self._of(args[1]))])
        if op == "sqrt":
            return raised(self.graph, self._of(args[0]), 0.5)
        if op == "pow" and args[0].index in known and args[1].op == "number" and math.isfinite(args[1].value):
            return raised(self.graph, self._of(args[0]), args[1].value)
        if op in REDUCED and args[0].shape:
            inner = self._of(args[0])
            if inner.shift and not inner.sums:
                term = Term(inner.above, inner.below, inner.shift, None, op)
                return Product(sums={made.index: (Sum((term,), made), 1.0)})
        return None

    def _over_one_plus(self, u: Node) -> Product:
        """Return 1/(1 + exp(-u))."""
        graph = self.graph
        minus = algebra.neg(graph, u)
        node = graph.make("add", graph.number(1.0), graph.make("exp", minus))
        terms = (Term((), (), {}), Term((), (), combined(exponents(graph, minus))))
        return Product(sums={node.index: (Sum(terms, node), -1.0)}, joined=True)

    def _sum(self, node: Node, made: Node) -> Product | None:
        parts = [self._products.get(a.index) for a in node.args]
        if not any(parts):
            return None
        if any(p is not None and p.joined and p.sums for p in parts):
            return self._over_common(node)
        terms: list[Term] = []
        for a, part in zip(node.args, parts, strict=True):
            terms += self._terms(self.plain[a.index], part)
        terms = without_expm1(self.graph, terms)
        if not any(t.shift or t.kernel or t.op for t in terms) or (made.shape and any(t.op for t in terms)):
            return None
        if len(set(map(key, terms))) < len(terms):
            terms = collected(self.graph, [(t, 1.0) for t in terms])
        # Sums of the same terms in another order are one.
        s = self._sums.setdefault(frozenset(map(key, terms)) | {len(terms)}, Sum(tuple(terms), made))
        return Product(sums={s.node.index: (s, 1.0)})

    def _terms(self, plain: Node, part: Product | None) -> Iterable[Term]:
        """Return the terms of a term: those of a sum within a sum."""
        if part is None:
            one = plain.op == "number" and plain.value == 1.0
            return [Term(() if one else (plain,), (), {})]
        if not part.sums:
            return [Term(part.above, part.below, part.shift)]
        inner = next((s.terms for s, p in part.sums.values() if p == 1.0), ())
        # What differs from row to row is no factor of what is reduced over rows.
        apart = any(t.op for t in inner) and (part.shift or any(f.shape for f in (*part.above, *part.below)))
        if len(part.sums) > 1 or not 0 < len(inner) <= LONGEST or apart:
            return [Term((plain,), (), {})]
        return [
            replace(
                t,
                above=(*part.above, *t.above),
                below=(*part.below, *t.below),
                shift=combined(t.shift.values(), part.shift.values()),
            )
            for t in inner
        ]

    def _over_common(self, node: Node) -> Product | None:
        """Return a sum of numbers and of quotients by one sum S as one quotient, if terms of its numerator cancel."""
        common: Sum | None = None
        numerators: list[tuple[Term, float]] = []
        number = 0.0
        for a in node.args:
            part = self._products.get(a.index)
            plain = self.plain[a.index]
            if part is None:
                if plain.op != "number":
                    return None
                number += plain.value
                continue
            below = next((s for s, p in part.sums.values() if p == -1.0), None)
            above = [(s, p) for s, p in part.sums.values() if s is not below]
            if below is None or len(above) > 1 or (common is not None and below.node is not common.node):
                return None
            if above and (above[0][1] != 1.0 or any(t.op for t in above[0][0].terms)):
                return None
            common = below
            numerators += [
                (t, 1.0) for t in self._terms(plain, replace(part, sums={s.node.index: (s, p) for s, p in above}))
            ]
        if common is None or any(t.op for t in common.terms):
            return None
        whole = [(t, number) for t in common.terms] if number else []
        terms = collected(self.graph, [*whole, *numerators])
        if len(terms) >= len(whole) or not terms:
            return None
        quotient = Product(sums={common.node.index: (common, -1.0)}, joined=True)
        if len(terms) == 1 and terms[0].kernel is None and common.positive:
            (t,) = terms
            return merged([Product(t.above, t.below, t.shift), quotient])
        parts = [self.scales.term(t, None) for t in terms]
        top = parts[0] if len(parts) == 1 else self.graph.make("add", *parts)
        return merged([Product(sums={top.index: (Sum(tuple(terms), top), 1.0)}), quotient])

    # -- from products to nodes

    def _value(self, product: Product) -> Node:
        """Return a product as a node that does not overflow."""
        graph = self.graph
        product, parts = shares(graph, product)
        if parts:
            return algebra.mul(graph, [*[self._share(p) for p in parts], self._value(product)])
        if len(product.sums) == 1:
            # exp(u) S is Σ c exp(u + v): where u and v cancel, derivatives are no differences.
            ((s, p),) = product.sums.values()
            if p == 1.0 and not product.shift:
                return self._value(Product((*product.above, s.node), product.below))
            shared = any(i in product.shift for t in s.terms for i in t.shift)
            if p == 1.0 and shared and not any(t.op or t.kernel for t in s.terms):
                terms = [
                    self._value(Product(t.above, t.below, combined(t.shift.values(), product.shift.values())))
                    for t in s.terms
                ]
                return self._value(Product((*product.above, algebra.add(graph, terms)), product.below))
        above, below = [*product.above], [*product.below]
        for f in product.above:
            if f in below and f.op != "number":
                # The derivative of f/f is 0, not a difference of two quotients.
                above.remove(f)
                below.remove(f)
                above.append(graph.make("share", f, graph.number(0.0)))
        shift, scales = dict(product.shift), []
        for s, p in product.sums.values():
            found = logistic(graph, s, p, shift)
            if found is not None:
                above += [algebra.power(graph, graph.make("expit", u), graph.number(k)) for u, k in found]
                continue
            divided = self.scales.divided(s, shift, -p)
            if divided is not None:
                s, shift = divided, {}
            m = self.scales.scale(s)
            value = algebra.power(graph, self.scales.at_scale(s, m), graph.number(abs(p)))
            (above if p > 0.0 else below).append(value)
            scales.append((m, p))
        exponent = exponent_of(graph, combined(shift.values(), scales))
        if exponent is not None:
            above.append(graph.make("exp", exponent))
        top = algebra.mul(graph, above)
        return algebra.div(graph, top, algebra.mul(graph, below)) if below else top

    def _share(self, share: Share) -> Node:
        """Return a share."""
        graph = self.graph
        power = graph.number(share.power)
        if share.positive:
            return algebra.power(graph, graph.make("expit", self.scales.odds(share)), power)
        if all(t.positive for t in share.inside):
            one = graph.number(1.0)
            below = algebra.add(graph, [one, self._ratio(share)])
            return algebra.div(graph, one, algebra.power(graph, below, power))
        (t, *more) = share.inside
        if more or t.kernel is not None:
            terms = (*share.inside, *share.others)
            m = self.scales.scale(Sum(terms, algebra.add(graph, [self.scales.term(u, None) for u in terms])))
            a, b = (algebra.add(graph, [self.scales.term(u, m) for u in part]) for part in (share.inside, share.others))
        else:
            a = self._value(Product(t.above, t.below))
            b = self._ratio(share._replace(inside=(Term((), (), t.shift),)))
        return algebra.power(graph, graph.make("share", a, b), power)

    def _ratio(self, share: Share) -> Node:
        """Return R/N of a share N/(N + R)."""
        ends = []
        for terms in (share.others, share.inside):
            (t, *more) = terms
            if not more and t.kernel is None:
                ends.append(Product(t.above, t.below, t.shift))
                continue
            node = algebra.add(self.graph, [self.scales.term(u, None) for u in terms])
            ends.append(Product(sums={node.index: (Sum(terms, node), 1.0)}))
        return self._value(merged([ends[0], inverse(ends[1])]))

    def _logarithm(self, node: Node, product: Product) -> Node:
        """Return the logarithm of a product; each factor without an exponential stays inside."""
        graph = self.graph
        whole, (product, inside) = product, shares(graph, product)
        powers = [*product.signed, *[p.power for p in inside if not p.positive]]
        if len(powers) > 1 or any(p % 2.0 == 0.0 for p in powers):
            # N/S^2 is positive where N and S are negative.
            product, inside = shares(graph, whole, positive=True)
        above, below = [*product.above], [*product.below]
        parts = [
            (graph.make("softplus", algebra.neg(graph, self.scales.odds(p))), -p.power)
            if p.positive
            else (graph.make("log1p", self._ratio(p)), -p.power)
            for p in inside
        ]
        shift = dict(product.shift)
        for s, p in product.sums.values():
            factors = logistic(graph, s, p, shift)
            if factors is not None:
                parts += [(graph.make("softplus", algebra.neg(graph, u)), -k) for u, k in factors]
                continue
            divided = self.scales.divided(s, shift, -p) if p < 0.0 and s.positive else None
            if divided is not None:
                s, shift = divided, {}
            known = logarithm_of(graph, s, self.arrays)
            if known is not None:
                parts.append((known, p))
                continue
            if s.positive:
                parts.append((self.scales.logarithm_of_positive(s), p))
                continue
            m = self.scales.scale(s)
            parts.append((m, p))
            value = self.scales.at_scale(s, m)
            (above if p > 0.0 else below).append(algebra.power(graph, value, graph.number(abs(p))))
        terms = [times(graph, k, u) for u, k in (*shift.values(), *parts)]
        if above or below:
            top = algebra.mul(graph, above)
            terms.append(graph.make("log", algebra.div(graph, top, algebra.mul(graph, below)) if below else top))
        total = algebra.add(graph, terms)
        base = LOGARITHMS[node.op]
        if len(node.args) == 2:
            return algebra.div(graph, total, graph.make("log", self.plain[node.args[1].index]))
        return total if base is None else algebra.div(graph, total, graph.number(base))
