"""Limited-memory BFGS (Nocedal & Wright, algorithms 7.4, 7.5), with bounds by projection.

With bounds, variables with an active bound are fixed, the others make the quasi-Newton step, and the path is projected onto
the box (Bertsekas, SIAM J. Control Optim. 20 (1982)).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from secantd.descent.box import Box
from secantd.descent.methods.method import FROM_1, Searching, parameter
from secantd.descent.norm import SMALL, norm, short
from secantd.descent.objective import Objective, Vector
from secantd.descent.search import ARMIJO, LENGTHENINGS, LONGER, ROUNDING, Point, Search, wolfe

__all__ = ["Lbfgs"]

Pairs = deque[tuple[Vector, Vector]]

# As for BFGS: a pair (s, y) whose relative curvature is smaller is not used.
CURVED = 1e-10
# Halvings from 1 to the smallest double; they also end the search along a direction that is NaN.
HALVINGS = 1075


@dataclass(frozen=True, slots=True)
class Lbfgs(Searching):
    """Quasi-Newton with limited memory."""

    memory: int = parameter(10, FROM_1, "The number of past steps that are kept")

    title: ClassVar[str] = "L-BFGS"
    bounded: ClassVar[bool] = True

    def steps(self, objective: Objective, start: Point, box: Box | None) -> Iterator[Point | None]:
        """Yield the points of the path; see `Searching`."""
        point = start
        pairs: Pairs = deque(maxlen=max(1, self.memory))
        while True:
            free = np.ones(len(point.x)) if box is None else box.free(point)
            direction = -free * two_loops(pairs, free * point.g, free)
            if not float(direction @ point.g) < 0.0:
                pairs.clear()
                direction = -free * point.g
            length = 1.0 if pairs else short(direction)
            if box is None:
                found = yield from wolfe(objective, point, direction, initial=length)
            else:
                found = yield from bent(objective, point, direction, box, length, lengthen=not pairs)
            if found is None:
                if not pairs:
                    return
                pairs.clear()
                continue
            s, y = found.x - point.x, found.g - point.g
            if float(s @ y) > CURVED * norm(s) * norm(y):
                pairs.append((s, y))
            point = found
            yield point


def two_loops(pairs: Pairs, gradient: Vector, free: Vector) -> Vector:
    """Return the inverse Hessian of the pairs, restricted to the free variables, times `gradient`, shape (n,)."""
    q = gradient.copy()
    used = []
    for s, y in reversed(pairs):
        s, y = free * s, free * y
        sy = float(s @ y)
        if sy > SMALL**2 and float(y @ y) > SMALL**2:
            a = float(s @ q) / sy
            q -= a * y
            used.append((s, y, sy, a))
    if used:
        _, y, sy, _ = used[0]
        q *= sy / float(y @ y)
    for s, y, sy, a in reversed(used):
        q += (a - float(y @ q) / sy) * s
    return q


def bent(
    objective: Objective, start: Point, direction: Vector, box: Box, length: float, *, lengthen: bool = False
) -> Search:
    """Return the first point of the projected path that satisfies Armijo's rule, or None.

    Args:
        objective: f.
        start: The point from which to search.
        direction: The direction, shape (n,).
        box: The bounds.
        length: The first step length, in multiples of the direction.
        lengthen: Whether longer steps are tried while f falls, as the scale of the direction is not known.
    """

    def look(t: float) -> Point | None:
        """Return the point at length `t` if it is good enough."""
        x = box.project(start.x + t * direction)
        f, g = objective.first(x)
        promised = float(start.g @ (x - start.x))
        enough = start.f + ARMIJO * min(promised, 0.0)
        return Point(x, f, g) if np.all(np.isfinite(g)) and (f <= enough or _level(start, f, g, box, x)) else None

    t = length
    for _ in range(HALVINGS):
        yield None
        if np.array_equal(box.project(start.x + t * direction), start.x):
            return None
        found = look(t)
        if found is not None:
            break
        t *= 0.5
    else:
        return None
    for _ in range(LENGTHENINGS if lengthen and t == length else 0):
        t *= LONGER
        yield None
        longer = look(t)
        if longer is None or not longer.f < found.f:
            break
        found = longer
    return found


def _level(start: Point, f: float, g: Vector, box: Box, x: Vector) -> bool:
    """Whether f differs by rounding only and the gradient is shorter."""
    if not f <= start.f + ROUNDING * abs(start.f):
        return False
    here, before = box.gradient(Point(x, f, g)), box.gradient(start)
    return float(here @ here) < float(before @ before)
