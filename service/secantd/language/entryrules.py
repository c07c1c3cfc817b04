"""The entries of operations on vectors and matrices of known size, made of the entries of their arguments."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import accumulate, pairwise
from typing import Final

from secantd.errors import CalculusError
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Node
from secantd.expression.shapes import STRETCHED
from secantd.language.context import Context
from secantd.language.rowlimits import refused

__all__ = ["MADE", "RULES", "Flat", "Maker", "places", "size_of"]

# The largest matrix whose determinant, inverse or solution is written out, by cofactors.
LARGEST_SOLVED: Final = 4

Flat = tuple[Node, ...]


class Maker(ABC):
    """What the rules need: the entries of arguments, and arithmetic.

    Args:
        context: The interpreter.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.graph = context.graph

    @abstractmethod
    def entries(self, node: Node) -> Flat:
        """Return the entries of an argument, whose own arguments are known, row by row."""

    @abstractmethod
    def number_of(self, node: Node) -> Node:
        """Return a number, made of numbers."""

    @abstractmethod
    def shape(self, node: Node) -> tuple[int, ...]:
        """Return the shape of a value whose entries are needed; a side along which a vector repeats has one entry."""

    def refused(self, node: Node) -> CalculusError:
        return refused(
            self.context,
            f"{node.op} of a vector or matrix that differs from row to row",
            "compute it before the loop, or write its entries as numbers",
        )

    def made(self, node: Node) -> Flat:
        """Return the entries of an operation, made of those of its arguments."""
        rule = RULES.get(node.op)
        if rule is not None:
            return tuple(rule(self, node))
        if node.op in ARRAY_OPERATIONS or node.op in REDUCTIONS:
            raise self.refused(node)
        shape = self.shape(node)
        columns = [self.laid(a, shape) for a in node.args]
        return tuple([self.graph.make(node.op, *entry) for entry in zip(*columns, strict=True)])

    def laid(self, node: Node, shape: Sequence[int]) -> Flat:
        """Return the entries of an argument of an elementwise operation of a shape."""
        flat = self.entries(node)
        if len(flat) == 1:
            return flat * size_of(shape)
        if len(node.shape) == 2 and STRETCHED in node.shape:
            rows, columns = shape
            if node.shape[1] is STRETCHED:
                return tuple([x for x in flat for _ in range(columns)])
            return flat * rows
        # R repeats a shorter data column.
        return flat * (size_of(shape) // len(flat))

    def add(self, terms: Sequence[Node]) -> Node:
        return terms[0] if len(terms) == 1 else self.graph.make("add", *terms)

    def mul(self, a: Node, b: Node) -> Node:
        one = [x for x in (a, b) if x.op == "number" and x.value == 1.0]
        return (b if one[0] is a else a) if one else self.graph.make("mul", a, b)

    def sum_of_products(self, left: Sequence[Node], right: Sequence[Node]) -> Node:
        return self.add([self.mul(a, b) for a, b in zip(left, right, strict=True)])

    def matrix(self, node: Node) -> list[Flat]:
        """Return the rows of a matrix; a vector is one column."""
        flat = self.entries(node)
        shape = self.shape(node)
        width = shape[1] if len(shape) == 2 else 1
        return [flat[i : i + width] for i in range(0, len(flat), width)]


def size_of(shape: Sequence[int]) -> int:
    return reduce(lambda a, b: a * b, shape, 1)


def places(shape: Sequence[int]) -> list[tuple[int, ...]]:
    if len(shape) == 1:
        return [(i,) for i in range(shape[0])]
    return [(i, j) for i in range(shape[0]) for j in range(shape[1])]


Rule = Callable[[Maker, Node], Sequence[Node]]


def moved(order: Callable[[list[Flat]], Sequence[Sequence[Node]]]) -> Rule:
    """Return the rule of an operation that moves the rows of its only argument."""
    return lambda e, node: [x for row in order(e.matrix(node.args[0])) for x in row]


def numbers(node: Node) -> tuple[int, ...]:
    return node.payload if isinstance(node.payload, tuple) else ()


def matmul(e: Maker, node: Node) -> Sequence[Node]:
    left, right = (e.matrix(a) for a in node.args)
    return [e.sum_of_products(row, column) for row in left for column in zip(*right, strict=True)]


def outer(e: Maker, node: Node) -> Sequence[Node]:
    left, right = (e.entries(a) for a in node.args)
    return [e.mul(a, b) for a in left for b in right]


def identity(e: Maker, node: Node) -> Sequence[Node]:
    rows, columns = e.shape(node)
    return [e.context.number(float(i == j)) for i in range(rows) for j in range(columns)]


def diagonal_matrix(e: Maker, node: Node) -> Sequence[Node]:
    zero, flat = e.context.number(0.0), e.entries(node.args[0])
    return [x if i == j else zero for i, x in enumerate(flat) for j in range(len(flat))]


def diagonal(e: Maker, node: Node) -> Sequence[Node]:
    return [row[i] for i, row in enumerate(e.matrix(node.args[0]))]


def reshape(e: Maker, node: Node) -> Sequence[Node]:
    flat = e.entries(node.args[0])
    rows, columns = e.shape(node)
    if numbers(node) == (1,):
        return flat
    return [flat[j * rows + i] for i in range(rows) for j in range(columns)]


def flatten(e: Maker, node: Node) -> Sequence[Node]:
    rows = e.matrix(node.args[0])
    return [x for row in (rows if numbers(node) == (1,) else zip(*rows, strict=True)) for x in row]


def pick(e: Maker, node: Node) -> Sequence[Node]:
    axis, at = numbers(node)
    rows = e.matrix(node.args[0])
    return rows[at] if axis == 0 else [row[at] for row in rows]


def element(e: Maker, node: Node) -> Sequence[Node]:
    place = numbers(node)
    found = e.matrix(node.args[0])[place[0]]
    return [found[place[1] if len(place) == 2 else 0]]


def unit(e: Maker, node: Node) -> Sequence[Node]:
    shape = e.shape(node)
    at = tuple([p % side for p, side in zip(numbers(node), shape, strict=True)])
    return [e.number_of(node.args[0]) if place == at else e.context.number(0.0) for place in places(shape)]


def place(e: Maker, node: Node) -> Sequence[Node]:
    axis, at = numbers(node)
    shape, line = e.shape(node), e.entries(node.args[0])
    at %= shape[axis]
    return [line[p[1 - axis]] if p[axis] == at else e.context.number(0.0) for p in places(shape)]


def concatenate(e: Maker, node: Node) -> Sequence[Node]:
    return [x for a in node.args for x in e.entries(a)]


def bind_columns(e: Maker, node: Node) -> Sequence[Node]:
    rows, _ = e.shape(node)
    blocks = [e.matrix(a) if a.shape else [e.entries(a)] * rows for a in node.args]
    return [x for i in range(rows) for block in blocks for x in block[i]]


def fill(e: Maker, node: Node) -> Sequence[Node]:
    return e.entries(node.args[0]) * size_of(e.shape(node))


def slice_of(e: Maker, node: Node) -> Sequence[Node]:
    before, after = numbers(node)
    rows = e.matrix(node.args[0])
    return [x for row in rows[before : len(rows) - after] for x in row]


def pad(e: Maker, node: Node) -> Sequence[Node]:
    before, after = numbers(node)
    rows, zero = e.matrix(node.args[0]), e.context.number(0.0)
    width = len(rows[0])
    return [*[zero] * (before * width), *[x for row in rows for x in row], *[zero] * (after * width)]


def gather(e: Maker, node: Node) -> Sequence[Node]:
    known = [e.context.constants.get(a.index) for a in e.entries(node.args[1])]
    rows = e.matrix(node.args[0])
    if any(k is None for k in known):
        raise e.refused(node)
    return [x for k in known if k is not None for x in rows[int(k) - 1]]


def running(op: str) -> Rule:
    def rule(e: Maker, node: Node) -> Sequence[Node]:
        columns = [
            list(accumulate(c, lambda a, b: e.graph.make(op, a, b))) for c in zip(*e.matrix(node.args[0]), strict=True)
        ]
        return [x for row in zip(*columns, strict=True) for x in row]

    return rule


def diff(e: Maker, node: Node) -> Sequence[Node]:
    rows = e.matrix(node.args[0])
    return [
        e.add([b, e.graph.make("neg", a)])
        for before, after in pairwise(rows)
        for a, b in zip(before, after, strict=True)
    ]


def largest(e: Maker, entries: Sequence[Node], op: str = "pmax") -> Node:
    return reduce(lambda a, b: e.graph.make(op, a, b), entries)


def row_extreme(e: Maker, node: Node) -> Sequence[Node]:
    op = "pmax" if numbers(node) == (1,) else "pmin"
    return [largest(e, row, op) for row in e.matrix(node.args[0])]


def mean(e: Maker, node: Node) -> Sequence[Node]:
    flat = e.entries(node.args[0])
    return [e.graph.make("div", e.add(flat), e.context.number(float(len(flat))))]


def shares(e: Maker, node: Node) -> Sequence[Node]:
    """The softmax, or the logarithm of the sum of exponentials, without overflow."""
    flat = e.entries(node.args[0])
    most = largest(e, flat)
    less = e.graph.make("neg", most)
    weights = [e.graph.make("exp", e.graph.make("add", x, less)) for x in flat]
    total = e.add(weights)
    if node.op == "logsumexp":
        return [e.graph.make("add", most, e.graph.make("log", total))]
    return [e.graph.make("div", w, total) for w in weights]


class Cofactors:
    """The minors of a small matrix, by expansion along their first rows.

    Args:
        e: The entries.
        matrix: The matrix.
    """

    def __init__(self, e: Maker, matrix: Node) -> None:
        self.e = e
        self.rows = e.matrix(matrix)
        self.n = len(self.rows)
        if self.n > LARGEST_SOLVED:
            raise refused(
                e.context,
                f"the determinant or inverse of a {self.n} x {self.n} matrix that differs from row to row",
                f"write it for blocks of at most {LARGEST_SOLVED} x {LARGEST_SOLVED}",
            )
        self.minors: dict[tuple[tuple[int, ...], tuple[int, ...]], Node] = {}

    def minor(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> Node:
        if len(rows) == 1:
            return self.rows[rows[0]][columns[0]]
        key = (rows, columns)
        if key not in self.minors:
            terms = []
            for k, j in enumerate(columns):
                term = self.e.mul(self.rows[rows[0]][j], self.minor(rows[1:], columns[:k] + columns[k + 1 :]))
                terms.append(self.e.graph.make("neg", term) if k % 2 else term)
            self.minors[key] = self.e.add(terms)
        return self.minors[key]

    def determinant(self) -> Node:
        every = tuple(range(self.n))
        return self.minor(every, every)

    def inverse_times(self, right: Sequence[Sequence[Node]]) -> list[Node]:
        """Return the solutions for the columns of a matrix, row by row."""
        if self.n == 1:
            return [self.e.graph.make("div", x, self.rows[0][0]) for x in right[0]]
        det, every = self.determinant(), range(self.n)
        adjugate = [[self.cofactor(j, i) for j in every] for i in every]
        return [
            self.e.graph.make("div", self.e.sum_of_products(row, column), det)
            for row in adjugate
            for column in zip(*right, strict=True)
        ]

    def cofactor(self, i: int, j: int) -> Node:
        every = range(self.n)
        found = self.minor(tuple(k for k in every if k != i), tuple(k for k in every if k != j))
        return self.e.graph.make("neg", found) if (i + j) % 2 else found


def det(e: Maker, node: Node) -> Sequence[Node]:
    found = Cofactors(e, node.args[0]).determinant()
    return [found if node.op == "det" else e.graph.make("log", e.graph.make("abs", found))]


def solve(e: Maker, node: Node) -> Sequence[Node]:
    return Cofactors(e, node.args[0]).inverse_times(e.matrix(node.args[1]))


def inverse(e: Maker, node: Node) -> Sequence[Node]:
    flat = identity(e, node)
    side = e.shape(node)[0]
    return Cofactors(e, node.args[0]).inverse_times([flat[i : i + side] for i in range(0, len(flat), side)])


def cholesky(e: Maker, node: Node) -> Sequence[Node]:
    rows, make, zero = e.matrix(node.args[0]), e.graph.make, e.context.number(0.0)
    found: list[list[Node]] = []
    for i, row in enumerate(rows):
        line: list[Node] = []
        for j in range(i + 1):
            known = [make("neg", e.mul(a, b)) for a, b in zip(line[:j], (found[j] if j < i else line)[:j], strict=True)]
            rest = e.add([row[j], *known])
            line.append(make("sqrt", rest) if i == j else make("div", rest, found[j][j]))
        found.append(line)
    return [line[j] if j < len(line) else zero for line in found for j in range(len(rows))]


RULES: Final[Mapping[str, Rule]] = {
    "column": lambda e, node: e.entries(node.args[0]),
    "row": lambda e, node: e.entries(node.args[0]),
    "matmul": matmul,
    "transpose": moved(lambda rows: [*zip(*rows, strict=True)]),
    "inverse": inverse,
    "solve": solve,
    "det": det,
    "logdet": det,
    "cholesky": cholesky,
    "trace": lambda e, node: [e.add(diagonal(e, node))],
    "diagonal": diagonal,
    "diagonal_matrix": diagonal_matrix,
    "outer": outer,
    "mean": mean,
    "row_sums": lambda e, node: [e.add(row) for row in e.matrix(node.args[0])],
    "column_sums": lambda e, node: [e.add(column) for column in zip(*e.matrix(node.args[0]), strict=True)],
    "row_extreme": row_extreme,
    "cumsum": running("add"),
    "cumprod": running("mul"),
    "reverse": moved(lambda rows: rows[::-1]),
    "diff": diff,
    "slice": slice_of,
    "pad": pad,
    "gather": gather,
    "element": element,
    "unit": unit,
    "pick": pick,
    "place": place,
    "concatenate": concatenate,
    "bind_columns": bind_columns,
    "reshape": reshape,
    "flatten": flatten,
    "fill": fill,
    "identity": identity,
    "softmax": shares,
    "logsumexp": shares,
    "sum": lambda e, node: [e.add(e.entries(node.args[0]))],
    "prod": lambda e, node: [reduce(e.mul, e.entries(node.args[0]))],
    "max_of": lambda e, node: [largest(e, e.entries(node.args[0]))],
    "min_of": lambda e, node: [largest(e, e.entries(node.args[0]), "pmin")],
}
# Operations whose entries are entries of their arguments, or numbers: also where a value is the same in all rows.
MADE: Final = frozenset({"concatenate", "reshape", "fill", "identity", "diagonal_matrix", "transpose", "bind_columns"})
