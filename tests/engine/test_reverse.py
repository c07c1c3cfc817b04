"""Reverse mode gives what forward mode gives, for all variables at once."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from secantd.calculus import derivative, differentiate, gradient, gradient_answer
from secantd.errors import CalculusError, Reason
from secantd.expression import reachable, symbols
from secantd.language import read
from secantd.program import compile as compile_program

TEXTS = [
    "x*y + sin(x*y)", "x/y - y/x", "x^y", "(x + y)^3*exp(-x*y)", "log(x^2 + y^2)", "sqrt(x)*atan2(y, x)", "pmax(x*y, x + y)",
    "ifelse(x > y, x^2*y, y^3)", "abs(x - y)*x", "x*y*x*y*x*y*x*y*x*y*x*y", "2^x*y^2", "x %% y", "tanh(x)/(1 + y^2)",
    "{a <- x*y; b <- a^2 + a; b*a - sin(b)}", "prod(c(x, y, x + y))", "max(x, y, x*y)",
]  # fmt: skip


def values(f, nodes, at):
    inputs = symbols(nodes)
    return compile_program(nodes, inputs, f.graph.columns).point([at[v] for v in inputs])


@pytest.mark.parametrize("text", TEXTS)
@given(x=st.floats(0.1, 3), y=st.floats(0.1, 3))
def test_every_partial_is_that_of_forward_mode(text, x, y):
    f = read(text)
    backward = values(f, gradient(f.graph, f.outputs[0], ["x", "y"]), {"x": x, "y": y})
    forward = values(f, [derivative(f.graph, f.outputs[0], v) for v in "xy"], {"x": x, "y": y})
    assert backward == pytest.approx(forward, rel=1e-11, abs=1e-11, nan_ok=True)


DATA = {"x": np.array([0.5, 1.0, 2.0, 4.0]), "y": np.array([1.0, 1.5, 2.5, 3.0])}


@pytest.mark.parametrize(
    "text",
    ["sum((y - a - b*x)^2)", "sum(a + x)", "mean(exp(a*x)*b)", "sum(log(a + x*b))*a", "prod(a + x)", "sum(ifelse(x > b, a*x, b))",
     "var(a*x + b)", "max(a*x) - min(b*y)", "sum(a, b)", "sum(x)*a*b", "sum(a*x)/sum(b*y)"],
)  # fmt: skip
def test_sums_over_data_are_differentiated_alike(text):
    f = read(text, data=DATA)
    at = {"a": 0.7, "b": 1.3}
    backward = values(f, gradient(f.graph, f.outputs[0], ["a", "b"]), at)
    forward = values(f, [derivative(f.graph, f.outputs[0], v) for v in "ab"], at)
    assert backward == pytest.approx(forward, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [
        ("ifelse(x > -1, (x - 1)^2, sqrt(-x - 1))", 3.0, 4.0),
        ("ifelse(x > 0, log(x), x^2)", -1.0, -2.0),
        ("ifelse(x > 0, ifelse(x < 5, sqrt(x), 1), 3*x)", -1.0, 3.0),
        ("ifelse(x > 0, sqrt(log(x)), 0) + ifelse(x > 1, sqrt(log(x)), 0) + x", -1.0, 1.0),
        ("sin(ifelse(x > 0, sqrt(x), x))*2", -1.0, 2 * np.cos(-1.0)),
    ],
)
def test_a_choice_that_is_not_taken_leaves_no_trace(text, at, slope):
    f = read(text)
    for nodes in (gradient(f.graph, f.outputs[0], ["x"]), [derivative(f.graph, f.outputs[0], "x")]):
        assert values(f, nodes, {"x": at}) == pytest.approx([slope])


def test_the_gradient_costs_a_small_multiple_of_the_function():
    names = [f"x{i}" for i in range(500)]
    f = read(" + ".join(f"sin({a})*{b}" for a, b in pairwise(names)))
    before = len(f.graph.nodes)
    gradient(f.graph, f.outputs[0], names)
    assert len(f.graph.nodes) < 5 * before


@pytest.mark.parametrize(
    "text", ["max(x^(1:600))", "Reduce(min, x^(1:600))", "Reduce(function(a, b) a + max(a, b^2), rep(x, 600))"]
)
def test_the_gradient_of_a_chain_of_choices_is_as_long_as_the_chain(text):
    f = read(text)
    assert len(reachable(list(gradient(f.graph, f.outputs[0], ["x"])))) < 20 * 600


@pytest.mark.parametrize(("at", "slope"), [(0.5, 1.0), (2.0, 7 * 2.0**6)])
def test_the_slope_of_a_chain_of_choices_is_that_of_the_one_that_is_taken(at, slope):
    f = read("max(x^(1:7))")
    assert values(f, gradient(f.graph, f.outputs[0], ["x"]), {"x": at}) == [slope]


def test_a_variable_that_does_not_occur_has_the_derivative_0():
    f = read("x^2")
    assert values(f, gradient(f.graph, f.outputs[0], ["x", "z"]), {"x": 3.0}) == [6.0, 0.0]


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("sum(a + u)", 3),
        ("sum(a*u)", 7),
        ("sum(a - a*u + u)", -4),
        ("mean(a + u)^2", 2 * (1.5 + 7 / 3)),
        ("prod(a + u)", 3.5 * 5.5 + 2.5 * 5.5 + 2.5 * 3.5),
        ("sum((u > 1)*a)", 2),
        ("max(a*u) - min(a*u)", 3),
        ("sum(ifelse(u > 3, a^2, a))", 2 + 2 * 1.5),
        ("a*length(u) + sum(u)", 3),
        ("sum(u)*a^2", 21),
    ],
)
def test_a_parameter_of_data_gets_the_slopes_of_all_rows(text, slope):
    f = read(text, data={"u": np.array([1.0, 2.0, 4.0])})
    for values_only in (True, False):
        answer = gradient_answer(f, ["a"], {"a": 1.5}, values_only=values_only)
        assert answer.partials[0].value == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize(
    ("direction", "what"),
    [
        ({"x": 0.0, "y": 0.0}, "the direction is 0"),
        ({"x": 1e308, "y": 1.7e308}, "the direction is too long"),
        ({"x": 1.0, "y": math.nan}, "'y' is nan"),
        ({"x": math.inf, "y": 1.0}, "'x' is inf"),
    ],
)
def test_a_direction_without_a_length_is_refused(direction, what):
    with pytest.raises(CalculusError, match=what) as caught:
        gradient_answer(read("x*y"), (), {"x": 1.0, "y": 2.0}, direction=direction)
    place = {"y": "[1].value", "x": "[0].value"}.get(what[1], "")
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, f"direction{place}")


def test_with_several_variables_one_has_to_be_named():
    with pytest.raises(CalculusError) as caught:
        differentiate(read("*".join(f"v{i}" for i in range(12))))
    assert caught.value.headline.endswith("variables: v0, v1, v2, v3, v4, v5, v6, v7, v8, v9")
    for text, variable in (("theta$a*2", "theta$a"), ("theta[1]*2", "theta[1]")):
        with pytest.raises(CalculusError, match="'theta' has components") as caught:
            differentiate(read(text), ["theta"])
        assert caught.value.hint == f"name them: {variable}; the gradient takes 'theta'"


def test_a_value_for_each_row_is_no_value_at_a_point():
    with pytest.raises(CalculusError, match="one value for each row") as caught:
        differentiate(read("u*x", data={"u": np.array([1.0, 2.0])}), ["x"], {"x": 1.0})
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, "at")
