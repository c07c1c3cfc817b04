"""All calls have the same values at points where a formula is hard to compute: edges of doubles, infinities, ties, gaps."""

import math
from typing import Any

import numpy as np
import pytest
import sympy  # type: ignore[import-untyped]
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian, jacobian, settle
from secantd.calculus.numbers import Numbers
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.language import Function, read
from secantd.program import compile as compile_program

HARD = (math.nan, math.inf, -math.inf, 0.0, 5e-324, -1e-310, 1e308, -1e308, 800.0, 1.0)
TEXTS = (
    "log(1 + exp(x)) - y", "exp(x)/(exp(x) + exp(y) + 1)", "x^2/(x^2 + y^2)", "sqrt(x^2 + y^2)", "max(x, y, 1)",
    "ifelse(x > 0, sin(x)/x, y/x)", "abs(x - y) + tanh(x*y)", "x*log(x/y)", "(x^3 - y^3)/(x - y)",
)  # fmt: skip


def near(a: float | None, b: float | None) -> bool:
    assert a is not None
    assert b is not None
    return a == b or (a != a and b != b) or math.isclose(a, b, rel_tol=1e-12)


def evaluated(f: Function, names: tuple[str, ...], at: dict[str, float], count: int) -> list[float]:
    """Return f and its gradient from a batch of equal points."""
    e = evaluate(f, {n: np.full(count, v) for n, v in at.items()}, 1, names)
    return [float(e.values[-1]), *[float(d[-1]) for _, d in e.derivatives]]


def gradients(f: Function, names: tuple[str, ...], at: dict[str, float]) -> dict[str, list[float]]:
    """Return f and its gradient from each call."""
    answers = {
        "gradient": gradient_answer(f, names, at),
        "values only": gradient_answer(f, names, at, values_only=True),
    }
    found: dict[str, Any] = {name: [a.value, *[p.value for p in a.partials]] for name, a in answers.items()}
    rows = jacobian(f, names, at)
    found["jacobian"] = [rows.values[0], *[p.value for p in rows.rows[0]]]
    found["evaluate 1"], found["evaluate 7"] = (evaluated(f, names, at, n) for n in (1, 7))
    single = differentiate(f, names[:1], at)
    found["differentiate"] = [single.value, single.derivative.value]
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", TEXTS)
def test_all_calls_agree_at_hard_places(text: str) -> None:
    f = read(text)
    names = tuple(f.variables)
    different = []
    # Each value meets 0, and itself.
    for x, y in [(v, w if w == w and abs(w) < math.inf else 1e308) for v in HARD for w in (0.0, v)]:
        at = {"x": x, "y": y}
        first, *others = gradients(f, names, at).items()
        different += [(at, first, o) for o in others if not all(map(near, first[1], o[1]))]
        seconds = [[p.value for row in hessian(f, names, at, values_only=v).rows for p in row] for v in (False, True)]
        e = evaluate(f, {n: np.array([v]) for n, v in at.items()}, 2, names)
        seconds.append([float(e.derivatives[k][1][0]) for k in (2, 3, 3, 4)])
        different += [(at, seconds[0], s) for s in seconds[1:] if not all(map(near, seconds[0], s))]
        if all(map(math.isfinite, first[1])) and x in (0.0, 800.0):
            request = DescentRequest(f, tuple(at.items()), method=FixedRate(1e-300), max_steps=1, trace_every=1)
            step = next(b.steps[0] for b in descend(request) if len(b.steps))
            # A descent does not look for limits, nor for the slopes at a kink.
            if not math.isnan(step.value + step.gradient_norm):
                found = [step.value, step.gradient_norm]
                wanted = [first[1][0], math.hypot(*first[1][1:])]
                different += [] if all(map(near, found, wanted)) else [(at, found, wanted)]
    assert not different


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("max(x, y, z)", {"x": 2.0, "y": 2.0, "z": 2.0}, [2.0, 1 / 3, 1 / 3, 1 / 3]),
        ("min(x, y, z)", {"x": 5e-324, "y": 5e-324, "z": 5e-324}, [5e-324, 1 / 3, 1 / 3, 1 / 3]),
        ("log(exp(x) + exp(y) + exp(z))", {"x": 1e308, "y": 1e308, "z": 1e308}, [1e308, 1 / 3, 1 / 3, 1 / 3]),
        # 0/0 in the branch that is not taken, and in the one that is.
        ("ifelse(x > 0, 1/x, x^2)", {"x": 0.0}, [0.0, 0.0]),
        ("ifelse(x < 1, sin(x)/x, 0)", {"x": 0.0}, [1.0, 0.0]),
        ("sqrt(x^2)", {"x": 0.0}, [0.0, 0.0]),
        ("sqrt(x^2 + y^2)", {"x": 0.0, "y": 0.0}, [0.0, 0.0, 0.0]),
        ("exp(log(x^2)/2) + 3*x", {"x": 0.0}, [0.0, 3.0]),
        # 1300 digits decide no more of it than 200; 2200 do.
        ("log(1 - expm1(x/2)/(1 + expm1(x/2)))", {"x": 3000.0}, [-1500.0, -0.5]),
    ],
)
def test_ties_and_gaps_have_their_values_in_all_calls(text: str, at: dict[str, float], expected: list[float]) -> None:
    f = read(text)
    for name, found in gradients(f, tuple(at), at).items():
        assert found == pytest.approx(expected[: len(found)], rel=1e-12, abs=0.0), name


