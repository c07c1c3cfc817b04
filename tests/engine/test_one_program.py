"""Every call takes its numbers from one program, in which exponentials do not overflow."""

import math
from typing import Any

import numpy as np
import pytest
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian, jacobian, tangent
from secantd.descent import DescentRequest, FixedRate, StopReason, descend
from secantd.export import export
from secantd.language import Notation, read
from secantd.program.special.logistic import expit

COLUMNS = {"u": [1000.0, 900.0, -700.0], "y": [1.0, 0.0, 1.0]}
# Formulas and points, with the gradient from mpmath 1.3 at 500 digits.
ROWS = [
    ("log(1 + exp(x))/2", {"x": 710.0}, [0.5]),
    ("1/(1 + exp(-x))", {"x": -710.0}, [4.476286225675130e-309]),
    ("log(exp(a) + exp(b) + exp(c))", {"a": 1000.0, "b": 1001.0, "c": 999.0},
        [0.24472847105479764, 0.6652409557748219, 0.09003057317038046]),
    ("log(exp(a) + exp(b) + exp(c))", {"a": -1000.0, "b": -1001.0, "c": -999.0},
        [0.24472847105479764, 0.09003057317038046, 0.6652409557748219]),
    ("exp(a)/(exp(a) + exp(b) + 2)", {"a": 1000.0, "b": 1001.0}, [0.19661193324148185, -0.19661193324148185]),
    ("log(cosh(x))", {"x": -900.0}, [-1.0]),
    ("-(y*log(1/(1 + exp(-x))) + (1 - y)*log(1 - 1/(1 + exp(-x))))", {"x": 100.0, "y": 1.0}, [-3.720075976020836e-44, -100.0]),
    ("x^3/(exp(x) - 1)", {"x": 720.0}, [-7.553655571993323e-305]),
    ("tanh(x)", {"x": 20.0}, [1.6993417021166355e-17]),
    ("mean(log(1 + exp(w*u)) - y*w*u)", {"w": 1.0}, [1600.0 / 3.0]),
    ("log(sum(exp(w*u)))", {"w": 1.0}, [1000.0]),
]  # fmt: skip


def columns_of(text: str) -> dict[str, Any]:
    return {k: np.array(v) for k, v in COLUMNS.items()} if "u" in text.replace("sum", "") else {}


