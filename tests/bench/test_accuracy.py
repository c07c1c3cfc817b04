"""The errors of the rows of the table of functions at a sample of hard points, with the bounds of docs/accuracy.md."""

import math
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from secantd.functions import FUNCTIONS

from bench.accuracy.values import values

pytest.importorskip("flint")

from bench.accuracy.page import number
from bench.accuracy.truth import Truth, error, true_value

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "accuracy.md").read_text()


class Known(NamedTuple):
    bound: float
    points: list[tuple[float, ...]]
    truths: list[Truth]


def table() -> dict[str, Known]:
    found: dict[str, Known] = {}
    for line in (ROOT / "tests" / "golden" / "accuracy.tsv").read_text().splitlines()[1:]:
        op, bound, arguments, nearest, rest = line.split("\t")
        known = found.setdefault(op, Known(float(bound), [], []))
        known.points.append(tuple(map(float.fromhex, arguments.split())))
        known.truths.append(Truth(float.fromhex(nearest), float(rest)))
    return found


TABLE = table()
LINES = dict(re.findall(r"^\| `([^`]+)` \| (\S+) \|", PAGE, re.M))


def test_the_page_and_the_table_have_each_row_of_the_table_of_functions() -> None:
    assert list(LINES) == list(TABLE) == list(FUNCTIONS)
    assert all(len(known.points) >= 3 for known in TABLE.values())


def test_the_bounds_are_at_most_four_times_the_errors_of_the_page() -> None:
    for op, known in TABLE.items():
        largest = float(LINES[op])
        assert largest == 0 == known.bound or largest <= known.bound <= max(4.0, 4.1 * largest), op


@pytest.mark.parametrize("op", FUNCTIONS)
def test_values_stay_within_the_bound_of_the_page(op: str) -> None:
    known = TABLE[op]
    for kind, got in values(op, known.points).items():
        errors = [error(v, t) for v, t in zip(got, known.truths, strict=True)]
        assert max(errors) <= known.bound, (kind, known.points[errors.index(max(errors))], number(max(errors)))


@pytest.mark.parametrize(
    ("op", "point", "digits"),
    [
        # Abramowitz & Stegun, tables 6.1, 9.1, 7.1; DLMF 4.13.
        pytest.param("gamma", (0.5,), math.sqrt(math.pi), id="gamma"),
        pytest.param("besselJ", (1.0, 0.0), 0.7651976865579666, id="besselJ"),
        pytest.param("erfc", (1.0,), 0.15729920705028513, id="erfc"),
        pytest.param("lambertW0", (math.e,), 1.0, id="lambertW0"),
        pytest.param("pgamma", (2.0, 1.0, 1.0), -math.expm1(-2.0), id="pgamma"),
        pytest.param("qnorm", (0.975, 0.0, 1.0), 1.959963984540054, id="qnorm"),
        pytest.param("gammainc_grad_a", (0.5, -1.0), 0.0, id="outside"),
    ],
)
def test_true_values_are_those_of_tables(op: str, point: tuple[float, ...], digits: float) -> None:
    truth = true_value(op, point)
    assert truth is not None
    assert truth.nearest == pytest.approx(digits, rel=1e-15, abs=0)


def test_an_error_is_in_units_of_the_last_place_of_the_true_value() -> None:
    assert error(1.0 + 2.0**-51, Truth(1.0, 0.25)) == 1.75
    assert error(math.inf, Truth(1.7e308)) == math.inf
    assert error(math.nan, Truth(math.nan)) == 0.0
    assert error(0.0, Truth(math.nan)) == math.inf
    assert error(1e-323, Truth(5e-324)) == 1.0


def test_a_row_that_is_not_there_is_refused_with_those_that_are_near() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.accuracy", "besselX", "Bessel*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("there is no row besselX")
