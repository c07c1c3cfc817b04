"""Expressions to SymPy and back, by constructors: no text is ever parsed.

SymPy is loaded when it is first needed: importing it takes half a second.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from secantd.expression import Graph, Node, reachable

__all__ = ["Bridge"]

# A decimal of at most so many digits is taken for the fraction its author meant: 0.1 is 1/10.
DECIMAL_DIGITS = 12
# The light form folds 1/3 to a decimal; SymPy gets the third back.
LARGEST_DENOMINATOR = 1000


def constructors() -> dict[str, Callable[..., Any]]:
    """Return what makes each operation in SymPy."""
    import sympy as s

    return {
        "add": s.Add, "mul": s.Mul, "neg": lambda a: -a, "div": lambda a, b: a / b, "pow": s.Pow, "sqrt": s.sqrt,
        "exp": s.exp, "log": s.log, "log_base": lambda a, b: s.log(a) / s.log(b), "log1p": lambda a: s.log(1 + a),
        "log2": lambda a: s.log(a) / s.log(2), "log10": lambda a: s.log(a) / s.log(10), "expm1": lambda a: s.exp(a) - 1,
        "sin": s.sin, "cos": s.cos, "tan": s.tan, "asin": s.asin, "acos": s.acos, "atan": s.atan, "atan2": s.atan2,
        "sinpi": lambda a: s.sin(s.pi * a), "cospi": lambda a: s.cos(s.pi * a), "tanpi": lambda a: s.tan(s.pi * a),
        "sinh": s.sinh, "cosh": s.cosh, "tanh": s.tanh, "asinh": s.asinh, "acosh": s.acosh, "atanh": s.atanh,
        "abs": s.Abs, "sign": s.sign, "floor": s.floor, "ceiling": s.ceiling, "pmax": s.Max, "pmin": s.Min,
        "gamma": s.gamma, "lgamma": s.loggamma, "digamma": s.digamma, "trigamma": s.trigamma, "erf": s.erf, "erfc": s.erfc,
        "beta": s.beta, "factorial": s.factorial, "besselJ": lambda x, order: s.besselj(order, x), "<": s.Lt, "<=": s.Le, ">": s.Gt, ">=": s.Ge,
        "==": s.Eq, "!=": s.Ne, "&": s.And, "|": s.Or, "!": s.Not, "pi": lambda: s.pi,
        "ifelse": lambda t, a, b: s.Piecewise((a, t), (b, True)),
    }  # fmt: skip


class Bridge:
    """One expression's way to SymPy and back into the same graph."""

    def __init__(self, graph: Graph) -> None:
        import sympy

        self.sympy = sympy
        self.graph = graph
        self.table = constructors()
        self.kept: dict[Any, Node] = {}
        self.symbols: dict[str, Any] = {}

    def symbol(self, name: str) -> Any:
        """Return a variable: a real number."""
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
        """Return a node as SymPy has it; what SymPy has no word for becomes a name of its own."""
        made: dict[int, Any] = {}
        for n in reachable([node]):
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

    def truth(self, value: Any) -> Any:
        """Return a number as a condition: 0 is false."""
        return value if self.is_condition(value) else self.sympy.Ne(value, 0)

    def as_number(self, value: Any) -> Any:
        """Return a condition as a number, 1 or 0."""
        return self.sympy.Piecewise((1, value), (0, True)) if self.is_condition(value) else value

    def is_condition(self, value: Any) -> bool:
        return isinstance(value, self.sympy.logic.boolalg.Boolean) and not value.is_Symbol

    def back(self, expression: Any) -> Node:
        """Return what SymPy gave as a node, its terms and factors in SymPy's own order.

        Raises:
            ValueError: there is no such function in the table.
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
        if isinstance(expression, s.besselj):
            order, x = expression.args
            return graph.make("besselJ", self.back(x), self.back(order))
        name = next((k for k, f in self.table.items() if f is type(expression)), None)
        if name is None or not expression.args:
            raise ValueError(f"{type(expression).__name__} has no place in the table of functions")
        return graph.make(name, *[self.back(a) for a in expression.args])

    def product(self, expression: Any) -> Node:
        """Return -(number·factors)/(number·factors), as the factors stand: SymPy would multiply 2·(x + 1) out."""
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
