"""Sums of the outputs of a program over many points, by the machine in C if there is one."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.program.blocks import fixed_values
from secantd.program.compiled import Program
from secantd.program.losses import far_of, watched
from secantd.program.native import SumPlan, machine

__all__ = ["Added", "Adder"]

Array = NDArray[np.float64]


class Added(NamedTuple):
    """Sums over parts of the points.

    Attributes:
        pairs: Doubles, and what rounding has taken from them, shape (parts, outputs, 2); 0 for outputs with one value.
        same: The value of each output that is the same at all points, None for the others.
        doubtful: For each part, whether a value is not finite, or may have lost digits: its sums are not those of `Program.batch`.
    """

    pairs: Array
    same: list[float | None]
    doubtful: NDArray[np.bool_]


class Adder:
    """Adds the outputs of a program; any thread may call it."""

    def __init__(self, program: Program) -> None:
        self._tape = program.tape
        self._far = far_of(self._tape) if watched(self._tape) else 0.0
        self._plan: tuple[list[bool], SumPlan] | None = None

    def __call__(self, columns: Sequence[Array], points: int, part: int) -> Added | None:
        """Return the sums over each `part` points; None without the machine, or where it lacks an operation.

        Args:
            columns: A contiguous array of shape (points,) or (1,) for each variable.
            points: The number of points, more than 1.
            part: The points of a part; the last one may have fewer.
        """
        native = machine()
        if native is None or points < 2 or self._tape.vectors:
            return None
        single = [len(c) == 1 for c in columns]
        kept = self._plan
        if kept is None or kept[0] != single:
            kept = self._plan = (single, SumPlan(native, self._tape, single))
        plan = kept[1]
        if not plan.adds:
            return None
        with np.errstate(all="ignore"):
            fixed = fixed_values(self._tape, plan, columns, single)
            pairs, same, happened = plan.sums(columns, fixed, points, part, self._far)
        doubtful = happened != 0
        if any(one and self._hard(float(c[0])) for one, c in zip(single, columns, strict=True)):
            doubtful[:] = True
        if not all(value is None or math.isfinite(value) for value in same):
            doubtful[:] = True
        return Added(pairs, same, doubtful)

    def _hard(self, value: float) -> bool:
        size = abs(value)
        return size != 0.0 and self._far != 0.0 and not 1.0 / self._far < size < self._far
