"""What is found out about f at the end of a path: the nature of a critical point, a kink, a plateau, no minimum at all."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from secantd.calculus.results import Nature
from secantd.descent import curvature
from secantd.descent.box import Box
from secantd.descent.end import End
from secantd.descent.kink import kink
from secantd.descent.methods import Bfgs
from secantd.descent.norm import norm
from secantd.descent.objective import WORTH, Objective, Vector
from secantd.descent.request import Bunch, DescentRequest, Finding, StopReason
from secantd.descent.settling import Settled, Tail, is_flat, settle
from secantd.descent.slope import falls_for_ever, is_steeper_ahead, rays_end
from secantd.descent.walk import walk

__all__ = ["Found", "examined", "kind_of"]

# Steps of the search for a kink near the end of a path that has not converged, and how far away it may be, in units of
# 1 + |x|.
SEARCH, AWAY = 200, 0.1
# The end of a path that has diverged is a direction if it is so far away.
DISTANT = 1e15
# The distance, in units of 1 + |x|, at which a jump is looked for, and its size, in units of what the gradient predicts.
BESIDE, JUMP = 1e-7, 1e3
# The most variables for that search.
MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What is known about f at the end of a path.

    Attributes:
        nature: The kind of the critical point or kink, None if there is none or it is not known.
        finding: What else was found out.
        slope: The part of ∇f that is the same everywhere, shape (n,).
        direction: The direction in which f becomes level, shape (n,), or falls without bound.
        limit: The value at which f becomes level, or the lowest value found further away.
        point: The kink near a path that jumps across it, shape (n,), else None.
        flat: Whether f is constant around the point.
        jumps: Whether f jumps to lower values next to the point.
    """

    nature: Nature | None = None
    finding: Finding | None = None
    slope: Vector | None = None
    direction: Vector | None = None
    limit: float | None = None
    point: Vector | None = None
    flat: bool = False
    jumps: bool = False


def examined(objective: Objective, request: DescentRequest, end: End, slope: Vector | None, box: Box | None) -> Found:
    """Return what is found out about f at the end of a path.

    Args:
        objective: f.
        request: The request.
        end: The end of the path.
        slope: The part of ∇f that is the same everywhere, if there is one.
        box: The bounds.
    """
    with np.errstate(all="ignore"):
        if slope is not None:
            return Found(finding=Finding.UNBOUNDED, slope=objective.sign * slope, direction=-slope)
        if end.reason is StopReason.NOT_FINITE:
            return Found()
        if end.reason is StopReason.DIVERGED:
            return _diverged(objective, end, box)
        if box is not None and (box.holds(end.point) or end.reason is StopReason.STEPS_SPENT):
            return Found()
        if end.reason is StopReason.CONVERGED:
            return kind_of(objective, end.point)
        found = _unfinished(objective, request, end)
        if end.reason is StopReason.STALLED and found.finding is None and curvature.exhausted(objective, end.point):
            return replace(found, nature=curvature.nature(objective, end.point))
        return found


def kind_of(objective: Objective, x: Vector) -> Found:
    """Return what is found out about f at a point with a small gradient.

    Args:
        objective: f.
        x: The point, shape (n,).
    """
    corner = kink(objective, x)
    if corner is not None:
        return Found(corner.nature, Finding.KINK)
    nature = curvature.nature(objective, x)
    if nature is not None or not objective.dense:
        wanted = Nature.MINIMUM if objective.sign > 0.0 else Nature.MAXIMUM
        jumps = nature is wanted and objective.bowl is None and curvature.jumps_nearby(objective, x)
        return Found(jumps=True) if jumps else Found(nature)
    if is_flat(objective, x):
        return Found(finding=Finding.PLATEAU, flat=True)
    where = settle(objective, x)
    if isinstance(where, Tail):
        return _tail(objective, x, where)
    if len(x) > 1:
        return Found()
    centre = float((where.point if isinstance(where, Settled) else x)[0])
    away = max(10.0 * abs(centre - float(x[0])), 1e-3 * (1.0 + abs(centre)))
    return Found(curvature.nature_by_sides(objective, centre, away))


