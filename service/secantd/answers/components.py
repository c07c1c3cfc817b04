"""Vectors and matrices of a request divided into their entries, for functions whose variables are the entries."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import prod
from typing import TYPE_CHECKING, Any

from secantd.errors import CalculusError, Reason
from secantd.expression import reachable, shape_text
from secantd.language import Function
from secantd.shown import listed, quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["assembled", "divided", "located", "named", "require_numbers"]

ENTRY = re.compile(r"(.+)\[(\d+)(?:,(\d+))?\]", re.DOTALL)


def divided(
    function: Function, values: "Mapping[str, float | NDArray[np.float64]]", field: str, *, zero_based: bool
) -> dict[str, Any]:
    """Return values of variables, each vector or matrix whose entries are variables of the function divided into them.

    Args:
        function: The function.
        values: Numbers, vectors and matrices by name.
        field: The field of the request that holds them.
        zero_based: Whether indices count from 0.

    Raises:
        CalculusError: INVALID_VALUE where an entry has a value of its own too.

    >>> from secantd.language import read
    >>> import numpy as np
    >>> divided(read("x[2] - x[1]^2"), {"x": np.array([1.0, 3.0])}, "at", zero_based=False)
    {'x[1]': 1.0, 'x[2]': 3.0}
    """
    known = function.used.union(function.variables)
    found: dict[str, Any] = {}
    for i, (name, value) in enumerate(values.items()):
        entries = {name: value}
        if not isinstance(value, float) and name not in known and any(k.startswith(f"{name}[") for k in known):
            from secantd.descent.entries import entry_names

            entries = dict(
                zip(entry_names(name, value.shape, zero_based=zero_based), value.ravel().tolist(), strict=True)
            )
        for entry, number in entries.items():
            if entry in found:
                headline = f"{quoted(entry)} has two values"
                raise CalculusError(Reason.INVALID_VALUE, headline, "give it one", field=f"{field}[{i}]")
            found[entry] = number
    return found


def assembled(function: Function, point: Mapping[str, Any], field: str, *, zero_based: bool) -> dict[str, Any]:
    """Return a point whose entries x[1], x[2] are one vector, and A[1,1], A[1,2] one matrix, as variables of the function.

    The outcome of a descent has such entries.

    Args:
        function: A function of vectors or matrices.
        point: Values by name.
        field: The field of the request that holds them.
        zero_based: Whether indices count from 0.

    Raises:
        CalculusError: INVALID_VALUE where an entry is missing or no number.
    """
    import numpy as np

    arrays = {n.name for n in reachable(function.outputs) if n.op == "symbol" and n.shape}
    found: dict[str, Any] = {}
    entries: dict[str, dict[tuple[int, ...], float]] = {}
    for name, value in point.items():
        place = ENTRY.fullmatch(name)
        if place is None or place[1] not in arrays or not isinstance(value, float):
            found[name] = value
            continue
        index = tuple([int(i) - (not zero_based) for i in place.groups()[1:] if i is not None])
        found.setdefault(place[1], None)
        entries.setdefault(place[1], {})[index] = value
    for name, values in entries.items():
        shape = tuple([max(sides) + 1 for sides in zip(*values, strict=False)])
        if found[name] is not None or len(values) != prod(shape) or set(values) != set(np.ndindex(shape)):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the entries of {quoted(name)} are not complete",
                "give one value for each entry, or the whole as one value",
                field=field,
            )
        found[name] = np.array([values[index] for index in np.ndindex(shape)]).reshape(shape)
    return found


def named(function: Function, point: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Return a point in which a value without a name has that of the only variable.

    Args:
        function: The function.
        point: Values by name; the name is empty where the request has none.
        field: The field of the request that holds them.

    Raises:
        CalculusError: INVALID_VALUE where the function has several variables.

    >>> from secantd.language import read
    >>> named(read("x[1]^2 + x[2]"), {"": 2.0}, "at")
    {'x': 2.0}
    """
    if "" not in point:
        return dict(point)
    names = (*function.variables, *sorted(function.used.difference(function.variables)))
    owners = dict.fromkeys([place[1] if (place := ENTRY.fullmatch(name)) else name for name in names])
    if len(owners) != 1:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"a value without a name is that of the only variable, but the variables are {listed(list(owners))}"
            if owners
            else "the expression has no variables",
            "name each value",
            field=f"{field}[0].variable",
        )
    return {next(iter(owners)): point[""]}


def require_numbers(point: Mapping[str, Any], field: str) -> dict[str, float]:
    """Return a point; INVALID_VALUE for a value that is a vector or matrix, because the variables are numbers."""
    for i, (name, value) in enumerate(point.items()):
        if not isinstance(value, float):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"this call takes functions of numbers, but the value of {quoted(name)} is {shape_text(value.shape)}",
                f"give a number, or name components, for example {name[:20]}[1]",
                field=f"{field}[{i}]",
            )
    return dict(point)


@contextmanager
def located(field: str, values: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[None]:
    """Correct the field of errors raised inside, where `parts` are the divided values of the request.

    Args:
        field: The field of the request that holds the values.
        values: The values as in the request.
        parts: The values as the engine got them.

    >>> x = {"x": [1.0, 2.0], "y": 3.0}
    >>> try:
    ...     with located("at", x, {"x[1]": 1.0, "x[2]": 2.0, "y": 3.0}):
    ...         raise CalculusError(Reason.INVALID_VALUE, "no", field="at[1].value")
    ... except CalculusError as error:
    ...     print(error.field)
    at[0].values
    """
    try:
        yield
    except CalculusError as error:
        if len(parts) != len(values) and (place := re.fullmatch(re.escape(field) + r"\[(\d+)\](.*)", error.field)):
            name, rest = list(parts)[int(place[1])], place[2]
            whole = name if name in values else name.rpartition("[")[0]
            if whole != name and rest == ".value":
                rest = ".values"
            error.field = f"{field}[{list(values).index(whole)}]{rest}"
        raise
