"""NumPy arrays in and out of `repeated double`."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secant.v1 import expression_pb2 as pb

__all__ = ["Array", "Points", "add_columns", "array", "columns"]

Array: TypeAlias = NDArray[np.float64]
# A mapping of names to vectors: a dict, a DataFrame.
Points: TypeAlias = Mapping[str, ArrayLike]

# Field number and wire type 2 (length-delimited) of Column.values.
_TAG = bytes([pb.Column.VALUES_FIELD_NUMBER << 3 | 2])


def array(values: Any) -> Array:
    """Return a `repeated double` as a new array, 100 times faster than through a list.

    >>> array(pb.Column(values=[1, 2]).values)
    array([1., 2.])
    """
    return np.array(values, np.float64)


def columns(points: Points) -> dict[str, Array]:
    """Return named vectors as arrays of one dimension; a number becomes a vector of length 1.

    Raises:
        ValueError: A column has more than one dimension, or their lengths differ (1 excepted).

    >>> columns({"x": [1, 2], "y": 3})
    {'x': array([1., 2.]), 'y': array([3.])}
    >>> columns({"x": [1, 2], "y": [1, 2, 3]})
    Traceback (most recent call last):
    ValueError: columns differ in length: x has 2, y has 3
    """
    arrays = {str(name): np.atleast_1d(np.asarray(values, np.float64)) for name, values in points.items()}
    for name, values in arrays.items():
        if values.ndim != 1:
            raise ValueError(f"column {name} has shape {values.shape}; a column is one vector")
    if len({len(values) for values in arrays.values()} - {1}) > 1:
        lengths = ", ".join(f"{name} has {len(values)}" for name, values in arrays.items())
        raise ValueError(f"columns differ in length: {lengths}")
    return arrays


def add_columns(field: Any, arrays: Mapping[str, Array]) -> None:
    """Append to a `repeated Column` by its wire form: the bits of NaN (R's NA) stay as they are."""
    for name, values in arrays.items():
        column = field.add(name=name)
        data = np.ascontiguousarray(values, "<f8").tobytes()
        if data:
            # 15 to 100 times faster than assigning the array.
            column.MergeFromString(_TAG + _varint(len(data)) + data)


def _varint(size: int) -> bytes:
    out = bytearray()
    while size > 0x7F:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    out.append(size)
    return bytes(out)
