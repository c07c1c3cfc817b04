"""The Taylor polynomial of a function at a point: coefficients, formulas, and whether it equals the function."""

import math
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from secantd.calculus import forward
from secantd.calculus.columnresults import Taylor
from secantd.calculus.formulas import Allowance, formula
from secantd.calculus.point import check_columns, check_order, check_point, require_point, scalar
from secantd.calculus.results import Form, Term
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Graph, Node, algebra, reachable, symbols
from secantd.functions import INNER
from secantd.language import Function, Notation
from secantd.settings import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["taylor"]

# A derivative within this relative distance of a whole number is rounded to it: 1/3! · 3! is 1.
SNAP = 64 * sys.float_info.epsilon


def taylor(
    function: Function,
    at: Mapping[str, float],
    order: int,
    notations: Sequence[Notation] = (),
    points: "Mapping[str, NDArray[np.float64]] | None" = None,
    form: Form = Form.LIGHT,
    *,
    limits: Limits | None = None,
) -> Taylor:
    """Return the Taylor polynomial of total degree `order` at a point.

    Args:
        function: A scalar function.
        at: x₀, one value for each variable.
        order: The degree, at least 0.
        notations: The notations of the polynomial; empty: the function's own.
        points: Points at which it is compared with f, columns of shape (N,) or (1,).
        form: The form of its formulas.
        limits: The limits that apply.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where there is no expansion; INVALID_VALUE, UNKNOWN_VARIABLE,
            LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> t = taylor(read("x^4"), {"x": 1.0}, 6)
    >>> [term.derivative for term in t.terms], t.expanded.text, t.equals_function
    ([1.0, 4.0, 12.0, 24.0, 24.0, 0.0, 0.0], 'x^4', True)
    """
    from secantd.calculus.arrays.expansion import array_taylor
    from secantd.calculus.exactforms import exact_polynomial, fraction_of
    from secantd.calculus.jets import coefficients
    from secantd.calculus.polynomial import degree, multiplied_out

    limits = limits or DEFAULT_LIMITS
    if function.arrays:
        return array_taylor(function, at, order, notations, points or {}, form, limits)
    output = smooth_output(function)
    if order > limits.taylor_order:
        raise limit_exceeded("taylor_order", f"a polynomial of degree {order:,}", limits.taylor_order, field="order")
    check_order(order, limits.taylor_order)
    require_point(at, "a Taylor polynomial")
    # A constant function takes the variables of the point.
    at = check_point(function, at, () if function.variables else tuple(at), finite=True)
    columns, count = check_columns(function, points, at) if points else ({}, 0)
    names = tuple(at)
    graph = function.graph
    try:
        with function.lock:
            terms = expanded(function, output, names, at, order, limits)
    except CalculusError as error:
        if error.reason is not Reason.UNDEFINED_AT_POINT:
            raise
        terms = by_limits(function, output, names, at, order, limits)
        if not terms:
            raise
    with function.lock:
        polynomial = in_powers(graph, names, at, terms)
        multiplied = multiplied_out(graph, names, at, [(t.exponents, fraction_of(t)) for t in terms])
        bound = degree(output)
        notices = list(function.notices)
        exact = exact_polynomial(function, output, at, terms, form, notices)
    equal = bound is not None and bound <= order
    if (
        bound is not None
        and bound > order
        and len(names) == 1
        and not terms[0].value_is_limit
        and bound <= limits.taylor_order
    ):
        # The bound may be larger than the degree: x^3 - x^3 + x.
        equal = all(c == 0.0 for c in coefficients(graph, output, names[0], at, bound)[order + 1 :])
    allowance = Allowance(limits)
    in_shifted, in_x = (
        formula(
            function,
            p,
            notations,
            limits,
            form=form,
            notices=notices,
            exact=other,
            allowance=allowance,
            as_written=True,
        )
        for p, other in (
            (polynomial, None if exact is None else exact.shifted),
            (multiplied, None if exact is None else exact.expanded),
        )
    )
    of_p, of_f = values(function, output, polynomial, columns, count)
    return Taylor(
        names,
        tuple(terms),
        in_shifted,
        in_x,
        equal,
        of_p,
        of_f,
        tuple(notices),
    )


