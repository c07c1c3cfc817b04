"""The incomplete gamma and beta functions of balls, regularized, with the densities that are their derivatives.

flint's own are exact for moderate parameters; for large ones they take seconds or lose all digits, and series with positive terms that
decrease, with a bound of the rest, take their place.
"""

from collections.abc import Callable
from typing import Any, Final

from flint import arb, ctx

from secantd.balls.elementary import INFINITY, ONE, Function, exp, log, smooth
from secantd.balls.lookup import call
from secantd.balls.numbers import NOWHERE, UNKNOWN, Number, Rule, base
from secantd.balls.special import lbeta, lgamma, within
from secantd.interrupt import checkpoint

__all__ = ["INCOMPLETE", "density_of_beta", "density_of_gamma", "lower_beta", "lower_gamma", "upper_gamma"]

# The most terms of a series.
TERMS = 20_000
# Parameters of the incomplete beta function up to which flint's series is fast; above, ours is.
SMALL_SHAPE = 100
# The x from which on flint's incomplete beta function is slow, and our series long.
NEAR_ONE = 0.99
LARGEST_SHAPE = 1e9


def log_prefactor_of_gamma(s: Any, x: Any) -> Any:
    return s * x.log() - x - (s + 1).lgamma()


def lower_series(s: Any, x: Any) -> Any:
    """Return P(s, x) for 0 < x <= s by DLMF 8.7.1: a prefactor times the sum of Π x/(s + k), whose terms decrease."""
    total, term = ONE, ONE
    least = arb(2) ** (-ctx.prec - 8)
    for k in range(1, TERMS):
        ratio = x / (s + k)
        term = term * ratio
        total = total + term
        if term < least and ratio < 1:
            # The ratios of further terms are smaller.
            rest = (term * ratio / (1 - ratio)).upper()
            return log_prefactor_of_gamma(s, x).exp() * (total + arb(0, rest.mid()))
        if not k % 1024:
            checkpoint()
    return UNKNOWN


def lower_gamma(s: Any, x: Any) -> Any:
    """Return P(s, x) of balls s > 0 and x > 0."""
    if not within(s, LARGEST_SHAPE) or not x.is_finite():
        return UNKNOWN
    checkpoint()
    return lower_series(s, x) if x < s else 1 - x.gamma_upper(s, 1)


def upper_gamma(s: Any, x: Any) -> Any:
    """Return Q(s, x) of balls s > 0 and x > 0."""
    if not within(s, LARGEST_SHAPE) or not x.is_finite():
        return UNKNOWN
    checkpoint()
    return 1 - lower_series(s, x) if x < s else x.gamma_upper(s, 1)


def incomplete_gamma(upper: bool) -> Callable[..., Any]:
    def value(q: Any, shape: Any, rate: Any) -> Any:
        if shape <= 0 or rate <= 0:
            return NOWHERE
        if not (shape > 0 and rate > 0):
            return UNKNOWN
        if q <= 0:
            return ONE if upper else arb(0)
        if q == INFINITY:
            return arb(0) if upper else ONE
        if not q > 0:
            return arb(0).union(ONE)
        return (upper_gamma if upper else lower_gamma)(shape, q * rate)

    return value


def density_of_gamma(q: Number, shape: Number, rate: Number) -> Number:
    """Return the density of the gamma distribution at q > 0."""
    return exp(shape * log(rate) + (shape - 1) * log(q) - q * rate - lgamma(shape))


def incomplete_gamma_rule(upper: bool) -> Rule:
    sign = -1 if upper else 1

    def rule(f: Number, q: Number, shape: Number, rate: Number) -> Any:
        def by(partial: Callable[[], Number]) -> Callable[[], Number]:
            def found() -> Number:
                inside = base(q)
                return partial() * sign if inside > 0 else arb(0) if inside < 0 else UNKNOWN

            return found

        return (
            by(lambda: density_of_gamma(q, shape, rate)),
            by(lambda: call("gammainc_grad_a", shape, q * rate)),
            by(lambda: q / rate * density_of_gamma(q, shape, rate)),
        )

    return rule


