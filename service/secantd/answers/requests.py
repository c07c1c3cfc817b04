"""Fields of requests converted to the engine's types; every error names its field."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from secantd.answers import fields
from secantd.answers.shapes import Value, shaped
from secantd.calculus.results import Form, Naming
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.language.function import Function
from secantd.language.notation import Notation
from secantd.settings import Limits
from secantd.shown import quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "choice",
    "columns",
    "form",
    "invalid",
    "named",
    "naming",
    "notations",
    "over",
    "point",
    "variables",
    "vectors",
]

Choice = TypeVar("Choice", bound=Enum)

# The other notations are for source code, which only Export writes.
FORMULA_NOTATIONS = (Notation.R, Notation.PYTHON, Notation.LATEX, Notation.MATHML)


def invalid(field: str, headline: str, hint: str = "", reason: Reason = Reason.INVALID_VALUE) -> CalculusError:
    """Return the error of a field with an invalid value.

    Args:
        field: The path of the field in the request, such as "points[1].values".
        headline: What is wrong with it.
        hint: The remedy, "" for none.
        reason: The reason in ErrorInfo.
    """
    return CalculusError(reason, headline, hint, field=field)


def over(name: str, headline: str, limits: Limits, field: str, hint: str = "") -> CalculusError:
    """Return the error of exceeding the limit `name`.

    Args:
        name: The field of `Limits`.
        headline: What exceeds it.
        limits: The limits of the server.
        field: The path of the field in the request.
        hint: The remedy, "" for none.
    """
    return limit_exceeded(name, headline, getattr(limits, name), hint, field)


def choice(kind: type[Choice], number: int, field: str) -> Choice | None:
    """Return the member of `kind` for an enum field, None if it is unset.

    Args:
        kind: The enum; its values are those of the contract.
        number: The value in the message; 0 is unset.
        field: The path of the field in the request.

    Raises:
        CalculusError: INVALID_VALUE for a number that is no member.

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
    """Return the requested form; LIGHT if unset."""
    return choice(Form, number, "form") or Form.LIGHT


def naming(number: int) -> Naming | None:
    """Return which parts of the formulas get names; None if unset."""
    return choice(Naming, number, "naming")


def notations(
    numbers: Sequence[int], function: Function, allowed: Iterable[Notation] = FORMULA_NOTATIONS
) -> tuple[Notation, ...]:
    """Return the requested notations; the function's own if none is requested."""
    found = []
    for i, number in enumerate(numbers):
        notation = choice(Notation, number, f"notations[{i}]") or function.notation
        if notation not in allowed:
            raise invalid(
                f"notations[{i}]",
                f"formulas are not written in {notation.name}",
                f"take {', '.join(n.name for n in allowed)}; Export writes source code",
            )
        found.append(notation)
    return tuple(found) or (function.notation,)


def variables(names: Sequence[str], limits: Limits, *, distinct: bool = True) -> tuple[str, ...]:
    """Return the variables of a request, in order.

    Args:
        names: The names in the request.
        limits: Limits of the server; `variables` bounds their number.
        distinct: Whether a repeated name is an error.

    Raises:
        CalculusError: LIMIT_EXCEEDED for too many names, INVALID_VALUE for an empty or a repeated one.
    """
    return named(names, "variables", "variable", limits, distinct=distinct)


def named(names: Sequence[str], field: str, kind: str, limits: Limits, *, distinct: bool = True) -> tuple[str, ...]:
    """Return the names in a field of a request, in order.

    Args:
        names: The names.
        field: The field.
        kind: What they are names of: "variable".
        limits: Limits of the server; `variables` bounds their number.
        distinct: Whether a repeated name is an error.

    Raises:
        CalculusError: LIMIT_EXCEEDED for too many names, INVALID_VALUE for an empty or a repeated one.
    """
    if len(names) > limits.variables:
        raise over("variables", f"{len(names):,} {kind}s are named", limits, field)
    seen: set[str] = set()
    for i, name in enumerate(names):
        if not name:
            raise invalid(f"{field}[{i}]", f"the name of a {kind} is empty")
        if distinct and name in seen:
            raise invalid(f"{field}[{i}]", f"the {kind} {quoted(name)} is named twice", "name it once")
        seen.add(name)
    return tuple(names)


def point(coordinates: Sequence[fields.Coordinate], field: str, *, nameless: bool = False) -> dict[str, Value]:
    """Return a point as {variable: value} in the order of its entries; a value is a number, a vector or a matrix.

    Args:
        coordinates: The entries.
        field: The field of the request that holds them.
        nameless: Whether a single entry may come without a name.

    >>> from secant.v1 import expression_pb2
    >>> point([expression_pb2.Coordinate(variable="x", value=2)], "at")
    {'x': 2.0}
    >>> point([expression_pb2.Coordinate(variable="x", values=[1, 2])], "at")
    {'x': array([1., 2.])}
    """
    found: dict[str, Value] = {}
    for i, entry in enumerate(coordinates):
        if not entry.variable and not (nameless and len(coordinates) == 1):
            raise invalid(f"{field}[{i}].variable", "the name of a variable is empty")
        if entry.variable in found:
            raise invalid(
                f"{field}[{i}].variable",
                f"the variable {quoted(entry.variable)} has two values",
                "give it one",
            )
        several = entry.values or entry.shape
        found[entry.variable] = shaped(entry, f"{field}[{i}]") if several else entry.value
    return found


def columns(messages: Sequence[fields.Column], field: str) -> "dict[str, NDArray[np.float64]]":
    """Return columns as {name: array of shape (n,), or (r, c) for a matrix} in their order."""
    found: dict[str, NDArray[np.float64]] = {}
    for i, message in enumerate(messages):
        if not message.name:
            raise invalid(f"{field}[{i}].name", "the name of a column is empty")
        if message.name in found:
            raise invalid(f"{field}[{i}].name", f"there are two columns {quoted(message.name)}", "send one")
        found[message.name] = shaped(message, f"{field}[{i}]")
    return found


def vectors(messages: Sequence[fields.Column], field: str) -> "dict[str, NDArray[np.float64]]":
    """Return columns, none of which may be a matrix."""
    found = columns(messages, field)
    for i, (name, values) in enumerate(found.items()):
        if values.ndim != 1:
            headline = f"column {quoted(name)} is a matrix, but each column has one number for each point"
            raise invalid(f"{field}[{i}].shape", headline, "send a column for each entry of the matrix, or one point")
    return found
