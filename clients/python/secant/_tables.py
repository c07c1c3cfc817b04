"""Tables in memory as vectors by name: dicts, data frames of pandas and polars, Arrow tables and record batches."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from secant._arrays import Points, of_frame

__all__ = ["vectors_of"]

# Notations in which the text of a name is not the name: xy may be x times y.
_BY_HAND = ("textbook", "latex")


def vectors_of(points: Points, text: str, notation: str | None = None) -> dict[str, Any]:
    """Return a table as vectors by name. Columns of a frame that a formula does not use are left out.

    Args:
        points: A dict of vectors, a data frame, an Arrow table or a record batch.
        text: The text of the formula.
        notation: Its notation.

    Raises:
        TypeError: It is no table, or a column that the formula uses has no numbers.

    >>> vectors_of({"x": [1, 2], "y": 3}, "x + y")
    {'x': [1, 2], 'y': 3}
    """
    if isinstance(points, Mapping):
        found = {str(name): _frame(values) for name, values in points.items()}
        return {
            name: v for name, v in found.items() if not (_is_text(v) and not _uses(text, name)) and _checked(name, v)
        }
    names = getattr(points, "column_names", None)
    if names is None and hasattr(points, "columns"):
        names = list(points.columns)
    if names is None:
        hint = "\nblocks of points are a list of such" if isinstance(points, str) else ""
        raise TypeError(
            f'points must map variable names to vectors, for example {{"x": [1, 2]}}, or be a data frame; got '
            f"{type(points).__name__}{hint}"
        )
    used = [name for name in names if notation in _BY_HAND or _uses(text, str(name))]
    for name in used:
        if list(names).count(name) > 1:
            raise TypeError(f"the data frame has two columns {str(name)!r}\nrename one of them")
    every = of_frame(points)
    columns = {str(name): every[str(name)] for name in used}
    if notation in _BY_HAND:
        columns = {name: values for name, values in columns.items() if not _is_text(values)}
    return {name: values for name, values in columns.items() if _checked(name, values)}


def _frame(values: Any) -> Any:
    """Return a frame of polars or Arrow as vectors by name; what is no such frame is returned."""
    is_frame = hasattr(values, "columns") and not hasattr(values, "items")
    return of_frame(values) if is_frame else values


def _uses(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", text) is not None


def _is_text(values: Any) -> bool:
    if isinstance(values, Mapping) or hasattr(values, "columns"):  # a frame in a frame
        return False
    kind = getattr(getattr(values, "dtype", None), "kind", None)
    if kind is None or kind == "O" or not isinstance(kind, str):
        try:
            kind = np.asarray(values).dtype.kind
        except ValueError:  # rows of different lengths, which are refused later
            return False
    if kind in "USmMTV":
        return True
    return kind == "O" and any(
        isinstance(value, str | date) for value in np.ravel(np.asarray(values, dtype=object))[:1000]
    )


def _checked(name: str, values: Any) -> bool:
    """Return True if a column may be numbers.

    Raises:
        TypeError: It has text or dates, which NumPy would read as numbers.
    """
    if _is_text(values):
        raise TypeError(
            f"column {name!r} has text or dates, and the formula uses it\nconvert it to numbers, or use another column"
        )
    return True
