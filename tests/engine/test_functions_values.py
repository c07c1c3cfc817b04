"""Values of the special functions and the distributions: 13 digits against mpmath, tails and edges included."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp
import pytest
from secantd.errors import CalculusError, Reason
from secantd.functions import FUNCTIONS
from secantd.functions.curvatures import CURVATURES
from secantd.functions.distributions import DISTRIBUTIONS, FAMILIES
from secantd.functions.orders import ORDERS
from secantd.functions.special import SPECIAL
from secantd.program.operations import OPERATIONS
from secantd.program.special.library import sp

INF, NAN = math.inf, math.nan
DIGITS = 1e-13
Number = Any
half = mp.mpf(1) / 2


def log_gamma(x: Number) -> Number:
    return mp.log(abs(mp.gamma(x)))


def below_gamma(a: Number, x: Number) -> Number:
    return mp.gammainc(a, 0, x, regularized=True)


def above_gamma(a: Number, x: Number) -> Number:
    return mp.gammainc(a, x, mp.inf, regularized=True)


def below_beta(a: Number, b: Number, x: Number) -> Number:
    return mp.betainc(a, b, 0, x, regularized=True)


def normal(z: Number) -> Number:
    return mp.erfc(-z / mp.sqrt(2)) / 2


def normal_density(z: Number) -> Number:
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def student(x: Number, n: Number) -> Number:
    """Return P(T ≤ x), for x ≤ 0 without cancellation."""
    small = below_beta(n / 2, half, n / (n + x * x)) / 2
    return small if x < 0 else 1 - small


def gamma_by_shape(a: Number, x: Number) -> Number:
    return mp.diff(lambda b: below_gamma(b, x), a) if x < a else -mp.diff(lambda b: above_gamma(b, x), a)


def beta_by_first(a: Number, b: Number, x: Number) -> Number:
    if x < a / (a + b):
        return mp.diff(lambda c: below_beta(c, b, x), a)
    return -mp.diff(lambda c: below_beta(b, c, 1 - x), a)


def by_first(x: Number, a: Number, b: Number) -> Number:
    if x > 1:
        return -mp.diff(lambda c: below_beta(b / 2, c / 2, b / (c * x + b)), a)
    return mp.diff(lambda c: below_beta(c / 2, b / 2, c * x / (c * x + b)), a)


def by_second(x: Number, a: Number, b: Number) -> Number:
    return -by_first(1 / x, b, a)


def student_by_df(x: Number, n: Number) -> Number:
    return mp.sign(x) * by_second(x * x, mp.mpf(1), n) / 2


F_POINTS = [(0.1, 0.5, 3.0), (0.7, 6.5, 4.0), (3.0, 30.0, 12.5), (40.0, 5.0, 0.25)]
T_POINTS = [(0.1, 0.5), (-0.7, 1.5), (3.0, 30.0), (-40.0, 5.0)]
BETA_POINTS = [(0.7, 0.4, 0.01), (0.7, 3.5, 0.9), (3.2, 4.0, 0.4), (60.0, 0.5, 0.98), (50.5, 20.0, 0.7)]
GRADIENT_POINTS = [(0.7, 0.01), (0.7, 9.0), (3.2, 4.0), (60.0, 61.5), (250.5, 200.0)]

REFERENCES: dict[str, tuple[Callable[..., Number], list[tuple[float, ...]]]] = {
    "gamma": (mp.gamma, [(1e-5,), (0.5,), (12.3,), (170.2,), (-0.5,), (-9.7,)]),
    "lgamma": (log_gamma, [(1e-5,), (0.5,), (1.0001,), (1.4999,), (1.9999,), (2.3,), (31.7,), (1e6,), (-0.5,), (-9.7,)]),
    "digamma": (lambda x: mp.psi(0, x), [(1e-3,), (0.5,), (1.4616,), (12.3,), (1e6,), (-0.3,), (-9.7,)]),
    "trigamma": (lambda x: mp.psi(1, x), [(1e-3,), (0.5,), (12.3,), (1e6,), (-0.3,), (-9.7,)]),
    "psigamma": (lambda x, n: mp.psi(int(n), x), [(0.5, 0.0), (2.5, 2.0), (12.3, 7.0), (-0.3, 3.0), (-4.7, 6.0)]),
    "beta": (mp.beta, [(1e-3, 0.2), (0.5, 2.5), (30.0, 40.0), (0.2, 1371.8), (3.0, 1e5)]),
    "lbeta": (lambda a, b: mp.log(mp.beta(a, b)), [(1e-3, 0.2), (0.5, 2.5), (30.0, 40.0), (0.2, 1371.8), (1e4, 1e5)]),
    "choose": (mp.binomial, [(5.0, 2.0), (5.5, 3.0), (-2.5, 4.0), (60.0, 30.0), (300.5, 40.0), (20.5, 35.0), (-40.0, 33.0)]),
    "lchoose": (lambda n, k: mp.log(abs(mp.binomial(n, k))), [(5.0, 2.0), (60.0, 30.0), (1e5, 4e4), (20.5, 35.0), (-40.0, 33.0)]),
    "factorial": (lambda x: mp.gamma(x + 1), [(0.5,), (20.0,), (-0.5,)]),
    "lfactorial": (lambda x: log_gamma(x + 1), [(0.0001,), (0.5,), (20.0,), (1e8,)]),
    "erf": (mp.erf, [(1e-9,), (0.5,), (-2.0,), (5.0,)]),
    "erfc": (mp.erfc, [(-3.0,), (1e-9,), (0.9,), (5.3,), (26.0,)]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [(-3.0,), (1e-9,), (0.9,), (2.99,), (3.01,), (26.0,), (1e6,)]),
    "besselJ": (lambda x, n: mp.besselj(n, x), [(0.1, 0.0), (3.3, 1.0), (20.7, 2.5), (4.5, -1.5), (2.2, -1.0)]),
    "besselY": (lambda x, n: mp.bessely(n, x), [(0.1, 0.0), (3.3, 1.0), (20.7, 2.5), (4.5, -1.5), (2.2, -1.0)]),
    "besselI": (lambda x, n: mp.besseli(n, x), [(0.1, 0.0), (3.3, 1.0), (20.7, 2.5), (4.5, -1.5), (2.2, -1.0)]),
    "besselI.scaled": (lambda x, n: mp.besseli(n, x) * mp.exp(-x), [(0.1, 0.0), (20.7, 2.5), (900.0, 1.0)]),
    "besselK": (lambda x, n: mp.besselk(n, x), [(0.1, 0.0), (3.3, 1.0), (20.7, 2.5), (4.5, -1.5), (2.2, -1.0)]),
    "besselK.scaled": (lambda x, n: mp.besselk(n, x) * mp.exp(x), [(0.1, 0.0), (20.7, 2.5), (900.0, 1.0)]),
    "expit": (lambda x: mp.exp(x) / (1 + mp.exp(x)), [(-700.0,), (-3.0,), (1e-9,), (36.0,), (800.0,)]),
    "log_expit": (lambda x: -mp.log1p(mp.exp(-x)), [(-800.0,), (-3.0,), (1e-9,), (36.0,), (700.0,)]),
    "logit": (lambda p: mp.log(p) - mp.log1p(-p), [(1e-300,), (0.2,), (0.26,), (0.5000001,), (0.999,)]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), [(-700.0,), (-3.0,), (1e-9,), (36.0,), (800.0,)]),
    "lambertW0": (
        lambda x: mp.lambertw(x).real,
        [(-0.3678794,), (-0.3678,), (-0.367,), (-0.3,), (-1e-3,), (1e-300,), (9e-4,), (0.5,), (2.71,), (3.0,), (1e300,)]),
    "erfi": (mp.erfi, [(-26.7,), (-3.0,), (1e-300,), (0.5,), (11.99,), (12.01,), (26.69,)]),
    "dawsn": (
        lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x),
        [(-1e6,), (-0.501,), (1e-300,), (0.499,), (0.924,), (2.0,), (11.99,), (12.01,), (26.0,), (1e3,)]),
    "exp1": (mp.e1, [(1e-300,), (0.01,), (0.999,), (1.001,), (5.0,), (40.0,), (700.0,)]),
    "expi": (
        lambda x: mp.ei(x).real,
        [(-700.0,), (-1.0,), (-1e-300,), (1e-300,), (0.2499,), (0.2501,), (0.3725074107813666,), (0.372507410781367,), (0.4999,), (0.5001,), (39.9,), (40.1,), (716.0,)]),
    "log1mexp": (lambda x: mp.log(-mp.expm1(-x)), [(1e-300,), (1e-9,), (0.3,), (2.0,), (40.0,)]),
    "logaddexp": (lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), [(800.0, 801.5), (-800.0, -803.0), (0.3, -40.0), (2.0, 2.0)]),
    "gammainc_grad_a": (gamma_by_shape, GRADIENT_POINTS),
    "gammainc_grad_a.log": (lambda a, x: mp.log(-gamma_by_shape(a, x)), GRADIENT_POINTS),
    "pf_grad_df1": (by_first, F_POINTS),
    "pf_grad_df1.log": (lambda *at: mp.log(abs(by_first(*at))), F_POINTS),
    "pf_sign_df1": (lambda *at: mp.sign(by_first(*at)), F_POINTS),
    "pf_sign_df2": (lambda *at: mp.sign(by_second(*at)), F_POINTS),
    "pt_sign_df": (lambda *at: mp.sign(student_by_df(*at)), T_POINTS),
    "pf_grad_df2": (by_second, F_POINTS),
    "pf_grad_df2.log": (lambda *at: mp.log(abs(by_second(*at))), F_POINTS),
    "pt_grad_df": (student_by_df, T_POINTS),
    "pt_grad_df.log": (lambda *at: mp.log(abs(student_by_df(*at))), T_POINTS),
    "betainc_grad_a": (beta_by_first, BETA_POINTS),
    "betainc_grad_a.log": (lambda a, b, x: mp.log(-beta_by_first(a, b, x)), BETA_POINTS),
    "betainc_grad_b": (lambda a, b, x: -beta_by_first(b, a, 1 - x), BETA_POINTS),
    "betainc_grad_b.log": (lambda a, b, x: mp.log(-beta_by_first(b, a, 1 - x)), BETA_POINTS),
}  # fmt: skip


def mean_tail(k: Number, n: Number, m: Number) -> Number:
    """P(X > k) of the negative binomial distribution with the mean m, summed from its densities."""
    density = DISTRIBUTED["nbinom.mu"][0]
    with mp.workdps(400):
        return 1 - mp.fsum(density(mp.mpf(j), n, m) for j in range(int(k) + 1))


# Density, probability of at most x, probability of more than x.
Family = tuple[Callable[..., Number], Callable[..., Number], Callable[..., Number], list[tuple[float, ...]]]
DISTRIBUTED: dict[str, Family] = {
    "norm": (
        lambda x, m, s: normal_density((x - m) / s) / s, lambda x, m, s: normal((x - m) / s), lambda x, m, s: normal((m - x) / s),
        [(-37.3, 0.0, 1.0), (-8.1, 0.0, 1.0), (0.3, 0.5, 2.0), (1e-9, 0.0, 1.0), (7.9, 0.0, 1.0), (30.3, 0.0, 1.0)]),
    "lnorm": (
        lambda x, m, s: normal_density((mp.log(x) - m) / s) / (s * x), lambda x, m, s: normal((mp.log(x) - m) / s),
        lambda x, m, s: normal((m - mp.log(x)) / s), [(0.01, 0.0, 1.0), (1.3, 0.5, 2.0), (40.5, 0.25, 0.5)]),
    "exp": (
        lambda x, r: r * mp.exp(-r * x), lambda x, r: -mp.expm1(-r * x), lambda x, r: mp.exp(-r * x),
        [(1e-12, 1.5), (0.3, 2.0), (300.0, 1.0)]),
    "gamma": (
        lambda x, a, r: mp.exp(a * mp.log(r) + (a - 1) * mp.log(x) - r * x - mp.loggamma(a)),
        lambda x, a, r: below_gamma(a, r * x), lambda x, a, r: above_gamma(a, r * x),
        [(1e-4, 0.3, 1.0), (0.7, 1.0, 2.0), (45.0, 50.0, 1.0), (900.0, 1000.0, 1.0), (1150.0, 1000.0, 1.0), (80.0, 3.5, 1.0),
         (1e-3, 20.0, 1.0)]),
    "chisq": (
        lambda x, n: mp.exp((n / 2 - 1) * mp.log(x) - x / 2 - n / 2 * mp.log(2) - mp.loggamma(n / 2)),
        lambda x, n: below_gamma(n / 2, x / 2), lambda x, n: above_gamma(n / 2, x / 2),
        [(0.01, 1.0), (7.3, 5.0), (140.0, 100.0), (300.0, 7.0)]),
    "beta": (
        lambda x, a, b: x ** (a - 1) * (1 - x) ** (b - 1) / mp.beta(a, b), lambda x, a, b: below_beta(a, b, x),
        lambda x, a, b: below_beta(b, a, 1 - x),
        [(0.25, 2.0, 3.0), (1e-5, 0.5, 0.5), (0.9375, 20.0, 0.3), (0.25, 40.0, 30.0), (0.5, 300.0, 200.0), (1 - 2.0**-20, 0.3, 9.0)]),
    "t": (
        lambda x, n: mp.gamma((n + 1) / 2) / mp.gamma(n / 2) / mp.sqrt(n * mp.pi) * (1 + x * x / n) ** (-(n + 1) / 2), student,
        lambda x, n: student(-x, n), [(-0.01, 3.0), (0.8, 1.5), (-30.0, 5.0), (40.0, 250.0), (1e5, 2.5), (2.0, 1e6)]),
    "f": (
        lambda x, a, b: (a / b) ** (a / 2) * x ** (a / 2 - 1) * (1 + a * x / b) ** (-(a + b) / 2) / mp.beta(a / 2, b / 2),
        lambda x, a, b: below_beta(a / 2, b / 2, a * x / (a * x + b)), lambda x, a, b: below_beta(b / 2, a / 2, b / (a * x + b)),
        [(0.01, 3.0, 4.0), (0.8, 1.5, 7.25), (30.0, 5.0, 0.5), (1.125, 250.0, 300.0), (1e5, 2.5, 9.0), (1e-6, 0.25, 40.0)]),
    "weibull": (
        lambda x, k, s: k / s * (x / s) ** (k - 1) * mp.exp(-((x / s) ** k)), lambda x, k, s: -mp.expm1(-((x / s) ** k)),
        lambda x, k, s: mp.exp(-((x / s) ** k)), [(1e-6, 1.5, 2.0), (0.7, 0.5, 1.0), (9.0, 2.5, 1.5)]),
    "cauchy": (
        lambda x, m, s: 1 / (mp.pi * s * (1 + ((x - m) / s) ** 2)), lambda x, m, s: mp.atan2(s, m - x) / mp.pi,
        lambda x, m, s: mp.atan2(s, x - m) / mp.pi, [(-1e9, 0.0, 1.0), (0.3, 0.5, 2.0), (1.5, 0.0, 1.0), (1e6, 0.0, 1.0)]),
    "unif": (
        lambda x, a, b: 1 / (b - a), lambda x, a, b: (x - a) / (b - a), lambda x, a, b: (b - x) / (b - a),
        [(0.25, 0.0, 1.0), (2.5, -1.0, 7.0)]),
    "logis": (
        lambda x, m, s: mp.sech((x - m) / (2 * s)) ** 2 / (4 * s), lambda x, m, s: 1 / (1 + mp.exp((m - x) / s)),
        lambda x, m, s: 1 / (1 + mp.exp((x - m) / s)), [(-700.0, 0.0, 1.0), (0.3, 0.5, 2.0), (40.0, 0.0, 1.0)]),
    "pois": (
        lambda k, m: mp.exp(k * mp.log(m) - m - mp.loggamma(k + 1)), lambda k, m: above_gamma(k + 1, m),
        lambda k, m: below_gamma(k + 1, m), [(0.0, 0.3), (3.0, 2.5), (300.0, 250.0), (127.0, 75.5), (2000.0, 2500.0)]),
    "binom": (
        lambda k, n, p: mp.binomial(n, k) * p**k * (1 - p) ** (n - k), lambda k, n, p: below_beta(n - k, k + 1, 1 - p),
        lambda k, n, p: below_beta(k + 1, n - k, p), [(0.0, 5.0, 0.3), (3.0, 7.0, 0.5), (400.0, 1000.0, 0.3), (20.0, 1000.0, 0.125)]),
    "nbinom": (
        lambda k, n, p: mp.gamma(n + k) / mp.gamma(n) / mp.gamma(k + 1) * p**n * (1 - p) ** k,
        lambda k, n, p: below_beta(n, k + 1, p), lambda k, n, p: below_beta(k + 1, n, 1 - p),
        [(0.0, 5.0, 0.3), (3.0, 0.7, 0.5), (400.0, 100.0, 0.25)]),
    # Near the Poisson distribution, near the geometric one, and with nearly all of the probability at 0.
    "nbinom.mu": (
        lambda k, n, m: mp.exp(mp.loggamma(n + k) - mp.loggamma(n) - mp.loggamma(k + 1) + k * mp.log(m / (n + m))
            - n * mp.log1p(m / n)),
        lambda k, n, m: 1 - mean_tail(k, n, m), lambda k, n, m: mean_tail(k, n, m),
        [(1.0, 5.0, 1e-12), (3.0, 1e16, 2.5), (3.0, 1e30, 2.5), (40.0, 1e9, 33.0), (0.0, 0.7, 3.3), (3.0, 0.7, 0.01),
         (400.0, 100.0, 300.0), (7.0, 1e-3, 500.0)]),
}  # fmt: skip


def value(op: str, arguments: Sequence[float]) -> float:
    return OPERATIONS[op].careful(*arguments)


def exact(f: Callable[..., Number], arguments: Sequence[float]) -> Number:
    return f(*map(mp.mpf, arguments))


def logarithm(p: Number, other: Number) -> Number:
    return mp.log(p) if p < half else mp.log1p(-other)


def test_every_row_of_the_table_has_a_reference() -> None:
    # Others have their values in tests/golden/curvatures.tsv and orders.tsv.
    assert {f.name for f in SPECIAL} - {f.name for f in (*CURVATURES, *ORDERS)} == set(REFERENCES)
    assert {f.name + f.variant for f in FAMILIES} == set(DISTRIBUTED)
    assert {f.name for f in (*SPECIAL, *DISTRIBUTIONS)} <= set(FUNCTIONS)


@pytest.mark.parametrize(
    ("op", "arguments"), [pytest.param(n, a, id=f"{n}{a}") for n, (_, points) in REFERENCES.items() for a in points]
)
def test_special_functions_agree_with_mpmath_to_13_digits(op: str, arguments: tuple[float, ...]) -> None:
    with mp.workdps(40):
        expected = float(exact(REFERENCES[op][0], arguments))
    assert value(op, arguments) == pytest.approx(expected, rel=DIGITS, abs=0)


POINTS = [pytest.param(n, a, id=f"{n}{a}") for n, (*_, points) in DISTRIBUTED.items() for a in points]


@pytest.mark.parametrize(("name", "arguments"), POINTS)
def test_densities_and_probabilities_agree_with_mpmath_to_13_digits(name: str, arguments: tuple[float, ...]) -> None:
    with mp.workdps(60):
        density, below, above = (exact(f, arguments) for f in DISTRIBUTED[name][:3])
        expected = {
            "d": density, "d.log": mp.log(density), "p": below, "p.upper": above, "p.log": logarithm(below, above),
            "p.upper.log": logarithm(above, below),
        }  # fmt: skip
        expected = {k: float(v) for k, v in expected.items()}
    for kind, number in expected.items():
        got = value(kind[0] + name + kind[1:], arguments)
        # Below 1e-250 the rounding of the exponent itself is seen.
        assert got == pytest.approx(number, rel=DIGITS if number > 1e-250 or "log" in kind else 1e-12, abs=0), kind


CONTINUOUS = [f.name for f in FAMILIES if not f.whole]
CHANCES = [1e-100, 1e-9, 0.02, 0.3, 0.5, 0.75, 0.999]


@pytest.mark.parametrize("tail", ["", ".upper", ".log", ".upper.log"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_quantiles_are_the_roots_of_the_probability_to_13_digits(name: str, tail: str) -> None:
    density, below, above, points = DISTRIBUTED[name]
    probability = above if "upper" in tail else below
    for (_, *parameters), p in zip((points * len(CHANCES))[: len(CHANCES)], CHANCES, strict=True):
        given = math.log(p) if "log" in tail else p
        got = value(f"q{name}{tail}", [given, *parameters])
        if not 1e-290 < abs(got) < 1e290:
            continue
        with mp.workdps(60):
            x, others = mp.mpf(got), list(map(mp.mpf, parameters))
            target = mp.exp(given) if "log" in tail else mp.mpf(given)
            if (
                not 0
                < (x if name not in ("norm", "t", "cauchy", "unif", "logis") else half)
                < (1 if name == "beta" else mp.inf)
            ):
                continue
            for _ in range(3):
                slope = density(x, *others) * (-1 if "upper" in tail else 1)
                x -= (probability(x, *others) - target) / slope
            expected = float(x)
        assert got == pytest.approx(
            expected, rel=DIGITS, abs=DIGITS * abs(parameters[0]) if name in ("norm", "unif") else 0
        ), p


@pytest.mark.parametrize("tail", ["", ".upper", ".log", ".upper.log"])
@pytest.mark.parametrize("name", ["pois", "binom", "nbinom", "nbinom.mu"])
def test_quantiles_of_whole_numbers_are_the_first_that_reach_the_probability(name: str, tail: str) -> None:
    for arguments in DISTRIBUTED[name][3]:
        for p in CHANCES[1:]:
            given = math.log(p) if "log" in tail else p
            k = value(f"q{name}{tail}", [given, *arguments[1:]])
            at, before = (value(f"p{name}{tail}", [j, *arguments[1:]]) for j in (k, k - 1))
            assert (at <= given < before) if "upper" in tail else (before < given <= at)


@pytest.mark.parametrize(
    ("op", "arguments", "expected"),
    [
        pytest.param("pnorm.log", (-1e10, 0.0, 1.0), -5e19, id="pnorm(-1e10, log)"),
        pytest.param("pnorm.upper.log", (40.0, 0.0, 1.0), -804.6084420137538, id="pnorm(40, upper, log)"),
        pytest.param("plogis", (-800.0, 0.0, 1.0), 0.0, id="plogis(-800)"),
        pytest.param("plogis.log", (-800.0, 0.0, 1.0), -800.0, id="plogis(-800, log)"),
        pytest.param("plogis.upper.log", (800.0, 0.0, 1.0), -800.0, id="plogis(800, upper, log)"),
        pytest.param("qlogis.log", (-800.0, 0.0, 1.0), -800.0, id="qlogis(-800, log)"),
        pytest.param("dnorm", (0.0, 0.0, 0.0), INF, id="dnorm at the mean, sd 0"),
        pytest.param("dnorm", (1.0, 0.0, 0.0), 0.0, id="dnorm off the mean, sd 0"),
        pytest.param("dnorm", (1.0, 0.0, -1.0), NAN, id="dnorm, sd < 0"),
        pytest.param("pnorm", (0.0, 0.0, 0.0), 1.0, id="pnorm at the mean, sd 0"),
        pytest.param("qnorm", (0.0, 0.0, 1.0), -INF, id="qnorm(0)"),
        pytest.param("qnorm", (1.1, 0.0, 1.0), NAN, id="qnorm(1.1)"),
        pytest.param("gamma", (0.0,), NAN, id="gamma(0)"),
        pytest.param("gamma", (-3.0,), NAN, id="gamma(-3)"),
        pytest.param("gamma", (172.0,), INF, id="gamma(172)"),
        pytest.param("lgamma", (-3.0,), INF, id="lgamma(-3)"),
        pytest.param("digamma", (0.0,), NAN, id="digamma(0)"),
        pytest.param("trigamma", (-2.0,), INF, id="trigamma(-2)"),
        pytest.param("beta", (0.0, 1.0), INF, id="beta(0, 1)"),
        pytest.param("beta", (-1.0, 1.0), NAN, id="beta(-1, 1)"),
        pytest.param("choose", (5.0, -1.0), 0.0, id="choose(5, -1)"),
        pytest.param("choose", (5.0, 7.0), 0.0, id="choose(5, 7)"),
        pytest.param("choose", (50.0, 3.0), 19600.0, id="choose(50, 3) is whole"),
        pytest.param("lchoose", (5.0, 7.0), -INF, id="lchoose(5, 7)"),
        pytest.param("besselJ", (-1.0, 0.0), NAN, id="besselJ(-1, 0)"),
        pytest.param("besselK", (0.0, 1.0), INF, id="besselK(0, 1)"),
        pytest.param("besselY", (0.0, 1.0), -INF, id="besselY(0, 1)"),
        pytest.param("dexp", (-1.0, 2.0), 0.0, id="dexp(-1)"),
        pytest.param("dexp.log", (-1.0, 2.0), -INF, id="dexp(-1, log)"),
        pytest.param("dgamma", (0.0, 1.0, 2.0), 2.0, id="dgamma(0, 1)"),
        pytest.param("dgamma", (0.0, 0.5, 2.0), INF, id="dgamma(0, 1/2)"),
        pytest.param("dgamma", (1.0, -0.5, 2.0), NAN, id="dgamma, shape < 0"),
        pytest.param("dbeta", (0.0, 1.0, 3.0), 3.0, id="dbeta(0, 1, 3)"),
        pytest.param("dbeta", (1.5, 2.0, 3.0), 0.0, id="dbeta(1.5)"),
        pytest.param("pbeta", (1.5, 2.0, 3.0), 1.0, id="pbeta(1.5)"),
        pytest.param("dpois", (2.5, 2.0), 0.0, id="dpois(2.5)"),
        pytest.param("dpois", (0.0, 0.0), 1.0, id="dpois(0, 0)"),
        pytest.param("ppois", (2.9999999999, 2.0), 0.857123460498547, id="ppois within the fuzz"),
        pytest.param("dbinom", (3.0, 3.0, 1.0), 1.0, id="dbinom(3, 3, 1)"),
        pytest.param("dbinom", (2.0, 2.5, 0.5), NAN, id="dbinom, size not whole"),
        pytest.param("pbinom", (7.0, 5.0, 0.5), 1.0, id="pbinom(7, 5)"),
        pytest.param("qbinom", (1.0, 5.0, 0.5), 5.0, id="qbinom(1)"),
        pytest.param("qpois", (1.0, 5.0), INF, id="qpois(1)"),
        pytest.param("qpois", (0.0, 5.0), 0.0, id="qpois(0)"),
        pytest.param("dt", (1.0, INF), 0.24197072451914337, id="dt with infinite df"),
        pytest.param("punif", (3.0, 0.0, 1.0), 1.0, id="punif(3)"),
        pytest.param("dunif", (0.5, 1.0, 0.0), NAN, id="dunif, max < min"),
    ],
)  # fmt: skip
def test_values_at_edges_and_outside_domains_are_those_of_r(
    op: str, arguments: tuple[float, ...], expected: float
) -> None:
    assert value(op, arguments) == pytest.approx(expected, rel=DIGITS, abs=0, nan_ok=True)


def test_without_scipy_the_error_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", missing)
    for name in list(vars(sp)):
        monkeypatch.delattr(sp, name)
    with pytest.raises(CalculusError, match="SciPy") as caught:
        value("besselJ", (1.0, 0.0))
    assert caught.value.reason is Reason.MISSING_PART
    assert "secant[special]" in caught.value.hint
    # What `math` computes is there at a point.
    assert value("gamma", (5.0,)) == 24.0
    assert value("lgamma", (0.5,)) == pytest.approx(math.log(math.pi) / 2, rel=DIGITS)
    assert value("pnorm", (0.0, 0.0, 1.0)) == 0.5
    assert value("qnorm", (0.975, 0.0, 1.0)) == pytest.approx(1.959963984540054, rel=DIGITS)
    assert value("plogis", (0.0, 0.0, 1.0)) == 0.5


def missing(name: str) -> Any:
    raise ImportError(name)
