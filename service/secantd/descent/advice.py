"""The message of an outcome: what happened, and what to do next."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.calculus.results import Nature
from secantd.descent.diagnosis import Diagnosis
from secantd.descent.end import LARGEST, End
from secantd.descent.finding import Found
from secantd.descent.methods import Bfgs, FixedRate, Lbfgs, Newton, Paced
from secantd.descent.objective import Objective, Vector
from secantd.descent.request import DescentRequest, Finding, Regime, StopReason

__all__ = ["advice"]

# The most variables that a message names.
NAMED = 3
# Components of a direction below this part of its largest one are not named.
SMALL = 1e-3
# More steps than this are too many to recommend.
MANY = 20_000


def advice(
    request: DescentRequest,
    objective: Objective,
    end: End,
    diagnosis: Diagnosis,
    found: Found,
    notices: Sequence[str],
) -> str:
    """Return the message of an outcome.

    Args:
        request: The request.
        objective: f.
        end: The end of the path.
        diagnosis: The diagnosis of a fixed rate; empty for other methods.
        found: What was found out about f.
        notices: Remarks on bounds.
    """
    return SENTENCES[end.reason](_Case(request, objective, end, diagnosis, found, notices))


class _Case:
    """A path with all that is known about it, and the words that its messages share."""

    def __init__(
        self,
        request: DescentRequest,
        objective: Objective,
        end: End,
        diagnosis: Diagnosis,
        found: Found,
        notices: Sequence[str],
    ) -> None:
        self.request, self.end = request, end
        self.variables, self.has_data = objective.variables, objective.has_data
        self.diagnosis, self.found, self.notices = diagnosis, found, notices
        up = request.maximize
        self.wanted = Nature.MAXIMUM if up else Nature.MINIMUM
        self.minimum = self.wanted.name.lower()
        self.smaller = "larger" if up else "smaller"
        self.falls, self.lower = ("rises", "higher") if up else ("falls", "lower")

    @property
    def unbounded(self) -> str:
        """Why f has no minimum."""
        slope = self.found.slope
        if slope is not None:
            where = f"{_slope(slope, self.variables)} everywhere"
        else:
            where = f"it {self.falls} without bound as {self.moves}"
        remedy = (
            "set bounds on these variables too" if self.request.bounds else "set bounds on the variables (method lbfgs)"
        )
        return f"f has no {self.minimum}: {where}; {remedy}"

    @property
    def moves(self) -> str:
        """Which variables grow and fall along the direction that was found."""
        return _series([f"{name} {'grows' if d > 0.0 else 'falls'}" for name, d in self._moving()])

    def _moving(self) -> list[tuple[str, float]]:
        """Return the variables that move most along the direction that was found, with their components."""
        direction = self.found.direction
        assert direction is not None
        pairs = zip(self.variables, direction.tolist(), strict=True)
        parts = sorted(pairs, key=lambda pair: -abs(pair[1]))[:NAMED]
        return [(name, d) for name, d in parts if abs(d) > SMALL * abs(parts[0][1])]

    @property
    def runs_away(self) -> str:
        limit = self.found.limit
        assert limit is not None
        # A limit that is 0 within the tolerance.
        shown = 0.0 if abs(limit) < 1e-12 * max(1.0, abs(self.end.start_value)) else limit
        names = _series([name for name, _ in self._moving()])
        why = "; in a logistic regression the data are separable" if self.has_data else ""
        remedy = "set bounds (method lbfgs)" + ", or add a penalty term" * self.has_data
        return (
            f"f has no {self.minimum} here: {names} {'runs' if names in self.variables else 'run'} away, and f levels off at "
            f"{shown:.4g} as {self.moves}{why}; {remedy}"
        )

    @property
    def better(self) -> str:
        """The recommended rate, with the number of steps that it takes if that is known."""
        steps = self.diagnosis.recommended_steps
        rate = _rate(self.diagnosis.recommended_rate or 0.0)
        if steps is None:
            return f"use a rate of {rate}"
        if steps > MANY:
            return f"use the method bfgs, as even the best fixed rate, {rate}, takes {_steps(steps)}"
        return f"use a rate of {rate}, which takes {_steps(steps)}"


def _rate(rate: float) -> str:
    """Return a rate with three digits, rounded down: a larger one may diverge.

    >>> _rate(0.0075369), _rate(0.5)
    ('0.00753', '0.5')
    """
    if not 1e-300 < rate < 1e300:
        return f"{rate:.3g}"
    unit = 10.0 ** (math.floor(math.log10(rate)) - 2)
    return f"{math.floor(rate / unit * (1.0 + 1e-12)) * unit:.3g}"


def _series(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _slope(slope: Vector, variables: Sequence[str]) -> str:
    """Return the words for a slope, of one variable or of several."""
    parts = [
        (name, s) for name, s in zip(variables, slope.tolist(), strict=True) if abs(s) > 1e-9 * np.max(np.abs(slope))
    ]
    if len(parts) == 1:
        return f"its derivative with respect to {parts[0][0]} is {parts[0][1]:.4g}"
    shown = [f"{s:.4g} for {name}" for name, s in parts[:NAMED]]
    return f"∇f contains ({', '.join(shown)}{', ...' * (len(parts) > NAMED)})"


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"


def _after(end: End) -> str:
    return "at the start" if end.steps == 0 else f"after {_steps(end.steps)}"


def _converged(case: _Case) -> str:
    end, found, minimum = case.end, case.found, case.minimum
    begun = f"|∇f| is {end.norm:.3g}, within the tolerance {case.request.tolerance:.3g}, {_after(end)}"
    if found.finding is Finding.UNBOUNDED:
        return f"{begun}, but {case.unbounded}, or use a smaller tolerance"
    if found.finding is Finding.RUNS_AWAY:
        return f"{begun}, but {case.runs_away}"
    if found.flat:
        if end.steps == 0:
            return f"{begun}: f is constant around the start, so that no step changes it; choose another start"
        return f"{begun}: f is constant around this point, a {minimum} only if f is nowhere {case.lower}"
    if found.finding is Finding.PLATEAU:
        return (
            f"{begun}, but no critical point is near: f is nearly level here; use a smaller tolerance, scale f, or choose another "
            "start"
        )
    held = [notice for notice in case.notices if "is held" in notice]
    if held:
        return f"{begun}: a {minimum} within the bounds, where {_series(held)}"
    kink = "at a kink of f " if found.finding is Finding.KINK else ""
    if found.nature is case.wanted:
        return f"{begun}: a local {minimum}{', ' * bool(kink)}{kink.strip()}"
    if found.jumps:
        return f"{begun}, but f jumps here, and is {case.lower} next to it: no local {minimum}"
    if found.nature is None:
        if case.request.bounds:
            return f"{begun}: a critical point within the bounds; compare f with its values nearby"
        return f"{begun}; the Hessian does not show whether it is a {minimum}: compare f with its values nearby"
    kind = "an inflection" if found.nature is Nature.INFLECTION else f"a {found.nature.name.lower()}"
    return f"{begun}, but {kink}it is {kind}, not a {minimum}: choose another start"


def _spent(case: _Case) -> str:
    end, diagnosis, request = case.end, case.diagnosis, case.request
    begun = f"after {_steps(end.steps)} |∇f| is still {end.norm:.3g}"
    if request.tolerance == 0.0:
        begun = f"after the requested {_steps(end.steps)} |∇f| is {end.norm:.3g}"
    known = _known(case)
    if known:
        return f"{begun}: {known}"
    if isinstance(request.method, FixedRate) and diagnosis.recommended_rate is not None:
        if diagnosis.regime is Regime.DIVERGES:
            return f"{begun}: the rate is above 2/L = {diagnosis.rate_limit:.3g}; {case.better}"
        if diagnosis.regime is Regime.CRAWLS:
            return f"{begun}: the rate is far below 1/L; {case.better}"
        needed, fewer = diagnosis.predicted_steps, diagnosis.recommended_steps
        if needed is not None and needed > end.steps:
            allow = f"allow {needed - end.steps:,} more steps"
            return (
                f"{begun}: {allow}, or {case.better}" if fewer is not None and fewer < needed else f"{begun}: {allow}"
            )
        return f"{begun}: allow more steps, or {case.better}"
    if isinstance(request.method, Bfgs | Lbfgs | Newton):
        return f"{begun}: allow more steps"
    return f"{begun}: allow more steps, or use a second-order method (bfgs, newton)"


def _known(case: _Case) -> str:
    """Return what was found out about f on a path that has not ended at a critical point, "" if nothing was."""
    found, minimum = case.found, case.minimum
    if found.finding is Finding.UNBOUNDED:
        return case.unbounded
    if found.finding is Finding.RUNS_AWAY:
        return case.runs_away
    if found.finding is Finding.PLATEAU:
        return (
            f"f is nearly level here and {case.falls} much faster further away: use a larger rate, a method whose steps do not "
            "depend on |∇f| (adam), or another start"
        )
    if found.finding is not Finding.KINK:
        return ""
    if found.point is not None:
        pairs = zip(case.variables[:NAMED], found.point.tolist(), strict=False)
        # Smaller coordinates are rounding errors of the search.
        shown = ", ".join(f"{name} = {value if abs(value) > 1e-8 else 0.0:.4g}" for name, value in pairs)
        more = ", ..." if len(case.variables) > NAMED else ""
        begun = f"f has a {minimum} at a kink near {shown}{more}, where |∇f| jumps and does not become small"
        if isinstance(case.request.method, Paced):
            return f"{begun}; a smaller rate comes closer, the methods bfgs and line_search find it"
        return f"{begun}; begin there, or use the method bfgs"
    if found.nature is case.wanted:
        return f"a local {minimum} at a kink of f, where |∇f| jumps and does not become small"
    if found.nature is not None:
        return f"f has a kink here that is a {found.nature.name.lower()}, not a {minimum}; choose another start"
    return f"f has a kink here, and no {minimum}: it {case.falls} along the kink; choose another start, or write f without the kink"


def _diverged(case: _Case) -> str:
    end, diagnosis = case.end, case.diagnosis
    if end.steps == 0 and end.norm >= LARGEST:
        return f"|∇f| is {end.norm:.3g} at the start, too large to continue: scale f or its variables, or choose another start"
    if case.found.finding is Finding.UNBOUNDED:
        return f"{_after(end)} f is {end.value:.3g}: {case.unbounded}"
    if end.steps == 0:
        return (
            "the first step overflows: use a smaller rate, or the method line_search, which finds step lengths itself"
        )
    begun = f"after {_steps(end.steps)} |∇f| has gone from {end.start_norm:.3g} to {end.norm:.3g}"
    if end.norm > end.start_norm:
        begun = begun.replace("gone", "grown")
    if (end.value > end.start_value) == case.request.maximize:
        remedy = "" if case.request.bounds else "; set bounds on the variables (method lbfgs)"
        return (
            f"{begun} while f {case.falls}: f has no {case.minimum} inside its domain here, it {case.falls} towards a point "
            f"where its slope is infinite{remedy}"
        )
    if diagnosis.recommended_rate is not None:
        if diagnosis.regime is Regime.DIVERGES:
            return f"{begun}: the rate is above 2/L = {diagnosis.rate_limit:.3g}; {case.better}"
        return f"{begun}: {case.better}"
    return f"{begun}: use a smaller rate, or the method line_search, which finds step lengths itself"


def _not_finite(case: _Case) -> str:
    end, better = case.end, case.diagnosis.recommended_rate
    if not np.isnan([end.value, *end.gradient]).any():
        where = "at the start" if end.steps == 0 else f"after {_steps(end.steps)}"
        return (
            f"f or its gradient is infinite {where}: it is larger than 1.8e308, the largest double, or has a pole there; "
            "scale f or its variables, use smaller steps, or choose another start"
        )
    if end.steps == 0:
        return "f or its gradient is not finite at the start: choose a start inside the domain of f"
    remedy = "use smaller steps" if better is None else case.better
    return (
        f"f or its gradient is not finite after {_steps(end.steps)}: the path left the domain of f; {remedy}, or a method that "
        "stays inside (bfgs)"
    )


def _stalled(case: _Case) -> str:
    end, request, diagnosis = case.end, case.request, case.diagnosis
    known = _known(case)
    if isinstance(request.method, Paced):
        if known:
            return f"after {_steps(end.steps)} |∇f| is {end.norm:.3g} and does not become smaller: {known}"
        if diagnosis.regime is Regime.OSCILLATES and diagnosis.predicted_steps is None and diagnosis.recommended_rate:
            return (
                f"the rate is 2/L = {diagnosis.rate_limit:.6g}: the path jumps from side to side for ever, |∇f| stays "
                f"{end.norm:.3g}; {case.better}"
            )
        if diagnosis.regime is Regime.DIVERGES and diagnosis.recommended_rate is not None:
            return (
                f"after {_steps(end.steps)} the path jumps from side to side, and |∇f| is {end.norm:.3g}: the rate is above "
                f"2/L = {diagnosis.rate_limit:.3g}; {case.better}"
            )
        return (
            f"after {_steps(end.steps)} the path returns to the same points, and |∇f| is {end.norm:.3g}: "
            "if the steps oscillate, use a smaller rate; if they barely move, use a larger rate or a looser tolerance"
        )
    begun = f"no step makes f {case.smaller} {_after(end)}, and |∇f| is {end.norm:.3g}"
    if case.found.jumps:
        return f"{begun}: f jumps here, which its gradient does not show; choose another start"
    if known:
        return f"{begun}: {known}"
    return f"{begun}: the precision of f is exhausted; use a looser tolerance, or scale the variables"


SENTENCES = {
    StopReason.CONVERGED: _converged,
    StopReason.STEPS_SPENT: _spent,
    StopReason.DIVERGED: _diverged,
    StopReason.NOT_FINITE: _not_finite,
    StopReason.STALLED: _stalled,
}
