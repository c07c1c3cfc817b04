"""The evaluation of formulas with data at one point: one call of the machine in C instead of one of NumPy for each operation."""

from collections.abc import Callable, Sequence

import numpy as np

from secantd.program.native.library import machine
from secantd.program.native.rows import RowPlan
from secantd.program.tape import Tape

__all__ = ["at_point"]

# Rows from which on a pass pays, and the longest tape for which it does: making the code takes as long as NumPy takes for some
# thousand rows. All calls decide alike, so that all of them have the same digits.
WORTH, LONGEST = 256, 2_000
# Two numbers whose square overflows or underflows.
FAR, NEAR = np.array(1e200), np.array(1e-200)


def at_point(tape: Tape) -> Callable[[Sequence[float]], list[float]] | None:
    """Return the outputs of a tape with many rows of data as a function of the variables, None where the machine cannot compute it.

    Overflow and underflow are signalled to the caller's `np.errstate`, as NumPy's own operations do.
    """
    if not tape.vectors or len(tape.code) > LONGEST or max([i.rows for i in tape.code], default=1) < WORTH:
        return None
    native = machine()
    if native is None:
        return None
    plan = RowPlan(native, tape, [False] * len(tape.variables))
    if not plan.possible:
        return None
    fixed = [tape.constants.get(slot) for slot in range(tape.slots)]
    number = [k for k, slot in enumerate(tape.outputs) if not plan.varying[slot]]
    variables, outputs = range(len(tape.variables)), range(len(tape.outputs))

    def function(values: Sequence[float]) -> list[float]:
        given = np.array(values, dtype=np.float64)
        found = np.empty(len(outputs))
        flags = plan.run([given[i : i + 1] for i in variables], fixed, [found[k : k + 1] for k in outputs], 1)
        if flags & 1:
            np.square(FAR)
        if flags & 2:
            np.square(NEAR)
        return found.tolist()

    return function if not number else None
