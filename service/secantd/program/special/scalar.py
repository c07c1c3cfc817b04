"""The densities and probabilities most asked for at one point, by `math`: a tenth of the time of an array's.

None where an argument lies at an edge: the functions of arrays know what R has there.
"""

import math
from collections.abc import Callable
from typing import Any

from secantd.program.special.deviance import LARGE, NEAR, STIRLING
from secantd.program.special.gamma import lgamma_scalar

__all__ = ["SCALARS", "with_fallback"]

Partial = Callable[..., float | None]
_HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)
_TINY = 1e-290
# ln of the largest double, nearly.
_LARGEST = 709.0


def with_fallback(scalar: Partial, otherwise: Callable[..., float]) -> Callable[..., float]:
    """Return `scalar`, or `otherwise` where it gives None."""

    def function(*arguments: float) -> float:
        value = scalar(*arguments)
        return otherwise(*arguments) if value is None else value

    return function


def stirling_error(n: float) -> float:
    if n < LARGE:
        return lgamma_scalar(n + 1.0) - (n + 0.5) * math.log(n) + n - _HALF_LOG_TWO_PI
    inverse = 1.0 / (n * n)
    total = 0.0
    for c in reversed(STIRLING):
        total = total * inverse + c
    return total / n


def deviance(x: float, m: float) -> float:
    v = (x - m) / (x + m)
    if abs(v) >= NEAR:
        return x * math.log(x / m) + m - x
    w = v * v
    total, power, k = 0.0, w, 3
    while power > 1e-17:
        total += power / k
        power *= w
        k += 2
    return (x - m) * v + 2.0 * x * v * total


def poisson(x: float, m: float) -> float | None:
    if _TINY < x < math.inf and 0.0 < m < math.inf:
        return -stirling_error(x) - deviance(x, m) - _HALF_LOG_TWO_PI - 0.5 * math.log(x)
    return -m if x == 0.0 and 0.0 < m < math.inf else None


def pois_log(x: float, rate: float) -> float | None:
    return poisson(x, rate) if x.is_integer() else None


def gamma_log(x: float, shape: float, rate: float) -> float | None:
    if not (0.0 < x < math.inf and 0.0 < rate < math.inf and shape > 0.0):
        return None
    if shape < 1.0:
        front = poisson(shape, x * rate)
        return None if front is None else front + math.log(shape / x)
    front = poisson(shape - 1.0, x * rate)
    return None if front is None else front + math.log(rate)


def exp_log(x: float, rate: float) -> float | None:
    return math.log(rate) - rate * x if 0.0 <= x < math.inf and 0.0 < rate < math.inf else None


def logistic(x: float, location: float, scale: float) -> float | None:
    """Return P(X ≤ x)."""
    if not 0.0 < scale < math.inf:
        return None
    z = (x - location) / scale
    small = math.exp(-abs(z))
    return (small if z < 0.0 else 1.0) / (1.0 + small)


def logistic_log(x: float, location: float, scale: float) -> float | None:
    if not 0.0 < scale < math.inf:
        return None
    z = (x - location) / scale
    return min(z, 0.0) - math.log1p(math.exp(-abs(z)))


def reflected(f: Partial) -> Partial:
    """Return the upper tail of a symmetric distribution."""
    return lambda x, location, scale: f(-x, -location, scale)


def exponential(f: Partial) -> Partial:
    def density(*arguments: float) -> float | None:
        value = f(*arguments)
        return None if value is None or value > _LARGEST else math.exp(value)

    return density


SCALARS: dict[str, Any] = {
    "dpois": exponential(pois_log),
    "dpois.log": pois_log,
    "dgamma": exponential(gamma_log),
    "dgamma.log": gamma_log,
    "dchisq": exponential(lambda x, df: gamma_log(x, 0.5 * df, 0.5)),
    "dchisq.log": lambda x, df: gamma_log(x, 0.5 * df, 0.5),
    "dexp": exponential(exp_log),
    "dexp.log": exp_log,
    "plogis": logistic,
    "plogis.log": logistic_log,
    "plogis.upper": reflected(logistic),
    "plogis.upper.log": reflected(logistic_log),
}
