"""One point at a time in C: values, and the steps of descents; the same as those in Python, to the last digit."""

import ast
from array import array
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.language.expansion import stable_form
from secantd.program.losses import FAR_BESIDE, FAR_VALUE, NEAR_VALUE
from secantd.program.native.code import code_of
from secantd.program.native.library import Machine, machine
from secantd.program.native.table import Builder, Step, form_of
from secantd.program.stableforms import CODE
from secantd.program.tape import Tape, record
from secantd.program.update import Update

__all__ = ["Search", "Walk", "search_of", "single_of", "walk_of", "walks"]

# Operations that have the same value in C and in Python, to the last digit.
ALIKE = frozenset((
    "copy add sub mul neg div reciprocal square cube fourth sqrt abs sign held pmax pmin < <= > >= == != ifelse "
    "exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh pow atan2"
).split())  # fmt: skip
# Instructions from which on a point is computed faster than by Python.
WORTH = 64
# Steps that are recorded by one call.
AT_ONCE = 65_536
# Limits of the squares of watched numbers, and of those of variables beside them.
WATCHED = (NEAR_VALUE, FAR_VALUE, 1.0 / (FAR_BESIDE * FAR_BESIDE), FAR_BESIDE * FAR_BESIDE)
BINARY: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
CALLED = {"sqrt": "sqrt", "abs": "abs", "max": "pmax"}

# As the functions that `loop` compiles: x, the memory, the counters, the parameters, the most steps, the limits of |∇f|² and what
# takes recorded numbers; the steps made, x, the memory, the counters, and whether the next step is hard.
Walk = Callable[..., tuple[int, list[float], list[float], list[float], bool]]
# As the function that `searchloop` compiles: x, the parameters, the most steps, the limits of |∇f|² and what takes recorded numbers; the
# steps made, and x.
Search = Callable[..., tuple[int, list[float]]]
# Why a search in C stops.
HARD_POINT, UNDECIDED = 1, 2


def walks(tape: Tape) -> bool:
    """Return whether the loop for a tape runs in C."""
    return machine() is not None and all(i.rows == 1 and is_alike(i.op) for i in tape.code)


@cache
def is_alike(op: str) -> bool:
    """Return whether an operation has the same value in C and in Python: also if both compute it by one formula."""
    if op in ALIKE:
        return True
    form = None if op in CODE or form_of(op) is None else stable_form(op)
    return form is not None and all(is_alike(i.op) for i in record(form.outputs, form.variables, {}, literal=True).code)


def single_of(tape: Tape, count: int) -> Callable[[Sequence[float]], list[float]] | None:
    """Return the first `count` outputs at a point, then whether others are very large or small; None as in `walk_of`.

    The function raises ArithmeticError where Python's own operations would raise.
    """
    native = machine()
    if native is None or len(tape.code) < WORTH or not walks(tape):
        return None
    program, constants = steps_of(tape).prepared(native, tape.outputs)

    def function(values: Sequence[float]) -> list[float]:
        given = values if isinstance(values, list | tuple) else [*values]
        found = native.single(program, constants, given, count, NEAR_VALUE, FAR_VALUE)
        if found is None:
            raise ArithmeticError
        return found

    return function


def walk_of(tape: Tape, update: Update, valued: bool, wide: int) -> Walk | None:
    """Return the loop for f and its gradient, None where the machine lacks an operation or does not exist.

    Args:
        tape: f if it is `valued`, ∂f/∂xᵢ, and numbers whose size shows whether digits may have been lost.
        update: The update rule.
        valued: Whether there is f.
        wide: The numbers that are recorded of each step: n for x, n + 2 for x, f and |∇f|²; 0: none.
    """
    native = machine()
    if native is None or not walks(tape):
        return None
    n = len(tape.variables)
    gradient, rule = steps_of(tape), Rule(update, n)
    total = gradient.total_of_squares(tape.outputs[valued : valued + n])
    first, constants = gradient.prepared(native, (total, *tape.outputs))
    second, numbers = rule.prepared(native, rule.outputs)
    places = [(rule.place[slot], k) for k, slot in enumerate(rule.parameters) if slot in rule.place]

    def walk(
        x: Sequence[float],
        memory: Sequence[float],
        counters: Sequence[float],
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        record: Callable[[Sequence[float]], None],
    ) -> tuple[int, list[float], list[float], list[float], bool]:
        state = np.array([*x, *memory, *counters])
        limits = np.array([low, high, *WATCHED])
        given = numbers.copy()
        for place, k in places:
            given[place] = parameters[k]
        made, hard = 0, 0
        while made < count:
            some = min(count - made, AT_ONCE)
            rows = np.empty((some, wide)) if wide else None
            done, hard, written = native.walk(
                first, second, constants, given, state, rows, wide or n, limits, some, n, int(valued)
            )
            made += done
            if rows is not None:
                record(array("d", rows[:written].tobytes()))
            if done < some:
                break
        after = state.tolist()
        return made, after[:n], after[n : n + len(memory)], after[n + len(memory) :], bool(hard)

    return walk


