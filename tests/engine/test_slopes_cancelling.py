"""Derivatives whose printed formulas are differences of numbers that agree: their digits are kept. True values: mpmath."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from mpmath import mp, mpf
from secantd.calculus import differentiate, evaluate, gradient_answer
from secantd.language import Notation, read

Point = dict[str, float]


def log_normal(z: mpf) -> mpf:
    return mp.log(mp.erfc(-z / mp.sqrt(2)) / 2)


def log_t(x: mpf, df: mpf) -> mpf:
    return (
        mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2 - (df + 1) / 2 * mp.log1p(x * x / df)
    )


def log_beta(a: mpf, b: mpf) -> mpf:
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def log_f(x: mpf, m: mpf, n: mpf) -> mpf:
    return m / 2 * mp.log(m / n) + (m / 2 - 1) * mp.log(x) - (m + n) / 2 * mp.log1p(m * x / n) - log_beta(m / 2, n / 2)


def log_negative(x: int, size: mpf, mu: mpf) -> mpf:
    value = mp.loggamma(x + size) - mp.loggamma(size) - mp.log(mp.factorial(x))
    return value - size * mp.log1p(mu / size) + x * mp.log(mu / (size + mu))


def log_gamma_tail(a: mpf, x: mpf) -> mpf:
    """Return log Q(a, x) far out: DLMF 8.11.2."""
    terms, term = mpf(0), mpf(1)
    for k in range(1, 60):
        terms, term = terms + term, term * (a - k) / x
    return (a - 1) * mp.log(x) - x - mp.loggamma(a) + mp.log(terms)


def log_gamma_below(a: mpf, x: mpf) -> mpf:
    return a * mp.log(x) - x - mp.loggamma(a + 1) + mp.log(mp.nsum(lambda k: x**k / mp.rf(a + 1, k), [0, 80]))


def log_beta_below(x: mpf, a: mpf, b: mpf) -> mpf:
    value = mp.nsum(lambda k: mp.rf(a + b, k) / mp.rf(a + 1, k) * x**k, [0, 120])
    return a * mp.log(x) + b * mp.log1p(-x) - mp.log(a) - log_beta(a, b) + mp.log(value)


def log_t_below(x: mpf, df: mpf) -> mpf:
    return log_beta_below(df / (df + x * x), df / 2, mpf(0.5)) - mp.log(2)


def log_f_above(x: mpf, m: mpf, n: mpf) -> mpf:
    return log_beta_below(n / (m * x + n), n / 2, m / 2)


def quantile_beta(p: mpf, a: mpf, b: mpf) -> mpf:
    """Return 1 - y where y is the leading term next to 1: 1 - p = y^b/(b B(a, b)) (1 + O(y)), and y is 1e-19 and less."""
    return 1 - ((1 - p) * b * mp.exp(log_beta(a, b))) ** (1 / b)


def quantile(p: mpf) -> mpf:
    return mp.sqrt(2) * mp.erfinv(2 * p - 1)


# The formula, the point, the variable, and the textbook formula of it.
SLOPES: list[tuple[str, Point, str, Callable[[mpf], mpf]]] = [
    ("choose(n, 3)", {"n": 1e8}, "n", lambda n: n * (n - 1) * (n - 2) / 6),
    ("choose(n, 4)", {"n": -1e7 - 0.5}, "n", lambda n: n * (n - 1) * (n - 2) * (n - 3) / 24),
    ("lchoose(n, 5)", {"n": 1e12}, "n", lambda n: sum(mp.log(n - j) for j in range(5))),
    ("lbeta(a, 3.5)", {"a": 1e9}, "a", lambda a: log_beta(a, mpf(3.5))),
    ("lbeta(a, b)", {"a": 0.3, "b": 1e8}, "b", lambda b: log_beta(mpf(0.3), b)),
    ("beta(a, 2)", {"a": 1e6}, "a", lambda a: 1 / (a * (a + 1))),
    ("dbeta(x, a, 2, log = TRUE)", {"x": 0.9999, "a": 1e8}, "a", lambda a: a * mp.log(mpf(0.9999)) - log_beta(a, mpf(2))),
    ("dt(x, df)", {"x": 1.3, "df": 1e8}, "df", lambda df: mp.exp(log_t(mpf(1.3), df))),
    ("dt(x, df, log = TRUE)", {"x": 1e6, "df": 3.5}, "df", lambda df: log_t(mpf(1e6), df)),
    ("df(x, m, n)", {"x": 1.25, "m": 1e8, "n": 1e7}, "m", lambda m: mp.exp(log_f(mpf(1.25), m, mpf(1e7)))),
    ("df(x, m, n, log = TRUE)", {"x": 1.25, "m": 4.0, "n": 1e9}, "n", lambda n: log_f(mpf(1.25), mpf(4), n)),
    ("dnbinom(5, size, mu = m, log = TRUE)", {"size": 1e8, "m": 4.5}, "size", lambda s: log_negative(5, s, mpf(4.5))),
    ("qnorm(p, m, s)", {"p": 0.3, "m": 1e8, "s": 0.01}, "p", lambda p: mpf(0.01) * quantile(p)),
    ("qnorm(p, m, s)", {"p": 0.3, "m": 1e8, "s": 0.01}, "s", lambda s: s * quantile(mpf(0.3))),
    ("qcauchy(p, m, s)", {"p": 0.3, "m": 1e8, "s": 0.01}, "s", lambda s: s * mp.tan(mp.pi * (mpf(0.3) - 0.5))),
    ("pnorm(x, log.p = TRUE)", {"x": -1e3}, "x", log_normal),
    ("pnorm(x, 0, s, FALSE, TRUE)", {"x": 30.0, "s": 0.01}, "s", lambda s: log_normal(-30 / s)),
    ("plnorm(x, log.p = TRUE)", {"x": 1e-300}, "x", lambda x: log_normal(mp.log(x))),
    ("pgamma(x, a, 2, lower.tail = FALSE, log.p = TRUE)", {"x": 1e8, "a": 2.5}, "x", lambda x: log_gamma_tail(mpf(2.5), 2 * x)),
    ("pgamma(x, a, 2, lower.tail = FALSE, log.p = TRUE)", {"x": 1e6, "a": 2.5}, "a", lambda a: log_gamma_tail(a, mpf(2e6))),
    ("pgamma(x, a, log.p = TRUE)", {"x": 0.5, "a": 1e8}, "x", lambda x: log_gamma_below(mpf(1e8), x)),
    ("pchisq(x, n, log.p = TRUE)", {"x": 0.5, "n": 1e7}, "n", lambda n: log_gamma_below(n / 2, mpf(0.25))),
    ("pbeta(x, a, 2.5, log.p = TRUE)", {"x": 0.01, "a": 1e7}, "x", lambda x: log_beta_below(x, mpf(1e7), mpf(2.5))),
    ("pbeta(x, a, 2.5, log.p = TRUE)", {"x": 0.01, "a": 1e7}, "a", lambda a: log_beta_below(mpf(0.01), a, mpf(2.5))),
    ("pt(x, n, log.p = TRUE)", {"x": -1e40, "n": 8.0}, "x", lambda x: log_t_below(x, mpf(8))),
    ("pt(x, n, log.p = TRUE)", {"x": -1e40, "n": 8.0}, "n", lambda n: log_t_below(mpf(-1e40), n)),
    ("pf(x, m, n, lower.tail = FALSE, log.p = TRUE)", {"x": 1e40, "m": 3.5, "n": 8.0}, "x", lambda x: log_f_above(x, mpf(3.5), mpf(8))),
    ("pf(x, m, n, lower.tail = FALSE, log.p = TRUE)", {"x": 1e40, "m": 3.5, "n": 8.0}, "m", lambda m: log_f_above(mpf(1e40), m, mpf(8))),
    ("pf(x, m, n, lower.tail = FALSE, log.p = TRUE)", {"x": 1e40, "m": 3.5, "n": 8.0}, "n", lambda n: log_f_above(mpf(1e40), mpf(3.5), n)),
    ("ppois(2, x, log.p = TRUE)", {"x": 1e8}, "x", lambda x: log_gamma_tail(mpf(3), x)),
    ("ppois(1e7, x, lower.tail = FALSE, log.p = TRUE)", {"x": 0.5}, "x", lambda x: log_gamma_below(mpf(10000001), x)),
    ("pbinom(1e7, 2e7, p, lower.tail = FALSE, log.p = TRUE)", {"p": 0.01}, "p",
        lambda p: log_beta_below(p, mpf(10000001), mpf(10000000))),
    ("pnbinom(4, s, 0.01, log.p = TRUE)", {"s": 1e7}, "s", lambda s: log_beta_below(mpf(0.01), s, mpf(5))),
    ("pnbinom(4, 1e7, p, log.p = TRUE)", {"p": 0.01}, "p", lambda p: log_beta_below(p, mpf(1e7), mpf(5))),
    ("pnbinom(4, s, mu = 1e9, log.p = TRUE)", {"s": 1e7}, "s", lambda s: log_beta_below(s / (s + mpf(1e9)), s, mpf(5))),
    ("pnbinom(4, 1e7, mu = m, log.p = TRUE)", {"m": 1e9}, "m", lambda m: log_beta_below(mpf(1e7) / (mpf(1e7) + m), mpf(1e7), mpf(5))),
    ("pcauchy(x, 0.5, s, log.p = TRUE)", {"x": -1e160, "s": 0.25}, "s", lambda s: mp.log(mp.atan(s / (mpf(0.5) + mpf(1e160))) / mp.pi)),
    ("besselK(x, 1.5, TRUE)", {"x": 1e8}, "x", lambda x: mp.sqrt(mp.pi / (2 * x)) * (1 + 1 / x)),
    ("besselI(x, 0.5, TRUE)", {"x": 1e8}, "x", lambda x: mp.sqrt(2 / (mp.pi * x)) * (1 - mp.exp(-2 * x)) / 2),
    ("besselI(x, 1.5, TRUE)", {"x": 1e3}, "x", lambda x: mp.sqrt(2 / (mp.pi * x)) * (1 - 1 / x + (1 + 1 / x) * mp.exp(-2 * x)) / 2),
    ("log(erfc(x))", {"x": 1e3}, "x", lambda x: log_normal(-x * mp.sqrt(2))),
    ("qbeta(p, 3.5, 0.05)", {"p": 0.9}, "p", lambda p: quantile_beta(p, mpf(3.5), mpf(0.05))),
    ("qunif(p, m, n)", {"p": 0.3, "m": -1e8, "n": 1e-8}, "n", lambda n: mpf(-1e8) + (n + mpf(1e8)) * mpf(0.3)),
    ("pnbinom(0, s, mu = m)", {"s": 5.25, "m": 1e-10}, "s", lambda s: mp.exp(-s * mp.log1p(mpf(1e-10) / s))),
    ("pnbinom(0, s, mu = m)", {"s": 1.0, "m": 1e-9}, "s", lambda s: mp.exp(-s * mp.log1p(mpf(1e-9) / s))),
    ("pexp(x, r, FALSE, TRUE)", {"x": 1e9, "r": 1.3}, "r", lambda r: -r * mpf(1e9)),
    ("plnorm(x, m, 0.01, FALSE, TRUE)", {"x": 1e9, "m": 0.5}, "m", lambda m: log_normal((m - mp.log(mpf(1e9))) / mpf(0.01))),
]  # fmt: skip
IDS = [f"{text} by {variable}" for text, _, variable, _ in SLOPES]


def true(f: Callable[[mpf], mpf], x: float, order: int) -> float:
    with mp.workdps(400):
        return float(mp.diff(f, mpf(x), order, h=mpf(abs(x)) * mpf(10) ** -60))


@pytest.mark.parametrize(("text", "at", "variable", "f"), SLOPES, ids=IDS)
def test_first_derivatives_have_all_digits_at_one_point_and_at_many(
    text: str, at: Point, variable: str, f: Callable[[mpf], mpf]
) -> None:
    expected = pytest.approx(true(f, at[variable], 1), rel=5e-15, abs=0)
    function = read(text)
    assert gradient_answer(function, [variable], at).partials[0].value == expected
    many = evaluate(function, {n: np.array([x, x]) for n, x in at.items()}, 1, [variable]).derivatives
    assert many[0][1].tolist() == [expected, expected]


TWICE = [row for row in SLOPES if not row[0].startswith(("dbeta", "q", "pg", "pc", "pb", "pp", "pe", "pnb", "log"))]


@pytest.mark.parametrize(("text", "at", "variable", "f"), TWICE, ids=[f"{t} by {v}" for t, _, v, _ in TWICE])
def test_second_derivatives_have_all_digits(text: str, at: Point, variable: str, f: Callable[[mpf], mpf]) -> None:
    found = differentiate(read(text), [variable, variable], at=at).derivative.value
    assert found == pytest.approx(true(f, at[variable], 2), rel=5e-14, abs=0)


# Second derivatives of probabilities divided by the first ones, with the logarithm of the probability.
RELATIVE: list[tuple[str, str, float, Callable[[mpf], mpf]]] = [
    ("gammainc_grad_aa(a, 0.5, relative = TRUE)", "a", 1e8, lambda a: log_gamma_below(a, mpf(0.5))),
    ("betainc_grad_aa(a, 2.5, 0.01, relative = TRUE)", "a", 1e7, lambda a: log_beta_below(mpf(0.01), a, mpf(2.5))),
    ("pt_grad_df_df(-1e100, n, relative = TRUE)", "n", 1e4, lambda n: log_t_below(mpf(-1e100), n)),
]


@pytest.mark.parametrize(("text", "variable", "x", "f"), RELATIVE, ids=[text for text, *_ in RELATIVE])
def test_quotients_of_derivatives_are_no_differences_of_logarithms(
    text: str, variable: str, x: float, f: Callable[[mpf], mpf]
) -> None:
    expected = true(f, x, 2) / true(f, x, 1) + true(f, x, 1)
    assert evaluate(read(text), {variable: np.array([x])}, 0, []).values[0] == pytest.approx(expected, rel=5e-14, abs=0)


OUTSIDE = ["dgamma(x, a, b)", "dchisq(x, a)", "dlnorm(x, a, b)", "dweibull(x, a, b)", "df(x, a, b)", "dbeta(x, a, b)"]


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_density_left_of_its_support_is_constant(text: str) -> None:
    function = read(text)
    at = {name: np.array([v, v]) for name, v in (("x", -1.5), ("a", 2.5), ("b", 1.3)) if name in function.variables}
    found = evaluate(function, at, 2, list(at))
    assert not found.values.any()
    assert all(not values.any() for _, values in found.derivatives)


def test_the_edge_of_a_support_keeps_the_derivative_of_the_formula() -> None:
    assert gradient_answer(read("dexp(x, 2)"), ["x"], {"x": 0.0}).partials[0].value == -4.0
    assert math.isnan(gradient_answer(read("dgamma(x, 0.5, 1)"), ["x"], {"x": math.nan}).partials[0].value)


@pytest.mark.parametrize("notation", [Notation.R, Notation.PYTHON])
@pytest.mark.parametrize(
    "text", ["choose(n, 3)", "lbeta(n, 2)", "dt(1, n)", "qnorm(0.3, 0, n)", "pnorm(n, 0, 1, TRUE, TRUE)"]
)
def test_printed_formulas_keep_the_functions_of_the_table(text: str, notation: Notation) -> None:
    printed = differentiate(read(text, notation), ["n"]).derivative.text
    assert not any(name in printed for name in ("_stable", "choose_n", "lbeta_", "dt_df", "mills"))
