"""Declared shapes of variables, and their conversion to messages."""

import re
from collections.abc import Mapping, Sequence
from operator import index
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from secant.v1 import expression_pb2 as pb

__all__ = ["Shapes", "shape_messages", "sides_of"]

# "n", "n x k", "symmetric n x n", "number", 3, ("n", 3), ().
Shape: TypeAlias = int | str | Sequence[int | str]
Shapes: TypeAlias = Mapping[str, Shape]

_SYMMETRIC = re.compile(r"\s*symmetric\s+", re.IGNORECASE)


def shape_messages(shapes: Shapes | None) -> "list[pb.VariableShape]":
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
    if not shapes:
        return []
    from secant.v1 import expression_pb2 as pb

    messages = []
    for name, shape in shapes.items():
        sides, symmetric = sides_of(name, shape)
        dimensions = [pb.Dimension(name=side) if isinstance(side, str) else pb.Dimension(size=side) for side in sides]
        messages.append(pb.VariableShape(variable=name, dimensions=dimensions, symmetric=symmetric))
    return messages


def sides_of(name: str, shape: Shape) -> tuple[list[int | str], bool]:
    """Return the lengths of a declared shape, numbers and names, and whether it is symmetric.

    Args:
        name: The name of the variable, for errors.
        shape: Its shape, as for `shape_messages`.

    >>> sides_of("S", "symmetric n x n"), sides_of("A", ("n", 2))
    ((['n', 'n'], True), (['n', 2], False))
    """
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
    return [_side(name, side) for side in sides], symmetric


def _side(name: str, side: object) -> int | str:
    if isinstance(side, str) and not re.fullmatch(r"[+-]?\d+", side.strip()):
        return side.strip()
    try:
        return int(side) if isinstance(side, str) else index(side)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f'the shape of {name} must be like 3, "n", ("n", 3) or "n x 3"; got {side!r}') from None
