"""The allocation of buffers to the values of a block: a buffer is reused once its value is no longer needed."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.arrays import NaryUfunc, square
from secantd.program.operations import operation
from secantd.program.tape import Tape, TapeInstruction

__all__ = ["BufferPlan"]

Array = NDArray[np.float64]
# A function, the getter of its arguments, whether these are several, and the slot of its result.
Line = tuple[Callable[..., Any], Callable[[list[Any]], Any], bool, int]


class BufferPlan:
    """The instructions that differ from point to point, with their buffers.

    Args:
        tape: The instructions.
        single: For each variable, whether it has one value for all points.
    """

    def __init__(self, tape: Tape, single: Sequence[bool]) -> None:
        self.varying = [not s for s in single] + [False] * (tape.slots - len(single))
        varying = self.varying
        for i in tape.code:
            for a in i.args:
                if varying[a]:
                    varying[i.out] = True
                    break
        code = [i for i in tape.code if varying[i.out]]
        self._variables = [s for s in range(len(tape.variables)) if self.varying[s] and tape.uses[s]]
        self._flat = not tape.vectors
        arrays = {op: operation(op).array for op in {i.op for i in code}}
        self._code = [_line(arrays[i.op], i) for i in code]
        # The first output of each slot; its value is computed in the output's own array.
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

    def _allot(self, code: Sequence[TapeInstruction]) -> None:
        last: dict[int, int] = {}
        for k, i in enumerate(code):
            for a in i.args:
                last[a] = k
        home, count, direct = self._home, self._count, self._direct
        free: dict[int, list[tuple[int, int]]] = {}
        for k, (op, args, out, rows) in enumerate(code):
            late = []
            for a in args:
                if last[a] == k and a in home:
                    # Freed once, however often the argument occurs.
                    last[a] = -1
                    if _in_place(op, a, args):
                        free.setdefault(home[a][0], []).append(home[a])
                    else:
                        late.append(home[a])
            if out not in direct:
                stock = free.get(rows)
                if stock:
                    home[out] = stock.pop()
                else:
                    home[out] = (rows, count.get(rows, 0))
                    count[rows] = home[out][1] + 1
            for place in late:
                free.setdefault(place[0], []).append(place)

    def run(self, columns: Sequence[Array], fixed: Sequence[Any], out: Sequence[Array], points: int, size: int) -> None:
        """Fill `out`, `size` points at a time.

        Args:
            columns: An array of shape (points,) for each variable; those with one value for all points are not read.
            fixed: The value of each slot that is the same at all points.
            out: An array of shape (points,) or (points, rows) for each output.
            points: The number of points.
            size: Points in a block.
        """
        if not points:
            return
        size = min(size, points)
        buffers = {
            rows: np.empty((count, size) if self._flat else (count, size, rows)) for rows, count in self._count.items()
        }
        values = list(fixed)
        held = {rows: list(buffer) for rows, buffer in buffers.items()}
        for slot, (rows, number) in self._home.items():
            values[slot] = held[rows][number]
        for begin in range(0, points, size):
            end = min(begin + size, points)
            if end - begin < size:
                for slot, (rows, number) in self._home.items():
                    values[slot] = buffers[rows][number][: end - begin]
            for slot in self._variables:
                values[slot] = self._view(columns[slot], begin, end)
            for slot, k in self._direct.items():
                values[slot] = self._view(out[k], begin, end)
            for f, get, several, target in self._code:
                if several:
                    f(*get(values), out=values[target])
                else:
                    f(get(values), out=values[target])
            for slot, k in self._copies:
                self._view(out[k], begin, end)[...] = values[slot]

    def _view(self, values: Array, begin: int, end: int) -> Array:
        part = values if end - begin == len(values) else values[begin:end]
        return part if self._flat or part.ndim == 2 else part[:, None]


# Other ufuncs, such as exp, take a slow path in NumPy when input and output are the same array.
IN_PLACE = frozenset({np.add, np.subtract, np.multiply, np.divide, np.negative, np.absolute, np.maximum, np.minimum})


def _line(f: Callable[..., Any], instruction: TapeInstruction) -> Line:
    """Return an instruction in the form in which `run` executes it."""
    if f is square:
        # Blocks are short, so that a Python call around the multiplication would be noticeable.
        return np.multiply, itemgetter(*instruction.args, *instruction.args), True, instruction.out
    return f, itemgetter(*instruction.args), len(instruction.args) > 1, instruction.out


def _in_place(op: str, slot: int, args: tuple[int, ...]) -> bool:
    """Whether the result of `op` may take the buffer of its argument `slot`."""
    array = operation(op).array
    if isinstance(array, NaryUfunc):
        return slot not in args[2:]
    return array in IN_PLACE
