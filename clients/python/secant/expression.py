"""What a caller writes: functions, points and boxes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from secant.arrays import Points, add_columns, columns
from secant.v1 import descend_pb2, expression_pb2
from secant.words import number

__all__ = ["Box", "Expression", "Function", "Point", "bounds", "coordinates", "expression", "named"]


@dataclass(frozen=True)
class Expression:
    """A function with the notation it is written in and the data it is over.

    Args:
        text: "x^2 + y", "x**2 + y", "function(x, y) x^2 + y", "lambda x: x**2", "c(x*y, x + y)", or a block
            with assignments before the formula.
        notation: "r" or "python" where they differ; None reads both.
        data: Named vectors that `text` may use. A name in `data` is not a variable.

    >>> loss = Expression("sum((y - a - b*x)^2)", data={"x": [1, 2, 3], "y": [2, 4, 6]})
    >>> loss.text
    'sum((y - a - b*x)^2)'
    """

    text: str
    notation: str | None = None
    data: Points | None = None

    def __str__(self) -> str:
        return self.text


Function: TypeAlias = str | Expression
Point: TypeAlias = Mapping[str, float]
Box: TypeAlias = Mapping[str, tuple[float | None, float | None]]

_READ = ("r", "python")


def expression(f: Function, notation: str | None = None, data: Points | None = None) -> expression_pb2.Expression:
    """Return `f` as a message; `notation` and `data` are for what `f` itself leaves open.

    Raises:
        TypeError: `f` is neither a text nor an Expression.
        ValueError: `notation` is one that is only written.
    """
    if isinstance(f, Expression):
        notation = f.notation if notation is None else notation
        data = f.data if data is None else data
        f = f.text
    elif not isinstance(f, str):
        raise TypeError(f"a function is written as a text or as secant.Expression, not {type(f).__name__}")
    if notation is not None and notation.lower() not in _READ:
        raise ValueError(f"a function is read in r or python, not {notation!r}; answers take notations={notation!r}")
    message = expression_pb2.Expression(text=f, notation=number(expression_pb2.Notation, notation))
    if data is not None:
        # Not `columns`: shorter vectors are recycled by the server.
        add_columns(message.data, {name: columns({name: values})[name] for name, values in data.items()})
    return message


def coordinates(point: Point | None) -> list[expression_pb2.Coordinate]:
    """Return a point as messages, in its own order; None is no point.

    Raises:
        TypeError: It is not a mapping of names to numbers.

    >>> coordinates(2.0)
    Traceback (most recent call last):
    TypeError: a point says the value of each variable, as {"x": 2.0}; not float
    """
    if point is None:
        return []
    if not hasattr(point, "items"):
        raise TypeError(f'a point says the value of each variable, as {{"x": 2.0}}; not {type(point).__name__}')
    messages = []
    for name, value in point.items():
        try:
            messages.append(expression_pb2.Coordinate(variable=name, value=value))
        except TypeError:
            raise TypeError(f"the value of {name} is a number, not {value!r}") from None
    return messages


def named(variables: tuple[str, ...]) -> tuple[str, ...]:
    """Return the variables, each a name.

    Raises:
        TypeError: One is not.

    >>> named((["x", "y"],))
    Traceback (most recent call last):
    TypeError: variables are named one by one, as "x", "y"; not ['x', 'y']
    """
    for name in variables:
        if not isinstance(name, str):
            raise TypeError(f'variables are named one by one, as "x", "y"; not {name!r}')
    return variables


def bounds(box: Box | None) -> list[descend_pb2.Bound]:
    """Return a box {"x": (lower, upper)} as messages; None leaves an end open.

    Raises:
        ValueError: An entry is not a pair.
    """
    messages = []
    for name, ends in (box or {}).items():
        if len(ends) != 2:
            raise ValueError(f"the interval of {name} is a pair (lower, upper), not {ends!r}")
        messages.append(descend_pb2.Bound(variable=name, lower=ends[0], upper=ends[1]))
    return messages
