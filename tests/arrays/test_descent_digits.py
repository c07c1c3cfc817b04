"""Descents over vectors where numbers overflow on the way: values and gradients are those of Gradient."""

import math

import numpy as np
import pytest
from secantd.calculus import gradient_answer
from secantd.calculus.arrays.entrynumbers import EntryNumbers
from secantd.calculus.arrays.entrywise import UnsupportedError
from secantd.calculus.arrays.points import values_at
from secantd.descent import (
    Adam,
    Bfgs,
    ConjugateGradient,
    DescentRequest,
    FixedRate,
    Lbfgs,
    LineSearch,
    Momentum,
    Newton,
    descend,
)
from secantd.descent.arrayobjective import ArrayObjective
from secantd.descent.entries import Entries
from secantd.descent.norm import norm
from secantd.descent.shared import shared_formula
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.settings import DEFAULT_LIMITS, Limits

LOST = "a number overflows on the way to a value at this point: digits may be lost; more were not computed, because"


def function_of(text, start):
    return read(text, Notation.R, shapes={name: VariableShape(np.shape(v)) for name, v in start.items()})


def path_of(text, start, limits=DEFAULT_LIMITS, **settings):
    """Return the first values, the norms of the gradient, and the outcome."""
    start = {name: np.asarray(v, float) for name, v in start.items()}
    request = DescentRequest(function_of(text, start), tuple(start.items()), **settings)
    bunches = list(descend(request, limits=limits))
    steps = [step for bunch in bunches for step in bunch.steps]
    return [s.value for s in steps], [s.gradient_norm for s in steps], bunches[-1].outcome


def gradient_of(text, at):
    function = function_of(text, at)
    answer = gradient_answer(function, function.variables, at, values_only=True)
    parts = [np.ravel(p.values if p.value is None else p.value) for p in answer.partials]
    return answer.value, np.concatenate(parts)


FAR_OUT = [
    ("sum(log(abs(sqrt(exp(w - v)/sum(exp(v + w))))))", {"v": [800.0, -1, 2], "w": [-3.0, 2, 800]}),
    ("sum(sqrt(1 + v^4)/(1 + v^2))", {"v": [1e100, -1e90, 2.0]}),
    ("sum(v^2)/sqrt(sum(v^2))", {"v": [1e200, 3e199, -1.0]}),
    ("sum(sqrt(exp(-v)))*exp(400) + sum(v)", {"v": [800.0, 1500.0]}),
]


@pytest.mark.parametrize(("text", "start"), FAR_OUT)
@pytest.mark.parametrize("method", [FixedRate(1e-3), Adam(), Bfgs()])
def test_the_first_step_far_out_has_the_value_and_the_slope_of_gradient(text, start, method):
    f, slope = gradient_of(text, {name: np.asarray(v) for name, v in start.items()})
    assert np.isfinite(slope).all()
    values, norms, outcome = path_of(text, start, method=method, max_steps=1, tolerance=0.0)
    assert values[0] == f
    assert norms[0] == pytest.approx(np.linalg.norm(slope), rel=1e-15)
    assert outcome.notices == ()


def test_second_derivatives_have_the_digits_too():
    text, start = "sum(sqrt(1 + v^4)/(1 + v^2)) + sum(v^2)", {"v": [1e100, 3.0]}
    function = function_of(text, start)
    objective = ArrayObjective(
        shared_formula(function, Entries({"v": (2,)}, set()), 10**9), ("v[1]", "v[2]"), False, 5.0
    )
    h = objective.hessian(np.array(start["v"]))
    assert h[0, 0] == 2.0
    assert h[1, 1] == pytest.approx(1.958908698492735, rel=1e-12)
    assert objective.notices() == []


def test_second_derivatives_by_matrices_have_the_digits_too():
    # In double precision the first entry of the Hessian, 2, was NaN.
    text, start = "sum(sqrt(1 + A^4)/(1 + A^2)) + sum(A^2)", {"A": [[1e100, 3.0]]}
    formula = shared_formula(function_of(text, start), Entries({"A": (1, 2)}, set()), 10**9)
    objective = ArrayObjective(formula, ("A[1,1]", "A[1,2]"), False, 5.0)
    at = np.ravel(start["A"])
    assert objective.hessian(at)[0, 0] == 2.0
    assert objective.product(at, np.array([1.0, 0.0]))[0] == 2.0
    assert objective.hessian(at)[1, 1] == pytest.approx(1.958908698492735, rel=1e-12)
    assert objective.notices() == []


