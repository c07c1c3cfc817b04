"""Where functions are hard: their edges, the hard values of their parameters, and the places of distributions."""

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

__all__ = ["DISTRIBUTED", "EDGES", "SEVERAL", "Distributed", "Rule"]


class Rule(NamedTuple):
    """Edges of a function, the range of its usual arguments, and whether negative ones are among them."""

    edges: tuple[float, ...] = ()
    range: tuple[float, float] = (1e-3, 1e3)
    signed: bool = True


_ROOT2 = 2.0**0.5
_GAMMA = (1.0, 2.0, -1.0, -2.5, 0.5, 171.6243769563027)
# Zeros of lgamma and digamma: DLMF 5.4.20 and Table 5.4.1, and by bisection.
_LGAMMA = (1.0, 2.0, 0.5, 1.5, 2.5, -2.457024738220801, -2.7476826467274125, -3.143580888349981, 15.0)
_DIGAMMA = (1.4616321449683623, -0.5040830082644554, -1.573498473162391, 15.0, -1.0, 1.0)
EDGES: dict[str, Rule] = {
    "sqrt": Rule((1.0, 2.0, 4.0), (1e-300, 1e300), False),
    "exp": Rule((709.782712893384, -745.1332191019412, -708.3964185322641, 1.0), (1e-3, 700.0)),
    "expm1": Rule((0.6931471805599453, -0.6931471805599453, 709.782712893384, -37.42994775023705), (1e-8, 700.0)),
    "log": Rule((1.0, 2.718281828459045, 0.5, 2.0), (1e-300, 1e300), False),
    "log2": Rule((1.0, 2.0, 0.5, 8.0), (1e-300, 1e300), False),
    "log10": Rule((1.0, 10.0, 1000.0, 0.1), (1e-300, 1e300), False),
    "log1p": Rule((-1.0, 1.0, 2.0, -0.5), (1e-8, 0.999)),
    "sin": Rule((3.141592653589793, 1.5707963267948966, 355.0, 103993.0, 5.319372648326541e255), (1e-3, 1e6)),
    "cos": Rule((3.141592653589793, 1.5707963267948966, 177.5, 11.0, 5.319372648326541e255), (1e-3, 1e6)),
    "tan": Rule((3.141592653589793, 1.5707963267948966, 0.7853981633974483, 11.0, 5.319372648326541e255), (1e-3, 1e6)),
    "asin": Rule((1.0, -1.0, 0.5, 0.7071067811865476), (1e-3, 1.0)),
    "acos": Rule((1.0, -1.0, 0.5, 0.7071067811865476), (1e-3, 1.0)),
    "atan": Rule((1.0, 0.4375, 1.1875, 2.4375)),
    "sinpi": Rule((0.5, 1.0, 1.5, 4503599627370497.5, 1e6 + 0.25), (1e-3, 1e6)),
    "cospi": Rule((0.5, 1.0, 1.5, 4503599627370497.5, 1e6 + 0.5), (1e-3, 1e6)),
    "tanpi": Rule((0.5, 1.0, 0.25, 4503599627370497.5, 1e6 + 0.5), (1e-3, 1e6)),
    "sinh": Rule((1.0, 22.0, 710.4758600739439), (1e-8, 700.0)),
    "cosh": Rule((1.0, 22.0, 710.4758600739439), (1e-8, 700.0)),
    "tanh": Rule((1.0, 22.0, 0.55), (1e-8, 20.0)),
    "asinh": Rule((1.0, 2.0, 268435456.0), (1e-8, 1e9)),
    "acosh": Rule((1.0, 2.0, 268435456.0, 1.0000001), (1.0, 1e9), False),
    "atanh": Rule((1.0, -1.0, 0.5), (1e-8, 0.99999)),
    "abs": Rule((1.0,)), "sign": Rule((1.0,)),
    "floor": Rule((1.0, -1.0, 0.5, 4503599627370496.5)), "ceiling": Rule((1.0, -1.0, 0.5, 4503599627370496.5)),
    "trunc": Rule((1.0, -1.0, 0.5, 4503599627370496.5)),
    "gamma": Rule(_GAMMA, (1e-3, 170.0)), "factorial": Rule((0.0, 1.0, -1.5, 170.6243769563027, -0.5), (1e-3, 170.0)),
    "lgamma": Rule(_LGAMMA, (1e-3, 1e5)), "lfactorial": Rule((0.0, 1.0, -0.5, 0.5, -3.4570247382208007, 0.03), (1e-3, 1e5)),
    "digamma": Rule(_DIGAMMA, (1e-3, 1e4)), "trigamma": Rule((1.0, 15.0, -0.5, -1.0), (1e-3, 1e4)),
    "erf": Rule((0.5, 0.84375, 1.25, 2.857142857142857, 6.0), (1e-3, 6.0)),
    "erfc": Rule((0.5, 1.0, 0.84375, 1.25, 2.857142857142857, 26.543258437), (1e-3, 27.0)),
    "erfcx": Rule((0.5, 1.0, 3.0, -26.6, 10.0), (1e-3, 100.0)),
    "erfi": Rule((0.5, 26.5, 1.0), (1e-3, 27.0)), "dawsn": Rule((0.5, 12.0, 0.9241388730045918, 1.0), (1e-3, 100.0)),
    "exp1": Rule((1.0, 37.0, 701.0), (1e-3, 700.0), False), "expi": Rule((0.3725074107813666, 40.0, 0.5, 0.25, 716.0), (1e-3, 700.0)),
    "expit": Rule((36.7368005696771, -709.0, -744.4400719213812, 1.0), (1e-3, 700.0)),
    "log_expit": Rule((36.7368005696771, 0.6931471805599453, -37.0, 1.0), (1e-3, 700.0)),
    "logit": Rule((0.5, 1.0, 0.25, 0.75), (1e-10, 1.0), False),
    "softplus": Rule((36.7368005696771, 0.6931471805599453, -37.0, -745.1), (1e-3, 700.0)),
    "lambertW0": Rule((-0.36787944117144233, 2.718281828459045, 1e-3, -1e-3, -0.3675794411714423), (1e-3, 0.367)),
    "log1mexp": Rule((0.6931471805599453, 37.0, 1.0, 745.0), (1e-8, 700.0), False),
}  # fmt: skip

