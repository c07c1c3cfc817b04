"""The results of a closer look at two values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias

from secantd.expression import Node, reachable
from secantd.precise import DIGITS, MORE_DIGITS, Digits

__all__ = ["STEADY", "Difference", "Look", "numbers_of", "settled"]

# Digits that are enough for most values, and the relative difference of a value to as many that is none.
FEWER_DIGITS, SETTLED = 60, 1e-20
# The change of a slope with more digits, relative to a difference, up to which the slope is settled.
STEADY = 1e-3


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


# The result, the claim and the slope.
Look: TypeAlias = tuple[Difference, float, float]


def settled(
    digits: Callable[[Node, int], Digits | None],
    node: Node,
    at: Mapping[str, float],
    gap: Any,
    name: str = "",
    slope: Any = None,
) -> bool:
    """Return whether more digits do not change a value, nor a slope.

    With all digits, atanh(2/(sqrt(2)*sqrt(2))) is infinite. With 100 digits, atanh(tanh(x)) at x = 95 is constant within the step of a
    difference quotient, so that its slope is 0.

    Args:
        digits: The evaluator of a node to a number of digits.
        node: The function or a claim.
        at: The point.
        gap: The difference that the value decides.
        name: The variable of the slope, "" for none.
        slope: The slope that was found.
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
        same = mp.isfinite(again) and abs(again - value) <= SETTLED * max(abs(value), abs(again), gap)
        # NaN is not below anything.
        if same and (not name or abs(mp.mpf(other.slope(name, at)) - slope) <= STEADY * gap):
            return True
    return False


def numbers_of(outputs: Sequence[Node], columns: Mapping[str, Any]) -> Iterator[float]:
    """Yield the numbers of formulas and of their data.

    >>> from secantd.language import read
    >>> sorted(numbers_of(read("2*x + 0.1").outputs, {}))
    [0.1, 2.0]
    """
    for node in reachable(outputs):
        if node.op == "number":
            yield node.value
        elif node.op == "data":
            yield from columns[node.name].tolist()
