"""Newton's method in a trust region: the Hessian is shifted until it is positive definite and the step fits the region
(Nocedal & Wright, algorithm 4.1 and §4.3).

Every variable is scaled by the root of the largest curvature so far in its direction (Moré 1978, as in MINPACK), so that
the shift suits a variable of size 1e-6 as well as one of size 1e6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from secantd.descent.box import Box
from secantd.descent.methods.method import Searching
from secantd.descent.norm import LARGE, SMALL, norm
from secantd.descent.objective import Objective, Vector
from secantd.descent.search import ROUNDING, Point, backtrack

__all__ = ["Newton", "bounded_step"]

# The first radius, relative to the scaled norm of the start: the smallest value that MINPACK recommends.
FIRST = 0.1
# If all eigenvalues of the scaled Hessian are larger, it needs no shift.
DEFINITE = 1e-12
# The fraction of the predicted decrease of f that a step has to reach.
KEPT = 0.1
# Fractions below which the quadratic model is poor and above which it is good (Nocedal & Wright, algorithm 4.1).
POOR, GOOD = 0.25, 0.75


@dataclass(frozen=True, slots=True)
class Newton(Searching):
    """Newton's method in a trust region, with the Hessian shifted until it is positive definite."""

    title: ClassVar[str] = "Newton's method"
    dense: ClassVar[bool] = True

    def steps(self, objective: Objective, start: Point, box: Box | None) -> Iterator[Point | None]:
        """Yield the points of the path; see `Searching`."""
        point = start
        scale = np.zeros(len(start.x))
        radius = 0.0
        while True:
            hessian = objective.hessian(point.x)
            scaled = hessian
            if np.all(np.isfinite(hessian)):
                scale = np.maximum(scale, own_scale(hessian))
                unit = np.where(scale > 0.0, scale, 1.0)
                scaled = hessian / np.outer(unit, unit)
            if not np.all(np.isfinite(scaled)):
                found = yield from backtrack(objective, point, -point.g)
                if found is None:
                    return
                point = found
                yield point
                continue
            values, vectors = np.linalg.eigh(scaled)
            slopes = vectors.T @ (point.g / unit)
            if radius == 0.0:
                away = norm(unit * point.x)
                # A start whose square vanishes counts as 0.
                radius = FIRST * (min(away, LARGE) if away > SMALL else 1.0)
                if objective.quadratic and values[0] > DEFINITE:
                    # The model is f itself: its minimum is one step away, however far.
                    radius = LARGE
                elif objective.costly and values[0] > DEFINITE:
                    # A step too far costs one evaluation, a region that doubles up to the minimum as many as it doubles.
                    radius = max(radius, norm(slopes / values))
            while radius > SMALL:
                step = bounded_step(values, slopes, radius)
                promised = -float(slopes @ step + 0.5 * step @ (values * step))
                x = point.x + (vectors @ step) / unit
                if np.array_equal(x, point.x):
                    return
                yield None
                f, g = objective.first(x)
                length = norm(step)
                kept = (point.f - f) / promised if np.all(np.isfinite(g)) and promised > 0.0 else -1.0
                level = promised <= ROUNDING * abs(point.f) and norm(g) < norm(point.g)
                if not kept >= POOR and not level:
                    radius = (0.25 if np.isfinite(kept) else 0.1) * min(radius, length)
                elif kept > GOOD and length > 0.8 * radius:
                    radius *= 2.0
                if kept > KEPT or level:
                    break
            else:
                return
            point = Point(x, f, g)
            yield point


def own_scale(hessian: Vector) -> Vector:
    """Return the root of each variable's curvature, or of its largest mixed partial where that is 0, shape (n,)."""
    diagonal = np.abs(np.diag(hessian))
    own: Vector = np.sqrt(np.where(diagonal > 0.0, diagonal, np.max(np.abs(hessian), axis=1)))
    return own


def bounded_step(values: Vector, slopes: Vector, radius: float) -> Vector:
    """Return the minimizer of the model slopes·s + values·s²/2 with |s| <= radius (Nocedal & Wright, §4.3).

    Args:
        values: The eigenvalues of the Hessian in ascending order, shape (n,).
        slopes: The gradient in the basis of the eigenvectors, shape (n,).
        radius: The radius of the trust region.

    >>> bounded_step(np.array([-2.0, 1.0]), np.array([0.0, -0.5]), 1.0).round(3)
    array([0.986, 0.167])
    """
    if values[0] > DEFINITE:
        full: Vector = -slopes / values
        if norm(full) <= radius:
            return full
    low = max(0.0, -float(values[0]))
    high = low + norm(slopes) / radius + 1e-300
    edge = low + 1e-14 * max(1.0, low)
    step = -slopes / (values + edge)
    if norm(step) <= radius:
        # No shift makes the step long enough: the rest is added along the direction of the lowest curvature.
        rest = np.sqrt(max(radius * radius - float(step @ step), 0.0))
        step[0] += rest if step[0] >= 0.0 else -rest
        return np.asarray(step)
    shift = low + 1e-3 * (high - low)
    for _ in range(60):
        step = -slopes / (values + shift)
        length = norm(step)
        if abs(length - radius) <= 1e-3 * radius:
            break
        low, high = (shift, high) if length > radius else (low, shift)
        # Newton's method for 1/radius - 1/length (Nocedal & Wright, (4.44)).
        bend = float(step @ (step / (values + shift)))
        if bend == 0.0:
            # The squares of such small steps are 0, so that no shift has an effect.
            break
        shift += (length / radius - 1.0) * length * length / bend
        if not low < shift < high:
            shift = 0.5 * (low + high)
    return np.asarray(step)