_SHAPES = [1e-300, 1e-10, 1e-3, 0.3, 0.5, 0.97, 1.0, 1.7, 3.5, 12.3, 50.5, 171.3, 1000.7, 12345.6, 1e5]
_ORDERS = [0.0, 1.0, 2.0, 0.5, 2.5, 0.3, 7.3, 30.5, 100.25, 1e-10]
_BESSEL = [
    0.0,
    1e-300,
    1e-10,
    0.01,
    0.7,
    1.4,
    2.404825557695773,
    3.3,
    5.1356223018406826,
    8.0,
    12.5,
    14.930917708487785,
    25.3,
    60.1,
    101.3,
    705.0,
    1e4,
    1e8,
    3e15,
]
_SIZES = [1e-300, 1e-10, 0.01, 0.3, 0.5, 1.0, 1.5, 3.7, 9.5, 14.6, 40.2, 99.5, 170.9, 1e3, 1e6, 1e10, 1e100]
_WIDE = [0.0, -1e-300, 1e-300, 1e-10, -0.3, 0.7, 1.0, -1.3, 2.0, 5.5, -33.3, 710.0, -745.0, 1e10, -1e10, 1e300, -1e300]
_GAMMA_X = [1e-300, 1e-10, 0.01, 0.3, 1.0, 2.5, 4.0, 11.0, 31.0, 60.0, 170.0, 1010.0, 13000.0]
_BETA_X = [1e-300, 1e-10, 1e-3, 0.05, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-6]
_BETA_SHAPES = [1e-10, 1e-3, 0.3, 0.5, 1.0, 2.2, 7.5, 31.0, 100.3, 1000.7, 1e4]
_DFS = [1e-3, 0.3, 1.0, 2.0, 3.3, 9.0, 31.0, 250.0, 1e4]
_QS = [1e-300, 1e-10, 1e-3, 0.1, 0.5, 0.9, 1.0, 1.1, 2.0, 8.0, 50.0, 1e5, 1e100]
# The hard values of each parameter; those in tuples are whole numbers and are not moved.
SEVERAL: dict[str, Sequence[Sequence[float]]] = {
    "log": ([1e-310, 1e-300, 0.3, 0.9999, 1.0, 1.0001, 7.5, 1000.0, 1e10, 1e300, -1.0, 0.0], [2.0, 10.0, 0.5, 1.0001, 3.7, 1e-5, 1e10, 0.999]),
    "atan2": (_WIDE, _WIDE), "pmax": (_WIDE, _WIDE), "pmin": (_WIDE, _WIDE), "logaddexp": (_WIDE, _WIDE),
    "%%": ([*_WIDE, 0.3, 0.6, 1e17], [1.0, -1.0, 0.1, 3.0, 2.0, -0.7, 1e-300, 1e10, 5e-324]),
    "%/%": ([*_WIDE, 0.3, 0.6, 1e17], [1.0, -1.0, 0.1, 3.0, 2.0, -0.7, 1e10]),
    "round": ([0.15, 0.25, 2.675, 1.005, -0.5, 1.5, 2.5, 0.0, 1e10, 123456.789, -2.345, 1e-5, 5e15 + 0.5, 1e300], (0.0, 1.0, 2.0, 3.0, -2.0, 10.0)),
    "psigamma": ([1e-5, 0.1, 0.8, 1.4616, 2.3, 7.1, 14.9, 15.1, 40.5, 1e3, 1e6, -0.5, -1.4, -3.01, -9.7], (0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 20.0)),
    "beta": (_SIZES, _SIZES), "lbeta": (_SIZES, _SIZES),
    "choose": ([5.0, 5.3, -2.4, 0.5, 50.5, 1e3, 1e6, 20.0, 60.0, -40.0, 99.99, 1e15], (0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 12.0, 29.0, 30.0, 35.0, 60.0)),
    "lchoose": ([5.0, 5.3, -2.4, 0.5, 50.5, 1e3, 1e6, 20.0, 60.0, -40.0, 99.99, 1e15], (0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 12.0, 29.0, 30.0, 35.0, 60.0)),
    "besselJ": (_BESSEL, _ORDERS), "besselY": (_BESSEL, _ORDERS), "besselI": (_BESSEL, _ORDERS), "besselK": (_BESSEL, _ORDERS),
    "gammainc_grad_a": (_SHAPES[1:-1], _GAMMA_X), "gammainc_grad_aa": (_SHAPES[1:-1], _GAMMA_X),
    **{f"betainc_grad_{s}": (_BETA_SHAPES, _BETA_SHAPES, _BETA_X) for s in ("a", "b", "aa", "ab", "bb")},
    **{f"pf_{s}": (_QS, _DFS, _DFS) for s in ("grad_df1", "grad_df2", "sign_df1", "sign_df2", "grad_df1_df1", "grad_df1_df2", "grad_df2_df2")},
    **{f"pt_{s}": ([*_QS, *[-q for q in _QS]], _DFS) for s in ("grad_df", "sign_df", "grad_df_df")},
}  # fmt: skip


