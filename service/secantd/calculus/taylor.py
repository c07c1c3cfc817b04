"""The Taylor polynomial of a function at a point: coefficients, texts, and whether it is the function."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import forward
from secantd.calculus.answers import Formula
from secantd.calculus.evaluate import common_length
from secantd.calculus.formulas import formula
from secantd.calculus.jets import coefficients
from secantd.calculus.point import check_point, scalar
from secantd.calculus.polynomial import degree, expanded
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Graph, Node, algebra, symbols
from secantd.language import Function, Notation
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["Taylor", "Term", "taylor"]

# A derivative within so many units in the last place of a whole number is that number: 1/3! · 3! is 1.
SNAP = 64 * np.finfo(float).eps
# Of several variables, terms grow as (order + n choose n).
MANY_TERMS = 2_000


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Π (xᵢ - x₀ᵢ)^exponentᵢ; `derivative` is the coefficient times the factorials."""

    exponents: tuple[int, ...]
    coefficient: float
    derivative: float


@dataclass(frozen=True, slots=True)
class Taylor:
    """A Taylor polynomial, in powers of x - x₀ and multiplied out, and its values beside those of f."""

    variables: tuple[str, ...]
    terms: tuple[Term, ...]
    polynomial: Formula
    expanded: Formula
    equals_function: bool
    polynomial_values: NDArray[np.float64]
    function_values: NDArray[np.float64]
    notices: tuple[str, ...]


def taylor(
    function: Function,
    at: Mapping[str, float],
    order: int,
    notations: Sequence[Notation] = (),
    points: Mapping[str, NDArray[np.float64]] | None = None,
    *,
    limits: Limits | None = None,
) -> Taylor:
    """Return the Taylor polynomial of total degree `order` at a point.

    Args:
        function: A scalar function.
        at: x₀, one value for each variable.
        order: At least 0.
        notations: How to write the polynomial.
        points: Where to compare it with f, columns of shape (N,).
        limits: What is allowed.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where there is no expansion; INVALID_VALUE, UNKNOWN_VARIABLE,
            LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> t = taylor(read("x^4"), {"x": 1.0}, 6)
    >>> [term.derivative for term in t.terms], t.expanded.text, t.equals_function
    ([1.0, 4.0, 12.0, 24.0, 24.0, 0.0, 0.0], 'x^4', True)
    """
    limits = limits or Limits()
    output = scalar(function)
    if order < 0:
        raise CalculusError(Reason.INVALID_VALUE, f"the order is {order}", "take 0 or more", field="order")
    if order > limits.taylor_order:
        raise limit_exceeded("taylor_order", f"a polynomial of degree {order:,}", limits.taylor_order, field="order")
    if not at:
        raise CalculusError(Reason.INVALID_VALUE, "a Taylor polynomial needs a point", "give `at`", field="at")
    check_point(function, at, tuple(at))
    if not all(map(math.isfinite, at.values())):
        raise CalculusError(Reason.INVALID_VALUE, "the point is not finite", "take finite values", field="at")
    names = tuple(at)
    with function.lock:
        graph = function.graph
        if len(names) == 1:
            found = coefficients(graph, output, names[0], at, order)
            terms = [term((k,), c) for k, c in enumerate(found)]
        else:
            terms = many_variables(function, output, names, at, order)
        polynomial = in_powers(graph, names, at, terms)
        multiplied = expanded(graph, names, at, [(t.exponents, exact(t)) for t in terms])
        bound = degree(output)
    notices = list(function.notices)
    equal = bound is not None and bound <= order
    if bound is not None and bound > order and len(names) == 1 and bound <= limits.taylor_order:
        # A polynomial written in a higher degree than it has.
        equal = all(c == 0.0 for c in coefficients(graph, output, names[0], at, bound)[order + 1 :])
    of_p, of_f = values(function, output, polynomial, points or {})
    return Taylor(
        names,
        tuple(terms),
        formula(function, polynomial, notations, limits),
        formula(function, multiplied, notations, limits),
        equal,
        of_p,
        of_f,
        tuple(notices),
    )


