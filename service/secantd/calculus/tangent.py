"""The tangent line, plane or hyperplane at a point; where there is none, the kink or vertical tangent."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from secantd.calculus.formulas import formula
from secantd.calculus.point import check_point, require_point, scalar
from secantd.calculus.results import Contact, Form, Tangent
from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, symbols
from secantd.language import Function, Notation
from secantd.settings import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from secantd.calculus.contact import Slope

__all__ = ["tangent", "touching"]


def tangent(
    function: Function,
    at: Mapping[str, float],
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    *,
    limits: Limits | None = None,
) -> Tangent:
    """Return the tangent of a scalar function at a point.

    Args:
        function: The function.
        at: The point, a finite value for each variable.
        notations: The notations of the equation; empty: the function's own.
        form: The form of the equation.
        limits: The limits that apply.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f is not finite; UNKNOWN_VARIABLE, INVALID_VALUE.

    >>> from secantd.language import read
    >>> tangent(read("x^3 - 3*x^2 + x"), {"x": 1.0}).equation.text
    '1 - 2 * x'
    """
    from secantd.calculus.arrays.expansion import array_tangent
    from secantd.calculus.exactforms import exact_plane

    limits = limits or DEFAULT_LIMITS
    if function.arrays:
        return array_tangent(function, at, notations, form, limits)
    scalar(function)
    require_point(at, "a tangent")
    # A constant function takes the variables of the point.
    at = check_point(function, at, () if function.variables else tuple(at), finite=True)
    names = tuple(at)
    touch = touching(function, names, at, limits)
    value, slopes, notices = touch.value, touch.slopes, (*function.notices, *touch.notices)
    if touch.contact is not Contact.TANGENT:
        left, right = (touch.left, touch.right) if len(names) == 1 else (None, None)
        return Tangent(
            names,
            None,
            slopes,
            value,
            math.nan,
            touch.contact,
            left,
            right,
            notices,
            touch.value_is_limit,
            touch.slopes_are_limits,
        )
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
        remarks = list(notices)
        equation = plane(function.graph, names, slopes, intercept)
        are_limits = (touch.value_is_limit, *touch.slopes_are_limits)
        exact = exact_plane(function, scalar(function), at, (value, *slopes), are_limits, form, remarks)
    written = formula(function, equation, notations, limits, form=form, notices=remarks, exact=exact, as_written=True)
    return Tangent(
        names,
        written,
        slopes,
        value,
        intercept,
        touch.contact,
        None,
        None,
        tuple(remarks),
        touch.value_is_limit,
        touch.slopes_are_limits,
    )


class Touching(NamedTuple):
    """f and its slopes at a point, and how its graph meets the line or plane with these slopes.

    Attributes:
        value: f.
        slopes: ∂f/∂xᵢ.
        contact: The contact along the first variable along which it is no tangent.
        left: The slope from the left along this variable; None for a tangent.
        right: The slope from the right.
        notices: Notices.
        value_is_limit: Whether `value` is a limit.
        slopes_are_limits: Whether each of `slopes` is one.
    """

    value: float
    slopes: tuple[float, ...]
    contact: Contact
    left: float | None
    right: float | None
    notices: tuple[str, ...]
    value_is_limit: bool
    slopes_are_limits: tuple[bool, ...]


def touching(function: Function, names: tuple[str, ...], at: Mapping[str, float], limits: Limits) -> Touching:
    """Return how the graph of a function meets its tangent at a point, along some variables.

    Args:
        function: A scalar function of numbers.
        names: The variables.
        at: The value of each variable of the function.
        limits: The limits that apply.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f is not finite or jumps.
    """
    from secantd.calculus.contact import contact_along, contact_notice
    from secantd.calculus.numbers import numbers_at, partials
    from secantd.calculus.settle import VALUE_IS_LIMIT, settle, wanted_up_to

    stable, *found = partials(function, 1, names)
    numbers = numbers_at(function, 1, names, at)
    remarks: list[str] = []
    are_limits = settle(function, wanted_up_to(scalar(function), names, 1), numbers, at, remarks, limits)
    value, *slopes = numbers
    if not math.isfinite(value):
        place = ", ".join(f"{n} = {v:g}" for n, v in at.items())
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT, f"f is not defined at {place}", "choose another point", field="at"
        )
    marks = tuple(are_limits[1:])
    for name, partial, slope, by_limit in zip(names, found, slopes, marks, strict=True):
        if by_limit and math.isfinite(slope):
            # Both sides have this slope, which the formulas beside the point would show with rounding errors only.
            continue
        along = slope_along(function, stable, partial, name, at, (slope, value))
        kind, left, right = contact_along(along, at[name], name)
        if kind is not Contact.TANGENT:
            # The remarks have the kink, too.
            notices = (contact_notice(kind, name, left, right), *[VALUE_IS_LIMIT] * are_limits[0])
            return Touching(value, tuple(slopes), kind, left, right, notices, are_limits[0], marks)
    return Touching(value, tuple(slopes), Contact.TANGENT, None, None, tuple(remarks), are_limits[0], marks)


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
) -> "Slope":
    """Return the slope and the value of f as functions of an offset along one variable; `here` are those at the point."""
    from secantd.program import compile as compile_program

    inputs = symbols([partial, output])
    program = compile_program([partial, output], inputs, function.graph.columns)

    def slope(offset: float) -> tuple[float, float]:
        if offset == 0.0:
            return here
        found = program.point([at[v] + (offset if v == name else 0.0) for v in inputs])
        return found[0], found[1]

    return slope
