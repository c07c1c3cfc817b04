"""Sums of the outputs of a tape over many points by the machine in C, which writes no values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.interrupt import checkpoint
from secantd.program.native.library import Machine, threads
from secantd.program.native.plan import AT_ONCE, MANY, NativePlan
from secantd.program.tape import Tape

__all__ = ["SumPlan"]

Array = NDArray[np.float64]


class SumPlan(NativePlan):
    """The instructions of a tape whose outputs are added up.

    Args:
        machine: The machine.
        tape: The instructions, without data columns.
        single: For each variable, whether it has one value for all points.

    Attributes:
        adds: Whether all outputs that differ from point to point are computed in one pass of the machine.
    """

    def __init__(self, machine: Machine, tape: Tape, single: Sequence[bool]) -> None:
        super().__init__(machine, tape, single)
        copies = [slot for slot, _ in self._copies if slot not in self._direct]
        # A column itself is added by the caller.
        self.adds = self.possible and self._whole is not None and not any(self._varies[slot] for slot in copies)

    def sums(
        self, columns: Sequence[Array], fixed: Sequence[Any], points: int, part: int, far: float
    ) -> tuple[Array, list[float | None], NDArray[np.uint8]]:
        """Return the sums of all outputs, the value of those that are the same at all points, and what happened.

        The sums have shape (parts, outputs, 2): a double, and what rounding has taken from it; 0 for outputs with one value. What
        happened in each part is 1 for overflow + 2 for underflow + 4 for a sum that is not finite + 8 for a hard number in a column.

        Args:
            columns: An array of shape (points,) for each variable; those with one value for all points are not read.
            fixed: The value of each slot that is the same at all points.
            points: The number of points.
            part: The points of a part; the last one may have fewer.
            far: From which size on a number is hard, and below whose reciprocal; 0: none is.
        """
        assert self._whole is not None
        program, wanted, read = self._whole
        values, uniforms = self._uniforms(fixed)
        parts = -(-points // part)
        pairs, happened = np.zeros((parts, len(wanted), 2)), np.zeros(parts, np.uint8)
        given = tuple([columns[c] for c in read])
        count = threads() if points * self._weight >= MANY else 1
        size = max(1, AT_ONCE * count // self._weight // part) * part
        for begin in range(0, points, size):
            checkpoint()
            end, first = min(begin + size, points), begin // part
            last = first + -(-(end - begin) // part)
            here = given if (begin, end) == (0, points) else tuple([c[begin:end] for c in given])
            self._machine.add_up(
                program, here, uniforms[0], end - begin, part, pairs[first:last], happened[first:last], count, far
            )
        found = np.zeros((parts, len(self._direct) + len(self._copies), 2))
        found[:, wanted] = pairs
        same: list[float | None] = [None] * found.shape[1]
        for slot, k in self._copies:
            if slot in self._direct:
                found[:, k] = found[:, self._direct[slot]]
            else:
                same[k] = float(values[slot])
        return found, same, happened
