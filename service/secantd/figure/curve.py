"""The curve of a function of one variable, with tangents and arrows in the direction of x ± f'(x)."""

import math

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.request import Arrows, CurveFigure, PlotRequest
from secantd.figure.sampling import Curve
from secantd.figure.scene import Array, Arrow, Layer, Line, Points, Scene
from secantd.figure.style import ALTERNATIVES, AUXILIARY, BLACK, CURVE, MARKERS, Style
from secantd.figure.values import curve_of, of_one, tangent_at, values_of
from secantd.language import Function
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["DEFAULT", "curve", "curve_line", "interval_of", "words_for_gaps"]

# More tangents than this are drawn as short pieces, without an equation in the legend or an arrow on the axis.
LONG_TANGENTS = 4
# The default interval of x, and a larger one that is tried where f is not defined in the first.
DEFAULT = (-5.0, 5.0)
FARTHER = (-100.0, 100.0)
# The length of an arrow, relative to the figure's width and height.
ARROW_LENGTH = 0.13
ALONG = (0.25, 0.5, 0.75, 1.0)
SHORTER = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12)
STEP = Style(BLACK, 2.0, order=4.5)
# The mark of a point without a tangent.
KINK = Style("#666666", 2.0).marked("X")


def curve(request: PlotRequest, figure: CurveFigure, limits: Limits) -> Scene:
    """Return the curve, its tangents and arrows.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, UNDEFINED_AT_POINT, LIMIT_EXCEEDED, NOT_DIFFERENTIABLE.
    """
    (name,) = ranges.check_variables(request, 1, "a curve")
    function, at = request.function, figure.tangents_at
    ranges.check_number_of("tangents", len(at), limits.figure_tangents, "curve.tangents_at")
    ranges.check_drawable(at, "curve.tangents_at[#]", "the point where a tangent touches")
    touching = []
    without = []
    for i, x in enumerate(at):
        field = f"curve.tangents_at[{i}]"
        y, slope, why = tangent_at(function, name, {name: x}, limits)
        if not math.isfinite(y):
            raise ranges.undefined(function, f"at {name} = {x:g}", field)
        if why:
            without.append((x, y, why))
        else:
            touching.append((x, (y, slope)))
    asked, at = at, tuple([x for x, _ in touching])
    interval = interval_of(request, name, asked)
    inside = [
        y
        for x, y in [(x, y) for x, (y, _) in touching] + [(x, y) for x, y, _ in without]
        if interval[0] <= x <= interval[1]
    ]
    found = curve_of(function, name, interval, inside)
    # A curve without tangents needs no label.
    layers: list[Layer] = [curve_line(found, name, f"f({name})" if asked else "")]
    tangents = []
    for i, (x, (y, slope)) in enumerate(touching):
        style = ALTERNATIVES[i % len(ALTERNATIVES)]
        equation = words.line_equation(slope, x, y, name)
        layers += tangent_line(
            found, interval, (x, y, slope), style, f"tangent at {name} = {words.number(x)}: {equation}", len(at)
        )
        layers.append(Points(np.array([x]), np.array([y]), style.marked(MARKERS[i % len(MARKERS)])))
        tangents.append(f"at {name} = {words.number(x)} with slope {words.number(slope)}, {equation}")
    way, which, still = tangent_arrows(figure.arrows, found, interval, touching, (function, name))
    layers += way
    for x, y, _ in without:
        layers.append(Points(np.array([x]), np.array([y]), KINK, f"no tangent at {name} = {words.number(x)}"))
    description = f"The curve of {subject(request, name)} for {words.interval(name, interval)}"
    description += f", with {'a tangent' if len(tangents) == 1 else 'tangents'} {series(tangents)}" if tangents else ""
    description += f". {which}" if which else "."
    if without:
        description += f" There is no tangent at {name} = {series([words.number(x) for x, _, _ in without])}."
    outside = [x for x in asked if not interval[0] <= x <= interval[1]]
    notices = [f"the tangent at {name} = {words.number(x)} touches the curve outside the range" for x in outside]
    return Scene(
        words.heading(function, [name]),
        (words.axis(name), words.value_axis([name])),
        (interval, found.shown),
        layers,
        description + words_for_gaps(found, name),
        (
            *found.notices,
            *notices,
            *[f"no tangent at {name} = {words.number(x)}: {why}" for x, _, why in without],
            *still,
        ),
    )


