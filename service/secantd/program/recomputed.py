"""Values of a tape where doubles overflow, underflow or cancel in between: intervals of many digits.

x^2/(1 + x^2) is 1 at 1e200, but x^2 is Inf in double precision and the quotient NaN. A point at which an output is not finite, or has
lost digits (`losses`), is computed once more with intervals (`enclosures`), whose ends have as many digits as it takes until an output
is one double. What is larger than the largest double only at the end stays infinite. What is still not decided with the most digits
is not known: next to nothing is left of numbers that cancel.
"""

import math
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from secantd.functions import FUNCTIONS
from secantd.interrupt import need_time, paced
from secantd.language.expansion import stable_form
from secantd.program.operations import operation
from secantd.program.stableforms import CODE
from secantd.program.tape import Tape, record

__all__ = ["BATCH_WORK", "QUICK", "Recomputed", "recomputed", "sign_at"]

# Sums, counting rows of data, that may take as long as what is computed so at one point, and at many: about a second.
WORK = BATCH_WORK = 60_000
# As many operations as the event loop may be held up by: some 20 milliseconds.
QUICK = 1000
# Binary digits: 1 + exp(-1600) needs 2300 digits, exp(1e308) 1024.
PRECISIONS = (200, 1300, 6000)
# How long an operation takes with these digits, as multiples of a sum with the fewest ones, some 15 microseconds: the series of
# erf() has as many terms as digits.
ARITHMETIC = {
    "add", "sub", "neg", "mul", "div", "reciprocal", "square", "cube", "fourth", "sqrt", "abs", "sign", "pmax", "pmin", "ifelse", "held",
    "<", "<=", ">", ">=", "==", "!=", "&", "|", "!", "floor", "ceiling", "trunc", "missing", "sum", "max_of", "min_of",
}  # fmt: skip
OF_ARITHMETIC, OF_FUNCTION, OF_SERIES = (1, 1, 2), (1, 6, 200), (10, 100, 2500)
# The most instructions of a stable form that is computed with more digits: longer ones are quadratures, whose own errors stay.
LONGEST_FORM = 500
# The relative error of functions that have double precision only, in binary digits, and the largest one of a value.
OWN_ERROR, ACCURACY = -48, -20
# Functions whose values are doubles by definition.
ROUNDED = frozenset({"round", "%%", "%/%"})


class Recomputed(NamedTuple):
    """A value.

    Attributes:
        value: The nearest double, NaN where there is none.
        known: Whether that is decided.
        overflows: Whether it is a number that is larger than all doubles.
        pole: Whether it is infinite.
    """

    value: float
    known: bool = True
    overflows: bool = False
    pole: bool = False


def recomputed(
    tape: Tape, values: Sequence[float], outputs: Sequence[int], spent: list[int] | None = None
) -> list[Recomputed] | None:
    """Return outputs of a tape at a point, None where that would take long.

    Args:
        tape: The instructions; each output is a number.
        values: A float for each variable.
        outputs: The positions of the outputs.
        spent: Its number is increased by that of the operations, each as many as one takes with the fewest digits.

    >>> from secantd.expression import Graph
    >>> from secantd.program.tape import record
    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> square = g.make("mul", x, x)
    >>> tape = record([g.make("div", square, g.make("add", g.number(1), square))], ["x"], {})
    >>> [v.value for v in recomputed(tape, [1e200], [0])]
    [1.0]
    """
    wanted = [tape.outputs[k] for k in outputs]
    found: dict[int, Recomputed] = {}
    enclosures: dict[int, Any] = {}
    for level, bits in enumerate(PRECISIONS):
        left = list(dict.fromkeys([o for o in wanted if o not in found]))
        code = needed(tape, left)
        work = sum([i.rows * cost(i.op, level) for i in code])
        if spent is not None:
            spent[0] += work + 1
        if work > WORK:
            if not enclosures:
                return None
            break
        if work > QUICK or "mpmath" not in sys.modules:
            # mpmath takes a tenth of a second to load.
            need_time()
        before = enclosures
        enclosures = dict(zip(left, computed(tape, code, left, values, bits), strict=True))
        for slot, e in enclosures.items():
            value = e.double()
            if value is not None:
                found[slot] = Recomputed(value, True, math.isinf(value) and not e.infinite, e.infinite)
        # Functions that have double precision only do not gain by more digits.
        same = all(
            e.finite and o in before and (before[o].low, before[o].high) == (e.low, e.high)
            for o, e in enclosures.items()
            if o not in found
        )
        if same or len(found) == len(set(wanted)):
            break
    for slot, e in enclosures.items():
        value = e.double(ACCURACY)
        if slot not in found:
            found[slot] = Recomputed(math.nan, False) if value is None else Recomputed(value)
    return [found[o] for o in wanted]


