"""The tangent line, plane or hyperplane at a point; where there is none, the kink or vertical tangent."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from secantd.calculus.arrays.expansion import array_tangent
from secantd.calculus.contact import Slope, contact_along, contact_notice
from secantd.calculus.formulas import formula
from secantd.calculus.numbers import numbers_at, partials
from secantd.calculus.point import check_point, require_point, scalar
from secantd.calculus.results import Contact, Tangent
from secantd.calculus.settle import VALUE_IS_LIMIT, settle, wanted_up_to
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, symbols
from secantd.language import Function, Notation
from secantd.program import compile as compile_program
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["tangent"]


def tangent(
    function: Function, at: Mapping[str, float], notations: Sequence[Notation] = (), *, limits: Limits | None = None
) -> Tangent:
    """Return the tangent of a scalar function at a point.

    Args:
        function: The function.
        at: The point, a finite value for each variable.
        notations: The notations of the equation; empty: the function's own.
        limits: The limits that apply.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f is not finite; UNKNOWN_VARIABLE, INVALID_VALUE.

    >>> from secantd.language import read
    >>> tangent(read("x^3 - 3*x^2 + x"), {"x": 1.0}).equation.text
    '1 - 2 * x'
    """
    limits = limits or DEFAULT_LIMITS
    if function.arrays:
        return array_tangent(function, at, notations, limits)
    output = scalar(function)
    require_point(at, "a tangent")
    # A constant function takes the variables of the point.
    at = check_point(function, at, () if function.variables else tuple(at), finite=True)
    names = tuple(at)
    stable, *found = partials(function, 1, names)
    numbers = numbers_at(function, 1, names, at)
    remarks: list[str] = []
    are_limits = settle(function, wanted_up_to(output, names, 1), numbers, at, remarks, limits)
    value, *slopes = numbers
    notices = list(function.notices)
    if not math.isfinite(value):
        place = ", ".join(f"{n} = {v:g}" for n, v in at.items())
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT, f"f is not defined at {place}", "choose another point", field="at"
        )
    slope_limits = tuple(are_limits[1:])
    contact, left, right = Contact.TANGENT, None, None
    for name, partial, slope, by_limit in zip(names, found, slopes, slope_limits, strict=True):
        if by_limit and math.isfinite(slope):
            # Both sides have this slope, which the formulas beside the point would show with rounding errors only.
            continue
        along = slope_along(function, stable, partial, name, at, (slope, value))
        kind, from_left, from_right = contact_along(along, at[name], name)
        if kind is not Contact.TANGENT:
            contact = kind
            left, right = (from_left, from_right) if len(names) == 1 else (None, None)
            notices.append(contact_notice(kind, name, from_left, from_right))
            break
    if contact is not Contact.TANGENT:
        notices += [VALUE_IS_LIMIT] * are_limits[0]
        return Tangent(
            names,
            None,
            tuple(slopes),
            value,
            math.nan,
            contact,
            left,
            right,
            tuple(notices),
            are_limits[0],
            slope_limits,
        )
    # Those on a kink or a cusp are in the notice above.
    notices += remarks
    if not all(map(math.isfinite, slopes)):
        name = names[next(i for i, s in enumerate(slopes) if not math.isfinite(s))]
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT,
            f"f has no derivative with respect to '{name}' there",
            "choose another point",
            field="at",
        )
    intercept = intercept_of(value, slopes, [at[n] for n in names])
    with function.lock:
        equation = plane(function.graph, names, slopes, intercept)
    written = formula(function, equation, notations, limits, notices=notices)
    return Tangent(
        names,
        written,
        tuple(slopes),
        value,
        intercept,
        contact,
        None,
        None,
        tuple(notices),
        are_limits[0],
        slope_limits,
    )


def intercept_of(value: float, slopes: Sequence[float], point: Sequence[float]) -> float:
    """Return f(x₀) - Σ slopeᵢ x₀ᵢ.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where it is larger than the largest double.

    >>> intercept_of(-1.5e308, [1.0, -1.5e308], [-1.5e308, 1.0])
    1.5e+308
    """
    products = [s * x for s, x in zip(slopes, point, strict=True)]
    try:
        found = value - math.fsum(products)
        if math.isfinite(found):
            return found
    except (OverflowError, ValueError):
        # A partial sum overflowed, or products are infinite with both signs.
        pass
    whole = Fraction(value) - sum(Fraction(s) * Fraction(x) for s, x in zip(slopes, point, strict=True))
    try:
        return float(whole)
    except OverflowError:
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT,
            "the intercept of the tangent is larger than 1.8e308, the largest double",
            "choose a point nearer to 0",
            field="at",
        ) from None


def plane(graph: Graph, names: Sequence[str], slopes: Sequence[float], intercept: float) -> Node:
    """Return intercept + Σ slope·x, positive terms first."""
    terms = [graph.number(intercept)] if intercept else []
    for name, slope in zip(names, slopes, strict=True):
        if slope:
            size = algebra.mul(graph, [graph.number(abs(slope)), graph.symbol(name)])
            terms.append(size if slope > 0 else graph.make("neg", size))
    leading = [t for t in terms if t.op != "neg" and not (t.op == "number" and t.value < 0)]
    others = [graph.make("neg", graph.number(-t.value)) if t.op == "number" else t for t in terms if t not in leading]
    return graph.make("add", *leading, *others) if len(terms) > 1 else terms[0] if terms else graph.number(0.0)


def slope_along(
    function: Function, output: Node, partial: Node, name: str, at: Mapping[str, float], here: tuple[float, float]
) -> Slope:
    """Return the slope and the value of f as functions of an offset along one variable; `here` are those at the point."""
    inputs = symbols([partial, output])
    program = compile_program([partial, output], inputs, function.graph.columns)

    def slope(offset: float) -> tuple[float, float]:
        if offset == 0.0:
            return here
        found = program.point([at[v] + (offset if v == name else 0.0) for v in inputs])
        return found[0], found[1]

    return slope
