"""Recursions over rows: the operation "scan".

A scan has m states. Row i computes the next states from those before it and from the row's inputs:
y[i] = step(y[i - 1], x[i]) for i = 1, ..., n. The value of the node with the payload (k, m) is the path y[0], ..., y[n] of
state k, a vector of length n + 1. The nodes of the other states differ in k only.

The arguments are the m initial states, the inputs (vectors of length n, and numbers that are the same in each row), and the
m next states. These are numbers made of nodes "local": the state j before the step (payload (1, j)) and the input j
(payload (0, j)). Equal recursions are therefore one node, like all equal expressions. A step contains no other scan.
"""

from collections.abc import Sequence
from typing import NamedTuple

from secantd.expression.graph import Graph, Node
from secantd.expression.shapes import SCALAR, Dimension, plus

__all__ = ["Scan", "computed_from", "input_of", "scan_of", "scans", "state_of"]

# Inputs precede states where terms and factors are sorted: a * y + b.
INPUT, STATE = 0, 1


class Scan(NamedTuple):
    """The parts of a scan.

    Attributes:
        initial: The initial states.
        inputs: Vectors, and numbers.
        steps: The next states, made of locals.
        which: The state whose path the node is.
    """

    initial: tuple[Node, ...]
    inputs: tuple[Node, ...]
    steps: tuple[Node, ...]
    which: int


def scan_of(node: Node) -> Scan:
    """Return the parts of a node "scan"."""
    assert isinstance(node.payload, tuple)
    which, count = node.payload
    return Scan(node.args[:count], node.args[count:-count], node.args[-count:], which)


def computed_from(node: Node) -> tuple[Node, ...]:
    """Return the nodes whose values a node is computed from: its arguments, without the steps of a scan."""
    return node.args[: -len(scan_of(node).steps)] if node.op == "scan" else node.args


def scans(
    graph: Graph, initial: Sequence[Node], inputs: Sequence[Node], steps: Sequence[Node], rows: Dimension
) -> list[Node]:
    """Return the paths of all states of a recursion over rows; nothing is simplified.

    >>> g = Graph()
    >>> doubled = g.make("mul", g.number(2), state_of(g, 0))
    >>> scans(g, [g.symbol("y")], [], [doubled], 3)[0].shape
    (4,)
    """
    args = (*initial, *inputs, *steps)
    shape = (plus(rows, 1),)
    return [graph.array("scan", *args, payload=(k, len(steps)), shape=shape) for k in range(len(steps))]


def state_of(graph: Graph, j: int) -> Node:
    """Return what stands for the state j before a step."""
    return graph.array("local", payload=(STATE, j), shape=SCALAR)


def input_of(graph: Graph, j: int) -> Node:
    """Return what stands for the input j of a step."""
    return graph.array("local", payload=(INPUT, j), shape=SCALAR)
