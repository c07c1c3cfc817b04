"""The lines that compute a tape over arrays: masks for conditions, and branches that are skipped if no point takes them.

The stable form of a density has branches for edges, tails and the neighbourhood of the mean, and most arrays need few of
them. A sum is written into the array of one of its terms if nothing else reads that.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from secantd.program.arrays import has_nan
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["Line", "MissingError", "lines_of"]

COMPARISONS = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
BINARY = {
    "add": np.add, "mul": np.multiply, "pmax": np.maximum, "pmin": np.minimum, "sub": np.subtract, "div": np.divide,
}  # fmt: skip
CONDITIONS = {**COMPARISONS, "&": np.logical_and, "|": np.logical_or, "!": np.logical_not}
# What may be written into the array of an argument; NumPy takes a slow path for others, such as exp.
IN_PLACE = frozenset({np.add, np.subtract, np.multiply, np.divide, np.negative, np.absolute})
# Operations whose value is NaN only if an argument is.
KNOWN = frozenset({
    "ifelse", "abs", "neg", "sign", "floor", "ceiling", "trunc", "round", "pmax", "pmin", "square", "cube", "fourth",
    "reciprocal", "exp", "expm1", "atan", "tanh", "asinh", "erf", "erfc",
})  # fmt: skip

# Whether some points take the first branch and some the second, and which take the first.
Decision = tuple[bool, bool, Any]


class Line(NamedTuple):
    """slot `out` ← f(slots `args`). f None: skip `out` lines unless a point takes branch args[1] of the decision args[0]."""

    f: Callable[..., Any] | None
    args: tuple[int, ...]
    out: int


class MissingError(Exception):
    """A condition depends on a value that is NaN at the points in the argument."""


def known(a: Any) -> Any:
    """Return a value without NaN.

    Raises:
        MissingError: There is one.
    """
    if has_nan(a):
        raise MissingError(np.isnan(a))
    return a


def holds(a: Any) -> Any:
    """Return a number that is not NaN as a condition."""
    return np.not_equal(a, 0.0)


def number(a: Any) -> Any:
    """Return a condition as 1 and 0."""
    return a.astype(np.float64)


def decide(mask: Any) -> Decision:
    count = int(np.count_nonzero(mask))
    # Of no points, the second branch has the value: an empty array.
    return count > 0, count < mask.size or not mask.size, mask


def choose(decision: Decision, first: Any, second: Any) -> Any:
    """Return each point's branch; one that no point takes may have any value."""
    taken, other, mask = decision
    if not other:
        return first
    return np.where(mask, first, second) if taken else second


class Translation:
    """The instructions of a tape in terms of masks and decisions.

    Attributes:
        code: The lines.
        constants: The values of constant slots.
        output: The slot of the value.
        inputs: The number of variables.
        whole: The slots whose value is an array of the full shape.
    """

    def __init__(self, tape: Tape, single: Sequence[bool]) -> None:
        self.code: list[Line] = []
        self.constants: dict[int, Any] = dict(tape.constants)
        self.inputs = len(single)
        self.whole = {slot for slot, s in enumerate(single) if not s}
        self._slots = tape.slots
        self._single = {slot for slot, s in enumerate(single) if s} | set(tape.constants)
        # Slots that hold no NaN, and slots that are masks.
        self._known = {slot for slot, c in tape.constants.items() if c == c}
        self._masks: set[int] = set()
        # The slot of a value behind the test that it is no NaN.
        self._checked: dict[int, int] = {}
        self._made: dict[tuple[Callable[..., Any], int], int] = {}
        self._arrays: dict[int, int] = {}
        if any(i.op in CONDITIONS for i in tape.code):
            for slot in self.whole.copy():
                self._value(slot)
        for op, args, out, _ in tape.code:
            if all(a in self._single for a in args):
                self._single.add(out)
                self._emit(operation(op).careful, args, out)
            elif op in CONDITIONS:
                self._masks.add(out)
                read = tuple(map(self._value if op in COMPARISONS else self._mask, args))
                self._emit(CONDITIONS[op], read, out)
            elif op == "ifelse":
                branches = (self._number(args[1]), self._number(args[2]))
                self._emit(choose, (self._once(decide, self._mask(args[0])), *branches), out)
                if self.whole.issuperset(branches):
                    self.whole.add(out)
                args = branches
            else:
                args = tuple(map(self._number, args))
                self._compute(op, args, out)
            if out in self._masks or self._stays_known(op, args):
                self._known.add(out)
        self.output = self._number(tape.outputs[0])

    def _stays_known(self, op: str, args: tuple[int, ...]) -> bool:
        """Whether the value is no NaN because its arguments are none."""
        if not self._known.issuperset(args):
            return False
        if op in KNOWN:
            return True
        finite = [a for a in args if abs(self.constants.get(a, np.inf)) < np.inf]
        if op in ("mul", "div"):
            finite = [a for a in finite if self.constants[a] != 0.0]
        return op in ("add", "sub", "mul", "div") and len(finite) >= len(args) - 1

    def _compute(self, op: str, args: tuple[int, ...], out: int) -> None:
        f: Callable[..., Any] | None = BINARY.get(op)
        if f is None or len(args) < 3:
            if op == "square":
                f, args = np.multiply, args * 2
            elif op == "round" and self.constants.get(args[1]) == 0.0:
                f, args = np.rint, args[:1]
            self._emit(f or operation(op).array, args, out)
            if self.whole.intersection(args):
                self.whole.add(out)
            return
        total = args[0]
        for k, a in enumerate(args[1:], 2):
            target = out if k == len(args) else self._new()
            self._compute(op, (total, a), target)
            total = target

    def _value(self, slot: int) -> int:
        """Return the slot of a value that is a number and no NaN."""
        slot = self._number(slot)
        if slot not in self._known:
            self._checked[slot] = self._once(known, slot)
            slot = self._checked[slot]
            self._known.add(slot)
        return slot

    def _mask(self, slot: int) -> int:
        return slot if slot in self._masks else self._once(holds, self._value(slot))

    def _number(self, slot: int) -> int:
        return self._once(number, slot) if slot in self._masks else self._checked.get(slot, slot)

    def _once(self, f: Callable[..., Any], slot: int) -> int:
        """Return the slot of f(slot), which is computed once."""
        found = self._made.get((f, slot))
        if found is None:
            found = self._made[f, slot] = self._new()
            self._emit(f, (slot,), found)
        return found

    def _new(self) -> int:
        self._slots += 1
        return self._slots - 1

    def _emit(self, f: Callable[..., Any], args: tuple[int, ...], out: int) -> None:
        if isinstance(f, np.ufunc) or f is choose:
            args = tuple(map(self._array, args))
        self.code.append(Line(f, args, out))

    def _array(self, slot: int) -> int:
        """Return the slot of an array: beside arrays, NumPy takes twice as long for a float as for one without dimensions."""
        if slot not in self._single:
            return slot
        if slot not in self.constants:
            return self._once(np.asarray, slot)
        if slot not in self._arrays:
            self._arrays[slot] = self._new()
            self.constants[self._arrays[slot]] = np.asarray(self.constants[slot])
        return self._arrays[slot]


