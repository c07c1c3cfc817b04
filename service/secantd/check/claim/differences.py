"""The witness "numeric": differences of f's own values. It knows no rule of the calculus."""

import math
from collections.abc import Sequence

import numpy as np

from secantd.check.claim.answers import Failure, Verdict, Witness, number
from secantd.check.claim.clock import Clock
from secantd.check.claim.trial import AGREE, Difference, Trial
from secantd.numeric import richardson

__all__ = ["numeric"]

# A difference that may be off by more of itself bears nothing out.
SHARP = 1e-6
POINTS = 24
# Numbers computed: 12 shifted points for each partial, from two starting steps.
NUMBERS = 20_000_000
SHIFTED = 24
# More partials are tried together, along directions in which each has its own weight.
MANY = 24
DIRECTIONS = 8


def numeric(trial: Trial, clock: Clock, failure: Failure | None = None) -> tuple[Witness, Failure | None]:
    """Return what differences of f's values say of the claim, and where it fails.

    Args:
        trial: The claim at points.
        clock: The time.
        failure: Where another witness found that the claim fails: there it is looked first.
    """
    if failure is not None:
        verdict, claimed, true = trial.looked_at(failure.position, failure.index)
        if verdict is Difference.DIFFERENT:
            return refuted(claimed, true), failure
    if len(trial.claims) > MANY:
        return together(trial, clock)
    agreed, worst = [], 0.0
    share = NUMBERS // (SHIFTED * trial.cost * len(trial.claims))
    for i in range(len(trial.claims)):
        places = chosen(trial, i, max(3, min(POINTS, share)))
        found, gap, failure = one(trial, i, places, clock)
        if failure is not None:
            return refuted(failure.claimed, failure.true), failure
        if found < 0:
            message = f"values of f differ from the claim at {-found} points, and from what the rules give"
            return Witness("numeric", Verdict.REFUTED, message), None
        agreed.append(found)
        worst = max(worst, gap)
    if not agreed or not min(agreed):
        return Witness("numeric", Verdict.UNDECIDED, "no point where differences are sharp enough to tell"), None
    points = "1 point" if min(agreed) == 1 else f"{min(agreed)} points"
    return Witness("numeric", Verdict.AGREES, f"differences of f agree at {points}, to {shown(worst)}"), None


def refuted(claimed: float, true: float) -> Witness:
    """Return the opinion at the place where the claim fails."""
    said = f"values of f say {number(true, claimed)} there, the claim {number(claimed, true)}"
    return Witness("numeric", Verdict.REFUTED, said)


def chosen(trial: Trial, i: int, count: int) -> list[int]:
    """Return up to `count` places at which f and the claim have values: the first half in their order, the rest
    from everywhere."""
    places = np.flatnonzero(np.isfinite(trial.heights) & np.isfinite(trial.claimed[i])).tolist()
    half = (count + 1) // 2
    rest = places[half:]
    return [*places[:half], *rest[:: max(1, -(-len(rest) // max(1, count - half)))]]


def one(trial: Trial, i: int, places: Sequence[int], clock: Clock) -> tuple[int, float, Failure | None]:
    """Return at how many places the i-th claim agrees, how far it is off there, and where it fails.

    The count is below 0 where it agrees at fewer places than those at which our own rules are contradicted too.
    """
    agreed, worst = 0, 0.0
    doubtful = []
    for j in places:
        if clock.over:
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
    failure = trial.failure(i, doubtful[:POINTS], clock)
    if failure is None:
        # A kink says nothing, what is equal to 100 digits agrees, and what cannot be told speaks against the rest.
        looks = [trial.looked_at(i, j)[0] for j in doubtful if not clock.over]
        agreed += looks.count(Difference.EQUAL)
        edges = looks.count(Difference.EDGE)
        if edges > agreed:
            agreed = -edges
        elif 2 * looks.count(Difference.UNKNOWN) > agreed:
            agreed = 0
    return agreed, worst, failure


def together(trial: Trial, clock: Clock) -> tuple[Witness, Failure | None]:
    """Try many partials at once: the slope of f along a direction is the claim's product with it."""
    agreed, worst = 0, 0.0
    rows = [trial.order.index(v) for v in trial.variables]
    finite = np.isfinite(trial.heights) & np.isfinite(trial.claimed).all(axis=0)
    for j in np.flatnonzero(finite)[:DIRECTIONS].tolist():
        if clock.over:
            break
        place = trial.points[:, j]
        direction = np.zeros(len(place))
        # Weights of their own, so that wrong partials do not cancel; small beside what they move.
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
            failure = wrong_partial(trial, j, clock)
            if failure is not None:
                return refuted(failure.claimed, failure.true), failure
        elif 10 * error + AGREE * size <= SHARP * size:
            agreed += 1
            worst = max(worst, abs(claimed - slope) / size)
    if not agreed:
        return Witness("numeric", Verdict.UNDECIDED, "no point where differences are sharp enough to tell"), None
    along_them = f"differences of f agree along {agreed} direction{'s' * (agreed > 1)} through all variables"
    return Witness("numeric", Verdict.AGREES, f"{along_them}, to {shown(worst)}"), None


def wrong_partial(trial: Trial, j: int, clock: Clock) -> Failure | None:
    """Return the partial that fails at the j-th point, where one is found in time."""
    for i in range(len(trial.claims)):
        if clock.over:
            return None
        slope, error = trial.slope(i, j)
        claimed = float(trial.claimed[i, j])
        if math.isfinite(slope) and abs(claimed - slope) > 10 * error + AGREE * max(abs(claimed), abs(slope)):
            failure = trial.failure(i, [j], clock)
            if failure is not None:
                return failure
    return None


def shown(gap: float) -> str:
    """Return how well values agree.

    >>> shown(3.2e-12), shown(0.0)
    ('11 digits', 'the last digit')
    """
    return f"{min(16, math.floor(-math.log10(gap)))} digits" if gap > 1e-16 else "the last digit"
