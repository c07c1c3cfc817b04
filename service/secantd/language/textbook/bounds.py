"""The bounds of sums over an index."""

from collections.abc import Mapping

from secantd.language.textbook.trees import Tree

__all__ = ["Bound", "whole_number"]

# The values of the indices of sums that are written out.
Bound = Mapping[str, int]


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