class Distributed(NamedTuple):
    """The hard values of a distribution's parameters, and how its first argument is drawn for them."""

    parameters: Sequence[Sequence[float]]
    first: Callable[..., float]
    ordered: bool = False


_Z = (0.0, 1e-300, 1e-9, 0.3, 0.6745, 1.0, 2.7, 5.5, 8.3, 15.0, 27.0, 36.9, 37.5, 38.5, 40.0, 1e3, 1e10, 1e160)
_PART = (1e-300, 1e-10, 0.01, 0.3, 0.5, 0.9, 1.0, 1.1, 1.5, 3.0, 20.0, 1e3)


def _located(draw: random.Random, location: float, scale: float) -> float:
    return location + scale * draw.choice((-1, 1)) * draw.choice(_Z) * draw.choice((1.0, draw.uniform(0.9, 1.1)))


def _about(draw: random.Random, mean: float, deviation: float) -> float:
    """Return a positive number about a mean, some deviations off or in proportion."""
    if draw.random() < 0.5:
        x = mean + draw.uniform(-8, 8) * deviation
        if x > 0:
            return x
    return mean * draw.choice(_PART) * draw.uniform(0.9, 1.1)


def _gamma(draw: random.Random, shape: float, rate: float = 1.0) -> float:
    return min(_about(draw, shape, math.sqrt(shape)) / rate, 1e300)


def _beta(draw: random.Random, a: float, b: float) -> float:
    if draw.random() < 0.4:
        return draw.choice((0.0, 1e-300, 1e-10, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 2.0**-20, 1 - 2.0**-53))
    x = a / (a + b)
    x += draw.uniform(-8, 8) * math.sqrt(x * (1 - x) / (a + b + 1))
    return x if 0 < x < 1 else draw.random()


def _student(draw: random.Random, df: float) -> float:
    x = draw.choice((1e-300, 1e-10, 1e-3, 0.1, 0.7, 1.0, 2.5, 6.0, 10.0, 37.0, 1e3, 1e10, 1e100, 1e300))
    return draw.choice((-1, 1)) * x * draw.uniform(0.9, 1.1)


