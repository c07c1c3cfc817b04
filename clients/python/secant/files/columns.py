"""Columns of Arrow arrays as doubles, and the types that are none."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from secant.files.problems import pyarrow, refused

__all__ = ["doubles", "refusal"]

Array = NDArray[np.float64]

# Whole numbers up to this size are doubles.
WHOLE = 1 << 53
TO_NUMBER = "convert it to numbers first, or leave it out of the formula"


def refusal(kind: Any) -> str:
    """Return why a type of Arrow has no numbers, for example "has text"; "" if it has."""
    types = pyarrow().types
    if types.is_dictionary(kind):
        return refusal(kind.value_type)
    if (
        types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_boolean(kind)
        or types.is_decimal(kind)
        or types.is_null(kind)
    ):
        return ""
    if types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view":
        return "has text"
    if types.is_temporal(kind):
        return f"has dates or times ({kind})"
    return f"has the type {kind}"


def doubles(column: Any, name: str, where: str, notices: dict[str, None]) -> Array:
    """Return a column of Arrow as doubles, shape (rows,); NULL is NaN, true is 1.

    Args:
        column: The array.
        name: Its name.
        where: Its file, for errors.
        notices: Receives a notice on whole numbers that are no doubles.

    Raises:
        InvalidArgument: The column has text, dates or lists.
    """
    arrow = pyarrow()
    types, kind = arrow.types, column.type
    reason = refusal(kind)
    if reason:
        raise refused(f"column '{name}' of {where} {reason}", TO_NUMBER)
    if types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if types.is_int64(kind) or types.is_uint64(kind):
        ends = arrow.compute.min_max(column)
        low, high = ends["min"].as_py(), ends["max"].as_py()
        if low is not None and (low < -WHOLE or high > WHOLE):
            notices[f"column '{name}' has whole numbers above 2^53, which are rounded to doubles"] = None
    if types.is_boolean(kind):
        column = column.cast(arrow.int8())
    if not types.is_float64(kind):
        column = column.cast(arrow.float64(), safe=False)
    # NULL becomes NaN; without NULL nothing is copied.
    found: Array = column.to_numpy(zero_copy_only=False)
    return found
