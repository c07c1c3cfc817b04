"""Limits where a formula has no value: the same from every call, and marked.

Expected values: by hand from the power series of the functions, unless a comment names another source.
"""

import math
import sys
from dataclasses import replace

import numpy as np
import pytest
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian, jacobian, tangent, taylor
from secantd.descent import Bfgs, DescentRequest, StopReason, descend
from secantd.errors import CalculusError, Reason
from secantd.interrupt import TakesLongError, no_time
from secantd.language import Notation, read
from secantd.precise import Sides
from secantd.settings import DEFAULT_LIMITS

AMPLE_TIME = replace(DEFAULT_LIMITS, algebra_seconds=60.0)
INF, NAN = math.inf, math.nan
TURN = "v/w*(sin(psi + w*dt) - sin(psi))"
AT_TURN = {"w": 0.0, "dt": 0.1, "v": 2.0, "psi": 0.7}

# The text, the point, f, and its partials in the order of the point.
CASES = {
    "sinc": ("sin(x)/x", {"x": 0.0}, 1, [0]),
    "1 - cos": ("(1 - cos(x))/x^2", {"x": 0.0}, 0.5, [0]),
    "Bernoulli": ("x/(exp(x) - 1)", {"x": 0.0}, 1, [-0.5]),
    "cancelled": ("(x^2 - 1)/(x - 1)", {"x": 1.0}, 2, [1]),
    "decimals": ("(x^2 - 0.09)/(x - 0.3)", {"x": 0.3}, 0.6, [1]),
    "reciprocal": ("1/(1/x)", {"x": 0.0}, 0, [1]),
    "end of a domain": ("x*x^0.5", {"x": 0.0}, 0, [0]),
    "cos of a root": ("cos(sqrt(x))", {"x": 0.0}, 1, [-0.5]),
    "root in max": ("max(sqrt(x^2 + y^2), 1e-10)", {"x": 0.0, "y": 0.0}, 1e-10, [0, 0]),
    # -v dt² sin(ψ)/2, dt v sin'(ψ)... by the series of sin(ψ + w dt) in w.
    "turn": (
        TURN,
        AT_TURN,
        0.2 * math.cos(0.7),
        [-0.01 * math.sin(0.7), 2 * math.cos(0.7), 0.1 * math.cos(0.7), -0.2 * math.sin(0.7)],
    ),
    "two variables": ("y*sin(x)/x", {"x": 0.0, "y": 3.0}, 3, [0, 1]),
    "dose 0": ("a*d^b", {"a": 3.0, "d": 0.0, "b": 1.5}, 0, [0, 0, 0]),
    "Hill": ("a*d^h/(k^h + d^h)", {"a": 3.0, "d": 0.0, "h": 2.0, "k": 1.5}, 0, [0, 0, 0, 0]),
    "log-logistic": (
        "c + (d - c)/(1 + exp(b*(log(dose) - log(e))))",
        {"c": 1.0, "d": 3.0, "b": 2.0, "dose": 0.0, "e": 1.5},
        3,
        [0, 1, 0, 0, 0],
    ),
    "infinite argument": ("pnorm(Inf, m, s)", {"m": 0.0, "s": 1.0}, 1, [0, 0]),
    "power series": ("log(1 + x)/x", {"x": 0.0}, 1, [-0.5]),
    "not at 0": ("log(x)/(x - 1)", {"x": 1.0}, 1, [-0.5]),
    "huge": ("1e200*sin(x)/x", {"x": 0.0}, 1e200, [0]),
    "tiny": ("1e-200*(1 - cos(x))/x", {"x": 0.0}, 0, [5e-201]),
}


@pytest.mark.parametrize("name", CASES)
def test_every_call_has_the_limit(name):
    text, at, value, slopes = CASES[name]
    f, names = read(text), list(at)
    expected = pytest.approx([value, *slopes], rel=1e-14, abs=1e-300)
    for values_only in (False, True):
        g = gradient_answer(f, names, at, values_only=values_only, limits=AMPLE_TIME)
        assert [g.value, *[p.value for p in g.partials]] == expected
    j = jacobian(f, names, at, limits=AMPLE_TIME)
    assert [*j.values, *[p.value for p in j.rows[0]]] == expected
    e = evaluate(f, {n: np.array([x, x]) for n, x in at.items()}, 1, names, limits=AMPLE_TIME)
    assert [column[1] for column in (e.values, *[c for _, c in e.derivatives])] == expected
    for v, slope in zip(names, slopes, strict=True):
        d = differentiate(f, [v], at, limits=AMPLE_TIME)
        assert [d.value, d.derivative.value] == pytest.approx([value, slope], rel=1e-14, abs=1e-300)


