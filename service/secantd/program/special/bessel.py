"""Bessel functions of real order for x ≥ 0, as in R; by AMOS in SciPy."""

from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program.special.library import Array, Pair, operands, pair, sp

__all__ = ["BESSEL"]


def bessel(name: str, at_zero: Callable[[Array, Array], Array] | None = None) -> Pair:
    """Return SciPy's `name`(order, x) as R's function of x and the order: NaN for x < 0."""

    def function(x: Any, order: Any) -> Array:
        x, nu = operands(x, order)
        value = getattr(sp, name)(nu, x)
        if at_zero is not None:
            value = np.where(x == 0, at_zero(nu, value), value)
        return np.where(x >= 0, value, np.nan)

    return pair(function)


BESSEL: dict[str, Pair] = {
    "besselJ": bessel("jv"),
    "besselY": bessel("yv", lambda nu, value: np.full_like(nu, -np.inf)),
    "besselI": bessel("iv"),
    "besselI.scaled": bessel("ive"),
    "besselK": bessel("kv"),
    "besselK.scaled": bessel("kve"),
}
