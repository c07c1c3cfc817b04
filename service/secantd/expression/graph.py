"""The hash-consed expression graph: equal expressions are one node.

Nodes are numbered as they are made, so that the arguments of a node always have smaller numbers: sorted by
`index` any set of nodes is in topological order, and every walk is a loop.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.checkpoint import EVERY, checkpoint
from secantd.errors import limit_exceeded
from secantd.functions import LeftOut

__all__ = ["REDUCTIONS", "Graph", "Node", "reachable", "symbols"]

# Functions of a data vector whose value is one number.
REDUCTIONS = frozenset({"sum", "prod", "max_of", "min_of"})

Payload = float | str | int | None


class Node:
    """One expression.

    Attributes:
        op: "number", "symbol", "data", "add" (n-ary), "mul" (n-ary), "neg", "div", "pow", a comparison,
            "ifelse", a reduction over rows, or the name of a row of the table of functions.
        args: The nodes it is made of.
        payload: The value of a number, the name of a symbol or a data column, else None.
        index: The position in the graph; arguments stand before.
        rows: The length of the value: 1, or the length of the data it is computed from.
    """

    __slots__ = ("args", "index", "op", "payload", "rows")

    def __init__(self, op: str, args: tuple["Node", ...], payload: Payload, index: int, rows: int) -> None:
        self.op = op
        self.args = args
        self.payload = payload
        self.index = index
        self.rows = rows

    @property
    def value(self) -> float:
        """The value of a number."""
        assert isinstance(self.payload, float)
        return self.payload

    @property
    def name(self) -> str:
        """The name of a symbol or a data column."""
        assert isinstance(self.payload, str)
        return self.payload

    def __repr__(self) -> str:
        inside = [repr(self.payload)] * (self.payload is not None) + [f"#{a.index}" for a in self.args]
        return f"#{self.index} {self.op}({', '.join(inside)})"


class Graph:
    """An arena of nodes; a node belongs to the graph that made it.

    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> g.make("mul", x, x) is g.make("mul", x, x)
    True
    """

    def __init__(self, limit: int = 2_000_000) -> None:
        self.nodes: list[Node] = []
        self.columns: dict[str, NDArray[np.float64]] = {}
        self.limit = limit
        self._interned: dict[tuple[object, ...], Node] = {}

    def _new(self, key: tuple[object, ...], op: str, args: tuple[Node, ...], payload: Payload, rows: int) -> Node:
        index = len(self.nodes)
        if index >= self.limit:
            raise limit_exceeded("nodes", "the expression is too large", self.limit)
        node = Node(op, args, payload, index, rows)
        self.nodes.append(node)
        self._interned[key] = node
        return node

    def number(self, value: float) -> Node:
        """Return the node of a number; 0.0 and -0.0 are two."""
        # As keys 0.0 and -0.0 are equal, and no NaN is: their texts are not.
        key = ("number", value if value and value == value else repr(float(value)))
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "number", (), float(value), 1)

    def left_out(self, value: float) -> Node:
        """Return the node of an argument that a call leaves out, of a function whose defaults are printed elsewhere."""
        key = ("left out", repr(value))
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "number", (), LeftOut(value), 1)

    def symbol(self, name: str) -> Node:
        """Return the node of a variable."""
        key = ("symbol", name)
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "symbol", (), name, 1)

    def data(self, name: str, values: NDArray[np.float64]) -> Node:
        """Return the node of a data column of `values`, shape (rows,)."""
        self.columns[name] = values
        key = ("data", name)
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "data", (), name, len(values))

    def make(self, op: str, *args: Node) -> Node:
        """Return the node `op(*args)` exactly as it is said: nothing is simplified."""
        # Nodes are compared by identity, so that a tuple of them is a key.
        key = (op, args)
        found = self._interned.get(key)
        if found is not None:
            return found
        rows = 1
        if op not in REDUCTIONS:
            for a in args:
                if a.rows > rows:
                    rows = a.rows
        return self._new(key, op, args, None, rows)


def reachable(outputs: Iterable[Node]) -> list[Node]:
    """Return the nodes that `outputs` are made of, themselves included, arguments first."""
    seen: dict[int, Node] = {}
    stack = list(outputs)
    while stack:
        node = stack.pop()
        if node.index not in seen:
            seen[node.index] = node
            stack.extend(node.args)
            if not len(seen) % EVERY:
                checkpoint()
    return [seen[i] for i in sorted(seen)]


def symbols(outputs: Sequence[Node]) -> list[str]:
    """Return the names of the variables in order of first appearance in the graph."""
    return [n.name for n in reachable(outputs) if n.op == "symbol"]
