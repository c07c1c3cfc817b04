"""Reduce() over data of any length: a loop over rows whose body is a call."""

from secantd.expression import Node
from secantd.language.arrays import as_node
from secantd.language.context import Context
from secantd.language.instructions import Arguments, Instruction, Instructions
from secantd.language.loops import read_over_rows
from secantd.language.values import Closure, Environment, Oriented, Span, Value, Zipped

__all__ = ["folded"]


def folded(context: Context, function: Closure, x: Value, init: Value | None, *, accumulate: bool) -> Value | None:
    """Return f(f(init, x[1]), x[2]) and so on; None where the values are taken one by one.

    Args:
        context: The interpreter.
        function: f.
        x: A vector, or several side by side.
        init: The first value; None for x[1].
        accumulate: Whether to return the vector of all values, beginning with the first one.
    """
    over = x.node if isinstance(x, Oriented) else as_node(context, x, "Reduce()") if isinstance(x, Span) else x
    if not isinstance(over, Zipped) and not (isinstance(over, Node) and len(over.shape) == 1):
        return None
    if init is None:
        if not isinstance(over, Node):
            return None
        init = context.graph.array("element", over, payload=(0,))
        over = context.graph.array("slice", over, payload=(1, 0))
    place = (context.instruction.start, context.instruction.end)
    body = [
        Instruction("load", "f", *place),
        Instruction("load", "value", *place),
        Instruction("load", "entry", *place),
        Instruction("apply", Arguments((None, None)), *place),
        Instruction("store", "value", *place),
    ]
    home = Environment(values={"f": function, "value": init})
    paths: dict[str, Node] = {}
    assigned, named = set(context.assigned), dict(context.paths)
    if not read_over_rows(context, home, "entry", over, Instructions(body), paths):
        return None
    # These names are not those of the text.
    context.assigned, context.paths = assigned, named
    if accumulate:
        return paths.get("value")
    found = home.values["value"]
    assert not isinstance(found, Closure)
    return found  # type: ignore[return-value]
