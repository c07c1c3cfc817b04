"""An evaluator of tapes over arrays that computes a branch of `ifelse` only if a point takes it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.branches import MissingError, lines_of
from secantd.program.interpret import Interpreter
from secantd.program.source import build
from secantd.program.tape import Tape

__all__ = ["Columns"]

Array = NDArray[np.float64]


class Columns:
    """Evaluates a tape with one output at arrays and floats, under the caller's `errstate`.

    Points at which a condition is NaN are computed one instruction after the other, by the operations that know NaN.

    Args:
        tape: The instructions, without data columns.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._programs: dict[tuple[bool, ...], Callable[..., Any]] = {}
        self._every = Interpreter(tape, columns=True)

    def __call__(self, *arguments: Any) -> Array:
        """Return the output, a new array of the shape to which the arguments are broadcast."""
        arrays = [np.asarray(a, dtype=np.float64) for a in arguments]
        shapes = {a.shape for a in arrays if a.ndim}
        shape = shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)
        if shapes:
            arrays = [np.broadcast_to(a, shape) if a.ndim else a for a in arrays]
        values = [float(a) if a.ndim == 0 else a if a.ndim == 1 else a.ravel() for a in arrays]
        result = self._computed(values)
        if not isinstance(result, np.ndarray) or not result.ndim:
            return np.full(shape, result)
        if id(result) in map(id, values):
            result = result.copy()
        return result if len(shape) == 1 else np.reshape(result, shape)

    def _computed(self, values: Sequence[Any]) -> Any:
        single = tuple([type(v) is float for v in values])
        program = self._programs.get(single)
        if program is None:
            program = self._programs[single] = compiled(self._tape, single)
        try:
            return program(*values)
        except MissingError as missing:
            (lost,) = missing.args
        if not lost.ndim or lost.all():
            return self._every(values)[0]
        result = np.empty(lost.shape)
        result[lost] = self._every([v if isinstance(v, float) else v[lost] for v in values])[0]
        result[~lost] = self._computed([v if isinstance(v, float) else v[~lost] for v in values])
        return result


def compiled(tape: Tape, single: Sequence[bool]) -> Callable[..., Any]:
    """Return the function of a tape's variables, of which some are floats and the others arrays of one shape."""
    code, start, output = lines_of(tape, single)
    inputs = [f"s{slot}" for slot in range(len(single))]
    # A branch that no point takes is read where its value does not matter.
    names = {f"s{slot}": value for slot, value in enumerate(start) if slot >= len(single)}
    known: dict[Callable[..., Any], str] = {}
    ends: list[int] = []
    lines = []
    for at, (f, args, out) in enumerate(code):
        while ends and ends[-1] == at:
            ends.pop()
        if f is None:
            lines.append(f"{' ' * len(ends)}if s{args[0]}[{args[1]}]:")
            ends.append(at + 1 + out)
            continue
        name = known.setdefault(f, f"f{len(known)}")
        lines.append(f"{' ' * len(ends)}s{out} = {name}({', '.join([f's{a}' for a in args])})")
    names.update({name: f for f, name in known.items()})
    return build(", ".join(inputs), [*lines, f"return s{output}"], names)