def interval_of(
    request: PlotRequest, name: str, points: tuple[float, ...] | list[float], reach: float = ranges.REACH
) -> ranges.Interval:
    """Return the interval of x: the given range, or one around the points, or one where f is defined.

    Args:
        request: The request.
        name: The variable.
        points: Points that the figure has to show.
        reach: How far it extends beyond them at least.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f is nowhere defined; INVALID_VALUE for a range that cannot be drawn.
    """
    found = ranges.requested_ranges(request, [name]).get(name)
    if found:
        return found
    if points:
        around = ranges.around(list(points), reach)
        ranges.check_width(around, name, "ranges")
        tries = [around]
    else:
        tries = [DEFAULT, FARTHER]
    f = of_one(request.function, name)
    for tried in tries:
        x = np.linspace(*tried, 401)
        defined = x[np.isfinite(f(x))]
        if len(defined) > 1:
            step = float(x[1] - x[0])
            return max(tried[0], float(defined[0]) - step), min(tried[1], float(defined[-1]) + step)
    raise CalculusError(
        Reason.UNDEFINED_AT_POINT,
        f"the function is nowhere defined between {tries[-1][0]:g} and {tries[-1][1]:g}",
        "give an interval in `ranges`",
        field="ranges",
    )


def curve_line(found: Curve, name: str, label: str | None = None) -> Line:
    """Return the line of a curve; `label` None: f(name)."""
    return Line(found.x, found.y, CURVE, f"f({name})" if label is None else label)


def tangent_line(
    found: Curve, interval: ranges.Interval, touch: tuple[float, float, float], style: Style, label: str, count: int
) -> list[Layer]:
    """Return a tangent: across the whole figure, or a short piece if there are many."""
    x, y, slope = touch
    if count > LONG_TANGENTS:
        # The same drawn length for any slope.
        across, up = interval[1] - interval[0], found.shown[1] - found.shown[0]
        half = ARROW_LENGTH / math.hypot(1 / across, slope / up)
        ends = np.array([x - half, x + half])
        return [Line(ends, y + slope * (ends - x), style)]
    ends = clipped(x, y, slope, interval, found.shown)
    return [Line(ends, y + slope * (ends - x), style, label)]


def clipped(x: float, y: float, slope: float, across: ranges.Interval, up: ranges.Interval) -> Array:
    """Return the two values of x between which a line through (x, y) is inside the figure.

    Args:
        x: The point.
        y: f at the point.
        slope: The slope of the line.
        across: The interval of x.
        up: The interval of y.
    """
    lower, upper = across
    if slope:
        first, last = sorted(x + (end - y) / slope for end in up)
        lower, upper = max(lower, first), min(upper, last)
    return np.array([lower, upper] if lower < upper else [x, x])


def tangent_arrows(
    which: Arrows | None,
    found: Curve,
    interval: ranges.Interval,
    touching: list[tuple[float, tuple[float, float]]],
    f: tuple[Function, str],
) -> tuple[list[Layer], str, list[str]]:
    """Return arrows along the tangents, a sentence, and notices: f rises in the direction of f' and falls in that of -f'.

    An arrow is as short as it takes for f to be higher or lower at its end; where it would be too short to see, there is none.
    """
    if which is None or not touching:
        return [], "", []
    function, name = f
    notices = []
    across, up = interval[1] - interval[0], found.shown[1] - found.shown[0]
    sign = 1.0 if which is Arrows.GRADIENT else -1.0
    # The direction only: from 1 to 1 - f'(1) = -3, the whole step, x^2 + 2x + 3 does not fall.
    label = f"direction of f′({name}): f rises" if sign > 0 else f"direction of −f′({name}): f falls"
    layers: list[Layer] = []
    floor = found.shown[0] + 0.02 * up
    for x, (y, slope) in touching:
        if slope == 0:
            continue
        length = ARROW_LENGTH / math.hypot(1 / across, slope / up)
        whole = [math.copysign(length * part, sign * slope) for part in SHORTER]
        ends = np.array(values_of(function, name, [x + part * dx for dx in whole for part in ALONG]))
        lower = np.reshape(sign * (ends - y) > 0, (len(whole), len(ALONG)))
        fit = [dx for i, dx in enumerate(whole) if lower[i].all()]
        if not fit:
            way = "rises" if sign > 0 else "falls"
            notices.append(
                f"no arrow at {name} = {words.number(x)}: f {way} there over too short a distance to be drawn"
            )
            continue
        dx = fit[0]
        layers.append(Arrow((x, y), (x + dx, y + slope * dx), STEP, label))
        if len(touching) <= LONG_TANGENTS:
            # The same direction for x itself, on the axis.
            layers.append(Line(np.array([x, x]), np.array([floor, y]), AUXILIARY))
            layers.append(Arrow((x, floor), (x + dx, floor), STEP))
        label = ""
    rule = "rises" if sign > 0 else "falls"
    return layers, f"The arrows show the direction of {'' if sign > 0 else '−'}f′({name}), in which f {rule}.", notices


def subject(request: PlotRequest, *names: str) -> str:
    """Return f(x) = ... for a sentence."""
    text = words.formula_text(request.function)
    left = f"f({', '.join(names)})"
    return f"{left} = {text}" if text else left


def words_for_gaps(found: Curve, name: str) -> str:
    """Return a sentence about jumps and poles, "" if there are none."""
    if not found.gaps:
        return ""
    places = [words.number(g) for g in found.gaps[:6]] + (["further places"] if len(found.gaps) > 6 else [])
    return f" The line is interrupted at {name} = {series(places)}."
