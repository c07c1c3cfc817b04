"""The witness "ball": enclosures of claims and slopes by ball arithmetic (python-flint, the extra `proof`).

At some points of a trial the claim and the slope of f are enclosed by balls, which contain them for certain; the slope comes from jets of
f, so neither our rules of differentiation nor rounding have a part in it. Enclosures that are apart refute a claim as a theorem does.
If a number may be rounded, two kinds of difference are ignored: one up to AGREE of the size, as in `trial`, and one that the last
digits of decimals explain, which are spread as far as `trial` allows. If all numbers are exact, every difference counts. If a kink,
a jump or the edge of a domain is inside a ball, nothing is known, and the point does not count.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from secantd.balls import Balls, Enclosure, NoBallsError, installed
from secantd.check.clock import CUT, Clock
from secantd.check.difference import Difference, Look
from secantd.check.trial import AGREE, SHAKEN, Trial
from secantd.check.verdict import Counterexample, Verdict, Witness, number
from secantd.expression import Node

__all__ = ["NOT_INSTALLED", "ball", "ball_equal", "decide_rounding"]

NOT_INSTALLED = 'python-flint is not installed on the server; install it: pip install "secant[proof]"'
# The points, and those beside a proof.
POINTS, BESIDE = 40, 8
# The most operations on balls, a microsecond each or more; with more than so many at the fewest points nothing is tried.
WORK, MOST_WORK = 60_000, 600_000
# The relative uncertainty of decimals: 100 units of the last place, as in a closer look of `trial`.
SPREAD = 100 * SHAKEN
# Numbers that were rounded when they were read.
ROUNDED = 8 * SHAKEN
# Values that differ by less are equal, though they may be 0.
VANISHES = 1e-200
BITS = 128
LATE = "it ran out of time"
FEW = "there are not enough points at which {} have enclosures"


@dataclass(slots=True)
class Found:
    """What has been found at points so far.

    Attributes:
        agreed: For each claim at how many points the enclosures agree.
        bound: The largest difference that they allow there, relative to values above 1.
        relative: Whether there are such values.
        counterexample: A point at which they are apart.
        within: The largest uncertainty of its two values.
        complete: Whether all points were tried.
    """

    agreed: list[int]
    bound: float = 0.0
    relative: bool = False
    counterexample: Counterexample | None = None
    within: float = 0.0
    complete: bool = False


class Pair:
    """Balls of functions and claims, and again with uncertain decimals.

    Args:
        trial: The claims at points.
        outputs: The functions: one of which slopes are taken, or one for each claim.
        spread: The relative uncertainty of decimals.
        rounded: The numbers that have it; None: all decimals.

    Raises:
        NoBallsError: A formula has no balls.
    """

    def __init__(
        self, trial: Trial, outputs: Sequence[Node], spread: float, rounded: frozenset[float] | None = None
    ) -> None:
        def balls(nodes: Sequence[Node]) -> Balls:
            columns = trial.graph.columns
            return Balls(nodes, columns, BITS, spread=spread, rounded=rounded, cautious=True)

        self.function, self.claims = balls(outputs), balls(trial.claims)


def decide_rounding(trial: Trial) -> None:
    """Let balls decide where a closer look finds a difference, as 100 digits may be lost, too, or where it decides nothing."""
    if not installed():
        return
    pairs: list[Pair] = []

    def looked(i: int, j: int, found: Look) -> Look:
        if not pairs:
            pairs.append(Pair(trial, [trial.output], 0.0))
        pair, at = pairs[0], trial.place(j)
        if pair.function.cost * 2 + pair.claims.cost > MOST_WORK:
            return found
        claimed, true = pair.claims.at(at)[i], pair.function.jet(trial.variables[i], at)[0][1]
        verdict = compared(claimed, true, agree(trial))
        if verdict is Difference.DIFFERENT and found[0] is Difference.UNKNOWN and not trial.inexact:
            return verdict, claimed.double(), true.double()
        return (verdict, *found[1:]) if verdict is Difference.EQUAL else found

    def decided(i: int, j: int, found: Look) -> Look:
        if found[0] not in (Difference.DIFFERENT, Difference.UNKNOWN):
            return found
        try:
            return trial.within(lambda: looked(i, j, found), found)
        except NoBallsError:
            return found

    trial.decided = decided


def agree(trial: Trial) -> float:
    """Return the relative difference up to which a claim and a slope count as equal."""
    return AGREE if trial.inexact else 0.0


def ball(
    trial: Trial, clock: Clock, counterexample: Counterexample | None = None, *, proved: bool = False
) -> tuple[Witness, Counterexample | None]:
    """Return the opinion that follows from enclosures of slopes, and a point where the claim fails.

    Args:
        trial: The claim at points.
        clock: The time.
        counterexample: The point that another witness found, which is tried first.
        proved: Whether algebra proves the claim: fewer points are tried.
    """
    return asked(trial, [trial.output], "the claim and the derivative", "the derivative", clock, counterexample, proved)


def ball_equal(
    trial: Trial,
    outputs: Sequence[Node],
    clock: Clock,
    counterexample: Counterexample | None = None,
    *,
    proved: bool = False,
    rounded: frozenset[float] = frozenset(),
) -> tuple[Witness, Counterexample | None]:
    """Return the opinion about formulas that are claimed to be equal to others; as `ball`.

    Args:
        trial: The formulas and claims at points.
        outputs: The formulas.
        clock: The time.
        counterexample: The point that another witness found.
        proved: Whether algebra proves the claim.
        rounded: Numbers that were rounded when they were read.
    """
    return asked(trial, outputs, "both formulas", "the function", clock, counterexample, proved, rounded)


def asked(
    trial: Trial, outputs: Sequence[Node], both: str, true: str, clock: Clock, counterexample: Counterexample | None,
    proved: bool, rounded: frozenset[float] | None = None,
) -> tuple[Witness, Counterexample | None]:  # fmt: skip
    """Return an opinion; `true` names what the claim has to be, `both` it and the claim."""
    if not installed():
        return Witness("ball", Verdict.UNDECIDED, NOT_INSTALLED), None
    found = Found([0] * len(trial.claims))
    most = BESIDE if proved else POINTS
    try:
        trial.within(lambda: tried(found, trial, outputs, clock, counterexample, most, rounded), None, clock.left)
    except NoBallsError as error:
        return Witness("ball", Verdict.UNDECIDED, str(error)), None
    failing = found.counterexample
    if failing is not None:
        one, other = number(failing.true, failing.claimed), number(failing.claimed, failing.true)
        within = f", to within {upwards(found.within)}" if found.within else ""
        return Witness(
            "ball", Verdict.REFUTED, f"{true} is certainly {one} there, and the claim {other}{within}"
        ), failing
    agreed = min(found.agreed)
    if agreed < trial.fewest:
        return Witness("ball", Verdict.UNDECIDED, FEW.format(both) if found.complete else LATE), None
    points = f"at {agreed} points " if agreed > 1 else ""
    cut = CUT * (not found.complete)
    if not found.bound:
        return Witness("ball", Verdict.AGREES, f"{points}{both} are equal for certain{cut}"), None
    relative = ", relative to values above 1" * found.relative
    finding = f"{points}the enclosures of {both} differ by less than {upwards(found.bound)}{relative}{cut}"
    return Witness("ball", Verdict.AGREES, finding), None


def tried(
    found: Found, trial: Trial, outputs: Sequence[Node], clock: Clock, counterexample: Counterexample | None, most: int,
    rounded: frozenset[float] | None,
) -> None:  # fmt: skip
    """Compare enclosures at points until the time is up, and write down what is found."""
    slopes = rounded is None
    sharp = Pair(trial, outputs, 0.0)
    loose: Pair | None = None
    cost = sharp.function.cost * (2 * len(trial.claims) if slopes else 1) + sharp.claims.cost
    if cost * trial.fewest > MOST_WORK:
        raise NoBallsError("it is too large")
    unsure = bool(getattr(trial, "jumps", False))
    for j in places(trial, counterexample, max(trial.fewest, min(most, WORK // cost))):
        if clock.over:
            return
        at = trial.place(j)
        claims = sharp.claims.at(at)
        values = [] if slopes else sharp.function.at(at)
        for i, claimed in enumerate(claims):
            here = counterexample is not None and (i, j) == (counterexample.position, counterexample.index)
            if not (here or (np.isfinite(trial.claimed[i, j]) and np.isfinite(trial.heights[j]))):
                continue
            true = sharp.function.jet(trial.variables[i], at)[0][1] if slopes else values[i]
            looked = compared(claimed, true, agree(trial) if slopes else 0.0)
            if looked is Difference.DIFFERENT and (here or not unsure):
                # Decimals that were rounded explain what is left of a difference.
                spread = SPREAD * trial.inexact if slopes else ROUNDED if rounded else 0.0
                if spread:
                    loose = loose or Pair(trial, outputs, spread, rounded)
                    wide = loose.claims.at(at)[i]
                    other = loose.function.jet(trial.variables[i], at)[0][1] if slopes else loose.function.at(at)[i]
                    looked = compared(wide, other, agree(trial) if slopes else 0.0)
                if looked is Difference.DIFFERENT:
                    if slopes and not trial.inexact and trial.closer_look(i, j)[0] is Difference.EQUAL:
                        # It is less than AGREE, and a closer look allows that much for rounded numbers.
                        trial.looks[i, j] = looked, claimed.double(), true.double()
                    found.counterexample = Counterexample(i, j, at, claimed.double(), true.double())
                    found.within = max(width(claimed), width(true))
                    return
            elif looked is Difference.EQUAL:
                found.agreed[i] += 1
                size = max(1.0, min(claimed.size()[0], true.size()[0]))
                found.relative = found.relative or size > 1.0
                gap = claimed.distance(true)[1]
                found.bound = max(found.bound, math.nextafter(gap / size, math.inf) if gap else 0.0)
    found.complete = True


def compared(claimed: Enclosure, true: Enclosure, agree: float) -> Difference:
    """Return whether two enclosures are apart by more than a share of their size, or as narrow as that and together."""
    if not (claimed.known and true.known):
        return Difference.UNKNOWN
    low, high = claimed.distance(true)
    (least, largest), (other, another) = claimed.size(), true.size()
    if low > agree * max(largest, another):
        return Difference.DIFFERENT
    if high <= max(AGREE * max(least, other), VANISHES):
        return Difference.EQUAL
    return Difference.UNKNOWN


def places(trial: Trial, counterexample: Counterexample | None, most: int) -> list[int]:
    """Return points to try: that of a counterexample, the first ones at which both have values, and some of the rest."""
    comparable = np.zeros(trial.points.shape[1], dtype=bool)
    for i in range(len(trial.claims)):
        comparable |= np.isfinite(trial.claimed[i]) & np.isfinite(trial.heights)
    # The trial of an equality has no such points.
    comparable &= getattr(trial, "generic", True)
    found = np.flatnonzero(comparable).tolist()
    half = (most + 1) // 2
    rest = found[half:]
    chosen = [*found[:half], *rest[:: max(1, -(-len(rest) // max(1, most - half)))]]
    first = [] if counterexample is None else [counterexample.index]
    return [*first, *[j for j in chosen if j not in first]]


def width(found: Enclosure) -> float:
    """Return the width of an enclosure, rounded upwards."""
    return found.distance(found)[1]


def upwards(value: float) -> str:
    """Return a bound above 0 with one digit, not below it.

    >>> upwards(2.1e-31), upwards(9.5e-31), upwards(0.25)
    ('3e-31', '1e-30', '3e-1')
    """
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    if Fraction(f"{mantissa}e{exponent}") < Fraction(value):
        mantissa, exponent = ("1", str(int(exponent) + 1)) if mantissa == "9" else (str(int(mantissa) + 1), exponent)
    return f"{mantissa}e{int(exponent)}"
