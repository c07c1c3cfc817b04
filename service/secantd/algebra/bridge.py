"""Conversion of expressions to SymPy and back, by constructors: no text is ever parsed.

SymPy is loaded when it is first needed, which takes half a second.
"""

import math
from collections.abc import Callable, Container, Mapping
from fractions import Fraction
from typing import Any

from secantd.algebra.hugenumbers import refuse_huge_numbers
from secantd.expression import Graph, Node, reachable
from secantd.functions import FUNCTIONS
from secantd.language.expansion import expanded

__all__ = ["Bridge"]

# A decimal of at most so many digits becomes the fraction that its author meant: 0.1 is 1/10.
DECIMAL_DIGITS = 12
# The light form folds 1/3 to a decimal; for SymPy it becomes a fraction again, with a denominator up to this.
LARGEST_DENOMINATOR = 1000
# Functions that are replaced by others in printed forms.
SPELLED_OUT = frozenset("log_base log1p log2 log10 expm1 sinpi cospi tanpi".split())


def constructors() -> dict[str, Callable[..., Any]]:
    """Return SymPy's constructors by operation; operations that SymPy lacks are expanded into their meaning."""
    from secantd.plainsympy import sympy as s

    return {
        "add": s.Add, "mul": s.Mul, "neg": lambda a: -a, "div": lambda a, b: a / b, "pow": s.Pow, "sqrt": s.sqrt,
        "exp": s.exp, "log": s.log, "sin": s.sin, "cos": s.cos, "tan": s.tan, "asin": s.asin, "acos": s.acos,
        "atan": s.atan, "atan2": s.atan2, "sinh": s.sinh, "cosh": s.cosh, "tanh": s.tanh, "asinh": s.asinh,
        "acosh": s.acosh, "atanh": s.atanh, "abs": s.Abs, "sign": s.sign, "floor": s.floor, "ceiling": s.ceiling,
        "pmax": s.Max, "pmin": s.Min, "gamma": s.gamma, "lgamma": s.loggamma, "digamma": s.digamma,
        "trigamma": s.trigamma, "psigamma": lambda x, order: s.polygamma(order, x), "erf": s.erf, "erfc": s.erfc, "erfi": s.erfi, "expi": s.Ei,
        "beta": s.beta, "factorial": s.factorial, "<": s.Lt, "<=": s.Le, ">": s.Gt, ">=": s.Ge, "==": s.Eq, "!=": s.Ne,
        "&": s.And, "|": s.Or, "!": s.Not, "pi": lambda: s.pi, "ifelse": lambda t, a, b: s.Piecewise((a, t), (b, True)),
        **{name: lambda x, order, f=f: f(order, x) for name, f in bessels(s).items()},
    }  # fmt: skip


def bessels(s: Any) -> dict[str, Any]:
    """Return SymPy's Bessel functions by the names of their rows; their order is the first argument."""
    return {"besselJ": s.besselj, "besselY": s.bessely, "besselI": s.besseli, "besselK": s.besselk}


def unprinted() -> dict[str, Callable[..., Any]]:
    """Return SymPy's constructors for operations whose results cannot be converted back to their own rows."""
    from secantd.plainsympy import sympy as s

    half = s.Rational(1, 2)
    return {
        "choose": lambda n, k: s.binomial(n, s.floor(k + half)),
        # DLMF 8.2.4, 8.17.2; 7.17.1
        "pgamma": lambda q, a, r: s.Piecewise((0, s.Le(q, 0)), (s.lowergamma(a, r * q) / s.gamma(a), True)),
        "pgamma.upper": lambda q, a, r: s.Piecewise((1, s.Le(q, 0)), (s.uppergamma(a, r * q) / s.gamma(a), True)),
        "pbeta": lambda q, a, b: s.Piecewise(
            (0, s.Le(q, 0)), (1, s.Ge(q, 1)), (s.betainc_regularized(a, b, 0, q), True)
        ),
        "pbeta.upper": lambda q, a, b: s.Piecewise(
            (1, s.Le(q, 0)), (0, s.Ge(q, 1)), (s.betainc_regularized(a, b, q, 1), True)
        ),
        "lambertW0": s.LambertW,
        "qnorm": lambda p, m, sd: m + sd * s.sqrt(2) * s.erfinv(2 * p - 1),
    }


