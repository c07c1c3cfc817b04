"""SymPy expressions as text in Python notation. Imported only if SymPy is loaded and an expression of it is given."""

from typing import Any

import sympy
from sympy.printing.str import StrPrinter

__all__ = ["text_of"]

# Functions of SymPy and their names in the language, where these differ or are not obvious.
_NAMES = {
    "Abs": "abs",
    "Ei": "expi",
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
        "acos acosh acot acoth acsc acsch asec asech asin asinh atan atan2 atanh beta cos cosh cot coth csc csch digamma erf erfc erfcinv "
        "erfi erfinv exp factorial gamma log sec sech sin sinh sqrt tan tanh trigamma Heaviside"
    ).split()
}
# Functions of one or two arguments {0} and {1} whose order or definition is another one. choose() rounds k, and pgamma() is 0 below 0.
_WRITTEN = {
    "Mod": "({0} % {1})",
    "besseli": "besselI({1}, {0})",
    "besselj": "besselJ({1}, {0})",
    "besselk": "besselK({1}, {0})",
    "bessely": "besselY({1}, {0})",
    "binomial": "(gamma({0} + 1)/(gamma({1} + 1)*gamma({0} - {1} + 1)))",
    "erf2": "(erf({1}) - erf({0}))",
    "li": "expi(log({0}))",
    "lowergamma": "where({1} >= 0, gamma({0})*pgamma({1}, {0}), nan)",
    "polygamma": "psigamma({1}, {0})",
    "sinc": "sinc({0}/pi)",
    "uppergamma": "where({1} >= 0, gamma({0})*pgamma({1}, {0}, lower.tail=FALSE), nan)",
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
        branch = isinstance(expr, sympy.LambertW) and len(expr.args) > 1
        if (name := _NAMES.get(type(expr).__name__)) is not None and not branch:
            return f"{name}({', '.join(map(self._print, expr.args))})"
        if isinstance(expr, sympy.binomial) and expr.args[1].is_Integer:
            return f"choose({self._print(expr.args[0])}, {expr.args[1]})"
        if (form := _WRITTEN.get(type(expr).__name__)) is not None:
            # The arguments in brackets: a sum may be one.
            return form.format(*[f"({self._print(a)})" for a in expr.args])
        if isinstance(expr, sympy.expint) and expr.args[0] == 1:
            return f"exp1({self._print(expr.args[1])})"
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
