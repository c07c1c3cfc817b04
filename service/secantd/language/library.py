"""The functions that are not rows of the table: they build vectors, reduce them, or call other functions."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Node
from secantd.functions import NAMES, Function
from secantd.language import structural
from secantd.language.code import Code
from secantd.language.hints import function_hint
from secantd.language.parser import parse
from secantd.language.structural import apply_rows, constant, items, length, total
from secantd.language.values import Builtin, Closure, Environment, Value, Vector

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = ["LIBRARY", "call"]

Arguments = list[Value]
Names = tuple[str | None, ...]
Entry = Callable[["Machine", Arguments, Names], Value]
LIBRARY: dict[str, Entry] = {}
PREFIXES = ("math.", "np.", "numpy.")


def known_as(*names: str) -> Callable[[Entry], Entry]:
    """Enter a function into the library under its names."""

    def enter(function: Entry) -> Entry:
        LIBRARY.update(dict.fromkeys(names, function))
        return function

    return enter


def fixed(*parameters: str) -> Callable[[Callable[..., Value]], Entry]:
    """Match arguments to parameters as R does; those left out are None."""

    def wrap(function: Callable[..., Value]) -> Entry:
        def matched(machine: "Machine", arguments: Arguments, names: Names) -> Value:
            what = next(n for n, f in LIBRARY.items() if f is matched)
            found = structural.match(machine, parameters, arguments, names, f"{what}()")
            return function(machine, *[found.get(p) for p in parameters])

        return matched

    return wrap


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


def call_row(machine: "Machine", name: str, arguments: Arguments, names: Names) -> Value:
    """Call a function of the table: choose the row by the arguments and the flags that are given."""
    rows = NAMES[name]
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
            found[parameter] = machine.evaluate(default_code(default), Environment(values=dict(found)))
    return [found[p] for p in function.parameters]


@cache
def default_code(text: str) -> Code:
    return parse(text)


def flat(machine: "Machine", arguments: Sequence[Value]) -> list[Value]:
    found: list[Value] = []
    for a in arguments:
        found += a.items if isinstance(a, Vector) else [a]
    return found


def given(machine: "Machine", value: Value | None, what: str) -> Value:
    if value is None:
        raise machine.error(f"the argument '{what}' is missing", f"write {what} = ...", Reason.UNKNOWN_FUNCTION)
    return value


def function_of(machine: "Machine", value: Value | None) -> Value:
    """Return a function value; the name of a function of the language stands for it."""
    if isinstance(value, Node) and value.op == "symbol" and (value.name in NAMES or value.name in LIBRARY):
        return Builtin(value.name)
    if not isinstance(value, Closure | Builtin):
        raise machine.error("expected a function", "write function(z) ...", Reason.UNKNOWN_FUNCTION)
    return value


# -- vectors ------------------------------------------------------------------------------------------------


@known_as("c", "list", "array", "asarray")
def combine(machine: "Machine", arguments: Arguments, names: Names) -> Value:
    found: list[Value] = []
    labels: list[str | None] = []
    for a, n in zip(arguments, names, strict=True):
        inside = list(a.items) if isinstance(a, Vector) else [a]
        if isinstance(a, Node) and a.rows > 1 and len(arguments) == 1:
            return a
        if isinstance(a, Node) and a.rows > 1:
            inside = items(machine, a, "a vector")
        found += inside
        labels += a.names if isinstance(a, Vector) and a.names else [n] * len(inside)
    return Vector(tuple(found), tuple(labels) if any(labels) else ())


@known_as("rep")
@fixed("x", "times", "each", "length.out")
def repeat(machine: "Machine", x: Value, times: Value | None, each: Value | None, size: Value | None) -> Value:
    found = items(machine, given(machine, x, "x"), "a vector")
    if each is not None:
        count = whole(machine, each, "'each'")
        found = [v for v in found for _ in range(count)]
    if size is not None:
        count = whole(machine, size, "'length.out'")
        found = [found[i % len(found)] for i in range(count)]
    elif times is not None:
        count = whole(machine, times, "'times'")
        whole(machine, machine.number(count * len(found)), "the length")
        found = found * count
    return Vector(tuple(found))


def whole(machine: "Machine", value: Value, what: str) -> int:
    """Return a count that fits the limit of steps."""
    number = constant(machine, value, what)
    if not 0 <= number <= machine.limits.loop_steps or number != int(number):
        raise machine.error(f"{what} must be a whole number from 0 to {machine.limits.loop_steps:,}")
    return int(number)


@known_as("seq")
@fixed("from", "to", "by", "length.out")
def seq(machine: "Machine", start: Value, to: Value | None, by: Value | None, size: Value | None) -> Value:
    given(machine, start, "from")
    if to is None:
        start, to = machine.number(1.0), start
    if size is not None:
        count = whole(machine, size, "'length.out'")
        first, last = constant(machine, start, "from"), constant(machine, to, "to")
        step = (last - first) / max(count - 1, 1)
        return Vector(tuple(machine.number(first + i * step) for i in range(count)))
    return structural.sequence(machine, start, to, constant(machine, by, "by") if by is not None else None)


@known_as("range", "arange", "np.arange")
def python_range(machine: "Machine", arguments: Arguments, names: Names) -> Value:
    """Python's range, which begins at 0 and leaves out its end; R's range(x) is not part of the language."""
    if any(names) or not 1 <= len(arguments) <= 3:
        raise machine.error("range() takes start, stop, step", "write range(0, 10)", Reason.UNKNOWN_FUNCTION)
    start, *rest = [constant(machine, a, "a bound of range()") for a in arguments]
    stop, step = (rest[0], rest[1] if len(rest) > 1 else 1.0) if rest else (start, 1.0)
    if not rest:
        start = 0.0
    count = math.ceil((stop - start) / step) if step and math.isfinite(start + stop + step) else -1
    if count < 0:
        raise machine.error("range() needs finite bounds and a step towards its end")
    if count > machine.limits.loop_steps:
        raise limit_exceeded("loop_steps", "a range is too long", machine.limits.loop_steps)
    return Vector(tuple(machine.number(start + i * step) for i in range(count)))


@known_as("seq_len")
@fixed("length.out")
def seq_len(machine: "Machine", size: Value) -> Value:
    return Vector(
        tuple(machine.number(i + 1.0) for i in range(whole(machine, given(machine, size, "length.out"), "the length")))
    )


@known_as("seq_along")
@fixed("x")
def seq_along(machine: "Machine", x: Value) -> Value:
    return Vector(tuple(machine.number(i + 1.0) for i in range(length(machine, given(machine, x, "x")))))


@known_as("numeric", "zeros")
@fixed("length")
def zeros(machine: "Machine", size: Value) -> Value:
    return Vector((machine.number(0.0),) * whole(machine, given(machine, size, "length"), "the length"))


@known_as("rev")
@fixed("x")
def reverse(machine: "Machine", x: Value) -> Value:
    return Vector(tuple(items(machine, given(machine, x, "x"), "a vector")[::-1]))


@known_as("length", "len", "NROW")
@fixed("x")
def size_of(machine: "Machine", x: Value) -> Value:
    return machine.number(float(length(machine, given(machine, x, "x"))))


@known_as("cumsum")
@fixed("x")
def cumulative_sum(machine: "Machine", x: Value) -> Value:
    return cumulate(machine, x, "add")


@known_as("cumprod")
@fixed("x")
def cumulative_product(machine: "Machine", x: Value) -> Value:
    return cumulate(machine, x, "mul")


@known_as("diff")
@fixed("x")
def differences(machine: "Machine", x: Value) -> Value:
    found = items(machine, given(machine, x, "x"), "differences")
    if len(found) < 2:
        raise machine.error(
            "there is one number only, and no difference", "send the formula itself to differentiate it"
        )
    contrary = [apply_rows(machine, "neg", [v]) for v in found]
    return Vector(tuple(apply_rows(machine, "add", [b, a]) for a, b in zip(contrary, found[1:], strict=False)))


def cumulate(machine: "Machine", x: Value, op: str) -> Value:
    found = items(machine, given(machine, x, "x"), "a running total")
    results = found[:1]
    for v in found[1:]:
        results.append(apply_rows(machine, op, [results[-1], v]))
    return Vector(tuple(results))


# -- reductions ---------------------------------------------------------------------------------------------


def reduction(op: str, joined: str) -> Entry:
    def reduce(machine: "Machine", arguments: Arguments, names: Names) -> Value:
        if not arguments:
            raise machine.error(
                "there are no numbers", f"write {op.removesuffix('_of')}(x, y)", Reason.UNKNOWN_FUNCTION
            )
        if any(n in ("na.rm", "axis", "key") for n in names):
            raise machine.error("only the numbers themselves can be given here", reason=Reason.UNKNOWN_FUNCTION)
        parts = [total(machine, a, op) for a in arguments]
        if len(parts) == 1:
            return parts[0]
        if joined in ("add", "mul"):
            return structural.node(machine, joined, parts)
        return total(machine, Vector(tuple(parts)), op)

    return reduce


LIBRARY["sum"] = LIBRARY["fsum"] = reduction("sum", "add")
LIBRARY["prod"] = reduction("prod", "mul")
LIBRARY["max"] = LIBRARY["amax"] = reduction("max_of", "pmax")
LIBRARY["min"] = LIBRARY["amin"] = reduction("min_of", "pmin")


@known_as("mean", "average")
@fixed("x")
def mean(machine: "Machine", x: Value) -> Value:
    count = length(machine, given(machine, x, "x"))
    if count == 1:
        return total(machine, x)
    return structural.node(machine, "div", [total(machine, x), machine.number(float(count))])


@known_as("var")
@fixed("x")
def variance(machine: "Machine", x: Value) -> Value:
    count = length(machine, given(machine, x, "x"))
    if count < 2:
        raise machine.error("the variance needs two numbers or more", reason=Reason.UNKNOWN_FUNCTION)
    middle = structural.node(machine, "neg", [mean(machine, [x], (None,))])  # type: ignore[list-item]
    deviation = apply_rows(machine, "add", [x, middle])
    squares = total(machine, apply_rows(machine, "pow", [deviation, machine.number(2.0)]))
    return structural.node(machine, "div", [squares, machine.number(count - 1.0)])


@known_as("sd")
@fixed("x")
def deviation(machine: "Machine", x: Value) -> Value:
    return apply_rows(machine, "sqrt", [variance(machine, [x], (None,))])


@known_as("np.var", "numpy.var")
@fixed("x")
def population_variance(machine: "Machine", x: Value) -> Value:
    """NumPy's variance, which divides by n; R's by n - 1."""
    count = float(length(machine, given(machine, x, "x")))
    share = machine.number((count - 1) / count)
    return structural.node(machine, "mul", [variance(machine, [x], (None,)), share])  # type: ignore[list-item]


@known_as("np.std", "numpy.std")
@fixed("x")
def population_deviation(machine: "Machine", x: Value) -> Value:
    return apply_rows(machine, "sqrt", [population_variance(machine, [x], (None,))])


@known_as("crossprod", "dot", "inner", "vdot")
@fixed("x", "y")
def dot(machine: "Machine", x: Value, y: Value | None) -> Value:
    given(machine, x, "x")
    return total(machine, apply_rows(machine, "mul", [x, x if y is None else y]))


# -- choices and calls --------------------------------------------------------------------------------------


@known_as("ifelse", "where")
@fixed("test", "yes", "no")
def ifelse(machine: "Machine", test: Value, yes: Value, no: Value) -> Value:
    chosen = [given(machine, v, w) for v, w in ((test, "test"), (yes, "yes"), (no, "no"))]
    return apply_rows(machine, "ifelse", chosen)


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
    return apply_rows(machine, "pow", [given(machine, x, "x"), given(machine, y, "y")])


@known_as("square")
@fixed("x")
def square(machine: "Machine", x: Value) -> Value:
    return apply_rows(machine, "pow", [given(machine, x, "x"), machine.number(2.0)])


@known_as("hypot")
@fixed("x", "y")
def hypotenuse(machine: "Machine", x: Value, y: Value) -> Value:
    parts = [given(machine, x, "x"), given(machine, y, "y")]
    squares = [apply_rows(machine, "pow", [p, machine.number(2.0)]) for p in parts]
    return apply_rows(machine, "sqrt", [apply_rows(machine, "add", squares)])


@known_as("I", "identity", "float", "as.numeric", "as.double", "float64", "invisible")
@fixed("x")
def identity(machine: "Machine", x: Value) -> Value:
    return given(machine, x, "x")


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
@fixed("f", "x", "init")
def fold(machine: "Machine", f: Value, x: Value, init: Value | None) -> Value:
    function = function_of(machine, f)
    values = ([] if init is None else [init]) + items(machine, given(machine, x, "x"), "a vector")
    if not values:
        raise machine.error("the vector is empty", reason=Reason.UNKNOWN_FUNCTION)
    value = values[0]
    for v in values[1:]:
        value = machine.call_now(function, [value, v])
    return value
