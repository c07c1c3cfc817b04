"""Where the values of a tape are lost because something overflows or underflows in between.

exp(-800) is 0 in double precision. In exp(-800) + 1 nothing is lost by it, in exp(-800)*exp(900) everything. `losses` carries, beside
each value, a bound of the absolute error that underflow has made so far: infinite where a number overflowed. Errors of rounding are
counted only in sums of very large numbers, which may be exponents.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.interrupt import paced
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["MODERATE", "loses", "losses"]

# Below it a result may have underflowed: doubles have all their digits down to 2.2e-308.
TINY = 1e-307
# The error of a number that underflowed.
UNDERFLOW = 5e-324
# An error that matters in a value: relative, and absolute because no double near 0 has more digits.
RELATIVE, ABSOLUTE = 1e-16, 1e-321
# Exponents with so few digits after the point that a term of 1 may be lost in them.
LONG = 1e12
# The rounding of so large terms counts where they cancel: it is no error of a sum that is as large itself.
ROUNDING = 5e-17
# Functions whose values near 0 are as exact as their arguments; their slopes are at most 1.
SLOPES = frozenset({
    "sin", "cos", "tanh", "atan", "erf", "expit", "softplus", "sech2", "log1p", "asinh", "logcosh", "logaddexp",
})  # fmt: skip
EXACT = SLOPES - {"expit", "softplus", "sech2"} | {
    "add", "sub", "neg", "abs", "sign", "floor", "ceiling", "trunc", "round", "pmax", "pmin", "held", "ifelse", "sqrt", "log",
    "log2", "log10", "log_base", "tan", "sinh", "cosh", "expm1", "atan2", "asin", "acos", "atanh", "acosh", "<", "<=", ">", ">=",
    "==", "!=", "&", "|", "!", "sum", "max_of", "min_of", "pi",
}  # fmt: skip
SUMS = SLOPES | {"add", "sub", "neg", "abs", "held"}
GROWING = frozenset({"exp", "expm1", "sinh", "cosh", "exp_scaled", "cosh_scaled", "sinh_scaled", "expm1_scaled"})
STEPPED = frozenset({"sign", "floor", "ceiling", "trunc", "<", "<=", ">", ">=", "==", "!="})
# Functions that make no very large or small numbers of moderate ones.
MODERATE = EXACT - {"sinh", "cosh", "expm1", "logcosh"} | {"mul", "div", "square", "reciprocal", "softplus"}
# Products are 0 where one of their arguments is.
FIRST = ("div", "pow", "sinh_scaled", "expm1_scaled")
PRODUCTS = frozenset({"mul", "div", "square", "cube", "fourth", "pow", "sqrt", "prod", "sinh_scaled", "expm1_scaled"})

Values = Any  # an array or a float


def losses(tape: Tape, values: Sequence[Values]) -> NDArray[np.bool_]:
    """Return at which points an output has lost digits, shape (N,) or (); what is not finite has.

    Args:
        tape: The instructions; each output is a number.
        values: A finite float for each variable, or an array of shape (N,).

    >>> from secantd.expression import Graph
    >>> from secantd.program.tape import record
    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> tape = record([g.make("div", g.make("exp", x), g.make("exp", g.make("add", x, g.number(1))))], ["x"], {})
    >>> losses(tape, [np.array([-1.0, -760.0])])
    array([False,  True])
    """
    slots: list[Values] = [None] * tape.slots
    # None: no error.
    errors: list[Values] = [None] * tape.slots
    for slot, value in (*enumerate(values), *tape.constants.items()):
        slots[slot] = value
    lost: Values = np.False_
    with np.errstate(all="ignore"):
        for op, args, out, _ in paced(tape.code):
            row = operation(op)
            arguments = [slots[a] for a in args]
            before = [errors[a] for a in args]
            result = slots[out] = row.array(*arguments)
            error = None
            if any(e is not None for e in before):
                e = [0.0 if e is None else e for e in before]
                error = PASSED.get(op, unknown)(arguments, e, result)
                error = np.where(np.isnan(error), np.inf, error)
            if op not in EXACT:
                small = np.less(np.abs(result), TINY)
                if small.any():
                    small = small & ~exact_zero(op, arguments, before)
                    if small.any():
                        error = (0.0 if error is None else error) + np.where(small, UNDERFLOW, 0.0)
            for a in arguments if op in ("add", "sub") else ():
                long = np.abs(a) > LONG
                if long.any():
                    error = (0.0 if error is None else error) + np.where(long, ROUNDING * np.abs(a), 0.0)
            finite = np.isfinite(result)
            for a in arguments if op in GROWING else ():
                finite = finite & (np.abs(a) <= LONG)
            if not finite.all():
                error = np.where(finite, 0.0 if error is None else error, np.inf)
            errors[out] = error
        for slot in tape.outputs:
            lost = lost | ~np.isfinite(slots[slot])
            if errors[slot] is not None:
                lost = lost | ~(errors[slot] <= RELATIVE * np.abs(slots[slot]) + ABSOLUTE)
    found: NDArray[np.bool_] = np.asarray(lost)
    return found.reshape(found.shape[:-1]) if tape.vectors and found.ndim and found.shape[-1] == 1 else found


def loses(tape: Tape, values: Sequence[float]) -> bool:
    """Return whether an output has lost digits at one point, as `losses` does but fifty times faster for a tape without data.

    Args:
        tape: The instructions; each output is a number.
        values: A finite float for each variable.
    """
    if tape.vectors:
        return bool(losses(tape, values))
    slots: list[float] = [0.0] * tape.slots
    slots[: len(values)] = values
    for slot, value in tape.constants.items():
        slots[slot] = value  # type: ignore[assignment]
    errors: dict[int, float] = {}
    for op, args, out, _ in tape.code:
        arguments = [slots[a] for a in args]
        r = slots[out] = operation(op).careful(*arguments)
        error = 0.0
        if errors and any(a in errors for a in args):
            before = [errors.get(a, 0.0) for a in args]
            error = passed(op, arguments, before, r)
            if error != error:
                error = math.inf
        if -TINY < r < TINY and op not in EXACT:
            factors = args[:1] if op in FIRST else args if op in PRODUCTS else ()
            if not any(slots[a] == 0.0 and a not in errors for a in factors):
                error += UNDERFLOW
        if op in ("add", "sub") and (size := max(map(abs, arguments))) > LONG:
            error += ROUNDING * size
        if r - r != 0.0 or (op in GROWING and max(map(abs, arguments)) > LONG):
            error = math.inf
        if error:
            errors[out] = error
    allowed = [RELATIVE * abs(slots[o]) + ABSOLUTE for o in tape.outputs]
    return any(not errors.get(o, 0.0) <= a < math.inf for o, a in zip(tape.outputs, allowed, strict=True))


def passed(op: str, a: Sequence[float], e: Sequence[float], r: float) -> float:
    """Return the error of a number that those of its arguments make: the functions of `PASSED` for floats."""
    total = sum(e)
    if op in SUMS:
        return total
    if op == "mul":
        value, error = a[0], e[0]
        for b, f in zip(a[1:], e[1:], strict=True):
            error = abs(value) * f + abs(b) * error + error * f
            value *= b
        return error
    if op in ("div", "reciprocal"):
        below, f = abs(a[-1]), e[-1]
        return 2.0 * ((e[0] if op == "div" else 0.0) + abs(r) * f) / below if 2.0 * f < below else math.inf
    if op in ("square", "cube", "fourth"):
        n = {"square": 2, "cube": 3, "fourth": 4}[op]
        return passed("mul", [a[0]] * n, [e[0]] * n, r)
    if op == "sqrt":
        return e[0] / r if 2.0 * e[0] < a[0] else math.sqrt(e[0])
    if op in ("log", "log2", "log10"):
        return 2.0 * e[0] / abs(a[0]) if 2.0 * e[0] < abs(a[0]) else math.inf
    if op in GROWING:
        return 2.0 * (1.0 + abs(r)) * total if total < 1.0 else math.inf
    if op == "ifelse":
        return e[2] if a[0] == 0.0 else e[1]
    if op in ("pmax", "pmin"):
        return 0.0 if any(v == r and not f for v, f in zip(a, e, strict=True)) else total
    if op in STEPPED:
        return math.inf if math.isinf(total) else 0.0
    if op == "pow" and 2.0 * e[0] < abs(a[0]):
        return 2.0 * (abs(r * a[1] / a[0]) * e[0] + abs(r * math.log(abs(a[0]))) * e[1])
    return math.inf if op == "pow" or any(f > 1e-17 * abs(v) for v, f in zip(a, e, strict=True)) else 0.0


def exact_zero(op: str, arguments: Sequence[Values], errors: Sequence[Values]) -> Values:
    """Return where a result is 0 because an argument is."""
    found: Values = np.False_
    if op in PRODUCTS:
        for a, e in list(zip(arguments, errors, strict=True))[: 1 if op in FIRST else None]:
            found = found | (np.equal(a, 0.0) & (True if e is None else np.equal(e, 0.0)))
    return np.any(found, axis=-1, keepdims=True) if op == "prod" else found


def unknown(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    """Return the error of a function of which nothing is known: infinite, unless those of its arguments do not change them."""
    found: Values = 0.0
    for value, error in zip(a, e, strict=True):
        found = found + np.where(error > 1e-17 * np.abs(value), np.inf, 0.0)
    return found


def added(_: Sequence[Values], e: Sequence[Values], __: Values) -> Values:
    total = e[0]
    for error in e[1:]:
        total = total + error
    return total


def multiplied(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    value, error = a[0], e[0]
    for b, f in zip(a[1:], e[1:], strict=True):
        error = np.abs(value) * f + np.abs(b) * error + error * f
        value = value * b
    return error


def divided(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    below = np.abs(a[1])
    return np.where(
        2.0 * e[1] < below, 2.0 * (e[0] + np.abs(r) * e[1]) / below, np.where(e[1] + e[0] > 0.0, np.inf, 0.0)
    )


def power_of(n: int) -> Callable[[Sequence[Values], Sequence[Values], Values], Values]:
    return lambda a, e, r: multiplied([a[0]] * n, [e[0]] * n, r)


def rooted(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    return np.where(2.0 * e[0] < a[0], e[0] / r, np.sqrt(e[0]))


def logarithm(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    return np.where(2.0 * e[0] < np.abs(a[0]), 2.0 * e[0] / np.abs(a[0]), np.where(e[0] > 0.0, np.inf, 0.0))


def powered(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    moved = np.abs(r * a[1] / a[0]) * e[0] + np.abs(r * np.log(np.abs(a[0]))) * e[1]
    return np.where(e[0] + e[1] > 0.0, np.where(2.0 * e[0] < np.abs(a[0]), 2.0 * moved, np.inf), 0.0)


def exponential(_: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    total = added(_, e, r)
    return np.where(total < 1.0, 2.0 * (1.0 + np.abs(r)) * total, np.inf)


def chosen(a: Sequence[Values], e: Sequence[Values], _: Values) -> Values:
    return np.where(np.equal(a[0], 0.0), e[2], e[1])


def extreme(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    """Return the error of a maximum or minimum: 0 where an argument without an error is chosen."""
    total = added(a, e, r)
    for value, error in zip(a, e, strict=True):
        total = np.where(np.equal(value, r) & np.equal(error, 0.0), 0.0, total)
    return total


def stepped(a: Sequence[Values], e: Sequence[Values], r: Values) -> Values:
    return np.where(np.isinf(added(a, e, r)), np.inf, 0.0)


def reduced(_: Sequence[Values], e: Sequence[Values], __: Values) -> Values:
    """Return the error of a product, a maximum or a minimum over rows: any error may count."""
    return np.where(np.max(e[0], axis=-1, keepdims=True) > 0.0, np.inf, 0.0)


def summed(_: Sequence[Values], e: Sequence[Values], __: Values) -> Values:
    return np.sum(e[0], axis=-1, keepdims=True)


PASSED: dict[str, Callable[[Sequence[Values], Sequence[Values], Values], Values]] = {
    "mul": multiplied, "div": divided, "reciprocal": lambda a, e, r: divided([1.0, a[0]], [0.0, e[0]], r),
    "square": power_of(2), "cube": power_of(3), "fourth": power_of(4), "sqrt": rooted, "log": logarithm, "log2": logarithm,
    "log10": logarithm, "pow": powered, "pmax": extreme, "pmin": extreme, "ifelse": chosen, "sum": summed,
    **dict.fromkeys(("prod", "max_of", "min_of"), reduced), **dict.fromkeys(SUMS, added),
    **dict.fromkeys(GROWING, exponential), **dict.fromkeys(STEPPED, stepped),
}  # fmt: skip
