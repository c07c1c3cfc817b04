"""The hash-consed expression graph: equal expressions are one node.

Nodes are numbered as they are made, so that the arguments of a node always have smaller numbers: sorted by
`index` any set of nodes is in topological order, and every walk is a loop.
"""

import math
from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from secantd.errors import limit_exceeded
from secantd.expression.arrays import ARRAY_OPERATIONS, OF_GIVEN_SHAPE, REDUCTIONS, elementwise, shape_of
from secantd.expression.shapes import SCALAR, Dimension, Length, Shape
from secantd.functions import LeftOut
from secantd.interrupt import EVERY, checkpoint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BRANCH", "Graph", "Node", "column_of", "has_arrays", "in_order", "reachable", "symbols"]

Payload = float | str | int | tuple[int, ...] | None

# The payload of "ifelse" where R's text has `if (test) yes else no`.
BRANCH: Final = "if"


# The keys of numbers that no number is a key of.
ZERO: Final[tuple[object, ...]] = ("number", "0")
NEGATIVE_ZERO: Final[tuple[object, ...]] = ("number", "-0")
NAN: Final[tuple[object, ...]] = ("number", "NaN")


class Node:
    """One expression.

    Attributes:
        op: "number", "symbol", "data", "add" (n-ary), "mul" (n-ary), "neg", "div", "pow", a comparison,
            "ifelse", a reduction, an operation on arrays, or the name of a row of the table of functions.
        args: The arguments.
        payload: The value of a number, the name of a symbol, of a data column or of a length, whole numbers of an
            operation on arrays, BRANCH for an "ifelse" that is written with `if`, else None.
        index: The position in the graph; arguments have smaller ones.
        shape: The shape of the value: () for a number, (n,) for a vector, (r, c) for a matrix.
    """

    __slots__ = ("args", "index", "op", "payload", "shape")

    def __init__(self, op: str, args: tuple["Node", ...], payload: Payload, index: int, shape: Shape) -> None:
        self.op = op
        self.args = args
        self.payload = payload
        self.index = index
        self.shape = shape

    @property
    def rows(self) -> int:
        """The length of a number (1) or of a vector of known length, as the operations on data columns use it."""
        if not self.shape:
            return 1
        length = self.shape[0]
        assert isinstance(length, int)
        return length

    @property
    def value(self) -> float:
        """The value of a number."""
        assert isinstance(self.payload, float)
        return self.payload

    @property
    def name(self) -> str:
        """The name of a symbol, a data column or a length."""
        assert isinstance(self.payload, str)
        return self.payload

    def __repr__(self) -> str:
        inside = [repr(self.payload)] * (self.payload is not None) + [f"#{a.index}" for a in self.args]
        return f"#{self.index} {self.op}({', '.join(inside)})"


