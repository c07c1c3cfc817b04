"""SymPy expressions as text in Python notation. Imported only if SymPy is loaded and an expression of it is given."""

from typing import Any

import sympy
from sympy.printing.str import StrPrinter

__all__ = ["text_of"]

# Functions of SymPy and their names in the language, where these differ or are not obvious.
_NAMES = {
    "Abs": "abs",
    "LambertW": "lambertw",
    "Max": "max",
    "Min": "min",
    "ceiling": "ceil",
    "floor": "floor",
    "loggamma": "lgamma",
    "sign": "sign",
} | {
    name: name
    for name in (
        "acos acosh asin asinh atan atan2 atanh beta cos cosh digamma erf erfc exp factorial gamma log sin sinh sqrt tan tanh trigamma"
    ).split()
}
_CONSTANTS = {
    "Pi": "pi",
    "Exp1": "exp(1)",
    "EulerGamma": "0.57721566490153286061",
    "Infinity": "inf",
    "NegativeInfinity": "-inf",
}
# Names that the language does not read as variables.
_TAKEN = frozenset({"pi", "inf", "nan", "NaN", "Inf", "NA", "TRUE", "FALSE", "True", "False", "None", "NULL"})
WRITE = "write the formula as text, for example 'x^2 + y'"


def text_of(f: Any) -> str:
    """Return an expression, or a vector or matrix of expressions, in Python notation.

    Raises:
        TypeError: A part of it has no meaning in the language; the error names it.

    >>> x, y = sympy.symbols("x y")
    >>> text_of(x**2 * sympy.exp(-y) / 3), text_of(sympy.Abs(sympy.sqrt(x)))
    ('(x**2*exp(-y)/3)', '(abs(sqrt(x)))')
    """
    if isinstance(f, sympy.MatrixBase):
        rows = [[_Printer().doprint(entry) for entry in row] for row in f.tolist()]
        if 1 in f.shape:
            return f"[{', '.join(entry for row in rows for entry in row)}]"
        return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"
    return f"({_Printer().doprint(f)})"


class _Printer(StrPrinter):  # type: ignore[misc]
    """SymPy's printer of Python text, which refuses what the language does not have."""

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, sympy.Symbol):
            return _symbol(expr)
        if isinstance(expr, sympy.Float):
            # All digits of a double; SymPy prints 15.
            return repr(float(expr))
        if isinstance(expr, sympy.Piecewise):
            return self._choice(expr)
        if isinstance(expr, sympy.core.relational.Relational):
            return f"({self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)})"
        if isinstance(expr, sympy.And | sympy.Or):
            return "(" + (" & " if isinstance(expr, sympy.And) else " | ").join(map(self._print, expr.args)) + ")"
        if (name := _CONSTANTS.get(type(expr).__name__)) is not None:
            return name
        if (name := _NAMES.get(type(expr).__name__)) is not None:
            return f"{name}({', '.join(map(self._print, expr.args))})"
        if isinstance(expr, sympy.Add | sympy.Mul | sympy.Pow | sympy.Rational):
            return str(super()._print(expr, **kwargs))
        raise TypeError(f"{type(expr).__name__} of SymPy has no meaning here: {expr}\n{WRITE}")

    def _choice(self, expr: Any) -> str:
        text = "nan"
        for value, condition in reversed(expr.args):
            one = self._print(value)
            text = one if condition is sympy.true else f"where({self._print(condition)}, {one}, {text})"
        return text


def _symbol(symbol: Any) -> str:
    name = str(symbol.name)
    if not name.isidentifier() or name in _TAKEN:
        raise TypeError(f"a variable cannot be named {name!r}\nname the symbol with letters, digits and _")
    return name
