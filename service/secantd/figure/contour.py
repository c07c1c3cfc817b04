"""Contours of a function of two variables, and arrows of its gradient, which is perpendicular to them."""

import math

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import plane, ranges, words
from secantd.figure.curve import subject
from secantd.figure.request import ContourFigure, PlotRequest
from secantd.figure.scene import Contours, Layer, Scene
from secantd.figure.values import affordable, grid
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["NOT_TO_SCALE", "contour", "lines"]

LEVELS = 12
# Points along a side, and the fewest if f is a sum over long data.
GRID, FEWEST = 241, 33
NOT_TO_SCALE = "the axes have different scales, so arrows do not look perpendicular to the contours"


def contour(request: PlotRequest, figure: ContourFigure, limits: Limits) -> Scene:
    """Return contours and arrows.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, UNDEFINED_AT_POINT, LIMIT_EXCEEDED, NOT_DIFFERENTIABLE.
    """
    names = ranges.check_variables(request, 2, "a contour")
    ranges.check_number_of("levels", figure.levels, limits.figure_levels, "contour.levels")
    if figure.levels < 0:
        headline = f"the number of levels is {figure.levels}"
        raise CalculusError(Reason.INVALID_VALUE, headline, "give at least 1, or leave it out", field="contour.levels")
    intervals = plane.box(request, names)
    drawn, _ = lines(request, names, intervals, figure.levels or LEVELS)
    layers: list[Layer] = [drawn]
    sentence = ""
    square = plane.equal_scales(*intervals)
    if figure.arrows:
        field, sentence = plane.gradient_arrows(request, names, intervals, figure.arrows)
        layers.append(field)
        sentence += ", perpendicular to the contours." if square else "."
    where = series([words.interval(n, i) for n, i in zip(names, intervals, strict=True)])
    description = (
        f"Contours of {subject(request, *names)} for {where}: {len(drawn.levels)} lines for values between "
        f"{words.number(float(drawn.levels[0]))} and {words.number(float(drawn.levels[-1]))}"
        f"{lowest(drawn, names)}."
    )
    return Scene(
        words.heading(request.function, names),
        tuple(words.axis(n) for n in names),
        (intervals[0], intervals[1]),
        layers,
        f"{description} {sentence}".strip(),
        (NOT_TO_SCALE,) if figure.arrows and not square else (),
        equal=square,
        axes=False,
    )


def lines(
    request: PlotRequest, names: tuple[str, ...], intervals: list[ranges.Interval], count: int
) -> tuple[Contours, ranges.Interval]:
    """Return the contours over a rectangle, and the interval of values shown.

    Args:
        request: The request.
        names: The two variables.
        intervals: The interval of each.
        count: The approximate number of levels.
    """
    side = math.isqrt(affordable(request.function, GRID**2, FEWEST**2))
    x, y = (np.linspace(*i, side) for i in intervals)
    (z,) = grid(request.function, names, x, y)
    shown = plane.heights(z, plane.zoom_of(request.function, names, x, y))
    found = plane.levels(z, shown, count)
    low, high = shown
    with np.errstate(invalid="ignore"):
        # Without these values no contour runs between points on two sides of a pole.
        z = np.where((z > low - (high - low)) & (z < high + (high - low)), z, np.nan) if high > low else z
    return Contours(x, y, z, found), shown


def lowest(drawn: Contours, names: tuple[str, ...]) -> str:
    """Return a phrase about the lowest point of the grid, empty if that is at the edge or next to a pole."""
    finite = np.where(np.isfinite(drawn.z), drawn.z, np.inf)
    row, column = np.unravel_index(int(np.argmin(finite)), finite.shape)
    around = finite[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
    if around.shape == (3, 3) and np.isfinite(around).all() and around.max() > around.min():
        place = f"({words.number(float(drawn.x[column]), 2)}, {words.number(float(drawn.y[row]), 2)})"
        return f", around a lowest point near ({', '.join(names)}) = {place}"
    return ""
