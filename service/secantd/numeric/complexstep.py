"""The complex step: Im f(x + ih)/h, free of cancellation (Squire & Trapp, SIAM Review 40, 1998)."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.expression import REDUCTIONS, Graph, Node, reachable
from secantd.language.expansion import expanded
from secantd.precise import SPECIAL, UnsupportedError, special

__all__ = ["KNOWN", "complex_value"]

NOT_A_NUMBER = np.complex128(complex(math.nan, math.nan))


def _real(a: Any) -> Any:
    return np.real(a)


# The operations for complex numbers; comparisons, and functions that are defined by them, use the real part.
OPERATIONS: dict[str, Callable[..., Any]] = {
    "neg": lambda a: -a, "div": lambda a, b: a / b, "pow": lambda a, b: power(a, b), "sqrt": np.sqrt, "exp": np.exp,
    "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p, "sin": np.sin, "cos": np.cos,
    "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "atan2": lambda a, b: angle(a, b), "pi": lambda: np.pi,
    "abs": lambda a: -a if _real(a) < 0 else a, "sign": lambda a: np.sign(_real(a)), "floor": lambda a: np.floor(_real(a)),
    "ceiling": lambda a: np.ceil(_real(a)),
    "pmax": lambda a, b: a if _real(a) >= _real(b) else b, "pmin": lambda a, b: a if _real(a) <= _real(b) else b,
    "<": lambda a, b: _real(a) < _real(b), "<=": lambda a, b: _real(a) <= _real(b), ">": lambda a, b: _real(a) > _real(b),
    ">=": lambda a, b: _real(a) >= _real(b), "==": lambda a, b: _real(a) == _real(b), "!=": lambda a, b: _real(a) != _real(b),
    "&": lambda a, b: bool(a) and bool(b), "|": lambda a, b: bool(a) or bool(b), "!": lambda a: not a,
    "ifelse": lambda t, a, b: a if t else b,
}  # fmt: skip


# The functions that are computed directly; all others are expanded into their meaning.
KNOWN = frozenset([*OPERATIONS, *SPECIAL, "add", "mul"])
# Digits of mpmath beyond those of the step, so that the step survives being added to a number near 1.
SPARE = 40


@cache
def context(digits: int) -> dict[str, Callable[..., Any]]:
    """Return the special functions of complex numbers, computed with so many digits."""
    import mpmath  # type: ignore[import-untyped]

    mp = mpmath.mp.clone()
    mp.dps = digits

    def convert(function: Callable[..., Any]) -> Callable[..., Any]:
        def converted(*arguments: Any) -> Any:
            if any(a != a for a in arguments):
                return NOT_A_NUMBER
            try:
                value = function(*[mp.mpc(complex(a)) if np.imag(a) else mp.mpf(float(_real(a))) for a in arguments])
            except (ValueError, ZeroDivisionError, OverflowError, UnsupportedError):
                return NOT_A_NUMBER
            return np.complex128(complex(value))

        return converted

    return {name: convert(function) for name, function in special(mp).items()}


def digits_for(arguments: Sequence[Any]) -> int:
    """Return the digits with which a function has to be computed to keep the smallest imaginary part."""
    smallest = min((abs(np.imag(a)) for a in arguments if np.imag(a)), default=1.0)
    return SPARE + 20 * math.ceil(max(0.0, -math.log10(max(smallest, 1e-300))) / 20)


def angle(a: Any, b: Any) -> Any:
    """Return atan2(a, b) from the smaller one of the quotients a/b and b/a, which keeps the step."""
    if abs(_real(b)) >= abs(_real(a)):
        return np.arctan(a / b) + (0.0 if _real(b) > 0 else math.copysign(math.pi, _real(a)))
    return math.copysign(math.pi / 2, _real(a)) - np.arctan(b / a)


def power(a: Any, b: Any) -> Any:
    """Return a^b; NaN for a fractional power of a number with a negative real part, as for real numbers."""
    if np.imag(b) == 0 and _real(b) == np.floor(_real(b)) and abs(_real(b)) < 2**31:
        return a ** int(_real(b))
    if _real(a) < 0:
        return NOT_A_NUMBER
    return np.complex128(a) ** b


def complex_value(output: Node, point: Mapping[str, complex]) -> complex:
    """Return the value of a node at a complex point.

    Args:
        output: The expression.
        point: The value of each variable.

    Raises:
        CalculusError: INVALID_VALUE for a function that has no complex values here, and for data columns.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> complex_value(g.make("exp", g.symbol("x")), {"x": 1e-20j}).imag / 1e-20
    1.0
    """
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in expanded_nodes(output):
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
            elif node.op in SPECIAL and node.rows == 1:
                found[node.index] = context(digits_for(args))[node.op](*args)
            else:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"the complex step needs complex values, and '{node.op}' has none",
                    "use the scheme central or richardson",
                    field="scheme",
                )
        last = node
    return complex(found[last.index])


def expanded_nodes(output: Node) -> list[Node]:
    """Return the nodes of an expression, arguments first, expanded into functions of complex numbers."""
    nodes = reachable([output])
    if any(n.op == "data" or n.op in REDUCTIONS for n in nodes):
        return nodes
    return reachable(expanded(Graph(), [output], KNOWN, guarded=True))
