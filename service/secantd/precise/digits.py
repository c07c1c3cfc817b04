"""Values and slopes to 100 digits by mpmath, which distinguish a wrong number from a rounded one.

All numbers are real: an expression without a real value is NaN, as in R. The slope is a difference quotient of values, so
it does not depend on the rules of differentiation. mpmath comes with SymPy and is loaded when first needed.
"""

import math
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Graph, Node, reachable
from secantd.language.expansion import expanded
from secantd.precise.reals import real_operations
from secantd.precise.special import SLOW, UnsupportedError

__all__ = ["DIGITS", "MORE_DIGITS", "Digits", "operations", "restore"]

DIGITS = 100
# Enough for a slope that is 1e-300 times as large as the values that it is computed from.
MORE_DIGITS = 450
# The exponent of h for slopes: truncation h² and rounding 1e-100/h are both far below the precision of a double.
STEP = -35
# The rounding error of values and slopes, relative to the largest intermediate result.
NOISE = 1e-60
# The digits that rounding errors may take in an expression of more than 100 digits.
SPARE = 20
# The relative difference of the slopes from both sides: h f'' at a smooth place, much more at a kink.
SMOOTH = 1e-9
# The largest f'' that is accepted where f' is 0.
CURVED = 1e10
# The most nodes times rows of data, as written and expanded; mpmath takes some microseconds for each.
NUMBERS, WRITTEN_OUT = 5_000, 50_000
# Up to this, doubles distinguish all whole numbers.
WHOLE = 2.0**53
# By how many units the decimals of a formula are moved, in turn; neighbours are moved differently.
MOVES = (1.0, -1.0, 0.5, -0.7, 0.3)

Columns = Mapping[str, NDArray[np.float64]]


@cache
def context(digits: int = DIGITS) -> Any:
    """Return a context of mpmath of its own for a number of digits."""
    import mpmath  # type: ignore[import-untyped]

    found = mpmath.mp.clone()
    found.dps = digits
    return found


@cache
def operations(digits: int = DIGITS) -> dict[str, Callable[..., Any]]:
    """Return the primitives by name."""
    return real_operations(context(digits))


def restore() -> None:
    """Forget the contexts, whose precision an interrupted operation may have changed temporarily."""
    context.cache_clear()
    operations.cache_clear()


