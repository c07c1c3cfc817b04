"""Limits, kinks and overflow of functions of vectors and matrices at a point."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays.entrywise import Entrywise, UnsupportedError, entrywise, names_of_entries
from secantd.calculus.arrays.exceptions import tie_counts
from secantd.calculus.arrays.points import Value
from secantd.calculus.formulas import note
from secantd.calculus.numbers import numbers_at, numbers_of
from secantd.calculus.settle import Wanted, settle, wanted_up_to
from secantd.errors import CalculusError
from secantd.expression import Node, reachable
from secantd.functions import FUNCTIONS
from secantd.interrupt import OutOfTimeError, need_time, run_within
from secantd.language import Function
from secantd.program.losses import GROWING, MODERATE
from secantd.settings import Limits

__all__ = ["Block", "Settled", "settle_arrays"]

# The most numbers of one answer among which limits are looked for.
MOST: Final = 4_000
# The most notices on single entries.
SHOWN: Final = 6
# Operations that neither NumPy nor LAPACK signals the overflow of, besides exponentials and functions of the table.
UNSEEN: Final = frozenset({"pow", "prod", "det"})
# The most variables whose second derivatives are computed with more digits.
SECOND: Final = 60
# The size from which on a number, and that below whose reciprocal it, may be the result of one that is no double.
FAR: Final = 1e290
DIGITS_MAY_BE_LOST: Final = (
    "a number overflows on the way to a value at this point: digits may be lost; more were not computed, because"
)
NOT_LOOKED_FOR: Final = "limits and kinks were not looked for, because"


class Block(NamedTuple):
    """The derivatives of an output with respect to one variable, or two: values of any shape, row by row."""

    variables: tuple[str, ...]
    value: Value


class Settled(NamedTuple):
    """An output and its derivatives.

    Attributes:
        value: The output.
        blocks: The values of the blocks, each in its shape.
        values_are_limits: Whether each entry of the output is a limit.
        are_limits: Whether an entry of each block is one.
        changed: Whether an entry of either has another value than before.
    """

    value: Value
    blocks: list[Value]
    values_are_limits: tuple[bool, ...]
    are_limits: list[bool]
    changed: bool = False


def settle_arrays(
    function: Function,
    output: Node,
    value: Value,
    blocks: Sequence[Block],
    at: Mapping[str, Value],
    notices: list[str],
    limits: Limits,
    happened: AbstractSet[str],
) -> Settled:
    """Return an output and its derivatives with limits in place of values that are NaN, or wrong at a tie.

    Where numbers on the way may overflow or underflow, so that digits are lost, all are computed once more entry by entry.

    Args:
        function: The function.
        output: The output.
        value: Its value at the point.
        blocks: Its derivatives.
        at: The point.
        notices: Receives notices on kinks, jumps, limits and overflow.
        limits: The limits that apply.
        happened: "overflow" or "underflow" if a result on the way was too large or too small.
    """
    found = Settled(value, [b.value for b in blocks], (False,) * int(np.size(value)), [False] * len(blocks))
    parts = [np.ravel(np.asarray(v, np.float64)) for v in (value, *found.blocks)]
    numbers = np.concatenate(parts)
    doubtful = bool(np.isnan(numbers).any())
    infinite = bool(np.isinf(numbers).any())
    lossy = bool(happened) or infinite or (bool(is_extreme(numbers).any()) and grows(output))
    tie = bool(blocks) and is_tie(function, output, at)
    if not (doubtful or infinite or lossy or tie):
        return found
    cause = "a value is NaN" if doubtful else "arguments of max, min, abs or a comparison are equal"
    try:
        if len(numbers) > MOST:
            raise UnsupportedError(f"the answer has more than {MOST} numbers")
        entries = entrywise(function, output, at)
    except UnsupportedError as reason:
        if doubtful or (tie and not infinite):
            note(notices, f"{cause} at this point: {NOT_LOOKED_FOR} {reason}")
        if "overflow" in happened and np.isfinite(numbers).any():
            note(notices, f"{DIGITS_MAY_BE_LOST} {reason}")
        return found
    outputs = entries.function.outputs
    wanted = [Wanted(o) for o in outputs]
    for block in blocks:
        names = [names_of_entries(v, np.shape(at.get(v, 0.0))) for v in block.variables]
        pairs = [(n,) for n in names[0]] if len(names) == 1 else [(n, m) for n in names[0] for m in names[1]]
        wanted += [Wanted(o, pair) for o in outputs for pair in pairs]
    if len(wanted) != len(numbers):
        note(
            notices, f"{cause} at this point: {NOT_LOOKED_FOR} the derivative has other entries than the variables have"
        )
        return found
    changed: list[float] = numbers.tolist()
    if lossy:
        digits = with_digits(entries, wanted, limits)
        changed = digits or changed
        if digits is None and "overflow" in happened:
            note(notices, f"{DIGITS_MAY_BE_LOST} it takes too long")
    if not np.isfinite(changed).all():
        note_missing(entries.function, tuple(entries.at), entries.at, notices, bool(blocks))
    remarks: list[str] = []
    are_limits = np.array(settle(entries.function, wanted, changed, entries.at, remarks, limits))
    for remark in remarks[:SHOWN]:
        note(notices, remark)
    if len(remarks) > SHOWN:
        note(notices, f"{len(remarks) - SHOWN} further notices of this kind are left out")
    if np.array_equal(changed, numbers, equal_nan=True):
        return found
    ends = np.cumsum([len(p) for p in parts])[:-1]
    shapes = [np.shape(v) for v in (value, *found.blocks)]
    first, *rest = [back(part, shape) for part, shape in zip(np.split(np.array(changed), ends), shapes, strict=True)]
    own, *others = np.split(are_limits, ends)
    return Settled(first, rest, tuple(own.tolist()), [bool(o.any()) for o in others], changed=True)


def grows(output: Node) -> bool:
    """Return whether numbers on the way to a value may overflow or underflow unseen: only NumPy's arithmetic signals it."""
    return any(
        n.op in UNSEEN or n.op in GROWING or (n.op in FUNCTIONS and n.op not in MODERATE) for n in reachable([output])
    )


