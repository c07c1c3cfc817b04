"""The special functions that have no formula in the table, on balls of Arb.

The incomplete gamma and beta functions are series of positive terms with a bound of what is left (DLMF 8.11.4, 8.17.8), as those of
Arb take seconds for large parameters. Derivatives with respect to parameters are differences with as many more bits;
quantiles are roots by Newton's method, between two values that enclose the probability.
"""

from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx

from bench.accuracy.balls import INF, NAN, Undecided, checked, decided, finite, floor, whole

__all__ = ["PRIMITIVES"]

Value = Any
# The exponent of h in differences: their error is its square.
STEP = -80
# Of a series: beyond, there is no true value in time.
TERMS = 3_000_000


def gamma(a: Value) -> Value:
    if not finite(a):
        return INF if a > 0 else NAN
    if decided(a) <= 0 and whole(a) is not None:
        return NAN
    return checked(a.gamma())


def log_gamma(a: Value) -> Value:
    if not finite(a):
        return INF
    if decided(a) > 0:
        return checked(a.lgamma())
    return INF if whole(a) is not None else checked(abs(a.gamma()).log())


def polygamma(a: Value, order: Value) -> Value:
    n = whole(order) if finite(order) else None
    if n is None or n < 0 or n > 100:
        return NAN
    if not finite(a):
        return (INF if n == 0 else arb(0)) if a > 0 else NAN
    if decided(a) <= 0 and whole(a) is not None:
        return INF if n % 2 else NAN
    if n == 0:
        return checked(a.digamma())
    if a > 0:
        return checked((-1) ** (n + 1) * arb(n).fac() * arb(n + 1).zeta(a))
    return checked(acb(a).polygamma(n).real)


def choose(n: Value, k: Value) -> Value:
    if not (finite(n) and finite(k)):
        return NAN
    k = floor(k + arb(1) / 2)
    count = whole(k)
    if count < 0:
        return arb(0)
    if count < 3000:
        value = arb(1)
        for j in range(count):
            value = value * (n - j) / (j + 1)
        return value
    top, rest = n + 1, n - k + 1
    if decided(top) > 0:
        return checked(top.gamma() * rest.rgamma() * (k + 1).rgamma())
    return checked((-1) ** count * (k - n).gamma() * (-n).rgamma() * (k + 1).rgamma())


def bessel(kind: str, scaled: bool = False) -> Callable[[Value, Value], Value]:
    def function(x: Value, nu: Value) -> Value:
        if not finite(nu) or not finite(x) or decided(x) < 0:
            return NAN
        n = whole(nu) if nu.is_exact() else None
        if x.is_zero():
            if kind in "JI":
                return arb(int(n == 0)) if n is not None or nu > 0 else NAN
            return INF if kind == "K" else -INF if nu >= 0 else NAN
        turn = 1
        if n is not None and n < 0:
            nu, turn = -nu, (-1) ** (n if kind in "JY" else 0)
        if kind in "JY":
            return checked(turn * (x.bessel_j(nu) if kind == "J" else x.bessel_y(nu)))
        return checked(x.bessel_i(nu, scaled=scaled) if kind == "I" else x.bessel_k(abs(nu), scaled=scaled))

    return function


def series(ratio: Callable[[int], Value], limit: Callable[[Value], Value]) -> Value:
    """Return 1 + r_0 + r_0 r_1 + ..., positive terms; `limit` is a bound of all later ratios from the next one."""
    term = total = arb(1)
    tiny = arb(2) ** (-ctx.prec)
    for k in range(TERMS):
        r = ratio(k)
        term = term * r
        total = total + term
        if k % 16 == 0:
            most = limit(r)
            if most < 1 and term * most / (1 - most) < total * tiny:
                return total + arb(0, (term * most / (1 - most)).upper())
    raise Undecided


def gamma_below(a: Value, x: Value) -> Value:
    """Return P(a, x)."""
    if x > a + 100 and x > 3 * a / 2:
        return checked(1 - x.gamma_upper(a, regularized=1))
    if a < arb(2) ** -60 and x > arb(2) ** -60 and x < 100:
        return checked(1 - x.gamma_upper(a, regularized=1))
    front = (a * x.log() - x - (a + 1).lgamma()).exp()
    return checked(front * series(lambda k: x / (a + (k + 1)), lambda r: r))


def gamma_above(a: Value, x: Value) -> Value:
    if x > a + 100 and x > 3 * a / 2:
        return checked(x.gamma_upper(a, regularized=1))
    return checked(1 - gamma_below(a, x))


def beta_below(a: Value, b: Value, x: Value) -> Value:
    """Return I_x(a, b)."""
    if x * (a + b + 2) > a + 1:
        return checked(1 - beta_series(b, a, 1 - x))
    return beta_series(a, b, x)


def beta_series(a: Value, b: Value, x: Value) -> Value:
    if x > arb(15) / 16 and b < 1000:
        # Few terms: the other way round, DLMF 8.17.4.
        return 1 - beta_series(b, a, 1 - x)
    both = a + b
    front = (a * x.log() + b * (-x).log1p() + both.lgamma() - (a + 1).lgamma() - b.lgamma()).exp()

    def limit(r: Value) -> Value:
        return r if r > x else x

    return checked(front * series(lambda k: (both + k) / (a + (k + 1)) * x, limit))


