"""The evaluation of a tape by the machine in C, with NumPy for the operations that the machine lacks.

All operations of the machine that follow each other are one step, a single pass over the points. An operation that it lacks
ends the step for the operations that need its value only; the others are part of the earlier step.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.interrupt import checkpoint, paced
from secantd.program.native.code import Code, code_of
from secantd.program.native.library import Machine, threads
from secantd.program.native.table import Builder, Step, uniform
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = [
    "AT_ONCE",
    "HAPPENED",
    "MANY",
    "MOST_REGISTERS",
    "NOT_FINITE",
    "NativePlan",
    "copied",
    "made_by",
    "placed",
    "read_by",
    "result_array",
    "varying_slots",
]

Array = NDArray[np.float64]

# More registers need more memory than the arrays of a call.
MOST_REGISTERS = 100_000
# Additions of one call of the machine, some hundredths of a second: a job can be stopped between two calls.
AT_ONCE = 200_000_000
# Additions from which on threads pay: starting one takes as long as a hundred thousand.
MANY = 2_000_000
# Points of a block between operations of NumPy, and the most values in all its buffers.
PART, MEMORY = 8_192, 4_000_000
# Points of an output whose memory is kept for the next one, and begins with a line of the cache.
LONG = 1_024
# What the machine returns; the last is that no number is hard, where they were searched.
FLAGS = {"overflow": 1, "underflow": 2}
NOT_FINITE, HARD, EASY = 4, 8, 16
# The same in the words of a caller.
HAPPENED = [
    frozenset(
        [kind for kind, bit in (FLAGS | {"hard": HARD, "easy": EASY}).items() if flags & bit]
        + ["finite"] * (not flags & NOT_FINITE)
    )
    for flags in range(32)
]


class Fused(NamedTuple):
    """Operations of the machine in one pass."""

    code: Code
    program: Any
    outputs: tuple[int, ...]


class Foreign(NamedTuple):
    """One operation of NumPy: value `out` ← f(values `args`)."""

    f: Callable[..., Any]
    args: tuple[int, ...]
    out: int


class NativePlan:
    """The instructions that differ from point to point, as steps of the machine and of NumPy.

    Args:
        machine: The machine.
        tape: The instructions, without data columns.
        single: For each variable, whether it has one value for all points.

    Attributes:
        varying: For each slot of the tape, whether its value differs from point to point.
        steps: What is executed, in this order.
        possible: Whether the machine has enough registers.
    """

    def __init__(self, machine: Machine, tape: Tape, single: Sequence[bool]) -> None:
        self._machine = machine
        self.varying = varying_slots(tape, single)
        self._constant = not any(single)
        self._slots = tape.slots
        self._builder = Builder(tape.slots)
        # Of each value, also those within formulas, whether it differs from point to point.
        self._varies = [*self.varying]
        # Steps that are the same at all points.
        self._prelude: list[Step] = []
        # Values that are those of earlier steps: formulas have parts in common.
        self._same: dict[int, int] = {}
        parts, foreign = self._divided(tape)
        # The first output of each value is computed in the output's own array; later ones are copies.
        self._direct, self._copies = placed(tape, self._same, self._varies)
        self.steps = self._joined(parts, foreign)
        fused = [s for s in self.steps if isinstance(s, Fused)]
        self.possible = all(s.program is not None for s in fused)
        # Where all of it is one step: its program, its outputs and its columns.
        self._whole: tuple[Any, list[int], tuple[int, ...]] | None = None
        if len(self.steps) == len(fused) == 1:
            self._whole = (fused[0].program, [self._direct[o] for o in fused[0].outputs], fused[0].code.columns)
        self._weight = max(sum([s.code.weight for s in fused]), 1)
        # The points from which on threads pay, and those of one call.
        self._many, self._most = -(-MANY // self._weight), AT_ONCE // self._weight
        self._known: tuple[list[Any], list[Array]] | None = None
        # Whether all columns are read, and no output is a copy.
        self._simple = (
            self._constant
            and not self._copies
            and self._whole is not None
            and self._whole[2] == tuple(range(len(tape.variables)))
        )
        self._homes = self._allotted()

    def _divided(self, tape: Tape) -> tuple[list[list[Step]], list[list[Foreign]]]:
        """Return the steps of the machine, and the operations of NumPy that follow each part of them."""
        parts: list[list[Step]] = [[]]
        foreign: list[list[Foreign]] = [[]]
        # The part in which each value can be read first.
        ready: dict[int, int] = {}
        varies, same = self._varies, self._same
        made: dict[tuple[int, str, tuple[int, ...]], int] = {}
        for op, arguments, out, _ in paced(tape.code):
            if not self.varying[out]:
                continue
            args = tuple([same.get(a, a) for a in arguments])
            here = max([ready.get(a, 0) for a in args])
            steps = self._builder.steps(op, args, out, tape)
            if steps is None:
                foreign[here].append(Foreign(operation(op).array, args, out))
                ready[out] = here + 1
                if len(parts) == here + 1:
                    parts.append([])
                    foreign.append([])
                continue
            varies += [False] * (self._builder.count - len(varies))
            for name, given, target in steps:
                # Values within a function, too: an operation may be the same as one of them.
                ready[target] = here
                read = tuple([same.get(a, a) for a in given])
                key = (here, name, read)
                if key in made:
                    same[target] = made[key]
                    continue
                made[key] = target
                varies[target] = any(varies[a] for a in read)
                (parts[here] if varies[target] else self._prelude).append(Step(name, read, target))
        return parts, foreign

    def _joined(self, parts: Sequence[Sequence[Step]], foreign: Sequence[Sequence[Foreign]]) -> list[Fused | Foreign]:
        """Return the parts in the order of their execution, with the programs of the machine."""
        # Values that something outside their own part reads.
        maker = {s.out: k for k, part in enumerate(parts) for s in part}
        outside = set(self._direct)
        for k, part in enumerate(parts):
            for step in part:
                outside.update([a for a in step.args if maker.get(a, k) != k])
        for line in foreign:
            for f in line:
                outside.update(f.args)
        steps: list[Fused | Foreign] = []
        for part, line in zip(parts, foreign, strict=True):
            made = {s.out for s in part}
            # In the order of the tape's outputs, so that those of a single step are its outputs.
            outputs = tuple(
                sorted([s.out for s in part if s.out in outside], key=lambda out: self._direct.get(out, -1))
            )
            if outputs:
                columns = sorted({a for s in part for a in s.args if self._varies[a] and a not in made})
                code = code_of(part, columns, outputs)
                program = None
                if code.registers <= MOST_REGISTERS:
                    program = self._machine.prepare(
                        code.code, len(code.columns), len(code.uniforms), code.registers, code.outputs
                    )
                steps.append(Fused(code, program, outputs))
            steps += line
        return steps

    def _allotted(self) -> dict[int, int]:
        """Return the buffer of each value that passes from one step to another and is no output."""
        last: dict[int, int] = {}
        for k, step in enumerate(self.steps):
            last.update(dict.fromkeys(read_by(step), k))
        homes: dict[int, int] = {}
        free: list[int] = []
        self._buffers = 0
        for k, step in enumerate(self.steps):
            for out in made_by(step):
                if out not in self._direct:
                    if not free:
                        free.append(self._buffers)
                        self._buffers += 1
                    homes[out] = free.pop()
            free += [homes[a] for a in dict.fromkeys(read_by(step)) if last[a] == k and a in homes]
        return homes

    def run(self, columns: Sequence[Array], fixed: Sequence[Any], out: Sequence[Array], points: int) -> int:
        """Fill `out`; returns 1 for overflow + 2 for underflow + 4 if an output may be infinite or NaN.

        Args:
            columns: An array of shape (points,) for each variable; those with one value for all points are not read.
            fixed: The value of each slot that is the same at all points; not read if `ready`.
            out: An array of shape (points,) for each output.
            points: The number of points.
        """
        known = self._known
        if known is None or not self._constant:
            known = self._known = self._uniforms(fixed)
        values, uniforms = known
        happened = 0
        whole = self._whole
        if whole is not None:
            program, wanted, read = whole
            arrays = tuple([out[k] for k in wanted])
            given = tuple([columns[c] for c in read])
            count = threads() if points * self._weight >= MANY else 1
            size = AT_ONCE * count // self._weight + 1
            for begin in range(0, points, size):
                checkpoint()
                happened |= self._machine.run(
                    program, given, uniforms[0], arrays, begin, min(begin + size, points), count
                )
        elif self.steps:
            happened = self._in_parts(columns, values, uniforms, out, points)
        return happened | copied(self._direct, self._copies, out, columns, self.varying, values)

    def at_once(
        self, columns: Sequence[Any], few: int, far: float, fixed: Sequence[Any] | None = None
    ) -> tuple[int, list[Array]] | None:
        """Return what happened, as `run` does, and new outputs; None unless one call of the machine is all that is to be done.

        Args:
            columns: A list or tuple of anything, an item for each variable: plain arrays of one length are computed.
            few: So few points are left to the caller.
            far: If it is not 0, numbers of at least this size are searched, and below its reciprocal but not 0: + 8 or + 16.
            fixed: As for `run`; without it, nothing is computed before the first call.
        """
        if not self._simple or self._whole is None:
            return None
        known = self._known
        if known is None:
            if fixed is None:
                return None
            known = self._known = self._uniforms(fixed)
        checkpoint()
        found = self._machine.evaluate(
            self._whole[0], columns, known[1][0], np.frombuffer, few, self._many, self._most, threads(), far
        )
        if found is None or not far or found[0] & HARD:
            return found
        return found[0] | EASY, found[1]

    @property
    def ready(self) -> bool:
        """Whether the values that are the same at all points are known: they depend on no column."""
        return self._constant and self._known is not None

    def array(self, points: int) -> Array:
        """Return an array for an output, with any values."""
        return result_array(self._machine, points)

    def _uniforms(self, fixed: Sequence[Any]) -> tuple[list[Any], list[Array]]:
        """Return the values that are the same at all points, by their number, and those that each step of the machine reads."""
        values: dict[int, float] = dict(self._builder.constants)
        values.update({slot: value for slot, value in enumerate(fixed) if value is not None})
        for step in self._prelude:
            values[step.out] = uniform(step, values)
        listed = [values.get(k) for k in range(self._builder.count)]
        return listed, [
            np.array([values[u] for u in s.code.uniforms], dtype=np.float64) for s in self.steps if isinstance(s, Fused)
        ]

    def _in_parts(
        self,
        columns: Sequence[Array],
        known: Sequence[Any],
        uniforms: Sequence[Array],
        out: Sequence[Array],
        points: int,
    ) -> int:
        size = max(1, min(PART, MEMORY // max(self._buffers, 1), points))
        buffers = np.empty((self._buffers, size))
        seen: set[str] = set()
        happened = 0
        with np.errstate(all="ignore", over="call", under="call", call=lambda kind, _: seen.add(kind)):
            for begin in range(0, points, size):
                end = min(begin + size, points)
                values = list(known)
                for slot, column in enumerate(columns):
                    if self._varies[slot]:
                        values[slot] = column[begin:end]
                for slot, home in self._homes.items():
                    values[slot] = buffers[home, : end - begin]
                for slot, k in self._direct.items():
                    values[slot] = out[k][begin:end]
                numbers = iter(uniforms)
                for step in self.steps:
                    if isinstance(step, Foreign):
                        step.f(*[values[a] for a in step.args], out=values[step.out])
                        continue
                    given = tuple([values[c] for c in step.code.columns])
                    wanted = tuple([values[o] for o in step.outputs])
                    happened |= self._machine.run(step.program, given, next(numbers), wanted, 0, end - begin, 1)
        return happened | NOT_FINITE | sum([FLAGS[kind] for kind in seen])


def placed(tape: Tape, same: Mapping[int, int], varies: Sequence[bool]) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """Return the output in whose array each slot is computed, and the outputs that are copies, as pairs of a slot and an output.

    Args:
        tape: The tape.
        same: Slots whose values are those of earlier ones.
        varies: For each slot, whether its value differs from point to point.
    """
    direct: dict[int, int] = {}
    copies: list[tuple[int, int]] = []
    for k, output in enumerate(tape.outputs):
        slot = same.get(output, output)
        if slot < len(tape.variables) or slot in direct or not varies[slot]:
            copies.append((slot, k))
        else:
            direct[slot] = k
    return direct, copies


def copied(
    direct: Mapping[int, int],
    copies: Sequence[tuple[int, int]],
    out: Sequence[Array],
    columns: Sequence[Array],
    varying: Sequence[bool],
    values: Any,
) -> int:
    """Fill the outputs that are copies, of other outputs, of columns or of values by slot; return NOT_FINITE if these may be infinite."""
    happened = 0
    for slot, k in copies:
        if slot in direct:
            out[k][...] = out[direct[slot]]
        else:
            out[k][...] = columns[slot] if slot < len(columns) and varying[slot] else values[slot]
            # Not looked at.
            happened |= NOT_FINITE
    return happened


def varying_slots(tape: Tape, single: Sequence[bool]) -> list[bool]:
    """Return for each slot whether its value differs from point to point."""
    varying = [not s for s in single] + [False] * (tape.slots - len(single))
    for i in tape.code:
        varying[i.out] = any(varying[a] for a in i.args)
    return varying


def result_array(machine: Machine, points: int) -> Array:
    """Return an array for an output, with any values."""
    if points < LONG:
        return np.empty(points)
    return np.frombuffer(machine.memory(8 * points), dtype=np.float64)


def read_by(step: Fused | Foreign) -> tuple[int, ...]:
    """Return the values that a step reads, without those that are the same at all points."""
    return step.args if isinstance(step, Foreign) else step.code.columns


def made_by(step: Fused | Foreign) -> tuple[int, ...]:
    """Return the values that a step computes for other steps or for outputs."""
    return (step.out,) if isinstance(step, Foreign) else step.outputs
