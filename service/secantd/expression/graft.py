"""Copying an expression from one graph to another, with some variables replaced."""

from collections.abc import Mapping

from secantd.errors import CalculusError, Reason
from secantd.expression.graph import Graph, Node, reachable
from secantd.functions import LeftOut

__all__ = ["graft"]


def graft(graph: Graph, source: Graph, node: Node, replaced: Mapping[str, Node]) -> Node:
    """Return a copy of `node` in another graph.

    Args:
        graph: The graph of the copy.
        source: The graph of `node`.
        node: The expression.
        replaced: Nodes of `graph` that take the place of variables, by the variable's name.

    Raises:
        CalculusError: INVALID_VALUE where the graphs have different data columns of one name.

    >>> a, b = Graph(), Graph()
    >>> graft(a, b, b.make("exp", b.symbol("x")), {"x": a.number(2)})
    #1 exp(#0)
    """
    made: dict[int, Node] = {}
    for old in reachable([node]):
        if old.op == "symbol":
            made[old.index] = replaced[old.name] if old.name in replaced else graph.symbol(old.name, old.shape)
        elif old.op == "number":
            left_out = isinstance(old.payload, LeftOut)
            made[old.index] = graph.left_out(old.value) if left_out else graph.number(old.value)
        elif old.op == "data":
            values = source.columns[old.name]
            held = graph.columns.get(old.name)
            if held is not None and (held.shape != values.shape or held.tobytes() != values.tobytes()):
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"the two data columns named '{old.name}' have different values",
                    "rename one of them",
                )
            made[old.index] = graph.data(old.name, values)
        else:
            made[old.index] = graph.again(old, tuple([made[a.index] for a in old.args]))
    return made[node.index]