@pytest.mark.parametrize(("text", "at", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_all_calls_have_the_same_gradient(text: str, at: dict[str, float], expected: list[float]) -> None:
    f = read(text, data=columns_of(text))
    names = tuple(at)
    printed = gradient_answer(f, names, at)
    found = [p.value for p in printed.partials]
    assert found == pytest.approx(expected, rel=1e-11, abs=0.0)
    assert [p.value for p in gradient_answer(f, names, at, values_only=True).partials] == found
    assert [differentiate(f, [v], at).derivative.value for v in names] == found
    assert [entry.value for entry in jacobian(f, names, at).rows[0]] == found
    for count in (1, 5):
        many = evaluate(f, {n: np.full(count, v) for n, v in at.items()}, 1, names)
        assert [d[0] for _, d in many.derivatives] == pytest.approx(found, rel=1e-14)
    assert list(tangent(f, at).slopes) == pytest.approx(found, rel=1e-14)
    steps = next(
        descend(DescentRequest(f, tuple(at.items()), method=FixedRate(1e-9), max_steps=1, trace_every=1))
    ).steps
    assert steps[0].gradient_norm == pytest.approx(math.hypot(*found), rel=1e-14)


@pytest.mark.parametrize(("text", "at", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_all_calls_have_the_same_second_derivatives(text: str, at: dict[str, float], expected: list[float]) -> None:
    f = read(text, data=columns_of(text))
    names = tuple(at)
    found = [[entry.value for entry in row] for row in hessian(f, names, at).rows]
    assert np.isfinite(np.array(found, dtype=float)).all()
    assert [[entry.value for entry in row] for row in hessian(f, names, at, values_only=True).rows] == found
    many = evaluate(f, {n: np.array([v]) for n, v in at.items()}, 2, names)
    upper = [found[i][j] for i in range(len(names)) for j in range(i, len(names))]
    assert [d[0] for _, d in many.derivatives[len(names) :]] == upper
    for i, v in enumerate(names):
        assert differentiate(f, [v, v], at).derivative.value == pytest.approx(found[i][i], rel=1e-12, abs=1e-300)


# Regressions on features that nobody scaled, as in public reports.
FEATURES = {"x": np.array([812.0, 1015.0, 640.0, 1203.0, 930.0, 1110.0]), "y": np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])}


@pytest.mark.parametrize(
    "text",
    [
        "mean(log(1 + exp(w*x + b)) - y*(w*x + b))",
        "-mean(y*log(1/(1 + exp(-w*x - b))) + (1 - y)*log(1 - 1/(1 + exp(-w*x - b))))",
    ],
)
def test_a_logistic_regression_on_raw_features_descends(text: str) -> None:
    f = read(text, data=FEATURES)
    request = DescentRequest(f, (("w", 1.0), ("b", 0.0)), method=FixedRate(2e-6), max_steps=2000, trace_every=100)
    bunches = list(descend(request))
    steps = [step for bunch in bunches for step in bunch.steps]
    assert bunches[-1].outcome is not None
    assert bunches[-1].outcome.reason is StopReason.STEPS_SPENT
    # log(1 + exp(u)) - y u is u where y = 0 and u is large.
    assert steps[0].value == pytest.approx((812.0 + 640.0 + 1110.0) / 6, rel=1e-13)
    assert steps[-1].value < 0.05 * steps[0].value


# IEEE values at the edges are those of the text, or limits: the text of a share is Inf/Inf.
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 0.0])
@pytest.mark.parametrize(
    "text", ["log(exp(x) + exp(y) + 1)", "exp(x)/(exp(x) + exp(y))", "1/(1 + exp(-x))", "log(cosh(x))"]
)
def test_infinities_and_nan_have_the_values_of_the_text(text: str, bad: float) -> None:
    f = read(text)
    got = evaluate(f, {n: np.array([v]) for n, v in (("x", bad), ("y", 0.5)) if n in f.variables}).values[0]
    x, y = (np.array([bad], dtype=np.longdouble), np.array([0.5], dtype=np.longdouble))
    with np.errstate(all="ignore"):
        exact = {
            "log(exp(x) + exp(y) + 1)": float(np.logaddexp(np.logaddexp(x, y), 0.0)[0]),
            "exp(x)/(exp(x) + exp(y))": float(np.exp(-np.logaddexp(0.0, y - x))[0]),
            "1/(1 + exp(-x))": float((1.0 / (1.0 + np.exp(-x)))[0]),
            "log(cosh(x))": float((np.abs(x) + np.log1p(np.exp(-2 * np.abs(x))) - math.log(2.0))[0]),
        }[text]
    if text.startswith("exp") and bad == -math.inf:
        exact = 0.0
    assert got == pytest.approx(exact, rel=1e-12, abs=1e-16, nan_ok=True)


def test_the_printed_formulas_are_those_of_the_text() -> None:
    f = read("np.log(np.exp(a) + np.exp(b) + np.exp(c))", Notation.PYTHON)
    assert gradient_answer(f, ["a"]).partials[0].text == "exp(a)/(exp(a) + exp(b) + exp(c))"


V, X = np.array([1000.0, 1001.0, 999.0]), np.array([[1000.0, 1.0], [-900.0, 1.0]])
SHARES = [0.24472847105479764, 0.6652409557748219, 0.09003057317038046]


