"""The gamma function and its logarithm, for databases that lack them."""

import math
from typing import Final

from secantd.export.sql.expand import Expansion, Macro, polynomial

__all__ = ["GAMMA"]

# log(gamma(x))/((x - 1)(x - 2)) for x from 1 to 2, in powers of 2x - 3, from its Chebyshev series to 60 digits.
NEAR: Final = (
    0.4831289505409809, -0.07297994795715304, 0.01572785026864124, -0.003913560937626382, 0.0010498186644489656,
    -0.00029455070151447566, 8.510090382507709e-05, -2.509432873100561e-05, 7.511391134979752e-06, -2.274246996515623e-06,
    6.948461695085761e-07, -2.1386491882116746e-07, 6.622899723826762e-08, -2.0616620561052955e-08, 6.448537660005262e-09,
    -2.024502591283405e-09, 6.34708063084356e-10, -2.0030279061447333e-10, 6.659994986020335e-11, -2.1320952445184018e-11,
    4.705387815328221e-12, -1.4335363911170717e-12, 1.2510413599689193e-12, -4.121881348704856e-13,
)  # fmt: skip
# B(2k)/(2k (2k - 1)), DLMF 5.11.1.
STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
# Stirling's series has all digits from here on; what is below is moved up by as much.
LARGE, STEPS = 13.0, 10
HALF_LOG_2PI: Final = 0.9189385332046728


def stirling(to: Expansion, x: int) -> int:
    """Return log(gamma(x)) for large x."""
    one = to.number(1.0)
    series = to.emit("div", polynomial(to, STIRLING, to.emit("div", one, to.emit("square", x))), x)
    main = to.emit("mul", to.emit("sub", x, to.number(0.5)), to.emit("sub", to.emit("log", x), one))
    return to.emit("add", main, to.number(HALF_LOG_2PI - 0.5), series)


def positive(to: Expansion, x: int) -> int:
    """Return log(gamma(x)) for x above 0."""
    one, two, three = to.number(1.0), to.number(2.0), to.number(3.0)
    below, above = to.emit("<", x, one), to.emit(">", x, two)
    y = to.emit("ifelse", below, to.emit("add", x, one), to.emit("ifelse", above, to.emit("sub", x, one), x))
    t = to.emit("sub", to.emit("mul", two, y), three)
    near = to.emit("mul", polynomial(to, NEAR, t), to.emit("sub", y, one), to.emit("sub", y, two))
    # gamma(x + 1) = x gamma(x), DLMF 5.5.1.
    rest = to.emit("ifelse", below, to.emit("neg", to.emit("log", x)), to.emit("log", y))
    near = to.emit("ifelse", to.emit("|", below, above), to.emit("add", near, rest), near)
    product = x
    for k in range(1, STEPS):
        product = to.emit("mul", product, to.emit("add", x, to.number(float(k))))
    moved = to.emit("sub", stirling(to, to.emit("add", x, to.number(float(STEPS)))), to.emit("log", product))
    far = to.choose("<", x, to.number(LARGE), moved, stirling(to, x))
    far = to.choose("<", x, to.number(math.inf), far, x)
    return to.choose("<", x, three, near, far)


def log_gamma(to: Expansion, args: tuple[int, ...]) -> int:
    """log(|gamma(x)|); below 0 by DLMF 5.5.3."""
    (x,) = args
    zero, one = to.number(0.0), to.number(1.0)
    up = to.choose("<=", x, zero, to.emit("sub", one, x), x)
    value = positive(to, up)
    sine = to.emit("abs", to.emit("sinpi", x))
    mirrored = to.emit("sub", to.emit("sub", to.number(math.log(math.pi)), to.emit("log", sine)), value)
    mirrored = to.choose("==", to.emit("floor", x), x, to.number(math.inf), mirrored)
    return to.choose("<=", x, zero, mirrored, value)


def gamma(to: Expansion, args: tuple[int, ...]) -> int:
    """The gamma function; its poles are NaN."""
    (x,) = args
    zero, one = to.number(0.0), to.number(1.0)
    up = to.choose("<=", x, zero, to.emit("sub", one, x), x)
    value = to.emit("exp", positive(to, up))
    # Where gamma(1 - x) is infinite the quotient is 0, as gamma(x) is.
    mirrored = to.emit("div", to.emit("div", to.number(math.pi), to.emit("sinpi", x)), value)
    mirrored = to.choose("==", to.emit("floor", x), x, to.number(math.nan), mirrored)
    return to.choose("<=", x, zero, mirrored, value)


GAMMA: dict[str, Macro] = {"gamma": gamma, "lgamma": log_gamma}
