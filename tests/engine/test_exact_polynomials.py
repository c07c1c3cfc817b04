"""Taylor polynomials and tangents with exact constants, and in other forms."""

import math

import pytest
import sympy
from secantd.calculus import tangent, taylor
from secantd.calculus.results import Form
from secantd.language import Notation, read

PYTHON = [Notation.PYTHON]
PI = math.pi

# f, the point, the degree, the polynomial in powers of x - x₀ and multiplied out. The texts were checked by hand.
POLYNOMIALS = [
    ("exp(x)", 0, 3, "1 + x + x**2/2 + x**3/6", "x**3/6 + x**2/2 + x + 1"),
    ("exp(x)", 1, 2, "exp(1) + exp(1)*(x - 1) + exp(1)*(x - 1)**2/2", "exp(1)*x**2/2 + exp(1)/2"),
    ("log(x)", 2, 2, "log(2) + (x - 2)/2 - (x - 2)**2/8", "-x**2/8 + x + log(2) - 3/2"),
    ("sqrt(x)", 2, 1, "sqrt(2) + sqrt(2)*(x - 2)/4", "sqrt(2)*x/4 + sqrt(2)/2"),
    ("x^(1/3)", 1, 2, "1 + (x - 1)/3 - (x - 1)**2/9", "-x**2/9 + 5*x/9 + 5/9"),
    ("2^x", 0, 2, "1 + log(2)*x + log(2)**2*x**2/2", "log(2)**2*x**2/2 + log(2)*x + 1"),
    ("log10(x)", 1, 1, "(x - 1)/log(10)", "x/log(10) - 1/log(10)"),
    ("sin(x)", PI / 2, 2, "1 - (x - pi/2)**2/2", "-x**2/2 + pi*x/2 + 1 - pi**2/8"),
    ("tan(x)", PI / 4, 1, "1 + 2*(x - pi/4)", "2*x + 1 - pi/2"),
    ("atan(x)", 1, 1, "pi/4 + (x - 1)/2", "x/2 + pi/4 - 1/2"),
    # A limit at 0/0.
    ("sin(x)/x", 0, 4, "1 - x**2/6 + x**4/120", "x**4/120 - x**2/6 + 1"),
    # A decimal of the author stays one; at a decimal point only fractions are exact.
    ("exp(0.1*x)", 0, 2, "1 + 0.1*x + 0.005*x**2", "0.005*x**2 + 0.1*x + 1"),
    ("exp(x)", 0.5, 0, "1.6487212707001282", "1.6487212707001282"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "order", "shifted", "expanded"), POLYNOMIALS)
def test_a_taylor_polynomial_in_python_notation_has_exact_constants(text, x, order, shifted, expanded):
    found = taylor(read(text), {"x": x}, order, PYTHON)
    assert (found.polynomial.text, found.expanded.text) == (shifted, expanded)


def test_the_exact_coefficients_are_those_of_sympy():
    x, y = sympy.symbols("x y")
    for text, at in (("exp(sin(x))/(2 + x)", 0), ("sqrt(1 + x^2)*log(x)", 3), ("x^x", 2), ("cos(x)^2/cosh(x)", 1)):
        found = taylor(read(text), {"x": at}, 3, PYTHON).polynomial.text
        f = sympy.sympify(text.replace("^", "**"))
        wanted = sum(f.diff(x, k).subs(x, at) * (x - at) ** k / sympy.factorial(k) for k in range(4))
        assert "." not in found
        assert sympy.N(sympy.sympify(found) - wanted, 30, subs={x: sympy.Rational(17, 7)}) == pytest.approx(
            0, abs=1e-25
        )
    both = taylor(read("exp(x/y)"), {"x": 1, "y": 3}, 2, PYTHON).polynomial.text
    f = sympy.exp(x / y)
    wanted = sum(
        f.diff(x, i, y, j).subs({x: 1, y: 3}) * (x - 1) ** i * (y - 3) ** j / sympy.factorial(i) / sympy.factorial(j)
        for i in range(3)
        for j in range(3 - i)
    )
    assert sympy.simplify(sympy.sympify(both) - wanted) == 0


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Form.LIGHT, "0.693147180559945 + (x - 2)/2"),
        (Form.EXACT, "log(2) + (x - 2)/2"),
        (Form.FACTORED, "(x - 2 + 2 * log(2))/2"),
        (Form.EXPANDED, "x/2 - 1 + log(2)"),
    ],
)
def test_a_taylor_polynomial_and_a_tangent_have_the_form_that_is_asked_for(form, text):
    found = taylor(read("log(x)"), {"x": 2}, 1, form=form).polynomial
    assert (found.text, found.form) == (text, form)
    line = tangent(read("x^2/3"), {"x": 1}, form=form).equation
    assert (
        line.text
        == {
            Form.LIGHT: "0.666666666666667 * x - 0.333333333333333",
            Form.EXACT: "2 * x/3 - 1/3",
            Form.FACTORED: "(2 * x - 1)/3",
            Form.EXPANDED: "2 * x/3 - 1/3",
        }[form]
    )


def test_the_exact_form_is_exact_at_a_decimal_point_too():
    assert (
        tangent(read("sin(x)"), {"x": 0.5}, form=Form.EXACT).equation.text == "sin(0.5) + cos(0.5) * x - 0.5 * cos(0.5)"
    )


def test_a_multiple_of_pi_is_noticed():
    found = tangent(read("sin(x)"), {"x": PI / 3}, PYTHON)
    assert found.equation.text == "sqrt(3)/2 + x/2 - pi/6"
    assert found.notices == ("formulas with exact constants have pi/3 for x = 1.0471975511965976, its nearest double",)
    assert tangent(read("sin(x)"), {"x": 1.0472}, PYTHON).notices == ()
