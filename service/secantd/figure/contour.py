"""Contours of a function of two variables, and the arrows of its gradient, which stand upright on them."""

import math

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import plane, ranges, words
from secantd.figure.curve import subject
from secantd.figure.request import ContourFigure, PlotRequest
from secantd.figure.scene import Contours, Layer, Scene
from secantd.figure.values import affordable, grid

__all__ = ["NOT_TO_SCALE", "contour", "lines"]

LEVELS = 12
MOST_LEVELS = 50
# Points along a side; fewer where f is a sum over long data.
GRID, FEWEST = 161, 33
NOT_TO_SCALE = "the axes have different scales, so arrows do not look perpendicular to the contours"


def contour(request: PlotRequest, figure: ContourFigure) -> Scene:
    """Return contours and arrows.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, UNDEFINED_AT_POINT, LIMIT_EXCEEDED, NOT_DIFFERENTIABLE.
    """
    names = ranges.check_variables(request, 2, "a contour")
    ranges.check_number_of("levels", figure.levels, MOST_LEVELS, "contour.levels")
    if figure.levels < 0:
        headline = f"{figure.levels} levels are asked for"
        raise CalculusError(Reason.INVALID_VALUE, headline, "take 1 or more, or leave it out", field="contour.levels")
    intervals = plane.box(request, names)
    drawn, _ = lines(request, names, intervals, figure.levels or LEVELS)
    layers: list[Layer] = [drawn]
    said = ""
    square = plane.equal(*intervals)
    if figure.arrows:
        field, said = plane.arrows(request, names, intervals, figure.arrows)
        layers.append(field)
        said += ", perpendicular to the contours." if square else "."
    where = words.joined([words.interval(n, i) for n, i in zip(names, intervals, strict=True)])
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
        f"{description} {said}".strip(),
        (NOT_TO_SCALE,) if figure.arrows and not square else (),
        equal=square,
        axes=False,
    )


def lines(
    request: PlotRequest, names: tuple[str, ...], intervals: list[ranges.Interval], count: int
) -> tuple[Contours, ranges.Interval]:
    """Return the contours over a rectangle, and the values worth showing."""
    side = math.isqrt(affordable(request.function, GRID**2, FEWEST**2))
    x, y = (np.linspace(*i, side) for i in intervals)
    (z,) = grid(request.function, names, x, y)
    shown = plane.heights(z)
    found = plane.levels(z, shown, count)
    low, high = shown
    with np.errstate(invalid="ignore"):
        # Between neighbours on two sides of a pole there is no contour.
        z = np.where((z > low - (high - low)) & (z < high + (high - low)), z, np.nan) if high > low else z
    return Contours(x, y, z, found), shown


def lowest(drawn: Contours, names: tuple[str, ...]) -> str:
    """Return where on the grid f is least, unless that is at the rim or beside a pole."""
    finite = np.where(np.isfinite(drawn.z), drawn.z, np.inf)
    row, column = np.unravel_index(int(np.argmin(finite)), finite.shape)
    around = finite[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
    if around.shape == (3, 3) and np.isfinite(around).all() and around.max() > around.min():
        place = f"({words.number(float(drawn.x[column]), 2)}, {words.number(float(drawn.y[row]), 2)})"
        return f", around a lowest point near ({', '.join(names)}) = {place}"
    return ""
