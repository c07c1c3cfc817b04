"""Roots of squares, powers of abs, and sums of max: the same values, and derivatives that are right at kinks and ties."""

import math
from random import Random

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest
from secantd.calculus import evaluate, gradient_answer, hessian
from secantd.descent import Bfgs, DescentRequest, StopReason, descend
from secantd.language import Notation, read
from secantd.program import stable_outputs

TEXTS = [
    ("sqrt(x^2)", "abs(x)"),
    ("(x^2)^(1/2)", "abs(x)"),
    ("(x*x)^0.5", "abs(x)"),
    ("abs(x)^4", "x^4"),
    ("y*abs(x)*abs(x)", "y*x*x"),
    ("abs(x)*abs(y)*abs(x)*abs(y)", "x*y*x*y"),
    ("max(x, y) + log1p(exp(-abs(x - y)))", "logaddexp(x, y)"),
    ("pmax(x, 1) + y + log(1 + exp(-abs(1 - x)))", "logaddexp(x, 1) + y"),
    ("max(x, 0) + log1p(exp(-abs(x)))", "softplus(x)"),
    ("min(x, y) - log1p(exp(-abs(y - x)))", "-logaddexp(-x, -y)"),
    ("log1p(exp(-abs(x - y))) + max(x, y)", "logaddexp(x, y)"),
    ("y + min(x, 2) - log1p(exp(-abs(x - 2)))", "y - logaddexp(-x, -2)"),
    ("x*y - max(x, 0) - log1p(exp(-abs(x)))", "x*y - softplus(x)"),
    ("y - min(x, y) + log1p(exp(-abs(x - y)))", "y + logaddexp(-x, -y)"),
]
POINTS = [
    (0.0, 0.0),
    (1.0, 1.0),
    (-2.5, -2.5),
    (0.3, -1.7),
    (-40.0, 3.0),
    (1e-160, 2.0),
    (-1e160, -1e160),
    (800.0, -800.0),
]


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(("text", "plain"), TEXTS)
def test_a_formula_has_the_numbers_of_the_plain_one_without_looking_for_limits(text, plain, order):
    columns = dict(zip("xy", np.array(POINTS).T, strict=True))
    one, two = [
        evaluate(read(t, Notation.R), {n: columns[n] for n in read(t, Notation.R).variables}, order, beside=False)
        for t in (text, plain)
    ]
    assert one.values == pytest.approx(two.values, rel=1e-15, nan_ok=True)
    for (name, a), (_, b) in zip(one.derivatives, two.derivatives, strict=True):
        assert a == pytest.approx(b, rel=1e-13, abs=1e-300, nan_ok=True), name


def test_values_are_those_of_the_text_to_the_last_digit():
    chance = Random(1)
    x = np.array([chance.choice((-1, 1)) * 10 ** chance.uniform(-150, 150) for _ in range(2000)])
    assert np.array_equal(evaluate(read("sqrt(x^2)"), {"x": x}).values, np.sqrt(x**2))
    y = np.array([chance.uniform(-30, 30) for _ in range(2000)])
    z = np.array([chance.uniform(-30, 30) for _ in range(2000)])
    found = evaluate(read("max(y, z) + log1p(exp(-abs(y - z)))"), {"y": y, "z": z}).values
    assert found == pytest.approx(np.maximum(y, z) + np.log1p(np.exp(-np.abs(y - z))), rel=4e-16)


