"""The entry of the folder: a request in, bunches of steps out."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from secantd.descent import adagrad, adam, curvature, fixedrate, momentum, nesterov, rmsprop
from secantd.descent.advice import advice
from secantd.descent.diagnosis import Diagnosis, diagnose
from secantd.descent.end import End
from secantd.descent.iterate import iterate
from secantd.descent.objective import Objective
from secantd.descent.request import (
    AdaGrad,
    Adam,
    Bunch,
    DescentRequest,
    FixedRate,
    Momentum,
    Nesterov,
    Outcome,
    RmsProp,
    StopReason,
)
from secantd.errors import CalculusError, Reason
from secantd.program.loop import Update

__all__ = ["descend"]

# Methods whose step needs the gradient at the present point only.
UPDATES: dict[type[Any], Update] = {
    FixedRate: fixedrate.UPDATE,
    Momentum: momentum.UPDATE,
    Nesterov: nesterov.UPDATE,
    AdaGrad: adagrad.UPDATE,
    RmsProp: rmsprop.UPDATE,
    Adam: adam.UPDATE,
}


def descend(request: DescentRequest) -> Iterator[Bunch]:
    """Yield the steps in bunches; the last bunch, and only it, holds the outcome.

    A bunch comes at least every 50 ms or so, without steps if there are none to tell: closing the generator
    between two bunches ends the work.

    Raises:
        CalculusError: INVALID_VALUE: a vector function, a parameter of the method outside its range;
            UNKNOWN_VARIABLE: a variable without a start; NOT_DIFFERENTIABLE; MISSING_PART.
    """
    names = [name for name, _ in request.start]
    objective = Objective(request.function, names, request.maximize)
    end = yield from _path(objective, request, [value for _, value in request.start])
    yield Bunch(end.last, _outcome(objective, request, end))


def _path(objective: Objective, request: DescentRequest, start: Sequence[float]) -> Generator[Bunch, None, End]:
    update = UPDATES.get(type(request.method))
    if update is None:
        raise CalculusError(
            Reason.MISSING_PART, f"the method {type(request.method).__name__} is not there yet", field="method"
        )
    return (yield from iterate(objective, update, astuple(request.method), request, start))


def _outcome(objective: Objective, request: DescentRequest, end: End) -> Outcome:
    diagnosis = Diagnosis()
    start = np.array([value for _, value in request.start])
    if isinstance(request.method, FixedRate):
        diagnosis = diagnose(objective, request.method.rate, request.tolerance, start, end)
    nature = curvature.nature(objective, end.point) if end.reason is StopReason.CONVERGED else None
    errors = curvature.standard_errors(objective, end.point) if request.standard_errors else ()
    return Outcome(
        reason=end.reason,
        message=advice(request, end, diagnosis, nature),
        steps=end.steps,
        point=tuple(end.point.tolist()),
        value=end.value,
        gradient_norm=end.norm,
        curvature=diagnosis.curvature,
        rate_limit=diagnosis.rate_limit,
        predicted_steps=diagnosis.predicted_steps,
        regime=diagnosis.regime,
        recommended_rate=diagnosis.recommended_rate,
        nature=nature,
        standard_errors=errors,
    )
