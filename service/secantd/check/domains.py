"""Where a claim is right.

A claim that is wrong somewhere may be right on a domain: sqrt(m/(2*V*q))/B where B > 0, 2/sqrt(1 - x^2) where |x| < 1/sqrt(2).
The domain is read off the points of the trial. It is one of these, the first that contains no point where the claim is wrong:

1. one variable is positive, or negative;
2. one variable, or its absolute value, is below or above a bound, which bisection finds; if the claim is right beyond the bound, too,
   that of the derivative may be next to 0: 1 for asin(sin(x)) where |x| < pi/2;
3. one variable is larger than another, or their product is positive;
4. several variables are positive;
5. in a maximum or minimum, one variable is larger, or smaller, than several others;
6. the variable of the derivative is between two bounds: 1 for acos(cos(x)) where 0 < x < pi.

Values that agree in doubles because both have reached a limit (tanh(x) and 1 beyond 20) would give bounds that nobody meant, so
that values next to a bound have to agree to 20 digits. A domain that the points of the trial suggest is tried at others, whose
coordinates are combined anew: it may be one variable's by chance.

A domain is usual if the author of a formula has it in mind without writing it: parameters are positive, and an identity of inverse
functions holds on the branch that contains 0. On a usual domain a claim is not refuted; the answer names the domain.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.check.clock import Clock
from secantd.check.edges import AGREE, ROUGH, common_edge
from secantd.check.trial import Trial
from secantd.check.verdict import Counterexample, number, point_text
from secantd.expression import reachable
from secantd.precise import UnsupportedError

__all__ = ["Region", "usual_region", "where_right"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# The same of values to 100 digits.
SHARP = 1e-20
# The fewest points at which a claim is right, or wrong, on either side of 0 and of another bound.
FEWEST, MANY = 3, 8
# The same on a domain outside which it is right, too, at some points.
PLENTY = 24
# Variables of which pairs are compared.
PAIRED = 4
# How many values next to a bound are computed to many digits.
LOOKS = 3
# How often the points are combined anew to try a domain.
SHUFFLES = 6
# Functions with a kink or a jump of their own: a claim that is right on one of their pieces misses the others.
PIECES = frozenset(
    {"abs", "sign", "ifelse", "pmax", "pmin", "max_of", "min_of", "floor", "ceiling", "trunc", "round", "%%", "%/%"}
)


@dataclass(frozen=True, slots=True)
class Region:
    """A domain on which a claim is right.

    Attributes:
        text: The condition, such as "B > 0".
        inside: Which points of the trial it contains, shape (N,).
        only: Whether the claim is wrong at all other points.
        usual: Whether an author has it in mind without writing it.
    """

    text: str
    inside: Mask
    only: bool
    usual: bool

    def __str__(self) -> str:
        return f"for {self.text} only" if self.only else f"for {self.text}, but not everywhere"


def where_right(trial: Trial, i: int, *, usual: bool = False) -> Region | None:
    """Return the domain on which the i-th claim is right, None where none is found.

    Args:
        trial: The claim at points, among them some where it is wrong.
        i: The position of the claim.
        usual: Whether only a usual domain is wanted; else one outside which the claim is wrong has precedence.
    """
    comparable = trial.comparable(i)
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(trial.claimed[i]), np.abs(trial.true[i]))
        right = comparable & (np.abs(trial.claimed[i] - trial.true[i]) <= AGREE * size)
        other_than_0 = right & (size > 0)
    wrong = comparable & ~right
    # Where both values are 0 they say little.
    right = other_than_0 if other_than_0.sum() >= FEWEST else right
    if right.sum() < FEWEST or wrong.sum() < FEWEST:
        return None
    first: Region | None = None
    for find in (signs, bounds, positive, ordered, between):
        for text, contains, is_usual in find(trial, i, right, wrong):
            inside = contains(trial.points)
            region = Region(text, inside, not (right & ~inside).any(), is_usual)
            if not region.only and (right & inside).sum() < PLENTY:
                continue
            if not right_elsewhere(trial, i, contains):
                continue
            if region.usual if usual else region.only:
                return region
            first = first or region
    return None if usual else first


# Which of some points, shape (n, N), are in a domain, shape (N,).
Contains = Callable[[Array], Mask]
# The text of a domain, its points, and whether it is usual.
Found = Iterator[tuple[str, Contains, bool]]


def right_elsewhere(trial: Trial, i: int, contains: Contains) -> bool:
    """Return whether the i-th claim is right at points of a domain whose coordinates are those of the trial, combined anew."""
    chance = np.random.default_rng(0)
    every = np.tile(trial.points, SHUFFLES)
    # Few of them are in a domain that is narrow in one variable.
    inside = chance.choice(trial.points[:, contains(trial.points)], every.shape[1], axis=1)
    fresh = np.where(chance.random(every.shape) < 0.5, chance.permuted(every, axis=1), chance.permuted(inside, axis=1))
    fresh = fresh[:, contains(fresh)]
    fresh = fresh[:, trial.assumed.hold(trial.order, fresh)]
    claimed, true = trial.values_at(i, fresh)
    with np.errstate(all="ignore"):
        wrong = np.abs(claimed - true) > ROUGH * np.maximum(np.abs(claimed), np.abs(true))
    suspicious = np.flatnonzero(wrong & np.isfinite(claimed) & np.isfinite(true))[:LOOKS]
    return not any(wrong_at(trial, i, fresh[:, j]) for j in suspicious)


def wrong_at(trial: Trial, i: int, point: Array) -> bool:
    """Return whether the i-th claim clearly differs from the derivative at a point, shape (n,); also where mpmath cannot tell."""
    at = dict(zip(trial.order, point.tolist(), strict=True))

    def differs() -> bool:
        values = to_many_digits(trial, i, at)
        if values is None:
            return True
        slope, value, noise = values
        # Infinite or NaN: at a kink there is no derivative.
        return bool(math.inf > abs(value - slope) > ROUGH * max(abs(slope), abs(value)) + noise)

    return trial.within(differs, True)


def row(k: int) -> Callable[[Array], Array]:
    return lambda p: p[k]


def half(feature: Callable[[Array], Array], relation: Callable[[Array, float], Mask], limit: float) -> Contains:
    """Return the set in which a number that belongs to a point is above or below a limit."""
    return lambda p: relation(feature(p), limit)


def signs(trial: Trial, i: int, right: Mask, wrong: Mask) -> Found:
    """Yield the half spaces, one variable above or below 0, in which the claim is right."""
    for k, (name, x) in enumerate(zip(trial.order, trial.points, strict=True)):
        for sign, side in ((">", 1.0), ("<", -1.0)):
            inside = side * x > 0
            if (right & inside).sum() >= FEWEST and not (wrong & inside).any():
                usual = sign == ">" and name != trial.variables[i]
                yield f"{name} {sign} 0", half(row(k), np.greater if side > 0 else np.less, 0.0), usual


def bounds(trial: Trial, i: int, right: Mask, wrong: Mask) -> Found:
    """Yield the sets in which a variable, its absolute value, a difference or a product is above or below a bound."""
    if right.sum() < MANY:
        return
    names = trial.order
    own = names.index(trial.variables[i]) if trial.variables[i] in names else -1
    smooth = not any(n.op in PIECES for n in reachable([trial.output]))
    features: list[tuple[str, Callable[[Array], Array], int]] = []
    for k, name in enumerate(names):
        features += [(f"|{name}|", lambda p, k=k: np.abs(p[k]), k), (name, lambda p, k=k: p[k], k)]  # type: ignore[misc]
    for a, b in combinations(range(min(len(names), PAIRED)), 2):
        features.append((f"{names[a]} - {names[b]}", lambda p, a=a, b=b: p[a] - p[b], -1))  # type: ignore[misc]
        features.append((f"{names[a]}*{names[b]}", lambda p, a=a, b=b: p[a] * p[b], -1))  # type: ignore[misc]
    for text, feature, k in features:
        values = feature(trial.points)
        good, bad = values[right], values[wrong]
        if bad.max() < good.min():
            above, nearest, other = True, int(np.flatnonzero(right)[good.argmin()]), float(bad.max())
        elif good.min() < bad.min() and (good.max() < bad.min() or (text.startswith("|") and k == own)):
            # |x| is below a bound, also where the claim is right at some points beyond it.
            good = good[good < bad.min()]
            above, nearest, other = False, int(np.flatnonzero(right)[values[right] == good.max()][0]), float(bad.min())
        else:
            continue
        kept = np.flatnonzero(right & (values >= good.min()) & (values <= good.max()))
        order = np.argsort(values[kept] if above else -values[kept], kind="stable")[:LOOKS]
        if not all(sharply_equal(trial, i, int(j)) for j in kept[order]):
            continue
        if k < 0:
            if (above and good.min() > 0 >= bad.max()) or (not above and good.max() < 0 <= bad.min()):
                first, sign, second = text.partition(" - ")
                shown = f"{first} {'>' if above else '<'} {second}" if sign else f"{text} {'>' if above else '<'} 0"
                yield shown, half(feature, np.greater if above else np.less, 0.0), False
            continue
        bound = common_edge(trial, i, k, [nearest, *kept[:: max(1, len(kept) // LOOKS)]], other, text.startswith("|"))
        if bound is None:
            continue
        shown = f"{text} {'>' if above else '<'} {bound}"
        branch = smooth and not above and text.startswith("|") and names[k] == trial.variables[i]
        limit = float(good.min() if above else good.max())
        yield shown, half(feature, np.greater_equal if above else np.less_equal, limit), branch


def positive(trial: Trial, i: int, right: Mask, wrong: Mask) -> Found:
    """Yield the set in which several variables are positive, as few as possible, that of the derivative last."""
    own = trial.variables[i]
    kept = sorted(range(len(trial.order)), key=lambda k: trial.order[k] != own)

    def quadrant(rows: list[int]) -> Contains:
        return lambda p: np.asarray((p[rows] > 0).all(axis=0))

    if len(kept) < 2:
        return
    for k in list(kept):
        fewer = [row for row in kept if row != k]
        if fewer and not (wrong & quadrant(fewer)(trial.points)).any():
            kept = fewer
    found = quadrant(kept)(trial.points)
    if (right & found).sum() >= MANY and not (wrong & found).any():
        names = [trial.order[k] for k in sorted(kept)]
        text = " and ".join(f"{name} > 0" for name in names)
        yield text, quadrant(kept), own not in names


def ordered(trial: Trial, i: int, right: Mask, wrong: Mask) -> Found:
    """Yield the set in which the variable of the derivative is larger, or smaller, than all others."""
    names = trial.order
    if trial.variables[i] not in names:
        return
    own = names.index(trial.variables[i])
    others = [k for k in range(len(names)) if k != own][:PAIRED]
    if len(others) < 2 or not any(n.op in ("pmax", "pmin") for n in reachable([trial.output])):
        return

    def beyond(sign: float) -> Contains:
        return lambda p: np.asarray((sign * (p[own] - p[others]) > 0).all(axis=0))

    for sign in (1.0, -1.0):
        gaps = sign * (trial.points[own] - trial.points[others])
        inside = beyond(sign)(trial.points)
        needed = all((wrong & (np.delete(gaps, k, axis=0) > 0).all(axis=0)).any() for k in range(len(others)))
        if (right & inside).sum() >= MANY and not ((wrong & inside) | (right & ~inside)).any() and needed:
            relation = ">" if sign > 0 else "<"
            yield " and ".join(f"{names[own]} {relation} {names[k]}" for k in others), beyond(sign), False


def between(trial: Trial, i: int, right: Mask, wrong: Mask) -> Found:
    """Yield the interval of the variable of the derivative that has the most points, all of them right."""
    if trial.variables[i] not in trial.order:
        return
    own = trial.order.index(trial.variables[i])
    x = trial.points[own]
    # np.unique and np.isin import numpy.ma.
    walls = np.sort(x[wrong])
    walls = walls[np.append(True, walls[1:] != walls[:-1])] if len(walls) else walls
    if len(walls) < 2:
        return
    # Between which two wrong values each right one is.
    gaps = np.searchsorted(walls, x[right])
    counts = np.bincount(gaps[walls[np.minimum(gaps, len(walls) - 1)] != x[right]], minlength=len(walls) + 1)
    widest = int(counts[1:-1].argmax()) + 1
    low, high = float(walls[widest - 1]), float(walls[widest])
    inside = (x > low) & (x < high)
    places = np.flatnonzero(right & inside)
    if len(places) < PLENTY:
        return
    order = places[np.argsort(x[places], kind="stable")]
    if not all(sharply_equal(trial, i, int(j)) for j in (*order[:LOOKS], *order[-LOOKS:])):
        return
    spread = [int(j) for j in order[:: max(1, len(order) // LOOKS)]]
    least, most = (
        common_edge(trial, i, own, [int(j), *spread], wall, False) for j, wall in ((order[0], low), (order[-1], high))
    )
    if least is not None and most is not None:
        first, last = x[order[0]], x[order[-1]]
        yield f"{least} < {trial.order[own]} < {most}", lambda p: (p[own] >= first) & (p[own] <= last), False


def sharply_equal(trial: Trial, i: int, j: int) -> bool:
    """Whether the i-th claim has the value of the derivative at the j-th point to many digits, as far as mpmath can tell."""
    return trial.within(lambda: equal_to_many_digits(trial, i, j), False)


def equal_to_many_digits(trial: Trial, i: int, j: int) -> bool:
    values = to_many_digits(trial, i, trial.place(j))
    if values is None:
        return False
    slope, value, noise = values
    if not value or not slope:
        # A small number is not 0, however small it is.
        return bool(value == slope)
    size = max(abs(slope), abs(value))
    return bool(abs(value - slope) <= SHARP * size + noise < 2 * SHARP * size)


def to_many_digits(trial: Trial, i: int, at: Mapping[str, float]) -> tuple[Any, Any, Any] | None:
    """Return the derivative and the i-th claim at a point to many digits, and their rounding error; None if mpmath lacks a function."""
    claim = trial.digits(trial.claims[i])
    if claim is None:
        return None
    try:
        (slope, noise), value = trial.truth(i, at), claim.value(at)
    except UnsupportedError:
        return None
    return slope, value, noise + claim.noise


def usual_region(trial: Trial, clock: Clock, sampled: Callable[[list[int]], list[int]]) -> tuple[Region | None, str]:
    """Return the usual domain on which all claims are right, and a notice about the rest; None if they fail inside it too.

    Args:
        trial: The claim at points.
        clock: The time.
        sampled: Chooses the points that are looked at closely.
    """
    texts: list[str] = []
    inside = np.ones(trial.points.shape[1], dtype=bool)
    only = True
    first: Counterexample | None = None
    for i in range(len(trial.claims)):
        places = trial.suspicious(i) if trial.has_exact[i] else []
        counterexample = trial.counterexample(i, sampled(places), clock) if places else None
        if counterexample is None:
            continue
        region = trial.within(lambda i=i: where_right(trial, i, usual=True), None, clock.left)  # type: ignore[misc]
        if region is None or region.inside[counterexample.index]:
            return None, ""
        texts += [t for t in region.text.split(" and ") if t not in texts]
        inside &= region.inside
        only = only and region.only
        first = first or counterexample
    if first is None:
        return None, ""
    found = Region(" and ".join(texts), inside, only, True)
    by = f" with respect to {trial.variables[first.position]}" if len(trial.variables) > 1 else ""
    finding = (
        f"the claim holds {found}: at {point_text(first.point)} it is {number(first.claimed, first.true)}, and the derivative{by} is "
        f"{number(first.true, first.claimed)}"
    )
    return found, finding
