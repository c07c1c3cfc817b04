"""What texts mean, and what their authors are told where they mean nothing."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.calculus import differentiate, evaluate
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import python_text, r_text
from secantd.settings import Limits


def mistakes():
    lines = Path(__file__).with_name("mistakes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [x.split("\t") for x in lines if x and not x.startswith("# ")]
    return [pytest.param(*row, id=row[0]) for row in rows[1:]]


def refusal(text, notation=None, limits=None):
    with pytest.raises(CalculusError) as caught:
        read(text, notation, limits=limits)
    return caught.value


@pytest.mark.parametrize(("text", "reason", "start", "headline", "hint"), mistakes())
def test_a_slip_is_answered_with_the_place_and_what_to_write(text, reason, start, headline, hint):
    error = refusal(text)
    found = (error.reason.value, str(error.span[0]) if error.span else "", error.headline, error.hint)
    assert found == (reason, start, headline, hint)
    assert error.field == "expression.text"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("-x^2", "-x^2", id="a-sign-is-looser-than-a-power"),
        pytest.param("2^-x", "2^-x", id="a-power-takes-a-sign-on-the-right"),
        pytest.param("x^y^z", "x^y^z", id="powers-from-the-right"),
        pytest.param("x - y - z", "x - y - z", id="differences-from-the-left"),
        pytest.param("x/y/z", "x/y/z", id="quotients-from-the-left"),
        pytest.param("a %% b * c", "a%%b * c", id="R's-remainder-binds-closer-than-a-product"),
        pytest.param("function(x) { return(2*x) }", "2 * x", id="return"),
        pytest.param("{ x <- x^2; x*3 }", "x^2 * 3", id="re-assignment"),
        pytest.param("function(x, h = x^2) x*h", "x * x^2", id="a-default-sees-the-other-parameters"),
        pytest.param("~ x^2", "x^2", id="a-formula"),
        pytest.param("y ~ a*x", "a * x", id="the-right-side-of-a-formula"),
        pytest.param("base::sin(x) + stats::dnorm(x, 1, 2)", "sin(x) + dnorm(x, 1, 2)", id="packages"),
        pytest.param("theta[1]*theta$m", "theta[1] * theta$m", id="components"),
        pytest.param("x |> sin() |> exp()", "exp(sin(x))", id="pipes"),
        pytest.param("`my rate`*2", "`my rate` * 2", id="backticks"),
        pytest.param("größe^2 + π", "größe^2 + π", id="letters-of-all-alphabets"),
        pytest.param("S*I*E*N*beta*gamma*lambda", "S * I * E * N * beta * gamma * lambda", id="names-of-functions-are-names"),
        pytest.param("F*D*exp(-k*T)", "F * D * exp(-k * T)", id="T-and-F-are-variables"),
        pytest.param("dnorm(x, 0, 1, log = T)", "dnorm(x, 0, 1, log = TRUE)", id="T-is-true-where-a-flag-is-asked"),
        pytest.param("0x10 + 2L + 1e-3", "16 + 2 + 0.001", id="numbers"),
        pytest.param("x # a comment\n", "x", id="comments"),
        pytest.param("(x +\n y)", "x + y", id="lines-go-on-in-brackets"),
    ],
)  # fmt: skip
def test_r_means(text, printed):
    assert r_text(read(text, Notation.R).outputs[0]) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("lambda x, n=2: x**n", "x**2", id="lambda"),
        pytest.param("x if x > 0 else -x", "x if x > 0 else -x", id="choice"),
        pytest.param("math.sin(x) + np.exp(y)", "sin(x) + exp(y)", id="modules"),
        pytest.param("theta[0] + theta[1]", "theta[0] + theta[1]", id="counts-from-0"),
        pytest.param("[x, y, 3][-1]", "3", id="the-last"),
        pytest.param("a % b % c", "a % b % c", id="remainders-from-the-left"),
        pytest.param("a*b % c", "a*b % c", id="a-remainder-binds-as-a-product"),
        pytest.param("a // b", "a // b", id="integer-quotient"),
        pytest.param("-x**2", "-x**2", id="a-sign-is-looser-than-a-power"),
        pytest.param("x > 0 and not y > 1 or x < 3", "x > 0 and not y > 1 or x < 3", id="logic"),
        pytest.param("f = lambda t: t**2\nf(x) + 1", "x**2 + 1", id="a-function-before"),
        pytest.param("inf", "inf", id="inf"),
        pytest.param("sum(range(4))*x", "(0 + 1 + 2 + 3)*x", id="a-range-leaves-out-its-end"),
    ],
)
def test_python_means(text, printed):
    assert python_text(read(text, Notation.PYTHON).outputs[0]) == printed


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        pytest.param("y + x", ("y", "x"), id="in-order-of-appearance"),
        pytest.param("function(x, y, z) y", ("x", "y", "z"), id="the-parameters"),
        pytest.param("function(x, a = 2) a*x*b", ("x",), id="not-those-with-a-default"),
        pytest.param("function(theta) theta[1] + theta[2]", ("theta[1]", "theta[2]"), id="components"),
        pytest.param("{ a <- 2; a*x*pi }", ("x",), id="not-what-is-assigned"),
        pytest.param("sapply(c(x, y), exp)[1]", ("x",), id="not-a-function's-name"),
    ],
)
def test_the_variables_are(text, variables):
    assert read(text).variables == variables


@pytest.mark.parametrize(
    ("text", "value"), [("var(c(1, 2, 4))", 7 / 3), ("np.var([1, 2, 4])", 14 / 9), ("np.std([1, 3])", 1)]
)
def test_variances_divide_as_their_language_does(text, value):
    (found,) = evaluate(read(text), {}).values
    assert found == pytest.approx(value)


def test_a_name_that_is_reserved_in_python_prints_with_an_underscore():
    assert differentiate(read("lambda*x"), ["x"], notations=[Notation.PYTHON]).derivative.text == "lambda_"


def test_the_index_0_is_python_and_only_python():
    assert refusal("theta[0]").hint.startswith("R counts from 1")
    assert refusal("theta[0]", Notation.R).reason is Reason.SYNTAX_ERROR
    assert read("theta[0]", Notation.PYTHON).variables == ("theta[0]",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("for (i in 1:2000) i", "loop_steps", id="a-loop"),
        pytest.param("{ f <- function(x) f(x + 1); f(x) }", "loop_steps", id="a-recursion-without-end"),
        pytest.param("sum(1:1e9)", "loop_steps", id="a-range"),
        pytest.param("rep(x, 1e9)", "", id="a-repetition"),
        pytest.param("+".join(f"x{i}" for i in range(200)), "variables", id="variables"),
        pytest.param("x" * 9000, "text_length", id="a-long-text"),
        pytest.param("{ f <- function(x) sapply(x, f); f(x) }", "", id="functions-within-functions"),
        pytest.param("+".join(f"x^{i}" for i in range(900)), "nodes", id="nodes"),
    ],
)
def test_a_limit_is_named_and_points_at_the_text(text, name):
    error = refusal(text, limits=Limits(text_length=8000, nodes=1500, variables=100, loop_steps=1000))
    assert error.field == "expression.text"
    if name:
        assert error.reason is Reason.LIMIT_EXCEEDED
        assert error.metadata["name"] == name


DEPTH = 10_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * DEPTH + "x" + ")" * DEPTH, id="brackets"),
        pytest.param("sin(" * DEPTH + "x" + ")" * DEPTH, id="calls"),
        pytest.param("-" * DEPTH + "x", id="signs"),
        pytest.param("x^" * DEPTH + "x", id="powers"),
        pytest.param("+".join("x" * DEPTH), id="terms"),
        pytest.param("*".join("x" * DEPTH), id="factors"),
        pytest.param("{" * DEPTH + "x" + "}" * DEPTH, id="blocks"),
        pytest.param("if (x > 1) 1 else " * DEPTH + "x", id="conditions"),
        pytest.param("function(x) " * DEPTH + "x", id="functions"),
        pytest.param("c(" * DEPTH + "x" + ")" * DEPTH, id="vectors"),
        pytest.param("x[" * DEPTH + "1" + "]" * DEPTH, id="indices"),
        pytest.param("a <- " * DEPTH + "x", id="assignments"),
    ],
)
def test_no_depth_exhausts_a_stack(text):
    with suppress(CalculusError):
        read(text)


COLUMNS = {"u": np.array([1.0, 2.0, 4.0]), "v": np.array([0.5, 1.5, -1.0])}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("sum(u)", 7, id="sum"),
        pytest.param("mean(u*x)", 14 / 3, id="mean"),
        pytest.param("sum((u - x)^2)", 5, id="squares"),
        pytest.param("length(u)*x", 6, id="length"),
        pytest.param("prod(u)", 8, id="product"),
        pytest.param("max(u) - min(v)", 5, id="extremes"),
        pytest.param("var(u)", 7 / 3, id="variance"),
        pytest.param("sum(u*v)", -0.5, id="two-columns"),
        pytest.param("sum(c(1, 2, 3)*u)", 17, id="a-vector-and-a-column"),
        pytest.param("u[2] + x", 4, id="an-element"),
        pytest.param("sum(ifelse(u > x, u, 0))", 4, id="a-choice-by-row"),
        pytest.param("sum(u > 1)", 2, id="a-count"),
        pytest.param("sum(x + u)", 13, id="a-variable-beside-a-column"),
    ],
)
def test_columns_of_data_are_computed_as_in_r(text, value):
    function = read(text, Notation.R, COLUMNS)
    points = {name: np.array([2.0]) for name in function.variables}
    assert evaluate(function, points).values == pytest.approx([value])


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        pytest.param("sum(a + u)", 3, id="the-rows-are-counted"),
        pytest.param("sum((a*u - v)^2)", 2 * (2 * 21 - (-0.5)), id="squares"),
        pytest.param("mean(a*u)", 7 / 3, id="mean"),
        pytest.param("sum(a)", 1, id="a-number"),
        pytest.param("a*length(u)", 3, id="length"),
        pytest.param("prod(a*u)", 3 * 8 * 4, id="product"),
        pytest.param("max(a*u)", 4, id="largest"),
        pytest.param("var(a*u)", 2 * 2 * 7 / 3, id="variance"),
    ],
)
def test_derivatives_by_a_parameter_count_every_row(text, derivative):
    answer = differentiate(read(text, Notation.R, COLUMNS), ["a"], {"a": 2.0}).derivative
    assert answer.value == pytest.approx(derivative)


def test_a_sum_over_data_stays_rolled():
    sizes = []
    for rows in (10, 1000):
        data = {"x": np.arange(rows) * 1.0, "y": np.arange(rows) * 2.0}
        function = read("sum((y - a - b*x)^2) + mean(x)*a", Notation.R, data)
        differentiate(function, ["b"])
        sizes.append(len(function.graph.nodes))
    assert sizes[0] == sizes[1]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(CalculusError, match="lengths 2 and 3"):
        read("sum(u*v)", Notation.R, {"u": np.ones(2), "v": np.ones(3)})


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xy12+-*/^()[]{},;=<>!&|~:$%\\\"'`. \nifelsunctor", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text):
    error, outputs = None, ()
    try:
        outputs = read(text).outputs
    except CalculusError as refused:
        error = refused
    assert all(r_text(o) for o in outputs)
    if error is not None:
        assert error.field == "expression.text"
        assert str(error)
        assert error.span is None or 0 <= error.span[0] <= len(text)
