"""Quantiles: the inverse of either tail, from a probability or its logarithm."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from secantd.program.special import incompletegamma, tails
from secantd.program.special.error import normal_quantile
from secantd.program.special.gamma import lbeta, lgamma
from secantd.program.special.library import Array, Mask, operands, sp

__all__ = ["CHERNOFF", "LEAST", "MOST", "QUANTILES", "SLACK", "STEPS", "Quantile"]

# (p, parameters..., lower, log) to a quantile.
Quantile = Callable[..., Array]

# Below, a probability is given by its logarithm only.
# Four deviations from the mean are less likely.
_RARE = 1e-4
_TINY = 1e-280
# The doubles between which quantiles are looked for, and steps of Newton's method: each at least halves the logarithm of
# what is left, 2^11 wide, down to 2^-53.
LEAST, MOST, STEPS = 5e-324, 1.797e308, 64
# Steps of Newton's method for Chernoff's bound.
CHERNOFF = 6
# Of logarithms: of a probability below which the beta distribution is inverted here, and of x below which the first term of
# a series is all of it.
_LOG_SURE, _LOG_TINY = -23.0, -650.0
# Of the logarithm of a tail: a step of Newton's method squares what is left.
_NEAR = 1e-9
# Of x: two neighbours are closer.
_CLOSE = 4.5e-16
# Of a shape beside 1 and the other one: its square is no digit of it.
SMALL = 1e-9
# R forgives so much in a probability of a whole number.
SLACK = 64 * 2.220446049250313e-16
# Quantiles that a step of Newton's method makes accurate: from the least one, and up to the largest shape.
LEAST_POLISHED, MOST_POLISHED = 1e-290, 1e4
# How often the square of 2 is a double, the largest power of 2, and how often the doubles between two can be halved.
_SQUARES, _LARGEST, _HALVINGS = 10, 2.0**1023, 63
# From here on, a whole number and 1 more may be the same double.
_WHOLE = 2.0**53


class Chance(NamedTuple):
    """A probability and its complement, both accurate to the last digit: lower + upper = 1."""

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


# x to the logarithm of a tail, and its derivative by log x.
LogTail = Callable[[Array], tuple[Array, Array]]


def root(tail: LogTail, target: Array, start: Array, most: float) -> Array:
    """Return x in (0, most) with tail(x) = target by Newton's method for log x, which stays between two that enclose x.

    The logarithm of a tail is concave in log x for the gamma and the beta distribution: Newton's method approaches from
    one side.
    """
    low, high = np.full(target.shape, LEAST), np.full(target.shape, most)
    first, slope = tail(low)
    rising = tail(high)[0] > first
    below, above = (first > target) == rising, (tail(high)[0] < target) == rising
    x = np.where(np.isnan(start), 1.0, np.clip(start, low, high))
    found = np.zeros(target.shape, dtype=bool)
    for _ in range(STEPS):
        value, slope = tail(x)
        under = (value < target) == rising
        low, high = np.where(under, x, low), np.where(under, high, x)
        better = x * np.exp((target - value) / slope)
        near = (np.abs(value - target) <= _NEAR) & (better >= LEAST) & (better <= most)
        near = near | (np.abs(better - x) <= _CLOSE * x)
        x = np.where(near & ~found, better, x)
        better = np.where((better > low) & (better < high), better, np.clip(np.sqrt(low) * np.sqrt(high), low, high))
        found = found | near | (np.abs(better - x) <= _CLOSE * x)
        if found.all():
            break
        x = np.where(found, x, better)
    return np.where(below, 0.0, np.where(above, most, x))


def chernoff(t: Array, a: Array, lower: bool) -> Array:
    """Return x with a - x + a log(x/a) = t, below or above a: so far out log P is t at most."""
    z = -t / a
    wide = np.where(z < 1.0, np.sqrt(2.0 * z), 1.0 + z)
    v = -wide if lower else np.where(z < 1.0, wide, np.log1p(z))
    # exp(v) - 1 - v = z is convex: few steps from either side.
    for _ in range(CHERNOFF):
        v = v - (np.expm1(v) - v - z) / np.where(v == 0.0, 1.0, np.expm1(v))
    return np.asarray(np.where(z < np.inf, a * np.exp(v), 0.0 if lower else -t))


def unit_gamma(c: Chance, a: Array) -> Array:
    """Return the quantile of the gamma distribution with rate 1."""
    small = c.lower < c.upper
    x: Array = np.where(small, sp.gammaincinv(a, c.lower), sp.gammainccinv(a, c.upper))
    # SciPy inverts its own function, which fails for large shapes.
    least = np.where(a >= incompletegamma.MANY, _RARE, _TINY)
    for far, target, lower in ((c.lower < least, c.log_lower, True), (c.upper < least, c.log_upper, False)):
        far = far & np.isfinite(target) & np.isfinite(a) & (a > 0)
        if far.any():
            s, t = a[far], target[far]

            def tail(y: Array, s: Array = s, lower: bool = lower) -> tuple[Array, Array]:
                value = incompletegamma.gamma_tail(y, s, lower, True)
                return value, incompletegamma.gamma_slope(y, s, lower, value)

            start = chernoff(t, s, lower)
            # P(x) ≤ x^a/Γ(a + 1)
            x[far] = root(tail, t, np.fmax(start, np.exp((t + lgamma(s + 1.0)) / s)) if lower else start, MOST)
    return polished_gamma(c, a, x)


def polished_gamma(c: Chance, a: Array, x: Array) -> Array:
    """Return x after a step of Newton's method for the smaller tail: SciPy inverts its own function, which has errors."""
    usable = (x > LEAST_POLISHED) & (x < MOST) & (a > 0) & (a < MOST_POLISHED) & (np.fmin(c.lower, c.upper) > _TINY)
    if not usable.any():
        return x
    s, y, one, other = a[usable], x[usable], c.lower[usable], c.upper[usable]
    short = np.empty_like(y)
    for lower in (True, False):
        here = (one < other) == lower
        if here.any():
            value = incompletegamma.gamma_tail(y[here], s[here], lower, False)
            short[here] = one[here] - value if lower else value - other[here]
    step = short / (incompletegamma.poisson_density(s, y) * s)
    x = np.array(x)
    x[usable] = np.where(np.abs(step) < _NEAR, y + y * step, y)
    return x


