"""An interpreter of tapes, one instruction after the other: no compilation, any size."""

from collections.abc import Callable, Sequence
from typing import Any

from secantd.interrupt import paced
from secantd.program.native import at_point
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["Interpreter"]

Line = tuple[Callable[..., Any], tuple[int, ...], int]


class Interpreter:
    """Evaluates a tape with IEEE values; vectors by NumPy, under the caller's `errstate`.

    Args:
        tape: The instructions.
        columns: Whether each variable is an array, with a value for each of many points, instead of one float.
    """

    def __init__(self, tape: Tape, columns: bool = False) -> None:
        self._outputs = tape.outputs
        self._start: list[Any] = [None] * tape.slots
        for slot, value in tape.constants.items():
            self._start[slot] = value
        self._code: list[Line] = []
        self._natively = None if columns else at_point(tape)
        if self._natively is not None:
            return
        for op, args, out, rows in paced(tape.code):
            row = operation(op)
            self._code.append((row.array if columns or rows > 1 else row.careful, args, out))

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """Return the outputs, each a float or an array."""
        if self._natively is not None:
            return self._natively(values)
        slots = self._start.copy()
        slots[: len(values)] = values
        for f, args, out in self._code:
            if len(args) == 2:
                slots[out] = f(slots[args[0]], slots[args[1]])
            elif len(args) == 1:
                slots[out] = f(slots[args[0]])
            else:
                slots[out] = f(*[slots[a] for a in args])
        return [slots[o] for o in self._outputs]
