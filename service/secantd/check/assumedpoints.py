"""The points at which two formulas are compared: those of Check, moved into what is assumed."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.check.assumptions import Assumptions, Bounds
from secantd.check.points import candidates
from secantd.expression import Node

__all__ = ["points"]

Array = NDArray[np.float64]

# More points where the assumptions leave fewer than these, and how many are tried at once, and how often.
FEWEST, TRIED, TIMES = 24, 4096, 4
# An open bound is not approached more than this, relative to the length of an interval.
INSIDE = 1e-3
# Whole numbers up to this have both neighbours among the doubles.
WHOLE = 1e15


def points(
    nodes: Sequence[Node], variables: Sequence[str], at: Mapping[str, float], assumptions: Assumptions, most: int
) -> Array:
    """Return points that satisfy the assumptions, shape (n, N); N may be 0.

    Args:
        nodes: The formulas.
        variables: The coordinates, n names, which include those of the assumptions.
        at: The caller's point; empty: none.
        assumptions: The assumptions.
        most: The largest N.

    >>> from secantd.check.assumptions import read_assumptions
    >>> from secantd.settings import Limits
    >>> points([], ["n"], {}, read_assumptions(["n even", "n > 3"], None, Limits()), 5)
    array([[ 4.,  6., 10., 12.,  8.]])
    """
    found = candidates(nodes, variables, at, most)
    if not assumptions:
        return found
    moved = [moved_into(found[k], assumptions.bounds.get(name)) for k, name in enumerate(variables)]
    kept = satisfying(np.array(moved).reshape(found.shape), variables, assumptions)
    for more in boxes(len(variables)):
        if kept.shape[1] >= min(FEWEST, most):
            break
        moved = [moved_into(more[k], assumptions.bounds.get(name)) for k, name in enumerate(variables)]
        kept = distinct(np.hstack([kept, satisfying(np.array(moved), variables, assumptions)]))
    return kept[:, :most]


def satisfying(found: Array, variables: Sequence[str], assumptions: Assumptions) -> Array:
    return distinct(found[:, assumptions.hold(variables, found)])


def distinct(found: Array) -> Array:
    """Return points without repetition, in their order."""
    _, first = np.unique(found, axis=1, return_index=True)
    return np.ascontiguousarray(found[:, np.sort(first)])


def moved_into(values: Array, bounds: Bounds | None) -> Array:
    """Return values of one variable moved between its bounds; those that are there already stay."""
    if bounds is None:
        return values
    if bounds.step:
        return whole(values, bounds)
    low, high = bounds.low, bounds.high
    inside: NDArray[np.bool_] = (values > low if bounds.open_low else values >= low) & (
        values < high if bounds.open_high else values <= high
    )
    count = len(values)
    if low > -math.inf and high < math.inf:
        share = np.round(np.mod((np.arange(count) + 1) * ((1 + 5**0.5) / 2), 1.0), 4)
        other = low + (high - low) * (INSIDE + (1 - 2 * INSIDE) * share)
    elif low > -math.inf:
        other = low + np.where(values == low, 1.0, np.abs(values - low))
    elif high < math.inf:
        other = high - np.where(values == high, 1.0, np.abs(values - high))
    else:
        other = values
    return np.where(inside, values, other)


def whole(values: Array, bounds: Bounds) -> Array:
    """Return whole numbers between the bounds, of the assumed remainder; different values stay different where they can."""
    step, rest = bounds.step, bounds.rest
    found: Array = np.floor(np.clip(values, -WHOLE, WHOLE)) * step + rest
    low = float(math.ceil((bounds.lowest - rest) / step) * step + rest) if bounds.low > -math.inf else None
    high = float(math.floor((bounds.highest - rest) / step) * step + rest) if bounds.high < math.inf else None
    if low is not None and high is not None:
        return low + np.mod(np.arange(len(values)), (high - low) // step + 1) * step
    if low is not None:
        return np.where(found < low, low + np.abs(np.arange(len(values))) * step, found)
    if high is not None:
        return np.where(found > high, high - np.abs(np.arange(len(values))) * step, found)
    return found


def boxes(size: int) -> Iterator[Array]:
    """Yield random points of boxes of several sizes, the same for the same number of variables."""
    random = np.random.default_rng(size)
    for k in range(TIMES):
        width = (2.0, 10.0, 1.0, 100.0)[k]
        yield np.round(random.uniform(-width, width, (size, TRIED)), 4)
