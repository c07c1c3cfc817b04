"""Operations compiled from the stable form of a row when they are first needed."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.language.expansion import stable_form
from secantd.program.columns import Columns
from secantd.program.operations import OPERATIONS, Operation
from secantd.program.source import build, source_body
from secantd.program.tape import Tape, record

__all__ = ["CODE", "operation_of"]

# Hand-written code, faster than a formula or beyond one, by row: for floats, and for arrays with `out=`. None: the stable
# form of the row.
CODE: dict[str, tuple[Callable[..., float] | None, Callable[..., Any] | None]] = {}


def operation_of(name: str) -> Operation | None:
    """Return the operation of a row of the table, None where there is neither code nor a stable form."""
    one, many = CODE.get(name, (None, None))
    if one is None or many is None:
        form = stable_form(name)
        if form is None:
            return None
        tape = record(form.outputs, form.variables, {}, literal=True)
        one, many = one or scalar(tape), many or array(tape)
    return Operation(one, many)


def scalar(tape: Tape) -> Callable[..., float]:
    """Return a function of floats with IEEE values, which never raises."""
    arguments = ", ".join(f"x{i}" for i in range(len(tape.variables)))
    bodies = [source_body(tape, careful) for careful in (True, False)]
    careful, plain = (([*body.lines, f"return {body.outputs[0]}"], body.names) for body in bodies)
    names = {**plain[1], "otherwise": build(arguments, *careful), "errors": (ArithmeticError, ValueError)}
    lines = ["try:", *[f" {line}" for line in plain[0]], "except errors:", f" return otherwise({arguments})"]
    return build(arguments, lines, names)


def array(tape: Tape) -> Callable[..., Any]:
    """Return a function of arrays and floats, `f(*arguments, out=)`."""
    run = Columns(tape)

    def computed(*arguments: Any, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        value = run(*arguments)
        if out is None:
            return value
        out[...] = value
        return out

    return computed


OPERATIONS.makers.append(operation_of)
