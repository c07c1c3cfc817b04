"""Taylor polynomials by power-series arithmetic."""

import math

import mpmath
import numpy as np
import pytest
from secantd.calculus import derivative, taylor
from secantd.calculus.jets import coefficients
from secantd.errors import CalculusError, Reason
from secantd.expression import symbols
from secantd.language import read
from secantd.program import compile as compile_program

FUNCTIONS = {
    "exp(x)": mpmath.exp,
    "sin(x) + cos(x)": lambda x: mpmath.sin(x) + mpmath.cos(x),
    "log(1 + x)": lambda x: mpmath.log(1 + x),
    "tan(x)": mpmath.tan,
    "atan(x)": mpmath.atan,
    "asin(x)": mpmath.asin,
    "sqrt(2 + x)": lambda x: mpmath.sqrt(2 + x),
    "(1 + x)^1.7": lambda x: (1 + x) ** mpmath.mpf(1.7),
    "(1 + x)^x": lambda x: (1 + x) ** x,
    "1/(1 + x^2)": lambda x: 1 / (1 + x**2),
    "exp(sin(x))": lambda x: mpmath.exp(mpmath.sin(x)),
    "tanh(x)/(2 - x)": lambda x: mpmath.tanh(x) / (2 - x),
    "x^3*exp(-x^2/2)": lambda x: x**3 * mpmath.exp(-(x**2) / 2),
    "atan2(x, 2)": lambda x: mpmath.atan2(x, 2),
    "2^x": lambda x: mpmath.mpf(2) ** x,
    "lgamma(2 + x)": lambda x: mpmath.loggamma(2 + x),
    "digamma(1 + x)*exp(x)": lambda x: mpmath.psi(0, 1 + x) * mpmath.exp(x),
    "asinh(x)*acosh(2 + x)": lambda x: mpmath.asinh(x) * mpmath.acosh(2 + x),
}


@pytest.mark.parametrize("at", [0.25, 0.5])
@pytest.mark.parametrize("text", FUNCTIONS)
def test_coefficients_agree_with_those_of_mpmath_at_forty_digits(text, at):
    f = read(text)
    found = coefficients(f.graph, f.outputs[0], "x", {"x": at}, 10)
    with mpmath.workdps(40):
        expected = [float(c) for c in mpmath.taylor(FUNCTIONS[text], mpmath.mpf(at), 10)]
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(
    "text", ["x*exp(x)", "sin(x)^2", "log(x)/x", "x^2.5", "abs(x)*x", "ifelse(x > 0, x^3, x)", "pmax(x, x^2)"]
)
def test_coefficients_are_derivatives_over_factorials(text):
    f = read(text)
    found = coefficients(f.graph, f.outputs[0], "x", {"x": 1.5}, 4)
    node = f.outputs[0]
    for k in range(5):
        value = compile_program([node], symbols([node])).point([1.5] * len(symbols([node])))[0]
        assert found[k] * math.factorial(k) == pytest.approx(value, rel=1e-12, abs=1e-12)
        node = derivative(f.graph, node, "x")


def test_the_polynomial_of_a_polynomial_is_the_polynomial():
    answer = taylor(read("x^4"), {"x": 1.0}, 6)
    assert [t.derivative for t in answer.terms] == [1, 4, 12, 24, 24, 0, 0]
    assert answer.polynomial.text == "1 + 4 * (x - 1) + 6 * (x - 1)^2 + 4 * (x - 1)^3 + (x - 1)^4"
    assert answer.expanded.text == "x^4"
    assert answer.equals_function


def test_a_polynomial_of_too_low_an_order_is_not_the_function():
    assert not taylor(read("x^4"), {"x": 1.0}, 3).equals_function
    assert taylor(read("(x + 1)^2 - 2*x*(x + 1) + x^2"), {"x": 0.0}, 0).equals_function


def test_several_variables_are_expanded_to_the_total_degree():
    answer = taylor(read("exp(x)*log(1 + y)"), {"x": 0.0, "y": 0.0}, 3)
    by_exponents = {t.exponents: t.coefficient for t in answer.terms}
    expected = {(0, 1): 1.0, (1, 1): 1.0, (0, 2): -0.5, (2, 1): 0.5, (1, 2): -0.5, (0, 3): 1 / 3}
    assert {k: c for k, c in by_exponents.items() if c} == pytest.approx(expected)


def test_polynomial_and_function_stand_side_by_side_at_points():
    answer = taylor(read("sin(x) + cos(x)"), {"x": 0.0}, 10, points={"x": np.array([0.0, 4.0])})
    assert answer.polynomial_values == pytest.approx([1.0, -1.34751], abs=5e-6)
    assert answer.function_values == pytest.approx([1.0, -1.41045], abs=5e-6)


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("abs(x)", 0.0, "kink"),
        ("sqrt(x)", 0.0, "order 1"),
        ("x^2.5", 0.0, "order 1"),
        ("1/x", 0.0, "not defined"),
        ("log(x)", -1.0, "not defined"),
        ("floor(x)", 2.0, "jumps"),
        ("ifelse(x > 1, x, x^2)", 1.0, "meet"),
        ("pmax(x, -x)", 0.0, "change places"),
        ("sign(x)", 0.0, "kink"),
    ],
)
def test_where_there_is_no_expansion_the_reason_is_said(text, at, what):
    with pytest.raises(CalculusError, match=what) as error:
        taylor(read(text), {"x": at}, 3)
    assert error.value.reason is Reason.UNDEFINED_AT_POINT


@pytest.mark.parametrize(("order", "reason"), [(-1, Reason.INVALID_VALUE), (10**6, Reason.LIMIT_EXCEEDED)])
def test_an_order_that_is_none_is_refused(order, reason):
    with pytest.raises(CalculusError) as error:
        taylor(read("exp(x)"), {"x": 0.0}, order)
    assert error.value.reason is reason


def test_a_high_order_is_exact_where_the_series_is_known():
    f = read("1/(1 - x)")
    assert coefficients(f.graph, f.outputs[0], "x", {"x": 0.0}, 300) == [1.0] * 301
