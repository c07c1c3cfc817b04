"""A function and its Taylor polynomials of several orders."""

import math
from itertools import cycle

import numpy as np

from secantd.calculus.taylor import taylor
from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.curve import curve_line, interval_of, subject, words_for_gaps
from secantd.figure.request import PlotRequest, TaylorFigure
from secantd.figure.scene import Array, Layer, Line, Points, Scene
from secantd.figure.style import ALTERNATIVES, TANGENT
from secantd.figure.values import curve_of, values_of
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["polynomials"]

ORDERS = (0, 1, 5, 10)
REACH = 4.0
# Room for polynomials that leave f, above and below its curve, in heights of the curve.
ROOM = 0.75


def polynomials(request: PlotRequest, figure: TaylorFigure, limits: Limits) -> Scene:
    """Return the curve and a polynomial for each order.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNDEFINED_AT_POINT, LIMIT_EXCEEDED.
    """
    (name,) = ranges.check_variables(request, 1, "a Taylor polynomial")
    at, orders = figure.at, tuple(sorted(set(figure.orders or ORDERS)))
    ranges.check_number_of("orders", len(orders), limits.figure_orders, "taylor.orders")
    ranges.check_drawable([at], "taylor.at", "the point")
    for i, order in enumerate(figure.orders):
        if order < 0:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the order is {order}",
                "choose an order of at least 0",
                field=f"taylor.orders[{i}]",
            )
    (y,) = values_of(request.function, name, [at])
    if not math.isfinite(y):
        raise ranges.undefined(request.function, f"at {name} = {at:g}", "taylor.at")
    interval = interval_of(request, name, [at], REACH)
    found = curve_of(request.function, name, interval, [y])
    low, high = found.shown
    shown = low - ROOM * (high - low), high + ROOM * (high - low)
    coefficients = expansion(request, name, at, orders[-1], limits)
    layers: list[Layer] = [curve_line(found, name)]
    x = np.linspace(*interval, 801)
    for order, style in zip(orders, cycle(ALTERNATIVES), strict=False):
        values = horner(coefficients[: order + 1], x - at)
        reach = 3 * (shown[1] - shown[0])
        with np.errstate(invalid="ignore"):
            values = np.where((values > shown[0] - reach) & (values < shown[1] + reach), values, np.nan)
        layers.append(Line(x, values, style, f"T{lowered(order)}"))
    layers.append(Points(np.array([at]), np.array([y]), TANGENT.marked("o"), f"{name} = {words.number(at)}"))
    description = (
        f"The curve of {subject(request, name)} for {words.interval(name, interval)}, with its Taylor polynomials of "
        f"order {series(orders)} at {name} = {words.number(at)}: "
        f"{series([departure(coefficients[: o + 1], o, at, found.x, found.y, interval) for o in orders])}."
    )
    return Scene(
        words.heading(request.function, [name]),
        (words.axis(name), words.value_axis([name])),
        (interval, shown),
        layers,
        description + words_for_gaps(found, name),
        found.notices,
    )


def expansion(request: PlotRequest, name: str, at: float, order: int, limits: Limits) -> Array:
    """Return the coefficients of (x - x₀)^k, shape (order + 1,)."""
    try:
        found = taylor(request.function, {name: at}, order, limits=limits)
    except CalculusError as error:
        error.field = {"at": "taylor.at", "order": "taylor.orders"}.get(error.field, error.field)
        error.hint = error.hint or "choose lower orders"
        raise
    return np.array([term.coefficient for term in found.terms])


def horner(coefficients: Array, t: Array) -> Array:
    """Return Σ cₖ tᵏ.

    >>> horner(np.array([1.0, 2.0, 3.0]), np.array([2.0]))
    array([17.])
    """
    total = np.zeros_like(t)
    with np.errstate(all="ignore"):
        for c in coefficients[::-1]:
            total = total * t + c
    return total


def departure(coefficients: Array, order: int, at: float, x: Array, y: Array, interval: ranges.Interval) -> str:
    """Return a phrase on how far from x₀ a polynomial stays within a twentieth of the curve's height."""
    height = float(np.nanmax(y) - np.nanmin(y)) or 1.0
    with np.errstate(invalid="ignore"):
        off = np.abs(horner(coefficients, x - at) - y) > 0.05 * height
    away = np.abs(x - at)[off]
    whole = max(interval[1] - at, at - interval[0])
    if not len(away) or float(away.min()) >= whole:
        return f"T{lowered(order)} follows it over the whole range"
    return f"T{lowered(order)} follows it up to a distance of {words.number(float(away.min()), 2)}"


def lowered(order: int) -> str:
    """Return a number in subscript digits.

    >>> lowered(10)
    '₁₀'
    """
    return str(order).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
