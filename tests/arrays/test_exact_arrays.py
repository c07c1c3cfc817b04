"""The exact form of formulas of vectors and matrices: fractions, roots and logarithms instead of decimals."""

import numpy as np
import pytest
from secantd.calculus import differentiate, gradient_answer, hessian, jacobian, tangent, taylor
from secantd.calculus.arrays.functions import derivative
from secantd.calculus.arrays.points import values_at
from secantd.calculus.results import Contact, Form
from secantd.expression import VariableShape
from secantd.language import Function, Notation, read

from .random_formulas import Writer, point

# f, and its gradient in R and in Python. The texts were checked by hand.
TEXTS = [
    ("sum(x/3)", "rep(1/3, length(x))", "np.full(len(x), 1/3)"),
    ("sum(x)/4 + sum(sqrt(x))", "1/(2 * sqrt(x)) + 1/4", "1/(2*np.sqrt(x)) + 1/4"),
    ("sum(x^(1/3))", "1/(3 * x^(2/3))", "1/(3*x**(2/3))"),
    ("sum(log10(x))", "1/(log(10) * x)", "1/(np.log(10)*x)"),
    ("sum(2^x)", "log(2) * 2^x", "np.log(2)*2**x"),
    ("sum(exp(-x^2/2))", "-x * exp(-x^2/2)", "-x*np.exp(-x**2/2)"),
    ("sum(0.1*x^3)", "0.3 * x^2", "0.3*x**2"),
]


@pytest.mark.parametrize(("text", "r", "python"), TEXTS)
def test_a_gradient_in_the_exact_form_has_no_decimals_but_those_of_its_author(text, r, python):
    (found,) = gradient_answer(read(text), ["x"], None, [Notation.R, Notation.PYTHON], Form.EXACT).partials
    assert ([t for _, t in found.renderings], found.form) == ([r, python], Form.EXACT)


def test_every_call_with_a_form_has_the_exact_one_and_says_which_formula_has_none():
    assert differentiate(read("sum(x^2)/3"), ["x"], form=Form.EXACT).derivative.text == "2 * x/3"
    assert jacobian(read("(A %*% x)/3"), ["x"], form=Form.EXACT).rows[0][0].text == "A/3"
    assert hessian(read("sum(x^2)/3"), ["x"], form=Form.EXACT).rows[0][0].text == "2 * diag(length(x))/3"
    pair = read("sum(x/3)", shapes={"x": VariableShape((2,))})
    along = gradient_answer(pair, ["x"], None, (), Form.EXACT, False, {"x": [1.0, 0.0]})
    assert along.directional.form is Form.LIGHT
    assert "a formula of vectors and matrices has only the light form" in along.notices


def test_the_exact_form_has_the_values_of_the_light_form():
    compared = 0
    for seed in range(120):
        writer = Writer(seed)
        output = (writer.formula() / 3 + writer.formula() / 4).node
        at = {name: np.asarray(v) if np.ndim(v) else float(v) for name, v in point(3, 2, seed).items()}
        function = Function(writer.m.graph, (output,), False, tuple(at), Notation.R, arrays=True)
        for variable in ("x", "s"):
            light, exact = (derivative(function, output, [variable], exact=e).node for e in (False, True))
            one, other = values_at(function, [light, exact], at)
            assert np.asarray(other) == pytest.approx(np.asarray(one), rel=1e-9, abs=1e-9, nan_ok=True), (
                seed,
                variable,
            )
            compared += light is not exact
    assert compared > 20