@pytest.mark.parametrize(
    "name", ["sinc", "1 - cos", "cancelled", "reciprocal", "turn", "cos of a root", "two variables"]
)
def test_the_tangent_has_the_limits_as_value_and_slopes(name):
    text, at, value, slopes = CASES[name]
    t = tangent(read(text), at, limits=AMPLE_TIME)
    assert [t.value, *t.slopes] == pytest.approx([value, *[slopes[list(at).index(v)] for v in t.variables]], rel=1e-14)
    assert t.equation is not None


def test_limits_are_marked_and_other_values_are_not():
    f = read("sin(x)/x + y^2")
    at = {"x": 0.0, "y": 3.0}
    g = gradient_answer(f, at=at)
    assert (g.value_is_limit, [p.value_is_limit for p in g.partials]) == (True, [True, False])
    assert "limit" in g.notices[0]
    h = hessian(f, at=at)
    assert [[p.value_is_limit for p in row] for row in h.rows] == [[True, False], [False, False]]
    assert h.rows[0][0].value == pytest.approx(-1 / 3, rel=1e-15)
    assert jacobian(read("c(sin(x)/x, x)"), at={"x": 0.0}).values_are_limits == (True, False)
    t = tangent(f, at)
    assert (t.value_is_limit, t.slopes_are_limits) == (True, (True, False))
    d = differentiate(f, ["y"], at)
    assert (d.value_is_limit, d.derivative.value_is_limit) == (True, False)
    e = evaluate(f, {"x": np.array([1.0, 0.0, 2.0, 0.0]), "y": np.array([3.0])}, 1)
    assert (e.limits, e.notices) == ((1, 3), ())
    assert not gradient_answer(read("x^2"), at={"x": 0.0}).value_is_limit


def test_a_directional_derivative_is_made_of_limits():
    g = gradient_answer(read("exp(y)*sin(x)/x"), at={"x": 0.0, "y": 0.0}, direction={"x": 3.0, "y": 4.0})
    assert (g.directional.value, g.directional.value_is_limit, g.norm) == (0.8, True, 1.0)


def test_a_determinant_is_made_of_limits():
    j = jacobian(read("c(x/(exp(x) - 1), y)"), ["x", "y"], {"x": 0.0, "y": 1.0})
    assert (j.determinant.value, j.determinant.value_is_limit, j.sign, j.area_factor) == (-0.5, True, -1, 0.5)


@pytest.mark.parametrize(
    ("text", "order", "coefficients"),
    [
        ("sin(x)/x", 6, [1, 0, -1 / 6, 0, 1 / 120, 0, -1 / 5040]),
        # Bernoulli numbers, DLMF 24.2.1
        ("x/(exp(x) - 1)", 8, [1, -1 / 2, 1 / 12, 0, -1 / 720, 0, 1 / 30240, 0, -1 / 1209600]),
        ("max(x, 0)^2 + min(x, 0)^2", 3, [0, 0, 1, 0]),
        ("max(x, 0) + min(x, 0)", 2, [0, 1, 0]),
    ],
)
def test_a_taylor_polynomial_has_limits_as_coefficients(text, order, coefficients):
    answer = taylor(read(text), {"x": 0.0}, order, limits=AMPLE_TIME)
    assert [t.coefficient for t in answer.terms] == pytest.approx(coefficients, rel=1e-14, abs=0)
    assert all(t.value_is_limit for t in answer.terms)
    assert not any(t.value_is_limit for t in taylor(read("exp(x)"), {"x": 0.0}, order).terms)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("abs(x)*x", {"x": 0.0}),
        ("abs(x)/x", {"x": 0.0}),
        ("1/x", {"x": 0.0}),
        ("x*y/(x^2 + y^2)", {"x": 0.0, "y": 0.0}),
    ],
)
def test_without_limits_there_is_no_taylor_polynomial(text, at):
    with pytest.raises(CalculusError) as error:
        taylor(read(text), at, 2)
    assert error.value.reason is Reason.UNDEFINED_AT_POINT


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("abs(x)/x", {"x": 0.0}),
        ("sin(1/x)", {"x": 0.0}),
        ("x*y/(x^2 + y^2)", {"x": 0.0, "y": 0.0}),
        ("log(x)/log(x)*sqrt(-x)*sqrt(x)", {"x": -1.0}),
        ("beta(x, -1)", {"x": 1.5}),
        ("0/0*x", {"x": 1.0}),
    ],
)
def test_what_has_no_limit_stays_without_a_value(text, at):
    g = gradient_answer(read(text), at=at)
    assert math.isnan(g.value)
    assert not g.value_is_limit


