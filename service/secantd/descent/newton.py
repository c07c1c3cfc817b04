"""Newton's method, made safe: the Hessian is shifted until it is positive definite, the step is shortened until
Armijo's rule holds (Nocedal & Wright, §3.4).

The shift is made after every variable is scaled by the root of its own curvature, so that it means the same to
a rate of 1e-6 and to a weight of 1e6.
"""

from collections.abc import Iterator

import numpy as np

from secantd.descent.objective import Objective, Vector
from secantd.descent.request import Newton
from secantd.descent.search import Point, backtrack

__all__ = ["direction", "steps"]

# The smallest eigenvalue after the shift; after scaling the largest is between 1 and n.
SMALLEST = 1e-3
# An eigenvalue above is left alone: a definite Hessian gives Newton's own step.
DEFINITE = 1e-12


def direction(hessian: Vector, gradient: Vector) -> Vector:
    """Return -(H + shift)⁻¹ ∇f; steepest descent where the Hessian is not finite."""
    if not np.all(np.isfinite(hessian)):
        return -gradient
    diagonal = np.abs(np.diag(hessian))
    # A variable without curvature of its own is scaled by its strongest bond with others.
    scale = np.sqrt(np.where(diagonal > 0.0, diagonal, np.max(np.abs(hessian), axis=1)))
    scale[scale == 0.0] = 1.0
    values, vectors = np.linalg.eigh(hessian / np.outer(scale, scale))
    smallest = float(values[0])
    if smallest < DEFINITE:
        values = values + (SMALLEST - smallest)
    step: Vector = -(vectors @ ((vectors.T @ (gradient / scale)) / values)) / scale
    return step if np.all(np.isfinite(step)) else -gradient


def steps(objective: Objective, method: Newton, start: Point) -> Iterator[Point | None]:
    """Yield the points of the path; None is a moment to stop at. Ends where no step makes f smaller."""
    point = start
    while True:
        found = yield from backtrack(objective, point, direction(objective.hessian(point.x), point.g))
        if found is None:
            found = yield from backtrack(objective, point, -point.g)
        if found is None:
            return
        point = found
        yield point
