"""The operations on real numbers in mpmath, NaN where there is no real value."""

from collections.abc import Callable
from typing import Any

from secantd.precise.special import UnsupportedError, special

__all__ = ["real_operations"]

# Beyond these bounds a value takes mpmath too long, or no longer has correct digits.
LARGEST_EXPONENT = 1e5
LARGEST_ANGLE = 1e6
LARGEST_STEP = 1e12
# Below this, exp() needs as many digits of log(2) as the argument has.
SMALLEST_LOGARITHM = -1e30


def real_operations(mp: Any) -> dict[str, Callable[..., Any]]:
    """Return the primitive operations by name, as functions of real numbers of the mpmath context `mp`.

    >>> import mpmath
    >>> operations = real_operations(mpmath.mp)
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
        if mp.isinf(a):
            return mp.inf if a > 0 else mp.zero
        if a > LARGEST_EXPONENT or a < SMALLEST_LOGARITHM:
            raise UnsupportedError("a huge exponential")
        return mp.exp(a)

    def log(a: Any) -> Any:
        return -mp.inf if a == 0 else mp.log(a) if a > 0 else nan

    def tanpi(a: Any) -> Any:
        # Exact where it is a whole number, which may become a step of floor().
        whole = (mp.zero, mp.one, nan, -mp.one)
        return whole[int(4 * a) % 4] if mp.isint(4 * a) else mp.sinpi(a) / mp.cospi(a)

    floor = bounded(mp.floor, LARGEST_STEP)
    ceiling = bounded(mp.ceil, LARGEST_STEP)
    sin, cos, tan = (bounded(f, LARGEST_ANGLE) for f in (mp.sin, mp.cos, mp.tan))
    found: dict[str, Callable[..., Any]] = {
        "add": lambda *a: mp.fsum(a), "mul": lambda *a: mp.fprod(a), "neg": lambda a: -a,
        "div": divide, "pow": power, "sqrt": lambda a: mp.sqrt(a) if a >= 0 else nan, "exp": exp,
        "expm1": lambda a: mp.expm1(a) if a < 1 else exp(a) - 1, "log": log,
        "log1p": lambda a: mp.log1p(a) if a > -1 else log(1 + a), "sin": sin, "cos": cos, "tan": tan,
        "asin": lambda a: mp.asin(a) if abs(a) <= 1 else nan, "acos": lambda a: mp.acos(a) if abs(a) <= 1 else nan,
        "atan": mp.atan, "atan2": mp.atan2,
        "sinh": lambda a: (exp(a) - exp(-a)) / 2, "cosh": lambda a: (exp(a) + exp(-a)) / 2, "tanh": mp.tanh,
        "asinh": mp.asinh, "acosh": lambda a: mp.acosh(a) if a >= 1 else nan,
        "atanh": lambda a: mp.atanh(a) if abs(a) < 1 else nan, "abs": abs, "sign": mp.sign, "floor": floor,
        "ceiling": ceiling, "pmax": max, "pmin": min,
        "sinpi": bounded(mp.sinpi, LARGEST_ANGLE), "cospi": bounded(mp.cospi, LARGEST_ANGLE),
        "tanpi": bounded(tanpi, LARGEST_ANGLE), **special(mp),
        "<": lambda a, b: mp.mpf(a < b), "<=": lambda a, b: mp.mpf(a <= b), ">": lambda a, b: mp.mpf(a > b),
        ">=": lambda a, b: mp.mpf(a >= b), "==": lambda a, b: mp.mpf(a == b), "!=": lambda a, b: mp.mpf(a != b),
        "&": lambda a, b: mp.mpf(bool(a) and bool(b)), "|": lambda a, b: mp.mpf(bool(a) or bool(b)),
        "!": lambda a: mp.mpf(not a), "ifelse": lambda t, a, b: a if t else b,
    }  # fmt: skip

    def real(op: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is NaN where an argument is NaN or where mpmath finds no real value."""

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