def search_of(
    tape: Tape,
    value: Tape,
    trials: int,
    rounding: float,
    loses: Callable[[Sequence[float]], bool],
    step: Callable[[], Search],
) -> Search | None:
    """Return the loop of backtracking for f and its gradient, None where the machine lacks an operation or does not exist.

    Args:
        tape: f, ∂f/∂xᵢ, and numbers whose size shows whether digits may have been lost.
        value: f alone.
        trials: The lengths that are tried in one step.
        rounding: The relative error of f.
        loses: Whether digits are lost at a point.
        step: Makes the loop in Python, for steps that only it decides.
    """
    native = machine()
    if native is None or not walks(tape) or not walks(value):
        return None
    n = len(tape.variables)
    gradient = steps_of(tape)
    total = gradient.total_of_squares(tape.outputs[1 : 1 + n])
    first, constants = gradient.prepared(native, (total, *tape.outputs))
    second, numbers = steps_of(value).prepared(native, value.outputs)
    made_by: list[Search] = []

    def search(
        x: Sequence[float],
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        record: Callable[[Sequence[float]], None] | None,
    ) -> tuple[int, list[float]]:
        state = np.array([*x, *x])
        limits = np.array([low, high, *WATCHED])
        given = np.array([*parameters[:3], rounding])
        made, is_new, is_watched = 0, 0, 1
        while True:
            some = min(count - made, AT_ONCE)
            rows = np.empty((some + 1, n + 2)) if record is not None else None
            done, why, written, is_new = native.search(
                first,
                second,
                constants,
                numbers,
                state,
                rows,
                limits,
                given,
                some,
                trials,
                bool(is_new),
                bool(is_watched),
            )
            made += done
            is_watched = 1
            if rows is not None and record is not None:
                record(array("d", rows[:written].tobytes()))
            here, before = state[:n].tolist(), state[n:].tolist()
            if why == HARD_POINT:
                if loses(here):
                    return (made - 1, before) if is_new else (made, here)
                is_watched = 0
            elif why == UNDECIDED:
                if not made_by:
                    made_by.append(step())
                steps, after = made_by[0](here, parameters, 1, low, high, record)
                made += steps
                if not steps:
                    return made, after
                state[:n] = after
            elif done < some or made >= count:
                return made, here

    return search


class Steps:
    """Steps over values, of which the first `columns` are given.

    Attributes:
        constants: The values that are numbers.
        place: The position of each value that is the same at all points, once the code is prepared.
    """

    def __init__(self, count: int, columns: int) -> None:
        self.builder = Builder(count)
        self.columns = columns
        self.steps: list[Step] = []
        self.constants: dict[int, float] = {}
        self.place: dict[int, int] = {}

    def step(self, op: str, *args: int) -> int:
        """Add a step and return its value."""
        self.steps.append(Step(op, args, self.builder.new()))
        return self.steps[-1].out

    def total_of_squares(self, values: Sequence[int]) -> int:
        """Add the steps of a sum of squares, from left to right, and return it."""
        squares = [self.step("mul", g, g) for g in values]
        total = squares[0]
        for square in squares[1:]:
            total = self.step("add", total, square)
        return total

    def prepared(self, native: Machine, outputs: Sequence[int]) -> tuple[Any, NDArray[np.float64]]:
        """Return the program for some of the values, and the numbers that it is given: 0 for those that are no constants."""
        computed, wanted = {s.out for s in self.steps}, list[int]()
        for value in outputs:
            wanted.append(value if value in computed and value not in wanted else self.step("copy", value))
        code = code_of(self.steps, range(self.columns), wanted, single=True)
        known = self.constants | self.builder.constants
        self.place = {value: k for k, value in enumerate(code.uniforms)}
        program = native.prepare(code.code, self.columns, len(code.uniforms), code.registers, code.outputs)
        return program, np.array([known.get(value, 0.0) for value in code.uniforms])


def steps_of(tape: Tape) -> Steps:
    """Return the steps of a tape for which `walks` holds."""
    found = Steps(tape.slots, len(tape.variables))
    found.constants.update({slot: float(value) for slot, value in tape.constants.items()})
    for op, args, out, _ in tape.code:
        found.steps += found.builder.steps(op, args, out, tape) or []
    return found


class Rule(Steps):
    """An update rule as steps; x, the memory, the counters and ∇f are given.

    Attributes:
        outputs: The next x, memory and counters.
        parameters: The values that are parameters, in their order.
    """

    def __init__(self, update: Update, n: int) -> None:
        names = [f"{name}{i}" for name in ("x", *update.memory) for i in range(n)]
        names += [name for name, _ in update.counters]
        given = [*names, *[f"g{i}" for i in range(n)]]
        super().__init__(len(given) + len(update.parameters), len(given))
        self._values = {name: k for k, name in enumerate([*given, *update.parameters])}
        self.parameters = [self._values[name] for name in update.parameters]
        for line in update.once:
            self._assign(line)
        for i in range(n):
            scope = {name: f"{name}{i}" for name in ("x", "g", *update.memory)}
            for line in update.lines:
                self._assign(line.format(**scope))
        self.outputs = [self._values[name] for name in names]

    def _assign(self, line: str) -> None:
        (statement,) = ast.parse(line).body
        assert isinstance(statement, ast.Assign)
        (target,) = statement.targets
        assert isinstance(target, ast.Name)
        self._values[target.id] = self._value(statement.value)

    def _value(self, node: ast.expr) -> int:
        if isinstance(node, ast.Name):
            return self._values[node.id]
        if isinstance(node, ast.Constant):
            assert isinstance(node.value, float)
            return self.builder.keep(node.value)
        if isinstance(node, ast.BinOp):
            return self.step(BINARY[type(node.op)], self._value(node.left), self._value(node.right))
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return self.step(CALLED[node.func.id], *[self._value(part) for part in node.args])