def on_gamma(tail: Callable[[Value, Value], Value], ends: tuple[int, int]) -> Callable[..., Value]:
    def function(q: Value, shape: Value, rate: Value) -> Value:
        if not all(map(finite, (shape, rate))) or decided(shape) <= 0 or decided(rate) <= 0:
            return NAN
        if decided(q) <= 0:
            return arb(ends[0])
        return tail(shape, q * rate) if finite(q) else arb(ends[1])

    return function


def on_beta(lower: bool) -> Callable[..., Value]:
    def function(q: Value, a: Value, b: Value) -> Value:
        if not all(map(finite, (q, a, b))) or decided(a) <= 0 or decided(b) <= 0:
            return NAN
        if decided(q) <= 0:
            return arb(int(not lower))
        if decided(1 - q) <= 0:
            return arb(int(lower))
        return beta_below(a, b, q) if lower else beta_below(b, a, 1 - q)

    return function


def slope(f: Callable[[Value], Value], at: Value, size: Value, order: int = 1) -> Value:
    """Return f' or f'' by differences, with as many more bits."""
    before = ctx.prec
    ctx.prec = before - STEP * 2
    try:
        h = (size * arb(2) ** STEP).mid()
        up, down = f(at + h), f(at - h)
        value = (up - down) / (2 * h) if order == 1 else (up - 2 * f(at) + down) / (h * h)
    finally:
        ctx.prec = before
    return checked(+value)


def by_order(kind: str, order: int) -> Callable[[Value, Value], Value]:
    function = bessel(kind)

    def derivative(x: Value, nu: Value) -> Value:
        if not finite(x) or not finite(nu) or decided(x) < 0 or (decided(x) == 0 and nu < 0):
            return NAN
        if x.is_zero():
            return by_order_at_zero(kind, order, nu)
        size = abs(nu) if abs(nu) > 1 else arb(1)
        # Half of h is no multiple of it: no order is whole, where Arb has another formula.
        return slope(lambda n: function(x, n), nu, size, order)

    return derivative


def by_order_at_zero(kind: str, order: int, nu: Value) -> Value:
    """Return the limit of a derivative with respect to the order ν ≥ 0 for x to 0: DLMF 10.7.3, 10.7.4, 10.15.3, 10.30, 10.38.4."""
    if kind in "JI":
        return arb(0) if nu > 0 else INF if order == 2 else -INF
    if order == 1 and nu.is_zero():
        return -arb.pi() / 2 if kind == "Y" else arb(0)
    return -INF if kind == "Y" else INF


def gamma_by_shape(a: Value, x: Value, order: int = 1) -> Value:
    if not finite(a) or decided(a) <= 0:
        return NAN
    if not finite(x) or decided(x) <= 0:
        return arb(0)
    if x < a:
        return slope(lambda b: gamma_below(b, x), a, a, order)
    return -slope(lambda b: gamma_above(b, x), a, a, order)


def beta_by_first(a: Value, b: Value, x: Value, order: int = 1) -> Value:
    if not (finite(a) and finite(b)) or decided(a) <= 0 or decided(b) < 0:
        return NAN
    if b.is_zero() or decided(x) <= 0 or decided(1 - x) <= 0:
        return arb(0)
    return slope(lambda c: beta_below(c, b, x), a, a, order)


def beta_by_second(a: Value, b: Value, x: Value, order: int = 1) -> Value:
    return -beta_by_first(b, a, 1 - x, order)


def beta_by_both(a: Value, b: Value, x: Value) -> Value:
    if not (finite(a) and finite(b)) or decided(a) <= 0 or decided(b) <= 0:
        return NAN
    if decided(x) <= 0 or decided(1 - x) <= 0:
        return arb(0)
    return slope(lambda d: slope(lambda c: beta_below(c, d, x), a, a), b, b)


PRIMITIVES: dict[str, Callable[..., Value]] = {
    "gamma": gamma, "lgamma": log_gamma, "psigamma": polygamma, "choose": choose,
    "erf": lambda a: checked(a.erf()), "erfc": lambda a: checked(a.erfc()),
    "erfi": lambda a: checked(a.erfi()) if finite(a) else a,
    "expi": lambda a: -INF if finite(a) and a.is_zero() else checked(a.ei()) if finite(a) else INF if a > 0 else arb(0),
    "lambertW0": lambda a: INF if not finite(a) else checked(a.lambertw()) if decided(a + (-arb(1)).exp()) >= 0 else NAN,
    **{f"bessel{kind}": bessel(kind) for kind in "JYIK"},
    **{f"bessel{kind}.scaled": bessel(kind, True) for kind in "IK"},
    **{f"bessel{kind}_grad_nu": by_order(kind, 1) for kind in "JYIK"},
    **{f"bessel{kind}_grad_nu_nu": by_order(kind, 2) for kind in "JYIK"},
    "pgamma": on_gamma(gamma_below, (0, 1)), "pgamma.upper": on_gamma(gamma_above, (1, 0)),
    "pbeta": on_beta(True), "pbeta.upper": on_beta(False),
    "gammainc_grad_a": gamma_by_shape, "gammainc_grad_aa": lambda a, x: gamma_by_shape(a, x, 2),
    "betainc_grad_a": beta_by_first, "betainc_grad_b": beta_by_second, "betainc_grad_ab": beta_by_both,
    "betainc_grad_aa": lambda a, b, x: beta_by_first(a, b, x, 2), "betainc_grad_bb": lambda a, b, x: beta_by_second(a, b, x, 2),
}  # fmt: skip
