"""Probabilities of both tails, each with all its digits, and their logarithms where they are no doubles any more."""

from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program.special import density
from secantd.program.special.error import normal_log_tail, normal_tail
from secantd.program.special.library import Array, Operands, operands, sp

__all__ = ["TAILS", "Tail"]

# (x, parameters..., lower, log) to a probability or its logarithm.
Tail = Callable[..., Array]

# Below, the logarithm is taken of a formula, not of a number with few digits left.
_TINY = 1e-280
_FUZZ = 1e-7
# Of a continued fraction or a series; each takes a few times √a, and far in the tail a handful.
_STEPS = 20_000
_EPSILON = 1e-16
# Where series and fraction take over from SciPy's incomplete gamma function: they need few steps there.
_SMALL_TAIL = 1e-3
_LARGE_SHAPE = 1e4


def logarithm(p: Array, other: Array) -> Array:
    """Return log p from p and 1 - p."""
    return np.where(p > 0.5, np.log1p(-other), np.log(p))


def gamma_series(a: Array, x: Array) -> Array:
    """Return Σ x^k/((a + 1)...(a + k)), DLMF 8.11.4."""
    term = np.ones_like(x)
    total = term.copy()
    for k in range(1, _STEPS):
        term = term * x / (a + k)
        total = total + term
        if not (term > _EPSILON * total).any():
            break
    return total


def gamma_fraction(a: Array, x: Array) -> Array:
    """Return Γ(a, x)/(x^a exp(-x)), x > a + 1, by DLMF 8.9.2 in Lentz's form."""
    b = x + 1.0 - a
    c = np.full_like(x, 1e300)
    d = 1.0 / b
    h = d.copy()
    for i in range(1, _STEPS):
        an = -i * (i - a)
        b = b + 2.0
        d = 1.0 / (an * d + b)
        c = b + an / c
        step = c * d
        h = h * step
        if not (np.abs(step - 1.0) > _EPSILON * 4).any():
            break
    return h


def gamma_tail(x: Any, shape: Any, lower: bool, log: bool) -> Array:
    """Return P(shape, x) or Q(shape, x)."""
    x, a = operands(x, shape)
    x = np.maximum(x, 0.0)
    p = np.array(sp.gammainc(a, x) if lower else sp.gammaincc(a, x))
    result = logarithm(p, gamma_tail(x, a, not lower, False)) if log else p
    finite = np.isfinite(a) & np.isfinite(x) & (a > 0) & (x > 0)
    if lower:
        far = finite & (x < a)
    else:
        far = finite & (x > a + 1.0)
    far = far & (p < np.where(a < _LARGE_SHAPE, _SMALL_TAIL, _TINY))
    if far.any():
        s, y = a[far], x[far]
        rest = np.log(gamma_series(s, y)) if lower else np.log(gamma_fraction(s, y)) + np.log(s)
        value = density.poisson(s, y) + rest
        result = np.array(result)
        result[far] = value if log else np.exp(value)
    return result


def beta_fraction(a: Array, b: Array, x: Array) -> Array:
    """Return the continued fraction of I_x(a, b), x < (a + 1)/(a + b + 2): DLMF 8.17.22 in Lentz's form."""
    total, up, down = a + b, a + 1.0, a - 1.0
    c = np.ones_like(x)
    d = 1.0 / (1.0 - total * x / up)
    h = d.copy()
    for m in range(1, _STEPS):
        two = 2.0 * m
        even = m * (b - m) * x / ((down + two) * (a + two))
        d = 1.0 / (1.0 + even * d)
        c = 1.0 + even / c
        h = h * d * c
        odd = -(a + m) * (total + m) * x / ((a + two) * (up + two))
        d = 1.0 / (1.0 + odd * d)
        c = 1.0 + odd / c
        step = d * c
        h = h * step
        if not (np.abs(step - 1.0) > _EPSILON * 4).any():
            break
    return h


