"""Secants through (x₀, f(x₀)), which converge to the tangent as h shrinks."""

import math

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.curve import clipped, curve_line, interval_of, subject, words_for_gaps
from secantd.figure.request import PlotRequest, SecantFigure
from secantd.figure.scene import Layer, Line, Motion, Points, Scene, Text
from secantd.figure.style import MARKERS, SEQUENCE, TANGENT, Style
from secantd.figure.values import curve_of, tangent_at, values_of
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["secants"]

# The line that moves, its text in the corner, and the time of one picture.
MOVING = Style("#D55E00", 2.0, order=4.6)
CORNER = (8.0, -8.0)
SECONDS = 0.16
# Of an animation: the logarithm of the ratio of h in two pictures, the most pictures between two steps, and the last h relative to
# the smallest step.
DENSITY, MOST_BETWEEN, LEAST = 0.139, 10, 0.1
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
    tangent = slope_text = ""
    if not why:
        across = clipped(at, y, slope, interval, found.shown)
        slope_text = f"tangent: slope {words.number(slope)}"
        layers.append(Line(across, y + slope * (across - at), TANGENT, slope_text))
        tangent = f"; the tangent there has slope {words.number(slope)}"
    else:
        tangent = f"; there is no tangent there: {why}"
    layers.append(Points(np.array([at]), np.array([y]), TANGENT.marked("o")))
    listed = series([f"{words.number(q)} for h = {words.number(h)}" for h, q in quotients])
    description = (
        f"The curve of {subject(request, name)} for {words.interval(name, interval)}, with secants through "
        f"{name} = {words.number(at)} and {words.number(at)} + h of slope {listed}{tangent}."
    )
    motion = None
    if request.animate:
        more, motion = approaching(
            request, name, (at, y), [steps[i] for i in order], (interval, found.shown), layers, slope_text
        )
        layers += more
        description += " The secants appear one after the other" + (
            "." if why else ", and the last one becomes the tangent."
        )
    return Scene(
        words.heading(request.function, [name]),
        (words.axis(name), words.value_axis([name])),
        (interval, found.shown),
        layers,
        description + words_for_gaps(found, name),
        found.notices,
        motion=motion,
    )


def approaching(
    request: PlotRequest,
    name: str,
    point: tuple[float, float],
    steps: list[float],
    shown: tuple[ranges.Interval, ranges.Interval],
    layers: list[Layer],
    tangent: str,
) -> tuple[list[Layer], Motion]:
    """Return a secant that turns about the point while h shrinks, in one layer for each picture, and how the figure moves.

    Args:
        request: The request.
        name: The variable.
        point: x₀ and f(x₀).
        steps: The h of the secants that stay, the largest first.
        shown: The intervals of both axes.
        layers: The curve, then a line and a marker for each of `steps`, then the tangent unless there is none, then the point.
        tangent: The text of the tangent, "" if there is none.
    """
    kink = not tangent
    at, y = point
    widths = between(steps)
    values = values_of(request.function, name, [at + h for h in widths])
    last = len(widths)
    count = last if kink else last + 1
    visible: dict[int, tuple[int, int]] = {}
    for i, h in enumerate(steps):
        first = widths.index(h)
        visible[1 + 2 * i] = visible[2 + 2 * i] = (first, count)
    if not kink:
        # With the tangent, its line and its text.
        visible[1 + 2 * len(steps)] = (last, count)
    more: list[Layer] = []
    moving = []
    for picture, (h, value) in enumerate(zip(widths, values, strict=True)):
        if not math.isfinite(value):
            continue
        quotient = (value - y) / h
        across = clipped(at, y, quotient, *shown)
        text = f"h = {words.number(h, 3)}   slope {words.number(quotient)}"
        for layer in (
            Line(across, y + quotient * (across - at), MOVING),
            Points(np.array([at + h]), np.array([value]), MOVING.marked("o")),
            Text(shown[0][0], shown[1][1], text, CORNER),
        ):
            visible[len(layers) + len(more)] = (picture, picture + 1)
            moving.append(len(layers) + len(more))
            more.append(layer)
    if not kink:
        visible[len(layers) + len(more)] = (last, count)
        moving.append(len(layers) + len(more))
        more.append(Text(shown[0][0], shown[1][1], tangent, CORNER))
    return more, Motion(count, SECONDS, visible, moving=frozenset(moving))


def between(steps: list[float]) -> list[float]:
    """Return steps with others between them, and smaller ones, at equal ratios.

    >>> [round(h, 3) for h in between([1.0, 0.5])][:6]
    [1.0, 0.871, 0.758, 0.66, 0.574, 0.5]
    """
    found: list[float] = []
    for h, following in zip(steps, [*steps[1:], steps[-1] * LEAST], strict=True):
        found.append(h)
        if h * following > 0:
            count = min(MOST_BETWEEN, max(0, round(math.log(h / following) / DENSITY) - 1))
            found += [h * (following / h) ** ((k + 1) / (count + 1)) for k in range(count)]
    return [*dict.fromkeys(found)]
