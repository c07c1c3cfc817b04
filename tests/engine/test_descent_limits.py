"""Descents from and through points at which the formula of f is 0/0."""

import math
from typing import Any

import numpy as np
import pytest
from secantd.calculus import gradient_answer
from secantd.calculus.results import Nature
from secantd.descent import DescentRequest, Finding, Outcome, Steps, StopReason, descend
from secantd.descent.methods import METHODS
from secantd.expression import VariableShape
from secantd.language import read

LIMIT = "a limit, because the formula itself is 0/0 there"
MEAN = "a partial derivative is the mean of the slopes on both sides"
# abs and roots with the same values; the notice is that of formulas whose gradient is 0/0 at the kink.
KINKS = ["abs(x)", "sqrt(x^2)", "(x^2)^(1/2)", "sqrt(x*x)", "sqrt(x^2 + y^2)", "(x^2 + y^2)^0.5", "sqrt(abs(x)^2)"]


def path(text: str, start: dict[str, float], method: str = "bfgs", **settings: Any) -> tuple[list[Steps], Outcome]:
    parameters = {name: settings.pop(name) for name in ("rate",) if name in settings}
    request = DescentRequest(read(text), tuple(start.items()), method=METHODS[method](**parameters), **settings)
    bunches = list(descend(request))
    outcome = bunches[-1].outcome
    assert outcome is not None
    # A busy machine has bunches without steps in between.
    return [b.steps for b in bunches if len(b.steps)], outcome


@pytest.mark.parametrize(
    "method", ["bfgs", "lbfgs", "newton", "conjugate_gradient", "line_search", "fixed_rate", "adam", "momentum"]
)
def test_a_descent_begins_where_f_is_a_limit(method: str) -> None:
    rate = {"rate": 0.1} if method in ("fixed_rate", "adam", "momentum") else {}
    _, outcome = path("(x - 1)^2 + sin(x)/x", {"x": 0.0}, method, **rate)
    assert outcome.reason is StopReason.CONVERGED
    # The root of 2(x - 1) + cos(x)/x - sin(x)/x^2
    assert outcome.point[0] == pytest.approx(1.1695302234, abs=1e-5)
    assert outcome.nature is Nature.MINIMUM
    assert any(LIMIT in notice for notice in outcome.notices)


def test_a_path_goes_on_through_a_limit() -> None:
    """x^2 - 2x, with a step of a fixed rate from 3 to 0."""
    steps, outcome = path("(x^3 - 2*x^2)/x", {"x": 3.0}, "fixed_rate", rate=0.75)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.point[0] == pytest.approx(1, abs=1e-5)
    rows = np.concatenate([s.rows for s in steps])
    assert [*np.concatenate([s.numbers for s in steps])] == list(range(len(rows)))
    np.testing.assert_allclose(rows[:3], [[3, 3, 4], [0, 0, 2], [1.5, -0.75, 1]], atol=1e-12)
    # Rows of later steps are those of the polynomial.
    _, plain = path("x^2 - 2*x", {"x": 3.0}, "fixed_rate", rate=0.75)
    assert outcome.steps == plain.steps


def test_a_path_that_returns_to_a_limit_looks_for_it_once() -> None:
    _, outcome = path("(x^3 - 2*x^2)/x", {"x": 2.0}, "fixed_rate", rate=1.0, max_steps=500)
    assert outcome.steps == 500
    assert any(n.startswith("at one point of the path") for n in outcome.notices)


def test_a_critical_point_that_is_a_limit_has_a_nature() -> None:
    for text, nature in (("sin(x)/x", Nature.MAXIMUM), ("-sin(x*y)/(x*y) + x^2 + y^2", Nature.MINIMUM)):
        _, outcome = path(text, dict.fromkeys(read(text).variables, 0.0))
        assert (outcome.reason, outcome.steps, outcome.nature) == (StopReason.CONVERGED, 0, nature)
    _, outcome = path("sin(x)/x", {"x": 0.0}, maximize=True)
    assert "maximum" in outcome.message
    assert outcome.value == 1.0


