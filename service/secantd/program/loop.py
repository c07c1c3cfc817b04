"""Compiled descent loops: f, its gradient and the update rule as one Python function, or as NumPy vectors.

The problem. A descent makes up to millions of steps, one after the other, and each is a handful of floating-point
operations. Calling a program for the gradient, a method for the update and NumPy for vectors of two numbers costs
more than the arithmetic.

The method is code generation. `source_body` prints the tape of f and its gradient as straight-line Python over local
variables; `_unroll` appends the stopping test and, for each coordinate, the lines of the update rule (`Update`), and
`_loop` puts a `for` around all of it. CPython compiles the function once and then runs whole stretches of the path
without a call except for those of exp, sin and the like. Its source contains slot names only; numbers are arguments, so
that formulas that differ in names and constants share one code object (`source.build`).

With the extension, the loop runs in C where all operations have the digits of Python (`walk`).

- Beyond UNROLLED_VARIABLES coordinates or UNROLLED_INSTRUCTIONS instructions, and for short runs that do not repay the
  compilation, the same lines run on NumPy vectors (`step_of`).
- The stopping test compares |∇f|² with squared bounds: no square root for each step. Squares that overflow or lose
  digits leave the loop early; the caller decides by the exact norm (`euclidean`) and may continue with `single`.
- A value that is not finite ends the loop by the test v - v == 0, an exception of `math` by `except`. Both happen before
  the coordinates are changed, so the state is that of the last finite step.
- A step at which exponentials are very large or small may have lost digits. The loop stops before it; if digits are lost, the caller
  makes the step with exact values. Otherwise the next steps are made without looking, twice as many each time.
- Three variants record nothing, the points, or the points with f and |∇f|². Where the tape contains only + - * /, f and
  |∇f| of all recorded points are computed afterwards by NumPy in one pass.

Complexity. Compiling takes time proportional to the instructions of the tape, as long as about WARM steps for each of
them; a step takes time proportional to the instructions, and a recorded step holds n + 2 doubles.

Guarantees. All variants make the same steps to the last digit: the update rules use only + - * /, sqrt, abs and max,
which IEEE 754-2019 (5.4.1) requires to be exact or rounded correctly, in Python and in NumPy alike; the functions in the
gradient are the same ones. Tests compare recorded with unrecorded paths, and values computed afterwards with those at
single points. `run` never makes more than `count` steps and never one past a bound.

Sources: inline expansion and unrolling of loops: A. W. Appel, Modern Compiler Implementation, 15.4 and 18.5. The norm of
large and small numbers: J. L. Blue, A Portable Fortran Program to Find the Euclidean Norm of a Vector, ACM TOMS 4 (1978).
"""

import math
from array import array
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.compiled import Program, observed
from secantd.program.interpret import Interpreter
from secantd.program.losses import moderate, neither_far
from secantd.program.operations import operation
from secantd.program.source import Body, build, source_body
from secantd.program.update import Rows, State, Update, UpdateLoop, arrays_of, store
from secantd.program.walk import walk_of, walks

__all__ = ["Loop", "euclidean"]

Vector = NDArray[np.float64]

# Beyond either, a step by NumPy vectors costs no more than an unrolled one, which has to be compiled first.
UNROLLED_VARIABLES = 16
UNROLLED_INSTRUCTIONS = 400
# Steps for each instruction after which the unrolled loop has repaid its compilation.
WARM = 0.1
# Operations made of correctly rounded ones, which give the same digits in Python and in NumPy (IEEE 754).
ROUNDED_ALIKE = frozenset({"add", "sub", "mul", "neg", "div", "reciprocal", "square", "cube", "fourth"})
# From so many steps on, their f and |∇f| are computed afterwards in one pass.
MANY = 64
# The most steps that are made without looking whether digits are lost, after one at which they might have been.
UNWATCHED = 1024
# A sum of squares outside has lost digits: squares below 2.2e-308 are rounded to a multiple of 5e-324.
LEAST_SQUARE, LARGEST_SQUARE = 1e-290, 1e300


class Record(Enum):
    """What an unrolled loop records of each step: nothing, the point, or the point with f and |∇f|²."""

    NOTHING = 0
    POINT = 1
    ROW = 2


