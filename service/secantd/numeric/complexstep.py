"""The complex step: Im f(x + ih)/h, free of cancellation (Squire & Trapp, SIAM Review 40, 1998)."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.expression import Node, reachable

__all__ = ["complex_value"]


def _real(a: Any) -> Any:
    return np.real(a)


# What each operation does to complex numbers; comparisons look at the real part, as the real function does.
OPERATIONS: dict[str, Callable[..., Any]] = {
    "neg": lambda a: -a, "div": lambda a, b: a / b, "pow": lambda a, b: power(a, b), "sqrt": np.sqrt, "exp": np.exp,
    "expm1": np.expm1, "log": np.log, "log_base": lambda a, b: np.log(a) / np.log(b), "log2": np.log2, "log10": np.log10,
    "log1p": np.log1p, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "sinpi": lambda a: np.sin(np.pi * a), "cospi": lambda a: np.cos(np.pi * a), "tanpi": lambda a: np.tan(np.pi * a),
    "atan2": lambda a, b: -1j * np.log((b + 1j * a) / np.sqrt(a * a + b * b)), "pi": lambda: np.pi,
    "abs": lambda a: -a if _real(a) < 0 else a, "sign": lambda a: np.sign(_real(a)), "floor": lambda a: np.floor(_real(a)),
    "ceiling": lambda a: np.ceil(_real(a)), "trunc": lambda a: np.trunc(_real(a)),
    "pmax": lambda a, b: a if _real(a) >= _real(b) else b, "pmin": lambda a, b: a if _real(a) <= _real(b) else b,
    "<": lambda a, b: _real(a) < _real(b), "<=": lambda a, b: _real(a) <= _real(b), ">": lambda a, b: _real(a) > _real(b),
    ">=": lambda a, b: _real(a) >= _real(b), "==": lambda a, b: _real(a) == _real(b), "!=": lambda a, b: _real(a) != _real(b),
    "&": lambda a, b: bool(a) and bool(b), "|": lambda a, b: bool(a) or bool(b), "!": lambda a: not a,
    "ifelse": lambda t, a, b: a if t else b, "%%": lambda a, b: a - b * np.floor(_real(a) / _real(b)),
    "%/%": lambda a, b: np.floor(_real(a) / _real(b)),
}  # fmt: skip


def power(a: Any, b: Any) -> Any:
    """Return a^b; a whole power of a number left of 0 stays on the real line."""
    if np.imag(b) == 0 and _real(b) == np.floor(_real(b)) and abs(_real(b)) < 2**31:
        return a ** int(_real(b))
    if _real(a) < 0:
        return complex(np.nan, np.nan)
    return np.complex128(a) ** b


def complex_value(output: Node, point: Mapping[str, complex]) -> complex:
    """Return a node's value at a complex point.

    Raises:
        CalculusError: INVALID_VALUE for a function that is not known for complex arguments.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> complex_value(g.make("exp", g.symbol("x")), {"x": 1e-20j}).imag / 1e-20
    1.0
    """
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in reachable([output]):
            args = [found[a.index] for a in node.args]
            if node.op == "number":
                found[node.index] = node.value
            elif node.op == "symbol":
                found[node.index] = np.complex128(point[node.name])
            elif node.op == "add":
                found[node.index] = sum(args)
            elif node.op == "mul":
                found[node.index] = np.prod(args)
            elif node.op in OPERATIONS and node.rows == 1:
                found[node.index] = OPERATIONS[node.op](*args)
            else:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"the complex step needs complex values, and those of '{node.op}' are not at hand",
                    "use central or Richardson",
                    field="scheme",
                )
    return complex(found[output.index])
