"""Derivations of derivatives with respect to vectors and matrices."""

import numpy as np
import pytest
from secantd.algebra.arrays import Arrays
from secantd.calculus import differentiate, explain
from secantd.calculus.arrays.derivatives import direction_of
from secantd.calculus.arrays.differentials import DIFFERENTIALS, LINEAR
from secantd.calculus.arrays.explanation import ARRAY_RULES, changes_of
from secantd.errors import CalculusError, Reason
from secantd.expression import reachable
from secantd.language import Notation, read

from .cases import GRADIENTS
from .formulas import Maker
from .values import value

# A text, the variables, and the rules of its steps.
STEPS = [
    ("sum((y - X %*% b)^2)", ["b"], ["constant multiple", "sum", "sum of squares", "gradient"]),
    ("t(x) %*% A %*% x", ["x"], ["quadratic form", "gradient"]),
    ("t(x - m) %*% solve(S, x - m)", ["m"], ["sum", "quadratic form", "gradient"]),
    ("log(det(A))", ["A"], ["determinant", "logarithm", "gradient"]),
    ("determinant(A)$modulus", ["A"], ["logarithm of a determinant", "gradient"]),
    ("sum(diag(A %*% M))", ["M"], ["constant multiple", "diagonal", "sum of entries", "gradient"]),
    ("t(a) %*% solve(M) %*% b", ["M"], None),
    ("tanh(A %*% x)", ["x"], ["constant multiple", "tanh", "Jacobian"]),
    ("log(sum(exp(x)))", ["x"], ["exponential", "sum of entries", "logarithm", "gradient"]),
    ("solve(A, b)", ["A"], ["linear system", "differential"]),
    ("sum((x - th)^2)", ["th"], ["sum", "sum of squares"]),
    ("sum(cumsum(v) * w)", ["v"], ["linear operation", "inner product", "gradient"]),
    ("t(x) %*% A %*% x", ["x", "x"], ["quadratic form", "gradient", "constant multiple", "Jacobian"]),
    ("function(y, s, x) sum(y^2)*s", ["x"], ["constant"]),
    # A number on which the whole does not depend in the end: the changes cancel, or it is constant between jumps.
    ("sum(matrix(r, length(g), length(x))[1, 1] + x - r)/length(x) - 1*sum(x)", ["r"], None),
    ("matrix(r, length(g), length(x))[1, 1] + -1 * (r + s * s + s) + x[1]", ["r"], None),
    ("function(x, s) sum(x^2)*ifelse(s > 0, 2, 3)", ["s"], ["constant"]),
]


@pytest.mark.parametrize(("text", "variables", "rules"), STEPS)
def test_steps_are_differentials_and_the_last_result_is_the_answer(text, variables, rules):
    function = read(text, variables=variables)
    explained = explain(function, variables)
    answer = differentiate(function, variables)
    assert explained.derivative.text == answer.derivative.text == explained.steps[-1].result.text
    assert explained.shape == answer.shape
    assert explained.steps[-1].depth == 0
    # Each depth has a step: those that are not shown do not count.
    assert {step.depth for step in explained.steps} == set(range(1 + max(step.depth for step in explained.steps)))
    if rules is not None:
        assert [step.rule for step in explained.steps] == rules


def test_a_step_shows_its_expression_its_change_and_the_formula_of_its_rule():
    step = explain(read("determinant(A)$modulus", variables=["A"]), ["A"]).steps[0]
    assert step.result.text == "sum(diag(solve(A, dA)))"
    assert [(part.name, part.formula.text) for part in step.parts] == [("A", "A"), ("dA", "dA")]
    assert step.text.endswith("(d log|det(A)| = tr(A^-1 dA))")


# exp(1000) has no double.
FINITE = [c for c in GRADIENTS if c[0] != "log-sum-exp of large numbers"]


@pytest.mark.parametrize(("at", "build", "by"), [pytest.param(*c[1:4], id=c[0]) for c in FINITE])
def test_the_change_of_each_step_is_that_of_its_expression(at, build, by):
    m = Maker()
    f = build(m).node
    form = Arrays(m.graph)
    symbol = m.symbols[by]
    change = direction_of(form, symbol) if symbol.shape else form.one
    at = {name: np.asarray(v, float) for name, v in at.items()}
    towards = np.random.default_rng(3).normal(size=at[by].shape) if symbol.shape else np.array(1.0)
    if by in m.graph.symmetric:
        towards = towards + towards.T
    nodes = reachable([f])
    changes = changes_of(form, nodes, symbol, change)
    for node in nodes:
        up, down = (value(m.graph, node, at | {by: at[by] + h * towards}) for h in (1e-6, -1e-6))
        if node.index in changes:
            found = value(m.graph, changes[node.index], at | {f"d{by}": towards})
            np.testing.assert_allclose(np.broadcast_to(found, np.shape(up)), (up - down) / 2e-6, rtol=1e-5, atol=1e-5)
        else:
            np.testing.assert_array_equal(up, down)


def test_steps_are_printed_in_every_notation():
    explained = explain(read("sum((y - X %*% b)^2)"), ["b"], [Notation.LATEX])
    assert explained.steps[0].result.text == r"X \mathrm{db}"
    assert explained.derivative.text == r"-2 X^{\top} \left(y - X b\right)"


def test_names_of_changes_do_not_depend_on_what_was_asked_before():
    new, used = (read("sum(exp(X %*% b))", variables=["b"]) for _ in range(2))
    direction_of(Arrays(used.graph), used.graph.symbol("b"))
    assert [step.text for step in explain(used, ["b"]).steps] == [step.text for step in explain(new, ["b"]).steps]


def test_every_differential_has_a_rule_with_a_name():
    # Joined vectors and the operations that move entries are linear; loops over data are refused.
    assert set(DIFFERENTIALS) - {"concatenate", "bind_columns", "scan"} <= set(ARRAY_RULES)
    assert {"sum", "mean", "transpose", "trace", "row_sums", "column_sums"} <= LINEAR & set(ARRAY_RULES)


def test_the_limit_of_the_difference_quotient_is_not_taken_of_arrays():
    with pytest.raises(CalculusError) as caught:
        explain(read("sum(x^2)", variables=["x"]), ["x"], definition=True)
    assert caught.value.reason is Reason.INVALID_VALUE
    assert caught.value.field == "by_definition"
