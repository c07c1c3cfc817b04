"""The incomplete gamma function: both tails, their logarithms, and what quantiles need of them."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from secantd.functions import FUNCTIONS
from secantd.language.expansion import stable_form
from secantd.program.special.gamma import lfactorial, lfactorial_scalar
from secantd.program.special.library import Array, Mask, formula, operands, sp
from secantd.program.stableforms import array
from secantd.program.tape import record

__all__ = ["MANY", "gamma_slope", "gamma_tail", "logarithm", "poisson_density", "quadrature"]

poisson = formula("poisson")

# Below, the logarithm is taken of a formula, not of a number with few digits left.
_TINY = 1e-280
# Terms of a series and steps of a continued fraction: where they are used, 700 and 100 are enough (a test compares them
# with twice as many). What has not converged by then is NaN.
SERIES, FRACTION = 1_000, 200
_EPSILON = 1e-16
# What is left of a continued fraction that goes on, and what may be left: below, its steps differ by their rounding.
_ENOUGH, _BAD = 1e-15, 1e-13
# Where series and fraction take over from SciPy's incomplete gamma function: they need few steps there.
_SMALL_TAIL = 1e-3
_LARGE_SHAPE = 1e4
# From this shape on, and this many deviations from the mean, SciPy's series has too few terms: 2000 of about the root of the shape.
MANY, _WIDE = 1e5, 4.0
# So far from the mean that the next term of the expansion for large shapes is below 1e-16.
_TERMS = 8
# Above, 1/x is the fraction's value to the last digit, and its terms stay below the largest double.
_LARGEST = 1e300
# Logarithms of tails below which the difference of two has few digits left.
_FAR = -1e4
# SciPy's incomplete gamma function has errors of a hundred units up to the first shape; up to the second one the factor of the
# series is a double, not the power of a logarithm.
_FEW, _FEW_TERMS, _DIRECT = 2.0, 28, 20.0


def logarithm(p: Array, other: Array) -> Array:
    """Return log p from p and 1 - p."""
    return np.where(p > 0.5, np.log1p(-other), np.log(p))


def gamma_series(a: Array, x: Array) -> Array:
    """Return Σ x^k/((a + 1)...(a + k)), DLMF 8.11.4."""
    term = np.ones_like(x)
    total = term.copy()
    for k in range(1, SERIES):
        term = term * (x / (a + k))
        total = total + term
        if not (term > _EPSILON * total).any():
            break
    return np.where(term > _EPSILON * total, np.nan, total)


def gamma_fraction(a: Array, x: Array) -> Array:
    """Return Γ(a, x)/(x^a exp(-x)), x > a + 1, by DLMF 8.9.2 in Lentz's form."""
    x = np.minimum(x, _LARGEST)
    b = x + 1.0 - a
    c = np.full_like(x, np.inf)
    d = 1.0 / b
    h = d.copy()
    step = d
    for i in range(1, FRACTION):
        an = -i * (i - a)
        b = b + 2.0
        d = 1.0 / (an * d + b)
        c = b + an / c
        step = c * d
        h = h * step
        if not (np.abs(step - 1.0) > _ENOUGH).any():
            break
    return np.where(np.abs(step - 1.0) > _BAD, np.nan, h)


@cache
def polynomials(count: int) -> list["np.polynomial.Polynomial"]:
    """Return b_0, b_1, ... of DLMF 8.11.8: b_k = λ(1 - λ) b'_(k-1) + (2k - 1) λ b_(k-1)."""
    variable = np.polynomial.Polynomial([0.0, 1.0])
    found = [np.polynomial.Polynomial([1.0])]
    for k in range(1, count):
        found.append(variable * (1.0 - variable) * found[-1].deriv() + (2 * k - 1) * variable * found[-1])
    return found


def gamma_far(a: Array, x: Array) -> Array:
    """Return γ(a, x) or Γ(a, x), over x^a exp(-x)/a, for a large shape far from its mean: DLMF 8.11.6, 8.11.7."""
    ratio = x / a
    width = (x - a) / a
    # Beyond, all terms but the first are below the last digit.
    capped = np.minimum(ratio, 1e30)
    scale = -1.0 / (a * np.maximum(width * width, 1e-300)) * (capped / np.maximum(ratio, 1e-300)) ** 2
    total = np.zeros_like(x)
    for polynomial in reversed(polynomials(_TERMS)):
        total = total * scale + polynomial(capped)
    return np.asarray(total / np.abs(width))


def gamma_front(a: Array, x: Array) -> tuple[Array, Mask]:
    """Return x^a exp(-x)/Γ(a + 1), and where it has all digits: without logarithms."""
    front = np.power(x, a) * np.exp(-x) / sp.gamma(np.minimum(a, _DIRECT) + 1.0)
    return front, (a <= _DIRECT) & (x <= 700.0) & (front > _TINY) & (np.power(x, a) < np.inf)


def few_at_point(a: float, x: float) -> tuple[float, float] | None:
    """Return what `gamma_few` returns, faster at one point; None where the factor of the series is nearly a denormal."""
    front = math.pow(x, a) * math.exp(-x) / math.gamma(a + 1.0)
    if not front > _TINY:
        return None
    term = total = 1.0
    k = 1
    while term > _EPSILON * total:
        term *= x / (a + k)
        total += term
        k += 1
    below = front * total
    if not (a < 1.0 and below > 0.5):
        return below, 1.0 - below
    term, series = -1.0, 0.0
    for j in range(1, _FEW_TERMS):
        term *= -x / j
        series += term / (a + j)
    power = a * math.log(x) - lfactorial_scalar(a)
    above = math.exp(power) * a * series - math.expm1(power)
    return 1.0 - above, above


