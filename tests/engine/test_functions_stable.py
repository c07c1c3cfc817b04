"""log(1 + exp(u)) and exp(u)/(1 + exp(u)) are finite where they overflow as they are written, and print as ever."""

import math

import mpmath as mp
import numpy as np
import pytest
from secantd.calculus import differentiate, gradient_answer
from secantd.expression import Graph
from secantd.language import read
from secantd.program import compile
from secantd.program.tape import record

PLACES = [-800.0, -745.0, -40.0, -3.2, -1e-9, 0.0, 0.4, 36.5, 709.0, 800.0, 1e300]


@pytest.mark.parametrize("x", PLACES)
@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("formula", ["log(1 + exp(x))", "log(exp(x) + 1)", "log1p(exp(x))", "1/(1 + exp(-x))"])
def test_softplus_and_its_derivatives_are_finite_everywhere(formula: str, order: int, x: float) -> None:
    f = read(formula)
    derivative = read(differentiate(f, ["x"] * order).derivative.text) if order else f
    (got,) = compile(derivative.outputs, ["x"]).point([x])
    with mp.workdps(400):
        e = mp.exp(-abs(mp.mpf(x)))
        s = (1 if x >= 0 else e) / (1 + e)
        t = e / (1 + e) ** 2
        values = [max(mp.mpf(x), 0) + mp.log1p(e), s, t, t * (1 - 2 * s), t * (1 - 6 * s + 6 * s * s)]
        expected = float(values[order + 1 if formula.startswith("1/") else order])
    # Beside a sum that cancels, its terms count.
    slack = 1e-15 if order > 1 or formula.startswith("1/") else 0.0
    assert got == pytest.approx(expected, rel=1e-13, abs=max(slack, 1e-300))


def test_the_printed_derivative_is_that_of_deriv() -> None:
    assert differentiate(read("log(1 + exp(x))"), ["x"]).derivative.text == "exp(x)/(1 + exp(x))"
    assert (
        differentiate(read("log(1 + exp(a + b*x))"), ["b"]).derivative.text == "x * exp(a + b * x)/(1 + exp(a + b * x))"
    )


@pytest.mark.parametrize("x", PLACES)
def test_the_gradient_in_reverse_is_as_stable(x: float) -> None:
    f = read("y * (a + b*x) - log(1 + exp(a + b*x))")
    answer = gradient_answer(f, ["a", "b"], at={"a": 0.0, "b": 1.0, "x": x, "y": 0.0}, values_only=True)
    by_a, by_b = (p.value for p in answer.partials)
    expected = (1.0 if x >= 0 else math.exp(x)) / (1.0 + math.exp(-abs(x)))
    assert by_a == pytest.approx(-expected, rel=1e-13)
    assert by_b == pytest.approx(-expected * x, rel=1e-13)


def test_the_likelihood_of_a_logistic_regression_keeps_its_numbers() -> None:
    columns = {"x": np.array([-800.0, -1.0, 0.5, 800.0]), "y": np.array([0.0, 1.0, 1.0, 1.0])}
    f = read("sum(y * (a + b*x) - log(1 + exp(a + b*x)))", data=columns)
    point = {"a": 0.25, "b": 1.5}
    u = 0.25 + 1.5 * columns["x"]
    answer = gradient_answer(f, ["a", "b"], at=point, values_only=True)
    rest = columns["y"] - np.where(u < 0, np.exp(-np.abs(u)), 1.0) / (1.0 + np.exp(-np.abs(u)))
    assert answer.value == pytest.approx(float(np.sum(columns["y"] * u - np.logaddexp(0.0, u))), rel=1e-13)
    assert [p.value for p in answer.partials] == pytest.approx([rest.sum(), (rest * columns["x"]).sum()], rel=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        "log(2 + exp(x))",
        "exp(x)/(1 + exp(y))",
        "exp(x)/(2 + exp(x))",
        "log(1 + x)",
        "(1 + exp(x))/exp(x)",
        "x/(1 + exp(x))",
    ],
)
def test_other_formulas_are_computed_as_they_are_written(formula: str) -> None:
    tape = record(read(formula).outputs, ["x", "y"], {})
    assert not {"softplus", "expit"} & {i.op for i in tape.code}


@pytest.mark.parametrize("u", [*PLACES, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("op", ["softplus", "expit"])
def test_many_points_at_once_give_what_one_point_gives(op: str, u: float) -> None:
    g = Graph()
    program = compile([g.make(op, g.symbol("u"))], ["u"])
    (one,) = program.point([u])
    (many,) = program.batch([np.array([u, 1.0])])
    assert many[0] == pytest.approx(one, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize("x", [-1e8, -1e5, -40.0, -3.0, 0.0, 5.0, 36.0])
@pytest.mark.parametrize("tail", ["", ", lower.tail = FALSE"])
def test_the_slope_of_a_log_probability_is_right_however_far_in_the_tail(tail: str, x: float) -> None:
    derivative = differentiate(read(f"pnorm(x, 1, 2{tail}, log.p = TRUE)"), ["x"], at={"x": 1 + 2 * x}).derivative
    with mp.workdps(40):
        z = mp.mpf(x) if not tail else -mp.mpf(x)
        # DLMF 7.12.1 beyond what mpmath computes directly.
        tail_ratio = mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi) / mp.ncdf(z) if abs(z) < 1e3 else max(-z - 1 / z, 0)
        expected = float(tail_ratio / 2 * (-1 if tail else 1))
    assert derivative.value == pytest.approx(expected, rel=1e-12)
    assert "exp(dnorm(x, 1, 2, log = TRUE) - pnorm(x, 1, 2" in derivative.text
