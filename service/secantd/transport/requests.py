"""What a request says, checked, in the engine's terms; every error names the field it is in."""

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from secant.v1 import expression_pb2

from secantd.calculus.answers import Form
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.language.function import Function
from secantd.language.notation import Notation
from secantd.settings import Limits
from secantd.transport.arrays import decode

__all__ = [
    "choice",
    "columns",
    "form",
    "invalid",
    "notations",
    "order",
    "over",
    "point",
    "require_direction",
    "require_variables",
    "same_length",
    "same_length_or_recycled",
    "shown",
    "variables",
]

Choice = TypeVar("Choice", bound=Enum)

# Export writes source code in the others as well.
FORMULA_NOTATIONS = (Notation.R, Notation.PYTHON, Notation.LATEX)


def invalid(field: str, headline: str, hint: str = "", reason: Reason = Reason.INVALID_VALUE) -> CalculusError:
    """Return the error of a field whose value makes no sense."""
    return CalculusError(reason, headline, hint, field=field)


def over(name: str, headline: str, limits: Limits, field: str, hint: str = "") -> CalculusError:
    """Return the error of the limit called `name`."""
    return limit_exceeded(name, headline, getattr(limits, name), hint, field)


def choice(kind: type[Choice], number: int, field: str) -> Choice | None:
    """Return the member of `kind` of an enum field, None where it is unset.

    >>> choice(Notation, 1, "notation"), choice(Notation, 0, "notation")
    (<Notation.R: 1>, None)
    """
    if number == 0:
        return None
    try:
        return kind(number)
    except ValueError:
        known = ", ".join(f"{m.name} = {m.value}" for m in kind)
        raise invalid(field, f"{number} is no {kind.__name__.lower()}", f"known are {known}") from None


def form(number: int) -> Form:
    """Return the form asked for; unset is light."""
    return choice(Form, number, "form") or Form.LIGHT


def notations(
    numbers: Sequence[int], function: Function, allowed: Iterable[Notation] = FORMULA_NOTATIONS
) -> tuple[Notation, ...]:
    """Return the notations of the answer, the function's own where none is named."""
    found = []
    for i, number in enumerate(numbers):
        notation = choice(Notation, number, f"notations[{i}]") or function.notation
        if notation not in allowed:
            raise invalid(
                f"notations[{i}]",
                f"formulas are not written in {notation.name}",
                "take R, PYTHON or LATEX; Export writes source code",
            )
        found.append(notation)
    return tuple(found) or (function.notation,)


def order(number: int, highest: int, field: str = "order") -> int:
    """Return an order from 0 to `highest`."""
    if not 0 <= number <= highest:
        raise invalid(field, f"the order is {number}", f"take one from 0 to {highest}")
    return number


def variables(names: Sequence[str], limits: Limits, *, distinct: bool = True) -> tuple[str, ...]:
    """Return the variables named, in order; as what to differentiate by a name may come twice."""
    if len(names) > limits.variables:
        raise over("variables", f"{len(names):,} variables are named", limits, "variables")
    seen: set[str] = set()
    for i, name in enumerate(names):
        if not name:
            raise invalid(f"variables[{i}]", "the name of a variable is empty")
        if distinct and name in seen:
            raise invalid(f"variables[{i}]", f"the variable {shown(name)} is named twice", "name it once")
        seen.add(name)
    return tuple(names)


def point(coordinates: Sequence[expression_pb2.Coordinate], field: str, *, finite: bool = False) -> dict[str, float]:
    """Return a point as {variable: value} in the order of its entries.

    >>> point([expression_pb2.Coordinate(variable="x", value=2)], "at")
    {'x': 2.0}
    """
    found: dict[str, float] = {}
    for i, entry in enumerate(coordinates):
        if not entry.variable:
            raise invalid(f"{field}[{i}].variable", "the name of a variable is empty")
        if entry.variable in found:
            raise invalid(
                f"{field}[{i}].variable",
                f"the variable {shown(entry.variable)} has two values",
                "give it one",
            )
        if finite and not math.isfinite(entry.value):
            raise invalid(f"{field}[{i}].value", f"{shown(entry.variable)} is {entry.value}", "give it a finite number")
        found[entry.variable] = entry.value
    return found


