"""Values of terms in many digits, to choose points at which hypotheses hold. Nothing that is proved depends on them."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from secantd.interrupt import paced
from secantd.precise.digits import DIGITS, operations
from secantd.precise.special import UnsupportedError
from secantd.proof.reals import Term, below
from secantd.proof.terms import Hypothesis

__all__ = ["holds", "values"]

# Names in Coq of the operations of `precise`.
PRECISE = {
    "ln": "log", "Rabs": "abs", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "rpower": "pow", "max": "pmax", "min": "pmin",
}  # fmt: skip


@cache
def context() -> Any:
    import mpmath  # type: ignore[import-untyped]

    found = mpmath.mp.clone()
    found.dps = DIGITS
    return found


def values(terms: Sequence[Term], at: Mapping[str, Fraction]) -> list[Any]:
    """Return the values of terms at a point in mpmath, NaN where there is no real value.

    Args:
        terms: The terms.
        at: The value of each variable.

    Raises:
        UnsupportedError: mpmath lacks a function, or a number is too large.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> [float(v) for v in values([t.make("inv", t.power(t.variable("x"), 2))], {"x": Fraction(1, 2)})]
    [4.0]
    """
    mp, table = context(), operations()
    found: dict[int, Any] = {}
    for term in paced(below(terms)):
        args = [found[a.index] for a in term.args]
        found[term.index] = value(mp, table, term, args, at)
    return [found[term.index] for term in terms]


def value(
    mp: Any, table: Mapping[str, Callable[..., Any]], term: Term, args: list[Any], at: Mapping[str, Fraction]
) -> Any:
    """Return the value of a term from those of its arguments."""
    op = term.op
    if op == "number" or op == "variable":
        number = term.value if op == "number" else at[term.name]
        return mp.mpf(number.numerator) / number.denominator
    if op == "pi":
        return +mp.pi
    if op == "add":
        return args[0] + args[1]
    if op == "sub":
        return args[0] - args[1]
    if op == "mul":
        return args[0] * args[1]
    if op == "neg":
        return -args[0]
    if op == "inv":
        return table["div"](mp.one, args[0])
    if op == "pow":
        return table["pow"](args[0], mp.mpf(term.exponent))
    if op == "if":
        u, v, yes, no = args
        holds_here = {"<": u < v, "<=": u <= v, "==": u == v}[term.name]
        return yes if holds_here else no
    name = PRECISE.get(op, op)
    if name not in table:
        raise UnsupportedError(op)
    return table[name](*args)


def holds(hypotheses: Sequence[Hypothesis], at: Mapping[str, Fraction]) -> bool:
    """Return whether all hypotheses hold at a point, as far as values to many digits decide.

    Raises:
        UnsupportedError: As for `values`.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> positive = Hypothesis("<", t.number(0), t.variable("x"), "x > 0")
    >>> holds([positive], {"x": Fraction(1, 3)}), holds([positive], {"x": Fraction(0)})
    (True, False)
    """
    sides = values([side for h in hypotheses for side in (h.left, h.right)], at)
    for i, h in enumerate(hypotheses):
        left, right = sides[2 * i], sides[2 * i + 1]
        if not (context().isfinite(left) and context().isfinite(right)):
            return False
        if not (left < right if h.relation == "<" else left != right):
            return False
    return True
