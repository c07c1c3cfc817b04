"""Arguments of calls: functions, points and boxes, and their conversion to messages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from secant._arrays import Points, add_columns, columns_of_frames, matrix_or_vector
from secant._enums import enum_value
from secant._given import given
from secant._points import Point, coordinates, has_names
from secant._tables import vectors_of
from secant._text import Expression
from secant.results.formula import Answer
from secant.shapes import Shapes, shape_messages
from secant.v1 import descend_pb2, expression_pb2

__all__ = ["Box", "Expression", "Function", "Point", "bounds", "coordinates", "expression", "has_names", "named"]


class SymPyExpression(Protocol):
    """An expression of SymPy, which is read if SymPy is loaded."""

    @property
    def free_symbols(self) -> Any:
        """Its symbols, which are variables."""

    def doit(self, **hints: Any) -> Any:
        """Carry out what is only written, such as an integral."""


# Text, an Expression, an answer with formulas, a Python function with its source, an expression of SymPy; a list is a vector.
_One: TypeAlias = str | Expression | Answer | SymPyExpression
Function: TypeAlias = _One | Callable[..., Any] | Sequence[_One | float]
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
        TypeError: `f` is of another type.
        ValueError: `notation` cannot be parsed, only printed.
    """
    if not isinstance(f, str):
        own = given(f)
        if isinstance(f, Expression):
            data = own.data if data is None else data
        else:
            # It was written by a program, which knows its notation.
            notation = own.notation or notation
            data = data if own.data is None else {**vectors_of(own.data, own.text), **vectors_of(data or {}, own.text)}
        notation = own.notation if notation is None else notation
        shapes = own.shapes if shapes is None else shapes
        data_set = own.data_set if data_set is None else data_set
        f = own.text
    if notation is not None and notation.lower() not in _READ:
        # Notations of answers only, such as C.
        known = f"NOTATION_{notation.upper()}" in expression_pb2.Notation.DESCRIPTOR.values_by_name
        hint = f"\nto get answers in that notation, use notations={notation!r}" if known else ""
        raise ValueError(f"notation must be r, python, textbook or latex; got {notation!r}{hint}")
    message = expression_pb2.Expression(
        text=f,
        notation=enum_value(expression_pb2.Notation, notation),
        shapes=shape_messages(shapes),
        data_set=data_set,
    )
    if data is not None:
        # The lengths may differ: the server recycles shorter vectors.
        named_columns = columns_of_frames(vectors_of(data, f, notation), f)
        arrays = {name: matrix_or_vector(name, values) for name, values in named_columns.items()}
        add_columns(
            message.data, {name: values if values.ndim else values.reshape(1) for name, values in arrays.items()}
        )
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
        if isinstance(name, str):
            continue
        if isinstance(name, list | tuple) and all(isinstance(part, str) for part in name):
            raise TypeError(f'each variable must be an argument of its own, for example "x", "y"; got {name!r}')
        if isinstance(name, int) and len(variables) > 1:
            raise TypeError(f'for a higher derivative repeat the variable: "x", "x"; got {name!r}')
        raise TypeError(f'a variable must be a name; got {name!r}\ngive the point as at={{"x": 2.0}}')
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
