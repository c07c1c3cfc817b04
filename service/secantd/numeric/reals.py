"""The operations on real numbers in mpmath: what has no real value is NaN."""

from collections.abc import Callable
from typing import Any

__all__ = ["UnsupportedError", "table"]

# Beyond these a value takes mpmath too long, or says nothing any more.
LARGEST_EXPONENT = 1e5
LARGEST_ANGLE = 1e6
LARGEST_FACTORIAL = 1e4
LARGEST_STEP = 1e12


class UnsupportedError(Exception):
    """A function or a number that mpmath is not asked for."""


def table(mp: Any) -> dict[str, Callable[..., Any]]:
    """Return each operation as a function of numbers of the context `mp`.

    >>> import mpmath
    >>> operations = table(mpmath.mp)
    >>> operations["log"](-1)
    mpf('nan')
    """
    nan = mp.nan

    def bounded(function: Callable[[Any], Any], bound: float) -> Callable[[Any], Any]:
        def careful(a: Any) -> Any:
            if abs(a) > bound:
                raise UnsupportedError("a huge number")
            return function(a)

        return careful

    def power(a: Any, b: Any) -> Any:
        if b == 0 or a == 1:
            return mp.one
        if a == 0:
            return mp.zero if b > 0 else mp.inf
        if a < 0 and not mp.isint(b):
            return nan
        if abs(b * mp.log(abs(a))) > LARGEST_EXPONENT:
            raise UnsupportedError("a huge power")
        return a**b

    def divide(a: Any, b: Any) -> Any:
        if b == 0:
            return nan if a == 0 else mp.inf if a > 0 else -mp.inf
        return a / b

    def exp(a: Any) -> Any:
        if a > LARGEST_EXPONENT:
            raise UnsupportedError("a huge exponential")
        return mp.exp(a)

    def log(a: Any) -> Any:
        return -mp.inf if a == 0 else mp.log(a) if a > 0 else nan

    def gamma(a: Any) -> Any:
        if abs(a) > LARGEST_FACTORIAL:
            raise UnsupportedError("a huge factorial")
        return nan if a <= 0 and mp.isint(a) else mp.gamma(a)

    def log_gamma(a: Any) -> Any:
        if a <= 0 and mp.isint(a):
            return mp.inf
        return mp.loggamma(a) if a > 0 else mp.log(abs(gamma(a)))

    def polygamma(order: int, a: Any) -> Any:
        if abs(a) > LARGEST_ANGLE:
            raise UnsupportedError("a huge factorial")
        return nan if a <= 0 and mp.isint(a) else mp.polygamma(order, a)

    def density(logarithm: bool) -> Callable[[Any, Any, Any], Any]:
        def normal(x: Any, m: Any, s: Any) -> Any:
            if s <= 0:
                return nan
            height = -(((x - m) / s) ** 2) / 2 - mp.log(s * mp.sqrt(2 * mp.pi))
            return height if logarithm else mp.exp(height)

        return normal

    def below(cumulated: Callable[[Any], Any], upper: bool, logarithm: bool) -> Callable[[Any, Any, Any], Any]:
        def probability(x: Any, m: Any, s: Any) -> Any:
            if s <= 0:
                return nan
            z = (x - m) / s
            p = cumulated(-z if upper else z)
            return mp.log(p) if logarithm else p

        return probability

    def normal(z: Any) -> Any:
        return mp.erfc(-z / mp.sqrt(2)) / 2

    def logistic(z: Any) -> Any:
        return 1 / (1 + exp(-z))

    def remainder(a: Any, b: Any) -> Any:
        return a - b * floor(a / b) if b else nan

    floor = bounded(mp.floor, LARGEST_STEP)
    ceiling = bounded(mp.ceil, LARGEST_STEP)
    sin, cos, tan = (bounded(f, LARGEST_ANGLE) for f in (mp.sin, mp.cos, mp.tan))
    sinpi, cospi = (bounded(f, LARGEST_ANGLE) for f in (mp.sinpi, mp.cospi))
    found: dict[str, Callable[..., Any]] = {
        "add": lambda *a: mp.fsum(a), "mul": lambda *a: mp.fprod(a), "neg": lambda a: -a,
        "div": divide, "pow": power, "sqrt": lambda a: mp.sqrt(a) if a >= 0 else nan,
        "exp": exp, "expm1": lambda a: exp(a) - 1, "log": log, "log1p": lambda a: log(1 + a),
        "log_base": lambda a, b: divide(log(a), log(b)), "log2": lambda a: log(a) / mp.log(2),
        "log10": lambda a: log(a) / mp.log(10), "sin": sin, "cos": cos, "tan": tan, "sinpi": sinpi, "cospi": cospi,
        "tanpi": lambda a: divide(sinpi(a), cospi(a)), "asin": lambda a: mp.asin(a) if abs(a) <= 1 else nan,
        "acos": lambda a: mp.acos(a) if abs(a) <= 1 else nan, "atan": mp.atan, "atan2": mp.atan2,
        "sinh": lambda a: (exp(a) - exp(-a)) / 2, "cosh": lambda a: (exp(a) + exp(-a)) / 2, "tanh": mp.tanh,
        "asinh": mp.asinh, "acosh": lambda a: mp.acosh(a) if a >= 1 else nan,
        "atanh": lambda a: mp.atanh(a) if abs(a) < 1 else nan, "abs": abs, "sign": mp.sign, "floor": floor,
        "ceiling": ceiling, "trunc": lambda a: floor(a) if a >= 0 else ceiling(a), "pmax": max, "pmin": min,
        "%%": remainder, "%/%": lambda a, b: floor(a / b) if b else nan,
        "gamma": gamma, "lgamma": log_gamma, "digamma": lambda a: polygamma(0, a), "trigamma": lambda a: polygamma(1, a),
        "psigamma": lambda a, n: polygamma(int(n), a) if n >= 0 and mp.isint(n) else nan,
        "beta": lambda a, b: gamma(a) * gamma(b) / gamma(a + b) if a > 0 and b > 0 else nan,
        "lbeta": lambda a, b: log_gamma(a) + log_gamma(b) - log_gamma(a + b) if a > 0 and b > 0 else nan,
        "factorial": lambda a: gamma(a + 1) if a > -1 else nan, "lfactorial": lambda a: log_gamma(a + 1),
        "erf": mp.erf, "erfc": mp.erfc, "dnorm": density(False), "dnorm.log": density(True),
        "pnorm": below(normal, False, False), "pnorm.upper": below(normal, True, False),
        "pnorm.log": below(normal, False, True), "pnorm.upper.log": below(normal, True, True),
        "plogis": below(logistic, False, False), "plogis.upper": below(logistic, True, False),
        "plogis.log": below(logistic, False, True), "plogis.upper.log": below(logistic, True, True),
        "<": lambda a, b: mp.mpf(a < b), "<=": lambda a, b: mp.mpf(a <= b), ">": lambda a, b: mp.mpf(a > b),
        ">=": lambda a, b: mp.mpf(a >= b), "==": lambda a, b: mp.mpf(a == b), "!=": lambda a, b: mp.mpf(a != b),
        "&": lambda a, b: mp.mpf(bool(a) and bool(b)), "|": lambda a, b: mp.mpf(bool(a) or bool(b)),
        "!": lambda a: mp.mpf(not a), "ifelse": lambda t, a, b: a if t else b,
    }  # fmt: skip

    def real(op: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is NaN where an argument is, or where mpmath finds no real number."""

        def careful(*args: Any) -> Any:
            decisive = args[:1] if op == "ifelse" else args
            if any(mp.isnan(a) for a in decisive):
                return nan
            try:
                value = function(*args)
            except (ValueError, ZeroDivisionError, OverflowError):
                # ComplexResult is a ValueError.
                return nan
            return nan if isinstance(value, mp.mpc) else value

        return careful

    return {op: real(op, function) for op, function in found.items()}
