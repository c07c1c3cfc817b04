"""Exact constants: fractions, roots and logarithms instead of decimals, in every notation but R, which prints decimals as Deriv does."""

import math
import re

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from secantd.calculus import differentiate, gradient_answer, hessian, jacobian
from secantd.calculus.explain import explain
from secantd.calculus.results import Form
from secantd.language import Notation, read

ALL = [Notation.R, Notation.PYTHON, Notation.LATEX]

# f, and its derivative in R as Deriv prints it, in Python, in LaTeX. The exact texts were checked by hand.
TEXTS = [
    ("x/3", "0.333333333333333", "1/3", r"\frac{1}{3}"),
    ("x^(1/3)", "0.333333333333333/x^0.666666666666667", "1/(3*x**(2/3))", r"\frac{1}{3 x^{\frac{2}{3}}}"),
    ("x^(-2/3)", "-(0.666666666666667/x^1.66666666666667)", "-2/(3*x**(5/3))", r"-\frac{2}{3 x^{\frac{5}{3}}}"),
    ("2^x", "0.693147180559945 * 2^x", "2**x*log(2)", r"2^{x} \ln\left(2\right)"),
    ("log10(x)", "1/(2.30258509299405 * x)", "1/(x*log(10))", r"\frac{1}{x \ln\left(10\right)}"),
    ("sqrt(x)", "0.5/sqrt(x)", "1/(2*sqrt(x))", r"\frac{1}{2 \sqrt{x}}"),
    ("x/3 + x/4", "0.583333333333333", "7/12", r"\frac{7}{12}"),
    ("6*x/4", "1.5", "3/2", r"\frac{3}{2}"),
    ("2^-3*x^2", "0.25 * x", "x/4", r"\frac{x}{4}"),
    ("sqrt(8)*x", "2.82842712474619", "2*sqrt(2)", r"\sqrt{8}"),
    ("exp(2)*x^2", "14.7781121978613 * x", "2*x*exp(2)", "2 x e^{2}"),
    # A decimal of the author stays one: three times 0.1 is 0.3.
    ("0.1*x^3", "0.3 * x^2", "0.3*x**2", "0.3 x^{2}"),
    ("x^2.3", "2.3 * x^1.3", "2.3*x**1.3", "2.3 x^{1.3}"),
    ("x/0.3", "3.33333333333333", "1/0.3", r"\frac{1}{0.3}"),
    # What has a whole value is worked out.
    ("x^2*log(1) + x*sqrt(4) + cos(0)*x", "3", "3", "3"),
]


@pytest.mark.parametrize(("text", "r", "python", "latex"), TEXTS)
def test_constants_are_exact_in_python_and_latex_and_those_of_deriv_in_r(text, r, python, latex):
    answer = differentiate(read(text), ["x"], notations=ALL)
    assert [t for _, t in answer.derivative.renderings] == [r, python, latex]


@pytest.mark.parametrize(
    ("text", "orders", "exact"),
    [
        ("x^(1/3)", 1, "1/(3 * x^(2/3))"),
        ("x^(1/3)", 2, "-(2/(9 * x^(5/3)))"),
        ("x^(1/3)", 3, "10/(27 * x^(8/3))"),
        ("log(x, 7)", 2, "-(1/(x^2 * log(7)))"),
        ("log(2)*x^2", 2, "2 * log(2)"),
        ("sin(x)/3", 4, "sin(x)/3"),
        ("exp(x)/3", 3, "exp(x)/3"),
        ("x^2", 1, "2 * x"),
    ],
)
def test_the_exact_form_is_exact_in_r_too_and_at_every_order(text, orders, exact):
    answer = differentiate(read(text), ["x"] * orders, notations=[Notation.R], form=Form.EXACT)
    assert (answer.derivative.text, answer.derivative.form) == (exact, Form.EXACT)


def test_gradient_jacobian_hessian_and_explain_are_exact_too():
    f = read("x^2/3 + x*y/7")
    assert [p.text for p in gradient_answer(f, notations=[Notation.PYTHON]).partials] == ["2*x/3 + y/7", "x/7"]
    assert [p.text for row in hessian(f, notations=[Notation.PYTHON]).rows for p in row] == ["2/3", "1/7", "1/7", "0"]
    whole = jacobian(read("c(x/3, y/7)"), notations=[Notation.PYTHON])
    assert whole.determinant is not None
    assert whole.determinant.text == "1/21"
    assert explain(read("x^2/3"), ["x"], [Notation.PYTHON]).derivative.text == "2*x/3"


def test_the_steps_of_an_explanation_show_the_authors_text_as_it_stands():
    steps = explain(read("sqrt(0.5*x) + 0.25"), ["x"], [Notation.PYTHON]).steps
    assert [s.expression.text for s in steps] == ["0.5*x", "sqrt(0.5*x)", "sqrt(0.5*x) + 0.25"]


@pytest.mark.parametrize("form", [Form.EXPANDED, Form.FACTORED, Form.SIMPLIFIED])
def test_sympys_forms_are_exact(form):
    f = read("x^(1/3)*2^x + sqrt(2)*x")
    text = differentiate(f, ["x"], notations=[Notation.PYTHON], form=form).derivative.text
    assert not re.search(r"\d\.\d", text)


def formulas():
    """Formulas whose constants are whole numbers, of functions that SymPy reads by the same names."""
    number = st.integers(1, 9).map(str)
    return st.recursive(
        number | st.just("x"),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(inner, number, number).map(lambda t: f"({t[0]})**({t[1]}/{t[2]})"),
            st.tuples(st.sampled_from(["sqrt", "exp", "log", "sin", "atan"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(number, inner).map(lambda t: f"{t[0]}**({t[1]})"),
        ),
        max_leaves=5,
    )


def is_a_double(text):
    """Whether no part of a formula is beyond all doubles: SymPy would multiply out 9**9**9**9 until the memory ends."""
    names = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log, "sin": math.sin, "atan": math.atan, "x": 13 / 7}
    try:
        eval(re.sub(r"(\d+)", r"\1.0", text), names)
    except OverflowError:
        return False
    except (ValueError, ZeroDivisionError, TypeError):
        # A logarithm or a root without a real value, a quotient by 0: SymPy may have one.
        return "**" not in text
    return True


@settings(max_examples=150)
@given(formulas(), st.sampled_from([1, 2]))
def test_formulas_of_whole_numbers_have_no_decimals_and_sympy_agrees_with_40_digits(text, order):
    assume(is_a_double(text))
    try:
        exact = differentiate(read(text, Notation.PYTHON), ["x"] * order, form=Form.EXACT).derivative.text
    except ZeroDivisionError:
        return
    assert not re.search(r"\d\.\d|\de[-+]?\d", exact)
    x = sympy.Symbol("x", positive=True)
    words = {"x": x, "nan": sympy.nan, "inf": sympy.oo}
    at = {x: sympy.Rational(13, 7)}
    true = sympy.sympify(text, locals=words, rational=True).diff(x, order).subs(at).evalf(40)
    ours = sympy.sympify(exact, locals=words, rational=True).subs(at).evalf(40)
    if true.is_real and ours.is_real and abs(true) < 1e200:
        assert abs(true - ours) <= 1e-30 * max(1, abs(true)), (exact, true, ours)
