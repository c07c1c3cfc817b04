"""Descents of functions of vectors and matrices: against other solvers, and what a request may not ask for."""

import numpy as np
import pytest
from secantd.descent import (
    METHODS,
    AdaGrad,
    Adam,
    Adamax,
    AmsGrad,
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
    Regime,
    RmsProp,
    StopReason,
    descend,
)
from secantd.errors import CalculusError, Reason
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.settings import Limits

CHANCE = np.random.default_rng(5)
X = CHANCE.normal(size=(40, 3))
Y = X @ [1.0, -2.0, 0.5] + CHANCE.normal(size=40)
Z = (CHANCE.uniform(size=40) < 0.5).astype(float)
SQUARES = "sum((y - X %*% b)^2)"
ROSENBROCK = "sum(100*(x[-1] - x[-length(x)]^2)^2 + (1 - x[-length(x)])^2)"
TARGET = CHANCE.normal(size=(6, 5))
FACTORS = {"U": CHANCE.normal(size=(6, 2)), "V": CHANCE.normal(size=(2, 5))}
COVARIANCE = np.cov(CHANCE.normal(size=(20, 3)).T)
NORMAL = "log(det(S)) + sum(diag(solve(S, C)))"


def request(text, start, data=None, symmetric=(), notation=None, **settings):
    """Return the request of a descent; the shapes are those of the start."""
    shapes = {name: VariableShape(np.shape(value), name in symmetric) for name, value in start.items()}
    start = {name: np.asarray(value, float) for name, value in start.items()}
    function = read(text, notation, data or {}, shapes=shapes)
    return DescentRequest(function, tuple(start.items()), zero_based=notation is Notation.PYTHON, **settings)


def bunches(*args, limits=None, **settings):
    return list(descend(request(*args, **settings), limits=limits))


def ended(*args, **settings):
    return bunches(*args, **settings)[-1].outcome


def squares(method, start=(0, 0, 0), **settings):
    return ended(SQUARES, {"b": start}, {"X": X, "y": Y}, method=method, **settings)


WAYS = [
    FixedRate(0.005), Momentum(0.002), Nesterov(0.002), AdaGrad(0.5), Adam(0.1), Adamax(0.1), AmsGrad(0.1), LineSearch(),
    ConjugateGradient(), Newton(), Bfgs(), Lbfgs(),
]  # fmt: skip


@pytest.mark.parametrize("method", WAYS, ids=lambda m: type(m).__name__)
def test_least_squares_are_those_of_lstsq(method):
    outcome = squares(method)
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.nature is Nature.MINIMUM
    np.testing.assert_allclose(outcome.point, np.linalg.lstsq(X, Y, rcond=None)[0], atol=1e-6)


def test_every_method_decreases_f_with_a_vector_as_a_start():
    assert {type(m) for m in WAYS} | {RmsProp} == set(METHODS.values())
    outcome = squares(RmsProp(0.001), max_steps=100, tolerance=0.0)
    assert outcome.value < np.sum(Y**2)


def test_a_fixed_rate_makes_the_steps_of_the_formula():
    found = bunches(SQUARES, {"b": [0, 0, 0]}, {"X": X, "y": Y}, method=FixedRate(0.004), max_steps=5, tolerance=0.0)
    b = np.zeros(3)
    for step in found[0].steps:
        np.testing.assert_allclose(step.point, b, rtol=1e-12, atol=1e-15)
        gradient = -2 * X.T @ (Y - X @ b)
        assert step.gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-12)
        b = b - 0.004 * gradient


@pytest.mark.parametrize("method", [FixedRate(0.004), Momentum(), Adam(), Adamax(), AmsGrad(), RmsProp(), Nesterov()])
def test_a_vector_moves_as_its_components_do(method):
    """The update rules are the same for arrays and for numbers."""
    whole = bunches("sum((x - 1)^4)", {"x": [0.5, 2]}, method=method, max_steps=20, tolerance=0.0)
    numbers = read("(x[1] - 1)^4 + (x[2] - 1)^4")
    plan = DescentRequest(numbers, (("x[1]", 0.5), ("x[2]", 2.0)), method=method, max_steps=20, tolerance=0.0)
    np.testing.assert_allclose(all_rows(whole), all_rows(descend(plan)), rtol=1e-13, atol=1e-13)


def all_rows(found):
    """The rows of all bunches of steps: how many bunches there are depends on the time."""
    return np.concatenate([bunch.steps.rows for bunch in found if len(bunch.steps.rows)])


