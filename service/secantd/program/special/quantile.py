"""Quantiles: the inverse of either tail, from a probability or its logarithm."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from secantd.program import arrays
from secantd.program.special import tails
from secantd.program.special.error import normal_quantile
from secantd.program.special.gamma import lbeta
from secantd.program.special.library import Array, Mask, operands, sp

__all__ = ["QUANTILES", "Quantile"]

# (p, parameters..., lower, log) to a quantile.
Quantile = Callable[..., Array]

# Below, a probability is given by its logarithm only.
_TINY = 1e-280
# ln of the smallest and the largest double, and the halvings that part it to the last digit.
_LOWEST, _HIGHEST, _HALVINGS = -745.2, 709.79, 70
# R forgives so much in a probability of a whole number.
_SLACK = 64 * 2.220446049250313e-16
_LARGEST = 2.0**1000


class Chance(NamedTuple):
    """A probability, each part with all its digits: lower + upper = 1."""

    lower: Array
    upper: Array
    log_lower: Array
    log_upper: Array
    valid: Mask


def chance(p: Array, lower: bool, log: bool) -> Chance:
    if log:
        valid = p <= 0
        p = np.where(valid, p, np.nan)
        log_other = np.where(p > -0.6931471805599453, np.log(-np.expm1(p)), np.log1p(-np.exp(p)))
        parts = (np.exp(p), -np.expm1(p), p, log_other)
    else:
        valid = (p >= 0) & (p <= 1)
        p = np.where(valid, p, np.nan)
        parts = (p, 1.0 - p, np.log(p), np.log1p(-p))
    one, other, log_one, log_rest = parts
    return Chance(one, other, log_one, log_rest, valid) if lower else Chance(other, one, log_rest, log_one, valid)


def bisected(tail: Callable[[Array, Mask], Array], target: Array, rising: bool, where: Mask) -> Array:
    """Return x > 0 with tail(x) = target by halving ln x: for what no double's inverse can start from."""
    low, high = np.full(target.shape, _LOWEST), np.full(target.shape, _HIGHEST)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        under = (tail(np.exp(middle), where) < target) == rising
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    found: Array = np.exp(0.5 * (low + high))
    return found


def unit_gamma(c: Chance, a: Array) -> Array:
    """Return the quantile of the gamma distribution with rate 1."""
    small = c.lower < c.upper
    x: Array = np.where(small, sp.gammaincinv(a, c.lower), sp.gammainccinv(a, c.upper))
    for far, target, lower in ((c.lower < _TINY, c.log_lower, True), (c.upper < _TINY, c.log_upper, False)):
        far = far & np.isfinite(target) & (a > 0)
        if far.any():

            def tail(y: Array, where: Mask, lower: bool = lower) -> Array:
                return tails.gamma_tail(y, a[where], lower, True)

            x[far] = bisected(tail, target[far], lower, far)
    return x


def unit_beta(c: Chance, a: Array, b: Array) -> tuple[Array, Array]:
    """Return the quantile of the beta distribution and what it is short of 1."""
    small = c.lower < c.upper
    x = np.where(small, sp.betaincinv(a, b, c.lower), sp.betainccinv(a, b, c.upper))
    y = np.where(small, sp.betainccinv(b, a, c.lower), sp.betaincinv(b, a, c.upper))
    for far, target, lower in ((c.lower < _TINY, c.log_lower, True), (c.upper < _TINY, c.log_upper, False)):
        far = far & np.isfinite(target)
        if far.any():
            first, second = (a[far], b[far]) if lower else (b[far], a[far])

            def tail(z: Array, _: Mask, first: Array = first, second: Array = second) -> Array:
                return tails.beta_tail(z, first, second, True, True)

            found = np.minimum(bisected(tail, target[far], True, far), 1.0)
            x[far], y[far] = (found, 1.0 - found) if lower else (1.0 - found, found)
    return x, y


def exp(p: Any, rate: Any, lower: bool, log: bool) -> Array:
    p, rate = operands(p, rate)
    c = chance(p, lower, log)
    return tails.checked(-c.log_upper / rate, c.valid & (rate > 0), (p, rate))


def weibull(p: Any, shape: Any, scale: Any, lower: bool, log: bool) -> Array:
    p, shape, scale = operands(p, shape, scale)
    c = chance(p, lower, log)
    value = scale * (-c.log_upper) ** (1.0 / shape)
    return tails.checked(value, c.valid & (shape > 0) & (scale > 0), (p, shape, scale))


def gamma(p: Any, shape: Any, rate: Any, lower: bool, log: bool) -> Array:
    p, shape, rate = operands(p, shape, rate)
    c = chance(p, lower, log)
    value = unit_gamma(c, np.where(shape > 0, shape, 1.0)) / rate
    return tails.checked(np.where(shape == 0, 0.0, value), c.valid & (shape >= 0) & (rate > 0), (p, shape, rate))


def chisq(p: Any, df: Any, lower: bool, log: bool) -> Array:
    return gamma(p, np.multiply(df, 0.5), 0.5, lower, log)


def beta(p: Any, a: Any, b: Any, lower: bool, log: bool) -> Array:
    p, a, b = operands(p, a, b)
    c = chance(p, lower, log)
    valid = (a > 0) & (b > 0)
    x, _ = unit_beta(c, np.where(valid, a, 1.0), np.where(valid, b, 1.0))
    return tails.checked(x, c.valid & valid, (p, a, b))


