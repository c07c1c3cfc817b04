"""Functions that databases lack, in operations that they have."""

import math
from typing import Final

from secantd.export.sql.expand import Expansion, Macro, polynomial
from secantd.export.sql.gamma import GAMMA

__all__ = ["MACROS"]

# exp(x²) erfc(x) (1 + 2x) in powers of (x - 3.75)/(x + 3.75), from its Chebyshev series to 60 digits; truncated at 2e-16.
# The variable is that of M. M. Shepherd and J. G. Laframboise, Math. Comp. 36 (1981), 249-253.
SCALED: Final = (
    1.2375126308378275, -0.14024059858554702, 0.00358541548546369, 0.08227673849015112, -0.10880393014170746,
    0.09230432116019517, -0.05869339859054762, 0.02836227742156851, -0.009746579547619623, 0.0017556258319220233,
    0.00029371359480570737, -0.0002901539763460068, 5.164940777546399e-05, 2.2383900563041527e-05, -1.1445049125831309e-05,
    -9.728189861867202e-07, 1.7534434251106334e-06, -5.831950342145813e-08, -2.6114702359900956e-07, 2.4362700816477473e-08,
    4.0971223152703005e-08, -4.453191645424103e-09, -6.545560212480267e-09, 5.820899514310995e-10, 9.02214970034059e-10,
    -4.9656323099806433e-11, -7.33950500852954e-11, 1.79625782521633e-12,
)  # fmt: skip
CENTRE: Final = 3.75
# Beyond it erfc(x) is below the smallest double.
LAST: Final = 27.5
# Below it erf(x) is its Taylor series, DLMF 7.6.1.
NEAR: Final = 0.5
TAYLOR: Final = tuple(2.0 / math.sqrt(math.pi) * (-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(13))


def log1p(to: Expansion, args: tuple[int, ...]) -> int:
    """log(1 + x): what rounding takes from u = 1 + x is put back by the factor x/(u - 1) (W. Kahan)."""
    (x,) = args
    one = to.number(1.0)
    u = to.emit("add", one, x)
    kept = to.emit("sub", u, one)
    log = to.emit("log", u)
    exact = to.choose("==", kept, x, log, to.emit("mul", log, to.emit("div", x, kept)))
    return to.choose("==", u, one, x, exact)


def expm1(to: Expansion, args: tuple[int, ...]) -> int:
    """exp(x) - 1: near 0 as (u - 1) x/log(u) with u = exp(x) (W. Kahan)."""
    (x,) = args
    one = to.number(1.0)
    u = to.emit("exp", x)
    less = to.emit("sub", u, one)
    near = to.choose("==", u, one, x, to.emit("mul", less, to.emit("div", x, to.emit("log", u))))
    return to.choose("<", to.emit("abs", x), one, near, less)


def small_erf(to: Expansion, x: int) -> int:
    return to.emit("mul", x, polynomial(to, TAYLOR, to.emit("square", x)))


def far_erfc(to: Expansion, x: int) -> int:
    """Return erfc(x) for x of at least 0.5."""
    centre, one = to.number(CENTRE), to.number(1.0)
    t = to.emit("div", to.emit("sub", x, centre), to.emit("add", x, centre))
    scaled = to.emit("div", polynomial(to, SCALED, t), to.emit("add", one, to.emit("mul", to.number(2.0), x)))
    value = to.emit("mul", to.emit("exp", to.emit("neg", to.emit("square", x))), scaled)
    return to.choose("<", x, to.number(LAST), value, to.number(0.0))


def erf(to: Expansion, args: tuple[int, ...]) -> int:
    """The error function."""
    (x,) = args
    size = to.emit("abs", x)
    far = to.emit("sub", to.number(1.0), far_erfc(to, size))
    far = to.choose("<", x, to.number(0.0), to.emit("neg", far), far)
    return to.choose("<", size, to.number(NEAR), small_erf(to, x), far)


def erfc(to: Expansion, args: tuple[int, ...]) -> int:
    """1 - erf(x), with all digits far out."""
    (x,) = args
    size = to.emit("abs", x)
    far = far_erfc(to, size)
    far = to.choose("<", x, to.number(0.0), to.emit("sub", to.number(2.0), far), far)
    return to.choose("<", size, to.number(NEAR), to.emit("sub", to.number(1.0), small_erf(to, x)), far)


def remainder(to: Expansion, args: tuple[int, ...]) -> int:
    """a - b*floor(a/b): the sign is that of b."""
    a, b = args
    zero = to.number(0.0)
    r = to.emit("fmod", a, b)
    signs = to.emit("!=", to.emit("<", r, zero), to.emit("<", b, zero))
    moved = to.emit("ifelse", signs, to.emit("add", r, b), r)
    return to.choose("==", b, zero, to.number(math.nan), to.choose("==", r, zero, r, moved))


def quotient(to: Expansion, args: tuple[int, ...]) -> int:
    """floor(a/b)"""
    a, b = args
    plain = to.emit("div", a, b)
    q = to.emit("div", to.emit("sub", a, remainder(to, args)), b)
    below = to.emit("floor", q)
    one = to.number(1.0)
    whole = to.choose(">", to.emit("sub", q, below), to.number(0.5), to.emit("add", below, one), below)
    # What is not finite has no difference from itself.
    return to.emit("ifelse", to.emit("missing", to.emit("sub", plain, plain)), plain, whole)


def asinh(to: Expansion, args: tuple[int, ...]) -> int:
    """sign(x) log1p(a + a²/(1 + sqrt(1 + a²))) with a = |x|; far out log(2a)."""
    (x,) = args
    size, one, zero = to.emit("abs", args[0]), to.number(1.0), to.number(0.0)
    square = to.emit("square", size)
    root = to.emit("sqrt", to.emit("add", one, square))
    near = to.emit("log1p", to.emit("add", size, to.emit("div", square, to.emit("add", one, root))))
    far = to.emit("add", to.emit("log", size), to.number(math.log(2.0)))
    value = to.choose("<", size, to.number(1e8), near, far)
    return to.choose("<", x, zero, to.emit("neg", value), value)


def acosh(to: Expansion, args: tuple[int, ...]) -> int:
    """log1p(d + sqrt(d (2 + d))) with d = x - 1; far out log(2x)."""
    (x,) = args
    d = to.emit("sub", x, to.number(1.0))
    near = to.emit("log1p", to.emit("add", d, to.emit("sqrt", to.emit("mul", d, to.emit("add", to.number(2.0), d)))))
    near = to.choose("<", d, to.number(0.0), to.number(math.nan), near)
    far = to.emit("add", to.emit("log", x), to.number(math.log(2.0)))
    return to.choose("<", x, to.number(1e8), near, far)


MACROS: dict[str, Macro] = {
    **GAMMA,
    "acosh": acosh,
    "asinh": asinh,
    "log1p": log1p,
    "expm1": expm1,
    "erf": erf,
    "erfc": erfc,
    "%%": remainder,
    "%/%": quotient,
}
