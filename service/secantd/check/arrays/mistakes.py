"""Common mistakes of matrix calculus, recognized by the values of the claim.

A mistake is recognized where undoing it gives the derivative at every test point: the points have lengths that are different
primes and matrices without symmetry, so that no two mistakes look alike.
"""

from collections.abc import Callable, Sequence

import numpy as np

from secantd.calculus.arrays.points import Point, Value
from secantd.check.mistakes import CommonMistake
from secantd.check.verdict import number

__all__ = ["array_mistake", "same"]

AGREE = 1e-7
FACTORS = (2.0, 0.5, 4.0, 0.25, 3.0, 1 / 3)

Values = Sequence[Value]
At = Callable[[Point], Value | None]


def same(a: Value, b: Value) -> bool:
    """Return whether two values have one shape and are equal up to rounding, relative to their largest entries."""
    if np.shape(a) != np.shape(b) or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    size = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return bool((np.abs(np.subtract(a, b)) <= AGREE * size).all())


def array_mistake(points: Sequence[Point], claimed: Values, true: Values, claim_at: At) -> CommonMistake | None:
    """Return the common mistake that explains a claim, None if none does.

    Args:
        points: The test points.
        claimed: The claim's values there.
        true: The derivative's.
        claim_at: The claim's value at another point.
    """
    found: list[tuple[CommonMistake, Callable[[Value], Value]]] = [
        (CommonMistake("sum", "the sum is missing: the derivative is the sum of the entries of the claim"), summed),
        (CommonMistake("sign", "the sign is reversed: the derivative is minus the claim"), np.negative),
        (CommonMistake("transpose", "the claim is the transpose of the derivative"), np.transpose),
    ]
    for mistake, undone in found:
        if all(same(undone(c), t) for c, t in zip(claimed, true, strict=True)):
            return mistake
    return a_factor(claimed, true) or a_length(points, claimed, true) or a_transposed(points, claimed, true, claim_at)


def summed(value: Value) -> Value:
    return float(np.sum(value))


def ratio(claimed: Value, true: Value) -> float | None:
    """Return the number c with claimed = c * true, None if there is none."""
    if np.shape(claimed) != np.shape(true) or not np.size(true):
        return None
    c, t = np.ravel(claimed), np.ravel(true)
    at = int(np.argmax(np.abs(t)))
    if not t[at] or not np.isfinite(c).all() or not np.isfinite(t).all():
        return None
    factor = float(c[at] / t[at])
    return factor if factor and same(c, factor * t) else None


def a_factor(claimed: Values, true: Values) -> CommonMistake | None:
    """The claim lacks a number, or has one too many."""
    ratios = [ratio(c, t) for c, t in zip(claimed, true, strict=True)]
    first = ratios[0]
    if first is None or any(r is None or abs(r - first) > AGREE * abs(first) for r in ratios):
        return None
    known = next((f for f in FACTORS if abs(first - f) <= AGREE), None)
    sentence = f"a factor is wrong: the claim is {number(known or first)} times the derivative"
    return CommonMistake("factor", sentence)


def a_length(points: Sequence[Point], claimed: Values, true: Values) -> CommonMistake | None:
    """The claim lacks a length, as that of a mean, or has one too many."""
    for name in points[0]:
        for axis in range(np.ndim(points[0][name])):
            sides = [float(np.shape(p[name])[axis]) for p in points]
            what = f"length({name})" if np.ndim(points[0][name]) == 1 else f"{('nrow', 'ncol')[axis]}({name})"
            if len(set(sides)) == 1:
                continue
            for power, word in ((1, "times"), (-1, "divided by")):
                if all(same(c, n**power * np.asarray(t)) for c, t, n in zip(claimed, true, sides, strict=True)):
                    return CommonMistake("length", f"the claim is the derivative {word} {what}")
    return None


def a_transposed(points: Sequence[Point], claimed: Values, true: Values, claim_at: At) -> CommonMistake | None:
    """The claim holds with a matrix transposed, or only for a symmetric matrix."""
    square = [n for n, v in points[0].items() if np.ndim(v) == 2 and all(is_square(p[n]) for p in points)]
    for name in square:
        turned = [claim_at({**p, name: np.transpose(p[name])}) for p in points]
        if all(c is not None and same(c, t) for c, t in zip(turned, true, strict=True)):
            return CommonMistake("transpose", f"the claim has {name} where the derivative has t({name})")
        even = [{**p, name: (np.asarray(p[name]) + np.transpose(p[name])) / 2} for p in points]
        halves = [claim_at(p) for p in even]
        if all(c is not None and same(c, t) for c, t in zip(halves, true, strict=True)):
            return CommonMistake("symmetric", f"the claim holds only for a symmetric {name}")
    return None


def is_square(value: Value) -> bool:
    sides = np.shape(value)
    return len(sides) == 2 and sides[0] == sides[1]