def test_the_rate_of_a_quadratic_is_diagnosed_by_its_hessian():
    outcome = squares(FixedRate(0.004))
    most = np.linalg.eigvalsh(2 * X.T @ X)[-1]
    assert outcome.curvature == pytest.approx(most)
    assert outcome.rate_limit == pytest.approx(2 / most)
    assert outcome.predicted_steps == outcome.steps
    assert outcome.regime is Regime.CONVERGES
    assert squares(FixedRate(2.1 / most), max_steps=2000).regime is Regime.DIVERGES


def test_standard_errors_of_a_regression_are_those_of_its_normal_equations():
    outcome = ended("0.5*sum((y - X %*% b)^2)", {"b": [0, 0, 0]}, {"X": X, "y": Y}, standard_errors=True)
    np.testing.assert_allclose(outcome.standard_errors, np.sqrt(np.diag(np.linalg.inv(X.T @ X))), rtol=1e-9)


@pytest.mark.parametrize("method", [Newton(), Bfgs(), Lbfgs()], ids=lambda m: type(m).__name__)
def test_logistic_regression_is_a_solution_of_newtons_method(method):
    b = np.zeros(3)
    for _ in range(30):
        p = 1 / (1 + np.exp(-X @ b))
        b = b + np.linalg.solve(X.T @ (X * (p * (1 - p))[:, None]), X.T @ (Z - p))
    text = "sum(z * (X %*% b) - log(1 + exp(X %*% b)))"
    outcome = ended(text, {"b": [0, 0, 0]}, {"X": X, "z": Z}, method=method, maximize=True, tolerance=1e-9)
    assert outcome.nature is Nature.MAXIMUM
    np.testing.assert_allclose(outcome.point, b, atol=1e-8)


@pytest.mark.parametrize("size", [2, 7, 30])
@pytest.mark.parametrize("method", [Newton(), Bfgs(), Lbfgs()], ids=lambda m: type(m).__name__)
def test_rosenbrocks_function_of_any_length_ends_at_ones(size, method):
    # From -1.2 the function of 7 variables has another minimum.
    outcome = ended(ROSENBROCK, {"x": np.full(size, 0.5)}, method=method, tolerance=1e-8)
    assert outcome.reason is StopReason.CONVERGED
    np.testing.assert_allclose(outcome.point, np.ones(size), atol=1e-6)


@pytest.mark.parametrize("method", [Newton(), Lbfgs(), Adam(0.02)], ids=lambda m: type(m).__name__)
def test_a_factorization_reaches_the_best_one_and_claims_no_strict_minimum(method):
    outcome = ended("sum((M - U %*% V)^2)", FACTORS, {"M": TARGET}, method=method)
    # Eckart and Young: the squares of the singular values beyond the second.
    assert outcome.value == pytest.approx(np.sum(np.linalg.svd(TARGET)[1][2:] ** 2), rel=1e-6)
    # U Q and solve(Q) V are as good.
    assert outcome.nature is None


def test_a_network_decreases_step_by_step_and_names_the_entries_of_its_weights():
    text = "np.sum((y - W2 @ np.tanh(W1 @ X.T))**2)"
    start = {"W1": CHANCE.normal(size=(4, 3)), "W2": CHANCE.normal(size=(1, 4))}
    plan = request(text, start, {"X": X, "y": Y}, notation=Notation.PYTHON, method=LineSearch(), max_steps=30)
    assert plan.variables[:4] == ["W1[0,0]", "W1[0,1]", "W1[0,2]", "W1[1,0]"]
    assert plan.variables[-1] == "W2[0,3]"
    steps = [step for bunch in descend(plan) for step in bunch.steps]
    values = [step.value for step in steps]
    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0] / 2
    w1, w2 = np.split(np.array(steps[-1].point), [12])
    assert values[-1] == pytest.approx(np.sum((Y - w2 @ np.tanh(w1.reshape(4, 3) @ X.T)) ** 2))


@pytest.mark.parametrize(
    "method", [Newton(), Bfgs(), Lbfgs(), FixedRate(0.05), Adam(0.05)], ids=lambda m: type(m).__name__
)
def test_a_symmetric_matrix_stays_symmetric(method):
    start = {"S": np.eye(3)}
    found = bunches(NORMAL, start, {"C": COVARIANCE}, {"S"}, method=method)
    for bunch in found:
        points = bunch.steps.rows[:, :9].reshape(-1, 3, 3)
        assert np.array_equal(points, points.transpose(0, 2, 1))
    outcome = found[-1].outcome
    assert outcome.reason is StopReason.CONVERGED
    assert outcome.nature is Nature.MINIMUM
    np.testing.assert_allclose(np.reshape(outcome.point, (3, 3)), COVARIANCE, atol=1e-4)