def sign_at(tape: Tape, values: Sequence[float]) -> tuple[int | None, float]:
    """Return the sign of the first output of a tape at a point, also where it is smaller than all doubles, and a bound of its size.

    The sign is None where it is not known, the bound infinite where that would take long.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> sign_at(record([g.make("neg", g.make("exp", x))], ["x"], {}), [-1e5])
    (-1, 0.0)
    """
    code = needed(tape, tape.outputs[:1])
    size = math.inf
    for level, bits in enumerate(PRECISIONS):
        if sum([i.rows * cost(i.op, level) for i in code]) > WORK:
            break
        (found,) = computed(tape, code, tape.outputs[:1], values, bits)
        size = min(size, found.size)
        if found.sign or found.zero:
            return int(found.sign), size
    return None, size


def needed(tape: Tape, outputs: Sequence[int]) -> list[Any]:
    """Return the instructions on which outputs depend."""
    slots, code = set(outputs), []
    for instruction in reversed(tape.code):
        if instruction.out in slots:
            code.append(instruction)
            slots.update(instruction.args)
    return code[::-1]


def computed(tape: Tape, code: Sequence[Any], outputs: Sequence[int], values: Sequence[float], bits: int) -> list[Any]:
    """Return outputs as enclosures with ends of so many digits."""
    from secantd.program.enclosed import REDUCTIONS, operations

    table = operations(bits)
    number = table["number"]
    slots: list[Any] = [None] * tape.slots
    for slot, value in (*enumerate(values), *tape.constants.items()):
        slots[slot] = [number(v) for v in value.tolist()] if isinstance(value, np.ndarray) else number(value)
    for op, args, out, _ in paced(code):
        arguments = [slots[a] for a in args]
        if op in REDUCTIONS:
            column = arguments[0] if isinstance(arguments[0], list) else arguments
            slots[out] = table[REDUCTIONS[op]](*column)
            continue
        f = table.get(op)
        if f is None:
            f = table[op] = further(op, table)
        rows = next((len(a) for a in arguments if isinstance(a, list)), 0)
        if rows:
            columns = [a if isinstance(a, list) else [a] * rows for a in arguments]
            slots[out] = [f(*row) for row in zip(*columns, strict=True)]
        else:
            slots[out] = f(*arguments)
    return [slots[o] for o in outputs]


@cache
def form_tape(op: str) -> Tape | None:
    """Return the stable form of a function that has no code of its own, None where there is none."""
    form = None if op in CODE else stable_form(op)
    return None if form is None else record(form.outputs, form.variables, {}, literal=True)


@cache
def cost(op: str, level: int) -> int:
    """Return how long an operation takes with the digits of a level of `PRECISIONS`, as a multiple of a sum with the fewest."""
    if op in ARITHMETIC:
        return OF_ARITHMETIC[level]
    if op in ("erf", "erfc"):
        return OF_SERIES[level]
    tape = form_tape(op) if op in FUNCTIONS else None
    if tape is None:
        return OF_FUNCTION[level]
    return LONGEST_FORM if weight(op) == LONGEST_FORM else sum([cost(i.op, level) for i in tape.code])


@cache
def weight(op: str) -> int:
    """Return how many operations a function consists of, at most as many as are computed with more digits."""
    tape = None if op not in FUNCTIONS else form_tape(op)
    return 1 if tape is None else min(LONGEST_FORM, sum([weight(i.op) for i in tape.code]))


def further(op: str, table: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Return a function of enclosures by its stable form, else in double precision."""
    tape = form_tape(op)
    if tape is None or weight(op) == LONGEST_FORM:
        return narrow(op, table)

    def function(*arguments: Any) -> Any:
        slots: list[Any] = [None] * tape.slots
        for slot, value in tape.constants.items():
            slots[slot] = table["number"](value)
        slots[: len(arguments)] = arguments
        for inner, args, out, _ in tape.code:
            f = table.get(inner)
            if f is None:
                f = table[inner] = further(inner, table)
            slots[out] = f(*[slots[a] for a in args])
        return slots[tape.outputs[0]]

    return function


def narrow(op: str, table: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Return a function in double precision; where its value is no double, by another row: its logarithm, or Bessel's scaled functions."""
    careful = operation(op).careful
    scaled = operation(f"{op}.scaled").careful if op in ("besselI", "besselK") else None
    name = "lgamma" if op == "gamma" else f"{op}.log"
    logarithmic = operation(name).careful if name in FUNCTIONS and op[0] in "dpg" and "_" not in op else None
    relative = table["between"](1.0 - 2.0**OWN_ERROR, 1.0 + 2.0**OWN_ERROR)

    def function(*values: Any) -> Any:
        doubles = [v.double(OWN_ERROR) for v in values]
        if None in doubles:
            return table["between"](-math.inf, math.inf)
        found = careful(*doubles)
        lost = found == math.inf if op == "gamma" else not sys.float_info.min <= abs(found) < math.inf
        if scaled is not None and (lost or found == 0.0):
            factor = scaled(*doubles)
            if factor and math.isfinite(factor):
                size = table["abs"](values[0])
                power = table["exp"](size if op == "besselI" else table["neg"](size))
                return table["mul"](table["mul"](table["number"](factor), relative), power)
        if logarithmic is not None and lost:
            return table["exp"](table["mul"](table["number"](logarithmic(*doubles)), relative))
        exact = op in ROUNDED or not math.isfinite(found)
        return table["number"](found) if exact else table["mul"](table["number"](found), relative)

    return function
