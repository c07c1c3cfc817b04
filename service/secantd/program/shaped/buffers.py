"""The memory of the values of a run: an array is released after its last use, or its memory takes another result."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from secantd.errors import limit_exceeded
from secantd.expression.shapes import Dimension, Shape
from secantd.program.shaped.code import Instruction
from secantd.program.shaped.lengths import Lengths, Products, length_of, sizes
from secantd.program.shaped.operations import Result

__all__ = ["Line", "Plan"]


class Line(NamedTuple):
    """An instruction as it is run.

    Attributes:
        instruction: The instruction.
        into: The slot whose array takes the result, -1 for a new one.
        dropped: Slots whose values are released afterwards.
        fresh: Whether it takes new memory.
        freed: Shapes of the arrays whose memory is released afterwards.
    """

    instruction: Instruction
    into: int
    dropped: tuple[int, ...]
    fresh: bool
    freed: tuple[Shape, ...]


class Plan:
    """Which memory each instruction uses.

    Args:
        code: The instructions.
        kept: Slots that are needed at the end.

    Attributes:
        lines: The instructions as they are run.
        owner: The slot of the array in whose memory the value of a slot is, where that belongs to the run.
    """

    def __init__(self, code: Sequence[Instruction], kept: Sequence[int]) -> None:
        self.owner: dict[int, int] = {}
        self._shapes = {i.out: i.shape for i in code}
        for i in code:
            if i.result is Result.VIEW:
                if i.args[0] in self.owner:
                    self.owner[i.out] = self.owner[i.args[0]]
            elif i.shape and i.mine:
                self.owner[i.out] = i.out
        # When a slot is read for the last time, and when any slot in the memory of an owner is.
        last: dict[int, int] = {}
        held: dict[int, int] = {}
        for k, i in enumerate(code):
            for slot in (*i.args, i.out):
                last[slot] = k
                if slot in self.owner:
                    held[self.owner[slot]] = k
        for slot in kept:
            last[slot] = len(code)
            if slot in self.owner:
                held[self.owner[slot]] = len(code)
        self.lines = self._lines(code, last, held)

    def _lines(self, code: Sequence[Instruction], last: Mapping[int, int], held: Mapping[int, int]) -> list[Line]:
        ends: dict[int, list[int]] = {}
        for slot, k in last.items():
            # An owner is kept as long as its memory is used.
            ends.setdefault(held.get(slot, k), []).append(slot)
        free: dict[Shape, list[int]] = {}
        shape = self._shapes
        into: list[int] = []
        # Owners whose memory another value takes, by the line from which on it does.
        taken: dict[int, int] = {}
        for k, i in enumerate(code):
            target = self._in_place(i, k, held) if i.result is Result.OVER else -1
            if target < 0 and i.result in (Result.OVER, Result.OUT) and i.shape and free.get(i.shape):
                target = free[i.shape].pop()
            if target >= 0:
                taken[target] = k
            into.append(target)
            for slot in ends.get(k, ()):
                if self.owner.get(slot) == slot and slot not in taken:
                    free.setdefault(shape[slot], []).append(slot)
        lines = []
        dropped: dict[int, list[int]] = {}
        for k, slots in ends.items():
            for slot in slots:
                dropped.setdefault(max(k, taken.get(slot, 0)), []).append(slot)
        for k, i in enumerate(code):
            gone = [s for s in dropped.get(k, ()) if s in shape]
            freed = tuple([shape[s] for s in gone if self.owner.get(s) == s and s not in taken])
            fresh = into[k] < 0 and i.result is not Result.VIEW
            lines.append(Line(i, into[k], tuple(gone), fresh, freed))
        return lines

    def _in_place(self, i: Instruction, k: int, held: Mapping[int, int]) -> int:
        """Return an argument whose memory may take the result, -1 if there is none."""
        for slot in i.args:
            owned = self.owner.get(slot) == slot and held[slot] == k
            # NumPy would copy an argument that is another view of the same memory.
            others = [a for a in i.args if a != slot and self.owner.get(a) == slot]
            if owned and not others and self._shapes[slot] == i.shape:
                return slot
        return -1

    def check(self, lengths: Lengths, products: Products, masks: Mapping[str, Dimension], limit: int) -> None:
        """Raise INVALID_VALUE for a length that would be negative, LIMIT_EXCEEDED where the arrays would be too large.

        Args:
            lengths: The lengths of the values.
            products: Names of lengths that are products of two others.
            masks: The bound of each length that is known after its mask only.
            limit: Bytes for all arrays that exist at once; 0: no limit.
        """
        known = dict(lengths)
        for name, bound in masks.items():
            known[name] = length_of(bound, known, products)
        used = most = 0
        for line in self.lines:
            if line.instruction.shape:
                size = entries(line.instruction.shape, known, products)
                used += size if line.fresh else 0
                most = max(most, used)
            used -= sum([entries(s, known, products) for s in line.freed])
        if limit and 8 * most > limit:
            raise limit_exceeded("memory", "the arrays of the formula are too large at these values", limit)


def entries(shape: Shape, lengths: Lengths, products: Products) -> int:
    total = 1
    for size in sizes(shape, lengths, products):
        total *= size
    return total
