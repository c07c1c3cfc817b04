"""Descents over data, their memory and their end, and what a request may not ask for."""

import math
import tracemalloc
from typing import Any

import numpy as np
import pytest
from secantd.descent import (
    Adam,
    Bfgs,
    Bound,
    ConjugateGradient,
    DescentRequest,
    FixedRate,
    Lbfgs,
    LineSearch,
    Momentum,
    Nature,
    Nesterov,
    Newton,
    StopReason,
    descend,
)
from secantd.descent.shared import shared_objective
from secantd.errors import CalculusError, Reason
from secantd.language import read


def test_a_long_descent_holds_no_memory() -> None:
    request = DescentRequest(
        read("x^2 + y^2"),
        (("x", 1.0), ("y", 2.0)),
        method=FixedRate(1e-9),
        max_steps=300_000,
        tolerance=0.0,
        trace_every=1000,
    )
    tracemalloc.start()
    try:
        peaks = []
        for bunch in descend(request):
            peaks.append(tracemalloc.get_traced_memory()[1])
            last = bunch
    finally:
        tracemalloc.stop()
    assert last.outcome is not None
    assert last.outcome.steps == 300_000
    assert peaks[-1] < 2_000_000


def test_a_descent_can_be_closed_between_bunches() -> None:
    request = DescentRequest(
        read("x^2"), (("x", 1.0),), method=FixedRate(1e-9), max_steps=10_000_000, trace_every=10_000_000
    )
    steps = descend(request)
    assert next(steps).steps[0].number == 0
    # No step is due for long; the pauses come all the same.
    assert next(steps).steps == []
    steps.close()  # type: ignore[attr-defined]
    assert list(steps) == []


def test_a_log_likelihood_is_maximised_with_its_standard_errors() -> None:
    y = np.random.default_rng(3).normal(5.0, 2.0, 400)
    function = read("sum(-log(s) - ((y - m)/s)^2/2)", data={"y": y})
    for method in (Newton(), Bfgs(), Lbfgs(), ConjugateGradient()):
        request = DescentRequest(
            function, (("m", 3.0), ("s", 1.0)), method=method, maximize=True, standard_errors=True, max_steps=500
        )
        *_, last = descend(request)
        assert last.outcome is not None
        s = float(y.std())
        assert last.outcome.nature is Nature.MAXIMUM
        assert last.outcome.point == pytest.approx([y.mean(), s], rel=1e-7)
        assert last.outcome.standard_errors == pytest.approx([s / 20, s / math.sqrt(800)], rel=1e-5)


def test_row_5_11_of_001_descends_the_squares_over_its_rows() -> None:
    x, noise = np.linspace(0, 1, 50), np.random.default_rng(4).normal(0, 0.1, 50)
    y = 1 + 2 * x - 3 * x**2 + noise
    function = read("sum((y - t0 - t1*x - t2*x^2)^2)", data={"x": x, "y": y})
    expected = np.linalg.lstsq(np.vander(x, 3, increasing=True), y, rcond=None)[0]
    for method in (FixedRate(0.014), Nesterov(0.005, 0.95), Adam(0.05), Bfgs(), Newton()):
        request = DescentRequest(
            function,
            (("t0", 0.0), ("t1", 0.0), ("t2", 0.0)),
            method=method,
            max_steps=200_000,
            tolerance=1e-6,
            trace_every=200_000,
        )
        *_, last = descend(request)
        assert last.outcome is not None
        assert last.outcome.reason is StopReason.CONVERGED
        assert last.outcome.point == pytest.approx(expected.tolist(), rel=1e-5)
        if isinstance(method, FixedRate):
            # The model predicts the count in exact numbers; over 50 rows rounding may shift it by one.
            assert last.outcome.predicted_steps == pytest.approx(last.outcome.steps, abs=1)


def test_equal_functions_share_their_derivatives_and_others_do_not() -> None:
    def objective(text: str, names: str = "xy", maximize: bool = False) -> object:
        return shared_objective(read(text), list(names), maximize)

    kept = objective("x^2 + 0*y - 0.0")
    assert objective("(x)^2 + 0*y - 0.0") is kept
    others = [
        objective("x^2 + 0*y + 0.0"),
        objective("x^2 + 0*y - 0.0", "yx"),
        objective("x^2 + 0*y - 0.0", "xy", True),
        objective("x^3 + 0*y - 0.0"),
        objective("x^2 + 1*y - 0.0"),
    ]
    assert len({id(o) for o in [kept, *others]}) == 6


@pytest.mark.parametrize(
    ("changes", "field", "headline"),
    [
        ({"method": FixedRate(-1.0)}, "fixed_rate.rate", "rate is -1"),
        ({"method": FixedRate(math.nan)}, "fixed_rate.rate", "rate is nan"),
        ({"method": Momentum(0.1, 1.0)}, "momentum.momentum", "momentum is 1"),
        ({"method": LineSearch(shrink=0.0)}, "line_search.shrink", "shrink is 0"),
        ({"method": Lbfgs(0)}, "lbfgs.memory", "memory is 0"),
        ({"bounds": (Bound("x", 0.0),), "method": Bfgs()}, "bounds", "does not support bounds"),
        ({"bounds": (Bound("x", 2.0, 1.0),), "method": Lbfgs()}, "bounds[0]", "is empty"),
        ({"bounds": (Bound("q", 0.0),), "method": Lbfgs()}, "bounds[0].variable", "'q' is not a variable"),
        ({"tolerance": math.nan}, "tolerance", "the tolerance is nan"),
        ({"max_steps": -1}, "max_steps", "max_steps is -1"),
        ({"start": (("x", 1.0),)}, "start", "has no value for 'y'"),
        ({"start": ()}, "start", "has no value for 'x'"),
        ({"start": (("x", 1.0), ("x", 2.0))}, "start", "two start values"),
        ({"starts": (("x", np.ones(3)),)}, "starts", "has no value for 'y'"),
        ({"starts": (("x", np.ones(3)), ("y", np.ones(2)))}, "starts[1].values", "has 2 values where 'x' has 3"),
        ({"function": read("c(x, y)")}, "expression", "one number"),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_its_field(changes: dict[str, Any], field: str, headline: str) -> None:
    request = {"function": read("x^2 + y^2"), "start": (("x", 1.0), ("y", 1.0)), **changes}
    with pytest.raises(CalculusError, match=headline) as caught:
        list(descend(DescentRequest(**request)))
    assert caught.value.field == field
    assert caught.value.reason in (Reason.INVALID_VALUE, Reason.UNKNOWN_VARIABLE)


@pytest.mark.parametrize("start", [(0.3, -0.6), (1.1, 0.7), (2.0, 2.0)])
def test_a_point_in_a_flat_valley_is_neither_called_a_saddle_nor_a_strict_minimum(start: tuple[float, float]) -> None:
    """One eigenvalue is 0 along x*y = 1; near it rounding gives it either sign."""
    *_, last = descend(DescentRequest(read("(x*y - 1)^2"), tuple(zip("xy", start, strict=True)), method=Lbfgs()))
    assert last.outcome is not None
    assert last.outcome.reason is StopReason.CONVERGED
    assert last.outcome.nature is None
