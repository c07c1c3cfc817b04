"""Formulas of data written out as formulas of numbers."""

from collections.abc import Sequence
from typing import Final

from secantd.expression import REDUCTIONS, Graph, Node, reachable
from secantd.proof.errors import NoCertificateError

__all__ = ["written_out"]

# The most rows of data that a sum is written out for.
LONGEST_DATA: Final = 40


def written_out(graph: Graph, outputs: Sequence[Node]) -> list[list[Node]]:
    """Return each formula once for each row of its data, with sums over data written out as sums of numbers.

    >>> import numpy as np
    >>> g = Graph()
    >>> total = g.make("sum", g.make("mul", g.symbol("a"), g.data("t", np.array([0.5, 2.0]))))
    >>> from secantd.render import r_text
    >>> [r_text(row) for row in written_out(g, [total])[0]]
    ['a * 0.5 + a * 2']
    """
    nodes = reachable(outputs)
    if not any(n.op in REDUCTIONS or n.shape for n in nodes):
        return [[output] for output in outputs]
    made: dict[int, list[Node]] = {}
    for node in nodes:
        if node.rows > LONGEST_DATA:
            raise NoCertificateError(f"its data have more than {LONGEST_DATA} rows")
        if node.op == "data":
            made[node.index] = [graph.number(float(v)) for v in graph.columns[node.name].tolist()]
        elif node.op in REDUCTIONS:
            made[node.index] = [reduced(graph, node.op, made[node.args[0].index])]
        elif not node.args:
            made[node.index] = [node]
        else:
            rows = [made[a.index] for a in node.args]
            made[node.index] = [graph.again(node, tuple([r[i % len(r)] for r in rows])) for i in range(node.rows)]
    return [made[o.index] for o in outputs]


def reduced(graph: Graph, op: str, parts: list[Node]) -> Node:
    """Return a reduction of numbers."""
    if len(parts) == 1:
        return parts[0]
    if op in ("sum", "prod"):
        return graph.make("add" if op == "sum" else "mul", *parts)
    pair = {"max_of": "pmax", "min_of": "pmin"}.get(op)
    if pair is None:
        raise NoCertificateError(f"{op} of data has no rule in certificates")
    found = parts[0]
    for part in parts[1:]:
        found = graph.make(pair, found, part)
    return found
