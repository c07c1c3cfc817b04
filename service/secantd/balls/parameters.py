"""Derivatives with respect to parameters of analytic functions that Arb has without them, from values alone.

F is analytic in all its arguments, and |F| <= M where every argument z_i is within R_i of m_i. By Cauchy's estimates
|∂^α F| <= α! M / Π (R_i - r_i)^α_i wherever every z_i is within r_i of m_i. A central difference quotient with step h differs from the
derivative by at most h² times a derivative of two orders more, which the estimates bound; with h = 2^-bits the quotient is computed from
values of several times as many bits.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from flint import acb, arb, ctx

from secantd.balls.elementary import ONE, Function, log, smooth
from secantd.balls.incomplete import density_of_beta, density_of_gamma
from secantd.balls.lookup import call
from secantd.balls.numbers import NOWHERE, UNKNOWN, Number, Rule, base
from secantd.balls.special import within
from secantd.interrupt import checkpoint

__all__ = ["PARAMETERS"]

# Radii, relative to the distance from the nearest singularity, in the order in which they are tried.
RADII: Final = (0.25, 0.03, 1e-3, 1e-5)
# The largest arguments of incomplete gamma, incomplete beta and Bessel functions: beyond, flint takes seconds.
LARGEST_GAMMA, LARGEST_BETA, LARGEST_BESSEL = 500, 100, 200
# Bits of the values from which difference quotients are computed, and the most.
TIMES, MOST = 4, 4_096

Complex = Callable[..., Any]


def derivative(
    function: Complex,
    args: Sequence[Any],
    orders: Sequence[int],
    room: Sequence[float],
    largest_at: Callable[[Sequence[Any], Sequence[Any]], Any] | None = None,
) -> Any:
    """Return an enclosure of a derivative at balls; UNKNOWN where no bound is found.

    Args:
        function: F, of complex balls.
        args: The arguments, real balls.
        orders: The order of the derivative with respect to each: 0, 1 or 2, and at most 2 in all.
        room: A distance from each argument within which F is analytic.
        largest_at: A bound of |F| from the middles of the arguments and the R_i; None: the value of F at balls of these radii.
    """
    bits = ctx.prec
    middles, radii = [a.mid() for a in args], [a.rad() for a in args]
    for share in RADII:
        checkpoint()
        reach = [arb(share * r) for r in room]
        if not all(r < 0.5 * s for r, s in zip(radii, reach, strict=True)):
            continue
        if largest_at is not None:
            largest = largest_at(middles, reach)
        else:
            largest = abs(function(*[acb(arb(m, r), arb(0, r)) for m, r in zip(middles, reach, strict=True)]))
        if largest.is_finite():
            break
    else:
        return UNKNOWN
    bound = largest.upper()
    step = arb(2) ** (-bits)

    def estimate(more: Sequence[int], away: Sequence[Any]) -> Any:
        """Return Cauchy's bound of the derivative of orders + more."""
        found = bound
        for n, m, s, r in zip(orders, more, reach, away, strict=True):
            found = found * math.factorial(n + m) / (s - r) ** (n + m)
        return found

    ctx.prec = min(TIMES * bits, MOST)
    try:
        value = quotient(function, middles, orders, step)
    finally:
        ctx.prec = bits
    shifts = [step if n else arb(0) for n in orders]
    error = arb(0)
    for i, n in enumerate(orders):
        if n:
            error += step * step * estimate([2 * (j == i) for j in range(len(orders))], shifts)
    for i, r in enumerate(radii):
        if r > 0:
            error += r * estimate([int(j == i) for j in range(len(orders))], radii)
    return value + arb(0, error.upper())


def quotient(function: Complex, middles: Sequence[Any], orders: Sequence[int], step: Any) -> Any:
    """Return a central difference quotient; its error is at most h² times the largest derivative of two orders more."""
    total = arb(0)
    places: list[tuple[int, list[Any]]] = [(1, [])]
    for m, n in zip(middles, orders, strict=True):
        stencil = {0: ((1, 0),), 1: ((1, 1), (-1, -1)), 2: ((1, 1), (-2, 0), (1, -1))}[n]
        places = [(w * weight, [*at, m + step * k]) for w, at in places for weight, k in stencil]
    for weight, at in places:
        total = total + function(*[acb(x) for x in at]).real * weight
    for n in orders:
        total = total / ((2 * step) if n == 1 else step**n)
    return total


def gamma_below(s: Any, x: Any) -> Any:
    return x.gamma_lower(s, 1)


def gamma_above(s: Any, x: Any) -> Any:
    return x.gamma_upper(s, 1)


def by_shape(order: int) -> Callable[..., Any]:
    """Return a derivative of P(a, x) with respect to a."""

    def value(a: Any, x: Any) -> Any:
        if a <= 0:
            return NOWHERE
        if x <= 0:
            return arb(0)
        if not (a > 0 and x > 0 and within(a, LARGEST_GAMMA) and within(x, LARGEST_GAMMA)):
            return UNKNOWN
        room = [float(a.lower()), float(x.lower())]
        if x < a:
            return derivative(gamma_below, [a, x], [order, 0], room)
        return -derivative(gamma_above, [a, x], [order, 0], room)

    return value


def beta_below(a: Any, b: Any, x: Any) -> Any:
    return x.beta_lower(a, b, 1)


