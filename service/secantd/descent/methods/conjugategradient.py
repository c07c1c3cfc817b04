"""Conjugate gradients for any function: Polak-Ribière+ (Nocedal & Wright, §5.2)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.box import Box
from secantd.descent.methods.method import Searching
from secantd.descent.norm import norm, short
from secantd.descent.objective import Objective, Vector
from secantd.descent.search import Point, wolfe

__all__ = ["ConjugateGradient"]

# The second Wolfe constant that conjugate directions need (Nocedal & Wright, §5.2).
CURVATURE = 0.1


@dataclass(frozen=True, slots=True)
class ConjugateGradient(Searching):
    """Conjugate gradients: Polak-Ribière+."""

    title: ClassVar[str] = "conjugate gradients"

    def steps(self, objective: Objective, start: Point, box: Box | None) -> Iterator[Point | None]:
        """Yield the points of the path; see `Searching`."""
        point, direction = start, -start.g
        slope = float(direction @ point.g)
        # The first step has a length of at most 1; later ones have the first-order decrease of the step before (Nocedal &
        # Wright, §3.5).
        length = short(start.g)
        while True:
            found = yield from wolfe(objective, point, direction, initial=length, curvature=CURVATURE)
            if found is None:
                if slope == -float(point.g @ point.g):
                    return
                # Restart from here in the direction of steepest descent.
                direction, length = -point.g, short(point.g)
                slope = -float(point.g @ point.g)
                continue
            yield found
            beta = polak_ribiere(point.g, found.g)
            taken = norm(found.x - point.x) / norm(direction)
            direction = -found.g + beta * direction
            new_slope = float(direction @ found.g)
            if not new_slope < 0.0:
                direction = -found.g
                new_slope = -float(found.g @ found.g)
            if new_slope == 0.0:
                return
            length = taken * slope / new_slope
            if not 0.0 < length < math.inf:
                length = short(direction)
            point, slope = found, new_slope


def polak_ribiere(before: Vector, now: Vector) -> float:
    """Return g'(g - g₀)/g₀'g₀, at least 0 (Nocedal & Wright, (5.44), (5.45)); 0 where that is not finite.

    >>> import numpy as np
    >>> round(polak_ribiere(np.array([3e-170, 4e-170]), np.array([5e-170, 0.0])), 12)
    0.4
    """
    size = norm(before)
    before, now = before / size, now / size
    beta = float(now @ (now - before)) / float(before @ before)
    return max(0.0, beta) if math.isfinite(beta) else 0.0
