"""The registry of the functions that are not rows of the table, and the matching of their arguments."""

from collections.abc import Callable
from typing import Final

from secantd.errors import Reason
from secantd.functions import NAMES
from secantd.language import structural
from secantd.language.context import Context
from secantd.language.structural import constant
from secantd.language.values import Value

__all__ = [
    "LIBRARY",
    "Arguments",
    "LibraryFunction",
    "Names",
    "fixed",
    "is_function",
    "known_as",
    "required_argument",
    "whole",
    "whole_part",
]

Arguments = list[Value]
Names = tuple[str | None, ...]
LibraryFunction = Callable[[Context, Arguments, Names], Value]
# Functions whose names are also common names of parameters.
NAMES_OF_PARAMETERS: Final = frozenset({"beta", "gamma"})
# Up to this size a double holds every whole number.
EXACT: Final = 2.0**53
LIBRARY: Final[dict[str, LibraryFunction]] = {}


def known_as(*names: str) -> Callable[[LibraryFunction], LibraryFunction]:
    """Register a function in the library under its names."""

    def enter(function: LibraryFunction) -> LibraryFunction:
        LIBRARY.update(dict.fromkeys(names, function))
        return function

    return enter


def fixed(*parameters: str, optional: tuple[str, ...] = ()) -> Callable[[Callable[..., Value]], LibraryFunction]:
    """Match arguments to parameters as R does, before the function is called.

    Args:
        parameters: Parameters that must be given.
        optional: Parameters after these that may be left out; the function gets None for them.
    """
    every = parameters + optional

    def wrap(function: Callable[..., Value]) -> LibraryFunction:
        def matched(context: Context, arguments: Arguments, names: Names) -> Value:
            what = next(n for n, f in LIBRARY.items() if f is matched)
            found = structural.match(context, every, arguments, names, f"{what}()")
            return function(
                context, *[required_argument(context, found.get(p), p) for p in parameters], *map(found.get, optional)
            )

        return matched

    return wrap


def required_argument(context: Context, value: Value | None, what: str) -> Value:
    """Return the value of an argument that must be given; UNKNOWN_FUNCTION where it is None.

    Args:
        context: The interpreter, for the error.
        value: The value, None if it is missing.
        what: The name of the argument.
    """
    if value is None:
        raise context.error(f"the argument '{what}' is missing", f"write {what} = ...", Reason.UNKNOWN_FUNCTION)
    return value


def whole(context: Context, value: Value, what: str) -> int:
    """Return an argument as a count.

    Args:
        context: The interpreter.
        value: The value.
        what: The name of the argument, for the error.

    Raises:
        CalculusError: SYNTAX_ERROR unless it is a whole number from 0 to the limit loop_steps.
    """
    number = constant(context, value, what)
    if not 0 <= number <= context.limits.loop_steps or not number.is_integer():
        raise context.error(f"{what} must be a whole number from 0 to {context.limits.loop_steps:,}")
    return int(number)


def whole_part(context: Context, value: Value, what: str) -> int:
    """Return a constant as a whole number, without its decimals.

    Args:
        context: The interpreter.
        value: The value.
        what: The subject of the error's sentence.

    Raises:
        CalculusError: SYNTAX_ERROR for NaN, an infinite number and one beyond 2^53.
    """
    number = constant(context, value, what)
    if not abs(number) <= EXACT:
        raise context.error(f"{what} must be a whole number, not {number:g}", "write a number such as 2")
    return int(number)


def is_function(name: str) -> bool:
    """Return whether a name belongs to a function of the table and is no common name of a parameter."""
    return name in NAMES and name not in NAMES_OF_PARAMETERS