class Region(NamedTuple):
    """The lines that are needed only if a point takes a branch; the outermost has depth 0."""

    parent: "Region | None"
    depth: int
    lines: list[Line]


def common(a: Region, b: Region) -> Region:
    """Return the innermost region that contains both."""
    while a is not b:
        if a.depth < b.depth:
            a, b = b, a
        assert a.parent is not None
        a = a.parent
    return a


def branched(code: Sequence[Line], output: int) -> list[Line]:
    """Return lines in which those that only one branch needs are skipped if no point takes it."""
    root = Region(None, 0, [])
    # Where each slot is read: in the innermost region that contains all readers.
    home = {output: root}
    branches: dict[int, tuple[Region, Region]] = {}

    def read(slot: int, region: Region) -> None:
        known = home.get(slot)
        home[slot] = region if known is None else common(known, region)

    for line in reversed(code):
        region = home.get(line.out)
        if region is None:
            continue
        if line.f is not choose:
            for a in line.args:
                read(a, region)
            continue
        read(line.args[0], region)
        branches[line.out] = Region(region, region.depth + 1, []), Region(region, region.depth + 1, [])
        for a, branch in zip(line.args[1:], branches[line.out], strict=True):
            read(a, branch)
    for line in (line for line in code if line.out in home):
        lines = home[line.out].lines
        for side, branch in enumerate(branches.get(line.out, ())):
            if branch.lines:
                lines += [Line(None, (line.args[0], side), len(branch.lines)), *branch.lines]
        lines.append(line)
    return root.lines


def allotted(translation: Translation, code: Sequence[Line]) -> tuple[list[Line], list[Any], int]:
    """Return the lines with slots that are used again, the values at the start, and the slot of the output."""
    last: dict[int, int] = {translation.output: len(code)}
    shared: set[int] = set()
    for k, line in enumerate(code):
        for a in line.args if line.f is not None else line.args[:1]:
            last[a] = max(k, last.get(a, 0))
        if line.f is choose or line.f is known:
            # Its value may be the same array.
            shared.update(line.args)
    start: list[Any] = [None] * translation.inputs
    place = {slot: slot for slot in range(translation.inputs)}
    for slot, value in translation.constants.items():
        place[slot] = len(start)
        start.append(value)
    free: list[int] = []
    fixed = set(place)
    own: set[int] = set()
    lines = []
    for k, (f, args, out) in enumerate(code):
        if f is None:
            lines.append(Line(f, (place[args[0]], args[1]), out))
            continue
        places = tuple([place[a] for a in args])
        over = [a for a in dict.fromkeys(args) if last[a] == k and a not in fixed]
        if f in IN_PLACE:
            target = next((place[a] for a in over if a in own and a not in shared), None)
            if target is not None:
                places = (*places, target)
        if isinstance(f, np.ufunc) and out in translation.whole:
            own.add(out)
        free += [place[a] for a in over]
        if not free:
            free.append(len(start))
            start.append(None)
        place[out] = free.pop()
        lines.append(Line(f, places, place[out]))
    return lines, start, place[translation.output]


def lines_of(tape: Tape, single: Sequence[bool]) -> tuple[list[Line], list[Any], int]:
    """Return the lines that compute a tape, the values of the slots before them, and the slot of the output.

    Args:
        tape: The instructions, with one output and without data columns.
        single: For each variable, whether it is a float; the others are arrays of one shape.
    """
    translation = Translation(tape, single)
    return allotted(translation, branched(translation.code, translation.output))