def gamma_few(a: Array, x: Array) -> tuple[Array, Array]:
    """Return P(a, x) and Q(a, x) for a small shape and x up to a + 1, by one series; Q by DLMF 8.7.1 where P is nearly 1."""
    if x.size == 1 and (found := few_at_point(float(a.item()), float(x.item()))):
        return np.full(x.shape, found[0]), np.full(x.shape, found[1])
    front, direct = gamma_front(a, x)
    below = (front if direct.all() else np.where(direct, front, np.exp(poisson(a, x)))) * gamma_series(a, x)
    above = np.asarray(1.0 - below)
    nearly = (a < 1.0) & (below > 0.5)
    if nearly.any():
        s, y = a[nearly], x[nearly]
        term, series = np.full_like(y, -1.0), np.zeros_like(y)
        for j in range(1, _FEW_TERMS):
            term = term * (-y / j)
            series = series + term / (s + j)
        power = s * np.log(y) - lfactorial(s)
        above[nearly] = np.exp(power) * s * series - np.expm1(power)
    return np.where(below > 0.5, 1.0 - above, below), above


def gamma_tail(x: Any, shape: Any, lower: bool, log: bool) -> Array:
    """Return P(shape, x) or Q(shape, x)."""
    x, a = operands(x, shape)
    x = np.maximum(x, 0.0)
    p = np.array(sp.gammainc(a, x) if lower else sp.gammaincc(a, x))
    inner = np.isfinite(a) & np.isfinite(x) & (a > 0) & (x > 0)
    # SciPy finds no probability at some parameters.
    lost = inner & ~((p >= 0) & (p <= 1))
    if not lower:
        # Q(a, x) is aE₁(x) + O(a²), DLMF 8.4.4: SciPy has few digits of what is nearly a denormal.
        tiny = inner & (a < _TINY) & (x <= 1.0)
        p, logs = np.where(tiny, a * sp.exp1(x), p), np.log(a) + np.log(sp.exp1(x))
    near = x < a if lower else x > a + 1.0
    if (lost & ~near).any():
        p[lost & ~near] = 1.0 - gamma_tail(x[lost & ~near], a[lost & ~near], not lower, False)
    result = logarithm(p, gamma_tail(x, a, not lower, False)) if log else p
    if log and not lower:
        result = np.where(tiny, logs, result)
    small, large = (p < _SMALL_TAIL) & (a < _LARGE_SHAPE), (p < _TINY) & (a >= _LARGE_SHAPE)
    for here, rest in (
        (inner & near & (small | lost & (a < _LARGE_SHAPE)), gamma_series if lower else gamma_fraction),
        (inner & near & (large | lost & (a >= _LARGE_SHAPE)), gamma_far),
    ):
        if here.any():
            s, y = a[here], x[here]
            factor, scale = rest(s, y), s if rest is gamma_fraction else np.ones_like(s)
            # The product with a tiny shape may be a denormal, or 0.
            logs = np.where(factor * scale > _TINY, np.log(factor * scale), np.log(factor) + np.log(scale))
            factor = factor * scale
            front, direct = gamma_front(s, y)
            value = np.where(direct & (front * factor > _TINY), np.log(front * factor), poisson(s, y) + logs)
            result = np.array(result)
            result[here] = value if log else np.where(direct, front * factor, np.exp(value))
    few = inner & (a <= _FEW) & (x <= a + 1.0) & ~(p < _SMALL_TAIL)
    if few.any():
        below, above = gamma_few(a[few], x[few])
        one, other = (below, above) if lower else (above, below)
        result = np.array(result)
        result[few] = logarithm(one, other) if log else one
    wide = inner & (a >= MANY) & (np.abs(x - a) > _WIDE * np.sqrt(a))
    if wide.any():
        result = np.array(result)
        result[wide] = quadrature(f"pgamma{'' if lower else '.upper'}{'.log' if log else ''}")(x[wide], a[wide], 1.0)
    return result


@cache
def quadrature(op: str) -> Callable[..., Any]:
    """Return the stable form of a row as a function of arrays."""
    form = stable_form(op)
    assert form is not None
    return array(record(form.outputs, FUNCTIONS[op].parameters, {}, literal=True))


def poisson_density(a: Array, x: Array) -> Array:
    """Return x^a exp(-x)/Γ(a + 1)."""
    front, direct = gamma_front(a, x)
    return front if direct.all() else np.where(direct, front, np.exp(poisson(a, x)))


def gamma_slope(x: Array, a: Array, lower: bool, value: Array) -> Array:
    """Return the derivative by log x of `value`, the logarithm of either tail."""
    # Far out the density and the tail are equal to more digits than their logarithms have.
    result = np.exp(poisson(a, x) + np.log(a) - value)
    for here, rest in (
        ((value < _FAR) & (a < _LARGE_SHAPE), gamma_series if lower else gamma_fraction),
        ((value < _FAR) & (a >= _LARGE_SHAPE), gamma_far),
    ):
        if here.any():
            result[here] = (1.0 if rest is gamma_fraction else a[here]) / rest(a[here], x[here])
    return result if lower else -result
