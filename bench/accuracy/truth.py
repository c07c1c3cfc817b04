"""True values of the rows of the table, by Arb with as many bits as needed.

A row is its textbook formula (`meaning`), or a primitive of `special`; quantiles without a formula are roots. The formula is
computed on balls, branch by branch as needed, until a ball is narrow enough or is refused.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from flint import arb, ctx
from secantd.expression import Node
from secantd.functions import FUNCTIONS, INNER
from secantd.language.expansion import condition_of, meaning_of

from bench.accuracy.balls import INF, NAN, OPERATIONS, Undecided, ball, decided, finite
from bench.accuracy.quantiles import QUANTILES
from bench.accuracy.special import PRIMITIVES

__all__ = ["Truth", "error", "true_value", "value_of"]

BITS = (160, 320, 640, 1280, 2560, 5120)
# A ball narrower than this part of its value is its value.
NARROW = -70
# Below all doubles, also below half of the smallest.
GONE = -1140
# Their textbook formulas have 0 * log(0) at edges.
COUNTED = ("dpois.log", "dbinom.log", "dnbinom.log", "dnbinom.mu.log")


class Truth(NamedTuple):
    """A true value: the double nearest to it, and what it has more than that in units of its last place."""

    nearest: float
    rest: float = 0.0


def value_of(op: str, args: tuple[Any, ...]) -> Any:
    """Return the value of an operation or a row at balls."""
    known = PRIMITIVES.get(op) or OPERATIONS.get(op)
    row = FUNCTIONS.get(op) or INNER.get(op)
    if any(not finite(a) and math.isnan(a) for a in args):
        return NAN
    if row is not None and row.valid:
        names = dict(zip(row.parameters, args, strict=True))
        if decided(evaluate(condition_of(op) if op in FUNCTIONS else (), names)) == 0:
            return NAN
    if known is not None:
        return known(*args)
    if op in COUNTED:
        return OPERATIONS["log"](value_of(op.removesuffix(".log"), args))
    if op in QUANTILES:
        return QUANTILES[op](value_of, *args)
    if row is None or not meaning_of(op):
        raise LookupError(op)
    return evaluate(meaning_of(op) or (), dict(zip(row.parameters, args, strict=True)))


def evaluate(nodes: tuple[Node, ...], names: Mapping[str, Any]) -> Any:
    """Return the value of the last of `nodes`; of ifelse() only the branch that counts is computed."""
    found: dict[int, Any] = {}

    def value(node: Node) -> Any:
        if node.index not in found:
            found[node.index] = computed(node)
        return found[node.index]

    def computed(node: Node) -> Any:
        if node.op == "symbol":
            return names[node.name]
        if node.op == "number":
            return decimal(node.value)
        if node.op == "ifelse":
            test, yes, no = node.args
            condition = value(test)
            if not finite(condition) and math.isnan(condition):
                return NAN
            return value(yes if decided(condition) else no)
        if node.op in ("&", "|"):
            first = value(node.args[0])
            if decided(first) == (node.op == "|"):
                return arb(int(node.op == "|"))
        return value_of(node.op, tuple(value(a) for a in node.args))

    return value(nodes[-1])


def decimal(number: float) -> Any:
    """Return the decimal that is written, not the double next to it."""
    if not math.isfinite(number):
        return number
    return arb(int(number)) if float(number).is_integer() else arb(repr(float(number)))


def true_value(op: str, args: tuple[float, ...]) -> Truth | None:
    """Return the true value of a row, None where none was found with the most bits."""
    for bits in BITS:
        before, ctx.prec = ctx.prec, bits
        try:
            value = value_of(op, tuple(map(ball, args)))
            if not finite(value):
                return Truth(float(value))
            if value.is_zero():
                return Truth(0.0)
            if value.is_finite() and (truth := rounded(value)) is not None:
                return truth
        except (Undecided, ZeroDivisionError, OverflowError):
            pass
        finally:
            ctx.prec = before
    return None


def rounded(value: arb) -> Truth | None:
    """Return the double nearest to a ball and the rest; None where the ball is too wide."""
    mantissa, exponent = (int(part) for part in value.mid().man_exp())
    top = mantissa.bit_length() + exponent
    radius = value.rad()
    if mantissa == 0 or radius > abs(value.mid()) * arb(2) ** NARROW:
        gone = abs(value) < arb(2) ** GONE
        return Truth(0.0) if gone else None
    if top < GONE:
        return Truth(0.0)
    sign = -1 if mantissa < 0 else 1
    if top > 1024:
        return Truth(sign * INF)
    # In units of the last place: the mantissa's leading bits, rounded to even.
    last = max(top - 53, -1074)
    shift = exponent - last
    size = abs(mantissa)
    if shift >= 0:
        count, rest = size << shift, 0.0
    else:
        count, left = divmod(size, 1 << -shift)
        rest = left / (1 << -shift)
        if rest > 0.5 or (rest == 0.5 and count % 2):
            count, rest = count + 1, rest - 1.0
    try:
        nearest = math.ldexp(count, last)
    except OverflowError:
        return Truth(sign * INF)
    return Truth(sign * nearest, sign * rest)


def unit(nearest: float) -> float:
    """Return the unit in the last place of a double."""
    return math.ulp(nearest)


def error(value: float, truth: Truth) -> float:
    """Return the error of a value in units in the last place of the double nearest to the truth.

    Where the truth is infinite, 0 or missing, the value has to be so, too: the error is 0 or infinite. Denormals have the unit
    of the smallest one; a truth below half of it is 0, as is one beyond the largest double infinite.

    >>> error(1.0000000000000002, Truth(1.0, 0.25)), error(float("nan"), Truth(float("nan"))), error(0.0, Truth(2.0))
    (0.75, 0.0, 4503599627370496.0)
    """
    nearest, rest = truth
    if math.isnan(nearest):
        return 0.0 if math.isnan(value) else INF
    if math.isinf(nearest):
        return 0.0 if value == nearest else INF
    if not math.isfinite(value):
        return INF
    if nearest == 0.0:
        return abs(value) / 5e-324
    return abs((value - nearest) / unit(nearest) - rest)
