"""Difference quotients beside the exact derivative."""

import math

import numpy as np
import pytest
from secantd.analysis import approximate
from secantd.errors import CalculusError, Reason
from secantd.language import read
from secantd.numeric import Scheme

ORDERS = {Scheme.FORWARD: 1, Scheme.BACKWARD: 1, Scheme.CENTRAL: 2, Scheme.FIVE_POINT: 4}


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        (Scheme.CENTRAL, 3.9999999999995595),
        (Scheme.FORWARD, 4.000999999999699),
        (Scheme.BACKWARD, 3.9989999999994197),
    ],
)
def test_the_given_h_is_taken_literally_to_the_last_digit(scheme, value):
    assert approximate(read("x**2"), {"x": 2.0}, scheme, 10e-4).partials[0].value == value


@pytest.mark.parametrize("scheme", ORDERS)
def test_halving_h_divides_the_error_by_two_to_the_order(scheme):
    f = read("exp(sin(x))")
    errors = [approximate(f, {"x": 0.8}, scheme, h).partials[0].error for h in (0.04, 0.02)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(ORDERS[scheme], abs=0.1)


@pytest.mark.parametrize("scheme", [*ORDERS, Scheme.COMPLEX_STEP])
def test_the_truncation_term_is_most_of_the_error_of_a_large_h(scheme):
    p = approximate(read("exp(x)"), {"x": 1.0}, scheme, 1e-2).partials[0]
    assert p.truncation == pytest.approx(p.error, rel=0.02)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize(
    ("text", "at"),
    [("sin(x)", 1000.0), ("1/x", 1e-3), ("x^2", 1e8), ("exp(-x)", 5.0), ("log(x)", 0.5), ("x^3", 0.0), ("sin(x)", 0.0)],
)
def test_the_default_step_errs_by_no_more_than_its_two_parts(scheme, text, at):
    p = approximate(read(text), {"x": at}, scheme).partials[0]
    assert abs(p.error) <= 2 * (abs(p.truncation) + p.rounding) + 1e-15


@pytest.mark.parametrize("text", ["sin(x)", "sin(x)*x"])
def test_the_default_step_is_right_for_a_function_that_varies_faster_than_x(text):
    for scheme in (Scheme.CENTRAL, Scheme.FIVE_POINT, Scheme.RICHARDSON):
        p = approximate(read(text), {"x": 1000.0}, scheme).partials[0]
        assert p.value == pytest.approx(p.exact, rel=1e-7)


@pytest.mark.parametrize("text", ["x*exp(y) + z^2", "sin(x*y)/z", "log(x + y*z)", "x^y + abs(z)"])
def test_the_gradient_of_several_variables_agrees_with_the_exact_one(text):
    at = {"x": 0.7, "y": 1.3, "z": 2.1}
    for scheme, tolerance in [(Scheme.CENTRAL, 1e-8), (Scheme.RICHARDSON, 1e-10), (Scheme.COMPLEX_STEP, 1e-14)]:
        for p in approximate(read(text), at, scheme).partials:
            assert p.value == pytest.approx(p.exact, rel=tolerance, abs=tolerance)


def test_a_gradient_is_one_batch_of_shifted_points():
    names = [f"x{i}" for i in range(100)]
    answer = approximate(
        read(" + ".join(f"{n}^2" for n in names)), {n: float(i) for i, n in enumerate(names)}, step=1e-4
    )
    assert [p.value for p in answer.partials] == pytest.approx([2.0 * i for i in range(100)], rel=1e-6, abs=1e-6)


def test_the_sweep_finds_the_best_h_where_truncation_and_rounding_balance():
    answer = approximate(read("exp(x)"), {"x": 1.0}, Scheme.CENTRAL, sweep=True)
    assert 1e-6 < answer.best_step < 3e-5
    assert min(p.error for p in answer.sweep) < 2e-11
    assert "balance near h = 1e-05" in answer.reason
    steps = [p.step for p in answer.sweep]
    assert steps == sorted(steps, reverse=True)


def test_a_sweep_has_ten_steps_a_decade_down_to_the_rounding_error_of_one():
    steps = [p.step for p in approximate(read("exp(x)"), {"x": 0.0}, Scheme.CENTRAL, sweep=True).sweep]
    assert (steps[0], steps[10], steps[-1], len(steps)) == (1.0, 0.1, 1e-16, 161)


def test_without_a_third_derivative_a_larger_h_is_better():
    answer = approximate(read("x^2"), {"x": 2.0}, Scheme.CENTRAL, sweep=True)
    assert "no truncation error" in answer.reason
    assert answer.best_step > 1e-3


@pytest.mark.parametrize("step", [0.0, math.nan, math.inf, 1e-30])
def test_an_h_that_is_none_is_refused(step):
    with pytest.raises(CalculusError) as error:
        approximate(read("x^2"), {"x": 1.0}, step=step)
    assert (error.value.reason, error.value.field) == (Reason.INVALID_VALUE, "step")


@pytest.mark.parametrize(("text", "at", "step"), [("log(x)", -1.0, None), ("log(x)", 1e-9, 1e-3), ("1/x", 0.0, None)])
def test_outside_the_domain_there_are_no_differences(text, at, step):
    with pytest.raises(CalculusError) as error:
        approximate(read(text), {"x": at}, step=step)
    assert error.value.reason is Reason.UNDEFINED_AT_POINT


def test_the_complex_step_takes_the_branch_of_the_real_part():
    for text, at, slope in [
        ("abs(x)", -2.0, -1.0),
        ("pmax(x, x^2)", 3.0, 6.0),
        ("ifelse(x > 0, x^3, x)", -1.0, 1.0),
        ("(-x)^3", 2.0, -12.0),
    ]:
        assert approximate(read(text), {"x": at}, Scheme.COMPLEX_STEP).partials[0].value == pytest.approx(
            slope, rel=1e-14
        )


def test_a_sweep_is_for_one_variable():
    with pytest.raises(CalculusError, match="one variable"):
        approximate(read("x*y"), {"x": 1.0, "y": 1.0}, sweep=True)


def test_data_columns_stay_what_they_are():
    f = read("sum((y - a*x)^2)", data={"x": np.array([1.0, 2.0]), "y": np.array([2.0, 5.0])})
    p = approximate(f, {"a": 1.0}).partials[0]
    assert p.value == pytest.approx(p.exact, rel=1e-9)
