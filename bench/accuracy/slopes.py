"""True derivatives of the rows at the points of their values.

A derivative is the mean of the differences to both sides, whose arguments differ by 2^-300, with as many more bits; its error is of
that size. A point where the two sides differ has no derivative, as at a kink or the end of a domain: it is left out.
"""

from typing import Any

from flint import arb, ctx
from secantd.functions import FUNCTIONS

from bench.accuracy.balls import Undecided, ball, finite
from bench.accuracy.points import Point
from bench.accuracy.truth import Truth, rounded, value_of

__all__ = ["slope", "slopes", "wanted"]

BITS = (160, 1300, 2600)
# Exponents of 2. APART: the step, relative to arguments below 1. SAME: the largest relative difference of the two sides. NONE: a mean
# below this part of a side is a cancelled 0, which has no relative error.
APART, SAME, NONE = -300, -60, -100


def wanted(op: str) -> list[int]:
    """Return the positions of the parameters to measure: those with a derivative other than 0. Rows that are derivatives have none.

    >>> wanted("dbinom"), wanted("gammainc_grad_a")
    ([2], [])
    """
    if "_grad_" in op or "_sign_" in op:
        return []
    return [i for i, text in enumerate(FUNCTIONS[op].derivatives) if text not in ("", "0")]


def slopes(op: str, point: Point) -> list[Truth | None]:
    """Return the true derivative with respect to each parameter that has one, None where there is none or it is not found in time."""
    base: dict[int, Any] = {}
    return [slope(op, point, i, base) for i in wanted(op)]


def slope(op: str, point: Point, place: int, base: dict[int, Any]) -> Truth | None:
    """Return a derivative.

    Args:
        op: The name of the row.
        point: Its arguments.
        place: The position of the one that changes.
        base: True values at the point by their bits; those found here are added.
    """
    exact = [ball(x) for x in point]
    if not all(map(finite, exact)):
        return None
    size = abs(exact[place])
    step = (size if 0 < size < 1 else arb(1)) * arb(2) ** APART
    for bits in BITS:
        before, ctx.prec = ctx.prec, bits - APART
        try:
            if bits not in base:
                base[bits] = value_of(op, tuple(exact))
            sides = [value_of(op, (*exact[:place], exact[place] + s * step, *exact[place + 1 :])) for s in (1, -1)]
            if not all(map(finite, (base[bits], *sides))):
                return None
            up, down = (sides[0] - base[bits]) / step, (base[bits] - sides[1]) / step
            value = (up + down) / 2
            if value.is_zero():
                return Truth(0.0)
            if abs(value) < abs(up) * arb(2) ** NONE:
                return None
            truth = rounded(value) if value.is_finite() else None
            if truth is not None:
                return truth if not abs(up - down) > abs(value) * arb(2) ** SAME else None
        except (Undecided, ZeroDivisionError, OverflowError):
            pass
        finally:
            ctx.prec = before
    return None
