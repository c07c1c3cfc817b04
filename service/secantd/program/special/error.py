"""The error function and the normal distribution."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from secantd.program.special.library import Array, pair, sp

__all__ = ["ERROR", "normal_log_tail", "normal_quantile", "normal_tail", "product_error"]

_ROOT_HALF = 0.7071067811865476
# √½ less its double, so that z√½ is known to twice the digits.
_ROOT_HALF_REST = -4.833646656726457e-17
_LOG_ROOT_TWO_PI = 0.9189385332046728
_TWO_BY_ROOT_PI = 1.1283791670955126
# As wide as 26 bits allow: the square of a number rounded to it is exact.
_GRID = 65536.0
# Beyond, exp(-z²/2) is 0.
_FAR = 40.0
# A step of Newton's method from here on is about the last digit.
_NEAR = 1e-9
# Beyond, it is no double after a division by any sd above 1e-285.
_FARTHEST = 53.0
_ONE_BY_ROOT_TWO_PI = 0.3989422804014327
_STANDARD = NormalDist()


def erf_scalar(x: float) -> float:
    return math.erf(x)


def exp_square(x: Any) -> Any:
    """Return exp(-x²): x² is split, as its rounding error would be magnified x² times."""
    x = np.clip(x, -_FAR, _FAR)
    first = np.rint(x * _GRID) / _GRID
    return np.exp(-first * first) * np.exp(-(x - first) * (x + first))


def erfc(x: Any) -> Array:
    x = np.asarray(x)
    far = x > 1.0
    return np.where(far, exp_square(x) * sp.erfcx(np.where(far, x, 1.0)), sp.erfc(x))  # type: ignore[no-any-return]


def normal_density(z: Any) -> Any:
    """Return exp(-z²/2)/√(2π)."""
    z = np.clip(z, -_FAR, _FAR)
    first = np.rint(z * _GRID) / _GRID
    return np.exp(-0.5 * first * first) * np.exp(-0.5 * (z - first) * (z + first)) * 0.3989422804014327


def scaled_density(z: Any, sd: Any) -> Any:
    """Return exp(-z²/2)/√(2π)/sd in two halves: what is no double may be one after the division by a small sd."""
    z = np.clip(z, -_FARTHEST - 1.0, _FARTHEST + 1.0)
    first = np.rint(z * _GRID) / _GRID
    half = np.exp(-0.25 * first * first)
    value = half * np.divide(_ONE_BY_ROOT_TWO_PI, sd) * (half * np.exp(-0.5 * (z - first) * (z + first)))
    return np.where(np.abs(z) > _FARTHEST, 0.0, value)


def normal_tail(z: Any) -> Any:
    """Return P(Z ≤ z)."""
    z = np.asarray(z)
    far = z < -1.0
    # DLMF 7.2.3: erfc(x) = exp(-x²) erfcx(x)
    scaled = sp.erfcx(np.where(far, -z, 1.0) * _ROOT_HALF)
    return np.where(far, normal_density(z) * scaled * 1.2533141373155003, sp.ndtr(z))


def normal_log_tail(z: Any) -> Any:
    """Return log P(Z ≤ z)."""
    z = np.asarray(z)
    return np.where(z > 0, np.log1p(-normal_tail(-z)), sp.log_ndtr(z))


def normal_quantile(p: Any, log: bool) -> Any:
    """Return z with P(Z ≤ z) = p; NaN where p is no probability.

    Args:
        p: The probability, or its logarithm.
        log: Whether `p` is the logarithm.
    """
    if not log:
        return sp.ndtri(p)
    z = np.asarray(sp.ndtri_exp(p))
    # SciPy's is off by a thousand units far out: a step of Newton's method.
    step = (normal_log_tail(z) - p) / ratio(z, 1.0)
    return np.where(np.abs(step) < _NEAR * (1.0 + np.abs(z)), z - step, z)


def _standard(x: Any, mean: Any, sd: Any) -> Any:
    """Return (x - mean)/sd; NaN for sd < 0, and at sd = 0 the point mass R has there."""
    return np.where(np.greater_equal(sd, 0.0), np.divide(np.subtract(x, mean), np.abs(sd)), np.nan)


def density(x: Any, mean: Any, sd: Any) -> Any:
    z = _standard(x, mean, sd)
    point = np.equal(sd, 0.0) & ~np.isnan(np.subtract(x, mean))
    return np.where(point, np.where(np.equal(x, mean), np.inf, 0.0), scaled_density(z, sd))


def density_log(x: Any, mean: Any, sd: Any) -> Any:
    z = _standard(x, mean, sd)
    point = np.equal(sd, 0.0) & ~np.isnan(np.subtract(x, mean))
    value = -(0.5 * z * z + _LOG_ROOT_TWO_PI + np.log(sd))
    return np.where(point, np.where(np.equal(x, mean), np.inf, -np.inf), value)


def _z_scalar(x: float, mean: float, sd: float) -> float:
    if sd > 0.0:
        return (x - mean) / sd
    if sd == 0.0 and x == x and mean == mean:
        # P jumps from 0 to 1 at the mean.
        return -math.inf if x < mean else math.inf
    return math.nan


def _z(x: Any, mean: Any, sd: Any) -> Any:
    z = _standard(x, mean, sd)
    return np.where(np.equal(sd, 0.0) & np.isnan(z) & np.equal(x, mean), np.inf, z)


def density_scalar(x: float, mean: float, sd: float) -> float:
    if not sd > 0.0 or not math.isfinite(sd):
        with np.errstate(all="ignore"):
            return float(density(x, mean, sd))
    z = (x - mean) / sd
    if not abs(z) <= _FARTHEST:
        return 0.0 if z == z else math.nan
    first = round(z * _GRID) / _GRID
    half = math.exp(-0.25 * first * first)
    return half * (_ONE_BY_ROOT_TWO_PI / sd) * (half * math.exp(-0.5 * (z - first) * (z + first)))


def density_log_scalar(x: float, mean: float, sd: float) -> float:
    if not sd > 0.0:
        with np.errstate(all="ignore"):
            return float(density_log(x, mean, sd))
    z = (x - mean) / sd
    return -(0.5 * z * z + _LOG_ROOT_TWO_PI + math.log(sd))


def tail_scalar(z: float) -> float:
    """Return P(Z ≤ z) by erfc, whose argument is corrected for its rounding."""
    y = -z * _ROOT_HALF
    value = math.erfc(y)
    if not 1.0 < y < 27.0:
        return 0.5 * value
    # y as a product of halves (Dekker): what it misses of -z√½.
    rest = product_error(-z, _ROOT_HALF, y) - z * _ROOT_HALF_REST
    return float(0.5 * (value - rest * _TWO_BY_ROOT_PI * math.exp(-y * y)))


def log_tail_scalar(z: float) -> float:
    return math.log1p(-tail_scalar(-z)) if z > 0.0 else float(sp.log_ndtr(z))


def product_error(a: Any, b: Any, product: Any) -> Any:
    """Return ab - product exactly (Dekker 1971)."""
    split = 134217729.0
    high = a * split
    high -= high - a
    low = a - high
    other = b * split
    other -= other - b
    rest = b - other
    return ((high * other - product) + high * rest + low * other) + low * rest


def quantile_scalar(p: float) -> float:
    if 0.0 < p < 1.0:
        return _STANDARD.inv_cdf(p)
    return -math.inf if p == 0.0 else math.inf if p == 1.0 else math.nan


def _scaled(z: Any, mean: Any, sd: Any) -> Any:
    return np.where(np.greater(sd, 0.0), mean + sd * z, np.where(np.equal(sd, 0.0) & ~np.isnan(z), mean, np.nan))


def _scaled_scalar(p: float, mean: float, sd: float) -> float:
    return mean + sd * quantile_scalar(p) if sd > 0.0 else float(_scaled(quantile_scalar(p), mean, sd))


def ratio(z: Any, sd: Any) -> Any:
    """Return f/F at z = (x - mean)/sd: 1/F is exp(z²/2)·2/erfcx(-z√½), DLMF 7.2.3."""
    return np.where(np.greater(sd, 0.0), 0.7978845608028654 / sp.erfcx(-z * _ROOT_HALF) / sd, np.nan)


ERROR = {
    "erf": pair(lambda x: sp.erf(x), erf_scalar),
    "erfc": pair(erfc, math.erfc),
    "dnorm": pair(density, density_scalar),
    "dnorm.log": pair(density_log, density_log_scalar),
    "pnorm": pair(lambda q, m, s: normal_tail(_z(q, m, s)), lambda q, m, s: tail_scalar(_z_scalar(q, m, s))),
    "pnorm.upper": pair(lambda q, m, s: normal_tail(-_z(q, m, s)), lambda q, m, s: tail_scalar(-_z_scalar(q, m, s))),
    # No rows of the table: exp(log f - log F), found by the tape.
    "mills": pair(lambda q, m, s: ratio(_z(q, m, s), s)),
    "mills_upper": pair(lambda q, m, s: ratio(-_z(q, m, s), s)),
    "pnorm.log": pair(
        lambda q, m, s: normal_log_tail(_z(q, m, s)), lambda q, m, s: log_tail_scalar(_z_scalar(q, m, s))
    ),
    "pnorm.upper.log": pair(
        lambda q, m, s: normal_log_tail(-_z(q, m, s)), lambda q, m, s: log_tail_scalar(-_z_scalar(q, m, s))
    ),
    "qnorm": pair(lambda p, m, s: _scaled(normal_quantile(p, False), m, s), _scaled_scalar),
    "qnorm.upper": pair(
        lambda p, m, s: _scaled(-normal_quantile(p, False), m, s), lambda p, m, s: -_scaled_scalar(p, -m, s)
    ),
    "qnorm.log": pair(lambda p, m, s: _scaled(normal_quantile(p, True), m, s)),
    "qnorm.upper.log": pair(lambda p, m, s: _scaled(-normal_quantile(p, True), m, s)),
}
