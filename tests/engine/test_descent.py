"""Descents of the source material, stop reasons, bunches, and the diagnosis of a rate."""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from secantd.calculus import reverse
from secantd.descent import (
    Adam,
    Bfgs,
    Bound,
    Bunch,
    ConjugateGradient,
    DescentRequest,
    FixedRate,
    Lbfgs,
    LineSearch,
    Method,
    Momentum,
    Nature,
    Nesterov,
    Newton,
    Outcome,
    Regime,
    RmsProp,
    Step,
    StopReason,
    descend,
)
from secantd.language import read
from secantd.program import compile
from secantd.program.loop import euclidean


def bunches(text: str, start: dict[str, float], method: Method, **others: Any) -> list[Bunch]:
    others.setdefault("max_steps", 100_000)
    return list(descend(DescentRequest(read(text), tuple(start.items()), method=method, **others)))


def path(text: str, start: dict[str, float], method: Method | None = None, **others: Any) -> tuple[list[Step], Outcome]:
    found = bunches(text, start, method or FixedRate(0.01), **others)
    assert all(b.outcome is None for b in found[:-1])
    outcome = found[-1].outcome
    assert outcome is not None
    return [s for b in found for s in b.steps], outcome


def test_row_002_7_takes_636_steps_to_the_digits_of_the_note() -> None:
    steps, outcome = path("x^2+2*x+3", {"x": 0.883646125995533})
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.steps == outcome.predicted_steps == 636
    assert [s.number for s in steps] == list(range(637))
    assert f"{outcome.point[0]:.15g}" == "-0.999995047967832"
    assert f"{outcome.value:.15g}" == "2.00000000002452"
    assert (outcome.curvature, outcome.rate_limit, outcome.nature) == (2.0, 1.0, Nature.MINIMUM)
    assert steps[-1] == Step(636, outcome.point, outcome.value, outcome.gradient_norm)


def test_row_002_14_takes_606_steps_to_the_digits_of_the_note() -> None:
    steps, outcome = path("x^2+2*y^2", {"x": 1.0289484412540515, "y": 1.5995244768100338})
    assert outcome.steps == outcome.predicted_steps == len(steps) - 1 == 606
    assert [f"{v:.8e}" for v in outcome.point] == ["4.95901570e-06", "2.88641061e-11"]
    assert f"{outcome.value:.8e}" == "2.45918367e-11"
    assert (outcome.curvature, outcome.rate_limit) == (4.0, 0.5)


@pytest.mark.parametrize(
    ("rate", "digits", "regime"),
    [
        (0.1, ["-6.1111e-10", "8.1481e-10"], Regime.CONVERGES),
        (0.01, ["-3.9786e-01", "5.3048e-01"], Regime.CONVERGES),
        (1e-10, ["-3.0000e+00", "4.0000e+00"], Regime.CRAWLS),
    ],
)
def test_rows_004_7_and_004_8_after_a_fixed_number_of_steps(rate: float, digits: list[str], regime: Regime) -> None:
    steps, outcome = path("x0^2 + x1^2", {"x0": -3.0, "x1": 4.0}, FixedRate(rate), max_steps=100, tolerance=0.0)
    assert (outcome.reason, outcome.steps, len(steps)) == (StopReason.STEPS_SPENT, 100, 101)
    assert [f"{v:.4e}" for v in outcome.point] == digits
    assert outcome.point == pytest.approx([-3.0 * (1 - 2 * rate) ** 100, 4.0 * (1 - 2 * rate) ** 100], rel=1e-12)
    assert outcome.regime is regime


def test_a_rate_above_the_limit_ends_as_divergence_before_anything_overflows() -> None:
    steps, outcome = path("x0^2 + x1^2", {"x0": -3.0, "x1": 4.0}, FixedRate(10.0), tolerance=0.0)
    assert outcome.reason is StopReason.DIVERGED
    assert outcome.regime is Regime.DIVERGES
    assert (outcome.rate_limit, outcome.recommended_rate) == (1.0, 0.5)
    assert all(math.isfinite(v) for s in steps for v in (*s.point, s.value, s.gradient_norm))
    assert "use a rate of 0.5" in outcome.message


@pytest.mark.parametrize("rate", [0.3, 0.499, 0.501, 0.7, 0.9999, 1.0001, 1.3])
def test_a_quadratic_diverges_exactly_above_two_over_its_curvature(rate: float) -> None:
    _, outcome = path("x^2 + 3", {"x": 2.0}, FixedRate(rate), max_steps=2_000_000, trace_every=100_000)
    expected = StopReason.DIVERGED if rate > 1.0 else StopReason.CONVERGED
    assert outcome.reason is expected
    regimes = {True: Regime.DIVERGES, rate <= 1.0: Regime.OSCILLATES, rate <= 0.5: Regime.CONVERGES}
    assert outcome.regime is regimes[True]
    assert rate > 1.0 or outcome.predicted_steps == outcome.steps