def t(p: Any, df: Any, lower: bool, log: bool) -> Array:
    p, df = operands(p, df)
    c = chance(p, lower, log)
    n = np.where((df > 0) & np.isfinite(df), df, 1.0)
    left = c.lower < c.upper
    # P(|T| > |t|) = I_{n/(n + t²)}(n/2, 1/2), DLMF 8.17.1
    both = 2.0 * np.where(left, c.lower, c.upper)
    log_both = np.log(2.0) + np.where(left, c.log_lower, c.log_upper)
    outside = Chance(both, 1.0 - both, log_both, np.log1p(-both), c.valid)
    x, y = unit_beta(outside, 0.5 * n, np.full_like(n, 0.5))
    value = np.sqrt(n) * np.sqrt(y / x)
    # x falls below the doubles before t leaves them: I_x(a, b) is x^a/(a B(a, b)) there.
    log_x = (log_both + np.log(0.5 * n) + lbeta(0.5 * n, 0.5)) / (0.5 * n)
    value = np.where(x < _TINY, np.sqrt(n) * np.exp(-0.5 * log_x), value)
    value = np.where(left, -value, value)
    normal = np.where(left, 1.0, -1.0) * normal_quantile(np.where(left, c.log_lower, c.log_upper), True)
    value = np.where(np.isinf(df), normal, value)
    return tails.checked(value, c.valid & (df > 0), (p, df))


def lnorm(p: Any, mean: Any, sd: Any, lower: bool, log: bool) -> Array:
    p, mean, sd = operands(p, mean, sd)
    z = normal_quantile(p, log)
    return tails.checked(np.exp(mean + sd * (z if lower else -z)), sd > 0, (p, mean, sd))


def cauchy(p: Any, location: Any, scale: Any, lower: bool, log: bool) -> Array:
    p, location, scale = operands(p, location, scale)
    c = chance(p, lower, log)
    left = c.lower < c.upper
    small = np.minimum(c.lower, c.upper)
    z = np.where(small < 0.25, 1.0 / arrays.tanpi(small), arrays.tanpi(0.5 - small))
    z = np.where(small == 0, np.inf, z)
    value = location + scale * np.where(left, -z, z)
    return tails.checked(value, c.valid & (scale > 0), (p, location, scale))


def unif(p: Any, low: Any, high: Any, lower: bool, log: bool) -> Array:
    p, low, high = operands(p, low, high)
    c = chance(p, lower, log)
    return tails.checked(low + c.lower * (high - low), c.valid & (low <= high), (p, low, high))


def logis(p: Any, location: Any, scale: Any, lower: bool, log: bool) -> Array:
    p, location, scale = operands(p, location, scale)
    c = chance(p, lower, log)
    # log(p/(1 - p)) near 1/2: 2 atanh(p - (1 - p)), where the logarithms cancel.
    middle = 2.0 * np.arctanh(c.lower - c.upper)
    ends = c.log_lower - c.log_upper
    value = location + scale * np.where(np.abs(c.lower - c.upper) < 0.5, middle, ends)
    return tails.checked(value, c.valid & (scale > 0), (p, location, scale))


def counted(
    tail: Callable[..., Array], limit: Array, p: Array, parameters: tuple[Array, ...], lower: bool, log: bool
) -> Array:
    """Return the smallest whole number k with P(X ≤ k) ≥ p, up to `limit`, by doubling and halving."""
    slack = _SLACK * (np.abs(p) if log else p)
    target = p - slack if lower else p + slack

    def reached(k: Array) -> Mask:
        value = tail(k, *parameters, lower, log)
        return np.asarray(value >= target if lower else value <= target)

    high = np.minimum(np.ones(p.shape), limit)
    while True:
        short = ~reached(high) & (high < np.minimum(limit, _LARGEST))
        if not short.any():
            break
        high = np.where(short, np.minimum(2.0 * high, limit), high)
    low = np.where(high <= 1, -1.0, np.floor(high / 2))
    low = np.where(reached(low), -1.0, low)
    while True:
        open_ = (high - low > 1) & (np.floor(0.5 * (low + high)) != low)
        if not open_.any():
            break
        middle = np.where(open_, np.floor(0.5 * (low + high)), high)
        there = reached(middle)
        low, high = np.where(open_ & ~there, middle, low), np.where(open_ & there, middle, high)
    return high


def discrete(tail: Callable[..., Array], check: Callable[..., Mask], largest: Callable[..., Array]) -> Quantile:
    """Return the quantile function of a distribution on 0, 1, ..., `largest`; `check` says which parameters are."""

    def quantile(p: Any, *parameters: Any) -> Array:
        lower, log = parameters[-2:]
        p, *given = operands(p, *parameters[:-2])
        c = chance(p, lower, log)
        valid = c.valid & check(*given)
        for g in (p, *given):
            valid = valid & ~np.isnan(g)
        if tail is tails.binom:
            given[0] = np.rint(given[0])
        limit = largest(*given)
        sure = np.isneginf(c.log_upper)
        usable = valid & ~sure & (c.log_lower > -np.inf) & (limit > 0)
        result = np.where(sure, limit, 0.0)
        if usable.any():
            result[usable] = counted(tail, limit[usable], p[usable], tuple(g[usable] for g in given), lower, log)
        return np.where(valid, result, np.nan)

    return quantile


QUANTILES: dict[str, Quantile] = {
    "exp": exp, "weibull": weibull, "gamma": gamma, "chisq": chisq, "beta": beta, "t": t, "lnorm": lnorm, "cauchy": cauchy,
    "unif": unif, "logis": logis,
    "pois": discrete(tails.pois, lambda rate: rate >= 0, lambda rate: np.where(rate == 0, 0.0, np.inf)),
    "binom": discrete(tails.binom, lambda size, prob: (prob >= 0) & (prob <= 1) & (size >= 0), lambda size, prob: size),
    "nbinom": discrete(tails.nbinom, lambda size, prob: (prob > 0) & (prob <= 1) & (size >= 0),
                       lambda size, prob: np.where((size == 0) | (prob == 1), 0.0, np.inf)),
}  # fmt: skip
