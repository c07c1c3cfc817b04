"""Enclosures of formulas at points, by ball arithmetic with as many bits as they need."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from secantd.balls.enclosure import LOCK, Enclosure
from secantd.expression import REDUCTIONS, Graph, Node, has_arrays, reachable
from secantd.interrupt import checkpoint, paced
from secantd.language.expansion import expanded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BITS", "MOST_BITS", "Balls", "NoBallsError"]

# Bits at the beginning; the most, where all functions are fast and where some are slow; bits of a value that are sufficient.
BITS: Final = 64
MOST_BITS: Final = 4_096
MOST_SLOW: Final = 1_024
ENOUGH: Final = 60
# Below it all whole numbers are doubles.
EXACT: Final = 2.0**53
# The most nodes times rows of data, as written and expanded.
NUMBERS, WRITTEN_OUT = 20_000, 100_000

Columns = "Mapping[str, NDArray[np.float64]]"
# An exact double, a fraction, or an interval of two of them.
Coordinate = float | Fraction | tuple[float | Fraction, float | Fraction]
Step = tuple[int, Callable[..., Any], tuple[int, ...], int, bool]


class NoBallsError(Exception):
    """A formula that has no balls: of vectors and matrices, too large, or with a function that flint lacks."""


class Balls:
    """The enclosures of several expressions of one graph.

    Args:
        outputs: Expressions: numbers, made of numbers and data columns.
        columns: The data columns, each of shape (rows,).
        bits: The bits at the beginning.
        most: The most bits; None: 4096, and 1024 with functions that are slow.
        decimal: Whether a number is the decimal that is written, not the double next to it: 0.1 is 1/10. Where numbers are compared
            with coordinates, it is the double, as in programs.
        spread: The relative uncertainty of numbers whose digits may be rounded.
        rounded: These numbers; None: all that are no doubles, such as 0.1.
        cautious: Whether comparisons with a number are not decided by the difference between the double and the decimal.

    Raises:
        NoBallsError: There are none; `str` of it is the reason.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> cube = Balls([g.make("pow", g.symbol("x"), g.number(3))], {})
    >>> cube.at({"x": 0.1})[0].doubles()
    (0.001, 0.0010000000000000002)
    >>> value, slope = cube.jet("x", {"x": 2.0})[0]
    >>> slope.doubles()
    (12.0, 12.0)
    """

    def __init__(
        self,
        outputs: Sequence[Node],
        columns: "Mapping[str, NDArray[np.float64]]",
        bits: int = BITS,
        most: int | None = None,
        *,
        decimal: bool = True,
        spread: float = 0.0,
        rounded: frozenset[float] | None = None,
        cautious: bool = False,
    ) -> None:
        from secantd.balls.functions import SLOW, TABLE

        before = reachable(outputs)
        if has_arrays(before) or any(o.shape for o in outputs):
            raise NoBallsError("it is a formula of vectors or matrices")
        if sum(n.rows for n in before) > NUMBERS:
            raise NoBallsError("it is too large")
        graph = Graph()
        graph.columns.update(columns)
        known = TABLE.keys() | {"ifelse", "missing", "pi", *REDUCTIONS}
        self.outputs = expanded(graph, outputs, known, guarded=True)
        nodes = reachable(self.outputs)
        if sum(n.rows for n in nodes) > WRITTEN_OUT:
            raise NoBallsError("it is too large")
        lacking = sorted({n.op for n in nodes if n.args} - known)
        if lacking:
            raise NoBallsError(f"there is no ball arithmetic for {lacking[0]}()")
        self.bits = bits
        self.decimal, self.spread, self.rounded = decimal, spread, rounded
        self.cautious = cautious or spread > 0.0
        self.cost = sum(n.rows * SLOW.get(n.op, 1) for n in nodes)
        self.most = most or (MOST_SLOW if any(n.op in SLOW for n in nodes) else MOST_BITS)
        place = {n.index: i for i, n in enumerate(nodes)}
        self.leaves: list[tuple[int, Node]] = [(place[n.index], n) for n in nodes if not n.args]
        self.columns = {n.name: columns[n.name].tolist() for n in nodes if n.op == "data"}
        self.size = len(nodes)
        self.places = [place[o.index] for o in self.outputs]
        self.steps: list[Step] = []
        self.doubles: list[tuple[int, Coordinate]] = []
        for n in nodes:
            if n.args:
                inputs = [place[a.index] for a in n.args]
                if n.op in COMPARED or n.op in BOUNDS:
                    inputs = [self.compared(i, a, n.op in BOUNDS) for i, a in zip(inputs, n.args, strict=True)]
                strict = n.op not in ("ifelse", "missing")
                function = REDUCED[n.op] if n.op in REDUCTIONS else TABLE.get(n.op) or SPECIAL[n.op]
                self.steps.append((place[n.index], function, tuple(inputs), n.rows, strict))
        self._leaves: dict[int, list[Any]] = {}

    def compared(self, place: int, node: Node, both: bool) -> int:
        """Return the place of an argument of a comparison: that of a double for a number, of `both` readings for max and min."""
        if node.op != "number" or not self.decimal or not math.isfinite(node.value):
            return place
        if self.spread and (self.rounded is None or node.value in self.rounded):
            return place
        read: Coordinate = (node.value, Fraction(repr(node.value))) if both or self.cautious else node.value
        self.doubles.append((self.size, read))
        self.size += 1
        return self.size - 1

    @property
    def names(self) -> list[str]:
        """The names of the variables."""
        return [n.name for _, n in self.leaves if n.op == "symbol"]

    def at(self, point: Mapping[str, Coordinate], enough: int = ENOUGH) -> list[Enclosure]:
        """Return enclosures of the values at a point.

        Args:
            point: The value of each variable: doubles, which are exact, fractions, or intervals (lower, upper) of these.
            enough: The bits of each value from which on no more bits are tried.
        """
        best: list[Enclosure] = []
        for found in self.refined(point, ()):
            best = [narrower(o, n) for o, n in zip(best, (Enclosure(of(v)) for v in found), strict=True)] if best else [
                Enclosure(of(v)) for v in found
            ]  # fmt: skip
            if all(settled(e, enough) for e in best):
                break
        return best

    def jet(
        self, name: str, point: Mapping[str, Coordinate], enough: int = ENOUGH
    ) -> list[tuple[Enclosure, Enclosure]]:
        """Return enclosures of the values and of the derivatives along one name; nothing is known of a derivative at a kink.

        Args:
            name: The variable.
            point: The value of each variable.
            enough: As for `at`.
        """
        best: list[tuple[Enclosure, Enclosure]] = []
        for found in self.refined(point, (name,)):
            pairs = [(Enclosure(of(v)), Enclosure(slope(v))) for v in found]
            best = [
                (narrower(v, a), narrower(s, b)) for (v, s), (a, b) in zip(best, pairs, strict=True)
            ] if best else pairs  # fmt: skip
            if all(settled(e, enough) for pair in best for e in pair):
                break
        return best

    def second(self, name: str, other: str, point: Mapping[str, Coordinate], enough: int = ENOUGH) -> list[Enclosure]:
        """Return enclosures of ∂²f/∂name∂other."""
        best: list[Enclosure] = []
        for found in self.refined(point, (name, other)):
            seconds = [Enclosure(slope_of_slope(v)) for v in found]
            best = [narrower(o, n) for o, n in zip(best, seconds, strict=True)] if best else seconds
            if all(settled(e, enough) for e in best):
                break
        return best

    def refined(self, point: Mapping[str, Coordinate], along: Sequence[str]) -> Iterator[list[Any]]:
        """Yield the values with more and more bits."""
        bits = self.bits
        while bits <= self.most:
            with LOCK:
                values = self.run(point, along, bits)
            yield values
            bits *= 2

    def run(self, point: Mapping[str, Coordinate], along: Sequence[str], bits: int) -> list[Any]:
        """Return the values with a number of bits: balls, jets, or NOWHERE."""
        from flint import arb, ctx

        from secantd.balls.numbers import NOWHERE, Jet

        ctx.prec = bits
        values: list[Any] = [None] * self.size
        for place, value in self.constants(bits):
            values[place] = value
        for place, node in self.leaves:
            if node.op == "symbol":
                number = exactly(point[node.name])
                for level, name in enumerate(along, 1):
                    if name == node.name and number is not NOWHERE:
                        one = arb(1)
                        number = Jet(number, one, level)
                values[place] = number
        for place, function, inputs, rows, strict in paced(self.steps):
            args = [values[i] for i in inputs]
            if rows > 1:
                values[place] = by_rows(function, args, rows, strict)
            else:
                for a in args:
                    if a is NOWHERE and strict:
                        values[place] = NOWHERE
                        break
                else:
                    values[place] = function(*args)
        return [values[i] for i in self.places]

    def constants(self, bits: int) -> list[tuple[int, Any]]:
        """Return the numbers and data of the formula, for a number of bits."""
        found = self._leaves.get(bits)
        if found is None:
            from flint import arb

            found = [(i, exactly(v)) for i, v in self.doubles]
            for place, node in self.leaves:
                if node.op == "number":
                    found.append((place, self.number(node.value)))
                elif node.op == "data":
                    found.append((place, [self.number(v) for v in self.columns[node.name]]))
                elif node.op == "pi":
                    found.append((place, arb.pi()))
            self._leaves[bits] = found
        return found

    def number(self, value: float) -> Any:
        """Return a number of the formula or of its data."""
        if not math.isfinite(value) or (value.is_integer() and abs(value) < EXACT):
            return exactly(value)
        read = Fraction(repr(value))
        if read == Fraction(value) and (self.rounded is None or value not in self.rounded):
            return exactly(value)
        from flint import arb

        number = exactly(read if self.decimal else value)
        loose = self.spread > 0.0 and (self.rounded is None or value in self.rounded)
        return arb(number.mid(), number.rad() + abs(number).upper() * self.spread) if loose else number


def exactly(value: Coordinate) -> Any:
    """Return the ball of a double, a fraction or an interval."""
    from flint import arb, fmpq

    from secantd.balls.numbers import NOWHERE

    if isinstance(value, tuple):
        return exactly(value[0]).union(exactly(value[1]))
    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    return NOWHERE if value != value else arb(float(value))


def of(value: Any) -> Any:
    """Return the ball of a value, None where there is none."""
    from secantd.balls.numbers import NOWHERE, base

    return None if value is NOWHERE else base(value)


def slope(value: Any) -> Any:
    """Return the ball of the derivative of a value; nothing is known of it where nothing is known of the value."""
    from flint import arb

    from secantd.balls.numbers import NOWHERE, UNKNOWN, Jet, base

    if value is NOWHERE:
        return None
    if not base(value).is_finite():
        return UNKNOWN
    return base(value.slope) if isinstance(value, Jet) else arb(0)


def slope_of_slope(value: Any) -> Any:
    """Return the ball of the derivative at level 1 of the derivative at level 2 of a value."""
    from flint import arb

    from secantd.balls.numbers import NOWHERE, UNKNOWN, Jet, base

    if value is NOWHERE:
        return None
    if not base(value).is_finite():
        return UNKNOWN
    return slope(value.slope) if isinstance(value, Jet) and value.level == 2 else arb(0)


def settled(found: Enclosure, enough: int) -> bool:
    """Whether more bits are not needed."""
    if not found.exists or found.bits >= enough:
        return True
    return not found.known and not found.ball.is_nan() and found.ball.is_exact()


def narrower(one: Enclosure, other: Enclosure) -> Enclosure:
    """Return the better of two enclosures of one value."""
    return other if not other.exists or (one.exists and other.bits >= one.bits) else one


def by_rows(function: Callable[..., Any], args: Sequence[Any], rows: int, strict: bool) -> list[Any]:
    """Return a function for each row; shorter columns are recycled."""
    from secantd.balls.numbers import NOWHERE

    lists = [a if isinstance(a, list) else [a] for a in args]
    found = []
    for i in range(rows):
        if not i % 256:
            checkpoint()
        row = [a[i % len(a)] for a in lists]
        found.append(NOWHERE if strict and any(a is NOWHERE for a in row) else function(*row))
    return found


def reduced(name: str) -> Callable[..., Any]:
    """Return a reduction of the rows of a column."""

    def function(column: Any) -> Any:
        from secantd.balls.functions import TABLE
        from secantd.balls.numbers import NOWHERE

        rows = column if isinstance(column, list) else [column]
        return NOWHERE if any(r is NOWHERE for r in rows) else TABLE[name](*rows)

    return function


def chosen(*args: Any) -> Any:
    """Return ifelse(test, a, b)."""
    from secantd.balls.elementary import choose_by

    return choose_by(*args)


def missing(a: Any) -> Any:
    """Return 1 where there is no value, 0 where there is one."""
    from flint import arb

    from secantd.balls.numbers import NOWHERE, base

    if a is NOWHERE:
        return arb(1)
    return arb(0) if base(a).is_finite() else arb(0).union(arb(1))


# Operations that compare: a number is the double next to it, and with those that return one of their arguments both.
BOUNDS: Final = frozenset({"pmax", "pmin"})
COMPARED: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
SPECIAL: Final[dict[str, Callable[..., Any]]] = {"ifelse": chosen, "missing": missing}
REDUCED: Final = {"sum": reduced("add"), "prod": reduced("mul"), "max_of": reduced("pmax"), "min_of": reduced("pmin")}
