"""Exact values of terms and functions of rational constants."""

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from secantd.proof.reals import Term, Terms, below

__all__ = ["COMPARE", "constant", "value_of_constants"]

COMPARE: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
EXACT: Final[dict[str, Callable[..., Fraction]]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "Rabs": abs, "max": max, "min": min,
}  # fmt: skip
SIMPLE: Final[dict[str, Callable[..., Fraction | int]]] = {
    "floor": math.floor, "ceiling": math.ceil, "abs": abs, "sign": lambda a: (a > 0) - (a < 0), "pmax": max, "pmin": min,
}  # fmt: skip
# 170! is the largest factorial that a double can hold.
LARGEST: Final = 170
# The largest exponent of a constant that is computed.
EXPONENT: Final = 400


def constant(term: Term) -> Fraction | None:
    """Return the rational value of a term, None if it is not known exactly or the term divides by 0.

    >>> t = Terms()
    >>> constant(t.make("sub", t.number(3), t.make("div", t.number(1), t.number(2)))), constant(t.variable("x"))
    (Fraction(5, 2), None)
    """
    if term.op == "number":
        return term.value
    found: dict[int, Fraction] = {}
    for part in below([term]):
        args = [found[a.index] for a in part.args]
        if part.op == "number":
            value = part.value
        elif part.op in EXACT:
            value = EXACT[part.op](*args)
        elif part.op in ("div", "inv") and args[-1]:
            value = args[0] / args[1] if part.op == "div" else 1 / args[0]
        elif part.op == "pow" and part.exponent <= EXPONENT:
            value = args[0] ** part.exponent
        else:
            return None
        found[part.index] = value
    return found[term.index]


def value_of_constants(terms: Terms, op: str, args: Sequence[Fraction]) -> Term | None:
    """Return the term of a function of constants that is known exactly; None for others.

    gamma(n) is (n - 1)! for a positive whole n, and a rational multiple of sqrt(pi) for half-integers. lgamma is its logarithm, and
    choose(n, k) a binomial coefficient.

    >>> t = Terms()
    >>> made = [value_of_constants(t, "gamma", [Fraction(5)]), value_of_constants(t, "choose", [Fraction(5), Fraction(2)])]
    >>> [int(term.value) for term in made if term], value_of_constants(t, "gamma", [Fraction(1, 3)])
    ([24, 10], None)
    """
    if op in SIMPLE:
        return terms.number(SIMPLE[op](*args))
    if any(not 0 <= a <= LARGEST + 1 for a in args):
        return None
    if op == "choose" and all(a.denominator == 1 for a in args):
        return terms.number(math.comb(int(args[0]), int(args[1])))
    if op not in ("gamma", "lgamma") or args[0].denominator > 2 or not args[0]:
        return None
    if args[0].denominator == 1:
        value = terms.number(math.factorial(int(args[0]) - 1))
    else:
        k = int(args[0])
        share = Fraction(math.factorial(2 * k), 4**k * math.factorial(k))
        value = terms.make("mul", terms.number(share), terms.make("sqrt", terms.make("pi")))
    if op == "gamma":
        return value
    return terms.number(0) if value is terms.number(1) else terms.make("ln", value)
