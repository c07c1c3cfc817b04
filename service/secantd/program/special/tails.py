"""Probabilities of both tails, each accurate to the last digit, and their logarithms below the smallest double."""

from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program.special.error import normal_log_tail, normal_tail, product_error
from secantd.program.special.gamma import lbeta
from secantd.program.special.incompletegamma import gamma_tail, logarithm
from secantd.program.special.library import Array, Mask, Operands, formula, operands, sp

__all__ = ["TAILS", "Tail", "beta_by_odds", "beta_slope", "beta_tail", "checked"]

# (x, parameters..., lower, log) to a probability or its logarithm.
Tail = Callable[..., Array]

binomial, deviance, log_ratio = map(formula, ("binomial", "deviance", "logratio"))

# SciPy's incomplete beta function has five digits at some parameters where it is 1e-277.
_SMALL_BETA = 1e-250
_FUZZ = 1e-7
# Steps of a continued fraction and terms of a series: where they are used, 100 are enough. What has not converged by then is NaN.
FRACTION = 200
_EPSILON = 1e-16
# What is left of a continued fraction that goes on, and what may be left: below, its steps differ by their rounding.
_ENOUGH, _BAD = 1e-15, 1e-13
# From here on SciPy's incomplete beta function loses digits, and two terms of the uniform expansion have them all.
_LARGE_SHAPES = 1e11
# Logarithms of tails below which the difference of two has few digits left.
_FAR = -1e4
_EULER = 0.5772156649015329


def beta_by_odds(x: Array, y: Array, a: Array, b: Array) -> Array:
    """Return the derivative of I_x(a, b) with respect to log(x/y), y = 1 - x."""
    return np.asarray(np.exp(binomial(a, b, x, y, shortfall(a, b, x, y)) + log_ratio(b, a + b) + np.log(a)))


def beta_slope(x: Array, y: Array, a: Array, b: Array, value: Array) -> Array:
    """Return the derivative with respect to log(x/y), y = 1 - x, of `value`, which is log I_x(a, b)."""
    off = shortfall(a, b, x, y)
    result = np.exp(binomial(a, b, x, y, off) + log_ratio(b, a + b) + np.log(a) - value)
    here = value < _FAR
    if here.any():
        result[here] = a[here] / beta_fraction(a[here], b[here], x[here], y[here], off[here])
    return result


def beta_fraction(a: Array, b: Array, x: Array, y: Array, off: Array) -> Array:
    """Return the continued fraction of I_x(a, b) left of the mean: the even part of DLMF 8.17.22 in Lentz's form.

    y = 1 - x, off = ay - bx ≥ -1: in them the partial denominators are sums of positive terms, and no two large ones cancel.
    """
    h = (1.0 + off) / (a + 1.0)
    c, d = h, np.zeros_like(x)
    for m in range(1, FRACTION):
        # Quotients first: products of two large parameters are no doubles.
        two = a + 2.0 * m
        even = m / (a + (2.0 * m - 1.0)) * ((b - m) / two) * x
        odd = (a + (m - 1.0)) / (a + (2.0 * m - 2.0)) * ((a + b + (m - 1.0)) / (a + (2.0 * m - 1.0))) * x
        numerator = odd * even
        denominator = even + (1.0 + 2.0 * m - m * (m / two) + (a + m) / two * (off + m * y)) / (a + (2.0 * m + 1.0))
        d = 1.0 / (denominator + numerator * d)
        c = denominator + numerator / c
        step = c * d
        h = h * step
        if not (np.abs(step - 1.0) > _ENOUGH).any():
            break
    return np.where(np.abs(step - 1.0) > _BAD, np.nan, 1.0 / h)


def shortfall(a: Array, b: Array, x: Array, y: Array) -> Array:
    """Return a - (a + b)x to all digits, where one of x and y is 1 less the other, rounded."""
    first, second = a * y, b * x
    errors = product_error(a, y, first) - product_error(b, x, second)
    off = (first - second) + np.where(np.isfinite(errors), errors, 0.0)
    return np.asarray(off + a * ((1.0 - y) - x) - b * ((1.0 - x) - y))


