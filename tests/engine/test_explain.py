"""Derivations whose last line is the answer."""

import pytest
from secantd.algebra import light
from secantd.calculus import differentiate, explain
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render

TEXTS = [
    "x^3 - 1", "log(x^2 - 2)", "exp(2*x^3)", "1 + 2*x + 3*x^2 + 4*exp(x) + 5*log(x)", "x*exp(x)", "exp((x - mu)^2/sigma^2)",
    "(2*x + 1)^4", "sin(x)/x", "x^x", "a^x", "x^n", "sqrt(x^2 + y^2)", "ifelse(x > 0, x^2, -x)", "atan2(x, 2)", "3", "y", "x", "-x",
    "x*y*z*x", "tan(x)^2/(1 + x)", "2^(x^2)", "abs(x)",
]  # fmt: skip


@pytest.mark.parametrize("notation", [Notation.R, Notation.PYTHON, Notation.LATEX])
@pytest.mark.parametrize("text", TEXTS)
def test_the_last_line_is_exactly_the_answer_of_differentiate(text, notation):
    answer = explain(read(text), ["x"], [notation])
    expected = differentiate(read(text), ["x"], notations=[notation]).derivative.text
    assert answer.derivative.text == answer.steps[-1].result.text == expected
    assert answer.steps[-1].depth == 0


@pytest.mark.parametrize("text", [t for t in TEXTS if t not in ("3", "y")])
def test_the_result_of_every_step_is_the_derivative_of_its_expression(text):
    for step in explain(read(text), ["x"]).steps:
        assert step.result.text == differentiate(read(step.expression.text), ["x"]).derivative.text


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("x*exp(x)", ["exponential", "product"]),
        ("log(x^2 - 2)", ["power", "sum", "chain"]),
        ("x^n", ["power"]),
        ("a^x", ["exponential"]),
        ("x^x", ["power and exponential"]),
        ("sin(x)/x", ["sin", "quotient"]),
        ("5*log(x)", ["logarithm", "constant multiple"]),
        ("3", ["constant"]),
        ("x", ["variable"]),
    ],
)
def test_each_step_names_its_rule(text, rules):
    assert [s.rule for s in explain(read(text), ["x"]).steps] == rules


def test_the_chain_rule_names_inner_and_outer_function():
    *_, last = explain(read("(2*x + 1)^4")).steps
    assert {p.name: p.formula.text for p in last.parts} == {
        "inner u": "2 * x + 1", "outer": "u^4", "outer'": "4 * u^3", "u'": "2",
    }  # fmt: skip


def test_the_normal_density_is_taken_apart_as_the_notes_do():
    steps = explain(read("exp((x - mu)^2/sigma^2)"), ["x"]).steps
    assert [s.result.text for s in steps] == [
        "1", "2 * (x - mu)", "2 * ((x - mu)/sigma^2)", "2 * (exp((x - mu)^2/sigma^2) * (x - mu)/sigma^2)",
    ]  # fmt: skip


def test_a_second_derivative_is_derived_from_the_first():
    answer = explain(read("x^3"), ["x", "x"])
    assert [s.result.text for s in answer.steps if s.depth == 0] == ["3 * x^2", "6 * x"]


def test_by_definition_the_quotient_is_worked_out():
    answer = explain(read("x^2 + 2*x + 3"), ["x"], definition=True)
    assert [s.result.text for s in answer.steps] == [
        "x^2 + 2 * x * h + h^2 + 2 * x + 2 * h + 3", "2 * x * h + h^2 + 2 * h", "2 * x + h + 2", "2 + 2 * x",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["exp(x)", "x^13", "a*x^2", "1/x"])
def test_by_definition_is_for_polynomials(text):
    with pytest.raises(CalculusError) as error:
        explain(read(text), ["x"], definition=True)
    assert (error.value.reason, error.value.field) == (Reason.INVALID_VALUE, "by_definition")


def test_the_variable_h_gets_another_step():
    assert "k" in explain(read("h^2"), ["h"], definition=True).steps[0].result.text


def test_a_derivation_that_nobody_would_read_is_refused():
    with pytest.raises(CalculusError) as error:
        explain(read(" + ".join(f"sin({k}*x)" for k in range(2, 400))), ["x"])
    assert error.value.reason is Reason.LIMIT_EXCEEDED


def test_light_forms_of_steps_read_back_as_the_same_expression():
    f = read("exp((x - mu)^2/sigma^2)*x")
    for step in explain(f, ["x"]).steps:
        again = read(step.result.text)
        assert render(light(again.graph, again.outputs[0]), Notation.R) == step.result.text
