"""Descents from and to numbers whose squares overflow or vanish."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from secantd.calculus import gradient_answer
from secantd.descent import (
    METHODS,
    DescentRequest,
    FixedRate,
    LineSearch,
    Method,
    Momentum,
    Outcome,
    Step,
    StopReason,
    descend,
)
from secantd.descent.methods import Paced
from secantd.descent.methods.bfgs import updated
from secantd.descent.norm import norm
from secantd.errors import CalculusError
from secantd.language import read
from secantd.program.loop import euclidean

EACH: list[Method] = [m(rate=0.1) if issubclass(m, Paced) else m() for m in METHODS.values()]


def path(text: str, start: dict[str, float], method: Method, **others: Any) -> tuple[list[Step], Outcome]:
    others.setdefault("max_steps", 100)
    data = others.pop("data", {})
    found = list(descend(DescentRequest(read(text, None, data), tuple(start.items()), method=method, **others)))
    outcome = found[-1].outcome
    assert outcome is not None
    return [s for b in found for s in b.steps], outcome


@pytest.mark.parametrize("method", EACH, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("text", ["x^2 - 2*x*y + y^2", "plogis(x) + y", "1e200*x^2 + 1e-200*y^2", "x*y"])
@pytest.mark.parametrize(
    ("x", "y"), [*product([5e-324, -1e-200, 1e155], [1e-170, 1e200]), (0.0, 1.7976931348623157e308)]
)
def test_a_start_of_any_size_has_an_outcome(method: Method, text: str, x: float, y: float) -> None:
    for tolerance in (0.0, 5e-324, 1e-5):
        steps, outcome = path(text, {"x": x, "y": y}, method, tolerance=tolerance, max_steps=30)
        assert steps[-1].point == outcome.point
        assert outcome.message
        if outcome.reason is StopReason.CONVERGED:
            assert outcome.gradient_norm <= tolerance
        assert all(math.isfinite(v) for v in outcome.point)


def test_the_number_of_steps_to_a_denormal_tolerance_is_predicted() -> None:
    _, outcome = path("x^2", {"x": 1.0}, FixedRate(0.1), tolerance=5e-324)
    # |∇f| is 2 · 0.8ᵏ.
    assert outcome.predicted_steps == pytest.approx((math.log(5e-324) - math.log(2.0)) / math.log(0.8), abs=10)


def test_a_gradient_whose_square_vanishes_has_a_norm() -> None:
    for method in (FixedRate(0.1), Momentum(0.1), LineSearch()):
        steps, _ = path("x^2 + y^2", {"x": 3e-170, "y": 4e-170}, method, tolerance=0.0, max_steps=300)
        assert steps[0].gradient_norm == pytest.approx(1e-169, rel=1e-15)
    steps, outcome = path("x^2 + y^2", {"x": 3e-170, "y": 4e-170}, FixedRate(0.1), tolerance=1e-180, max_steps=300)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.steps == math.ceil(math.log(1e-11) / math.log(0.8))
    for number, step in enumerate(steps):
        assert step.gradient_norm == pytest.approx(1e-169 * 0.8**number, rel=1e-12)


@pytest.mark.parametrize("method", EACH, ids=lambda m: type(m).__name__)
def test_a_start_that_is_too_steep_is_reported_as_such(method: Method) -> None:
    _, outcome = path("x^2 + y^2", {"x": 3e152, "y": 4e152}, method)
    assert (outcome.reason, outcome.steps) == (StopReason.DIVERGED, 0)
    assert outcome.gradient_norm == pytest.approx(1e153)
    assert "at the start, too large" in outcome.message


def test_a_curvature_that_overflows_has_no_diagnosis() -> None:
    data = {"u": np.array([1.0, 2.0]), "v": np.array([1e154, 0.0])}
    _, outcome = path("sum((u - x*v)^2)", {"x": 1.0}, FixedRate(0.01), data=data)
    assert (outcome.reason, outcome.curvature) == (StopReason.NOT_FINITE, None)
    _, outcome = path("5e-324*x^2", {"x": 1.0}, FixedRate(0.01))
    assert outcome.recommended_rate is None


@pytest.mark.parametrize("number", [-1, 2**63 - 1, 2**63 - 101])
def test_a_first_number_that_leaves_no_room_for_the_steps_is_refused(number: int) -> None:
    with pytest.raises(CalculusError, match="first_number is") as caught:
        path("x^2", {"x": 1.0}, FixedRate(0.1), first_number=number)
    assert caught.value.field == "first_number"


def test_the_largest_first_number_is_taken() -> None:
    steps, _ = path("x^2", {"x": 1.0}, FixedRate(0.1), first_number=2**63 - 2 - 100, tolerance=0.0)
    assert [s.number for s in steps] == [2**63 - 2 - 100 + k for k in range(101)]


@pytest.mark.parametrize("shrink", [0.9, 0.99, 0.999999, 1 - 2**-53])
@pytest.mark.parametrize("initial", [1.0, 1e10, 1e308])
def test_a_shrink_near_1_takes_few_looks_and_finds_the_longest_good_step(shrink: float, initial: float) -> None:
    _, outcome = path("x^2", {"x": 1.0}, LineSearch(initial=initial, shrink=shrink), max_steps=1)
    # f falls for steps below 1, so that Armijo's rule holds from (1 - 1e-4) on.
    if 0.9 <= shrink <= 0.999999 or initial == 1.0:
        step = (1.0 - outcome.point[0]) / 2.0
        assert shrink * (1 - 1e-4) * (1 - 1e-9) <= step <= 1 - 1e-4 + 1e-9
    assert outcome.steps == 1


def test_a_search_that_finds_nothing_ends() -> None:
    # Downhill is uphill: the gradient's sign is wrong at the kink.
    _, outcome = path("abs(x)", {"x": 5e-324}, LineSearch(initial=1e308, shrink=0.999), tolerance=0.0)
    assert outcome.reason in (StopReason.STALLED, StopReason.STEPS_SPENT)


def test_norms_of_numbers_of_any_size() -> None:
    for n in (1, 2, 7, 8, 1000):
        for size in (5e-324, 1e-300, 1e-160, 1.0, 1e160, 1e300):
            v = np.full(n, size)
            expected = math.hypot(*v.tolist())
            assert norm(v) == pytest.approx(expected, rel=1e-14)
            assert euclidean(v.tolist()) == pytest.approx(expected, rel=1e-14)
    assert math.isnan(norm(np.array([math.nan] * 9)))
    assert norm(np.array([math.inf, 1.0])) == math.inf


def test_a_pair_whose_squares_vanish_teaches_bfgs_nothing() -> None:
    # s·y is 1e-320, y·y is 0.
    s, y = np.array([1e-100, 0.0]), np.array([1e-220, 0.0])
    assert updated(None, s, y) is None


def test_a_descent_does_not_depend_on_the_one_before() -> None:
    # Steps that lose no digits are not looked at for a while; the next descent began with such steps.
    f = read("z + log1p(exp(x)) - log(cosh(-x))")
    for at in ({"z": 1.0, "x": 1000.0}, {"z": -1e154, "x": 1e300}):
        for _ in range(4):
            request = DescentRequest(f, tuple(at.items()), method=FixedRate(1e-300), max_steps=1, trace_every=1)
            steps = [step for bunch in descend(request) for step in bunch.steps]
            assert steps[0].value == gradient_answer(f, ("z",), at).value
