"""The numbers of figures: f and its partials at many points."""

from collections.abc import Mapping, Sequence

import numpy as np

from secantd import calculus
from secantd.expression import reachable
from secantd.figure.ranges import Interval
from secantd.figure.sampling import FEWEST, POINTS, Curve, Values, sample
from secantd.figure.scene import Array
from secantd.language import Function

__all__ = ["affordable", "at_point", "curve_of", "grid", "of_one", "slopes"]

# The most rows of data times points: about two seconds.
WORK = 300_000_000


def affordable(function: Function, points: int, fewest: int) -> int:
    """Return the number of points at which f is computed: `points`, or fewer down to `fewest` for long data.

    Args:
        function: The function.
        points: The number of points wanted.
        fewest: The smallest number to return, unless `points` is smaller.
    """
    rows = max((node.rows for node in reachable(function.outputs)), default=1)
    return int(min(points, max(fewest, WORK // rows)))


def of_one(function: Function, name: str) -> Values:
    """Return f as a function of an array of shape (n,) to one of shape (n,)."""

    def f(x: Array) -> Array:
        return calculus.evaluate(function, {name: x}, 0, (name,)).values

    return f


def curve_of(function: Function, name: str, interval: Interval, include: Sequence[float] = ()) -> Curve:
    """Return the curve of f over an interval; the values in `include` are always shown."""
    return sample(of_one(function, name), interval, include, affordable(function, POINTS, FEWEST))


def slopes(function: Function, name: str, x: Sequence[float]) -> list[tuple[float, float]]:
    """Return (f, f') at some points."""
    if not x:
        return []
    found = calculus.evaluate(function, {name: np.array(x, dtype=np.float64)}, 1, (name,))
    return list(zip(found.values.tolist(), found.derivatives[0][1].tolist(), strict=True))


def at_point(function: Function, names: Sequence[str], at: Mapping[str, float]) -> tuple[float, list[float]]:
    """Return f and its partials at one point."""
    columns = {name: np.array([at[name]]) for name in names}
    found = calculus.evaluate(function, columns, 1, tuple(names))
    return float(found.values[0]), [float(column[0]) for _, column in found.derivatives]


def grid(function: Function, names: Sequence[str], x: Array, y: Array, order: int = 0) -> list[Array]:
    """Return f, and with order 1 its two partials, on a grid; each of shape (len(y), len(x)).

    Args:
        function: A scalar function.
        names: Its two variables.
        x: Values of the first, shape (n,).
        y: Values of the second, shape (m,).
        order: 0 or 1.
    """
    across, up = np.meshgrid(x, y)
    columns = {names[0]: across.ravel(), names[1]: up.ravel()}
    found = calculus.evaluate(function, columns, order, tuple(names))
    return [a.reshape(across.shape) for a in (found.values, *(column for _, column in found.derivatives))]
