"""Check."""

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from secantd.answers import fields, requests
from secantd.answers.functions import FunctionCache, Sharing
from secantd.calculus.point import check_order
from secantd.check.assumptions import read_assumptions
from secantd.check.judge import judge
from secantd.check.second import judge_second
from secantd.check.tolerance import check_tolerance
from secantd.check.verdict import Judgement
from secantd.check.witnesses import WITNESSES
from secantd.errors import CalculusError, Reason
from secantd.interrupt import OutOfTimeError, run_within
from secantd.language import Function, Notation
from secantd.shown import quoted

__all__ = ["check"]

# 0 claims the function itself, 1 its first derivative, 2 the second.
HIGHEST_ORDER = 2
BY_HAND = (Notation.TEXTBOOK.value, Notation.LATEX.value)
# Decimals of at most this many digits have different doubles.
DIGITS = 15
NUMBER = re.compile(r"(?<![\w.])(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
Read = TypeVar("Read")
# The least time for reading a pair of formulas.
READING = 0.1
# The least time for the witnesses, however long it took to read the texts.
LEAST = 1e-3


class Expression(NamedTuple):
    """A formula with its data and declared shapes."""

    text: str
    notation: int
    data: Sequence[fields.Column]
    shapes: Sequence[fields.VariableShape]


def check(request: Any, functions: FunctionCache) -> Judgement:
    """Return the verdict that a request asks for.

    Args:
        request: The fields of CheckRequest, with HasField for the optional ones.
        functions: The cache of parsed functions, with the limits that apply.

    Raises:
        CalculusError: The request is invalid.
    """
    start = time.monotonic()
    limits = functions.limits
    names = requests.variables(request.variables, limits)
    for i, name in enumerate(request.witnesses):
        if name not in WITNESSES:
            hint = "known are " + ", ".join(WITNESSES)
            raise requests.invalid(f"witnesses[{i}]", f"there is no witness {quoted(name)}", hint)
    if request.HasField("seconds"):
        if not 0 < request.seconds < math.inf:
            raise requests.invalid("seconds", f"the time is {request.seconds:g} seconds", "take a number above 0")
        limits = replace(limits, check_seconds=min(request.seconds, limits.check_seconds))
    tolerance = request.tolerance if request.HasField("tolerance") else None
    if tolerance is not None:
        check_tolerance(tolerance)
    order = request.order if request.HasField("order") else 1
    check_order(order, HIGHEST_ORDER)
    notation = requests.choice(Notation, request.expression.notation, "expression.notation")
    assumed = read_assumptions(request.assumptions, notation, limits)
    with ExitStack() as stack:

        def reading() -> tuple[Function, Function, dict[str, Any]]:
            return stack.enter_context(both(request, functions, names, order))

        # A text may take as long to read as the server allows for any call; a pair of formulas has less.
        function, claimed, at = reading() if order else in_time(reading, limits.check_seconds)
        # Reading the texts is part of the time.
        left = limits.check_seconds - (time.monotonic() - start)
        limits = replace(limits, check_seconds=max(LEAST, left))
        if order:
            verdict = judge if order == 1 else judge_second
            found = verdict(
                function, claimed, names, at, request.witnesses, limits=limits, assumed=assumed, tolerance=tolerance
            )
        else:
            # Not needed for derivatives: a tenth of what the command imports.
            from secantd.check.equality.judge import judge_equal

            rounded = rounded_numbers(request.expression.text) | rounded_numbers(request.claimed.text)
            found = judge_equal(
                function, claimed, names, at, request.witnesses, assumed, rounded, limits=limits, tolerance=tolerance
            )
        if request.certificate:
            # Proofs are not on the path of other requests.
            from secantd.answers.certified import certified

            found = certified(found, function, claimed, order, assumed, tolerance, limits)
    return found


def in_time(reading: Callable[[], Read], seconds: float) -> Read:
    """Return what was read; CalculusError if it takes longer."""
    try:
        return run_within(max(READING, seconds), reading)
    except OutOfTimeError:
        headline = f"reading the formulas took longer than {seconds:g} seconds"
        hint = "shorten them, or give more seconds"
        raise CalculusError(Reason.TIME_LIMIT, headline, hint, field="seconds") from None


@contextmanager
def both(
    request: Any, functions: FunctionCache, names: Sequence[str], order: int
) -> Iterator[tuple[Function, Function, dict[str, Any]]]:
    """Give the function, the claim and the point of a request."""
    point = requests.point(request.at, "at", nameless=True)
    # Its graph grows by the claim, and an algebra that runs out of time leaves it half done.
    new = Sharing.NONE
    with functions.read_at(request.expression, point, names, sharing=new) as (function, at):
        known = function.shapes() if function.arrays else {}
        # Letters side by side in a claim are the variables of the function, as far as it has them.
        by_hand = request.claimed.notation in BY_HAND
        own = [*names, *(v for v in function.variables if v not in names)] if by_hand and not order else names
        # A point of one number without a name is that of the function's variable.
        where = point if order else {}
        claim, field = with_data(request), "claimed"
        with functions.read_at(claim, where, own, field=field, sharing=new, known=known) as (claimed, _):
            # x[1] + x[2] is a formula of numbers, but beside sum(x) one of a vector.
            if whole := vectors_of(claimed, function):
                with functions.read_at(request.expression, point, [*names, *whole], sharing=new) as (function, at):
                    yield function, claimed, at
            elif whole := vectors_of(function, claimed):
                names = [*own, *whole]
                with functions.read_at(claim, where, names, field=field, sharing=new, known=known) as (claimed, _):
                    yield function, claimed, at
            else:
                yield function, claimed, at


def vectors_of(function: Function, other: Function) -> list[str]:
    """Return the vectors of a function of which another one has components."""
    parted = {v.partition("[")[0] for v in other.variables if "[" in v} if function.arrays else set()
    return [v for v in function.variables if v in parted]


def rounded_numbers(text: str) -> frozenset[float]:
    """Return the numbers of a text that have more digits than a double: reading rounds them.

    >>> rounded_numbers("0.1 + 3.14159265358979323846*x + 1e23 + x12345678901234567890")
    frozenset({3.141592653589793})
    """
    found = set()
    for word in NUMBER.findall(text):
        digits = word.lower().partition("e")[0].replace("_", "").replace(".", "").lstrip("0")
        if len(digits.rstrip("0") if "." not in word else digits) > DIGITS:
            found.add(float(word.replace("_", "")))
    return frozenset(found)


def with_data(request: Any) -> fields.Expression:
    """Return the claim with the function's data and shapes, as far as it does not bring its own."""
    claimed: fields.Expression = request.claimed
    f: fields.Expression = request.expression
    own = {column.name for column in claimed.data}
    declared = {shape.variable for shape in claimed.shapes}
    data = [column for column in f.data if column.name not in own]
    shapes = [shape for shape in f.shapes if shape.variable not in declared]
    if not data and not shapes:
        return claimed
    return Expression(claimed.text, claimed.notation, [*claimed.data, *data], [*claimed.shapes, *shapes])
