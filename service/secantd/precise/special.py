"""The special functions that are primitives of mpmath, for real and for complex numbers.

All others are expanded into their meaning. Where a function has no value it raises ValueError or ZeroDivisionError, or is
NaN.
"""

from collections.abc import Callable
from typing import Any

from secantd.program.operations import operation

__all__ = ["SLOW", "SPECIAL", "UnsupportedError", "special"]

# Beyond these bounds a value takes mpmath too long, or no longer has correct digits.
LARGEST_ARGUMENT = 1e6
LARGEST_FACTORIAL = 1e4
# The largest order of a derivative of ψ, which has a power of as many factors in each term: that of its row.
LARGEST_ORDER = 100
# About how many times longer than a product these take: milliseconds instead of microseconds.
SLOW = dict.fromkeys(
    "pgamma pgamma.upper pbeta pbeta.upper qnorm qgamma qgamma.upper qbeta qbeta.upper besselJ besselY besselI besselK".split(),
    100,
)
SLOW |= dict.fromkeys(["gammainc_grad_a", "betainc_grad_a", "betainc_grad_b"], 400)
SLOW |= dict.fromkeys(["gammainc_grad_aa", "betainc_grad_aa", "betainc_grad_ab", "betainc_grad_bb"], 1000)
SLOW |= dict.fromkeys([f"bessel{kind}_grad_nu{more}" for kind in "JYIK" for more in ("", "_nu")], 1000)
# The names of all functions of this module.
SPECIAL = frozenset([*SLOW, "gamma", "lgamma", "psigamma", "erf", "erfc", "erfi", "expi", "choose", "lambertW0"])
# Steps of Newton's method from a double to 100 digits; each doubles the digits.
STEPS = 12


class UnsupportedError(Exception):
    """A function that mpmath lacks, or a number that is too large for it."""