class Loop(UpdateLoop):
    """Runs compiled steps of `update` for f with its gradient.

    Args:
        program: f and ∂f/∂xᵢ, in the order of its variables.
        gradient: Makes the program of ∂f/∂xᵢ alone.
        update: The update rule.
    """

    def __init__(self, program: Program, gradient: Callable[[], Program], update: Update) -> None:
        super().__init__(update)
        self.program = program
        self._make_gradient = gradient
        self._untraced: Program | None = None
        tape = program.tape
        self._variables = len(tape.variables)
        self._small = self._variables <= UNROLLED_VARIABLES and len(tape.code) <= UNROLLED_INSTRUCTIONS
        self._unrolled: dict[tuple[Record, bool], Callable[..., Any]] = {}
        # Numbers whose size shows whether digits may have been lost.
        self._watched = program.watched if self._small else []
        # Where NumPy rounds as Python does, computing f and |∇f| of a path afterwards in one pass is faster.
        self._later = all(i.op in ROUNDED_ALIKE and i.rows == 1 for i in tape.code) and not walks(tape)
        self._columns: Interpreter | None = None
        self._made = 0

    @property
    def _gradient(self) -> Program:
        """The program of a step that is not traced: ∇f, and f too if it may become NaN while ∇f is finite."""
        if self._untraced is None:
            guarded = any(not operation(i.op).total for i in self.program.tape.code)
            self._untraced = self.program if guarded else self._make_gradient()
        return self._untraced

    def run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None = None,
    ) -> int:
        """Make at most `count` steps; see `UpdateLoop`."""
        # A function of vectors is computed by NumPy.
        with np.errstate(all="ignore"):
            self._made += count
            if not self._small or self._made <= WARM * len(self.program.tape.code):
                return self._by_vectors(state, parameters, count, low, high, records)
            if records is None:
                return self._unrolled_run(Record.NOTHING, state, parameters, count, low, high, array("d"))
            n = self._variables
            numbers = array("d")
            if self._later and count >= MANY:
                before = state.copy()
                made = self._unrolled_run(Record.POINT, state, parameters, count, low, high, numbers)
                rows = self._completed(numbers)
                if np.isfinite(rows[:, n]).all():
                    records.append(rows)
                    return made
                # f is not finite at a point where ∇f is.
                state.x, state.memory, state.counters = before.x, before.memory, before.counters
                numbers = array("d")
            made = self._unrolled_run(Record.ROW, state, parameters, count, low, high, numbers)
            rows = np.array(numbers).reshape(-1, n + 2)
            records.append(self._rooted(rows))
            return made

    def _unrolled_run(
        self,
        record: Record,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        numbers: "array[float]",
    ) -> int:
        if not self._watched:
            return self._stretch(record, False, state, parameters, count, low, high, numbers)[0]
        # Steps that are made next without looking at them, and how many these are the next time.
        made, unwatched, patience = 0, 0, 1
        while made < count:
            watches = not unwatched
            some = count - made if watches else min(count - made, unwatched)
            steps, hard = self._stretch(record, watches, state, parameters, some, low, high, numbers)
            made += steps
            if not watches:
                unwatched = unwatched - steps if steps == some else 0
            elif hard and not self.program.loses(state.x):
                unwatched, patience = patience, min(2 * patience, UNWATCHED)
                continue
            else:
                patience = 1
            if steps < some:
                break
        return made

    def _stretch(
        self,
        record: Record,
        watches: bool,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        numbers: "array[float]",
    ) -> tuple[int, bool]:
        """Return how many steps were made, and whether the next one is hard."""
        loop = self._unrolled.get((record, watches))
        if loop is None:
            loop = self._unrolled[record, watches] = self._unroll(record, watches)
        # Slightly larger, as the caller decides by the exact norm.
        square_low = max(low * low * (1.0 + 1e-14), LEAST_SQUARE) if low > 0.0 else low
        made, state.x, memory, state.counters, hard = loop(
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
        return int(made), bool(hard)

    def _completed(self, points: Sequence[float]) -> Rows:
        """Return points, one after the other, with f and |∇f| at each."""
        n = self._variables
        if self._columns is None:
            self._columns = Interpreter(self.program.tape, columns=True)
        rows = np.empty((len(points) // n, n + 2))
        rows[:, :n] = columns = np.array(points).reshape(-1, n)
        with np.errstate(all="ignore"):
            value, *gradient = self._columns(list(np.ascontiguousarray(columns.T)))
            square = gradient[0] * gradient[0]
            for g in gradient[1:]:
                square += g * g
            rows[:, n], rows[:, n + 1] = value, square
        return self._rooted(rows)

    def _rooted(self, rows: Rows) -> Rows:
        """Return rows whose last entry, |∇f|², is replaced by |∇f|; what overflowed or vanished is computed once more."""
        n = self._variables
        squares = rows[:, -1].copy()
        np.sqrt(squares, out=rows[:, -1])
        usual = (squares >= LEAST_SQUARE) & (squares <= LARGEST_SQUARE) & np.isfinite(rows[:, n])
        known: tuple[bytes, float, float] = (b"", 0.0, 0.0)
        for i in np.flatnonzero(~usual).tolist():
            # A path that has converged repeats its last point.
            point = rows[i, :n].tobytes()
            if point != known[0]:
                f, *g = self.program.point(rows[i, :n].tolist())
                known = point, f, euclidean(g)
            rows[i, n:] = known[1:]
        return rows

    def look(self, x: Sequence[float]) -> tuple[float, list[float], float]:
        """Return f, ∇f and |∇f| at a point."""
        f, *g = self.program.point(x)
        return f, g, euclidean(g)

    def _by_vectors(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None,
    ) -> int:
        x, memory, counters = arrays_of(state)
        program = self._gradient if records is None else self.program
        made = 0
        while made < count:
            point = x.tolist()
            g = program.point(point)
            f = 0.0 if len(g) == self._variables else g.pop(0)
            norm = euclidean(g)
            if records is not None:
                records.append(np.array([[*point, f, norm]]))
            if not (low < norm < high and math.isfinite(f)):
                break
            x, memory, counters = self.step(x, memory, counters, np.array(g), parameters)
            made += 1
        store(state, x, memory, counters)
        return made

    def _unroll(self, record: Record, watches: bool) -> Callable[..., Any]:
        program = self.program if record is Record.ROW else self._gradient
        tape = observed(program.tape, program.watched if watches else [])
        n = self._variables
        wide = {Record.NOTHING: 0, Record.POINT: n, Record.ROW: n + 2}[record]
        walk = walk_of(tape, self.update, len(program.tape.outputs) > n, wide)
        if walk is not None:
            return walk
        body = source_body(tape, careful=False)
        tests = moderate(body.outputs[len(program.tape.outputs) :])
        tests += f" and {neither_far([f'x{i}' for i in range(n)])}" if tests else ""
        del body.outputs[len(program.tape.outputs) :]
        # ∇f and |∇f|², left to right.
        lines = [f"g{i} = {text}" for i, text in enumerate(body.outputs[-n:])]
        lines.append("q = " + " + ".join(f"g{i} * g{i}" for i in range(n)))
        if tests:
            lines.append(f"if not ({tests}): hard = True; break")
        valued = len(body.outputs) > n
        if valued:
            lines.append(f"v = {body.outputs[0]}")
        if record is not Record.NOTHING:
            # The square roots of all steps are taken afterwards.
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
    """Return the Euclidean norm |g|, also of numbers whose squares overflow or vanish.

    >>> euclidean([3e-200, 4e-200]), euclidean([5e200, 12e200])
    (5e-200, 1.3e+201)
    """
    if len(g) == 1:
        return abs(g[0])
    q = sum([v * v for v in g])
    return math.sqrt(q) if LEAST_SQUARE < q < LARGEST_SQUARE else math.hypot(*g)


def larger(a: float, b: float) -> float:
    """Return the larger number, or NaN if one is NaN, as NumPy's `maximum` does."""
    return a if a >= b or a != a else b


def _loop(update: Update, n: int, lines: Sequence[str], body: Body) -> Callable[..., Any]:
    """Return a function with a loop around `lines`, which leave it by `break` before a step."""
    points = "".join(f"x{i}, " for i in range(n))
    memory = "".join(f"{m}{i}, " for m in update.memory for i in range(n))
    counters = "".join(f"{name}, " for name, _ in update.counters)
    source = [f"{points} = x"]
    for targets, values in ((memory, "m"), (counters, "c"), (", ".join(update.parameters) + ", ", "p")):
        if targets.strip(", "):
            source.append(f"{targets} = {values}")
    # When an evaluation raises, `k` is the number of completed steps, and x is as it was after them.
    source += ["k, hard = 0, False", "try:", " for k in range(count):"]
    source += ["  " + line for line in lines]
    source += [" else: k = count", "except (ArithmeticError, ValueError): pass"]
    source.append(f"return k, [{points}], [{memory}], [{counters}], hard")
    names = {
        **body.names,
        "sqrt": math.sqrt,
        "abs": abs,
        "max": larger,
        "range": range,
        "ArithmeticError": ArithmeticError,
        "ValueError": ValueError,
    }
    return build("x, m, c, p, count, low, high, record", source, names)
