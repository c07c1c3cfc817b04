"""The variables of a figure, and the intervals of its axes."""

import math
from collections.abc import Sequence

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import symbols
from secantd.figure.request import PlotRequest, Range
from secantd.language import Function
from secantd.shown import variables_are

__all__ = [
    "Interval",
    "around",
    "check_drawable",
    "check_number_of",
    "check_variables",
    "no_tangent",
    "padded",
    "requested_ranges",
    "undefined",
]

Interval = tuple[float, float]

# The largest coordinate, with which sums and products of a few coordinates stay finite.
LARGEST = 1e150
# The fewest doubles in an interval: with fewer a curve would have visible steps.
FEWEST_DOUBLES = 1e5
EPSILON = 2.0**-52
# How far the default interval extends beyond a point.
REACH = 3.0


def check_variables(request: PlotRequest, count: int, what: str) -> tuple[str, ...]:
    """Return the variables of the figure in order; one that the function lacks may be named in the ranges.

    Args:
        request: The request.
        count: The number of variables that the figure needs.
        what: The subject of the error's sentence, such as "a contour".

    Raises:
        CalculusError: INVALID_VALUE unless there are `count` variables.
    """
    function = request.function
    names = dict.fromkeys((*function.variables, *symbols(function.outputs)))
    if len(names) < count and len(request.ranges) == count:
        names |= dict.fromkeys(r.variable for r in request.ranges)
    if len(names) == 0 and count == 1:
        names["x"] = None
    if len(names) != count:
        has = ", ".join(list(names)[:8]) or "none"
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"{what} needs a function of {'one variable' if count == 1 else 'two variables'}; the variables of this one are {has}",
            "name the other variable in `ranges`"
            if len(names) < count
            else "replace the others by numbers in the formula",
            field="expression.text",
        )
    return tuple(names)


def requested_ranges(request: PlotRequest, names: Sequence[str]) -> dict[str, Interval]:
    """Return the ranges in the request, by variable.

    Args:
        request: The request.
        names: The variables of the figure.

    Raises:
        CalculusError: UNKNOWN_VARIABLE, INVALID_VALUE: not finite, reversed, empty, given twice.
    """
    found: dict[str, Interval] = {}
    for i, each in enumerate(request.ranges):
        where = f"ranges[{i}]"
        if each.variable not in names:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{each.variable[:40]}' is not a variable of the figure",
                variables_are(names),
                field=f"{where}.variable",
                metadata={"name": each.variable},
            )
        if each.variable in found:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"'{each.variable}' has two ranges",
                "give one range for it",
                field=f"{where}.variable",
            )
        found[each.variable] = checked(each, where)
    return found


def checked(each: Range, where: str) -> Interval:
    """Return the interval of one range."""
    ends = {"lower": each.lower, "upper": each.upper}
    for name, end in ends.items():
        if end is None:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the range of '{each.variable}' has no {name} end",
                "give both ends",
                field=f"{where}.{name}",
            )
        if not math.isfinite(end):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the {name} end of the range of '{each.variable}' is {end}",
                "give a finite number",
                field=f"{where}.{name}",
            )
    assert each.lower is not None
    assert each.upper is not None
    lower, upper = each.lower, each.upper
    if lower >= upper:
        what = "is empty" if lower == upper else "is reversed"
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the range of '{each.variable}' from {lower:g} to {upper:g} {what}",
            "give the smaller end first",
            field=where,
        )
    check_width((lower, upper), each.variable, where)
    return lower, upper


def check_width(interval: Interval, name: str, where: str) -> None:
    """Raise INVALID_VALUE for an interval that is too large, or contains too few doubles for a curve.

    Args:
        interval: The interval.
        name: Its variable.
        where: The field of the request that it comes from.
    """
    lower, upper = interval
    size = max(abs(lower), abs(upper))
    if size > LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the range of '{name}' reaches to {size:g}",
            f"keep it below {LARGEST:g}",
            field=where,
        )
    if upper - lower < FEWEST_DOUBLES * EPSILON * size or upper - lower < 1 / LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the range of '{name}' is {upper - lower:.2g} wide at {upper:g}",
            "make it wider or shift the variable: it contains too few doubles for a curve",
            field=where,
        )


def around(points: Sequence[float], reach: float = REACH) -> Interval:
    """Return an interval that shows these points and `reach` beyond them at least.

    >>> around([2.0]), around([0.0, 1.0])
    ((-1.0, 5.0), (-3.0, 4.0))
    """
    lower, upper = min(points), max(points)
    reach = max(reach, 0.5 * abs(lower), 0.5 * abs(upper), upper - lower)
    return lower - reach, upper + reach


def padded(lower: float, upper: float, part: float = 0.06) -> Interval:
    """Return an interval with a margin of `part` of its width; an interval without width gets one.

    >>> padded(2.0, 2.0)
    (1.0, 3.0)
    """
    width = upper - lower
    if width <= 1e-12 * max(abs(lower), abs(upper)):
        pad = max(1.0, 0.5 * abs(lower)) if lower else 1.0
        return lower - pad, upper + pad
    return lower - part * width, upper + part * width


def check_drawable(values: Sequence[float], field: str, what: str) -> None:
    """Raise INVALID_VALUE if a number is NaN, infinite, or too large to draw.

    Args:
        values: The numbers.
        field: The field of the request, with # for the position of a number.
        what: The subject of the error's sentence.
    """
    for i, value in enumerate(values):
        where = field.replace("#", str(i))
        if not math.isfinite(value):
            raise CalculusError(Reason.INVALID_VALUE, f"{what} is {value}", "give a finite number", field=where)
        if abs(value) > LARGEST:
            raise CalculusError(Reason.INVALID_VALUE, f"{what} is {value:g}", f"keep it below {LARGEST:g}", field=where)


def check_number_of(what: str, count: int, limit: int, field: str) -> None:
    """Raise LIMIT_EXCEEDED where a request asks for more items than can be distinguished in one figure.

    Args:
        what: The items, such as "tangents"; the limit is named figure_tangents.
        count: Their number.
        limit: The limit.
        field: The field of the request.
    """
    if count > limit:
        raise limit_exceeded(f"figure_{what}", f"{count:,} {what} in one figure", limit, "draw several figures", field)


def undefined(function: Function, where: str, field: str) -> CalculusError:
    """Return the error for a point where f has no finite value."""
    return CalculusError(
        Reason.UNDEFINED_AT_POINT, f"the function has no finite value {where}", "choose another point", field=field
    )


def no_tangent(what: str, where: str, why: str, field: str) -> CalculusError:
    """Return the error for a point where there is no tangent; `what` has none, such as "the function"."""
    return CalculusError(
        Reason.UNDEFINED_AT_POINT, f"{what} has no tangent at {where}: {why}", "choose another point", field=field
    )
