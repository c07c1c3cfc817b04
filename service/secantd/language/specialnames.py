"""Functions of scipy.special and NumPy that are formulas for whole parameters: zeta, polynomials, interpolation."""

import math
from collections.abc import Callable

import numpy as np

from secantd.language.context import Context
from secantd.language.formulas import formula
from secantd.language.knownnumbers import known_numbers
from secantd.language.registry import LIBRARY, LibraryFunction, fixed, known_as, whole
from secantd.language.values import Value, Vector

__all__ = ["SUMMARIES"]

# The highest order of a zeta function, which is a derivative of psi, and the highest degree of a polynomial.
ORDER, DEGREE = 100, 200
# p[1], and p[k + 1] as ((a*x + b)*p[k] - c*p[k - 1])/d with whole a, b, c, d for k. Source: DLMF 18.9.
Steps = Callable[[int], tuple[int, int, int, int]]
POLYNOMIALS: dict[str, tuple[str, Steps]] = {
    "eval_legendre": ("x", lambda k: (2 * k + 1, 0, k, k + 1)),
    "eval_chebyt": ("x", lambda k: (2, 0, 1, 1)),
    "eval_chebyu": ("2*x", lambda k: (2, 0, 1, 1)),
    "eval_hermite": ("2*x", lambda k: (2, 0, 2 * k, 1)),
    "eval_hermitenorm": ("x", lambda k: (1, 0, k, 1)),
    "eval_laguerre": ("1 - x", lambda k: (-1, 2 * k + 1, k, k + 1)),
}


def step_text(a: int, b: int, c: int, d: int) -> str:
    """Return the text of a step.

    >>> step_text(3, 0, 1, 2), step_text(-1, 3, 1, 2), step_text(1, 0, 4, 1)
    ('(3*x*p - q)/2', '((3 - x)*p - q)/2', 'x*p - 4*q')
    """
    first = f"({b} - x)" if b else "x" if a == 1 else f"{a}*x"
    found = f"{first}*p - {'' if c == 1 else f'{c}*'}q"
    return found if d == 1 else f"({found})/{d}"


@known_as("zeta")
@fixed("x", optional=("q",))
def zeta(context: Context, x: Value, q: Value | None) -> Value:
    """The Hurwitz zeta function of a whole order by DLMF 25.11.12; without q, Riemann's."""
    order = whole(context, x, "the first argument of zeta()")
    if not 2 <= order <= ORDER:
        raise context.error(f"zeta() is known for whole numbers from 2 to {ORDER}", "write the number")
    factor = (-1.0) ** order / math.factorial(order - 1)
    values = {
        "q": context.number(1.0) if q is None else q,
        "n": context.number(order - 1.0),
        "c": context.number(factor),
    }
    return formula(context, "c*psigamma(q, n)", values, elementwise=True)


@known_as("multigammaln")
@fixed("a", "d")
def log_gamma_of_matrices(context: Context, a: Value, d: Value) -> Value:
    """The logarithm of the multivariate gamma function, DLMF 35.3.4."""
    size = whole(context, d, "the dimension")
    if not 1 <= size <= DEGREE:
        raise context.error(f"the dimension is a whole number from 1 to {DEGREE}")
    terms = " + ".join("lgamma(a)" if not k else f"lgamma(a - {k}/2)" for k in range(size))
    return formula(context, f"{terms} + {size * (size - 1)}/4*log(pi)", {"a": a}, elementwise=True)


def polynomial(name: str) -> LibraryFunction:
    first, steps = POLYNOMIALS[name]

    @fixed("n", "x")
    def value(context: Context, n: Value, x: Value) -> Value:
        degree = whole(context, n, f"the degree of {name}()")
        if not 0 <= degree <= DEGREE:
            raise context.error(f"the degree is a whole number from 0 to {DEGREE}")
        here = formula(context, first, {"x": x}, elementwise=True)
        if not degree:
            return formula(context, "1 + 0*x", {"x": x}, elementwise=True)
        last: Value = context.number(1.0)
        for k in range(1, degree):
            text = step_text(*steps(k)) if k > 1 else step_text(*steps(k)).replace("*q", "").replace("q", "1")
            last, here = here, formula(context, text, {"x": x, "p": here, "q": last}, elementwise=True)
        return here

    return value


SUMMARIES = {
    "eval_chebyt(n, x)": "Chebyshev polynomial of the first kind of a whole degree",
    "eval_chebyu(n, x)": "Chebyshev polynomial of the second kind of a whole degree",
    "eval_hermite(n, x)": "physicist's Hermite polynomial of a whole degree",
    "eval_hermitenorm(n, x)": "probabilist's Hermite polynomial of a whole degree",
    "eval_laguerre(n, x)": "Laguerre polynomial of a whole degree",
    "eval_legendre(n, x)": "Legendre polynomial of a whole degree",
    "interp(x, xp, fp)": "linear interpolation between increasing points, constant beyond them",
    "multigammaln(a, d)": "logarithm of the multivariate gamma function",
    "nan_to_num(x)": "x itself, with a notice: where x has no value, the formula has none",
    "zeta(x, q = 1)": "Hurwitz's zeta function of a whole number x from 2 on; its derivative with respect to q is known",
}
for each in POLYNOMIALS:
    LIBRARY[each] = polynomial(each)


@known_as("nan_to_num")
@fixed("x", optional=("copy", "nan", "posinf", "neginf"))
def nan_to_num(context: Context, x: Value, *_: Value | None) -> Value:
    """The numbers themselves: a formula has a value or has none."""
    context.notices["nan_to_num() is left out: where its argument has no value, the formula has none"] = None
    return x


@known_as("interp")
@fixed("x", "xp", "fp", optional=("left", "right", "period"))
def interpolated(
    context: Context, x: Value, xp: Value, fp: Value, left: Value | None, right: Value | None, period: Value | None
) -> Value:
    """Linear interpolation between increasing points; beyond them the values at the ends, or left and right."""
    if period is not None:
        raise context.error("np.interp() is read without a period", "write x % period for x")
    places = known_numbers(context, xp, "np.interp()")
    if np.any(np.diff(places) <= 0):
        raise context.error("np.interp() needs increasing points xp", "sort them")
    given: dict[str, Value | None] = {"x": xp, "y": fp, "xout": x, "yleft": left, "yright": right}
    named = {name: value for name, value in given.items() if value is not None}
    found = LIBRARY["approx"](context, [*named.values(), context.number(2.0)], (*named, "rule"))
    assert isinstance(found, Vector)
    return found.items[1]
