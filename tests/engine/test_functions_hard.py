"""Special functions at the ends of the doubles: every loop ends, and what comes back is right or NaN."""

import itertools
import math
import os

import mpmath as mp
import numpy as np
import pytest
from scipy import stats
from secantd.functions import CHEAP, FUNCTIONS, Row, cost
from secantd.program.operations import OPERATIONS
from secantd.program.special import SPECIAL, incompletegamma, quantile

from .work import lines

INF, NAN = math.inf, math.nan
LARGE = 1.797e308
# Denormals, the ends of the doubles, neighbours of 1, and where whole numbers are no doubles any more.
POSITIVE = [
    5e-324,
    1e-310,
    1e-300,
    1e-17,
    1e-5,
    0.3,
    1.0 - 2.0**-53,
    1.0,
    3.0,
    50.0,
    1e5,
    1e8,
    2.0**53,
    1e17,
    1e100,
    1e300,
    LARGE,
]
HARD = [NAN, -INF, -1e300, -1.5, -1e-300, -5e-324, 0.0, *POSITIVE, INF]
ROWS = [pytest.param(f, id=f.name) for f in FUNCTIONS.values() if f.name in SPECIAL]
# Lines of Python for all points of an array together: 64 steps of Newton's method, each a tail and its slope, each 200
# steps of a fraction that have eight lines; qf() has two tails.
MOST = 600_000
# Every so many points of the grid of several arguments are computed one by one; prime to the sides of the grid.
STEP = 11 if "SECANT_TEST_LONG" in os.environ else 97


def grid(count: int) -> list[tuple[float, ...]]:
    """Return points of `count` coordinates among the hard values."""
    return (
        list(itertools.product(HARD[::2], HARD[6::3], HARD[7::3]))
        if count == 3
        else list(itertools.product(HARD, repeat=count))
    )


@pytest.mark.sample(5)
@pytest.mark.parametrize("row", ROWS)
def test_no_row_works_long_at_any_hard_value(row: Row) -> None:
    points = grid(len(row.parameters))
    columns = [np.array(c) for c in zip(*points, strict=True)]
    with np.errstate(all="ignore"):
        assert lines(lambda: OPERATIONS[row.name].array(*columns), "program/special", MOST) <= MOST


@pytest.mark.sample(2)
@pytest.mark.parametrize("row", ROWS)
def test_a_row_at_one_hard_point_gives_a_number_and_never_raises(row: Row) -> None:
    one, many = OPERATIONS[row.name].careful, OPERATIONS[row.name].array
    points = grid(len(row.parameters))[:: STEP if len(row.parameters) > 1 else 1]
    with np.errstate(all="ignore"):
        together = many(*[np.array(c) for c in zip(*points, strict=True)])
    for point, value in zip(points, together.tolist(), strict=True):
        got = one(*point)
        assert isinstance(got, float)
        # A block of points and one point are computed by other means at times.
        assert (
            got == value or (got != got and value != value) or math.isclose(got, value, rel_tol=1e-12, abs_tol=1e-307)
        ), point


# P at the answer and at the double before it, by mpmath.
DISCRETE = [
    ("qnbinom", (0.5, 1.0, 1e-17), lambda k, n, p: -mp.expm1((k + 1) * mp.log1p(-p))),
    ("qnbinom", (0.999, 1.0, 1e-300), lambda k, n, p: -mp.expm1((k + 1) * mp.log1p(-p))),
    ("qnbinom", (1e-9, 1.0, 3e-30), lambda k, n, p: -mp.expm1((k + 1) * mp.log1p(-p))),
    ("qpois", (0.3, 1e16), lambda k, m: by_normal(k, m)),
    ("qpois", (0.5, 1e300), lambda k, m: by_normal(k, m)),
    ("qpois", (0.999, 1e22), lambda k, m: by_normal(k, m)),
    ("qpois", (1e-5, 3e40), lambda k, m: by_normal(k, m)),
    ("qbinom", (0.3, 1e18, 0.5), lambda k, n, p: by_normal_binomial(k, n, p)),
    ("qbinom", (0.9, 2.0**60, 0.25), lambda k, n, p: by_normal_binomial(k, n, p)),
    ("qnbinom", (0.5, 1e17, 0.5), lambda k, n, p: 1 - by_normal_binomial(n - 1, n + k, p)),
    ("qnbinom", (0.9, 1e25, 0.5), lambda k, n, p: 1 - by_normal_binomial(n - 1, n + k, p)),
]  # fmt: skip