def smooth_output(function: Function) -> Node:
    """Return f, written so that it does not overflow unless that contains a maximum, which has no Taylor polynomial."""
    from secantd.program import stable_outputs
    from secantd.program.smooth import without_rows

    output = scalar(function)
    stable = without_rows(function.graph, stable_outputs(function)[0])
    return output if any(n.op in INNER for n in reachable([stable])) else stable


def expanded(
    function: Function, output: Node, names: tuple[str, ...], at: Mapping[str, float], order: int, limits: Limits
) -> list[Term]:
    """Return the terms by power series arithmetic for one variable, and by derivatives for several."""
    from secantd.calculus.jets import coefficients

    if len(names) > 1:
        return many_variables(function, output, names, at, order, limits)
    found = coefficients(function.graph, output, names[0], at, order)
    return [term((k,), c) for k, c in enumerate(found)]


def by_limits(
    function: Function, output: Node, names: tuple[str, ...], at: Mapping[str, float], order: int, limits: Limits
) -> list[Term]:
    """Return the terms by limits beside the point, where the formula has no value or a kink; empty if there are none."""
    from secantd.calculus.settle import expansion

    keys = [key for k in range(order + 1) for key in combinations_with_replacement(range(len(names)), k)]
    found = expansion(function, output, [tuple(names[i] for i in key) for key in keys], at, limits)
    terms = []
    for key, value in zip(keys, found or (), strict=False):
        exponents = tuple(key.count(i) for i in range(len(names)))
        terms.append(term(exponents, value / math.prod(map(math.factorial, exponents)), True))
    return terms


def term(exponents: tuple[int, ...], coefficient: float, is_limit: bool = False) -> Term:
    """Return a term, with its derivative rounded to a whole number if it differs from one by rounding only."""
    factorial = math.prod(math.factorial(e) for e in exponents)
    try:
        derivative = coefficient * factorial
    except OverflowError:
        return Term(exponents, coefficient, math.copysign(math.inf, coefficient) if coefficient else 0.0, is_limit)
    whole = float(round(derivative)) if abs(derivative) < 2**53 else derivative
    if whole and abs(derivative - whole) <= SNAP * abs(whole):
        derivative = whole
        coefficient = float(Fraction(int(whole), factorial))
    return Term(exponents, coefficient, derivative, is_limit)


def many_variables(
    function: Function, output: Node, names: tuple[str, ...], at: Mapping[str, float], order: int, limits: Limits
) -> list[Term]:
    """Return the terms of several variables; each derivative is computed once, from one of lower order."""
    from secantd.calculus.jets import require_smooth
    from secantd.program import compile as compile_program

    count = math.comb(order + len(names), len(names))
    if count > limits.taylor_terms:
        headline = f"the polynomial has {count:,} terms"
        raise limit_exceeded("taylor_terms", headline, limits.taylor_terms, "lower the order", "order")
    graph = function.graph
    for name in names:
        require_smooth(graph, output, name, at, order)
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
                "choose another point",
                field="at",
            )
        exponents = tuple(key.count(i) for i in range(len(names)))
        terms.append(term(exponents, value / math.prod(math.factorial(e) for e in exponents)))
    return terms


def in_powers(graph: Graph, names: tuple[str, ...], at: Mapping[str, float], terms: Sequence[Term]) -> Node:
    """Return Σ c·(x - x₀)^k without zero terms."""
    from secantd.calculus.exactforms import fraction_of, written_fraction

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
        written.append(written_fraction(graph, fraction_of(t), powers))
    return graph.make("add", *written) if len(written) > 1 else written[0] if written else graph.number(0.0)


def values(
    function: Function, output: Node, polynomial: Node, points: "Mapping[str, NDArray[np.float64]]", count: int
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the polynomial and f at points."""
    import numpy as np

    from secantd.program import compile as compile_program

    if not points:
        return np.empty(0), np.empty(0)
    names = symbols([output, polynomial])
    program = compile_program([polynomial, output], names, function.graph.columns)
    of_p, of_f = (
        program.batch({n: np.broadcast_to(points[n], (count,)) for n in names})
        if names
        else (np.full(count, v) for v in program.point([]))
    )
    return np.asarray(of_p), np.asarray(of_f)
