"""The sampling of a curve: dense where it bends, interrupted where f is not defined or jumps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure.ranges import LARGEST, Interval, padded
from secantd.figure.scene import Array

__all__ = ["FEWEST", "POINTS", "Curve", "Values", "sample"]

Values = Callable[[Array], Array]

# Initial points: about two for each pixel of a figure of the default size; and the fewest for a visible curve.
POINTS, FEWEST = 1201, 151
# The most points, so that sin(10000 x) terminates as well.
MOST_POINTS = 20_000
ROUNDS = 8
# The allowed distance between line and curve, relative to the height: half a pixel of 480.
BEND = 1e-3
# The difference between neighbours, relative to the height, that may be a jump and is examined.
JUMP = 0.02
# Halvings of a cell, to 2^-40 of its width, where a continuous function no longer changes.
HALVINGS = 40
# The growth of f, when a cell is refined, from which on it has a pole.
GROWTH = 1e4
# The most local extrema that are examined for poles.
PEAKS = 64
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of a curve.

    Attributes:
        x: Shape (n,).
        y: Shape (n,), NaN where the line is interrupted.
        shown: The interval of y to show.
        gaps: The values of x at which f jumps or has a pole.
        fine: Whether the line follows f to half a pixel.
    """

    x: Array
    y: Array
    shown: Interval
    gaps: tuple[float, ...]
    fine: bool

    @property
    def notices(self) -> tuple[str, ...]:
        """Remarks for the caller."""
        return () if self.fine else ("the function oscillates more often than a figure of this width can show",)


