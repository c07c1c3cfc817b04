"""The base of the constructors of array expressions: shapes, laying, views of products, order."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from secantd.algebra.light import Light
from secantd.algebra.product import Power, Product, shape_of
from secantd.expression import SCALAR, STRETCHED, Dimension, Graph, Node, Shape, algebra, reachable
from secantd.expression.arrays import elementwise

__all__ = ["Constructors", "broadcast", "fixed", "is_zero", "laid_as", "stretched"]

# The length of the texts by which terms and factors are sorted.
KEY_LENGTH = 200
# The axis along which the vector of a laid value repeats.
LAID = {"column": 1, "row": 0}
ONE = Product(False, 1.0, 1.0)
# Above the binding power of all operators: the key of an array operation needs no brackets.
ATOM = 1000


def broadcast(nodes: Sequence[Node]) -> Shape:
    """Return the shape of an elementwise operation on nodes."""
    for node in nodes:
        if node.shape:
            return elementwise([n.shape for n in nodes])
    return SCALAR


def stretched(shape: Shape) -> bool:
    """Return whether a shape is that of a vector laid into a matrix of unknown other side."""
    return len(shape) == 2 and (shape[0] is STRETCHED or shape[1] is STRETCHED)


def laid_as(shape: Shape) -> str:
    """Return the operation that lays a vector into a stretched shape."""
    return "row" if shape[0] is STRETCHED else "column"


def is_zero(node: Node) -> bool:
    """Return whether a node is 0 everywhere."""
    while node.op in ("fill", "column", "row", "diagonal_matrix"):
        node = node.args[0]
    return algebra.is_number(node, 0.0)


def fixed(dimension: Dimension) -> int | None:
    """Return a length that is a number, None for one that is a name."""
    return dimension if isinstance(dimension, int) else None


class Constructors(ABC):
    """Constructors that simplify. Every one returns a value of exactly the shape that its operation has.

    In what they return only `column` and `row` nodes, and their negatives as terms of sums, have a stretched side.

    Args:
        graph: The graph of all nodes.
        exact: Whether constants stay as they are, as for `Light`.
    """

    def __init__(self, graph: Graph, *, exact: bool = False) -> None:
        self.graph = graph
        self.exact = exact
        # The light forms of scalars. Products of arrays have the same views: powers of bases.
        self.scalars = Light(graph, exact=exact)
        self.zero = graph.number(0.0)
        self.one = graph.number(1.0)

    # -- what the rules call ---------------------------------------------------------------------------------

    @abstractmethod
    def add(self, *terms: Node) -> Node: ...

    @abstractmethod
    def mul(self, *factors: Node) -> Node: ...

    @abstractmethod
    def div(self, above: Node, below: Node) -> Node: ...

    @abstractmethod
    def power(self, base: Node, exponent: Node) -> Node: ...

    @abstractmethod
    def apply(self, op: str, args: Sequence[Node], payload: tuple[int, ...] = (), shape: Shape | None = None) -> Node:
        """Return an operation on light arguments, simplified."""

    @abstractmethod
    def transposition_sign(self, matrix: Node) -> int:
        """Return 1 where t(matrix) = matrix is known, -1 where t(matrix) = -matrix is, else 0."""

    # -- short forms -------------------------------------------------------------------------------------------

    def number(self, value: float) -> Node:
        return self.graph.number(value)

    def neg(self, x: Node) -> Node:
        return self.mul(self.number(-1.0), x)

    def sub(self, a: Node, b: Node) -> Node:
        return self.add(a, self.neg(b))

    def reciprocal(self, x: Node) -> Node:
        return self.div(self.one, x)

    def ifelse(self, test: Node, yes: Node, no: Node) -> Node:
        return self.apply("ifelse", [test, yes, no])

    def sum(self, x: Node) -> Node:
        return self.apply("sum", [x]) if x.shape else x

    def matmul(self, a: Node, b: Node) -> Node:
        """Return the product of a matrix or vector with a matrix or vector."""
        if len(a.shape) == 1:
            return self.sum(self.mul(a, b)) if len(b.shape) == 1 else self.matmul(self.transpose(b), a)
        return self.apply("matmul", [a, b])

    def transpose(self, a: Node) -> Node:
        return self.apply("transpose", [a]) if len(a.shape) == 2 else a

    def inverse(self, a: Node) -> Node:
        return self.apply("inverse", [a])

    def solve(self, a: Node, b: Node) -> Node:
        return self.apply("solve", [a, b])

    def outer(self, u: Node, v: Node) -> Node:
        return self.apply("outer", [u, v])

    def row_sums(self, a: Node) -> Node:
        return self.apply("row_sums", [a])

    def column_sums(self, a: Node) -> Node:
        return self.apply("column_sums", [a])

    def lay(self, op: str, vector: Node) -> Node:
        """Return a vector as a `column` or `row`; a number stays one."""
        return self.apply(op, [vector]) if vector.shape else vector

    def length(self, dimension: Dimension) -> Node:
        """Return a length as a number."""
        number = self.graph.length(dimension)
        for node in reachable([number]):
            if node.op == "length":
                self.sorted_as(node)
        return self.scalars.of(number)

    def fill(self, value: Node, shape: Shape) -> Node:
        """Return a number in every place of a shape."""
        if not shape:
            return value
        if shape[0] is STRETCHED:
            return self.node("row", self.fill(value, shape[1:]))
        if shape[-1] is STRETCHED:
            return self.node("column", self.fill(value, shape[:1]))
        return self.node("fill", value, shape=shape)

    def ones(self, *shape: Dimension) -> Node:
        return self.fill(self.one, shape)

    def identity(self, n: Dimension) -> Node:
        return self.node("identity", shape=(n, n))

    # -- shapes --------------------------------------------------------------------------------------------------

    def full(self, x: Node, shape: Shape) -> Node:
        """Return x as a value of the whole shape: what is the same along an axis is repeated.

        Args:
            x: A value that broadcasts to `shape`.
            shape: The shape.
        """
        if x.shape == shape:
            return x
        if not x.shape:
            return self.fill(x, shape)
        if len(shape) == 1:
            return self.graph.make("mul", x, self.ones(*shape))
        if is_zero(x):
            return self.fill(self.zero, shape)
        if stretched(shape):
            return x
        vector = self.unlaid(x)
        if laid_as(x.shape) == "column":
            return self.node("outer", vector, self.ones(shape[1]))
        return self.node("outer", self.ones(shape[0]), vector)

    def unlaid(self, x: Node) -> Node:
        """Return the vector of a laid value, or of its negative in a sum; a number is its own."""
        if x.op == "neg" and x.shape:
            return self.neg(self.unlaid(x.args[0]))
        assert not x.shape or x.op in LAID
        return x.args[0] if x.shape else x

    # -- nodes, products and their order ---------------------------------------------------------------------------

    def node(self, op: str, *args: Node, payload: tuple[int, ...] = (), shape: Shape | None = None) -> Node:
        """Return the node of an array operation as it is, with the text by which it is sorted."""
        made = self.graph.array(op, *args, payload=payload, shape=shape)
        self.sorted_as(made)
        return made

    def sorted_as(self, node: Node) -> None:
        keys = self.scalars.keys
        if node.index not in keys:
            payload = node.payload if isinstance(node.payload, tuple) else (node.payload or "",)
            inside = ", ".join([*[self.scalars.key(a) for a in node.args], *map(str, payload)])
            keys[node.index] = f"{node.op}({inside})"[:KEY_LENGTH]
            self.scalars.pieces[node.index] = ([keys[node.index]], ATOM)

    def order(self, node: Node) -> tuple[int, str, int]:
        return self.scalars.factor_order((node, 1.0))

    def view(self, x: Node) -> Product:
        """Return a light node as a product of powers; a value that is the same everywhere is its number."""
        views = self.scalars.views
        found = views.get(x.index)
        if found is None:
            found = views[x.index] = self.taken_apart(x)
        return found

    def taken_apart(self, x: Node) -> Product:
        if x.op == "fill":
            return self.view(x.args[0])
        if x.op in LAID:
            return self.laid_view(x.op, x.args[0])
        if x.op == "outer":
            u, v = [self.laid_view(op, a) for op, a in zip(("column", "row"), x.args, strict=True)]
            return self.scalars.merge([(u, False), (v, False)])
        if x.op == "neg":
            inner = self.view(x.args[0])
            return Product(not inner.negative, inner.above, inner.below, inner.upper, inner.lower)
        if x.op in ("mul", "div") and x.shape:
            return self.scalars.merge([(self.view(a), x.op == "div" and i == 1) for i, a in enumerate(x.args)])
        if x.op == "pow" and x.args[1].shape:
            return Product(False, 1.0, 1.0, [(x, 1.0)])
        return self.scalars.view(x)

    def laid_view(self, op: str, vector: Node) -> Product:
        numbers, rest = self.parts(vector)
        if rest is None:
            return numbers
        return self.scalars.merge([(numbers, False), (Product(False, 1.0, 1.0, [(self.node(op, rest), 1.0)]), False)])

    def parts(self, x: Node) -> tuple[Product, Node | None]:
        """Return the numbers of a product and the array that is left, None where nothing is."""
        whole = self.view(x)
        if not any(map(shape_of, (*whole.upper, *whole.lower))):
            return whole, None
        upper, lower = scalar_powers(whole.upper), scalar_powers(whole.lower)
        if not upper and not lower and not whole.negative and whole.above == whole.below == 1.0:
            return ONE, x
        numbers = Product(whole.negative, whole.above, whole.below, upper, lower)
        upper, lower = array_powers(whole.upper), array_powers(whole.lower)
        return numbers, self.written(Product(False, 1.0, 1.0, upper, lower), x.shape)

    def split(self, x: Node) -> tuple[Node, Node]:
        """Return x as a number times a rest of the same shape."""
        if is_zero(x) or not x.shape:
            return (self.one, x) if x.shape else (x, self.one)
        numbers, rest = self.parts(x)
        return self.scalars.write(numbers), self.ones(*x.shape) if rest is None else self.full(rest, x.shape)

    @abstractmethod
    def written(self, product: Product, shape: Shape) -> Node:
        """Return the node of a product with the shape that it was asked for."""


def scalar_powers(powers: Sequence[Power]) -> list[Power]:
    return [p for p in powers if not shape_of(p)]


def array_powers(powers: Sequence[Power]) -> list[Power]:
    return [p for p in powers if shape_of(p)]
