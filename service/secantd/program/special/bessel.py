"""Bessel functions of real order for x ≥ 0, as in R; by AMOS in SciPy."""

from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program import arrays
from secantd.program.special.library import Array, Pair, operands, pair, sp

__all__ = ["BESSEL"]


def bessel(name: str, at_zero: Callable[[Array], Array] | None = None) -> Pair:
    """Return SciPy's `name`(order, x) as R's function of x and the order: NaN for x < 0."""

    def function(x: Any, order: Any) -> Array:
        x, nu = operands(x, order)
        value = getattr(sp, name)(nu, x)
        if at_zero is not None:
            value = np.where(x == 0, at_zero(nu), value)
        return np.where(x >= 0, value, np.nan)

    return pair(function)


def second_kind_at_zero(nu: Array) -> Array:
    """Return Y_ν(0): by DLMF 10.4.7, Y_-ν = cos(νπ) Y_ν + sin(νπ) J_ν."""
    side = np.where(nu < 0, np.sign(arrays.cospi(nu)), 1.0)
    return np.where(side == 0, 0.0, -np.inf * side)


BESSEL: dict[str, Pair] = {
    "besselJ": bessel("jv"),
    "besselY": bessel("yv", second_kind_at_zero),
    "besselI": bessel("iv"),
    "besselI.scaled": bessel("ive", lambda nu: sp.iv(nu, 0.0)),
    "besselK": bessel("kv"),
    "besselK.scaled": bessel("kve"),
}
