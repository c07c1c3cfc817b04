"""Gamma, lgamma, their derivatives, beta and the binomial coefficients."""

import math
from collections.abc import Callable
from functools import cache, reduce
from typing import Any

import numpy as np

from secantd.program.operations import OPERATIONS
from secantd.program.source import build
from secantd.program.special.library import Array, formula, operands, pair, sp

__all__ = ["GAMMA", "lbeta", "lfactorial", "lfactorial_scalar", "lgamma"]

# (ζ(k) - 1)/k, alternating, k = 2, 3, ...: lnΓ(2 + z) = (1 - γ)z + Σ (-1)^k (ζ(k) - 1) z^k/k  (DLMF 5.7.3)
_ONE_LESS_EULER = 0.42278433509846713
_ZETA_LESS_ONE = (
    0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
    0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
    0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-05, 3.058823630702049e-05, 1.528225940865187e-05,
    7.637197637899763e-06, 3.81729326499984e-06, 1.908212716553939e-06, 9.539620338727962e-07, 4.769329867878064e-07,
    2.38450502727733e-07, 1.1921992596531106e-07, 5.960818905125948e-08, 2.980350351465228e-08, 1.4901554828365043e-08,
)  # fmt: skip
_SERIES = tuple(z * (-1) ** k / k for k, z in reversed([*enumerate(_ZETA_LESS_ONE, 2)]))
_SERIES_OF_ARRAYS = tuple(map(np.asarray, _SERIES))
# Up to so many values are faster one by one.
_FEW = 24
# The binomial coefficients of so small k are products.
_PRODUCTS = 30