@pytest.mark.parametrize(
    ("text", "at", "value", "expected"),
    [
        ("log(sum(exp(v)))", {"v": V}, 1001.4076059644443, SHARES),
        ("log(1 + sum(exp(v)))", {"v": V}, 1001.4076059644443, SHARES),
        (
            "sum(exp(v)*v)/sum(exp(v))",
            {"v": V},
            1000.5752103826044,
            [0.10395811358516752, 0.94782840685426418, -0.051786520439431703],
        ),
        ("mean(log(1 + exp(X %*% w)) - y*(X %*% w))", {"w": np.array([1.0, 0.0])}, 0.0, [0.0, 0.0]),
        ("mean(log(1 + exp(X %*% w)) - y*(X %*% w))", {"w": np.array([-1.0, 0.0])}, 950.0, [-950.0, 0.0]),
        ("sum(log(cosh(v)))", {"v": -V}, 3000.0 - 3.0 * math.log(2.0), [-1.0, -1.0, -1.0]),
        ("mean((y - 1/(1 + exp(-(X %*% w))))^2)", {"w": np.array([1.0, 0.0])}, 0.0, [0.0, 0.0]),
    ],
)
def test_functions_of_vectors_do_not_overflow(
    text: str, at: dict[str, Any], value: float, expected: list[float]
) -> None:
    f = read(text, data={k: v for k, v in (("X", X), ("y", np.array([1.0, 0.0]))) if k in text})
    names = tuple(at)
    for values_only in (False, True):
        answer = gradient_answer(f, names, at, values_only=values_only)
        assert answer.value == pytest.approx(value, rel=1e-12)
        found = answer.partials[0].values
        assert found == pytest.approx(np.array(expected), rel=1e-11, abs=1e-300)
    many = evaluate(f, at, 1, names)
    assert many.values[0] == answer.value
    assert np.array_equal(many.derivatives[0][1], found)


def test_the_logistic_function_of_an_array_is_right_in_its_own_memory() -> None:
    u = np.array([-1000.0, -800.0, -740.0, -709.5, -1.0, 0.0, 800.0, math.nan])
    expected = expit(u.copy())
    assert expected[:4] == pytest.approx(np.exp(u[:4]))
    # It was 1 from -710 on: the argument was overwritten before it was read again.
    assert np.array_equal(expit(u, out=u), expected, equal_nan=True)


# Formulas and points, with f and its gradient by hand: all of them overflow or underflow in between.
WIDE = [
    ("x^2/(1 + x^2)", {"x": 1e200}, [1.0, 0.0]),
    ("x/(1 + x^2)", {"x": 1e200}, [1e-200, -0.0]),
    ("x^9/(1 + x^10)", {"x": -1e40}, [-1e-40, -1e-80]),
    ("x^2/x", {"x": 1e-200}, [1e-200, 1.0]),
    ("sqrt(x^2 + y^2)", {"x": 3e200, "y": 4e200}, [5e200, 0.6, 0.8]),
    ("sqrt(x^2 + y^2)", {"x": 3e-200, "y": 4e-200}, [5e-200, 0.6, 0.8]),
    ("exp(x)*exp(-y)", {"x": 1000.0, "y": 999.0}, [math.e, math.e, -math.e]),
    ("log(x*y*z)", {"x": 1e200, "y": 1e200, "z": 1e-300}, [100 * math.log(10.0), 1e-200, 1e-200, 1e300]),
    ("log(prod(dnorm(u, m)))", {"m": 0.0}, [-1150000.0 - 1.5 * math.log(2 * math.pi), 1200.0]),
    ("x^100/y^100", {"x": 2e10, "y": 1e10}, [2.0**100, 5e-9 * 2.0**100, -1e-8 * 2.0**100]),
    ("log(gamma(x)*gamma(x))", {"x": 200.0}, [2 * math.lgamma(200.0), 10.591630566439823]),
    ("x*exp(y)", {"x": 0.0, "y": 800.0}, [0.0, math.inf, 0.0]),
    ("exp(1e17 + x)*exp(-1e17)", {"x": 16.0}, [math.exp(16.0)] * 2),
    ("(exp(z/2) + cosh(z - x))*exp(-x)", {"z": -99.5, "x": 1e18}, [math.exp(99.5) / 2, -math.exp(99.5) / 2, 0.0]),
    ("sqrt(exp(x)*y + exp(-x))", {"x": -400.0, "y": -20.0}, [math.exp(200.0), -math.exp(200.0) / 2, math.exp(-600.0) / 2]),
    ("log(exp(x + y) + 2)*log(exp(-x^2))", {"x": 1e17, "y": 37.75}, [-1e51, -3e34, -1e34]),
    ("1/(1 + exp(z) + exp(x))^0.5 + log(x)", {"x": 0.0, "z": 0.0}, [-math.inf, math.inf, -(3**-1.5) / 2]),
    # What cancels in the text, but not in mathematics.
    ("log(-1 + exp(z - x) + exp(x - y))", {"z": -1000.0, "x": 7.0, "y": 7.0}, [-1007.0, 1.0, math.inf, -math.inf]),
    ("log(1 + expm1(-y))", {"y": 100.0}, [-100.0, -1.0]),
    ("log(1 - 1/(exp(x) + 1 + exp(y))^3)", {"x": -2000.0, "y": -3000.0}, [math.log(3.0) - 2000.0, 1.0, 0.0]),
    ("log(1 - (exp(w) + 1)/(1 + exp(w))^2)", {"w": -2500.0}, [-2500.0, 1.0]),
    ("log(1 - 1/(exp(x) + 1 + exp(y)))", {"x": -300.0, "y": -301.0},
        [math.log1p(math.exp(-1.0)) - 300.0, 1 / (1 + math.exp(-1.0)), 1 / (1 + math.e)]),
    ("log(exp(x)/(exp(x) + exp(y)))", {"x": 300.0, "y": -400.0}, [-math.exp(-700.0), math.exp(-700.0), -math.exp(-700.0)]),
    ("x^3 - x^3 + x", {"x": 1e200}, [1e200, 1.0]),
    ("exp(x) - exp(x)", {"x": 1000.0}, [0.0, 0.0]),
    ("log(exp(exp(x)) - exp(exp(x)) + 2)", {"x": 20.0}, [math.log(2.0), 0.0]),
    # Found by the fuzz, with values of mpmath 1.3 at 1500 digits: digits that were lost by rounding.
    ("y*log(exp(-z) + exp(z + y)) + log(exp(x + y)/(expm1(y) + 0.5 + exp(x + y)))", {"y": 1e-17, "z": 800.25, "x": 1e308},
        [8.0025e-15, 800.25, 1e-17, 0.0]),
    ("(log(cosh(y - z) + 1 + exp(z) + exp(-x)) + log(2^x/(0.5 + 2^x)))/2 + 2^-y/(exp(x) + 2^-y)",
        {"y": 0.25, "z": 1e308, "x": -20.0}, [5e307, -0.14013253437566708, 0.5, 0.3465729267934313]),
    ("log(2^z + -1 + exp(-y)) - y", {"z": 1e-17, "y": 100.0}, [math.log(math.log(2.0)) - 17 * math.log(10.0) - 100.0, 1e17, -1.0]),
    # What no precision decides: the smaller term has 4e12 digits less.
    ("log(1 + exp(-x)^2 - 1) + 0*y", {"x": 1e13, "y": 1.0}, [-2e13, -2.0, 0.0]),
    ("1/x", {"x": 0.0}, [math.inf, -math.inf]),
    ("log(x)", {"x": -1.0}, [math.nan, -1.0]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "expected"), WIDE, ids=[row[0] for row in WIDE])
