"""Vectors and matrices among the interpreter's values: nodes, shapes that conform, and lengths."""

import math
from collections.abc import Sequence

from secantd.errors import CalculusError
from secantd.expression import STRETCHED, Dimension, Length, Node, Shape, minus, plus, shape_text
from secantd.language.context import Context
from secantd.language.values import Oriented, Span, Value, Vector
from secantd.shown import series

__all__ = [
    "agree",
    "as_node",
    "dimension_of",
    "flattened",
    "is_array",
    "nonconformable",
    "number_of",
    "shape_of",
    "vector_of",
]


def is_array(value: Value) -> bool:
    """Return whether a value is a vector or matrix that is no data column and no vector of single components."""
    return isinstance(value, Oriented) or (
        isinstance(value, Node) and bool(value.shape) and (value.op != "data" or len(value.shape) == 2)
    )


def shape_of(value: Node | Oriented) -> Shape:
    """Return the shape as R and NumPy see it: a vector with an orientation is a matrix."""
    if isinstance(value, Oriented):
        length = value.node.shape[0]
        return (length, 1) if value.column else (1, length)
    return value.shape


def nonconformable(context: Context, what: str, shapes: Sequence[Shape], hint: str = "") -> CalculusError:
    """Return the error for operands whose shapes do not fit.

    Args:
        context: The interpreter.
        what: The operation, as the subject of the sentence.
        shapes: The shapes of the operands.
        hint: What to do.
    """
    return context.error_at_operands(f"{what}: {series(map(shape_text, shapes))} do not conform", hint)


def agree(context: Context, what: str, a: Dimension, b: Dimension, shapes: Sequence[Shape], hint: str = "") -> None:
    """Make two lengths equal, or raise that the shapes do not conform."""
    if a is STRETCHED or b is STRETCHED:
        return
    if chosen_from(context, plus(a, minus(b))) or not context.shapes.unify(a, b):
        raise nonconformable(context, what, shapes, hint)


def chosen_from(context: Context, difference: Dimension) -> bool:
    """Return whether a difference of lengths has that of a vector and the number of entries that a mask takes of it."""
    names = [name for name, _ in difference.terms] if isinstance(difference, Length) else []
    others = {name for name in names if name[0] != "#"}
    masks = [name for name in names if name[0] == "#"]
    for name in masks if others else ():
        mask = context.graph.mask(name)
        for side in mask.shape if mask is not None else ():
            inside = [n for n, _ in side.terms] if isinstance(side, Length) else []
            if others.intersection(inside):
                return True
            masks += [n for n in inside if n[0] == "#" and n not in masks]
    return False


def as_node(context: Context, value: Value, what: str) -> Node:
    """Return a number, vector or matrix as a node; a vector of components is joined.

    Args:
        context: The interpreter.
        value: The value.
        what: The operation, for the error.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, Oriented):
        return value.node
    if isinstance(value, Span):
        length = plus(value.last, minus(value.first), 1)
        ones = context.graph.array("fill", context.number(1.0), shape=(length,))
        counted = context.graph.array("cumsum", ones)
        if value.first == 1:
            return counted
        return context.graph.make("add", counted, number_of(context, plus(value.first, -1)))
    if isinstance(value, Vector) and value.items:
        parts = [as_node(context, item, what) for item in value.items]
        if context.zero_based and all(len(p.shape) == 1 for p in parts):
            # A list of vectors is a matrix of rows in NumPy.
            for p in parts[1:]:
                agree(context, what, parts[0].shape[0], p.shape[0], [parts[0].shape, p.shape])
            return context.graph.array("transpose", context.graph.array("bind_columns", *parts))
        if all(len(p.shape) < 2 for p in parts):
            return context.graph.array("concatenate", *parts)
    raise context.error(f"{what} takes numbers, vectors or matrices")


def flattened(context: Context, value: Value, order: int) -> Node:
    """Return the entries as a vector: down the columns (order 0), along the rows (1)."""
    node = as_node(context, value, "a vector")
    if len(node.shape) == 2:
        return context.graph.array("flatten", node, payload=(order,))
    return node if node.shape else context.graph.array("concatenate", node)


def number_of(context: Context, dimension: Dimension) -> Node:
    """Return a length as a number."""
    return context.number(float(dimension)) if isinstance(dimension, int) else context.graph.length(dimension)


def dimension_of(context: Context, node: Node) -> Dimension | None:
    """Return the length that a number is, made of lengths, whole numbers, sums and multiples; else None."""
    known = context.dimensions
    stack = [node]
    while stack:
        top = stack[-1]
        constant = context.constants.get(top.index)
        waiting: list[Node] = []
        if constant is None and top.op in ("add", "neg", "mul") and top.index not in known:
            waiting = [a for a in top.args if a.index not in known]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        if constant is not None:
            known[top.index] = int(constant) if math.isfinite(constant) and constant == int(constant) else None
        elif top.index not in known:
            known[top.index] = of_parts(top, [known.get(a.index) for a in top.args])
    return known[node.index]


def of_parts(node: Node, parts: Sequence[Dimension | None]) -> Dimension | None:
    """Return the length that a number is, from those of its arguments."""
    if node.op == "length":
        return Length.named(node.name)
    if node.op not in ("add", "neg", "mul") or any(p is None for p in parts):
        return None
    found = [p for p in parts if p is not None]
    if node.op == "add":
        return plus(*found)
    factor, rest = -1 if node.op == "neg" else 1, list[Length]()
    for part in found:
        if isinstance(part, int):
            factor *= part
        else:
            rest.append(part)
    if len(rest) != 1:
        return factor if not rest else None
    return Length(tuple((n, f * factor) for n, f in rest[0].terms), rest[0].offset * factor) if factor else 0


def vector_of(context: Context, value: Value) -> Node:
    """Return a vector as a node; equal components in a row are one part of it."""
    if not isinstance(value, Vector):
        node = value.node if isinstance(value, Oriented) else as_node(context, value, "a vector")
        return node if node.shape else context.graph.array("concatenate", node)
    parts: list[tuple[Node, int]] = []
    for item in value.items:
        node = as_node(context, item, "a vector")
        if parts and parts[-1][0] is node and not node.shape:
            parts[-1] = (node, parts[-1][1] + 1)
        else:
            parts.append((node, 1))
    made = [node if n == 1 else context.graph.array("fill", node, shape=(n,)) for node, n in parts]
    if len(made) == 1 and made[0].shape:
        return made[0]
    return context.graph.array("concatenate", *made)
