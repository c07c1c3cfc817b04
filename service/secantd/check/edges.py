"""Bounds of the domain on which a claim is right, found by bisection."""

import math
import re
from collections.abc import Sequence

from secantd.check.trial import Trial
from secantd.check.verdict import constant_text

__all__ = ["AGREE", "ROUGH", "common_edge"]

# The largest relative difference of two doubles that are equal.
AGREE = 1e-7
# The same next to a bound.
ROUGH = 1e-3
HALVINGS = 45
# The relative distance from a constant at which a bound is taken for it, and the largest denominator of that constant.
NEAR, SIMPLE = 2e-5, 12


def common_edge(trial: Trial, i: int, k: int, places: Sequence[int], other: float, absolute: bool) -> str | None:
    """Return the bound of a variable that is the same from several points where the claim is right; None if it is not.

    A bound that depends on other variables is none of this one alone: x > 1/sqrt(1 - z^2).
    """
    first: str | None = None
    for j in dict.fromkeys(places):
        found = edge(trial, i, k, j, other, absolute)
        if found is None or not (first is None or found == first or close(found, first)):
            return None
        first = first or found
    return first


def close(a: str, b: str) -> bool:
    """Return whether two texts are numbers that differ by rounding."""
    try:
        return math.isclose(float(a), float(b), rel_tol=ROUGH, abs_tol=ROUGH)
    except ValueError:
        return False


def edge(trial: Trial, i: int, k: int, nearest: int, other: float, absolute: bool) -> str | None:
    """Return the bound of a variable between a point where the claim is right and the value of one where it is wrong.

    None where the claim is right up to that value, and there. Next to the bound rounding may grow, or the two values may differ by
    little. Bisection therefore runs with a small and with a large tolerance, and a bound that has a short name is preferred.
    """
    found = []
    wall = math.copysign(other, trial.points[k, nearest]) if absolute else other
    for agree in (AGREE, ROUGH):
        point = trial.points[:, nearest].copy()
        good, bad = float(point[k]), wall
        for _ in range(HALVINGS):
            point[k] = middle = good + (bad - good) / 2
            if trial.right_at(i, point, agree):
                good = middle
            else:
                bad = middle
        point[k] = wall
        if bad == wall and trial.right_at(i, point, agree):
            return None
        found.append(0.0 if abs(good) < AGREE else abs(good) if absolute else good)
    if abs(found[1]) < NEAR < abs(found[0]):
        # The first one is where rounding begins.
        return "0"
    named = [text for c in found for text in (constant_text(c, NEAR, SIMPLE),) if "." not in text and "e-" not in text]
    # As in a formula.
    return re.sub(r"\be\b", "exp(1)", named[0]).replace("2 pi", "2*pi") if named else f"{found[0]:.4g}"