@pytest.mark.parametrize("x", [NAN, INF, -INF])
@pytest.mark.parametrize("text", ["sin(x)/x", "abs(x)", "max(x, 0)", "floor(x)", "x - x"])
def test_points_that_are_not_finite_have_ieee_values(text, x):
    g = gradient_answer(read(text), at={"x": x})
    e = evaluate(read(text), {"x": np.array([x])}, 1)
    assert np.array_equal([g.value, g.partials[0].value], [e.values[0], e.derivatives[0][1][0]], equal_nan=True)
    assert not g.value_is_limit


@pytest.mark.parametrize("x", [5e-324, -5e-324, 1e308, -1e308])
def test_far_from_gaps_and_kinks_nothing_is_a_limit(x):
    for text in ("sin(x)/x", "abs(x)", "max(x, 0)"):
        g = gradient_answer(read(text), at={"x": x})
        assert not g.value_is_limit
        # The derivative of sin(x)/x is a difference of numbers beyond all doubles at 5e-324.
        assert not g.partials[0].value_is_limit or (text == "sin(x)/x" and g.partials[0].value == 0.0)
        assert g.notices == ()


@pytest.mark.parametrize(
    ("text", "at", "notice"),
    [
        ("abs(x)", {"x": 0.0}, "f has a kink along x at x = 0: the slope is -1 from the left and 1 from the right"),
        ("pmax(x, 0)", {"x": 0.0}, "f has a kink along x at x = 0: the slope is 0 from the left and 1 from the right"),
        ("sqrt(x^2)", {"x": 0.0}, "the slope is -1 from the left and 1 from the right"),
        ("max(a, b, c)", {"a": 1.0, "b": 1.0, "c": 1.0}, "f has a kink along b at b = 1: the slope is 0 from the left"),
        ("abs(x - 1e308)", {"x": 1e308}, "the slope is -1 from the left and 1 from the right"),
        ("1e-200*abs(x)", {"x": 0.0}, "the slope is -1e-200 from the left and 1e-200 from the right"),
        ("(x^2)^(1/3)", {"x": 0.0}, "f has a cusp along x at x = 0"),
        ("floor(x)", {"x": 2.0}, "f jumps along x at x = 2"),
        ("ifelse(x > 1, x, x^2 + 1)", {"x": 1.0}, "f jumps along x at x = 1"),
        ("x*x^0.5", {"x": 0.0}, "f has values on one side of x = 0 only"),
        ("x*ifelse(y > 0, y, 2*y)", {"x": 1.0, "y": 0.0}, "f has a kink along y at y = 0"),
    ],
)
def test_sides_that_differ_have_a_notice_in_every_call(text, at, notice):
    f = read(text)
    columns = {n: np.array([x]) for n, x in at.items()}
    for notices in (
        gradient_answer(f, at=at).notices,
        gradient_answer(f, at=at, values_only=True).notices,
        jacobian(f, at=at).notices,
        [n for v in at for n in differentiate(f, [v], at).notices],
        evaluate(f, columns, 1).notices,
    ):
        assert [n for n in notices if notice in n], notices
    assert not [n for n in evaluate(f, columns, 0).notices if "kink" in n or "jumps" in n]