def require_variables(
    given: Iterable[str], function: Function, field: str, also: Iterable[str] = (), what: str = "the point"
) -> None:
    """Raise UNKNOWN_VARIABLE unless `given` is all variables of `function` and at most some of `also`."""
    names = list(given)
    present, known = set(names), {*function.variables, *also}
    for i, name in enumerate(names):
        if name not in known:
            hint = "its variables are " + listed(function.variables) if function.variables else "it has none"
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"{what} names {shown(name)}, which the function does not have",
                hint,
                field=f"{field}[{i}]",
                metadata={"name": name},
            )
    for name in function.variables:
        if name not in present:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"{what} leaves out {shown(name)}",
                f"give {shown(name)} a value",
                field=field,
                metadata={"name": name},
            )


def require_direction(direction: dict[str, float], names: Sequence[str]) -> None:
    """Raise unless `direction` has one entry for each of `names`, not all of them 0."""
    for i, name in enumerate(direction):
        if name not in names:
            raise invalid(f"direction[{i}]", f"the direction names {shown(name)}", "its variables are " + listed(names))
    for name in names:
        if name not in direction:
            raise invalid("direction", f"the direction leaves out {shown(name)}", f"give {shown(name)} a value")
    if not any(direction.values()):
        raise invalid("direction", "the direction is 0", "give it a length")


def columns(messages: Sequence[expression_pb2.Column], field: str) -> dict[str, NDArray[np.float64]]:
    """Return columns as {name: array of shape (n,)} in their order."""
    found: dict[str, NDArray[np.float64]] = {}
    for i, message in enumerate(messages):
        if not message.name:
            raise invalid(f"{field}[{i}].name", "the name of a column is empty")
        if message.name in found:
            raise invalid(f"{field}[{i}].name", f"there are two columns {shown(message.name)}", "send one")
        found[message.name] = decode(message.values)
    return found


def same_length(found: dict[str, NDArray[np.float64]], field: str) -> int:
    """Return the length of all columns; those of length 1 are repeated in place."""
    length = max((len(values) for values in found.values()), default=1)
    if len(found) > 1 and any(len(values) == 0 for values in found.values()):
        length = 0
    for i, (name, values) in enumerate(found.items()):
        if len(values) not in (1, length):
            other = next(n for n, v in found.items() if len(v) == max(len(c) for c in found.values()))
            raise invalid(
                f"{field}[{i}].values",
                f"column {shown(name)} has {len(values)} values where {shown(other)} has {len(found[other])}",
                "make all columns of one length",
            )
        if len(values) != length:
            found[name] = np.broadcast_to(values, length)
    return length


def same_length_or_recycled(found: dict[str, NDArray[np.float64]], field: str) -> None:
    """Raise unless the length of each column divides the longest (R's recycling); none may be empty."""
    longest = max((len(values) for values in found.values()), default=1)
    for i, (name, values) in enumerate(found.items()):
        if not len(values) or longest % len(values):
            raise invalid(
                f"{field}[{i}].values",
                f"column {shown(name)} has {len(values)} values, which does not divide {longest}",
                "make all columns of one length",
            )


def shown(name: str) -> str:
    """Return a client's word as an error may print it: short, and nothing that drives a terminal."""
    plain = "".join(c if c.isprintable() else "?" for c in name[:41])
    return f"'{plain[:40]}…'" if len(name) > 40 else f"'{plain}'"


def listed(names: Sequence[str]) -> str:
    """Return the first names of a list."""
    return ", ".join(shown(n) for n in names[:8]) + (", …" if len(names) > 8 else "")
