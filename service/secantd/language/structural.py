"""Operators and functions on numbers, vectors and data columns: recycling, indices, reductions, calls."""

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Dimension, Length, Node, minus, plus, reachable, times
from secantd.language.arrays import as_node, dimension_of, is_array, nonconformable
from secantd.language.broadcasting import elementwise
from secantd.language.context import Context
from secantd.language.folding import FOLD
from secantd.language.grammar import REST
from secantd.language.products import matrix_product, outer
from secantd.language.values import (
    Builtin,
    Closure,
    Distances,
    Dots,
    Factor,
    Nothing,
    Oriented,
    Span,
    Value,
    Vector,
    Zipped,
    kind,
)
from secantd.shown import series

__all__ = [
    "apply_rows",
    "constant",
    "items",
    "length",
    "match",
    "matched",
    "node",
    "operate",
    "product",
    "sequence",
    "size",
    "total",
]

# Arguments that are TRUE or FALSE, as errors name them: byrow = T.
FLAGS: Final = frozenset(
    "'byrow' 'decreasing' 'right' 'accumulate' 'include.lowest' 'rightmost.closed' 'all.inside' 'left.open'".split()
)
# What to write instead of a value that is no number.
INSTEAD: Final[dict[type, str]] = {Distances: "write as.matrix(dist(x))", Factor: "compare the data: g == 2"}
# Operators that are functions of the library.
CALLED: Final = {"%x%": "kronecker", "%in%": "is.element", "and": "and", "or": "or"}


def node(context: Context, op: str, arguments: Sequence[Node]) -> Node:
    """Return the node op(*arguments); where it contains no variable, record its value.

    Args:
        context: The interpreter.
        op: The operation.
        arguments: Its arguments.
    """
    made = context.graph.make(op, *arguments)
    constants = context.constants
    if op in FOLD and made.index not in constants and all(a.index in constants for a in arguments):
        with suppress(ArithmeticError, ValueError):
            constants[made.index] = float(FOLD[op](*[constants[a.index] for a in arguments]))
    return made


def apply_rows(context: Context, op: str, arguments: Sequence[Value]) -> Value:
    """Return op of arguments, element by element if one of them is a vector; shorter ones are recycled as in R.

    Args:
        context: The interpreter.
        op: The operation.
        arguments: Numbers, vectors or data columns.

    Raises:
        CalculusError: An argument is no number, or a length does not divide the longest one.
    """
    if all(isinstance(a, Node) for a in arguments):
        nodes: Sequence[Node] = arguments  # type: ignore[assignment]
        for n in nodes:
            if n.shape:
                if any(len(a.shape) > 1 or isinstance(a.shape[0], Length) for a in nodes if a.shape):
                    return elementwise(context, op, nodes)
                check_rows(context, nodes)
                break
        return node(context, op, nodes)
    for a in arguments:
        if not isinstance(a, Node | Vector | Oriented | Span):
            hint = "call the function" if isinstance(a, Closure | Builtin) else INSTEAD.get(type(a), "remove it")
            raise context.error(f"expected a number, found {kind(a)}", hint)
    if any(is_array(a) or isinstance(a, Span) for a in arguments):
        what = f"{op}()"
        return elementwise(
            context, op, [a if isinstance(a, Oriented) else as_node(context, a, what) for a in arguments]
        )
    length = max(len(a.items) if isinstance(a, Vector) else a.rows for a in arguments)  # type: ignore[union-attr]
    columns = [items(context, a, "a vector") for a in arguments]
    if any(not c for c in columns):
        return Vector(())
    for c in columns:
        if length % len(c):
            raise context.error_at_operands(
                f"vectors of lengths {len(c)} and {length} cannot be combined",
                "make the longer length a multiple of the shorter",
            )
    return Vector(tuple(apply_rows(context, op, [c[i % len(c)] for c in columns]) for i in range(length)))


def check_rows(context: Context, nodes: Sequence[Node]) -> None:
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
        columns = not any(n.op == "symbol" and n.shape for n in reachable(nodes))
        headline = f"{'data columns' if columns else 'vectors'} of lengths {series(sorted(lengths))} cannot be combined"
        raise context.error_at_operands(headline, f"give all {'columns' if columns else 'vectors'} the same length")


def operate(context: Context, op: str, arguments: list[Value]) -> Value:
    """Return the value of a unary or binary operator.

    Args:
        context: The interpreter.
        op: The operator's name in an instruction.
        arguments: One or two operands.
    """
    if op == "~":
        context.notices["only the right-hand side of the formula is used"] = None
        return arguments[1]
    if op == ":":
        return sequence(context, arguments[0], arguments[1])
    if op == "%||%":
        return arguments[1] if isinstance(arguments[0], Nothing) else arguments[0]
    if op in ("%*%", "@"):
        return product(context, arguments[0], arguments[1], f"'{op}'")
    if op == "%o%":
        return outer(context, arguments[0], arguments[1], "'%o%'")
    if op in ("not in", "is", "is not") or any(isinstance(a, str | Nothing) for a in arguments):
        found = identity(context, op, arguments)
        if found is not None:
            return found
    if op in CALLED:
        return context.call_now(Builtin(CALLED[op]), arguments)
    if op == "minus":
        # A subtraction keeps its sign: x - 2 is not printed as x + -2.
        return apply_rows(context, "neg", arguments)
    if op == "neg":
        (a,) = arguments
        # -0 stays the negative of 0: a number node would be printed without the sign.
        if isinstance(a, Node) and a.op == "number" and a.value:
            return context.number(-a.value)
    return apply_rows(context, op, arguments)