def _odds(draw: random.Random, df1: float, df2: float) -> float:
    if draw.random() < 0.4:
        return draw.choice(_QS) * draw.uniform(0.9, 1.1)
    return (
        abs(1 + draw.uniform(-6, 6) * math.sqrt(2 / df1 + 2 / df2))
        if min(df1, df2) > 20
        else math.exp(draw.uniform(-5, 5))
    )


def _counted(draw: random.Random, mean: float, deviation: float, most: float = math.inf) -> float:
    k = _about(draw, mean, deviation) if mean < 1e15 else mean
    return min(most, float(draw.choice((0, 1, 2, round(min(k, 1e15)), round(min(k, 1e15))))))


_LOCATIONS = [(0.0,), (0.0, 1e-8, 0.1, -3.7, 1e5)]
_RATES = [1.0, 1.0, 0.37, 1e-8, 1e8, 33.3]
_DEGREES = [0.01, 0.3, 1.0, 2.0, 3.3, 8.0, 40.5, 250.0, 1e4, 1e6]
_PROBS = (1e-10, 1.0434e-3, 0.1, 0.3, 0.5, 0.7702, 0.999, 1.0)
DISTRIBUTED: dict[str, Distributed] = {
    "norm": Distributed(([0.0, 0.0, 0.0, 0.5, -3.7, 1e5], [1.0, 1.0, 0.7, 1e-8, 123.4]), _located),
    "lnorm": Distributed(([0.0, 0.0, 0.5, -3.7], [1.0, 0.1, 0.7, 8.0]),
        lambda d, m, s: math.exp(max(-740.0, min(709.0, _located(d, m, s))))),
    "exp": Distributed((_RATES,), lambda d, r: d.choice((0.0, *_PART, 36.0, 700.0, 744.0)) / r * d.uniform(0.9, 1.1)),
    "gamma": Distributed((_SHAPES[1:], _RATES), _gamma),
    "chisq": Distributed(([2 * s for s in _SHAPES[1:]],), lambda d, n: 2 * _gamma(d, n / 2)),
    "beta": Distributed((_BETA_SHAPES, _BETA_SHAPES), _beta),
    "t": Distributed((_DEGREES,), _student),
    "f": Distributed((_DFS, _DFS), _odds),
    "weibull": Distributed(([0.05, 0.5, 1.0, 2.3, 20.0, 300.0], [1.0, 1e-5, 3.3e4]),
        lambda d, k, s: s * math.exp(max(-690.0, min(690.0, math.log(d.choice((*_PART, 36.0, 700.0)) * d.uniform(0.9, 1.1)) / k)))),
    "cauchy": Distributed(([0.0, 0.0, 0.5, -3.7, 1e5], [1.0, 0.7, 1e-8, 123.4]), _located),
    "unif": Distributed(([0.0, -1.0, 0.1, -1e10, 1e-300], [1.0, 7.0, 0.7, 1e10, 1e300]),
        lambda d, a, b: a + (b - a) * d.choice((0.0, 1e-10, 0.25, 0.5, 0.9, 1.0, 1.1)), True),
    "logis": Distributed(([0.0, 0.0, 0.5, -3.7, 1e5], [1.0, 0.7, 1e-8, 123.4]), _located),
    "pois": Distributed(([0.0, 1e-10, 0.3, 1.0, 4.4, 30.5, 170.2, 1000.7, 12345.6, 1e5],), lambda d, m: _counted(d, m, math.sqrt(m))),
    "binom": Distributed(((1.0, 2.0, 5.0, 20.0, 100.0, 1000.0, 1e5), _PROBS),
        lambda d, n, p: _counted(d, n * p, math.sqrt(max(0.0, n * p * (1 - p))), n)),
    "nbinom": Distributed(([1e-3, 0.3, 1.0, 5.5, 100.7, 1e4], _PROBS),
        lambda d, n, p: _counted(d, min(n * (1 - p) / p, 1e5), min(math.sqrt(max(0.0, n * (1 - p))) / p, 1e4))),
    "nbinom.mu": Distributed(([1e-3, 0.3, 1.0, 5.5, 100.7, 1e4, 1e10], [1e-10, 0.3, 1.3, 30.5, 1000.7, 1e5]),
        lambda d, n, m: _counted(d, m, math.sqrt(m + m * m / n))),
}  # fmt: skip