@pytest.mark.parametrize("seed", range(12))
def test_the_number_of_steps_on_a_quadratic_is_predicted(seed: int) -> None:
    random = np.random.default_rng(seed)
    a, b, c = random.uniform(0.5, 9.0, 3)
    text = f"{a}*x^2 + {b}*(y-1)^2 + {c}*(x+z)^2 + z^2"
    start = dict(zip("xyz", random.uniform(-3, 3, 3).tolist(), strict=True))
    _, outcome = path(text, start, FixedRate(random.uniform(0.01, 0.045)))
    assert outcome.predicted_steps == outcome.steps


def test_the_recommended_rate_is_the_best_for_a_bowl() -> None:
    text, start = "x^2 + 10*y^2", {"x": 3.0, "y": 1.0}
    _, slow = path(text, start)
    assert slow.recommended_rate == pytest.approx(2 / 22)
    _, best = path(text, start, FixedRate(slow.recommended_rate))
    for factor in (0.9, 1.05):
        _, other = path(text, start, FixedRate(slow.recommended_rate * factor))
        assert best.steps < other.steps


def test_a_rate_is_recommended_for_functions_that_are_not_quadratic() -> None:
    _, outcome = path("100*(y-x^2)^2 + (1-x)^2", {"x": -1.2, "y": 1.0}, FixedRate(0.01))
    assert outcome.reason is StopReason.DIVERGED
    # The largest eigenvalue at the start is 1506.4.
    assert outcome.curvature is not None
    assert outcome.curvature >= 1506
    _, better = path("100*(y-x^2)^2 + (1-x)^2", {"x": -1.2, "y": 1.0}, FixedRate(outcome.recommended_rate or 1.0))
    assert better.reason is StopReason.CONVERGED


@pytest.mark.parametrize(
    ("text", "start", "nature"),
    [
        ("x^2 - y^2", {"x": 1.0, "y": 0.0}, Nature.SADDLE),
        ("cos(x)", {"x": 0.0}, Nature.MAXIMUM),
        ("x^3", {"x": 1.0}, Nature.INFLECTION),
        ("x^4", {"x": 1.0}, Nature.MINIMUM),
        ("x^4 + y^4", {"x": 1.0, "y": 1.0}, None),
        ("exp(x) - x", {"x": 1.0}, Nature.MINIMUM),
    ],
)
def test_the_kind_of_the_end_point_follows_from_the_hessian(
    text: str, start: dict[str, float], nature: Nature | None
) -> None:
    _, outcome = path(text, start, tolerance=1e-4, trace_every=1000)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.nature is nature
    wrong = {Nature.SADDLE: "a saddle", Nature.MAXIMUM: "a maximum", Nature.INFLECTION: "an inflection"}
    if nature in wrong:
        assert f"{wrong[nature]}, not a minimum" in outcome.message


def test_an_ascent_mirrors_the_descent_of_minus_f() -> None:
    down, end = path("x^2 + 2*y^2 - x", {"x": 1.0, "y": 2.0})
    up, top = path("-(x^2 + 2*y^2 - x)", {"x": 1.0, "y": 2.0}, maximize=True)
    assert [s.point for s in up] == [s.point for s in down]
    assert [s.value for s in up] == [-s.value for s in down]
    assert (top.nature, end.nature) == (Nature.MAXIMUM, Nature.MINIMUM)
    for method in (Newton(), Bfgs(), Lbfgs(), ConjugateGradient(), LineSearch(), Adam(), Momentum(), Nesterov()):
        _, top = path("3 - (x - 2)^2", {"x": 0.5}, method, maximize=True)
        assert top.point == pytest.approx([2.0], abs=1e-5)
        assert top.value == pytest.approx(3.0)


def test_a_path_without_a_minimum_is_reported_as_such() -> None:
    for method in (FixedRate(0.1), Bfgs(), LineSearch(), Newton(), Lbfgs()):
        _, outcome = path("x - exp(x)", {"x": 1.0}, method)
        assert outcome.reason is StopReason.DIVERGED
        assert math.isfinite(outcome.value)
        assert "no minimum" in outcome.message


@pytest.mark.parametrize("trace_every", [0, 10])
def test_leaving_the_domain_is_reported_at_the_same_step_for_any_trace(trace_every: int) -> None:
    steps, outcome = path("log(x)", {"x": 0.9}, trace_every=trace_every)
    x, count = 0.9, 0
    while x > 0:
        x, count = x - 0.01 / x, count + 1
    assert outcome.reason is StopReason.NOT_FINITE
    assert outcome.steps == steps[-1].number == count
    assert math.isnan(outcome.value)
    assert "left the domain" in outcome.message


