"""Where a claim is tried: points chosen by rule, the readable ones first; the same for the same formulas."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Node, reachable

__all__ = ["candidates"]

Array = NDArray[np.float64]

# What a person would try first. 0 comes late: there formulas agree that differ elsewhere.
READABLE = (
    1.0, 2.0, 3.0, 0.5, -1.0, -2.0, 4.0, 0.25, -0.5, 1.5,
    -3.0, 5.0, 10.0, 0.1, -1.5, 0.75, 7.0, -10.0, 20.0, 0.0,
)  # fmt: skip
# Beside the numbers that occur in the formulas there may be edges of a domain, or of a piece.
BESIDE = (0.5, -0.5, 1.0, -1.0, 10.0, -10.0)
NUMBERS = 12
# Large and small, and none that a formula is likely to be special at.
ODD = (0.7391, -1.3247, 2.6180, 0.0137, -0.0137, 33.3, -33.3, 123.4, 1234.5, -123.4, 1e-4)
# Boxes for functions that are defined on a part of space only.
BOXES = ((0.0, 1.0), (-1.0, 1.0), (-4.0, 4.0), (0.0, 12.0), (-40.0, 40.0), (0.0, 300.0), (-5000.0, 5000.0))
IN_A_BOX = 48


def candidates(nodes: Sequence[Node], variables: Sequence[str], at: Mapping[str, float], most: int) -> Array:
    """Return points, shape (n, N): where the caller said, readable ones, those beside the formulas' own numbers, and
    points that fill boxes evenly.

    Args:
        nodes: The function and the claims.
        variables: Their variables, n names.
        at: The caller's point; empty for none.
        most: How many points at most.

    >>> candidates([], ["x", "y"], {"x": 7.0, "y": 8.0}, 3)
    array([[7., 1., 2.],
           [8., 2., 3.]])
    """
    size = len(variables)
    own = [[at[v] for v in variables]] if at else []
    first = ([READABLE[(j + i) % len(READABLE)] for i in range(size)] for j in range(len(READABLE)))
    odd = ([ODD[(j + i) % len(ODD)] for i in range(size)] for j in range(len(ODD)))
    found: dict[tuple[float, ...], None] = {}
    for point in chain(own, first, same(size), beside(nodes, size), odd, in_boxes(size)):
        if len(found) >= most:
            break
        found[tuple(point)] = None
    return np.array(list(found), dtype=float).reshape(len(found), size).T


def same(size: int) -> Iterator[list[float]]:
    """Yield points all of whose coordinates are one number: where all are small, or all within a unit box."""
    if size > 1:
        for value in (0.5, 0.1, 1.0, -0.5, 2.0, 0.9 / size):
            yield [value] * size


def beside(nodes: Sequence[Node], size: int) -> Iterator[list[float]]:
    """Yield points near the numbers that occur, each as one coordinate with readable ones for the others."""
    numbers = {abs(n.value) for n in reachable(nodes) if n.op == "number" and 3 < abs(n.value) < 1e6}
    values = [s * v + d for v in sorted(numbers)[:NUMBERS] for s in (1, -1) for d in BESIDE]
    for i in range(min(size, 4)):
        for j, value in enumerate(values):
            point = [READABLE[(i + j + k) % 4] for k in range(size)]
            point[i] = value
            yield point


def in_boxes(size: int) -> Iterator[list[float]]:
    """Yield points that fill boxes evenly: multiples of irrational numbers, by their fractions (Weyl, 1916)."""
    # Roots of primes would run out: fractions of k·φ are as good.
    steps = np.modf((np.arange(size) + 1) * ((1 + 5**0.5) / 2))[0]
    for j in range(IN_A_BOX):
        share = np.modf((j + 1) * np.modf(0.7548776662 + steps)[0])[0]
        for low, high in BOXES:
            yield np.round(low + (high - low) * share, 4).tolist()
