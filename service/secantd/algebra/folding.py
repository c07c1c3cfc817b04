"""The values of functions of numbers, without NumPy where `math` has the function."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

__all__ = ["MATH", "value_of"]

# Where these have a finite value, the table of operations has the same.
MATH: Final[Mapping[str, Callable[..., float]]] = {
    "pow": math.pow,
    "exp": math.exp,
    "expm1": math.expm1,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "log1p": math.log1p,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "asinh": math.asinh,
    "acosh": math.acosh,
    "atanh": math.atanh,
    "abs": abs,
}
OTHERS: Final = frozenset({"%%", "%/%", "ceiling", "floor", "pmax", "pmin", "round", "sign", "trunc"})


def value_of(op: str, arguments: Sequence[float]) -> float:
    """Return the value of an elementary function at numbers; NaN where it has none, and for all other functions.

    Calls of special functions stay in formulas: gamma(4), dnorm(0).

    Args:
        op: The name of its operation.
        arguments: The numbers.

    >>> value_of("sqrt", [4.0]), value_of("log", [0.0]), value_of("gamma", [4.0])
    (2.0, nan, nan)
    """
    function = MATH.get(op)
    if function is None:
        if op not in OTHERS:
            return math.nan
        # Imported only here: the table of operations needs NumPy.
        from secantd.program.operations import operation

        return float(operation(op).careful(*arguments))
    try:
        return float(function(*arguments))
    except (ArithmeticError, ValueError):
        return math.nan
