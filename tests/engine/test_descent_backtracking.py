"""The compiled steps of the line search are those of the general one."""

from itertools import pairwise

import numpy as np
import pytest
from secantd.descent import DescentRequest, LineSearch, Step, StopReason, descend
from secantd.descent.objective import Objective
from secantd.descent.scalarobjective import ScalarObjective
from secantd.language import read

CASES = [
    ("x^2 + 2*y^2 + x*y", {"x": 1.0, "y": 1.5}, {}),
    ("100*(y - x^2)^2 + (1 - x)^2", {"x": -1.2, "y": 1.0}, {}),
    ("x - log(x) + exp(y) - y", {"x": 0.01, "y": 3.0}, {}),
    ("sqrt(x) + 1/x + y^2", {"x": 9.0, "y": 1.0}, {}),
    ("exp(x^2) + abs(y - 1)", {"x": 3.0, "y": 0.2}, {}),
    ("sum((u - x - y*v)^2)", {"x": 0.0, "y": 0.0}, {"u": np.array([1.0, 3.0, 2.0]), "v": np.array([1.0, 2.0, 5.0])}),
    ("log(1 + exp(x)) - x/3 + y^4", {"x": 800.0, "y": 1.0}, {}),
    ("1e60*x^2 + y^2", {"x": 1e-3, "y": 1.0}, {}),
    ("x^4 + floor(y) + y^2", {"x": 2.0, "y": 2.5}, {}),
]


def path(
    text: str, start: dict[str, float], data: dict[str, np.ndarray], method: LineSearch, **others: object
) -> list[Step]:
    request = DescentRequest(read(text, None, data), tuple(start.items()), method=method, max_steps=300, **others)  # type: ignore[arg-type]
    return [step for bunch in descend(request) for step in bunch.steps]


@pytest.mark.parametrize(("text", "start", "data"), CASES, ids=[text for text, _, _ in CASES])
@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize(
    "method", [LineSearch(), LineSearch(initial=3.0, shrink=0.7, armijo=0.3)], ids=["usual", "other"]
)
def test_compiled_steps_are_those_of_the_general_search(
    text: str,
    start: dict[str, float],
    data: dict[str, np.ndarray],
    maximize: bool,
    method: LineSearch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if maximize:
        text = f"-({text})"
    compiled = path(text, start, data, method, maximize=maximize)
    silent = path(text, start, data, method, maximize=maximize, trace_every=1000)
    assert silent[-1] == compiled[-1]
    monkeypatch.setattr(ScalarObjective, "backtracking", Objective.backtracking)
    general = path(text, start, data, method, maximize=maximize)
    # Sums of products may be rounded differently, which shows where a decision is close.
    count = min(len(compiled), len(general), 15)
    assert count > 1
    for a, b in zip(compiled[:count], general[:count], strict=True):
        assert a.number == b.number
        assert a.point == pytest.approx(b.point, rel=1e-9, abs=1e-12)
    assert compiled[-1].value == pytest.approx(general[-1].value, rel=1e-6, abs=1e-9)


def test_every_step_decreases_f_and_satisfies_armijos_rule() -> None:
    text, start, data = CASES[1]
    steps = path(text, start, data, LineSearch(armijo=0.1))
    assert len(steps) == 301
    for a, b in pairwise(steps):
        moved = np.linalg.norm(np.subtract(b.point, a.point))
        assert b.value <= a.value - 0.1 * moved * a.gradient_norm * (1 - 1e-9)


def test_a_search_ends_where_the_gradient_is_not_finite_next_to_finite_values() -> None:
    # f is finite at 0, its slope is not: the first steps that reach 0 are rejected.
    request = DescentRequest(read("sqrt(x)"), (("x", 1.0),), method=LineSearch(initial=2.0), max_steps=2000)
    outcome = list(descend(request))[-1].outcome
    assert outcome is not None
    assert outcome.reason in (StopReason.DIVERGED, StopReason.STALLED, StopReason.STEPS_SPENT)
    assert np.isfinite(outcome.value)
    assert outcome.value < 1.0
