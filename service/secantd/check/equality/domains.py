"""Points at which only one of two formulas has a value."""

from collections.abc import Callable

import numpy as np

from secantd.check.clock import Clock
from secantd.check.equality.trial import ValueTrial
from secantd.check.trial import Difference
from secantd.check.verdict import Counterexample, number, point_text

__all__ = ["notices_about_values", "without_values"]

# Points that are examined.
LOOKED_AT = 4


def without_values(trial: ValueTrial) -> Counterexample | None:
    """Return a point at which only one formula has a value, if there is no point at which both have one.

    Args:
        trial: The formulas at points.
    """
    for i in range(len(trial.claims)):
        claimed, true = np.isfinite(trial.claimed[i]), np.isfinite(trial.true[i])
        if (claimed & true).any():
            continue
        for only, has, none in ((true, trial.has_slope, trial.has_value), (claimed, trial.has_value, trial.has_slope)):
            places = np.flatnonzero(only).tolist()[:LOOKED_AT]
            needed = min(LOOKED_AT, trial.points.shape[1] if trial.order else 1)
            other = true if only is claimed else claimed
            alone = len(places) >= needed and not other.any()
            if alone and all(has(i, j) and not none(i, j) for j in places):
                j = places[0]
                return Counterexample(i, j, trial.place(j), float(trial.claimed[i, j]), float(trial.true[i, j]))
    return None


def notices_about_values(trial: ValueTrial, place: Callable[[int], str], clock: Clock) -> list[str]:
    """Return notices about points at which only one formula has a value.

    Args:
        trial: The formulas at points.
        place: How a sentence names the i-th component.
        clock: The time.
    """
    found: list[str] = []
    for i in range(len(trial.claims)):
        which = place(i)
        claimed, true = np.isfinite(trial.claimed[i]), np.isfinite(trial.true[i])
        kinds = (
            (true & ~claimed, trial.has_value, f"{which}the claim", "the function", trial.true[i], trial.outputs[i]),
            (claimed & ~true, trial.has_slope, f"{which}the function", "the claim", trial.claimed[i], trial.claims[i]),
        )
        for places, has, lacking, having, values, node in kinds:
            for j in np.flatnonzero(places)[:LOOKED_AT].tolist():
                if clock.over:
                    return found
                if not has(i, j) and trial.trusted(node, float(values[j]), j):
                    where = f"at {point_text(trial.place(j))}, where " if trial.order else "; "
                    found.append(
                        f"{lacking} has no value {where}{having} is {number(float(values[j]))}; the two were compared "
                        "where both have values"
                    )
                    break
        equal = any(look[0] is Difference.EQUAL for (position, _), look in trial.looks.items() if position == i)
        if not (claimed & true).any() and not equal:
            found.append("there is no point at which both formulas have values")
    return found