def beta_tail(x: Any, a: Any, b: Any, lower: bool, log: bool) -> Array:
    """Return I_x(a, b) or what is left to 1."""
    x, a, b = operands(x, a, b)
    x = np.clip(x, 0.0, 1.0)
    p = sp.betainc(a, b, x)
    if lower and not log and not (p < _TINY).any():
        return np.asarray(p)
    other = sp.betaincc(a, b, x)
    # SciPy's complement is 1 where the other part is below about 1e-8.
    other = np.where(p < 0.1, 1.0 - p, other)
    if not lower:
        p, other = other, p
    result = logarithm(p, other) if log else np.asarray(p)
    far = (p < _TINY) & (x > 0) & (x < 1) & np.isfinite(a + b)
    if far.any():
        s, u, y = a[far], b[far], x[far]
        rest = 1.0 - y
        if not lower:
            s, u, y, rest = u, s, rest, y
        # x^a (1-x)^b/(a B(a, b)) by the binomial density
        front = density.binomial(s, u, y, rest) + np.log(u / (s + u))
        result = np.array(result)
        value = front + np.log(beta_fraction(s, u, y))
        result[far] = value if log else np.exp(value)
    return result


def checked(value: Any, valid: Any, arguments: Operands) -> Array:
    """Return `value`, NaN where a parameter is none or an argument is NaN."""
    for a in arguments:
        valid = valid & ~np.isnan(a)
    return np.where(valid, value, np.nan)


def flat(below: Any, above: Any, value: Any, lower: bool, log: bool) -> Array:
    """Return `value` inside the support, 0 and 1 or their logarithms outside."""
    none, every = (-np.inf, 0.0) if log else (0.0, 1.0)
    first, last = (none, every) if lower else (every, none)
    return np.where(below, first, np.where(above, last, value))


def by_hazard(hazard: Array, lower: bool, log: bool) -> Array:
    """Return the tail of a distribution with P(X > x) = exp(-hazard)."""
    if not lower:
        return -hazard if log else np.exp(-hazard)
    p = -np.expm1(-hazard)
    return logarithm(p, np.exp(-hazard)) if log else p


def exp(x: Any, rate: Any, lower: bool, log: bool) -> Array:
    x, rate = operands(x, rate)
    return checked(by_hazard(np.maximum(rate * x, 0.0), lower, log), rate > 0, (x, rate))


def weibull(x: Any, shape: Any, scale: Any, lower: bool, log: bool) -> Array:
    x, shape, scale = operands(x, shape, scale)
    value = by_hazard((np.maximum(x, 0.0) / scale) ** shape, lower, log)
    return checked(value, (shape > 0) & (scale > 0), (x, shape, scale))


def gamma(x: Any, shape: Any, rate: Any, lower: bool, log: bool) -> Array:
    x, shape, rate = operands(x, shape, rate)
    value = flat(x <= 0, np.isposinf(x), gamma_tail(x * rate, np.where(shape > 0, shape, 1.0), lower, log), lower, log)
    value = np.where(shape == 0, flat(x < 0, x >= 0, 0.0, lower, log), value)
    return checked(value, (shape >= 0) & (rate > 0), (x, shape, rate))


def chisq(x: Any, df: Any, lower: bool, log: bool) -> Array:
    return gamma(x, np.multiply(df, 0.5), 0.5, lower, log)


def beta(x: Any, a: Any, b: Any, lower: bool, log: bool) -> Array:
    x, a, b = operands(x, a, b)
    valid = (a > 0) & (b > 0)
    value = beta_tail(x, np.where(valid, a, 1.0), np.where(valid, b, 1.0), lower, log)
    return checked(flat(x <= 0, x >= 1, value, lower, log), valid, (x, a, b))


def t(x: Any, df: Any, lower: bool, log: bool) -> Array:
    """Return the tail by the incomplete beta function of whichever of x² and df is the smaller, DLMF 8.17.1."""
    x, df = operands(x, df)
    n = np.where((df > 0) & np.isfinite(df), df, 1.0)
    square = x * x
    total = n + square
    far = square > n
    # P(|T| > |x|)
    small = np.empty(n.shape)
    for here, part, first, second in ((far, n, 0.5 * n, 0.5), (~far, square, 0.5, 0.5 * n)):
        if here.any():
            a, b = np.broadcast_to(first, n.shape)[here], np.broadcast_to(second, n.shape)[here]
            small[here] = beta_tail((part / total)[here], a, b, part is n, log)
    near = (x <= 0) == lower
    if log:
        value = np.where(near, small - np.log(2.0), np.log1p(-0.5 * np.exp(small)))
        normal = normal_log_tail(x if lower else -x)
    else:
        value = np.where(near, 0.5 * small, 1.0 - 0.5 * small)
        normal = normal_tail(x if lower else -x)
    value = np.where(np.isinf(df), normal, value)
    return checked(flat(np.isneginf(x), np.isposinf(x), value, lower, log), df > 0, (x, df))