class Graph:
    """An arena of nodes; a node belongs to the graph that made it.

    Args:
        limit: The largest number of nodes; one more raises LIMIT_EXCEEDED.

    >>> g = Graph()
    >>> x = g.symbol("x")
    >>> g.make("mul", x, x) is g.make("mul", x, x)
    True
    """

    def __init__(self, limit: int = 2_000_000) -> None:
        self.nodes: list[Node] = []
        # Data: vectors of shape (rows,) and matrices.
        self.columns: dict[str, NDArray[np.float64]] = {}
        # Names of variables that are symmetric matrices.
        self.symmetric: set[str] = set()
        # The variables of the symbols that stand for changes, by the index of the symbol.
        self.directions: dict[int, Node] = {}
        # Lengths that have to be at least a number: R's 2:n counts down where n is 1.
        self.least: dict[Length, int] = {}
        # Masks of the operation "select" by their index, each with its number in order of first use.
        self.masks: dict[int, int] = {}
        # How many arguments of a nested pmax or pmin are equal to it, by the index of its node.
        self.ties: dict[int, Node] = {}
        # Tests of choices by their index: whether the author wrote `if`, and nowhere ifelse(), for them.
        self.branches: dict[int, bool] = {}
        self.limit = limit
        self._interned: dict[tuple[object, ...], Node] = {}

    def _new(self, key: tuple[object, ...], op: str, args: tuple[Node, ...], payload: Payload, shape: Shape) -> Node:
        index = len(self.nodes)
        if index >= self.limit:
            raise limit_exceeded("nodes", "the expression is too large", self.limit)
        node = Node(op, args, payload, index, shape)
        self.nodes.append(node)
        self._interned[key] = node
        return node

    def number(self, value: float) -> Node:
        """Return the node of a number; 0.0 and -0.0 have different nodes."""
        # 0.0 and -0.0 are equal keys, and no NaN equals itself.
        if value == 0.0:
            key = NEGATIVE_ZERO if math.copysign(1.0, value) < 0 else ZERO
        else:
            key = ("number", value) if value == value else NAN
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "number", (), float(value), SCALAR)

    def left_out(self, value: float) -> Node:
        """Return the node of a default that a call leaves out: printing the call leaves it out again."""
        key = ("left out", repr(value))
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "number", (), LeftOut(value), SCALAR)

    def symbol(self, name: str, shape: Shape = SCALAR) -> Node:
        """Return the node of a variable. A name has one shape in a graph."""
        key = ("symbol", name)
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "symbol", (), name, shape)

    def data(self, name: str, values: "NDArray[np.float64]") -> Node:
        """Return the node of a data column, of shape (rows,), or of a matrix."""
        import numpy as np

        self.columns[name] = values
        key = ("data", name)
        found = self._interned.get(key)
        return found if found is not None else self._new(key, "data", (), name, np.shape(values))

    def make(self, op: str, *args: Node) -> Node:
        """Return the node of an elementwise operation or a reduction; nothing is simplified."""
        # Nodes are compared by identity, so a tuple of them is a key.
        key = (op, args)
        found = self._interned.get(key)
        if found is not None:
            return found
        shape = SCALAR
        if op not in REDUCTIONS:
            for a in args:
                if a.shape:
                    shape = elementwise([a.shape for a in args])
                    break
        payload = BRANCH if op == "ifelse" and self.branches.get(args[0].index) else None
        return self._new(key, op, args, payload, shape)

    def array(self, op: str, *args: Node, payload: tuple[int, ...] = (), shape: Shape | None = None) -> Node:
        """Return the node of an operation on arrays; nothing is simplified.

        Args:
            op: The operation.
            args: Its arguments, of shapes that conform.
            payload: Its whole numbers.
            shape: The shape of the value, for operations that do not determine it (fill, identity, scatter, unit,
                place, reshape).

        >>> g = Graph()
        >>> n = Length.named("n")
        >>> g.array("matmul", g.symbol("A", (3, n)), g.symbol("x", (n,))).shape
        (3,)
        """
        key = (op, args, payload, shape)
        found = self._interned.get(key)
        if found is not None:
            return found
        if op == "select":
            # The number of true entries of this mask. Reading a text again numbers its masks in the same order.
            mask = self.masks.setdefault(args[1].index, len(self.masks))
            shape = (Length.named(f"#{mask}"), *args[0].shape[1:])
        elif shape is None:
            shape = shape_of(op, [a.shape for a in args], payload)
        return self._new(key, op, args, payload or None, shape)

    def mask(self, name: str) -> Node | None:
        """Return the mask whose true entries the length with a name counts, None for another length."""
        number = int(name[1:]) if name[:1] == "#" and name[1:].isdecimal() else len(self.masks)
        indices = [index for index, n in self.masks.items() if n == number]
        return self.nodes[indices[0]] if indices else None

    def again(self, node: Node, args: tuple[Node, ...]) -> Node:
        """Return the operation of a node of any graph on other arguments, of the same shapes."""
        if node.op not in ARRAY_OPERATIONS:
            self.keep_branch(node, args)
            return self.make(node.op, *args)
        if node.op == "length":
            return self.length(Length.named(node.name))
        assert node.payload is None or isinstance(node.payload, tuple)
        return self.array(
            node.op, *args, payload=node.payload or (), shape=node.shape if node.op in OF_GIVEN_SHAPE else None
        )

    def keep_branch(self, node: Node, args: Sequence[Node]) -> None:
        """Record that what is about to be made of a choice with `if`, from other arguments, is written so, too."""
        if node.payload == BRANCH:
            self.branches.setdefault(args[0].index, True)

    def length(self, dimension: Dimension) -> Node:
        """Return a length as a number: a node "length" for each name in it."""
        if isinstance(dimension, int):
            return self.number(dimension)
        terms: list[Node] = []
        for name, factor in dimension.terms:
            key = ("length", name)
            node = self._interned.get(key) or self._new(key, "length", (), name, SCALAR)
            terms.append(node if factor == 1 else self.make("mul", self.number(factor), node))
        if dimension.offset:
            terms.append(self.number(dimension.offset))
        return terms[0] if len(terms) == 1 else self.make("add", *terms)


