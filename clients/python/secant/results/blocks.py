"""Matrices made of the values of formulas, each of which is a number, a vector or a matrix."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from secant._reply import MalformedReplyError, expect_length
from secant.results.formula import Formula

if TYPE_CHECKING:
    from secant._arrays import Array

__all__ = ["flat", "joined", "square"]


def flat(formulas: Sequence[Formula]) -> "Array | None":
    """Return the values of formulas one after the other, matrices row by row; None if they have no values.

    Raises:
        MalformedReplyError: Some have a value and some do not.

    >>> import numpy as np
    >>> flat([Formula("2 * x", 4.0), Formula("2 * b", values=np.array([1.0, 2.0]))])
    array([4., 1., 2.])
    """
    if formulas and all(formula.at_point is None for formula in formulas):
        return None
    import numpy as np

    found = [np.ravel(value) for formula in formulas if (value := formula.at_point) is not None]
    expect_length("values", found, len(formulas), "partials")
    return np.concatenate(found) if found else np.empty(0)


def square(rows: Sequence[Sequence[Formula]]) -> "Array | None":
    """Return a matrix of second derivatives, shape (n, n), where n counts the entries of all variables.

    Args:
        rows: One row and one column for each variable.

    Raises:
        MalformedReplyError: Some entries have no value, or their shapes do not fit each other.

    >>> import numpy as np
    >>> entries = [[np.eye(2), np.ones(2)], [np.ones(2), 3.0]]
    >>> square([[Formula("", values=np.asarray(e)) for e in row] for row in entries])
    array([[1., 0., 1.],
           [0., 1., 1.],
           [1., 1., 3.]])
    """
    if rows and all(entry.at_point is None for row in rows for entry in row):
        return None
    import numpy as np

    sizes = [
        len(value) if isinstance(value := row[i].at_point, np.ndarray) and value.ndim else 1
        for i, row in enumerate(rows)
    ]
    return joined(rows, sizes, sizes)


def joined(rows: Sequence[Sequence[Formula]], heights: Sequence[int], widths: Sequence[int]) -> "Array | None":
    """Return the matrix whose blocks are the values of formulas; None if they have no values.

    Args:
        rows: The formulas.
        heights: The number of rows of each row of blocks.
        widths: The number of columns of each column of blocks.

    Raises:
        MalformedReplyError: Some formulas have no value, or a value does not fit its block.
    """
    import numpy as np

    values = [[formula.at_point for formula in row] for row in rows]
    known = sum(value is not None for row in values for value in row)
    count = sum(map(len, values))
    if not known and (count or not rows):
        return None
    if known != count:
        raise MalformedReplyError(f"{known} values for {count} partials")
    found = np.empty((sum(heights), sum(widths)))
    top = 0
    for height, row in zip(heights, values, strict=True):
        left = 0
        for width, value in zip(widths, row, strict=True):
            block = np.asarray(value, np.float64)
            if block.size != height * width:
                raise MalformedReplyError(f"{block.size} values for a block of {height} x {width}")
            found[top : top + height, left : left + width] = block.reshape(height, width)
            left += width
        top += height
    return found