def lnorm(x: Any, mean: Any, sd: Any, lower: bool, log: bool) -> Array:
    x, mean, sd = operands(x, mean, sd)
    z = (np.log(np.maximum(x, 0.0)) - mean) / sd
    z = z if lower else -z
    return checked(normal_log_tail(z) if log else normal_tail(z), sd > 0, (x, mean, sd))


def cauchy(x: Any, location: Any, scale: Any, lower: bool, log: bool) -> Array:
    """Return 1/2 + atan(z)/π, in the tail atan(1/z)/π (DLMF 4.24.15)."""
    x, location, scale = operands(x, location, scale)
    z = (x - location) / scale
    z = z if lower else -z
    tail = np.arctan(1.0 / np.abs(np.where(z == 0, 1.0, z))) / np.pi
    p = np.where(z < -1, tail, np.where(z > 1, 1.0 - tail, 0.5 + np.arctan(z) / np.pi))
    other = np.where(z > 1, tail, 1.0 - p)
    return checked(logarithm(p, other) if log else p, (scale > 0) & np.isfinite(location), (x, location, scale))


def unif(x: Any, low: Any, high: Any, lower: bool, log: bool) -> Array:
    x, low, high = operands(x, low, high)
    p = (x - low if lower else high - x) / (high - low)
    value = flat(x <= low, x >= high, np.log(p) if log else p, lower, log)
    return checked(value, (low <= high) & np.isfinite(high - low), (x, low, high))


def logis(x: Any, location: Any, scale: Any, lower: bool, log: bool) -> Array:
    x, location, scale = operands(x, location, scale)
    z = (x - location) / scale
    z = z if lower else -z
    small = np.exp(-np.abs(z))
    if log:
        value = np.minimum(z, 0.0) - np.log1p(small)
    else:
        value = np.where(z < 0, small, 1.0) / (1.0 + small)
    return checked(value, scale > 0, (x, location, scale))


def pois(x: Any, rate: Any, lower: bool, log: bool) -> Array:
    """Return the tail by the incomplete gamma function, DLMF 8.4.10."""
    x, rate = operands(x, rate)
    k = np.floor(x + _FUZZ)
    value = gamma_tail(np.where(rate > 0, rate, 0.0), np.where(k >= 0, k, 0.0) + 1.0, not lower, log)
    return checked(flat(k < 0, np.isposinf(k), value, lower, log), rate >= 0, (x, rate))


def binom(x: Any, size: Any, prob: Any, lower: bool, log: bool) -> Array:
    """Return the tail by the incomplete beta function, DLMF 8.17.5."""
    x, size, prob = operands(x, size, prob)
    k, n = np.floor(x + _FUZZ), np.rint(size)
    valid = (prob >= 0) & (prob <= 1) & (n >= 0) & (np.abs(size - n) <= _FUZZ * np.maximum(1.0, size))
    inside = valid & (k >= 0) & (k < n)
    value = beta_tail(
        np.where(inside, prob, 0.5), np.where(inside, k + 1, 1.0), np.where(inside, n - k, 1.0), not lower, log
    )
    return checked(flat(k < 0, k >= n, value, lower, log), valid, (x, size, prob))


def nbinom(x: Any, size: Any, prob: Any, lower: bool, log: bool) -> Array:
    x, size, prob = operands(x, size, prob)
    k = np.floor(x + _FUZZ)
    valid = (prob > 0) & (prob <= 1) & (size >= 0)
    inside = valid & (k >= 0) & (size > 0) & np.isfinite(k)
    value = beta_tail(prob, np.where(inside, size, 1.0), np.where(inside, k + 1, 1.0), lower, log)
    return checked(flat(k < 0, np.isposinf(k) | (size == 0), value, lower, log), valid, (x, size, prob))


TAILS: dict[str, Tail] = {
    "exp": exp, "weibull": weibull, "gamma": gamma, "chisq": chisq, "beta": beta, "t": t, "lnorm": lnorm, "cauchy": cauchy,
    "unif": unif, "logis": logis, "pois": pois, "binom": binom, "nbinom": nbinom,
}  # fmt: skip
