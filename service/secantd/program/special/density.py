"""Logarithms of the densities, by Loader's pieces where a formula as it is written would lose digits."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program.special.deviance import deviance, stirling_error
from secantd.program.special.library import Array, operands

__all__ = ["DENSITIES", "binomial", "poisson"]

_LOG_TWO_PI = math.log(2 * math.pi)
# How far from a whole number R takes x for one.
_WHOLE = 1e-7


def poisson(x: Any, m: Any) -> Array:
    """Return log(m^x exp(-m)/Γ(x + 1)) for real x ≥ 0."""
    x, m = operands(x, m)
    inside = (x > 0) & (m > 0) & np.isfinite(m) & np.isfinite(x)
    a, b = np.where(inside, x, 1.0), np.where(inside, m, 1.0)
    result = -stirling_error(a) - deviance(a, b) - 0.5 * (_LOG_TWO_PI + np.log(a))
    # So small that Stirling's formula has nothing to go by.
    result = np.where(a < 1e-290, a * np.log(b) - b, result)
    return np.where(inside, result, np.where(x == 0, -m, -np.inf))


def binomial(x: Any, y: Any, p: Any, q: Any) -> Array:
    """Return log(Γ(x + y + 1)/(Γ(x + 1) Γ(y + 1)) p^x q^y) for real x, y ≥ 0 and q = 1 - p."""
    x, y, p, q = operands(x, y, p, q)
    inside = (x > 0) & (y > 0) & (p > 0) & (q > 0)
    a, b = np.where(inside, x, 1.0), np.where(inside, y, 1.0)
    chance, other = np.where(inside, p, 0.5), np.where(inside, q, 0.5)
    size = a + b
    result = stirling_error(size) - stirling_error(a) - stirling_error(b)
    result = result - deviance(a, size * chance) - deviance(b, size * other)
    result = result - 0.5 * (_LOG_TWO_PI + np.log(a) + np.log(b / size))
    power = np.where(p < q, np.log1p(-p), np.log(q))
    none = np.where(y == 0, 0.0, y * power)
    every = x * np.where(q < p, np.log1p(-q), np.log(p))
    edge = np.where(x == 0, none, np.where(y == 0, every, -np.inf))
    return np.where(inside, result, edge)


def at_edges(value: Any, inside: Any, valid: Any, *arguments: Any) -> Array:
    """Return `value`, -Inf outside the support, NaN where a parameter is none or an argument is NaN."""
    unknown = ~valid
    for a in arguments:
        unknown = unknown | np.isnan(a)
    return np.where(unknown, np.nan, np.where(inside, value, -np.inf))


def pois(x: Any, rate: Any) -> Array:
    x, rate = operands(x, rate)
    k = np.rint(x)
    whole = (np.abs(x - k) <= _WHOLE * np.maximum(1.0, np.abs(x))) & (k >= 0)
    return at_edges(poisson(np.where(whole, k, 0.0), rate), whole, rate >= 0, x, rate)


def binom(x: Any, size: Any, prob: Any) -> Array:
    x, size, prob = operands(x, size, prob)
    k, n = np.rint(x), np.rint(size)
    whole = (np.abs(x - k) <= _WHOLE * np.maximum(1.0, np.abs(x))) & (k >= 0) & (k <= n)
    valid = (prob >= 0) & (prob <= 1) & (size >= 0) & (np.abs(size - n) <= _WHOLE * np.maximum(1.0, size))
    return at_edges(
        binomial(np.where(whole, k, 0.0), np.where(whole, n - k, 0.0), prob, 1.0 - prob), whole, valid, x, size, prob
    )


def nbinom(x: Any, size: Any, prob: Any) -> Array:
    x, size, prob = operands(x, size, prob)
    k = np.rint(x)
    whole = (np.abs(x - k) <= _WHOLE * np.maximum(1.0, np.abs(x))) & (k >= 0)
    k = np.where(whole, k, 0.0)
    valid = (prob > 0) & (prob <= 1) & (size >= 0)
    n = np.where(size > 0, size, 1.0)
    value = binomial(n, k, prob, 1.0 - prob) + np.log(n / (n + k))
    value = np.where(k == 0, n * np.log(prob), value)
    value = np.where(size > 0, value, np.where(k == 0, 0.0, -np.inf))
    return at_edges(value, whole, valid, x, size, prob)


def gamma(x: Any, shape: Any, rate: Any) -> Array:
    x, shape, rate = operands(x, shape, rate)
    y = x * rate
    small = shape < 1
    value = poisson(np.where(small, shape, shape - 1.0), y) + np.where(small, np.log(shape) - np.log(x), np.log(rate))
    at_zero = np.where(shape < 1, np.inf, np.where(shape == 1, np.log(rate), -np.inf))
    # At shape 0 all mass lies at 0.
    value = np.where(shape == 0, np.where(x == 0, np.inf, -np.inf), np.where(x == 0, at_zero, value))
    return at_edges(value, x >= 0, (shape >= 0) & (rate > 0), x, shape, rate)


def beta(x: Any, a: Any, b: Any) -> Array:
    x, a, b = operands(x, a, b)
    y = 1.0 - x
    first, second = a < 1, b < 1
    value = binomial(np.where(first, a, a - 1.0), np.where(second, b, b - 1.0), x, y)
    # Γ(a) = Γ(a + 1)/a where a < 1, and so for b: what is left of 1/B(a, b).
    total = a + b
    scale = np.where(
        first & second, a * b / total / (x * y), np.where(first, a / x, np.where(second, b / y, total - 1.0))
    )
    value = value + np.log(scale)
    at_zero = np.where(first, np.inf, np.where(a == 1, np.log(b), -np.inf))
    at_one = np.where(second, np.inf, np.where(b == 1, np.log(a), -np.inf))
    value = np.where(x == 0, at_zero, np.where(x == 1, at_one, value))
    return at_edges(value, (x >= 0) & (x <= 1), (a > 0) & (b > 0), x, a, b)


def t(x: Any, df: Any) -> Array:
    x, df = operands(x, df)
    n = np.where((df > 0) & np.isfinite(df), df, 1.0)
    half = 0.5 * n
    constant = stirling_error(half + 0.5) - stirling_error(half) - deviance(half, half + 0.5) - 0.5 * _LOG_TWO_PI
    square = x * x / n
    # x² may overflow where its logarithm does not.
    growth = np.where(np.isfinite(square), np.log1p(square), 2.0 * np.log(np.abs(x)) - np.log(n))
    value = constant - 0.5 * (n + 1.0) * growth
    value = np.where(np.isinf(df), -0.5 * (x * x + _LOG_TWO_PI), value)
    return at_edges(value, np.isfinite(x), df > 0, x, df)


def chisq(x: Any, df: Any) -> Array:
    return gamma(x, np.multiply(df, 0.5), 0.5)


def exp(x: Any, rate: Any) -> Array:
    x, rate = operands(x, rate)
    return at_edges(np.log(rate) - rate * x, x >= 0, rate > 0, x, rate)


def weibull(x: Any, shape: Any, scale: Any) -> Array:
    x, shape, scale = operands(x, shape, scale)
    z = x / scale
    value = np.log(shape) - np.log(scale) + (shape - 1.0) * np.log(z) - z**shape
    at_zero = np.where(shape < 1, np.inf, np.where(shape == 1, -np.log(scale), -np.inf))
    value = np.where(x == 0, at_zero, value)
    return at_edges(value, (x >= 0) & np.isfinite(x), (shape > 0) & (scale > 0), x, shape, scale)


def lnorm(x: Any, mean: Any, sd: Any) -> Array:
    x, mean, sd = operands(x, mean, sd)
    z = (np.log(x) - mean) / sd
    return at_edges(-(0.5 * (_LOG_TWO_PI + z * z) + np.log(x * sd)), x > 0, sd > 0, x, mean, sd)


def cauchy(x: Any, location: Any, scale: Any) -> Array:
    x, location, scale = operands(x, location, scale)
    z = (x - location) / scale
    square = z * z
    growth = np.where(np.isfinite(square), np.log1p(square), 2.0 * np.log(np.abs(z)))
    return at_edges(-(math.log(math.pi) + np.log(scale) + growth), np.isfinite(z), scale > 0, x, location, scale)


def unif(x: Any, low: Any, high: Any) -> Array:
    x, low, high = operands(x, low, high)
    valid = (low < high) & np.isfinite(high - low)
    return at_edges(-np.log(high - low), (x >= low) & (x <= high), valid, x, low, high)


def logis(x: Any, location: Any, scale: Any) -> Array:
    x, location, scale = operands(x, location, scale)
    z = np.abs((x - location) / scale)
    return at_edges(-(z + np.log(scale) + 2.0 * np.log1p(np.exp(-z))), np.isfinite(z), scale > 0, x, location, scale)


DENSITIES: dict[str, Callable[..., Array]] = {
    "pois": pois, "binom": binom, "nbinom": nbinom, "gamma": gamma, "chisq": chisq, "beta": beta, "t": t, "exp": exp,
    "weibull": weibull, "lnorm": lnorm, "cauchy": cauchy, "unif": unif, "logis": logis,
}  # fmt: skip