def test_methods_that_search_never_leave_the_domain() -> None:
    for method in (LineSearch(), Bfgs(), Newton(), ConjugateGradient(), Lbfgs()):
        _, outcome = path("x - log(x)", {"x": 0.001}, method)
        assert outcome.reason is StopReason.CONVERGED
        assert outcome.point == pytest.approx([1.0], rel=1e-4)


@pytest.mark.parametrize("method", [FixedRate(), Adam(), Bfgs(), Newton()], ids=lambda m: type(m).__name__)
def test_a_start_outside_the_domain_is_an_outcome(method: Method) -> None:
    steps, outcome = path("sqrt(x)", {"x": -1.0}, method)
    assert (outcome.reason, outcome.steps, len(steps)) == (StopReason.NOT_FINITE, 0, 1)
    assert "choose a start inside" in outcome.message


def test_a_path_that_goes_to_and_fro_for_ever_is_stalled() -> None:
    _, outcome = path("x^2 + 2*y^2", {"x": 1.0, "y": 1.5}, RmsProp(0.001, 0.9))
    assert outcome.reason is StopReason.STALLED
    assert "smaller rate" in outcome.message


def test_a_tolerance_below_the_digits_of_f_stalls_with_advice() -> None:
    for method in (Bfgs(), LineSearch(), Newton(), Lbfgs(), ConjugateGradient()):
        _, outcome = path("exp(x) - 3*x + 1e6", {"x": 0.3}, method, tolerance=1e-300)
        assert outcome.reason is StopReason.STALLED, outcome
        assert outcome.point == pytest.approx([math.log(3.0)], rel=1e-6)
        assert "tolerance" in outcome.message


@pytest.mark.parametrize(
    "method", [FixedRate(), Nesterov(), Bfgs(), LineSearch(), Newton()], ids=lambda m: type(m).__name__
)
@pytest.mark.parametrize("every", [0, 1, 2, 7, 1000])
def test_the_trace_has_the_first_every_kth_and_the_last_step(method: Method, every: int) -> None:
    full, outcome = path("exp(x) - x + y^4 + y^2", {"x": 2.0, "y": 1.0}, method)
    part, same = path("exp(x) - x + y^4 + y^2", {"x": 2.0, "y": 1.0}, method, trace_every=every)
    kept = max(every, 1)
    expected = [s for s in full if s.number % kept == 0 or s.number == outcome.steps]
    assert same == outcome
    assert [s.number for s in part] == [s.number for s in expected]
    for a, b in zip(part, expected, strict=True):
        assert a.point == b.point
        assert a.gradient_norm == pytest.approx(b.gradient_norm, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x^2 + 2*x + 3", {"x": 0.88}),
        ("(x - 1)^4/3 + x*y + 2*y^2 - y", {"x": 2.0, "y": -1.5}),
        ("x^2 + (1 - x)^3/7 + 5/(3 + x^2)", {"x": 1.5}),
        ("x^2/2 - 3*y", {"x": 1.0, "y": 0.1}),
        ("exp(-x) + x^2 + sin(y)^2", {"x": 1.0, "y": 0.3}),
    ],
)
def test_each_step_has_the_value_and_the_norm_of_its_point_to_the_last_digit(
    text: str, start: dict[str, float]
) -> None:
    steps, _ = path(text, start, FixedRate(0.003), max_steps=700)
    function = read(text)
    graph, output = function.graph, function.outputs[0]
    program = compile([output, *reverse.gradient(graph, output, list(start))], list(start), graph.columns)
    assert len(steps) > 400
    for step in steps:
        value, *gradient = program.point(step.point)
        assert (step.value, step.gradient_norm) == (value, euclidean(gradient))


def test_a_value_that_overflows_before_its_gradient_ends_the_path() -> None:
    start = {"x": 8e307, "y": 8e307}
    steps, outcome = path("x + y", start, FixedRate(1e305), maximize=True, max_steps=500, tolerance=0.0)
    x, count = 8e307, 0
    while x + x < math.inf:
        x, count = x + 1e305, count + 1
    assert (outcome.reason, outcome.steps, outcome.value) == (StopReason.DIVERGED, count - 1, steps[-1].value)
    assert math.isfinite(outcome.value)
    assert [s.number for s in steps] == list(range(count))


@pytest.mark.parametrize(("n", "most"), [(1, 4096), (100, 642), (1000, 256)])
def test_the_first_bunch_comes_at_once_and_no_bunch_is_longer_than_half_a_megabyte_or_256_steps(
    n: int, most: int
) -> None:
    names = [f"x{i}" for i in range(n)]
    found = bunches("+".join(f"{v}^2" for v in names), dict.fromkeys(names, 1.0), FixedRate(0.0001), max_steps=5000)
    assert found[0].steps[0] == Step(0, (1.0,) * n, float(n), pytest.approx(2 * n**0.5))
    assert sum(len(b.steps) for b in found) == 5001
    assert max(len(b.steps) for b in found) <= most