def test_what_overflows_in_between_has_its_value(text: str, at: dict[str, float], expected: list[float]) -> None:
    f = read(text, data=columns_of(text))
    names = tuple(at)
    answer = gradient_answer(f, names, at, values_only=True)
    assert [answer.value, *[p.value for p in answer.partials]] == pytest.approx(expected, rel=1e-12, nan_ok=True)
    many = evaluate(f, {n: np.full(9, v) for n, v in at.items()}, 1, names)
    assert [many.values[3], *[d[3] for _, d in many.derivatives]] == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_a_value_beyond_all_doubles_has_a_notice_of_overflow() -> None:
    notice = "f or a derivative overflows at this point: it is larger than 1.8e308, the largest double"
    f, at = read("exp(x) + y"), {"x": 1000.0, "y": 1.0}
    assert notice in gradient_answer(f, at=at).notices
    assert notice in gradient_answer(f, at=at, values_only=True).notices
    assert notice in differentiate(f, ["x"], at).notices
    assert notice in jacobian(f, at=at).notices
    assert notice in hessian(f, at=at).notices
    assert notice not in gradient_answer(f, at={"x": 1.0, "y": 1.0}).notices
    # A pole and the end of a domain are none.
    assert notice not in gradient_answer(read("1/x"), at={"x": 0.0}).notices
    assert notice not in gradient_answer(read("log(x)"), at={"x": -1.0}).notices


