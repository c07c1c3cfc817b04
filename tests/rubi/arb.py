"""Values and derivatives of Rubi's formulas by balls of complex numbers, as truncated power series: no rule of ours takes part.

The functions are those of complex numbers, on their principal branches, as in the system that Rubi is written for.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from alterations import names, parts
from flint import acb, acb_series, arb, ctx, fmpq
from maxima import rational

__all__ = ["NoValueError", "ball", "incomplete_gammas", "jet", "number", "positive_together"]

Tree = tuple[Any, ...]
# The coefficients of 1 and of the step.
LENGTH = 2
# Points at which positive values are looked for.
TRIED = 200


class NoValueError(Exception):
    """A formula without a derivative at a point, or with a function that is not here; the text is the reason."""


def number(value: Fraction | float) -> acb:
    """Return a rational number as a ball."""
    exact = Fraction(value)
    return acb(arb(fmpq(exact.numerator, exact.denominator)))


def series(*coefficients: Any) -> acb_series:
    return acb_series(list(coefficients), prec=LENGTH)


def sinh(z: acb_series) -> acb_series:
    return (z.exp() - (-z).exp()) / 2


def cosh(z: acb_series) -> acb_series:
    return (z.exp() + (-z).exp()) / 2


def asin(z: acb_series) -> acb_series:
    i = acb(0, 1)
    return ((z * i + (1 - z * z).sqrt()).log()) * (-i)


def acos(z: acb_series) -> acb_series:
    return acb.pi() / 2 - asin(z)


def asinh(z: acb_series) -> acb_series:
    return (z + (z * z + 1).sqrt()).log()


def acosh(z: acb_series) -> acb_series:
    return (z + (z - 1).sqrt() * (z + 1).sqrt()).log()


def atanh(z: acb_series) -> acb_series:
    return ((1 + z).log() - (1 - z).log()) / 2


def polygamma(order: int, z: acb_series) -> acb_series:
    """Return a derivative of the logarithm of the gamma function, from the power series at the value of z."""
    inner = acb_series([z[0], 1], prec=order + 3)
    before, ctx.cap = ctx.cap, order + 3
    try:
        found = inner.lgamma()
        for _ in range(order + 1):
            found = found.derivative()
        value, slope = found[0], found[1]
    finally:
        ctx.cap = before
    return series(value, slope * z[1])


def psi(*arguments: acb_series) -> acb_series:
    order = 0
    if len(arguments) == 2:
        found = arguments[0][0].real.unique_fmpz()
        if found is None or found < 0:
            raise NoValueError("an order of psi that is no whole number")
        order = int(found)
    return polygamma(order, arguments[-1])


def incomplete(a: acb_series, z: acb_series) -> acb_series:
    # d/dz of the upper incomplete gamma function (DLMF 8.8.13); its parameter is a constant.
    return series(z[0].gamma_upper(a[0]), -(((a[0] - 1) * z[0].log() - z[0]).exp()) * z[1])


def lambert(z: acb_series) -> acb_series:
    w = z[0].lambertw()
    return series(w, w.exp() ** -1 / (1 + w) * z[1])


ONE: dict[str, Callable[[acb_series], acb_series]] = {
    "sqrt": lambda z: z.sqrt(), "exp": lambda z: z.exp(), "log": lambda z: z.log(), "sin": lambda z: z.sin(), "cos": lambda z: z.cos(),
    "tan": lambda z: z.tan(), "sec": lambda z: 1 / z.cos(), "csc": lambda z: 1 / z.sin(), "cot": lambda z: z.cos() / z.sin(),
    "sinh": sinh, "cosh": cosh, "tanh": lambda z: sinh(z) / cosh(z), "sech": lambda z: 1 / cosh(z), "csch": lambda z: 1 / sinh(z),
    "coth": lambda z: cosh(z) / sinh(z), "asin": asin, "acos": acos, "atan": lambda z: z.atan(), "asinh": asinh, "acosh": acosh,
    "atanh": atanh, "asec": lambda z: acos(1 / z), "acsc": lambda z: asin(1 / z), "acot": lambda z: (1 / z).atan(),
    "asech": lambda z: acosh(1 / z), "acsch": lambda z: asinh(1 / z), "acoth": lambda z: atanh(1 / z),
    "erf": lambda z: z.erf(), "erfc": lambda z: z.erfc(), "erfi": lambda z: z.erfi(), "lnGAMMA": lambda z: z.lgamma(),
    "ProductLog": lambert,
}  # fmt: skip
ONE |= {f"arc{name[1:]}": ONE[name] for name in "asin acos atan asinh acosh atanh asec acsc asech acsch".split()}


def jet(tree: Tree, variable: str, at: Mapping[str, acb], bits: int = 300) -> tuple[acb, acb]:
    """Return a formula's value and its derivative with respect to a variable, as balls.

    Args:
        tree: The formula.
        variable: The variable.
        at: The value of each variable.
        bits: The precision.

    Raises:
        NoValueError: There is no derivative at the point, or a function is not known here.

    >>> from maxima import parsed
    >>> value, slope = jet(parsed("x^2*y^(1/2)"), "x", {"x": acb(3), "y": acb(4)})
    >>> ball(value), ball(slope)
    ('18.000000000000000000', '12.000000000000000000')
    """
    before, ctx.prec = ctx.prec, bits
    cap, ctx.cap = ctx.cap, LENGTH
    try:
        found = computed(tree, variable, at)
        value, slope = found[0], found[1]
    except (ZeroDivisionError, ValueError, OverflowError) as error:
        raise NoValueError(str(error)) from None
    finally:
        ctx.prec, ctx.cap = before, cap
    if not (value.is_finite() and slope.is_finite()):
        raise NoValueError("no finite value")
    return value, slope


def incomplete_gammas(tree: Tree) -> list[Tree]:
    """Return the arguments x of GAMMA(a, x) in a tree."""
    own = [tree[2][1]] if tree[0] == "call" and tree[1] == "GAMMA" and len(tree[2]) == 2 else []
    return own + [z for part in parts(tree) for z in incomplete_gammas(part)]


def positive_together(trees: Sequence[Tree], others: Sequence[Tree] = ()) -> bool:
    """Return whether formulas are all positive at one of some real points, where others are real.

    >>> from maxima import parsed
    >>> positive_together([parsed("x-1"), parsed("2-x")]), positive_together([parsed("a*x"), parsed("-a*x")])
    (True, False)
    """
    chance = random.Random(1)
    every = sorted(set().union(*map(names, [*trees, *others])))
    for _ in range(TRIED if trees else 0):
        at = {name: number(round(chance.uniform(-3.0, 3.0), 3)) for name in every}
        try:
            values = [jet(tree, "", at)[0] for tree in trees]
            if not all(value.real > 0 and value.imag.contains(0) for value in values):
                continue
            if all(jet(tree, "", at)[0].imag.contains(0) for tree in others):
                return True
        except NoValueError:
            continue
    return not trees


def computed(tree: Tree, variable: str, at: Mapping[str, acb]) -> acb_series:
    kind = tree[0]
    if kind == "number":
        return series(number(Fraction(tree[1])))
    if kind == "name":
        name = tree[1]
        constants = {"%pi": acb.pi(), "%e": acb(1).exp(), "%i": acb(0, 1)}
        if name in constants:
            return series(constants[name])
        return series(at[name], 1) if name == variable else series(at[name])
    if kind == "list":
        raise NoValueError("a list")
    if kind == "call":
        return called(tree[1], [computed(a, variable, at) for a in tree[2]])
    a = computed(tree[1], variable, at)
    if kind == "neg":
        return -a
    if kind == "pow":
        return power(a, tree[2], variable, at)
    b = computed(tree[2], variable, at)
    return a + b if kind == "add" else a - b if kind == "sub" else a * b if kind == "mul" else a / b


def called(name: str, arguments: list[acb_series]) -> acb_series:
    if name in ONE and len(arguments) == 1:
        return ONE[name](arguments[0])
    if name == "GAMMA":
        return arguments[0].gamma() if len(arguments) == 1 else incomplete(*arguments)
    if name == "Psi":
        return psi(*arguments)
    raise NoValueError(f"{name}() is not known here")


def power(base: acb_series, exponent: Tree, variable: str, at: Mapping[str, acb]) -> acb_series:
    known = rational(exponent)
    if known is not None and known.denominator == 1 and abs(known) < 10_000:
        found, n, square = series(acb(1)), abs(int(known)), base
        while n:
            if n & 1:
                found = found * square
            square, n = square * square, n >> 1
        return 1 / found if known < 0 else found
    if known is not None and known.denominator == 2 and abs(known) < 10_000:
        whole = power(base, ("number", str(abs(known.numerator) // 2)), variable, at) * base.sqrt()
        return 1 / whole if known < 0 else whole
    return (base.log() * computed(exponent, variable, at)).exp()


def ball(value: acb) -> str:
    """Return a ball as text: its real part, and the imaginary one unless that may be 0."""
    return value.real.str(20) if 0 in value.imag else f"{value.real.str(20)} + {value.imag.str(20)} i"
