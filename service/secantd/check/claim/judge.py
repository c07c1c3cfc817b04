"""Is a claimed derivative right? The witnesses are heard, and what they say together is the verdict."""

from collections.abc import Mapping, Sequence

import numpy as np

from secantd.calculus.answers import Formula
from secantd.calculus.formulas import formula
from secantd.calculus.point import chosen_variables, scalar
from secantd.check.claim.answers import Failure, Judgement, Verdict, Witness, number
from secantd.check.claim.bysympy import by_sympy
from secantd.check.claim.claimed import claims
from secantd.check.claim.clock import Clock
from secantd.check.claim.deriv import Question
from secantd.check.claim.differences import numeric
from secantd.check.claim.exact import Forms, derivatives, exact
from secantd.check.claim.slips import Slip, slip
from secantd.check.claim.trial import Difference, Trial
from secantd.check.witnesses import WITNESSES
from secantd.errors import CalculusError, Reason
from secantd.language import Function
from secantd.settings import Limits

__all__ = ["judge"]

# How the time is shared: our own algebra, all but SymPy and Deriv, how long the others wait for Deriv, which works
# beside them, and what is kept for it in any case.
OWN_ALGEBRA, BEFORE_SYMPY, DERIV, LAST = 0.4, 0.7, 0.3, 0.05
# SymPy is heard out in less where the claim is proved or refuted without it.
SECOND_OPINION = 1.0
# A printed derivative that is longer does not help in a sentence.
LONGEST = 80
BY = {"exact": "our own algebra", "sympy": "SymPy"}
# Points looked at for what the claim's domain is.
LOOKS = 4


def judge(
    function: Function,
    claimed: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    witnesses: Sequence[str] = (),
    *,
    limits: Limits | None = None,
) -> Judgement:
    """Return whether `claimed` is the derivative of a scalar function.

    Args:
        function: A scalar function, nobody else's: its graph grows.
        claimed: The claim: one formula, or a vector of one for each variable.
        variables: By what; empty: all.
        at: Where to look first.
        witnesses: Whom to ask, of WITNESSES; empty: all.
        limits: What is allowed; `check_seconds` is the time for all of it.

    Raises:
        CalculusError: INVALID_VALUE where the function is a vector, or the claim has not one component for each
            variable; UNKNOWN_VARIABLE.

    >>> from secantd.language import read
    >>> found = judge(read("x^3"), read("3*x"), witnesses=["exact", "numeric"])
    >>> found.verdict.name, found.failure.point, found.failure.claimed, found.failure.true, found.slip
    ('REFUTED', {'x': 2.0}, 6.0, 12.0, '')
    """
    limits = limits or Limits()
    clock = Clock(limits.check_seconds)
    notices = list(dict.fromkeys((*function.notices, *claimed.notices)))
    output = scalar(function)
    if output.rows > 1:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression has one value for each row of the data, and a claim is about one number",
            "write sum(...) around it",
            field="expression.text",
        )
    chosen = chosen_variables(function, variables, notices)
    if not chosen:
        raise CalculusError(
            Reason.INVALID_VALUE, "the expression has no variable", "name one: its derivative is 0", field="variables"
        )
    nodes = claims(function, claimed, chosen)
    asked = set(witnesses or WITNESSES)
    graph = function.graph
    known, why = derivatives(graph, output, chosen)
    trial = Trial(graph, output, nodes, known, chosen, function.variables, at or {})
    question = Question(trial, clock) if "deriv" in asked else None
    try:
        forms = Forms(graph, output, nodes, known, chosen, OWN_ALGEBRA * clock.left)
        written = formulas(function, forms, limits)
        before_sympy = Clock(BEFORE_SYMPY * clock.left)
        heard: dict[str, Witness] = {}
        failure: Failure | None = None
        if "exact" in asked:
            shown = [w.text if len(w.text) <= LONGEST else "" for w in written]
            heard["exact"], failure = exact(trial, forms, why, shown, before_sympy)
        if "numeric" in asked:
            heard["numeric"], found = numeric(trial, before_sympy, failure)
            failure = failure or found
        failure = failure or without_value(trial)
        if "sympy" in asked:
            settled = failure is not None or ("exact" in asked and all(forms.proved))
            seconds = min(clock.left - LAST, SECOND_OPINION if settled else limits.algebra_seconds)
            heard["sympy"] = by_sympy(graph, output, nodes, chosen, max(0.0, seconds), failure)
        if question is not None:
            heard["deriv"] = question.answer(max(LAST, min(clock.left, DERIV * limits.check_seconds)))
    finally:
        if question is not None:
            question.leave()
    told = tuple(heard[name] for name in WITNESSES if name in heard)
    verdict = together(told, failure)
    mistake = slip(trial, failure.position) if failure is not None and trial.has_exact[failure.position] else None
    notices += domains(trial, failure, clock) + disagreements(told, verdict)
    message = sentence(verdict, trial, told, failure, written, mistake)
    word = mistake.word if mistake is not None else ""
    return Judgement(verdict, message, failure, word, told, written, chosen, tuple(notices))


def formulas(function: Function, forms: Forms, limits: Limits) -> tuple[Formula, ...]:
    """Return the right derivatives as formulas; none where one of them is not known."""
    nodes = [n for n in forms.derivatives if n is not None]
    if len(nodes) < len(forms.derivatives):
        return ()
    try:
        return tuple(formula(function, n, (), limits) for n in nodes)
    except CalculusError:
        # Longer than an answer may be: the verdict does not hang on it.
        return ()