def unit_beta(c: Chance, a: Array, b: Array) -> tuple[Array, Array]:
    """Return the quantile of the beta distribution and what it is short of 1."""
    small = c.lower < c.upper
    x = np.where(small, sp.betaincinv(a, b, c.lower), sp.betainccinv(a, b, c.upper))
    y = np.where(small, sp.betainccinv(b, a, c.lower), sp.betaincinv(b, a, c.upper))
    inner = np.isfinite(a + b) & c.valid
    lost = np.isnan(x) | np.isnan(y)
    for here, target, lower in ((small, c.log_lower, True), (~small, c.log_upper, False)):
        # SciPy's inverse is off by a tenth, or not a number, at some parameters where I is below 1e-16.
        far = inner & here & ((target < _LOG_SURE) | lost) & np.isfinite(target)
        if far.any():
            s, u = (a[far], b[far]) if lower else (b[far], a[far])

            def tail(odds: Array, s: Array = s, u: Array = u) -> tuple[Array, Array]:
                v, w = odds / (1.0 + odds), 1.0 / (1.0 + odds)
                value = np.where(
                    odds < 1.0, tails.beta_tail(v, s, u, True, True), tails.beta_tail(w, u, s, False, True)
                )
                return value, tails.beta_slope(v, w, s, u, value)

            found = root(tail, target[far], np.fmin(np.exp(beta_series(target[far], s, u)), s / u), MOST)
            v, w = found / (1.0 + found), 1.0 / (1.0 + found)
            x[far], y[far] = (v, w) if lower else (w, v)
    for log_x, near, other in ((beta_series(c.log_lower, a, b), x, y), (beta_series(c.log_upper, b, a), y, x)):
        # It has no denormal.
        tiny = inner & (log_x < _LOG_TINY)
        near[tiny], other[tiny] = np.exp(log_x[tiny]), 1.0
    return polished_beta(c, a, b, x, y)


