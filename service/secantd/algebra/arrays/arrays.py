"""All constructors of array expressions, and the light form that they give."""

from collections.abc import Callable, Mapping, Sequence

from secantd.algebra.arrays import linear, matrices, products, reductions, scans, sums
from secantd.algebra.arrays.constructors import Constructors, broadcast, is_zero, laid_as, stretched
from secantd.algebra.product import Product
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Graph, Node, Shape, algebra, reachable
from secantd.expression.arrays import OF_GIVEN_SHAPE
from secantd.interrupt import paced

__all__ = ["RULES", "Arrays"]

# The standard logistic distribution, whose derivatives have shorter forms as those of expit.
LOGISTIC = {
    "plogis": ("expit", 1.0),
    "plogis.upper": ("expit", -1.0),
    "plogis.log": ("log_expit", 1.0),
    "plogis.upper.log": ("log_expit", -1.0),
}

Rule = Callable[["Arrays", list[Node]], Node]


class Arrays(Constructors):
    """The constructors, and the light forms, of the nodes of one graph.

    Args:
        graph: The graph.
        exact: Whether constants stay as they are: 1/3 is 0.333333333333333 otherwise.

    >>> from secantd.expression import Length
    >>> g = Graph()
    >>> n = Length.named("n")
    >>> A, x = g.symbol("A", (n, n)), g.symbol("x", (n,))
    >>> form = Arrays(g)
    >>> form.matmul(form.identity(n), x) is x, form.transpose(form.transpose(A)) is A
    (True, True)
    """

    def __init__(self, graph: Graph, *, exact: bool = False) -> None:
        super().__init__(graph, exact=exact)
        self.forms: dict[int, Node] = {}
        self.signs: dict[int, int] = {}
        # What other layers know of nodes, by keys of their own.
        self.memory: dict[object, object] = {}

    def add(self, *terms: Node) -> Node:
        return sums.summed(self, terms)

    def mul(self, *factors: Node) -> Node:
        return products.multiplied(self, factors)

    def div(self, above: Node, below: Node) -> Node:
        return products.divided(self, above, below)

    def power(self, base: Node, exponent: Node) -> Node:
        return products.raised(self, base, exponent)

    def written(self, product: Product, shape: Shape) -> Node:
        return products.write(self, product, shape)

    def transposition_sign(self, matrix: Node) -> int:
        found = self.signs.get(matrix.index)
        if found is None:
            found = self.signs[matrix.index] = matrices.transposition_sign(self, matrix)
        return found

    def apply(self, op: str, args: Sequence[Node], payload: tuple[int, ...] = (), shape: Shape | None = None) -> Node:
        """Return an operation on light arguments, simplified.

        Args:
            op: The operation.
            args: Its arguments, light nodes of shapes that conform.
            payload: The whole numbers of an operation on arrays.
            shape: The shape of the value, for operations of a given shape.
        """
        rule = RULES.get(op)
        if rule is not None:
            return rule(self, list(args))
        if op in linear.LINEAR:
            return linear.moved(self, op, list(args), payload, shape)
        if op == "fill" or op == "scan":
            assert shape is not None
            return self.fill(args[0], shape) if op == "fill" else scans.scanned(self, args, payload, shape)
        if op in ARRAY_OPERATIONS:
            return self.node(op, *args, payload=payload, shape=shape if op in OF_GIVEN_SHAPE else None)
        return self.call(op, list(args))

    def call(self, op: str, args: list[Node]) -> Node:
        """Return an elementwise function, a comparison or a reduction."""
        if op in REDUCTIONS:
            return self.graph.make(op, args[0]) if args[0].shape else args[0]
        if op in LOGISTIC and algebra.is_number(args[1], 0.0) and algebra.is_number(args[2], 1.0):
            name, sign = LOGISTIC[op]
            return self.apply(name, [self.mul(self.number(sign), args[0])])
        shape = broadcast(args)
        if not shape:
            return self.of_scalars(op, args)
        if stretched(shape):
            return self.lay(laid_as(shape), self.apply(op, [self.unlaid(a) for a in args]))
        if op == "log" and args[0].op == "expit":
            return self.apply("log_expit", [args[0].args[0]])
        if all(a.op == "fill" or not a.shape for a in args):
            return self.fill(self.apply(op, [a.args[0] if a.shape else a for a in args]), shape)
        if all(a.op == "transpose" or not a.shape for a in args):
            return self.transpose(self.apply(op, [a.args[0] if a.shape else a for a in args]))
        return self.full(self.scalars.call(op, args), shape)

    def of_scalars(self, op: str, args: list[Node]) -> Node:
        if not args:
            return self.graph.make(op)
        first = args[0]
        if op == "log" and first.op == "sum" and first.args[0].op == "exp" and len(first.args[0].shape) == 1:
            return self.node("logsumexp", first.args[0].args[0])
        if op == "log" and first.op == "det":
            return self.node("logdet", first.args[0])
        return self.scalars.call(op, args)

    def light(self, output: Node) -> Node:
        """Return the light form of any node of the graph."""
        forms = self.forms
        for node in paced(reachable([output], forms)):
            form = self.step(node, [forms[a.index] for a in node.args])
            forms[node.index] = form
            forms.setdefault(form.index, form)
        return forms[output.index]

    def step(self, node: Node, args: list[Node]) -> Node:
        if not args:
            if node.op in ARRAY_OPERATIONS:
                self.sorted_as(node)
            return node
        if node.op in ("select", "unselect"):
            # A length has the name of its mask.
            args[1] = node.args[1]
            for below in reachable([args[1]]):
                if below.op in ARRAY_OPERATIONS:
                    self.sorted_as(below)
        payload = node.payload if isinstance(node.payload, tuple) else ()
        self.graph.keep_branch(node, args)
        return self.apply(node.op, args, payload, node.shape)


