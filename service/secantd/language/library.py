"""The functions that are not rows of the table: they build vectors, reduce them, or call other functions."""

from typing import TYPE_CHECKING

from secantd.errors import Reason
from secantd.expression import Node
from secantd.functions import NAMES
from secantd.language import reductions, structural  # noqa: F401  (what is imported enters its functions)
from secantd.language.hints import function_hint
from secantd.language.registry import LIBRARY, Arguments, Entry, Names, fixed, given, known_as
from secantd.language.rows import call_row
from secantd.language.structural import apply_rows, items
from secantd.language.values import Builtin, Closure, Value, Vector
from secantd.language.vectors import flat

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = ["LIBRARY", "call"]

PREFIXES = ("math.", "np.", "numpy.")


def call(machine: "Machine", name: str, arguments: Arguments, names: Names) -> None:
    """Call a function of the language by any of its names and push its value."""
    stripped = next((name[len(p) :] for p in PREFIXES if name.startswith(p)), name)
    for candidate in dict.fromkeys((name, stripped)):
        if candidate in LIBRARY:
            machine.stack.append(LIBRARY[candidate](machine, arguments, names))
            return
        if candidate in NAMES:
            machine.stack.append(call_row(machine, candidate, arguments, names))
            return
    hint = function_hint(stripped, [*NAMES, *LIBRARY], machine.names)
    raise machine.error(f"unknown function '{name}'", hint, Reason.UNKNOWN_FUNCTION)


def function_of(machine: "Machine", value: Value | None) -> Value:
    """Return a function value; the name of a function of the language stands for it."""
    if isinstance(value, Node) and value.op == "symbol" and (value.name in NAMES or value.name in LIBRARY):
        return Builtin(value.name)
    if not isinstance(value, Closure | Builtin):
        raise machine.error("expected a function", "write function(z) ...", Reason.UNKNOWN_FUNCTION)
    return value


@known_as("ifelse", "where")
@fixed("test", "yes", "no")
def ifelse(machine: "Machine", test: Value, yes: Value, no: Value) -> Value:
    return apply_rows(machine, "ifelse", [test, yes, no])


@known_as("if_else")
@fixed("yes", "test", "no")
def python_if(machine: "Machine", yes: Value, test: Value, no: Value) -> Value:
    known = machine.constants.get(test.index) if isinstance(test, Node) else None
    if known is not None:
        return yes if known else no
    return apply_rows(machine, "ifelse", [test, yes, no])


def pairwise(op: str) -> Entry:
    def choose(machine: "Machine", arguments: Arguments, names: Names) -> Value:
        if not arguments or any(names):
            raise machine.error("expected numbers", reason=Reason.UNKNOWN_FUNCTION)
        value = arguments[0]
        for a in arguments[1:]:
            value = apply_rows(machine, op, [value, a])
        return value

    return choose


LIBRARY["pmax"] = LIBRARY["maximum"] = LIBRARY["fmax"] = pairwise("pmax")
LIBRARY["pmin"] = LIBRARY["minimum"] = LIBRARY["fmin"] = pairwise("pmin")


@known_as("pow", "power", "float_power")
@fixed("x", "y")
def power(machine: "Machine", x: Value, y: Value) -> Value:
    return apply_rows(machine, "pow", [x, y])


@known_as("square")
@fixed("x")
def square(machine: "Machine", x: Value) -> Value:
    return apply_rows(machine, "pow", [x, machine.number(2.0)])


@known_as("hypot")
@fixed("x", "y")
def hypotenuse(machine: "Machine", x: Value, y: Value) -> Value:
    squares = [apply_rows(machine, "pow", [p, machine.number(2.0)]) for p in (x, y)]
    return apply_rows(machine, "sqrt", [apply_rows(machine, "add", squares)])


@known_as("I", "identity", "float", "as.numeric", "as.double", "float64", "invisible")
@fixed("x")
def identity(machine: "Machine", x: Value) -> Value:
    return x


@known_as("sapply", "lapply", "vapply")
def sapply(machine: "Machine", arguments: Arguments, names: Names) -> Value:
    found = structural.match(machine, ["X", "FUN", "FUN.VALUE"], arguments, names, "sapply()")
    function = function_of(machine, found.get("FUN"))
    values = items(machine, given(machine, found.get("X"), "X"), "a vector")
    return Vector(tuple(flat(machine, [machine.call_now(function, [v]) for v in values])))


@known_as("Map", "map")
def mapped(machine: "Machine", arguments: Arguments, names: Names) -> Value:
    if len(arguments) != 2:
        raise machine.error("Map() takes a function and one vector", reason=Reason.UNKNOWN_FUNCTION)
    return sapply(machine, [arguments[1], arguments[0]], (None, None))


@known_as("Reduce", "reduce")
@fixed("f", "x", optional=("init",))
def fold(machine: "Machine", f: Value, x: Value, init: Value | None) -> Value:
    function = function_of(machine, f)
    values = ([] if init is None else [init]) + items(machine, x, "a vector")
    if not values:
        raise machine.error("the vector is empty", reason=Reason.UNKNOWN_FUNCTION)
    value = values[0]
    for v in values[1:]:
        value = machine.call_now(function, [value, v])
    return value
