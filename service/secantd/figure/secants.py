"""Secants through (x₀, f(x₀)), which converge to the tangent as h shrinks."""

import math

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.curve import clipped, curve_line, interval_of, subject, words_for_gaps
from secantd.figure.request import PlotRequest, SecantFigure
from secantd.figure.scene import Layer, Line, Points, Scene
from secantd.figure.style import MARKERS, SEQUENCE, TANGENT, Style
from secantd.figure.values import curve_of, tangent_at, values_of
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["secants"]

STEPS = (2.0, 1.0, 0.5, 0.1)
DASHES = ((6.0, 2.5), (7.0, 2.0, 1.5, 2.0), (3.0, 1.5), (1.5, 1.5), (10.0, 2.0, 1.5, 2.0, 1.5, 2.0), (1.0, 2.5))


def secants(request: PlotRequest, figure: SecantFigure, limits: Limits) -> Scene:
    """Return the curve, a secant for each h, and the tangent.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: an h of 0, NaN or infinite; UNDEFINED_AT_POINT; LIMIT_EXCEEDED.
    """
    (name,) = ranges.check_variables(request, 1, "a secant")
    at, steps = figure.at, figure.steps or STEPS
    ranges.check_number_of("steps", len(steps), limits.figure_steps, "secant.steps")
    ranges.check_drawable([at], "secant.at", "the point")
    ranges.check_drawable(steps, "secant.steps[#]", "h")
    for i, h in enumerate(steps):
        if at + h == at:
            what = "is 0" if h == 0 else f"is too small to change {name} = {at:g}"
            raise CalculusError(
                Reason.INVALID_VALUE, f"the step {h:g} {what}", "choose a larger step", field=f"secant.steps[{i}]"
            )
    y, slope, why = tangent_at(request.function, name, {name: at}, limits)
    ends = values_of(request.function, name, [at + h for h in steps])
    if not math.isfinite(y):
        raise ranges.undefined(request.function, f"at {name} = {at:g}", "secant.at")
    for i, value in enumerate(ends):
        if not math.isfinite(value):
            raise ranges.undefined(request.function, f"at {name} = {at + steps[i]:g}", f"secant.steps[{i}]")
    interval = interval_of(request, name, [at, *(at + h for h in steps)], 0.75 * max(map(abs, steps)))
    found = curve_of(request.function, name, interval, [y, *ends])
    layers: list[Layer] = [curve_line(found, name)]
    # The tangent is drawn below the secants, which are then visible where they coincide with it.
    quotients = []
    order = sorted(range(len(steps)), key=lambda i: -abs(steps[i]))
    for place, i in enumerate(order):
        h, value = steps[i], ends[i]
        quotient = (value - y) / h
        quotients.append((h, quotient))
        style = Style(SEQUENCE[round(place * (len(SEQUENCE) - 1) / max(1, len(steps) - 1))], 1.4, DASHES[place])
        across = clipped(at, y, quotient, interval, found.shown)
        label = f"secant, h = {words.number(h)}: slope {words.number(quotient)}"
        layers.append(Line(across, y + quotient * (across - at), style, label))
        layers.append(Points(np.array([at + h]), np.array([value]), style.marked(MARKERS[place])))
    tangent = ""
    if not why:
        across = clipped(at, y, slope, interval, found.shown)
        layers.append(Line(across, y + slope * (across - at), TANGENT, f"tangent: slope {words.number(slope)}"))
        tangent = f"; the tangent there has slope {words.number(slope)}"
    else:
        tangent = f"; there is no tangent there: {why}"
    layers.append(Points(np.array([at]), np.array([y]), TANGENT.marked("o")))
    listed = series([f"{words.number(q)} for h = {words.number(h)}" for h, q in quotients])
    description = (
        f"The curve of {subject(request, name)} for {words.interval(name, interval)}, with secants through "
        f"{name} = {words.number(at)} and {words.number(at)} + h of slope {listed}{tangent}."
    )
    return Scene(
        words.heading(request.function, [name]),
        (words.axis(name), words.value_axis([name])),
        (interval, found.shown),
        layers,
        description + words_for_gaps(found, name),
        found.notices,
    )
