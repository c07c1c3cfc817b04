"""Test points for formulas of vectors and matrices.

Square examples hide transposes, equal lengths hide everything: lengths that are not known to be equal get different prime
numbers, and matrices are symmetric only where they are declared so. Points follow from a fixed seed, so equal formulas get
equal points.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from secantd.calculus.arrays.points import Point, Value
from secantd.expression import Dimension, Length, Node, substituted

__all__ = ["points"]

# How many points are tried, with new lengths for each three of them.
KINDS = 3
PRIMES = ((3, 2, 5, 7, 11, 13), (5, 3, 2, 7, 13, 11), (2, 7, 3, 5, 11, 13))
# Lengths such as n - 3 need larger ones.
LARGER = (7, 11, 13, 17, 19, 23)
LARGEST = 29


def points(variables: Sequence[Node], symmetric: set[str]) -> Iterator[Point]:
    """Yield points at which formulas are compared.

    Args:
        variables: The symbols of the formulas.
        symmetric: Those of them that are symmetric matrices.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> X = g.symbol("X", (Length.named("n"), Length.named("k")))
    >>> [point["X"].shape for point in points([X], set())][:4]
    [(2, 3), (2, 3), (2, 3), (3, 5)]
    """
    for primes in PRIMES:
        lengths = lengths_of(variables, primes)
        random = np.random.default_rng(primes[0])
        for kind in range(KINDS):
            yield {v.name: value_of(v, lengths, random, kind, v.name in symmetric) for v in variables}


def lengths_of(variables: Sequence[Node], primes: Sequence[int]) -> Mapping[str, Dimension]:
    """Return a size for each named length such that every side is at least 1."""
    sides = [d for v in variables for d in v.shape if isinstance(d, Length)]
    names = sorted({name for d in sides for name, _ in d.terms})
    for sizes in (primes, LARGER):
        found = {name: sizes[i] if i < len(sizes) else LARGEST for i, name in enumerate(names)}
        if all(side_of(d, found) >= 1 for d in sides):
            break
    return found


def side_of(dimension: Dimension, lengths: Mapping[str, Dimension]) -> int:
    side = substituted(dimension, lengths)
    assert isinstance(side, int)
    return max(side, 0)


def value_of(
    variable: Node, lengths: Mapping[str, Dimension], random: np.random.Generator, kind: int, symmetric: bool
) -> Value:
    """Return a value: positive numbers at first, then numbers of both signs; square matrices mostly far from singular."""
    shape = tuple([side_of(d, lengths) for d in variable.shape])
    low = 0.2 if kind == 0 else -1.5
    found = np.round(random.uniform(low, 1.8, shape), 2)
    if len(shape) == 2 and shape[0] == shape[1]:
        if symmetric:
            found = found @ found.T / shape[0]
        if kind < KINDS - 1:
            found = found + np.eye(shape[0]) * (2.0 if symmetric else shape[0])
    return float(found) if not shape else found
