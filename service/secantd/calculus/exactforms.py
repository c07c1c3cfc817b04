"""Taylor polynomials and tangents with exact constants, as they are printed."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Final

from secantd.calculus import forward
from secantd.calculus.exactnumbers import Exact, ExactNumbers, NotExactError
from secantd.calculus.exactseries import ExactPoint, constant_at, exact_coefficients, exact_point
from secantd.calculus.formulas import note
from secantd.calculus.results import Form, Term
from secantd.expression import Graph, Node, algebra
from secantd.language import Function

__all__ = ["ExactPolynomial", "exact_plane", "exact_polynomial", "fraction_of", "note_multiples", "written_fraction"]

# A limit is known as a number; it is taken for the fraction with a denominator up to this that is the same double.
DENOMINATOR: Final = 1000
# The most terms of several variables that are computed exactly.
TERMS: Final = 200

Key = tuple[int, ...]


class ExactPolynomial:
    """A polynomial with exact constants.

    Attributes:
        shifted: It in powers of x - x₀.
        expanded: It in powers of x; None where a coefficient has no exact form.
    """

    def __init__(self, shifted: Node, expanded: Node | None) -> None:
        self.shifted = shifted
        self.expanded = expanded


def exact_polynomial(
    function: Function,
    output: Node,
    at: Mapping[str, float],
    terms: Sequence[Term],
    form: Form,
    notices: list[str],
) -> ExactPolynomial | None:
    """Return the polynomial of some terms with exact constants; None at a decimal point, unless its form asks for it.

    Args:
        function: The function; the caller holds its lock.
        output: f.
        at: x₀.
        terms: The terms, with their coefficients in numbers.
        form: The form that is asked for.
        notices: Receives a notice on coordinates that are multiples of pi.
    """
    graph = function.graph
    at = {name: float(x) for name, x in at.items()}
    point = exact_point(graph, function.outputs, at, everywhere=form is not Form.LIGHT)
    if point is None:
        return None
    found = coefficients_of(graph, output, at, terms, point)
    if all(c is None for c in found):
        return None
    note_multiples(point, at, notices)
    numbers = point.numbers
    shifts = [shift(graph, name, at[name], point) for name in at]
    written: list[Node] = []
    for term, constant in zip(terms, found, strict=True):
        powers = [
            algebra.power(graph, s, graph.number(float(e))) for s, e in zip(shifts, term.exponents, strict=True) if e
        ]
        try:
            if constant is not None:
                written += [numbers.term(constant, powers)] if constant else []
                continue
        except NotExactError:
            pass
        if term.coefficient:
            written.append(written_fraction(graph, fraction_of(term), powers))
    shifted = graph.make("add", *written) if len(written) > 1 else written[0] if written else graph.number(0.0)
    return ExactPolynomial(shifted, expanded(graph, list(at), terms, found, point))


def coefficients_of(
    graph: Graph, output: Node, at: Mapping[str, float], terms: Sequence[Term], point: ExactPoint
) -> list[Exact | None]:
    """Return the exact coefficient of each term, None where there is none."""
    numbers = point.numbers
    if any(t.value_is_limit for t in terms):
        return [limit_of(numbers, t) for t in terms]
    scale = max(abs(t.coefficient) for t in terms)
    if len(at) == 1:
        (name,) = at
        return exact_coefficients(graph, output, name, at, point, [t.coefficient for t in terms])
    if len(terms) > TERMS:
        return [None] * len(terms)
    names = list(at)
    derived: dict[Key, Node] = {(0,) * len(names): output}
    found: list[Exact | None] = []
    for term in terms:
        key = term.exponents
        if key not in derived:
            i = max(i for i, e in enumerate(key) if e)
            lower = (*key[:i], key[i] - 1, *key[i + 1 :])
            derived[key] = forward.derivative(graph, derived[lower], names[i], exact=True)
        factorials = math.prod(map(math.factorial, key))
        constant = constant_at(graph, derived[key], at, point, term.derivative, scale * factorials)
        found.append(None if constant is None else numbers.scale(constant, Fraction(1, factorials)))
    return found


def limit_of(numbers: ExactNumbers, term: Term) -> Exact | None:
    """Return the coefficient of a term that is a limit, if it is a simple fraction."""
    found = Fraction(term.derivative).limit_denominator(DENOMINATOR) if math.isfinite(term.derivative) else None
    if found is None or float(found) != term.derivative:
        return None
    return numbers.rational(found / math.prod(map(math.factorial, term.exponents)))


def note_multiples(point: ExactPoint, at: Mapping[str, float], notices: list[str]) -> None:
    for name in point.multiples:
        part = next(iter(point.at[name].values()))
        above = {1: "pi", -1: "-pi"}.get(part.numerator, f"{part.numerator}*pi")
        text = above if part.denominator == 1 else f"{above}/{part.denominator}"
        note(notices, f"formulas with exact constants have {text} for {name} = {at[name]!r}, its nearest double")


def shift(graph: Graph, name: str, x: float, point: ExactPoint) -> Node:
    """Return x - x₀."""
    symbol = graph.symbol(name)
    if x == 0.0:
        return symbol
    if name not in point.multiples:
        return graph.make("add", symbol, graph.make("neg", graph.number(x)) if x > 0 else graph.number(-x))
    size = point.numbers.node(point.numbers.scale(point.at[name], Fraction(-1 if x < 0 else 1)))
    return graph.make("add", symbol, graph.make("neg", size) if x > 0 else size)


def expanded(
    graph: Graph, names: Sequence[str], terms: Sequence[Term], found: Sequence[Exact | None], point: ExactPoint
) -> Node | None:
    """Return the polynomial multiplied out, highest powers first; None where that has no exact form."""
    numbers = point.numbers
    total: dict[Key, Exact] = {}
    try:
        for term, constant in zip(terms, found, strict=True):
            if constant is None:
                return None
            ranges = [
                range(e + 1) if point.at[n] else range(e, e + 1) for n, e in zip(names, term.exponents, strict=True)
            ]
            for key in product(*ranges) if constant else ():
                part = constant
                for n, e, k in zip(names, term.exponents, key, strict=True):
                    back = numbers.power(numbers.scale(point.at[n], Fraction(-1)), Fraction(e - k))
                    part = numbers.scale(numbers.mul(part, back), Fraction(math.comb(e, k)))
                total[key] = numbers.add([total.get(key, {}), part])
        parts: list[Node] = []
        for key in sorted((k for k, c in total.items() if c), key=lambda k: (-sum(k), tuple(-e for e in k))):
            powers = [
                algebra.power(graph, graph.symbol(n), graph.number(float(e)))
                for n, e in zip(names, key, strict=True)
                if e
            ]
            parts += terms_of(numbers, total[key], powers)
    except NotExactError:
        return None
    return graph.make("add", *parts) if len(parts) > 1 else parts[0] if parts else graph.number(0.0)


def terms_of(numbers: ExactNumbers, constant: Exact, powers: Sequence[Node]) -> list[Node]:
    """Return a constant times powers as terms of a sum."""
    if powers or len(constant) < 2:
        return [numbers.term(constant, powers)] if constant else []
    return sorted([numbers.term({p: q}, []) for p, q in constant.items()], key=lambda n: n.op == "neg")


def exact_plane(
    function: Function,
    output: Node,
    at: Mapping[str, float],
    numbers_found: Sequence[float],
    are_limits: Sequence[bool],
    form: Form,
    notices: list[str],
) -> Node | None:
    """Return the right side of the equation of a tangent with exact constants, None where it has no such form.

    Args:
        function: The function; the caller holds its lock.
        output: f.
        at: The point.
        numbers_found: f and its slopes.
        are_limits: Which of these are limits.
        form: The form that is asked for.
        notices: Receives a notice on coordinates that are multiples of pi.
    """
    graph = function.graph
    at = {name: float(x) for name, x in at.items()}
    point = exact_point(graph, function.outputs, at, everywhere=form is not Form.LIGHT)
    if point is None:
        return None
    numbers, names = point.numbers, list(at)
    constants: list[Exact] = []
    scale = max(map(abs, numbers_found))
    for name, value, limit in zip(["", *names], numbers_found, are_limits, strict=True):
        if limit:
            constant = limit_of(numbers, Term((), value, value))
        else:
            node = forward.derivative(graph, output, name, exact=True) if name else output
            constant = constant_at(graph, node, at, point, value, scale)
        if constant is None:
            return None
        constants.append(constant)
    height, *slopes = constants
    try:
        steps = [numbers.mul(s, point.at[n]) for n, s in zip(names, slopes, strict=True)]
        intercept = numbers.add([height, *[numbers.scale(s, Fraction(-1)) for s in steps]])
        terms = terms_of(numbers, intercept, [])
        for name, slope in zip(names, slopes, strict=True):
            terms += terms_of(numbers, slope, [graph.symbol(name)])
    except NotExactError:
        return None
    note_multiples(point, at, notices)
    ordered = sorted(terms, key=lambda t: t.op == "neg")
    return graph.make("add", *ordered) if len(ordered) > 1 else ordered[0] if ordered else graph.number(0.0)


# -- numbers ---------------------------------------------------------------------------------------------------------


def fraction_of(t: Term) -> Fraction:
    """Return the coefficient as a fraction; if the derivative is a whole number, derivative over factorial."""
    if t.derivative.is_integer() and abs(t.derivative) < 2**53:
        return Fraction(int(t.derivative), math.prod(math.factorial(e) for e in t.exponents))
    return Fraction(t.coefficient)


def written_fraction(graph: Graph, coefficient: Fraction, powers: Sequence[Node]) -> Node:
    """Return ±p·powers/q; a long fraction is written as a decimal."""
    negative, size = coefficient < 0, abs(coefficient)
    if size.denominator >= 2**53 or size.numerator >= 2**53 or not short(size):
        above, below = float(size), 1.0
    else:
        above, below = float(size.numerator), float(size.denominator)
    factors = ([graph.number(above)] if above != 1.0 or not powers else []) + list(powers)
    node = graph.make("mul", *factors) if len(factors) > 1 else factors[0]
    if below != 1.0:
        node = graph.make("div", node, graph.number(below))
    return graph.make("neg", node) if negative else node


def short(value: Fraction) -> bool:
    """Whether a fraction is one that a person would write, and not the binary expansion of a decimal."""
    return value.denominator & (value.denominator - 1) != 0 or value.denominator <= 64
