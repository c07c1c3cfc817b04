"""Expressions over data, expanded row by row for witnesses that do not support data."""

from collections.abc import Sequence

from secantd.expression import REDUCTIONS, Graph, Node, reachable

__all__ = ["written_out"]

# The most nodes of an expanded expression; with more, neither SymPy nor Deriv finishes in time.
MOST = 3_000


def written_out(graph: Graph, outputs: Sequence[Node]) -> tuple[Node, ...] | None:
    """Return scalar expressions with data as numbers and reductions as sums, products, maxima and minima.

    None if that is too long. Both `outputs` and the result are nodes of `graph`.

    >>> import numpy as np
    >>> from secantd.language import read
    >>> from secantd.render import r_text
    >>> f = read("sum((y - a)^2)", data={"y": np.array([1.0, 4.0])})
    >>> r_text(written_out(f.graph, f.outputs)[0])
    '(1 - a)^2 + (4 - a)^2'
    """
    nodes = reachable(outputs)
    if sum(n.rows for n in nodes) > MOST:
        return None
    made: dict[int, list[Node]] = {}
    for node in nodes:
        if node.op == "data":
            made[node.index] = [graph.number(v) for v in graph.columns[node.name].tolist()]
        elif node.op in REDUCTIONS:
            made[node.index] = [reduced(graph, node.op, made[node.args[0].index])]
        elif not node.args or all(len(made[a.index]) == 1 and made[a.index][0] is a for a in node.args):
            made[node.index] = [node]
        else:
            # A shorter column is recycled.
            lists = [made[a.index] for a in node.args]
            made[node.index] = [graph.make(node.op, *[a[i % len(a)] for a in lists]) for i in range(node.rows)]
    return tuple(made[o.index][0] for o in outputs)


def reduced(graph: Graph, op: str, rows: list[Node]) -> Node:
    if len(rows) == 1:
        return rows[0]
    if op in ("sum", "prod"):
        return graph.make("add" if op == "sum" else "mul", *rows)
    node = rows[0]
    for row in rows[1:]:
        node = graph.make("pmax" if op == "max_of" else "pmin", node, row)
    return node
