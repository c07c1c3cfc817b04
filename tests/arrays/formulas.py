"""Short names for building graphs by hand."""

from secantd.expression import Graph, Length, Node


class F:
    """A node with Python's operators."""

    def __init__(self, graph: Graph, node: Node) -> None:
        self.graph, self.node = graph, node

    def _of(self, op, *args):
        return F(self.graph, self.graph.make(op, *[wrap(self.graph, a).node for a in args]))

    def __add__(self, o):
        return self._of("add", self, o)

    def __radd__(self, o):
        return self._of("add", o, self)

    def __sub__(self, o):
        return self + (-wrap(self.graph, o))

    def __rsub__(self, o):
        return wrap(self.graph, o) - self

    def __mul__(self, o):
        return self._of("mul", self, o)

    def __rmul__(self, o):
        return self._of("mul", o, self)

    def __truediv__(self, o):
        return self._of("div", self, o)

    def __rtruediv__(self, o):
        return self._of("div", o, self)

    def __pow__(self, o):
        return self._of("pow", self, o)

    def __neg__(self):
        return self._of("neg", self)

    def __gt__(self, o):
        return self._of(">", self, o)

    def __matmul__(self, o):
        a, b = self.node, o.node
        if len(a.shape) == len(b.shape) == 1:
            return self._of("sum", self * o)
        if len(a.shape) == 1:
            return o.T @ self
        return F(self.graph, self.graph.array("matmul", a, b))

    @property
    def T(self):
        return F(self.graph, self.graph.array("transpose", self.node)) if len(self.node.shape) == 2 else self


def wrap(graph, x):
    return x if isinstance(x, F) else F(graph, graph.number(x))


class Maker:
    """Makes symbols and operations of one graph."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.symbols = {}

    def sym(self, name, *shape, symmetric=False):
        if symmetric:
            self.graph.symmetric.add(name)
        node = self.graph.symbol(name, tuple(Length.named(d) if isinstance(d, str) else d for d in shape))
        self.symbols[name] = node
        return F(self.graph, node)

    def fn(self, op, *args):
        return F(self.graph, self.graph.make(op, *[wrap(self.graph, a).node for a in args]))

    def op(self, op, *args, payload=(), shape=None):
        shape = None if shape is None else tuple(Length.named(d) if isinstance(d, str) else d for d in shape)
        return F(
            self.graph, self.graph.array(op, *[wrap(self.graph, a).node for a in args], payload=payload, shape=shape)
        )

    def length(self, name):
        return F(self.graph, self.graph.length(Length.named(name)))

    def eye(self, n):
        return self.op("identity", shape=(n, n))
