"""The elementary functions of balls, and their partial derivatives.

A function of balls returns a ball that contains all its values there, NOWHERE where it certainly has none, and UNKNOWN where that is not
decided or would take too long. The partial derivatives are those of textbooks (DLMF 4), written anew: no module of `calculus` is used.
"""

from collections.abc import Callable
from typing import Any, Final

from flint import arb

from secantd.balls.numbers import NOWHERE, UNKNOWN, Jet, Number, Rule, apply, base, hull, unsmooth

__all__ = ["COMPARISONS", "ELEMENTARY", "choose_by", "smooth"]

# A function of balls or jets.
Function = Callable[..., Number]

ONE: Final[Any] = arb(1)
HALF: Final[Any] = arb(1) / 2
INFINITY: Final[Any] = arb("inf")


def smooth(value: Callable[..., Any], rule: Rule | None) -> Function:
    """Return a function of balls or jets; see `apply`."""

    def function(*args: Number) -> Number:
        level = False
        for a in args:
            if isinstance(a, Jet):
                level = True
            elif a is NOWHERE:
                return NOWHERE
        return apply(value, rule, args) if level else value(*args)

    return function


def one(derivative: Callable[..., Number]) -> Rule:
    """Return the rule of a function of one argument from its derivative, a function of its value and its argument."""
    return lambda f, x: (lambda: derivative(f, x),)


def log_of(x: Any) -> Any:
    if x > 0:
        return x.log()
    return NOWHERE if x < 0 else -INFINITY if x.is_zero() else UNKNOWN


def log1p_of(x: Any) -> Any:
    if x > -1:
        return x.log1p()
    return NOWHERE if x < -1 else -INFINITY if x == -1 else UNKNOWN


def square_root(x: Any) -> Any:
    return NOWHERE if x < 0 else x.sqrt()


def arcsine(x: Any) -> Any:
    return NOWHERE if x > 1 or x < -1 else x.asin()


def arccosine(x: Any) -> Any:
    return NOWHERE if x > 1 or x < -1 else x.acos()


def acosh_of(x: Any) -> Any:
    return NOWHERE if x < 1 else x.acosh()


def atanh_of(x: Any) -> Any:
    if x > 1 or x < -1:
        return NOWHERE
    return INFINITY if x == 1 else -INFINITY if x == -1 else x.atanh()


def tanpi_of(x: Any) -> Any:
    doubled = x + x
    return NOWHERE if doubled.is_integer() and not x.is_integer() else x.tan_pi()


def atan2_of(y: Any, x: Any) -> Any:
    return arb.atan2(y, x)


def tanh_of(x: Any) -> Any:
    return x.tanh()


def power_of(a: Any, b: Any) -> Any:
    if b.is_zero() or a == 1:
        return ONE
    if not b.is_finite():
        return UNKNOWN
    if b.is_integer():
        if a.is_zero():
            return a if b > 0 else UNKNOWN
        return a**b
    if a > 0:
        return a**b
    if a.is_zero():
        return a if b > 0 else UNKNOWN
    if a < 0:
        return UNKNOWN if b.contains_integer() else NOWHERE
    if a >= 0 and b > 0:
        return arb(0).union(a.upper() ** b)
    return UNKNOWN


def power_rule(f: Number, a: Number, b: Number) -> tuple[Callable[[], Number], ...]:
    def by_base() -> Number:
        exponent = base(b)
        inside = base(a)
        if not exponent.is_integer() and not inside > 0:
            # At 0 there is a value on one side only.
            return UNKNOWN
        return b * power(a, b - 1)

    return by_base, lambda: f * log(a) if base(a) > 0 else UNKNOWN


def divide(a: Number, b: Number) -> Number:
    return a / b


def absolute(x: Number) -> Number:
    inside = base(x)
    if inside >= 0 and (inside > 0 or not isinstance(x, Jet)):
        return x
    if inside <= 0 and (inside < 0 or not isinstance(x, Jet)):
        return -x
    return unsmooth(abs(inside), x.level if isinstance(x, Jet) else 0)


