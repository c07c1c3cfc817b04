"""Which variables a figure has, and which interval the axis of each shows."""

import math
from collections.abc import Sequence

from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import symbols
from secantd.figure.request import PlotRequest, Range
from secantd.language import Function

__all__ = ["Interval", "around", "check_finite", "check_number_of", "check_variables", "given", "padded", "undefined"]

Interval = tuple[float, float]

# Sums and products of a few coordinates stay finite.
LARGEST = 1e150
# Doubles in an interval: with fewer a curve is a staircase.
FEWEST_DOUBLES = 1e5
EPSILON = 2.0**-52
# Beside a point: as far as a reader looks.
REACH = 3.0


def check_variables(request: PlotRequest, count: int, what: str) -> tuple[str, ...]:
    """Return the variables of the figure in order; one that the function lacks may be named in the ranges.

    Raises:
        CalculusError: INVALID_VALUE: not `count` variables.
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
            f"{what} is drawn for a function of {'one variable' if count == 1 else 'two variables'}; this one has {has}",
            "name the other variable in `ranges`" if len(names) < count else "give the others values in the formula",
            field="expression.text",
        )
    return tuple(names)


def given(request: PlotRequest, names: Sequence[str]) -> dict[str, Interval]:
    """Return the ranges that are given, by variable.

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
                f"its variables are {', '.join(names)}",
                field=f"{where}.variable",
                metadata={"name": each.variable},
            )
        if each.variable in found:
            raise CalculusError(
                Reason.INVALID_VALUE, f"'{each.variable}' has two ranges", "give it one", field=f"{where}.variable"
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
                "give both",
                field=f"{where}.{name}",
            )
        if not math.isfinite(end):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the {name} end of the range of '{each.variable}' is {end}",
                "give it a finite number",
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
            "the lower end comes first",
            field=where,
        )
    check_width((lower, upper), each.variable, where)
    return lower, upper


def check_width(interval: Interval, name: str, where: str) -> None:
    """Raise INVALID_VALUE for an interval that doubles cannot fill, or that overflows."""
    lower, upper = interval
    size = max(abs(lower), abs(upper))
    if size > LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE, f"the range of '{name}' reaches to {size:g}", f"stay below {LARGEST:g}", field=where
        )
    if upper - lower < FEWEST_DOUBLES * EPSILON * size or upper - lower < 1 / LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the range of '{name}' is {upper - lower:.2g} wide at {upper:g}",
            "there are too few numbers in it to draw a curve: make it wider, or shift the variable",
            field=where,
        )


def around(points: Sequence[float], reach: float = REACH) -> Interval:
    """Return an interval that shows these points.

    >>> around([2.0]), around([0.0, 1.0])
    ((-1.0, 5.0), (-3.0, 4.0))
    """
    lower, upper = min(points), max(points)
    reach = max(reach, 0.5 * abs(lower), 0.5 * abs(upper), upper - lower)
    return lower - reach, upper + reach


def padded(lower: float, upper: float, part: float = 0.06) -> Interval:
    """Return an interval with a margin; one without a width gets some.

    >>> padded(2.0, 2.0)
    (1.0, 3.0)
    """
    width = upper - lower
    if width <= 1e-12 * max(abs(lower), abs(upper)):
        pad = max(1.0, 0.5 * abs(lower)) if lower else 1.0
        return lower - pad, upper + pad
    return lower - part * width, upper + part * width


def check_finite(values: Sequence[float], field: str, what: str) -> None:
    """Raise INVALID_VALUE where one of the numbers is NaN, infinite, or too large to be drawn."""
    for i, value in enumerate(values):
        where = field.replace("#", str(i))
        if not math.isfinite(value):
            raise CalculusError(Reason.INVALID_VALUE, f"{what} is {value}", "give it a finite number", field=where)
        if abs(value) > LARGEST:
            raise CalculusError(Reason.INVALID_VALUE, f"{what} is {value:g}", f"stay below {LARGEST:g}", field=where)


def check_number_of(what: str, count: int, limit: int, field: str) -> None:
    """Raise LIMIT_EXCEEDED where a figure is asked to hold more than can be told apart."""
    if count > limit:
        raise limit_exceeded(f"figure_{what}", f"{count:,} {what} in one figure", limit, "draw several figures", field)


def undefined(function: Function, where: str, field: str) -> CalculusError:
    """Return the error of a point where f has no value that can be drawn."""
    return CalculusError(Reason.UNDEFINED_AT_POINT, f"the function has no finite value {where}", "move it", field=field)