def test_a_text_without_a_value_has_a_notice() -> None:
    # x^n * log(x) is 0 * -Inf at 0, in R as well.
    notice = "a formula has no value at this point as it is written, for example 0 * Inf: the number beside it is computed from f"
    f, at = read("a*x^n/(k^n + x^n)"), {"a": 1.0, "x": 0.0, "n": 2.0, "k": 3.0}
    single = differentiate(f, ["n"], at)
    assert single.derivative.value == 0.0
    for answer in (single, gradient_answer(f, at=at), jacobian(f, at=at), hessian(f, at=at)):
        assert notice in answer.notices
    assert notice not in gradient_answer(f, at={**at, "x": 1.0}).notices
    assert notice not in gradient_answer(f, at=at, values_only=True).notices


def test_a_number_that_is_missing_has_no_whole_part() -> None:
    # The enclosure of 0/0 is no number; its whole part was looked for without end.
    f = read("c(trunc(x/x), sinpi(x/x), trunc(log(x)))")
    values = compile_program(f.outputs, ["x"], {}).batch([np.array([0.0, -1.0, 2.5])])
    assert [np.isnan(v[0]) for v in values] == [True, True, False]
    assert [v[2] for v in values] == [1.0, pytest.approx(0.0, abs=1e-15), 0.0]


def test_no_root_is_taken_of_a_numerator_that_may_be_negative() -> None:
    # N/sqrt(S) was sqrt(N) sqrt(N/S); the value was found as a limit then.
    f = read("1 - expm1(-x)/(exp(x + 1) + expm1(-x))^0.5")
    numbers = Numbers(f, 1, ("x",), 0).at({"x": 1.0})
    assert numbers == pytest.approx([1.2431784172256242, 0.015180019121356751], rel=1e-13)


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("sqrt((sinh(x) - exp(-3*x))^2)", {"x": -1.0}, "sqrt((sinh(x) - exp(-3*x))^2)"),
        ("sqrt((sinh(x)*exp(x))^2)", {"x": -1.0}, "sqrt((sinh(x)*exp(x))^2)"),
        ("sqrt(x*y*exp(x))", {"x": -1.0, "y": -2.0}, "sqrt(x*y*exp(x))"),
        ("(sinh(x)*sinh(y)*exp(x))^1.5", {"x": -1.0, "y": -2.0}, "(sinh(x)*sinh(y)*exp(x))^1.5"),
        ("sqrt((exp(x) - exp(y))^2/(exp(x) + exp(y))^2)", {"x": -1.0, "y": 800.0}, "1 - 2*exp(x - y)"),
        ("log(cosh(x)/(cosh(x) + 1 - exp(y))^2)", {"x": -1.0, "y": 3000.0}, "log(cosh(x)) - 2*y"),
        (
            "log((sinh(x) + 1)/(1 + sinh(y) + sinh(x))^2)",
            {"x": 5e-324, "y": -700.0},
            "log(sinh(x) + 1) - 2*log(-sinh(y) - sinh(x) - 1)",
        ),
        ("log(sinh(x)^2/(sinh(x) + 1)^2)", {"x": -5.0}, "2*log(sinh(x)/(sinh(x) + 1))"),
        ("log(exp(x)/(1 + exp(x) + exp(x)))", {"x": 3000.001}, "-log(2 + exp(-x))"),
        ("1 - (1 + 2^x)/(1 + exp(-y) + 2^x + 2^x)", {"x": -20.0, "y": -20.0}, "1 - 1/(1 + (exp(-y) + 2^x)/(1 + 2^x))"),
        ("1 - (2 + exp(x))/(1 + 2*exp(-x) + exp(x))", {"x": -39.999}, "(2*exp(-x) - 1)/(1 + 2*exp(-x) + exp(x))"),
        ("expm1(x - y)/(-1 + expm1(x - y) + sinh(-y^2/2))", {"x": 400.0, "y": 400.0}, ""),
        ("x*exp(y)/(x*exp(y) + exp(x) + 1)", {"x": 0.0, "y": 1.0}, "x*exp(y)/(x*exp(y) + exp(x) + 1)"),
        (
            "(exp(x) - exp(y))^2/(1e200*exp(x) - 1e200*exp(y) + 1)^2",
            {"x": 1.0, "y": 0.5},
            "((exp(x) - exp(y))/(10^200*exp(x) - 10^200*exp(y) + 1))^2",
        ),
        (
            "(exp(x) + exp(y))^2/(1e-200*exp(x) + 1e-200*exp(y) + 1)^2",
            {"x": 1.0, "y": 0.5},
            "((exp(x) + exp(y))/(10^(-200)*exp(x) + 10^(-200)*exp(y) + 1))^2",
        ),
        ("(1 - exp(-y/4))*log1p(exp(x))", {"x": -746.0, "y": -800.0}, "(1 - exp(-y/4))*(exp(x) - exp(2*x)/2)"),
        ("exp(-y)*x/(exp(-y)*x) + 1/sinh(x)", {"x": -20.0, "y": -99.75}, "1 + 1/sinh(x)"),
    ],
)
def test_powers_and_shares_of_numbers_of_any_sign_have_their_digits(
    text: str, at: dict[str, float], expected: str
) -> None:
    right = [0.0] * 3
    if expected:
        symbols = {n: sympy.Symbol(n, real=True) for n in at}
        whole = sympy.sympify(expected.replace("^", "**"), symbols)
        exact = {symbols[n]: sympy.Rational(*v.as_integer_ratio()) for n, v in at.items()}
        right = [
            float(e.subs(exact).evalf(30, maxn=10_000)) for e in (whole, *[whole.diff(s) for s in symbols.values()])
        ]
    f = read(text)
    for name, found in gradients(f, tuple(at), at).items():
        count = 2 if name == "differentiate" else len(found)
        assert found[:count] == pytest.approx(right[:count], rel=1e-13, abs=1e-300), name


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sqrt(exp(x) - 2)*sqrt(exp(x) - 2)", 0.0),
        ("sqrt(exp(x) - 2)^2*exp(x)", 0.0),
        ("((sinh(x)*exp(x))^3)^(1/3)", -1.0),
    ],
)
def test_a_root_of_a_negative_sum_has_no_value_whatever_its_power(text: str, at: float) -> None:
    for found in gradients(read(text), ("x",), {"x": at}).values():
        assert all(v is None or math.isnan(v) for v in found)