@pytest.mark.parametrize(
    "text", ["max(x, 0) + min(x, 0)", "abs(x)*x", "ifelse(x > 0, x^2, x^3)", "max(x, 0)^2", "abs(x)^1.1"]
)
def test_a_function_that_is_smooth_at_a_tie_has_no_notice(text):
    assert gradient_answer(read(text), at={"x": 0.0}).notices == ()


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("max(x, 0)^2 + min(x, 0)^2", {"x": 0.0}, [[2]]),
        ("max(z, 0) - z*y + log(1 + exp(-abs(z)))", {"z": 0.0, "y": 1.0}, [[0.25, -1], [-1, 0]]),
        ("max(a, b) + log1p(exp(-abs(a - b)))", {"a": 7.0, "b": 7.0}, [[0.25, -0.25], [-0.25, 0.25]]),
        ("abs(x)*abs(x)", {"x": 0.0}, [[2]]),
        ("max(x, y)^2 + min(x, y)^2", {"x": 1.0, "y": 1.0}, [[2, 0], [0, 2]]),
    ],
)
def test_second_derivatives_of_smooth_functions_are_right_at_ties(text, at, expected):
    h = hessian(read(text), at=at, limits=AMPLE_TIME)
    assert np.array([[p.value for p in row] for row in h.rows]) == pytest.approx(np.array(expected), rel=1e-14)
    assert h.notices == ()
    f = read(text)
    e = evaluate(f, {n: np.array([x]) for n, x in at.items()}, 2, limits=AMPLE_TIME)
    upper = [expected[i][j] for i in range(len(at)) for j in range(i, len(at))]
    assert [c[0] for _, c in e.derivatives][len(at) :] == pytest.approx(upper, rel=1e-14)


def test_no_limit_is_looked_for_where_the_function_has_no_values_around_the_point(monkeypatch):
    def sought(*_: object) -> None:
        raise AssertionError("mpmath was asked")

    monkeypatch.setattr(sys.modules["secantd.calculus.beside"], "Sides", sought)
    for text, x in (("beta(x, -1)", 1.5), ("log(x)", -1.0)):
        assert math.isnan(differentiate(read(text), ["x"], {"x": x}).value)


def test_on_the_event_loop_no_limit_is_begun():
    with no_time(), pytest.raises(TakesLongError):
        gradient_answer(read("sin(x)/x"), at={"x": 0.0})


def test_too_little_time_is_no_error():
    limits = replace(DEFAULT_LIMITS, algebra_seconds=1e-6)
    g = gradient_answer(read("sin(x)/x"), at={"x": 0.0}, limits=limits)
    assert math.isnan(g.value)
    assert "time" in g.notices[0]
    assert gradient_answer(read("sin(x)/x"), at={"x": 0.0}, limits=AMPLE_TIME).value == 1.0


def test_many_points_at_a_tie_are_looked_at_up_to_a_number_that_is_stated():
    f = read("abs(x)")
    answer = evaluate(f, {"x": np.zeros(300)}, 1, limits=AMPLE_TIME)
    assert any("first 200 of 300" in n for n in answer.notices)
    assert not answer.derivatives[0][1].any()


def test_names_of_components_are_in_the_notices_of_a_jacobian():
    j = jacobian(read("c(x, abs(x))"), at={"x": 0.0})
    assert [n for n in j.notices if n.startswith("f[2] has a kink along x at x = 0")]


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("abs(x) + x", ["x"], [0.0, 2.0]),
        ("sqrt(x)", ["x"], [None, INF]),
        ("x*log(x)", ["x"], [None, -INF]),
        ("x^2*sin(1/x)", ["x"], [None, None]),
        ("max(x, 0)^2", ["x", "x"], [0.0, 2.0]),
    ],
)
def test_the_sides_of_a_point_are_known_apart(text, variables, expected):
    sides = Sides(read(text, Notation.R).outputs[0], {}, {"x": 0.0}).of(variables)
    assert [s.value for s in sides] == expected


