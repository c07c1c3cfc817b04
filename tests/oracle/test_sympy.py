"""SymPy as a witness: the same formula, built by its constructors, differentiated by it, and worth the same."""

import sys
from pathlib import Path
from random import Random

import pytest
import sympy
from secantd.calculus.derivative import light_derivative
from secantd.expression import reachable
from secantd.language import Notation, read

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

import exact
from formulas import formula, point

COUNT = 150
SAME = (
    "exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sign floor gamma digamma erf erfc "
    "factorial trigamma lgamma"
).split()
BUILD = {
    "add": sympy.Add, "mul": sympy.Mul, "pow": sympy.Pow, "neg": lambda a: -a, "div": lambda a, b: a / b, "sqrt": sympy.sqrt,
    "log1p": lambda a: sympy.log(1 + a), "expm1": lambda a: sympy.exp(a) - 1, "log2": lambda a: sympy.log(a) / sympy.log(2),
    "log10": lambda a: sympy.log(a) / sympy.log(10), "abs": sympy.Abs, "atan2": sympy.atan2, "lgamma": sympy.loggamma,
    **{name: getattr(sympy, name) for name in SAME if hasattr(sympy, name)},
}  # fmt: skip


def built(node):
    """Return a node in SymPy, or None where a function has no counterpart."""
    found = {}
    for part in reachable([node]):
        if part.op == "symbol":
            found[part.index] = sympy.Symbol(part.name, real=True)
        elif part.op == "number":
            found[part.index] = sympy.Rational(part.value)
        elif part.op in BUILD:
            found[part.index] = BUILD[part.op](*[found[a.index] for a in part.args])
        else:
            return None
    return found[node.index]


def test_sympy_finds_the_same_slopes():
    compared = 0
    for i in range(COUNT):
        chance = Random(f"sympy {i}")
        function = read(formula(chance, 2), Notation.R)
        (node,) = function.outputs
        theirs = built(node)
        if theirs is None or not function.variables or theirs.has(sympy.zoo, sympy.nan):
            continue
        variable = function.variables[0]
        slope = sympy.diff(theirs, sympy.Symbol(variable, real=True))
        ours = light_derivative(function, node, [variable])
        for _ in range(3):
            at = point(chance)
            try:
                value, height = exact.value(ours, at), exact.value(node, at)
            except exact.UnsupportedError:
                continue
            expected = slope.subs({sympy.Symbol(n, real=True): sympy.Rational(v) for n, v in at.items()}).evalf(30)
            if not exact.mp.isfinite(height) or not expected.is_real or not expected.is_finite or abs(height) > 1e15:
                continue
            assert float(value) == pytest.approx(float(expected), rel=1e-8, abs=1e-10), (theirs, at)
            compared += 1
    assert compared > COUNT
