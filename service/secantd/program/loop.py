"""Loops that step against a gradient, run inside: unrolled Python for few variables, NumPy for many."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.compiled import Program
from secantd.program.interpret import Interpreter
from secantd.program.operations import operation
from secantd.program.source import Body, build, write

__all__ = ["Loop", "Rows", "State", "Update"]

# The point, f and |∇f| of steps that follow each other, shape (k, n + 2).
Rows = NDArray[np.float64]
Vector = NDArray[np.float64]

# Above, a step by NumPy's vectors costs no more than the unrolled one, which has to be compiled first.
UNROLLED_VARIABLES = 16
UNROLLED_INSTRUCTIONS = 400
# Steps before the unrolled loop pays for its compilation, for each of its instructions.
WARM = 0.1
# Operations that are one rounding of the exact result (or several such), in Python and in NumPy (IEEE 754).
ROUNDED_ALIKE = frozenset({"add", "sub", "mul", "neg", "div", "reciprocal", "square", "cube", "fourth"})
# Rows that are sooner computed all at once.
MANY = 64


class Record(Enum):
    """What an unrolled loop writes down of each step."""

    NOTHING = 0
    POINT = 1
    ROW = 2


@dataclass(frozen=True, slots=True)
class Update:
    """How a step is made from a gradient: the same lines for one coordinate and for all of them.

    Attributes:
        lines: Assignments with {x}, {g} and each of `memory` in braces; parameters, `once` and `sqrt` by name.
        memory: What is kept for each coordinate, 0 at the start.
        parameters: Names; numbers are given with each run. A negative `rate` ascends.
        once: Assignments made before the coordinates' lines, to numbers named in `counters`.
        counters: What is kept for the whole path, with its value at the start.
    """

    lines: tuple[str, ...]
    memory: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ("rate",)
    once: tuple[str, ...] = ()
    counters: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class State:
    """Where a path is: the point, the memory of each coordinate, the counters."""

    x: list[float]
    memory: list[list[float]]
    counters: list[float]

    def copy(self) -> "State":
        """Return a state that later steps leave alone."""
        return State(list(self.x), [list(m) for m in self.memory], list(self.counters))


class Loop:
    """Runs steps of `update` for f with its gradient.

    Args:
        program: f and ∂f/∂xᵢ, in the order of its variables.
        gradient: Makes the program of ∂f/∂xᵢ alone.
        update: How a step is made.
    """

    def __init__(self, program: Program, gradient: Callable[[], Program], update: Update) -> None:
        self.update = update
        self.program = program
        self._make_gradient = gradient
        self._untraced: Program | None = None
        tape = program.tape
        self._variables = len(tape.variables)
        self._small = self._variables <= UNROLLED_VARIABLES and len(tape.code) <= UNROLLED_INSTRUCTIONS
        self._vectors = tape.vectors
        self._unrolled: dict[Record, Callable[..., Any]] = {}
        # Where NumPy rounds as Python does, f and |∇f| of a path are sooner computed all at once, afterwards.
        self._later = all(i.op in ROUNDED_ALIKE and i.rows == 1 for i in tape.code)
        self._columns: Interpreter | None = None
        self._vector_step = _vector_step(update)
        self._made = 0

    @property
    def _gradient(self) -> Program:
        """What is computed at a step that is not traced: f too, where it may leave its domain sooner than ∇f."""
        if self._untraced is None:
            guarded = any(not operation(i.op).total for i in self.program.tape.code)
            self._untraced = self.program if guarded else self._make_gradient()
        return self._untraced

    def begin(self, x: Sequence[float]) -> State:
        """Return the state at the start of a path."""
        return State(
            list(x), [[0.0] * len(x) for _ in self.update.memory], [value for _, value in self.update.counters]
        )

    def run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None = None,
    ) -> int:
        """Make at most `count` steps, change `state`, and return how many were made.

        Stops early, before a step, where |∇f| is not between `low` and `high`, or f or ∇f is not finite; an
        early stop may be one step too early: the caller looks at the exact values and calls `single` to go on.

        Args:
            state: Where to begin; where it ended, afterwards.
            parameters: Numbers for `update.parameters`.
            count: At most so many steps.
            low: At or below it the path has arrived; negative: never.
            high: At or above it the path has gone.
            records: Gets each point that is left or stopped at.
        """
        if self._vectors:
            with np.errstate(all="ignore"):
                return self._run(state, parameters, count, low, high, records)
        return self._run(state, parameters, count, low, high, records)

    def _run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None,
    ) -> int:
        self._made += count
        if not self._small or self._made <= WARM * len(self.program.tape.code):
            return self._by_vectors(state, parameters, count, low, high, records)
        if records is None:
            return self._unrolled_run(Record.NOTHING, state, parameters, count, low, high, [])
        n = self._variables
        numbers: list[float] = []
        if self._later and count >= MANY:
            before = state.copy()
            made = self._unrolled_run(Record.POINT, state, parameters, count, low, high, numbers)
            rows = self._completed(numbers)
            if np.isfinite(rows[:, n]).all():
                records.append(rows)
                return made
            # f left the numbers sooner than ∇f.
            state.x, state.memory, state.counters = before.x, before.memory, before.counters
            numbers = []
        made = self._unrolled_run(Record.ROW, state, parameters, count, low, high, numbers)
        rows = np.fromiter(numbers, np.float64, len(numbers)).reshape(-1, n + 2)
        np.sqrt(rows[:, -1], out=rows[:, -1])
        records.append(rows)
        return made

    def _unrolled_run(
        self,
        record: Record,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        numbers: list[float],
    ) -> int:
        loop = self._unrolled.get(record)
        if loop is None:
            loop = self._unrolled[record] = self._unroll(record)
        # A little wider: the caller decides by the exact norm.
        square_low = low * low * (1.0 + 1e-14) if low >= 0.0 else -1.0
        made, state.x, memory, state.counters = loop(
            state.x,
            [m for row in state.memory for m in row],
            state.counters,
            parameters,
            count,
            square_low,
            high * high,
            numbers.extend,
        )
        n = self._variables
        state.memory = [memory[i : i + n] for i in range(0, len(memory), n)]
        return int(made)

    def _completed(self, points: Sequence[float]) -> Rows:
        """Return points, one after the other, with f and |∇f| at each."""
        n = self._variables
        if self._columns is None:
            self._columns = Interpreter(self.program.tape, columns=True)
        rows = np.empty((len(points) // n, n + 2))
        rows[:, :n] = columns = np.fromiter(points, np.float64, len(points)).reshape(-1, n)
        with np.errstate(all="ignore"):
            value, *gradient = self._columns(list(np.ascontiguousarray(columns.T)))
            square = gradient[0] * gradient[0]
            for g in gradient[1:]:
                square += g * g
            rows[:, n], rows[:, n + 1] = value, np.sqrt(square)
        return rows

    def single(self, state: State, gradient: Sequence[float], parameters: Sequence[float]) -> None:
        """Make one step with a gradient known from elsewhere, whatever its norm."""
        with np.errstate(all="ignore"):
            self._vector_step(state, np.array(gradient, dtype=np.float64), parameters)

    def _by_vectors(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None,
    ) -> int:
        for k in range(count):
            g = (self._gradient if records is None else self.program).point(state.x)
            f = 0.0 if len(g) == self._variables else g.pop(0)
            norm = euclidean(g)
            if records is not None:
                records.append(np.array([[*state.x, f, norm]]))
            if not (low < norm < high and math.isfinite(f)):
                return k
            self._vector_step(state, np.array(g), parameters)
        return count

    def _unroll(self, record: Record) -> Callable[..., Any]:
        program = self.program if record is Record.ROW else self._gradient
        body = write(program.tape, careful=False)
        n = self._variables
        # ∇f and |∇f|², left to right.
        lines = [f"g{i} = {text}" for i, text in enumerate(body.outputs[-n:])]
        lines.append("q = " + " + ".join(f"g{i} * g{i}" for i in range(n)))
        valued = len(body.outputs) > n
        if valued:
            lines.append(f"v = {body.outputs[0]}")
        if record is not Record.NOTHING:
            # The root is taken of all at once, afterwards.
            written = [f"x{i}" for i in range(n)] + ["v", "q"] * (record is Record.ROW)
            lines.append(f"record(({', '.join(written)},))")
        # f - f is NaN where f is infinite or NaN.
        lines.append(f"if not (low < q < high{' and v - v == 0.0' * valued}): break")
        lines += self.update.once
        for i in range(n):
            scope = {"x": f"x{i}", "g": f"g{i}", **{m: f"{m}{i}" for m in self.update.memory}}
            lines += [line.format(**scope) for line in self.update.lines]
        return _loop(self.update, n, [*body.lines, *lines], body)


def euclidean(g: Sequence[float]) -> float:
    """Return |g|; it overflows only where its square does."""
    if len(g) == 1:
        return abs(g[0])
    q = sum([v * v for v in g])
    return math.sqrt(q) if q == q else q


def _loop(update: Update, n: int, lines: Sequence[str], body: Body) -> Callable[..., Any]:
    """Return the loop around `lines`, which leave it by `break` before a step."""
    points = "".join(f"x{i}, " for i in range(n))
    memory = "".join(f"{m}{i}, " for m in update.memory for i in range(n))
    counters = "".join(f"{name}, " for name, _ in update.counters)
    source = [f"{points} = x"]
    for targets, values in ((memory, "m"), (counters, "c"), (", ".join(update.parameters) + ", ", "p")):
        if targets.strip(", "):
            source.append(f"{targets} = {values}")
    # `k` counts the steps made when an evaluation raises; all of x is then as it was before that step.
    source += ["k = 0", "try:", " for k in range(count):"]
    source += ["  " + line for line in lines]
    source += [" else: k = count", "except (ArithmeticError, ValueError): pass"]
    source.append(f"return k, [{points}], [{memory}], [{counters}]")
    names = {
        **body.names,
        "sqrt": math.sqrt,
        "range": range,
        "ArithmeticError": ArithmeticError,
        "ValueError": ValueError,
    }
    return build("x, m, c, p, count, low, high, record", source, names)


@cache
def _vector_step(update: Update) -> Callable[[State, Vector, Sequence[float]], None]:
    """Return the function that makes one step on whole vectors."""
    scope = {"x": "x", "g": "g", **{m: m for m in update.memory}}
    counters = [name for name, _ in update.counters]
    source = ["x = array(s.x)"]
    if update.memory:
        source.append(f"{', '.join(update.memory)}, = map(array, s.memory)")
    if counters:
        source.append(f"{', '.join(counters)}, = s.counters")
    source.append(f"{', '.join(update.parameters)}, = p")
    source += update.once
    source += [line.format(**scope) for line in update.lines]
    source.append("s.x = x.tolist()")
    if update.memory:
        source.append(f"s.memory = [{', '.join(f'{m}.tolist()' for m in update.memory)}]")
    if counters:
        source.append(f"s.counters = [{', '.join(counters)}]")
    return build("s, g, p", source, {"array": np.array, "sqrt": np.sqrt, "map": map})
