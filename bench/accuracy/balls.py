"""The operations of the language on balls of Arb, the primitives that have no formula included.

A value is an `arb`, or a float where it is infinite or there is none. Where a ball is too wide for a decision, `Undecided`
is raised, and the caller tries more bits.
"""

import math
from collections.abc import Callable
from typing import Any

from flint import arb, ctx

__all__ = ["OPERATIONS", "Undecided", "ball", "decided", "finite", "power"]

NAN, INF = math.nan, math.inf
# Above, exp() is taken as it is; its logarithm still has digits, as exponents of Arb are whole numbers of any size.
Value = Any


class Undecided(Exception):  # noqa: N818
    """A ball contains both sides of a decision: more bits may help."""


def ball(value: float) -> Value:
    """Return an exact double as a ball, or itself where it is not finite."""
    return arb(value) if math.isfinite(value) else value


def finite(value: Value) -> bool:
    return isinstance(value, arb)


def decided(value: Value) -> int:
    """Return the sign of a value: -1, 0 or 1."""
    if not finite(value):
        return 1 if value > 0 else -1
    if value > 0:
        return 1
    if value < 0:
        return -1
    if value.is_zero():
        return 0
    raise Undecided


def checked(value: Any) -> Value:
    if not value.is_finite():
        raise Undecided
    return value


def add(*terms: Value) -> Value:
    if all(finite(t) for t in terms):
        return sum(terms[1:], terms[0])
    return sum(t for t in terms if not finite(t))


def multiply(*factors: Value) -> Value:
    if all(finite(f) for f in factors):
        return math.prod(factors[1:], start=factors[0])
    signs = [decided(f) for f in factors]
    return NAN if 0 in signs else math.prod(signs) * INF


def divide(a: Value, b: Value) -> Value:
    if not finite(b):
        return arb(0) if finite(a) else NAN
    sign = decided(b)
    if sign == 0:
        top = decided(a)
        return top * INF if top else NAN
    return checked(a / b) if finite(a) else a * sign


def whole(value: Value) -> int | None:
    """Return a whole number as int, None where it is none."""
    if value.is_exact():
        return int(value.unique_fmpz()) if value.is_integer() else None
    if value.contains_integer():
        raise Undecided
    return None


def power(a: Value, b: Value) -> Value:
    if (finite(b) and b.is_zero()) or (finite(a) and (a - 1).is_zero()):
        return arb(1)
    if not finite(a) or not finite(b):
        if finite(a):
            size = decided(abs(a) - 1)
            return INF if (size > 0) == (b > 0) and size else arb(0) if size else NAN
        return INF if decided(b) > 0 else arb(0)
    sign = decided(a)
    if sign == 0:
        return arb(0) if decided(b) > 0 else INF
    if sign < 0:
        count = whole(b)
        if count is None:
            return NAN
        value = checked((-a) ** b)
        return -value if count % 2 else value
    return checked(a**b)


def exp(a: Value) -> Value:
    if not finite(a):
        return INF if a > 0 else arb(0)
    return checked(a.exp())


def log(a: Value) -> Value:
    sign = decided(a)
    if sign < 0:
        return NAN
    return (checked(a.log()) if finite(a) else INF) if sign else -INF


def log1p(a: Value) -> Value:
    if not finite(a):
        return INF if a > 0 else NAN
    return checked(a.log1p()) if a > -1 else log(a + 1)


def plain(name: str, up: Value = NAN, down: Value = NAN) -> Callable[[Value], Value]:
    """Return a method of `arb`, with its values at Inf and -Inf."""

    def function(a: Value) -> Value:
        if not finite(a):
            return up if a > 0 else down
        return checked(getattr(a, name)())

    return function


def within(name: str, inside: Callable[[Value], Value], up: Value = NAN) -> Callable[[Value], Value]:
    """Return a method of `arb` that has no value where `inside` is negative, Inf where it is 0 for `atanh`."""

    def function(a: Value) -> Value:
        if not finite(a):
            return up if a > 0 else NAN
        side = decided(inside(a))
        if side == 0 and name == "atanh":
            return INF if a > 0 else -INF
        if side == 0 and name == "acosh":
            return arb(0)
        return checked(getattr(a, name)()) if side >= 0 else NAN

    return function


def atan2(y: Value, x: Value) -> Value:
    return checked(arb.atan2(y, x))


def floor(a: Value) -> Value:
    if not finite(a):
        return a
    value = a.floor()
    if not value.is_exact():
        raise Undecided
    return value


def tanpi(a: Value) -> Value:
    turned = whole(4 * a)
    if turned is not None:
        return (arb(0), arb(1), NAN, arb(-1))[turned % 4]
    return checked(a.sin_pi() / a.cos_pi())


def larger(*args: Value) -> Value:
    found = args[0]
    for a in args[1:]:
        found = a if decided(add(a, negative(found))) > 0 else found
    return found


def negative(a: Value) -> Value:
    return -a


def smaller(*args: Value) -> Value:
    return negative(larger(*map(negative, args)))


def sign(a: Value) -> Value:
    return arb(decided(a))


def comparison(test: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    def function(a: Value, b: Value) -> Value:
        if not finite(a) and not finite(b) and a == b:
            return arb(int(test(0)))
        return arb(int(test(decided(add(a, negative(b))))))

    return function


def logical(a: Value) -> bool:
    return decided(a) != 0


def absolute(a: Value) -> Value:
    return abs(a)


def modulo(a: Value, b: Value) -> Value:
    if decided(b) == 0:
        return NAN
    if not finite(b):
        return a if decided(a) in (0, decided(b)) else b
    return a - b * floor(a / b)


OPERATIONS: dict[str, Callable[..., Value]] = {
    "add": add, "mul": multiply, "neg": negative, "sub": lambda a, b: add(a, negative(b)), "div": divide, "pow": power,
    "pi": lambda: arb.pi(), "exp": exp, "log": log, "log1p": log1p, "expm1": plain("expm1", INF, arb(-1)),
    "sqrt": lambda a: (checked(a.sqrt()) if finite(a) else INF) if decided(a) >= 0 else NAN,
    "sin": plain("sin"), "cos": plain("cos"), "tan": plain("tan"), "sinpi": plain("sin_pi"), "cospi": plain("cos_pi"), "tanpi": tanpi,
    "asin": within("asin", lambda a: 1 - abs(a)), "acos": within("acos", lambda a: 1 - abs(a)), "atan": plain("atan"), "atan2": atan2,
    "sinh": plain("sinh", INF, -INF), "cosh": plain("cosh", INF, INF), "tanh": plain("tanh", arb(1), arb(-1)),
    "asinh": plain("asinh", INF, -INF), "acosh": within("acosh", lambda a: a - 1, INF), "atanh": within("atanh", lambda a: 1 - abs(a)),
    "abs": absolute, "sign": sign, "floor": floor, "ceiling": lambda a: negative(floor(negative(a))), "pmax": larger, "pmin": smaller,
    "%%": modulo,
    "<": comparison(lambda s: s < 0), "<=": comparison(lambda s: s <= 0), ">": comparison(lambda s: s > 0),
    ">=": comparison(lambda s: s >= 0), "==": comparison(lambda s: s == 0), "!=": comparison(lambda s: s != 0),
    "&": lambda a, b: arb(int(logical(a) and logical(b))), "|": lambda a, b: arb(int(logical(a) or logical(b))),
    "!": lambda a: arb(int(not logical(a))),
}  # fmt: skip

# Of more bits than this nothing is asked: exp(1e300) has an exponent of a thousand bits.
MOST_BITS = 1 << 15


def bits() -> int:
    return int(ctx.prec)