def by_shapes(first: int, second: int) -> Callable[..., Any]:
    """Return a derivative of I_x(a, b) with respect to a and b."""

    def value(a: Any, b: Any, x: Any) -> Any:
        if a < 0 or b < 0:
            return NOWHERE
        if not (a > 0 and b > 0):
            return UNKNOWN
        if x <= 0 or x >= 1:
            return arb(0)
        if not (x > 0 and x < 1 and within(a, LARGEST_BETA) and within(b, LARGEST_BETA)):
            return UNKNOWN
        room = min(float(x.lower()), float((1 - x).lower()))
        shapes = [float(a.lower()), float(b.lower())]
        if x * (a + b) < a:
            return derivative(beta_below, [a, b, x], [first, second, 0], [*shapes, room])
        return -derivative(beta_below, [b, a, 1 - x], [second, first, 0], [*shapes[::-1], room])

    return value


def largest_k(middles: Sequence[Any], reach: Sequence[Any]) -> Any:
    """Return a bound of |K_ν(z)|, at most K of |Re ν| and Re z by its integral DLMF 10.32.9."""
    x, nu = middles
    return (x - reach[0]).bessel_k(abs(nu) + reach[1])


def largest_y(middles: Sequence[Any], reach: Sequence[Any]) -> Any:
    """Return a bound of |Y_ν(z)| by its integrals DLMF 10.9.7.

    |sin w| is at most cosh(Im w), and exp(-x sinh t) at most exp(x) exp(-x cosh t) for t >= 0.
    """
    x, nu = middles
    least = x - reach[0]
    second = (1 + (arb.pi() * reach[1]).cosh()) * least.exp() * 2 * least.bessel_k(abs(nu) + reach[1])
    return (reach[0] + arb.pi() * reach[1]).cosh() + second / arb.pi()


LARGEST_AT = {"bessel_k": largest_k, "bessel_y": largest_y}


def by_order(name: str, order: int) -> Callable[..., Any]:
    """Return a derivative of a Bessel function with respect to its order."""
    method = getattr(acb, name)

    def value(x: Any, nu: Any) -> Any:
        if x < 0:
            return NOWHERE
        if not (x > 0 and within(x, LARGEST_BESSEL) and within(nu, LARGEST_BESSEL)):
            return UNKNOWN
        return derivative(lambda z, n: method(z, n), [x, nu], [0, order], [float(x.lower()), 1.0], LARGEST_AT.get(name))

    return value


def others(*by: str | None) -> Callable[..., list[Callable[[], Number] | None]]:
    """Return the partial derivatives with respect to shapes: functions of the table, None where there is none."""
    return lambda *args: [None if name is None else (lambda name=name: call(name, *args)) for name in by]


def gamma_rule(order: int, *by: str | None) -> Rule:
    """Return the rule of a derivative of P(a, x) with respect to a: with respect to x it is that of the density."""

    def rule(f: Number, a: Number, x: Number) -> Any:
        def by_x() -> Number:
            if not base(x) > 0:
                return UNKNOWN
            change = log(x) - call("digamma", a)
            factor = change if order == 1 else change * change - call("trigamma", a)
            return density_of_gamma(x, a, ONE) * factor

        return (*others(*by)(a, x), by_x)

    return rule


def beta_rule(first: int, second: int, *by: str | None) -> Rule:
    """Return the rule of a derivative of I_x(a, b) with respect to a and b; as `gamma_rule`."""

    def rule(f: Number, a: Number, b: Number, x: Number) -> Any:
        def by_x() -> Number:
            inside = base(x)
            if not (inside > 0 and inside < 1):
                return UNKNOWN
            both = call("digamma", a + b)
            u, w = log(x) - call("digamma", a) + both, log(1 - x) - call("digamma", b) + both
            if first + second == 1:
                factor = u if first else w
            elif first == second:
                factor = u * w + call("trigamma", a + b)
            else:
                change, shape = (u, a) if first else (w, b)
                factor = change * change - call("trigamma", shape) + call("trigamma", a + b)
            return density_of_beta(x, a, b) * factor

        return (*others(*by)(a, b, x), by_x)

    return rule


def family(letter: str, name: str) -> dict[str, Function]:
    first, second = f"bessel{letter}_grad_nu", f"bessel{letter}_grad_nu_nu"

    below, above = {"J": (1, -1), "Y": (1, -1), "I": (1, 1), "K": (-1, -1)}[letter]

    def rule(own: str, following: str | None) -> Rule:
        def partials(f: Number, x: Number, nu: Number) -> Any:
            def by_x() -> Number:
                return (call(own, x, nu - 1) * below + call(own, x, nu + 1) * above) / 2

            return by_x, *others(following)(x, nu)

        return partials

    return {
        first: smooth(by_order(name, 1), rule(first, second)),
        second: smooth(by_order(name, 2), rule(second, None)),
    }


PARAMETERS: dict[str, Function] = {
    "gammainc_grad_a": smooth(by_shape(1), gamma_rule(1, "gammainc_grad_aa")),
    "gammainc_grad_aa": smooth(by_shape(2), gamma_rule(2, None)),
    "betainc_grad_a": smooth(by_shapes(1, 0), beta_rule(1, 0, "betainc_grad_aa", "betainc_grad_ab")),
    "betainc_grad_b": smooth(by_shapes(0, 1), beta_rule(0, 1, "betainc_grad_ab", "betainc_grad_bb")),
    "betainc_grad_aa": smooth(by_shapes(2, 0), beta_rule(2, 0, None, None)),
    "betainc_grad_ab": smooth(by_shapes(1, 1), beta_rule(1, 1, None, None)),
    "betainc_grad_bb": smooth(by_shapes(0, 2), beta_rule(0, 2, None, None)),
    **family("J", "bessel_j"), **family("Y", "bessel_y"), **family("I", "bessel_i"), **family("K", "bessel_k"),
}  # fmt: skip
