"""The outcome's sentence: what happened, and what to do next."""

from secantd.descent.diagnosis import Diagnosis
from secantd.descent.end import End
from secantd.descent.request import (
    AdaGrad,
    Adam,
    DescentRequest,
    FixedRate,
    Momentum,
    Nature,
    Nesterov,
    Regime,
    RmsProp,
    StopReason,
)

__all__ = ["advice"]

Paced = FixedRate | Momentum | Nesterov | AdaGrad | RmsProp | Adam


def advice(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    """Return one or two sentences for each stop reason."""
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
            f"{begun}; the Hessian does not tell whether it is a {wanted.name.lower()}: "
            "compare f with its values near by"
        )
    kind = "an inflection" if nature is Nature.INFLECTION else f"a {nature.name.lower()}"
    return f"{begun}, but the Hessian says {kind}, not a {wanted.name.lower()}: start elsewhere"


def _spent(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    begun = f"{_steps(end.steps)} were made and |∇f| is still {end.norm:.3g}"
    if request.tolerance == 0.0:
        begun = f"{_steps(end.steps)} were made, as asked; |∇f| is {end.norm:.3g}"
    better = diagnosis.recommended_rate
    if isinstance(request.method, FixedRate) and better is not None:
        if diagnosis.regime is Regime.DIVERGES:
            return f"{begun}: the rate is above 2/L = {diagnosis.rate_limit:.3g}; take {better:.3g}"
        if diagnosis.regime is Regime.CRAWLS:
            return f"{begun}: the rate is far below 1/L; take {better:.3g}"
        if diagnosis.predicted_steps is not None and diagnosis.predicted_steps > end.steps:
            return f"{begun}: allow about {_steps(diagnosis.predicted_steps)}, or take the rate {better:.3g}"
        return f"{begun}: allow more steps, or take the rate {better:.3g}"
    return f"{begun}: allow more steps, or take a method of second order (BFGS, NEWTON)"


def _diverged(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    if end.steps == 0:
        return "the first step goes beyond all numbers: take a smaller rate, or LINE_SEARCH, which finds its own"
    up = request.maximize
    rises = end.value > end.start_value
    begun = f"after {_steps(end.steps)} |∇f| has grown from {end.start_norm:.3g} to {end.norm:.3g}"
    if rises == up:
        what = "rises" if up else "falls"
        return f"{begun} while f {what}: it has no {'maximum' if up else 'minimum'} on this path; bound it"
    if diagnosis.recommended_rate is not None:
        return f"{begun}: the rate is above 2/L = {diagnosis.rate_limit:.3g}; take {diagnosis.recommended_rate:.3g}"
    return f"{begun}: take a smaller rate, or LINE_SEARCH, which finds its own"


def _not_finite(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    if end.steps == 0:
        return "f or its gradient is not finite at the start: start inside the domain of f"
    return (
        f"f or its gradient is not finite after {_steps(end.steps)}: the path left the domain of f; "
        "take smaller steps or start elsewhere"
    )


def _stalled(request: DescentRequest, end: End, diagnosis: Diagnosis, nature: Nature | None) -> str:
    if isinstance(request.method, Paced):
        return (
            f"after {_steps(end.steps)} the path is where it was before, and |∇f| is {end.norm:.3g}: "
            "take a smaller rate if it goes to and fro, a larger one if it stands, or a larger tolerance"
        )
    return (
        f"no step makes f {'larger' if request.maximize else 'smaller'} after {_steps(end.steps)}, and |∇f| is "
        f"{end.norm:.3g}: f has no more digits here; take a larger tolerance, or scale the variables"
    )


SENTENCES = {
    StopReason.CONVERGED: _converged,
    StopReason.STEPS_SPENT: _spent,
    StopReason.DIVERGED: _diverged,
    StopReason.NOT_FINITE: _not_finite,
    StopReason.STALLED: _stalled,
}
