"""Values of expressions to 80 digits, by mpmath: a witness that shares nothing with the service's programs.

Real numbers only, as in R: what has no real value is NaN.
"""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from secantd.expression import Node, reachable

__all__ = ["DIGITS", "UnsupportedError", "slope", "value"]

DIGITS = 80
mp = mpmath.mp.clone()
mp.dps = DIGITS
NAN = mp.nan


class UnsupportedError(Exception):
    """A function that mpmath is not asked for here."""


def real(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is NaN where mpmath finds no real number."""

    def careful(*args: Any) -> Any:
        if any(mp.isnan(a) for a in args):
            return NAN
        try:
            found = function(*args)
        except (ValueError, ZeroDivisionError, OverflowError, mpmath.libmp.ComplexResult):
            return NAN
        return NAN if isinstance(found, mp.mpc) else found

    return careful


def power(a: Any, b: Any) -> Any:
    if b == 0 or a == 1:
        return mp.one
    if a == 0:
        return mp.zero if b > 0 else mp.inf
    if a < 0 and not mp.isint(b):
        return NAN
    if abs(b * mp.log(abs(a))) > 1e5:
        raise UnsupportedError("a huge power")
    return a**b


def divide(a: Any, b: Any) -> Any:
    if b == 0:
        return NAN if a == 0 else mp.inf if a > 0 else -mp.inf
    return a / b


def exponential(a: Any) -> Any:
    if a > 1e5:
        raise UnsupportedError("a huge exponential")
    return mp.exp(a)


def logarithm(a: Any) -> Any:
    return -mp.inf if a == 0 else mp.log(a) if a > 0 else NAN


def periodic(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def careful(a: Any) -> Any:
        if abs(a) > 1e6:
            raise UnsupportedError("a huge angle")
        return function(a)

    return careful


def normal(log: bool) -> Callable[[Any, Any, Any], Any]:
    def density(x: Any, m: Any, s: Any) -> Any:
        if s <= 0:
            return NAN
        z = -(((x - m) / s) ** 2) / 2 - mp.log(s * mp.sqrt(2 * mp.pi))
        return z if log else mp.exp(z)

    return density


def cumulated(upper: bool, log: bool) -> Callable[[Any, Any, Any], Any]:
    def probability(x: Any, m: Any, s: Any) -> Any:
        if s <= 0:
            return NAN
        z = (x - m) / s
        p = mp.erfc((z if upper else -z) / mp.sqrt(2)) / 2
        return mp.log(p) if log else p

    return probability


def logistic(upper: bool, log: bool) -> Callable[[Any, Any, Any], Any]:
    def probability(x: Any, m: Any, s: Any) -> Any:
        if s <= 0:
            return NAN
        z = (x - m) / s
        p = 1 / (1 + exponential(z if upper else -z))
        return mp.log(p) if log else p

    return probability


def gamma(a: Any) -> Any:
    if abs(a) > 1e4:
        raise UnsupportedError("a huge factorial")
    return mp.gamma(a) if a > 0 or not mp.isint(a) else NAN


def log_gamma(a: Any) -> Any:
    if a <= 0 and mp.isint(a):
        return mp.inf
    return mp.loggamma(a) if a > 0 else mp.log(abs(gamma(a)))


def polygamma(order: int) -> Callable[[Any], Any]:
    def derivative(a: Any) -> Any:
        if a <= 0 and mp.isint(a):
            return NAN
        if abs(a) > 1e6:
            raise UnsupportedError("a huge factorial")
        return mp.polygamma(order, a)

    return derivative


def truncated(a: Any) -> Any:
    return mp.floor(a) if a >= 0 else mp.ceil(a)


def stepped(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def careful(a: Any) -> Any:
        if abs(a) > 1e12:
            raise UnsupportedError("steps too small to distinguish")
        return function(a)

    return careful


TABLE: dict[str, Callable[..., Any]] = {
    "neg": lambda a: -a, "div": divide, "pow": power, "sqrt": lambda a: mp.sqrt(a) if a >= 0 else NAN,
    "exp": exponential, "expm1": lambda a: exponential(a) - 1, "log": logarithm, "log1p": lambda a: logarithm(1 + a),
    "log_base": lambda a, b: divide(logarithm(a), logarithm(b)), "log2": lambda a: logarithm(a) / mp.log(2),
    "log10": lambda a: logarithm(a) / mp.log(10), "sin": periodic(mp.sin), "cos": periodic(mp.cos), "tan": periodic(mp.tan),
    "asin": lambda a: mp.asin(a) if abs(a) <= 1 else NAN, "acos": lambda a: mp.acos(a) if abs(a) <= 1 else NAN,
    "atan": mp.atan, "atan2": mp.atan2, "sinpi": periodic(mp.sinpi), "cospi": periodic(mp.cospi),
    "tanpi": periodic(lambda a: divide(mp.sinpi(a), mp.cospi(a))),
    "sinh": lambda a: (exponential(a) - exponential(-a)) / 2, "cosh": lambda a: (exponential(a) + exponential(-a)) / 2,
    "tanh": mp.tanh, "asinh": mp.asinh, "acosh": lambda a: mp.acosh(a) if a >= 1 else NAN,
    "atanh": lambda a: mp.atanh(a) if abs(a) < 1 else NAN, "abs": abs, "sign": mp.sign, "floor": stepped(mp.floor), "ceiling": stepped(mp.ceil),
    "trunc": stepped(truncated), "pmax": max, "pmin": min,
    "%%": lambda a, b: a - b * stepped(mp.floor)(a / b) if b else NAN, "%/%": lambda a, b: stepped(mp.floor)(a / b) if b else divide(a, b),
    "gamma": gamma, "lgamma": log_gamma, "digamma": polygamma(0), "trigamma": polygamma(1),
    "psigamma": lambda a, n: polygamma(int(n))(a) if n >= 0 and mp.isint(n) else NAN,
    "beta": lambda a, b: gamma(a) * gamma(b) / gamma(a + b) if a > 0 and b > 0 else NAN,
    "lbeta": lambda a, b: log_gamma(a) + log_gamma(b) - log_gamma(a + b) if a > 0 and b > 0 else NAN,
    "factorial": lambda a: gamma(a + 1), "lfactorial": lambda a: log_gamma(a + 1),
    "erf": mp.erf, "erfc": mp.erfc, "dnorm": normal(False), "dnorm.log": normal(True),
    "pnorm": cumulated(False, False), "pnorm.upper": cumulated(True, False), "pnorm.log": cumulated(False, True),
    "pnorm.upper.log": cumulated(True, True), "plogis": logistic(False, False), "plogis.upper": logistic(True, False),
    "plogis.log": logistic(False, True), "plogis.upper.log": logistic(True, True),
    "<": lambda a, b: mp.mpf(a < b), "<=": lambda a, b: mp.mpf(a <= b), ">": lambda a, b: mp.mpf(a > b),
    ">=": lambda a, b: mp.mpf(a >= b), "==": lambda a, b: mp.mpf(a == b), "!=": lambda a, b: mp.mpf(a != b),
    "&": lambda a, b: mp.mpf(bool(a) and bool(b)), "|": lambda a, b: mp.mpf(bool(a) or bool(b)), "!": lambda a: mp.mpf(not a),
}  # fmt: skip


def value(node: Node, at: Mapping[str, Any]) -> Any:
    """Return what a node is worth at a point, to 80 digits.

    Raises:
        UnsupportedError: mpmath is not asked for one of the functions, or the numbers grow too large.
    """
    found: dict[int, Any] = {}
    for part in reachable([node]):
        if part.op == "number":
            result = mp.mpf(part.value)
        elif part.op == "symbol":
            result = mp.mpf(at[part.name])
        elif part.op == "pi":
            result = +mp.pi
        else:
            args = [found[a.index] for a in part.args]
            result = compute(part.op, args)
        found[part.index] = result
        if not mp.isnan(result) and abs(result) > mp.mpf(10) ** 40000:
            raise UnsupportedError("a huge number")
    return found[node.index]


def compute(op: str, args: list[Any]) -> Any:
    if op == "ifelse":
        return NAN if mp.isnan(args[0]) else args[1] if args[0] else args[2]
    if op == "add":
        return mp.fsum(args)
    if op == "mul":
        return mp.fprod(args)
    if op not in TABLE:
        raise UnsupportedError(op)
    return real(TABLE[op])(*args)


def slope(node: Node, variable: str, at: Mapping[str, float]) -> Any:
    """Return ∂node/∂variable by a central difference: its error is about 1e-40 where the node is smooth. NaN at a kink."""
    step = mp.mpf(10) ** -20
    below, here, above = (value(node, {**at, variable: mp.mpf(at[variable]) + s * step}) for s in (-1, 0, 1))
    left, right = (here - below) / step, (above - here) / step
    kink = abs(right - left) > mp.mpf(10) ** -9 * max(abs(left), abs(right))
    return NAN if kink else (above - below) / (2 * step)
