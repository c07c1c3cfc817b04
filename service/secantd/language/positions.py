"""Parts of vectors and matrices along one axis: positions, ranges, slices, masks and selections by data."""

import math
from collections.abc import Sequence

from secantd.expression import Dimension, Length, Node, minus, plus, reachable, shape_text
from secantd.language.arrays import agree, as_node, dimension_of
from secantd.language.context import Context
from secantd.language.lifting import depends_on_position
from secantd.language.registry import whole_part
from secantd.language.structural import constant
from secantd.language.values import Missing, Oriented, Slice, Span, Value, Vector, kind
from secantd.shown import quoted

__all__ = [
    "COMPARISONS",
    "along",
    "from_one",
    "is_condition",
    "is_mask",
    "mask_of_places",
    "places_where",
    "position",
    "python_slice",
]


COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "&", "|", "!"})


# Operations whose entries are entries of their first argument: those of a mask are a mask.
MOVED = frozenset({"transpose", "reverse", "slice", "flatten", "reshape", "gather", "select", "pick", "diagonal"})


def is_condition(at: Value) -> bool:
    """Return whether a value is a single comparison."""
    return isinstance(at, Node) and at.op in COMPARISONS and not at.shape


def is_mask(at: Value) -> bool:
    """Return whether an index chooses by truth values."""
    if not isinstance(at, Node) or not at.shape:
        return False
    node = at
    while node.op in MOVED:
        node = node.args[0]
    return node.op in COMPARISONS or (node.op == "concatenate" and all(is_condition(a) for a in node.args))


def places_where(context: Context, mask: Node) -> Node:
    """Return the positions, from 1, where a condition holds: a vector whose length is not known."""
    ones = context.graph.array("fill", context.number(1.0), shape=mask.shape)
    return context.graph.array("select", context.graph.array("cumsum", ones), mask)


def mask_of_places(at: Value) -> Value:
    """Return the condition of which an index has the positions; another index as it is."""
    if not isinstance(at, Node) or at.op != "select" or at.args[0].op != "cumsum" or at.args[0].args[0].op != "fill":
        return at
    return at.args[1]


def position(context: Context, at: Value, length: Dimension) -> int | None:
    """Return the position that a single index means, counting from 0, or from -1 at the end; None for a part.

    Raises:
        CalculusError: It is not whole, or out of range.
    """
    if not isinstance(at, Node) or at.shape:
        return None
    number = dimension_of(context, at)
    if number is None:
        if depends_on_position(at):
            return None
        raise context.error("an index must be a whole number known while the text is read")
    if isinstance(number, Length):
        # x[length(x) - 1] is the last but one.
        number = plus(number, minus(length))
        if not isinstance(number, int):
            return None
        if context.zero_based or number > 0:
            raise context.error("the index is out of range")
        return number - 1
    if context.zero_based:
        inside = not isinstance(length, int) or -length <= number < length
        found = number
    else:
        if number < 0:
            return None
        inside = number >= 1 and (not isinstance(length, int) or number <= length)
        found = number - 1
    if not inside:
        hint = "R counts from 1; set the notation to Python to count from 0" if number == 0 else ""
        raise context.error(f"the index {number} is out of range: the length is {length}", hint)
    return found


def along(context: Context, node: Node, axis: int, at: Value) -> Node:
    """Return a part of a vector or matrix along one axis."""
    if isinstance(at, Missing):
        return node
    length = node.shape[axis]
    number = position(context, at, length)
    if number is not None:
        if len(node.shape) == 1:
            return context.graph.array("element", node, payload=(number,))
        return context.graph.array("pick", node, payload=(axis, number))
    if axis == 1:
        turned = along(context, context.graph.array("transpose", node), 0, at)
        return context.graph.array("transpose", turned) if len(turned.shape) == 2 else turned
    if isinstance(at, Slice):
        return sliced(context, node, at)
    if isinstance(at, Span):
        return ranged(context, node, at)
    if isinstance(at, Node) and not at.shape and depends_on_position(at):
        return context.graph.array("gather", node, from_one(context, at))
    if isinstance(at, Node) and not at.shape:
        # R's x[-i]: all but one.
        left_out = dimension_of(context, context.graph.make("neg", at))
        if left_out is None:
            known = dimension_of(context, at)
            left_out = minus(known) if known is not None else None
        if left_out is None:
            raise context.error("an index must be a whole number known while the text is read")
        return without_one(context, node, left_out)
    if isinstance(at, Vector) and at.items and all(is_condition(i) for i in at.items):
        at = as_node(context, at, "a mask")
    if isinstance(at, Vector):
        return chosen(context, node, [constant(context, i, "an index") for i in at.items])
    mask = at.node if isinstance(at, Oriented) else at
    if not isinstance(mask, Node) or len(mask.shape) != 1:
        raise context.error(f"an index cannot be {kind(at) if not isinstance(at, Node) else shape_text(at.shape)}")
    if is_mask(mask):
        agree(
            context, "a mask", length, mask.shape[0], [node.shape, mask.shape], "a mask has an entry for each element"
        )
        return context.graph.array("select", node, mask)
    if mask.op == "data":
        check_positions(context, mask, length)
    for name in [n.name for n in reachable([mask]) if n.op == "symbol" and n.name in context.shapes.positions]:
        context.notices[f"{quoted(name)} is read as a vector of positions; declare its shape if that is wrong"] = None
    return context.graph.array("gather", node, from_one(context, mask))


