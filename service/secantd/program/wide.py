"""Numbers with exponents of any size, and their arithmetic.

A number is m · 2^e, where m is a double and e a whole number. Sums are rounded once, and keep what rounding leaves out for the
next sum: exp(-800) - 1 + 1 is exp(-800).
"""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from typing import Any

from secantd.program.operations import operation

__all__ = ["OPERATIONS", "REDUCTIONS", "Wide", "exponential"]

# Exponents with which a double has all its digits.
LOW, HIGH = -1021, 1024
# Beyond it a number is infinite or 0: exp(-x^2) has an exponent of 1e616 at 1e308.
FARTHEST = 10**640
# From it on exp(-x) is no digit of 1.
NONE = 40.0
# Numbers so small are their own expm1, log1p and tanh; 0 and what is not finite have the exponent 0.
SAME = -60
# Digits of a double.
DIGITS = 53
# Digits by which a term is smaller than a sum in which it does not count.
NEGLIGIBLE = 200
# By how many digits a sum may be smaller than its terms, if no double holds them.
CANCELLED = 30
# ln 2 in two parts, the first with so few digits that its products are exact (Cody and Waite 1980).
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LN2 = math.log(2.0)
# 1/ln 2 in units of 2^-BITS: exponents have up to LARGEST_EXPONENT digits before the point, and need as many of it.
BITS, LARGEST_EXPONENT = 2300, 2100
with localcontext() as digits:
    digits.prec = 720
    INVERSE_LN2 = int(Decimal(2) ** BITS / Decimal(2).ln())
# From 2^MODERATE on, products with LN2_HIGH are not exact.
MODERATE = 20


class Wide:
    """The number m · 2^e, with 1/2 <= |m| < 1, or m = 0, infinite or NaN.

    Attributes:
        exact: Whether it is a number of the formula or the point, or a 0 that no rounding has made.
        scale: Whether it is the largest of several exponents: where it is subtracted from itself the difference is 0.
        faint: Whether something in it is too small to count: 1 + exp(-800).
        lost: Whether no digit of it is known, because only what is too small to count is left: a 0, or NaN.
        rest: What the rounding of a sum has left out; the next sum takes it up.
        key: A number that equal computations with equal numbers share, negative for their negatives; 0: none.
    """

    __slots__ = ("e", "exact", "faint", "key", "lost", "m", "rest", "scale")

    def __init__(self, m: float, e: int = 0, exact: bool = False, *, lost: bool = False, faint: bool = False) -> None:
        self.exact, self.lost, self.faint, self.scale = exact, lost, faint, False
        self.rest: Wide | None = None
        self.key = 0
        self.m, more = math.frexp(m)
        self.e = e + more if self.m and math.isfinite(self.m) else 0
        if not -FARTHEST < self.e < FARTHEST:
            self.m, self.e = math.copysign(math.inf if self.e > 0 else 0.0, self.m), 0

    def __float__(self) -> float:
        try:
            return math.ldexp(self.m, self.e)
        except OverflowError:
            return math.copysign(math.inf, self.m)

    @property
    def narrow(self) -> bool:
        """Whether a double holds it with all its digits."""
        return LOW <= self.e <= HIGH

    @property
    def finite(self) -> bool:
        """Whether it is a number of any size."""
        return math.isfinite(self.m)


def add(*terms: Wide) -> Wide:
    """Return a sum, rounded once; NaN where next to nothing is left of terms that are larger than all doubles."""
    if not all(t.finite for t in terms):
        return Wide(sum([t.m for t in terms if not t.finite]))
    # A rest that is no number says nothing about the digits that are left.
    every = [*terms, *[t.rest for t in terms if t.rest is not None and t.rest.finite]]
    ordered = sorted([t for t in every if t.m], key=lambda t: -t.e)
    beyond = bool(ordered) and ordered[0].e > HIGH and not any(t.scale for t in terms)
    # A whole number of units 2^low.
    total = low = 0
    after: Wide | None = None
    faint = any(t.faint for t in terms)
    for t in ordered:
        if total and total.bit_length() + low - t.e > NEGLIGIBLE:
            faint, after = True, t
            break
        unit = t.e - DIGITS
        if not total:
            low = unit
        elif unit < low:
            total <<= low - unit
            low = unit
        total += int(t.m * 2.0**DIGITS) << (unit - low)
    if not total:
        keys = sorted([t.key for t in terms])
        equal = all(keys) and keys == sorted([-k for k in keys])
        if not ordered:
            return Wide(sum([t.m for t in terms]), exact=all(t.exact for t in terms))
        return Wide(
            math.nan if beyond else 0.0,
            exact=equal or all(t.exact for t in terms),
            lost=beyond or (faint and not equal),
        )
    found = rounded(total, low)
    if beyond and found.e < ordered[0].e - CANCELLED:
        return Wide(math.nan, lost=True)
    unit = found.e - DIGITS
    found.faint = faint or ordered[-1].e < unit
    left = total - (int(found.m * 2.0**DIGITS) << (unit - low)) if unit > low else 0
    found.rest = rounded(left, low) if left else after
    return found


