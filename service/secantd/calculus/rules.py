"""The derivatives of the table of functions, as expressions."""

from collections.abc import Callable
from functools import cache

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS, LeftOut, Row
from secantd.language import read

__all__ = ["Maker", "chosen_side", "partial"]

Maker = Callable[[str, list[Node]], Node]


@cache
def template(text: str) -> list[Node]:
    """Return the nodes of a derivative in the table, arguments first, the result last.

    Its symbols are the function's parameters, and `f` for its value.
    """
    (output,) = read(text).outputs
    return reachable([output])


def partial(graph: Graph, node: Node, position: int, made: Maker | None = None) -> Node:
    """Return ∂f/∂(argument `position`) at the arguments of `node`, a call of a function of the table.

    Args:
        graph: The graph of `node` and of the result.
        node: A call of a function.
        position: The position of the argument.
        made: Makes the operations of the result; None: the exact local algebra.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where no derivative is known.

    >>> g = Graph()
    >>> partial(g, g.make("sin", g.symbol("t")), 0)
    #2 cos(#0)
    """
    function = FUNCTIONS[node.op]
    texts = function.at_zero if function.at_zero and algebra.is_number(node.args[-1], 0.0) else function.derivatives
    if not texts[position]:
        raise unknown(function, position)
    if texts[position] == "0":
        return graph.number(0.0)
    values: dict[int, Node] = {}
    if any(isinstance(a.payload, LeftOut) for a in node.args):
        # Derivatives print all arguments, also those that the call left out.
        node = graph.make(node.op, *[graph.number(a.value) if a.op == "number" else a for a in node.args])
    arguments = dict(zip(function.parameters, node.args, strict=True))
    last = node
    for part in template(texts[position]):
        if part.op == "symbol":
            last = node if part.name == "f" else arguments[part.name]
        elif part.op == "number":
            last = graph.number(part.value)
        else:
            below = [values[a.index] for a in part.args]
            last = build(graph, part.op, below) if made is None else made(part.op, below)
        values[part.index] = last
    return last


def chosen_side(op: str, position: int) -> bool | None:
    """Return which side of the choice in a derivative is 1, the other being 0; None for other derivatives.

    The derivative of pmax(a, b) with respect to a is ifelse(a >= b, 1, 0).
    """
    text = FUNCTIONS[op].derivatives[position]
    if not text.startswith("ifelse"):
        return None
    choice = template(text)[-1]
    if choice.op != "ifelse" or not all(a.op == "number" for a in choice.args[1:]):
        return None
    yes, no = choice.args[1].value, choice.args[2].value
    return yes == 1.0 if {yes, no} == {0.0, 1.0} else None


def build(graph: Graph, op: str, arguments: list[Node]) -> Node:
    """Return op(arguments), simplified by the exact local algebra."""
    if op == "add":
        return algebra.add(graph, arguments)
    if op == "mul":
        return algebra.mul(graph, arguments)
    if op == "neg":
        return algebra.neg(graph, arguments[0])
    if op == "div":
        return algebra.div(graph, *arguments)
    if op == "pow":
        return algebra.power(graph, *arguments)
    return graph.make(op, *arguments)


def unknown(row: Row, position: int) -> CalculusError:
    name = row.parameters[position]
    reason = row.unknown or "no formula in the available functions is known"
    return CalculusError(
        Reason.NOT_DIFFERENTIABLE,
        f"the derivative of {row.written}() with respect to '{name}' is not known: {reason}",
        f"keep '{name}' constant, or use Approximate",
        field="expression.text",
        metadata={"name": row.written},
    )