def sign_of(x: Any) -> Any:
    return ONE if x > 0 else -ONE if x < 0 else x if x.is_zero() else arb(0, 1)


def step(whole: Callable[[Any], Any]) -> Function:
    """Return a function whose values are whole numbers; it has no derivative where it jumps."""

    def function(x: Number) -> Number:
        inside = base(x)
        value = whole(inside) if inside.is_finite() else inside
        if not value.is_finite() or (isinstance(x, Jet) and inside.contains_integer()):
            return unsmooth(value, x.level if isinstance(x, Jet) else 0)
        return value

    return function


def sign(x: Number) -> Number:
    inside = base(x)
    if isinstance(x, Jet) and not (inside > 0 or inside < 0):
        return unsmooth(sign_of(inside), x.level)
    return sign_of(inside)


def larger(a: Number, b: Number) -> Number:
    one, other = base(a), base(b)
    if one > other or (one >= other and not is_jet(a, b)) or a is b:
        return a
    if other > one or (other >= one and not is_jet(a, b)):
        return b
    return unsmooth(one.max(other), level_of(a, b))


def smaller(a: Number, b: Number) -> Number:
    return -larger(-a, -b)


def is_jet(a: Number, b: Number) -> bool:
    return isinstance(a, Jet) or isinstance(b, Jet)


def level_of(a: Number, b: Number) -> int:
    return max(n.level if isinstance(n, Jet) else 0 for n in (a, b))


def compared(below: bool | None, at: bool | None, above: bool | None) -> Function:
    """Return a comparison: its values where the first argument is smaller, equal, larger."""
    truth = [arb(int(bool(v))) for v in (below, at, above)]
    unsure = arb(0).union(ONE)

    def function(a: Number, b: Number) -> Number:
        one, other = base(a), base(b)
        if one < other:
            return truth[0]
        if one > other:
            return truth[2]
        if one.is_exact() and other.is_exact() and one == other:
            # A jump or kink of what depends on it, unless all three have one value.
            return unsmooth(truth[1], level_of(a, b))
        if a is b:
            return truth[1]
        if one <= other and below == at:
            return unsmooth(truth[0], level_of(a, b))
        if one >= other and above == at:
            return unsmooth(truth[2], level_of(a, b))
        return unsmooth(unsure, level_of(a, b))

    return function


def both(a: Number, b: Number) -> Number:
    one, other = base(a), base(b)
    if (one.is_zero() and not isinstance(a, Jet)) or (other.is_zero() and not isinstance(b, Jet)):
        return arb(0)
    return truth_of(one.is_zero() or other.is_zero(), nonzero(one) and nonzero(other), a, b)


def either(a: Number, b: Number) -> Number:
    one, other = base(a), base(b)
    if (nonzero(one) and not isinstance(a, Jet)) or (nonzero(other) and not isinstance(b, Jet)):
        return ONE
    return truth_of(one.is_zero() and other.is_zero(), nonzero(one) or nonzero(other), a, b)


def negation(a: Number) -> Number:
    return truth_of(nonzero(base(a)), base(a).is_zero(), a, a)


def nonzero(a: Any) -> bool:
    return bool(a > 0 or a < 0)


def truth_of(false: bool, true: bool, a: Number, b: Number) -> Number:
    return unsmooth(arb(0) if false else ONE if true else arb(0).union(ONE), level_of(a, b))


def choose_by(test: Number, a: Number, b: Number) -> Number:
    """Return `a` where a test is true, `b` where it is false, a hull where that is not decided."""
    if test is NOWHERE:
        return NOWHERE
    inside = base(test)
    chosen = a if nonzero(inside) else b if inside.is_zero() else hull(a, b)
    if not isinstance(test, Jet) or chosen is NOWHERE:
        return chosen
    # The test changes here: nothing is known about the derivative.
    return unsmooth(base(chosen), level_of(test, chosen))