@pytest.mark.parametrize(
    "text",
    ["x*sin(1/x)", "abs(x)/x", "x*log(x)", "1/x + sin(x)/x", "(x^2)^(1/3)", "y*x/(x^2 + y^2) + (x - 1)^2", "gamma(x)/gamma(2*x)/x"],
)  # fmt: skip
def test_a_descent_ends_where_there_is_no_limit(text: str) -> None:
    for method, rate in (("bfgs", {}), ("fixed_rate", {"rate": 0.1})):
        steps, outcome = path(text, dict.fromkeys(read(text).variables, 0.0), method, **rate)
        assert outcome.reason is StopReason.NOT_FINITE
        assert "at the start" in outcome.message
        assert sum(len(s) for s in steps) == 1
        assert not any(LIMIT in notice for notice in outcome.notices)


def test_an_ascent_takes_limits_too() -> None:
    _, outcome = path("-(x - 1)^2 - sin(x)/x", {"x": 0.0}, "newton", maximize=True)
    assert outcome.reason is StopReason.CONVERGED
    assert math.isclose(outcome.point[0], 1.1695302234, abs_tol=1e-6)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("text", KINKS)
def test_a_descent_begins_at_a_kink_with_the_gradient_of_gradient(text: str, method: str) -> None:
    f = read(text)
    at = dict.fromkeys(f.variables, 0.0)
    rate = {"rate": 0.1} if method == "fixed_rate" else {}
    gradient = gradient_answer(f, at=at)
    _, outcome = path(text, at, method, **rate)
    assert [p.value for p in gradient.partials] == [0.0] * len(at)
    assert (outcome.reason, outcome.steps, outcome.gradient_norm) == (StopReason.CONVERGED, 0, 0.0)
    assert (outcome.nature, outcome.finding) == (Nature.MINIMUM, Finding.KINK)
    # f grows by 2 (x - 1) too, and has its minimum elsewhere.
    _, outcome = path(f"{text} + (x - 1)^2", at, method, **rate, max_steps=3000)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.point == pytest.approx([0.5, 0.0][: len(at)], abs=1e-5)


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize(("method", "rate"), [("bfgs", {}), ("fixed_rate", {"rate": 0.25})])
def test_a_path_that_goes_on_from_the_mean_of_two_slopes_has_a_notice(method, rate, maximize) -> None:
    text = "sqrt(x^2 + y^2) + (x - 1)^2"
    _, outcome = path(f"-({text})" if maximize else text, {"x": 0.0, "y": 0.0}, method, maximize=maximize, **rate)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.point[0] == pytest.approx(0.5, abs=1e-5)
    assert [n for n in outcome.notices if MEAN in n]


def test_a_path_that_steps_onto_a_kink_ends_there() -> None:
    _, outcome = path("(abs(x)^2)^(1/2)", {"x": 1.0}, "fixed_rate", rate=0.25)
    assert (outcome.reason, outcome.steps, outcome.point) == (StopReason.CONVERGED, 4, (0.0,))


@pytest.mark.parametrize("method", ["bfgs", "newton", "adam"])
@pytest.mark.parametrize("text", ["sqrt(sum(v^2))", "sqrt(t(v) %*% v)", "sum(abs(v))", "sum(sqrt(v^2))"])
def test_a_descent_of_a_vector_begins_at_a_kink_with_the_gradient_of_gradient(text: str, method: str) -> None:
    f = read(text, shapes={"v": VariableShape((2,))})
    at = {"v": np.zeros(2)}
    (partial,) = gradient_answer(f, at=at).partials
    assert partial.values is not None
    assert partial.values.tolist() == [0.0, 0.0]
    *_, last = descend(DescentRequest(f, tuple(at.items()), method=METHODS[method]()))
    assert last.outcome is not None
    assert (last.outcome.reason, last.outcome.gradient_norm) == (StopReason.CONVERGED, 0.0)
    assert last.outcome.finding is Finding.KINK
    moved = read(f"({text}) + (v[1] - 1)^2", shapes={"v": VariableShape((2,))})
    *_, last = descend(DescentRequest(moved, tuple(at.items()), method=METHODS[method](), max_steps=3000))
    assert last.outcome is not None
    assert last.outcome.point == pytest.approx([0.5, 0.0], abs=1e-5)


def test_a_descent_of_a_vector_goes_on_from_a_limit() -> None:
    f = read("sin(v[1])/v[1] + sum((v - 1)^2)", shapes={"v": VariableShape((2,))})
    *_, last = descend(DescentRequest(f, (("v", np.zeros(2)),), method=METHODS["bfgs"]()))
    assert last.outcome is not None
    assert last.outcome.point == pytest.approx([1.1695302234, 1.0], abs=1e-5)
    assert any(LIMIT in notice for notice in last.outcome.notices)
