"""Descents over sums of rows: every method ends where a descent of sum(...) over data ends."""

import numpy as np
import pytest
from secantd import descent
from secantd.descent import DescentRequest, StopReason, SummedObjective, descend, descend_objective
from secantd.errors import CalculusError
from secantd.language import read
from secantd.rows import RowFormula, reduce_in_order, sums

RNG = np.random.default_rng(3)
X, Z = RNG.normal(size=400), RNG.normal(size=400)
Y = (RNG.random(400) < 1 / (1 + np.exp(-(0.3 + X - 0.5 * Z)))).astype(float)
DATA = {"x": X, "y": Y, "z": Z}
TEXT = "y*(a + b*x + c*z) - log1p(exp(a + b*x + c*z))"
NAMES = ("a", "b", "c")


def total(x, order):
    """The sum over three partitions."""
    formula = RowFormula(TEXT, tuple(DATA), variables=NAMES, order=order)
    at = dict(zip(NAMES, x.tolist(), strict=True))
    parts = [{n: c[k : k + 150] for n, c in DATA.items()} for k in range(0, 400, 150)]
    found = reduce_in_order(sums(formula, part, at) for part in parts)
    return found.value, found.gradient, found.hessian if order > 1 else np.empty(0)


def request(method, **more):
    return DescentRequest(
        read(TEXT), tuple((n, 0.0) for n in NAMES), maximize=True, method=method, tolerance=1e-7, **more
    )


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(descent.Newton(), id="newton"),
        pytest.param(descent.Bfgs(), id="bfgs"),
        pytest.param(descent.Lbfgs(), id="lbfgs"),
        pytest.param(descent.ConjugateGradient(), id="conjugate-gradient"),
        pytest.param(descent.Adam(rate=0.05), id="adam"),
        pytest.param(descent.FixedRate(rate=0.01), id="fixed-rate"),
        pytest.param(descent.LineSearch(), id="line-search"),
    ],
)
def test_a_descent_over_rows_ends_where_one_over_data_ends(method):
    objective = SummedObjective(NAMES, True, total)
    *_, last = descend_objective(objective, request(method, max_steps=2000, standard_errors=True))
    whole = DescentRequest(
        read(f"sum({TEXT})", None, DATA),
        tuple((n, 0.0) for n in NAMES),
        maximize=True,
        tolerance=1e-9,
        standard_errors=True,
    )
    *_, expected = descend(whole)
    assert last.outcome.reason is StopReason.CONVERGED
    assert last.outcome.point == pytest.approx(expected.outcome.point, abs=1e-7)
    assert last.outcome.standard_errors == pytest.approx(expected.outcome.standard_errors, rel=1e-6)
    assert "maximum" in last.outcome.message


def test_newtons_method_needs_a_pass_for_each_step_and_few_more():
    objective = SummedObjective(NAMES, True, total)
    *_, last = descend_objective(objective, request(descent.Newton()))
    assert objective.passes <= 2 * last.outcome.steps + 6


def test_newtons_method_reaches_the_minimum_of_a_quadratic_in_one_step_from_a_start_of_zeros():
    rows = 1e8

    def squares(x, order):
        apart = x - np.array([2.0, -3.0])
        return rows * float(apart @ apart), 2 * rows * apart, 2 * rows * np.eye(2)

    objective = SummedObjective(("a", "b"), False, squares)
    at = DescentRequest(read("a^2 + b^2"), (("a", 0.0), ("b", 0.0)), method=descent.Newton())
    *_, last = descend_objective(objective, at)
    assert last.outcome.steps == 1
    # Two of the start, one of the step, and four beside the minimum, which may be one of a jump.
    assert objective.passes <= 7


def test_methods_with_rates_take_one_batch_for_each_step():
    taken = []

    def batch(x, order):
        begin = 100 * (len(taken) % 4)
        taken.append(begin)
        part = {n: c[begin : begin + 100] for n, c in DATA.items()}
        at = dict(zip(NAMES, x.tolist(), strict=True))
        found = sums(RowFormula(TEXT, tuple(DATA), variables=NAMES, order=1), part, at)
        return 4.0 * found.value, 4.0 * found.gradient, np.empty(0)

    objective = SummedObjective(NAMES, True, total, batch)
    *_, last = descend_objective(objective, request(descent.Adam(rate=0.02), max_steps=400))
    assert last.outcome.steps == 400
    assert 400 <= len(taken) <= 410
    assert last.outcome.point == pytest.approx((0.3, 1.0, -0.5), abs=0.5)


def test_a_variable_of_the_sum_needs_a_start():
    objective = SummedObjective(NAMES, True, total)
    wrong = DescentRequest(read(TEXT), (("a", 0.0), ("b", 0.0)), maximize=True)
    with pytest.raises(CalculusError, match="no value for 'c'"):
        list(descend_objective(objective, wrong))
