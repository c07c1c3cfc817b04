"""Fast conversion between arrays and `repeated double` fields."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from secant._packed import LENGTH_DELIMITED, varint

__all__ = ["add_column", "decode", "extend"]


def decode(values: Any) -> NDArray[np.float64]:
    """Return the numbers of a `repeated double`, shape (n,): `np.array` copies its buffer at once.

    >>> from secant.v1 import expression_pb2
    >>> decode(expression_pb2.Column(values=[1.0, 2.0]).values)
    array([1., 2.])
    """
    return np.array(values, dtype=np.float64)


def extend(message: Any, field: str, values: ArrayLike) -> None:
    """Append `values` to the `repeated double` called `field` of `message`.

    The wire form is written and merged: assigning an array element by element takes a hundred times longer.
    """
    packed = np.ascontiguousarray(values, "<f8").tobytes()
    if packed:
        number = message.DESCRIPTOR.fields_by_name[field].number
        message.MergeFromString(varint(number << 3 | LENGTH_DELIMITED) + varint(len(packed)) + packed)


def add_column(columns: Any, name: str, values: ArrayLike) -> None:
    """Append a Column of `name` and `values` to a repeated field.

    >>> from secant.v1 import expression_pb2
    >>> reply = expression_pb2.Expression()
    >>> add_column(reply.data, "x", [1.0, np.inf])
    >>> decode(reply.data[0].values)
    array([ 1., inf])
    """
    extend(columns.add(name=name), "values", values)
