"""Sums over rows as pairs of doubles, and their combination in a fixed order."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.rows.compensated import added

__all__ = ["PLACES", "Reduction", "Sum", "reduce_in_order"]

Array = NDArray[np.float64]

# Positions of rows without a value that are kept, and notices.
PLACES, NOTICES = 10, 10


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """Value, gradient and Hessian of a sum over rows.

    Attributes:
        variables: The n variables of the derivatives.
        order: 0: the value; 1: also the gradient; 2: also the Hessian.
        pairs: The sums as pairs of doubles, shape (k, 2): the value, the gradient, the upper triangle of the Hessian row by row.
        rows: The rows, including those that were left out.
        missing: The rows in which a column is NaN.
        failed: The other rows in which the value, or a derivative, is not finite.
        skipped: Whether rows with missing values were left out; otherwise the sum is NaN if there are any.
        places: The positions of the first of these rows, counted from 0 at the first row of the sum.
        notices: Remarks.
    """

    variables: tuple[str, ...]
    order: int
    pairs: Array
    rows: int
    missing: int = 0
    failed: int = 0
    skipped: bool = False
    places: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The sum."""
        return float(self.pairs[0, 0])

    @property
    def gradient(self) -> Array:
        """Its partial derivatives, shape (n,)."""
        return self.pairs[1 : 1 + len(self.variables), 0].copy()

    @property
    def hessian(self) -> Array:
        """Its second derivatives, shape (n, n)."""
        n = len(self.variables)
        found = np.empty((n, n))
        upper = np.triu_indices(n)
        found[upper] = self.pairs[1 + n :, 0]
        found[upper[1], upper[0]] = found[upper]
        return found

    def __add__(self, other: "Sum") -> "Sum":
        """Return the sum over the rows of both; those of `other` follow.

        Raises:
            ValueError: The sums are of different formulas.
        """
        if (self.variables, self.order, len(self.pairs)) != (other.variables, other.order, len(other.pairs)):
            raise ValueError("sums of different variables or orders cannot be added")
        places = (*self.places, *[self.rows + place for place in other.places])
        return Sum(
            self.variables,
            self.order,
            added(self.pairs, other.pairs),
            self.rows + other.rows,
            self.missing + other.missing,
            self.failed + other.failed,
            self.skipped or other.skipped,
            places[:PLACES],
            tuple(dict.fromkeys((*self.notices, *other.notices)))[:NOTICES],
        )


class Reduction:
    """Adds sums in the order in which they come, by a tree that depends on their number only; it holds log2 of them.

    Attributes:
        levels: Pairs of a level and the sum of 2^level parts, from the highest level down: all that is needed to go on later.
    """

    def __init__(self) -> None:
        self.levels: list[tuple[int, Sum]] = []

    def add(self, part: Sum) -> None:
        """Add the next sum."""
        level = 0
        while self.levels and self.levels[-1][0] == level:
            part = self.levels.pop()[1] + part
            level += 1
        self.levels.append((level, part))

    @property
    def total(self) -> Sum | None:
        """The sum of all so far; None if there are none."""
        found: Sum | None = None
        for _, part in reversed(self.levels):
            found = part if found is None else part + found
        return found


def reduce_in_order(parts: Iterable[Sum]) -> Sum:
    """Return the sum of sums by a tree that depends on their number only: pairs of neighbours, then pairs of these.

    Args:
        parts: The sums of partitions, in the order of the rows.

    Raises:
        ValueError: There are none, or they are of different formulas.
    """
    reduction = Reduction()
    for part in parts:
        reduction.add(part)
    if reduction.total is None:
        raise ValueError("there are no sums to combine")
    return reduction.total
