"""Descents from and through points at which the formula of f is 0/0."""

import math
from typing import Any

import numpy as np
import pytest
from secantd.calculus.results import Nature
from secantd.descent import DescentRequest, Outcome, Steps, StopReason, descend
from secantd.descent.methods import METHODS
from secantd.language import read

LIMIT = "a limit, because the formula itself is 0/0 there"


def path(text: str, start: dict[str, float], method: str = "bfgs", **settings: Any) -> tuple[list[Steps], Outcome]:
    parameters = {name: settings.pop(name) for name in ("rate",) if name in settings}
    request = DescentRequest(read(text), tuple(start.items()), method=METHODS[method](**parameters), **settings)
    bunches = list(descend(request))
    outcome = bunches[-1].outcome
    assert outcome is not None
    return [b.steps for b in bunches], outcome


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
    ["x*sin(1/x)", "abs(x)/x", "x*log(x)", "1/x + sin(x)/x", "sqrt(x^2)", "y*x/(x^2 + y^2) + (x - 1)^2", "gamma(x)/gamma(2*x)/x"],
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
