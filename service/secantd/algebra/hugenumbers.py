"""The size of integers that SymPy would compute: one operation on huge integers cannot be interrupted."""

import math
from collections.abc import Mapping, Sequence

from secantd.expression import Node

__all__ = ["HugeNumberError", "refuse_huge_numbers"]

# Bits of the size of a number. As a fraction a double has up to 53 times as many: Python takes a third of a second for that.
LARGEST_BITS = 50_000
# SymPy works these out for whole numbers, by products or sums of as many terms.
WORKED_OUT = frozenset(
    "beta besselI besselJ besselK besselY choose digamma factorial gamma lgamma psigamma trigamma".split()
)
MOST_TERMS = 10_000


class HugeNumberError(ValueError):
    """An expression for which SymPy would compute a number of more than LARGEST_BITS bits."""


def refuse_huge_numbers(nodes: Sequence[Node], at: Mapping[str, float] | None = None) -> None:
    """Raise HugeNumberError where SymPy, given these nodes, arguments first, would work out huge numbers.

    Args:
        nodes: What SymPy is given.
        at: Values that are put in place of variables.

    >>> from secantd.language import read
    >>> from secantd.expression import reachable
    >>> refuse_huge_numbers(reachable(read("(2^100*x)^9").outputs))
    >>> refuse_huge_numbers(reachable(read("2^((x/100)^12)").outputs))
    >>> refuse_huge_numbers(reachable(read("5040^((x - 12)^12)").outputs))
    Traceback (most recent call last):
    secantd.algebra.hugenumbers.HugeNumberError
    >>> refuse_huge_numbers(reachable(read("2^2^2^2^2^2 + x").outputs))
    Traceback (most recent call last):
    secantd.algebra.hugenumbers.HugeNumberError
    """
    bits: dict[int, float] = {}
    terms: dict[int, float] = {}
    constants: set[int] = set()
    at = at or {}
    for node in nodes:
        constant = [a.index in constants for a in node.args]
        if (node.op not in ("symbol", "data") and all(constant)) or (node.op == "symbol" and node.name in at):
            constants.add(node.index)
        if node.op == "symbol" or node.op == "number":
            found = bits_of_number(at.get(node.name, 1.0) if node.op == "symbol" else node.value)
        else:
            found = bits_of(node, [bits[a.index] for a in node.args], constant)
        terms[node.index] = bits_of_constant_term(node, [terms[a.index] for a in node.args], found, constant)
        if node.op == "pow" and not constant[1] and terms[node.args[1].index]:
            # SymPy makes 5040^x 5040^(12^12) of 5040^(x + 12^12).
            found = max(found, bits[node.args[0].index] * math.exp2(min(terms[node.args[1].index], 1000.0)))
        bits[node.index] = found
        if found > LARGEST_BITS:
            raise HugeNumberError


def bits_of_constant_term(node: Node, args: Sequence[float], own: float, constant: Sequence[bool]) -> float:
    """Return a bound of the bits of the constant term of a node that is multiplied out; 0 if it has none."""
    if not args:
        return 0.0 if node.op in ("symbol", "data") else own
    if node.op == "add":
        return sum(args)
    if node.op in ("mul", "div"):
        return sum(args) if all(args) else 0.0
    if node.op == "pow":
        return own if args[0] and constant[1] else 0.0
    return args[0] if node.op in ("neg", "abs") else 0.0


def bits_of_number(value: float) -> float:
    """Return the bits of a number's size, at least one."""
    return max(1.0, abs(math.log2(abs(value)))) if value != 0.0 and math.isfinite(value) else 1.0


def bits_of(node: Node, args: Sequence[float], constant: Sequence[bool]) -> float:
    """Return a bound of the bits of the integers in a node, from those of its arguments."""
    if node.op == "pow" and constant[1]:
        # The exponent's size is 2 to its bits.
        return args[0] * math.exp2(min(args[1], 1000.0))
    if node.op in ("add", "mul", "div"):
        return sum(args)
    found = max(args, default=1.0)
    if node.op in WORKED_OUT and all(constant) and found > math.log2(MOST_TERMS):
        return math.inf
    return found
