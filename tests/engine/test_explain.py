"""Derivations whose last line is the answer."""

import pytest
from secantd.algebra import light
from secantd.calculus import differentiate, explain
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render
from secantd.settings import Limits

TEXTS = [
    "x^3 - 1", "log(x^2 - 2)", "exp(2*x^3)", "1 + 2*x + 3*x^2 + 4*exp(x) + 5*log(x)", "x*exp(x)", "exp((x - mu)^2/sigma^2)",
    "(2*x + 1)^4", "sin(x)/x", "x^x", "a^x", "x^n", "sqrt(x^2 + y^2)", "ifelse(x > 0, x^2, -x)", "atan2(x, 2)", "3", "function(x, y) y", "x", "-x",
    "x*y*z*x", "tan(x)^2/(1 + x)", "2^(x^2)", "abs(x)",
]  # fmt: skip


@pytest.mark.parametrize("notation", [Notation.R, Notation.PYTHON, Notation.LATEX])
@pytest.mark.parametrize("text", TEXTS)
def test_the_last_line_is_exactly_the_answer_of_differentiate(text, notation):
    answer = explain(read(text), ["x"], [notation])
    expected = differentiate(read(text), ["x"], notations=[notation]).derivative.text
    assert answer.derivative.text == answer.steps[-1].result.text == expected
    assert answer.steps[-1].depth == 0


@pytest.mark.parametrize("text", [t for t in TEXTS if t not in ("3", "function(x, y) y")])
def test_the_result_of_every_step_is_the_derivative_of_its_expression(text):
    steps = explain(read(text), ["x"]).steps
    assert steps
    for step in steps:
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


@pytest.mark.parametrize(
    ("text", "rule", "parts", "sentence"),
    [
        ("a*sin(x)*b", "constant multiple", "c = a * b, u = sin(x), u' = cos(x)", "(c u)' = c u'"),
        ("2*x", "constant multiple", "c = 2, u = x, u' = 1", "(c u)' = c u'"),
        ("sin(x)/a", "constant multiple", "u = sin(x), u' = cos(x), c = a", "(u/c)' = u'/c"),
        ("-x^2", "constant multiple", "", "(-u)' = -u'"),
        ("x^2*sin(x)", "product", "u = x^2, u' = 2 * x, v = sin(x), v' = cos(x)", "(u v)' = u' v + u v'"),
        (
            "x*sin(x)*exp(x)",
            "product",
            "u = x, u' = 1, v = sin(x), v' = cos(x), w = exp(x), w' = exp(x)",
            "each factor is differentiated in turn",
        ),
        ("sin(x)/x^2", "quotient", "u = sin(x), v = x^2, u' = cos(x), v' = 2 * x", "(u/v)' = (u' v - u v')/v^2"),
        ("1/x", "quotient", "u = 1, v = x, u' = 0, v' = 1", "(u/v)' = (u' v - u v')/v^2"),
        ("x^n", "power", "n = n", "(x^n)' = n x^(n-1)"),
        ("a^x", "exponential", "a = a", "(a^x)' = a^x log(a)"),
        ("sin(x)^3", "chain", "inner u = sin(x), outer = u^3, outer' = 3 * u^2, u' = cos(x)", "f(u)' = f'(u) u'"),
        ("a^x^2", "chain", "inner u = x^2, outer = a^u, outer' = a^u * log(a), u' = 2 * x", "f(u)' = f'(u) u'"),
        ("log(x^2)", "chain", "inner u = x^2, outer = log(u), outer' = 1/u, u' = 2 * x", "f(u)' = f'(u) u'"),
        ("x^sin(x)", "power and exponential", "u = x, v = sin(x), u' = 1, v' = cos(x)",
         "(u^v)' = v u^(v-1) u' + u^v log(u) v'"),
        ("dnorm(x, x^2)", "dnorm", "", "the chain rule is applied to each argument"),
        ("dnorm(x^2, m)", "chain", "inner u = x^2, outer = dnorm(u, m), outer' = -(dnorm(u, m, 1) * (u - m)), u' = 2 * x",
         "f(u)' = f'(u) u'"),
        ("ifelse(x > 0, x, 2*x)", "choice", "", "each case is differentiated separately"),
        ("sin(floor(x))", "sin", "", "the argument is constant between jumps"),
        ("exp(x)", "exponential", "", ""),
        ("function(x, y) y", "constant", "", "the expression does not depend on x"),
        ("x", "variable", "", "the derivative of the variable itself is 1"),
    ],
)  # fmt: skip
def test_a_step_names_its_rule_and_all_parts_of_it(text, rule, parts, sentence):
    last = explain(read(text), ["x"]).steps[-1]
    assert (last.rule, ", ".join(f"{p.name} = {p.formula.text}" for p in last.parts)) == (rule, parts)
    named = rule if rule in ("constant", "variable") else f"{rule} rule"
    line = f"{named}: d/dx [{last.expression.text}] = {last.result.text}"
    assert last.text == line + f", with {parts}" * bool(parts) + f" ({sentence})" * bool(sentence)