def beta_by_second(a: Array, b: Array, y: Array) -> Array:
    """Return I_x(a, b) for so small a b that its square is none, y = 1 - x < (1 + b)/(a + b + 2).

    1 less the series in y, DLMF 8.17.7 with a and b exchanged: all of it is in proportion to b.
    """
    term = np.ones_like(y)
    total = np.zeros_like(y)
    for n in range(1, FRACTION):
        term = term * ((n - a) / n) * y
        total = total + term / n
        if not (np.abs(term) > _EPSILON * np.abs(total)).any():
            break
    total = np.where(np.abs(term) > _EPSILON * np.abs(total) * n, np.nan, total)
    return np.asarray(b * (-np.log(y) - _EULER - sp.psi(a) - total))


def beta_expansion(a: Array, b: Array, x: Array, lower: bool) -> Array:
    """Return I_x(a, b) or what is left to 1 for large a and b by two terms of the uniform expansion, DLMF 8.18.9."""
    total, y = a + b, 1.0 - x
    off = shortfall(a, b, x, y)
    z = np.sqrt(2.0 * (deviance(a, total * x, off) + deviance(b, total * y, -off)))
    z = np.copysign(z, -off if lower else off)
    mean, rest = (a / total, b / total) if lower else (b / total, a / total)
    root, scale = np.sqrt(mean * rest), np.sqrt(total)
    # 1/η - √(mean·rest)/(x - mean), and its limit where both grow.
    wide = np.abs(z) > 1.0
    slope = scale / np.where(wide, z, 1.0) + (root if lower else -root) * (total / np.where(off == 0, 1.0, off))
    slope = np.where(wide, slope, (rest - mean) / (3.0 * root))
    return np.asarray(normal_tail(z) + np.exp(-0.5 * z * z) * slope / (np.sqrt(2.0 * np.pi) * scale))


def beta_tail(x: Any, a: Any, b: Any, lower: bool, log: bool) -> Array:
    """Return I_x(a, b) or what is left to 1."""
    x, a, b = operands(x, a, b)
    x = np.clip(x, 0.0, 1.0)
    inner = (x > 0) & (x < 1) & np.isfinite(a + b)
    large = inner & (np.minimum(a, b) >= _LARGE_SHAPES)
    first = np.where(large, 1.0, a)
    p, other = np.array(sp.betainc(first, b, x)), np.array(sp.betaincc(first, b, x))
    if large.any():
        p[large], other[large] = (beta_expansion(a[large], b[large], x[large], side) for side in (True, False))
    # Far out SciPy has few digits left, or no probability at all.
    far = inner & ~((p >= _SMALL_BETA) & (p <= 1) & (other >= _SMALL_BETA) & (other <= 1))
    if far.any():
        s, u, y = a[far], b[far], x[far]
        left = np.where(
            p[far] < _SMALL_BETA, True, np.where(other[far] < _SMALL_BETA, False, left_of_mean(s, u, y, 1.0 - y))
        )
        rest = 1.0 - y
        logs = beta_far(np.where(left, s, u), np.where(left, u, s), np.where(left, y, rest), np.where(left, rest, y))
        small = np.exp(logs)
        p[far], other[far] = np.where(left, small, 1.0 - small), np.where(left, 1.0 - small, small)
    # SciPy's complement is 1 where the other part is below about 1e-8, and has the digits where that is nearly 1.
    p, other = np.where(other < 0.1, 1.0 - other, p), np.where(p < 0.1, 1.0 - p, other)
    if not lower:
        p, other = other, p
    if not log:
        return np.asarray(p)
    result = logarithm(p, other)
    if far.any():
        result[far] = np.where(left == lower, logs, result[far])
    return result


def left_of_mean(a: Array, b: Array, x: Array, y: Array) -> Mask:
    """Return where the continued fraction of I_x(a, b) converges fast; y = 1 - x."""
    total = a + b + 2.0
    return np.asarray(np.where(x < 0.5, x < (a + 1.0) / total, y > (b + 1.0) / total))


