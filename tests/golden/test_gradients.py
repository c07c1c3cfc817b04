"""Derivatives of distribution functions with respect to their parameters, and second ones.

The values of gradients.tsv are integrals of positive functions by mpmath with 50 digits (tanh-sinh quadrature), rounded to 17; at
moderate parameters they agreed to 40 digits with differences of mpmath's incomplete gamma and beta functions. Those of
curvatures.tsv are integrals by Gauss's quadrature with 50 digits, for Student's and the F distribution with 110.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian
from secantd.descent import DescentRequest, Newton, descend
from secantd.language import Function, Notation, read
from secantd.program.operations import OPERATIONS

LINES = [line.split("\t") for line in (Path(__file__).parent / "gradients.tsv").read_text().splitlines()]
ROWS = [(name, tuple(map(float, at.split())), float(value), float(log)) for name, at, value, log in LINES[1:]]
NAMES = list(dict.fromkeys(row[0] for row in ROWS))
# Of values; the absolute error of logarithms.
DIGITS = 2e-11


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


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("pf", "pt"))])
def test_a_sign_is_that_of_the_gradient_also_where_this_is_below_all_doubles(name: str) -> None:
    sign = OPERATIONS[name.replace("_grad_", "_sign_")]
    mine = [(at, float(np.sign(value))) for n, at, value, _ in ROWS if n == name]
    assert [sign.careful(*at) for at, value in mine if value] == [value for _, value in mine if value]
    for at, _ in mine:
        assert sign.careful(*at) in (-1.0, 1.0), at


# mpmath with 40 digits, from the logarithm of the incomplete beta function.
@pytest.mark.parametrize(
    ("text", "at", "by", "expected"),
    [
        ("pf(q, m, n, log.p = TRUE)", {"q": 0.1, "m": 2e3, "n": 2e4}, "m", -0.6633357414776971),
        ("pf(q, m, n, log.p = TRUE)", {"q": 0.1, "m": 2e3, "n": 2e4}, "n", -0.0018727526036207197),
        ("log(pf(q, m, n))", {"q": 0.1, "m": 2e3, "n": 2e4}, "n", -0.0018727526036207197),
    ],
)
def test_the_slope_of_the_logarithm_of_a_probability_below_all_doubles(
    text: str, at: dict[str, float], by: str, expected: float
) -> None:
    f = read(text)
    assert gradient_answer(f, (by,), at).partials[0].value == pytest.approx(expected, rel=1e-11)
    columns = {n: np.array([v] * 9) for n, v in at.items()}
    assert evaluate(f, columns, 1, (by,)).derivatives[0][1] == pytest.approx([expected] * 9, rel=1e-11)


SECOND = [line.split("\t") for line in (Path(__file__).parent / "curvatures.tsv").read_text().splitlines()][1:]


@pytest.mark.parametrize("name", list(dict.fromkeys(line[0] for line in SECOND)))
def test_a_second_derivative_has_ten_digits_at_one_point_and_at_many(name: str) -> None:
    """One by differences has eight: between 1e6 and 2e6 degrees of freedom it is what is left of larger numbers."""
    mine = [(tuple(map(float, at.split())), float(value)) for n, at, value in SECOND if n == name]
    assert len(mine) > 25
    digits = 1e-8 if name == "pf_grad_df1_df2" else DIGITS
    with np.errstate(all="ignore"):
        many = OPERATIONS[name].array(*[np.array(c) for c in zip(*[at for at, _ in mine], strict=True)])
    for (at, value), one_of_many in zip(mine, many, strict=True):
        for got in (OPERATIONS[name].careful(*at), float(one_of_many)):
            assert got == pytest.approx(value, rel=digits, abs=1e-300), at


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("pgamma(3, a, log.p = TRUE)", {"a": 2.5}),
        ("pgamma(900, a, lower.tail = FALSE, log.p = TRUE)", {"a": 1.5}),
        ("pbeta(0.3, a, b)", {"a": 2.5, "b": 0.4}),
        ("pbeta(1e-5, a, b, log.p = TRUE)", {"a": 70.0, "b": 3.0}),
        ("pt(-1.2, a) + pt(1e3, a, log.p = TRUE, lower.tail = FALSE)", {"a": 2.5}),
        ("pf(0.7, a, b)", {"a": 2.5, "b": 7.0}),
        ("pchisq(3, a) * pnbinom(4, b, 0.3)", {"a": 2.5, "b": 3.5}),
        ("qgamma(0.2, a) + qt(0.9, b)", {"a": 2.5, "b": 3.5}),
    ],
)
def test_a_hessian_with_respect_to_shapes_is_the_slope_of_the_gradient(text: str, point: dict[str, float]) -> None:
    function = read(text)
    names = list(point)
    matrix = np.array([[entry.value for entry in row] for row in hessian(function, names, point).rows])
    h = 1e-3
    for i, name in enumerate(names):
        # Richardson's extrapolation of central differences
        slopes = []
        for step in (2 * h, h):
            ends = [gradient_at(function, {**point, name: point[name] * (1 + s * step)}) for s in (1, -1)]
            slopes.append((ends[0] - ends[1]) / (2 * step * point[name]))
        expected = (4 * slopes[1] - slopes[0]) / 3
        np.testing.assert_allclose(matrix[i], expected, rtol=1e-7, atol=1e-9)


def gradient_at(function: Function, point: dict[str, float]) -> NDArray[np.float64]:
    answer = gradient_answer(function, list(point), point)
    return np.array([entry.value for entry in answer.partials])


def test_newtons_method_takes_second_derivatives_with_respect_to_shapes() -> None:
    """The shape at which 3 is the 30 % point."""
    function = read("(pgamma(3, a) - 0.3)^2")
    (*_, last) = descend(DescentRequest(function, {"a": 4.0}, method=Newton()))
    assert last.outcome is not None
    assert OPERATIONS["pgamma"].careful(3.0, last.outcome.point[0], 1.0) == pytest.approx(0.3, abs=1e-6)


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
        ("gammainc_grad_a(a, x)", "a", "gammainc_grad_aa(a, x)"),
        ("pt_grad_df(x, k)", "k", "pt_grad_df_df(x, k)"),
        (
            "betainc_grad_ab(a, b, x)",
            "x",
            "((digamma(a + b) + log(x) - digamma(a)) * "
            "(digamma(a + b) + log1p(-x) - digamma(b)) + trigamma(a + b)) * dbeta(x, a, b)",
        ),
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
