"""The entry of the folder: a request in, bunches of steps out."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import astuple, replace
from functools import partial
from typing import Any

import numpy as np

from secantd.descent import (
    adagrad,
    adam,
    bfgs,
    conjugategradient,
    curvature,
    fixedrate,
    lbfgs,
    linesearch,
    momentum,
    nesterov,
    newton,
    rmsprop,
)
from secantd.descent.advice import advice
from secantd.descent.box import Box
from secantd.descent.check import check
from secantd.descent.diagnosis import Diagnosis, diagnose
from secantd.descent.end import End
from secantd.descent.iterate import iterate
from secantd.descent.objective import Objective, Vector
from secantd.descent.optima import best_end, distinct
from secantd.descent.request import (
    AdaGrad,
    Adam,
    Bfgs,
    Bunch,
    ConjugateGradient,
    DescentRequest,
    FixedRate,
    Lbfgs,
    LineSearch,
    Momentum,
    Nesterov,
    Newton,
    Outcome,
    RmsProp,
    StopReason,
)
from secantd.descent.search import Point
from secantd.descent.shared import shared_objective
from secantd.descent.steps import NO_STEPS
from secantd.descent.walk import walk
from secantd.program.loop import Update
from secantd.settings import Limits

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

# Methods that search along directions.
WALKS: dict[type[Any], Callable[[Objective, Any, Point], Iterator[Point | None]]] = {
    LineSearch: linesearch.steps,
    ConjugateGradient: conjugategradient.steps,
    Newton: newton.steps,
    Bfgs: bfgs.steps,
}


def descend(request: DescentRequest) -> Iterator[Bunch]:
    """Yield the steps in bunches; the last bunch, and only it, holds the outcome.

    A bunch comes at least every 50 ms or so, without steps if there are none to tell: closing the generator
    between two bunches ends the work. The steps are those from `start`; from `starts` only the ends are told.

    Raises:
        CalculusError: INVALID_VALUE: a vector function, a parameter of the method outside its range, bounds
            for a method that takes none; UNKNOWN_VARIABLE: a variable without a start; NOT_DIFFERENTIABLE;
            MISSING_PART.
    """
    request = replace(request, max_steps=request.max_steps or Limits().steps)
    check(request)
    names = [name for name, _ in request.start]
    objective = shared_objective(request.function, names, request.maximize)
    start = np.array([value for _, value in request.start], dtype=np.float64)
    end = yield from _path(objective, request, start)
    if not request.starts:
        yield Bunch(end.last, _outcome(objective, request, start, end))
        return
    if end.last:
        yield Bunch(end.last)
    ends = [end]
    columns = dict(request.starts)
    # Nothing is told of these paths on the way.
    silent = replace(request, trace_every=request.max_steps + 1)
    for further in np.column_stack([columns[name] for name in names]):
        path = _path(objective, silent, further)
        ends.append((yield from _silenced(path)))
    optima = distinct(objective, ends)
    best = best_end(objective, ends)
    yield Bunch(NO_STEPS, replace(_outcome(objective, request, start, best), optima=optima))


def _silenced(path: Generator[Bunch, None, End]) -> Generator[Bunch, None, End]:
    while True:
        try:
            next(path)
        except StopIteration as stop:
            end: End = stop.value
            return end
        yield Bunch(NO_STEPS)


def _path(objective: Objective, request: DescentRequest, start: Vector) -> Generator[Bunch, None, End]:
    method = request.method
    update = UPDATES.get(type(method))
    if update is not None:
        return (yield from iterate(objective, update, astuple(method), request, start.tolist()))
    box = Box(request.bounds, objective.variables) if request.bounds else None
    if isinstance(method, Lbfgs):
        steps: Callable[[Point], Iterator[Point | None]] = partial(_bounded, objective, method, box)
    else:
        steps = partial(WALKS[type(method)], objective, method)
    return (yield from walk(objective, steps, request, start, box))


def _bounded(objective: Objective, method: Lbfgs, box: Box | None, start: Point) -> Iterator[Point | None]:
    return lbfgs.steps(objective, method, start, box)


def _outcome(objective: Objective, request: DescentRequest, start: Vector, end: End) -> Outcome:
    diagnosis = Diagnosis()
    if isinstance(request.method, FixedRate):
        diagnosis = diagnose(objective, request.method.rate, request.tolerance, start, end)
    arrived = end.reason in (StopReason.CONVERGED, StopReason.STALLED) and not request.bounds
    nature = curvature.nature(objective, end.point) if arrived else None
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
