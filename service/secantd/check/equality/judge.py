"""The verdict on a claim that two formulas are equal."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from secantd.balls import installed
from secantd.calculus.point import check_point, require_no_rows
from secantd.check.assumedpoints import points
from secantd.check.assumptions import NO_POINT, Assumptions, require_assumed
from secantd.check.claimed import foreign_names, notices_about_names
from secantd.check.clock import Clock
from secantd.check.equality.arrays import judge_equal_arrays
from secantd.check.equality.components import Components
from secantd.check.equality.domains import notices_about_values, without_values
from secantd.check.equality.mistakes import equality_mistake
from secantd.check.equality.proof import by_algebra, by_sympy, extreme
from secantd.check.equality.trial import ValueTrial
from secantd.check.mistakes import CommonMistake
from secantd.check.tolerance import tolerated
from secantd.check.trial import Difference
from secantd.check.verdict import Counterexample, Judgement, Verdict, Witness, number, point_text
from secantd.check.witness_ball import ball_equal
from secantd.check.witness_exact import sampled
from secantd.check.witnesses import WITNESSES
from secantd.expression import reachable, shape_text, symbols
from secantd.interrupt import OutOfTimeError, run_within
from secantd.language import Function
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import quoted, series

__all__ = ["judge_equal"]

# The witnesses that are asked unless the request names some: Deriv has nothing to differentiate.
ASKED = ("exact", "sympy", "numeric")
# The most numbers computed, and the most points.
NUMBERS, MOST = 2_000_000, 240
# Points at which values are compared to many digits: the first ones and some of the rest; how many of them have to agree; and
# how many are enough beside a proof.
FIRST, REST, NEEDED, BESIDE = 3, 5, 3, 2
# Seconds that are kept for naming the mistake; the share of the time for values; seconds for our own algebra; the share of balls.
LAST, VALUES, OWN_ALGEBRA, BALLS = 0.05, 0.6, 0.3, 0.4
BY = {"exact": "Secant's algebra", "sympy": "SymPy"}
ROUNDED = "numbers of more than 15 digits are read as doubles; differences in later digits are not detected"


def judge_equal(
    function: Function,
    claimed: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    witnesses: Sequence[str] = (),
    assumed: Assumptions | None = None,
    rounded: frozenset[float] = frozenset(),
    *,
    limits: Limits | None = None,
    tolerance: float | None = None,
) -> Judgement:
    """Return whether two formulas have the same value wherever both have one.

    Args:
        function: The first formula, which nobody else uses: its graph grows.
        claimed: The second one.
        variables: Variables in the order of answers; empty: those of the formulas.
        at: The first point to try.
        witnesses: The witnesses to ask, from WITNESSES; empty: all that are installed but Deriv.
        assumed: Assumptions about the variables.
        rounded: Numbers of the formulas that were rounded when they were read.
        limits: The limits that apply; `check_seconds` is the time for everything.
        tolerance: The relative difference that is allowed; None: none.

    Raises:
        CalculusError: INVALID_VALUE where a formula has a value for each row of data, or the point does not satisfy the
            assumptions; UNKNOWN_VARIABLE where the point does not fit.

    >>> from secantd.language import read
    >>> found = judge_equal(read("(x + 1)^2"), read("x^2 + 1"), witnesses=["exact", "numeric"])
    >>> found.verdict.name, found.message
    ('REFUTED', 'at x = 1 the claim is 2, but the function is 4')
    """
    limits = limits or DEFAULT_LIMITS
    assumed = assumed or Assumptions()
    clock = Clock(limits.check_seconds)
    parts = Components(function, claimed) if function.arrays or claimed.arrays else None
    if parts is not None and not parts.known:
        return judge_equal_arrays(function, claimed, at, witnesses or ASKED, assumed, limits, tolerance)
    notices = list(dict.fromkeys((*function.notices, *claimed.notices)))
    if parts is None:
        require_no_rows(function.outputs)
        require_no_rows(claimed.outputs, "claimed.text")
        parts = Components(function, claimed)
    outputs, nodes = parts.outputs, parts.claims
    occurring = dict.fromkeys([*function.variables, *symbols(outputs), *claimed.variables, *symbols(nodes)])
    notices += [f"{quoted(name)} occurs in neither formula" for name in assumed.names if name not in occurring]
    names = tuple(dict.fromkeys([*[v for v in variables if v in occurring], *occurring]))
    if parts.shapes[0] != parts.shapes[1]:
        message = f"the claim is {shape_text(parts.shapes[1])}, but the function is {shape_text(parts.shapes[0])}"
        return Judgement(Verdict.REFUTED, message, None, "", (), (), names, tuple(notices), 0)
    foreign = foreign_names(function, claimed, ())
    order = tuple(dict.fromkeys([*names, *assumed.names]))
    point = check_point(function, at, order, finite=True) if at else {}
    first = {name: point.get(name, 1.0) for name in order} if at else {}
    if first:
        require_assumed(assumed, first)
    asked = tuple(witnesses or (*ASKED, *(["ball"] if installed() else [])))
    graph = function.graph
    size = sum(n.rows for n in reachable([*outputs, *nodes]))
    most = min(MOST, max(NEEDED, NUMBERS // max(1, size)))
    where = points([*outputs, *nodes], order, first, assumed, most)
    if not where.shape[1] and order:
        notices.append(NO_POINT)
        found = tuple(Witness(name, Verdict.UNDECIDED, NO_POINT) for name in WITNESSES if name in asked)
        return Judgement(Verdict.UNDECIDED, NO_POINT, None, "", found, (), names, tuple(notices), 0)
    fine = in_time(clock, lambda: extreme([*outputs, *nodes], graph.columns), True)
    trial = ValueTrial(graph, outputs, nodes, order, where, rounded, fine, clock, assumed)
    for_values = Clock(VALUES * clock.left)
    counterexample = different(trial, doubtful, for_values)
    proved = [False] * len(nodes)
    if counterexample is None and "exact" in asked:
        proved = by_algebra(graph, outputs, nodes, assumed, fine, min(OWN_ALGEBRA, OWN_ALGEBRA * clock.left))
    if counterexample is None:
        most = BESIDE if all(proved) else FIRST + REST + 1
        counterexample = different(trial, lambda t, i: chosen(t, i)[:most], for_values) or without_values(trial)
        # Rules of logarithms and roots prove nothing where there is no point at which both have values: log(x) and log(-x).
        proved = [
            p and (c is o or met(trial, i)) for i, (p, c, o) in enumerate(zip(proved, nodes, outputs, strict=True))
        ]
    if tolerance and counterexample is not None and np.isfinite(counterexample.claimed + counterexample.true):
        roughly = tolerated(trial, outputs, tolerance, for_values)
        if roughly is not None:
            notices.append(roughly.sentence(tolerance))
            if roughly.counterexample is None:
                notices += notices_about_values(trial, parts.place, clock)
                silent = roughly.opinions(asked, WITNESSES, tolerance)
                verdict = Verdict.AGREES if roughly.enough else Verdict.UNDECIDED
                message = next(w.message for w in silent if w.name == "numeric")
                return Judgement(verdict, message, None, "", silent, (), names, tuple(dict.fromkeys(notices)), 0)
            counterexample = roughly.counterexample
    opinions: dict[str, Witness] = {}
    if "exact" in asked:
        opinions["exact"] = exact_opinion(all(proved), counterexample)
    if "ball" in asked:
        opinions["ball"], found_by_balls = ball_equal(
            trial, outputs, Clock(BALLS * clock.left), counterexample, proved=all(proved), rounded=rounded
        )
        counterexample = counterexample or found_by_balls
    if "numeric" in asked:
        opinions["numeric"] = numeric_opinion(trial, all(proved), counterexample, clock)
    if "sympy" in asked:
        settled = counterexample is not None or any(
            w.verdict in (Verdict.PROVED, Verdict.AGREES) for w in opinions.values()
        )
        if witnesses or not settled:
            seconds = min(clock.left - LAST, limits.algebra_seconds)
            opinions["sympy"] = by_sympy(graph, outputs, nodes, assumed, seconds, counterexample)
    if "deriv" in asked:
        opinions["deriv"] = Witness(
            "deriv", Verdict.UNDECIDED, "Deriv differentiates, and here is nothing to differentiate"
        )
    found = tuple(opinions[name] for name in WITNESSES if name in opinions)
    verdict = combined(found, counterexample)
    mistake = None
    if counterexample is not None and np.isfinite(counterexample.claimed) and np.isfinite(counterexample.true):
        at_position = counterexample.position
        mistake = trial.within(lambda: equality_mistake(trial, at_position, names, function.notation), None)
    if rounded:
        notices.append(ROUNDED)
        if verdict is Verdict.PROVED:
            verdict = Verdict.AGREES
    if verdict not in (Verdict.PROVED, Verdict.AGREES) and function.variables and foreign:
        notices += notices_about_names(function, (), foreign)
    if counterexample is None:
        notices += notices_about_values(trial, parts.place, clock)
    notices += [
        f"{w.name} disagrees with the verdict" for w in found
        if verdict is Verdict.REFUTED and w.verdict in (Verdict.PROVED, Verdict.AGREES)
    ]  # fmt: skip
    message = sentence(verdict, trial, parts, found, counterexample, mistake)
    word = mistake.word if mistake is not None else ""
    return Judgement(verdict, message, counterexample, word, found, (), names, tuple(dict.fromkeys(notices)), 0)


def in_time(clock: Clock, job: Callable[[], bool], otherwise: bool) -> bool:
    """Return job(), or `otherwise` where it takes longer than there is time."""
    try:
        return run_within(clock.left, job)
    except OutOfTimeError:
        return otherwise


def different(trial: ValueTrial, places: Callable[[ValueTrial, int], list[int]], clock: Clock) -> Counterexample | None:
    """Return a point at which formulas differ, among the places for each pair."""
    for i in range(len(trial.claims)):
        found = trial.counterexample(i, places(trial, i), clock)
        if found is not None:
            return found
    return None


def met(trial: ValueTrial, i: int) -> bool:
    """Return whether there is a point at which the i-th formulas both have values."""
    equal = any(look[0] is Difference.EQUAL for (position, _), look in trial.looks.items() if position == i)
    return equal or bool(trial.comparable(i).any())


def doubtful(trial: ValueTrial, i: int) -> list[int]:
    """Return points at which the i-th values differ in doubles."""
    return sorted(sampled(trial.suspicious(i)))


def chosen(trial: ValueTrial, i: int) -> list[int]:
    """Return points at which the i-th values are compared to many digits: where doubles have both values, else anywhere."""
    places = np.flatnonzero(trial.comparable(i)).tolist()
    if len(places) < NEEDED:
        others = [j for j in range(trial.points.shape[1]) if j not in places]
        places = [*places, *spread(others)]
    return spread(places)


def spread(places: list[int]) -> list[int]:
    """Return the first of a list and some of the rest."""
    rest = places[FIRST:]
    return [*places[:FIRST], *rest[:: max(1, -(-len(rest) // REST))]]


def exact_opinion(proved: bool, counterexample: Counterexample | None) -> Witness:
    if counterexample is not None:
        return Witness("exact", Verdict.REFUTED, "the values differ there")
    if proved:
        return Witness("exact", Verdict.PROVED, "both formulas simplify to the same expression")
    return Witness("exact", Verdict.UNDECIDED, "the formulas do not simplify to the same expression")


def numeric_opinion(trial: ValueTrial, proved: bool, counterexample: Counterexample | None, clock: Clock) -> Witness:
    """Return the opinion that follows from values."""
    name = "numeric"
    if counterexample is not None:
        claimed, true = counterexample.claimed, counterexample.true
        finding = f"the function is {value_text(true, claimed)} there, and the claim is {value_text(claimed, true)}"
        return Witness(name, Verdict.REFUTED, finding)
    compared = []
    for i in range(len(trial.claims)):
        looks = [look[0] for (position, _), look in trial.looks.items() if position == i]
        equal = looks.count(Difference.EQUAL)
        needed = min(BESIDE if proved else NEEDED, trial.points.shape[1]) if trial.order else 1
        if equal < needed or looks.count(Difference.UNKNOWN) + looks.count(Difference.EDGE) > equal:
            late = "it ran out of time" if clock.over else "there are too few points at which both have values"
            return Witness(name, Verdict.UNDECIDED, late)
        compared.append((equal, int(trial.comparable(i).sum())))
    sharp, all_of_them = min(c[0] for c in compared), max(min(c[1] for c in compared), min(c[0] for c in compared))
    if not trial.order:
        exactly = "within the precision of doubles" if trial.loose else "to 100 digits"
        return Witness(name, Verdict.AGREES, f"equal values {exactly}")
    exactly = "within the precision of doubles" if trial.loose else f"at {sharp} of them to 100 digits"
    return Witness(name, Verdict.AGREES, f"equal values at {all_of_them} points, {exactly}")


def value_text(value: float, beside: float) -> str:
    return number(value, beside) if np.isfinite(value) else "without a value"


def combined(opinions: Sequence[Witness], counterexample: Counterexample | None) -> Verdict:
    if counterexample is not None:
        return Verdict.REFUTED
    verdicts = {w.verdict for w in opinions}
    return next((v for v in (Verdict.PROVED, Verdict.AGREES) if v in verdicts), Verdict.UNDECIDED)


def sentence(
    verdict: Verdict,
    trial: ValueTrial,
    parts: Components,
    opinions: Sequence[Witness],
    counterexample: Counterexample | None,
    mistake: CommonMistake | None,
) -> str:
    """Return the verdict as a sentence."""
    if counterexample is not None:
        i, j = counterexample.position, counterexample.index
        which = parts.place(i)
        claimed, true = counterexample.claimed, counterexample.true
        its = (
            f"{which}the claim is {number(claimed, true)}" if np.isfinite(claimed) else f"{which}the claim has no value"
        )
        other = f"the function is {number(true, claimed)}" if np.isfinite(true) else "the function has no value"
        where = f"at {point_text(counterexample.point)} " if counterexample.point else ""
        finding = f"{where}{its}, but {other}"
        if claimed == true and (i, j) in trial.gaps:
            finding += f"; they differ by {trial.gaps[i, j]}"
        return f"{finding}; {mistake.sentence}" if mistake is not None else finding
    by_whom = [w.name for w in opinions if w.verdict is Verdict.PROVED]
    if verdict is Verdict.PROVED:
        return f"the formulas are equal, proved by {series(BY[name] for name in by_whom)}"
    if verdict is Verdict.AGREES:
        agreeing = [w for w in opinions if w.verdict is Verdict.AGREES]
        numeric = next((w for w in agreeing if w.name != "ball"), agreeing[0] if agreeing else None)
        return numeric.message if numeric is not None else "the formulas are equal within the precision of doubles"
    order = ("numeric", "exact", "ball", "sympy")
    found = sorted((w for w in opinions if w.name in order), key=lambda w: order.index(w.name))
    return found[0].message if found else "no witness reached a verdict"