@pytest.mark.parametrize("count", [1, 9])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max(x, 0) - x*y + log1p(exp(-abs(x)))", lambda x: mpmath.log1p(mpmath.exp(-x))),
        ("x*y - max(0, x) - log1p(exp(-abs(x)))", lambda x: -mpmath.log1p(mpmath.exp(-x))),
        ("min(x, -x) + x - log1p(exp(-abs(2*x)))", lambda x: -mpmath.log1p(mpmath.exp(-2 * x))),
    ],
)
def test_a_sum_whose_larger_terms_cancel_keeps_the_smaller_one(text, expected, count):
    at = {n: np.full(count, v) for n, v in {"x": 40.0, "y": 1.0}.items() if n in read(text).variables}
    found = evaluate(read(text), at, 1).values
    assert found == pytest.approx(np.full(count, float(expected(40))), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("text", ["max(x, 0) - x*y + log1p(exp(-abs(x)))", "log1p(exp(-abs(x))) - x*y + max(0, x)"])
def test_the_logistic_loss_has_its_hessian_at_a_tie_in_every_order_of_its_terms(text):
    e = evaluate(read(text), {"x": np.array([0.0]), "y": np.array([0.25])}, 2, beside=False)
    assert {name: float(c[0]) for name, c in e.derivatives} == {
        "x": 0.25, "y": 0.0, "x x": 0.25, "x y": -1.0, "y y": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["sqrt(x^2 + 1)", "sqrt(x^3)", "(x^2)^(1/3)", "(x^2)^y", "abs(x)^3", "max(x, y) + log1p(exp(-abs(x - 2*y)))",
     "max(x, y) - log1p(exp(-abs(x - y)))", "max(x, y, 1) + log1p(exp(-abs(x - y)))", "abs(x)*abs(y)"],
)  # fmt: skip
def test_other_formulas_keep_their_kinks(text):
    f = read(text, Notation.R)
    ops = {n.op for n in walk(stable_outputs(f)[0])}
    assert not ops & {"logaddexp"}
    assert ops & {"sqrt", "pow", "pmax", "abs"}


def walk(node):
    return [node, *[n for a in node.args for n in walk(a)]]


@pytest.mark.parametrize("text", ["sqrt(x^2)", "(x^2)^(1/2)", "sqrt(x*x)"])
def test_the_kink_of_a_root_of_a_square_has_the_notice_of_abs(text):
    for t in (text, "abs(x)"):
        g = gradient_answer(read(t), at={"x": 0.0})
        assert [p.value for p in g.partials] == [0.0]
        assert any("the slope is -1 from the left and 1 from the right" in n for n in g.notices)
    assert gradient_answer(read(text), at={"x": -1e200}).partials[0].value == -1.0
    assert hessian(read(text), at={"x": 1e200}).rows[0][0].value == 0.0


LIMITS = {"a": np.array([-math.inf, 0.0, 1.0, 2.0]), "b": np.array([0.0, 1.0, 2.0, math.inf])}


def test_a_likelihood_of_intervals_has_a_gradient_where_limits_are_infinite():
    f = read("-sum(log(pnorm(b, m, s) - pnorm(a, m, s)))", Notation.R, LIMITS)
    # By hand: the terms are dnorm((x - m)/s) over the probability of the interval, m = 0.5, s = 1.
    d = {x: math.exp(-((x - 0.5) ** 2) / 2) / math.sqrt(2 * math.pi) for x in (0.0, 1.0, 2.0)}
    p = {x: 0.5 * math.erfc(-(x - 0.5) / math.sqrt(2)) for x in (0.0, 1.0, 2.0)}
    expected = d[0] / p[0] + (d[1] - d[0]) / (p[1] - p[0]) + (d[2] - d[1]) / (p[2] - p[1]) - d[2] / (1 - p[2])
    g = gradient_answer(f, ["m", "s"], {"m": 0.5, "s": 1.0})
    assert g.partials[0].value == pytest.approx(expected, rel=1e-13)
    *_, last = descend(DescentRequest(f, (("m", 0.5), ("s", 1.0)), method=Bfgs()))
    assert last.outcome is not None
    assert last.outcome.reason is StopReason.CONVERGED
    # The intervals are symmetric about 1.
    assert last.outcome.point[0] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    ["pnorm(Inf, m, s)", "pnorm(-Inf, m, s)", "dnorm(-Inf, m, s)", "pnorm(Inf, m, s, lower.tail = FALSE)", "pgamma(Inf, m, s)",
     "pweibull(Inf, m, s)", "dgamma(Inf, m, s)", "dnorm(Inf, m, s, log = TRUE)"],
)  # fmt: skip
def test_a_distribution_is_constant_in_its_parameters_at_infinity(text):
    e = evaluate(read(text, Notation.R), {"m": np.array([0.7]), "s": np.array([1.5])}, 2, ["m", "s"], beside=False)
    assert [float(c[0]) for _, c in e.derivatives] == [0.0] * 5


def test_parameters_without_a_distribution_have_no_derivative_at_infinity():
    e = evaluate(read("pnorm(Inf, m, s)", Notation.R), {"m": np.array([0.7]), "s": np.array([-1.0])}, 1, ["m", "s"])
    assert np.isnan([e.values[0], *[c[0] for _, c in e.derivatives]]).all()