def gamma_scalar(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        # Far to the right, or beside the pole at 0.
        return math.copysign(math.inf, x)
    except ValueError:
        return math.nan


def gamma(x: Any) -> Array:
    # As in R, the poles are undefined.
    return np.where(np.equal(x, 0.0), np.nan, sp.gamma(x))


# lnΓ(2 + z) for |z| up to 1/2, with all its digits at its zero.
_near_two: Callable[[float], float] = build(
    "z",
    [f"return z * ({_ONE_LESS_EULER} + z * {reduce(lambda total, c: f'({total} * z + {c})', map(repr, _SERIES))})"],
    {},
)


def _many_near_two(z: Array) -> Array:
    """Return the values of `_near_two`, as fast as NumPy can: in place, with numbers as arrays of no dimensions."""
    total = z * 0.0
    for c in _SERIES_OF_ARRAYS:
        total *= z
        total += c
    return z * (_ONE_LESS_EULER + z * total)


def lgamma_scalar(x: float) -> float:
    if 1.5 <= x <= 2.5:
        return _near_two(x - 2.0)
    if 0.5 <= x < 1.5:
        return _near_two(x - 1.0) - math.log1p(x - 1.0)
    try:
        return math.lgamma(x)
    except (OverflowError, ValueError):
        return math.inf


def lgamma(x: Any) -> Array:
    """Return ln|Γ(x)|."""
    x = np.asarray(x, dtype=np.float64)
    result: Array = np.asarray(sp.gammaln(x))
    infinite = np.isinf(result)
    if np.count_nonzero(infinite):
        # Beside the pole at 0 it is the logarithm of 1/x (DLMF 5.7.1), where SciPy's 1/x is none for denormals.
        size = np.abs(x[infinite])
        result[infinite] = np.where(size < 1e-300, -np.log(size), np.inf)
    near = (x >= 0.5) & (x <= 2.5)
    if np.count_nonzero(near):
        y = x[near]
        one = y < 1.5
        z = y - np.where(one, 1.0, 2.0)
        # NumPy takes as long for one value as for a hundred.
        series = _many_near_two(z) if z.size > _FEW else np.array([_near_two(v) for v in z.tolist()])
        result[near] = series - np.where(one, np.log1p(z), 0.0)
    return result


def lfactorial_scalar(x: float) -> float:
    if abs(x) <= 0.5:
        return _near_two(x) - math.log1p(x)
    return _near_two(x - 1.0) if 0.5 < x <= 1.5 else lgamma_scalar(x + 1.0)


def lfactorial(x: Any) -> Array:
    """Return ln|Γ(x + 1)|, without the rounding of x + 1 near 0 and 1."""
    x = np.asarray(x)
    one = (x > 0.5) & (x <= 1.5)
    near = one | (np.abs(x) <= 0.5)
    z = np.where(near, x - one, 0.0)
    return np.where(near, _many_near_two(z) - np.where(one, 0.0, np.log1p(z)), lgamma(x + 1.0))


def psigamma(x: Any, order: Any) -> Array:
    """Return the derivative of ψ of a whole order, DLMF 5.15; below 0 by reflection, 5.15.6."""
    x, n = operands(x, order)
    n = np.rint(n)
    positive = x > 0
    result = np.where(positive, sp.polygamma(np.where(n >= 0, n, 0), np.where(positive, x, 1.0)), np.nan)
    for k in np.unique(n[~positive & (n >= 0) & (n <= 100)]):
        here = ~positive & (n == k)
        sign = 1.0 if k % 2 == 0 else -1.0
        result[here] = sign * (sp.polygamma(int(k), 1.0 - x[here]) + _cotangent(int(k), x[here]))
    pole = (x <= 0) & (x == np.floor(x))
    result = np.where(pole, np.where(n % 2 == 1, np.inf, np.nan), result)
    return np.where((n < 0) | (n > 100) | np.isnan(x), np.nan, result)


def polygamma_scalar(order: int, positive: Callable[[float], Any]) -> Callable[[float], float]:
    def function(x: float) -> float:
        if x > 0.0:
            return float(positive(x))
        with np.errstate(all="ignore"):
            return float(psigamma(x, float(order)))

    return function


def _cotangent(order: int, x: Array) -> Array:
    """Return -(-d/dx)^n of -π·cot(πx): what ψ_n(1 - x) differs by from (-1)^n ψ_n(x)."""
    cot: Array = OPERATIONS["cospi"].array(x) / OPERATIONS["sinpi"].array(x)
    # Horner's rule; NumPy's begins with 0 times the argument, which may be infinite.
    *rest, leading = _cotangent_polynomial(order)
    total: Array = np.full_like(cot, leading)
    for c in reversed(rest):
        total = total * cot + c
    return -np.pi * total * (1.0 if order % 2 == 0 else -1.0)


@cache
def _cotangent_polynomial(order: int) -> list[float]:
    """Return the coefficients of the polynomial in cot πx that is the n-th derivative of cot πx, for n up to 100."""
    # d/dx P(cot πx) = -π(1 + cot²) P'(cot πx)
    polynomial = np.polynomial.Polynomial([0.0, 1.0])
    for _ in range(order):
        polynomial = -np.pi * polynomial.deriv() * np.polynomial.Polynomial([1.0, 0.0, 1.0])
    found: list[float] = polynomial.coef.tolist()
    return found


lbeta, lchoose = map(formula, ("lbeta", "lchoose"))


def as_array(f: Callable[..., Array]) -> Callable[..., float]:
    """Return a function of floats that is computed by SciPy's lgamma, as Python's has errors up to 4e-15."""

    def one(*arguments: float) -> float:
        with np.errstate(all="ignore"):
            return float(f(*[np.array([a]) for a in arguments])[0])

    return one


def choose(n: Any, k: Any) -> Array:
    """Return n over k, k rounded to a whole number as in R."""
    n, k = operands(n, k)
    k = np.rint(k)
    whole = n == np.rint(n)
    # The shorter of two equal products.
    k = np.where(whole & (n >= 0) & (n - k < k) & (k <= n), n - k, k)
    result = np.where(k < 0, 0.0, 1.0)
    few = k < _PRODUCTS
    for j in range(int(np.max(k, where=few, initial=0.0))):
        result = np.where(few & (j < k), result * (n - j) / (j + 1), result)
    if not few.all():
        flipped = np.where(n < 0, k - n - 1, n)
        sign = np.where((n < 0) & (k % 2 == 1), -1.0, 1.0)
        result = np.where(few, result, sign * _choose_by_beta(flipped, k))
    return np.where(np.isnan(n) | np.isnan(k), np.nan, np.where(whole & np.isfinite(result), np.rint(result), result))


def _choose_by_beta(n: Array, k: Array) -> Array:
    """Return n over k for n ≥ 0 and large k: DLMF 1.2.6, below n = k - 1 by reflection, 5.5.3."""
    above = n > k - 1
    direct = np.exp(-np.log1p(n) - lbeta(np.where(above, n - k + 1, 1.0), k + 1))
    reflected = np.exp(lbeta(n + 1, np.where(above, 1.0, k - n))) * OPERATIONS["sinpi"].array(k - n) / np.pi
    return np.where(above, direct, reflected)


GAMMA: dict[str, tuple[Callable[..., float] | None, Callable[..., Any] | None]] = {
    "gamma": pair(gamma, gamma_scalar),
    "lgamma": pair(lgamma, lgamma_scalar),
    "digamma": pair(lambda x: psigamma(x, 0.0), polygamma_scalar(0, lambda x: sp.psi(x))),
    "trigamma": pair(lambda x: psigamma(x, 1.0), polygamma_scalar(1, lambda x: sp.zeta(2.0, x))),
    "psigamma": pair(psigamma),
    "lbeta": (as_array(lbeta), None),
    "choose": pair(choose),
    "lchoose": (as_array(lchoose), None),
    "lfactorial": pair(lfactorial, lfactorial_scalar),
}
