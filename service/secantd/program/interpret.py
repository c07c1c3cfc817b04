"""A tape run one instruction after the other: no start-up cost, any size."""

from collections.abc import Callable, Sequence
from typing import Any

from secantd.checkpoint import EVERY, checkpoint
from secantd.program.operations import operation
from secantd.program.tape import Tape

__all__ = ["Interpreter"]

Line = tuple[Callable[..., Any], tuple[int, ...], int]


class Interpreter:
    """Evaluates a tape with IEEE values; vectors by NumPy, under the caller's `errstate`.

    Args:
        tape: The instructions.
        columns: Each variable is given as a vector, a value for each of many points, and not as one float.
    """

    def __init__(self, tape: Tape, columns: bool = False) -> None:
        self._outputs = tape.outputs
        self._start: list[Any] = [None] * tape.slots
        for slot, value in tape.constants.items():
            self._start[slot] = value
        self._code: list[Line] = []
        for turn, (op, args, out, rows) in enumerate(tape.code):
            if not turn % EVERY:
                checkpoint()
            row = operation(op)
            self._code.append((row.array if columns or rows > 1 else row.careful, args, out))

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """Return the outputs, a float or a vector each."""
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
