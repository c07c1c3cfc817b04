"""A function of two variables over a rectangle: values, heights worth showing, levels, arrows of the gradient."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.request import Arrows, PlotRequest
from secantd.figure.scene import Array, Field
from secantd.figure.style import ARROW, Look
from secantd.figure.values import grid

__all__ = ["DEFAULT", "arrows", "box", "equal", "heights", "levels", "lifted", "nice"]

DEFAULT = (-3.0, 3.0)
# Beyond, a picture to scale is a strip.
MOST_SLENDER = 3.0
# Cells along the longer side, in the plane and on the floor of a space; an arrow stands where four of them meet,
# so that none reaches out of the figure.
ARROWS, FLOOR_ARROWS = 12, 10
# Of all arrows: the longer ones are drawn as long as these, so that a steep corner leaves some for the rest.
LONG = 0.95
# Of a cell: where half of the arrows are shorter than the first, they are stretched to the second.
DOT, USUAL = 0.12, 0.35


def box(request: PlotRequest, names: Sequence[str], points: Sequence[Sequence[float]] = ()) -> list[ranges.Interval]:
    """Return the intervals of both variables: as given, around the points, or around 0."""
    given = ranges.given(request, names)
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


def equal(across: ranges.Interval, up: ranges.Interval) -> bool:
    """Whether both variables can have one scale, which angles need to be seen as they are."""
    ratio = (across[1] - across[0]) / (up[1] - up[0])
    return 1 / MOST_SLENDER <= ratio <= MOST_SLENDER


def heights(z: Array, field: str = "ranges") -> ranges.Interval:
    """Return the interval of values worth showing: all, or beside a pole what most of the rectangle takes.

    Raises:
        CalculusError: UNDEFINED_AT_POINT: there are none; INVALID_VALUE: they are too large to be drawn.
    """
    finite = z[np.isfinite(z)]
    if not len(finite):
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT, "the function is nowhere defined in the ranges", "choose others", field=field
        )
    low, high = float(finite.min()), float(finite.max())
    if not max(abs(low), abs(high)) < ranges.LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the values reach from {low:.3g} to {high:.3g}, too far to be drawn",
            "choose smaller ranges, or draw the logarithm",
            field=field,
        )
    first, lower, upper, last = (float(q) for q in np.quantile(finite, [0.02, 0.1, 0.9, 0.98]))
    spread = upper - lower
    pole = bool(np.isinf(z).any()) or high - last > 20 * spread > 0 or first - low > 20 * spread > 0
    if pole and spread > 0:
        low, high = max(low, lower - spread), min(high, upper + spread)
    return low, high


def levels(z: Array, shown: ranges.Interval, count: int) -> Array:
    """Return about `count` values for contours, round ones; where most of f is far below its top, denser below."""
    low, high = shown
    inside = z[np.isfinite(z) & (z >= low) & (z <= high)]
    if not high > low:
        return np.array([low])
    middle = float(np.median(inside))
    if middle - low < 0.06 * (high - low):
        steep = low + (high - low) * (np.arange(1, count + 1) / (count + 0.5)) ** 3
        return np.unique([float(f"{v:.2g}") for v in steep])
    step = nice((high - low) / (count + 1))
    first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
    found = step * np.arange(first, last + 1, dtype=np.float64)
    return found if len(found) else np.array([0.5 * (low + high)])


def nice(step: float) -> float:
    """Return the round number next to `step`, rather a larger one.

    >>> nice(0.23), nice(6.8), nice(4000.0)
    (0.2, 10.0, 5000.0)
    """
    power = 10.0 ** math.floor(math.log10(step))
    return next(r for r in (1.0, 2.0, 2.5, 5.0, 10.0) if r * power > 0.85 * step) * power


def arrows(
    request: PlotRequest,
    names: Sequence[str],
    intervals: Sequence[ranges.Interval],
    which: Arrows,
    floor: float | None = None,
) -> tuple[Field, str]:
    """Return arrows of ±∇f on a grid, and what they say in words.

    Their lengths are in proportion to |∇f|, those of the steepest twentieth cut to one length; where most of
    them would be dots, in proportion to a power of it, which the legend says.
    """
    (left, right), (bottom, top) = intervals
    along = ARROWS if floor is None else FLOOR_ARROWS
    columns = rows = along
    if equal(*intervals):
        cell = max(right - left, top - bottom) / along
        columns, rows = (max(3, round(side / cell)) for side in (right - left, top - bottom))
    wide, high = (right - left) / columns, (top - bottom) / rows
    x = left + wide * np.arange(1, columns, dtype=np.float64)
    y = bottom + high * np.arange(1, rows, dtype=np.float64)
    f, dx, dy = grid(request.function, names, x, y, 1)
    sign = 1.0 if which is Arrows.GRADIENT else -1.0
    u, v = sign * dx.ravel(), sign * dy.ravel()
    across, up = (a.ravel() for a in np.meshgrid(x, y))
    # As long on paper as one cell, whichever way it points.
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
    look = Look(ARROW.color, 1.2, order=4.5 if floor is None else 1.5)
    said = f"Arrows of {'+' if sign > 0 else '−'}∇f point {'uphill' if sign > 0 else 'downhill'}"
    return Field(across, up, u, v, look, label, floor), said


def lifted(names: Sequence[str], at: Sequence[tuple[str, float]], field: str) -> dict[str, float]:
    """Return a point of the figure's variables, checked.

    Raises:
        CalculusError: UNKNOWN_VARIABLE, INVALID_VALUE.
    """
    found = dict(at)
    for i, (name, value) in enumerate(at):
        if name not in names:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"the point names '{name[:40]}', which the figure does not have",
                f"its variables are {words.joined(list(names))}",
                field=f"{field}[{i}].variable",
                metadata={"name": name},
            )
        ranges.check_finite([value], f"{field}[{i}].value", f"'{name}'")
    for name in names:
        if name not in found:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"the point leaves out '{name}'",
                f"give {name} a value",
                field=field,
                metadata={"name": name},
            )
    return found
