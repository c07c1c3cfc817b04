"""Quantiles in exported C, Julia and Stan.

The expected values are those of Evaluate, which inverts with SciPy's functions where these are accurate.
"""

import math
from pathlib import Path
from random import Random

import interpreter
import numpy as np
import pytest
from running import Case, close, expected, in_c, needs_cc, written
from scipy import stats
from secantd.language import Notation

UPPER, LOG, BOTH = ", lower.tail = FALSE", ", log.p = TRUE", ", lower.tail = FALSE, log.p = TRUE"
CONTINUOUS = {
    "qgamma(p, a": ["", UPPER, LOG, BOTH],
    "qchisq(p, a": [UPPER],
    "qbeta(p, a, b": ["", BOTH],
    "qt(p, a": ["", LOG],
    "qf(p, a, b": ["", BOTH],
}


def chances(chance: Random, count: int) -> list[float]:
    """Return probabilities from 1e-300 to 1 - 1e-12."""
    sizes = ((-300, -12), (-12, -0.3), (-12, -0.3))
    found = [10 ** chance.uniform(*chance.choice(sizes)) for _ in range(count)]
    return [1 - p if p > 1e-12 and chance.random() < 0.3 else p for p in found]


@needs_cc
def test_c_has_eleven_digits_of_quantiles(tmp_path: Path) -> None:
    chance = Random("quantiles")
    cases = []
    for call, several in CONTINUOUS.items():
        for flags in several:
            case = Case(f"{call}{flags})", [])
            count = len(case.function.variables) - 1
            case.points = [
                [math.log(p) if "log" in flags else p, *(10 ** chance.uniform(-2, 5) for _ in range(count))]
                for p in chances(chance, 40)
            ]
            cases.append(case)
    for case, rows in zip(cases, in_c(cases, 0, tmp_path), strict=True):
        for point, (got,), (right,) in zip(case.points, rows, expected(case, 0), strict=True):
            assert close(got, right, 1e-11), (case.text, point, got, right)


@needs_cc
def test_c_has_the_derivatives_of_quantiles_with_respect_to_shapes(tmp_path: Path) -> None:
    points = [[0.3, 0.7, 2.2], [0.8, 3.1, 1.4], [1e-4, 12.0, 30.0], [0.55, 250.0, 90.0]]
    cases = [Case("qgamma(p, a, b)", points), Case("qbeta(p, a, b)", points), Case("qf(p, a, b)", points)]
    cases.append(Case("qt(p, a) * b", points))
    for case, rows in zip(cases, in_c(cases, 1, tmp_path), strict=True):
        for point, row, right in zip(case.points, rows, expected(case, 1), strict=True):
            assert all(close(a, b, 1e-11) for a, b in zip(row, right, strict=True)), (case.text, point, row, right)


@needs_cc
def test_c_has_quantiles_of_whole_numbers(tmp_path: Path) -> None:
    chance = Random("whole")
    points = [
        [10 ** chance.uniform(-12, -0.01), float(round(10 ** chance.uniform(0, 4))), chance.random()] for _ in range(40)
    ]
    answers = {
        "qbinom(p, n, q)": stats.binom.ppf, "qnbinom(p, n, q)": stats.nbinom.ppf, "qpois(p, n * q)": None,
        "qbinom(p, n, q, lower.tail = FALSE)": stats.binom.isf, "qnbinom(log(p), n, q, log.p = TRUE)": stats.nbinom.ppf,
    }  # fmt: skip
    cases = [Case(text, points) for text in answers]
    for case, rows in zip(cases, in_c(cases, 0, tmp_path), strict=True):
        for (p, n, q), (got,), (right,) in zip(points, rows, expected(case, 0), strict=True):
            f = answers[case.text]
            other = f(p, n, q) if f else stats.poisson.ppf(p, n * q)
            assert got == right == other, (case.text, p, n, q)


@needs_cc
def test_c_has_the_edges_of_quantiles(tmp_path: Path) -> None:
    inf, nan = math.inf, math.nan
    points = [[p, a] for p in (-0.1, 0.0, 0.5, 1.0, 1.1, nan) for a in (-1.0, 0.0, 3.0, inf, nan)]
    calls = ["qgamma(p, a)", "qchisq(p, a)", "qbeta(p, a, 2)", "qt(p, a)", "qf(p, a, 2)", "qpois(p, a)",
        "qbinom(p, a, 0.3)", "qnbinom(p, a, 0.3)", "qnbinom(p, a, mu = 3)", "qgamma(log(p), a, log.p = TRUE)",
        "qnorm(log(p), 0.5, a, log.p = TRUE)", "qt(log(p), a, lower.tail = FALSE, log.p = TRUE)"]  # fmt: skip
    cases = [Case(text, points) for text in calls]
    for case, rows in zip(cases, in_c(cases, 0, tmp_path), strict=True):
        for point, (got,), (right,) in zip(case.points, rows, expected(case, 0), strict=True):
            assert close(got, right, 1e-12, 1e-12), (case.text, point, got, right)


@pytest.mark.parametrize("notation", [Notation.JULIA, Notation.STAN], ids=lambda n: n.name.lower())
@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("qgamma(p, a, b)", [[0.3, 0.7, 2.2], [1e-200, 40.0, 1.0], [0.999, 0.02, 3.0], [1.0, 2.0, 1.0], [2.0, 2.0, 1.0]]),
        ("qbeta(p, a, b, lower.tail = FALSE)", [[0.3, 0.7, 2.2], [1e-200, 40.0, 9.0]]),
        ("qt(p, a, log.p = TRUE)", [[-0.2, 0.7], [-500.0, 40.0], [-1.0, math.inf]]),
        ("qf(p, a, b)", [[0.3, 0.7, 2.2]]),
        ("qpois(p, a)", [[0.3, 14.5]]),
        ("qbinom(p, n, q, lower.tail = FALSE)", [[0.01, 20.0, 0.4]]),
    ],
)  # fmt: skip
def test_julia_and_stan_have_quantiles(text: str, points: list[list[float]], notation: Notation) -> None:
    case = Case(text, points)
    f = interpreter.run(written(case, notation, 0), julia=notation is Notation.JULIA)["f"]
    with np.errstate(all="ignore"):
        for point, (right,) in zip(points, expected(case, 0), strict=True):
            assert close(float(f(*map(np.float64, point))), right, 1e-11), point
