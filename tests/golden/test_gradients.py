"""Derivatives of distribution functions with respect to their parameters, and of Bessel functions with respect to the order.

The values of gradients.tsv are integrals of positive functions by mpmath with 50 digits (tanh-sinh quadrature), rounded to 17; at
moderate parameters they agreed to 40 digits with differences of mpmath's incomplete gamma and beta functions.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from secantd.calculus import differentiate
from secantd.language import Notation, read
from secantd.program.operations import OPERATIONS

LINES = [line.split("\t") for line in (Path(__file__).parent / "gradients.tsv").read_text().splitlines()]
ROWS = [(name, tuple(map(float, at.split())), float(value), float(log)) for name, at, value, log in LINES[1:]]
NAMES = list(dict.fromkeys(row[0] for row in ROWS))
# Of values; the absolute error of logarithms.
DIGITS = 1e-11


@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_has_ten_digits_at_one_point_and_at_many(name: str) -> None:
    mine = [row for row in ROWS if row[0] == name]
    operation, logarithm = OPERATIONS[name], OPERATIONS.get(f"{name}.log") or OPERATIONS[f"{name}.log"]
    columns = [np.array(c) for c in zip(*[row[1] for row in mine], strict=True)]
    with np.errstate(all="ignore"):
        many, logs = operation.array(*columns), logarithm.array(*columns)
    for (_, at, value, log), one_of_many, log_of_many in zip(mine, many, logs, strict=True):
        for got in (operation.careful(*at), float(one_of_many)):
            assert got == pytest.approx(value, rel=max(DIGITS, 4e-16 * abs(log)), abs=1e-300), at
        for got in (logarithm.careful(*at), float(log_of_many)):
            assert got == pytest.approx(log, rel=1e-14, abs=DIGITS), at


@pytest.mark.parametrize(
    ("text", "variable", "derivative"),
    [
        ("pgamma(x, a, b)", "a", "gammainc_grad_a(a, b * x)"),
        ("1 - pgamma(x, a)", "a", "-gammainc_grad_a(a, x)"),
        ("pchisq(x, k)", "k", "0.5 * gammainc_grad_a(k/2, x/2)"),
        ("pbeta(x, a, b)", "a", "betainc_grad_a(a, b, x)"),
        ("pbeta(x, a, b)", "b", "betainc_grad_b(a, b, x)"),
        ("pnbinom(3, n, p)", "n", "betainc_grad_a(n, 4, p)"),
        ("pnbinom(3, n, mu = m)", "n", "2 * pf_grad_df1(4/m, 2 * n, 8)"),
        ("pt(x, k)", "k", "pt_grad_df(x, k)"),
        ("pf(x, a, b)", "b", "pf_grad_df2(x, a, b)"),
        ("gammainc_grad_a(a, x)", "x", "dgamma(x, a) * (log(x) - digamma(a))"),
    ],
)
def test_derivatives_with_respect_to_shapes_are_named(text: str, variable: str, derivative: str) -> None:
    assert differentiate(read(text, Notation.R), [variable]).derivative.text == derivative


def test_a_notice_says_that_r_has_no_such_function() -> None:
    (notice,) = differentiate(read("pgamma(x, a)"), ["a"]).notices
    assert notice.startswith("gammainc_grad_a() is computed numerically")
    assert not differentiate(read("pgamma(x, a)"), ["a"], notations=[Notation.LATEX]).notices
    assert not differentiate(read("a_grad_a^2"), ["a_grad_a"]).notices


def test_what_has_no_value_has_no_gradient() -> None:
    for a, x, value in ((0, 1, math.nan), (-1, 1, math.nan), (1, math.nan, math.nan), (2, -1, 0), (2, math.inf, 0)):
        for got in (
            OPERATIONS["gammainc_grad_a"].careful(a, x),
            OPERATIONS["gammainc_grad_a"].array(a, np.array([x]))[0],
        ):
            assert got == value or (got != got and value != value)


def test_there_are_values_from_denormal_to_huge_parameters() -> None:
    assert len(ROWS) > 150
    assert min(row[1][0] for row in ROWS) < 1e-290
    assert max(row[1][0] for row in ROWS) > 1e14
    assert min(row[3] for row in ROWS) < -1e4
    assert all(math.isfinite(row[3]) for row in ROWS)