def beta_far(a: Array, b: Array, x: Array, y: Array) -> Array:
    """Return log I_x(a, b) where it is below the smallest double or nearly so; y = 1 - x."""
    left = left_of_mean(a, b, x, y)
    result = np.empty_like(x)
    if left.any():
        s, u, v, w = a[left], b[left], x[left], y[left]
        off = shortfall(s, u, v, w)
        # x^a (1-x)^b/(a B(a, b)) by the binomial density
        front = binomial(s, u, v, w, off) + log_ratio(u, s + u)
        result[left] = front + np.log(beta_fraction(s, u, v, w, off))
    if not left.all():
        right = ~left
        result[right] = np.log(beta_by_second(a[right], b[right], y[right]))
    return result


def checked(value: Any, valid: Any, arguments: Operands) -> Array:
    """Return `value`, NaN for invalid parameters or an argument that is NaN."""
    for a in arguments:
        valid = valid & ~np.isnan(a)
    return np.where(valid, value, np.nan)


def flat(below: Any, above: Any, value: Any, lower: bool, log: bool) -> Array:
    """Return `value` inside the support, 0 and 1 or their logarithms outside."""
    none, every = (-np.inf, 0.0) if log else (0.0, 1.0)
    first, last = (none, every) if lower else (every, none)
    return np.where(below, first, np.where(above, last, value))


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
    if np.isinf(square).any():
        small = np.where(np.isinf(square), student_far(np.abs(x), n, log), small)
    near = (x <= 0) == lower
    if log:
        value = np.where(near, small - np.log(2.0), np.log1p(-0.5 * np.exp(small)))
        normal = normal_log_tail(x if lower else -x)
    else:
        value = np.where(near, 0.5 * small, 1.0 - 0.5 * small)
        normal = normal_tail(x if lower else -x)
    value = np.where(np.isinf(df), normal, value)
    return checked(flat(np.isneginf(x), np.isposinf(x), value, lower, log), df > 0, (x, df))


def student_far(x: Array, n: Array, log: bool) -> Array:
    """Return P(|T| > x) by the first term of the series, where the square of x is no double: I_u(a, b) ~ u^a/(a B(a, b))."""
    base = np.sqrt(n) / x
    front = -lbeta(0.5 * n, 0.5) - np.log(0.5 * n)
    return np.asarray(n * np.log(base) + front if log else np.power(base, n) * np.exp(front))


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


def nbinom_mu(x: Any, size: Any, mu: Any, lower: bool, log: bool) -> Array:
    """Return the tail of nbinom with the mean `mu`, by whichever of size/(size + mu) and mu/(size + mu) is the smaller."""
    x, size, mu = operands(x, size, mu)
    k = np.floor(x + _FUZZ)
    valid = (mu >= 0) & (mu < np.inf) & (size >= 0)
    inside = valid & (k >= 0) & (size > 0) & np.isfinite(k)
    count, n, m = np.where(inside, k + 1, 1.0), np.where(inside, size, 1.0), np.where(inside, mu, 1.0)
    value = np.empty(k.shape)
    rare, poisson = (m < n) & np.isfinite(n), np.isinf(n)
    for here, first, second, part, side in ((rare, count, n, m, not lower), (~rare & ~poisson, n, count, n, lower)):
        if here.any():
            value[here] = beta_tail((part / (n + m))[here], first[here], second[here], side, log)
    if poisson.any():
        value[poisson] = gamma_tail(m[poisson], count[poisson], not lower, log)
    return checked(flat(k < 0, np.isposinf(k) | (size == 0), value, lower, log), valid, (x, size, mu))


TAILS: dict[str, Tail] = {
    "gamma": gamma, "chisq": chisq, "beta": beta, "t": t, "pois": pois, "binom": binom, "nbinom": nbinom,
    "nbinom.mu": nbinom_mu,
}  # fmt: skip
