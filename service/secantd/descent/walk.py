"""The driver of methods that search along directions, one step at a time."""

import math
from collections.abc import Callable, Generator, Iterator

import numpy as np

from secantd.descent.box import Box
from secantd.descent.end import FAR, End, divergence_bound
from secantd.descent.norm import norm
from secantd.descent.objective import Objective, Vector
from secantd.descent.progress import Progress
from secantd.descent.recorder import Recorder
from secantd.descent.request import Bunch, DescentRequest, StopReason
from secantd.descent.search import Point
from secantd.descent.slope import falls_for_ever
from secantd.descent.steps import NO_STEPS

__all__ = ["walk"]

# A decrease of f, relative to 1 + |f| at the start, from which on f has no minimum.
DEPTH = 1e30
# Steps between two looks at the progress of a path.
LOOK = 16
# Steps without a new smallest f or |∇f| after which the path only changes last digits.
STALLED_STEPS = 20


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
        steps: The method: an iterator of points from a start, with None in between.
        request: Tolerance, number of steps and `trace_every`.
        start: The start, shape (n,).
        box: Bounds; |∇f| is then the norm of the projected gradient.
    """
    recorder = Recorder(request.trace_every, request.first_number, len(objective))
    if box is not None:
        start = box.project(start)
    first = Point(start, *objective.first(start))
    if not (math.isfinite(first.f) and np.isfinite(first.g).all()):
        # What takes milliseconds is not done on the event loop.
        yield Bunch(NO_STEPS)
        if objective.find(start):
            first = Point(start, *objective.first(start))
    point = first
    most = divergence_bound(_norm(first, box))
    made = 0
    progress = Progress(start)

    def end(reason: StopReason) -> End:
        norm = _norm(point, box)
        value = objective.sign * point.f
        recorder.add(made, objective.shown(point.x).tolist(), value, norm)
        begun = _norm(first, box)
        return End(
            reason,
            made,
            objective.shown(point.x),
            value,
            objective.sign * point.g,
            norm,
            begun,
            objective.sign * first.f,
            recorder.steps(),
            ahead=progress.displacement if reason is StopReason.DIVERGED else None,
        )

    path = steps(first)
    lowest, shortest, better = math.inf, math.inf, 0
    while True:
        norm = _norm(point, box)
        if point.f < lowest or norm < shortest:
            lowest, shortest, better = min(lowest, point.f), min(shortest, norm), made
        reason = _reason(request, point, first, norm, most, made)
        if reason is None and made - better > STALLED_STEPS:
            reason = StopReason.STALLED
        if reason is None and made % LOOK == LOOK - 1 and request.tolerance > 0.0 and box is None:
            progress.look(point.x, point.f, norm)
            if progress.displacement is not None and falls_for_ever(objective, point.x, progress.displacement):
                reason = StopReason.DIVERGED
        if reason is not None:
            return end(reason)
        if recorder.due(made):
            recorder.add(made, objective.shown(point.x).tolist(), objective.sign * point.f, norm)
        if recorder.ready:
            yield recorder.take()
        following = _next(path, point)
        while following is None:
            if recorder.ready:
                yield recorder.take()
            following = _next(path, point)
        if following is point:
            return end(StopReason.STALLED)
        point = following
        made += 1


def _next(path: Iterator[Point | None], end: Point) -> Point | None:
    # errstate must not be held across a yield, where it would also apply to the caller.
    with np.errstate(all="ignore"):
        return next(path, end)


def _norm(point: Point, box: Box | None) -> float:
    return norm(point.g if box is None else box.gradient(point))


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
