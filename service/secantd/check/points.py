"""The points at which a claim is tried: chosen by rule, the same for the same formulas, readable ones first."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from secantd.expression import Node, reachable

__all__ = ["candidates"]

Array = NDArray[np.float64]

# Numbers that a person would try first. 0 comes last, as different formulas often agree there.
READABLE = (
    1.0, 2.0, 3.0, 0.5, -1.0, -2.0, 4.0, 0.25, -0.5, 1.5,
    -3.0, 5.0, 10.0, 0.1, -1.5, 0.75, 7.0, -10.0, 20.0, 0.0,
)  # fmt: skip
# Distances from the numbers in the formulas, near which there may be an edge of a domain or of a piece.
BESIDE = (0.5, -0.5, 1.0, -1.0, 10.0, -10.0)
NUMBERS = 12
# Large and small numbers at which hardly any formula is special.
ODD = (0.7391, -1.3247, 2.6180, 0.0137, -0.0137, 33.3, -33.3, 123.4, 1234.5, -123.4, 1e-4)
# Boxes, for functions that are defined on a part of space only.
BOXES = ((0.0, 1.0), (-1.0, 1.0), (-4.0, 4.0), (0.0, 12.0), (-40.0, 40.0), (0.0, 300.0), (-5000.0, 5000.0))
IN_A_BOX = 48
# Until the iteration for the ratio has converged.
ITERATIONS = 60


def candidates(nodes: Sequence[Node], variables: Sequence[str], at: Mapping[str, float], most: int) -> Array:
    """Return points, shape (n, N): the caller's, readable ones, those near the formulas' own numbers, and points that
    fill boxes evenly.

    Args:
        nodes: The function and the claims.
        variables: Their variables, n names.
        at: The caller's point; empty: none.
        most: The largest N.

    >>> candidates([], ["x", "y"], {"x": 7.0, "y": 8.0}, 3)
    array([[7., 1., 2.],
           [8., 2., 3.]])
    """
    size = len(variables)
    own = [[at[v] for v in variables]] if at else []
    first = ([READABLE[(j + i) % len(READABLE)] for i in range(size)] for j in range(len(READABLE)))
    odd = ([ODD[(j + i) % len(ODD)] for i in range(size)] for j in range(len(ODD)))
    found: dict[tuple[float, ...], None] = {}
    for point in chain(
        own, first, equal_coordinates(size), beside(nodes, size), between(nodes, size), odd, in_boxes(size)
    ):
        if len(found) >= most:
            break
        found[tuple(point)] = None
    return np.array(list(found), dtype=float).reshape(len(found), size).T


def equal_coordinates(size: int) -> Iterator[list[float]]:
    """Yield points whose coordinates are all equal: all small, or all within a unit box."""
    if size > 1:
        for value in (0.5, 0.1, 1.0, -0.5, 2.0, 0.9 / size):
            yield [value] * size


def beside(nodes: Sequence[Node], size: int) -> Iterator[list[float]]:
    """Yield points with one coordinate near a number of the formulas, and readable numbers as the others."""
    numbers = {abs(n.value) for n in reachable(nodes) if n.op == "number" and 3 < abs(n.value) < 1e6}
    values = [s * v + d for v in sorted(numbers)[:NUMBERS] for s in (1, -1) for d in BESIDE]
    for i in range(min(size, 4)):
        for j, value in enumerate(values):
            point = [READABLE[(i + j + k) % 4] for k in range(size)]
            point[i] = value
            yield point


def between(nodes: Sequence[Node], size: int) -> Iterator[list[float]]:
    """Yield points with one coordinate between two numbers of a formula that has pieces: their limits may differ by little."""
    every = reachable(nodes)
    if not any(n.op == "ifelse" for n in every):
        return
    numbers = sorted({s * n.value for n in every if n.op == "number" and abs(n.value) < 1e6 for s in (1, -1)}, key=abs)
    values = sorted(numbers[: 2 * NUMBERS])
    for i in range(min(size, 4)):
        for j, (a, b) in enumerate(pairwise(values)):
            point = [READABLE[(i + j + k) % 4] for k in range(size)]
            point[i] = float(f"{(a + b) / 2:.6g}")
            yield point


def in_boxes(size: int) -> Iterator[list[float]]:
    """Yield points that fill boxes evenly, with all combinations of signs.

    They are the fractional parts of multiples of a^-1, ..., a^-n, where a^(n+1) = a + 1: the golden ratio and its relatives. Multiples of
    a number that is close to a fraction, such as 0.99, would leave half of a box empty.
    """
    ratio = 2.0
    for _ in range(ITERATIONS):
        ratio = (1.0 + ratio) ** (1.0 / (size + 1))
    steps = ratio ** -(np.arange(size) + 1.0)
    shares = np.mod(0.5 + (np.arange(IN_A_BOX)[:, None] + 1) * steps, 1.0)
    ends = np.array(BOXES)
    low, width = ends[:, :1], ends[:, 1:] - ends[:, :1]
    for share in shares:
        yield from np.round(low + width * share, 4).tolist()
