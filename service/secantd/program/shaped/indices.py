"""Parts of arrays: elements, rows, positions given by data, masks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Node

__all__ = ["element", "gather", "order", "pick", "place", "scatter", "select", "unit", "unselect", "whole_numbers"]

Array = NDArray[np.float64]
Value = Any  # a float or an array
Sizes = tuple[int, ...]
Function = Callable[..., Value]


def whole_numbers(node: Node) -> tuple[int, ...]:
    """Return the payload of an operation."""
    return node.payload if isinstance(node.payload, tuple) else ()


def positions(indices: Value, length: int) -> tuple[NDArray[np.intp], NDArray[np.bool_] | None]:
    """Return indices that count from 1 as positions from 0, and where they are NaN.

    Raises:
        CalculusError: INVALID_VALUE: one is outside.
    """
    found = np.asarray(indices, dtype=np.float64)
    unknown = np.isnan(found) if np.isnan(found.sum()) else None
    if unknown is not None:
        found = np.where(unknown, 1.0, found)
    # As in R, fractions are cut off.
    whole = np.trunc(found)
    wrong = (whole < 1.0) | (whole > length)
    if wrong.any():
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the index {found[wrong].flat[0]:g} is outside a value of length {length}",
            "give whole numbers from 1 to the length",
        )
    return whole.astype(np.intp) - 1, unknown


def gather(a: Array, indices: Value) -> Value:
    where, unknown = positions(indices, len(a))
    found = np.take(a, where, axis=0) if where.ndim else a[int(where)].copy()
    if unknown is None:
        return found if np.ndim(found) else float(found)
    if not where.ndim:
        return np.full(a.shape[1:], np.nan) if a.ndim > 1 else np.nan
    found[unknown] = np.nan
    return found


def scatter(sizes: Sizes, values: Value, indices: Value) -> Array:
    where, unknown = positions(indices, sizes[0])
    if unknown is not None and unknown.any():
        return np.full(sizes, np.nan)
    if where.ndim == 1 and len(sizes) == 1 and np.shape(values) == where.shape:
        return np.bincount(where, values, sizes[0]).astype(np.float64, copy=False)
    found = np.zeros(sizes)
    np.add.at(found, where, values)
    return found


def select(a: Array, mask: Array) -> Array:
    """Return the entries where a mask is not 0; NaN where the mask is NaN, as R does."""
    chosen = mask != 0.0
    found: Array = a[chosen]
    if np.isnan(mask.sum()):
        found[np.isnan(mask[chosen])] = np.nan
    return found


def unselect(sizes: Sizes, values: Value, mask: Array) -> Array:
    found = np.zeros(sizes)
    found[mask != 0.0] = values
    if np.isnan(mask.sum()):
        found[np.isnan(mask)] = np.nan
    return found


def order(a: Array) -> Array:
    return (np.argsort(a, kind="stable") + 1).astype(np.float64)


def place_of(indices: tuple[int, ...], sizes: Sizes) -> tuple[int, ...]:
    """Return indices, from 0 or from -1 at the end, if all are inside.

    Raises:
        CalculusError: INVALID_VALUE.
    """
    for index, size in zip(indices, sizes, strict=True):
        if not -size <= index < size:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"component {index + 1 if index >= 0 else index} of a value of length {size} does not exist",
                "give a longer value",
            )
    return indices


def element(node: Node) -> Function:
    indices = whole_numbers(node)
    return lambda a: float(a[place_of(indices, a.shape)])


def unit(node: Node) -> Function:
    indices = whole_numbers(node)

    def one(sizes: Sizes, value: Value) -> Array:
        found = np.zeros(sizes)
        found[place_of(indices, sizes)] = value
        return found

    return one


def pick(node: Node) -> Function:
    axis, index = whole_numbers(node)

    def line(a: Array) -> Array:
        place_of((index,), (a.shape[axis],))
        return a[index] if axis == 0 else a[:, index]

    return line


def place(node: Node) -> Function:
    axis, index = whole_numbers(node)

    def line(sizes: Sizes, value: Value) -> Array:
        place_of((index,), (sizes[axis],))
        found = np.zeros(sizes)
        found[(index,) if axis == 0 else (slice(None), index)] = value
        return found

    return line
