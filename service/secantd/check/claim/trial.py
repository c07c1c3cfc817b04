"""The function, its derivative and the claim at points, and whether two values differ or are only rounded."""

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.check.claim.answers import Failure
from secantd.check.claim.clock import Clock
from secantd.check.claim.points import candidates
from secantd.expression import Graph, Node, reachable, symbols
from secantd.numeric import Digits, UnsupportedError, richardson
from secantd.program import Program
from secantd.program import compile as compile_program

__all__ = ["AGREE", "Difference", "Trial"]

Array = NDArray[np.float64]

# Values that differ by less of themselves are equal: a claim's decimals may have been copied from a print-out.
AGREE = 1e-9
# Where only doubles are to be had, differences of values keep some digits less.
AGREE_ROUGHLY = 1e-7
# Our derivative holds numbers that were folded to doubles.
RULED = 1e-6
# Numbers computed for one claim: 4e6 take some 20 ms.
NUMBERS = 4_000_000
FEWEST, MOST = 8, 700
# Values that far apart, as a part of the larger, are told apart by a reader at once.
TELLING = 0.01
EPSILON = float(np.finfo(float).eps)


class Difference(Enum):
    """What a closer look at two values says."""

    DIFFERENT = 1
    EQUAL = 2
    # The function has a kink or a jump there, or no value beside it.
    NO_DERIVATIVE = 3
    # The claim has no finite value.
    NO_VALUE = 4
    # The rules give another slope than f's values have: at z = 10 ifelse(z == 10, 10, z) has the slope of a constant.
    EDGE = 5
    UNKNOWN = 6


