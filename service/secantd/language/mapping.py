"""Functions of the text that are called for each entry of vectors, or for each row of matrices.

A function is called once, with an element for a position that stands for all. If its value has a form for all positions at
once, that is the result, for any length (`lifting`). Otherwise it is called for each entry.
"""

from collections.abc import Callable, Sequence

from secantd.errors import CalculusError
from secantd.expression import Node, plus
from secantd.language.arrays import agree, as_node, is_array, number_of
from secantd.language.context import Context
from secantd.language.inference import learn_rank, open_names
from secantd.language.instructions import Instructions
from secantd.language.lifting import POSITION, UnliftableError, lifted
from secantd.language.structural import items
from secantd.language.values import Closure, Oriented, Span, Value, Vector
from secantd.shown import series

__all__ = ["Called", "called_for_each", "each", "entries"]

# A function of the language or of the text, called with values.
Called = Callable[..., Value]


def called_for_each(context: Context, function: Value, parts: Sequence[Value], what: str) -> Value:
    """Return the function's values for the entries of vectors of one length.

    Args:
        context: The interpreter.
        function: A function value with as many parameters as there are vectors.
        parts: The vectors; matrices of NumPy are taken by rows.
        what: The construct, for errors.

    Returns:
        A vector; a list of vectors where the values are vectors.
    """
    for p in parts:
        if isinstance(p, Node) and not p.shape and open_names(context, p):
            learn_rank(context, p, 1, what)
    if any(is_array(p) or isinstance(p, Span) or (isinstance(p, Node) and p.op == "data") for p in parts):
        nodes = [as_node(context, p, what) for p in parts]
        for other in nodes[1:]:
            agree(context, what, nodes[0].shape[0], other.shape[0], [n.shape for n in nodes])
        found = whole_call(
            context, function, [p if isinstance(p, Span) else n for p, n in zip(parts, nodes, strict=True)], what
        )
        if found is not None:
            return found
    columns = [entries(context, p) for p in parts]
    lengths = {len(c) for c in columns}
    if len(lengths) > 1:
        raise context.error(f"{what}: the lengths {series(map(str, sorted(lengths)))} differ")
    found_values = [context.call_now(function, list(row)) for row in zip(*columns, strict=True)]
    return Vector(tuple(found_values))


def entries(context: Context, value: Value) -> list[Value]:
    """Return the entries of a vector, or the rows of a matrix.

    Args:
        context: The interpreter.
        value: A vector or a matrix, of known length.
    """
    if isinstance(value, Node) and len(value.shape) == 2 and isinstance(value.shape[0], int):
        return [context.graph.array("pick", value, payload=(0, i)) for i in range(value.shape[0])]
    return items(context, value, "a vector")


def whole_call(context: Context, function: Value, values: Sequence[Value], what: str) -> Value | None:
    """Return the function's values for all entries at once; None where it must be called for each entry."""
    if isinstance(function, Closure) and assigns_outside(function.body):
        return None
    return each(context, lambda *elements: context.call_now(function, list(elements)), values, what)


def each(context: Context, function: Called, values: Sequence[Value], what: str) -> Value | None:
    """Return a function of the elements of vectors, or of the rows of matrices, for all of them at once.

    Args:
        context: The interpreter.
        function: The function, called with one element or row of each value.
        values: Vectors, matrices, data columns or ranges, of one length.
        what: The function that is called, for errors.

    Returns:
        A vector, or a matrix with a row for each element where the function has vectors as values; None where the function
        has no form for all at once.
    """
    nodes = [v.node if isinstance(v, Oriented) else v for v in values]
    whole = [as_node(context, v, what) if isinstance(v, Node | Span) else None for v in nodes]
    known = [n for n in whole if n is not None and n.shape]
    if len(known) < len(whole):
        return None
    length = known[0].shape[0]
    if any(n.shape[0] != length for n in known):
        return None
    graph = context.graph
    position = graph.symbol(f"{POSITION} {len(graph.nodes)}")
    elements = [
        counted(context, position, v) if isinstance(v, Span) else graph.array("gather", n, position)
        for v, n in zip(nodes, known, strict=True)
    ]
    notices = dict(context.notices)
    try:
        return lifted(graph, as_node(context, function(*elements), what), position, length)
    except (UnliftableError, CalculusError):
        # Called for each element, it may have a value.
        context.notices = notices
        return None


def counted(context: Context, position: Node, span: Span) -> Node:
    """Return the number of a range at a position."""
    if span.first == 1:
        return position
    return context.graph.make("add", position, number_of(context, plus(span.first, -1)))


def assigns_outside(code: Instructions) -> bool:
    """Return whether code has an assignment to a variable of an enclosing function: <<-."""
    stack: list[object] = [code]
    while stack:
        part = stack.pop()
        if isinstance(part, Instructions):
            for instruction in part.instructions:
                if instruction.op == "store_outer":
                    return True
                if isinstance(instruction.operand, tuple):
                    stack.extend(instruction.operand)
    return False
