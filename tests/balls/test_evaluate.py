"""Evaluate's enclosures: intervals around values and derivatives at many points."""

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secant.v1 import evaluate_pb2, expression_pb2
from secantd.answers.functions import FunctionCache
from secantd.balls import installed
from secantd.calculus import enclosures, evaluate
from secantd.errors import CalculusError, Reason
from secantd.interrupt import TakesLongError, no_time
from secantd.language import read
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.transport import cost
from secantd.transport.methods import evaluate as method

needs_flint = pytest.mark.skipif(not installed(), reason="python-flint is not installed")

COORDINATES = st.floats(-1e6, 1e6, allow_nan=False)


def polynomial(x: Fraction, y: Fraction) -> Iterator[Fraction]:
    """Return f, its gradient and its Hessian of x^3*y - 0.1*x*y^2 + 2*y."""
    tenth = Fraction(1, 10)
    yield x**3 * y - tenth * x * y**2 + 2 * y
    yield 3 * x**2 * y - tenth * y**2
    yield x**3 - 2 * tenth * x * y + 2
    yield 6 * x * y
    yield 3 * x**2 - 2 * tenth * y
    yield -2 * tenth * x


@needs_flint
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=4))
def test_enclosures_of_a_polynomial_contain_its_exact_values_and_are_two_doubles_wide(
    points: list[tuple[float, float]],
) -> None:
    f = read("x^3*y - 0.1*x*y^2 + 2*y")
    columns = {"x": np.array([x for x, _ in points]), "y": np.array([y for _, y in points])}
    found = evaluate(f, columns, 2, enclosed=True).enclosures
    assert [b.name for b in found] == ["", "x", "y", "x x", "x y", "y y"]
    for j, (x, y) in enumerate(points):
        for b, true in zip(found, polynomial(Fraction(x), Fraction(y)), strict=True):
            assert Fraction(b.lower[j]) <= true <= Fraction(b.upper[j])
            assert b.upper[j] <= np.nextafter(np.nextafter(b.lower[j], np.inf), np.inf)


@needs_flint
def test_without_the_request_there_are_none() -> None:
    assert evaluate(read("x^2"), {"x": np.array([1.0])}).enclosures == ()


@needs_flint
def test_where_nothing_is_known_the_bounds_are_infinite_and_a_notice_counts_the_points() -> None:
    answer = evaluate(read("abs(x)"), {"x": np.array([0.0, 1.0])}, 1, enclosed=True)
    value, slope = answer.enclosures
    assert (value.lower.tolist(), value.upper.tolist()) == ([0.0, 1.0], [0.0, 1.0])
    assert (slope.lower.tolist(), slope.upper.tolist()) == ([-math.inf, 1.0], [math.inf, 1.0])
    assert any("the exact derivative with respect to x at 1 point:" in n for n in answer.notices)


@needs_flint
def test_where_the_formula_has_no_value_the_bounds_are_nan() -> None:
    (value,) = evaluate(read("sqrt(x)"), {"x": np.array([-1.0, 4.0])}, enclosed=True).enclosures
    assert np.array_equal(value.lower, [math.nan, 2.0], equal_nan=True)
    assert np.array_equal(value.upper, [math.nan, 2.0], equal_nan=True)


@needs_flint
def test_a_constant_and_repeated_columns_have_enclosures() -> None:
    found = evaluate(read("a*x + 1/3"), {"a": np.array([2.0]), "x": np.array([1.0, 2.0])}, enclosed=True).enclosures
    assert [len(b.lower) for b in found] == [2]
    (constant,) = evaluate(read("1/3"), {}, enclosed=True).enclosures
    assert Fraction(constant.lower[0]) < Fraction(1, 3) < Fraction(constant.upper[0])


@needs_flint
def test_a_formula_that_is_too_large_has_infinite_bounds_and_the_reason() -> None:
    f = read("sum(d*x)", data={"d": np.ones(30_000)})
    answer = evaluate(f, {"x": np.array([1.0])}, enclosed=True)
    assert answer.enclosures[0].lower.tolist() == [-math.inf]
    assert "nothing is known of the exact values: it is too large" in answer.notices


@needs_flint
def test_more_points_than_the_limit_and_arrays_are_refused() -> None:
    with pytest.raises(CalculusError, match="1,001 points with enclosures") as error:
        evaluate(read("x"), {"x": np.zeros(1001)}, enclosed=True)
    assert error.value.reason is Reason.LIMIT_EXCEEDED
    with pytest.raises(CalculusError, match="vectors and matrices have no enclosures"):
        evaluate(read("sum(A %*% x)"), {"x": np.ones(2), "A": np.ones((2, 2))}, enclosed=True)
    one = Limits(enclosure_points=1)
    with pytest.raises(CalculusError, match="limit enclosure_points: 1"):
        evaluate(read("x"), {"x": np.zeros(2)}, enclosed=True, limits=one)


def test_without_python_flint_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosures, "installed", lambda: False)
    with pytest.raises(CalculusError, match="need python-flint") as error:
        evaluate(read("x"), {"x": np.zeros(2)}, enclosed=True)
    assert error.value.reason is Reason.MISSING_PART
    assert error.value.hint == 'install it: pip install "secant[proof]"'


@needs_flint
def test_a_request_with_enclosures_is_never_answered_on_the_event_loop() -> None:
    column = evaluate_pb2.EvaluateRequest().points.add(name="x", values=[1.0])
    request = evaluate_pb2.EvaluateRequest(
        expression=expression_pb2.Expression(text="x^2"), points=[column], enclosures=True
    )
    assert not cost.few_points(request)
    assert not cost.many_points(request)
    with no_time(), pytest.raises(TakesLongError):
        method.evaluate(request, FunctionCache(DEFAULT_LIMITS))
    reply = evaluate_pb2.EvaluateResponse.FromString(
        method.evaluate(request, FunctionCache(DEFAULT_LIMITS)).SerializeToString()
    )
    assert [(b.name, list(b.lower), list(b.upper)) for b in reply.enclosures] == [("", [1.0], [1.0])]
