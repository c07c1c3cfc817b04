"""The numbers of figures: f and its partials at many points."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from secantd import calculus
from secantd.calculus.results import Contact
from secantd.errors import CalculusError, Reason
from secantd.expression import reachable
from secantd.figure.ranges import Interval
from secantd.figure.sampling import FEWEST, POINTS, Curve, Values, sample
from secantd.figure.scene import Array
from secantd.language import Function
from secantd.settings import Limits

__all__ = ["affordable", "curve_of", "grid", "of_one", "tangent_at", "values_of"]

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


def values_of(function: Function, name: str, x: Sequence[float]) -> list[float]:
    """Return f at some points."""
    found: list[float] = of_one(function, name)(np.array(x, dtype=np.float64)).tolist() if len(x) else []
    return found


def tangent_at(function: Function, name: str, at: Mapping[str, float], limits: Limits) -> tuple[float, float, str]:
    """Return f, its slope along a variable, and why there is no tangent with this slope; "" where there is one.

    Args:
        function: A scalar function that has a value at the point.
        name: The variable.
        at: The value of each variable.
        limits: The limits that apply.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE.
    """
    try:
        touch = calculus.touching(function, (name,), at, limits)
    except CalculusError as error:
        if error.reason is not Reason.UNDEFINED_AT_POINT:
            raise
        (column,) = calculus.evaluate(function, {n: np.array([x]) for n, x in at.items()}, 0, (name,)).values
        return float(column), math.nan, error.headline
    (slope,) = touch.slopes
    if touch.contact is not Contact.TANGENT:
        return touch.value, slope, touch.notices[0]
    return touch.value, slope, "" if math.isfinite(slope) else "its slope is not finite"


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
    found = calculus.evaluate(function, columns, order, tuple(names), beside=False)
    return [a.reshape(across.shape) for a in (found.values, *(column for _, column in found.derivatives))]
