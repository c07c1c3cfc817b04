"""BFGS with a dense inverse Hessian (Nocedal & Wright, algorithm 6.1)."""

from collections.abc import Iterator

import numpy as np

from secantd.descent.objective import Objective, Vector
from secantd.descent.request import Bfgs
from secantd.descent.search import Point, wolfe

__all__ = ["steps"]

# A pair whose curvature is below this part of its length would spoil the matrix.
CURVED = 1e-10


def steps(objective: Objective, method: Bfgs, start: Point) -> Iterator[Point | None]:
    """Yield the points of the path; None is a moment to stop at. Ends where no step makes f smaller."""
    point = start
    inverse: Vector | None = None
    while True:
        direction = -point.g if inverse is None else -(inverse @ point.g)
        if not float(direction @ point.g) < 0.0:
            inverse, direction = None, -point.g
        length = 1.0
        if inverse is None:
            # The first step is of length 1 at most: nothing is known of the scale.
            length = min(1.0, 1.0 / max(objective.norm(point.g), 1e-300))
        found = yield from wolfe(objective, point, direction, initial=length)
        if found is None:
            if inverse is None:
                return
            inverse = None
            continue
        inverse = updated(inverse, found.x - point.x, found.g - point.g)
        point = found
        yield point


def updated(inverse: Vector | None, s: Vector, y: Vector) -> Vector | None:
    """Return the inverse Hessian after a step s that changed the gradient by y (Nocedal & Wright, (6.17))."""
    sy, yy = float(s @ y), float(y @ y)
    if not sy > CURVED * float(np.sqrt(s @ s) * np.sqrt(yy)):
        return inverse
    if inverse is None:
        # The scale of the first matrix (Nocedal & Wright, (6.20)).
        inverse = np.eye(len(s)) * (sy / yy)
    hy = inverse @ y
    outer = np.outer(s, hy)
    result: Vector = inverse + (1.0 + float(y @ hy) / sy) / sy * np.outer(s, s) - (outer + outer.T) / sy
    return result
