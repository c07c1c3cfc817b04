"""Declared shapes of variables, and their conversion to messages."""

import re
from collections.abc import Mapping, Sequence
from operator import index
from typing import TypeAlias

from secant.v1 import expression_pb2 as pb

__all__ = ["Shapes", "shape_messages"]

# "n", "n x k", "symmetric n x n", "number", 3, ("n", 3), ().
Shape: TypeAlias = int | str | Sequence[int | str]
Shapes: TypeAlias = Mapping[str, Shape]

_SYMMETRIC = re.compile(r"\s*symmetric\s+", re.IGNORECASE)


def shape_messages(shapes: Shapes | None) -> list[pb.VariableShape]:
    """Return declared shapes as messages.

    Args:
        shapes: The shape of each variable: a length, a tuple of lengths, or a text such as "n x 3"; a length is a number
            or a name.

    Raises:
        TypeError: A shape is none of these.

    >>> [message] = shape_messages({"S": "symmetric n x n"})
    >>> [side.name for side in message.dimensions], message.symmetric
    (['n', 'n'], True)
    >>> [len(m.dimensions) for m in shape_messages({"a": "number", "x": 3, "A": ("n", 2)})]
    [0, 1, 2]
    """
    if shapes is not None and not isinstance(shapes, Mapping):
        raise TypeError(f'shapes must map variable names to shapes, for example {{"A": "n x n"}}; got {shapes!r}')
    return [_message(name, shape) for name, shape in (shapes or {}).items()]


def _message(name: str, shape: Shape) -> pb.VariableShape:
    symmetric = False
    sides: Sequence[int | str]
    if isinstance(shape, str):
        text = _SYMMETRIC.sub("", shape)
        symmetric = text != shape
        sides = [] if text.strip() == "number" else re.split(r"\s+x\s+|(?<=\d)x(?=\d)", text.strip())
    elif isinstance(shape, Sequence):
        sides = shape
    else:
        sides = [shape]
    return pb.VariableShape(variable=name, dimensions=[_side(name, side) for side in sides], symmetric=symmetric)


def _side(name: str, side: object) -> pb.Dimension:
    if isinstance(side, str) and not re.fullmatch(r"[+-]?\d+", side.strip()):
        return pb.Dimension(name=side.strip())
    try:
        return pb.Dimension(size=int(side) if isinstance(side, str) else index(side))  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f'the shape of {name} must be like 3, "n", ("n", 3) or "n x 3"; got {side!r}') from None
