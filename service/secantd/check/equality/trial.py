"""Two formulas compared at points.

The values of both formulas in doubles, at all points in one batch, find points at which they differ, and points at which both have
values. A closer look at these computes both to 100 digits, with decimals as they are written: 0.1 + 0.2 is 0.3 and 1/3 is not
0.333. They are different if they differ by more than the rounding error of 100 digits; where that cannot decide, as next to 0,
450 digits are used. A difference that could come from a decision which rounding makes (a comparison of equal numbers, a jump
such as that of floor) does not count. Numbers with more digits than a double are rounded when they are read: a difference
that this explains is none.

Guarantees. Formulas are called different only at a point where their values differ. Equal values at all points are evidence and no
proof: see `check.trial`.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from secantd.check.assumptions import Assumptions
from secantd.check.clock import Clock
from secantd.check.trial import AGREE_IN_DOUBLES, SHAKEN, Array, Difference, Trial
from secantd.expression import Graph, Node, reachable
from secantd.precise import DIGITS, MORE_DIGITS, Digits, UnsupportedError
from secantd.program import Program
from secantd.program import compile as compile_program

__all__ = ["ValueTrial"]

# The relative difference of doubles from which on a closer look is taken first.
SUSPICIOUS = 1e-12
# The relative difference of doubles below which they are equal where nothing more is available.
EQUAL_IN_DOUBLES = 1e-11
# The same up to which a double is right.
TRUSTED = 1e-6
# The share of the time for values in doubles, and the first points, which are computed by themselves.
SHARE, PARTS = 0.5, (0, 16, 64)
# The change of a coordinate by which the sensitivity of doubles is measured.
MOVED = 1e-14
# What rounding leaves of a difference, relative to the largest intermediate result; and the size, in the same measure, below
# which a value may be nothing but rounding.
ROUNDING, SMALL = 1e-85, 1e-40
# Digits that rounding errors may take; relative and absolute differences of values that are equal.
GUARD, CERTAIN, VANISHES = 30, 1e-25, 1e-100
# The relative change of intermediate results that shows whether rounding decides something.
NUDGED = 1e-70
# How many units of the last digit of a rounded number explain a difference.
UNITS = 4
# Operations whose value jumps: rounding may decide on which side.
JUMPS = frozenset(
    {
        "sign",
        "ifelse",
        "floor",
        "ceiling",
        "trunc",
        "round",
        "%%",
        "%/%",
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "!=",
        "&",
        "|",
        "!",
    }
)


class ValueTrial(Trial):
    """Formulas and the claims that they are equal to others, at points.

    Args:
        graph: The graph of all nodes.
        outputs: The formulas, k nodes.
        claims: The claims, k nodes.
        order: The names of the coordinates.
        points: Shape (n, N).
        rounded: Numbers that were rounded when they were read.
        fine: Whether constants are so small or so large that 100 digits may not be sufficient.
        clock: The time.
        assumed: What the points satisfy.

    Attributes:
        outputs: The formulas.
        gaps: By how much values differ, by formula and point.
        loose: Whether values were compared in doubles only, or a difference was explained by a number that was rounded when it was read.
    """

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[Node],
        claims: Sequence[Node],
        order: Sequence[str],
        points: Array,
        rounded: frozenset[float],
        fine: bool,
        clock: Clock,
        assumed: Assumptions,
    ) -> None:
        self.clock, self.assumed = clock, assumed
        self.graph, self.output, self.claims = graph, outputs[0], claims
        self.outputs = tuple(outputs)
        self.variables = ("",) * len(claims)
        self.order, self.points = tuple(order), points
        self.rounded, self.fine = rounded, fine
        self.loose = False
        self.gaps: dict[tuple[int, int], str] = {}
        program = compile_program([*outputs, *claims], self.order, graph.columns)
        self._digits = {}
        count, width = len(outputs), points.shape[1]
        found = self.in_parts(program, SHARE * clock.left)
        self.true, self.claimed = found[:count], found[count:]
        self.heights = np.zeros(width)
        self.exact = self.outputs
        self.has_exact = [True] * count
        self.program = program
        self.jumps = any(n.op in JUMPS for n in reachable([*outputs, *claims]))
        self.looks = {}

    def in_parts(self, program: Program, seconds: float) -> Array:
        """Return the values of all formulas, shape (2k, N): NaN at the last points where the time is up before."""
        width = self.points.shape[1]
        values = np.full((len(program.tape.outputs), width), math.nan)
        clock = Clock(seconds)
        for start, end in pairwise((*PARTS, width)) if width > PARTS[-1] else ((0, width),):
            part = self.points[:, start:end]
            # One value may take milliseconds, as that of a quantile far out.
            found = self.within(lambda part=part: self.batch(program, part), None, clock.left)  # type: ignore[misc]
            if found is None:
                break
            for row, value in zip(values, found, strict=True):
                row[start:end] = value
        return values

    def suspicious(self, i: int) -> list[int]:
        """Return the points at which the values differ in doubles, those with the clearest difference first."""
        claimed, true = self.claimed[i], self.true[i]
        with np.errstate(all="ignore"):
            apart = np.abs(claimed - true) / np.maximum(np.abs(claimed), np.abs(true))
            found = np.flatnonzero(self.comparable(i) & (apart > SUSPICIOUS))
        clear = apart[found] > AGREE_IN_DOUBLES
        return [int(j) for j in [*found[clear], *found[~clear]]]

    def digits(self, node: Node, digits: int = DIGITS) -> Digits | None:
        """Return a node's evaluator to a number of digits, None where mpmath lacks one of its functions."""
        key = (node.index, digits)
        if key not in self._digits:
            try:
                self._digits[key] = Digits(node, self.graph.columns, digits, decimal=True, rounded=self.rounded)
            except UnsupportedError:
                self._digits[key] = None
        return self._digits[key]

    def truth(self, i: int, at: Mapping[str, float]) -> tuple[Any, Any]:
        """Return the value of the i-th formula to many digits, and its rounding error."""
        evaluator = self.digits(self.outputs[i])
        if evaluator is None:
            raise UnsupportedError("a function")
        return evaluator.value(at), evaluator.noise

    def compared(self, i: int, j: int) -> tuple[Difference, float, float]:
        """Compare the i-th formulas at the j-th point.

        Returns:
            The result, and both values. NO_DERIVATIVE: the formula has no value there. EDGE: rounding may decide.
        """
        at = self.place(j)
        claimed, true = float(self.claimed[i, j]), float(self.true[i, j])
        one, other = self.digits(self.outputs[i]), self.digits(self.claims[i])
        if one is None or other is None:
            return self.look_in_doubles(i, j)
        try:
            a, b = one.value(at), other.value(at)
            if not one.mp.isfinite(a):
                return Difference.NO_DERIVATIVE, claimed, true
            if not one.mp.isfinite(b):
                return Difference.NO_VALUE, claimed, float(a)
            gap, noise, size = abs(a - b), one.noise + other.noise, max(abs(a), abs(b))
            largest = noise / one.noise_of
            rounding = gap <= ROUNDING * largest and size >= SMALL * largest
            if rounding and not self.fine:
                return Difference.EQUAL, claimed, true
            if gap <= noise:
                one, other = (self.digits(n, MORE_DIGITS) for n in (self.outputs[i], self.claims[i]))
                assert one is not None
                assert other is not None
                a, b = one.value(at), other.value(at)
                if not one.mp.isfinite(a + b):
                    # Next to a pole the digits decide on which side a value is.
                    return Difference.EDGE, claimed, true
                gap, noise = abs(a - b), one.noise + other.noise
            result = self.judged(one, other, at, a, b, gap, noise)
            if result is Difference.DIFFERENT and gap <= noise:
                apart, bound = self.by_intervals(self.outputs[i], self.claims[i], j)
                if not apart:
                    return (Difference.EQUAL if bound <= CERTAIN * size else Difference.UNKNOWN), claimed, true
        except UnsupportedError:
            return self.look_in_doubles(i, j)
        if result is Difference.DIFFERENT:
            self.gaps[i, j] = f"{float(gap):.2g}" if float(gap) else one.mp.nstr(gap, 2)
            # The values in doubles, which a program would show, unless their rounding hides the difference.
            if not (math.isfinite(claimed) and abs(claimed - b) < gap / 1e3):
                claimed = float(b)
            if not (math.isfinite(true) and abs(true - a) < gap / 1e3):
                true = float(a)
        return result, claimed, true

    def judged(
        self, one: Digits, other: Digits, at: Mapping[str, float], a: Any, b: Any, gap: Any, noise: Any
    ) -> Difference:
        """Return whether two values that differ by `gap` are different."""
        if not gap:
            return Difference.EQUAL
        if gap <= noise:
            # The bound may be far above the rounding error, as next to numbers that are far larger than the values.
            nudged = one.mp.mpf(10) ** (GUARD - one.mp.dps)
            spread = abs(one.value(at, nudged=nudged) - a) + abs(other.value(at, nudged=nudged) - b)
            if not one.mp.isfinite(spread):
                # Rounding decides whether there is a value.
                return Difference.UNKNOWN
            if gap <= spread:
                certain = spread <= max(CERTAIN * max(abs(a), abs(b)), VANISHES)
                return Difference.EQUAL if certain else Difference.UNKNOWN
        if self.rounded:
            shaken = abs(one.value(at, SHAKEN) - a) + abs(other.value(at, SHAKEN) - b)
            if gap <= UNITS * shaken:
                self.loose = True
                return Difference.EQUAL
        if self.jumps:
            for way in (NUDGED, -NUDGED):
                for evaluator, value in ((one, a), (other, b)):
                    again = evaluator.value(at, nudged=way)
                    if not abs(again - value) < gap / 2:
                        return Difference.EDGE
        return Difference.DIFFERENT

    def values_at(self, i: int, points: Array) -> tuple[Array, Array]:
        """Return the i-th claim and its formula in doubles, shape (N,), at points, shape (n, N)."""
        values = self.batch(self.program, points)
        true, claimed = (np.broadcast_to(values[k], points.shape[1:]) for k in (i, len(self.outputs) + i))
        return claimed, true

    def has_slope(self, i: int, j: int) -> bool:
        """Whether the i-th formula has a value at the j-th point, even if intermediate doubles overflow."""
        return self.defined(self.outputs[i], float(self.true[i, j]), j)

    def has_value(self, i: int, j: int) -> bool:
        """Whether the i-th claim has a value at the j-th point, even if intermediate doubles overflow."""
        return self.defined(self.claims[i], float(self.claimed[i, j]), j)

    def trusted(self, node: Node, value: float, j: int) -> bool:
        """Whether a value in doubles is right: 1/sin(pi) has none, although it is 8e15 in doubles."""
        evaluator = self.digits(node)
        if evaluator is None:
            return True
        try:
            exactly = self.within(lambda: evaluator.value(self.place(j)), evaluator.mp.nan)
        except UnsupportedError:
            return True
        return bool(abs(exactly - value) <= TRUSTED * abs(exactly))

    def defined(self, node: Node, value: float, j: int) -> bool:
        evaluator = self.digits(node)
        if evaluator is None or math.isfinite(value):
            return math.isfinite(value)
        try:
            return self.within(lambda: bool(evaluator.mp.isfinite(evaluator.value(self.place(j)))), True)
        except UnsupportedError:
            return True

    def look_in_doubles(self, i: int, j: int) -> tuple[Difference, float, float]:
        """Return a closer look in doubles: DIFFERENT only for a difference that is much larger than their errors."""
        claimed, true = float(self.claimed[i, j]), float(self.true[i, j])
        if not math.isfinite(true):
            return Difference.UNKNOWN, claimed, true
        if not math.isfinite(claimed):
            return Difference.UNKNOWN, claimed, true
        moved = np.repeat(self.points[:, j : j + 1], 5, axis=1)
        moved *= 1 + MOVED * np.array([0.0, 1.0, -1.0, 2.0, -2.0])
        values = self.batch(self.program, moved)
        spread = sum(float(np.ptp(values[k])) for k in (i, len(self.outputs) + i)) if len(moved) else 0.0
        gap, size = abs(claimed - true), max(abs(claimed), abs(true))
        if not math.isfinite(spread):
            return Difference.UNKNOWN, claimed, true
        if gap <= EQUAL_IN_DOUBLES * size or gap == 0:
            self.loose = True
            return Difference.EQUAL, claimed, true
        apart, bound = self.by_intervals(self.outputs[i], self.claims[i], j)
        if bound <= EQUAL_IN_DOUBLES * size:
            self.loose = True
            return Difference.EQUAL, claimed, true
        different = apart and gap > AGREE_IN_DOUBLES * size + 100 * spread
        return (Difference.DIFFERENT if different else Difference.UNKNOWN), claimed, true
