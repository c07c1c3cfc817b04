"""Claims about formulas without real values, compared as functions of complex numbers.

log(-1 - x^2) has no real value at any x. As a function of complex numbers it is log(1 + x^2) + i*pi, whose derivative is 2*x/(1 + x^2), and
integrals are often written in this way. Where a formula or a claim has real values at too few points, both are therefore computed in
complex numbers, at real points and with principal branches, and the slope of the formula is a difference quotient of its own values. A
claim is wrong if it is wrong at all points that were tried, or nearly all, as an identity of roots and logarithms may hold on one branch only, and if
it and the derivative are both real there or neither is: that the derivative of sqrt(-1 - x^2) is 1 is no claim about complex numbers.

Formulas with abs(), comparisons and the like are no functions of complex numbers, and are not compared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from secantd.check.clock import CUT, Clock
from secantd.check.trial import AGREE, Trial
from secantd.check.verdict import Counterexample, Verdict, Witness, number, point_text
from secantd.expression import Graph, Node, reachable
from secantd.language.expansion import expanded
from secantd.precise import UnsupportedError, special

__all__ = ["Continued", "continued"]

# Digits of values, and the exponent of the step of differences: its square and the rounding of a difference are below 1e-30.
DIGITS, STEP = 70, -30
# Relative differences of the slopes from both sides, and of what is equal as a rounded number.
SMOOTH, ZERO = 1e-12, 1e-20
# The relative difference of equal values, where no decimals are rounded. Above it, a mistake in a small term may be hidden.
EQUAL = 1e-20
# Points at which values are compared; the most that are tried; the fewest that are evidence.
POINTS, TRIED, FEWEST = 10, 60, 3
# Far out, a mistake in a small term does not show, and digits cancel.
NEAR = 4.0
# So many times more points at which a claim is wrong outweigh those at which it is right by chance, or on another branch.
OUTWEIGH = 5
# The most operations of a formula: each takes some microseconds.
NODES = 4_000
# Beyond this, mpmath takes too long.
LARGEST = 1e5
# Special functions of complex numbers. lgamma() is the logarithm of an absolute value, and pgamma() is 0 for negative numbers.
ANALYTIC = frozenset({"gamma", "psigamma", "erf", "erfc", "lambertW0"})


@dataclass(frozen=True, slots=True)
class Continued:
    """What a comparison in complex numbers shows.

    Attributes:
        opinion: The opinion of the differences of f.
        counterexample: A point at which the claim is wrong, None if there is none.
        notice: A remark for the caller.
    """

    opinion: Witness
    counterexample: Counterexample | None
    notice: str


@cache
def context() -> Any:
    """Return a context of mpmath of its own."""
    import mpmath  # type: ignore[import-untyped]

    found = mpmath.mp.clone()
    found.dps = DIGITS
    return found


@cache
def operations() -> dict[str, Callable[..., Any]]:
    """Return the operations on complex numbers by name."""
    mp = context()

    def exp(a: Any) -> Any:
        if abs(a) > LARGEST:
            raise UnsupportedError("a huge exponential")
        return mp.exp(a)

    def power(a: Any, b: Any) -> Any:
        if b == 0:
            return mp.one
        if a == 0:
            return mp.zero if mp.re(b) > 0 else mp.inf
        if abs(b * mp.log(a)) > LARGEST:
            raise UnsupportedError("a huge power")
        return a**b

    def product(*factors: Any) -> Any:
        found = mp.one
        for factor in factors:
            found = found * factor
        return found

    found = {
        "add": lambda *a: sum(a, mp.zero), "mul": product, "neg": lambda a: -a, "div": lambda a, b: a / b, "pow": power,
        "exp": exp, "expm1": lambda a: exp(a) - 1, "log1p": lambda a: mp.log(1 + a),
        "sinh": lambda a: (exp(a) - exp(-a)) / 2, "cosh": lambda a: (exp(a) + exp(-a)) / 2,
        **{name: getattr(mp, name) for name in "sqrt log sin cos tan asin acos atan tanh asinh acosh atanh".split()},
    }  # fmt: skip
    return found | {name: function for name, function in special(mp).items() if name in ANALYTIC}


class Values:
    """The values of formulas in complex numbers.

    Args:
        outputs: The formulas.
        columns: Their data.

    Raises:
        UnsupportedError: One of the operations is none on complex numbers, or there are too many.
    """

    def __init__(self, outputs: Sequence[Node], columns: Mapping[str, Any]) -> None:
        self.table = operations()
        graph = Graph()
        graph.columns.update(columns)
        self.outputs = expanded(graph, outputs, self.table.keys())
        self.nodes = reachable(self.outputs)
        unknown = {n.op for n in self.nodes if n.args} - self.table.keys()
        if unknown or len(self.nodes) > NODES or any(n.rows > 1 or n.op == "data" for n in self.nodes):
            raise UnsupportedError(min(unknown, default="too large"))

    def at(self, point: Mapping[str, Any]) -> list[Any]:
        """Return the values at a point; ArithmeticError where there is none, UnsupportedError where mpmath takes too long."""
        mp = context()
        found: dict[int, Any] = {}
        for node in self.nodes:
            if node.op == "number":
                result = mp.mpf(node.value)
            elif node.op == "symbol":
                result = mp.mpf(point[node.name])
            elif node.op == "pi":
                result = +mp.pi
            else:
                result = self.table[node.op](*[found[a.index] for a in node.args])
            if not mp.isfinite(result):
                raise ArithmeticError("no finite value")
            found[node.index] = result
        return [found[o.index] for o in self.outputs]


def continued(trial: Trial, clock: Clock) -> Continued | None:
    """Return what a comparison in complex numbers shows, None if nothing.

    Args:
        trial: The claims at points.
        clock: The time.

    >>> from secantd.check.judge import judge
    >>> from secantd.language import read
    >>> judge(read("log(-1 - x^2)"), read("2*x/(1 + x^2)"), witnesses=["exact", "numeric"]).verdict.name
    'PROVED'
    >>> judge(read("asin(2 + x^2)"), read("2*x/sqrt(1 - (x^2 + 2)^2)"), witnesses=["numeric"]).verdict.name
    'AGREES'
    """
    try:
        function = Values([trial.output], trial.graph.columns)
        claims = [Values([claim], trial.graph.columns) for claim in trial.claims]
    except UnsupportedError:
        return None
    allowed = AGREE if trial.inexact else EQUAL
    agreed, cut = [], False
    # At 0 and 1 too many formulas are equal.
    odd = trial.generic & ~np.isin(np.abs(trial.points), (0.0, 1.0)).any(axis=0)
    chosen = np.flatnonzero(odd if odd.sum() >= POINTS else trial.generic)
    far = np.abs(trial.points[:, chosen]).max(axis=0, initial=0.0) > NEAR
    places = [*chosen[~far].tolist(), *chosen[far].tolist()]
    for i, claim in enumerate(claims):
        equal = 0
        wrong: list[tuple[int, Any, Any]] = []
        for j in places[:TRIED]:
            if clock.over:
                cut = True
                break
            if equal + len(wrong) >= POINTS and (equal or alike(wrong) is not None):
                break
            values = trial.within(partial(compared, trial, i, j, function, claim), None, clock.left)
            if values is None:
                continue
            gap, size = abs(values[0] - values[1]), max(abs(values[0]), abs(values[1]))
            if gap > AGREE * size:
                wrong.append((j, *values))
            elif gap <= allowed * size:
                equal += 1
        if equal and 0 < len(wrong) < OUTWEIGH * equal:
            message = "as functions of complex numbers, the claim and the derivative are equal on some branches only"
            return Continued(Witness("numeric", Verdict.UNDECIDED, message), None, "")
        if len(wrong) >= FEWEST:
            return refuted(trial, i, wrong)
        agreed.append(equal)
    if min(agreed) < FEWEST:
        return None
    place = f"for example at {point_text(trial.place(0))}"
    return Continued(
        Witness(
            "numeric",
            Verdict.AGREES,
            f"differences of f agree with the claim at {min(agreed)} points, in complex numbers{CUT * cut}",
        ),
        None,
        f"f or the claim has hardly any real values, {place}; both were compared as functions of complex numbers",
    )


def compared(trial: Trial, i: int, j: int, function: Values, claim: Values) -> tuple[Any, Any] | None:
    """Return the value of a claim at a point and the slope of f; None where one of them has no value, or f no slope."""
    mp, at, name = context(), trial.place(j), trial.variables[i]
    x = mp.mpf(at[name])
    step = mp.mpf(10) ** STEP * max(mp.one, abs(x))
    try:
        (value,) = claim.at(at)
        below, here, above = (function.at({**at, name: x + s * step})[0] for s in (-1, 0, 1))
    except (ArithmeticError, UnsupportedError):
        return None
    left, right = (here - below) / step, (above - here) / step
    noise = mp.mpf(10) ** (10 - DIGITS) * abs(here) / step
    slope = (left + right) / 2
    # Values that rounding may have made are no evidence.
    if abs(right - left) > SMOOTH * max(abs(left), abs(right)) + noise or max(abs(slope), abs(value)) * ZERO < noise:
        return None
    return value, slope


def refuted(trial: Trial, i: int, wrong: Sequence[tuple[int, Any, Any]]) -> Continued:
    """Return the finding about a claim that is wrong at all points, if possible at one where it and the derivative are real."""
    mp = context()

    chosen = alike(wrong)
    if chosen is None:
        message = "either the claim or the derivative has real values, and the other one has complex values"
        return Continued(Witness("numeric", Verdict.UNDECIDED, message), None, "")
    j, value, slope = chosen
    both = real(value)
    shown = [complex_text(mp, v) for v in (slope, value)]
    finding = f"in complex numbers, differences of f give {shown[0]} there, and the claim is {shown[1]}"
    nan = float("nan")
    claimed, true = (float(mp.re(value)), float(mp.re(slope))) if both else (nan, nan)
    notice = f"at {point_text(trial.place(j))} f or the claim has no real value: in complex numbers, the derivative is {shown[0]} and the claim {shown[1]}"
    found = Counterexample(i, j, trial.place(j), claimed, true)
    return Continued(Witness("numeric", Verdict.REFUTED, finding), found, notice)


def real(value: Any) -> bool:
    """Whether a complex number is real up to rounding."""
    mp = context()
    return bool(abs(mp.im(value)) <= ZERO * abs(value))


def alike(wrong: Sequence[tuple[int, Any, Any]]) -> tuple[int, Any, Any] | None:
    """Return a point at which both values are real, or else one at which neither is; None if there is none."""
    kinds = [(real(value), real(slope)) for _, value, slope in wrong]
    return next((wrong[kinds.index(kind)] for kind in ((True, True), (False, False)) if kind in kinds), None)


def complex_text(mp: Any, value: Any) -> str:
    """Return a complex number with six digits.

    >>> complex_text(context(), context().mpc(1, -2.5))
    '1 - 2.5i'
    """
    a, b = float(mp.re(value)), float(mp.im(value))
    if abs(b) <= ZERO * abs(a):
        return number(a)
    sign = "-" if b < 0 else "+"
    return f"{number(a)} {sign} {number(abs(b))}i"