def identity(context: Context, op: str, arguments: list[Value]) -> Value | None:
    """Return whether texts are equal, Python's `is` and `not in`; None for other operators."""
    if op == "not in":
        return operate(context, "!", [operate(context, "%in%", arguments)])
    if op == "is not":
        return operate(context, "!", [operate(context, "is", arguments)])
    left, right = arguments if len(arguments) == 2 else (arguments[0], None)
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        equal = isinstance(left, Nothing) and isinstance(right, Nothing)
    elif isinstance(left, str) or isinstance(right, str):
        equal = isinstance(left, str) and left == right
    else:
        return operate(context, "==", arguments) if op == "is" else None
    if op in ("==", "is"):
        return context.number(float(equal))
    return context.number(float(not equal)) if op == "!=" else None


def product(context: Context, left: Value, right: Value, what: str) -> Value:
    """Return the matrix product; of vectors of components and data columns, the sum of the products.

    Args:
        context: The interpreter.
        left: The left operand.
        right: The right operand.
        what: The operation, for errors.
    """
    if all(
        isinstance(v, Vector) or (isinstance(v, Node) and v.op == "data" and len(v.shape) == 1) for v in (left, right)
    ):
        lengths = length(context, left), length(context, right)
        if lengths[0] != lengths[1]:
            raise nonconformable(context, what, [(n,) for n in lengths])
        return total(context, apply_rows(context, "mul", [left, right]))
    return matrix_product(context, left, right, what)


def constant(context: Context, value: Value, what: str) -> float:
    """Return the value of an expression without variables; `what` names it in the error.

    Args:
        context: The interpreter.
        value: The value.
        what: The subject of the error's sentence.
    """
    found = context.constants.get(value.index) if isinstance(value, Node) else None
    if (
        found is None
        and what in FLAGS
        and isinstance(value, Node)
        and value.op == "symbol"
        and value.name in ("T", "F")
    ):
        # A flag: byrow = T.
        found = float(value.name == "T")
    if found is None:
        raise context.error(f"{what} must be a constant, without variables", "write it as a number")
    return found


def sequence(context: Context, first: Value, last: Value, by: float | None = None) -> Value:
    """Return the numbers from `first` to `last` as a vector, or as a span where a bound is a length.

    Args:
        context: The interpreter.
        first: The first element, a constant or a length.
        last: The bound, a constant or a length; it is an element if the steps meet it.
        by: The step; None: 1 towards `last`.

    Raises:
        CalculusError: LIMIT_EXCEEDED for more elements than `loop_steps`, SYNTAX_ERROR for a step that is 0 or does not
            lead to `last`.
    """
    if by is None:
        ends = [dimension_of(context, v) if isinstance(v, Node) else None for v in (first, last)]
        if any(isinstance(end, Length) for end in ends) and None not in ends:
            return Span(*[end for end in ends if end is not None])
    start, stop = constant(context, first, "the start of a range"), constant(context, last, "the end of a range")
    step = by if by is not None else (1.0 if start <= stop else -1.0)
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise context.error("a range needs finite bounds and a nonzero step")
    steps = (stop - start) / step + 1e-10
    if by is None and step == 1.0 and start == math.floor(start) and context.rolls(steps):
        return Span(int(start), int(start) + math.floor(steps))
    if steps >= context.limits.loop_steps:
        raise limit_exceeded("loop_steps", "a range is too long", context.limits.loop_steps)
    if steps < 0:
        raise context.error("the step of the range points the wrong way")
    return Vector(tuple(context.number(start + i * step) for i in range(math.floor(steps) + 1)))


def items(context: Context, value: Value, what: str) -> list[Value]:
    """Return the elements of a vector or a data column.

    Args:
        context: The interpreter.
        value: A vector, a data column or a number.
        what: The subject of the error's sentence.
    """
    if isinstance(value, Vector):
        return list(value.items)
    if isinstance(value, Node):
        if value.op == "data":
            return [context.number(float(v)) for v in context.graph.columns[value.name]]
        if not value.shape:
            return [value]
        if len(value.shape) == 1 and isinstance(value.shape[0], int):
            return [context.graph.array("element", value, payload=(i,)) for i in range(value.shape[0])]
    if isinstance(value, Oriented):
        return items(context, value.node, what)
    if isinstance(value, Zipped) and not value.crossed:
        parts = [items(context, part, what) for part in value.parts]
        return [Vector(entry) for entry in zip(*parts, strict=False)]
    if isinstance(value, Span) and isinstance(value.first, int) and isinstance(value.last, int):
        if value.last - value.first >= context.limits.loop_steps:
            raise limit_exceeded("loop_steps", "a range is too long", context.limits.loop_steps)
        return [context.number(float(i)) for i in range(value.first, value.last + 1)]
    if isinstance(value, Node | Span):
        hint = "send data for it, or declare its length" if isinstance(value, Span) or len(value.shape) == 1 else ""
        raise context.error(f"{what} cannot be taken one by one: the length is not known", hint)
    raise context.error(f"expected numbers, found {kind(value)}")


