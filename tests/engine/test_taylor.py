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
from secantd.settings import Limits

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


def test_the_polynomial_and_the_function_are_evaluated_at_the_same_points():
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
        ("pmax(x, -x)", 0.0, "larger argument changes"),
        ("sign(x)", 0.0, "kink"),
    ],
)
def test_without_an_expansion_the_error_has_the_reason(text, at, what):
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


@pytest.mark.parametrize(
    ("text", "at", "order", "powers", "multiplied", "equal"),
    [
        ("log(x)", {"x": 1.0}, 3, "x - 1 - (x - 1)^2/2 + (x - 1)^3/3", "x^3/3 - 3 * x^2/2 + 3 * x - 11/6", False),
        ("tan(x)", {"x": 0.0}, 5, "x + x^3/3 + 2 * x^5/15", "2 * x^5/15 + x^3/3 + x", False),
        ("x^-2", {"x": 1.0}, 2, "1 - 2 * (x - 1) + 3 * (x - 1)^2", "3 * x^2 - 8 * x + 6", False),
        ("x^5", {"x": 0.5}, 1, "1/32 + 5 * (x - 0.5)/16", "5 * x/16 - 1/8", False),
        ("-x^3", {"x": -1.0}, 3, "1 - 3 * (x + 1) + 3 * (x + 1)^2 - (x + 1)^3", "-x^3", True),
        ("(x + 1)^5 - x^5", {"x": 0.0}, 4, "1 + 5 * x + 10 * x^2 + 10 * x^3 + 5 * x^4",
         "5 * x^4 + 10 * x^3 + 10 * x^2 + 5 * x + 1", True),
        ("x^3 + pi*x", {"x": 0.0}, 3, "3.14159265358979 * x + x^3", "x^3 + 3.14159265358979 * x", True),
        ("0.1*x^2 + 0.7", {"x": 0.0}, 2, "0.7 + 0.1 * x^2", "0.1 * x^2 + 0.7", True),
        ("x^3/64", {"x": 0.0}, 3, "x^3/64", "x^3/64", True),
        ("x^3/128", {"x": 0.0}, 3, "0.0078125 * x^3", "x^3/128", True),
        ("1e20*x", {"x": 0.0}, 1, "1e+20 * x", "1e+20 * x", True),
        ("x^7", {"x": 0.0}, 3, "0", "0", False),
        ("x^0", {"x": 2.0}, 2, "1", "1", True),
        ("5", {"x": 1.0, "y": 1.0}, 1, "5", "5", True),
        ("ifelse(x > 1, x^2, x)", {"x": 3.0}, 2, "9 + 6 * (x - 3) + (x - 3)^2", "x^2", False),
        ("x^2*y", {"x": 1.0, "y": -2.0}, 2, "-2 - 4 * (x - 1) + (y + 2) - 2 * (x - 1)^2 + 2 * (x - 1) * (y + 2)",
         "-(2 * x^2) + 2 * x * y + 4 * x - y - 2", False),
        ("exp(x + y)", {"x": 0.0, "y": 0.0}, 2, "1 + x + y + x^2/2 + x * y + y^2/2", "x^2/2 + x * y + y^2/2 + x + y + 1", False),
    ],
)  # fmt: skip
def test_a_polynomial_is_written_in_powers_and_multiplied_out(text, at, order, powers, multiplied, equal):
    answer = taylor(read(text), at, order)
    assert (answer.polynomial.text, answer.expanded.text, answer.equals_function) == (powers, multiplied, equal)


