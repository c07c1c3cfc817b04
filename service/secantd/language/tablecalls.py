"""Calls of the functions of the table: the choice of the row, and its arguments in order."""

from functools import cache

from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.functions import NAMES, Row
from secantd.language import structural
from secantd.language.context import Context
from secantd.language.instructions import Instructions
from secantd.language.parser import parse
from secantd.language.registry import Arguments, Names
from secantd.language.structural import apply_rows, constant
from secantd.language.values import Environment, Value

__all__ = ["call_row"]


def call_row(context: Context, name: str, arguments: Arguments, names: Names) -> Value:
    """Return the value of a call of a function of the table; arguments and flags choose its row.

    Args:
        context: The interpreter.
        name: A name of the function.
        arguments: The values of the arguments.
        names: Their names; None for a positional one.

    Raises:
        CalculusError: UNKNOWN_FUNCTION where the arguments fit no row.
    """
    rows = NAMES[name]
    if len(rows) == 1 and len(arguments) == len(rows[0].places) and not any(names):
        return apply_rows(context, rows[0].name, arguments)
    widest = max(rows, key=lambda f: len(f.places))
    # R's flags belong to R's names: SciPy's name of a row is one setting of them already.
    flags = dict(rows[0].flags) if any(row.written == name for row in rows) else {}
    synonyms = dict(widest.synonyms)
    # Python has no dots in names.
    written = [n.replace("_", ".") if n and n.replace("_", ".") in flags else synonyms.get(n or "", n) for n in names]
    found = structural.match(context, [*widest.places, *flags], arguments, written, f"{name}()")
    for flag in flags:
        if flag in found:
            flags[flag] = truth(context, found.pop(flag), f"'{flag}'")
    for parameter, value, reason in widest.only:
        if parameter in found and context.constants.get(getattr(found.pop(parameter), "index", -1)) != value:
            hint = f"leave it out; give flags by their names, such as {next(iter(flags), 'log')} = TRUE"
            raise context.error(reason, hint, Reason.UNKNOWN_FUNCTION)
    for other, parameter, text, _ in widest.instead:
        if other in found:
            if parameter in found:
                raise not_both(context, name, parameter, other)
            found[parameter] = context.evaluate(default_code(text), Environment(values=dict(found)))
            del found[other]
    chosen = [f for f in rows if (not flags or dict(f.flags) == flags) and fits(f, found)]
    if not chosen:
        missing = next((p for p in widest.parameters if p not in found), None)
        if missing is None:
            # Two parametrizations: R's dnbinom() takes prob or mu.
            raise not_both(context, name, widest.parameters[-1], next(p for p in found if p not in widest.parameters))
        raise context.error(f"{name}() needs '{missing}'", f"write {rows[0].signature}", Reason.UNKNOWN_FUNCTION)
    return apply_rows(context, chosen[0].name, complete(context, chosen[0], found))


def not_both(context: Context, name: str, parameter: str, other: str) -> CalculusError:
    return context.error(f"{name}() takes '{parameter}' or '{other}', not both", f"leave '{other}' out")


def truth(context: Context, value: Value, what: str) -> bool:
    """Return the value of a flag. T and F are TRUE and FALSE only here; elsewhere they are variables."""
    if isinstance(value, Node) and value.op == "symbol" and value.name in ("T", "F"):
        return value.name == "T"
    return bool(constant(context, value, what))


def fits(row: Row, found: dict[str, Value]) -> bool:
    needed = row.parameters[: len(row.parameters) - len(row.defaults)]
    return set(found) <= set(row.parameters) and all(p in found for p in needed)


def complete(context: Context, row: Row, found: dict[str, Value]) -> list[Value]:
    """Return the arguments in order, with the defaults of those left out."""
    first = len(row.parameters) - len(row.defaults)
    for parameter, default in zip(row.parameters[first:], row.defaults, strict=True):
        if parameter not in found:
            value = context.evaluate(default_code(default), Environment(values=dict(found)))
            if row.spelled and isinstance(value, Node) and value.op == "number":
                value = context.left_out(value.value)
            found[parameter] = value
    return [found[p] for p in row.parameters]


@cache
def default_code(text: str) -> Instructions:
    return parse(text)
