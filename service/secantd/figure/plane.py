"""A function of two variables over a rectangle: values, the interval shown, levels, arrows of the gradient."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from secantd.calculus.point import check_names
from secantd.calculus.variables import by_variable
from secantd.errors import CalculusError, Reason
from secantd.figure import ranges
from secantd.figure.request import Arrows, PlotRequest
from secantd.figure.scene import Array, Field
from secantd.figure.style import ARROW, Style
from secantd.figure.values import grid
from secantd.language import Function
from secantd.shown import quoted

__all__ = ["DEFAULT", "box", "equal_scales", "gradient_arrows", "heights", "levels", "lifted", "nice", "zoom_of"]

DEFAULT = (-3.0, 3.0)
# The largest ratio of the sides of a figure to scale; beyond it would be a strip.
MOST_SLENDER = 3.0
# Cells along the longer side, in the plane and on the floor in space. Arrows begin where four cells meet, so that none
# leaves the figure.
ARROWS, FLOOR_ARROWS = 12, 10
# The quantile of arrow lengths from which on arrows have the same length, so that a steep corner does not shrink the others.
LONG = 0.95
# How much larger the values around the largest one are where it is a pole.
GROWTH = 1.5
# If most values are in so low a part of the interval, levels are at equal ratios, from this quantile on.
VALLEY, BOTTOM = 0.12, 0.02
# If half of the arrows are shorter than the first, relative to a cell, their median is stretched to the second.
DOT, USUAL = 0.12, 0.35


def box(request: PlotRequest, names: Sequence[str], points: Sequence[Sequence[float]] = ()) -> list[ranges.Interval]:
    """Return the intervals of both variables: the given ranges, or around the points, or around 0.

    Args:
        request: The request.
        names: The two variables.
        points: Points that have to be visible.
    """
    given = ranges.requested_ranges(request, names)
    found = []
    for i, name in enumerate(names):
        if name in given:
            found.append(given[name])
        elif points:
            interval = ranges.around([p[i] for p in points])
            ranges.check_width(interval, name, "ranges")
            found.append(interval)
        else:
            found.append(DEFAULT)
    return found


def equal_scales(across: ranges.Interval, up: ranges.Interval) -> bool:
    """Whether both axes can have the same scale, so that angles are drawn correctly."""
    ratio = (across[1] - across[0]) / (up[1] - up[0])
    return 1 / MOST_SLENDER <= ratio <= MOST_SLENDER


# f on a finer grid around a place of the grid: its row and column.
Zoom = Callable[[int, int], Array]


def zoom_of(function: Function, names: Sequence[str], x: Array, y: Array) -> Zoom:
    """Return f around a place of a grid, 16 times finer."""

    def zoomed(row: int, column: int) -> Array:
        ends = [(g[max(0, i - 1)], g[min(len(g) - 1, i + 1)]) for g, i in ((x, column), (y, row))]
        return grid(function, names, np.linspace(*ends[0], 33), np.linspace(*ends[1], 33))[0]

    return zoomed


def grows(z: Array, sign: float, zoomed: Zoom) -> bool:
    """Whether the largest value of sign · f is larger still on a finer grid, as at a pole; that of a narrow peak is not for long."""
    values = np.where(np.isfinite(z), sign * z, -np.inf)
    middle = float(np.median(values[np.isfinite(values)]))
    row, column = np.unravel_index(int(np.argmax(values)), values.shape)
    near = sign * zoomed(int(row), int(column))
    if not np.isfinite(near).all():
        return True
    return float(near.max()) - middle > GROWTH * (float(values[row, column]) - middle)


def heights(z: Array, zoomed: Zoom, field: str = "ranges") -> ranges.Interval:
    """Return the interval of values to show: all values, or near a pole those of most of the rectangle.

    Args:
        z: Values of f on a grid.
        zoomed: f on a finer grid.
        field: The field of the request for errors.

    Raises:
        CalculusError: UNDEFINED_AT_POINT: no value is finite; INVALID_VALUE: they are too large to draw.
    """
    finite = z[np.isfinite(z)]
    if not len(finite):
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT,
            "the function is nowhere defined in the ranges",
            "choose other ranges",
            field=field,
        )
    low, high = float(finite.min()), float(finite.max())
    if not max(abs(low), abs(high)) < ranges.LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the values reach from {low:.3g} to {high:.3g}, too large to draw",
            "choose smaller ranges, or draw the logarithm",
            field=field,
        )
    first, lower, upper, last = (float(q) for q in np.quantile(finite, [0.02, 0.1, 0.9, 0.98]))
    spread = upper - lower
    above = high - last > 20 * spread > 0 and grows(z, 1.0, zoomed)
    pole = above or (first - low > 20 * spread > 0 and grows(z, -1.0, zoomed)) or bool(np.isinf(z).any())
    if pole and spread > 0:
        low, high = max(low, lower - spread), min(high, upper + spread)
    return low, high


def levels(z: Array, shown: ranges.Interval, count: int) -> Array:
    """Return about `count` round values for contours, denser among low values if most values of f are low.

    Args:
        z: Values of f on a grid.
        shown: The interval of values shown.
        count: The approximate number of levels.
    """
    low, high = shown
    inside = z[np.isfinite(z) & (z >= low) & (z <= high)]
    # A width below this has too few digits for round numbers.
    if not high - low > 1 / ranges.LARGEST:
        return np.array([low])
    middle = float(np.median(inside))
    if middle - low < VALLEY * (high - low):
        # In a valley whose bottom is flat beside its walls, each line is a multiple of the one below it.
        least = max(float(np.quantile(inside, BOTTOM)) - low, 1e-4 * (high - low))
        return np.unique([float(f"{v:.2g}") for v in low + np.geomspace(least, 0.8 * (high - low), count)])
    step = nice((high - low) / (count + 1))
    first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
    found = step * np.arange(first, last + 1, dtype=np.float64)
    return found if len(found) else np.array([0.5 * (low + high)])


def nice(step: float) -> float:
    """Return a round number near `step`, rather larger than smaller.

    >>> nice(0.23), nice(6.8), nice(4000.0)
    (0.2, 10.0, 5000.0)
    """
    power = 10.0 ** math.floor(math.log10(step))
    return next(r for r in (1.0, 2.0, 2.5, 5.0, 10.0) if r * power > 0.85 * step) * power


def gradient_arrows(
    request: PlotRequest,
    names: Sequence[str],
    intervals: Sequence[ranges.Interval],
    which: Arrows,
    floor: float | None = None,
) -> tuple[Field, str]:
    """Return arrows of ±∇f on a grid, and a sentence about them.

    Their lengths are proportional to |∇f|, except for the steepest twentieth, which have the same length. If most arrows
    would be dots, the lengths are proportional to a power of |∇f|, and the legend notes that they are compressed.

    Args:
        request: The request.
        names: The two variables.
        intervals: The interval of each.
        which: The direction of the arrows.
        floor: z of the arrows in space, None in the plane.
    """
    (left, right), (bottom, top) = intervals
    along = ARROWS if floor is None else FLOOR_ARROWS
    columns = rows = along
    if equal_scales(*intervals):
        cell = max(right - left, top - bottom) / along
        columns, rows = (max(3, round(side / cell)) for side in (right - left, top - bottom))
    wide, high = (right - left) / columns, (top - bottom) / rows
    x = left + wide * np.arange(1, columns, dtype=np.float64)
    y = bottom + high * np.arange(1, rows, dtype=np.float64)
    f, dx, dy = grid(request.function, names, x, y, 1)
    sign = 1.0 if which is Arrows.GRADIENT else -1.0
    u, v = sign * dx.ravel(), sign * dy.ravel()
    across, up = (a.ravel() for a in np.meshgrid(x, y))
    # Lengths in cells of the grid, as they are drawn.
    with np.errstate(all="ignore"):
        length = np.hypot(u / wide, v / high)
        norm = np.hypot(u, v)
    # log(x y) has a gradient by the formula where it has no value.
    good = np.isfinite(length) & (length > 0) & np.isfinite(norm) & np.isfinite(f.ravel())
    across, up, u, v, length = across[good], up[good], u[good], v[good], length[good]
    power = 1.0
    if len(length):
        longest, middle = (float(q) for q in np.quantile(length, [LONG, 0.5]))
        if middle < DOT * longest:
            power = max(0.1, math.log(USUAL) / math.log(middle / longest))
        factor = 0.95 * np.minimum(1.0, length / longest) ** power / length
        u, v = u * factor, v * factor
    label = "+∇f: uphill" if sign > 0 else "−∇f: downhill"
    label += "" if power == 1 else " (lengths compressed)"
    style = Style(ARROW.color, 1.2, order=4.5 if floor is None else 1.5)
    sentence = f"Arrows of {'+' if sign > 0 else '−'}∇f point {'uphill' if sign > 0 else 'downhill'}"
    return Field(across, up, u, v, style, label, floor), sentence


def lifted(function: Function, names: Sequence[str], at: Sequence[tuple[str, float]], field: str) -> dict[str, float]:
    """Return a point by the variables of the figure.

    Args:
        function: The function.
        names: The variables of the figure.
        at: The point in the request.
        field: The field of the request that holds it.

    Raises:
        CalculusError: UNKNOWN_VARIABLE, INVALID_VALUE.
    """
    found = by_variable(function, dict(at), field)
    check_names(found, names, field)
    for i, (name, value) in enumerate(found.items()):
        ranges.check_drawable([value], f"{field}[{i}].value", quoted(name))
    return found
