"""Values of a tape where doubles overflow or underflow in between: numbers with exponents of any size.

x^2/(1 + x^2) is 1 at 1e200, but x^2 is Inf in double precision and the quotient NaN. A point at which an output is not finite is
computed once more with numbers m · 2^e, where m is a double and e a whole number of any size. Where that is NaN as well,
the point is outside the domain. What is larger than the largest double only at the end stays infinite.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from secantd.functions import FUNCTIONS
from secantd.interrupt import paced
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["WORK", "Wide", "recomputed"]

# Operations, counting rows of data, that are computed so: a fifth of a second.
WORK = 100_000
# Exponents with which a double has all its digits.
LOW, HIGH = -1021, 1024
# Beyond it an exponent is no double any more: the number is infinite or 0.
FARTHEST = 10**300
# By how many digits a sum may be smaller than its terms, if no double holds them.
CANCELLED = 30
# ln 2 in two parts, the first with so few digits that its products are exact (Cody and Waite 1980).
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LN2 = math.log(2.0)


class Wide:
    """The number m · 2^e, with 1/2 <= |m| < 1, or m = 0, infinite or NaN."""

    __slots__ = ("e", "m")

    def __init__(self, m: float, e: int = 0) -> None:
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
    """Return a sum; NaN where nothing is left of terms that are larger than all doubles."""
    total = terms[0]
    largest = max([t.e for t in terms])
    for t in terms[1:]:
        if not (total.m and t.m and total.finite and t.finite):
            total = Wide(total.m + t.m, total.e or t.e) if total.finite and t.finite else Wide(total.m + t.m)
            continue
        high, low = (total, t) if total.e >= t.e else (t, total)
        total = Wide(high.m + math.ldexp(low.m, max(low.e - high.e, -1100)), high.e)
    lost = largest > HIGH and total.finite and (not total.m or total.e < largest - CANCELLED)
    return Wide(math.nan) if lost else total


def multiply(*factors: Wide) -> Wide:
    """Return a product; NaN, as for doubles, where a 0, which rounding may have made, meets a number larger than all doubles."""
    if any(not f.m for f in factors) and any(f.e > HIGH for f in factors):
        return Wide(math.nan)
    m, e = factors[0].m, factors[0].e
    for f in factors[1:]:
        m, more = math.frexp(m * f.m)
        e += f.e + more
    return Wide(m, e)


def negate(a: Wide) -> Wide:
    return Wide(-a.m, a.e)


def divide(a: Wide, b: Wide) -> Wide:
    return Wide(a.m / b.m, a.e - b.e) if b.m else Wide(float(operation("div").careful(a.m, b.m)))


def exponential(a: Wide) -> Wide:
    x = float(a)
    if not math.isfinite(x):
        # Of numbers beyond doubles only the sign counts.
        return Wide(math.inf if x > 0.0 else 0.0 if x < 0.0 else x)
    k = round(x / LN2) if abs(x) < 1e300 else int(x)
    r = (x - k * LN2_HIGH) - k * LN2_LOW if abs(k) < 1 << 40 else 0.0
    return Wide(math.exp(r), k)


def logarithm(a: Wide) -> Wide:
    if a.narrow or not a.m > 0.0:
        return Wide(operation("log").careful(a.m if not a.narrow else float(a)))
    return Wide(math.log(a.m) + a.e * LN2)


def log1p(a: Wide) -> Wide:
    return Wide(operation("log1p").careful(float(a))) if a.e <= HIGH else logarithm(a)


def expm1(a: Wide) -> Wide:
    x = float(a)
    return exponential(a) if x > 700.0 else Wide(math.expm1(x))


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
    return exponential(a) if x < -700.0 else Wide(operation("softplus").careful(x))


def sech2(a: Wide) -> Wide:
    x = float(a)
    return (
        multiply(Wide(4.0), exponential(Wide(-2.0 * abs(x)))) if abs(x) > 300.0 else Wide(operation("sech2").careful(x))
    )


def hyperbolic(sign: float) -> Callable[[Wide], Wide]:
    """Return cosh for the sign 1, sinh for -1."""

    def function(a: Wide) -> Wide:
        x = float(a)
        if abs(x) < 700.0 or x != x:
            return Wide(math.cosh(x) if sign > 0.0 else math.sinh(x))
        half = multiply(Wide(0.5), exponential(Wide(abs(x))))
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
    "sqrt": square_root, "cosh": hyperbolic(1.0), "sinh": hyperbolic(-1.0), "abs": lambda a: Wide(abs(a.m), a.e),
    "sign": lambda a: Wide(operation("sign").careful(a.m)), "pmax": extreme(1.0), "pmin": extreme(-1.0), "held": lambda a: a,
    "ifelse": choose, **{name: compare(name) for name in ("<", "<=", ">", ">=", "==", "!=")},
    "expit": lambda a: divide(Wide(1.0), add(Wide(1.0), exponential(negate(a)))),
    "softplus": softplus, "sech2": sech2,
    "exp_scaled": lambda a, m: exponential(add(a, negate(m))),
    "cosh_scaled": lambda a, m: multiply(hyperbolic(1.0)(a), exponential(negate(m))),
    "sinh_scaled": lambda a, m: multiply(hyperbolic(-1.0)(a), exponential(negate(m))),
    "expm1_scaled": lambda a, m: multiply(expm1(a), exponential(negate(m))),
}  # fmt: skip
REDUCTIONS: dict[str, Callable[[Sequence[Wide]], Wide]] = {
    "sum": reduced(add), "prod": reduced(multiply), "max_of": reduced(extreme(1.0)), "min_of": reduced(extreme(-1.0)),
}  # fmt: skip


def recomputed(tape: Tape, values: Sequence[float]) -> list[Wide] | None:
    """Return the outputs of a tape at a point, None where that would take long.

    Args:
        tape: The instructions; each output is a number.
        values: A float for each variable.

    >>> from secantd.expression import Graph
    >>> from secantd.program.tape import record
    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> square = g.make("mul", x, x)
    >>> tape = record([g.make("div", square, g.make("add", g.number(1), square))], ["x"], {})
    >>> [float(v) for v in recomputed(tape, [1e200])]
    [1.0]
    """
    if sum([i.rows for i in tape.code]) > WORK:
        return None
    slots: list[Any] = [None] * tape.slots
    for slot, value in (*enumerate(values), *tape.constants.items()):
        slots[slot] = [Wide(v) for v in value.tolist()] if isinstance(value, np.ndarray) else Wide(value)
    for op, args, out, _ in paced(tape.code):
        arguments = [slots[a] for a in args]
        if op in REDUCTIONS:
            slots[out] = REDUCTIONS[op](arguments[0])
            continue
        f = OPERATIONS.get(op) or narrow(op)
        rows = next((len(a) for a in arguments if isinstance(a, list)), 0)
        if rows:
            columns = [a if isinstance(a, list) else [a] * rows for a in arguments]
            slots[out] = [f(*row) for row in zip(*columns, strict=True)]
        else:
            slots[out] = f(*arguments)
    return [slots[o] for o in tape.outputs]


def narrow(op: str) -> Callable[..., Wide]:
    """Return a function of doubles; where its value is none, it is that of the row of its logarithm: densities, probabilities and gamma."""
    careful = operation(op).careful
    name = "lgamma" if op == "gamma" else f"{op}.log"
    logarithmic = operation(name).careful if name in FUNCTIONS and op[0] in "dpg" and "_" not in op else None

    def function(*values: Wide) -> Wide:
        arguments = [float(v) for v in values]
        found = Wide(careful(*arguments))
        lost = found.m > 0.0 and not found.finite if op == "gamma" else not found.m or not found.narrow
        return exponential(Wide(logarithmic(*arguments))) if logarithmic is not None and lost else found

    return function
