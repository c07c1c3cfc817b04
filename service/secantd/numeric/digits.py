"""Values and slopes to 100 digits, by mpmath: what tells a wrong number from a rounded one.

Real numbers only, as in R: what has no real value is NaN. The slope is a difference of values, so that it knows
as little of the calculus as the quotients of doubles do. mpmath comes with SymPy and is loaded when first needed.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Node, reachable
from secantd.numeric.reals import UnsupportedError, table

__all__ = ["DIGITS", "Digits", "UnsupportedError"]

DIGITS = 100
# h for slopes: truncation h² and rounding 1e-100/h are both far below what a double tells.
STEP = -35
# What is left of the largest number on the way is rounding, for values and for slopes.
NOISE = 1e-60
# Two slopes of one smooth place differ by h f'', those at a kink by the kink.
SMOOTH = 1e-9
# So large is f'' at most where f' is 0.
CURVED = 1e10
# Numbers times rows of data: mpmath takes some microseconds for each.
NUMBERS = 5_000
# By how many units the decimals of a formula are moved, one after the other: none as its neighbour.
MOVES = (1.0, -1.0, 0.5, -0.7, 0.3)

Columns = Mapping[str, NDArray[np.float64]]


@cache
def context() -> Any:
    """Return mpmath with its own 100 digits."""
    import mpmath  # type: ignore[import-untyped]

    found = mpmath.mp.clone()
    found.dps = DIGITS
    return found


class Digits:
    """The values of one node to 100 digits.

    Attributes:
        noise: Below what size the latest values and slopes are rounding.

    Args:
        output: A scalar expression.
        columns: Its data.

    Raises:
        UnsupportedError: mpmath is not asked for one of its functions, or it is too large.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> cube = Digits(g.make("pow", g.symbol("x"), g.number(3)), {})
    >>> float(cube.value({"x": 0.1})), float(cube.slope("x", {"x": 2.0}))
    (0.0010000000000000002, 12.0)
    """

    def __init__(self, output: Node, columns: Columns) -> None:
        self.mp = context()
        self.table = table(self.mp)
        self.nodes = reachable([output])
        self.output = output
        self.columns = columns
        self.noise = self.mp.zero
        if sum(n.rows for n in self.nodes) > NUMBERS:
            raise UnsupportedError("too large")
        unknown = {n.op for n in self.nodes if n.args} - self.table.keys() - REDUCED.keys()
        if unknown:
            raise UnsupportedError(min(unknown))

    def value(self, at: Mapping[str, Any], shaken: float = 0.0) -> Any:
        """Return the value at a point; with `shaken` each decimal in the formula is moved by about that part of it.

        Raises:
            UnsupportedError: The numbers grow too large.
        """
        mp = self.mp
        found: dict[int, Any] = {}
        decimals = 0
        largest = mp.zero
        for node in self.nodes:
            op = node.op
            if op == "number":
                result = mp.mpf(node.value)
                if shaken and math.isfinite(node.value) and not node.value.is_integer():
                    result *= 1 + shaken * MOVES[decimals % len(MOVES)]
                    decimals += 1
            elif op == "symbol":
                result = mp.mpf(at[node.name])
            elif op == "data":
                result = [mp.mpf(v) for v in self.columns[node.name].tolist()]
            elif op == "pi":
                result = +mp.pi * (1 + shaken)
            elif op in REDUCED:
                rows = found[node.args[0].index]
                result = REDUCED[op](mp, rows if isinstance(rows, list) else [rows])
            else:
                result = self.applied(self.table[op], [found[a.index] for a in node.args], node.rows)
            found[node.index] = result
            for number in result if isinstance(result, list) else [result]:
                if mp.isfinite(number) and abs(number) > largest:
                    largest = abs(number)
        self.noise = largest * NOISE
        return found[self.output.index]

    def applied(self, function: Callable[..., Any], args: list[Any], rows: int) -> Any:
        """Return an operation's value, or its values row by row; shorter columns are recycled."""
        if rows == 1:
            return function(*args)
        lists = [a if isinstance(a, list) else [a] for a in args]
        return [function(*[a[i % len(a)] for a in lists]) for i in range(rows)]

    def slope(self, variable: str, at: Mapping[str, float], shaken: float = 0.0) -> Any:
        """Return ∂/∂variable by a central difference, NaN where the two sides differ: there is a kink or a jump."""
        mp = self.mp
        x = mp.mpf(at[variable])
        step = mp.mpf(10) ** STEP * max(mp.one, abs(x))
        below, here, above = (self.value({**at, variable: x + s * step}, shaken) for s in (-1, 0, 1))
        left, right = (here - below) / step, (above - here) / step
        middle = (left + right) / 2
        allowed = SMOOTH * max(abs(left), abs(right)) + step * CURVED
        return middle if mp.isfinite(middle) and abs(right - left) <= allowed else mp.nan


REDUCED: dict[str, Callable[[Any, list[Any]], Any]] = {
    "sum": lambda mp, rows: mp.fsum(rows),
    "prod": lambda mp, rows: mp.fprod(rows),
    "max_of": lambda mp, rows: max(rows),
    "min_of": lambda mp, rows: min(rows),
}
