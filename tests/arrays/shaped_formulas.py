"""Random formulas of numbers, vectors and matrices, with any operation, of any shape that is asked for."""

import random

import numpy as np
from secantd.expression import Graph, Length, Node, plus
from secantd.expression.shapes import SCALAR, Dimension, Shape

__all__ = ["SHAPES", "Formulas", "K", "N", "point"]

N, K, M = Length.named("n"), Length.named("k"), Length.named("m")
# g holds indices from 1 to n.
SHAPES: dict[str, Shape] = {
    "s": SCALAR, "r": SCALAR, "x": (N,), "y": (N,), "b": (K,), "g": (M,), "w": (M,),
    "A": (N, N), "S": (N, N), "X": (N, K), "C": (K, K),
}  # fmt: skip
SIDES: list[Dimension] = [N, N, K, M, 2]


def point(n: int, k: int, m: int, seed: int) -> dict[str, np.ndarray]:
    """Return values of all variables, without symmetry but in S."""
    rng = np.random.default_rng(seed)
    sizes = {"n": n, "k": k, "m": m}
    found = {name: rng.normal(size=[sizes[str(d)] for d in shape]) for name, shape in SHAPES.items()}
    found["S"] = found["S"] + found["S"].T
    found["g"] = rng.integers(1, n + 1, m).astype(float)
    return found


