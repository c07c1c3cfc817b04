"""Texts for SymPy are read with SymPy's meaning."""

import pytest
import sympy
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.program import compile as compile_program


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("import sympy as sp\nx = sp.symbols('x')\nsp.sin(x)**2", {"x": 0.7}),
        ("from sympy import *\nx, y = symbols('x y')\nsin(x)*exp(y)", {"x": 0.7, "y": -0.3}),
        ("x = sympy.Symbol('x', positive=True)\nsympy.sqrt(x)", {"x": 0.7}),
        ("sp.Rational(1, 3)*x**3", {"x": 0.7}),
        ("sp.Rational('1/3')*x", {"x": 0.7}),
        ("sp.S(1)/3*x", {"x": 0.7}),
        ("Piecewise((x**2, x < 1), (2*x - 1, True))", {"x": 0.7}),
        ("sp.Piecewise((x**2, x < 1), (2*x - 1, True))", {"x": 1.7}),
        ("Abs(x)*Max(x, y, 0) + Min(x, y)", {"x": -0.7, "y": 0.2}),
        ("Heaviside(x) + Heaviside(0)", {"x": 0.7}),
    ],
)
def test_a_text_has_the_value_of_sympy(text, at):
    function = read(text, Notation.PYTHON)
    found = compile_program(function.outputs, list(at), {}).point(list(at.values()))[0]
    names = {"sp": sympy, "sympy": sympy, **vars(sympy), **{n: sympy.Symbol(n, real=True) for n in at}}
    expected = sympy.sympify(eval(text.split("\n")[-1], names))  # the texts above only
    variables = {symbol: at[symbol.name] for symbol in expected.free_symbols}
    assert found == pytest.approx(float(expected.subs(variables)), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Piecewise(x, y)", "pairs of a value and a condition"),
        ("symbols('x+1')", "no names of variables"),
        ("symbols('__import__(1)')", "no names of variables"),
        ("symbols(3)", "takes the names"),
        ("Rational('x/3')", "is not a fraction"),
        ("S(x)", "product"),
        ("sp.diff(x**2, x)", "send the formula itself"),
        ("jax.lax.cond(x > 0, x, y)", "jnp.where"),
        ("jax.lax.stop_gradient(x)*x", "a variable of its own"),
        ("F.cross_entropy(z, k)", "logsumexp(z) - z[k]"),
    ],
)
def test_what_is_not_read_has_a_hint_that_is_right(text, part):
    with pytest.raises(CalculusError) as caught:
        read(text, Notation.PYTHON)
    assert part in f"{caught.value.headline} {caught.value.hint}"
