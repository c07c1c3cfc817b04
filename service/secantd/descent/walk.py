"""The driver of methods that search along directions: one step after the other, with moments to stop."""

import math
from collections.abc import Callable, Generator, Iterator

import numpy as np

from secantd.descent.box import Box
from secantd.descent.end import FAR, End, ceiling
from secantd.descent.objective import Objective, Vector
from secantd.descent.request import Bunch, DescentRequest, StopReason
from secantd.descent.search import Point
from secantd.descent.trace import Trace

__all__ = ["walk"]

# f so far below its start has no minimum.
DEPTH = 1e30
# Steps without a new least f or |∇f|: the path goes round within the last digits.
PATIENCE = 20


def walk(
    objective: Objective,
    steps: Callable[[Point], Iterator[Point | None]],
    request: DescentRequest,
    start: Vector,
    box: Box | None,
) -> Generator[Bunch, None, End]:
    """Yield bunches of steps and return the end of the path.

    Args:
        objective: f.
        steps: The method: an iterator of points from a start, None between them.
        request: Tolerance, number of steps, trace.
        start: Where to begin, shape (n,).
        box: Bounds; |∇f| is then that of the part of ∇f that no bound holds.
    """
    trace = Trace(request.trace_every, request.first_number, len(objective))
    if box is not None:
        start = box.project(start)
    first = point = Point(start, *objective.first(start))
    most = ceiling(_norm(objective, first, box))
    made = 0

    def end(reason: StopReason) -> End:
        norm = _norm(objective, point, box)
        value = objective.sign * point.f
        trace.add(made, point.x.tolist(), value, norm)
        begun = _norm(objective, first, box)
        return End(
            reason,
            made,
            point.x,
            value,
            objective.sign * point.g,
            norm,
            begun,
            objective.sign * first.f,
            trace.steps(),
        )

    path = steps(first)
    lowest, shortest, better = math.inf, math.inf, 0
    while True:
        norm = _norm(objective, point, box)
        if point.f < lowest or norm < shortest:
            lowest, shortest, better = min(lowest, point.f), min(shortest, norm), made
        reason = _reason(request, point, first, norm, most, made)
        if reason is None and made - better > PATIENCE:
            reason = StopReason.STALLED
        if reason is not None:
            return end(reason)
        if trace.due(made):
            trace.add(made, point.x.tolist(), objective.sign * point.f, norm)
        if trace.ready:
            yield trace.take()
        following = _next(path, point)
        while following is None:
            if trace.ready:
                yield trace.take()
            following = _next(path, point)
        if following is point:
            return end(StopReason.STALLED)
        point = following
        made += 1


def _next(path: Iterator[Point | None], end: Point) -> Point | None:
    # A generator may not keep errstate over a yield: it is the caller's as well.
    with np.errstate(all="ignore"):
        return next(path, end)


def _norm(objective: Objective, point: Point, box: Box | None) -> float:
    return objective.norm(point.g if box is None else box.gradient(point))


def _reason(
    request: DescentRequest, point: Point, first: Point, norm: float, most: float, made: int
) -> StopReason | None:
    """Return why the path ends here, if it does."""
    if not (math.isfinite(point.f) and math.isfinite(norm)):
        return StopReason.NOT_FINITE
    if request.tolerance > 0.0 and norm <= request.tolerance:
        return StopReason.CONVERGED
    far = FAR * (1.0 + float(np.max(np.abs(first.x))))
    if norm >= most or point.f < -DEPTH * (1.0 + abs(first.f)) or float(np.max(np.abs(point.x))) > far:
        return StopReason.DIVERGED
    if made >= request.max_steps:
        return StopReason.STEPS_SPENT
    return None
