"""The two pieces that keep all digits of a density far from its mean.

Loader, Fast and accurate computation of binomial probabilities (2000): x ln(x/m) + m - x and Stirling's error
are computed without the large terms that cancel.
"""

import math
from typing import Any

import numpy as np

from secantd.program.special.library import Array, operands, sp

__all__ = ["LARGE", "NEAR", "STIRLING", "deviance", "stirling_error"]

# DLMF 5.11.1: B_2k/(2k(2k - 1)), k = 1, ..., 8; from 15 on the next term is below 1e-18.
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)
LARGE = 15.0
# (x - m)/(x + m) up to which a series is used, and its terms for 1e-17.
NEAR = 0.35
_TERMS = 20


def stirling_error(n: Any) -> Array:
    """Return ln Γ(n + 1) - (n + 1/2) ln n + n - ln(2π)/2, n > 0."""
    n = np.asarray(n, dtype=np.float64)
    large = np.maximum(n, LARGE)
    inverse = 1.0 / (large * large)
    total: Any = 0.0
    for c in reversed(STIRLING):
        total = total * inverse + c
    result: Array = np.asarray(total / large)
    if (n < LARGE).any():
        small = np.where(n < LARGE, n, 1.0)
        direct = sp.gammaln(small + 1.0) - (small + 0.5) * np.log(small) + small - 0.5 * math.log(2 * math.pi)
        return np.where(n < LARGE, direct, result)
    return result


def deviance(x: Any, m: Any) -> Array:
    """Return x ln(x/m) + m - x, x and m > 0: with v = (x - m)/(x + m) it is (x - m)v + 2x(v³/3 + v⁵/5 + ...)."""
    x, m = operands(x, m)
    v = (x - m) / (x + m)
    near = np.abs(v) < NEAR
    w = np.where(near, v * v, 0.0)
    total: Any = 0.0
    for k in range(_TERMS, 0, -1):
        total = (total + 1.0 / (2 * k + 1)) * w
    result: Array = np.where(near, (x - m) * v + 2.0 * x * v * total, x * np.log(x / m) + m - x)
    return result
