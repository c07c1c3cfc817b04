"""Evaluation of a tape at many points: by the machine in C if there is one, else by NumPy in blocks that fit the cache.

NumPy runs in one thread: two gained nothing (bench/batch.py), because they wait for each other between short calls.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.buffers import BufferPlan
from secantd.program.native import HAPPENED, NativePlan, RowPlan, machine
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["BlockEvaluator", "fixed_values"]

Array = NDArray[np.float64]

# Points in a block times rows of data: 128 kB for each buffer. Shorter blocks cost more in calls than they save in cache
# misses.
BLOCK = 16_384
# Values in all buffers of a block: 2 MB, the size of a core's own cache.
CACHED = 262_144
# The smallest block: below, the call of a function costs more than its arithmetic.
WORTH = 512
# The most values in all buffers: 64 MB.
MEMORY = 8_000_000


class BlockEvaluator:
    """Evaluates a tape at N points. The plan of the last call is kept; buffers belong to one call."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._wide = max([i.rows for i in tape.code] + list(tape.rows) + [1])
        for c in tape.constants.values():
            self._wide = max(self._wide, np.size(c))
        # The plan of the last call, and which columns had one value then.
        self._plan: tuple[list[bool], BufferPlan | NativePlan | RowPlan] | None = None

    def at_once(self, columns: Sequence[Any], few: int, far: float) -> tuple[list[Array], AbstractSet[str]] | None:
        """Return what a call returns in one call of the machine in C; None if there is no plan for it, or columns are no plain arrays.

        Args:
            columns: A list or tuple of anything, an item for each variable.
            few: So few points are left to the caller.
            far: As for a call.
        """
        kept = self._plan
        if kept is None or not isinstance(kept[1], NativePlan):
            return None
        found = kept[1].at_once(columns, few, far)
        return None if found is None else (found[1], HAPPENED[found[0]])

    def __call__(self, columns: Sequence[Array], points: int, far: float = 0.0) -> tuple[list[Array], AbstractSet[str]]:
        """Return the outputs at `points` points, shape (points,), or (points, rows), and what happened.

        That is "overflow" or "underflow" if any did, "finite" if it is known that all outputs are, and "hard" or "easy" if it is known
        whether a column has a number that is very large, or very small but not 0, or NaN.

        Args:
            columns: An array of shape (points,) or (1,) for each variable.
            points: The number of points.
            far: From which size on a number is very large, and below whose reciprocal it is very small; 0 if that does not matter.
        """
        tape = self._tape
        single = [len(c) == 1 and points > 1 for c in columns]
        plan = self._planned(single)
        if isinstance(plan, NativePlan | RowPlan):
            return self._natively(plan, columns, points, single, far)
        out = [np.empty(points if r == 1 else (points, r)) for r in tape.rows]
        with np.errstate(all="ignore"):
            fixed = fixed_values(tape, plan, columns, single)
        for o, slot in zip(out, tape.outputs, strict=True):
            if not plan.varying[slot]:
                o[...] = fixed[slot]
        size = max(1, min(max(WORTH, min(BLOCK, CACHED // plan.width)) // self._wide, MEMORY // plan.width))
        happened: set[str] = set()
        with np.errstate(all="ignore", over="call", under="call", call=lambda kind, _: happened.add(kind)):
            plan.run(columns, fixed, out, points, size)
        return out, happened

    def _natively(
        self, plan: NativePlan | RowPlan, columns: Sequence[Array], points: int, single: list[bool], far: float
    ) -> tuple[list[Array], AbstractSet[str]]:
        tape = self._tape
        fixed: Sequence[Any] = ()
        if not plan.ready:
            with np.errstate(all="ignore"):
                fixed = fixed_values(tape, plan, columns, single)
        quick = plan.at_once(columns, 0, far, fixed) if isinstance(plan, NativePlan) else None
        if quick is not None:
            return quick[1], HAPPENED[quick[0]]
        out = [plan.array(points) for _ in tape.outputs]
        flags = plan.run(columns, fixed, out, points)
        return out, HAPPENED[flags]

    def _planned(self, single: list[bool]) -> BufferPlan | NativePlan | RowPlan:
        kept = self._plan
        if kept is None or kept[0] != single:
            kept = self._plan = (single, self._made(single))
        return kept[1]

    def _made(self, single: list[bool]) -> BufferPlan | NativePlan | RowPlan:
        native = machine()
        if native is not None:
            plan = (RowPlan if self._tape.vectors else NativePlan)(native, self._tape, single)
            if plan.possible:
                return plan
        return BufferPlan(self._tape, single)


def fixed_values(
    tape: Tape, plan: BufferPlan | NativePlan | RowPlan, columns: Sequence[Array], single: Sequence[bool]
) -> list[Any]:
    """Return the value of each slot that is the same at all points, None for the others."""
    values: list[Any] = [None] * tape.slots
    for slot, value in tape.constants.items():
        values[slot] = value
    if not any(single):
        return values
    for slot, column in enumerate(columns):
        if single[slot]:
            values[slot] = float(column[0])
    for op, args, out, rows in tape.code:
        if not plan.varying[out]:
            row = operation(op)
            f = row.array if rows > 1 else row.careful
            values[out] = f(*[values[a] for a in args])
    return values
