"""Where the values of a tape have lost digits at hard places: by overflow, by underflow, or by cancellation.

exp(-800) is 0 in double precision. In exp(-800) + 1 nothing is lost by it, in exp(-800)*exp(900) everything. `losses` carries, beside
each value, a bound of the absolute error that rounding and underflow have made so far: infinite where a number overflowed. It is
asked only at places where numbers are very large or small: elsewhere the values are those of double precision, whatever cancels.
Whether an output is doubtful depends on its own formula only, so that every program of a function has the same values.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.interrupt import paced
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["FAR_VALUE", "NEAR_VALUE", "far_of", "losses", "lost_at", "moderate", "neither_far", "watched"]

# From this size of a variable on powers may overflow in between, and below its reciprocal; beside exponentials 1 is no digit of it.
FAR, FAR_BESIDE = 1e30, 1e15
# Powers that are not watched in loops: they overflow only far out.
POWERS = frozenset({"cube", "fourth"})
# The same for squares of the values of exponentials and powers.
FAR_VALUE = 1e200
NEAR_VALUE = 1.0 / FAR_VALUE
# Below it a result may have underflowed: doubles have all their digits down to 2.2e-308.
TINY = 1e-307
# The error of a number that underflowed, and the relative one of rounding; functions are less exact than sums and products.
UNDERFLOW, ROUNDING = 5e-324, 1.2e-16
# An error that matters in a value: relative, and absolute because no double near 0 has more digits.
RELATIVE, ABSOLUTE = 5e-13, 1e-319
# How much larger the relative error of a special function may be than that of its arguments; larger ones than ROUGH count as infinite.
AMPLIFIED, ROUGH = 16.0, 1e-12
# Functions whose slopes are at most 1, and those whose slopes are about their values, or at most 1.
SLOPES = frozenset({"sin", "cos", "tanh", "atan", "erf", "log1p", "asinh", "logcosh", "logaddexp"})
SUMS = SLOPES | {"add", "sub", "neg", "abs", "held"}
GROWING = frozenset({
    "exp", "expm1", "sinh", "cosh", "exp_scaled", "cosh_scaled", "sinh_scaled", "expm1_scaled", "expit", "softplus", "sech2",
})  # fmt: skip
# Those of them whose slopes are at most their values; that of sech2, twice.
BELOW = frozenset({"exp", "exp_scaled", "cosh", "cosh_scaled", "expit", "softplus", "sech2"})
COMPARISONS = frozenset({"sign", "<", "<=", ">", ">=", "==", "!="})
STEPPED = COMPARISONS | {"missing", "floor", "ceiling", "trunc"}
# Operations that do not round.
UNROUNDED = STEPPED | {"neg", "abs", "held", "pmax", "pmin", "ifelse", "max_of", "min_of", "&", "|", "!"}
# Functions whose values near 0 are as exact as their arguments, so that they do not underflow.
EXACT = SLOPES | UNROUNDED | {
    "add", "sub", "round", "sqrt", "log", "log2", "log10", "log_base", "tan", "sinh", "cosh", "expm1", "atan2", "asin", "acos",
    "atanh", "acosh", "sum", "pi",
}  # fmt: skip
# Functions that make no very large or small numbers of moderate ones.
MODERATE = EXACT - {"sinh", "cosh", "expm1", "logcosh"} | {"mul", "div", "square", "reciprocal"}
# Products are 0 where one of their arguments is.
FIRST = ("div", "pow", "sinh_scaled", "expm1_scaled")
PRODUCTS = frozenset({"mul", "div", "square", "cube", "fourth", "pow", "sqrt", "prod", "sinh_scaled", "expm1_scaled"})

Values = Any  # an array or a float


def watched(tape: Tape) -> list[int]:
    """Return the slots of exponentials and powers, whose size shows whether digits may have been lost."""
    return [i.out for i in tape.code if i.op not in MODERATE and i.op not in POWERS]


def far_of(tape: Tape) -> float:
    """Return the size from which on a variable is very large, and below whose reciprocal it is very small."""
    return FAR_BESIDE if watched(tape) else FAR


def moderate(texts: Sequence[str]) -> str:
    """Return a condition in Python: numbers, given as texts, are neither very large nor very small; "" for none."""
    return " and ".join([f"{NEAR_VALUE!r} < {text} * {text} < {FAR_VALUE!r}" for text in texts])


def neither_far(names: Sequence[str]) -> str:
    """Return a condition in Python: variables beside exponentials are 0, or neither very large nor very small."""
    square = FAR_BESIDE * FAR_BESIDE
    return " and ".join([f"({1.0 / square!r} < {x} * {x} < {square!r} or not {x})" for x in names])


def losses(tape: Tape, values: Sequence[Values]) -> list[NDArray[np.bool_]]:
    """Return for each output at which points it is doubtful and has lost digits, shape (N,) or (); what is not finite has.

    Args:
        tape: The instructions; each output is a number.
        values: A finite float for each variable, or an array of shape (N,).

    >>> from secantd.expression import Graph
    >>> from secantd.program.tape import record
    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> tape = record([g.make("div", g.make("exp", x), g.make("exp", g.make("add", x, g.number(1))))], ["x"], {})
    >>> losses(tape, [np.array([-1.0, -760.0])])
    [array([False,  True])]
    """
    slots: list[Values] = [None] * tape.slots
    errors: list[Values] = [0.0] * tape.slots
    doubts: list[Values] = [False] * tape.slots
    for slot, value in (*enumerate(values), *tape.constants.items()):
        slots[slot] = value
    far = far_of(tape)
    for slot, value in enumerate(values):
        size = np.abs(value)
        doubts[slot] = ((size >= far) | (size <= 1.0 / far)) & (size > 0.0)
    with np.errstate(all="ignore"):
        for op, args, out, _ in paced(tape.code):
            arguments = [slots[a] for a in args]
            before = [errors[a] for a in args]
            result = slots[out] = operation(op).array(*arguments)
            size = np.abs(result)
            doubt = np.any(doubts[args[0]], axis=-1, keepdims=True) if operation(op).reduction else doubts[args[0]]
            for a in args[1:]:
                doubt = doubt | doubts[a]
            error = PASSED.get(op, unknown)(arguments, before, result)
            if op not in UNROUNDED:
                error = error + ROUNDING * size
            if op not in EXACT:
                small = (size < TINY) & ~exact_zero(op, arguments, before)
                error = error + np.where(small, UNDERFLOW, 0.0)
            infinite = ~np.isfinite(result) | np.isnan(error)
            errors[out] = np.where(infinite, np.inf, error)
            if op not in MODERATE:
                infinite = infinite | ~((size * size > NEAR_VALUE) & (size * size < FAR_VALUE))
            doubts[out] = doubt | infinite
        found = [~(errors[o] <= RELATIVE * np.abs(slots[o]) + ABSOLUTE) & doubts[o] for o in tape.outputs]
    vectors = tape.vectors
    return [np.asarray(f[..., 0] if vectors and np.ndim(f) and np.shape(f)[-1] == 1 else f) for f in found]


def lost_at(tape: Tape, values: Sequence[float]) -> list[bool]:
    """Return for each output whether it has lost digits at one point, as `losses` does but fifty times faster for a tape without data.

    Args:
        tape: The instructions; each output is a number.
        values: A finite float for each variable.
    """
    if tape.vectors:
        return [bool(f) for f in losses(tape, values)]
    slots: list[float] = [0.0] * tape.slots
    slots[: len(values)] = values
    for slot, value in tape.constants.items():
        slots[slot] = value  # type: ignore[assignment]
    errors: list[float] = [0.0] * tape.slots
    doubts: list[bool] = [False] * tape.slots
    far = far_of(tape)
    for slot, v in enumerate(values):
        doubts[slot] = not 1.0 / far < abs(v) < far and v != 0.0
    for op, args, out, _ in tape.code:
        arguments = [slots[a] for a in args]
        r = slots[out] = operation(op).careful(*arguments)
        doubt = False
        error = 0.0
        for a in args:
            if doubts[a]:
                doubt = True
            if errors[a]:
                error = 1.0
        # A product of several factors may underflow in between.
        if error or (op == "mul" and len(args) > 2):
            error = passed(op, arguments, [errors[a] for a in args], r)
        if op not in UNROUNDED:
            error += ROUNDING * abs(r)
        if -TINY < r < TINY and op not in EXACT:
            factors = args[:1] if op in FIRST else args if op in PRODUCTS else ()
            if not any(slots[a] == 0.0 and not errors[a] for a in factors):
                error += UNDERFLOW
        if r - r != 0.0 or error != error:
            doubt, error = True, math.inf
        if op not in MODERATE and not NEAR_VALUE < r * r < FAR_VALUE:
            doubt = True
        errors[out], doubts[out] = error, doubt
    return [not (errors[o] <= RELATIVE * abs(slots[o]) + ABSOLUTE) and doubts[o] for o in tape.outputs]


def passed(op: str, a: Sequence[float], e: Sequence[float], r: float) -> float:
    """Return the error of a number that those of its arguments make: the functions of `PASSED` for floats."""
    total = sum(e)
    if op in SUMS:
        return total
    if op == "mul":
        value, error = a[0], e[0]
        for b, f in zip(a[1:], e[1:], strict=True):
            error = abs(value) * f + abs(b) * error + error * f
            nonzero = value != 0.0 and b != 0.0
            value *= b
            if nonzero and -TINY < value < TINY:
                error += UNDERFLOW
        return error
    if op in ("div", "reciprocal"):
        below, f = abs(a[-1]), e[-1]
        return ((e[0] if op == "div" else 0.0) + abs(r) * f) / (below - f) if f < below else math.inf
    if op in ("square", "cube", "fourth"):
        n = {"square": 2, "cube": 3, "fourth": 4}[op]
        return passed("mul", [a[0]] * n, [e[0]] * n, r)
    if op == "sqrt":
        return e[0] / r if 2.0 * e[0] < a[0] else math.sqrt(e[0])
    if op in ("log", "log2", "log10"):
        return 1.5 * e[0] / (abs(a[0]) - e[0]) if e[0] < abs(a[0]) else math.inf
    if op in GROWING:
        return (
            (abs(r) + (op not in BELOW)) * (2.0 if op == "sech2" else 1.0) * math.expm1(total)
            if total < 1.0
            else math.inf
        )
    if op == "ifelse":
        return math.inf if e[0] else e[2] if a[0] == 0.0 else e[1]
    if op in ("pmax", "pmin"):
        return 0.0 if any(v == r and not f for v, f in zip(a, e, strict=True)) else total
    if op in STEPPED:
        # 0 may stand for a number that underflowed.
        unsure = op in COMPARISONS and total >= abs(a[0] - (a[1] if len(a) > 1 else 0.0))
        return math.inf if total and (unsure or math.isinf(total)) else 0.0
    if op == "pow" and 2.0 * e[0] < abs(a[0]):
        return 2.0 * (abs(r * a[1] / a[0]) * e[0] + abs(r * math.log(abs(a[0]))) * e[1])
    relative = max([f / abs(v) if v else math.inf if f else 0.0 for v, f in zip(a, e, strict=True)])
    return AMPLIFIED * relative * abs(r) if relative < ROUGH else math.inf


def exact_zero(op: str, arguments: Sequence[Values], errors: Sequence[Values]) -> Values:
    """Return where a result is 0 because an argument is."""
    found: Values = np.False_
    if op in PRODUCTS:
        for a, e in list(zip(arguments, errors, strict=True))[: 1 if op in FIRST else None]:
            found = found | (np.equal(a, 0.0) & (True if e is None else np.equal(e, 0.0)))
    return np.any(found, axis=-1, keepdims=True) if op == "prod" else found


def unknown(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    """Return the error of a function of which nothing is known but that its relative error is not much larger than that of its arguments."""
    relative: Values = 0.0
    for value, error in zip(a, e, strict=True):
        relative = np.maximum(relative, np.where(error > 0.0, error / np.abs(value), 0.0))
    return np.where(relative < ROUGH, AMPLIFIED * relative * np.abs(r), np.inf)


def added(_: Sequence[Values], e: Sequence[Values], __: Values) -> Values:
    total = e[0]
    for error in e[1:]:
        total = total + error
    return total


def multiplied(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    value, error = a[0], e[0]
    for b, f in zip(a[1:], e[1:], strict=True):
        error = np.abs(value) * f + np.abs(b) * error + error * f
        nonzero = np.not_equal(value, 0.0) & np.not_equal(b, 0.0)
        value = value * b
        error = error + np.where(nonzero & (np.abs(value) < TINY), UNDERFLOW, 0.0)
    return error


def divided(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    below = np.abs(a[1])
    moved = (e[0] + np.abs(r) * e[1]) / (below - e[1])
    return np.where(e[1] < below, moved, np.where(e[1] + e[0] > 0.0, np.inf, 0.0))


def power_of(n: int) -> Callable[[Sequence[Values], Sequence[Values], Values], Values]:
    return lambda a, e, r: multiplied([a[0]] * n, [e[0]] * n, r)


def rooted(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    return np.where(e[0] > 0.0, np.where(2.0 * e[0] < a[0], e[0] / r, np.sqrt(e[0])), 0.0)


def logarithm(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    size = np.abs(a[0])
    return np.where(e[0] < size, 1.5 * e[0] / (size - e[0]), np.where(e[0] > 0.0, np.inf, 0.0))


def powered(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    moved = np.abs(r * a[1] / a[0]) * e[0] + np.abs(r * np.log(np.abs(a[0]))) * e[1]
    return np.where(e[0] + e[1] > 0.0, np.where(2.0 * e[0] < np.abs(a[0]), 2.0 * moved, np.inf), 0.0)


def growing(least: float, steep: float = 1.0) -> Callable[[Sequence[Values], Sequence[Values], Values], Values]:
    """Return the error of a function whose slope is at most its value and `least`, times `steep`."""

    def moved(_: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
        total = added(_, e, r)
        change = np.where(total > 0.0, (np.abs(r) + least) * steep * np.expm1(np.minimum(total, 1.0)), 0.0)
        return np.where(total < 1.0, change, np.inf)

    return moved


def chosen(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    return np.where(np.greater(e[0], 0.0), np.inf, np.where(np.equal(a[0], 0.0), e[2], e[1]))


def extreme(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    """Return the error of a maximum or minimum: 0 where an argument without an error is chosen."""
    total = added(a, e, r)
    for value, error in zip(a, e, strict=True):
        total = np.where(np.equal(value, r) & np.equal(error, 0.0), 0.0, total)
    return total


def stepped(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    return np.where(np.isinf(added(a, e, r)), np.inf, 0.0)


def compared(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    """Return an infinite error where two numbers are equal within their errors: 0 may stand for a number that underflowed."""
    total = added(a, e, r)
    return np.where((total > 0.0) & (total >= np.abs(a[0] - (a[1] if len(a) > 1 else 0.0))), np.inf, 0.0)


def reduced(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    """Return the error of a product, a maximum or a minimum over rows: the relative ones of all rows add up."""
    relative = np.where(e[0] > 0.0, e[0] / np.abs(a[0]), 0.0)
    return np.sum(relative, axis=-1, keepdims=True) * np.abs(r)


def summed(a: Sequence[Values], e: Sequence[Values], __: Values) -> Values:
    return np.sum(np.broadcast_to(e[0], np.shape(a[0])) + ROUNDING * np.abs(a[0]), axis=-1, keepdims=True)


PASSED: dict[str, Callable[[Sequence[Values], Sequence[Values], Values], Values]] = {
    "mul": multiplied, "div": divided, "reciprocal": lambda a, e, r: divided([1.0, a[0]], [0.0, e[0]], r),
    "square": power_of(2), "cube": power_of(3), "fourth": power_of(4), "sqrt": rooted, "log": logarithm, "log2": logarithm,
    "log10": logarithm, "pow": powered, "pmax": extreme, "pmin": extreme, "ifelse": chosen, "sum": summed,
    **dict.fromkeys(("prod", "max_of", "min_of"), reduced), **dict.fromkeys(SUMS, added),
    **dict.fromkeys(GROWING, growing(1.0)), **dict.fromkeys(BELOW, growing(0.0)), "sech2": growing(0.0, 2.0), **dict.fromkeys(STEPPED, stepped),
    **dict.fromkeys(COMPARISONS, compared),
}  # fmt: skip
