"""Nodes of one graph rebuilt in another, with some variables replaced."""

from collections.abc import Mapping

from secantd.errors import CalculusError, Reason
from secantd.expression.graph import Graph, Node, reachable
from secantd.functions import LeftOut

__all__ = ["graft"]


def graft(graph: Graph, source: Graph, node: Node, replaced: Mapping[str, Node]) -> Node:
    """Return `node` of `source` as a node of `graph`; each variable in `replaced` becomes that node.

    Raises:
        CalculusError: INVALID_VALUE where the graphs have different data columns of one name.

    >>> a, b = Graph(), Graph()
    >>> graft(a, b, b.make("exp", b.symbol("x")), {"x": a.number(2)})
    #1 exp(#0)
    """
    made: dict[int, Node] = {}
    for old in reachable([node]):
        if old.op == "symbol":
            made[old.index] = replaced[old.name] if old.name in replaced else graph.symbol(old.name)
        elif old.op == "number":
            left_out = isinstance(old.payload, LeftOut)
            made[old.index] = graph.left_out(old.value) if left_out else graph.number(old.value)
        elif old.op == "data":
            values = source.columns[old.name]
            held = graph.columns.get(old.name)
            if held is not None and held.tobytes() != values.tobytes():
                raise CalculusError(Reason.INVALID_VALUE, f"the column '{old.name}' is there twice, with other values")
            made[old.index] = graph.data(old.name, values)
        else:
            made[old.index] = graph.make(old.op, *[made[a.index] for a in old.args])
    return made[node.index]
