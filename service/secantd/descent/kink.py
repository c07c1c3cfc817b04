"""Kinks: points where the gradient jumps, recognized by gradients around a point.

A point is stationary, also at a kink, if some weighted mean of the gradients around it is 0 (Clarke 1983, 2.3.2). So the
shortest vector in the convex hull of sampled gradients is computed (Burke, Lewis, Overton, SIAM J. Optim. 15 (2005)), by
Wolfe's algorithm (Math. Program. 11 (1976)). The gradients of a smooth function differ in proportion to the distance of the
samples; at a kink they differ by as much at a thousandth of the distance.
"""

from typing import NamedTuple

import numpy as np

from secantd.calculus.results import Nature
from secantd.descent.norm import norm
from secantd.descent.objective import WORTH, Objective, Vector
from secantd.numeric import shortest

__all__ = ["Kink", "kink"]

# Distances of the samples, in units of 1 + |x|, and the part of the gradient's jump that has to remain at the smaller one.
FAR, NEAR, REMAINS = 1e-5, 1e-8, 0.5
# A shortest vector is 0 if it is less than this part of the longest gradient.
STATIONARY = 1e-3
# Rounds of the search for further gradients, for each variable, and halvings of the distance in each.
SEARCHES, HALVINGS = 10, 6
# Directions besides those of the axes.
FURTHER = 8
# The most variables for which kinks are looked for.
MOST = 50
# Rounding errors of f, in units of its last digit.
ROUNDING = 16.0


class Kink(NamedTuple):
    """A point where the gradient of f jumps; `nature` is None if f falls along the kink, or if f is nowhere known to rise."""

    nature: Nature | None


def kink(objective: Objective, x: Vector) -> Kink | None:
    """Return what kind of kink f has at `x`, None if it has none there, or if that is not known.

    Args:
        objective: f.
        x: The point, shape (n,).
    """
    if len(x) > MOST or objective.bowl is not None:
        return None
    directions = _directions(len(x))
    if 2 * (len(directions) + SEARCHES * len(x)) * objective.work > WORTH:
        return None
    near = _Around(objective, x, NEAR, directions)
    far = _Around(objective, x, FAR, directions)
    if not (near.finite and far.finite):
        return None
    if not (near.jump >= REMAINS * far.jump and near.jump > STATIONARY * max(near.longest, far.longest)):
        return None
    if not (near.is_stationary() and far.is_stationary()):
        return Kink(None)
    least = ROUNDING * np.finfo(float).eps * abs(far.here)
    rises = bool(np.any(far.values > far.here + least))
    falls = bool(np.any(far.values < far.here - least))
    if rises == falls:
        return Kink(Nature.SADDLE if rises else None)
    return Kink(Nature.MINIMUM if rises == (objective.sign > 0.0) else Nature.MAXIMUM)


class _Around:
    """Values and gradients of f on all sides of a point, at a distance in units of 1 + |x|.

    Attributes:
        here: f at the point.
        values: f at the samples, shape (m,).
        gradients: The gradients there, shape (m, n).
        finite: Whether all of them are finite.
        longest: The length of the longest gradient.
        jump: The largest difference of gradients on opposite sides.
    """

    def __init__(self, objective: Objective, x: Vector, radius: float, directions: Vector) -> None:
        self.objective, self.x = objective, x
        self.radius, self.unit = radius, 1.0 + np.abs(x)
        self.here = objective.first(x)[0]
        samples = [self.at(d) for d in directions]
        self.values = np.array([f for f, _ in samples])
        self.gradients = np.array([g for _, g in samples])
        self.longest = max(map(norm, self.gradients))
        self.finite = bool(np.all(np.isfinite(self.values)) and np.isfinite(self.longest) and self.longest > 0.0)
        half = len(directions) // 2
        self.jump = max(map(norm, self.gradients[:half] - self.gradients[half:])) if self.finite else 0.0

    def at(self, d: Vector) -> tuple[float, Vector]:
        """Return f and its gradient, in units of 1 + |x|, at the distance `radius` d."""
        f, g = self.objective.first(self.x + self.radius * self.unit * d)
        return f, self.unit * g

    def is_stationary(self) -> bool:
        """Whether some mean of the gradients is 0.

        While the shortest vector is not 0, f is looked at in the direction against it. If f does not fall there as this
        vector predicts, there is another gradient on the way, which is added.
        """
        gradients = self.gradients / self.longest
        for _ in range(SEARCHES * len(self.x)):
            against = shortest(gradients)
            length = norm(against)
            if length <= STATIONARY:
                return True
            t = 1.0
            for _ in range(HALVINGS):
                f, g = self.at(-t / length * against)
                if not float(g @ against) / self.longest > 0.5 * length * length:
                    break
                if f < self.here - 0.25 * t * self.radius * length * self.longest:
                    return False
                t *= 0.5
            else:
                return False
            gradients = np.vstack([gradients, g / self.longest])
        return False


def _directions(n: int) -> Vector:
    """Return directions to sample, shape (2k, n): the second half is opposite to the first."""
    further = np.random.default_rng(1).choice([-1.0, 1.0], (FURTHER, n)) if n > 1 else np.empty((0, n))
    half = np.concatenate([np.eye(n), further])
    return np.concatenate([half, -half])