def test_a_factor_beside_a_difference_of_exponentials_takes_none_of_its_digits() -> None:
    # exp(500 + z) - exp(500) has an error of 500 rounding errors over z.
    f = read("(exp(z) - 1)*exp(x/2)")
    found = evaluate(f, {"z": np.full(9, 1e-3), "x": np.full(9, 1000.0)}, 1, ["z"])
    assert float(found.values[0]) == pytest.approx(math.expm1(1e-3) * math.exp(500.0), rel=2e-13)


def test_a_derivative_without_a_value_has_a_notice_where_f_has_one() -> None:
    f, at = read("besselJ(x, n)^2 + 1"), {"x": 1e308, "n": 0.3}
    for answer in (
        gradient_answer(f, ("n",), at),
        gradient_answer(f, ("n",), at, values_only=True),
        jacobian(f, ("n",), at),
    ):
        assert any("a derivative of f is NaN at this point" in n for n in answer.notices)
    assert not any("NaN" in n for n in gradient_answer(f, ("n",), {**at, "x": 1e200}).notices)


@pytest.mark.parametrize(
    ("text", "at", "value", "slopes"),
    [
        ("sin(x*y)/(x*y)", {"x": 0.0, "y": 3.0}, 1.0, [0.0, 0.0]),
        ("(exp(x*y) - 1)/(x*y)", {"x": 0.0, "y": 3.0}, 1.0, [1.5, 0.0]),
        ("log(1 + x*y*z)/(x*y*z)", {"x": 0.0, "y": 2.0, "z": 3.0}, 1.0, [-3.0, 0.0, 0.0]),
        ("1e6*tan(x*y)/(x*y) + y", {"x": 0.0, "y": 5.0}, 1000005.0, [0.0, 1.0]),
    ],
)
def test_a_slope_of_0_beside_a_removable_singularity_is_0(text, at, value, slopes) -> None:
    # Shifts of the other variables made it 1e-100, which agreed with nothing; a notice denied that f is differentiable.
    f, names = read(text), tuple(at)
    for found in gradients(f, names, at).values():
        assert found == pytest.approx([value, *slopes][: len(found)], rel=1e-12)
    assert not any("differentiable" in n or "NaN" in n for n in gradient_answer(f, names, at).notices)


def test_a_derivative_without_a_value_has_a_notice_where_only_f_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_beside(_: Function, __: object, values: list[float], are_limits: list[bool], *___: object) -> None:
        values[0], are_limits[0] = 1.0, True

    monkeypatch.setattr(settle, "look_beside", look_beside)
    f, at = read("sin(x)/x"), {"x": 0.0}
    for notices in (gradient_answer(f, ("x",), at).notices, evaluate(f, {"x": np.array([0.0])}, 1).notices):
        assert any("a derivative of f is NaN at this point" in n for n in notices)