def by_normal(k: mp.mpf, m: mp.mpf) -> mp.mpf:
    """Return P(X ≤ k), Poisson with a large mean, by the expansion of Cornish and Fisher to 1/m."""
    z = (k + mp.mpf(1) / 2 - m) / mp.sqrt(m)
    return edgeworth(z, 1 / mp.sqrt(m), 1 / m)


def by_normal_binomial(k: mp.mpf, n: mp.mpf, p: mp.mpf) -> mp.mpf:
    q = 1 - p
    v = n * p * q
    return edgeworth((k + mp.mpf(1) / 2 - n * p) / mp.sqrt(v), (q - p) / mp.sqrt(v), (1 - 6 * p * q) / v)


def edgeworth(z: mp.mpf, skewness: mp.mpf, excess: mp.mpf) -> mp.mpf:
    return mp.ncdf(z) - mp.npdf(z) * skewness / 6 * (z * z - 1)


@pytest.mark.parametrize(("name", "arguments", "below"), [pytest.param(*d, id=f"{d[0]}{d[1]}") for d in DISCRETE])
def test_beyond_2_to_the_53_a_quantile_is_the_smallest_double_that_reaches_p(name, arguments, below) -> None:
    k = OPERATIONS[name].careful(*arguments)
    assert k == math.floor(k) > 2.0**53 - 1
    p, *parameters = arguments
    with mp.workdps(700):
        at, before = (below(mp.mpf(x), *map(mp.mpf, parameters)) for x in (k, math.nextafter(k, 0.0)))
        # What rounding leaves of a probability, and the slack that R gives.
        assert at >= p * (1 - mp.mpf(1e-13))
        assert before < p * (1 + mp.mpf(1e-13))


def test_a_quantile_above_all_doubles_is_infinite() -> None:
    assert OPERATIONS["qnbinom"].careful(0.5, 1.0, 5e-324) == INF
    assert OPERATIONS["qpois"].careful(0.5, LARGE) == LARGE


# By mpmath: each an integral or a series that does not lose digits there.
FAR = [
    ("pbeta.log", (1.0 - 2.0**-53, 1e17, 1e-300), lambda x, a, b: mp.log(b * mp.quad(lambda u: mp.exp(-u) / u, [a * (1 - x), 20, 50, 200]))),
    ("pbeta.upper.log", (1e-5, 3.0, 1e8), lambda x, a, b: mp.log(mp.fsum(mp.binomial(a + b - 1, j) * x**j * (1 - x) ** (a + b - 1 - j) for j in range(3)))),
    ("pbeta", (0.5, 1000.0, 1.5), lambda x, a, b: mp.betainc(a, b, 0, x, regularized=True)),
    ("pbeta", (1.0 - 2.0**-53, 0.5, 0.5), lambda x, a, b: 2 / mp.pi * mp.asin(mp.sqrt(x))),
    ("pbeta.upper", (1.0 - 2.0**-53, 0.5, 0.5), lambda x, a, b: 1 - 2 / mp.pi * mp.asin(mp.sqrt(x))),
    ("pgamma", (1e17, 1e17, 1.0), lambda x, a, r: mp.mpf(1) / 2 + 1 / (3 * mp.sqrt(2 * mp.pi * a))),
    ("pgamma.log", (1e-300, 1e300, 1.0), lambda x, a, r: a * mp.log(x) - mp.loggamma(a + 1)),
    ("pgamma.upper.log", (LARGE, 0.3, 1.0), lambda x, a, r: (a - 1) * mp.log(x) - x - mp.loggamma(a)),
    ("qgamma.upper.log", (-700.0, 1e-300, 1.0), lambda p, a, r: mp.findroot(lambda x: mp.log(a * mp.e1(x)) - p, 7.14)),
    ("qchisq", (1e-300, 1e300), lambda p, n: n),
    # x^a/(a B(a, b)) with B(a, b) about 1/b
    ("qbeta", (1e-310, 1.5, 5e-18), lambda p, a, b: (p * a / b) ** (1 / a)),
    ("qbeta.log", (-1e5, 1e300, 1e300), lambda p, a, b: mp.mpf(0.5)),
    ("besselJ", (1e17, 0.0), lambda x, n: mp.besselj(n, x)),
    ("besselY", (1e17, 2.5), lambda x, n: mp.bessely(n, x)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "exact"), [pytest.param(*f, id=f"{f[0]}{f[1]}") for f in FAR])
