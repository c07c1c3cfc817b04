"""Arguments of calls: functions, points and boxes, and their conversion to messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from secant._arrays import Points, add_columns, columns_of_frames, matrix_or_vector, set_values
from secant._enums import enum_value
from secant.shapes import Shapes, shape_messages
from secant.v1 import descend_pb2, expression_pb2

__all__ = ["Box", "Expression", "Function", "Point", "bounds", "coordinates", "expression", "has_names", "named"]


@dataclass(frozen=True)
class Expression:
    """A function together with its notation and its data.

    Args:
        text: "x^2 + y", "x**2 + y", "function(x, y) x^2 + y", "lambda x: x**2", "c(x*y, x + y)", or several lines with
            assignments before the formula.
        notation: "r" or "python", where they differ; "textbook" or "latex"; None accepts R and Python.
        data: Vectors and matrices that `text` may use, by name. A name in `data` is not a variable. A data frame, or a
            mapping of vectors, is a matrix; if the text uses its columns, as dat$y or dat["y"], these are sent.
        shapes: Shapes of variables, by name: a length, a tuple of lengths, or a text such as "n x 3" or "symmetric n x n".
            A length is a number or a name. A variable without a shape has that of its value at the point.
        data_set: A data set of the server. `text` is then the value of one row, whose data are the columns.

    >>> loss = Expression("sum((y - a - b*x)^2)", data={"x": [1, 2, 3], "y": [2, 4, 6]})
    >>> loss.text
    'sum((y - a - b*x)^2)'
    """

    text: str
    notation: str | None = None
    data: Points | None = None
    shapes: Shapes | None = None
    data_set: str | None = None

    def __str__(self) -> str:
        return self.text


Function: TypeAlias = str | Expression
# A number, a vector or a matrix for each variable; a value alone for a function of one variable.
Point: TypeAlias = Mapping[str, ArrayLike] | ArrayLike
Box: TypeAlias = Mapping[str, tuple[float | None, float | None]]

_READ = ("r", "python", "textbook", "latex")


def expression(
    f: Function,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
    data_set: str | None = None,
) -> expression_pb2.Expression:
    """Return `f` as a message.

    Args:
        f: The function.
        notation: "r", "python", "textbook" or "latex"; None: that of `f`.
        data: Vectors and matrices by name; None: those of `f`.
        shapes: Shapes of variables by name; None: those of `f`.
        data_set: A data set of the server; None: that of `f`.

    Raises:
        TypeError: `f` is neither a string nor an Expression.
        ValueError: `notation` cannot be parsed, only printed.
    """
    if isinstance(f, Expression):
        notation = f.notation if notation is None else notation
        data = f.data if data is None else data
        shapes = f.shapes if shapes is None else shapes
        data_set = f.data_set if data_set is None else data_set
        f = f.text
    elif not isinstance(f, str):
        raise TypeError(f"a function must be a string or a secant.Expression; got {type(f).__name__}")
    if notation is not None and notation.lower() not in _READ:
        raise ValueError(
            f"notation must be r, python, textbook or latex; got {notation!r}\nto get answers in that notation, use notations={notation!r}"
        )
    message = expression_pb2.Expression(
        text=f,
        notation=enum_value(expression_pb2.Notation, notation),
        shapes=shape_messages(shapes),
        data_set=data_set,
    )
    if data is not None:
        # The lengths may differ: the server recycles shorter vectors.
        given = columns_of_frames(data, f)
        arrays = {name: matrix_or_vector(name, values) for name, values in given.items()}
        add_columns(
            message.data, {name: values if values.ndim else values.reshape(1) for name, values in arrays.items()}
        )
    return message


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
        raise TypeError(f"the value of {name or 'a point'} must be a number, a vector or a matrix; got {value!r}")
    found = matrix_or_vector(name or "the point", value)
    if not found.ndim:
        return expression_pb2.Coordinate(variable=name, value=float(found))
    message = expression_pb2.Coordinate(variable=name)
    set_values(message, found)
    if not found.size:
        message.shape[:] = found.shape
    return message


def named(variables: tuple[str, ...]) -> tuple[str, ...]:
    """Return `variables` if each is a name.

    Raises:
        TypeError: One is not a string.

    >>> named((["x", "y"],))
    Traceback (most recent call last):
    TypeError: each variable must be an argument of its own, for example "x", "y"; got ['x', 'y']
    """
    for name in variables:
        if not isinstance(name, str):
            raise TypeError(f'each variable must be an argument of its own, for example "x", "y"; got {name!r}')
    return variables


def bounds(box: Box | None) -> list[descend_pb2.Bound]:
    """Return a box {"x": (lower, upper)} as messages; None for an end means that it is open.

    Raises:
        ValueError: An interval is not a pair.
    """
    messages = []
    for name, ends in (box or {}).items():
        if len(ends) != 2:
            raise ValueError(f"the interval of {name} must be a pair (lower, upper); got {ends!r}")
        messages.append(descend_pb2.Bound(variable=name, lower=ends[0], upper=ends[1]))
    return messages
