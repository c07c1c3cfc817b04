"""The operations of a tape on enclosures: see `enclosures`."""

from collections.abc import Callable
from typing import Any

from mpmath.libmp import (  # type: ignore[import-untyped]
    finf,
    fninf,
    fone,
    fzero,
    mpf_acos,
    mpf_acosh,
    mpf_add,
    mpf_asin,
    mpf_asinh,
    mpf_atan,
    mpf_atanh,
    mpf_ceil,
    mpf_cos,
    mpf_erf,
    mpf_erfc,
    mpf_floor,
    mpf_le,
    mpf_lt,
    mpf_neg,
    mpf_pi,
    mpf_sin,
    mpf_sub,
)

from secantd.program.enclosures import DOWN, UP, Arithmetic, Enclosure, largest, magnitude, smallest

__all__ = ["REDUCTIONS", "operations"]

# From this exponent of an angle on, its sine would take as many digits of pi: it lies between -1 and 1.
LARGEST_ANGLE = 5000
# exp(-2^50) is smaller than all doubles, and erf() of a larger number is 1.
LARGEST_ERROR = 25
MINUS = mpf_neg(fone)


class Functions(Arithmetic):
    """Elementary functions of enclosures."""

    @property
    def ln2(self) -> Enclosure:
        return self.log(self.number(2.0))

    def increasing(self, function: Callable[[Enclosure], Enclosure], a: Enclosure) -> Enclosure:
        """Return the values of an increasing function that is computed by several operations."""
        if a.single or a.missing:
            return function(a)
        return Enclosure(function(Enclosure(a.low, a.low)).low, function(Enclosure(a.high, a.high)).high)

    def within(
        self, function: Callable[..., Any], a: Enclosure, low: Any = fninf, high: Any = finf, falls: bool = False
    ) -> Enclosure:
        """Return the values of a monotone function whose domain ends at `low` and `high`."""
        if a.missing or mpf_lt(a.high, low) or mpf_lt(high, a.low):
            return self.missing()
        if mpf_lt(a.low, low) or mpf_lt(high, a.high):
            return self.unknown()
        ends = (a.high, a.low) if falls else (a.low, a.high)
        return Enclosure(function(ends[0], self.bits, DOWN), function(ends[1], self.bits, UP))

    def wave(self, function: Callable[..., Any], a: Enclosure) -> Enclosure:
        """Return the sine or the cosine, whose slope is at most 1."""
        if a.missing or a.infinite:
            return self.missing()
        everything = Enclosure(MINUS, fone)
        if not a.finite or (a.low[1] and magnitude(a.low) > LARGEST_ANGLE):
            return everything
        width = mpf_sub(a.high, a.low, self.bits, UP)
        low = mpf_sub(function(a.low, self.bits, DOWN), width, self.bits, DOWN)
        high = mpf_add(function(a.low, self.bits, UP), width, self.bits, UP)
        return Enclosure(largest([low, everything.low]), smallest([high, everything.high]))

    def tan(self, a: Enclosure) -> Enclosure:
        return self.div(self.wave(mpf_sin, a), self.wave(mpf_cos, a))

    def atan2(self, y: Enclosure, x: Enclosure) -> Enclosure:
        if y.missing or x.missing:
            return self.missing()
        pi = Enclosure(mpf_pi(self.bits, DOWN), mpf_pi(self.bits, UP))
        if x.sign == 1 and not (x.infinite and y.infinite):
            return self.within(mpf_atan, self.div(y, x))
        if y.sign and not (x.infinite or y.infinite):
            right = self.within(mpf_atan, self.div(self.neg(x), y))
            half = self.mul(self.number(0.5), pi)
            return self.add(right, half if y.sign > 0 else self.neg(half))
        return Enclosure(mpf_neg(pi.high), pi.high)

    def cosh(self, a: Enclosure) -> Enclosure:
        size = self.absolute(a)
        return self.mul(self.number(0.5), self.add(self.exp(size), self.exp(self.neg(size))))

    def sinh(self, a: Enclosure) -> Enclosure:
        if a.sign == -1:
            return self.neg(self.sinh(self.neg(a)))
        e = self.expm1(a)
        below = self.neg(self.expm1(self.neg(a)))
        return self.mul(self.number(0.5), self.add(e, below))

    def sech2(self, a: Enclosure) -> Enclosure:
        c = self.cosh(a)
        return self.div(self.one, self.mul(c, c))

    def tanh(self, a: Enclosure) -> Enclosure:
        if a.sign == -1:
            return self.neg(self.tanh(self.neg(a)))
        if mpf_le(fone, a.low):
            # 1 - tanh(1e9) is 2/(exp(2e9) + 1).
            return self.sub(self.one, self.div(self.number(2.0), self.add(self.exp(self.add(a, a)), self.one)))
        return self.increasing(self.small_tanh, a)

    def small_tanh(self, a: Enclosure) -> Enclosure:
        e = self.expm1(self.add(a, a))
        return self.div(e, self.add(e, self.number(2.0)))

    def expit(self, a: Enclosure) -> Enclosure:
        if a.sign == 1:
            return self.sub(self.one, self.expit(self.neg(a)))
        return self.div(self.one, self.add(self.one, self.exp(self.neg(a))))

    def softplus(self, a: Enclosure) -> Enclosure:
        if a.sign == 1:
            return self.add(a, self.log1p(self.exp(self.neg(a))))
        return self.log1p(self.exp(a))

    def logaddexp(self, a: Enclosure, b: Enclosure) -> Enclosure:
        if a.infinite and b.infinite:
            return self.extreme(a, b)
        difference = self.sub(b, a)
        if difference.sign == 1:
            return self.add(b, self.softplus(self.neg(difference)))
        return self.add(a, self.softplus(difference))

    def logcosh(self, a: Enclosure) -> Enclosure:
        size = self.absolute(a)
        if mpf_le(fone, size.low):
            return self.add(size, self.log1p(self.exp(self.neg(self.add(size, size)))), self.neg(self.ln2))
        square = self.square(self.sinh(size))
        return self.mul(self.number(0.5), self.log1p(square))

    def square(self, a: Enclosure) -> Enclosure:
        return self.whole_power(a, 2)

    def expm1_scaled(self, a: Enclosure, m: Enclosure) -> Enclosure:
        return self.mul(self.expm1(a), self.exp(self.neg(m)))

    def erfc(self, a: Enclosure) -> Enclosure:
        if a.missing or a.sign != 1 or max(magnitude(a.low), magnitude(a.high)) > LARGEST_ERROR:
            return self.sub(self.one, self.erf(a))
        return self.within(mpf_erfc, a, falls=True)

    def erf(self, a: Enclosure) -> Enclosure:
        if a.sign == -1:
            return self.neg(self.erf(self.neg(a)))
        if a.sign == 1 and magnitude(a.low) > LARGEST_ERROR:
            return self.sub(self.one, Enclosure(fzero, self.exp(self.neg(self.square(a))).high))
        return self.within(mpf_erf, a)

    # -- sides and choices

    def sign(self, a: Enclosure) -> Enclosure:
        if a.missing or a.zero:
            return a
        if a.sign:
            return self.number(float(a.sign))
        return Enclosure(fzero if a.low == fzero else MINUS, fzero if a.high == fzero else fone)

    def boolean(self, truth: bool | None) -> Enclosure:
        return Enclosure(fzero, fone) if truth is None else self.number(float(truth))

    def compare(self, a: Enclosure, b: Enclosure, below: bool, equal: bool, above: bool) -> Enclosure:
        """Return 1 or 0 by the side of a difference."""
        if a.missing or b.missing:
            return self.missing()
        if a is b or (a.single and b.single and a.low == b.low):
            return self.boolean(equal)
        found = set()
        if mpf_lt(a.low, b.high):
            found.add(below)
        if mpf_lt(b.low, a.high):
            found.add(above)
        if mpf_le(a.low, b.high) and mpf_le(b.low, a.high):
            found.add(equal)
        return self.boolean(found.pop() if len(found) == 1 else None)

    def is_missing(self, a: Enclosure) -> Enclosure:
        """Return 1 where a number has no value."""
        return self.boolean(a.missing if a.missing or a.finite or a.infinite else None)

    def both(self, a: Enclosure, b: Enclosure) -> Enclosure:
        if a.zero or b.zero:
            return self.number(0.0)
        if a.missing or b.missing:
            return self.missing()
        return self.boolean(True if a.truth and b.truth else None)

    def negative(self, a: Enclosure) -> Enclosure:
        return a if a.missing else self.boolean(None if a.truth is None else not a.truth)

    def either(self, a: Enclosure, b: Enclosure) -> Enclosure:
        for v, w in ((a, b), (b, a)):
            if not v.missing and v.truth:
                return self.one
            if v.zero and w.zero:
                return self.number(0.0)
        return self.missing() if a.missing or b.missing else self.boolean(None)

    def choose(self, test: Enclosure, yes: Enclosure, no: Enclosure) -> Enclosure:
        if test.missing:
            return test
        if test.truth is not None or yes is no:
            return yes if test.truth else no
        if yes.missing or no.missing:
            return self.unknown()
        return Enclosure(smallest([yes.low, no.low]), largest([yes.high, no.high]))

    def extreme(self, *values: Enclosure) -> Enclosure:
        """Return the maximum."""
        if any(v.missing for v in values):
            return self.missing()
        best = values[0]
        for v in values[1:]:
            if mpf_le(best.high, v.low):
                best = v
            elif v is not best and not mpf_le(v.high, best.low):
                best = Enclosure(largest([best.low, v.low]), largest([best.high, v.high]))
        return best

    def least(self, *values: Enclosure) -> Enclosure:
        return self.neg(self.extreme(*[self.neg(v) for v in values]))

    def stepped(self, function: Callable[..., Any], a: Enclosure) -> Enclosure:
        """Return a number rounded to a whole one."""
        return a if a.missing else Enclosure(function(a.low, self.bits, DOWN), function(a.high, self.bits, UP))

    def trunc(self, a: Enclosure) -> Enclosure:
        if a.zero or a.missing:
            return a
        if a.sign == -1:
            return self.neg(self.trunc(self.neg(a)))
        return self.stepped(mpf_floor, a) if a.sign == 1 else self.increasing(self.trunc, a)