def together(told: Sequence[Witness], failure: Failure | None) -> Verdict:
    """Return the verdict of all witnesses. Deriv, which is wrong at times, refutes nothing alone."""
    if failure is not None:
        return Verdict.REFUTED
    said = {w.verdict for w in told}
    if any(w.name == "numeric" and w.verdict is Verdict.REFUTED for w in told):
        return Verdict.UNDECIDED
    for verdict in (Verdict.PROVED, Verdict.AGREES):
        if verdict in said:
            return verdict
    return Verdict.UNDECIDED


def without_value(trial: Trial) -> Failure | None:
    """Return where a claim fails that has a value at none of the points at which the derivative has one."""
    for i in range(len(trial.claims)):
        places = np.flatnonzero(np.isfinite(trial.heights) & np.isfinite(trial.true[i]))
        if len(places) < LOOKS or np.isfinite(trial.claimed[i, places]).any():
            continue
        looks = [trial.looked_at(i, int(j)) for j in places[:LOOKS]]
        if all(verdict is Difference.NO_VALUE for verdict, _, _ in looks):
            return Failure(
                i, int(places[0]), trial.place(int(places[0])), float(trial.claimed[i, places[0]]), looks[0][2]
            )
    return None


def place(point: Mapping[str, float]) -> str:
    """Return a point in words.

    >>> place({"x": 1.0, "y": 0.5})
    'x = 1, y = 0.5'
    """
    shown = [f"{name} = {number(value)}" for name, value in list(point.items())[:6]]
    return ", ".join(shown) + (", …" if len(point) > 6 else "")


def sentence(
    verdict: Verdict,
    trial: Trial,
    told: Sequence[Witness],
    failure: Failure | None,
    written: Sequence[Formula],
    mistake: Slip | None,
) -> str:
    """Return the verdict as a sentence."""
    what = "the derivative" if len(trial.variables) == 1 else "the gradient"
    if failure is not None:
        name = trial.variables[failure.position]
        by = f"the partial by {name}" if len(trial.variables) > 1 else f"the derivative by {name}"
        claimed = number(failure.claimed, failure.true)
        its = f"the claim is {claimed}" if np.isfinite(failure.claimed) else "the claim has no value"
        where = f"at {place(failure.point)} " if failure.point else ""
        said = f"{where}{its} and {by} is {number(failure.true, failure.claimed)}"
        return f"{said}; {mistake.sentence}" if mistake is not None else said
    by_whom = {w.name: w for w in told if w.verdict is verdict}
    if verdict is Verdict.PROVED:
        return f"the claim is {what}, by {' and by '.join(BY[name] for name in by_whom)}"
    if verdict is Verdict.AGREES:
        first = by_whom.get("numeric") or by_whom.get("exact") or next(iter(by_whom.values()))
        return first.message
    against = [w for w in told if w.verdict is Verdict.REFUTED]
    if against:
        alone = len(told) == 1
        return (
            f"{against[0].name} alone says no: {against[0].message}" if alone else "the witnesses contradict each other"
        )
    return next((w.message for w in told if w.name in ("numeric", "exact")), "no witness could tell")


def disagreements(told: Sequence[Witness], verdict: Verdict) -> list[str]:
    """Return what a reader should know of a witness that contradicts the verdict."""
    if verdict is Verdict.REFUTED:
        return [f"{w.name} is of another opinion" for w in told if w.verdict in (Verdict.PROVED, Verdict.AGREES)]
    return [f"{w.name} is of another opinion: {w.message}" for w in told if w.verdict is Verdict.REFUTED]


def domains(trial: Trial, failure: Failure | None, clock: Clock) -> list[str]:
    """Return where claim and derivative do not both have values, or where there is a kink."""
    notices = []
    for i, name in enumerate(trial.variables):
        if clock.over:
            break
        claimed, true = np.isfinite(trial.claimed[i]), np.isfinite(trial.true[i])
        defined = np.isfinite(trial.heights)
        by = f" by {name}" if len(trial.variables) > 1 else ""
        smaller = [int(j) for j in np.flatnonzero(defined & true & ~claimed)[:LOOKS]]
        smaller = [j for j in smaller if not trial.has_value(i, j)]
        if smaller and (failure is None or failure.position != i):
            notices.append(
                f"the claim{by} has no value at {place(trial.place(smaller[0]))}, where the derivative is "
                f"{number(float(trial.true[i, smaller[0]]))}; it was compared where both have values"
            )
        nowhere = np.isnan(trial.true[i]) & trial.has_exact[i]
        larger = [int(j) for j in np.flatnonzero(claimed & nowhere)[:LOOKS]]
        if larger:
            notices.append(
                f"the claim{by} has a value at {place(trial.place(larger[0]))}, where the function has no derivative"
            )
        if failure is None:
            notices += not_compared(trial, i)
    return list(dict.fromkeys(notices))[:10]


def not_compared(trial: Trial, i: int) -> list[str]:
    """Return where the i-th claim is another number than the derivative and yet not wrong."""
    for j in trial.suspicious(i)[:LOOKS]:
        trial.looked_at(i, j)
    looks = [(j, look[0]) for (position, j), look in trial.looks.items() if position == i]
    said = {
        Difference.NO_DERIVATIVE: "the function has no derivative at {}: there nothing was compared",
        Difference.EDGE: "at {} values of f and the rules for its pieces differ: there nothing was compared",
    }
    found = {}
    for j, look in looks:
        if look in said and look not in found:
            found[look] = said[look].format(place(trial.place(j)))
    return list(found.values())
