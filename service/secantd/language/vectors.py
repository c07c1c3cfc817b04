"""Functions that make vectors of numbers."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Node
from secantd.language import structural
from secantd.language.registry import Arguments, Names, fixed, known_as, whole
from secantd.language.structural import apply_rows, constant, items, length
from secantd.language.values import Value, Vector

if TYPE_CHECKING:
    from secantd.language.machine import Machine

__all__ = ["flat"]


def flat(machine: "Machine", arguments: Sequence[Value]) -> list[Value]:
    found: list[Value] = []
    for a in arguments:
        found += a.items if isinstance(a, Vector) else [a]
    return found


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
@fixed("x", optional=("times", "each", "length.out"))
def repeat(machine: "Machine", x: Value, times: Value | None, each: Value | None, size: Value | None) -> Value:
    found = items(machine, x, "a vector")
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


@known_as("seq")
@fixed("from", optional=("to", "by", "length.out"))
def seq(machine: "Machine", start: Value, to: Value | None, by: Value | None, size: Value | None) -> Value:
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
    return Vector(tuple(machine.number(i + 1.0) for i in range(whole(machine, size, "the length"))))


@known_as("seq_along")
@fixed("x")
def seq_along(machine: "Machine", x: Value) -> Value:
    return Vector(tuple(machine.number(i + 1.0) for i in range(length(machine, x))))


@known_as("numeric", "zeros")
@fixed("length")
def zeros(machine: "Machine", size: Value) -> Value:
    return Vector((machine.number(0.0),) * whole(machine, size, "the length"))


@known_as("rev")
@fixed("x")
def reverse(machine: "Machine", x: Value) -> Value:
    return Vector(tuple(items(machine, x, "a vector")[::-1]))


@known_as("length", "len", "NROW")
@fixed("x")
def size_of(machine: "Machine", x: Value) -> Value:
    return machine.number(float(length(machine, x)))


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
    found = items(machine, x, "differences")
    if len(found) < 2:
        raise machine.error(
            "there is one number only, and no difference", "send the formula itself to differentiate it"
        )
    contrary = [apply_rows(machine, "neg", [v]) for v in found]
    return Vector(tuple(apply_rows(machine, "add", [b, a]) for a, b in zip(contrary, found[1:], strict=False)))


def cumulate(machine: "Machine", x: Value, op: str) -> Value:
    found = items(machine, x, "a running total")
    results = found[:1]
    for v in found[1:]:
        results.append(apply_rows(machine, op, [results[-1], v]))
    return Vector(tuple(results))
