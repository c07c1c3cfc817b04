"""Quantiles that have no formula: roots of the probability, between two values that enclose it."""

import math
from collections.abc import Callable
from typing import Any

from flint import arb, ctx
from secantd.functions.distributions import FAMILIES
from secantd.program.operations import operation

from bench.accuracy.balls import INF, NAN, Undecided, ball, decided, finite, floor

__all__ = ["QUANTILES"]

Value = Any
Call = Callable[[str, tuple[Any, ...]], Any]
# Of Newton's method.
STEPS = 80
# R forgives so much in a probability of a whole number (docs/language.md); it is what the row is.
SLACK = 64 * 2.220446049250313e-16


def chance(p: Value, upper: bool, log: bool) -> tuple[Value, bool]:
    """Return the probability of the smaller tail, and whether that is the upper one."""
    p = p.exp() if log else p
    other = p > arb(1) / 2
    return (1 - p if other else p), upper != other


def double(value: Value) -> float:
    return float(value.mid()) if finite(value) else value


def continuous(name: str, upper: bool, log: bool) -> Callable[..., Value]:
    """Return the quantile of a distribution: its smaller tail is inverted, that of the beta distribution always as a lower one."""

    def quantile(call: Call, p: Value, *parameters: Value) -> Value:
        low, high = (-INF if name == "norm" else arb(0)), (arb(1) if name == "beta" else INF)
        if not finite(p):
            return (high if upper else low) if p < 0 and log else NAN
        if decided(p - (0 if log else 1)) == 0:
            return low if upper else high
        if not log and p.is_zero():
            return high if upper else low
        target, turned = chance(p, upper, log)
        turn = turned and name == "beta"
        given = parameters[::-1] if turn else parameters
        x = inverted(call, name, target, turned and not turn, given)
        return 1 - x if turn else x

    return quantile


def inverted(call: Call, name: str, target: Value, upper: bool, parameters: tuple[Value, ...]) -> Value:
    """Return x with a probability of `target` up to it, or above it."""
    op, wanted, sense = f"p{name}{'.upper' if upper else ''}", target.log(), -1 if upper else 1
    positive = name != "norm"

    def gap(x: Value) -> Value:
        return sense * (call(op, (x, *parameters)).log() - wanted)

    given = [double(wanted), *map(double, parameters)]
    starts = [ball(operation(f"q{name}{'.upper' if upper else ''}.log").careful(*given))]
    if positive and not upper:
        starts.append(first_term(call, name, wanted, parameters))
    for x in starts:
        if finite(x) and (x > 0 or not positive):
            found = newton(call, gap, x, name, (op, parameters), positive)
            if found is not None:
                return found
    raise Undecided


def first_term(call: Call, name: str, wanted: Value, parameters: tuple[Value, ...]) -> Value:
    """Return x where the first term of the series is the probability: P(a, x) ~ x^a/Γ(a + 1), I_x(a, b) ~ x^a/(a B(a, b))."""
    a = parameters[0]
    if name == "gamma":
        return ((wanted + (a + 1).lgamma()) / a).exp().mid() / parameters[1]
    b = parameters[1]
    return ((wanted + (a + 1).lgamma() + b.lgamma() - (a + b).lgamma()) / a).exp().mid()


def newton(
    call: Call, gap: Callable[[Value], Value], x: Value, name: str, tail: tuple[str, tuple[Value, ...]], positive: bool
) -> Value:
    """Return the enclosed root by Newton's method for the logarithm of the probability, None where there is none near `x`."""
    op, parameters = tail
    close = arb(2) ** (-(ctx.prec * 5) // 8)
    for _ in range(STEPS):
        density, chance = call(f"d{name}", (x, *parameters)), call(op, (x, *parameters))
        if not (finite(density) and density > 0 and chance > 0):
            return None
        step = gap(x) * chance / density
        better = ((x * (-step / x).exp()) if positive else x - step).mid()
        if positive and name == "beta" and not better < 1:
            better = (x + 1) / 2
        done = abs(better - x) <= abs(x) * close.sqrt()
        x = better
        if done:
            break
    else:
        return None
    width = abs(x) * close
    if gap(x - width) <= 0 and gap(x + width) >= 0:
        return x + arb(0, width.upper())
    return None


def largest(name: str, parameters: tuple[Value, ...]) -> Value:
    """Return the largest value that a distribution of whole numbers has."""
    if name == "binom":
        return floor(parameters[0] + arb(1) / 2)
    none = parameters[-1] - (1 if name == "nbinom" else 0)
    return arb(0) if none.is_zero() else INF


def counted(name: str, upper: bool, log: bool) -> Callable[..., Value]:
    """Return the smallest whole number whose probability reaches p, but for R's slack."""
    tail = f"p{name}{'.upper' if upper else ''}"
    row = f"q{name}{'.upper' if upper else ''}{'.log' if log else ''}"

    def quantile(call: Call, p: Value, *parameters: Value) -> Value:
        if not finite(p):
            return NAN
        given = [double(p), *map(double, parameters)]
        most = largest(name, parameters)
        sure, none = (given[0] == (0.0 if log else 1.0)), (not log and given[0] == 0.0)
        if none or sure:
            return arb(0) if none != upper else most
        if log:
            target = (p * (1 + SLACK)).exp() if not upper else (p * (1 - SLACK)).exp()
        else:
            target = p * (1 + SLACK) if upper else p * (1 - SLACK)

        def reached(k: int) -> bool:
            value = call(tail, (arb(k), *parameters))
            return decided(target - value if upper else value - target) >= 0

        start = operation(row).careful(*given)
        if not math.isfinite(start) or start > 1e12:
            raise Undecided
        low, high, step = int(start) - 1, int(start), 1
        while low >= 0 and reached(low):
            low, high, step = low - step, low, 2 * step
        while not reached(high):
            low, high, step = high, high + step, 2 * step
        low = max(low, -1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(middle) else (middle, high)
        return arb(high)

    return quantile


QUANTILES: dict[str, Callable[..., Value]] = {}
for _family in FAMILIES:
    _own = _family.name + _family.variant
    for _tail in ("", ".upper", ".log", ".upper.log"):
        _upper, _log = "upper" in _tail, "log" in _tail
        if _family.whole:
            QUANTILES[f"q{_own}{_tail}"] = counted(_own, _upper, _log)
        elif _own in ("norm", "gamma", "beta"):
            QUANTILES[f"q{_own}{_tail}"] = continuous(_own, _upper, _log)
