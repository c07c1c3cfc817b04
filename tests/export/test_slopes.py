"""Code has the derivatives of Evaluate where the printed ones cancel."""

from pathlib import Path

import pytest
from running import Case, expected, in_c, in_python, needs_cc

POINTS = [[x] for x in (-1.3, 0.3, 1.9, 4.7, 13.0, 1e3, 1e5, 1e8)]
CASES = [
    *[Case(text, POINTS) for text in ("erfcx(x)", "dawsn(x)")],
    Case("choose(x, 3)", [[-1e7 - 0.5], [2.5], [1e8]]),
    Case("lbeta(x, y)", [[0.3, 1e8], [1e9, 3.5], [2.5, 1.5]]),
    Case("dt(x, y, log = TRUE)", [[1.3, 1e8], [1e6, 3.5], [-2.0, 5.5]]),
    Case("plnorm(x, y, 0.5, log.p = TRUE)", [[1e-300, 0.5], [2.0, 0.5]]),
    Case("pgamma(x, y, 2, lower.tail = FALSE, log.p = TRUE)", [[1e6, 2.5], [0.7, 2.5]]),
    Case("pt(x, y, log.p = TRUE)", [[-9.5, 8.0], [0.7, 2.5]]),
    Case("pnbinom(3, x, mu = y, log.p = TRUE)", [[5.5, 1e6], [0.7, 2.5]]),
    Case("pbinom(3, 20, x, log.p = TRUE)", [[0.999999], [0.125]]),
    Case("besselK(x, 1.5, TRUE)", [[1e8], [3.5]]),
    Case("log(erfc(x))", [[0.3], [4.2], [1e5]]),
    Case("qnorm(0.3, x, y)", [[1e8, 0.01], [0.5, 2.0]]),
]


def compared(found: list[list[list[float]]]) -> None:
    for case, rows in zip(CASES, found, strict=True):
        for row, known in zip(rows, expected(case, 2), strict=True):
            assert row == pytest.approx(known, rel=5e-14, abs=0.0), case.text


@needs_cc
def test_c_has_the_slopes_of_evaluate_far_out(tmp_path: Path) -> None:
    compared(in_c(CASES, 2, tmp_path))


def test_python_has_the_slopes_of_evaluate_far_out() -> None:
    compared(in_python(CASES, 2))