class Formulas:
    """Writes random formulas into a graph of its own.

    Args:
        seed: Equal seeds write equal formulas.
    """

    def __init__(self, seed: int | str) -> None:
        self.random = random.Random(seed)
        self.graph = g = Graph()
        self.symbols = {name: g.symbol(name, shape) for name, shape in SHAPES.items()}
        g.symmetric.add("S")

    def of(self, shape: Shape, depth: int) -> Node:
        """Return a formula of a shape."""
        if depth <= 0:
            return self.leaf(shape)
        if self.random.random() < 0.35:
            return self.elementwise(shape, depth)
        return self.random.choice([self.number, self.vector, self.matrix][len(shape)](shape, depth))()

    def leaf(self, shape: Shape) -> Node:
        g = self.graph
        if not shape:
            numbers = [g.number(v) for v in (2.0, 0.5, -1.0, 3.0)]
            return self.random.choice([self.symbols["s"], self.symbols["r"], *numbers])
        found = [s for name, s in self.symbols.items() if s.shape == shape and name != "g"]
        if found and self.random.random() < 0.95:
            return self.random.choice(found)
        if len(shape) == 2 and self.random.random() < 0.5:
            return g.array("outer", self.leaf(shape[:1]), self.leaf(shape[1:]))
        if len(shape) == 1 and isinstance(shape[0], Length) and shape[0].offset:
            return self.changed_length(shape, 1)
        return g.array("fill", self.leaf(SCALAR), shape=shape)

    def make(self, op: str, *args: Node | float) -> Node:
        return self.graph.make(op, *[a if isinstance(a, Node) else self.graph.number(a) for a in args])

    def side(self) -> Dimension:
        return self.random.choice(SIDES)

    def elementwise(self, shape: Shape, depth: int) -> Node:
        make, choice = self.make, self.random.choice

        def p(other: Shape = shape) -> Node:
            return self.of(other, depth - 1)

        def laid(op: str) -> Node:
            return self.graph.array(op, p(shape[:1] if op == "column" else shape[1:]))

        rules = [
            lambda: make("add", p(), p()),
            lambda: make("add", p(), make("neg", p())),
            lambda: make("add", p(), make("mul", self.leaf(SCALAR), p()), p()),
            lambda: make("mul", p(), p()),
            lambda: make("mul", p(SCALAR), p()),
            lambda: make("mul", self.leaf(SCALAR), p(), p()),
            lambda: make("div", p(), make("add", 2.0, make("pow", p(), 2.0))),
            lambda: make("div", p(), make("add", 1.5, make("pow", p(SCALAR), 2.0))),
            lambda: make("div", p(SCALAR), make("add", 2.0, make("exp", p()))),
            lambda: make(choice(["exp", "tanh", "sin", "cos", "expit", "softplus", "atan", "abs"]), p()),
            lambda: make(choice(["log", "sqrt"]), make("add", 2.0, make("pow", p(), 2.0))),
            lambda: make("pow", p(), choice([2.0, 2.0, 3.0])),
            lambda: make("pow", make("add", 1.5, make("sin", p())), choice([0.5, -1.0, -2.0])),
            lambda: make("pow", make("add", 1.5, make("sin", p())), p()),
            lambda: make("add", p(), p(SCALAR)),
            lambda: make("add", 1.0, make("neg", p())),
            lambda: make("neg", p()),
            lambda: make(choice(["pmax", "pmin"]), p(), p()),
            lambda: make("pmax", p(), 0.0),
            lambda: make("ifelse", make(choice(["<", ">", ">="]), p(), choice([0.0, 0.3])), p(), p()),
            lambda: make("ifelse", make(">", p(SCALAR), 0.0), p(), p()),
            lambda: make("mul", p(), make("<", p(), 0.5)),
        ]
        if len(shape) == 2:
            rules += [
                lambda: make("mul", laid("column"), p()),
                lambda: make("mul", p(), laid("row")),
                lambda: make("add", laid("column"), laid("row")),
                lambda: make("add", laid("column"), make("neg", laid("row"))),
                lambda: make("mul", laid("column"), laid("row")),
                lambda: make("div", p(), make("add", 1.5, make("exp", laid("row")))),
                lambda: make("ifelse", make(">", laid("column"), 0.0), p(), laid("row")),
                lambda: make("add", p(), make("mul", p(SCALAR), laid("column"))),
            ]
        return choice(rules)()

    def changed_length(self, shape: Shape, depth: int) -> Node:
        """Return a formula whose first side is a length and a whole number, from one without."""
        side, g = shape[0], self.graph
        assert isinstance(side, Length)
        one = 1 if side.offset < 0 else -1
        near = self.of((plus(side, one), *shape[1:]), depth - 1)
        if one > 0:
            return self.random.choice(
                [
                    lambda: g.array("diff", near),
                    lambda: g.array("slice", near, payload=(1, 0)),
                    lambda: g.array("slice", near, payload=(0, 1)),
                ]
            )()
        rules = [
            lambda: g.array("pad", near, payload=(1, 0)),
            lambda: g.array("pad", near, payload=(0, 1)),
        ]
        if len(shape) == 1:
            number = self.of(SCALAR, depth - 1)
            rules += [lambda: g.array("concatenate", number, near), lambda: g.array("concatenate", near, number)]
        return self.random.choice(rules)()

    def near_identity(self, n: Dimension, depth: int) -> Node:
        """Return a matrix that is far from singular."""
        make, array = self.make, self.graph.array
        matrix = self.of((n, n), depth)
        eye = array("identity", shape=(n, n))
        return self.random.choice(
            [
                lambda: make("add", make("mul", 4.0, eye), make("mul", 0.3, make("tanh", matrix))),
                lambda: make("add", array("matmul", array("transpose", matrix), matrix), make("mul", 3.0, eye)),
                lambda: make("add", make("tanh", self.symbols["S"] if n == N else matrix), make("mul", 5.0, eye)),
            ]
        )()

    def mask(self, n: Dimension, depth: int) -> Node:
        return self.make(">", self.of((n,), depth), 0.0)

    # -- numbers, vectors, matrices -------------------------------------------------------------------------------------

    def number(self, shape: Shape, depth: int) -> list:
        g, make, array = self.graph, self.make, self.graph.array
        n, k = self.side(), self.side()

        def v() -> Node:
            return self.of((n,), depth - 1)

        def a() -> Node:
            return self.of((n, k), depth - 1)

        def square() -> Node:
            return self.of((n, n), depth - 1)

        return [
            lambda: make("sum", v()),
            lambda: make("sum", a()),
            lambda: make("sum", make("mul", v(), v())),
            lambda: make("sum", make("pow", v(), 2.0)),
            lambda: make("sum", make("mul", a(), a())),
            lambda: make("sum", make("mul", v(), array("matmul", square(), v()))),
            lambda: make("sqrt", make("add", 1.0, make("sum", make("pow", v(), 2.0)))),
            lambda: array("mean", v()),
            lambda: array("mean", a()),
            lambda: array("trace", square()),
            lambda: array("trace", array("matmul", square(), square())),
            lambda: array("logdet", self.near_identity(n, depth - 1)),
            lambda: make("log", array("det", self.near_identity(n, depth - 1))),
            lambda: array("det", self.near_identity(n, depth - 1)),
            lambda: make("log", make("sum", make("exp", v()))),
            lambda: array("logsumexp", self.random.choice([v, a])()),
            lambda: make(self.random.choice(["max_of", "min_of"]), self.random.choice([v, a])()),
            lambda: make("prod", make("add", 1.5, make("sin", v()))),
            lambda: array("element", v(), payload=(self.random.choice([0, -1]),)),
            lambda: array("element", a(), payload=(self.random.choice([0, -1]), self.random.choice([0, -1]))),
            lambda: make("sum", make("pow", array("select", v(), self.mask(n, depth - 1)), 2.0)),
            lambda: make("div", make("sum", v()), g.length(n)),
            lambda: make("sum", make("mul", v(), array("solve", self.near_identity(n, depth - 1), v()))),
        ]

    def vector(self, shape: Shape, depth: int) -> list:
        make, array, choice = self.make, self.graph.array, self.random.choice
        (n,) = shape
        k = self.side()
        if isinstance(n, Length) and n.offset:
            return [lambda: self.changed_length(shape, depth)]

        def v(length: Dimension = n) -> Node:
            return self.of((length,), depth - 1)

        def a(rows: Dimension = n, columns: Dimension = k) -> Node:
            return self.of((rows, columns), depth - 1)

        def shares() -> Node:
            e = make("exp", v())
            return make("div", e, make("sum", e))

        rules = [
            lambda: array("matmul", a(), v(k)),
            lambda: array("matmul", array("transpose", a(k, n)), v(k)),
            lambda: array("row_sums", a()),
            lambda: array("column_sums", a(k, n)),
            lambda: array("diagonal", a(n, n)),
            lambda: array("solve", self.near_identity(n, depth - 1), v()),
            lambda: array("solve", array("transpose", self.near_identity(n, depth - 1)), v()),
            lambda: array("cumsum", v()),
            lambda: array("cumprod", make("add", 1.2, make("mul", 0.5, make("sin", v())))),
            lambda: array("reverse", v()),
            lambda: array("gather", v(), array("order", v())),
            lambda: array("softmax", v()),
            shares,
            lambda: array("pick", a(), payload=(1, choice([0, -1]))),
            lambda: array("pick", a(k, n), payload=(0, choice([0, -1]))),
            lambda: array("unit", self.of(SCALAR, depth - 1), payload=(choice([0, -1]),), shape=(n,)),
            lambda: array("slice", v(plus(n, 1)), payload=choice([(1, 0), (0, 1)])),
            lambda: array("diff", v(plus(n, 1))),
            lambda: array("pad", array("diff", v()), payload=choice([(1, 0), (0, 1)])),
            lambda: array("concatenate", self.of(SCALAR, depth - 1), array("slice", v(), payload=(0, 1))),
        ]

        def masked() -> Node:
            mask = self.mask(n, depth - 1)
            return array("unselect", make("pow", array("select", v(), mask), 2.0), mask)

        rules.append(masked)
        if n == M:
            rules += [lambda: array("gather", v(N), self.symbols["g"])] * 3
        if n == N:
            rules += [lambda: array("scatter", v(M), self.symbols["g"], shape=(N,))] * 2
        return rules

    def matrix(self, shape: Shape, depth: int) -> list:
        make, array, choice = self.make, self.graph.array, self.random.choice
        n, k = shape
        other = self.side()
        if isinstance(n, Length) and n.offset:
            return [lambda: self.changed_length(shape, depth)]
        if isinstance(k, Length) and k.offset:
            return [lambda: array("transpose", self.of((k, n), depth - 1))]

        def v(length: Dimension) -> Node:
            return self.of((length,), depth - 1)

        def a(rows: Dimension = n, columns: Dimension = k) -> Node:
            return self.of((rows, columns), depth - 1)

        rules = [
            lambda: array("matmul", a(n, other), a(other, k)),
            lambda: array("matmul", a(n, other), array("transpose", a(k, other))),
            lambda: array("transpose", a(k, n)),
            lambda: array("outer", v(n), v(k)),
            lambda: array("solve", self.near_identity(n, depth - 1), a()),
            lambda: array("cumsum", a()),
            lambda: array("reverse", a()),
            lambda: array("diff", a(plus(n, 1))),
            lambda: array("slice", a(plus(n, 1)), payload=choice([(1, 0), (0, 1)])),
            lambda: array("pad", array("slice", a(), payload=(0, 1)), payload=(1, 0)),
            lambda: array("place", v(k), payload=(0, choice([0, -1])), shape=(n, k)),
            lambda: array("place", v(n), payload=(1, choice([0, -1])), shape=(n, k)),
            lambda: self.reshaped(shape, depth),
            lambda: array("unit", self.of(SCALAR, depth - 1), payload=(0, -1), shape=(n, k)),
        ]
        if k == 2:
            rules += [
                lambda: array("bind_columns", v(n), v(n)),
                lambda: array("bind_columns", self.of(SCALAR, depth - 1), v(n)),
            ]
        if n == M:
            rules += [lambda: array("gather", a(N), self.symbols["g"])] * 2
        if n == N:
            rules += [lambda: array("scatter", a(M), self.symbols["g"], shape=(N, k))]
        if n == k:
            rules += [
                lambda: array("diagonal_matrix", v(n)),
                lambda: array("inverse", self.near_identity(n, depth - 1)),
                lambda: make("add", a(), make("mul", self.of(SCALAR, depth - 1), array("identity", shape=(n, n)))),
            ]
        return rules

    def reshaped(self, shape: Shape, depth: int) -> Node:
        """Return a matrix whose entries were laid out in a row."""
        by, back = self.random.choice([((0,), (0,)), ((1,), (1,)), ((0,), (1,))])
        flat = self.graph.array("flatten", self.of(shape, depth - 1), payload=by)
        return self.graph.array("reshape", flat, payload=back, shape=shape)
