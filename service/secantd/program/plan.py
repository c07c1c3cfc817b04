"""Which buffer each value of a block lives in: a buffer is used again when its value is dead."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.arrays import NaryUfunc
from secantd.program.operations import operation
from secantd.program.tape import Instruction, Tape

__all__ = ["Plan"]

Array = NDArray[np.float64]
Line = tuple[Callable[..., Any], tuple[int, ...], int]


class Plan:
    """The instructions that differ from point to point, with their buffers.

    Args:
        tape: What to run.
        single: For each variable, whether it has one value for all points.
    """

    def __init__(self, tape: Tape, single: Sequence[bool]) -> None:
        self.varying = [not s for s in single] + [False] * (tape.slots - len(single))
        for i in tape.code:
            self.varying[i.out] = any(self.varying[a] for a in i.args)
        code = [i for i in tape.code if self.varying[i.out]]
        self._variables = [s for s in range(len(tape.variables)) if self.varying[s] and tape.uses[s]]
        self._flat = not tape.vectors
        self._code: list[Line] = [(operation(i.op).array, i.args, i.out) for i in code]
        # The first output that a slot is; its value is computed in place.
        self._direct: dict[int, int] = {}
        self._copies: list[tuple[int, int]] = []
        computed = {i.out for i in code}
        for k, slot in enumerate(tape.outputs):
            if slot in computed and slot not in self._direct:
                self._direct[slot] = k
            elif self.varying[slot]:
                self._copies.append((slot, k))
        # Buffers: slot -> (rows, number); how many of each number of rows.
        self._home: dict[int, tuple[int, int]] = {}
        self._count: dict[int, int] = {}
        self._allot(code)
        # Values held for one point.
        self.width = max(1, sum(rows * count for rows, count in self._count.items()))

    def _allot(self, code: Sequence[Instruction]) -> None:
        last: dict[int, int] = {}
        for k, i in enumerate(code):
            for a in i.args:
                last[a] = k
        free: dict[int, list[int]] = {}
        for k, i in enumerate(code):
            dying = {a for a in i.args if last[a] == k and a in self._home}
            early = {a for a in dying if _in_place(i, a)}
            for a in early:
                rows, number = self._home[a]
                free.setdefault(rows, []).append(number)
            if i.out not in self._direct:
                stock = free.get(i.rows)
                if stock:
                    number = stock.pop()
                else:
                    number = self._count.get(i.rows, 0)
                    self._count[i.rows] = number + 1
                self._home[i.out] = (i.rows, number)
            for a in dying - early:
                rows, number = self._home[a]
                free.setdefault(rows, []).append(number)

    def run(self, columns: Sequence[Array], fixed: Sequence[Any], out: Sequence[Array], points: int, size: int) -> None:
        """Fill `out`, `size` points at a time."""
        size = min(size, points)
        buffers = {
            rows: np.empty((count, size) if self._flat else (count, size, rows)) for rows, count in self._count.items()
        }
        values = list(fixed)
        for slot, (rows, number) in self._home.items():
            values[slot] = buffers[rows][number]
        for begin in range(0, points, size):
            end = min(begin + size, points)
            if end - begin < size:
                for slot, (rows, number) in self._home.items():
                    values[slot] = buffers[rows][number][: end - begin]
            for slot in self._variables:
                values[slot] = self._view(columns[slot], begin, end)
            for slot, k in self._direct.items():
                values[slot] = self._view(out[k], begin, end)
            for f, args, target in self._code:
                f(*[values[a] for a in args], out=values[target])
            for slot, k in self._copies:
                self._view(out[k], begin, end)[...] = values[slot]

    def _view(self, values: Array, begin: int, end: int) -> Array:
        part = values[begin:end]
        return part if self._flat or part.ndim == 2 else part[:, None]


# NumPy takes its slow path for exp and its kind where input and output are one.
IN_PLACE = frozenset({np.add, np.subtract, np.multiply, np.divide, np.negative, np.absolute, np.maximum, np.minimum})


def _in_place(instruction: Instruction, slot: int) -> bool:
    """Whether the result may take the buffer of the argument `slot`."""
    array = operation(instruction.op).array
    if isinstance(array, NaryUfunc):
        return slot not in instruction.args[2:]
    return array in IN_PLACE
