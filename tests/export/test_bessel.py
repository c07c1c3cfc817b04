"""Bessel functions in exported C and Stan.

The expected values are those of mpmath with 60 digits. Where J and Y oscillate, errors are compared with the root of the sum of both
squares.
"""

import math
from pathlib import Path
from random import Random

import interpreter
import mpmath
import pytest
from running import Case, in_c, needs_cc, written
from secantd.language import Notation

CALLS = [
    "besselJ(x, n)",
    "besselY(x, n)",
    "besselI(x, n)",
    "besselK(x, n)",
    "besselI(x, n, TRUE)",
    "besselK(x, n, TRUE)",
]


def places() -> list[list[float]]:
    chance = Random("bessel")
    points = [
        [10 ** chance.uniform(-8, 4), 10 ** chance.uniform(-6, 2.3) * chance.choice([1, 1, 1, -1])] for _ in range(60)
    ]
    points += [[10 ** chance.uniform(-3, 3), float(chance.choice([0, 1, 2, 10, 50, -1, -2]))] for _ in range(20)]
    points += [[10 ** chance.uniform(-3, 3), chance.choice([0.5, 1.5, -0.5, -2.5])] for _ in range(10)]
    # Where the code changes from one method to another, and at the turning point.
    points += [[chance.uniform(1.95, 2.05), chance.uniform(0, 4)] for _ in range(10)]
    points += [[chance.uniform(24, 26), chance.uniform(6.5, 7.5)] for _ in range(10)]
    return points + [[n * chance.uniform(0.95, 1.05), n] for n in (1.3, 12.0, 57.5, 140.0)]


@needs_cc
def test_c_has_thirteen_digits_of_bessel_functions(tmp_path: Path) -> None:
    points = places()
    found = in_c([Case(text, points) for text in CALLS], 0, tmp_path)
    with mpmath.workdps(60):
        for k, (x, n) in enumerate(points):
            j, y, i, kk = (f(n, x) for f in (mpmath.besselj, mpmath.bessely, mpmath.besseli, mpmath.besselk))
            both = mpmath.sqrt(j * j + y * y)
            expected = [j, y, i, kk, i * mpmath.exp(-x), kk * mpmath.exp(x)]
            for rows, value, text in zip(found, expected, CALLS, strict=True):
                scale = both if text[6] in "JY" and (x > abs(n) or n < 0) else abs(value)
                if 1e-290 < abs(value) < 1e300:
                    assert abs(rows[k][0] - value) < 1e-13 * scale, (text, x, n)


@needs_cc
def test_c_has_the_edges_of_bessel_functions(tmp_path: Path) -> None:
    points = [
        [0.0, 0.0],
        [0.0, 1.5],
        [0.0, -1.5],
        [0.0, -0.5],
        [0.0, -2.0],
        [math.inf, 1.5],
        [-1.0, 1.0],
        [math.nan, 1.0],
        [1.0, math.nan],
    ]
    inf, nan = math.inf, math.nan
    expected = {
        "besselJ(x, n)": [1, 0, -inf, inf, 0, 0, nan, nan, nan],
        "besselY(x, n)": [-inf, -inf, 0, 0, -inf, 0, nan, nan, nan],
        "besselI(x, n)": [1, 0, -inf, inf, 0, inf, nan, nan, nan],
        "besselK(x, n, TRUE)": [inf, inf, inf, inf, inf, 0, nan, nan, nan],
    }  # fmt: skip
    for (text, values), rows in zip(
        expected.items(), in_c([Case(t, points) for t in expected], 0, tmp_path), strict=True
    ):
        assert [row[0] for row in rows] == pytest.approx(values, nan_ok=True), text
    # Beyond the steps that the code makes.
    (far,) = in_c([Case("besselJ(x, n)", [[1e9, 1e6]])], 0, tmp_path)
    assert math.isnan(far[0][0])


def test_stan_calls_its_own_functions_for_whole_orders() -> None:
    case = Case("besselJ(x, -1) + besselY(x, 2) * besselI(x, -3) + besselK(x, 0)", [])
    code = written(case, Notation.STAN, 1)
    for name in (
        "bessel_first_kind",
        "bessel_second_kind",
        "modified_bessel_first_kind",
        "modified_bessel_second_kind",
    ):
        assert name in code
    f = interpreter.run(code, julia=False)
    for x in (0.3, 2.5, 40.0):
        with mpmath.workdps(30):
            value = mpmath.besselj(-1, x) + mpmath.bessely(2, x) * mpmath.besseli(3, x) + mpmath.besselk(0, x)
        assert float(f["f"](x)) == pytest.approx(float(value), rel=1e-13)
    assert float(f["f"](0.0)) in (math.inf, -math.inf) or math.isnan(f["f"](0.0))
    assert math.isnan(f["f"](-1.0))


def test_stan_has_modified_functions_of_real_order() -> None:
    f = interpreter.run(written(Case("besselI(x, 0.5) * besselK(x, 2.5, TRUE)", []), Notation.STAN, 0), julia=False)[
        "f"
    ]
    for x in (0.01, 2.5, 40.0):
        with mpmath.workdps(30):
            value = mpmath.besseli(0.5, x) * mpmath.besselk(2.5, x) * mpmath.exp(x)
        assert float(f(x)) == pytest.approx(float(value), rel=1e-12)