def test_depth_is_the_least_number_of_steps_down_to_an_expression():
    steps = explain(read("x^2 + sin(1 + exp(x) + x^2)"), ["x"]).steps
    assert {s.expression.text: s.depth for s in steps} == {
        "x^2": 1, "exp(x)": 3, "1 + exp(x) + x^2": 2, "sin(1 + exp(x) + x^2)": 1, "x^2 + sin(1 + exp(x) + x^2)": 0,
    }  # fmt: skip


def test_a_kept_sign_of_a_variable_is_no_step_of_its_own():
    assert [s.expression.text for s in explain(read("-x + x^2"), ["x"]).steps] == ["x^2", "-x + x^2"]
    assert [s.expression.text for s in explain(read("-x"), ["x"]).steps] == ["-x"]


def test_the_derivation_by_definition_explains_each_line():
    for name, step in (("x", "h"), ("h", "k")):
        steps = explain(read(f"{name}^2"), [name], definition=True).steps
        assert [(s.rule, s.depth, s.text) for s in steps] == [
            ("definition", 3, f"replace {name} by {name} + {step}: f({name} + {step}) = {name}^2 + 2 * {name} * {step} + {step}^2"),
            ("definition", 2, f"subtract f: every remaining term contains {step}: "
             f"f({name} + {step}) - f({name}) = 2 * {name} * {step} + {step}^2"),
            ("definition", 1, f"divide by {step} to get the difference quotient: quotient = 2 * {name} + {step}"),
            ("definition", 0, f"let {step} go to 0 to get the derivative: limit = 2 * {name}"),
        ]  # fmt: skip


def test_signs_and_quotients_by_numbers_are_multiplied_out():
    steps = explain(read("-x^2 + (2*x)^3/4"), ["x"], definition=True).steps
    assert [s.result.text for s in steps[:3]] == [
        "2 * x^3 + 6 * x^2 * h + 6 * x * h^2 + 2 * h^3 - x^2 - 2 * x * h - h^2",
        "6 * x^2 * h + 6 * x * h^2 + 2 * h^3 - 2 * x * h - h^2",
        "6 * x^2 + 6 * x * h + 2 * h^2 - 2 * x - h",
    ]


def test_what_does_not_depend_on_the_variable_is_no_step():
    constant = "sin(" * 50 + "a" + ")" * 50
    answer = explain(read(f"x^2 + {constant}"), ["x"], limits=Limits(derivation_steps=2))
    assert [s.rule for s in answer.steps] == ["power", "sum"]
    with pytest.raises(CalculusError, match="the derivation has 51 steps"):
        explain(read(f"x^2 + {constant}"), ["a"], limits=Limits(derivation_steps=50))


def test_the_definition_is_worked_out_up_to_degree_12():
    lines = explain(read("x^12"), ["x"], definition=True).steps
    assert lines[-1].result.text == "12 * x^11"
    assert lines[0].result.text.startswith("x^12 + 12 * x^11 * h + 66 * x^10 * h^2 + 220 * x^9 * h^3")


def test_names_that_are_none_are_spelled_in_the_sentences_as_in_the_formulas():
    (step,) = explain(read("`a b`^2", Notation.R), ["a b"], [Notation.PYTHON]).steps
    name = step.expression.text.split("**")[0]
    assert name.isidentifier()
    assert step.text.startswith(f"power rule: d/d{name} [{name}**2] = 2*{name}")


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


@pytest.mark.parametrize("text", ["exp(x)", "x^13", "a*x^2", "1/x", "Inf*x", "2**2**2**2**2**2*x", "NaN*x"])
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
    steps = explain(f, ["x"]).steps
    assert len(steps) > 3
    for step in steps:
        again = read(step.result.text)
        assert render(light(again.graph, again.outputs[0]), Notation.R) == step.result.text


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("sin(" * 5000 + "x" + ")" * 5000, "derivation_steps"),
        ("^".join("x" * 300), "output_length"),
        ("sin(" * 300 + "x" + ")" * 300, "output_length"),
    ],
    ids=["nested sines", "tower", "fewer sines"],
)
def test_a_derivation_that_is_too_long_is_refused_before_all_of_it_is_written(text, limit):
    with pytest.raises(CalculusError, match="the derivation") as caught:
        explain(read(text))
    assert caught.value.reason is Reason.LIMIT_EXCEEDED
    assert caught.value.metadata["name"] == limit


def test_the_order_is_bounded_as_that_of_differentiate():
    with pytest.raises(CalculusError, match="the derivative has order 101") as caught:
        explain(read("sin(x)"), ["x"] * 101)
    assert (caught.value.metadata["name"], caught.value.field) == ("derivative_order", "variables")