def term(exponents: tuple[int, ...], coefficient: float) -> Term:
    """Return a term whose derivative is a whole number where it is one but for rounding."""
    factorial = math.prod(math.factorial(e) for e in exponents)
    try:
        derivative = coefficient * factorial
    except OverflowError:
        return Term(exponents, coefficient, math.copysign(math.inf, coefficient) if coefficient else 0.0)
    whole = float(round(derivative)) if abs(derivative) < 2**53 else derivative
    if whole and abs(derivative - whole) <= SNAP * abs(whole):
        derivative = whole
        coefficient = float(Fraction(int(whole), factorial))
    return Term(exponents, coefficient, derivative)


def exact(t: Term) -> Fraction:
    """Return the coefficient as a fraction: the whole derivative over its factorial, where it is whole."""
    if t.derivative.is_integer() and abs(t.derivative) < 2**53:
        return Fraction(int(t.derivative), math.prod(math.factorial(e) for e in t.exponents))
    return Fraction(t.coefficient)


def many_variables(
    function: Function, output: Node, names: tuple[str, ...], at: Mapping[str, float], order: int
) -> list[Term]:
    """Return the terms of several variables: one derivative from another, each of them once."""
    count = math.comb(order + len(names), len(names))
    if count > MANY_TERMS:
        raise limit_exceeded(
            "taylor_terms", f"the polynomial has {count:,} terms", MANY_TERMS, "lower the order", "order"
        )
    graph = function.graph
    derived: dict[tuple[int, ...], Node] = {(): output}
    keys: list[tuple[int, ...]] = [()]
    for degree_ in range(1, order + 1):
        for key in combinations_with_replacement(range(len(names)), degree_):
            derived[key] = forward.derivative(graph, derived[key[:-1]], names[key[-1]])
            keys.append(key)
    nodes = [derived[k] for k in keys]
    inputs = symbols([output, *nodes])
    found = compile_program(nodes, inputs, graph.columns).point([at[v] for v in inputs])
    terms = []
    for key, value in zip(keys, found, strict=True):
        if not math.isfinite(value):
            place = ", ".join(f"{n} = {v:g}" for n, v in at.items())
            raise CalculusError(
                Reason.UNDEFINED_AT_POINT,
                f"f has no Taylor expansion at {place}: a derivative of order {len(key)} does not exist there",
                "take another point",
                field="at",
            )
        exponents = tuple(key.count(i) for i in range(len(names)))
        terms.append(term(exponents, value / math.prod(math.factorial(e) for e in exponents)))
    return terms


def in_powers(graph: Graph, names: tuple[str, ...], at: Mapping[str, float], terms: Sequence[Term]) -> Node:
    """Return Σ c·(x - x₀)^k as it stands in a textbook, without its zeros."""
    shifted = [algebra.add(graph, [graph.symbol(n), graph.number(-at[n])]) for n in names]
    shifted = [
        s if at[n] <= 0 else graph.make("add", graph.symbol(n), graph.make("neg", graph.number(at[n])))
        for s, n in zip(shifted, names, strict=True)
    ]
    written = []
    for t in terms:
        if t.coefficient == 0.0:
            continue
        powers = [
            algebra.power(graph, s, graph.number(float(e))) for s, e in zip(shifted, t.exponents, strict=True) if e
        ]
        written.append(fraction_times(graph, exact(t), powers))
    return graph.make("add", *written) if len(written) > 1 else written[0] if written else graph.number(0.0)


def fraction_times(graph: Graph, coefficient: Fraction, powers: Sequence[Node]) -> Node:
    """Return ±p·powers/q; a fraction that is no short one is written as a decimal."""
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
    """Whether a fraction is what a person would write: not the binary expansion of a decimal."""
    return value.denominator & (value.denominator - 1) != 0 or value.denominator <= 64


def values(
    function: Function, output: Node, polynomial: Node, points: Mapping[str, NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the polynomial and f at points."""
    if not points:
        return np.empty(0), np.empty(0)
    count = common_length(points)
    names = symbols([output, polynomial])
    for name in names:
        if name not in points:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE, f"there is no column for '{name}'", field="points", metadata={"name": name}
            )
    program = compile_program([polynomial, output], names, function.graph.columns)
    of_p, of_f = (
        program.batch({n: np.broadcast_to(points[n], (count,)) for n in names})
        if names
        else (np.full(count, v) for v in program.point([]))
    )
    return np.asarray(of_p), np.asarray(of_f)
