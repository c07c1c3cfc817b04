"""Whether a small gradient belongs to a critical point nearby, or to a tail of f that becomes level.

Newton's method for ∇f = 0 tells them apart. Close to a critical point, also a degenerate one such as that of x^20, its steps
shrink by a constant factor; along exp(-x), 1/x or the tail of a normal density they do not shrink.
"""

from typing import NamedTuple

import numpy as np

from secantd.descent.bowl import spectrum
from secantd.descent.norm import norm
from secantd.descent.objective import WORTH, Objective, Vector

__all__ = ["Settled", "Tail", "is_flat", "settle"]

# Newton's steps, and the mean factor of the later ones below which they shrink: x^n has (n - 2)/(n - 1).
STEPS, SHRINKS = 24, 0.97
# The part of ∇f after which the steps end, before rounding errors become as large, and the fewest steps that show whether
# they shrink.
FALLEN, FEWEST = 1e-6, 6
# A critical point is near if it is within so many first steps.
WITHIN = 50.0
# Eigenvalues below this part of the largest one are 0.
SINGULAR = 1e-14
# The distances, in units of 1 + |x|, at one of which f has to be constant, and the most variables along which it is looked at.
AROUND, FEW = (1e-3, 1e-6), 50


class Settled(NamedTuple):
    """A critical point near the end of a path, shape (n,)."""

    point: Vector


class Tail(NamedTuple):
    """A gradient that vanishes only far away, in `direction`, shape (n,)."""

    direction: Vector


def settle(objective: Objective, x: Vector) -> Settled | Tail | None:
    """Return where the small gradient at `x` leads, None if that is not known.

    Args:
        objective: f.
        x: A point, shape (n,).
    """
    if not objective.dense or STEPS * len(x) * objective.work > WORTH:
        return None
    y = x
    lengths: list[float] = []
    first = norm(objective.first(x)[1])
    for _ in range(STEPS):
        _, g = objective.first(y)
        h = objective.hessian(y)
        if not (np.all(np.isfinite(g)) and np.all(np.isfinite(h))):
            # Far out the precision of f may be lost.
            break
        if not (norm(g) > FALLEN * first and np.any(h)):
            break
        values, vectors = spectrum(h)
        size = float(np.max(np.abs(values)))
        kept = np.abs(values) > SINGULAR * size
        parts = np.where(kept, vectors.T @ g, 0.0) / np.where(kept, values, 1.0)
        step = -(vectors @ parts)
        length = norm(step)
        if not np.isfinite(length):
            return None
        lengths.append(length)
        y = y + step
        if length <= 1e-12 * (1.0 + norm(y)):
            return _near(x, y, lengths)
    middle, final = len(lengths) // 2, len(lengths) - 1
    if final < FEWEST or lengths[final] <= SHRINKS ** (final - middle) * lengths[middle]:
        return _near(x, y, lengths) if lengths else None
    last = norm(objective.first(y)[1])
    # The gradient has to vanish on the way, and the path to keep its direction.
    straight = norm(y - x) > 0.5 * sum(lengths)
    return Tail(y - x) if straight and last < 0.5 * first else None


def _near(x: Vector, y: Vector, lengths: list[float]) -> Settled | None:
    return Settled(y) if norm(y - x) <= WITHIN * lengths[0] else None


def is_flat(objective: Objective, x: Vector) -> bool:
    """Whether f is constant around `x`, shape (n,)."""
    here = objective.first(x)[0]
    units = [*np.eye(len(x)), *-np.eye(len(x))] if len(x) <= FEW else []
    directions = [*units, np.cos(np.arange(len(x)) + 1.0)]

    def constant(distance: float) -> bool:
        around = (objective.first(x + distance * (1.0 + np.abs(x)) * d) for d in directions)
        return all(f == here and not np.any(g) for f, g in around)

    return any(map(constant, AROUND))