def sample(f: Values, interval: Interval, include: Sequence[float] = (), points: int = POINTS) -> Curve:
    """Return the curve of f over an interval.

    Args:
        f: A function of arrays of shape (n,), NaN or infinite where it is not defined.
        interval: The interval of x.
        include: Values of y that have to be shown.
        points: The number of initial points.

    Raises:
        CalculusError: UNDEFINED_AT_POINT: f is nowhere defined; INVALID_VALUE: its values are too large to draw.
    """
    x = uneven_points(interval, points)
    y = f(x)
    finite = np.isfinite(y)
    if not finite.any():
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT,
            f"the function is nowhere defined between {interval[0]:g} and {interval[1]:g}",
            "choose another range",
            field="ranges",
        )
    first = y[finite]
    height = rough_height(first)
    x, y, fine = refined(f, x, y, height, float(np.median(first)), MOST_POINTS * points // POINTS)
    edges = domain_edges(f, x, y)
    jumps = discontinuities(f, x, y, height)
    poles = peaks(f, x, y)
    largest = float(np.max(np.abs(first)))
    pole = (
        bool(np.isinf(y).any())
        or any(abs(v) > GROWTH * max(largest, height) for _, v, _ in edges)
        or any(abs(b - a) > GROWTH * max(height, 1e-300) for _, a, _, b in jumps)
        or len(poles) > 0
    )
    if not pole:
        # Include narrow peaks, and the ends of the domain unless f diverges there.
        ends = [v for _, v, _ in edges if abs(v - float(np.median(first))) < 2 * max(height, largest)]
        first = np.concatenate([y[np.isfinite(y)], ends])
    shown = y_interval(first, pole, include)
    x, y = with_breaks(x, y, edges, jumps, poles)
    x, y = cut(x, y, shown)
    gaps = sorted([*(0.5 * (a + b) for a, _, b, _ in jumps), *poles])
    # A pole is found as a jump and as a peak, but listed once.
    width = interval[1] - interval[0]
    distinct = [
        0.0 if abs(g) < 1e-9 * width else g for i, g in enumerate(gaps) if i == 0 or g - gaps[i - 1] > 1e-9 * width
    ]
    return Curve(x, y, shown, tuple(distinct), fine)


def uneven_points(interval: Interval, points: int) -> Array:
    """Return points in an interval, with both ends; unevenly spaced, so that no period of f matches the spacing."""
    lower, upper = interval
    steps = np.arange(points, dtype=np.float64)
    steps[1:-1] += 0.5 * (steps[1:-1] * GOLDEN % 1.0 - 0.5)
    x = lower + (upper - lower) * (steps / (points - 1))
    x[-1] = upper
    return x


def rough_height(y: Array) -> float:
    """Return the approximate height of the curve."""
    low, high = np.quantile(y, [0.1, 0.9])
    # Python's floats overflow silently.
    height = float(high) - float(low)
    if not height > 0:
        height = float(np.max(y) - np.min(y))
    return height if 0 < height < np.inf else 1.0


def refined(f: Values, x: Array, y: Array, height: float, middle: float, most: int) -> tuple[Array, Array, bool]:
    """Return points, values, and whether they suffice: cells are divided where the line is off by half a pixel."""
    active = np.arange(len(x) - 1)
    for _ in range(ROUNDS):
        a, b = x[active], x[active + 1]
        part = 0.5 + 0.2 * (active * GOLDEN % 1.0 - 0.5)
        m = a + (b - a) * part
        between = (m > a) & (m < b)
        active, m, part = active[between], m[between], part[between]
        if not len(m):
            return x, y, True
        ya, yb = y[active], y[active + 1]
        ym = f(m)
        with np.errstate(all="ignore"):
            off = np.abs(ym - (ya + (yb - ya) * part))
            near = np.minimum(np.minimum(np.abs(ya - middle), np.abs(yb - middle)), np.abs(ym - middle)) < 4 * height
            bent = (off > BEND * height) & near
        bent |= np.isfinite(ym) & ~(np.isfinite(ya) & np.isfinite(yb))
        bent |= ~np.isfinite(ym) & (np.isfinite(ya) | np.isfinite(yb))
        if not bent.any():
            return x, y, True
        if len(x) + int(bent.sum()) > most:
            return x, y, False
        at = active[bent] + 1
        x, y = np.insert(x, at, m[bent]), np.insert(y, at, ym[bent])
        # Next, both halves of each divided cell.
        left = active[bent] + np.arange(len(at))
        active = np.sort(np.concatenate([left, left + 1]))
    # Cells that still bend contain a corner, a jump or a pole if they are few; if they are many, the points do not suffice.
    return x, y, len(active) < most // 16


def domain_edges(f: Values, x: Array, y: Array) -> list[tuple[float, float, int]]:
    """Return (x, f(x), position in x) at the edges of f's domain, found by bisection."""
    finite = np.isfinite(y)
    cells = np.flatnonzero(finite[:-1] != finite[1:])
    inside = np.where(finite[cells], x[cells], x[cells + 1])
    outside = np.where(finite[cells], x[cells + 1], x[cells])
    value = np.where(finite[cells], y[cells], y[cells + 1])
    for _ in range(HALVINGS):
        middle = 0.5 * (inside + outside)
        found = f(middle)
        good = np.isfinite(found)
        inside, outside = np.where(good, middle, inside), np.where(good, outside, middle)
        value = np.where(good, found, value)
    return [(float(inside[i]), float(value[i]), int(cells[i]) + 1) for i in range(len(cells))]


def discontinuities(f: Values, x: Array, y: Array, height: float) -> list[tuple[float, float, float, float]]:
    """Return (x, f(x), x, f(x)) on both sides of each jump: a cell that keeps its height when it is halved."""
    with np.errstate(all="ignore"):
        rise = np.abs(np.diff(y))
    cells = np.flatnonzero(np.isfinite(rise) & (rise > JUMP * height))
    a, b, ya, yb = x[cells], x[cells + 1], y[cells], y[cells + 1]
    whole = rise[cells]
    for _ in range(HALVINGS):
        middle = 0.5 * (a + b)
        ym = f(middle)
        with np.errstate(all="ignore"):
            # If f is undefined in between, that counts as a jump, and either side will do.
            to_left = ~(np.abs(yb - ym) > np.abs(ym - ya))
        stop = ~np.isfinite(ym) | (middle <= a) | (middle >= b)
        move_b, move_a = to_left & ~stop, ~to_left & ~stop
        a, ya = np.where(move_a, middle, a), np.where(move_a, ym, ya)
        b, yb = np.where(move_b, middle, b), np.where(move_b, ym, yb)
    with np.errstate(all="ignore"):
        left = np.flatnonzero(np.abs(yb - ya) > 0.5 * whole)
    return [(float(a[i]), float(ya[i]), float(b[i]), float(yb[i])) for i in left]


def peaks(f: Values, x: Array, y: Array) -> list[float]:
    """Return poles without a change of sign, as of 1/x²: local maxima of |f| that grow when they are refined."""
    size = np.where(np.isfinite(y), np.abs(y), -1.0)
    top = np.flatnonzero((size[1:-1] >= size[:-2]) & (size[1:-1] >= size[2:]) & (size[1:-1] > 0)) + 1
    top = top[np.argsort(-size[top], kind="stable")[:PEAKS]]
    if not len(top):
        return []
    lower, upper, before = x[top - 1], x[top + 1], size[top]
    parts = np.linspace(0.0, 1.0, 9)
    best, value = x[top], before
    for _ in range(HALVINGS // 2):
        grid = lower[:, None] + (upper - lower)[:, None] * parts
        found = np.abs(f(grid.ravel())).reshape(grid.shape)
        found = np.where(np.isnan(found), -1.0, found)
        chosen = np.argmax(found, axis=1)
        rows = np.arange(len(top))
        best, value = grid[rows, chosen], found[rows, chosen]
        lower, upper = grid[rows, np.maximum(chosen - 1, 0)], grid[rows, np.minimum(chosen + 1, 8)]
    with np.errstate(over="ignore"):
        grown = np.flatnonzero(value > GROWTH * before)
    return [float(best[i]) for i in grown]


def y_interval(y: Array, pole: bool, include: Sequence[float]) -> Interval:
    """Return the interval of y to show: all values, or those of most of the curve if there is a pole."""
    low, high = float(np.min(y)), float(np.max(y))
    if pole:
        lower, upper = (float(q) for q in np.quantile(y, [0.1, 0.9]))
        spread = upper - lower
        if spread > 0:
            low, high = max(low, lower - spread), min(high, upper + spread)
    low, high = min([low, *include]), max([high, *include])
    if not (abs(low) < LARGEST and abs(high) < LARGEST):
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the values reach from {low:.3g} to {high:.3g}, too large to draw",
            "choose a smaller range, or draw the logarithm",
            field="ranges",
        )
    return padded(low, high)


def with_breaks(
    x: Array,
    y: Array,
    edges: Sequence[tuple[float, float, int]],
    jumps: Sequence[tuple[float, float, float, float]],
    poles: Sequence[float],
) -> tuple[Array, Array]:
    """Return the points with edges, jumps and poles inserted, NaN between the two sides of a gap."""
    nan = float("nan")
    more: list[tuple[float, float]] = [(a, v) for a, v, _ in edges]
    for a, ya, b, yb in jumps:
        more += [(a, ya), (0.5 * (a + b), nan), (b, yb)]
    more += [(p, nan) for p in poles]
    if not more:
        return x, np.where(np.isfinite(y), y, nan)
    added = np.array(sorted(more, key=lambda each: each[0]))
    at = np.searchsorted(x, added[:, 0])
    x, y = np.insert(x, at, added[:, 0]), np.insert(y, at, added[:, 1])
    return x, np.where(np.isfinite(y), y, nan)


def cut(x: Array, y: Array, shown: Interval) -> tuple[Array, Array]:
    """Return the visible points and their neighbours; points far outside become a gap."""
    low, high = shown
    height = high - low
    with np.errstate(invalid="ignore"):
        near = (y >= low - height) & (y <= high + height)
    beside = near.copy()
    beside[1:] |= near[:-1]
    beside[:-1] |= near[1:]
    y = np.where(beside, np.clip(y, low - 50 * height, high + 50 * height), np.nan)
    keep = np.isfinite(y)
    keep[1:] |= np.isfinite(y[:-1])
    return x[keep], y[keep]