def test_standard_errors_of_a_symmetric_matrix_are_those_of_its_free_entries():
    start = {"S": np.eye(2)}
    whole = ended(
        "sum((S - C)^2 * W)/2", start, {"C": COVARIANCE[:2, :2], "W": np.array([[2.0, 3], [3, 5]])}, {"S"},
        standard_errors=True,
    )  # fmt: skip
    # With s = S[1,2] = S[2,1] the second derivative is 3 + 3.
    np.testing.assert_allclose(whole.standard_errors, [2**-0.5, 6**-0.5, 6**-0.5, 5**-0.5])


def test_numbers_vectors_and_matrices_are_minimized_together():
    text = "sum((A - 2)^2) + sum((v - s)^2) + (s - 3)^2"
    outcome = ended(text, {"s": 0, "A": [[1, 2], [3, 4]], "v": [1, 2]})
    np.testing.assert_allclose(outcome.point, [3, 2, 2, 2, 2, 3, 3], atol=1e-6)
    newton = ended(text, {"s": 0, "A": [[1, 2], [3, 4]], "v": [1, 2]}, method=Newton())
    np.testing.assert_allclose(newton.point, outcome.point, atol=1e-6)


def test_a_parameter_that_does_not_occur_stays():
    plan = request("function(x, y) sum(x^2)", {"x": [1, 2], "y": 5})
    assert list(descend(plan))[-1].outcome.point == pytest.approx((0, 0, 5), abs=1e-6)


def test_data_matrices_are_minimized_over_numbers():
    outcome = ended("sum((y - X %*% c(a, b, d))^2)", {"a": 0, "b": 0, "d": 0}, {"X": X, "y": Y})
    np.testing.assert_allclose(outcome.point, np.linalg.lstsq(X, Y, rcond=None)[0], atol=1e-6)


def test_bounds_hold_entries_and_whole_variables():
    target = {"t": np.array([3.0, -4.0])}
    whole = ended("sum((x - t)^2)", {"x": [0, 0]}, target, method=Lbfgs(), bounds=(Bound("x", -1, 1),))
    assert whole.point == (1.0, -1.0)
    entry = ended("sum((x - t)^2)", {"x": [0, 0]}, target, method=Lbfgs(), bounds=(Bound("x[ 2 ]", -1, 1),))
    assert entry.point == pytest.approx((3, -1))
    mirrored = ended("sum((S - 2)^2)", {"S": np.eye(2)}, {}, {"S"}, method=Lbfgs(), bounds=(Bound("S[1,2]", 0, 1),))
    assert mirrored.point == pytest.approx((2, 1, 1, 2))


def test_many_starts_list_their_optima():
    starts = {"x[1]": np.array([2.0, -2, 2]), "x[2]": np.array([-2.0, -2, -3])}
    outcome = ended("sum((x^2 - 1)^2) + 0.1*sum(x)", {"x": [2, 2]}, starts=tuple(starts.items()))
    assert [o.starts for o in outcome.optima] == [1, 2, 1]
    assert outcome.point == pytest.approx(outcome.optima[0].point)
    assert outcome.point[0] == pytest.approx(outcome.point[1], abs=1e-5) != 1
    assert {o.nature for o in outcome.optima} == {Nature.MINIMUM}


def test_digits_do_not_depend_on_what_is_traced():
    def paths(every):
        return bunches(ROSENBROCK, {"x": [-1.2, 1, 0.3]}, method=Adam(), max_steps=3000, trace_every=every)

    all_steps, some = paths(0), paths(1000)
    assert all_steps[-1].outcome == some[-1].outcome
    one = {step.number: step for bunch in all_steps for step in bunch.steps}
    assert all(one[step.number] == step for bunch in some for step in bunch.steps)


def test_a_path_that_leaves_the_domain_or_diverges_ends():
    assert ended("sum(log(x))", {"x": [1, 2]}, method=FixedRate(10)).reason is StopReason.NOT_FINITE
    assert ended("sum(x^4)", {"x": [3, 4]}, method=FixedRate(1)).reason is StopReason.DIVERGED
    assert ended("-sum(x^2)", {"x": [3, 4]}, method=Lbfgs()).reason is StopReason.DIVERGED


