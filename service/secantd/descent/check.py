"""Checks of a descent's request: the parameters of its method, starts, bounds and counts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.point import check_finite, check_names, common_length, required
from secantd.calculus.variables import by_variable, resolved
from secantd.descent.methods import METHODS, name_of
from secantd.descent.request import DescentRequest
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.settings import Limits
from secantd.shown import quoted, variables_are

__all__ = ["check_bounds", "check_starts", "check_twice", "checked_steps", "invalid", "validated"]

# Step numbers are int64.
LARGEST_NUMBER = 2**63 - 2


def validated(request: DescentRequest, limits: Limits, names: Sequence[str] | None = None) -> DescentRequest:
    """Return a request with its names resolved and `max_steps` set.

    Args:
        request: The request of a function of numbers.
        limits: The limits that apply.
        names: The variables that need a start; None: those of the function.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, LIMIT_EXCEEDED.
    """
    most = checked_steps(request, limits)
    function = request.function
    check_twice(request)
    start = by_variable(function, dict(request.start), "start")
    starts = by_variable(function, dict(request.starts), "starts")
    bounds = tuple(replace(b, variable=resolved(function, b.variable)) for b in request.bounds)
    found = replace(request, max_steps=most, start=tuple(start.items()), starts=tuple(starts.items()), bounds=bounds)
    check_names(start, required(function) if names is None else names, "start", "the start")
    if not start:
        raise invalid("there is no start", "give a value for each variable", "start")
    check_finite(start, "start")
    check_starts(starts, list(start))
    check_bounds(found, {name: (name,) for name in start})
    return found


def checked_steps(request: DescentRequest, limits: Limits) -> int:
    """Check the numbers of a request and the settings of its method, and return the largest number of steps."""
    method = name_of(request.method)
    for parameter, values in request.method.ranges().items():
        value = getattr(request.method, parameter)
        if value not in values:
            raise invalid(f"{parameter} is {value:g}", f"give a finite number {values.words}", f"{method}.{parameter}")
    if not 0.0 <= request.tolerance < math.inf:
        raise invalid(f"the tolerance is {request.tolerance:g}", "give a finite number, at least 0", "tolerance")
    for name in ("max_steps", "trace_every", "first_number"):
        if getattr(request, name) < 0:
            raise invalid(f"{name} is {getattr(request, name)}", "give a whole number, at least 0", name)
    if request.max_steps > limits.steps:
        raise limit_exceeded(
            "steps", f"the request is for {request.max_steps:,} steps", limits.steps, field="max_steps"
        )
    most = request.max_steps or limits.steps
    last = LARGEST_NUMBER - most
    if request.first_number > last:
        hint = f"give a number from 0 to {last}, as step numbers have 64 bits"
        raise invalid(f"first_number is {request.first_number}", hint, "first_number")
    return most


def check_twice(request: DescentRequest) -> None:
    if len(dict(request.start)) < len(request.start):
        raise invalid("a variable has two start values", "give one value for it", "start")


def check_starts(starts: Mapping[str, NDArray[np.float64]], names: Sequence[str]) -> None:
    if starts:
        common_length(starts, "starts")
        check_names(starts, names, "starts", "the list of starts")


def check_bounds(request: DescentRequest, entries: Mapping[str, Sequence[str]]) -> None:
    """Check the bounds of a request; `entries` has the variables that each name stands for."""
    bounded: set[str] = set()
    for i, bound in enumerate(request.bounds):
        name, field = quoted(bound.variable), f"bounds[{i}]"
        if bound.variable not in entries:
            raise invalid(f"{name} is not a variable of the start", variables_are(list(entries)), f"{field}.variable")
        if bounded.intersection(entries[bound.variable]):
            raise invalid(f"{name} is bounded twice", "give one interval for it", f"{field}.variable")
        bounded.update(entries[bound.variable])
        if not bound.lower <= bound.upper:
            headline = f"the interval of {name} from {bound.lower:g} to {bound.upper:g} is empty"
            raise invalid(headline, "give the smaller end first", field)
    if request.bounds and not request.method.bounded:
        takers = " or ".join(taker for taker, method in METHODS.items() if method.bounded)
        headline = f"the method {name_of(request.method)} does not support bounds"
        raise invalid(headline, f"use the method {takers}, or leave the bounds out", "bounds")


def invalid(headline: str, hint: str, field: str) -> CalculusError:
    return CalculusError(Reason.INVALID_VALUE, headline, hint, field=field)
