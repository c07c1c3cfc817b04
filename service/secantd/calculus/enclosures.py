"""Intervals around values and derivatives at many points, by ball arithmetic: jets of f itself, not our derivatives."""

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from secantd.balls import Balls, Enclosure, NoBallsError, installed
from secantd.calculus.columnresults import Bounds
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.interrupt import checkpoint, need_time
from secantd.language import Function, Slot
from secantd.settings import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["check_enclosures", "enclosures"]

BALLS: Slot[Balls] = Slot("balls of f")


def check_enclosures(function: Function, count: int, limits: Limits) -> None:
    """Raise an error where there can be no enclosures.

    Args:
        function: The function.
        count: The number of points.
        limits: `enclosure_points` is the largest number.

    Raises:
        CalculusError: MISSING_PART: python-flint is not installed; INVALID_VALUE: a function of vectors or matrices; LIMIT_EXCEEDED.
    """
    field = "enclosures"
    if not installed():
        headline = "enclosures need python-flint, which is not installed on the server"
        raise CalculusError(Reason.MISSING_PART, headline, 'install it: pip install "secant[proof]"', field=field)
    if function.arrays:
        headline = "functions of vectors and matrices have no enclosures"
        raise CalculusError(Reason.INVALID_VALUE, headline, "leave out the enclosures", field=field)
    if count > limits.enclosure_points:
        headline = f"{count:,} points with enclosures"
        hint = "send fewer points at a time"
        raise limit_exceeded("enclosure_points", headline, limits.enclosure_points, hint, "points")


def enclosures(
    function: Function, columns: "Mapping[str, NDArray[np.float64]]", count: int, order: int, variables: Sequence[str]
) -> tuple[tuple[Bounds, ...], tuple[str, ...]]:
    """Return intervals that contain f and its derivatives at N points, and notices where nothing is known.

    Args:
        function: A scalar function of numbers.
        columns: The points, arrays of shape (N,) or (1,).
        count: N.
        order: 0, 1 or 2.
        variables: The variables of the derivatives.

    >>> import numpy as np
    >>> from secantd.language import read
    >>> found, _ = enclosures(read("x/3"), {"x": np.array([1.0])}, 1, 1, ["x"])
    >>> [(b.name, b.lower.tolist(), b.upper.tolist()) for b in found]
    [('', [0.3333333333333333], [0.33333333333333337]), ('x', [0.3333333333333333], [0.33333333333333337])]
    """
    import numpy as np

    need_time()
    pairs = list(combinations_with_replacement(variables, 2)) if order == 2 else []
    names = ["", *(variables if order else ()), *[f"{a} {b}" for a, b in pairs]]
    lower, upper = (np.full((len(names), count), v) for v in (-np.inf, np.inf))
    try:
        balls = function.memory.get(BALLS, (), lambda: Balls(function.outputs[:1], function.graph.columns))
    except NoBallsError as error:
        bounds = tuple(Bounds(*b) for b in zip(names, lower, upper, strict=True))
        return bounds, (f"nothing is known of the exact values: {error}",)
    inputs = balls.names
    given = {n: columns[n].tolist() for n in inputs}
    unknown = [0] * len(names)
    for j in range(count):
        checkpoint()
        point = {n: values[j if len(values) == count else 0] for n, values in given.items()}
        found: list[Enclosure] = []
        for v in variables if order else ():
            value, slope = balls.jet(v, point)[0]
            found += [slope] if found else [value, slope]
        found = found or balls.at(point)
        found += [balls.second(a, b, point)[0] for a, b in pairs]
        for i, enclosure in enumerate(found):
            lower[i, j], upper[i, j] = enclosure.doubles()
            unknown[i] += not (np.isnan(lower[i, j]) or lower[i, j] > -np.inf or upper[i, j] < np.inf)
    notices = tuple(notice(name, n) for name, n in zip(names, unknown, strict=True) if n)
    return tuple(Bounds(*b) for b in zip(names, lower, upper, strict=True)), notices


def notice(name: str, count: int) -> str:
    """Return the remark that nothing is known at some points."""
    what = "value"
    if name:
        by = name.split()
        order = "second derivative" if len(by) == 2 else "derivative"
        what = f"{order} with respect to {' and '.join(dict.fromkeys(by))}"
        why = "a kink, the edge of the domain, or arguments that would take too long"
    else:
        why = "0/0, the edge of the domain, or arguments that would take too long"
    return f"nothing is known of the exact {what} at {count:,} point{'s' * (count > 1)}: {why}"
