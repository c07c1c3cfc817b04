"""Products of exponentials and sums of such products, as `rescaled` carries them."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from secantd.expression import Graph, Node, algebra
from secantd.functions import FUNCTIONS
from secantd.program.complements import COMPLEMENTS

__all__ = [
    "LOGARITHMS",
    "REDUCED",
    "Product",
    "Sum",
    "Term",
    "collected",
    "combined",
    "exponent_of",
    "exponents",
    "inverse",
    "is_power",
    "logarithm_of",
    "logistic",
    "meet",
    "merged",
    "multiplied",
    "one_plus",
    "raised",
    "times",
    "without_expm1",
]

# Operations without which no exponential meets another.
EXPONENTIALS = frozenset({"exp", "expm1", "cosh", "sinh", "expit", "tanh"})
LOGARITHMS = {"log": None, "log2": math.log(2.0), "log10": math.log(10.0)}
REDUCED = frozenset({"sum", "mean"})
# Operations that are rewritten if an argument grows like an exponential, and those whose value then grows so as well.
PASSING = frozenset({"neg", "add", "mul", "div", *REDUCED})
COMBINING = PASSING | {"pow", "sqrt", "log1p", *LOGARITHMS}
# Functions with a complement that is a row of its own.
FUNCTIONS_APART = COMPLEMENTS - EXPONENTIALS
# The smallest multiple of an exponent, so that products of multiples do not underflow.
SMALLEST = 1e-60


def meet(nodes: Sequence[Node]) -> bool:
    """Return whether something in `nodes`, arguments first, may have to be changed; most formulas pass without the walk."""
    growing: set[int] = set()
    for node in nodes:
        op = node.op
        if op == "tanh" or op in FUNCTIONS_APART:
            return True
        if op in LOGARITHMS and f"{node.args[0].op}.log" in FUNCTIONS:
            return True
        if op in EXPONENTIALS or is_power(node):
            growing.add(node.index)
            continue
        if op not in COMBINING:
            continue
        count = sum([a.index in growing for a in node.args])
        if not count:
            continue
        if op == "add" and any(a.op == "neg" and a.args[0].op in COMPLEMENTS for a in node.args):
            return True
        if op not in PASSING or (op == "mul" and count > 1) or (op == "div" and node.args[1].index in growing):
            return True
        growing.add(node.index)
    return False


def is_power(node: Node) -> bool:
    """Return whether a node is b^u for a number b above 0: an exponential."""
    if node.op != "pow" or node.args[0].op != "number" or node.args[1].op == "number":
        return False
    return 0.0 < node.args[0].value < math.inf


@dataclass(frozen=True, slots=True)
class Product:
    """Π above / Π below · exp(Σ k u) · Π S^p.

    Attributes:
        above: Factors without exponentials.
        below: The same, below the fraction bar.
        shift: The exponents u by their index, each with its multiple k.
        sums: The sums S by the index of their node, each with its power p.
        joined: Whether one of several factors may overflow as another underflows, one is below the fraction bar, or under a
            root.
    """

    above: tuple[Node, ...] = ()
    below: tuple[Node, ...] = ()
    shift: dict[int, tuple[Node, float]] = field(default_factory=dict)
    sums: dict[int, tuple["Sum", float]] = field(default_factory=dict)
    joined: bool = False

    def __len__(self) -> int:
        return len(self.above) + len(self.below) + len(self.shift) + len(self.sums)

    def over(self, graph: Graph, number: float, power: float) -> "Product":
        """Return the product divided by a power of a number above 0."""
        if number == 1.0:
            return self
        same = [i for i, f in enumerate(self.above) if f.op == "number" and f.value == number]
        if power == 1.0 and same:
            return replace(self, above=self.above[: same[0]] + self.above[same[0] + 1 :])
        return replace(self, below=(*self.below, graph.number(number**power)))

    @property
    def shaped(self) -> bool:
        """Whether a factor is an array."""
        nodes = [
            *self.above,
            *self.below,
            *[n for n, _ in self.shift.values()],
            *[s.node for s, _ in self.sums.values()],
        ]
        return any(n.shape for n in nodes)

    @property
    def signed(self) -> list[float]:
        """The powers of the factors that may be negative."""
        factors = [1.0 for n in (*self.above, *self.below) if n.op != "number" or n.value < 0.0]
        return [*factors, *[p for s, p in self.sums.values() if not s.positive]]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a sum: above/below · exp(shift), times kernel(u) if there is one, reduced over rows if `op` is not empty."""

    above: tuple[Node, ...]
    below: tuple[Node, ...]
    shift: dict[int, tuple[Node, float]]
    kernel: tuple[str, Node] | None = None
    op: str = ""

    @property
    def bare(self) -> bool:
        """Whether it is exp(u) or 1."""
        return not (self.above or self.below or self.kernel or self.op)

    @property
    def positive(self) -> bool:
        """Whether it is above 0 for all values of the variables."""
        numbers = all(n.op == "number" and n.value > 0.0 for n in (*self.above, *self.below))
        return numbers and (self.kernel is None or self.kernel[0] == "cosh")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of terms, and its node."""

    terms: tuple[Term, ...]
    node: Node

    @property
    def positive(self) -> bool:
        """Whether all terms are above 0."""
        return all(t.positive for t in self.terms)


# -- products


def exponents(graph: Graph, node: Node) -> list[tuple[Node, float]]:
    """Return an exponent as a sum of nodes with multiples: -u is u with the multiple -1, 3 (b - a) is a - b with -3."""
    found = []
    for term in node.args if node.op == "add" else (node,):
        k = 1.0
        while True:
            if term.op == "neg":
                k, term = -k, term.args[0]
            elif term.op == "mul" and len(term.args) == 2 and term.args[0].op == "number" and k in (1.0, -1.0):
                if not SMALLEST <= abs(term.args[0].value) <= 1.0 / SMALLEST:
                    break
                k, term = k * term.args[0].value, term.args[1]
            else:
                break
        if term.op == "add" and [a.op == "neg" for a in term.args] == [False, True]:
            a, b = term.args[0], term.args[1].args[0]
            opposite = graph.make("add", b, algebra.neg(graph, a))
            if opposite.index < term.index:
                k, term = -k, opposite
        found.append((term, k))
    return found


def combined(*parts: Iterable[tuple[Node, float]]) -> dict[int, tuple[Node, float]]:
    """Return the sum of multiples of nodes, without those that cancel."""
    found: dict[int, tuple[Node, float]] = {}
    for part in parts:
        for node, k in part:
            total = k + found.get(node.index, (node, 0.0))[1]
            if total:
                found[node.index] = (node, total)
            else:
                found.pop(node.index, None)
    return found


def multiplied(products: Sequence[Product]) -> Product | None:
    """Return a product of products; None where roots meet that have no value for a negative number: sqrt(S) sqrt(S) is no S."""
    factors = [part for product in products for part in product.sums.items()]
    rooted = {index for index, (s, p) in factors if not (s.positive or p.is_integer())}
    if rooted and any(n > 1 for n in Counter([index for index, _ in factors if index in rooted]).values()):
        return None
    return merged(products)


def merged(products: Sequence[Product]) -> Product:
    """Return a product of products whose powers are whole, or whose sums differ."""
    sums: dict[int, tuple[Sum, float]] = {}
    for product in products:
        for index, (s, p) in product.sums.items():
            total = p + sums.get(index, (s, 0.0))[1]
            if total:
                sums[index] = (s, total)
            else:
                sums.pop(index, None)
    return Product(
        tuple([f for p in products for f in p.above if not algebra.is_number(f, 1.0)]),
        tuple([f for p in products for f in p.below]),
        combined(*[p.shift.values() for p in products]),
        sums,
        any(p.joined for p in products),
    )


def inverse(product: Product) -> Product:
    """Return 1 divided by a product."""
    return replace(
        product,
        above=product.below,
        below=product.above,
        shift={i: (n, -k) for i, (n, k) in product.shift.items()},
        sums={i: (s, -p) for i, (s, p) in product.sums.items()},
        joined=product.joined or bool(product.shift or product.sums),
    )


def raised(graph: Graph, product: Product, power: float) -> Product | None:
    """Return a product to a power other than 0; None where that is no product of powers.

    sqrt(S^2) is no S, sqrt(S)^2 neither, and sqrt(x y) no sqrt(x) sqrt(y), where S, x and y may be negative.
    """
    signed = product.signed
    for p in signed:
        if p.is_integer() and power.is_integer():
            continue
        if p % 2.0 == 0.0 or len(signed) > 1 or (p * power).is_integer():
            return None
    size = graph.number(abs(power))
    above, below = (tuple([algebra.power(graph, f, size) for f in part]) for part in (product.above, product.below))
    if power < 0.0:
        above, below = below, above
    return replace(
        product,
        above=above,
        below=below,
        shift={i: (n, k * power) for i, (n, k) in product.shift.items()},
        sums={i: (s, p * power) for i, (s, p) in product.sums.items()},
        joined=product.joined or (power < 1.0 and bool(product.shift or product.sums)),
    )


def collected(graph: Graph, terms: Iterable[tuple[Term, float]]) -> list[Term]:
    """Return the sum of multiples of terms, equal ones as one."""
    factors: dict[tuple[object, ...], tuple[Term, float]] = {}
    for t, k in terms:
        numbers = [n.value for n in t.above if n.op == "number"]
        rest = tuple([n for n in t.above if n.op != "number"])
        key = (
            frozenset(n.index for n in rest), len(rest), tuple([n.index for n in t.below]),
            frozenset((i, m) for i, (_, m) in t.shift.items()), t.kernel and (t.kernel[0], t.kernel[1].index),
        )  # fmt: skip
        total = k * math.prod(numbers) + factors.get(key, (t, 0.0))[1]
        factors[key] = (replace(t, above=rest), total)
    return [t if k == 1.0 else replace(t, above=(graph.number(k), *t.above)) for t, k in factors.values() if k != 0.0]


def without_expm1(graph: Graph, terms: list[Term]) -> list[Term]:
    """Return the terms of a sum with exp(u) in the place of 1 + expm1(u), which is 0 from u = -37 on."""
    for i, number in enumerate(terms):
        if number.shift or number.below or number.kernel or number.op:
            continue
        c = number.above[0].value if len(number.above) == 1 and number.above[0].op == "number" else 1.0
        if len(number.above) > 1 or (number.above and number.above[0].op != "number") or not 0.5 <= c <= 2.0:
            continue
        for j, t in enumerate(terms):
            if t.kernel is None or t.kernel[0] != "expm1" or t.above or t.below or t.shift or t.op:
                continue
            # c - 1 is exact.
            rest = [Term((graph.number(c - 1.0),), (), {})] if c != 1.0 else []
            power = Term((), (), combined(exponents(graph, t.kernel[1])))
            return [*rest, *[power if k == j else u for k, u in enumerate(terms) if k != i]]
    return terms


def times(graph: Graph, k: float, node: Node) -> Node:
    return algebra.neg(graph, node) if k == -1.0 else algebra.mul(graph, [graph.number(k), node])


def exponent_of(graph: Graph, shift: dict[int, tuple[Node, float]]) -> Node | None:
    """Return Σ k u, None where it is empty: first what is added, then what is subtracted."""
    if not shift:
        return None
    ordered = sorted(shift.values(), key=lambda part: part[1] < 0.0)
    return algebra.add(graph, [times(graph, k, u) for u, k in ordered])


# -- sums of two terms


def one_plus(graph: Graph, s: Sum) -> Node | None:
    """Return u where a sum is 1 + exp(u)."""
    if len(s.terms) != 2 or not all(t.bare for t in s.terms):
        return None
    a, b = s.terms
    if bool(a.shift) == bool(b.shift):
        return None
    return exponent_of(graph, a.shift or b.shift)


def logistic(
    graph: Graph, s: Sum, power: float, shift: dict[int, tuple[Node, float]]
) -> list[tuple[Node, float]] | None:
    """Return exp(shift)/(1 + exp(u))^n as powers of expit(u) and expit(-u): their arguments, each with its power.

    The multiples of u that they contain are removed from the shift. None for another sum.
    """
    u = one_plus(graph, s) if power < 0.0 else None
    if u is None:
        return None
    exponential = next(t.shift for t in s.terms if t.shift)
    n = -power
    count = min([shift.get(i, (node, 0.0))[1] / k for i, (node, k) in exponential.items()])
    count = min(max(count, 0.0), n)
    left = combined(shift.values(), [(node, -count * k) for node, k in exponential.values()])
    shift.clear()
    shift.update(left)
    return [(v, k) for v, k in ((u, count), (algebra.neg(graph, u), n - count)) if k]


def logarithm_of(graph: Graph, s: Sum, arrays: bool) -> Node | None:
    """Return the logarithm of a sum that has a function of its own."""
    u = one_plus(graph, s)
    if u is not None:
        return graph.make("softplus", u)
    if len(s.terms) == 2 and all(t.bare for t in s.terms):
        a, b = (exponent_of(graph, t.shift) for t in s.terms)
        return graph.make("logaddexp", a, b) if a is not None and b is not None else None
    (first, *others) = s.terms
    if arrays and not others and first.op == "sum" and not (first.above or first.below or first.kernel):
        u = exponent_of(graph, first.shift)
        return graph.array("logsumexp", u) if u is not None and u.shape else None
    if not others and first.kernel is not None and first.kernel[0] == "cosh" and not (first.above or first.below):
        return graph.make("logcosh", first.kernel[1]) if not (first.shift or first.op) else None
    return None