def total(context: Context, value: Value, reduction: str = "sum") -> Node:
    """Return sum, prod, max_of or min_of of one vector.

    Args:
        context: The interpreter.
        value: A vector, a data column or a number.
        reduction: sum, prod, max_of or min_of.
    """
    if isinstance(value, Node):
        return node(context, reduction, [value]) if value.shape else value
    if is_array(value) or isinstance(value, Span):
        return node(context, reduction, [as_node(context, value, "a reduction")])
    listed = items(context, value, "a vector")
    if any(isinstance(v, Oriented | Vector) or (isinstance(v, Node) and v.shape not in ((), (1,))) for v in listed):
        # A list of vectors.
        return node(context, reduction, [as_node(context, value, "a reduction")])
    # A column of one row stands among numbers as one of them, but has a shape.
    found = [node(context, reduction, [v]) if v.shape else v for v in listed if isinstance(v, Node)]
    if reduction == "sum" or reduction == "prod":
        if not found:
            return context.number(0.0 if reduction == "sum" else 1.0)
        return found[0] if len(found) == 1 else node(context, "add" if reduction == "sum" else "mul", found)
    if not found:
        raise context.error("the vector is empty")
    best = found[0]
    for v in found[1:]:
        best = node(context, "pmax" if reduction == "max_of" else "pmin", [best, v])
    return best


def length(context: Context, value: Value) -> int:
    """Return the number of elements of a value; 1 for a number."""
    return len(value.items) if isinstance(value, Vector) else value.rows if isinstance(value, Node) else 1


def size(context: Context, value: Value) -> Dimension:
    """Return the number of entries of a value: a number, or a length by name.

    Args:
        context: The interpreter.
        value: A number, a vector, a matrix or a data column.
    """
    if isinstance(value, Oriented | Factor):
        return (value.node if isinstance(value, Oriented) else value.positions).shape[0]
    if isinstance(value, Span):
        return plus(value.last, minus(value.first), 1)
    if isinstance(value, Node) and value.shape:
        return value.shape[0] if len(value.shape) == 1 else times(*value.shape)
    return length(context, value)


def match(
    context: Context, parameters: Sequence[str], arguments: Sequence[Value], names: Sequence[str | None], what: str
) -> dict[str, Value]:
    """Return arguments by parameter as `matched`, without those that are Python's None or R's NULL, which leave one out."""
    found = matched(context, parameters, arguments, names, what)
    return {parameter: value for parameter, value in found.items() if not isinstance(value, Nothing)}


def matched(
    context: Context, parameters: Sequence[str], arguments: Sequence[Value], names: Sequence[str | None], what: str
) -> dict[str, Value]:
    """Return arguments by parameter, matched as in R: by name, by a unique prefix of a name, then by position.

    The parameter `...` gets those that no other parameter takes.

    Args:
        context: The interpreter, for errors.
        parameters: The names of the parameters in order.
        arguments: The values of the arguments.
        names: Their names; None for a positional one.
        what: The function as errors name it, such as "log()".

    Raises:
        CalculusError: UNKNOWN_FUNCTION for a name that is unknown or given twice, or for too many arguments.
    """
    matched: dict[str, Value] = {}
    positional: list[Value] = []
    dots = parameters.index(REST) if REST in parameters else None
    rest: list[tuple[str | None, Value]] = []
    # Behind `...` names are not shortened.
    short = parameters[:dots]
    for value, name in zip(arguments, names, strict=True):
        if name is None:
            positional.append(value)
            continue
        found = [name] if name in parameters else [p for p in short if p.startswith(name)]
        if not found and dots is not None:
            rest.append((name, value))
            continue
        if len(found) != 1 or found[0] in matched:
            twice = found and found[0] in matched
            headline = f"'{name}' is given twice to {what}" if twice else f"'{name}' is not a parameter of {what}"
            hint = f"{what} takes {', '.join(parameters).rstrip()}" if parameters else f"{what} takes no arguments"
            raise context.error(headline, hint, Reason.UNKNOWN_FUNCTION)
        matched[found[0]] = value
    if dots is not None:
        free = [p for p in parameters[:dots] if p not in matched]
        rest = [*[(None, value) for value in positional[len(free) :]], *rest]
        matched[REST] = Dots(tuple(v for _, v in rest), tuple(n for n, _ in rest))
        matched.update(zip(free, positional, strict=False))
        return matched
    free = [p for p in parameters if p not in matched]
    if len(positional) > len(free):
        hint = f"{what} takes {', '.join(parameters)}" if parameters else f"{what} takes no arguments"
        raise context.error(f"{what} has too many arguments", hint, Reason.UNKNOWN_FUNCTION)
    matched.update(zip(free, positional, strict=False))
    return matched
