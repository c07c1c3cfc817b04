"""The results of a closer look at two values."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from secantd.expression import Node
from secantd.precise import DIGITS, MORE_DIGITS, Digits

__all__ = ["Difference", "settled"]

# Digits that are enough for most values, and the relative difference of a value to as many that is none.
FEWER_DIGITS, SETTLED = 60, 1e-20


class Difference(Enum):
    """The result of a closer look at two values."""

    DIFFERENT = 1
    EQUAL = 2
    # The function has a kink or a jump there, or no value next to it.
    NO_DERIVATIVE = 3
    # The claim has no finite value.
    NO_VALUE = 4
    # The rules disagree with the slope of f's values: ifelse(z == 10, 10, z) is a constant by the rules at z = 10.
    EDGE = 5
    UNKNOWN = 6


def settled(digits: Callable[[Node, int], Digits | None], node: Node, at: Mapping[str, float], gap: Any) -> bool:
    """Return whether more digits do not change a value: with all of them, atanh(2/(sqrt(2)*sqrt(2))) is infinite.

    Args:
        digits: The evaluator of a node to a number of digits.
        node: The function or a claim.
        at: The point.
        gap: The difference that the value decides.
    """
    precise = digits(node, DIGITS)
    if precise is None:
        return True
    value, mp = precise.value(at), precise.mp
    for count in (FEWER_DIGITS, MORE_DIGITS):
        other = digits(node, count)
        if other is None:
            return True
        again = mp.mpf(other.value(at))
        if mp.isfinite(again) and abs(again - value) <= SETTLED * max(abs(value), abs(again), gap):
            return True
    return False
