"""Numbers of ball arithmetic: balls of Arb, and balls with the ball of a derivative beside them.

flint is imported here and in the modules that import this one, so nothing imports them before balls are needed.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from flint import arb

__all__ = ["NOWHERE", "UNKNOWN", "Jet", "Number", "apply", "base", "hull"]


class Nowhere:
    """The value where a formula certainly has none, as sqrt(-1): NaN in doubles. Arithmetic with it has none, either."""

    def __repr__(self) -> str:
        return "no value"

    def __neg__(self) -> "Nowhere":
        return self

    def __add__(self, other: object) -> "Nowhere":
        return self

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __add__

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__


NOWHERE: Final = Nowhere()
# Contains everything, also that there is no value.
UNKNOWN: Final[Any] = arb.nan()
ZERO: Final[Any] = arb(0)

# A ball, a jet, or NOWHERE.
Number = Any
Rule = Callable[..., Sequence[Any]]


class Jet:
    """A value and its derivative along one name; both are balls, or jets of a lower level along another name.

    Attributes:
        value: The value.
        slope: The derivative; UNKNOWN at a kink, or where there may be none.
        level: 1, or the number of nested derivatives.
    """

    __slots__ = ("level", "slope", "value")

    def __init__(self, value: Number, slope: Number, level: int = 1) -> None:
        self.value, self.slope, self.level = value, slope, level

    def __add__(self, other: Number) -> Any:
        if other is NOWHERE:
            return other
        if isinstance(other, Jet) and other.level >= self.level:
            if other.level > self.level:
                return Jet(self + other.value, other.slope, other.level)
            return Jet(self.value + other.value, self.slope + other.slope, self.level)
        return Jet(self.value + other, self.slope, self.level)

    __radd__ = __add__

    def __neg__(self) -> "Jet":
        return Jet(-self.value, -self.slope, self.level)

    def __sub__(self, other: Number) -> Any:
        return self.__add__(-other)

    def __rsub__(self, other: Number) -> Any:
        return (-self).__add__(other)

    def __mul__(self, other: Number) -> Any:
        if other is NOWHERE:
            return other
        if isinstance(other, Jet) and other.level >= self.level:
            if other.level > self.level:
                return Jet(self * other.value, self * other.slope, other.level)
            return Jet(self.value * other.value, self.slope * other.value + self.value * other.slope, self.level)
        return Jet(self.value * other, self.slope * other, self.level)

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Any:
        if other is NOWHERE:
            return other
        if isinstance(other, Jet) and other.level >= self.level:
            if other.level > self.level:
                quotient = self / other.value
                return Jet(quotient, -(quotient * other.slope) / other.value, other.level)
            quotient = self.value / other.value
            return Jet(quotient, (self.slope - quotient * other.slope) / other.value, self.level)
        return Jet(self.value / other, self.slope / other, self.level)

    def __rtruediv__(self, other: Number) -> "Jet":
        quotient = other / self.value
        return Jet(quotient, -(quotient * self.slope) / self.value, self.level)


def base(a: Number) -> Any:
    """Return the ball of a number without its derivatives."""
    while isinstance(a, Jet):
        a = a.value
    return a


def hull(a: Number, b: Number) -> Number:
    """Return a ball that contains two values, of which it is not known which one is right: nothing is known of its slope."""
    if a is b:
        return a
    if a is NOWHERE or b is NOWHERE:
        return UNKNOWN
    level = max(a.level if isinstance(a, Jet) else 0, b.level if isinstance(b, Jet) else 0)
    union = base(a).union(base(b))
    return unsmooth(union, level)


def unsmooth(value: Any, level: int) -> Number:
    """Return a value without a derivative at any level up to `level`."""
    nothing = UNKNOWN
    for i in range(level):
        value, nothing = Jet(value, nothing, i + 1), Jet(nothing, nothing, i + 1)
    return value


def apply(value: Callable[..., Any], rule: Rule | None, args: Sequence[Number]) -> Number:
    """Return a function of balls or jets.

    Args:
        value: Computes the function from balls.
        rule: Takes the function's value and its arguments, balls or jets; returns for each argument a function without
            arguments that computes the partial derivative, None where that is not known. None: no partial is known.
        args: The arguments.
    """
    level = max([a.level for a in args if isinstance(a, Jet)], default=0)
    if not level:
        return value(*args)
    inner = [a.value if isinstance(a, Jet) and a.level == level else a for a in args]
    f = apply(value, rule, inner)
    if f is NOWHERE:
        return f
    slope: Number = ZERO
    partials = rule(f, *inner) if rule is not None else [None] * len(args)
    for a, partial in zip(args, partials, strict=True):
        if isinstance(a, Jet) and a.level == level:
            found = NOWHERE if partial is None else partial()
            slope = slope + (unsmooth(UNKNOWN, level - 1) if found is NOWHERE else found * a.slope)
    return Jet(f, slope, level)
