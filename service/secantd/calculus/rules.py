"""The derivatives of the table of functions, as expressions."""

from functools import cache

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, reachable
from secantd.functions import FUNCTIONS, Function, LeftOut
from secantd.language import read

__all__ = ["partial"]


@cache
def template(text: str) -> list[Node]:
    """Return the derivative of a function by one parameter: the nodes in order, the answer last.

    Symbols are the function's parameters, and `f` its own value.
    """
    (output,) = read(text).outputs
    return reachable([output])


def partial(graph: Graph, node: Node, position: int) -> Node:
    """Return ∂f/∂(argument `position`) at the arguments of `node`, a call of a function of the table.

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
        # What is derived from a call has all its arguments.
        node = graph.make(node.op, *[graph.number(a.value) if a.op == "number" else a for a in node.args])
    arguments = dict(zip(function.parameters, node.args, strict=True))
    last = node
    for part in template(texts[position]):
        if part.op == "symbol":
            last = node if part.name == "f" else arguments[part.name]
        elif part.op == "number":
            last = graph.number(part.value)
        else:
            last = build(graph, part.op, [values[a.index] for a in part.args])
        values[part.index] = last
    return last


def build(graph: Graph, op: str, arguments: list[Node]) -> Node:
    """Return op of arguments by the exact local algebra."""
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


def unknown(function: Function, position: int) -> CalculusError:
    name = function.parameters[position]
    reason = function.unknown or "no formula in functions of this table is known"
    return CalculusError(
        Reason.NOT_DIFFERENTIABLE,
        f"the derivative of {function.written}() by '{name}' is not known: {reason}",
        f"hold '{name}' constant, or use Approximate",
        field="expression.text",
        metadata={"name": function.written},
    )
