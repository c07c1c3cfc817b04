"""BFGS with a dense inverse Hessian (Nocedal & Wright, algorithm 6.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from secantd.descent.box import Box
from secantd.descent.methods.method import Searching
from secantd.descent.norm import SMALL, short
from secantd.descent.objective import Objective, Vector
from secantd.descent.search import Point, wolfe

__all__ = ["Bfgs", "updated"]

# A pair (s, y) whose relative curvature is smaller is not used.
CURVED = 1e-10


@dataclass(frozen=True, slots=True)
class Bfgs(Searching):
    """Quasi-Newton with a dense inverse Hessian."""

    title: ClassVar[str] = "BFGS"
    dense: ClassVar[bool] = True

    def steps(self, objective: Objective, start: Point, box: Box | None) -> Iterator[Point | None]:
        """Yield the points of the path; see `Searching`."""
        point = start
        inverse: Vector | None = None
        while True:
            direction = -point.g if inverse is None else -(inverse @ point.g)
            if not float(direction @ point.g) < 0.0:
                inverse, direction = None, -point.g
            length = 1.0
            if inverse is None:
                # The first step has a length of at most 1, as the scale is not yet known.
                length = short(direction)
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
    """Return the updated inverse Hessian (Nocedal & Wright, (6.17)).

    Args:
        inverse: The inverse Hessian so far, shape (n, n); None at the beginning.
        s: The step, shape (n,).
        y: The change of the gradient, shape (n,).
    """
    ss, sy, yy = float(s @ s), float(s @ y), float(y @ y)
    # Squares that have lost their digits are not used.
    if not (sy > CURVED * float(np.sqrt(ss) * np.sqrt(yy)) and min(ss, sy, yy) > SMALL**2):
        return inverse
    if inverse is None:
        # The scale of the first matrix (Nocedal & Wright, (6.20)).
        inverse = np.eye(len(s)) * (sy / yy)
    hy = inverse @ y
    outer = np.outer(s, hy)
    result: Vector = inverse + (1.0 + float(y @ hy) / sy) / sy * np.outer(s, s) - (outer + outer.T) / sy
    return result
