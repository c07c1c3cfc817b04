"""The derivatives of the table of functions, as expressions."""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, algebra, reachable
from secantd.expression.decimals import decimal
from secantd.functions import FUNCTIONS, INNER, LeftOut, Row
from secantd.language import read

__all__ = ["Choice", "Maker", "choice", "partial"]

Maker = Callable[[str, list[Node]], Node]

# Functions that choose one of their arguments.
EXTREMES: Final = frozenset({"pmax", "pmin"})


@cache
def template(text: str) -> list[Node]:
    """Return the nodes of a derivative in the table, arguments first, the result last.

    Its symbols are the function's parameters, `f` for its value, and the names of inner rows of the same parameters.
    """
    (output,) = read(text).outputs
    return reachable([output])


def partial(graph: Graph, node: Node, position: int, made: Maker | None = None, *, exact: bool = False) -> Node:
    """Return ∂f/∂(argument `position`) at the arguments of `node`, a call of a function of the table.

    Args:
        graph: The graph of `node` and of the result.
        node: A call of a function.
        position: The position of the argument.
        made: Makes the operations of the result; None: the exact local algebra.
        exact: Whether numbers are fractions: 1/2 where the table has 0.5, which R prints.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where no derivative is known.

    >>> g = Graph()
    >>> partial(g, g.make("sin", g.symbol("t")), 0)
    #2 cos(#0)
    """
    function = FUNCTIONS.get(node.op) or INNER[node.op]
    if function.slopes and function.slopes[position]:
        return graph.make(function.slopes[position], *node.args)
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
    share = share_of(graph, node, position, made or partial_build(graph)) if node.op in EXTREMES else None
    last = node
    for part in template(texts[position]):
        if part.op == "symbol":
            last = node if part.name == "f" else arguments.get(part.name) or graph.make(part.name, *node.args)
        elif part.op == "number":
            if share is not None and part.value == 0.5:
                last = share
            else:
                last = fraction(graph, part.value) if exact else graph.number(part.value)
        else:
            below = [values[a.index] for a in part.args]
            last = build(graph, part.op, below) if made is None else made(part.op, below)
        values[part.index] = last
    return last


def fraction(graph: Graph, value: float) -> Node:
    """Return a decimal as a quotient of whole numbers."""
    p, q = decimal(value).as_integer_ratio()
    return graph.number(float(p)) if q == 1 else graph.make("div", graph.number(float(p)), graph.number(float(q)))


class Choice(NamedTuple):
    """The derivative of pmax or pmin with respect to one argument: 1, or `share` at a tie; 0 where another one is taken."""

    # Whether the argument is taken, ties included.
    test: Node
    tie: Node
    share: Node


def choice(graph: Graph, node: Node, position: int, made: Maker | None = None) -> Choice | None:
    """Return the parts of the derivative of pmax or pmin with respect to an argument, None for other functions.

    Args:
        graph: The graph of `node` and of the result.
        node: A call of a function of the table.
        position: The position of the argument.
        made: As for `partial`.
    """
    if node.op not in EXTREMES:
        return None
    make = made or partial_build(graph)
    sign = ">=" if (node.op == "pmax") == (position == 0) else "<="
    args = list(node.args)
    share = share_of(graph, node, position, make) or graph.number(0.5)
    return Choice(make(sign, args), make("==", args), share)


def partial_build(graph: Graph) -> Maker:
    return lambda op, arguments: build(graph, op, arguments)


def share_of(graph: Graph, node: Node, position: int, make: Maker) -> Node | None:
    """Return the derivative of pmax or pmin with respect to an argument at a tie, None if it is 1/2.

    max(a, b, c) is pmax(pmax(a, b), c). All arguments that are equal to it have the same share, whatever their order: an
    argument that is itself a maximum has as many shares as equal arguments.
    """
    if node.op not in [a.op for a in node.args]:
        return None
    counts = [equal_arguments(graph, a, node.op, make) for a in node.args]
    return make("div", [counts[position], make("add", counts)])


def equal_arguments(graph: Graph, node: Node, op: str, make: Maker) -> Node:
    """Return how many arguments of a nested pmax or pmin are equal to it; 1 for other nodes."""
    one = graph.number(1.0)
    known = graph.ties
    stack = [node]
    while stack:
        top = stack[-1]
        if top.op != op or top.index in known:
            stack.pop()
            continue
        missing = [a for a in top.args if a.op == op and a.index not in known]
        if missing:
            stack += missing
            continue
        stack.pop()
        first, second = top.args
        args = [first, second]
        if first.op != op and second.op != op:
            known[top.index] = make("add", [one, make("==", args)])
        else:
            taken = [make(sign, args) for sign in ((">=", "<=") if op == "pmax" else ("<=", ">="))]
            parts = [make("mul", [t, known.get(a.index, one)]) for t, a in zip(taken, args, strict=True)]
            known[top.index] = make("add", parts)
    return known[node.index] if node.op == op else one


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
