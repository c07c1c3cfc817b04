"""Recursions of known length as expressions of their entries."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from secantd.expression import Graph, Node, reachable, scan_of

__all__ = ["linear_recursion", "path_of", "within_steps"]

# An array of nodes, of which NumPy knows no type.
Nodes = Any


def within_steps(nodes: Sequence[Node]) -> set[int]:
    """Return the indices of nodes that have a value in each row of a recursion only.

    Args:
        nodes: Nodes, arguments first.
    """
    found: set[int] = set()
    for node in nodes:
        if node.op == "local" or (node.op != "scan" and any(a.index in found for a in node.args)):
            found.add(node.index)
    return found


def path_of(graph: Graph, node: Node, args: Sequence[Nodes], made: Mapping[int, Nodes], length: int) -> Nodes:
    """Return the entries of the path of a state.

    Args:
        graph: The graph of the result.
        node: The scan.
        args: The entries of its arguments; those of its steps are not used.
        made: The entries of nodes that occur in its steps and are the same in each row.
        length: The length of the path.
    """
    scan = scan_of(node)
    count = len(scan.steps)
    states: list[Node] = [a[()] for a in args[:count]]
    inputs = args[count:-count]
    inside = reachable(scan.steps)
    moving = within_steps(inside)
    found = np.empty(length, dtype=object)
    found[0] = states[scan.which]
    for row in range(length - 1):
        values: dict[int, Node] = {}
        for part in inside:
            if part.op == "local":
                assert isinstance(part.payload, tuple)
                is_state, k = part.payload
                values[part.index] = states[k] if is_state else inputs[k][row] if inputs[k].ndim else inputs[k][()]
            elif part.index in moving:
                values[part.index] = graph.make(part.op, *[values[a.index] for a in part.args])
            else:
                values[part.index] = made[part.index][()]
        states = [values[s.index] for s in scan.steps]
        found[row + 1] = states[scan.which]
    return found


def linear_recursion(graph: Graph, b: Nodes, a: Nodes) -> Nodes:
    """Return y with y[1] = b[1] and y[i] = b[i] + a[i]*y[i - 1].

    Args:
        graph: The graph of the nodes.
        b: A vector, or a matrix whose columns are recursions.
        a: A vector, or a matrix of the shape of `b`.
    """
    found = b.copy()
    for i in range(1, len(b)):
        for place in np.ndindex(*b.shape[1:]):
            factor = a[(i, *place)] if a.ndim == b.ndim else a[i]
            found[(i, *place)] = graph.make("add", b[(i, *place)], graph.make("mul", factor, found[(i - 1, *place)]))
    return found
