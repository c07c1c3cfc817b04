"""The entry of this package: from a request to bunches of steps."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from secantd.descent import curvature
from secantd.descent.advice import advice
from secantd.descent.arraycheck import flattened
from secantd.descent.arrayobjective import ArrayObjective
from secantd.descent.box import Box
from secantd.descent.check import validated
from secantd.descent.diagnosis import Diagnosis, at_limit, diagnose
from secantd.descent.end import End
from secantd.descent.finding import Found, examined
from secantd.descent.iterate import iterate
from secantd.descent.methods import FixedRate, LineSearch, Paced, Searching
from secantd.descent.norm import norm
from secantd.descent.objective import Objective, Vector
from secantd.descent.optima import best_end, distinct
from secantd.descent.removable import Removable
from secantd.descent.request import Bunch, DescentRequest, Finding, Outcome, StopReason
from secantd.descent.shared import shared_formula, shared_objective
from secantd.descent.slope import lasting_slope
from secantd.descent.steps import NO_STEPS
from secantd.descent.walk import walk
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["descend", "descend_objective"]

# Steps of a path that cannot converge.
SHOWN = 1000


def descend(request: DescentRequest, *, limits: Limits | None = None) -> Iterator[Bunch]:
    """Yield the steps in bunches; only the last bunch has the outcome.

    A bunch is yielded about every 50 ms, if necessary without steps: closing the generator between two bunches ends the
    work. The steps are those from `start`; of paths from `starts` only the ends are reported.

    Args:
        request: The request.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: a vector function, a parameter of the method outside its range, bounds
            for a method that does not support them; UNKNOWN_VARIABLE: a variable without a start;
            NOT_DIFFERENTIABLE; MISSING_PART.
    """
    limits = limits or DEFAULT_LIMITS
    function = request.function
    if function.arrays:
        request, entries = flattened(request, limits)
        names = request.variables
        shared = shared_formula(function, entries, limits.memory)
        formula: Objective = ArrayObjective(shared, names, request.maximize, limits.algebra_seconds)
    else:
        request, entries = validated(request, limits), None
        names = request.variables
        formula = shared_objective(function, names, request.maximize)
    yield from _bunches(Removable(formula, function, entries, limits), request)


def descend_objective(
    objective: Objective, request: DescentRequest, *, limits: Limits | None = None
) -> Iterator[Bunch]:
    """Yield the steps of a descent of an objective, as `descend` does; the function of the request is only read for names.

    Args:
        objective: f. Its variables need a start in the request, in any order.
        request: The request. `maximize` is that of the objective.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE.
    """
    request = validated(request, limits or DEFAULT_LIMITS, objective.variables)
    start = dict(request.start)
    request = replace(
        request,
        start=tuple([(name, start[name]) for name in objective.variables]),
        maximize=objective.sign < 0.0,
    )
    yield from _bunches(objective, request)


def _bunches(objective: Objective, request: DescentRequest) -> Iterator[Bunch]:
    names = request.variables
    start = np.array([value for _, value in request.start], dtype=np.float64)
    end = yield from _path(objective, request, start)
    if not request.starts:
        yield Bunch(end.last, _outcome(objective, request, start, end))
        return
    if end.last:
        yield Bunch(end.last)
    ends = [end]
    columns = dict(request.starts)
    # The steps of these paths are not reported.
    silent = replace(request, trace_every=request.max_steps + 1)
    for further in zip(*np.broadcast_arrays(*[columns[name] for name in names]), strict=True):
        path = _path(objective, silent, np.array(further))
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
    endless = _endless(objective, request, start)
    if endless is not None:
        # The first steps show what all others would.
        request = replace(request, max_steps=SHOWN)
    if isinstance(method, Paced | LineSearch):
        end = yield from iterate(objective, method, request, start.tolist())
    else:
        assert isinstance(method, Searching)
        box = Box(request.bounds, objective.variables) if request.bounds else None
        end = yield from walk(objective, partial(method.steps, objective, box=box), request, start, box)
    return replace(end, reason=endless) if endless is not None and end.reason is StopReason.STEPS_SPENT else end


def _endless(objective: Objective, request: DescentRequest, start: Vector) -> StopReason | None:
    """Return how a path ends that cannot reach the tolerance in any number of steps; None if it may, or need not."""
    if request.tolerance == 0.0 or request.max_steps <= SHOWN or request.bounds:
        return None
    slope = lasting_slope(objective, start)
    if slope is not None and norm(slope) > request.tolerance:
        return StopReason.DIVERGED
    if isinstance(request.method, FixedRate) and at_limit(objective, request.method.rate, start):
        return StopReason.STALLED
    return None


def _outcome(objective: Objective, request: DescentRequest, start: Vector, end: End) -> Outcome:
    diagnosis = Diagnosis()
    box = Box(request.bounds, objective.variables) if request.bounds else None
    found, notices = Found(), []
    with np.errstate(all="ignore"):
        if isinstance(request.method, FixedRate):
            diagnosis = diagnose(objective, request.method.rate, request.tolerance, start, end)
        if box is not None:
            notices = box.notices(start, end.point, objective.sign * end.gradient)
        slope = lasting_slope(objective, start) if box is None else None
        found = examined(objective, request, end, slope, box)
    if found.finding is Finding.KINK:
        # No fixed rate converges to a kink.
        diagnosis = replace(diagnosis, recommended_rate=None)
    errors = curvature.standard_errors(objective, end.point) if request.standard_errors else ()
    return Outcome(
        reason=end.reason,
        message=advice(request, objective, end, diagnosis, found, notices),
        steps=end.steps,
        point=tuple(end.point.tolist()),
        value=end.value,
        gradient_norm=end.norm,
        curvature=diagnosis.curvature,
        rate_limit=diagnosis.rate_limit,
        predicted_steps=diagnosis.predicted_steps,
        regime=diagnosis.regime,
        recommended_rate=diagnosis.recommended_rate,
        nature=found.nature,
        finding=found.finding,
        notices=(*notices, *objective.notices()),
        standard_errors=errors,
    )