def sum_of(*terms: Number) -> Number:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def product_of(*factors: Number) -> Number:
    total = factors[0]
    for factor in factors[1:]:
        total = total * factor
    return total


def nothing_known(f: Number, *args: Number) -> tuple[None, ...]:
    return (None,) * len(args)


def sech2(f: Number) -> Number:
    return 1 - f * f


log: Function = smooth(log_of, one(lambda f, x: 1 / x))
sqrt: Function = smooth(square_root, one(lambda f, x: HALF / f))
exp: Function = smooth(lambda x: x.exp(), one(lambda f, x: f))
sin: Function = smooth(lambda x: x.sin(), one(lambda f, x: cos(x)))
cos: Function = smooth(lambda x: x.cos(), one(lambda f, x: -sin(x)))
sinpi: Function = smooth(lambda x: x.sin_pi(), one(lambda f, x: cospi(x) * arb.pi()))
cospi: Function = smooth(lambda x: x.cos_pi(), one(lambda f, x: -(sinpi(x) * arb.pi())))
sinh: Function = smooth(lambda x: x.sinh(), one(lambda f, x: cosh(x)))
cosh: Function = smooth(lambda x: x.cosh(), one(lambda f, x: sinh(x)))
power: Function = smooth(power_of, power_rule)
expm1: Function = smooth(lambda x: x.expm1(), one(lambda f, x: f + 1))


def by_angle(f: Number, y: Number, x: Number) -> tuple[Callable[[], Number], ...]:
    jumps = not base(x) > 0 and base(y).contains(0)
    squares = x * x + y * y
    return (lambda: UNKNOWN if jumps else x / squares), (lambda: UNKNOWN if jumps else -(y / squares))


ELEMENTARY: dict[str, Function] = {
    "add": sum_of, "mul": product_of, "neg": lambda a: -a, "div": divide, "pow": power, "sqrt": sqrt, "exp": exp,
    "expm1": expm1, "log": log, "log1p": smooth(log1p_of, one(lambda f, x: 1 / (x + 1))),
    "sin": sin, "cos": cos, "tan": smooth(lambda x: x.tan(), one(lambda f, x: f * f + 1)),
    "asin": smooth(arcsine, one(lambda f, x: 1 / sqrt(1 - x * x))),
    "acos": smooth(arccosine, one(lambda f, x: -1 / sqrt(1 - x * x))),
    "atan": smooth(lambda x: x.atan(), one(lambda f, x: 1 / (x * x + 1))), "atan2": smooth(atan2_of, by_angle),
    "sinh": sinh, "cosh": cosh, "tanh": smooth(tanh_of, one(lambda f, x: sech2(f))),
    "asinh": smooth(lambda x: x.asinh(), one(lambda f, x: 1 / sqrt(x * x + 1))),
    "acosh": smooth(acosh_of, one(lambda f, x: 1 / sqrt(x * x - 1))),
    "atanh": smooth(atanh_of, one(lambda f, x: 1 / (1 - x * x))),
    "sinpi": sinpi, "cospi": cospi, "tanpi": smooth(tanpi_of, one(lambda f, x: (f * f + 1) * arb.pi())),
    "abs": absolute, "sign": sign, "floor": step(lambda x: x.floor()), "ceiling": step(lambda x: x.ceil()),
    "pmax": lambda a, *more: fold(larger, a, more), "pmin": lambda a, *more: fold(smaller, a, more),
    "held": lambda x: x,
}  # fmt: skip

COMPARISONS: dict[str, Function] = {
    "<": compared(True, False, False), "<=": compared(True, True, False), ">": compared(False, False, True),
    ">=": compared(False, True, True), "==": compared(False, True, False), "!=": compared(True, False, True),
    "&": both, "|": either, "!": negation,
}  # fmt: skip


def fold(function: Function, a: Number, more: tuple[Number, ...]) -> Number:
    for b in more:
        a = function(a, b)
    return a
