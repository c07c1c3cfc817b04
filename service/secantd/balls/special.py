"""The special functions of balls: gamma, error functions, Bessel functions and logistic functions, with their derivatives.

A call of flint cannot be interrupted, so the sizes of arguments are bounded before each: what would take longer than some hundredths of a
second is UNKNOWN. The bounds were measured at 1024 bits.
"""

from collections.abc import Callable
from typing import Any, Final

from flint import acb, arb

from secantd.balls.elementary import HALF, INFINITY, ONE, Function, exp, expm1, log, one, smooth
from secantd.balls.lookup import call
from secantd.balls.numbers import NOWHERE, UNKNOWN, Number, Rule, base
from secantd.interrupt import checkpoint

__all__ = ["SPECIAL", "gamma", "lbeta", "lgamma", "within"]

# The largest order of a derivative of ψ and the largest k of choose(n, k).
LARGEST_ORDER, LARGEST_CHOICE = 100, 10_000
# The largest |x| of ψ's derivatives at x < 0.
LARGEST_NEGATIVE = 1_000
# Bessel functions: the largest order, and the largest x beside orders above the other one.
LARGEST_NU, LARGEST_X, SMALL_NU = 1_000, 5_000, 100


def within(x: Any, bound: float) -> bool:
    """Whether a ball is certainly not larger than a bound."""
    return bool(abs(x) <= bound)


def gamma_of(x: Any) -> Any:
    if x.is_integer() and x <= 0:
        return NOWHERE
    return x.gamma()


def lgamma_of(x: Any) -> Any:
    """Return ln|Γ|."""
    if x > 0:
        return x.lgamma()
    if x.is_integer():
        return INFINITY
    if x < 0 and not x.contains_integer():
        value = x.gamma()
        return abs(value).log() if not value.contains(0) else UNKNOWN
    return UNKNOWN


def psigamma_of(x: Any, order: Any) -> Any:
    """Return a derivative of ψ, whose order is rounded as in R."""
    if not order.is_exact():
        return UNKNOWN
    rounded = (order + HALF).floor()
    if rounded < 0 or (x.is_integer() and x <= 0):
        return NOWHERE
    if not within(rounded, LARGEST_ORDER) or (not order.is_integer() and (order + HALF).is_integer()):
        return UNKNOWN
    if not x > 0 and not within(x, LARGEST_NEGATIVE):
        return UNKNOWN
    if rounded.is_zero():
        return x.digamma()
    checkpoint()
    return acb(x).polygamma(acb(rounded)).real


def choice(n: Any, k: Any) -> int | None:
    """Return the whole number next to k; None where it is not decided."""
    whole = (k + HALF).floor()
    return int(float(whole)) if whole.is_exact() and within(whole, LARGEST_CHOICE) else None


def choose_of(n: Any, k: Any) -> Any:
    whole = choice(n, k)
    if whole is None:
        return UNKNOWN
    checkpoint()
    return n.bin(whole) if whole >= 0 else arb(0)


def choose_slope(n: Any, k: Any) -> Any:
    """Return the derivative of the polynomial choose(n, k) in n."""
    whole = choice(n, k)
    if whole is None:
        return UNKNOWN
    if whole <= 0:
        return arb(0)
    checkpoint()
    return (n - (whole - 1)).rising2(whole)[1] / arb(whole + 1).gamma()


def erf_of(x: Any) -> Any:
    if x.is_finite():
        return x.erf()
    return ONE if x == INFINITY else -ONE if x == -INFINITY else UNKNOWN


def erfc_of(x: Any) -> Any:
    if x.is_finite():
        return x.erfc()
    return arb(0) if x == INFINITY else arb(2) if x == -INFINITY else UNKNOWN


def expi_of(x: Any) -> Any:
    if x.is_zero():
        return -INFINITY
    return x.ei() if x.is_finite() else UNKNOWN


def erfcinv_of(x: Any) -> Any:
    if x < 0 or x > 2:
        return NOWHERE
    if x.is_zero():
        return INFINITY
    return -INFINITY if x == 2 else x.erfcinv()


def lambert_of(x: Any) -> Any:
    edge = -arb(-1).exp()
    if x < edge:
        return NOWHERE
    return x.lambertw() if x > edge else UNKNOWN


def bessel(name: str, at_zero: Any) -> Callable[..., Any]:
    """Return a Bessel function of x >= 0 and its order.

    Args:
        name: Arb's name of it.
        at_zero: The value at x = 0, a function of the order.
    """
    call = getattr(arb, name)

    def value(x: Any, nu: Any) -> Any:
        if x < 0:
            return NOWHERE
        if x.is_zero() and name in ("bessel_y", "bessel_k"):
            return at_zero
        if not (within(nu, SMALL_NU) or (within(nu, LARGEST_NU) and within(x, LARGEST_X))):
            return UNKNOWN
        if not x >= 0 or not x.is_finite():
            return UNKNOWN
        checkpoint()
        return call(x, nu)

    return value


