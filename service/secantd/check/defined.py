"""Where only the claim, or only the derivative, has a value."""

import math

import numpy as np

from secantd.check.clock import Clock
from secantd.check.trial import Difference, Trial
from secantd.check.verdict import Counterexample, number, point_text
from secantd.precise import Sides, UnsupportedError

__all__ = ["notices_about_domains"]


def notices_about_domains(trial: Trial, counterexample: Counterexample | None, clock: Clock) -> list[str]:
    """Return notices about points at which only the claim or only the derivative has a value, and about kinks."""
    notices = []
    for i, name in enumerate(trial.variables):
        if clock.over:
            break
        claimed, true = np.isfinite(trial.claimed[i]), np.isfinite(trial.true[i])
        defined = np.isfinite(trial.heights)
        by = f" for {name}" if len(trial.variables) > 1 else ""
        smaller = [int(j) for j in np.flatnonzero(defined & true & ~claimed)[:LOOKED_AT]]
        smaller = [j for j in smaller if not trial.has_value(i, j)]
        if smaller and (counterexample is None or counterexample.position != i):
            notices.append(
                f"the claim{by} has no value at {point_text(trial.place(smaller[0]))}, where the derivative is "
                f"{number(float(trial.true[i, smaller[0]]))}; the two were compared where both have values"
            )
        nowhere = np.isnan(trial.true[i]) & trial.has_exact[i]
        larger = [int(j) for j in np.flatnonzero(claimed & nowhere)[:LOOKED_AT]]
        larger = [j for j in larger if not has_slope(trial, i, j)]
        if larger:
            what = "derivative" if np.isfinite(trial.heights[larger[0]]) else "value"
            notices.append(
                f"the claim{by} has a value at {point_text(trial.place(larger[0]))}, where the function has no {what}"
            )
        if counterexample is None:
            notices += not_compared(trial, i)
    return list(dict.fromkeys(notices))[:10]


def has_slope(trial: Trial, i: int, j: int) -> bool:
    """Whether f has a derivative at the j-th point, where that in doubles is NaN: a double may overflow on the way."""
    function = trial.digits(trial.output)
    at, name = trial.place(j), trial.variables[i]

    def smooth() -> bool:
        assert function is not None
        if function.mp.isfinite(function.slope(name, at)):
            return True
        if not np.isfinite(trial.heights[j]):
            return False
        # At the end of a domain the derivative is that from one side.
        sides = [side.value for side in Sides(trial.output, trial.graph.columns, at).of([name]) if side.defined]
        return len(sides) == 1 and sides[0] is not None and math.isfinite(sides[0])

    if function is not None:
        try:
            return trial.within(smooth, True)
        except UnsupportedError:
            return True
    known = math.isfinite(trial.heights[j]) and math.isfinite(trial.slope(i, j)[0])
    return bool(known and not trial.has_kink(i, j))


# Points at which the domain of the claim is examined.
LOOKED_AT = 4


def not_compared(trial: Trial, i: int) -> list[str]:
    """Return notices about points at which the i-th claim differs from the derivative without being wrong."""
    for j in trial.suspicious(i)[:LOOKED_AT]:
        trial.closer_look(i, j)
    looks = [(j, look[0]) for (position, j), look in trial.looks.items() if position == i]
    sentences = {
        Difference.NO_DERIVATIVE: "the function has no derivative at {}, so the claim was not compared there",
        Difference.EDGE: "at {} differences of f disagree with the rules for its pieces, so the claim was not compared there",
    }
    found = {}
    for j, look in looks:
        if look in sentences and look not in found:
            found[look] = sentences[look].format(point_text(trial.place(j)))
    return list(found.values())
