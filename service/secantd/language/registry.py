"""Where the functions that are not rows of the table are entered under their names."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from secantd.errors import Reason
from secantd.language import structural
from secantd.language.structural import constant
from secantd.language.values import Value

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = ["LIBRARY", "Arguments", "Entry", "Names", "fixed", "given", "known_as", "whole"]

Arguments = list[Value]
Names = tuple[str | None, ...]
Entry = Callable[["Machine", Arguments, Names], Value]
LIBRARY: dict[str, Entry] = {}


def known_as(*names: str) -> Callable[[Entry], Entry]:
    """Enter a function into the library under its names."""

    def enter(function: Entry) -> Entry:
        LIBRARY.update(dict.fromkeys(names, function))
        return function

    return enter


def fixed(*parameters: str, optional: tuple[str, ...] = ()) -> Callable[[Callable[..., Value]], Entry]:
    """Match arguments to parameters as R does; of the `optional` ones, which come last, those left out are None."""
    every = parameters + optional

    def wrap(function: Callable[..., Value]) -> Entry:
        def matched(machine: "Machine", arguments: Arguments, names: Names) -> Value:
            what = next(n for n, f in LIBRARY.items() if f is matched)
            found = structural.match(machine, every, arguments, names, f"{what}()")
            return function(machine, *[given(machine, found.get(p), p) for p in parameters], *map(found.get, optional))

        return matched

    return wrap


def given(machine: "Machine", value: Value | None, what: str) -> Value:
    if value is None:
        raise machine.error(f"the argument '{what}' is missing", f"write {what} = ...", Reason.UNKNOWN_FUNCTION)
    return value


def whole(machine: "Machine", value: Value, what: str) -> int:
    """Return a count that fits the limit of steps."""
    number = constant(machine, value, what)
    if not 0 <= number <= machine.limits.loop_steps or number != int(number):
        raise machine.error(f"{what} must be a whole number from 0 to {machine.limits.loop_steps:,}")
    return int(number)