def test_terms_of_several_variables_come_by_degree_with_their_derivatives():
    terms = taylor(read("x^2*y"), {"x": 1.0, "y": -2.0}, 3).terms
    assert [(t.exponents, t.coefficient, t.derivative) for t in terms] == [
        ((0, 0), -2, -2), ((1, 0), -4, -4), ((0, 1), 1, 1), ((2, 0), -2, -4), ((1, 1), 2, 2), ((0, 2), 0, 0),
        ((3, 0), 0, 0), ((2, 1), 1, 2), ((1, 2), 0, 0), ((0, 3), 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("round(x)", {"x": 0.5}, "round() jumps"),
        ("x %% 2", {"x": 2.0}, "%%() jumps"),
        ("x %/% 2", {"x": 2.0}, "%/%() jumps"),
        ("atan2(x, -1)", {"x": 0.0}, "atan2() jumps"),
        ("dexp(x)", {"x": 0.0}, "dexp() jumps"),
        ("punif(x)", {"x": 1.0}, "dunif() jumps"),
        ("abs(x) + y", {"x": 0.0, "y": 0.0}, "the absolute value has a kink at 0"),
        ("pmax(x, y)", {"x": 1.0, "y": 1.0}, "the larger argument changes"),
        ("ifelse(x > y, x, y^2)", {"x": 1.0, "y": 1.0}, "two branches of the formula meet"),
        ("floor(x)*y", {"x": 1.0, "y": 1.0}, "floor() jumps"),
        ("sqrt(x*y)", {"x": 0.0, "y": 1.0}, "a derivative of order 1 does not exist"),
    ],
)
def test_a_jump_or_kink_of_any_function_in_any_variable_is_refused(text, at, what):
    with pytest.raises(CalculusError) as caught:
        taylor(read(text), at, 2)
    place = ", ".join(f"{name} = {value:g}" for name, value in at.items())
    assert caught.value.headline.startswith(f"f has no Taylor expansion at {place}: {what}")
    assert (caught.value.reason, caught.value.field) == (Reason.UNDEFINED_AT_POINT, "at")


@pytest.mark.parametrize(
    ("text", "at", "powers"),
    [
        ("round(x)*x", {"x": 1.0}, "1 + (x - 1)"),
        ("trunc(x) + x", {"x": 0.0}, "x"),
        ("x %% 2", {"x": 3.0}, "1 + (x - 3)"),
        ("atan2(x, 1)", {"x": 0.0}, "x"),
        ("punif(x)", {"x": 0.25}, "1/4 + (x - 0.25)"),
        ("floor(x)*y", {"x": 1.5, "y": 1.0}, "1 + (y - 1)"),
        ("abs(x) + y", {"x": -1.0, "y": 0.0}, "1 - (x + 1) + y"),
    ],
)
def test_beside_its_jumps_a_function_has_an_expansion(text, at, powers):
    assert taylor(read(text), at, 1).polynomial.text == powers


def test_a_likelihood_of_data_is_expanded_in_its_parameters():
    data = {"u": np.array([1.0, 2.0]), "v": np.array([3.0, 4.0])}
    # (3 - a - b)^2 + (4 - a - 2 b)^2 at 0.
    answer = taylor(read("sum((v - a - b*u)^2)", data=data), {"a": 0.0, "b": 0.0}, 2)
    assert answer.polynomial.text == "25 - 14 * a - 22 * b + 2 * a^2 + 6 * a * b + 5 * b^2"


@pytest.mark.parametrize(
    ("text", "order"),
    [("pi*x", 1), ("x/2", 1), ("x/(1 + 1)", 1), ("sin(1)*x", 1), ("2^3*x^2", 2), ("(x^2)^3", 6), ("(x + 1)^2/3 - x", 2),
     ("-x^3", 3), ("x*x*x - x^3 + x", 1), ("exp(x)", None), ("x^0.5", None), ("x^-1", None), ("2^x", None)],
)  # fmt: skip
def test_a_polynomial_equals_its_function_from_its_degree_on(text, order):
    equal = [taylor(read(text), {"x": 1.0}, k).equals_function for k in range(8)]
    assert equal == [order is not None and k >= order for k in range(8)]


def test_as_many_terms_as_the_limit_allows_are_given():
    def count(most):
        return len(taylor(read("x*y"), {"x": 0.0, "y": 0.0}, 2, limits=Limits(taylor_terms=most)).terms)

    assert count(6) == 6
    with pytest.raises(CalculusError) as caught:
        count(5)
    assert (caught.value.reason, caught.value.metadata["name"]) == (Reason.LIMIT_EXCEEDED, "taylor_terms")


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_a_point_that_is_not_finite_has_no_expansion(value):
    for at in ({"x": value}, {"y": 1.0, "x": value}):
        with pytest.raises(CalculusError) as caught:
            taylor(read("x^2" if len(at) == 1 else "x^2*y"), at, 1)
        assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, f"at[{len(at) - 1}].value")
