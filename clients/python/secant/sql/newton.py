"""Newton's method with step halving for an objective whose every evaluation is a query."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["End", "Point", "newton"]

Vector = NDArray[np.float64]
# x, order -> f, gradient, Hessian; what the order does not contain may be anything.
Objective = Callable[[Vector, int], tuple[float, Vector, Vector]]

# Eigenvalues of the Hessian, scaled to a unit diagonal, below which it is singular.
SINGULAR: Final = 1e-11
HALVINGS: Final = 40
# The part of the predicted decrease that a step has to reach (Armijo; Nocedal & Wright, §3.1), and the rounding of f.
ARMIJO, ROUNDING = 1e-4, 1e-13
# A step of less than a tenth of a standard error that is not shorter than half of the one before, and along which the curvature
# has fallen to this part of what it was at the start, leads to no minimum: f falls like an exponential.
FLAT, SHORT = 1e-6, 0.1
# Steps in a row at which f has no direction with the curvature of a minimum.
CONCAVE: Final = 5
# A step is at most this much longer than the one before where the Hessian is not definite.
GROWTH: Final = 10.0


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the path.

    Attributes:
        x: The point, shape (n,).
        f: The value.
        g: The gradient, shape (n,).
        h: The Hessian, shape (n, n).
        halvings: How often the step that led here was halved.
        length: The length of the next step in standard errors, the root of g·H⁻¹g.
    """

    x: Vector
    f: float
    g: Vector
    h: Vector
    halvings: int = 0
    length: float = float("nan")


@dataclass(frozen=True, slots=True)
class End:
    """How the method ended: a reason, and for SINGULAR, SADDLE and DIVERGED the direction that matters, shape (n,)."""

    reason: str
    direction: Vector | None = None


def newton(objective: Objective, start: Vector, tolerance: float, max_steps: int) -> Iterator[Point | End]:
    """Yield the points of a minimization, and its end.

    Args:
        objective: The function to minimize.
        start: Where to start, shape (n,).
        tolerance: The method ends where the next step is not longer than this many standard errors.
        max_steps: The most steps.

    >>> def bowl(x, order):
    ...     return float(x @ x), 2.0 * x, 2.0 * np.eye(2)
    >>> *points, end = newton(bowl, np.array([1.0, 2.0]), 1e-10, 9)
    >>> end.reason, points[-1].x
    ('CONVERGED', array([0., 0.]))
    """
    with np.errstate(all="ignore"):
        yield from path(objective, start, tolerance, max_steps)


def path(objective: Objective, start: Vector, tolerance: float, max_steps: int) -> Iterator[Point | End]:
    """Yield the points and the end; arguments as for `newton`."""
    f, g, h = objective(start, 2)
    point = Point(start, f, g, h)
    if not finite(f, g, h):
        yield point
        yield End("NOT_FINITE")
        return
    first, before, concave = h, np.inf, 0
    for k in range(max_steps + 1):
        unit = scale(point.h)
        values, vectors = np.linalg.eigh(point.h / np.outer(unit, unit))
        slopes = vectors.T @ (point.g / unit)
        definite = values[0] > SINGULAR
        size = np.maximum(np.abs(values), SINGULAR)
        step = -(vectors @ (slopes / size)) / unit
        length = float(np.sqrt(np.sum(slopes * slopes / size)))
        point = Point(point.x, point.f, point.g, point.h, point.halvings, length)
        yield point
        if definite and length <= tolerance:
            yield End("CONVERGED")
            return
        if not definite and np.all(np.abs(point.g / unit) <= tolerance * np.sqrt(np.maximum(1.0, abs(point.f)))):
            # No slope and no curvature, or a saddle.
            yield End("SINGULAR" if values[0] > -SINGULAR else "SADDLE", vectors[:, 0] / unit)
            return
        concave = concave + 1 if values[-1] <= SINGULAR else 0
        if concave == CONCAVE:
            yield End("CONCAVE")
            return
        if definite and length < SHORT and flat(step, before, point.h, first):
            yield End("DIVERGED", step)
            return
        if k == max_steps:
            yield End("STEPS_SPENT")
            return
        if not definite and np.isfinite(before):
            step *= min(1.0, GROWTH * before / float(np.linalg.norm(step)))
        found = searched(objective, point, step)
        if found is None:
            yield End("SINGULAR" if not definite else "STALLED", vectors[:, 0] / unit)
            return
        before = float(np.linalg.norm(found.x - point.x))
        point = found


def searched(objective: Objective, point: Point, step: Vector) -> Point | None:
    """Return the point after a step, halved until f falls enough; None if it never does."""
    slope = float(point.g @ step)
    for halvings in range(HALVINGS):
        x = point.x + step * 0.5**halvings
        # A full step is accepted nearly always, and its derivatives are then those of the next step.
        f, g, h = objective(x, 0 if halvings else 2)
        enough = f <= point.f + ARMIJO * slope * 0.5**halvings + ROUNDING * abs(point.f)
        if enough and halvings:
            f, g, h = objective(x, 2)
        if enough and finite(f, g, h):
            return Point(x, f, g, h, halvings)
    return None


def scale(hessian: Vector) -> Vector:
    """Return the roots of the absolute diagonal, 1 where it is 0, shape (n,)."""
    diagonal = np.abs(np.diag(hessian))
    return np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))


def flat(step: Vector, before: float, now: Vector, first: Vector) -> bool:
    """Return whether f falls without end along a step."""
    was = float(step @ first @ step)
    return float(np.linalg.norm(step)) > 0.5 * before and was > 0.0 and float(step @ now @ step) < FLAT * was


def finite(f: float, g: Vector, h: Vector) -> bool:
    return bool(np.isfinite(f) and np.all(np.isfinite(g)) and np.all(np.isfinite(h)))