def beta_series(x: Any, a: Any, b: Any) -> Any:
    """Return I_x(a, b) where x <= a/(a + b): DLMF 8.17.8 with the sum of Π x(a + b + k)/(a + 1 + k), whose terms decrease."""
    total, term = ONE, ONE
    least = arb(2) ** (-ctx.prec - 8)
    for k in range(TERMS):
        ratio = x * (a + b + k) / (a + 1 + k)
        term = term * ratio
        total = total + term
        bound = ratio.max(x)
        if term < least and bound < 1:
            # The ratio moves towards x.
            rest = (term * bound / (1 - bound)).upper()
            front = a * x.log() + b * (-x).log1p() - a.log() - a.lgamma() - b.lgamma() + (a + b).lgamma()
            return front.exp() * (total + arb(0, rest.mid()))
        if not k % 1024:
            checkpoint()
    return UNKNOWN


def lower_beta(x: Any, a: Any, b: Any, y: Any = None) -> Any:
    """Return I_x(a, b) of balls a, b > 0 and 0 < x < 1; `y` is 1 - x with all its digits.

    Beyond the mean, and next to 1, where flint takes seconds, it is 1 - I_y(b, a).
    """
    checkpoint()
    y = 1 - x if y is None else y
    if not (within(a, LARGEST_SHAPE) and within(b, LARGEST_SHAPE)):
        return UNKNOWN
    if x * (a + b) < a and x < NEAR_ONE:
        return by_flint_or_series(x, a, b)
    value = 1 - by_flint_or_series(y, b, a)
    # Of a small value next to 1 nothing is left.
    return beta_series(x, a, b) if value.contains(0) and x < 1 else value


def by_flint_or_series(x: Any, a: Any, b: Any) -> Any:
    if within(a, SMALL_SHAPE) and within(b, SMALL_SHAPE):
        value = x.beta_lower(a, b, 1)
        if value.is_finite():
            return value
    return beta_series(x, a, b)


def incomplete_beta(upper: bool) -> Callable[..., Any]:
    def value(q: Any, a: Any, b: Any) -> Any:
        if a <= 0 or b <= 0:
            return NOWHERE
        if not (a > 0 and b > 0):
            return UNKNOWN
        if q <= 0:
            return ONE if upper else arb(0)
        if q >= 1:
            return arb(0) if upper else ONE
        if not (q > 0 and q < 1):
            return arb(0).union(ONE)
        return lower_beta(1 - q, b, a, q) if upper else lower_beta(q, a, b)

    return value


def density_of_beta(q: Number, a: Number, b: Number) -> Number:
    """Return the density of the beta distribution at 0 < q < 1."""
    return exp((a - 1) * log(q) + (b - 1) * log(1 - q) - lbeta(a, b))


def incomplete_beta_rule(upper: bool) -> Rule:
    sign = -1 if upper else 1

    def rule(f: Number, q: Number, a: Number, b: Number) -> Any:
        def by(partial: Callable[[], Number]) -> Callable[[], Number]:
            def found() -> Number:
                inside = base(q)
                if inside < 0 or inside > 1:
                    return arb(0)
                return partial() * sign if inside > 0 and inside < 1 else UNKNOWN

            return found

        return (
            by(lambda: density_of_beta(q, a, b)),
            by(lambda: call("betainc_grad_a", a, b, q)),
            by(lambda: call("betainc_grad_b", a, b, q)),
        )

    return rule


INCOMPLETE: Final[dict[str, Function]] = {
    "pgamma": smooth(incomplete_gamma(False), incomplete_gamma_rule(False)),
    "pgamma.upper": smooth(incomplete_gamma(True), incomplete_gamma_rule(True)),
    "pbeta": smooth(incomplete_beta(False), incomplete_beta_rule(False)),
    "pbeta.upper": smooth(incomplete_beta(True), incomplete_beta_rule(True)),
}