def special(mp: Any) -> dict[str, Callable[..., Any]]:
    """Return the functions by the names of their rows, for numbers of the mpmath context `mp`.

    >>> import mpmath
    >>> special(mpmath.mp)["pgamma"](mpmath.mpf(1), 1, 1)
    mpf('0.63212055882855767')
    """

    def small(a: Any, largest: float) -> Any:
        if abs(a) > largest:
            raise UnsupportedError("a huge number")
        return a

    def pole(a: Any) -> bool:
        return bool(a == mp.floor(mp.re(a)) and mp.re(a) <= 0)

    def gamma(a: Any) -> Any:
        small(a, LARGEST_FACTORIAL)
        return mp.nan if pole(a) else mp.gamma(a)

    def log_gamma(a: Any) -> Any:
        """Return ln|Γ|, analytic on each side of a pole."""
        if pole(a):
            return mp.inf
        if mp.re(a) > 0:
            return mp.loggamma(a)
        value = gamma(a)
        return mp.log(value * mp.sign(mp.re(value)))

    def polygamma(a: Any, order: Any) -> Any:
        small(a, LARGEST_ARGUMENT)
        if not mp.isint(order) or mp.re(order) < 0 or pole(a):
            return mp.nan
        return mp.polygamma(int(mp.re(small(order, LARGEST_ORDER))), a)

    def exponential_integral(a: Any) -> Any:
        """Return Ei(a), on the negative half of the line from E1, which has no branch there: DLMF 6.2.6."""
        small(a, LARGEST_FACTORIAL)
        return -mp.e1(-a) if mp.re(a) < 0 else mp.ei(a)

    def choose(n: Any, k: Any) -> Any:
        """Return n over k rounded, a polynomial in n: DLMF 1.2.6."""
        k = mp.floor(mp.re(k) + mp.mpf(1) / 2)
        small(k, LARGEST_FACTORIAL)
        value = mp.one
        if k < 0:
            return mp.zero
        for j in range(int(k)):
            value = value * (n - j) / (j + 1)
        return value

    def below_gamma(q: Any, shape: Any, rate: Any) -> Any:
        """Return P(shape, rate·q), DLMF 8.2.4."""
        if not (mp.re(shape) > 0 and mp.re(rate) > 0):
            return mp.nan
        if mp.re(q) <= 0:
            return mp.zero
        return mp.gammainc(small(shape, LARGEST_FACTORIAL), 0, small(rate * q, LARGEST_FACTORIAL), regularized=True)

    def above_gamma(q: Any, shape: Any, rate: Any) -> Any:
        if not (mp.re(shape) > 0 and mp.re(rate) > 0):
            return mp.nan
        if mp.re(q) <= 0:
            return mp.one
        return mp.gammainc(
            small(shape, LARGEST_FACTORIAL), small(rate * q, LARGEST_FACTORIAL), mp.inf, regularized=True
        )

    def below_beta(q: Any, a: Any, b: Any) -> Any:
        """Return I_q(a, b), DLMF 8.17.2."""
        if not (mp.re(a) > 0 and mp.re(b) > 0):
            return mp.nan
        if not 0 < mp.re(q) < 1:
            return mp.zero if mp.re(q) <= 0 else mp.one
        return mp.betainc(small(a, LARGEST_FACTORIAL), small(b, LARGEST_FACTORIAL), 0, q, regularized=True)

    def above_beta(q: Any, a: Any, b: Any) -> Any:
        return below_beta(1 - q, b, a)

    def below_normal(q: Any, mean: Any, sd: Any) -> Any:
        return mp.erfc(-(q - mean) / (sd * mp.sqrt(2))) / 2

    def normal_density(x: Any, mean: Any, sd: Any) -> Any:
        return mp.exp(-(((x - mean) / sd) ** 2) / 2) / (sd * mp.sqrt(2 * mp.pi))

    def gamma_density(x: Any, shape: Any, rate: Any) -> Any:
        return mp.exp(shape * mp.log(rate) + (shape - 1) * mp.log(x) - rate * x - mp.loggamma(shape))

    def beta_density(x: Any, a: Any, b: Any) -> Any:
        return mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x)) / mp.beta(a, b)

    def slope(f: Callable[..., Any], at: Any, order: Any = 1) -> Any:
        """Return a derivative of an analytic function, by differences with as many more digits."""
        return mp.diff(f, at, order)

    def by_order(bessel: Callable[..., Any], count: int = 1) -> Callable[..., Any]:
        """Return a derivative of a Bessel function with respect to its order."""

        def derivative(x: Any, nu: Any) -> Any:
            small(x, LARGEST_FACTORIAL), small(nu, LARGEST_FACTORIAL)
            return slope(lambda n: bessel(n, x), nu, count) if mp.re(x) > 0 else mp.nan

        return derivative

    def gamma_by_shape(a: Any, x: Any, order: int = 1) -> Any:
        """Return a derivative of P(a, x) with respect to a, from the smaller tail."""
        if not mp.re(a) > 0:
            return mp.nan
        if mp.re(x) <= 0:
            return mp.zero
        small(a, LARGEST_FACTORIAL), small(x, LARGEST_FACTORIAL)
        if mp.re(x) < mp.re(a):
            return slope(lambda b: mp.gammainc(b, 0, x, regularized=True), a, order)
        return -slope(lambda b: mp.gammainc(b, x, mp.inf, regularized=True), a, order)

    def beta_by_first(a: Any, b: Any, x: Any, order: int = 1) -> Any:
        """Return a derivative of I_x(a, b) with respect to a, from the smaller tail."""
        if not (mp.re(a) > 0 and mp.re(b) >= 0):
            return mp.nan
        if not 0 < mp.re(x) < 1 or b == 0:
            return mp.zero
        small(a, LARGEST_FACTORIAL), small(b, LARGEST_FACTORIAL)
        if mp.re(x * (a + b)) < mp.re(a):
            return slope(lambda c: mp.betainc(c, b, 0, x, regularized=True), a, order)
        return -slope(lambda c: mp.betainc(b, c, 0, 1 - x, regularized=True), a, order)

    def beta_by_second(a: Any, b: Any, x: Any, order: int = 1) -> Any:
        return -beta_by_first(b, a, 1 - x, order)

    def beta_by_both(a: Any, b: Any, x: Any) -> Any:
        """Return the derivative of I_x(a, b) with respect to a and b, from the smaller tail."""
        if not (mp.re(a) > 0 and mp.re(b) > 0):
            return mp.nan
        if not 0 < mp.re(x) < 1:
            return mp.zero
        small(a, LARGEST_FACTORIAL), small(b, LARGEST_FACTORIAL)
        if mp.re(x * (a + b)) < mp.re(a):
            return slope(lambda c, d: mp.betainc(c, d, 0, x, regularized=True), (a, b), (1, 1))
        return -slope(lambda c, d: mp.betainc(d, c, 0, 1 - x, regularized=True), (a, b), (1, 1))

    def root(
        name: str, tail: Callable[..., Any], density: Callable[..., Any], upper: bool = False
    ) -> Callable[..., Any]:
        """Return a quantile: the root of tail(x) = p by Newton's method, starting from its double."""

        def quantile(p: Any, *parameters: Any) -> Any:
            chance = mp.re(p)
            if not 0 < chance < 1:
                return mp.nan
            # From the logarithm of the smaller tail, which itself may be below the smallest double.
            other = chance > mp.mpf(1) / 2
            kind = f"{name}{'.upper' if upper != other else ''}.log"
            given = [float(mp.log(1 - chance if other else chance)), *[float(mp.re(a)) for a in parameters]]
            x = mp.mpf(operation(kind).careful(*given))
            if mp.isnan(x):
                return x
            if mp.isinf(x):
                raise UnsupportedError("no double to begin with")
            for _ in range(STEPS):
                step = (tail(x, *parameters) - p) / density(x, *parameters)
                step = -step if upper else step
                x -= step
                if abs(mp.re(step)) <= abs(x) * mp.eps * 16 and abs(mp.im(step)) <= abs(mp.im(x)) * mp.eps * 1e20:
                    return x
            raise UnsupportedError("no root was found")

        return quantile

    return {
        "gamma": gamma, "lgamma": log_gamma, "psigamma": polygamma, "erf": mp.erf, "erfc": mp.erfc, "choose": choose,
        "erfi": lambda a: mp.erfi(small(a, LARGEST_FACTORIAL)), "expi": exponential_integral,
        "besselJ": lambda x, nu: mp.besselj(small(nu, LARGEST_FACTORIAL), small(x, LARGEST_FACTORIAL)) if mp.re(x) >= 0 else mp.nan,
        "besselY": lambda x, nu: mp.bessely(small(nu, LARGEST_FACTORIAL), small(x, LARGEST_FACTORIAL)) if mp.re(x) >= 0 else mp.nan,
        "besselI": lambda x, nu: mp.besseli(small(nu, LARGEST_FACTORIAL), small(x, LARGEST_FACTORIAL)) if mp.re(x) >= 0 else mp.nan,
        "besselK": lambda x, nu: mp.besselk(small(nu, LARGEST_FACTORIAL), small(x, LARGEST_FACTORIAL)) if mp.re(x) >= 0 else mp.nan,
        "besselJ_grad_nu": by_order(mp.besselj), "besselY_grad_nu": by_order(mp.bessely),
        "besselI_grad_nu": by_order(mp.besseli), "besselK_grad_nu": by_order(mp.besselk),
        "besselJ_grad_nu_nu": by_order(mp.besselj, 2), "besselY_grad_nu_nu": by_order(mp.bessely, 2),
        "besselI_grad_nu_nu": by_order(mp.besseli, 2), "besselK_grad_nu_nu": by_order(mp.besselk, 2),
        "pgamma": below_gamma, "pgamma.upper": above_gamma, "pbeta": below_beta, "pbeta.upper": above_beta,
        "lambertW0": lambda a: mp.lambertw(a) if mp.re(a) >= -mp.exp(-1) else mp.nan,
        "gammainc_grad_a": gamma_by_shape,
        "betainc_grad_a": beta_by_first, "betainc_grad_b": beta_by_second, "betainc_grad_ab": beta_by_both,
        "gammainc_grad_aa": lambda a, x: gamma_by_shape(a, x, 2), "betainc_grad_aa": lambda a, b, x: beta_by_first(a, b, x, 2),
        "betainc_grad_bb": lambda a, b, x: beta_by_second(a, b, x, 2),
        "qnorm": root("qnorm", below_normal, normal_density),
        "qgamma": root("qgamma", below_gamma, gamma_density),
        "qgamma.upper": root("qgamma", above_gamma, gamma_density, upper=True),
        "qbeta": root("qbeta", below_beta, beta_density),
        "qbeta.upper": root("qbeta", above_beta, beta_density, upper=True),
    }  # fmt: skip