def test_second_derivatives_with_respect_to_many_entries_have_a_notice():
    start = {"v": [1e100, *np.linspace(1.0, 2.0, 60)]}
    formula = shared_formula(function_of("sum(sqrt(1 + v^4)/(1 + v^2))", start), Entries({"v": (61,)}, set()), 10**9)
    objective = ArrayObjective(formula, tuple(f"v[{i}]" for i in range(61)), False, 5.0)
    objective.hessian(np.array(start["v"]))
    assert objective.notices() == [f"{LOST} these are second derivatives with respect to more than 60 entries"]


UNSEEN = [
    ("log(abs(det(A)))", {"A": [[4e200, 2.0], [1.0, -1e200]]}, math.log(4.0) + 400 * math.log(10.0)),
    ("det(A)*1e200", {"A": [[1e-200, 2e-180], [1e-170, 1e-150]]}, -1e-150),
    ("sum((A %*% v)*1e300)", {"A": [[1e-200, 2e-180], [1e-170, 1e-150]], "v": [1e-200, 1e-200]}, 1e-50),
    ("sum(v*1e200*v*1e200)/1e300", {"v": [1e-180, 1e-170]}, 1e-240),
    ("log(sum(gamma(v)))", {"v": [180.0, 49.0]}, math.lgamma(180.0)),
    ("log(sum(dnorm(v)))", {"v": [-180.0, -181.0]}, -16200.0 - 0.5 * math.log(2.0 * math.pi)),
    # mpmath: log(besselk(0, 780) + besselk(0, 790)) with 30 digits
    ("log(sum(besselK(v, 0)))", {"v": [780.0, 790.0]}, -783.1039706502686),
]


@pytest.mark.parametrize(("text", "start", "value"), UNSEEN)
def test_overflow_and_underflow_that_numpy_does_not_signal_cost_no_digits(text, start, value):
    f, slope = gradient_of(text, {name: np.asarray(v) for name, v in start.items()})
    assert f == pytest.approx(value, rel=1e-12, abs=0.0)
    assert np.isfinite(slope).all()
    values, norms, outcome = path_of(text, start, method=FixedRate(1e-300), max_steps=1, tolerance=0.0)
    assert values[0] == f
    assert norms[0] == pytest.approx(norm(slope), rel=1e-15)
    assert outcome.notices == ()


NAIVE = [
    ("sum(log(1 + exp(X %*% b)) - y*(X %*% b))", {"b": [2.0, -3.0]}),
    ("-sum(y*log(1/(1 + exp(-(X %*% b)))) + (1 - y)*log(1 - 1/(1 + exp(-(X %*% b)))))", {"b": [2.0, -3.0]}),
    ("-sum(t*log(exp(v)/sum(exp(v))))", {"v": [800.0, -800.0, 799.0]}),
    ("-sum(log(diag(exp(A)/rowSums(exp(A)))))", {"A": [[400.0, 2.0], [1.0, -1300.0]]}),
]
DATA = {"X": [[1.0, 2.0], [3.0, -400.0], [500.0, 1.0], [-2.0, 0.5]], "y": [1.0, 0.0, 1.0, 0.0], "t": [0.2, 0.3, 0.5]}
METHODS_OF_ALL_KINDS = [Momentum(0.01), Adam(0.5), LineSearch(), ConjugateGradient(), Newton(), Bfgs(), Lbfgs()]


@pytest.mark.parametrize(("text", "start"), NAIVE)
@pytest.mark.parametrize("method", METHODS_OF_ALL_KINDS, ids=lambda m: type(m).__name__)
def test_every_step_of_a_naive_loss_at_logits_of_800_has_the_numbers_of_gradient(text, start, method):
    shapes = {name: VariableShape(np.shape(v)) for name, v in start.items()}
    data = {name: np.array(v) for name, v in DATA.items() if name in text}
    function = read(text, Notation.R, shapes=shapes, data=data)
    given = tuple((name, np.array(v)) for name, v in start.items())
    bunches = list(descend(DescentRequest(function, given, method=method, max_steps=4, tolerance=0.0)))
    assert bunches[-1].outcome.notices == ()
    ((name, first),) = given
    for step in (s for bunch in bunches for s in bunch.steps):
        at = {name: np.reshape(step.point, first.shape)}
        answer = gradient_answer(function, function.variables, at, values_only=True)
        assert step.value == answer.value
        assert step.gradient_norm == pytest.approx(norm(np.ravel(answer.partials[0].values)), rel=1e-14)