class Digits:
    """The values of one node to 100 digits.

    Attributes:
        noise: A bound of the absolute rounding error of the last call to value() or slope(), far above it where the value is
            much smaller than what it is computed from.
        unsteady: By how much the slopes from both sides differed in the last call of slope().
        via_infinity: Whether the last value, or one of the last slope, depends on an infinite intermediate result, as 1/(1 + 1/x) at 0.

    Args:
        output: A scalar expression.
        columns: Its data columns, each of shape (rows,).
        digits: How many digits.
        decimal: Whether a number is the decimal that is written, not the double next to it: 0.1 is 1/10.
        rounded: The numbers whose digits may be rounded, for `shaken`; None: all decimals and pi.

    Raises:
        UnsupportedError: mpmath lacks one of its functions, or the expression is too large.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> cube = Digits(g.make("pow", g.symbol("x"), g.number(3)), {})
    >>> float(cube.value({"x": 0.1})), float(cube.slope("x", {"x": 2.0}))
    (0.0010000000000000002, 12.0)
    """

    def __init__(
        self,
        output: Node,
        columns: Columns,
        digits: int = DIGITS,
        decimal: bool = False,
        rounded: frozenset[float] | None = None,
    ) -> None:
        self.mp = context(digits)
        self.table = operations(digits)
        self.noise_of = NOISE if digits <= DIGITS else self.mp.mpf(10) ** (SPARE - digits)
        self.decimal = decimal
        self.rounded = rounded
        if sum(n.rows for n in reachable([output])) > NUMBERS:
            raise UnsupportedError("too large")
        graph = Graph()
        graph.columns.update(columns)
        (self.output,) = expanded(graph, [output], self.table.keys() | REDUCED.keys(), guarded=True)
        self.nodes = reachable([self.output])
        self.columns = columns
        self.noise = self.unsteady = self.mp.zero
        self.via_infinity = False
        if sum(n.rows * SLOW.get(n.op, 1) for n in self.nodes) > WRITTEN_OUT:
            raise UnsupportedError("too large")
        unknown = {n.op for n in self.nodes if n.args} - self.table.keys() - REDUCED.keys()
        if unknown:
            raise UnsupportedError(min(unknown))

    def value(self, at: Mapping[str, Any], shaken: float = 0.0, nudged: float = 0.0) -> Any:
        """Return the value at a point.

        Args:
            at: The value of each variable.
            shaken: The relative size of changes made to the decimals of the formula, to see how far their digits matter.
            nudged: The relative size of changes made to intermediate results other than whole numbers, to see whether rounding
                decides a comparison or a jump.

        Raises:
            UnsupportedError: An intermediate result is too large.
        """
        mp = self.mp
        found: dict[int, Any] = {}
        decimals = 0
        largest = mp.zero
        infinite: set[int] = set()
        for node in self.nodes:
            op = node.op
            if op == "number":
                result = self.number(node.value)
                if shaken and self.may_be_rounded(node.value):
                    result *= 1 + shaken * MOVES[decimals % len(MOVES)]
                    decimals += 1
            elif op == "symbol":
                result = self.number(at[node.name])
            elif op == "data":
                result = [self.number(v) for v in self.columns[node.name].tolist()]
            elif op == "pi":
                result = +mp.pi * (1 + (shaken if self.rounded is None else nudged))
            elif op in REDUCED:
                rows = found[node.args[0].index]
                result = REDUCED[op](mp, rows if isinstance(rows, list) else [rows])
            else:
                result = self.applied(self.table[op], [found[a.index] for a in node.args], node.rows)
                if nudged and not isinstance(result, list) and mp.isfinite(result) and not self.is_whole(result):
                    result *= 1 + nudged * MOVES[node.index % len(MOVES)]
            found[node.index] = result
            for number in result if isinstance(result, list) else [result]:
                if mp.isfinite(number):
                    largest = max(largest, abs(number))
                elif node.args and mp.isinf(number):
                    infinite.add(node.index)
            if infinite and self.depends_on_infinity(node, found, infinite):
                infinite.add(node.index)
        self.noise = largest * self.noise_of
        self.via_infinity = self.output.index in infinite
        return found[self.output.index]

    @staticmethod
    def depends_on_infinity(node: Node, found: Mapping[int, Any], infinite: Collection[int]) -> bool:
        """Whether an argument that is used is infinite or depends on an infinite result."""
        args = node.args
        if node.op == "ifelse" and node.rows == 1:
            test = found[args[0].index]
            args = (args[0], args[1] if test == test and test else args[2])
        return any(a.index in infinite for a in args)

    def is_whole(self, value: Any) -> bool:
        """Whether a number is a whole one, which one with more digits than are computed may not be."""
        return bool(self.mp.isint(value) and abs(value) < self.mp.ldexp(1, self.mp.prec))

    def may_be_rounded(self, value: float) -> bool:
        """Whether the digits of a number of the formula may be rounded."""
        if self.rounded is not None:
            return value in self.rounded
        return is_rounded(value)

    def number(self, value: Any) -> Any:
        """Return a number of the formula, of its data or of a point in many digits."""
        return self.mp.mpf(repr(value) if self.decimal and isinstance(value, float) else value)

    def applied(self, function: Callable[..., Any], args: list[Any], rows: int) -> Any:
        """Return the value of an operation, or a list of its values for each row; shorter columns are recycled."""
        if rows == 1:
            return function(*args)
        lists = [a if isinstance(a, list) else [a] for a in args]
        return [function(*[a[i % len(a)] for a in lists]) for i in range(rows)]

    def slope(self, variable: str, at: Mapping[str, float], shaken: float = 0.0, *, finer: int = 0) -> Any:
        """Return ∂/∂variable by a central difference; NaN at a kink or a jump, where the sides differ.

        Args:
            variable: The variable.
            at: The value of each variable.
            shaken: As for `value`.
            finer: By how many powers of ten the step is smaller than usual.

        Raises:
            UnsupportedError: An intermediate result is too large.
        """
        mp = self.mp
        x = mp.mpf(at[variable])
        step = mp.mpf(10) ** (STEP - finer) * max(mp.one, abs(x))
        values, via = [], []
        for s in (-1, 0, 1):
            values.append(self.value({**at, variable: x + s * step}, shaken))
            via.append(self.via_infinity)
        self.via_infinity = any(via)
        below, here, above = values
        left, right = (here - below) / step, (above - here) / step
        middle = (left + right) / 2
        self.unsteady = abs(right - left)
        allowed = SMOOTH * max(abs(left), abs(right)) + step * CURVED
        return middle if mp.isfinite(middle) and self.unsteady <= allowed else mp.nan


def is_rounded(value: float) -> bool:
    """Return whether a double may be only the nearest one to the number that is written: 0.1 is, 0.5 and 3 are not.

    >>> is_rounded(0.1), is_rounded(0.5), is_rounded(12345678901234567.0)
    (True, False, True)
    """
    if not math.isfinite(value):
        return False
    return abs(value) > WHOLE if value.is_integer() else Fraction(repr(value)) != Fraction(value)


REDUCED: dict[str, Callable[[Any, list[Any]], Any]] = {
    "sum": lambda mp, rows: mp.fsum(rows),
    "prod": lambda mp, rows: mp.fprod(rows),
    "max_of": lambda mp, rows: max(rows),
    "min_of": lambda mp, rows: min(rows),
}
