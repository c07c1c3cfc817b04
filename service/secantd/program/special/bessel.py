"""Bessel functions of real order for x ≥ 0, as in R; by AMOS in SciPy."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program.operations import OPERATIONS
from secantd.program.special.incompletegamma import quadrature
from secantd.program.special.library import Array, Pair, operands, pair, sp

__all__ = ["BESSEL"]


# SciPy knows x only up to a rounding of its angle from here on; and above this order it takes a step for each unit of it.
_FAR, _LARGE_ORDER = 1e15, 1e5
# Where AMOS ends.
_END = 1e9


def far_out(nu: Array, x: Array, second: bool) -> Array:
    """Return J or Y by one term of Hankel's expansion (DLMF 10.17.3, 10.18.18); NaN where the next is seen."""
    # x itself stays whole: sine and cosine reduce it exactly.
    turn, shift = 0.5 * nu + 0.25, (nu * nu - 0.25) / (2.0 * x)
    cosine, sine = OPERATIONS["cospi"].array(turn), OPERATIONS["sinpi"].array(turn)
    # cos and sin of -(turn)π + shift
    part, other = cosine * np.cos(shift) + sine * np.sin(shift), cosine * np.sin(shift) - sine * np.cos(shift)
    value = np.sin(x) * part + np.cos(x) * other if second else np.cos(x) * part - np.sin(x) * other
    # DLMF 10.18.18: the next term of the angle is about ν⁴/(24x³).
    return np.where(nu * nu / x * (nu * nu / x) < 1e-15 * x, np.sqrt(2.0 / np.pi / x) * value, np.nan)


def oscillating(name: str) -> Callable[[Array, Array], Array]:
    """Return J or Y of SciPy up to where it is exact and takes a moment."""

    def function(nu: Array, x: Array) -> Array:
        finite = np.isfinite(x) & np.isfinite(nu)
        far = finite & ((x > _FAR) | (x > _END) & (np.abs(nu) > _LARGE_ORDER))
        value = np.array(getattr(sp, name)(np.where(far, 1.0, nu), np.where(far, 1.0, x)))
        if far.any():
            value[far] = far_out(nu[far], x[far], name == "yv")
        return value

    return function


# Modified functions by their integrals, which have all digits where AMOS ends.
FAR = {"iv": "besselI", "ive": "besselI.scaled", "kv": "besselK", "kve": "besselK.scaled"}


def at_limits(name: str, nu: Array, x: Array, value: Array) -> Array:
    """Return values with those that AMOS finds too small or too large, although they are doubles."""
    if name in ("iv", "ive"):
        # DLMF 10.30.1
        tiny = (value == 0) & (x > 0) & (x < 1e-8) & (nu >= 0)
        value = np.where(tiny, np.power(0.5 * x, nu) / sp.gamma(nu + 1.0), value)
    if name == "iv":
        huge = np.isinf(value) & (x > 1.0) & (x < 1e3)
        half = np.exp(0.5 * np.where(huge, x, 0.0))
        value = np.where(huge, sp.ive(nu, x) * half * half, value)
    if name == "kv":
        tiny = (value == 0) & (x > 1.0) & (x < 1e3)
        half = np.exp(-0.5 * np.where(tiny, x, 0.0))
        value = np.where(tiny, sp.kve(nu, x) * half * half, value)
    return value


def bessel(name: str, at_zero: Callable[[Array], Array] | None = None) -> Pair:
    """Return SciPy's `name`(order, x) as R's function of x and the order: NaN for x < 0."""

    def function(x: Any, order: Any) -> Array:
        x, nu = operands(x, order)
        value = oscillating(name)(nu, x) if name in ("jv", "yv") else getattr(sp, name)(nu, x)
        if name == "kve":
            # Beyond 1e9, where AMOS ends, as well.
            value = np.where(nu == 0, sp.k0e(x), value)
        if name in FAR:
            far = np.isnan(value) & (x > _END) & (x < np.inf) & (np.abs(nu) < _LARGE_ORDER)
            if far.any():
                value = np.array(value)
                value[far] = quadrature(FAR[name])(x[far], nu[far])
        value = at_limits(name, nu, x, value)
        if at_zero is not None:
            value = np.where(x == 0, at_zero(nu), value)
        return np.where(x >= 0, value, np.nan)

    return pair(function, at_order_zero(function) if name == "kve" else None)


def at_order_zero(function: Callable[..., Array]) -> Callable[..., float]:
    """Return K exp(x) at a point, faster at the order 0, of which derivatives with respect to orders are integrals."""

    def one(x: float, order: float) -> float:
        if order == 0.0:
            return float(sp.k0e(x)) if x >= 0.0 else math.nan
        with np.errstate(all="ignore"):
            return float(function(x, order))

    return one


def second_kind_at_zero(nu: Array) -> Array:
    """Return Y_ν(0): by DLMF 10.4.7, Y_-ν = cos(νπ) Y_ν + sin(νπ) J_ν."""
    side = np.where(nu < 0, np.sign(OPERATIONS["cospi"].array(nu)), 1.0)
    return np.where(side == 0, 0.0, -np.inf * side)


def first_kind_at_zero(nu: Array) -> Array:
    """Return I_ν(0): by DLMF 10.25.2 it has the sign of Γ(ν + 1) where it is infinite."""
    floor = np.floor(nu)
    turned = (nu < 0) & (nu != floor) & (np.fmod(floor, 2.0) == 0)
    return np.asarray(np.where(turned, -1.0, 1.0) * sp.iv(nu, 0.0))


BESSEL: dict[str, Pair] = {
    "besselJ": bessel("jv"),
    "besselY": bessel("yv", second_kind_at_zero),
    "besselI": bessel("iv", first_kind_at_zero),
    "besselI.scaled": bessel("ive", first_kind_at_zero),
    "besselK": bessel("kv"),
    "besselK.scaled": bessel("kve"),
}