def test_entries_chosen_by_the_point_are_left_to_doubles_with_a_notice():
    text = "sum(sqrt(1 + sort(v)^4))/1e200 + sum(v)"
    _, _, outcome = path_of(text, {"v": [1e100, 2.0, 3.0]}, method=FixedRate(1e-3), max_steps=1, tolerance=0.0)
    assert outcome.notices == (f"{LOST} which entries are taken depends on the point",)


def test_vectors_too_long_for_more_digits_have_a_notice():
    start = {"v": np.full(5000, 1e100)}
    _, _, outcome = path_of(
        "sum((1 + v^4)^(-0.1))*1e50 + sum(v)", start, method=FixedRate(1e-3), max_steps=1, tolerance=0.0
    )
    assert outcome.notices == (f"{LOST} the variables have more than 4000 entries",)


def test_the_time_for_more_digits_is_limited():
    limits = Limits(algebra_seconds=1e-9)
    _, _, outcome = path_of(*FAR_OUT[1], limits=limits, method=FixedRate(1e-3), max_steps=1, tolerance=0.0)
    assert outcome.notices == (f"{LOST} it takes too long",)


def test_moderate_paths_have_no_notice_and_the_value_of_the_text():
    values, _, outcome = path_of("sum((v - 1)^2)", {"v": [3.0, 1.0]}, method=FixedRate(0.25))
    assert values[0] == 4.0
    assert outcome.notices == ()


CHOSEN = ["sum(sort(v)^2)", "sum(v[v > 1])", "sum(cummax(v))"]


@pytest.mark.parametrize("text", CHOSEN)
def test_numbers_of_entries_are_not_made_where_the_point_chooses_them(text):
    at = {"v": np.array([1.5, 2.5, 0.5])}
    function = function_of(text, at)
    with pytest.raises(UnsupportedError, match="depends on the point"):
        EntryNumbers(function, function.outputs[0], at)


TEXTS = [
    "sum(exp(v)/sum(exp(w)))*s",
    "sum(cumsum(v)*rev(w)) + s^2",
    "sum((v %o% w)^2) + mean(v[-1]*w[-3])*s",
    "det(v %o% w + s*diag(3))",
    "sum(pmax(v, w)) + max(v)*s",
]


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_of_entries_hold_at_all_points_of_the_same_shapes(text):
    chance = np.random.default_rng(3)
    points = [{"v": chance.normal(size=3), "w": chance.normal(size=3), "s": float(chance.normal())} for _ in range(4)]
    function = function_of(text, points[0])
    numbers = EntryNumbers(function, function.outputs[0], points[0])
    for at in points:
        (expected,) = values_at(function, [function.outputs[0]], at)
        found = numbers(1, [x for v in at.values() for x in np.ravel(v).tolist()])
        assert found[0] == pytest.approx(expected, rel=1e-12)
        assert found[1:] == pytest.approx(gradient_of(text, at)[1], rel=1e-10, abs=1e-12)


def test_exponentials_that_are_denormal_numbers_keep_their_digits():
    # Relative to exp(745), exp(0) is 5e-324, which has no digits.
    text = "sum(v*sqrt(exp(v) + exp(3*(v - w)) + 1))"
    at = {"v": np.array([745.0, 1.0]), "w": np.array([745.0, 1.0])}
    expected = -745.0 * 1.5 * math.exp(-372.5)
    _, slope = gradient_of(text, at)
    assert slope[2] == pytest.approx(expected, rel=1e-12)
    _, norms, outcome = path_of(text, at, method=FixedRate(1e-3), max_steps=1, tolerance=0.0)
    assert norms[0] == pytest.approx(math.hypot(*slope), rel=1e-15)
    assert outcome.notices == ()
