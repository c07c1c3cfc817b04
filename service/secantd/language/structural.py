"""Operators and functions on numbers, vectors and data columns: recycling, indices, reductions, calls."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Node
from secantd.language.values import Builtin, Closure, Environment, Nothing, Value, Vector

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = [
    "apply_rows",
    "constant",
    "index",
    "items",
    "kind",
    "length",
    "match",
    "member",
    "node",
    "operate",
    "sequence",
    "store_index",
    "total",
]

FOLD: dict[str, Callable[..., float]] = {
    "add": lambda *a: math.fsum(a) if len(a) > 50 else sum(a), "neg": lambda a: -a, "mul": lambda *a: math.prod(a),
    "div": lambda a, b: a / b, "pow": math.pow, "%%": lambda a, b: a % b, "%/%": lambda a, b: a // b,
    "<": lambda a, b: float(a < b), "<=": lambda a, b: float(a <= b), ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b), "==": lambda a, b: float(a == b), "!=": lambda a, b: float(a != b),
    "&": lambda a, b: float(bool(a) and bool(b)), "|": lambda a, b: float(bool(a) or bool(b)), "!": lambda a: float(not a),
    "ifelse": lambda t, a, b: a if t else b, "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "abs": abs,
    "floor": math.floor, "ceiling": math.ceil,
}  # fmt: skip


def node(machine: "Machine", op: str, arguments: Sequence[Node]) -> Node:
    """Return op(*arguments) and keep its value where no variable is in it."""
    made = machine.graph.make(op, *arguments)
    constants = machine.constants
    if op in FOLD and made.index not in constants and all(a.index in constants for a in arguments):
        with suppress(ArithmeticError, ValueError):
            constants[made.index] = float(FOLD[op](*[constants[a.index] for a in arguments]))
    return made


def apply_rows(machine: "Machine", op: str, arguments: Sequence[Value]) -> Value:
    """Return op of arguments, element by element where one of them is a vector, as R recycles."""
    if all(isinstance(a, Node) for a in arguments):
        nodes: Sequence[Node] = arguments  # type: ignore[assignment]
        check_rows(machine, nodes)
        return node(machine, op, nodes)
    for a in arguments:
        if not isinstance(a, Node | Vector):
            raise machine.error(f"expected a number, found {kind(a)}", "call the function, or remove it")
    length = max(len(a.items) if isinstance(a, Vector) else a.rows for a in arguments)  # type: ignore[union-attr]
    columns = [items(machine, a, "a vector") for a in arguments]
    if any(not c for c in columns):
        return Vector(())
    for c in columns:
        if length % len(c):
            raise machine.error(
                f"lengths {len(c)} and {length} do not fit", "the longer must be a multiple of the shorter"
            )
    return Vector(tuple(apply_rows(machine, op, [c[i % len(c)] for c in columns]) for i in range(length)))


def check_rows(machine: "Machine", nodes: Sequence[Node]) -> None:
    rows = 1
    for n in nodes:
        if n.rows != rows and n.rows > 1:
            if rows > 1:
                break
            rows = n.rows
    else:
        return
    lengths = {n.rows for n in nodes if n.rows > 1}
    if len(lengths) > 1:
        text = " and ".join(str(n) for n in sorted(lengths))
        raise machine.error(f"data columns of lengths {text} do not fit", "send columns of one length")


def kind(value: Value) -> str:
    if isinstance(value, Closure | Builtin):
        return "a function"
    if isinstance(value, Nothing):
        return "nothing"
    return "a string" if isinstance(value, str) else "a vector"


def operate(machine: "Machine", op: str, arguments: list[Value]) -> Value:
    """Return the value of a unary or binary operator."""
    if op == "~":
        machine.notices["the right side of the formula is taken"] = None
        return arguments[1]
    if op == ":":
        return sequence(machine, arguments[0], arguments[1])
    if op == "%*%":
        return total(machine, apply_rows(machine, "mul", arguments))
    if op == "minus":
        # The sign of a subtraction stays with it: x - 2 is not x + -2.
        return apply_rows(machine, "neg", arguments)
    if op == "neg":
        (a,) = arguments
        # -0 stays a sign before 0: printed as a number it would lose it.
        if isinstance(a, Node) and a.op == "number" and a.value:
            return machine.number(-a.value)
    return apply_rows(machine, op, arguments)


def constant(machine: "Machine", value: Value, what: str) -> float:
    """Return a number that holds no variable."""
    found = machine.constants.get(value.index) if isinstance(value, Node) else None
    if found is None:
        raise machine.error(f"{what} must be a number that holds no variable", "write it as a number")
    return found


def sequence(machine: "Machine", first: Value, last: Value, by: float | None = None) -> Vector:
    start, stop = constant(machine, first, "the start of a range"), constant(machine, last, "the end of a range")
    step = by if by is not None else (1.0 if start <= stop else -1.0)
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise machine.error("a range needs finite bounds and a step that is not 0")
    count = math.floor((stop - start) / step + 1e-10) + 1
    if count > machine.limits.loop_steps:
        raise limit_exceeded("loop_steps", "a range is too long", machine.limits.loop_steps)
    if count < 1:
        raise machine.error("the step of the range points the wrong way")
    return Vector(tuple(machine.number(start + i * step) for i in range(count)))


def items(machine: "Machine", value: Value, what: str) -> list[Value]:
    """Return the elements of a vector or a data column."""
    if isinstance(value, Vector):
        return list(value.items)
    if isinstance(value, Node):
        if value.op == "data":
            return [machine.number(float(v)) for v in machine.graph.columns[value.name]]
        if value.rows == 1:
            return [value]
        raise machine.error(f"{what} cannot be computed from data here", "use sum, mean, prod, max, min or var")
    raise machine.error(f"expected numbers, found {kind(value)}")


def total(machine: "Machine", value: Value, reduction: str = "sum") -> Node:
    """Return sum, prod, max_of or min_of of one vector."""
    if isinstance(value, Node):
        return value if value.rows == 1 else node(machine, reduction, [value])
    found = [v for v in items(machine, value, "a vector") if isinstance(v, Node)]
    if reduction == "sum" or reduction == "prod":
        if not found:
            return machine.number(0.0 if reduction == "sum" else 1.0)
        return found[0] if len(found) == 1 else node(machine, "add" if reduction == "sum" else "mul", found)
    if not found:
        raise machine.error("the vector is empty")
    best = found[0]
    for v in found[1:]:
        best = node(machine, "pmax" if reduction == "max_of" else "pmin", [best, v])
    return best


def length(machine: "Machine", value: Value) -> int:
    return len(value.items) if isinstance(value, Vector) else value.rows if isinstance(value, Node) else 1


def index(machine: "Machine", arguments: list[Value]) -> Value:
    """Return x[i]: an element of a vector or column, or the component `x[i]` of a free name."""
    base, at = arguments[0], arguments[1]
    if len(arguments) > 2:
        raise machine.error("matrices are not part of the language", "name the components one by one")
    if isinstance(at, str):
        return member(machine, base, at)
    if isinstance(at, Vector):
        left_out = [constant(machine, i, "an index") for i in at.items]
        if left_out and max(left_out) < 0 and not machine.zero_based:
            return without(machine, base, left_out)
        return Vector(tuple(index(machine, [base, i]) for i in at.items))
    number = constant(machine, at, "an index")
    if number != math.floor(number):
        raise machine.error("an index must be a whole number")
    if number < 0 and isinstance(base, Vector):
        if not machine.zero_based:
            return without(machine, base, [number])
        number += len(base.items)
    lowest = 0 if machine.zero_based else 1
    if number < lowest:
        hint = (
            "R counts from 1; say that the notation is Python where 0 is meant"
            if number == 0
            else "count from the front"
        )
        raise machine.error(f"the index {number:g} is out of range", hint)
    if isinstance(base, Node) and base.op == "symbol":
        name = f"{base.name}[{number:.0f}]"
        return machine.free(name)
    found = items(machine, base, "an element")
    if number - lowest >= len(found):
        raise machine.error(f"the index {number:g} is out of range: the vector has {len(found)} elements")
    return found[int(number) - lowest]


def without(machine: "Machine", base: Value, numbers: Sequence[float]) -> Vector:
    """Return x[-i]: a vector without some of its elements, as R has it."""
    found = items(machine, base, "an element")
    return Vector(tuple(v for i, v in enumerate(found, 1) if -i not in numbers))


def member(machine: "Machine", base: Value, name: str) -> Value:
    """Return x$name: a named element, or the component `x$name` of a free name."""
    if isinstance(base, Vector) and name in base.names:
        return base.items[base.names.index(name)]
    if isinstance(base, Node) and base.op == "symbol":
        return machine.free(f"{base.name}${name}")
    names = [n for n in base.names if n] if isinstance(base, Vector) else []
    hint = f"there are {', '.join(names[:10])}" if names else "give names: c(a = x, b = y)"
    raise machine.error(f"there is no element '{name}'", hint, Reason.UNKNOWN_VARIABLE)


def store_index(machine: "Machine", environment: Environment, name: str) -> None:
    """x[i] <- value; the stack holds x, i and the value."""
    value, at, base = machine.stack.pop(), machine.stack.pop(), machine.stack.pop()
    found = items(machine, base, "the vector that is assigned to")
    number = int(constant(machine, at, "an index")) - (0 if machine.zero_based else 1)
    if not 0 <= number <= len(found):
        raise machine.error("the index is out of range", f"the vector has {len(found)} elements")
    found[number : number + 1] = [value]
    environment.values[name] = Vector(tuple(found), base.names if isinstance(base, Vector) else ())
    machine.stack.append(value)


def match(
    machine: "Machine", parameters: Sequence[str], arguments: Sequence[Value], names: Sequence[str | None], what: str
) -> dict[str, Value]:
    """Return arguments by parameter: by name, by unique beginning of a name, then by position, as R does."""
    matched: dict[str, Value] = {}
    positional: list[Value] = []
    for value, name in zip(arguments, names, strict=True):
        if name is None:
            positional.append(value)
            continue
        found = [name] if name in parameters else [p for p in parameters if p.startswith(name)]
        if len(found) != 1 or found[0] in matched:
            problem = "is there twice" if found and found[0] in matched else "is not a parameter"
            hint = f"{what} takes {', '.join(parameters)}" if parameters else f"{what} takes no arguments"
            raise machine.error(f"'{name}' {problem} of {what}", hint, Reason.UNKNOWN_FUNCTION)
        matched[found[0]] = value
    free = [p for p in parameters if p not in matched]
    if len(positional) > len(free):
        hint = f"{what} takes {', '.join(parameters)}" if parameters else f"{what} takes no arguments"
        raise machine.error(f"{what} has too many arguments", hint, Reason.UNKNOWN_FUNCTION)
    matched.update(zip(free, positional, strict=False))
    return matched
