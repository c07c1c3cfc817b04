"""The evaluation of formulas with data columns by the machine in C: at each point, passes over the rows.

A pass computes rows of data, a block at a time, and reduces them to sums, products, maxima or minima, so that no array of
intermediate values exists. A formula whose rows depend on a reduction, such as a mean, has a further pass; rows of the
earlier one that it needs are computed again, which costs less than keeping them. Few rows become as many numbers, and the
formula one without data.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.interrupt import checkpoint, paced
from secantd.program.native.code import Code, code_of
from secantd.program.native.library import Machine, threads
from secantd.program.native.plan import AT_ONCE, MANY, MOST_REGISTERS, copied, placed, result_array, varying_slots
from secantd.program.native.table import Builder, Step
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["RowPlan"]

Array = NDArray[np.float64]

# Reductions: their codes in the machine, and the operation that joins two values.
KINDS = {"sum": 0, "prod": 1, "max_of": 2, "min_of": 3}
JOINED = {"sum": "add", "prod": "mul", "max_of": "pmax", "min_of": "pmin"}
# Rows, and rows times instructions, of formulas that are written out for each row.
FEW_ROWS, FEW_STEPS = 64, 2_000


class Pass(NamedTuple):
    """A pass over rows of one length, for values of one level.

    Attributes:
        rows: The number of rows.
        code: The code for them.
        reductions: For each value that is made of the rows its kind, the row value, and its number.
    """

    rows: int
    code: Code
    reductions: list[tuple[int, int, int]]


class RowPlan:
    """The instructions of a tape with data columns that differ from point to point, as code for points and for rows.

    Args:
        machine: The machine.
        tape: The instructions.
        single: For each variable, whether it has one value for all points.

    Attributes:
        varying: For each slot of the tape, whether its value differs from point to point.
        possible: Whether the machine has all operations, and enough registers, and no output is a vector.
    """

    def __init__(self, machine: Machine, tape: Tape, single: Sequence[bool]) -> None:
        self._machine = machine
        self.varying = varying_slots(tape, single)
        self._constant = not any(single)
        self._builder = Builder(tape.slots)
        self._varies = [*self.varying]
        self._rows: dict[int, int] = {slot: int(np.size(c)) for slot, c in tape.constants.items()}
        self._rows.update({i.out: i.rows for i in tape.code if not self.varying[i.out]})
        # How many reductions a value is made of, one of the other.
        self._level: dict[int, int] = {}
        self._same: dict[int, int] = {}
        self._made: dict[tuple[str, tuple[int, ...]], int] = {}
        self._prelude: list[Step] = []
        self._steps: list[Step] = []
        # The numbers of data columns and of values of few rows.
        self._parts: dict[int, list[int]] = {}
        self._items: dict[int, list[int]] = {}
        self._reductions: list[tuple[int, int, int, int, int]] = []
        self._known: tuple[dict[int, Any], Array, tuple[Array, ...]] | None = None
        self.possible = all(r == 1 for r in tape.rows) and all(self._place(tape, i) for i in paced(tape.code))
        if self.possible:
            self._direct, self._copies = placed(tape, self._same, self._varies)
            self._prepare(len(single))

    def _place(self, tape: Tape, instruction: Any) -> bool:
        """Add the steps of an instruction; returns whether the machine has them."""
        op, arguments, out, rows = instruction
        if not self.varying[out]:
            return True
        args = tuple([self._same.get(a, a) for a in arguments])
        if op in KINDS:
            self._reduce(op, args[0], out)
            return True
        if rows == 1 or rows > FEW_ROWS or rows * len(tape.code) > FEW_STEPS:
            return self._emit(self._builder.steps(op, args, out, tape))
        columns = [self._split(a, rows) for a in args]
        items = []
        for i in range(rows):
            target = self._new()
            if not self._emit(self._builder.steps(op, tuple([c[i] for c in columns]), target, tape)):
                return False
            items.append(self._same.get(target, target))
        self._items[out] = items
        self._rows[out] = rows
        return True

    def _new(self) -> int:
        self._varies.append(False)
        return self._builder.new()

    def _split(self, value: int, rows: int) -> list[int]:
        """Return the numbers of a value of few rows."""
        if value in self._items:
            return self._items[value]
        if self._rows.get(value, 1) == 1:
            return [value] * rows
        # A data column, or what depends on data alone.
        self._varies += [False] * (self._builder.count - len(self._varies))
        self._parts[value] = self._items[value] = [self._new() for _ in range(rows)]
        return self._items[value]

    def _emit(self, steps: Sequence[Step] | None) -> bool:
        if steps is None:
            return False
        varies, same = self._varies, self._same
        varies += [False] * (self._builder.count - len(varies))
        for op, given, out in steps:
            read = tuple([same.get(a, a) for a in given])
            known = self._made.get((op, read))
            if known is not None:
                same[out] = known
                continue
            self._made[op, read] = out
            self._rows[out] = max([self._rows.get(a, 1) for a in read])
            self._level[out] = max([self._level.get(a, 0) for a in read])
            varies[out] = any(varies[a] for a in read)
            (self._steps if varies[out] else self._prelude).append(Step(op, read, out))
        return True

    def _reduce(self, op: str, value: int, out: int) -> None:
        if value not in self._items:
            self._rows[out] = 1
            level = self._level.get(value, 0)
            self._level[out] = level + 1
            self._reductions.append((level, self._rows[value], KINDS[op], value, out))
            return
        # In pairs, so that rounding grows with the logarithm of the rows.
        items = self._items[value]
        while len(items) > 1:
            joined = []
            for a, b in zip(items[::2], items[1::2], strict=False):
                target = out if len(items) == 2 else self._new()
                self._emit([Step(JOINED[op], (a, b), target)])
                joined.append(self._same.get(target, target))
            items = joined + items[len(joined) * 2 :]

    def _prepare(self, variables: int) -> None:
        """Make the programs of the machine."""
        numbers = [s for s in self._steps if self._rows[s.out] == 1]
        passes: list[tuple[int, Pass]] = []
        for level, rows in sorted({(level, rows) for level, rows, *_ in self._reductions}):
            found = [(kind, value, out) for at, n, kind, value, out in self._reductions if (at, n) == (level, rows)]
            passes.append((level, Pass(rows, self._code_of_rows({v for _, v, _ in found}), found)))
        self._passes = [p for _, p in passes]
        steps: list[Step] = []
        for level in range(max([self._level.get(s.out, 0) for s in numbers] + [at for at, _ in passes] + [0]) + 1):
            steps += [s for s in numbers if self._level[s.out] == level]
            steps += [Step("pass", p.code.uniforms, k) for k, (at, p) in enumerate(passes) if at == level]
        columns = sorted({a for s in steps for a in s.args if a < variables and self._varies[a]})
        written = [[out for _, _, out in p.reductions] for p in self._passes]
        code = self._code = code_of(steps, columns, tuple(self._direct), written)
        self._weight = max(code.weight + sum([p.rows * p.code.weight for p in self._passes]), 1)
        if max([code.registers] + [p.code.registers for p in self._passes]) > MOST_REGISTERS:
            self.possible = False
            return
        self._program = self._prepared(code)
        for p, (position, given, into) in zip(self._passes, code.passes, strict=True):
            outputs = {value: k for k, value in enumerate(sorted({v for _, v, _ in p.reductions}))}
            reductions = [(kind, outputs[value], at) for (kind, value, _), at in zip(p.reductions, into, strict=True)]
            self._machine.attach(
                self._program,
                position,
                self._prepared(p.code),
                p.rows,
                np.array(given, dtype=np.int32).tobytes(),
                np.array(reductions, dtype=np.int32).tobytes(),
            )

    def _prepared(self, code: Code) -> Any:
        return self._machine.prepare(code.code, len(code.columns), len(code.uniforms), code.registers, code.outputs)

    def _code_of_rows(self, values: set[int]) -> Code:
        """Return the code for rows that computes `values` of data and numbers."""
        needed = set(values)
        steps = []
        for step in reversed(self._steps):
            if step.out in needed and self._rows[step.out] > 1:
                steps.append(step)
                needed.update(step.args)
        made = {s.out for s in steps}
        columns = sorted(a for a in needed if self._rows.get(a, 1) > 1 and a not in made)
        return code_of(steps[::-1], columns, sorted(values))

    @property
    def ready(self) -> bool:
        """Whether the values that are the same at all points are known: they depend on no column."""
        return self._constant and self._known is not None

    def array(self, points: int) -> Array:
        """Return an array for an output, with any values."""
        return result_array(self._machine, points)

    def run(self, columns: Sequence[Array], fixed: Sequence[Any], out: Sequence[Array], points: int) -> int:
        """Fill `out`; see `NativePlan.run`."""
        known = self._known
        if known is None or not self._constant:
            known = self._known = self._uniforms(fixed)
        values, uniforms, data = known
        given = (*[columns[c] for c in self._code.columns], *data)
        wanted = tuple([out[k] for k in self._direct.values()])
        count = threads() if points * self._weight >= MANY else 1
        size = AT_ONCE * count // self._weight + 1
        happened = 0
        for begin in range(0, points, size):
            checkpoint()
            end = min(begin + size, points)
            happened |= self._machine.run(self._program, given, uniforms, wanted, begin, end, count)
        return happened | copied(self._direct, self._copies, out, columns, self.varying, values)

    def _uniforms(self, fixed: Sequence[Any]) -> tuple[dict[int, Any], Array, tuple[Array, ...]]:
        """Return what is the same at all points: all values by number, those of the points' code, and the data columns."""
        values: dict[int, Any] = dict(self._builder.constants)
        values.update({slot: value for slot, value in enumerate(fixed) if value is not None})
        for value, items in self._parts.items():
            values.update(zip(items, np.ravel(values[value]).tolist(), strict=True))
        with np.errstate(all="ignore"):
            for op, args, out in self._prelude:
                given = [values[a] for a in args] + [0.0] * (op == "round")
                row = operation("abs" if op == "copy" else op)
                f = row.careful if self._rows[out] == 1 else row.array
                values[out] = given[0] if op == "copy" else f(*given)
        data = [np.ascontiguousarray(values[c], dtype=np.float64) for p in self._passes for c in p.code.columns]
        return values, np.array([values[u] for u in self._code.uniforms], dtype=np.float64), tuple(data)