def polished_beta(c: Chance, a: Array, b: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """Return x and y = 1 - x after a step of Newton's method for the smaller tail."""
    usable = (np.fmin(x, y) > LEAST_POLISHED) & (np.fmax(a, b) < MOST_POLISHED) & (np.fmin(c.lower, c.upper) > _TINY)
    if not usable.any():
        return x, y
    s, u, v, w, one, other = (z[usable] for z in (a, b, x, y, c.lower, c.upper))
    # The tail by the smaller one of x and y, which has all digits.
    left = v < 0.5
    argument, first, second = np.where(left, v, w), np.where(left, s, u), np.where(left, u, s)
    value = np.empty_like(v)
    for lower in (True, False):
        here = ((one < other) == left) == lower
        if here.any():
            value[here] = tails.beta_tail(argument[here], first[here], second[here], lower, False)
    short = np.where(one < other, one - value, value - other)
    step = short / tails.beta_by_odds(v, w, s, u)
    good = np.abs(step) < _NEAR
    x, y = np.array(x), np.array(y)
    x[usable], y[usable] = np.where(good, v + v * (w * step), v), np.where(good, w - w * (v * step), w)
    return x, y


def beta_series(target: Array, a: Array, b: Array) -> Array:
    """Return log x where log I_x(a, b) = `target`, for small x: I_x(a, b) is about x^a/(a B(a, b)) there."""
    # log(a B(a, b)) is -a (ψ(b) + γ) for small a, DLMF 5.7.3, where the sum would be what is left of two larger numbers.
    small = a < SMALL * np.fmin(b, 1.0)
    return np.asarray((target + np.where(small, -a * (sp.digamma(b) + np.euler_gamma), np.log(a) + lbeta(a, b))) / a)


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
    # All of it is at 1, or at 0.
    sure = np.where(c.lower == 0, 0.0, np.where(c.upper == 0, 1.0, np.where(np.isinf(a), 1.0, 0.0)))
    x = np.where(np.isinf(a) != np.isinf(b), sure, x)
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


def counted(
    tail: Callable[..., Array], limit: Array, p: Array, parameters: tuple[Array, ...], lower: bool, log: bool
) -> Array:
    """Return the smallest whole number k that is a double with P(X ≤ k) ≥ p, up to `limit`."""
    slack = SLACK * (np.abs(p) if log else p)
    target = p - slack if lower else p + slack

    unknown = np.zeros(p.shape, dtype=bool)

    def reached(k: Array) -> Mask:
        value = tail(k, *parameters, lower, log)
        np.logical_or(unknown, np.isnan(value), out=unknown)
        return np.asarray(value >= target if lower else value <= target)

    # By squaring as far as the doubles go, then by halving the number of doubles between: beyond 2^53 not every whole
    # number is one, and what comes back is the smallest double that is far enough.
    low, high = np.full(p.shape, -1.0), np.minimum(np.ones(p.shape), limit)
    for step in (*(2.0**2**i for i in range(_SQUARES)), MOST, np.inf):
        short = ~reached(high) & (high < limit)
        if not short.any():
            break
        low, high = np.where(short, high, low), np.where(short, np.minimum(step, limit), high)
    for _ in range(_HALVINGS):
        middle = between(low, high)
        open_ = (middle > low) & (middle < high)
        if not open_.any():
            break
        there = reached(middle)
        low, high = np.where(open_ & ~there, middle, low), np.where(open_ & there, middle, high)
    return np.where(unknown, np.nan, high)


def between(low: Array, high: Array) -> Array:
    """Return the whole number in the middle of all doubles from low to high, -1 or more."""
    first, last = np.maximum(low, 0.0).view(np.int64), high.view(np.int64)
    middle = np.floor((first + (last - first) // 2).view(np.float64))
    # From 31 to 33 the double in the middle is 31.5.
    return np.where(low < 0, 0.0, np.maximum(middle, np.where(low < _WHOLE, low + 1.0, low)))


def discrete(tail: Callable[..., Array], check: Callable[..., Mask], largest: Callable[..., Array]) -> Quantile:
    """Return the quantile function of a distribution on 0, 1, ..., `largest`; `check` returns which parameters are valid."""

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
    "gamma": gamma, "chisq": chisq, "beta": beta, "t": t,
    "pois": discrete(tails.pois, lambda rate: rate >= 0, lambda rate: np.where(rate == 0, 0.0, np.inf)),
    "binom": discrete(tails.binom, lambda size, prob: (prob >= 0) & (prob <= 1) & (size >= 0), lambda size, prob: size),
    "nbinom": discrete(tails.nbinom, lambda size, prob: (prob > 0) & (prob <= 1) & (size >= 0),
                       lambda size, prob: np.where((size == 0) | (prob == 1), 0.0, np.inf)),
    "nbinom.mu": discrete(tails.nbinom_mu, lambda size, mu: (mu >= 0) & (mu < np.inf) & (size >= 0),
                          lambda size, mu: np.where((size == 0) | (mu == 0), 0.0, np.inf)),
}  # fmt: skip
