"""The message of an outcome: what happened, and what to do next."""

from secantd.calculus.results import Nature
from secantd.descent.diagnosis import Diagnosis
from secantd.descent.end import LARGEST, End
from secantd.descent.methods import FixedRate, Paced
from secantd.descent.request import DescentRequest, Regime, StopReason

__all__ = ["advice"]


def advice(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    """Return the message of an outcome.

    Args:
        request: The request.
        end: The end of the path.
        diagnosis: The diagnosis of a fixed rate; empty for other methods.
        nature: The kind of the critical point, None if it is not known.
    """
    return SENTENCES[end.reason](request, end, diagnosis, nature)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"


def _converged(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    wanted = Nature.MAXIMUM if request.maximize else Nature.MINIMUM
    begun = f"|∇f| is {end.norm:.3g}, within the tolerance {request.tolerance:.3g}, after {_steps(end.steps)}"
    if nature is wanted:
        return f"{begun}: a local {wanted.name.lower()}"
    if nature is None:
        return (
            f"{begun}; the Hessian does not show whether it is a {wanted.name.lower()}: "
            "compare f with its values nearby"
        )
    kind = "an inflection" if nature is Nature.INFLECTION else f"a {nature.name.lower()}"
    return f"{begun}, but by its Hessian it is {kind}, not a {wanted.name.lower()}: choose another start"


def _spent(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    begun = f"after {_steps(end.steps)} |∇f| is still {end.norm:.3g}"
    if request.tolerance == 0.0:
        begun = f"after the requested {_steps(end.steps)} |∇f| is {end.norm:.3g}"
    better = diagnosis.recommended_rate
    if isinstance(request.method, FixedRate) and better is not None:
        if diagnosis.regime is Regime.DIVERGES:
            return f"{begun}: the rate is above 2/L = {diagnosis.rate_limit:.3g}; use a rate of {better:.3g}"
        if diagnosis.regime is Regime.CRAWLS:
            return f"{begun}: the rate is far below 1/L; use a rate of {better:.3g}"
        if diagnosis.predicted_steps is not None and diagnosis.predicted_steps > end.steps:
            return f"{begun}: allow about {_steps(diagnosis.predicted_steps)}, or use a rate of {better:.3g}"
        return f"{begun}: allow more steps, or use a rate of {better:.3g}"
    return f"{begun}: allow more steps, or use a second-order method (bfgs, newton)"


def _diverged(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    if end.steps == 0 and end.norm >= LARGEST:
        return f"|∇f| is {end.norm:.3g} at the start, too large to continue: scale f or its variables, or choose another start"
    if end.steps == 0:
        return (
            "the first step overflows: use a smaller rate, or the method line_search, which finds step lengths itself"
        )
    up = request.maximize
    rises = end.value > end.start_value
    begun = f"after {_steps(end.steps)} |∇f| has grown from {end.start_norm:.3g} to {end.norm:.3g}"
    if rises == up:
        what = "rises" if up else "falls"
        return f"{begun} while f {what}: f has no {'maximum' if up else 'minimum'} along this path; set bounds on the variables (method lbfgs)"
    if diagnosis.recommended_rate is not None:
        return f"{begun}: the rate is above 2/L = {diagnosis.rate_limit:.3g}; use a rate of {diagnosis.recommended_rate:.3g}"
    return f"{begun}: use a smaller rate, or the method line_search, which finds step lengths itself"


def _not_finite(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    if end.steps == 0:
        return "f or its gradient is not finite at the start: choose a start inside the domain of f"
    return (
        f"f or its gradient is not finite after {_steps(end.steps)}: the path left the domain of f; "
        "use smaller steps, or choose another start"
    )


def _stalled(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    if isinstance(request.method, Paced):
        return (
            f"after {_steps(end.steps)} the path returns to the same point, and |∇f| is {end.norm:.3g}: "
            "if the steps oscillate, use a smaller rate; if they barely move, use a larger rate or a looser tolerance"
        )
    return (
        f"no step makes f {'larger' if request.maximize else 'smaller'} after {_steps(end.steps)}, and |∇f| is "
        f"{end.norm:.3g}: the precision of f is exhausted; use a looser tolerance, or scale the variables"
    )


SENTENCES = {
    StopReason.CONVERGED: _converged,
    StopReason.STEPS_SPENT: _spent,
    StopReason.DIVERGED: _diverged,
    StopReason.NOT_FINITE: _not_finite,
    StopReason.STALLED: _stalled,
}
