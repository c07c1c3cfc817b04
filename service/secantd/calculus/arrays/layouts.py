"""The shapes of answers, and arrays of numbers as expressions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays.points import Value
from secantd.calculus.results import SCALAR, Shape
from secantd.errors import CalculusError, Reason
from secantd.expression import Dimension, Node, plus, shape_text
from secantd.expression import Shape as Sides
from secantd.expression.arrays import times
from secantd.shown import quoted

__all__ = ["answer_shape", "entries", "literal", "rows_and_columns"]


def rows_and_columns(rows: Dimension, columns: Dimension) -> Shape:
    """Return the shape of an answer; a length that is not known counts 0.

    >>> from secantd.expression import Length
    >>> rows_and_columns(1, Length.named("n"))
    Shape(rows=1, columns=0, text='1 x n')
    """
    sizes = [d if isinstance(d, int) else 0 for d in (rows, columns)]
    texts = [f"({d})" if " " in str(d) else str(d) for d in (rows, columns)]
    return Shape(sizes[0], sizes[1], " x ".join(texts))


def answer_shape(output: Sides, derivative: Sides) -> Shape:
    """Return the shape of one derivative: that of a scalar with respect to a vector is a row.

    Args:
        output: The shape of the expression.
        derivative: The shape of its derivative.
    """
    if not derivative:
        return SCALAR
    if len(derivative) == 2:
        return rows_and_columns(derivative[0], derivative[1])
    return rows_and_columns(derivative[0], 1) if output else rows_and_columns(1, derivative[0])


def entries(shapes: Sequence[Sides]) -> Dimension:
    """Return the number of entries of several values."""
    counts: list[Dimension] = []
    for shape in shapes:
        count: Dimension = 1
        for d in shape:
            count = times(count, d)
        counts.append(count)
    return plus(*counts)


def literal(form: Arrays, name: str, value: Value, shape: Sides) -> Node:
    """Return numbers as an expression: c(1, 2), or a matrix of them.

    Args:
        form: The constructors.
        name: The variable that has this shape.
        value: The numbers.
        shape: The shape of the variable.

    Raises:
        CalculusError: INVALID_VALUE where the shape is not that of the value.
    """
    found: tuple[int, ...] = np.shape(value)
    if found != shape:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"{quoted(name)} is {shape_text(shape)}, but the value for it is {shape_text(found)}",
            "declare the shape of the variable, or give a point",
        )
    if isinstance(value, float):
        return form.number(value)
    return array_of(form, value)


def array_of(form: Arrays, value: NDArray[np.float64]) -> Node:
    numbers = [form.number(float(v)) for v in value.ravel(order="F")]
    if all(n is numbers[0] for n in numbers):
        return form.fill(numbers[0], value.shape)
    entries_ = form.node("concatenate", *numbers)
    if value.ndim == 1:
        return entries_
    return form.node("reshape", entries_, payload=(0,), shape=value.shape)