def bessel_rule(name: str, by_order: str, below: int, above: int) -> Rule:
    """Return the rule of a Bessel function: (below·f(x, nu - 1) + above·f(x, nu + 1))/2, DLMF 10.6.1, 10.29.1."""

    def rule(f: Number, x: Number, nu: Number) -> Any:
        def by_x() -> Number:
            if not base(x) > 0:
                return UNKNOWN
            return (call(name, x, nu - 1) * below + call(name, x, nu + 1) * above) / 2

        return by_x, lambda: call(by_order, x, nu)

    return rule


def guarded(valid: Callable[..., Any], function: Function) -> Function:
    """Return a function with NOWHERE where `valid` is False, and UNKNOWN where it is None."""

    def value(*args: Number) -> Number:
        found = valid(*[base(a) for a in args])
        return function(*args) if found else UNKNOWN if found is None else NOWHERE

    return value


def positive(*args: Any) -> bool | None:
    """Return whether all balls are above 0; None where that is not decided."""
    if all(a > 0 for a in args):
        return True
    return False if any(a <= 0 for a in args) else None


def softplus(x: Number) -> Number:
    if base(x) > 0:
        return x + log1p(exp(-x))
    return log1p(exp(x))


def expit(x: Number) -> Number:
    if base(x) > 0:
        return 1 / (exp(-x) + 1)
    small = exp(x)
    return small / (small + 1)


def logaddexp(a: Number, b: Number) -> Number:
    return a + softplus(b - a) if base(a) > base(b) else b + softplus(a - b)


def log1mexp(x: Number) -> Number:
    return log(-expm1(-x))


def erfcx(x: Number) -> Number:
    return exp(x * x) * erfc(x)


def qnorm(p: Number, mean: Number, sd: Number) -> Number:
    return mean - sd * erfcinv(p * 2) * arb(2).sqrt()


def polygamma(order: int) -> Function:
    return lambda x: psigamma(x, arb(order))


def slope_of_error(x: Number) -> Number:
    return exp(-(x * x)) * 2 / arb.pi().sqrt()


log1p: Function = smooth(lambda x: x.log1p() if x > -1 else UNKNOWN, one(lambda f, x: 1 / (x + 1)))
psigamma: Function = smooth(psigamma_of, lambda f, x, n: (lambda: psigamma(x, n + 1), None))
gamma: Function = smooth(gamma_of, one(lambda f, x: f * psigamma(x, arb(0))))
lgamma: Function = smooth(lgamma_of, one(lambda f, x: psigamma(x, arb(0))))
erfc: Function = smooth(erfc_of, one(lambda f, x: -slope_of_error(x)))
erfcinv: Function = smooth(erfcinv_of, one(lambda f, x: -(exp(f * f) * arb.pi().sqrt() / 2)))


def lbeta(a: Number, b: Number) -> Number:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


SPECIAL: Final[dict[str, Function]] = {
    "gamma": gamma, "lgamma": lgamma, "digamma": polygamma(0), "trigamma": polygamma(1), "psigamma": psigamma,
    "factorial": lambda x: gamma(x + 1), "lfactorial": lambda x: lgamma(x + 1),
    "lbeta": guarded(positive, lbeta), "beta": guarded(positive, lambda a, b: exp(lbeta(a, b))),
    "choose": smooth(choose_of, lambda f, n, k: (lambda: smooth(choose_slope, None)(n, k), None)),
    "erf": smooth(erf_of, one(lambda f, x: slope_of_error(x))), "erfc": erfc, "erfcx": erfcx,
    "erfi": smooth(lambda x: x.erfi(), one(lambda f, x: exp(x * x) * 2 / arb.pi().sqrt())),
    "expi": smooth(expi_of, one(lambda f, x: exp(x) / x)),
    "lambertW0": smooth(lambert_of, one(lambda f, x: 1 / (exp(f) * (f + 1)))),
    "softplus": softplus, "expit": expit, "log_expit": lambda x: -softplus(-x), "logaddexp": logaddexp,
    "log1mexp": guarded(lambda x: True if x >= 0 else False if x < 0 else None, log1mexp),
    "besselJ": smooth(bessel("bessel_j", None), bessel_rule("besselJ", "besselJ_grad_nu", 1, -1)),
    "besselY": smooth(bessel("bessel_y", -INFINITY), bessel_rule("besselY", "besselY_grad_nu", 1, -1)),
    "besselI": smooth(bessel("bessel_i", None), bessel_rule("besselI", "besselI_grad_nu", 1, 1)),
    "besselK": smooth(bessel("bessel_k", INFINITY), bessel_rule("besselK", "besselK_grad_nu", -1, -1)),
    "qnorm": guarded(lambda p, m, s: positive(s), qnorm),
}  # fmt: skip
