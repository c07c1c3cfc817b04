"""What is found out about f: kinks, tails, lasting slopes, rates; and that it is not found where it is not so."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from secantd.descent import (
    METHODS,
    DescentRequest,
    Finding,
    FixedRate,
    Lbfgs,
    Method,
    Nature,
    Newton,
    Outcome,
    StopReason,
    descend,
)
from secantd.descent.box import Bound
from secantd.descent.kink import kink
from secantd.descent.shared import shared_objective
from secantd.descent.slope import lasting_slope
from secantd.language import read
from secantd.numeric import shortest

FLAT = [
    "x^2",
    "sqrt(1 + x^2)",
    "log(cosh(x))",
    "x^4",
    "1e6*x^2",
    "1 - exp(-x^2)",
    "x^2 + sin(x)^2",
    "abs(x)^3",
    "x*abs(x)",
]


def outcome(text: str, start: dict[str, float], method: Method | None = None, **others: object) -> Outcome:
    chosen = {} if method is None else {"method": method}
    found = list(descend(DescentRequest(read(text), tuple(start.items()), **chosen, **others)))  # type: ignore[arg-type]
    last = found[-1].outcome
    assert last is not None
    return last


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=9))
def test_the_shortest_vector_of_a_hull_is_nearest_to_the_origin(points: list[tuple[float, float]]) -> None:
    vectors = np.array(points) / 2.0
    found = shortest(vectors)
    # Every vector of the hull is at least as far in its direction (the condition of optimality).
    assert np.all(vectors @ found >= found @ found - 1e-6)


@pytest.mark.parametrize("text", FLAT)
@pytest.mark.parametrize("x", [0.0, 1e-9, 0.3, -7.0, 1e4])
def test_smooth_functions_have_no_kink(text: str, x: float) -> None:
    found = kink(shared_objective(read(text), ["x"], False), np.array([x]))
    assert found is None


def test_kinks_of_many_variables_cost_no_memory() -> None:
    """They are not looked for, so no n x n directions are made either."""
    objective = SimpleNamespace(bowl=None)
    assert kink(objective, np.zeros(10**7)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "x", "nature"),
    [
        ("abs(x)", (0.0,), Nature.MINIMUM),
        ("-abs(x)", (0.0,), Nature.MAXIMUM),
        ("abs(x) - abs(y)", (0.0, 0.0), Nature.SADDLE),
        ("abs(x) + y^2", (0.0, 0.0), Nature.MINIMUM),
        ("1e-8*abs(x)", (0.0,), Nature.MINIMUM),
        ("1e8*abs(x - 1000)", (1000.0,), Nature.MINIMUM),
        ("max(x, y, -x - y)", (0.0, 0.0), Nature.MINIMUM),
        ("abs(x) + x/2", (0.0,), Nature.MINIMUM),
        # f falls along the kink, or on one side.
        ("abs(x) + 2*x", (0.0,), None),
        ("10*abs(x - y) + x + y", (1.0, 1.0), None),
    ],
)
@pytest.mark.parametrize("maximize", [False, True])
def test_a_kink_has_the_nature_that_its_neighbours_show(
    text: str, x: tuple[float, ...], nature: Nature | None, maximize: bool
) -> None:
    function = read(text)
    found = kink(shared_objective(function, ["x", "y"][: len(x)], maximize), np.array(x))
    assert found is not None
    assert found.nature is nature


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("2*x - 3*y", (2.0, -3.0)),
        ("(x + y)^2 + x - y", (1.0, -1.0)),
        ("exp(x) + y", (0.0, 1.0)),
        ("1e3*(x - y)^2 + x + y", (1.0, 1.0)),
        # A minimum exists, however far or flat.
        ("x^2 + 1e-14*y^2 + y", None),
        ("(x - 1e8)^2 + (x - y)^2", None),
        ("(x + y - 1e6)^2", None),
        ("2*floor(x) - x + y^2", None),
        ("x^3 + y^2", None),
        ("1e-300*x^2 + y^2 + x", None),
    ],
)
def test_a_slope_lasts_where_f_is_linear(text: str, slope: tuple[float, float] | None) -> None:
    found = lasting_slope(shared_objective(read(text), ["x", "y"], False), np.array([1.0, 2.0]))
    if slope is None:
        assert found is None
    else:
        assert found == pytest.approx(slope)


def test_collinear_data_have_a_valley_not_a_slope() -> None:
    u = np.array([1.0, 2.0, 4.0, 7.0])
    function = read("sum((y - a*u - b*v)^2)", None, {"u": u, "v": 3.0 * u, "y": np.sqrt(u)})
    found = list(descend(DescentRequest(function, (("a", 0.0), ("b", 0.0)))))[-1].outcome
    assert found is not None
    assert (found.reason, found.finding) == (StopReason.CONVERGED, None)


@pytest.mark.parametrize("name", METHODS)
def test_no_method_searches_long_for_the_minimum_of_a_line(name: str) -> None:
    found = outcome("2*x + 1", {"x": 1.0}, METHODS[name]())
    assert (found.reason, found.finding, found.nature) == (StopReason.DIVERGED, Finding.UNBOUNDED, None)
    assert found.steps <= 1000


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("curvatures", [(1.0, 1e-3), (2.0, 2.0), (5e3, 1.0), (1e-4, 1e4)])
def test_newtons_method_takes_one_or_two_steps_on_a_quadratic(scale: float, curvatures: tuple[float, float]) -> None:
    a, b = curvatures
    found = outcome(f"{a}*(x - {scale})^2 + {b}*(y + x - 3)^2", {"x": -scale, "y": 100.0}, Newton())
    assert (found.reason, found.nature) == (StopReason.CONVERGED, Nature.MINIMUM)
    assert found.steps <= 2


@pytest.mark.parametrize("text", ["max(0, 1 - 2*x) + 0.1*x^2", "abs(x)", "x^2 + floor(x)", "ifelse(x > 1, x^2, 2*x^2)"])
def test_a_piecewise_quadratic_predicts_no_number_of_steps(text: str) -> None:
    found = outcome(text, {"x": 3.0}, FixedRate(0.1), max_steps=50)
    assert found.predicted_steps is None


@pytest.mark.parametrize("rate", [1.0, 1.0 - 1e-13, 1.0 + 1e-13])
def test_a_rate_of_two_over_the_curvature_is_known_at_once(rate: float) -> None:
    found = outcome("x^2", {"x": 1.0}, FixedRate(rate))
    assert (found.reason, found.steps, found.recommended_rate) == (StopReason.STALLED, 1000, 0.5)
    # Where the start has no part along the steepest direction, the path converges.
    along = outcome("x^2 + 2*y^2", {"x": 1.0, "y": 0.0}, FixedRate(0.5))
    assert along.reason is StopReason.CONVERGED


def test_the_requested_steps_are_made_whatever_is_known() -> None:
    for text, rate in (("2*x", 0.1), ("x^2", 1.0)):
        found = outcome(text, {"x": 1.0}, FixedRate(rate), max_steps=5000, tolerance=0.0)
        assert (found.reason, found.steps) == (StopReason.STEPS_SPENT, 5000)


def test_a_recommended_rate_is_below_the_limit_as_it_is_printed() -> None:
    for curvature in (0.7654321, 1.9999, 3.0, 26545.678, 1e-5):
        found = outcome(f"{curvature}*x^2 + {curvature * 1e-7}*y^2", {"x": 1.0, "y": 1.0}, FixedRate(10.0 / curvature))
        assert found.rate_limit is not None
        printed = float(found.message.split("best fixed rate, ")[1].split(",")[0])
        assert printed < found.rate_limit
        assert printed > 0.98 * found.rate_limit


@pytest.mark.parametrize("value", [math.inf, 1e308, 5e-324, 0.0])
def test_bounds_of_any_size_are_named(value: float) -> None:
    found = outcome("-x", {"x": 0.0}, Lbfgs(), bounds=(Bound("x", upper=value),), max_steps=100)
    if math.isinf(value):
        assert (found.reason, found.finding) == (StopReason.DIVERGED, Finding.UNBOUNDED)
    elif value < 1.0:
        assert (found.point, found.notices) == ((value,), (f"x is held by its upper bound {value:.6g}",))


def test_many_bounds_are_named_in_a_few_lines() -> None:
    names = [f"x{i}" for i in range(20)]
    bounds = tuple(Bound(name, 1.0, 2.0) for name in names)
    found = outcome(" + ".join(names), dict.fromkeys(names, 0.0), Lbfgs(), bounds=bounds)
    assert len(found.notices) == 12
    assert found.notices[5] == found.notices[11] == "the same for 15 more variables"


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    "text", ["log(x^2 + y^2) + y", "x*1e-320 + y*1e-310", "abs(x)*1e300 + y", "max(x, y)", "x/(x^2 + y^2)"]
)
@pytest.mark.parametrize(("x", "y"), [(1e308, -1e308), (5e-324, 0.0), (-1e155, 1e-200)])
@pytest.mark.filterwarnings("error")
def test_findings_about_functions_at_hard_points_are_no_faults(text: str, x: float, y: float, name: str) -> None:
    found = outcome(text, {"x": x, "y": y}, METHODS[name](), max_steps=1100)
    assert found.message
    assert found.nature is None or found.gradient_norm <= 1e-5 or found.finding is Finding.KINK
