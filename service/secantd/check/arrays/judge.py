"""The verdict on a claimed derivative of a function of vectors and matrices.

Two witnesses take part: the algebra of arrays (the claim and the derivative have one light form) and differences of f along
single entries. Values refute a claim only where both agree that it is wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from secantd.algebra.arrays import is_zero
from secantd.calculus.arrays.functions import constructors, derivative
from secantd.calculus.arrays.points import Point, Value, check_point, values_at
from secantd.calculus.formulas import formula
from secantd.calculus.point import component
from secantd.calculus.variables import chosen_variables
from secantd.check.arrays.mistakes import AGREE, array_mistake, same
from secantd.check.arrays.points import points
from secantd.check.claimed import foreign_names, grafted, notices_about_names
from secantd.check.clock import Clock
from secantd.check.mistakes import CommonMistake
from secantd.check.verdict import Counterexample, Judgement, Verdict, Witness, number
from secantd.check.witnesses import WITNESSES
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, reachable, shape_text
from secantd.language import Function
from secantd.settings import Limits

__all__ = ["judge_arrays"]

# The step of a difference, relative to the entry; and the error below which it agrees with a derivative.
STEP = 1e-3
DIFFERENCE = 1e-6
# The fewest points at which differences of f agree.
FEWEST = 2
# From point to point, differences are taken at another entry.
STRIDE = 5
SILENT = {
    "ball": "ball arithmetic does not check formulas of vectors and matrices",
    "sympy": "SymPy does not check formulas of vectors and matrices",
    "deriv": "Deriv does not differentiate vectors and matrices",
}


class Claim:
    """A claim and the derivative, flattened to one value each.

    Args:
        function: The function; its graph grows.
        claimed: The claim.
        variables: The variables of the derivative.

    Raises:
        CalculusError: INVALID_VALUE where the derivative has no form as an array, or the claim has another number of
            components than there are variables.
    """

    def __init__(self, function: Function, claimed: Function, variables: Sequence[str]) -> None:
        self.function = function
        self.variables = variables
        self.output = component(function)
        found = [derivative(function, self.output, [v]) for v in variables]
        if any(d.direction is not None for d in found):
            raise CalculusError(
                Reason.INVALID_VALUE,
                "the derivative is an array of more than two dimensions, which has no formula to compare with",
                "check a number, or a vector with respect to a vector",
                field="expression.text",
            )
        self.true = [d.node for d in found]
        nodes = grafted(function, claimed)
        graph = function.graph
        if len(nodes) > 1 and len(variables) == 1:
            nodes = [graph.array("concatenate", *nodes)]
        if len(nodes) != len(variables):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the claim has {len(nodes)} component{'s' * (len(nodes) != 1)}, but there are {len(variables)} variables",
                "claim the derivative with respect to one variable at a time",
                field="claimed.text",
                metadata={"name": "claimed"},
            )
        self.claimed = nodes

    def proved(self, i: int) -> bool:
        """Return whether the claim and the derivative with respect to the i-th variable have one light form."""
        claim, true = self.claimed[i], self.true[i]
        if claim.shape != true.shape:
            return False
        with self.function.lock:
            form = constructors(self.function)
            light = form.light(claim)
            return light is true or is_zero(form.light(form.add(light, form.neg(true))))

    def symbols(self) -> list[Node]:
        nodes = reachable([self.output, *self.true, *self.claimed])
        return [n for n in nodes if n.op == "symbol"]

    def value(self, node: Node, point: Point) -> Value | None:
        """Return a value at a point; None where it has none, as for a singular matrix."""
        try:
            with np.errstate(all="ignore"):
                found: Value = values_at(self.function, [node], point)[0]
        except CalculusError:
            return None
        return found if np.isfinite(found).all() else None


def judge_arrays(
    function: Function,
    claimed: Function,
    variables: Sequence[str],
    at: Mapping[str, Any] | None,
    witnesses: Sequence[str],
    limits: Limits,
) -> Judgement:
    """Return whether `claimed` is the derivative of a function of vectors and matrices.

    Args:
        function: A function that nobody else uses: its graph grows.
        claimed: The claim, read with the shapes of the function's variables.
        variables: The variables of the derivative; empty: all.
        at: The first point to try.
        witnesses: The witnesses to ask; empty: all.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE; UNKNOWN_VARIABLE.
    """
    clock = Clock(limits.check_seconds)
    notices = list(dict.fromkeys((*function.notices, *claimed.notices)))
    chosen = chosen_variables(function, variables, notices)
    claim = Claim(function, claimed, chosen)
    foreign = foreign_names(function, claimed, chosen)
    notices += notices_about_names(function, chosen, foreign)
    first = [check_point(function, at, chosen, finite=True)] if at and not foreign else []
    asked = witnesses or [name for name in WITNESSES if name != "ball"]
    written = tuple(formula(function, node, (), limits, notices=notices) for node in claim.true)
    proved = [claim.proved(i) for i in range(len(chosen))]
    opinions: dict[str, Witness] = {}
    counterexample: Counterexample | None = None
    message = mistake = None
    compared = []
    for i, name in enumerate(chosen):
        trial = Trial(claim, i, first, clock)
        compared.append(trial.differences)
        if trial.wrong is None:
            continue
        counterexample, finding = trial.wrong
        mistake = array_mistake(trial.points, trial.claims, trial.trues, trial.claim_at)
        by = f"the derivative with respect to {name}"
        message = f"{finding}; {mistake.sentence}" if mistake else finding
        message = message.replace("the derivative ", f"{by} ", 1)
        break
    if "exact" in asked:
        opinions["exact"] = exact_opinion(all(proved), counterexample)
    if "numeric" in asked:
        opinions["numeric"] = numeric_opinion(min(compared), counterexample)
    for name, sentence in SILENT.items():
        if name in asked:
            opinions[name] = Witness(name, Verdict.UNDECIDED, sentence)
    found = tuple(opinions[name] for name in WITNESSES if name in opinions)
    verdict = combined(found, counterexample)
    if message is None:
        message = next((w.message for w in found if w.verdict is verdict), "no witness reached a verdict")
    return Judgement(verdict, message, counterexample, word(mistake), found, written, chosen, tuple(notices))


def word(mistake: CommonMistake | None) -> str:
    return mistake.word if mistake is not None else ""


def combined(opinions: Sequence[Witness], counterexample: Counterexample | None) -> Verdict:
    if counterexample is not None:
        return Verdict.REFUTED
    verdicts = {w.verdict for w in opinions}
    return next((v for v in (Verdict.PROVED, Verdict.AGREES) if v in verdicts), Verdict.UNDECIDED)


def exact_opinion(proved: bool, counterexample: Counterexample | None) -> Witness:
    if counterexample is not None:
        return Witness("exact", Verdict.REFUTED, "the derivative has other values")
    if proved:
        return Witness("exact", Verdict.PROVED, "the claim and the derivative simplify to the same expression")
    return Witness("exact", Verdict.UNDECIDED, "the claim and the derivative do not simplify to the same expression")


def numeric_opinion(compared: int, counterexample: Counterexample | None) -> Witness:
    if counterexample is not None:
        return Witness("numeric", Verdict.REFUTED, "differences of f disagree with the claim")
    if compared >= FEWEST:
        message = f"the claim equals the derivative, and at one entry differences of f, at {compared} points"
        return Witness("numeric", Verdict.AGREES, message)
    return Witness("numeric", Verdict.UNDECIDED, "f, the claim and the derivative have values at too few points")


class Trial:
    """The values of one claim and of the derivative at test points.

    Attributes:
        points: The points at which f, the claim and the derivative have values.
        claims: The claim's values there.
        trues: The derivative's values there.
        wrong: The first point where the claim is wrong, and the finding as a sentence; None if there is none.
        differences: How many points have an entry at which differences of f agree with the claim.
    """

    def __init__(self, claim: Claim, i: int, first: Sequence[Point], clock: Clock) -> None:
        self.claim = claim
        self.i = i
        self.points: list[Point] = []
        self.claims: list[Value] = []
        self.trues: list[Value] = []
        self.wrong: tuple[Counterexample, str] | None = None
        self.differences = 0
        symbols = claim.symbols()
        for point in (*first, *points(symbols, claim.function.graph.symmetric)):
            if clock.over and len(self.points) >= FEWEST:
                break
            height, true = (claim.value(n, point) for n in (claim.output, claim.true[i]))
            claimed = self.claim_at(point)
            if height is None or true is None or claimed is None:
                continue
            self.points.append(point)
            self.claims.append(claimed)
            self.trues.append(true)
            if same(claimed, true):
                entry = len(self.points) * STRIDE % max(np.size(true), 1)
                self.differences += self.confirmed(point, true, self.place(point, entry))
            elif self.wrong is None:
                self.wrong = self.look(point, claimed, true)

    def claim_at(self, point: Point) -> Value | None:
        """Return the claim's value at a point."""
        return self.claim.value(self.claim.claimed[self.i], point)

    def look(self, point: Point, claimed: Value, true: Value) -> tuple[Counterexample, str] | None:
        """Return the counterexample at a point where values differ; None where differences of f do not agree with us."""
        c, t = np.shape(claimed), np.shape(true)
        if c != t:
            place = self.place(point, 0)
            if not self.confirmed(point, true, place):
                return None
            one, other = float(np.ravel(claimed)[0]), float(np.ravel(true)[0])
            finding = f"the claim is {shape_text(c)}, but the derivative is {shape_text(t)}"
            return Counterexample(self.i, 0, point, one, other), finding
        apart = np.abs(np.subtract(np.ravel(claimed), np.ravel(true)))
        k = int(np.argmax(apart))
        if not self.confirmed(point, true, self.place(point, k)):
            return None
        one, other = float(np.ravel(claimed)[k]), float(np.ravel(true)[k])
        entry = f"entry {k + 1} of " if t else ""
        finding = f"{entry}the claim is {number(one, other)}, but the derivative there is {number(other, one)}"
        return Counterexample(self.i, 0, point, one, other), finding

    def place(self, point: Point, k: int) -> tuple[int, int]:
        """Return the entry of f and that of the variable which belong to an entry of the derivative."""
        size = int(np.size(point[self.claim.variables[self.i]]))
        return divmod(k, size) if self.claim.output.shape else (0, k)

    def confirmed(self, point: Point, true: Value, place: tuple[int, int]) -> bool:
        """Return whether differences of f agree with the derivative at one entry."""
        row, k = place
        name = self.claim.variables[self.i]
        slopes = []
        base = np.array(point[name], dtype=np.float64)
        for h in (STEP, STEP / 2):
            sides: list[float] = []
            for step in (h, -h):
                moved = base.copy()
                self.move(moved, k, step * max(1.0, abs(float(np.ravel(base)[k]))), name)
                height = self.claim.value(self.claim.output, {**point, name: moved if moved.ndim else float(moved)})
                if height is None:
                    return False
                sides.append(float(np.ravel(height)[row]))
            slopes.append((sides[0] - sides[1]) / (2 * h * max(1.0, abs(float(np.ravel(base)[k])))))
        slope = (4 * slopes[1] - slopes[0]) / 3
        size = int(base.size)
        exact = float(np.ravel(true)[row * size + k if self.claim.output.shape else k])
        if name in self.claim.function.graph.symmetric and base.ndim == 2 and k // base.shape[1] != k % base.shape[1]:
            exact *= 2
        scale = max(abs(exact), abs(slope), AGREE)
        return abs(slope - exact) <= DIFFERENCE * max(scale, float(np.abs(true).max(initial=0.0)))

    def move(self, value: Any, k: int, step: float, name: str) -> None:
        """Change one entry in place; of a symmetric matrix, its mirror too."""
        if not value.ndim:
            value += step
            return
        value.reshape(-1)[k] += step
        if name in self.claim.function.graph.symmetric and value.ndim == 2:
            i, j = divmod(k, value.shape[1])
            if i != j:
                value[j, i] += step