# f, its point, and the tangent and the Taylor polynomial of order 2 in R. The texts were checked by hand.
EXPANSIONS = [
    ("sum(x^2)/3", {"x": [1.0, 2.0]}, "sum(x * c(2/3, 4/3)) - 5/3", "c(2/3, 0, 0, 2/3)"),
    ("sum(sqrt(x))", {"x": [2.0, 3.0]}, "sqrt(2)/2 + sqrt(3)/2 + sum(x * c(sqrt(2)/4, sqrt(3)/6))", "sqrt(2)/16"),
    ("log(sum(exp(x)))", {"x": [0.0, 0.0]}, "log(2) + 1/2 * sum(x)", "log(2) + 1/2 * sum(x)"),
    ("sum(x)/sqrt(sum(x^2))", {"x": [1.0, 1.0]}, "sqrt(2)", "sqrt(2)/4"),
    ("t(x) %*% A %*% x/7", {"x": [1.0, 2.0], "A": [[1.0, 0.0], [0.0, 3.0]]}, "sum(x * c(2/7, 12/7))", None),
    ("s*sum(sin(x))", {"s": 2.0, "x": [0.0, 1.5707963267948966]}, "s + sum(x * c(2, 0))", "pi"),
]


@pytest.mark.parametrize(("text", "at", "line", "part"), EXPANSIONS)
def test_tangents_and_taylor_polynomials_of_vectors_have_exact_constants(text, at, line, part):
    place = {name: np.array(v) if isinstance(v, list) else v for name, v in at.items()}
    f = shaped(text, place)
    near = {name: v + 0.25 for name, v in place.items()}
    plain, found = (tangent(f, place, form=form) for form in (Form.LIGHT, Form.EXACT))
    assert line in found.equation.text
    assert found.equation.form is Form.EXACT
    assert value_of(found.equation.text, near) == pytest.approx(value_of(plain.equation.text, near), rel=1e-12)
    order = 1 if part is None else 2
    around, exact = (taylor(f, place, order, form=form) for form in (Form.LIGHT, Form.EXACT))
    assert part is None or part in exact.polynomial.text
    for one, other in ((around.polynomial, exact.polynomial), (around.expanded, exact.expanded)):
        assert value_of(other.text, near) == pytest.approx(value_of(one.text, near), rel=1e-12)
        assert "0.333" not in other.text


def shaped(text, at):
    return read(text, Notation.R, shapes={name: VariableShape(np.shape(v)) for name, v in at.items() if np.ndim(v)})


def value_of(text, at):
    f = shaped(text, at)
    (found,) = values_at(f, list(f.outputs), at)
    return float(np.asarray(found).ravel()[0])


@pytest.mark.parametrize(
    ("text", "equation"),
    [
        ("solve(A, x)[1]", "1/5 + sum(A * matrix(c(-(3/25), 1/25, -(9/25), 3/25), 2, 2)) + sum(x * c(3/5, -(1/5)))"),
        ("det(A) * sum(x)", "sum(A * matrix(c(9, -3, -3, 6), 2, 2)) + 5 * sum(x) - 30"),
    ],
)
def test_a_tangent_of_a_function_of_small_inverses_is_exact(text, equation):
    at = {"A": np.array([[2.0, 1.0], [1.0, 3.0]]), "x": np.array([1.0, 2.0])}
    found = tangent(shaped(text, at), at, form=Form.EXACT)
    assert (found.equation.text, found.equation.form, found.notices) == (equation, Form.EXACT, ())


@pytest.mark.parametrize("text", ["solve(A, x)[1]", "det(A) * sum(x)"])
def test_an_expansion_without_exact_constants_is_in_the_light_form_with_a_notice(text):
    at = {"A": 2 * np.eye(5), "x": np.arange(5.0)}
    found = tangent(shaped(text, at), at, form=Form.EXACT)
    assert found.equation.form is Form.LIGHT
    assert "a formula of vectors and matrices has only the light form" in found.notices


def test_a_tangent_of_a_function_of_a_symmetric_matrix_moves_both_entries():
    found = tangent(shaped("sum(chol(A))", at := {"A": np.array([[2.0, 1.0], [1.0, 3.0]])}), at)
    assert found.contact is Contact.TANGENT
    assert value_of(found.equation.text, at) == pytest.approx(found.value, rel=1e-14)