def test_far_out_values_agree_with_mpmath(name, arguments, exact) -> None:
    with mp.workdps(60):
        expected = float(exact(*map(mp.mpf, arguments)))
    assert OPERATIONS[name].careful(*arguments) == pytest.approx(expected, rel=1e-13, abs=0)


@pytest.mark.parametrize("z", [-5.0, -3.0, -0.9, 0.2, 2.0])
@pytest.mark.parametrize(("a", "b"), [(1e11, 1e11), (1e13, 3e15), (3e12, 1e18), (1e15, 1e15)])
def test_the_beta_distribution_of_large_shapes_keeps_its_digits(a: float, b: float, z: float) -> None:
    x = a / (a + b) + z * math.sqrt(a * b / (a + b)) / (a + b)
    with mp.workdps(50):
        p, q, n = mp.mpf(a), mp.mpf(b), mp.mpf(a) + mp.mpf(b)
        constant = mp.loggamma(p) + mp.loggamma(q) - mp.loggamma(n)
        sd = mp.sqrt(p * q / n) / n
        places = [mp.mpf(x) - sd * k for k in (14, 10, 8, 6, 4, 2, 1, 0)]
        expected = mp.quad(lambda t: mp.exp((p - 1) * mp.log(t) + (q - 1) * mp.log1p(-t) - constant), places)
        assert OPERATIONS["pbeta"].careful(x, a, b) == pytest.approx(float(expected), rel=2e-12, abs=0)


def test_the_gamma_distribution_of_large_shapes_keeps_its_digits_beyond_four_deviations() -> None:
    """SciPy's has an error of up to 70 % there, and so have its quantiles. By Gauss's quadrature with 50 digits."""
    for tail, a, x, expected in (
        ("", 985244854.7868681, 985085480.8109729, 1.9100633725035037e-7),
        ("", 990354.1119546716, 985287.8091239328, 1.7046715303431628e-7),
        (".upper", 1e6, 1006000.0, 1.0597397352843813e-9),
        (".upper", 3e8, 300100000.0, 3.8963841013934881e-9),
    ):
        assert OPERATIONS[f"pgamma{tail}"].careful(x, a, 1.0) == pytest.approx(expected, rel=1e-12)
        assert OPERATIONS[f"pgamma{tail}.log"].careful(x, a, 1.0) == pytest.approx(math.log(expected), rel=1e-13)
        assert OPERATIONS[f"qgamma{tail}"].careful(expected, a, 1.0) == pytest.approx(x, rel=1e-14)


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("a", [5e-324, 1e-300, 1e-5, 0.3, 1.0, 50.0, 5e3, 9999.0])
def test_series_and_fraction_converge_in_fewer_steps_than_they_may_take(monkeypatch, a: float, lower: bool) -> None:
    x = a * np.concatenate([1.0 - np.logspace(-12, -1e-9, 300), 1.0 + np.logspace(-12, 300, 300)])
    with np.errstate(all="ignore"):
        values = incompletegamma.gamma_tail(x[(x > 0) & (x < INF)], a, lower, True)
        monkeypatch.setattr(incompletegamma, "SERIES", 2 * incompletegamma.SERIES)
        monkeypatch.setattr(incompletegamma, "FRACTION", 2 * incompletegamma.FRACTION)
        again = incompletegamma.gamma_tail(x[(x > 0) & (x < INF)], a, lower, True)
    assert not np.isnan(values).any()
    assert np.allclose(values, again, rtol=1e-13, atol=0)


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("a", [1e-300, 1e-5, 0.3, 50.0, 1e8, 1e17, 1e300])
def test_newton_s_method_ends_before_its_steps_are_used_up(monkeypatch, a: float, lower: bool) -> None:
    logs = -np.logspace(2.81, 307, 60)
    with np.errstate(all="ignore"):
        values = quantile.gamma(logs, a, 1.0, lower, True)
        monkeypatch.setattr(quantile, "STEPS", 2 * quantile.STEPS)
        again = quantile.gamma(logs, a, 1.0, lower, True)
    assert np.allclose(values, again, rtol=1e-14, atol=0)


