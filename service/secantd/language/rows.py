"""Calls of the functions of the table: which row is meant, and its arguments in order."""

from functools import cache
from typing import TYPE_CHECKING

from secantd.errors import Reason
from secantd.expression import Node
from secantd.functions import NAMES, Function
from secantd.language import structural
from secantd.language.code import Code
from secantd.language.parser import parse
from secantd.language.registry import Arguments, Names
from secantd.language.structural import apply_rows, constant
from secantd.language.values import Environment, Value

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = ["call_row"]


def call_row(machine: "Machine", name: str, arguments: Arguments, names: Names) -> Value:
    """Call a function of the table: choose the row by the arguments and the flags that are given."""
    rows = NAMES[name]
    if len(rows) == 1 and len(arguments) == len(rows[0].parameters) and not any(names):
        return apply_rows(machine, rows[0].name, arguments)
    widest = max(rows, key=lambda f: len(f.parameters))
    flags = dict(rows[0].flags)
    others = [other for other, _, _ in widest.instead]
    # Python has no dots in names.
    written = [n.replace("_", ".") if n and n.replace("_", ".") in flags else n for n in names]
    found = structural.match(machine, [*widest.parameters, *others, *flags], arguments, written, f"{name}()")
    for flag in flags:
        if flag in found:
            flags[flag] = truth(machine, found.pop(flag), f"'{flag}'")
    for other, parameter, text in widest.instead:
        if other in found:
            if parameter in found:
                raise machine.error(f"{name}() takes '{parameter}' or '{other}', not both", f"leave '{other}' out")
            found[parameter] = machine.evaluate(default_code(text), Environment(values=dict(found)))
            del found[other]
    chosen = [f for f in rows if dict(f.flags) == flags and fits(f, found)]
    if not chosen:
        missing = next(p for p in widest.parameters if p not in found)
        raise machine.error(f"{name}() needs '{missing}'", f"write {rows[0].signature}", Reason.UNKNOWN_FUNCTION)
    return apply_rows(machine, chosen[0].name, complete(machine, chosen[0], found))


def truth(machine: "Machine", value: Value, what: str) -> bool:
    """Return a flag. R's T and F are names, and mean TRUE and FALSE only here: elsewhere they are temperature and the like."""
    if isinstance(value, Node) and value.op == "symbol" and value.name in ("T", "F"):
        return value.name == "T"
    return bool(constant(machine, value, what))


def fits(function: Function, found: dict[str, Value]) -> bool:
    needed = function.parameters[: len(function.parameters) - len(function.defaults)]
    return set(found) <= set(function.parameters) and all(p in found for p in needed)


def complete(machine: "Machine", function: Function, found: dict[str, Value]) -> list[Value]:
    """Return the arguments in order, with the defaults of those left out."""
    first = len(function.parameters) - len(function.defaults)
    for parameter, default in zip(function.parameters[first:], function.defaults, strict=True):
        if parameter not in found:
            value = machine.evaluate(default_code(default), Environment(values=dict(found)))
            if function.spelled and isinstance(value, Node) and value.op == "number":
                value = machine.left_out(value.value)
            found[parameter] = value
    return [found[p] for p in function.parameters]


@cache
def default_code(text: str) -> Code:
    return parse(text)
