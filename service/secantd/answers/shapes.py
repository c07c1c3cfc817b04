"""Vectors, matrices and declared shapes of requests, and which of them a function is read with."""

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from secantd.answers import fields
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Length, VariableShape, shape_text
from secantd.settings import Limits
from secantd.shown import quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Shapes", "Value", "declared", "shaped", "with_values"]

# The value of a variable: a number, a vector of shape (n,) or a matrix of shape (r, c).
Value: TypeAlias = "float | NDArray[np.float64]"
Shapes: TypeAlias = Mapping[str, VariableShape]

# Vectors and matrices.
HIGHEST_RANK = 2
# Rounding errors of a matrix that is symmetric, relative to its largest entry: as for the evaluation.
SYMMETRY = 1e-10
NAME = re.compile(r"[^\W\d_]\w*")


def shaped(message: fields.Column | fields.Coordinate, field: str) -> "NDArray[np.float64]":
    """Return the values of a message as a vector, or as a matrix if its shape has two entries.

    Raises:
        CalculusError: INVALID_VALUE where the shape is not that of the values.

    >>> from secant.v1 import expression_pb2
    >>> shaped(expression_pb2.Column(values=[1, 2, 3, 4], shape=[2, 2]), "data[0]")
    array([[1., 2.],
           [3., 4.]])
    """
    import numpy as np

    # A view of the request's bytes is copied only if it does not begin at a multiple of eight.
    values, shape = np.require(message.values, np.float64, "A"), tuple(message.shape)
    if not shape:
        return values
    if len(shape) > HIGHEST_RANK:
        raise too_many_dimensions(len(shape), f"{field}.shape")
    for i, size in enumerate(shape):
        if size < 1:
            raise CalculusError(
                Reason.INVALID_VALUE, f"a length is {size}", "give lengths of at least 1", field=f"{field}.shape[{i}]"
            )
    if prod(shape) != len(values):
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"{shape_text(shape)} has {prod(shape):,} entries, but there are {len(values):,} values",
            "give one value for each entry, a matrix row by row",
            field=f"{field}.shape",
        )
    return values.reshape(shape)


def declared(messages: Sequence[fields.VariableShape], field: str, limits: Limits) -> dict[str, VariableShape]:
    """Return the declared shapes by variable.

    Raises:
        CalculusError: INVALID_VALUE; LIMIT_EXCEEDED where a shape has too many entries.
    """
    found: dict[str, VariableShape] = {}
    for i, message in enumerate(messages):
        name, here = message.variable, f"{field}[{i}]"
        if not name:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "the name of a variable is empty",
                "name the variable whose shape it is",
                field=f"{here}.variable",
            )
        if name in found:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the variable {quoted(name)} has two shapes",
                "give it one",
                field=f"{here}.variable",
            )
        if len(message.dimensions) > HIGHEST_RANK:
            raise too_many_dimensions(len(message.dimensions), f"{here}.dimensions")
        dimensions = tuple([dimension(d, f"{here}.dimensions[{k}]") for k, d in enumerate(message.dimensions)])
        entries = prod(d for d in dimensions if isinstance(d, int))
        if entries > limits.array_entries:
            raise limit_exceeded(
                "array_entries",
                f"the shape of {quoted(name)} has {entries:,} entries",
                limits.array_entries,
                "name a length instead of its number",
                f"{here}.dimensions",
            )
        if message.symmetric and (len(dimensions) != HIGHEST_RANK or dimensions[0] != dimensions[1]):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{quoted(name)} is declared symmetric, but its shape is {text_of(dimensions)}",
                "give a symmetric matrix two equal lengths",
                field=f"{here}.dimensions",
            )
        found[name] = VariableShape(dimensions, message.symmetric)
    return found


def dimension(message: fields.Dimension, field: str) -> int | str:
    kind = message.WhichOneof("dimension")
    if kind == "size" and message.size >= 1:
        return message.size
    if kind == "name" and NAME.fullmatch(message.name):
        return message.name
    headline = {
        "size": f"a length is {message.size}",
        "name": f"{quoted(message.name)} is not a name for a length",
        None: "a length has neither a number nor a name",
    }[kind]
    raise CalculusError(
        Reason.INVALID_VALUE,
        headline,
        "give a number of at least 1, or a name that begins with a letter and continues with letters, digits and _",
        field=field,
    )


def too_many_dimensions(count: int, field: str) -> CalculusError:
    return CalculusError(
        Reason.INVALID_VALUE,
        f"there are {count} dimensions",
        "give one for a vector, two for a matrix",
        field=field,
    )


def text_of(dimensions: Sequence[int | str | Length]) -> str:
    return shape_text(tuple(Length.named(d) if isinstance(d, str) else d for d in dimensions))


def with_values(shapes: Shapes, values: Mapping[str, Value], field: str) -> dict[str, VariableShape]:
    """Return declared shapes together with those of values; a named length of a value becomes a number.

    Args:
        shapes: The declared shapes.
        values: The values, in the order of the request.
        field: The field of the request that holds the values.

    Raises:
        CalculusError: INVALID_VALUE where a value does not have its declared shape, or is not symmetric.

    >>> import numpy as np
    >>> with_values({"A": VariableShape(("n", "n"), True)}, {"A": np.eye(2), "b": 3.0}, "at")
    {'A': VariableShape(dimensions=(2, 2), symmetric=True), 'b': VariableShape(dimensions=(), symmetric=False)}
    """
    lengths: dict[str, int] = {}
    found = dict(shapes)
    for i, (name, value) in enumerate(values.items()):
        shape = () if isinstance(value, float) else value.shape
        known = shapes.get(name)
        if known is None:
            found[name] = VariableShape(shape)
            continue
        if len(known.dimensions) != len(shape) or any(
            size != (lengths.setdefault(d, size) if isinstance(d, str) else d)
            for d, size in zip(known.dimensions, shape, strict=True)
        ):
            wanted = text_of([lengths.get(d, d) if isinstance(d, str) else d for d in known.dimensions])
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{quoted(name)} is declared as {wanted}, but its value is {shape_text(shape)}",
                "give a value of the declared shape",
                field=f"{field}[{i}]",
            )
        if known.symmetric and not is_symmetric(value):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{quoted(name)} is declared symmetric, but its value is not",
                "give a symmetric matrix, or do not declare it symmetric",
                field=f"{field}[{i}]",
            )
    if lengths:
        for name, one in found.items():
            sizes = tuple([lengths.get(d, d) if isinstance(d, str) else d for d in one.dimensions])
            found[name] = VariableShape(sizes, one.symmetric)
    return found


def is_symmetric(value: Value) -> bool:
    """Return whether a matrix equals its transpose, up to the rounding errors of its computation."""
    import numpy as np

    matrix = np.asarray(value)
    largest = np.max(np.abs(matrix), initial=0.0, where=np.isfinite(matrix))
    return bool(np.allclose(matrix, matrix.T, rtol=0.0, atol=SYMMETRY * float(largest), equal_nan=True))
