"""The bounds of sums over an index."""

import operator
from collections.abc import Callable, Mapping
from typing import Final

from secantd.language.textbook.trees import Tree

__all__ = ["Bound", "decided", "whole_number"]

# The values of the indices of sums that are written out.
Bound = Mapping[str, int]
RELATIONS: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "!=": operator.ne,
}  # fmt: skip


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


def decided(condition: Tree, bound: Bound) -> bool | None:
    """Return whether a condition on indices holds, None where it is one on other values as well."""
    stack, holds = [condition], True
    while stack:
        part = stack.pop()
        if part.kind != "operator":
            return None
        if part.value == "&":
            stack.extend(part.parts)
            continue
        sides = [whole_number(p, bound) for p in part.parts]
        compare = RELATIONS.get(str(part.value))
        if compare is None or sides[0] is None or sides[1] is None:
            return None
        holds = holds and compare(sides[0], sides[1])
    return holds
