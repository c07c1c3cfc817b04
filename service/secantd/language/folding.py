"""The values of operations on constants: conditions, bounds of loops and indices need them while a text is read."""

import math
from collections.abc import Callable
from typing import Final

__all__ = ["FOLD"]

FOLD: Final[dict[str, Callable[..., float]]] = {
    "add": lambda *a: math.fsum(a) if len(a) > 50 else sum(a), "neg": lambda a: -a, "mul": lambda *a: math.prod(a),
    "div": lambda a, b: a / b, "pow": math.pow, "%%": lambda a, b: a % b, "%/%": lambda a, b: a // b,
    "<": lambda a, b: float(a < b), "<=": lambda a, b: float(a <= b), ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b), "==": lambda a, b: float(a == b), "!=": lambda a, b: float(a != b),
    "&": lambda a, b: float(bool(a) and bool(b)), "|": lambda a, b: float(bool(a) or bool(b)), "!": lambda a: float(not a),
    "ifelse": lambda t, a, b: a if t else b, "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "abs": abs,
    "floor": math.floor, "ceiling": math.ceil,
}  # fmt: skip
