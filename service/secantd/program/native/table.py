"""The operations of the machine in C, by name, and those of the tape that are formulas of them."""

from functools import cache
from typing import NamedTuple

from secantd.language.expansion import stable_form
from secantd.program.operations import operation
from secantd.program.tape import Tape, record

__all__ = ["CODES", "FUNCTIONS", "INLINED", "OPERATIONS", "PAIRS", "Form", "Step", "form_of"]

# In the order of their codes; operations.h has the same list.
ARITHMETIC = (
    "copy add sub mul div neg reciprocal square cube fourth sqrt abs sign floor ceiling trunc round held pmax pmin %% %/% "
    "< <= > >= == != & | ! ifelse"
).split()
FUNCTIONS = (
    "exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc gamma lgamma pow atan2"
).split()
# Two operations in one pass: (a first b) second c, for "from" c - (a first b), for "under" c / (a first b); "add neg" and "mul neg" are
# the negative of it, "neg sub" is -a - b, "abs neg" is -|a|.
PAIRS = (
    *[
        f"{first} {second}"
        for first in ("add", "sub", "mul", "div")
        for second in ("add", "sub", "from", "mul", "div", "under")
    ],
    "add neg",
    "mul neg",
    "neg sub",
    "abs neg",
)
OPERATIONS = (*ARITHMETIC, *PAIRS, *FUNCTIONS, "skip")
CODES = {name: code for code, name in enumerate(OPERATIONS)}
# Instructions of the longest formula that takes the place of an operation: NumPy's code for longer ones is faster.
INLINED = 600


class Step(NamedTuple):
    """value `out` ← op(values `args`), with one or two arguments of n-ary operations."""

    op: str
    args: tuple[int, ...]
    out: int


class Form(NamedTuple):
    """A formula of the machine's operations.

    Attributes:
        inputs: The number of its parameters, which are the first values.
        constants: The values that are numbers.
        steps: The operations, arguments before their use.
        output: The value of the formula.
        size: The number of values.
    """

    inputs: int
    constants: dict[int, float]
    steps: list[Step]
    output: int
    size: int


class Builder:
    """Collects the steps of a tape, with formulas written out.

    Attributes:
        constants: The values that are numbers, apart from those of the tape.
        count: The number of values.
    """

    def __init__(self, count: int) -> None:
        self.constants: dict[int, float] = {}
        self.count = count

    def new(self) -> int:
        self.count += 1
        return self.count - 1

    def keep(self, value: float) -> int:
        out = self.new()
        self.constants[out] = value
        return out

    def binary(self, op: str, args: tuple[int, ...], out: int) -> list[Step]:
        """Return an n-ary operation as operations on two values, from left to right."""
        steps = []
        total = args[0]
        for position, a in enumerate(args[1:], 2):
            target = out if position == len(args) else self.new()
            steps.append(Step(op, (total, a), target))
            total = target
        return steps

    def written_out(self, form: Form, args: tuple[int, ...], out: int) -> list[Step]:
        """Return the steps of a formula at `args`."""
        place = dict(enumerate(args))
        for slot, value in form.constants.items():
            place[slot] = self.keep(value)
        steps = []
        for op, read, target in form.steps:
            place[target] = out if target == form.output else self.new()
            steps.append(Step(op, tuple([place[a] for a in read]), place[target]))
        if form.output not in {s.out for s in form.steps}:
            steps.append(Step("copy", (place[form.output],), out))
        return steps

    def steps(self, op: str, args: tuple[int, ...], out: int, tape: Tape) -> list[Step] | None:
        """Return the steps of an instruction, None where the machine lacks the operation."""
        if op in ("add", "mul", "pmax", "pmin"):
            return self.binary(op, args, out)
        if op == "round":
            return [Step(op, args[:1], out)] if tape.constants.get(args[1]) == 0.0 else None
        if op in CODES:
            return [Step(op, args, out)]
        form = form_of(op)
        return None if form is None else self.written_out(form, args, out)


@cache
def form_of(op: str) -> Form | None:
    """Return the formula of an operation; None where it has none, or one that is too long or lacks an operation."""
    function = stable_form(op)
    if function is None:
        return None
    tape = record(function.outputs, function.variables, {}, literal=True)
    if len(tape.code) > INLINED:
        return None
    builder = Builder(tape.slots)
    steps: list[Step] = []
    for name, args, out, _ in tape.code:
        found = builder.steps(name, args, out, tape)
        if found is None or len(steps) + len(found) > INLINED:
            return None
        steps += found
    constants = {slot: float(value) for slot, value in tape.constants.items()}
    return Form(len(tape.variables), constants | builder.constants, steps, tape.outputs[0], builder.count)


def uniform(step: Step, values: dict[int, float]) -> float:
    """Return the value of a step whose arguments are the same at all points."""
    if step.op == "copy":
        return values[step.args[0]]
    more = (0.0,) if step.op == "round" else ()
    return operation(step.op).careful(*[values[a] for a in step.args], *more)