def test_a_value_that_cancels_has_a_notice() -> None:
    notice = (
        "f or a derivative is not known at this point: it is smaller than the rounding errors of numbers that cancel"
    )
    # The sum is exp(-exp(z)), and cos(v)^2 + sin(v)^2 - 1 is 0: no number of digits shows that.
    f, at = read("log(cos(v)^2 + sin(v)^2 - 1 + 0*exp(-z))"), {"v": 1e200, "z": 2.0}
    for answer in (gradient_answer(f, at=at), gradient_answer(f, at=at, values_only=True), hessian(f, at=at)):
        assert math.isnan(answer.value)
        assert notice in answer.notices
    # A tie is none: exp(x) - exp(y) is 0.
    tie = gradient_answer(read("log(exp(x) - exp(y))"), at={"x": 1.0, "y": 1.0})
    assert tie.value == -math.inf
    assert notice not in tie.notices


@pytest.mark.parametrize("text", ["(exp(y/2) - 1)*exp(y)", "log(expm1(2*x)/expm1(2*x)^0.5)", "x^2/x", "x*sin(1/x)/x"])
@pytest.mark.parametrize("at", [0.0, -745.0, 1e300])
def test_a_printed_formula_adds_no_value(text: str, at: float) -> None:
    # Its light form may have a value where f has none: numbers come from one program in all calls.
    f = read(text)
    (name,) = f.variables
    for answer in (gradient_answer, hessian):
        printed, numbers = answer(f, (), {name: at}), answer(f, (), {name: at}, values_only=True)
        rows = [a.partials if answer is gradient_answer else a.rows[0] for a in (printed, numbers)]
        assert [p.value for p in rows[0]] == pytest.approx([p.value for p in rows[1]], rel=0.0, abs=0.0, nan_ok=True)


def test_the_first_step_of_a_descent_has_the_value_of_the_gradient() -> None:
    text = "x^3/exp(y/2)/2 + exp(y)/(0.5 + exp(y - x) + exp(y))^2"
    at = {"x": 1e154, "y": 1e154}
    f = read(text)
    expected = gradient_answer(f, at=at)
    # The second descent uses a compiled loop.
    for _ in range(40):
        request = DescentRequest(f, tuple(at.items()), method=FixedRate(1e-300), max_steps=3, trace_every=1)
        step = next(iter(descend(request))).steps[0]
        assert (step.value, step.gradient_norm) == (expected.value, 0.0)


def test_a_descent_from_where_f_overflows_says_so() -> None:
    request = DescentRequest(read("exp(x)"), (("x", 1000.0),), method=FixedRate(0.1))
    *_, last = descend(request)
    assert last.outcome is not None
    assert "larger than 1.8e308" in last.outcome.message
    assert "domain" not in last.outcome.message


@pytest.mark.parametrize(("text", "at", "expected"), ROWS[:-2], ids=[row[0] for row in ROWS[:-2]])
def test_exported_code_has_the_same_gradient(text: str, at: dict[str, float], expected: list[float]) -> None:
    names = tuple(at)
    (code,) = export(read(text), text, names, [Notation.PYTHON], 1).codes
    scope: dict[str, Any] = {}
    exec(code.text, scope)
    value, gradient = scope["f_gradient"](**at)
    # SciPy's expit is 0 where the value is denormal.
    assert gradient == pytest.approx(expected, rel=1e-11, abs=1e-307)
    assert value == pytest.approx(gradient_answer(read(text), names, at).value, rel=1e-14, abs=1e-307)


def test_exponents_beyond_all_doubles_are_infinite() -> None:
    # Found by the fuzz: an exponent that was no double raised an error.
    f = read("exp(x)*exp(x*y)*exp(z)*log(1 + cosh(x)*exp(x))")
    at = {"x": 1.7e308, "y": 1.0, "z": 1.7e308}
    assert gradient_answer(f, at=at).value == math.inf
    assert gradient_answer(f, at={"x": -1.7e308, "y": 1.0, "z": -1.7e308}).value == 0.0


def test_a_function_of_no_number_is_no_number() -> None:
    # Found by the fuzz of claims: tanh(NaN) was 1, and a sum with it a fault.
    for text, y in (("4 + tanh(log(y))", -1.0), ("tanh(log(y))*y", -1.0), ("1 + tanh(y - y)", math.inf)):
        assert math.isnan(evaluate(read(text), {"y": np.array([y])}).values[0])
    assert evaluate(read("4 + tanh(y/y)"), {"y": np.array([0.0])}).values[0] == pytest.approx(
        4 + math.tanh(1), rel=1e-15
    )
