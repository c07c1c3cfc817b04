"""1 - F and log(1 - F) keep their digits where F is close to 1."""

import mpmath
import numpy as np
import pytest
from secantd.calculus import evaluate, gradient_answer
from secantd.language import read

M = mpmath.mp.clone()
M.dps = 200
# f, the same by mpmath, and points at which F is near 1, or equal to it in doubles.
FORMULAS = [
    ("1 - plogis(x)", lambda x: 1 / (1 + M.exp(x)), (-3.0, 20.0, 40.0, 700.0)),
    ("1 - pnorm(x)", lambda x: M.erfc(x / M.sqrt(2)) / 2, (-3.0, 6.0, 9.0, 30.0)),
    ("1 - pnorm(x, 1, 2)", lambda x: M.erfc((x - 1) / (2 * M.sqrt(2))) / 2, (-3.0, 15.0, 30.0)),
    ("1 - pexp(x, 3)", lambda x: M.exp(-3 * x), (1.0, 15.0, 100.0)),
    ("1 - pexp(x, 3, FALSE)", lambda x: -M.expm1(-3 * x), (1e-20, 1.0)),
    ("1 - erf(x)", lambda x: M.erfc(x), (-2.0, 5.0, 20.0)),
    ("1 - erfc(x)", lambda x: M.erf(x), (1e-20, 2.0)),
    ("1 - tanh(x)", lambda x: 2 / (1 + M.exp(2 * x)), (-3.0, 20.0, 300.0)),
    ("1 - exp(x)", lambda x: -M.expm1(x), (-1e-20, -3.0, 2.0)),
    ("log(1 - plogis(x))", lambda x: -M.log(1 + M.exp(x)), (-3.0, 40.0, 800.0)),
    ("log(1 - pnorm(x))", lambda x: M.log(M.erfc(x / M.sqrt(2)) / 2), (-3.0, 9.0, 40.0)),
    ("log(pnorm(x))", lambda x: M.log(M.erfc(-x / M.sqrt(2)) / 2), (-40.0, -9.0, 3.0)),
    ("log(1 - tanh(x))", lambda x: M.log(2) - M.log(1 + M.exp(2 * x)), (-3.0, 20.0, 400.0)),
    ("log(1 - exp(x))", lambda x: M.log(-M.expm1(x)), (-1e-20, -0.5, -3.0, -50.0)),
]


@pytest.mark.parametrize(("text", "true", "points"), FORMULAS)
def test_a_complement_and_its_derivatives_have_ten_digits(text, true, points):
    for x in points:
        found = evaluate(read(text), {"x": np.array([x])}, 2)
        h = M.mpf(10) ** -25 * max(abs(x), M.mpf(10) ** -25)
        below, here, above = (true(M.mpf(x) + s * h) for s in (-1, 0, 1))
        slope, curvature = (above - below) / (2 * h), (above - 2 * here + below) / h**2
        for ours, value in zip(
            (found.values, *(column for _, column in found.derivatives)), (here, slope, curvature), strict=True
        ):
            assert float(np.ravel(ours)[0]) == pytest.approx(float(value), rel=1e-10, abs=1e-300), (text, x)


def test_every_probability_of_the_table_has_its_complement():
    from secantd.program.complements import PROBABILITIES

    assert {"pnorm", "plogis", "pgamma", "pbeta", "pt", "pbinom", "ppois"} <= PROBABILITIES
    found = gradient_answer(read("log(1 - pgamma(x, 2))"), at={"x": 800.0})
    assert found.value == pytest.approx(-800 + np.log(801), rel=1e-12)
    assert found.partials[0].value == pytest.approx(-800 / 801, rel=1e-10)


def test_a_printed_derivative_is_that_of_the_authors_text():
    assert gradient_answer(read("log(1 - plogis(x))")).partials[0].text == "-(dlogis(x)/(1 - plogis(x)))"