def test_a_descent_can_be_closed_between_bunches():
    steps = descend(
        request(SQUARES, {"b": [0, 0, 0]}, {"X": X, "y": Y}, method=FixedRate(1e-9), trace_every=10_000_000)
    )
    assert next(steps).steps[0].number == 0
    assert next(steps).steps == []
    steps.close()


def test_a_bunch_of_long_steps_fits_a_message():
    start = {"x": np.linspace(0, 1, 6_000)}
    for bunch in bunches("sum((x - 1)^2)", start, method=FixedRate(0.01), max_steps=40, tolerance=0.0):
        assert bunch.steps.rows.nbytes < 2**20


def test_dense_methods_have_a_limit_of_their_own():
    start = {"x": np.zeros(20)}
    with pytest.raises(CalculusError, match="bfgs needs a matrix of 400 entries for 20 variables") as caught:
        ended("sum((x - 1)^2)", start, limits=Limits(array_entries=399))
    assert caught.value.reason is Reason.LIMIT_EXCEEDED
    assert "lbfgs" in str(caught.value)
    assert bunches("sum((x - 1)^2)", start, method=Lbfgs(), limits=Limits(array_entries=399))


def test_a_start_that_does_not_conform_names_both_shapes():
    function = read("sum((y - X %*% b)^2)", data={"X": X, "y": Y})
    with pytest.raises(
        CalculusError, match="'b' is a vector of length 2, but the formula needs a vector of length 3"
    ) as e:
        list(descend(DescentRequest(function, (("b", np.zeros(2)),))))
    assert e.value.field == "start[0]"
    free = read("sum((y - X %*% b)^2)")
    start = (("y", Y), ("X", X), ("b", np.zeros((3, 1))))
    with pytest.raises(CalculusError, match="'b' is a 3 x 1 matrix, but the formula needs a vector of length 3") as e:
        list(descend(DescentRequest(free, start)))
    assert e.value.field == "start[2]"


REFUSED = [
    ({}, "no value for 'b'", "start"),
    ({"b": [0, 0, 0], "c": [1]}, "'c', which is not a variable", "start[1]"),
    ({"b": [0, np.nan, 0]}, "an entry of 'b' is nan", "start[0].values"),
    ({"b": [0, np.inf, 0]}, "an entry of 'b' is inf", "start[0].values"),
    ({"b": []}, "the start of 'b' is empty", "start[0].values"),
    ({"b": np.zeros((3, 1, 1))}, "the start of 'b' is an array of 3 dimensions", "start[0].values"),
]


@pytest.mark.parametrize(("start", "message", "field"), REFUSED)
def test_a_wrong_start_is_refused(start, message, field):
    function = read(SQUARES, data={"X": X, "y": Y})
    plan = DescentRequest(function, tuple((name, np.array(value, float)) for name, value in start.items()))
    with pytest.raises(CalculusError, match=message) as caught:
        list(descend(plan))
    assert caught.value.field == field


WRONG = [
    ({"bounds": (Bound("x[3]", 0, 1),), "method": Lbfgs()}, r"'x\[3\]' is not a variable of the start"),
    ({"bounds": (Bound("x", 0, 1), Bound("x[1]", 0, 1)), "method": Lbfgs()}, r"'x\[1\]' is bounded twice"),
    ({"bounds": (Bound("x", 0, 1),)}, "bfgs does not support bounds"),
    ({"bounds": (Bound("x[2]", 1, 0),), "method": Lbfgs()}, "is empty"),
    ({"starts": (("x[1]", np.ones(2)),)}, r"no value for 'x\[2\]'"),
    ({"starts": (("x", np.ones(2)),)}, "'x', which is not a variable"),
    ({"method": FixedRate(-1)}, "rate is -1"),
    ({"max_steps": -1}, "max_steps is -1"),
]


@pytest.mark.parametrize(("settings", "message"), WRONG)
def test_wrong_settings_are_refused(settings, message):
    with pytest.raises(CalculusError, match=message):
        ended("sum((x - 1)^2)", {"x": [0, 0]}, **settings)


def test_only_numbers_are_minimized():
    with pytest.raises(CalculusError, match="vector or a matrix, but this call needs a number"):
        ended("A %*% x", {"A": np.eye(2), "x": [1, 2]})