def has_arrays(nodes: Iterable[Node]) -> bool:
    """Return whether some node needs the rules of arrays: it is a matrix, of unknown length, or made by their operations.

    Formulas of numbers, data columns and reductions do without.
    """
    return any(len(n.shape) == 2 or n.op in ARRAY_OPERATIONS or (n.op == "symbol" and n.shape != SCALAR) for n in nodes)


def column_of(number: Node) -> Node | None:
    """Return the data column of one entry whose entry a number is; None for another number."""
    if number.op == "sum" and number.args[0].op == "data" and number.args[0].shape == (1,):
        return number.args[0]
    return None


# The size of a small graph.
FEW: Final = 256


def reachable(outputs: Iterable[Node], known: Container[int] = ()) -> list[Node]:
    """Return `outputs` and all nodes below them, arguments first.

    Args:
        outputs: Nodes of one graph.
        known: Indices of nodes that are left out, with what is below them only.
    """
    stack = list(outputs)
    top = max([n.index for n in stack], default=-1)
    if top < FEW and not known:
        # Arguments have smaller indices; of the few nodes of most formulas, a list takes half of the time of a dictionary.
        found: list[Node | None] = [None] * (top + 1)
        for node in stack:
            found[node.index] = node
        for i in range(top, -1, -1):
            this = found[i]
            if this is not None:
                for argument in this.args:
                    found[argument.index] = argument
        return [n for n in found if n is not None]
    seen: dict[int, Node] = {}
    while stack:
        node = stack.pop()
        if node.index not in seen and node.index not in known:
            seen[node.index] = node
            stack.extend(node.args)
            if not len(seen) % EVERY:
                checkpoint()
    return [seen[i] for i in sorted(seen)]


def in_order(output: Node) -> list[Node]:
    """Return a node and all nodes below it, arguments first, in an order that depends on the expression only.

    The order of `reachable` also depends on what was added to the graph before. Sums whose terms are collected node by node
    would have another order in a graph that other calls have used, and then other rounding errors.
    """
    found: list[Node] = []
    entered: set[int] = set()
    left: set[int] = set()
    stack = [output]
    while stack:
        node = stack.pop()
        if node.index in left:
            continue
        if node.index in entered or not node.args:
            left.add(node.index)
            found.append(node)
            if not len(found) % EVERY:
                checkpoint()
            continue
        entered.add(node.index)
        stack.append(node)
        stack.extend(reversed(node.args))
    return found


def symbols(outputs: Sequence[Node]) -> list[str]:
    """Return the names of the variables in order of first appearance in the graph."""
    return [n.name for n in reachable(outputs) if n.op == "symbol"]
