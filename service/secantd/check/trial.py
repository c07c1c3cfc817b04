"""A claim tried at points: which points, and what agreement and difference there mean.

The problem. A claim c is compared with ∂f/∂x, both given as programs. Whether two such expressions are equal cannot be decided
in general (Richardson 1968). Algebra may prove it (`witness_exact`, `witness_sympy`); otherwise values refute the claim at one
point, or agree at many, which is evidence and no proof.

The points (`points.py`) are chosen by rule, so that an answer can be repeated: the caller's point first; then numbers that a
person would try, which make a counterexample readable; points near the constants of the formulas, where domains and pieces
have their edges; irregular numbers; and boxes of several sizes, filled evenly by multiples of irrational numbers. There are
between FEWEST and MOST of them, depending on the size of the formulas. Two different analytic functions of one variable agree
at isolated points only; two polynomials of degree d agree at a random point of a set S with a probability of at most d/|S|
(Schwartz 1980, Zippel 1979).
The comparison has two stages:
1. In doubles, all formulas at all points in one batch. A point is suspicious where c and ∂f/∂x differ by more than AGREE of
   their size: rounding and cancellation cause that as well as mistakes.
2. At suspicious points a closer look: the value of c, and the slope of f as a difference quotient of its own values, both to
   100 digits (`precise.Digits`). They may differ by AGREE of their size plus the rounding error. If they differ more, all decimals
   of both formulas are changed by one unit in the last place, and 100 times the effect is allowed in addition: a number that the
   author rounded is no mistake. Without mpmath's functions, Richardson's extrapolation and the rule have to agree.
The result (`Difference`) is DIFFERENT only if f has the same slope on both sides, the rules of differentiation give it, too, and c
differs from it. A kink or jump is NO_DERIVATIVE, an isolated point at which the rules and f's values disagree is EDGE, and neither
counts. If nothing decides, the result is UNKNOWN.
Guarantees. A claim is refuted only by a point with two different values, so that a correct claim is not refuted by rounding, by
a kink or by rounded decimals; ball arithmetic overrules a closer look (`decided`). A wrong claim may pass if it differs only where no
point is, or by less than AGREE, unless all numbers are exact and python-flint is installed. Complexity: NUMBERS bounds the work of
the first stage, some 20 ms; a closer look takes milliseconds, and its callers bound their number and the time.
Sources: D. Richardson, Some Undecidable Problems Involving Elementary Functions of a Real Variable, J. Symbolic Logic 33
(1968). J. T. Schwartz, J. ACM 27 (1980) 701-717; R. Zippel, EUROSAM (1979). H. Weyl, Math. Ann. 77 (1916) 313-352. N. J.
Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), chapter 1, for errors measured by perturbation.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from secantd.check.apart import difference_at
from secantd.check.assumedpoints import points
from secantd.check.assumptions import Assumptions
from secantd.check.clock import Clock
from secantd.check.difference import STEADY, Difference, Look, numbers_of, settled
from secantd.check.indoubles import kink_in_doubles, slope_in_doubles
from secantd.check.verdict import Counterexample
from secantd.expression import Graph, Node, reachable, symbols
from secantd.interrupt import InterruptError, OutOfTimeError, run_within
from secantd.precise import DIGITS, MORE_DIGITS, Digits, UnsupportedError, is_rounded, restore
from secantd.program import Program
from secantd.program import compile as compile_program

__all__ = ["AGREE", "Difference", "Trial"]

Array = NDArray[np.float64]
Result = TypeVar("Result")

# The relative difference below which values are equal: a claim's decimals may have been copied from a printout.
AGREE = 1e-9
# The same where only doubles are available: difference quotients of doubles lose some digits.
AGREE_IN_DOUBLES = 1e-7
# The same between the slope of f and our derivative, whose constants were folded to doubles.
RULED = 1e-6
# The most numbers computed for one claim: 4e6 take some 20 ms.
NUMBERS = 4_000_000
FEWEST, MOST = 8, 700
# The points at which values have to be equal.
SEVERAL = 3
# How many values of a formula may be computed with more digits, unless all formulas have values at PLENTY points.
WORK, PLENTY = 1000, 24
# The relative change from which on values jump, or have no digits that are right, if decimals are moved by rounding errors.
JUMPED = 1e-6
# The bound of an error, relative to f, up to which smaller differences are none.
HIDDEN = 1e-25
# Smaller differences, relative to f, are computed with more digits, as are those of which rounding has a larger share than STEADY.
TINY = 1e-12
# The relative difference from which on a reader sees at once that two values differ.
CLEAR = 0.01
# Seconds after the end of the time in which values to many digits may still be computed, all of them together.
GRACE = 0.05
# One unit in the last place of a decimal.
SHAKEN = float(np.finfo(float).eps)


class Trial:
    """One claim tried at points.

    Args:
        graph: The graph of all nodes.
        output: The function.
        claims: The claim, k nodes.
        exact: The derivatives, k nodes; None where no rule is known.
        variables: The variables of the derivative, k names.
        order: The names of the coordinates of a point, in order.
        at: The first point to try.
        clock: The time for values to many digits; None: any.
        assumed: What the points satisfy.

    Attributes:
        points: Shape (n, N), a row for each name of `order`.
        generic: Which points have different coordinates, shape (N,); all where these are too few.
        heights: f, shape (N,).
        claimed: The claims, shape (k, N).
        true: The derivatives, shape (k, N); NaN where none is known.
        cost: The cost of one evaluation of f, in numbers.
        inexact: Whether a number may be rounded; if none is, each certain difference counts.
        decided: Of a claim, a point and a look, the look that stands; `decide_rounding` sets it to ball arithmetic.
        looks: The results of closer looks, by claim and point.
    """

    decided: Callable[[int, int, Look], Look] = staticmethod(lambda i, j, found: found)

    def __init__(
        self,
        graph: Graph,
        output: Node,
        claims: Sequence[Node],
        exact: Sequence[Node | None],
        variables: Sequence[str],
        order: Sequence[str],
        at: Mapping[str, float],
        clock: Clock | None = None,
        assumed: Assumptions | None = None,
    ) -> None:
        self.clock = clock
        self.graph, self.output, self.claims, self.variables = graph, output, claims, variables
        used = symbols([output, *claims])
        self.assumed = assumed = assumed or Assumptions()
        self.order = tuple(dict.fromkeys([*order, *variables, *used, *assumed.names]))
        known = [e for e in exact if e is not None]
        outputs = [output, *claims, *known]
        size = sum(n.rows for n in reachable(outputs))
        most = min(MOST, max(FEWEST, NUMBERS // max(1, size)))
        # A variable of the derivative that does not occur in f need not be in the caller's point.
        own = {name: at.get(name, 1.0) for name in self.order} if at else {}
        self.points = points([output, *claims], self.order, own, assumed, most)
        ordered = np.sort(self.points, axis=0)
        distinct: NDArray[np.bool_] = (ordered[1:] != ordered[:-1]).all(axis=0)
        self.generic = distinct if distinct.sum() >= self.fewest else np.ones_like(distinct)
        program = compile_program(outputs, self.order, graph.columns)
        found = np.array(self.batch(program, self.points))
        lost = ~np.isfinite(found).all(axis=0)
        if lost.any() and (~lost).sum() < PLENTY and len(self.points):
            found[:, lost] = self.batch(program, np.ascontiguousarray(self.points[:, lost]), WORK)
        count, width = len(claims), self.points.shape[1]
        self.heights, self.claimed = found[0], np.array(found[1 : 1 + count]).reshape(count, width)
        self.true = np.full((count, width), math.nan)
        self.true[[i for i, e in enumerate(exact) if e is not None]] = np.array(found[1 + count :]).reshape(-1, width)
        self.exact = exact
        self.inexact = any(map(is_rounded, numbers_of([output, *claims], graph.columns)))
        self.has_exact = [e is not None for e in exact]
        self.function = compile_program([output], self.order, graph.columns)
        self.program = program
        self.cost = max(1, sum(n.rows for n in reachable([output])))
        self._digits: dict[tuple[int, int], Digits | None] = {}
        self.looks: dict[tuple[int, int], Look] = {}

    @property
    def fewest(self) -> int:
        """The fewest points that are evidence: at one, 0 is equal to 0 by chance."""
        return min(SEVERAL, int(self.points.shape[1]))

    @staticmethod
    def batch(program: Program, points: Array, work: int = 0) -> list[Array]:
        with np.errstate(all="ignore"):
            return program.batch(list(points), work=work) if len(points) else [np.array([v]) for v in program.point([])]

    def place(self, j: int) -> dict[str, float]:
        """Return the j-th point by name."""
        return dict(zip(self.order, self.points[:, j].tolist(), strict=True))

    def comparable(self, i: int) -> NDArray[np.bool_]:
        """Return where f, the i-th derivative and its claim all have values, shape (N,)."""
        found: NDArray[np.bool_] = np.isfinite(self.heights) & np.isfinite(self.true[i]) & np.isfinite(self.claimed[i])
        return found

    def telling(self, i: int) -> NDArray[np.bool_]:
        """Return which comparable points are evidence, shape (N,): many formulas are equal where a, b and c are."""
        return self.comparable(i) & self.generic

    def suspicious(self, i: int) -> list[int]:
        """Return the points at which the claim and the exact derivative differ in doubles."""
        claimed, true = self.claimed[i], self.true[i]
        with np.errstate(all="ignore"):
            apart = np.abs(claimed - true) > AGREE * np.maximum(np.abs(claimed), np.abs(true))
        return [int(j) for j in np.flatnonzero(self.comparable(i) & apart)]

    def closer_look(self, i: int, j: int) -> Look:
        """Return the result of comparing the i-th claim at the j-th point with the slope of f closely, and both values."""
        found = self.looks[i, j] = self.looks.get((i, j)) or self.look(i, j)
        return found

    def within(self, job: Callable[[], Result], otherwise: Result, seconds: float = math.inf) -> Result:
        """Return job(), which computes values, or `otherwise` where the time is up: one value may take seconds."""
        if self.clock is None:
            return job()
        left = min(seconds, self.clock.left_with(GRACE))
        if not left:
            return otherwise
        try:
            return run_within(left, job)
        except OutOfTimeError:
            self.forget()
            return otherwise
        except InterruptError:
            self.forget()
            raise

    def forget(self) -> None:
        """Forget mpmath's contexts, whose precision an interrupted operation may have changed."""
        restore()
        self._digits.clear()

    def look(self, i: int, j: int) -> Look:
        unknown = Difference.UNKNOWN, float(self.claimed[i, j]), float(self.true[i, j])
        return self.decided(i, j, self.within(lambda: self.compared(i, j), unknown))

    def compared(self, i: int, j: int) -> Look:
        at, name = self.place(j), self.variables[i]
        claimed, true = float(self.claimed[i, j]), float(self.true[i, j])
        function, claim = self.digits(self.output), self.digits(self.claims[i])
        if function is None or claim is None:
            return self.look_in_doubles(i, j)
        try:
            slope, value = function.slope(name, at), claim.value(at)
            noise = function.noise + claim.noise
            if function.via_infinity or not function.mp.isfinite(slope):
                return Difference.NO_DERIVATIVE, claimed, true
            if claim.via_infinity or not function.mp.isfinite(value):
                return Difference.NO_VALUE, claimed, float(slope)
            gap, size = abs(value - slope), max(abs(slope), abs(value))
            hidden = gap <= AGREE * size + noise or function.unsteady > STEADY * gap
            if AGREE * size < gap and (hidden or gap < TINY * abs(float(self.heights[j]))):
                # The bound of the error may be far above it, as that of 1e-150 * x is, or below it, where digits cancel on the way.
                surely = self.decided(i, j, (Difference.UNKNOWN, claimed, true))
                if surely[0] is not Difference.UNKNOWN:
                    return surely
                function, claim = (self.digits(n, MORE_DIGITS) for n in (self.output, self.claims[i]))
                assert function is not None
                assert claim is not None
                wide, slope = (function.slope(name, at, finer=finer) for finer in (0, 3))
                value = claim.value(at)
                # Rounding errors of f are divided by the step, which is not below 1e-38.
                noise = 2 * abs(wide - slope) + function.noise * 10**40 + claim.noise
                if not function.mp.isfinite(slope):
                    return Difference.NO_DERIVATIVE, claimed, true
                if not function.mp.isfinite(value):
                    return Difference.NO_VALUE, claimed, float(slope)
                gap, size = abs(value - slope), max(abs(slope), abs(value))
            allowed = AGREE * size + noise
            if AGREE * size < gap <= allowed and noise > HIDDEN * max(size, abs(float(self.heights[j]))):
                # The bound of the error may hide everything: that of x/exp(exp(10)) is above 1e9000.
                exact = self.exact[i]
                if exact is None or not difference_at(self.graph, exact, self.claims[i], self.order, at)[0]:
                    return Difference.UNKNOWN, claimed, true
                allowed = AGREE * size
            if gap > allowed:
                shaken = abs(claim.value(at, SHAKEN) - value) + abs(function.slope(name, at, SHAKEN) - slope)
                if not shaken <= JUMPED * size:
                    # A step of floor() or %% is next to a decimal.
                    return Difference.UNKNOWN, claimed, true
                allowed += 100 * shaken
            differ = gap > allowed
            if differ and not (
                settled(self.digits, self.output, at, gap, name, slope)
                and settled(self.digits, self.claims[i], at, gap)
            ):
                return Difference.UNKNOWN, claimed, true
            if differ and not self.confirmed(i, at, slope, noise):
                return Difference.EDGE, claimed, float(slope)
        except UnsupportedError:
            return self.look_in_doubles(i, j)
        # The values in doubles, which a program would show, unless their rounding hides the difference.
        if differ and not (math.isfinite(claimed) and abs(claimed - value) < gap / 1e3):
            claimed = float(value)
        if not (math.isfinite(true) and abs(true - slope) < gap / 1e3):
            true = float(slope)
        return Difference.DIFFERENT if differ else Difference.EQUAL, claimed, true

    def confirmed(self, i: int, at: Mapping[str, float], slope: Any, noise: Any) -> bool:
        """Whether our derivative confirms the slope of f's values; True where no rule is known."""
        rule = None if (exact := self.exact[i]) is None else self.digits(exact)
        if rule is None:
            return True
        value = rule.value(at)
        return bool(abs(value - slope) <= RULED * max(abs(value), abs(slope)) + noise + rule.noise)

    def truth(self, i: int, at: Mapping[str, float]) -> tuple[Any, Any]:
        """Return what the i-th claim has to be at a point, to many digits, and its rounding error.

        Raises:
            UnsupportedError: mpmath lacks a function, or an intermediate result is too large.
        """
        function = self.digits(self.output)
        if function is None:
            raise UnsupportedError("a function")
        return function.slope(self.variables[i], at), function.noise

    def counterexample(self, i: int, places: Sequence[int], clock: Clock) -> Counterexample | None:
        """Return a counterexample to the i-th claim, None if it fails at none of the places.

        Args:
            i: The position of the claim.
            places: The points to look at.
            clock: The time.

        Returns:
            The first one at which the values clearly differ, or else the first one.
        """
        first: Counterexample | None = None
        for j in places:
            if clock.over:
                break
            verdict, claimed, true = self.closer_look(i, j)
            if verdict is Difference.DIFFERENT:
                found = Counterexample(i, j, self.place(j), claimed, true)
                if abs(claimed - true) >= CLEAR * max(abs(claimed), abs(true)):
                    return found
                first = first or found
        return first

    def right_at(self, i: int, point: Array, agree: float) -> bool:
        """Whether the i-th claim has the value of the derivative at a point, shape (n,), in doubles."""
        claimed, true = (float(v[0]) for v in self.values_at(i, point[:, None]))
        return abs(claimed - true) <= agree * max(abs(claimed), abs(true)) < math.inf

    def values_at(self, i: int, points: Array) -> tuple[Array, Array]:
        """Return the i-th claim and its exact derivative in doubles, shape (N,), at points, shape (n, N)."""
        values = self.batch(self.program, points)
        return values[1 + i], values[1 + len(self.claims) + sum(self.has_exact[:i])]

    def confine(self, inside: NDArray[np.bool_]) -> None:
        """Leave out the points that are not `inside`, shape (N,): f, the claims and the derivatives have no values there."""
        self.heights = np.where(inside, self.heights, math.nan)
        self.claimed = np.where(inside, self.claimed, math.nan)
        self.true = np.where(inside, self.true, math.nan)
        self.looks = {place: look for place, look in self.looks.items() if inside[place[1]]}

    def has_value(self, i: int, j: int) -> bool:
        """Whether the i-th claim has a finite value at the j-th point, even if intermediate doubles overflow."""
        claim = self.digits(self.claims[i])
        if claim is None or math.isfinite(self.claimed[i, j]):
            return bool(math.isfinite(self.claimed[i, j]))
        try:
            return self.within(lambda: bool(claim.mp.isfinite(claim.value(self.place(j)))), True)
        except UnsupportedError:
            return True

    def digits(self, node: Node, digits: int = DIGITS) -> Digits | None:
        """Return a node's evaluator to a number of digits, None where mpmath lacks one of its functions."""
        key = (node.index, digits)
        if key not in self._digits:
            try:
                self._digits[key] = Digits(node, self.graph.columns, digits)
            except UnsupportedError:
                self._digits[key] = None
        return self._digits[key]

    def look_in_doubles(self, i: int, j: int) -> Look:
        """Return a closer look in doubles: DIFFERENT only for a difference that is much larger than their errors."""
        claimed, true = float(self.claimed[i, j]), float(self.true[i, j])
        slope, error = self.slope(i, j)
        if self.has_kink(i, j) or not math.isfinite(slope):
            return Difference.NO_DERIVATIVE, claimed, true
        if not math.isfinite(claimed):
            return Difference.NO_VALUE, claimed, slope
        allowed = AGREE_IN_DOUBLES * max(abs(claimed), abs(slope)) + 10 * error
        if self.has_exact[i]:
            # The rule and the values of f have to confirm each other.
            if not abs(true - slope) <= allowed:
                return (Difference.EDGE if abs(claimed - slope) > allowed else Difference.UNKNOWN), claimed, slope
            gap = min(abs(claimed - true), abs(claimed - slope))
        else:
            true, gap = slope, abs(claimed - slope)
        if gap > 3 * allowed:
            exact = self.exact[i]
            one = exact if exact is not None else self.graph.number(true)
            apart, bound = self.by_intervals(one, self.claims[i], j)
            same = Difference.EQUAL if bound <= allowed else Difference.UNKNOWN
            return (Difference.DIFFERENT if apart and bound > 3 * allowed else same), claimed, true
        return (Difference.EQUAL if gap <= allowed else Difference.UNKNOWN), claimed, true

    def by_intervals(self, one: Node, other: Node, j: int) -> tuple[bool, float]:
        """Return whether intervals prove that two formulas differ at the j-th point, and a bound of their difference."""
        at = self.place(j)
        return self.within(lambda: difference_at(self.graph, one, other, self.order, at), (False, math.inf))

    def slope(self, i: int, j: int) -> tuple[float, float]:
        """Return ∂f/∂xᵢ at the j-th point from values in doubles, and a bound of its error."""
        row = self.order.index(self.variables[i])
        return slope_in_doubles(self.values, self.points[:, j], row, float(self.heights[j]))

    def has_kink(self, i: int, j: int) -> bool:
        """Whether the slopes from both sides differ in doubles."""
        return kink_in_doubles(self.values, self.points[:, j], self.order.index(self.variables[i]))

    def values(self, columns: Sequence[Array]) -> Array:
        """Return f at points, given as n columns of shape (N,)."""
        with np.errstate(all="ignore"):
            return self.function.batch(list(columns), work=WORK)[0]