DOSE = {"dose": [0.0, 0.1, 0.5, 1.0, 3.0, 10.0, 30.0], "resp": [0.03, 0.08, 0.31, 0.48, 0.79, 0.93, 0.98]}
# The gradients without the row of dose 0, whose terms are constant, plus its share of the other variables, by numDeriv.
CURVES = {
    "Hill": (
        "sum((resp - Em*dose^h/(E50^h + dose^h))^2)",
        {"Em": 0.9, "h": 0.7, "E50": 2.0},
        [-1.171983695, -0.2310356288, 0.1130814284],
    ),
    "Weibull": (
        "sum((resp - (1 - exp(-(dose/lam)^kk)))^2)",
        {"lam": 1.4, "kk": 0.8},
        [-0.0606760538, -0.0263188462],
    ),
    "power": ("sum((resp - a*dose^b)^2)", {"a": 0.4, "b": 0.35}, [1.390706724, 2.514401788]),
    "log-logistic": (
        "sum((resp - (cc + (dd - cc)/(1 + exp(bb*(log(dose) - log(ee))))))^2)",
        {"bb": -1.1, "cc": 0.02, "dd": 1.01, "ee": 0.9},
        [0.006413441996, 0.1520781386, 0.1702602798, -0.07715750229],
    ),
}


@pytest.mark.parametrize("times", [1, 1000])
@pytest.mark.parametrize("name", CURVES)
def test_a_dose_or_time_of_0_in_the_data_leaves_a_gradient(name, times):
    text, at, expected = CURVES[name]
    f = read(text, Notation.R, {k: np.tile(v, times) for k, v in DOSE.items()})
    e = evaluate(f, {n: np.array([x]) for n, x in at.items()}, 1, list(at))
    for found in (
        [p.value for p in gradient_answer(f, list(at), at).partials],
        [p.value for p in gradient_answer(f, list(at), at, values_only=True).partials],
        [c[0] for _, c in e.derivatives],
    ):
        assert np.array(found) / times == pytest.approx(np.array(expected), rel=1e-8)
    h = hessian(f, list(at), at, values_only=True)
    assert np.isfinite([[p.value for p in row] for row in h.rows]).all()


@pytest.mark.parametrize("name", CURVES)
def test_a_descent_goes_through_data_with_a_dose_of_0(name):
    text, at, _ = CURVES[name]
    f = read(text, Notation.R, {k: np.array(v) for k, v in DOSE.items()})
    *_, last = descend(DescentRequest(f, tuple(at.items()), method=Bfgs(), max_steps=500))
    assert last.outcome.reason is StopReason.CONVERGED


def test_a_function_that_is_not_differentiable_has_no_gradient_although_all_partials_exist():
    g = gradient_answer(read("sqrt(x*y)"), at={"x": 0.0, "y": 0.0})
    assert all(math.isnan(p.value) for p in g.partials)
    assert any("not differentiable" in n for n in g.notices)


@pytest.mark.parametrize("text", ["dexp(1, x)", "pexp(1, x)", "1 %% x", "log(x - 1)", "asin(2 + x)", "gamma(x - 1)"])
def test_a_function_without_a_value_for_its_arguments_has_no_limit(text):
    assert math.isnan(gradient_answer(read(text), at={"x": 0.0}).value)
    assert math.isnan(evaluate(read(text), {"x": np.array([0.0])}).values[0])


def test_a_limit_from_one_side_has_a_notice():
    g = gradient_answer(read("x*log(x)"), at={"x": 0.0})
    assert (g.value, g.value_is_limit) == (0.0, True)
    assert any("one side" in n for n in g.notices)


def test_the_side_of_a_choice_that_is_not_taken_hides_no_limit():
    assert gradient_answer(read("ifelse(x > -1, sin(x)/x, log(x))"), at={"x": 0.0}).value == 1.0


@pytest.mark.parametrize(
    ("text", "at"),
    [
        # a/2 along d = k, and a where k is 0: there are values for d and k above 0 only.
        ("a*d^h/(k^h + d^h)", {"a": 1.7, "d": 0.0, "h": 2.0, "k": 0.0}),
        ("sqrt(x)*sqrt(y)/(x + y)", {"x": 0.0, "y": 0.0}),
        ("x*z/(x^2 + z^2) + y", {"x": 0.0, "y": 0.0, "z": 0.0}),
    ],
)
def test_what_differs_between_directions_is_no_limit(text, at):
    found = gradient_answer(read(text), tuple(at), at)
    assert math.isnan(found.value)
    assert not found.value_is_limit