# By mpmath with 60 digits: the root of log I.
@pytest.mark.parametrize(
    ("p", "a", "b", "expected"),
    [
        pytest.param(
            1.635410218720753e-19, 1.0839663069984888, 0.26783380106205446, 1.6486316299649394e-17, id="1.6e-19"
        ),
        pytest.param(9.207833611307718e-129, 7.840934834816419, 9.220280278896167, 1.3954423249009317e-17, id="9e-129"),
        pytest.param(
            2.744076137451214e-228, 4.011033414274399, 19506.225986922047, 2.0979195533129717e-61, id="2.7e-228"
        ),
        pytest.param(9.88920291850089e-278, 377.0111536544715, 29.444141887735054, 0.1427550758161502, id="9.9e-278"),
    ],
)
def test_quantiles_of_the_beta_distribution_far_out_keep_twelve_digits(p, a, b, expected) -> None:
    """SciPy's inverse is off by a tenth there, or not a number."""
    assert OPERATIONS["qbeta"].careful(p, a, b) == pytest.approx(expected, rel=1e-12)
    assert OPERATIONS["qbeta.log"].careful(math.log(p), a, b) == pytest.approx(expected, rel=1e-12)
    assert 1.0 / (1.0 + OPERATIONS["qf.upper"].careful(p, 2 * b, 2 * a) * b / a) == pytest.approx(expected, rel=1e-12)


def test_quantiles_below_all_doubles_are_zero() -> None:
    assert OPERATIONS["qbeta"].careful(1e-4, 0.0102, 3.0) == 0.0
    assert OPERATIONS["qf.upper"].careful(1.8e-8, 7.2, 0.0196) == INF


def test_a_search_finds_whole_numbers_between_two_doubles_whose_middle_is_none() -> None:
    """From 31 to 33 the double in the middle is 31.5, and the search ended at 33."""
    assert OPERATIONS["qbinom.upper"].careful(0.20951151944827, 136.0, 0.20822098775199116) == 32.0
    chance = np.random.default_rng(3)
    p, n, q = chance.uniform(0, 1, 400), np.rint(10 ** chance.uniform(0, 4, 400)), chance.uniform(0, 1, 400)
    for op, right in (("qbinom", stats.binom.ppf(p, n, q)), ("qnbinom", stats.nbinom.ppf(p, n, q))):
        assert [OPERATIONS[op].careful(*at) for at in zip(p, n, q, strict=True)] == right.tolist()


def test_all_of_a_beta_distribution_of_an_infinite_shape_is_at_one_end() -> None:
    for p in (0.3, 0.5, 0.7):
        assert (OPERATIONS["qbeta"].careful(p, INF, 2.0), OPERATIONS["qbeta"].careful(p, 2.0, INF)) == (1.0, 0.0)


# One line of the functions' own code is some microseconds of NumPy at least: a row runs no more of them than its cost allows.
# Stable forms have no loops and run about 300 operations at most.
@pytest.mark.sample(3)
@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_cost_and_runs_no_more_lines_than_that_at_one_point(row: Row) -> None:
    points = grid(len(row.parameters))
    for point in points[:: max(1, len(points) // 12)]:
        # Stable forms are compiled when they are first needed.
        OPERATIONS[row.name].careful(*point)
        assert lines(lambda point=point: OPERATIONS[row.name].careful(*point), "program/special", cost(row)) <= cost(
            row
        )


def test_no_row_of_loops_is_cheap() -> None:
    for row in FUNCTIONS.values():
        loops = row.written[0] in "pq" and row.written[1:] in (
            "gamma", "chisq", "beta", "t", "f", "pois", "binom", "nbinom"
        )  # fmt: skip
        assert (cost(row) > CHEAP) == (
            loops or "_grad_" in row.name or "_sign_" in row.name or row.written in ("psigamma", "besselY")
        ), row.name
