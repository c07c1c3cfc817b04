"""Newton's method, made safe: the Hessian is shifted until it is positive definite and the step is as long as
the quadratic model has earned (a trust region, Nocedal & Wright, algorithm 4.1 and §4.3).

Every variable is scaled by the root of its own curvature, the largest met so far (Moré 1978, as in MINPACK): the
shift means the same to a rate of 1e-6 and to a weight of 1e6.
"""

from collections.abc import Iterator

import numpy as np

from secantd.descent.objective import Objective, Vector
from secantd.descent.request import Newton
from secantd.descent.search import ROUNDING, Point, backtrack

__all__ = ["bounded_step", "steps"]

# The first radius, in parts of the scaled length of the start: the least that MINPACK advises.
FIRST = 0.1
# An eigenvalue of the scaled Hessian above is left alone.
DEFINITE = 1e-12
# The part of the promised fall of f that a step has to keep.
KEPT = 0.1
# The quadratic model is poor below, good above (Nocedal & Wright, algorithm 4.1).
POOR, GOOD = 0.25, 0.75


def steps(objective: Objective, method: Newton, start: Point) -> Iterator[Point | None]:
    """Yield the points of the path; None is a moment to stop at. Ends where no step makes f smaller."""
    point = start
    scale = np.zeros(len(start.x))
    radius = 0.0
    while True:
        hessian = objective.hessian(point.x)
        if not np.all(np.isfinite(hessian)):
            found = yield from backtrack(objective, point, -point.g)
            if found is None:
                return
            point = found
            yield point
            continue
        scale = np.maximum(scale, own_scale(hessian))
        unit = np.where(scale > 0.0, scale, 1.0)
        values, vectors = np.linalg.eigh(hessian / np.outer(unit, unit))
        slopes = vectors.T @ (point.g / unit)
        radius = radius or FIRST * (objective.norm(unit * point.x) or 1.0)
        while True:
            step = bounded_step(values, slopes, radius)
            promised = -float(slopes @ step + 0.5 * step @ (values * step))
            x = point.x + (vectors @ step) / unit
            if np.array_equal(x, point.x):
                return
            yield None
            f, g = objective.first(x)
            length = objective.norm(step)
            kept = (point.f - f) / promised if np.all(np.isfinite(g)) and promised > 0.0 else -1.0
            level = promised <= ROUNDING * abs(point.f) and objective.norm(g) < objective.norm(point.g)
            if not kept >= POOR and not level:
                radius = (0.25 if np.isfinite(kept) else 0.1) * min(radius, length)
            elif kept > GOOD and length > 0.8 * radius:
                radius *= 2.0
            if kept > KEPT or level:
                break
        point = Point(x, f, g)
        yield point


def own_scale(hessian: Vector) -> Vector:
    """Return the root of each variable's curvature, or of its strongest bond where it has none of its own."""
    diagonal = np.abs(np.diag(hessian))
    own: Vector = np.sqrt(np.where(diagonal > 0.0, diagonal, np.max(np.abs(hessian), axis=1)))
    return own


def bounded_step(values: Vector, slopes: Vector, radius: float) -> Vector:
    """Return the least of the model slopes·s + values·s²/2 within `radius` (Nocedal & Wright, §4.3).

    >>> bounded_step(np.array([-2.0, 1.0]), np.array([0.0, -0.5]), 1.0).round(3)
    array([0.986, 0.167])
    """
    if values[0] > DEFINITE:
        full: Vector = -slopes / values
        if float(np.linalg.norm(full)) <= radius:
            return full
    low = max(0.0, -float(values[0]))
    high = low + float(np.linalg.norm(slopes)) / radius + 1e-300
    edge = low + 1e-14 * max(1.0, low)
    step = -slopes / (values + edge)
    if np.linalg.norm(step) <= radius:
        # No shift makes it long enough: the rest goes along the lowest curvature.
        rest = np.sqrt(max(radius * radius - float(step @ step), 0.0))
        step[0] += rest if step[0] >= 0.0 else -rest
        return np.asarray(step)
    shift = low + 1e-3 * (high - low)
    for _ in range(60):
        step = -slopes / (values + shift)
        length = float(np.linalg.norm(step))
        if abs(length - radius) <= 1e-3 * radius:
            break
        low, high = (shift, high) if length > radius else (low, shift)
        # Newton's method for 1/radius - 1/length (Nocedal & Wright, (4.44)).
        bend = float(step @ (step / (values + shift)))
        if bend == 0.0:
            # Squares of steps this small are 0: no shift makes a difference.
            break
        shift += (length / radius - 1.0) * length * length / bend
        if not low < shift < high:
            shift = 0.5 * (low + high)
    return np.asarray(step)
