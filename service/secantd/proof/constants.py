"""Constants: terms without variables that are rational numbers, and what functions are there."""

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from secantd.proof.reals import Term, Terms, below

__all__ = ["COMPARE", "constant", "rational_value"]

COMPARE: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
EXACT: Final[dict[str, Callable[..., Fraction]]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "neg": operator.neg, "Rabs": abs, "max": max, "min": min,
}  # fmt: skip
SIMPLE: Final[dict[str, Callable[..., Fraction | int]]] = {
    "floor": math.floor, "ceiling": math.ceil, "abs": abs, "sign": lambda a: (a > 0) - (a < 0), "pmax": max, "pmin": min,
}  # fmt: skip
# The largest factorial that is written out, as a double would be.
LARGEST: Final = 170
# The largest exponent of a constant that is computed.
EXPONENT: Final = 400


def constant(term: Term) -> Fraction | None:
    """Return the value of a term of numbers, None if it has something else or divides by 0.

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


def rational_value(terms: Terms, op: str, args: Sequence[Fraction]) -> Term | None:
    """Return the term of a function of constants that is a rational number, or the logarithm of a whole one; None for others.

    gamma(n) is (n - 1)! for a whole n, lgamma(n) its logarithm, and choose(n, k) a binomial coefficient.

    >>> t = Terms()
    >>> made = [rational_value(t, "gamma", [Fraction(5)]), rational_value(t, "choose", [Fraction(5), Fraction(2)])]
    >>> [int(term.value) for term in made if term], rational_value(t, "gamma", [Fraction(1, 2)])
    ([24, 10], None)
    """
    if op in SIMPLE:
        return terms.number(SIMPLE[op](*args))
    if op not in ("gamma", "lgamma", "choose") or any(a.denominator != 1 or not 0 <= a <= LARGEST + 1 for a in args):
        return None
    n, *rest = [int(a) for a in args]
    if op == "choose":
        return terms.number(math.comb(n, rest[0]))
    if not n:
        return None
    value = math.factorial(n - 1)
    return (
        terms.number(value)
        if op == "gamma"
        else terms.make("ln", terms.number(value))
        if value > 1
        else terms.number(0)
    )