def test_numbers_go_on_from_a_first_number() -> None:
    whole, outcome = path("x^2+2*x+3", {"x": 0.883646125995533})
    broken = whole[300]
    rest, end = path("x^2+2*x+3", {"x": broken.point[0]}, first_number=300)
    assert rest == whole[300:]
    assert end.point == outcome.point
    assert end.steps == outcome.steps - 300


def test_descents_in_several_threads_share_an_objective_and_agree() -> None:
    start = {"x": -1.2, "y": 1.0}
    text = "100*(y-x^2)^2 + (1-x)^2 + 0.001*cos(x*y)"

    def run(method: Method) -> Outcome:
        return path(text, start, method, max_steps=300)[1]

    methods = [FixedRate(1e-4), Bfgs(), Newton(), Adam(), FixedRate(2e-4), Lbfgs(), Nesterov(1e-4)] * 3
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(run, methods))
    assert together == [run(m) for m in methods]


def test_bounds_hold_a_minimum_at_their_edge() -> None:
    bounds = (Bound("x", upper=0.5), Bound("y", lower=-0.25, upper=10.0))
    steps, outcome = path("100*(y-x^2)^2 + (1-x)^2", {"x": -1.2, "y": 1.0}, Lbfgs(), bounds=bounds, max_steps=1000)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.point == pytest.approx([0.5, 0.25], abs=1e-6)
    assert all(s.point[0] <= 0.5 for s in steps)
    _, corner = path("x + y", {"x": 3.0, "y": 3.0}, Lbfgs(), bounds=(Bound("x", 1.0), Bound("y", -2.0)))
    assert corner.point == (1.0, -2.0)
    _, top = path(
        "x + y", {"x": 3.0, "y": 3.0}, Lbfgs(), bounds=(Bound("x", upper=9.0), Bound("y", upper=4.0)), maximize=True
    )
    assert top.point == (9.0, 4.0)


def test_many_starts_give_every_optimum_once_and_the_best_first() -> None:
    grid = np.linspace(-4.5, 4.5, 7)
    xs, ys = (m.ravel() for m in np.meshgrid(grid, grid))
    steps, outcome = path(
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2 + 0.1*x", {"x": 0.0, "y": 0.0}, Bfgs(), starts=(("x", xs), ("y", ys))
    )
    assert len(outcome.optima) == 4
    assert sum(o.starts for o in outcome.optima) == 50
    assert all(o.nature is Nature.MINIMUM for o in outcome.optima)
    assert [o.value for o in outcome.optima] == sorted(o.value for o in outcome.optima)
    assert outcome.point == outcome.optima[0].point == pytest.approx([-3.780, -3.283], abs=1e-2)
    assert steps[0].point == (0.0, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("20 + x^2 + y^2 - 10*(cos(2*pi*x) + cos(2*pi*y))", id="rastrigin"),
        pytest.param(
            "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + exp(1)", id="ackley"
        ),
    ],
)
def test_many_starts_find_the_lowest_of_many_minima(text: str) -> None:
    random = np.random.default_rng(7)
    starts = (("x", random.uniform(-3, 3, 80)), ("y", random.uniform(-3, 3, 80)))
    _, outcome = path(text, {"x": 2.9, "y": -2.8}, Bfgs(), starts=starts, max_steps=500)
    assert outcome.value == pytest.approx(0.0, abs=1e-4)
    assert outcome.point == pytest.approx([0.0, 0.0], abs=1e-4)
    assert len(outcome.optima) > 5


@pytest.mark.parametrize("count", [1, 10, 40, 120])
def test_any_number_of_variables_goes_the_same_way(count: int) -> None:
    names = [f"x{i}" for i in range(count)]
    text = " + ".join(f"{1 + i % 4}*({v} - {i % 3})^2" for i, v in enumerate(names))
    for method in (FixedRate(0.1), Bfgs(), Lbfgs(), Newton(), ConjugateGradient()):
        _, outcome = path(text, dict.fromkeys(names, 5.0), method)
        assert outcome.reason is StopReason.CONVERGED
        assert outcome.point == pytest.approx([i % 3 for i in range(count)], abs=1e-4)
        assert outcome.nature is Nature.MINIMUM


def test_an_evaluation_that_raises_in_the_fast_loop_goes_on_in_the_careful_one() -> None:
    # The first step ends at 0 exactly, where log(x^2) is -Inf and its arc tangent -π/2.
    steps, outcome = path("x^2/2 + ceiling(atan(log(x^2)))", {"x": 2.0}, FixedRate(1.0), max_steps=400, tolerance=0.0)
    assert (outcome.steps, outcome.point, outcome.value) == (400, (0.0,), -1.0)
    assert [s.number for s in steps] == list(range(401))