def _tail(objective: Objective, x: Vector, tail: Tail) -> Found:
    """Return what is found out where ∇f vanishes far away only."""
    ray = rays_end(objective, x, tail.direction)
    if ray is not None and ray[0]:
        return Found(finding=Finding.UNBOUNDED, direction=tail.direction)
    if ray is not None:
        return Found(finding=Finding.RUNS_AWAY, direction=tail.direction, limit=objective.sign * ray[1])
    return Found(finding=Finding.PLATEAU, direction=tail.direction)


def _diverged(objective: Objective, end: End, box: Box | None) -> Found:
    """Return UNBOUNDED if f falls without bound from the end on, or has fallen far."""
    fallen = objective.sign * (end.start_value - end.value)
    if not fallen > 0.0:
        return Found()
    if end.ahead is not None:
        return Found(finding=Finding.UNBOUNDED, direction=end.ahead)
    if norm(end.point) > DISTANT:
        return Found(finding=Finding.UNBOUNDED, direction=end.point)
    down = -objective.sign * end.gradient
    if box is not None:
        down = box.open_part(down)
    if falls_for_ever(objective, end.point, down) or fallen > 1e10 * (1.0 + abs(end.start_value)):
        return Found(finding=Finding.UNBOUNDED, direction=down)
    return Found()


def _unfinished(objective: Objective, request: DescentRequest, end: End) -> Found:
    """Return what is found out at the end of a path that has stalled, or has spent its steps."""
    wanted = Nature.MAXIMUM if request.maximize else Nature.MINIMUM
    corner = kink(objective, end.point)
    if corner is not None and corner.nature is wanted:
        return Found(wanted, Finding.KINK)
    if request.tolerance == 0.0:
        return Found()
    down = -objective.sign * end.gradient
    if falls_for_ever(objective, end.point, down):
        return Found(finding=Finding.UNBOUNDED, direction=down)
    if objective.bowl is not None:
        return Found()
    where = settle(objective, end.point)
    if isinstance(where, Tail):
        found = _tail(objective, end.point, where)
        if found.finding is not Finding.PLATEAU or is_steeper_ahead(objective, end.point, -down):
            return found
    near = _near_kink(objective, request, end, wanted)
    if near is not None:
        return Found(finding=Finding.KINK, point=near)
    if end.reason is StopReason.STALLED and _jumps_ahead(objective, end):
        return Found(jumps=True)
    # Other paths pass kinks on their way.
    here = corner is not None and end.reason is StopReason.STALLED
    return Found(corner.nature, Finding.KINK) if corner is not None and here else Found()


def _jumps_ahead(objective: Objective, end: End) -> bool:
    """Whether f jumps to higher values next to the end of a path, in the direction in which it should fall."""
    distance = BESIDE * (1.0 + norm(end.point))
    there = objective.first(end.point - objective.sign * distance / end.norm * end.gradient)[0]
    rise = there - objective.sign * end.value
    return rise > JUMP * distance * end.norm + 1e-9 * abs(end.value)


def _near_kink(objective: Objective, request: DescentRequest, end: End, wanted: Nature) -> Vector | None:
    """Return the minimum at a kink that a search from the end of a path finds nearby, if there is one."""
    n = len(end.point)
    if n > MOST or 4 * SEARCH * objective.work > WORTH or end.norm <= 10.0 * request.tolerance:
        return None
    silent = replace(request, max_steps=SEARCH, trace_every=SEARCH + 1, bounds=())
    path = walk(objective, partial(Bfgs().steps, objective, box=None), silent, end.point, None)
    best = _last(path).point
    # A path that returns to the same points stays on both sides of the kink, however far away.
    if end.reason is not StopReason.STALLED and not norm((best - end.point) / (1.0 + np.abs(best))) <= AWAY:
        return None
    corner = kink(objective, best)
    return best if corner is not None and corner.nature is wanted else None


def _last(path: Generator[Bunch, None, End]) -> End:
    while True:
        try:
            next(path)
        except StopIteration as stop:
            end: End = stop.value
            return end
