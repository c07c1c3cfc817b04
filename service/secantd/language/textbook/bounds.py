"""The bounds of sums over an index."""

from collections.abc import Mapping

from secantd.language.textbook.range import Range
from secantd.language.textbook.trees import Tree

__all__ = ["Bound", "is_bounded", "is_open", "whole_number"]

# The values of the indices of sums that are written out.
Bound = Mapping[str, int]


def is_bounded(total: Range) -> bool:
    """Return whether both bounds are formulas of numbers and other indices: the sum is written out."""
    return total.upper is not None and total.upper.kind != "name" and total.lower is not None


def is_open(tree: Tree) -> bool:
    """Return whether a sum over an index is one over data."""
    total = tree.value
    assert isinstance(total, Range)
    return bool(total.index) and (total.upper is None or total.upper.kind == "name")


def whole_number(tree: Tree | None, bound: Bound) -> int | None:
    """Return the value of a bound: a whole number, an index around it, or a sum of these; None for another formula."""
    if tree is None:
        return None
    value = 0
    stack = [(tree, 1)]
    while stack:
        part, sign = stack.pop()
        if part.kind in ("neg", "minus"):
            stack.append((part.parts[0], -sign))
        elif part.kind == "add":
            stack.extend((p, sign) for p in part.parts)
        elif (
            part.kind == "number"
            and isinstance(part.value, float)
            and part.value.is_integer()
            and abs(part.value) < 2**53
        ):
            value += sign * int(part.value)
        elif part.kind == "name" and part.value in bound:
            value += sign * bound[str(part.value)]
        else:
            return None
    return value
