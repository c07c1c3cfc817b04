"""The entries of each operation on vectors and matrices, as expressions of the entries of its arguments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays import smallmatrices
from secantd.calculus.arrays.points import Value
from secantd.calculus.arrays.unrolled import linear_recursion
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Node

__all__ = ["MOST", "TOO_LONG", "Expansion", "Nodes", "UnsupportedError", "names_of_entries", "single"]

# An array of nodes, of which NumPy knows no type.
Nodes = Any

# The most nodes of an expression of entries.
MOST: Final = 4_000
TOO_LONG: Final = f"written entry by entry the expression has more than {MOST} parts"


class UnsupportedError(Exception):
    """An expression is not written entry by entry; the text is the reason, a clause."""


def names_of_entries(name: str, shape: Sequence[int]) -> list[str]:
    """Return the names of the entries of a variable, row by row, counting from 1.

    >>> names_of_entries("x", (2,)), names_of_entries("A", (1, 2)), names_of_entries("s", ())
    (['x[1]', 'x[2]'], ['A[1,1]', 'A[1,2]'], ['s'])
    """
    places = np.ndindex(*shape)
    return [f"{name}[{','.join(str(i + 1) for i in place)}]" if place else name for place in places]


class Expansion:
    """The expansion of one node.

    Args:
        graph: The graph of the result.
        source: The graph of the node.
        at: The point.
        known: The values of nodes that are numbers.
    """

    def __init__(self, graph: Graph, source: Graph, at: Mapping[str, Value], known: Mapping[int, Value]) -> None:
        self.graph, self.source, self.at, self.known = graph, source, at, known

    def of(self, node: Node, args: Sequence[Nodes]) -> Nodes:
        """Return the entries of a node, given those of its arguments."""
        op, graph = node.op, self.graph
        if op == "number":
            return single(graph.number(node.value))
        if op == "symbol":
            return self.variable(node.name)
        if op == "data":
            column = np.asarray(self.source.columns[node.name], float)
            if column.size > MOST:
                raise UnsupportedError(f"the data have more than {MOST} entries")
            return array_of([graph.number(v) for v in column.ravel().tolist()]).reshape(column.shape)
        if op == "length":
            return single(graph.number(float(np.asarray(self.known[node.index]))))
        if op in REDUCTIONS:
            return single(self.reduced(op, args[0].ravel().tolist()))
        if op in ("order", "record"):
            # Its places are known numbers, and only taken as such.
            return args[0]
        if op in ARRAY_OPERATIONS:
            return self.array(node, args)
        if not args:
            return single(graph.make(op))
        wide: Sequence[Any] = np.broadcast_arrays(*args)
        found = np.empty(wide[0].shape, dtype=object)
        for place in np.ndindex(*found.shape):
            found[place] = graph.make(op, *[w[place] for w in wide])
        return found

    def variable(self, name: str) -> Nodes:
        if name not in self.at:
            raise UnsupportedError(f"the point has no '{name}'")
        shape = np.shape(self.at[name])
        return array_of([self.graph.symbol(n) for n in names_of_entries(name, shape)]).reshape(shape)

    def reduced(self, op: str, entries: Sequence[Node]) -> Node:
        graph = self.graph
        if not entries:
            if op in ("sum", "prod"):
                return graph.number(float(op == "prod"))
            raise UnsupportedError("it has the largest or smallest of no entries")
        if len(entries) == 1:
            return entries[0]
        if op in ("sum", "prod"):
            return graph.make("add" if op == "sum" else "mul", *entries)
        name = "pmax" if op == "max_of" else "pmin"
        return reduce(lambda a, b: graph.make(name, a, b), entries)

    def sum(self, entries: Sequence[Node]) -> Node:
        return self.reduced("sum", entries)

    def array(self, node: Node, args: Sequence[Nodes]) -> Nodes:
        """Return the entries of an operation on arrays."""
        rule = RULES.get(node.op)
        if rule is None:
            raise UnsupportedError(f"{node.op}() of a matrix is not written entry by entry")
        return rule(self, node, args)

    def given(self, node: Node) -> Nodes:
        """Return zeros of the shape of a node."""
        return filled(np.shape(self.known[node.index]), self.graph.number(0.0))

    def product(self, a: Nodes, b: Nodes) -> Nodes:
        shape = (*a.shape[:-1], *b.shape[1:])
        found = np.empty(shape, dtype=object)
        if a.shape[-1] * found.size > MOST:
            raise UnsupportedError(TOO_LONG)
        columns = b.reshape(b.shape[0], -1)
        rows = a.reshape(-1, a.shape[-1])
        entries = [
            self.sum([self.graph.make("mul", x, y) for x, y in zip(row, column, strict=True)])
            for row in rows.tolist()
            for column in columns.T.tolist()
        ]
        found.ravel()[:] = array_of(entries)
        return found

    def running(self, a: Nodes, op: str) -> Nodes:
        found = a.copy()
        for i in range(1, len(a)):
            for place in np.ndindex(*a.shape[1:]):
                found[(i, *place)] = self.graph.make(op, found[(i - 1, *place)], a[(i, *place)])
        return found

    def softmax(self, a: Nodes) -> Nodes:
        weights = [self.graph.make("exp", e) for e in a.ravel().tolist()]
        total = self.sum(weights)
        return array_of([self.graph.make("div", w, total) for w in weights]).reshape(a.shape)


def single(node: Node) -> Nodes:
    found = np.empty((), dtype=object)
    found[()] = node
    return found


def array_of(nodes: Sequence[Node]) -> Nodes:
    found = np.empty(len(nodes), dtype=object)
    for i, node in enumerate(nodes):
        found[i] = node
    return found


def filled(shape: Sequence[int], node: Node) -> Nodes:
    found = np.empty(shape, dtype=object)
    found.fill(node)
    return found


def whole(payload: object) -> tuple[int, ...]:
    assert isinstance(payload, tuple)
    return payload


def sliced(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    head, tail = whole(node.payload)
    return args[0][head : len(args[0]) - tail]


def padded(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    head, tail = whole(node.payload)
    found = filled((head + len(args[0]) + tail, *args[0].shape[1:]), e.graph.number(0.0))
    found[head : head + len(args[0])] = args[0]
    return found


def gathered(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    places = np.asarray(e.known[node.args[1].index], float)
    if not np.all((places >= 1) & (places <= len(args[0]))):
        raise UnsupportedError("a position is outside of its vector")
    return args[0][places.astype(int) - 1]


def extremes(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    op = "max_of" if whole(node.payload) == (1,) else "min_of"
    return array_of([e.reduced(op, row) for row in args[0].tolist()])


def placed(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    found = e.given(node)
    found[whole(node.payload)] = args[0][()]
    return found


def of_a_line(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    found = e.given(node)
    axis, index = whole(node.payload)
    np.moveaxis(found, axis, 0)[index] = args[0]
    return found


def diagonal_of(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    found = filled((len(args[0]), len(args[0])), e.graph.number(0.0))
    for i, entry in enumerate(args[0].tolist()):
        found[i, i] = entry
    return found


def outer(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    return e.product(args[0][:, None], args[1][None, :])


def differences(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    (a,) = args
    found = np.empty((len(a) - 1, *a.shape[1:]), dtype=object)
    for place in np.ndindex(*found.shape):
        before = a[place]
        after = a[(place[0] + 1, *place[1:])]
        found[place] = e.graph.make("add", after, e.graph.make("neg", before))
    return found


def reshaped(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    order: Any = "F" if whole(node.payload) == (0,) else "C"
    return args[0].reshape(np.shape(e.known[node.index]), order=order)


def flattened(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    order: Any = "F" if whole(node.payload) == (0,) else "C"
    return args[0].ravel(order=order)


def bound(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    height = next(len(a) for a in args if a.ndim)
    return np.concatenate([a if a.ndim == 2 else np.broadcast_to(a, (height,))[:, None] for a in args], axis=1)


def scattered(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    found = e.given(node)
    places = np.asarray(e.known[node.args[1].index], float).astype(int)
    for place, value in zip(places.tolist(), args[0], strict=True):
        for inner in np.ndindex(*found.shape[1:]):
            there = (place - 1, *inner)
            found[there] = e.graph.make("add", found[there], value[inner] if found.ndim > 1 else value)
    return found


def chosen(e: Expansion, node: Node) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = np.asarray(e.known[node.args[1].index], float) != 0
    return mask


def put_back(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    mask = chosen(e, node)
    found = filled((len(mask), *args[0].shape[1:]), e.graph.number(0.0))
    found[mask] = args[0]
    return found


def small(node: Node, a: Nodes) -> Nodes:
    if len(a) > smallmatrices.LARGEST:
        raise UnsupportedError(
            f"the matrix of {node.op if node.op != 'inverse' else 'solve'}() has {len(a)} rows, and inverses and determinants are "
            f"written out up to {smallmatrices.LARGEST} x {smallmatrices.LARGEST}"
        )
    return a


def log_of_determinant(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    size = e.graph.make("abs", smallmatrices.determinant(e.graph, small(node, args[0])))
    return single(e.graph.make("log", size))


def mean(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
    return single(e.graph.make("div", e.sum(args[0].ravel().tolist()), e.graph.number(float(args[0].size))))


def sums(axis: int) -> Callable[[Expansion, Node, Sequence[Nodes]], Nodes]:
    def along(e: Expansion, node: Node, args: Sequence[Nodes]) -> Nodes:
        lines: Iterator[Nodes] = iter(np.moveaxis(args[0], axis, 1))
        return array_of([e.sum(line.tolist()) for line in lines])

    return along


RULES: Final[Mapping[str, Callable[[Expansion, Node, Sequence[Nodes]], Nodes]]] = {
    "column": lambda e, n, a: a[0][:, None],
    "row": lambda e, n, a: a[0][None, :],
    "matmul": lambda e, n, a: e.product(a[0], a[1]),
    "transpose": lambda e, n, a: a[0].T,
    "trace": lambda e, n, a: single(e.sum(np.diagonal(a[0]).tolist())),
    "diagonal": lambda e, n, a: np.diagonal(a[0]),
    "diagonal_matrix": diagonal_of,
    "outer": outer,
    "mean": mean,
    "row_sums": sums(1),
    "column_sums": sums(0),
    "row_extreme": extremes,
    "inverse": lambda e, n, a: smallmatrices.inverse(e.graph, small(n, a[0])),
    "solve": lambda e, n, a: e.product(smallmatrices.inverse(e.graph, small(n, a[0])), a[1]),
    "det": lambda e, n, a: single(smallmatrices.determinant(e.graph, small(n, a[0]))),
    "logdet": log_of_determinant,
    "recurrence": lambda e, n, a: linear_recursion(e.graph, a[0], a[1]),
    "cumsum": lambda e, n, a: e.running(a[0], "add"),
    "cumprod": lambda e, n, a: e.running(a[0], "mul"),
    "reverse": lambda e, n, a: a[0][::-1],
    "diff": differences,
    "slice": sliced,
    "pad": padded,
    "gather": gathered,
    "scatter": scattered,
    "select": lambda e, n, a: a[0][chosen(e, n)],
    "unselect": put_back,
    "identity": lambda e, n, a: diagonal_of(e, n, [filled(np.shape(e.known[n.index])[:1], e.graph.number(1.0))]),
    "element": lambda e, n, a: single(a[0][whole(n.payload)]),
    "unit": placed,
    "pick": lambda e, n, a: np.moveaxis(a[0], whole(n.payload)[0], 0)[whole(n.payload)[1]],
    "place": of_a_line,
    "concatenate": lambda e, n, a: np.concatenate([np.atleast_1d(part).ravel() for part in a]),
    "bind_columns": bound,
    "reshape": reshaped,
    "flatten": flattened,
    "fill": lambda e, n, a: filled(np.shape(e.known[n.index]), a[0][()]),
    "softmax": lambda e, n, a: e.softmax(a[0]),
    "logsumexp": lambda e, n, a: single(
        e.graph.make("log", e.sum([e.graph.make("exp", x) for x in a[0].ravel().tolist()]))
    ),
}