def from_one(context: Context, at: Node) -> Node:
    """Return an index that counts from 1."""
    if not context.zero_based:
        return at
    if at.op == "add" and len(at.args) == 2 and context.constants.get(at.args[1].index) == -1.0:
        return at.args[0]
    return context.graph.make("add", at, context.number(1.0))


def check_positions(context: Context, column: Node, length: Dimension) -> None:
    """Raise unless a data column holds positions of a vector."""
    values = context.graph.columns[column.name]
    lowest = 0 if context.zero_based else 1
    highest = length - 1 + lowest if isinstance(length, int) else math.inf
    wrong = values[(values < lowest) | (values > highest) | (values % 1 != 0)]
    if wrong.size:
        name = column.name
        raise context.error(
            f"the column '{name}' is used as an index, but {wrong[0]:g} is no position from {lowest} to {highest}",
            f"write {name} == 1 to choose where it is 1" if {*values.tolist()} <= {0.0, 1.0} else "",
        )


def ranged(context: Context, node: Node, span: Span) -> Node:
    """Return x[first:last] with bounds that depend on lengths."""
    shift = 0 if context.zero_based else 1
    before = plus(span.first, -shift)
    after = plus(node.shape[0], minus(span.last), shift - 1)
    if not isinstance(before, int) or not isinstance(after, int) or before < 0 or after < 0:
        raise context.error(f"the range {span.first}:{span.last} does not lie within the length {node.shape[0]}")
    return cut(context, node, before, after)


def cut(context: Context, node: Node, before: int, after: int) -> Node:
    left = plus(node.shape[0], -before - after)
    if isinstance(left, int) and left < 1:
        raise context.error("the selection is empty")
    return context.graph.array("slice", node, payload=(before, after)) if before or after else node


def without_one(context: Context, node: Node, left_out: Dimension) -> Node:
    """Return x[-i]."""
    length = node.shape[0]
    if left_out == length:
        return cut(context, node, 0, 1)
    if not isinstance(left_out, int) or left_out < 1 or (isinstance(length, int) and left_out > length):
        raise context.error(f"the index -{left_out} is out of range: the length is {length}")
    if left_out == 1:
        return cut(context, node, 1, 0)
    if not isinstance(length, int) or len(node.shape) == 2:
        raise context.error("only the first or the last element can be left out of an array", "declare its length")
    return context.graph.array(
        "concatenate",
        context.graph.array("slice", node, payload=(0, length - left_out + 1)),
        cut(context, node, left_out, 0),
    )


def chosen(context: Context, node: Node, numbers: Sequence[float]) -> Node:
    """Return x[c(...)] of constants."""
    length = node.shape[0]
    if not numbers or not all(n.is_integer() for n in numbers):
        raise context.error("an index must be a whole number")
    shift = 0 if context.zero_based else 1
    positions = [int(n) - shift for n in numbers]
    if max(numbers) < 0 and not context.zero_based:
        left = sorted({-int(n) for n in numbers})
        if left == list(range(1, len(left) + 1)):
            return cut(context, node, len(left), 0)
        if not isinstance(length, int):
            raise context.error("only the first elements can be left out of a vector of unknown length")
        positions = [i for i in range(length) if i + 1 not in left]
    if min(positions) < 0 or (isinstance(length, int) and max(positions) >= length):
        raise context.error(f"an index is out of range: the length is {length}")
    if isinstance(length, int) and positions == list(range(positions[0], positions[-1] + 1)):
        return cut(context, node, positions[0], length - positions[-1] - 1)
    at = context.graph.array("concatenate", *[context.number(i + 1.0) for i in positions])
    return context.graph.array("gather", node, at)


def sliced(context: Context, node: Node, at: Slice) -> Node:
    """Return x[first:last:step] of Python."""
    step = 1 if at.step is None else whole_part(context, at.step, "the step of a slice")
    length = node.shape[0]
    if step == -1 and at.first is None and at.last is None:
        return context.graph.array("reverse", node)
    if step != 1:
        if not isinstance(length, int):
            raise context.error("a slice with a step needs a known length", "declare the length of the vector")
        positions = range(length)[python_slice(context, at, length)]
        numbers = [float(i) for i in positions]
        if not numbers:
            raise context.error("the selection is empty")
        return chosen(context, node, numbers)
    before = edge(context, at.first, length, 0)
    after = plus(length, minus(edge(context, at.last, length, length)))
    if not isinstance(before, int) or not isinstance(after, int):
        raise context.error("the bounds of a slice must be known", "declare the length of the vector")
    return cut(context, node, max(before, 0), max(after, 0))


def edge(context: Context, bound: Value | None, length: Dimension, default: Dimension) -> Dimension:
    """Return a bound of a slice as a position from the beginning."""
    if bound is None:
        return default
    found = dimension_of(context, bound) if isinstance(bound, Node) else None
    if found is None:
        raise context.error("the bounds of a slice must be whole numbers")
    if isinstance(found, int):
        found = plus(length, found) if found < 0 else min(found, length) if isinstance(length, int) else found
    return found


def python_slice(context: Context, at: Slice, length: int) -> slice:
    bounds = [None if b is None else whole_part(context, b, "a bound of a slice") for b in (at.first, at.last, at.step)]
    if bounds[2] == 0:
        raise context.error("the step of a slice must not be 0")
    return slice(*bounds)
