"""The optima reached from many starts: which are equal, and which is best."""

from collections.abc import Sequence

import numpy as np

from secantd.descent.end import End
from secantd.descent.finding import kind_of
from secantd.descent.objective import Objective
from secantd.descent.request import Optimum, StopReason

__all__ = ["best_end", "distinct"]

ARRIVED = (StopReason.CONVERGED, StopReason.STALLED)
# Ends whose distance, relative to 1 + |x|, is smaller are equal: the tolerance of the gradient leaves x some uncertainty.
NEAR = 1e-3


def best_end(objective: Objective, ends: Sequence[End]) -> End:
    """Return the end with the best value among paths that converged, or else among those with finite values.

    Args:
        objective: f.
        ends: The ends of all paths.
    """

    def rank(end: End) -> tuple[bool, float]:
        value = objective.sign * end.value
        return end.reason not in ARRIVED, value if np.isfinite(value) else np.inf

    return min(ends, key=rank)


def distinct(objective: Objective, ends: Sequence[End]) -> tuple[Optimum, ...]:
    """Return the distinct optima of the paths that converged, best first, each with its number of starts.

    Args:
        objective: f.
        ends: The ends of all paths.
    """
    arrived = [e for e in ends if e.reason in ARRIVED and np.isfinite(e.value)]
    arrived.sort(key=lambda e: objective.sign * e.value)
    found: list[tuple[End, int]] = []
    for end in arrived:
        for i, (other, count) in enumerate(found):
            if np.max(np.abs(end.point - other.point)) <= NEAR * (1.0 + np.max(np.abs(other.point))):
                found[i] = (other, count + 1)
                break
        else:
            found.append((end, 1))
    return tuple(
        Optimum(tuple(e.point.tolist()), e.value, count, kind_of(objective, e.point).nature) for e, count in found
    )
