"""A curve as a reader should see it: fine where it bends, interrupted where f is not defined or jumps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure.ranges import LARGEST, Interval, padded
from secantd.figure.scene import Array

__all__ = ["FEWEST", "POINTS", "Curve", "Values", "sample"]

Values = Callable[[Array], Array]

# About two for each pixel of a figure of usual size; at least so many that a curve is seen.
POINTS, FEWEST = 1201, 151
# Of the sampled points, so that sin(10000 x) ends as well.
MOST_POINTS = 20_000
ROUNDS = 8
# Of the height: half a pixel of 480.
BEND = 1e-3
# Of the height: what may be a jump is looked at closely.
JUMP = 0.02
# Halvings of a cell: 2^-40 of it, where what is continuous has no height left.
HALVINGS = 40
# f has a pole where it grows by this factor when looked at closely.
GROWTH = 1e4
# Local extrema that are looked at for poles.
PEAKS = 64
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of shape (n,) with NaN where the line is interrupted, and the interval of y worth showing.

    Attributes:
        gaps: Where f jumps or has a pole.
        fine: Whether the points follow f to half a pixel.
    """

    x: Array
    y: Array
    shown: Interval
    gaps: tuple[float, ...]
    fine: bool

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader should know of the curve."""
        return () if self.fine else ("the function turns more often than a figure of this width can show",)


def sample(f: Values, interval: Interval, include: Sequence[float] = (), points: int = POINTS) -> Curve:
    """Return the curve of f over an interval.

    Args:
        f: Takes and gives arrays of shape (n,), NaN or infinite where it is not defined.
        interval: Of x.
        include: Values of y that are shown in any case.
        points: How many to begin with.

    Raises:
        CalculusError: UNDEFINED_AT_POINT: f is nowhere defined; INVALID_VALUE: it is too large to be drawn.
    """
    x = spread(interval, points)
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
        # Narrow peaks that were found, and the ends of the domain unless they dive.
        ends = [v for _, v, _ in edges if abs(v - float(np.median(first))) < 2 * max(height, largest)]
        first = np.concatenate([y[np.isfinite(y)], ends])
    shown = worth_showing(first, pole, include)
    x, y = joined(x, y, edges, jumps, poles)
    x, y = cut(x, y, shown)
    gaps = sorted([*(0.5 * (a + b) for a, _, b, _ in jumps), *poles])
    # A pole is a jump and a peak: told once.
    width = interval[1] - interval[0]
    told = [0.0 if abs(g) < 1e-9 * width else g for i, g in enumerate(gaps) if i == 0 or g - gaps[i - 1] > 1e-9 * width]
    return Curve(x, y, shown, tuple(told), fine)


def spread(interval: Interval, points: int) -> Array:
    """Return points all over an interval, both ends among them; uneven, so that no period hides between them."""
    lower, upper = interval
    steps = np.arange(points, dtype=np.float64)
    steps[1:-1] += 0.5 * (steps[1:-1] * GOLDEN % 1.0 - 0.5)
    x = lower + (upper - lower) * (steps / (points - 1))
    x[-1] = upper
    return x


def rough_height(y: Array) -> float:
    """Return about how high the figure will be."""
    low, high = np.quantile(y, [0.1, 0.9])
    height = float(high - low)
    if not height > 0:
        height = float(np.max(y) - np.min(y))
    return height if 0 < height < np.inf else 1.0


def refined(f: Values, x: Array, y: Array, height: float, middle: float, most: int) -> tuple[Array, Array, bool]:
    """Return more points, where a line between two of them would miss the curve by more than half a pixel."""
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
        # Both halves of each cell that was divided.
        left = active[bent] + np.arange(len(at))
        active = np.sort(np.concatenate([left, left + 1]))
    # Whatever still bends is a corner, a jump or a pole: a few cells, or else too many for the figure.
    return x, y, len(active) < most // 16


def domain_edges(f: Values, x: Array, y: Array) -> list[tuple[float, float, int]]:
    """Return (x, f(x), where to insert) as near as can be to where f begins or ceases to be defined."""
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
    """Return (x, f(x), x, f(x)) on both sides of each jump: halved again and again, a cell keeps its height."""
    with np.errstate(all="ignore"):
        rise = np.abs(np.diff(y))
    cells = np.flatnonzero(np.isfinite(rise) & (rise > JUMP * height))
    a, b, ya, yb = x[cells], x[cells + 1], y[cells], y[cells + 1]
    whole = rise[cells]
    for _ in range(HALVINGS):
        middle = 0.5 * (a + b)
        ym = f(middle)
        with np.errstate(all="ignore"):
            # Undefined in between: as good as a jump, and both sides will do.
            to_left = ~(np.abs(yb - ym) > np.abs(ym - ya))
        stop = ~np.isfinite(ym) | (middle <= a) | (middle >= b)
        move_b, move_a = to_left & ~stop, ~to_left & ~stop
        a, ya = np.where(move_a, middle, a), np.where(move_a, ym, ya)
        b, yb = np.where(move_b, middle, b), np.where(move_b, ym, yb)
    with np.errstate(all="ignore"):
        left = np.flatnonzero(np.abs(yb - ya) > 0.5 * whole)
    return [(float(a[i]), float(ya[i]), float(b[i]), float(yb[i])) for i in left]


def peaks(f: Values, x: Array, y: Array) -> list[float]:
    """Return where |f| grows without bound without a change of sign, as 1/x² does: maxima looked at closely."""
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


def worth_showing(y: Array, pole: bool, include: Sequence[float]) -> Interval:
    """Return the interval of y: all of it, or where there is a pole what most of the curve takes."""
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
            f"the values reach from {low:.3g} to {high:.3g}, too far to be drawn",
            "choose a smaller range, or draw the logarithm",
            field="ranges",
        )
    return padded(low, high)


def joined(
    x: Array,
    y: Array,
    edges: Sequence[tuple[float, float, int]],
    jumps: Sequence[tuple[float, float, float, float]],
    poles: Sequence[float],
) -> tuple[Array, Array]:
    """Return the points with edges and jumps among them, NaN between the sides."""
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
    """Return the points that are seen and their neighbours; what lies far outside becomes a gap."""
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
