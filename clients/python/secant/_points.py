"""Points, and their conversion to messages."""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from secant._arrays import matrix_or_vector, set_values
from secant.v1 import expression_pb2

__all__ = ["Point", "coordinates", "has_names"]

# A number, a vector or a matrix for each variable; a value alone for a function of one variable.
Point: TypeAlias = Mapping[str, ArrayLike] | ArrayLike


def coordinates(point: Point | None) -> list[expression_pb2.Coordinate]:
    """Return a point as messages in its own order; an empty list for None.

    Args:
        point: Numbers, vectors or matrices by the names of variables; a value without a name for a function of one
            variable. Numbers by name are the elements of a variable: par$a and par$b.

    Raises:
        TypeError: A value is neither a number nor an array of numbers.

    >>> [entry.values for entry in coordinates({"x": [1.0, 2.0]})], coordinates(2.0)[0].value
    ([[1.0, 2.0]], 2.0)
    >>> [entry.variable for entry in coordinates({"par": {"a": 1.0, "b": 2.0}})]
    ['par$a', 'par$b']
    >>> coordinates({"x": "one"})
    Traceback (most recent call last):
    TypeError: the value of x must be a number, a vector or a matrix; got 'one'
    """
    if point is None:
        return []
    entries = point.items() if has_names(point) else [("", point)]
    return [_coordinate(part, number) for name, value in entries for part, number in _members(name, value)]


def _members(name: str, value: Any) -> list[tuple[str, Any]]:
    """Return the numbers of a list by their names, par$a for the a in par; a value that is no list of numbers is itself."""
    if name and isinstance(value, Mapping) and value and all(np.ndim(v) == 0 for v in value.values()):
        return [(f"{name}${member}", v) for member, v in value.items()]
    return [(name, value)]


def has_names(point: Any) -> TypeGuard[Mapping[str, ArrayLike]]:
    """Return whether a point maps names to values: a mapping, a data frame, or a series whose index are names.

    >>> has_names({"x": 1.0}), has_names([1.0, 2.0])
    (True, False)
    """
    return hasattr(point, "items") and all(isinstance(name, str) for name, _ in point.items())


def _coordinate(name: str, value: object) -> expression_pb2.Coordinate:
    if value is None:  # NumPy would make NaN of it
        raise TypeError(f"{name or 'the point'} has no value; leave it out, or write float('nan')")
    if isinstance(value, int | float):
        return expression_pb2.Coordinate(variable=name, value=value)
    if isinstance(value, str):  # NumPy would read "2" as a number
        hint = "" if name else '\nwrite at={"x": 2.0}'
        raise TypeError(f"the value of {name or 'a point'} must be a number, a vector or a matrix; got {value!r}{hint}")
    found = matrix_or_vector(name or "the point", value)
    if not found.ndim:
        return expression_pb2.Coordinate(variable=name, value=float(found))
    message = expression_pb2.Coordinate(variable=name)
    set_values(message, found)
    if not found.size:
        message.shape[:] = found.shape
    return message
