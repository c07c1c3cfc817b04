"""Limited-memory BFGS (Nocedal & Wright, algorithms 7.4, 7.5), with bounds by projection.

Inside bounds the variables that stand at a bound and are pushed against it are held, the others take the
quasi-Newton step, and the path is bent along the bounds (Bertsekas, SIAM J. Control Optim. 20 (1982)).
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from secantd.descent.box import Box
from secantd.descent.objective import Objective, Vector
from secantd.descent.request import Lbfgs
from secantd.descent.search import ARMIJO, ROUNDING, Point, Search, wolfe

__all__ = ["steps"]

Pairs = deque[tuple[Vector, Vector]]

# As in BFGS: a pair without curvature is left out.
CURVED = 1e-10


def steps(objective: Objective, method: Lbfgs, start: Point, box: Box | None) -> Iterator[Point | None]:
    """Yield the points of the path; None is a moment to stop at. Ends where no step makes f smaller."""
    point = start
    pairs: Pairs = deque(maxlen=max(1, method.memory))
    while True:
        free = np.ones(len(point.x)) if box is None else box.free(point)
        direction = -free * two_loops(pairs, free * point.g, free)
        if not float(direction @ point.g) < 0.0:
            pairs.clear()
            direction = -free * point.g
        length = 1.0 if pairs else min(1.0, 1.0 / max(objective.norm(direction), 1e-300))
        if box is None:
            found = yield from wolfe(objective, point, direction, initial=length)
        else:
            found = yield from bent(objective, point, direction, box, length)
        if found is None:
            if not pairs:
                return
            pairs.clear()
            continue
        s, y = found.x - point.x, found.g - point.g
        if float(s @ y) > CURVED * objective.norm(s) * objective.norm(y):
            pairs.append((s, y))
        point = found
        yield point


def two_loops(pairs: Pairs, gradient: Vector, free: Vector) -> Vector:
    """Return the inverse Hessian of the pairs, among the free variables, times `gradient`."""
    q = gradient.copy()
    used = []
    for s, y in reversed(pairs):
        s, y = free * s, free * y
        sy = float(s @ y)
        if sy > 0.0:
            a = float(s @ q) / sy
            q -= a * y
            used.append((s, y, sy, a))
    if used:
        _, y, sy, _ = used[0]
        q *= sy / float(y @ y)
    for s, y, sy, a in reversed(used):
        q += (a - float(y @ q) / sy) * s
    return q


def bent(objective: Objective, start: Point, direction: Vector, box: Box, length: float) -> Search:
    """Return the first point of the projected path that makes f smaller by Armijo's rule, or None."""
    t = length
    while True:
        yield None
        x = box.project(start.x + t * direction)
        if np.array_equal(x, start.x):
            return None
        f, g = objective.first(x)
        promised = float(start.g @ (x - start.x))
        enough = start.f + ARMIJO * min(promised, 0.0)
        if np.all(np.isfinite(g)) and (f <= enough or _level(start, f, g, box, x)):
            return Point(x, f, g)
        t *= 0.5


def _level(start: Point, f: float, g: Vector, box: Box, x: Vector) -> bool:
    """Whether f differs by rounding only and the gradient is shorter."""
    if not f <= start.f + ROUNDING * abs(start.f):
        return False
    here, before = box.gradient(Point(x, f, g)), box.gradient(start)
    return float(here @ here) < float(before @ before)
