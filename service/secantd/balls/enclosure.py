"""What is known of a value: two bounds, no value, or nothing."""

import math
import threading
from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

__all__ = ["LOCK", "Enclosure"]

Args = ParamSpec("Args")
Result = TypeVar("Result")

# flint has one precision for a whole process: who computes holds this lock.
LOCK: Final = threading.RLock()

# The largest exponent of 2 of a bound that is given as a fraction: 100 000 bits are printed in milliseconds.
LARGEST = 100_000
# The bits of a double, and its smallest exponent.
DOUBLE, SMALLEST = 53, -1074
# Bits of differences of balls.
PRECISE = 8_192


def precisely(method: Callable[Args, Result]) -> Callable[Args, Result]:
    """Return a method that computes with so many bits that bounds are not rounded, whatever was computed before."""

    @wraps(method)
    def function(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        from flint import ctx

        with LOCK:
            ctx.prec = PRECISE
            return method(*args, **kwargs)

    return function


class Enclosure:
    """A ball: an interval of real numbers that contains a value for certain.

    Attributes:
        ball: A ball of Arb; None where the formula has no value.

    Args:
        ball: The same.
    """

    __slots__ = ("ball",)

    def __init__(self, ball: Any) -> None:
        self.ball = ball

    def __repr__(self) -> str:
        return "no value" if self.ball is None else str(self.ball)

    @property
    def exists(self) -> bool:
        """Whether there may be a value: False where the formula certainly has none, as sqrt(-1)."""
        return self.ball is not None

    @property
    def known(self) -> bool:
        """Whether both bounds are finite."""
        return self.ball is not None and bool(self.ball.is_finite())

    @property
    def bits(self) -> int:
        """The digits that are certain, in bits relative to the value; that of 0 is large, of nothing known negative."""
        return int(self.ball.rel_accuracy_bits()) if self.known else -1

    @precisely
    def doubles(self) -> tuple[float, float]:
        """Return bounds rounded outwards: NaN where there is no value, (-Inf, Inf) where nothing is known.

        >>> from secantd.expression import Graph
        >>> from secantd.balls import Balls
        >>> g = Graph()
        >>> Balls([g.make("div", g.number(1), g.number(3))], {}).at({})[0].doubles()
        (0.3333333333333333, 0.33333333333333337)
        """
        if self.ball is None:
            return math.nan, math.nan
        if self.ball.is_nan():
            return -math.inf, math.inf
        low, high = self.ball.lower(), self.ball.upper()
        below, above = float(low), float(high)
        # An infinite bound that is exact is an infinite value, as log(0).
        if low.is_finite() and (below == math.inf or not low >= below):
            below = math.nextafter(below, -math.inf)
        if high.is_finite() and (above == -math.inf or not high <= above):
            above = math.nextafter(above, math.inf)
        return below, above

    @precisely
    def decided(self) -> bool:
        """Whether the nearest double is certain: both bounds round to it."""
        if self.ball is None or not self.ball.is_finite():
            return False
        return float(self.ball.lower()) == float(self.ball.upper())

    def double(self) -> float:
        """Return the double nearest to the middle; NaN where nothing is known."""
        return float(self.ball.mid()) if self.known else math.nan

    @precisely
    def fractions(self) -> tuple[Fraction, Fraction] | None:
        """Return the exact bounds; None where they are not known, or are too large or too small for printing."""
        if not self.known:
            return None
        found = []
        for bound in (self.ball.lower(), self.ball.upper()):
            mantissa, exponent = bound.man_exp()
            if abs(exponent) > LARGEST:
                return None
            power = Fraction(1 << int(exponent)) if exponent >= 0 else Fraction(1, 1 << -int(exponent))
            found.append(int(mantissa) * power)
        return found[0], found[1]

    def overlaps(self, other: "Enclosure") -> bool:
        """Whether two values may be equal: False only if their difference is certain."""
        if self.ball is None or other.ball is None:
            return self.ball is other.ball
        return not (self.ball < other.ball or self.ball > other.ball)

    @precisely
    def distance(self, other: "Enclosure") -> tuple[float, float]:
        """Return bounds of the difference of two values, without its sign: (0, Inf) where nothing is known."""
        if not (self.known and other.known):
            return 0.0, math.inf
        gap = self.ball - other.ball
        low, high = Enclosure(gap.abs_lower()).doubles()[0], Enclosure(gap.abs_upper()).doubles()[1]
        return max(low, 0.0), high

    @precisely
    def size(self) -> tuple[float, float]:
        """Return bounds of the absolute value."""
        if not self.known:
            return 0.0, math.inf
        return max(Enclosure(self.ball.abs_lower()).doubles()[0], 0.0), Enclosure(self.ball.abs_upper()).doubles()[1]

    @precisely
    def error_of(self, value: float) -> float:
        """Return a bound of |value - the enclosed value| in units of the last place of the latter's double.

        Args:
            value: A double, computed by a program.

        Returns:
            The bound, rounded upwards; NaN where the value is not known. Of an infinite double and a value above all doubles it is 0.
        """
        if not self.known:
            return math.nan
        near = self.double()
        if math.isinf(value) or math.isinf(near):
            return 0.0 if value == near else math.inf
        if math.isnan(value):
            return math.inf
        distance = (self.ball - value).abs_upper()
        exponent = max(math.frexp(near)[1] - DOUBLE, SMALLEST) if near else SMALLEST
        bound = float(distance.mid()) * 2.0 ** -(exponent // 2) * 2.0 ** -(exponent - exponent // 2)
        return math.nextafter(bound, math.inf) if bound else 0.0