def is_extreme(numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which numbers are 0, or so small or large that one on the way to them may have left the range of doubles."""
    size = np.abs(numbers)
    return ~((size > 1.0 / FAR) & (size < FAR))


def with_digits(entries: Entrywise, wanted: Sequence[Wanted], limits: Limits) -> list[float] | None:
    """Return values that are computed with more digits where some are lost; None where that takes too long."""
    order = max([len(w.variables) for w in wanted])
    names = tuple(dict.fromkeys(v for w in wanted for v in w.variables))
    if order == 2 and len(names) > SECOND:
        return None
    function = entries.function

    def values() -> list[float]:
        found: dict[Wanted, float] = {}
        for component, output in enumerate(function.outputs):
            numbers = numbers_at(function, order, names, entries.at, component)
            found.update(zip(wanted_up_to(output, names, order), numbers, strict=True))
        return [found[w if w in found else Wanted(w.output, w.variables[::-1])] for w in wanted]

    need_time()
    try:
        return run_within(limits.algebra_seconds, values)
    except (OutOfTimeError, CalculusError):
        return None


def back(part: NDArray[np.float64], shape: tuple[int, ...]) -> Value:
    return part.reshape(shape) if shape else float(part[0])


def is_tie(function: Function, output: Node, at: Mapping[str, Value]) -> bool:
    """Return whether arguments of max, min, abs, a comparison or a step are equal at a point."""
    return any(bool(np.any(np.asarray(c) > 0)) for c in tie_counts(function, output, at))


def note_missing(
    function: Function, names: tuple[str, ...], at: Mapping[str, float], notices: list[str], derivatives: bool
) -> None:
    for component in range(len(function.outputs)):
        try:
            missing = numbers_of(function, int(derivatives), names, component).missing(at)
        except CalculusError:
            # A derivative that no rule is known for.
            return
        for notice in missing:
            note(notices, notice)
