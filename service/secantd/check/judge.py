"""The verdict on a claimed derivative, from the opinions of all witnesses."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np

from secantd.balls import installed
from secantd.calculus.formulas import formula
from secantd.calculus.point import check_point, require_no_rows, scalar
from secantd.calculus.results import Formula
from secantd.calculus.variables import chosen_variables
from secantd.check.assumptions import NO_POINT, Assumptions, no_arrays, require_assumed
from secantd.check.claimed import claims, foreign_names, notices_about_names
from secantd.check.clock import Clock
from secantd.check.continued import continued
from secantd.check.defined import notices_about_domains
from secantd.check.domains import usual_region
from secantd.check.mistakes import CommonMistake, common_mistake
from secantd.check.spurious import drop_spurious_values
from secantd.check.tolerance import no_tolerance, tolerated
from secantd.check.trial import Difference, Trial
from secantd.check.verdict import Counterexample, Judgement, Verdict, Witness, number, point_text
from secantd.check.witness_ball import ball, decide_rounding
from secantd.check.witness_deriv import Question
from secantd.check.witness_exact import Forms, confirmed, exact, exact_partials, sampled
from secantd.check.witness_numeric import numeric
from secantd.check.witness_sympy import by_sympy
from secantd.check.witnesses import WITNESSES
from secantd.errors import CalculusError, Reason
from secantd.interrupt import OutOfTimeError, run_within
from secantd.language import Function
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import series

__all__ = ["judge"]

# Shares of the time: of our own algebra; of everything before SymPy; of waiting for Deriv, which works in parallel. The
# last is the seconds that are reserved for Deriv. Balls have a share of the time before SymPy.
OWN_ALGEBRA, BEFORE_SYMPY, DERIV, LAST, BALLS = 0.4, 0.7, 0.3, 0.05, 0.5
# SymPy's seconds where the claim is already proved or refuted.
SECOND_OPINION = 1.0
# The longest derivative, in characters, that is quoted in a sentence.
LONGEST = 80
# Seconds in which a common mistake is looked for even if the time is up.
NAMING = 0.5
BY = {"exact": "Secant's algebra", "sympy": "SymPy"}
# Points at which the domain of the claim is examined.
LOOKS = 4


def judge(
    function: Function,
    claimed: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    witnesses: Sequence[str] = (),
    *,
    limits: Limits | None = None,
    before: str = "",
    assumed: Assumptions | None = None,
    tolerance: float | None = None,
) -> Judgement:
    """Return whether `claimed` is the derivative of a scalar function.

    Args:
        function: A scalar function that nobody else uses: its graph grows.
        claimed: The claim: one formula, or a vector with one formula for each variable.
        variables: The variables of the derivative; empty: all.
        at: The first point to try.
        witnesses: The witnesses to ask, from WITNESSES; empty: all that are installed and needed: SymPy and Deriv are not
            asked if our algebra proves the claim or values refute it.
        limits: The limits that apply; `check_seconds` is the time for all witnesses.
        before: The variable with respect to which the function is a derivative of the caller's, "" if it is his.
        assumed: Assumptions about variables.
        tolerance: The relative difference that is allowed; None: that of rounded decimals.

    Raises:
        CalculusError: INVALID_VALUE where the function is a vector, or the claim does not have one component for each
            variable; UNKNOWN_VARIABLE.

    >>> from secantd.language import read
    >>> found = judge(read("x^3"), read("3*x"), witnesses=["exact", "numeric"])
    >>> found.verdict.name, found.counterexample.point, found.counterexample.claimed, found.counterexample.true, found.slip
    ('REFUTED', {'x': 2.0}, 6.0, 12.0, '')
    """
    limits = limits or DEFAULT_LIMITS
    if function.arrays or claimed.arrays:
        from secantd.check.arrays import judge_arrays

        if assumed:
            raise no_arrays()
        if tolerance:
            raise no_tolerance()
        return judge_arrays(function, claimed, variables, at, witnesses, limits)
    clock = Clock(limits.check_seconds)
    notices = list(dict.fromkeys((*function.notices, *claimed.notices)))
    output = scalar(function)
    require_no_rows([output])
    chosen = chosen_variables(function, variables, notices)
    if not chosen:
        raise CalculusError(
            Reason.INVALID_VALUE, "the expression has no variables", "name one: its derivative is 0", field="variables"
        )
    nodes = claims(function, claimed, chosen)
    foreign = foreign_names(function, claimed, chosen)
    notices += notices_about_names(function, chosen, foreign)
    point = check_point(function, at, [*chosen, *foreign], finite=True) if at else {}
    asked = set(witnesses or WITNESSES)
    if not witnesses and not installed():
        asked.remove("ball")
    graph = function.graph
    known, why = exact_partials(graph, output, chosen)
    assumed = assumed or Assumptions()
    if point:
        require_assumed(assumed, {**dict.fromkeys(assumed.names, 1.0), **point})
    trial = Trial(graph, output, nodes, known, chosen, function.variables, point, clock, assumed)
    decide_rounding(trial)
    drop_spurious_values(trial)
    if not trial.points.shape[1] and trial.order:
        silent = tuple(Witness(name, Verdict.UNDECIDED, NO_POINT) for name in WITNESSES if name in asked)
        return Judgement(Verdict.UNDECIDED, NO_POINT, None, "", silent, (), chosen, (*notices, NO_POINT))
    region, finding = usual_region(trial, Clock(OWN_ALGEBRA * clock.left), sampled)
    if region is not None:
        trial.confine(region.inside)
        notices.append(finding)
    # Deriv works in parallel. Unless it is requested, it is not started for a claim that the others decide.
    question = Question(trial, clock) if "deriv" in asked and witnesses else None
    try:
        forms = Forms(graph, output, nodes, known, chosen, OWN_ALGEBRA * clock.left)
        written = formulas(function, forms, limits, notices)
        before_sympy = Clock(BEFORE_SYMPY * clock.left)
        found_by: dict[str, Witness] = {}
        counterexample: Counterexample | None = None
        if "exact" in asked:
            shown = [w.text if len(w.text) <= LONGEST else "" for w in written]
            found_by["exact"], counterexample = exact(trial, forms, why, shown, before_sympy)
        if "ball" in asked:
            share = Clock(BALLS * before_sympy.left)
            found_by["ball"], found = ball(trial, share, counterexample, proved="exact" in asked and all(forms.proved))
            if found is not None and "exact" in asked and found_by["exact"].verdict is Verdict.AGREES:
                # Doubles do not have the digits of a small difference.
                found_by["exact"] = confirmed(trial, found, shown) or found_by["exact"]
            counterexample = counterexample or found
        if "numeric" in asked:
            found_by["numeric"], found = numeric(trial, before_sympy, counterexample)
            counterexample = counterexample or found
        proved = "exact" in asked and all(forms.proved)
        nowhere = None if counterexample is not None else without_value(trial)
        instead = None
        if "numeric" in asked and counterexample is None and not proved and (nowhere is not None or few_values(trial)):
            instead = continued(trial, before_sympy)
        if instead is not None and (nowhere is None or instead.opinion.verdict is Verdict.AGREES):
            found_by["numeric"], nowhere = instead.opinion, instead.counterexample
            notices += [instead.notice] * bool(instead.notice)
        else:
            instead = None
        counterexample = counterexample or nowhere
        if not witnesses:
            # What is decided needs neither SymPy nor R, which take longer to start than all else takes together.
            asked -= {"sympy", "deriv"} if counterexample is not None or proved else set()
            question = Question(trial, clock) if "deriv" in asked else None
        if "sympy" in asked and region is not None:
            found_by["sympy"] = Witness("sympy", Verdict.UNDECIDED, f"not asked, as the claim holds {region}")
        elif "sympy" in asked:
            settled = counterexample is not None or proved
            seconds = min(clock.left - LAST, SECOND_OPINION if settled else limits.algebra_seconds)
            found_by["sympy"] = by_sympy(graph, output, nodes, chosen, max(0.0, seconds), counterexample, assumed)
        if question is not None:
            found_by["deriv"] = question.answer(max(LAST, min(clock.left, DERIV * limits.check_seconds)))
    finally:
        if question is not None:
            question.leave()
    opinions = tuple(found_by[name] for name in WITNESSES if name in found_by)
    if tolerance and counterexample is not None and np.isfinite(counterexample.claimed):
        roughly = tolerated(trial, known, tolerance, clock)
        if roughly is not None:
            notices.append(roughly.sentence(tolerance))
            if roughly.counterexample is None:
                opinions = roughly.opinions(asked, WITNESSES, tolerance)
            counterexample = roughly.counterexample
    verdict = combined_verdict(opinions, counterexample)
    if region is not None and verdict is Verdict.PROVED:
        verdict = Verdict.AGREES
    mistake = None
    if counterexample is not None and instead is None and trial.has_exact[counterexample.position]:
        i, order = counterexample.position, 2 if before else 1
        with suppress(OutOfTimeError):
            mistake = run_within(max(NAMING, clock.left), lambda: common_mistake(trial, i, function.notation, order))
    notices += notices_about_domains(trial, counterexample, clock) + disagreements(opinions, verdict)
    message = sentence(verdict, trial, opinions, counterexample, before, mistake)
    if instead is not None and instead.counterexample is not None:
        message = notices.pop(notices.index(instead.notice))
    if region is not None and verdict is Verdict.AGREES:
        message = f"the claim holds {region}; there {message}"
    word = mistake.word if mistake is not None else ""
    return Judgement(verdict, message, counterexample, word, opinions, written, chosen, tuple(notices))


def formulas(function: Function, forms: Forms, limits: Limits, notices: list[str]) -> tuple[Formula, ...]:
    """Return the correct derivatives as formulas, empty if one of them is not known."""
    nodes = [n for n in forms.derivatives if n is not None]
    if len(nodes) < len(forms.derivatives):
        return ()
    try:
        return tuple(formula(function, n, (), limits, notices=notices) for n in nodes)
    except CalculusError:
        # Too long to print; the verdict does not depend on it.
        return ()


def combined_verdict(opinions: Sequence[Witness], counterexample: Counterexample | None) -> Verdict:
    """Return the common verdict of all witnesses. Deriv, which is sometimes wrong, cannot refute a claim alone."""
    if counterexample is not None:
        return Verdict.REFUTED
    verdicts = {w.verdict for w in opinions}
    if any(w.name == "numeric" and w.verdict is Verdict.REFUTED for w in opinions):
        return Verdict.UNDECIDED
    for verdict in (Verdict.PROVED, Verdict.AGREES):
        if verdict in verdicts:
            return verdict
    return Verdict.UNDECIDED


def few_values(trial: Trial) -> bool:
    """Return whether there are too few points at which a claim and the derivative have real values."""
    if not trial.order:
        return False
    return any(trial.telling(i).sum() < trial.fewest for i in range(len(trial.claims)))


def without_value(trial: Trial) -> Counterexample | None:
    """Return a point at which a claim fails because it has a value nowhere the derivative has one, None if it has."""
    for i in range(len(trial.claims)):
        places = np.flatnonzero(np.isfinite(trial.heights) & np.isfinite(trial.true[i]))
        if len(places) < LOOKS or np.isfinite(trial.claimed[i, places]).any():
            continue
        looks = [trial.closer_look(i, int(j)) for j in places[:LOOKS]]
        if all(verdict is Difference.NO_VALUE for verdict, _, _ in looks):
            return Counterexample(
                i, int(places[0]), trial.place(int(places[0])), float(trial.claimed[i, places[0]]), looks[0][2]
            )
    return None


def sentence(
    verdict: Verdict,
    trial: Trial,
    opinions: Sequence[Witness],
    counterexample: Counterexample | None,
    before: str,
    mistake: CommonMistake | None,
) -> str:
    """Return the verdict as a sentence."""
    what = "the second derivative" if before else "the derivative" if len(trial.variables) == 1 else "the gradient"
    if counterexample is not None:
        name = trial.variables[counterexample.position]
        by = (
            f"the partial derivative with respect to {name}"
            if len(trial.variables) > 1
            else f"the derivative with respect to {name}"
        )
        if before:
            by = f"the second derivative with respect to {before if before == name else f'{before} and {name}'}"
        claimed = number(counterexample.claimed, counterexample.true)
        its = f"the claim is {claimed}" if np.isfinite(counterexample.claimed) else "the claim has no value"
        where = f"at {point_text(counterexample.point)} " if counterexample.point else ""
        finding = f"{where}{its}, but {by} is {number(counterexample.true, counterexample.claimed)}"
        return f"{finding}; {mistake.sentence}" if mistake is not None else finding
    by_whom = {w.name: w for w in opinions if w.verdict is verdict}
    if verdict is Verdict.PROVED:
        return f"the claim is {what}, proved by {series(BY[name] for name in by_whom)}"
    if verdict is Verdict.AGREES:
        first = by_whom.get("numeric") or by_whom.get("ball") or by_whom.get("exact") or next(iter(by_whom.values()))
        return first.message
    against = [w for w in opinions if w.verdict is Verdict.REFUTED]
    if against:
        alone = len(opinions) == 1
        return (
            f"only {against[0].name} was asked, and it disagrees: {against[0].message}"
            if alone
            else "the witnesses disagree"
        )
    silent = [w.message for w in opinions if w.name in ("numeric", "exact", "ball")]
    # In complex numbers there may be points where there are none in real ones.
    return next((m for m in silent if "complex" in m), silent[0] if silent else "no witness reached a verdict")


def disagreements(opinions: Sequence[Witness], verdict: Verdict) -> list[str]:
    """Return notices about witnesses that contradict the verdict."""
    if verdict is Verdict.REFUTED:
        return [
            f"{w.name} disagrees with the verdict" for w in opinions if w.verdict in (Verdict.PROVED, Verdict.AGREES)
        ]
    return [f"{w.name} disagrees with the verdict: {w.message}" for w in opinions if w.verdict is Verdict.REFUTED]