def operations(bits: int) -> dict[str, Callable[..., Enclosure]]:
    """Return the operations of tapes by name, for ends of so many binary digits, `number` of a double,
    and `between` two doubles.

    >>> f = operations(200)
    >>> one, tiny = f["number"](1.0), f["exp"](f["number"](-50.0))
    >>> f["sub"](f["add"](one, tiny), one).double()
    1.9287498479639178e-22
    """
    f = Functions(bits)
    comparisons = {
        "<": (True, False, False), "<=": (True, True, False), ">": (False, False, True), ">=": (False, True, True),
        "==": (False, True, False), "!=": (True, False, True),
    }  # fmt: skip
    return {
        "number": f.number, "between": lambda low, high: Enclosure(f.number(low).low, f.number(high).high), "add": f.add, "sub": f.sub, "neg": f.neg, "mul": f.mul, "div": f.div, "pow": f.power,
        "reciprocal": lambda a: f.div(f.one, a), "square": f.square, "cube": lambda a: f.whole_power(a, 3),
        "fourth": lambda a: f.whole_power(a, 4), "sqrt": f.sqrt, "abs": f.absolute, "exp": f.exp, "expm1": f.expm1,
        "log": f.log, "log1p": f.log1p, "log2": lambda a: f.div(f.log(a), f.ln2),
        "log10": lambda a: f.div(f.log(a), f.log(f.number(10.0))), "log_base": lambda a, b: f.div(f.log(a), f.log(b)),
        "sin": lambda a: f.wave(mpf_sin, a), "cos": lambda a: f.wave(mpf_cos, a), "tan": f.tan, "atan2": f.atan2,
        "asin": lambda a: f.within(mpf_asin, a, MINUS, fone), "acos": lambda a: f.within(mpf_acos, a, MINUS, fone, falls=True),
        "atan": lambda a: f.within(mpf_atan, a), "asinh": lambda a: f.within(mpf_asinh, a),
        "acosh": lambda a: f.within(mpf_acosh, a, fone), "atanh": lambda a: f.within(mpf_atanh, a, MINUS, fone),
        "cosh": f.cosh, "sinh": f.sinh, "tanh": f.tanh, "sech2": f.sech2, "expit": f.expit, "softplus": f.softplus,
        "logaddexp": f.logaddexp, "logcosh": f.logcosh, "erf": f.erf, "erfc": f.erfc,
        "exp_scaled": lambda a, m: f.exp(f.sub(a, m)), "cosh_scaled": lambda a, m: f.mul(f.cosh(a), f.exp(f.neg(m))),
        "sinh_scaled": lambda a, m: f.mul(f.sinh(a), f.exp(f.neg(m))), "expm1_scaled": f.expm1_scaled,
        "sign": f.sign, "floor": lambda a: f.stepped(mpf_floor, a), "ceiling": lambda a: f.stepped(mpf_ceil, a),
        "trunc": f.trunc, "missing": f.is_missing, "held": lambda a: a, "pmax": f.extreme, "pmin": f.least, "ifelse": f.choose, "&": f.both,
        "|": f.either, "!": f.negative, **{name: compared(f, sides) for name, sides in comparisons.items()},
    }  # fmt: skip


def compared(f: Functions, sides: tuple[bool, bool, bool]) -> Callable[[Enclosure, Enclosure], Enclosure]:
    return lambda a, b: f.compare(a, b, *sides)


REDUCTIONS = {"sum": "add", "prod": "mul", "max_of": "pmax", "min_of": "pmin"}
