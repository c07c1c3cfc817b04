"""The table of operations: the implementation of each for every back end.

It contains arithmetic and the elementary functions. `special` adds the special functions and the distributions, and
`forms` compiles the stable form of a row for all others.
"""

import math
import operator
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.program import arrays, careful

__all__ = ["ELEMENTARY", "OPERATIONS", "Operation", "Operations", "operation"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        careful: Floats to a float, with IEEE values; never raises.
        array: Arrays and floats to an array, `f(*arguments, out=)`.
        plain: The fastest Python for floats: source with {0}, {1} for the arguments, or a function. It may raise
            ArithmeticError or ValueError where `careful` returns NaN or Inf; other values are the same. None: `careful`.
        total: Whether the source `plain` never raises.
        reduction: Whether the argument is a vector and the value a number.
    """

    careful: Callable[..., float]
    array: Callable[..., Any]
    plain: str | Callable[..., float] | None = None
    total: bool = False
    reduction: bool = False


class Operations(dict[str, Operation]):
    """Operations by name; a missing one is made when it is first looked up.

    Attributes:
        makers: Functions that return an operation for its name, or None.
    """

    def __init__(self, entered: Mapping[str, Operation]) -> None:
        super().__init__(entered)
        self.makers: list[Callable[[str], Operation | None]] = []

    def __missing__(self, name: str) -> Operation:
        for make in self.makers:
            found = make(name)
            if found is not None:
                self[name] = found
                return found
        raise KeyError(name)


def _comparison(sign: str, test: Callable[[float, float], bool], ufunc: np.ufunc) -> Operation:
    otherwise = "{0} < {1} or {0} > {1} or {0} == {1}"
    source = f"(1.0 if {{0}} {sign} {{1}} else 0.0 if {otherwise} else nan)"
    if sign == "!=":
        source = "(0.0 if {0} == {1} else 1.0 if {0} < {1} or {0} > {1} else nan)"
    return Operation(careful.compare(test), arrays.compare(ufunc), source, total=True)


# x within the range of doubles.
HELD = (
    f"({{0}} if -{sys.float_info.max!r} <= {{0}} <= {sys.float_info.max!r} else"
    f" {sys.float_info.max!r} if {{0}} > 0.0 else -{sys.float_info.max!r} if {{0}} < 0.0 else {{0}})"
)

OPERATIONS = Operations({
    # The source of n-ary operations is written by `source`.
    "add": Operation(careful.add, arrays.NaryUfunc(np.add), total=True),
    "mul": Operation(careful.multiply, arrays.NaryUfunc(np.multiply), total=True),
    "sub": Operation(careful.subtract, np.subtract, "({0} - {1})", total=True),
    "neg": Operation(careful.negate, np.negative, "(-{0})", total=True),
    "div": Operation(careful.divide, np.divide, "({0} / {1})"),
    "pow": Operation(careful.power, np.power, math.pow),
    # Powers with a constant exponent, made by the tape.
    "reciprocal": Operation(careful.reciprocal, np.reciprocal, "(1.0 / {0})"),
    "square": Operation(careful.square, arrays.square, "({0} * {0})", total=True),
    "cube": Operation(careful.cube, arrays.cube, "({0} * {0} * {0})", total=True),
    "fourth": Operation(careful.fourth, arrays.fourth),
    "pi": Operation(lambda: math.pi, lambda out=None: math.pi, "3.141592653589793", total=True),
    "exp": Operation(careful.exp, np.exp, math.exp),
    "expm1": Operation(careful.expm1, np.expm1, math.expm1),
    "log": Operation(careful.log, np.log, math.log),
    "log2": Operation(careful.log2, np.log2, math.log2),
    "log10": Operation(careful.log10, np.log10, math.log10),
    "log1p": Operation(careful.log1p, np.log1p, math.log1p),
    "sqrt": Operation(careful.sqrt, np.sqrt, math.sqrt),
    "sin": Operation(careful.sin, np.sin, math.sin),
    "cos": Operation(careful.cos, np.cos, math.cos),
    "tan": Operation(careful.tan, np.tan, math.tan),
    "asin": Operation(careful.asin, np.arcsin, math.asin),
    "acos": Operation(careful.acos, np.arccos, math.acos),
    "atan": Operation(math.atan, np.arctan),
    "atan2": Operation(math.atan2, np.arctan2),
    "sinh": Operation(careful.sinh, np.sinh, math.sinh),
    "cosh": Operation(careful.cosh, np.cosh, math.cosh),
    "tanh": Operation(math.tanh, np.tanh),
    "asinh": Operation(math.asinh, np.arcsinh),
    "acosh": Operation(careful.acosh, np.arccosh, math.acosh),
    "atanh": Operation(careful.atanh, np.arctanh, math.atanh),
    "abs": Operation(abs, np.absolute),
    "sign": Operation(careful.sign, np.sign, "(1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0})", total=True),
    "floor": Operation(careful.floor, np.floor),
    "ceiling": Operation(careful.ceiling, np.ceil),
    "trunc": Operation(careful.truncate, np.trunc),
    "round": Operation(careful.rounded, arrays.rounded),
    "pmax": Operation(careful.pmax, arrays.NaryUfunc(np.maximum)),
    "pmin": Operation(careful.pmin, arrays.NaryUfunc(np.minimum)),
    "held": Operation(careful.held, arrays.held, HELD, total=True),
    "%%": Operation(careful.modulo, np.remainder, "({0} % {1})"),
    "%/%": Operation(careful.floor_divide, arrays.floor_divide),
    "<": _comparison("<", operator.lt, np.less),
    "<=": _comparison("<=", operator.le, np.less_equal),
    ">": _comparison(">", operator.gt, np.greater),
    ">=": _comparison(">=", operator.ge, np.greater_equal),
    "==": _comparison("==", careful.equal, np.equal),
    "!=": _comparison("!=", careful.unequal, np.not_equal),
    # x != x asks whether x is missing: R's is.na(x).
    "missing": Operation(careful.missing, arrays.missing, "(0.0 if {0} == {0} else 1.0)", total=True),
    "&": Operation(careful.both, arrays.both),
    "|": Operation(careful.either, arrays.either),
    "!": Operation(careful.negative, arrays.negative),
    "ifelse": Operation(
        careful.ifelse, arrays.ifelse, "({2} if {0} == 0.0 else {1} if {0} == {0} else nan)", total=True
    ),
    "sum": Operation(careful.reduced(np.add), arrays.reduced(np.add), reduction=True),
    "prod": Operation(careful.reduced(np.multiply), arrays.reduced(np.multiply), reduction=True),
    "max_of": Operation(careful.reduced(np.maximum), arrays.reduced(np.maximum), reduction=True),
    "min_of": Operation(careful.reduced(np.minimum), arrays.reduced(np.minimum), reduction=True),
})  # fmt: skip

# The others are made of several operations, and may overflow on the way to a value that is right.
ELEMENTARY = frozenset(OPERATIONS)


def operation(name: str) -> Operation:
    """Return the operation of a name.

    Raises:
        CalculusError: MISSING_PART: it has no implementation.
    """
    try:
        return OPERATIONS[name]
    except KeyError:
        raise CalculusError(
            Reason.MISSING_PART, f"'{name}' has no implementation on this server", metadata={"function": name}
        ) from None