def rounded(total: int, low: int) -> Wide:
    """Return total · 2^low."""
    more = max(total.bit_length() - 2 * DIGITS, 0)
    return Wide(float(total >> more), low + more)


def multiply(*factors: Wide) -> Wide:
    """Return a product; NaN, as for doubles, where a 0 that rounding may have made meets a number larger than all doubles."""
    zeros = [f for f in factors if not f.m]
    if zeros and all(f.finite for f in factors):
        exact = any(f.exact for f in zeros)
        if not exact and any(f.e > HIGH for f in factors):
            return Wide(math.nan, lost=True)
        return Wide(math.copysign(0.0, math.prod([math.copysign(1.0, f.m) for f in factors])), exact=exact)
    m, e = factors[0].m, factors[0].e
    for f in factors[1:]:
        m, more = math.frexp(m * f.m)
        e += f.e + more
    found = Wide(m, e)
    found.scale = any(f.scale for f in factors)
    sums = [f for f in factors if f.rest is not None]
    if len(sums) == 1 and sums[0].rest is not None:
        found.rest = multiply(*[f.rest if f is sums[0] and f.rest is not None else f for f in factors])
    return found


def negate(a: Wide) -> Wide:
    found = Wide(-a.m, a.e, a.exact, lost=a.lost, faint=a.faint)
    found.scale, found.key = a.scale, -a.key
    found.rest = None if a.rest is None else negate(a.rest)
    return found


def absolute(a: Wide) -> Wide:
    return negate(a) if a.m < 0.0 else a


def held(a: Wide) -> Wide:
    found = Wide(a.m, a.e)
    found.scale = True
    return found


def divide(a: Wide, b: Wide) -> Wide:
    if a.exact and not a.m and b.m and b.m == b.m:
        return a
    return Wide(a.m / b.m, a.e - b.e) if b.m else Wide(float(operation("div").careful(a.m, b.m)))


def exponential(a: Wide) -> Wide:
    if not a.finite:
        return Wide(math.inf if a.m > 0.0 else 0.0 if a.m < 0.0 else a.m)
    if a.rest is not None and a.rest.e > -DIGITS:
        return multiply(exponential(Wide(a.m, a.e)), exponential(a.rest))
    if a.e > LARGEST_EXPONENT:
        return Wide(math.inf if a.m > 0.0 else 0.0)
    if a.e > MODERATE:
        # exp(1e17)*exp(16 - 1e17) has all its digits.
        scaled = int(abs(a.m) * 2.0**53) * INVERSE_LN2
        whole = scaled >> (BITS + 53 - a.e)
        rest = math.ldexp(float((scaled - (whole << (BITS + 53 - a.e))) >> (BITS - 60 + 53 - a.e)), -60) * LN2
        return Wide(math.exp(rest), whole) if a.m > 0.0 else Wide(math.exp(-rest), -whole)
    x = float(a)
    k = round(x / LN2)
    return Wide(math.exp((x - k * LN2_HIGH) - k * LN2_LOW), k)


def logarithm(a: Wide) -> Wide:
    if a.narrow or not a.m > 0.0:
        return Wide(operation("log").careful(a.m if not a.narrow else float(a)))
    if a.e.bit_length() < 60:
        return Wide(math.log(a.m) + a.e * LN2)
    shift = a.e.bit_length() - 60
    return Wide((a.e >> shift) * LN2, shift)


def log1p(a: Wide) -> Wide:
    if a.e < SAME:
        return a
    return Wide(operation("log1p").careful(float(a))) if a.e <= HIGH else logarithm(a)


def expm1(a: Wide) -> Wide:
    if a.e < SAME:
        return a
    x = float(a)
    return exponential(a) if x > 700.0 else close_to(-1.0, exponential(a)) if x < -NONE else Wide(math.expm1(x))


def close_to(limit: float, rest: Wide) -> Wide:
    """Return a number that rounds to 1 or -1; a sum that follows takes up the rest."""
    found = Wide(limit)
    found.rest = rest
    return found


def tanh(a: Wide) -> Wide:
    if a.e < SAME:
        return a
    x = float(a)
    if not abs(x) >= NONE:
        return Wide(math.tanh(x))
    sign = math.copysign(1.0, x)
    return close_to(sign, multiply(Wide(-2.0 * sign), exponential(Wide(-abs(a.m), a.e + 1))))


