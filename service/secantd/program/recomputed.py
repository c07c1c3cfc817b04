"""Values of a tape where doubles overflow or underflow in between: numbers with exponents of any size.

x^2/(1 + x^2) is 1 at 1e200, but x^2 is Inf in double precision and the quotient NaN. A point at which an output is not finite, or has
lost digits (`losses`), is computed once more with numbers m · 2^e (`wide`). Where that is NaN as well, the point is outside the
domain, or nothing is left of numbers that cancel. What is larger than the largest double only at the end stays infinite.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from secantd.functions import FUNCTIONS
from secantd.interrupt import paced
from secantd.program.operations import operation
from secantd.program.tape import Tape
from secantd.program.wide import OPERATIONS, REDUCTIONS, Wide, exponential

__all__ = ["WORK", "recomputed"]

# Operations, counting rows of data, that are computed so: a fifth of a second.
WORK = 100_000
# Functions that are 1 beyond some argument, or 1 at 0.
SATURATED = frozenset({"exp", "expm1", "cosh", "cos", "sech2", "expit", "tanh", "erf", "erfc"})
# Functions of which only the side counts.
STEPS = frozenset({"<", "<=", ">", ">=", "==", "!=", "sign", "ifelse", "floor", "ceiling", "trunc", "round"})


def recomputed(tape: Tape, values: Sequence[float]) -> list[Wide] | None:
    """Return the outputs of a tape at a point, None where that would take long.

    Args:
        tape: The instructions; each output is a number.
        values: A float for each variable.

    >>> from secantd.expression import Graph
    >>> from secantd.program.tape import record
    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> square = g.make("mul", x, x)
    >>> tape = record([g.make("div", square, g.make("add", g.number(1), square))], ["x"], {})
    >>> [float(v) for v in recomputed(tape, [1e200])]
    [1.0]
    """
    if sum([i.rows for i in tape.code]) > WORK:
        return None
    slots: list[Any] = [None] * tape.slots
    keys: dict[Any, int] = {}
    for slot, value in (*enumerate(values), *tape.constants.items()):
        slots[slot] = [given(v, keys) for v in value.tolist()] if isinstance(value, np.ndarray) else given(value, keys)
    for op, args, out, _ in paced(tape.code):
        arguments = [slots[a] for a in args]
        if op in REDUCTIONS:
            column = arguments[0] if isinstance(arguments[0], list) else arguments
            slots[out] = followed(op, REDUCTIONS[op](column), column, keys)
            continue
        f = OPERATIONS.get(op) or narrow(op)
        rows = next((len(a) for a in arguments if isinstance(a, list)), 0)
        if rows:
            columns = [a if isinstance(a, list) else [a] * rows for a in arguments]
            slots[out] = [followed(op, f(*row), row, keys) for row in zip(*columns, strict=True)]
        else:
            slots[out] = followed(op, f(*arguments), arguments, keys)
    return [slots[o] for o in tape.outputs]


def given(value: float, keys: dict[Any, int]) -> Wide:
    found = Wide(value, 0, True)
    found.key = keys.setdefault(value, len(keys) + 1) if value else 0
    return found


def followed(op: str, found: Wide, arguments: Sequence[Wide], keys: dict[Any, int]) -> Wide:
    """Return the value of an operation with what is known about its digits."""
    if any(found is a for a in arguments):
        return found
    if any(a.lost for a in arguments):
        if not found.finite:
            return Wide(math.nan, lost=True)
        found.lost = not found.m and op in ("mul", "div", "sqrt", "square")
    if not found.finite or not found.m:
        return found
    a = arguments[0]
    # 1 is the value of exp(1e-20), and of tanh(800).
    found.faint = found.faint or (op not in STEPS and any(a.faint for a in arguments))
    if len(arguments) == 1 and abs(float(found)) == 1.0 and op in SATURATED:
        found.exact, found.faint = (a.exact, a.faint or a.lost) if not a.m else (False, True)
    if not found.key and all(a.key or not a.m for a in arguments):
        operands = [a.key for a in arguments]
        found.key = keys.setdefault((op, *(sorted(operands) if op in ("add", "mul") else operands)), len(keys) + 1)
    return found


def narrow(op: str) -> Callable[..., Wide]:
    """Return a function of doubles; where its value is none, it is that of the row of its logarithm: densities, probabilities and gamma."""
    careful = operation(op).careful
    name = "lgamma" if op == "gamma" else f"{op}.log"
    logarithmic = operation(name).careful if name in FUNCTIONS and op[0] in "dpg" and "_" not in op else None

    def function(*values: Wide) -> Wide:
        arguments = [float(v) for v in values]
        found = Wide(careful(*arguments))
        lost = found.m > 0.0 and not found.finite if op == "gamma" else not found.m or not found.narrow
        return exponential(Wide(logarithmic(*arguments))) if logarithmic is not None and lost else found

    return function
