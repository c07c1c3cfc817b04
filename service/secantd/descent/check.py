"""What a request may ask for: the ranges of a method's parameters, the variables of a start."""

import math
from dataclasses import fields

from secantd.descent.request import DescentRequest, Lbfgs
from secantd.errors import CalculusError, Reason

__all__ = ["check"]

# Parameter: (lower end, upper end, whether the lower end belongs to it, the range in words).
RANGES: dict[str, tuple[float, float, bool, str]] = {
    "rate": (0.0, math.inf, False, "above 0"),
    "momentum": (0.0, 1.0, True, "at least 0 and below 1"),
    "decay": (0.0, 1.0, True, "at least 0 and below 1"),
    "beta1": (0.0, 1.0, True, "at least 0 and below 1"),
    "beta2": (0.0, 1.0, True, "at least 0 and below 1"),
    "initial": (0.0, math.inf, False, "above 0"),
    "shrink": (0.0, 1.0, False, "between 0 and 1"),
    "armijo": (0.0, 1.0, False, "between 0 and 1"),
    "memory": (1, math.inf, True, "at least 1"),
}


def _invalid(headline: str, hint: str, field: str) -> CalculusError:
    return CalculusError(Reason.INVALID_VALUE, headline, hint, field=field)


def check(request: DescentRequest) -> None:
    """Raise where a request asks for what cannot be.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE.
    """
    for f in fields(request.method):
        low, high, closed, words = RANGES[f.name]
        value = getattr(request.method, f.name)
        if not (low < value < high or (closed and value == low)):
            raise _invalid(f"{f.name} is {value:g}", f"give a number {words}", f"method.{f.name}")
    if request.bounds and not isinstance(request.method, Lbfgs):
        raise _invalid("this method takes no bounds", "take LBFGS, or leave the bounds out", "bounds")
    if not request.tolerance >= 0.0:
        raise _invalid(f"tolerance is {request.tolerance:g}", "give a number from 0 on", "tolerance")
    for name, count in (("max_steps", request.max_steps), ("trace_every", request.trace_every)):
        if count < 0:
            raise _invalid(f"{name} is {count}", "give a number from 0 on", name)
    _check_start(request)


def _check_start(request: DescentRequest) -> None:
    names = [name for name, _ in request.start]
    if not names:
        raise _invalid("no start is given", "give a value for each variable", "start")
    if len(set(names)) < len(names):
        raise _invalid("a variable has two starts", "give one value for each variable", "start")
    missing = [v for v in request.function.variables if v not in names]
    if missing:
        raise CalculusError(
            Reason.UNKNOWN_VARIABLE,
            f"'{missing[0]}' has no start",
            "give a value for each variable",
            field="start",
            metadata={"variable": missing[0]},
        )
    if request.starts:
        columns = dict(request.starts)
        if set(columns) != set(names):
            raise _invalid("starts and start name different variables", "give a column for each", "starts")
        if len({len(c) for c in columns.values()}) > 1:
            raise _invalid("the columns of starts have different lengths", "give one value each", "starts")