class Trial:
    """One claim tried at points.

    Args:
        graph: Where all nodes live.
        output: The function.
        claims: The claim, k nodes.
        exact: The derivatives, k nodes; None where no rule is known.
        variables: By what, k names.
        order: All names in the order in which a point is written.
        at: Where to look first.

    Attributes:
        points: Shape (n, N), a row for each name of `order`.
        heights: f, shape (N,).
        claimed: The claims, shape (k, N).
        true: The derivatives, shape (k, N); NaN where none is known.
        looks: What closer looks said, by claim and point.
    """

    def __init__(
        self,
        graph: Graph,
        output: Node,
        claims: Sequence[Node],
        exact: Sequence[Node | None],
        variables: Sequence[str],
        order: Sequence[str],
        at: Mapping[str, float],
    ) -> None:
        self.graph, self.output, self.claims, self.variables = graph, output, claims, variables
        used = symbols([output, *claims])
        self.order = tuple(dict.fromkeys([*order, *variables, *used]))
        known = [e for e in exact if e is not None]
        outputs = [output, *claims, *known]
        size = sum(n.rows for n in reachable(outputs))
        most = min(MOST, max(FEWEST, NUMBERS // max(1, size)))
        # A variable that was only asked for, and does not occur, need not be in the caller's point.
        own = {name: at.get(name, 1.0) for name in self.order} if at else {}
        self.points = candidates([output, *claims], self.order, own, most)
        found = self.batch(compile_program(outputs, self.order, graph.columns), self.points)
        count, width = len(claims), self.points.shape[1]
        self.heights, self.claimed = found[0], np.array(found[1 : 1 + count]).reshape(count, width)
        self.true = np.full((count, width), math.nan)
        self.true[[i for i, e in enumerate(exact) if e is not None]] = np.array(found[1 + count :]).reshape(-1, width)
        self.exact = exact
        self.has_exact = [e is not None for e in exact]
        self.function = compile_program([output], self.order, graph.columns)
        # What one evaluation of f costs, in numbers.
        self.cost = max(1, sum(n.rows for n in reachable([output])))
        self._digits: dict[int, Digits | None] = {}
        self.looks: dict[tuple[int, int], tuple[Difference, float, float]] = {}

    @staticmethod
    def batch(program: Program, points: Array) -> list[Array]:
        with np.errstate(all="ignore"):
            return program.batch(list(points)) if len(points) else [np.array([v]) for v in program.point([])]

    def place(self, j: int) -> dict[str, float]:
        """Return the j-th point by names."""
        return dict(zip(self.order, self.points[:, j].tolist(), strict=True))

    def comparable(self, i: int) -> NDArray[np.bool_]:
        """Return where f, the i-th derivative and its claim all have values, shape (N,)."""
        found: NDArray[np.bool_] = np.isfinite(self.heights) & np.isfinite(self.true[i]) & np.isfinite(self.claimed[i])
        return found

    def suspicious(self, i: int) -> list[int]:
        """Return the points at which the claim's double is not that of the exact derivative."""
        claimed, true = self.claimed[i], self.true[i]
        with np.errstate(all="ignore"):
            apart = np.abs(claimed - true) > AGREE * np.maximum(np.abs(claimed), np.abs(true))
        return [int(j) for j in np.flatnonzero(self.comparable(i) & apart)]

    def looked_at(self, i: int, j: int) -> tuple[Difference, float, float]:
        """Return whether the i-th claim differs at the j-th point from the slope of f, with both values.

        The slope is that of f's own values. Both are taken to 100 digits where mpmath knows the functions: then
        what differs is no rounding, unless the claim's or f's decimals themselves are rounded.
        """
        if (i, j) not in self.looks:
            self.looks[i, j] = self.look(i, j)
        return self.looks[i, j]

    def look(self, i: int, j: int) -> tuple[Difference, float, float]:
        at, name = self.place(j), self.variables[i]
        claimed, true = float(self.claimed[i, j]), float(self.true[i, j])
        function, claim = self.digits(self.output), self.digits(self.claims[i])
        if function is None or claim is None:
            return self.roughly(i, j)
        try:
            slope, value = function.slope(name, at), claim.value(at)
            noise = function.noise + claim.noise
            if not function.mp.isfinite(slope):
                return Difference.NO_DERIVATIVE, claimed, true
            if not function.mp.isfinite(value):
                return Difference.NO_VALUE, claimed, float(slope)
            size = max(abs(slope), abs(value))
            allowed = AGREE * size + noise
            if abs(value - slope) > allowed:
                shaken = abs(claim.value(at, SHAKEN) - value) + abs(function.slope(name, at, SHAKEN) - slope)
                allowed += 100 * shaken
            differ = abs(value - slope) > allowed
            if differ and not self.borne_out(i, at, slope, noise):
                return Difference.EDGE, claimed, float(slope)
        except UnsupportedError:
            return self.roughly(i, j)
        # The digits a program would show, where they tell the two apart.
        if differ and not (math.isfinite(claimed) and abs(claimed - value) < abs(value - slope) / 1e3):
            claimed = float(value)
        if not (math.isfinite(true) and abs(true - slope) < abs(value - slope) / 1e3):
            true = float(slope)
        return Difference.DIFFERENT if differ else Difference.EQUAL, claimed, true

    def borne_out(self, i: int, at: Mapping[str, float], slope: Any, noise: Any) -> bool:
        """Whether our derivative has the slope that f's values have; where no rule is known nothing contradicts it."""
        exact = self.exact[i]
        rule = None if exact is None else self.digits(exact)
        if rule is None:
            return True
        value = rule.value(at)
        return bool(abs(value - slope) <= RULED * max(abs(value), abs(slope)) + noise + rule.noise)

    def failure(self, i: int, places: Sequence[int], clock: Clock) -> Failure | None:
        """Return the most telling of the places at which the i-th claim may fail, None where it fails at none.

        That is the first at which both values are far apart, or else the first at which they differ.
        """
        first: Failure | None = None
        for j in places:
            if clock.over:
                break
            verdict, claimed, true = self.looked_at(i, j)
            if verdict is Difference.DIFFERENT:
                found = Failure(i, j, self.place(j), claimed, true)
                if abs(claimed - true) >= TELLING * max(abs(claimed), abs(true)):
                    return found
                first = first or found
        return first

    def has_value(self, i: int, j: int) -> bool:
        """Whether the i-th claim has a finite value at the j-th point, though doubles may overflow on the way."""
        claim = self.digits(self.claims[i])
        if claim is None or math.isfinite(self.claimed[i, j]):
            return bool(math.isfinite(self.claimed[i, j]))
        try:
            return bool(claim.mp.isfinite(claim.value(self.place(j))))
        except UnsupportedError:
            return True

    def digits(self, node: Node) -> Digits | None:
        """Return a node's values to 100 digits, None where mpmath has none."""
        if node.index not in self._digits:
            try:
                self._digits[node.index] = Digits(node, self.graph.columns)
            except UnsupportedError:
                self._digits[node.index] = None
        return self._digits[node.index]

    # -- doubles alone ------------------------------------------------------------------------------------------

    def roughly(self, i: int, j: int) -> tuple[Difference, float, float]:
        """Return the same from doubles: only what differs by far more than their errors is told apart."""
        claimed, true = float(self.claimed[i, j]), float(self.true[i, j])
        slope, error = self.slope(i, j)
        if self.kinked(i, j) or not math.isfinite(slope):
            return Difference.NO_DERIVATIVE, claimed, true
        if not math.isfinite(claimed):
            return Difference.NO_VALUE, claimed, slope
        allowed = AGREE_ROUGHLY * max(abs(claimed), abs(slope)) + 10 * error
        if self.has_exact[i]:
            # The rule and the values bear each other out, or nothing is said.
            if not abs(true - slope) <= allowed:
                return (Difference.EDGE if abs(claimed - slope) > allowed else Difference.UNKNOWN), claimed, slope
            gap = min(abs(claimed - true), abs(claimed - slope))
        else:
            true, gap = slope, abs(claimed - slope)
        if gap > 3 * allowed:
            return Difference.DIFFERENT, claimed, true
        return (Difference.EQUAL if gap <= allowed else Difference.UNKNOWN), claimed, true

    def slope(self, i: int, j: int) -> tuple[float, float]:
        """Return ∂f/∂xᵢ at the j-th point by Richardson's differences, with a bound on the error: of two starting
        steps the one with the smaller bound, as f may vary faster than x does."""
        row, place = self.order.index(self.variables[i]), self.points[:, j].tolist()
        size = abs(place[row]) or 1.0
        found = []
        for h in (2.0 ** round(math.log2(0.05 * size)), 2.0 ** round(math.log2(0.002 * size))):
            with np.errstate(all="ignore"):
                value, error = richardson(self.values, place, row, h)
            rounding = 64 * EPSILON * abs(float(self.heights[j])) / h * 2**5
            found.append((error + rounding if math.isfinite(value) else math.inf, value))
        error, value = min(found, key=lambda f: f[0])
        return (value, error) if math.isfinite(error) else (math.nan, math.inf)

    def kinked(self, i: int, j: int) -> bool:
        """Whether the slopes from both sides differ, by doubles."""
        row, x = self.order.index(self.variables[i]), self.points[:, j]
        h = 1e-6 * (abs(float(x[row])) or 1.0)
        columns = np.repeat(x[:, None], 3, axis=1)
        columns[row] += np.array([-h, 0.0, h])
        below, here, above = self.values(list(columns)).tolist()
        left, right = (here - below) / h, (above - here) / h
        noise = 8 * EPSILON * abs(here) / h
        return not abs(right - left) <= 1e-3 * max(abs(left), abs(right)) + noise

    def values(self, columns: Sequence[Array]) -> Array:
        """Return f at points in columns."""
        with np.errstate(all="ignore"):
            return self.function.batch(list(columns))[0]


# One unit of a decimal's last place.
SHAKEN = EPSILON
