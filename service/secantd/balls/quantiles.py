"""Quantiles of balls: a root of a distribution function, enclosed by two places where its sign is certain.

The double that the service computes is where the search begins; it need not be right.
"""

import math
from collections.abc import Callable
from typing import Any, Final

from flint import arb, ctx

from secantd.balls.elementary import ONE, Function, smooth
from secantd.balls.incomplete import density_of_beta, density_of_gamma, lower_beta, lower_gamma, upper_gamma
from secantd.balls.lookup import call
from secantd.balls.numbers import NOWHERE, UNKNOWN, Number, Rule
from secantd.interrupt import checkpoint
from secantd.program.operations import operation

__all__ = ["QUANTILES"]

# Steps of Newton's method from a double to all bits; each doubles the digits.
STEPS: Final = 14
# The distances from the root, as powers of 2 relative to it, at which the signs are tried: first 4 bits less than are computed.
LESS, WIDER, WIDEST = 8, 24, 12


def root(below: Callable[[Any], Any], density: Callable[[Any], Any], start: float, largest: Any) -> Any:
    """Return the root of an increasing function of x > 0; UNKNOWN where none is found.

    Args:
        below: The function, whose sign is that of x - root.
        density: Its derivative.
        start: A double near the root.
        largest: The upper end of x.
    """
    if not (0 < start < math.inf):
        return UNKNOWN
    x = arb(start)
    for _ in range(STEPS):
        checkpoint()
        change = (below(x) / density(x)).mid()
        if not change.is_finite():
            return UNKNOWN
        moved = (x - change).mid()
        if not (moved > 0 and moved < largest):
            return UNKNOWN
        done = bool(abs(change) <= abs(moved) * arb(2) ** (-ctx.prec + LESS))
        x = moved
        if done:
            break
    for bits in range(ctx.prec - LESS, WIDEST, -WIDER):
        checkpoint()
        width = x * arb(2) ** -bits
        low, high = (x - width).lower(), (x + width).upper()
        if low > 0 and high < largest and below(low) < 0 and below(high) > 0:
            return low.union(high)
    return UNKNOWN


def quantile(
    name: str, lower: Callable[..., Any], upper: Callable[..., Any], density: Callable[..., Any], largest: Any
) -> Callable[..., Any]:
    """Return the root x of lower(x, ...) = p, or of upper(x, ...) = p for the name of an upper quantile."""
    flipped = name.endswith(".upper")

    def value(p: Any, *parameters: Any) -> Any:
        if p < 0 or p > 1 or any(a <= 0 for a in parameters):
            return NOWHERE
        if not all(a > 0 for a in parameters):
            return UNKNOWN
        if p.is_zero() or p == 1:
            return largest if p.is_zero() == flipped else arb(0)
        if not (p > 0 and p < 1):
            return UNKNOWN
        start = operation(name).careful(float(p.mid()), *[float(a.mid()) for a in parameters])
        tail = upper if flipped else lower

        def sign(x: Any) -> Any:
            found = tail(x, *parameters) - p
            return -found if flipped else found

        if start == 1.0 and largest == 1:
            below = arb(1) - arb(2) ** -53
            return below.union(ONE) if sign(below) < 0 else UNKNOWN
        return root(sign, lambda x: density(x, *parameters), start, largest)

    return value


def by_density(name: str, tail: str, density: Callable[..., Number]) -> Rule:
    """Return the rule of a quantile by the implicit function theorem: 1/density, and -∂tail/∂parameter/density."""
    sign = -1 if name.endswith(".upper") else 1

    def rule(f: Number, p: Number, *parameters: Number) -> Any:
        def by(i: int) -> Callable[[], Number]:
            def found() -> Number:
                # Both tails have the same quantiles, up to p.
                return -(partial_of(tail, f, parameters, i) / density(f, *parameters))

            return found

        return (lambda: 1 / density(f, *parameters) * sign, *[by(i) for i in range(len(parameters))])

    return rule


