"""Loops over data in Check, Descend, Evaluate with data, and for vectors whose derivative has no form as a matrix."""

import numpy as np
import pytest
from secantd.calculus import hessian, jacobian
from secantd.calculus.evaluate import evaluate
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.descent import Bfgs, DescentRequest, descend
from secantd.errors import CalculusError
from secantd.language import Notation, read

SMOOTHED = "{ h <- 0; for (v in r) h <- a*h + v; h }"
GARCH = """{
  h <- mean(r^2); s <- 0
  for (i in 2:length(r)) { h <- w + a*r[i-1]^2 + b*h; s <- s + 0.5*(log(2*pi*h) + r[i]^2/h) }
  s
}"""

CLAIMS = [
    pytest.param("{ h <- 0; d <- 0; for (v in r) { d <- h + a*d; h <- a*h + v }; d }", "a", Verdict.AGREES, id="right"),
    pytest.param("{ h <- 0; d <- 0; for (v in r) { d <- h; h <- a*h + v }; d }", "a", Verdict.REFUTED, id="a term is missing"),
    pytest.param("a^(length(r) - seq_along(r))", "r", Verdict.AGREES, id="by the data"),
    pytest.param("a^(seq_along(r) - 1)", "r", Verdict.REFUTED, id="in the wrong order"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "variable", "verdict"), CLAIMS)
def test_claims_about_loops_are_judged(claim, variable, verdict):
    function = read(SMOOTHED, Notation.R, variables=[variable])
    claimed = read(claim, Notation.R, shapes=function.shapes(), variables=[variable])
    assert judge(function, claimed, [variable]).verdict is verdict


def simulated(rows):
    chance, h, found = np.random.default_rng(3), 0.1, []
    for _ in range(rows):
        found.append(np.sqrt(h) * chance.normal())
        h = 0.02 + 0.1 * found[-1] ** 2 + 0.8 * h
    return np.array(found)


def test_garch_is_fitted_to_ten_thousand_rows():
    function = read(GARCH, Notation.R, {"r": simulated(10_000)})
    start = (("w", np.asarray(0.05)), ("a", np.asarray(0.05)), ("b", np.asarray(0.7)))
    outcome = list(descend(DescentRequest(function, start, method=Bfgs())))[-1].outcome
    # The likelihood of the fit is better than that of the parameters that made the data, which are near it.
    assert outcome.point == pytest.approx((0.02, 0.1, 0.8), abs=0.02)
    assert outcome.gradient_norm < 1e-4


def test_the_jacobian_by_the_data_has_its_values_although_no_matrix_is_its_formula():
    function = read(
        "{ h <- numeric(length(r)); h[1] <- 1; for (i in 2:length(r)) h[i] <- a*h[i-1] + r[i]; h }", Notation.R
    )
    ((block,),) = jacobian(function, ["r"], {"a": 0.5, "r": np.arange(1.0, 5.0)}).rows
    wanted = [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0.5, 1, 0], [0, 0.25, 0.5, 1]]
    np.testing.assert_allclose(block.values, wanted)


def test_the_hessian_by_a_vector_of_parameters_has_the_values_of_the_unrolled_loop():
    text = "{ h <- 0; for (v in r) h <- tanh(p[1]*h + p[2]*v + p[3]); h + sum(p) }"
    r = np.array([0.3, -0.2, 0.7, 0.1])
    at = {"p": np.array([0.5, 0.3, 0.2])}
    ((found,),) = hessian(read(text, Notation.R, variables=["p"]), ["p"], {**at, "r": r}).rows
    ((wanted,),) = hessian(read(text, Notation.R, {"r": r}, variables=["p"]), ["p"], at).rows
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-9)


PYTHON = {
    "s = 0\nfor i, v in enumerate(r):\n    s = a*s + v*i\ns": lambda r, z: enumerate(r),
    "s = 0\nfor u, v in zip(r, z):\n    s = a*s + u*v\ns": zip,
}


@pytest.mark.parametrize("text", PYTHON)
@pytest.mark.parametrize("rows", [4, 200])
def test_loops_of_python_have_several_names(text, rows):
    r, z = np.random.default_rng(rows).normal(size=(2, rows))
    wanted = 0.0
    for u, v in PYTHON[text](r, z):
        wanted = 0.5 * wanted + u * v
    f = read(text, Notation.PYTHON, variables=["a"])
    point = {n: v for n, v in {"a": 0.5, "r": r, "z": z}.items() if n in f.variables}
    assert evaluate(f, point, 0, ()).values[0] == pytest.approx(wanted)
    f = read(text, Notation.PYTHON, {"r": r, "z": z})
    assert f.arrays is (rows > 100)
    assert evaluate(f, {"a": [0.5]}, 0, ()).values[0] == pytest.approx(wanted)


def test_ranges_of_r_that_would_count_down_are_refused():
    function = read(GARCH, Notation.R)
    at = {"w": 0.02, "a": 0.1, "b": 0.8, "r": np.array([0.1])}
    with pytest.raises(CalculusError, match="a loop of the formula would have 0 rows"):
        hessian(function, ["w"], at)
