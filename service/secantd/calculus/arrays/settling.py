"""Limits, kinks and overflow of functions of vectors and matrices at a point."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays.entrywise import UnsupportedError, entrywise, names_of_entries
from secantd.calculus.arrays.exceptions import tie_counts
from secantd.calculus.arrays.points import Value
from secantd.calculus.formulas import note
from secantd.calculus.numbers import numbers_of
from secantd.calculus.settle import Wanted, settle
from secantd.errors import CalculusError
from secantd.expression import Node
from secantd.language import Function
from secantd.settings import Limits

__all__ = ["Block", "Settled", "settle_arrays"]

# The most numbers of one answer among which limits are looked for.
MOST: Final = 4_000
# The most notices on single entries.
SHOWN: Final = 6
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
    """

    value: Value
    blocks: list[Value]
    values_are_limits: tuple[bool, ...]
    are_limits: list[bool]


def settle_arrays(
    function: Function,
    output: Node,
    value: Value,
    blocks: Sequence[Block],
    at: Mapping[str, Value],
    notices: list[str],
    limits: Limits,
) -> Settled:
    """Return an output and its derivatives with limits in place of values that are NaN, or wrong at a tie.

    Args:
        function: The function.
        output: The output.
        value: Its value at the point.
        blocks: Its derivatives.
        at: The point.
        notices: Receives notices on kinks, jumps, limits and overflow.
        limits: The limits that apply.
    """
    found = Settled(value, [b.value for b in blocks], (False,) * int(np.size(value)), [False] * len(blocks))
    parts = [np.ravel(np.asarray(v, np.float64)) for v in (value, *found.blocks)]
    numbers = np.concatenate(parts)
    doubtful = bool(np.isnan(numbers).any())
    infinite = bool(np.isinf(numbers).any())
    if not (doubtful or infinite or (blocks and is_tie(function, output, at))):
        return found
    cause = "a value is NaN" if doubtful else "arguments of max, min, abs or a comparison are equal"
    try:
        if len(numbers) > MOST:
            raise UnsupportedError(f"the answer has more than {MOST} numbers")
        entries = entrywise(function, output, at)
    except UnsupportedError as reason:
        if not infinite or doubtful:
            note(notices, f"{cause} at this point: {NOT_LOOKED_FOR} {reason}")
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
    if infinite or doubtful:
        note_missing(entries.function, tuple(entries.at), entries.at, notices, bool(blocks))
    changed = numbers.tolist()
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
    return Settled(first, rest, tuple(own.tolist()), [bool(o.any()) for o in others])


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