def partial_of(tail: str, x: Number, parameters: tuple[Number, ...], i: int) -> Number:
    """Return ∂tail/∂parameter of a distribution function."""
    if tail == "pgamma":
        shape, rate = parameters
        return x / rate * density_of_gamma(x, shape, rate) if i else call("gammainc_grad_a", shape, x * rate)
    return call("betainc_grad_b" if i else "betainc_grad_a", *parameters, x)


def cumulative(name: str, upper: bool) -> Callable[..., Any]:
    """Return P(X <= k), or P(X > k), of a discrete distribution with valid parameters, for a whole number k >= 0."""

    def value(k: int, *parameters: Any) -> Any:
        place = arb(k + 1)
        if name == "qpois":
            return (lower_gamma if upper else upper_gamma)(place, parameters[0])
        size, chance = parameters
        if name == "qbinom":
            if size <= k:
                return arb(0 if upper else 1)
            return lower_beta(chance, place, size - k) if upper else lower_beta(1 - chance, size - k, place)
        if name == "qnbinom.mu":
            chance = size / (size + chance)
        return lower_beta(1 - chance, place, size) if upper else lower_beta(chance, size, place)

    return value


def is_valid(name: str, parameters: tuple[Any, ...]) -> bool | None:
    """Return whether parameters are inside those of a distribution; None where that is not decided, or at an edge."""
    if name == "qpois":
        (mean,) = parameters
        return True if mean > 0 else False if mean < 0 else None
    size, chance = parameters
    if name == "qbinom":
        if not size.is_exact() or size < 0 or chance < 0 or chance > 1:
            return None if not size.is_exact() else False
        return True if size.is_integer() and size > 0 and chance > 0 and chance < 1 else None
    if size <= 0 or chance < 0 or (name == "qnbinom" and chance > 1):
        return False
    return True if size > 0 and chance > 0 and (name == "qnbinom.mu" or chance < 1) else None


def discrete(name: str, flags: str) -> Callable[..., Any]:
    """Return a quantile of a discrete distribution: the smallest k with P(X <= k) >= p, proved at k and at k - 1."""
    upper, is_log = ".upper" in flags, ".log" in flags
    tail = cumulative(name, upper)

    def value(p: Any, *parameters: Any) -> Any:
        valid = is_valid(name, parameters)
        if valid is False or (p > 0 and is_log) or (not is_log and (p < 0 or p > 1)):
            return NOWHERE
        chance = p.exp() if is_log else p
        if not (valid and chance > 0 and chance < 1 and chance.is_finite()):
            return UNKNOWN
        guess = operation(f"{name}{flags}").careful(float(p.mid()), *[float(a.mid()) for a in parameters])
        if not 0 <= guess <= 2.0**53:
            return UNKNOWN
        k = int(guess)
        for _ in range(3):
            here, before = tail(k, *parameters) - chance, tail(k - 1, *parameters) - chance if k else None
            if upper:
                here, before = -here, None if before is None else -before
            if here >= 0 and (before is None or before < 0):
                return arb(k)
            if here < 0:
                k += 1
            elif before is not None and before >= 0:
                k -= 1
            else:
                return UNKNOWN
        return UNKNOWN

    return value


def steps_only(value: Callable[..., Any]) -> Function:
    """Return a function without derivatives: it jumps."""
    return smooth(value, None)


FLAGS = ("", ".upper", ".log", ".upper.log")
GAMMA = (lambda x, shape, rate: lower_gamma(shape, x * rate), lambda x, shape, rate: upper_gamma(shape, x * rate))
BETA = (lower_beta, lambda x, a, b: lower_beta(1 - x, b, a, x))
QUANTILES: dict[str, Function] = {
    **{f"q{n}{u}": smooth(quantile(f"q{n}{u}", *pair, density, largest), by_density(f"q{n}{u}", f"p{n}", density))
       for n, pair, density, largest in (("gamma", GAMMA, density_of_gamma, arb("inf")), ("beta", BETA, density_of_beta, arb(1)))
       for u in ("", ".upper")},
    **{f"{n}{flags}": steps_only(discrete(n, flags)) for n in ("qpois", "qbinom", "qnbinom", "qnbinom.mu") for flags in FLAGS},
}  # fmt: skip