class Bridge:
    """The conversion of expressions of one graph to SymPy and back into this graph.

    Args:
        graph: The graph of the expressions.
        printed: Whether SymPy's result is printed: then only functions that SymPy has are converted, and distributions keep
            their names. Otherwise all functions with a meaning are expanded.
    """

    def __init__(self, graph: Graph, *, printed: bool = True) -> None:
        from secantd.plainsympy import sympy

        self.sympy = sympy
        self.graph = graph
        self.table = constructors() if printed else constructors() | unprinted()
        self.known: Container[str] = frozenset(FUNCTIONS) - SPELLED_OUT if printed else self.table
        self.kept: dict[Any, Node] = {}
        self.symbols: dict[str, Any] = {}

    def symbol(self, name: str) -> Any:
        """Return SymPy's symbol for a variable, a real number."""
        if name not in self.symbols:
            self.symbols[name] = self.sympy.Symbol(name, real=True)
        return self.symbols[name]

    def number(self, value: float) -> Any:
        if not math.isfinite(value):
            return {math.inf: self.sympy.oo, -math.inf: -self.sympy.oo}.get(value, self.sympy.nan)
        if value == int(value):
            return self.sympy.Integer(int(value))
        for fraction in (Fraction(value).limit_denominator(LARGEST_DENOMINATOR), Fraction(repr(value))):
            if float(fraction) == value and fraction.denominator <= 10**DECIMAL_DIGITS:
                return self.sympy.Rational(fraction.numerator, fraction.denominator)
        return self.sympy.Float(value, 17)

    def to(self, node: Node) -> Any:
        """Return a node as a SymPy expression; a call of a function that SymPy lacks becomes a symbol of its own."""
        made: dict[int, Any] = {}
        (node,) = expanded(self.graph, [node], self.known)
        nodes = reachable([node])
        refuse_huge_numbers(nodes)
        for n in nodes:
            if n.op == "symbol":
                made[n.index] = self.symbol(n.name)
            elif n.op == "number":
                made[n.index] = self.number(n.value)
            elif n.op in self.table and n.rows == 1:
                args = [made[a.index] for a in n.args]
                logical = len(args) if n.op in ("&", "|", "!") else 1 if n.op == "ifelse" else 0
                made[n.index] = self.table[n.op](
                    *[self.truth(a) if i < logical else self.as_number(a) for i, a in enumerate(args)]
                )
            else:
                opaque = self.sympy.Dummy(n.op, real=True)
                self.kept[opaque] = n
                made[n.index] = opaque
        return made[node.index]

    def refuse_huge_numbers_at(self, node: Node, at: Mapping[str, float]) -> None:
        """Raise HugeNumberError where SymPy would work out huge numbers with these values in place of variables."""
        refuse_huge_numbers(reachable(expanded(self.graph, [node], self.known)), at)

    def truth(self, value: Any) -> Any:
        """Return a number as a condition: 0 is false."""
        return value if self.is_condition(value) else self.sympy.Ne(value, 0)

    def as_number(self, value: Any) -> Any:
        """Return a condition as a number, 1 or 0."""
        return self.sympy.Piecewise((1, value), (0, True)) if self.is_condition(value) else value

    def is_condition(self, value: Any) -> bool:
        return isinstance(value, self.sympy.logic.boolalg.Boolean) and not value.is_Symbol

    def back(self, expression: Any) -> Node:
        """Return a SymPy expression as a node, with terms and factors in SymPy's order.

        Raises:
            ValueError: It contains a function that the table lacks.
        """
        s, graph = self.sympy, self.graph
        if expression in self.kept:
            return self.kept[expression]
        if expression.is_Symbol:
            return graph.symbol(expression.name)
        if expression.is_Rational:
            number = graph.number(float(abs(expression.p)))
            if expression.q != 1:
                number = graph.make("div", number, graph.number(float(expression.q)))
            return graph.make("neg", number) if expression.p < 0 else number
        if expression.is_Float:
            return graph.number(float(expression))
        if expression is s.pi:
            return graph.make("pi")
        if expression is s.E:
            return graph.make("exp", graph.number(1.0))
        if expression.is_Add:
            return graph.make("add", *[self.back(a) for a in expression.as_ordered_terms()])
        if expression.is_Mul:
            return self.product(expression)
        if expression.is_Pow or isinstance(expression, s.exp):
            return self.power(expression)
        if isinstance(expression, s.Piecewise):
            return self.piecewise(expression)
        name = next((k for k, f in bessels(s).items() if isinstance(expression, f)), None)
        if name is not None:
            order, x = expression.args
            return graph.make(name, self.back(x), self.back(order))
        if isinstance(expression, s.polygamma):
            order, x = expression.args
            usual = {0: "digamma", 1: "trigamma"}.get(order)
            return graph.make(usual, self.back(x)) if usual else graph.make("psigamma", self.back(x), self.back(order))
        name = next((k for k, f in self.table.items() if f is type(expression)), None)
        if name is None or not expression.args:
            raise ValueError(f"{type(expression).__name__} has no place in the table of functions")
        return graph.make(name, *[self.back(a) for a in expression.args])

    def product(self, expression: Any) -> Node:
        """Return -(number·factors)/(number·factors) with the factors unchanged; SymPy would expand 2·(x + 1)."""
        s, graph = self.sympy, self.graph
        above, below, negative = 1, 1, False
        upper: list[Node] = []
        lower: list[Node] = []
        for factor in expression.as_ordered_factors():
            if factor.is_Rational:
                negative ^= bool(factor < 0)
                above, below = above * abs(factor.p), below * factor.q
                continue
            base, exponent = (factor, s.Integer(1)) if isinstance(factor, s.exp) else factor.as_base_exp()
            if exponent.is_number and exponent.is_negative:
                lower.append(self.back(s.Pow(base, -exponent)))
            else:
                upper.append(self.back(factor))
        node = self.chain(above, upper)
        if below != 1 or lower:
            node = graph.make("div", node, self.chain(below, lower))
        return graph.make("neg", node) if negative else node

    def chain(self, number: int, factors: list[Node]) -> Node:
        """Return number·factors."""
        if number != 1 or not factors:
            factors = [self.graph.number(float(number)), *factors]
        return self.graph.make("mul", *factors) if len(factors) > 1 else factors[0]

    def power(self, expression: Any) -> Node:
        s, graph = self.sympy, self.graph
        if isinstance(expression, s.exp):
            return graph.make("exp", self.back(expression.args[0]))
        base, exponent = expression.as_base_exp()
        if exponent == s.Rational(1, 2):
            return graph.make("sqrt", self.back(base))
        if exponent.is_number and exponent.is_negative:
            inverse = s.Pow(base, -exponent)
            return graph.make("div", graph.number(1.0), self.back(inverse))
        return graph.make("pow", self.back(base), self.back(exponent))

    def piecewise(self, expression: Any) -> Node:
        node = self.graph.number(float("nan"))
        for value, condition in reversed(expression.args):
            always = condition is self.sympy.true
            chosen = self.back(value)
            node = chosen if always else self.graph.make("ifelse", self.back(condition), chosen, node)
        return node
