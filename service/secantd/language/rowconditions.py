"""Conditions on the index of a loop over data: in which rows they hold."""

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from secantd.expression import Dimension, Length, Node, minus, plus
from secantd.language.arrays import dimension_of
from secantd.language.context import Context
from secantd.language.rowlimits import EDGE, EdgeError

__all__ = ["INDEX", "decided", "holds"]

# The name of the loop's index as a length.
INDEX = "@i"
COMPARE: Final[Mapping[str, Callable[[int, int], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


def decided(context: Context, condition: Node) -> bool | None:
    """Return whether a comparison of lengths holds, where it is the same for all lengths; else None.

    Within a loop over data the loop's index is a length: see `Rows.holds`.

    Raises:
        EdgeError: It differs between the first or the last rows of the loop and the others.
    """
    if context.rows is not None:
        return context.rows.holds(condition)
    difference = compared(context, condition)
    return COMPARE[condition.op](difference, 0) if isinstance(difference, int) else None


def holds(context: Context, condition: Node, first: Dimension, last: Dimension) -> bool | None:
    """Return whether a condition on the index holds in all rows (True) or in none (False); None for another condition.

    Args:
        context: The interpreter.
        condition: The condition.
        first: The index in the first row.
        last: The index in the last row.

    Raises:
        EdgeError: It differs between the first or the last rows and the others.
    """
    if condition.op in ("&", "|"):
        sides = [holds(context, a, first, last) for a in condition.args]
        decisive = condition.op == "|"
        return decisive if decisive in sides else None if None in sides else not decisive
    if condition.op == "!":
        inner = holds(context, condition.args[0], first, last)
        return None if inner is None else not inner
    difference = compared(context, condition)
    if isinstance(difference, int):
        return COMPARE[condition.op](difference, 0)
    assert difference is None or isinstance(difference, Length)
    factors = [f for n, f in difference.terms if n == INDEX] if difference is not None else []
    if difference is None or factors not in ([1], [-1]):
        return None
    rest = plus(difference, minus(Length(((INDEX, factors[0]),))))
    # The difference of the sides in the first and in the last row; it grows or falls by 1 with each row.
    ends = [plus(rest, end if factors[0] == 1 else minus(end)) for end in (first, last)]
    return constant_sign(condition.op, ends, factors[0])


def compared(context: Context, condition: Node) -> Dimension | None:
    """Return the difference of the sides of a comparison of lengths; None for another condition."""
    if condition.op not in COMPARE or any(a.shape for a in condition.args):
        return None
    left, right = [dimension_of(context, a) for a in condition.args]
    return None if left is None or right is None else plus(left, minus(right))


def constant_sign(op: str, ends: Sequence[Dimension], step: int) -> bool | None:
    """Return whether a difference compares with 0 alike in all rows; see `Rows.holds`.

    Args:
        op: The comparison.
        ends: The difference in the first and in the last row.
        step: Its change from row to row, 1 or -1.
    """
    compare = COMPARE[op]
    at_zero = compare(0, 0)
    # How many rows at the front, at the back, differ from the others; None where that is not known.
    odd: list[int | None] = [None, None]
    for k, (end, direction) in enumerate(zip(ends, (step, -step), strict=True)):
        if isinstance(end, int):
            # The row, from this end, in which the difference is 0.
            zero, others = -direction * end, compare(direction, 0)
            before = zero + 1 if at_zero != others else zero if compare(-direction, 0) != others else 0
            odd[k] = max(before, 0) if zero >= 0 else 0
    first, last = odd
    if first == 0:
        return compare(step, 0)
    if last == 0:
        return compare(-step, 0)
    if first is not None and first <= EDGE and (last is None or first <= last):
        raise EdgeError(first, 0)
    if last is not None and last <= EDGE:
        raise EdgeError(0, last)
    return None