def choice(form: Arrays, args: list[Node]) -> Node:
    """Return ifelse(test, yes, no)."""
    test, yes, no = args
    shape = broadcast(args)
    if stretched(shape):
        return form.lay(laid_as(shape), form.ifelse(*[form.unlaid(a) for a in args]))
    if test.op == "fill":
        test = test.args[0]
    if test.op == "number":
        return form.full(yes if test.value else no, shape)
    # What is chosen on one side only is chosen again.
    if yes.op == "ifelse" and yes.args[0] is test:
        yes = yes.args[1]
    if no.op == "ifelse" and no.args[0] is test:
        no = no.args[2]
    if yes is no:
        return form.full(yes, shape)
    zeros = [is_zero(yes), is_zero(no)]
    if all(zeros):
        return form.full(form.zero, shape)
    if test.op == "column" and zeros[1]:
        number, rest = form.split(yes)
        if rest.op in ("identity", "diagonal_matrix"):
            entries = form.mul(number, form.apply("diagonal", [rest]))
            return form.apply("diagonal_matrix", [form.ifelse(test.args[0], entries, form.zero)])
    made = form.graph.make("ifelse", test, *[s.args[0] if s.op == "fill" else s for s in (yes, no)])
    return made if made.shape == shape else form.graph.make("ifelse", test, form.full(yes, shape), no)


def logarithm_of_sum(form: Arrays, args: list[Node]) -> Node:
    return form.node("logsumexp", args[0]) if args[0].shape else args[0]


def mean(form: Arrays, args: list[Node]) -> Node:
    (x,) = args
    number, rest = form.split(x)
    if not algebra.is_number(number, 1.0):
        return form.mul(number, form.apply("mean", [rest]))
    return x.args[0] if x.op == "fill" else form.node("mean", x)


def softmax(form: Arrays, args: list[Node]) -> Node:
    (x,) = args
    if x.op == "fill":
        return form.fill(form.reciprocal(form.mul(*[form.length(d) for d in x.shape])), x.shape)
    return form.node("softmax", x)


def joined(op: str) -> Rule:
    def rule(form: Arrays, args: list[Node]) -> Node:
        made = form.node(op, *args)
        values = {a.args[0] if a.op == "fill" else a for a in args}
        (value, *others) = values
        inner = [i for i, a in enumerate(args) if not is_zero(a)]
        if op == "concatenate" and len(inner) == 1 and args[inner[0]].shape:
            # Zeros before and after one vector.
            gaps = [entries(args[: inner[0]]), entries(args[inner[0] + 1 :])]
            if None not in gaps:
                return form.apply("pad", [args[inner[0]]], (gaps[0] or 0, gaps[1] or 0))
        # The same number in every place.
        return made if others or value.shape else form.fill(value, made.shape)

    return rule


def entries(args: Sequence[Node]) -> int | None:
    """Return how many entries vectors and numbers have together, None where it is not known."""
    counts = [a.shape[0] if a.shape else 1 for a in args]
    known = [c for c in counts if isinstance(c, int)]
    return sum(known) if len(known) == len(counts) else None


def laid(op: str) -> Rule:
    def rule(form: Arrays, args: list[Node]) -> Node:
        return form.node(op, args[0]) if args[0].shape else args[0]

    return rule


def determinant(op: str) -> Rule:
    def rule(form: Arrays, args: list[Node]) -> Node:
        (a,) = args
        if a.op == "identity":
            return form.one if op == "det" else form.zero
        return form.apply(op, [a.args[0]]) if a.op == "transpose" else form.node(op, a)

    return rule


# The rule of each operation with one of its own.
RULES: Mapping[str, Rule] = {
    "add": lambda form, args: form.add(*args),
    "mul": lambda form, args: form.mul(*args),
    "neg": lambda form, args: form.neg(args[0]),
    "div": lambda form, args: form.div(args[0], args[1]),
    "pow": lambda form, args: form.power(args[0], args[1]),
    "ifelse": choice,
    "sum": lambda form, args: reductions.total(form, args[0]) if args[0].shape else args[0],
    "mean": mean,
    "row_sums": lambda form, args: reductions.row_totals(form, args[0]),
    "column_sums": lambda form, args: reductions.column_totals(form, args[0]),
    "trace": lambda form, args: reductions.traced(form, args[0]),
    "diagonal": lambda form, args: reductions.diagonal_of(form, args[0]),
    "column": laid("column"),
    "row": laid("row"),
    "matmul": lambda form, args: matrices.product(form, args[0], args[1]),
    "transpose": lambda form, args: matrices.transposed(form, args[0]),
    "inverse": lambda form, args: matrices.inverted(form, args[0]),
    "solve": lambda form, args: matrices.solved(form, args[0], args[1]),
    "outer": lambda form, args: matrices.outer_product(form, args[0], args[1]),
    "det": determinant("det"),
    "concatenate": joined("concatenate"),
    "bind_columns": joined("bind_columns"),
    "logdet": determinant("logdet"),
    "softmax": softmax,
    "logsumexp": logarithm_of_sum,
}
