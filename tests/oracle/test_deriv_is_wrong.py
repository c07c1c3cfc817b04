"""The rows of the table of what Deriv gets wrong: right here, and wrong there still."""

import numpy as np
import pytest
from secantd.algebra import light
from secantd.calculus import derivative, differentiate, evaluate
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import r_text

from .witness import Witness

COLUMNS = {"x": np.array([1.0, 2.0, 4.0]), "y": np.array([1.0, 3.0, 2.0])}
# The derivative of max(x, 1).
AT_A_TIE = "ifelse(test = x > 1, yes = 1, no = ifelse(test = x == 1, yes = 0.5, no = 0))"


def answer(text, *variables, data=None):
    return differentiate(read(text, Notation.R, data or {}), variables, notations=[Notation.R]).derivative.text


@pytest.fixture(scope="module")
def witness(r, deriv):
    return Witness(r)


@pytest.mark.parametrize(
    ("text", "variable", "right", "deriv_says"),
    [
        pytest.param("{x <- x^2; x*3}", "x", "6 * x", "3", id="re-assignment"),
        pytest.param("x*log(1+y, 10)", "x", "log(1 + y, 10)", "log1p(y)", id="logarithm-to-a-base"),
        pytest.param("max(x, 1)*2", "x", f"2 * {AT_A_TIE}", "refused", id="max"),
        pytest.param("dpois(3, x)", "x", "(3 - x) * dpois(3, x)/x", "refused", id="dpois"),
        pytest.param("plogis(x)", "x", "dlogis(x)", "refused", id="plogis"),
        pytest.param("x %% 2 + x^2", "x", "1 + 2 * x", "refused", id="remainder"),
        pytest.param("sum(c(1, 2)*a)", "a", "3", "refused", id="a-sum-of-a-vector"),
        pytest.param("besselJ(x, n)", "n", "besselJ_grad_nu(x, n)", "0", id="an-order"),
    ],
)
def test_a_printed_answer_is_right_where_derivs_is_not(witness, text, variable, right, deriv_says):
    assert answer(text, variable) == right
    theirs = witness.derivative(text, variable)
    assert theirs.startswith(deriv_says) if deriv_says == "refused" else theirs == deriv_says


@pytest.mark.parametrize(
    ("text", "variable", "right"),
    [
        pytest.param("f <- function(t) {a <- t^2; a+1}; f(a)*a", "a", "1 + 3 * a^2", id="a-local-of-the-same-name"),
        pytest.param("function(x, h = x^2) x*h", "x", "3 * x^2", id="a-default"),
        pytest.param("b*((x-a)^2)^1.5", "b", "((x - a)^2)^1.5", id="a-power-of-a-square"),
        pytest.param("function(x) { return(2*x) }", "x", "2", id="return"),
        pytest.param("4294967296*x", "x", "4294967296", id="a-large-coefficient"),
        pytest.param("x/0", "x", "1/0", id="a-division-by-0"),
        pytest.param("0^x + y", "y", "1", id="a-power-of-0"),
    ],
)
def test_an_answer_is_the_right_one(text, variable, right):
    assert answer(text, variable) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("exp(-(x^2)^1.5)", lambda x: np.exp(-(np.abs(x) ** 3)) * -3 * x * np.abs(x), id="a-square-to-3/2"),
        pytest.param("(x^4)^0.25", np.sign, id="a-fourth-power-to-1/4"),
        pytest.param("sqrt(x^2)", np.sign, id="a-root-of-a-square"),
        pytest.param("log(x*x)", lambda x: 2 / x, id="a-logarithm-of-a-product"),
        pytest.param("log(1 + exp(x))", lambda x: 1 / (1 + np.exp(-x)), id="softplus"),
    ],
)
def test_derivatives_are_right_below_0_as_above(text, right):
    points = np.array([-1.7, -0.3, 0.4, 2.5])
    found = dict(evaluate(read(text, Notation.R), {"x": points}, 1).derivatives)["x"]
    assert found == pytest.approx(right(points), rel=1e-12)
    light = evaluate(read(answer(text, "x"), Notation.R), {"x": points}).values
    assert light == pytest.approx(right(points), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "variables", "value"),
    [
        pytest.param("sum(a + x)", ["a"], 3, id="the-sum-of-a-constant"),
        pytest.param("sum((a + b*x - y)^2)", ["a", "a"], 6, id="a-second-derivative"),
        pytest.param("sum(dnorm(x, m, s, log = TRUE))", ["m", "m"], -3 / 4, id="the-information-of-a-mean"),
    ],
)
def test_every_row_of_data_counts(text, variables, value):
    function = read(text, Notation.R, COLUMNS)
    found = differentiate(function, variables, dict.fromkeys(function.variables, 2.0))
    assert found.derivative.value == pytest.approx(value)


def test_sapply_is_differentiated_element_by_element():
    function = read("sapply(c(x, 2*x), function(z) z^2)", Notation.R)

    assert [r_text(light(function.graph, derivative(function.graph, f, "x"))) for f in function.outputs] == [
        "2 * x",
        "8 * x",
    ]


@pytest.mark.parametrize(("text", "variable"), [("dbinom(x, s, p)", "x"), ("dbinom(x, s, p)", "s")])
def test_what_deriv_takes_for_0_is_refused(text, variable):
    with pytest.raises(CalculusError) as caught:
        answer(text, variable)
    assert caught.value.reason is Reason.NOT_DIFFERENTIABLE


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        pytest.param("pnorm(x, log.p = TRUE)", -40.0, -804.6084420137538, id="far-in-the-tail"),
        pytest.param("log1p(exp(x))", 800.0, 800.0, id="log1p-of-exp"),
        pytest.param("log(1 + exp(x))", 800.0, 800.0, id="log-of-1-and-exp"),
    ],
)
def test_values_are_finite_where_they_are(text, x, value):
    found = evaluate(read(text, Notation.R), {"x": np.array([x])}).values
    assert found == pytest.approx([value], rel=1e-12)
