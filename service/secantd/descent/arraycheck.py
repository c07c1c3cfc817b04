"""Checks of a descent of vectors and matrices, whose variables become their entries."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from secantd.calculus.arrays.points import check_finite
from secantd.calculus.point import check_names, required
from secantd.calculus.variables import by_variable, resolved
from secantd.descent.check import check_bounds, check_starts, check_twice, checked_steps, invalid
from secantd.descent.entries import Entries, entry_names
from secantd.descent.methods import name_of
from secantd.descent.request import DescentRequest
from secantd.errors import limit_exceeded
from secantd.settings import Limits
from secantd.shown import quoted

__all__ = ["flattened"]

# Vectors and matrices.
HIGHEST_RANK = 2


def flattened(request: DescentRequest, limits: Limits) -> tuple[DescentRequest, Entries]:
    """Return a request whose variables are the entries of its vectors and matrices, with `max_steps` set, and the entries.

    Args:
        request: The request of a function of vectors or matrices.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, LIMIT_EXCEEDED.
    """
    most = checked_steps(request, limits)
    function = request.function
    check_twice(request)
    start = {name: array_of(name, value, i) for i, (name, value) in enumerate(request.start)}
    start = by_variable(function, start, "start")
    check_names(start, required(function), "start", "the start")
    check_finite(start, "start")
    entries = Entries({name: np.shape(value) for name, value in start.items()}, function.graph.symmetric)
    names = {name: entry_names(name, shape, zero_based=request.zero_based) for name, shape in entries.shapes.items()}
    flat = [entry for own in names.values() for entry in own]
    if not flat:
        raise invalid("there is no start", "give a value for each variable", "start")
    check_size(request, len(flat), limits)
    starts = {compact(name): values for name, values in by_variable(function, dict(request.starts), "starts").items()}
    check_starts(starts, flat)
    bounds = tuple(replace(b, variable=compact(resolved(function, b.variable))) for b in request.bounds)
    found = replace(request, max_steps=most, bounds=bounds, starts=tuple(starts.items()))
    if bounds:
        known = bounded_entries(entries, names, flat)
        check_bounds(found, known)
        bounds = tuple(replace(b, variable=entry) for b in bounds for entry in known[b.variable])
    values = entries.joined(list(start.values())).tolist()
    return replace(found, bounds=bounds, start=tuple(zip(flat, values, strict=True))), entries


def array_of(name: str, value: Any, i: int) -> Any:
    """Return the value of coordinate `i` of the start, a variable: a float, a vector or a matrix."""
    array = np.asarray(value, np.float64)
    if array.ndim > HIGHEST_RANK or not array.size:
        what = f"an array of {array.ndim} dimensions" if array.size else "empty"
        raise invalid(
            f"the start of {quoted(name)} is {what}", "give a number, a vector or a matrix", f"start[{i}].values"
        )
    return array if array.ndim else float(array)


def check_size(request: DescentRequest, size: int, limits: Limits) -> None:
    if request.method.dense and size**2 > limits.array_entries:
        raise limit_exceeded(
            "array_entries",
            f"the method {name_of(request.method)} needs a matrix of {size**2:,} entries for {size:,} variables",
            limits.array_entries,
            "use the method lbfgs or adam",
            "method",
        )


def compact(name: str) -> str:
    """Return a name with the usual spelling of indices: A[1, 2] is A[1,2]."""
    stem, bracket, indices = name.rpartition("[")
    return f"{stem}[{''.join(indices.split())}" if bracket else name


def bounded_entries(entries: Entries, names: Mapping[str, list[str]], flat: list[str]) -> dict[str, list[str]]:
    """Return the entries that a bound on a name holds for: all of a variable, both of a symmetric matrix."""
    mirror = range(len(flat)) if entries.mirror is None else entries.mirror.tolist()
    single = {entry: list(dict.fromkeys([entry, flat[k]])) for entry, k in zip(flat, mirror, strict=True)}
    return {**names, **single}