def square_root(a: Wide) -> Wide:
    if not (a.m > 0.0 and a.finite):
        return Wide(operation("sqrt").careful(a.m))
    odd = a.e & 1
    return Wide(math.sqrt(a.m * (1 + odd)), (a.e - odd) // 2)


def power(a: Wide, b: Wide) -> Wide:
    x, y = float(a), float(b)
    found: float = operation("pow").careful(x, y)
    if found != found or (a.narrow and found and math.isfinite(found)) or not (a.m and a.finite and b.finite):
        return Wide(found)
    if abs(y) < 1000.0 and y == int(y):
        return Wide(a.m ** int(y), a.e * int(y))
    size = exponential(multiply(b, logarithm(Wide(abs(a.m), a.e))))
    return negate(size) if found < 0.0 or math.copysign(1.0, found) < 0.0 else size


def softplus(a: Wide) -> Wide:
    x = float(a)
    return exponential(a) if x < -700.0 else a if x > 700.0 else Wide(operation("softplus").careful(x))


def logaddexp(a: Wide, b: Wide) -> Wide:
    high, low = (a, b) if sign_of_difference(a, b) > 0.0 else (b, a)
    return add(high, softplus(add(low, negate(high)))) if high.finite and low.finite else Wide(high.m + low.m)


def logcosh(a: Wide) -> Wide:
    x = abs(float(a))
    return add(Wide(abs(a.m), a.e), Wide(-LN2)) if x > 700.0 else Wide(operation("logcosh").careful(x))


def expit(a: Wide) -> Wide:
    if float(a) > NONE:
        return close_to(1.0, negate(exponential(negate(a))))
    return divide(Wide(1.0), add(Wide(1.0), exponential(negate(a))))


def sech2(a: Wide) -> Wide:
    x = float(a)
    return (
        multiply(Wide(4.0), exponential(Wide(-abs(a.m), a.e + 1)))
        if abs(x) > 300.0
        else Wide(operation("sech2").careful(x))
    )


def hyperbolic(sign: float) -> Callable[[Wide], Wide]:
    """Return cosh for the sign 1, sinh for -1."""

    def function(a: Wide) -> Wide:
        x = float(a)
        if abs(x) < 700.0 or x != x:
            return Wide(math.cosh(x) if sign > 0.0 else math.sinh(x))
        half = multiply(Wide(0.5), exponential(absolute(a)))
        return negate(half) if sign < 0.0 and x < 0.0 else half

    return function


def sign_of_difference(a: Wide, b: Wide) -> float:
    return add(a, negate(b)).m if a.finite or b.finite or a.m != b.m else 0.0


def compare(name: str) -> Callable[[Wide, Wide], Wide]:
    return lambda a, b: Wide(operation(name).careful(sign_of_difference(a, b), 0.0))


def extreme(side: float) -> Callable[..., Wide]:
    """Return the maximum for the side 1, the minimum for -1."""

    def function(*values: Wide) -> Wide:
        best = values[0]
        for v in values[1:]:
            if v.m != v.m or sign_of_difference(v, best) * side > 0.0:
                best = v
        return best

    return function


def choose(test: Wide, yes: Wide, no: Wide) -> Wide:
    return test if test.m != test.m else yes if test.m else no


def reduced(f: Callable[..., Wide]) -> Callable[[Sequence[Wide]], Wide]:
    return lambda rows: f(*rows) if len(rows) > 1 else rows[0]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": add, "mul": multiply, "sub": lambda a, b: add(a, negate(b)), "neg": negate, "div": divide, "pow": power,
    "reciprocal": lambda a: divide(Wide(1.0), a), "square": lambda a: multiply(a, a), "cube": lambda a: multiply(a, a, a),
    "fourth": lambda a: multiply(a, a, a, a), "exp": exponential, "expm1": expm1, "log": logarithm, "log1p": log1p,
    "log2": lambda a: divide(logarithm(a), Wide(LN2)), "log10": lambda a: divide(logarithm(a), Wide(math.log(10.0))),
    "sqrt": square_root, "cosh": hyperbolic(1.0), "sinh": hyperbolic(-1.0), "abs": absolute,
    "sign": lambda a: Wide(operation("sign").careful(a.m)), "pmax": extreme(1.0), "pmin": extreme(-1.0), "held": held,
    "missing": lambda a: Wide(float(a.m != a.m)), "ifelse": choose, **{name: compare(name) for name in ("<", "<=", ">", ">=", "==", "!=")},
    "expit": expit, "tanh": tanh, "softplus": softplus, "logaddexp": logaddexp, "logcosh": logcosh, "sech2": sech2,
    "exp_scaled": lambda a, m: exponential(add(a, negate(m))),
    "cosh_scaled": lambda a, m: multiply(hyperbolic(1.0)(a), exponential(negate(m))),
    "sinh_scaled": lambda a, m: multiply(hyperbolic(-1.0)(a), exponential(negate(m))),
    "expm1_scaled": lambda a, m: multiply(expm1(a), exponential(negate(m))),
}  # fmt: skip
REDUCTIONS: dict[str, Callable[[Sequence[Wide]], Wide]] = {
    "sum": reduced(add), "prod": reduced(multiply), "max_of": reduced(extreme(1.0)), "min_of": reduced(extreme(-1.0)),
}  # fmt: skip
