"""The witness "numeric": differences of f's own values. It uses no rule of differentiation."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.check.clock import CUT, Clock
from secantd.check.trial import AGREE, Difference, Trial
from secantd.check.verdict import Counterexample, Verdict, Witness, number
from secantd.numeric import richardson

__all__ = ["numeric"]

# A difference quotient with a larger relative error is no evidence.
SHARP = 1e-6
POINTS = 24
# The most numbers computed, and the shifted points for each partial: 12 for each of two initial steps.
NUMBERS = 20_000_000
SHIFTED = 24
# More partials are tried together, along directions that combine all of them with different weights.
MANY = 24
DIRECTIONS = 8
# Points that have to agree where the time was not sufficient for all of them.
FEW = 6
LATE = "it ran out of time"
INACCURATE = "there are not enough points at which differences of f are accurate enough"


def numeric(
    trial: Trial, clock: Clock, counterexample: Counterexample | None = None
) -> tuple[Witness, Counterexample | None]:
    """Return the opinion that follows from differences of f's values, and the point where the claim fails.

    Args:
        trial: The claim at points.
        clock: The time.
        counterexample: The point that another witness found, which is tried first.
    """
    if counterexample is not None:
        verdict, claimed, true = trial.closer_look(counterexample.position, counterexample.index)
        if verdict is Difference.DIFFERENT:
            return refuted(claimed, true), counterexample
    if len(trial.claims) > MANY:
        return together(trial, clock)
    agreed, worst, cut = [], 0.0, False
    share = NUMBERS // (SHIFTED * trial.cost * len(trial.claims))
    for i in range(len(trial.claims)):
        places = chosen_points(trial, i, max(3, min(POINTS, share)))
        found, gap, counterexample, in_time = one(trial, i, places, clock)
        cut = cut or not in_time
        if counterexample is not None:
            return refuted(counterexample.claimed, counterexample.true), counterexample
        if found < 0:
            message = (
                f"at {-found} points differences of f disagree with the claim, and with the rules of differentiation"
            )
            return Witness("numeric", Verdict.REFUTED, message), None
        agreed.append(found)
        worst = max(worst, gap)
    if not agreed or min(agreed) < trial.fewest:
        return Witness("numeric", Verdict.UNDECIDED, LATE if clock.over else INACCURATE), None
    points = "1 point" if min(agreed) == 1 else f"{min(agreed)} points"
    return Witness(
        "numeric", Verdict.AGREES,
        f"differences of f agree with the claim at {points}, to {agreeing_digits(worst)}{CUT * cut}",
    ), None  # fmt: skip


def refuted(claimed: float, true: float) -> Witness:
    """Return the opinion about a point at which the claim fails."""
    finding = f"differences of f give {number(true, claimed)} there, and the claim is {number(claimed, true)}"
    return Witness("numeric", Verdict.REFUTED, finding)


def chosen_points(trial: Trial, i: int, count: int) -> list[int]:
    """Return up to `count` points at which f and the claim have values: half of them the first ones, half from the
    rest."""
    places = np.flatnonzero(trial.generic & np.isfinite(trial.heights) & np.isfinite(trial.claimed[i])).tolist()
    half = (count + 1) // 2
    rest = places[half:]
    return [*places[:half], *rest[:: max(1, -(-len(rest) // max(1, count - half)))]]


def one(trial: Trial, i: int, places: Sequence[int], clock: Clock) -> tuple[int, float, Counterexample | None, bool]:
    """Return at how many points the i-th claim agrees, the largest relative difference there, a counterexample, and whether the time
    was sufficient for all points.

    The count is negative, the number of EDGE points, if these are more than the points at which the claim agrees.
    """
    agreed, worst = 0, 0.0
    doubtful = []
    in_time = True
    for j in places:
        if clock.over:
            in_time = False
            break
        slope, error = trial.slope(i, j)
        claimed = float(trial.claimed[i, j])
        if not math.isfinite(slope):
            continue
        gap, size = abs(claimed - slope), max(abs(claimed), abs(slope))
        allowed = 10 * error + AGREE * size
        if gap > allowed:
            doubtful.append(j)
        elif claimed == 0.0:
            agreed += 1
        elif allowed <= SHARP * size:
            agreed += 1
            worst = max(worst, gap / size)
    counterexample = trial.counterexample(i, doubtful[:POINTS], clock)
    if counterexample is None:
        # A kink is no evidence; equality to 100 digits is agreement; UNKNOWN points count against the others.
        looks = [trial.closer_look(i, j)[0] for j in doubtful if not clock.over]
        agreed += looks.count(Difference.EQUAL)
        edges = looks.count(Difference.EDGE)
        if len(looks) < len(doubtful) or (not in_time and agreed < FEW):
            # Where the time ran out, the points that agree may be those at which any claim does, such as 0.
            agreed = 0
        elif edges > agreed:
            agreed = -edges
        elif 2 * looks.count(Difference.UNKNOWN) > agreed:
            agreed = 0
    return agreed, worst, counterexample, in_time


def together(trial: Trial, clock: Clock) -> tuple[Witness, Counterexample | None]:
    """Try many partials at once: the slope of f along a direction has to be the claim times the direction."""
    agreed, worst, cut = 0, 0.0, False
    rows = [trial.order.index(v) for v in trial.variables]
    finite = np.isfinite(trial.heights) & np.isfinite(trial.claimed).all(axis=0)
    for j in np.flatnonzero(finite)[:DIRECTIONS].tolist():
        if clock.over:
            cut = True
            break
        place = trial.points[:, j]
        direction = np.zeros(len(place))
        # Different weights, so that wrong partials do not cancel, in proportion to the coordinates.
        weights = 0.5 + np.modf((np.arange(len(rows)) + j + 1) * 0.6180339887)[0]
        direction[rows] = weights * np.maximum(np.abs(place[rows]), 0.1)

        def along(columns: Sequence[np.ndarray], place: np.ndarray = place, d: np.ndarray = direction) -> np.ndarray:
            return trial.values(list(place[:, None] + np.outer(d, columns[0])))

        claimed = float(trial.claimed[:, j] @ direction[rows])
        with np.errstate(all="ignore"):
            slope, error = min((richardson(along, [0.0], 0, h) for h in (2.0**-5, 2.0**-9)), key=lambda f: f[1])
        size = max(abs(claimed), abs(slope))
        error += 64 * np.finfo(float).eps * abs(float(trial.heights[j])) * 2**14
        if not abs(claimed - slope) <= 10 * error + AGREE * size:
            counterexample = wrong_partial(trial, j, clock)
            if counterexample is not None:
                return refuted(counterexample.claimed, counterexample.true), counterexample
            if clock.over:
                return Witness("numeric", Verdict.UNDECIDED, LATE), None
        elif 10 * error + AGREE * size <= SHARP * size:
            agreed += 1
            worst = max(worst, abs(claimed - slope) / size)
    if not agreed:
        return Witness("numeric", Verdict.UNDECIDED, LATE if clock.over else INACCURATE), None
    along_them = f"differences of f agree with the claim along {agreed} direction{'s' * (agreed > 1)} in all variables"
    return Witness("numeric", Verdict.AGREES, f"{along_them}, to {agreeing_digits(worst)}{CUT * cut}"), None


def wrong_partial(trial: Trial, j: int, clock: Clock) -> Counterexample | None:
    """Return a counterexample to a single partial at the j-th point, None if none is found in time."""
    for i in range(len(trial.claims)):
        if clock.over:
            return None
        slope, error = trial.slope(i, j)
        claimed = float(trial.claimed[i, j])
        if math.isfinite(slope) and abs(claimed - slope) > 10 * error + AGREE * max(abs(claimed), abs(slope)):
            counterexample = trial.counterexample(i, [j], clock)
            if counterexample is not None:
                return counterexample
    return None


def agreeing_digits(gap: float) -> str:
    """Return to how many digits values agree.

    >>> agreeing_digits(3.2e-12), agreeing_digits(0.0)
    ('11 digits', 'the last digit')
    """
    return f"{min(16, math.floor(-math.log10(gap)))} digits" if gap > 1e-16 else "the last digit"
