"""Random scalar functions of vectors and matrices, built over all operations."""

import random

import numpy as np

from .formulas import F, Maker


class Writer:
    """Writes a random formula of scalars, vectors of n and k, and matrices of n x n and n x k.

    Args:
        seed: The seed; equal seeds write equal formulas.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.m = m = Maker()
        self.x, self.y, self.b = m.sym("x", "n"), m.sym("y", "n"), m.sym("b", "k")
        self.A, self.S, self.X = m.sym("A", "n", "n"), m.sym("S", "n", "n", symmetric=True), m.sym("X", "n", "k")
        self.s, self.r = m.sym("s"), m.sym("r")

    def formula(self) -> F:
        return self.of("s", self.random.choice([2, 3, 4]))

    def of(self, kind: str, depth: int) -> F:
        """Return a random expression: kind s, n, k, nn or nk."""
        if depth <= 0:
            return self.leaf(kind)
        rules = {"s": SCALARS, "n": VECTORS, "k": SHORT, "nn": SQUARES, "nk": MATRICES}[kind]
        rule = self.random.choice([elementwise, *rules])
        return (
            rule(self, lambda k: self.of(k, depth - 1)) if rule is not elementwise else elementwise(self, kind, depth)
        )

    def leaf(self, kind: str) -> F:
        numbers = [F(self.m.graph, self.m.graph.number(v)) for v in (2.0, 0.5, -1.0, 3.0)]
        leaves = {
            "s": [self.s, self.r, *numbers],
            "n": [self.x, self.x, self.y],
            "k": [self.b],
            "nn": [self.A, self.S],
            "nk": [self.X],
        }
        return self.random.choice(leaves[kind])


def elementwise(w: Writer, kind: str, depth: int) -> F:
    def p(k: str = kind) -> F:
        return w.of(k, depth - 1)

    m = w.m
    return w.random.choice(
        [
            lambda: p() + p(),
            lambda: p() - p(),
            lambda: p() * p(),
            lambda: p("s") * p(),
            lambda: p() / (2 + p() ** 2),
            lambda: m.fn(w.random.choice(["exp", "tanh", "sin", "expit", "softplus", "atan", "expm1"]), p()),
            lambda: m.fn(w.random.choice(["log", "sqrt"]), 2 + p() ** 2),
            lambda: p() ** 2,
            lambda: p() ** 3,
            lambda: p() + p("s"),
            lambda: p() / (1.5 + p("s") ** 2),
            lambda: -p(),
            lambda: m.fn("pmax", p(), p()),
            lambda: m.fn("ifelse", p() > 0, p() ** 3, p()),
        ]
    )()


def near_identity(w: Writer, matrix: F) -> F:
    return 4 * w.m.eye("n") + 0.3 * w.m.fn("tanh", matrix)


SCALARS = [
    lambda w, p: w.m.fn("sum", p("n")),
    lambda w, p: p("n") @ p("n"),
    lambda w, p: w.m.fn("sum", p("nk")),
    lambda w, p: w.m.op("trace", p("nn")),
    lambda w, p: w.m.fn("sum", p("k") ** 2),
    lambda w, p: w.m.fn("log", w.m.fn("sum", w.m.fn("exp", p("n")))),
    lambda w, p: w.m.op("mean", p("n")),
    lambda w, p: w.m.fn("sum", p("n")) / w.m.length("n"),
    lambda w, p: w.m.fn("sum", p("nn") * p("nn")),
    lambda w, p: w.m.op("logdet", near_identity(w, p("nn"))),
    lambda w, p: w.m.op("det", near_identity(w, p("nn"))),
    lambda w, p: w.m.fn("max_of", p("n")),
    lambda w, p: w.m.fn("min_of", p("nk")),
    lambda w, p: w.m.fn("prod", 2 + w.m.fn("sin", p("n"))),
    lambda w, p: w.m.op("element", p("n"), payload=(0,)),
    lambda w, p: w.m.op("element", p("nk"), payload=(0, -1)),
    lambda w, p: w.m.op("mean", p("nk")),
]
VECTORS = [
    lambda w, p: p("nn") @ p("n"),
    lambda w, p: p("nk") @ p("k"),
    lambda w, p: w.m.op("row_sums", p("nk")),
    lambda w, p: p("nn").T @ p("n"),
    lambda w, p: w.m.op("diagonal", p("nn")),
    lambda w, p: w.m.op("solve", near_identity(w, p("nn")), p("n")),
    lambda w, p: w.m.op("solve", w.S + 5 * w.m.eye("n"), p("n")),
    lambda w, p: w.m.op("cumsum", p("n")),
    lambda w, p: w.m.op("reverse", p("n")),
    lambda w, p: w.m.op("cumprod", 1.5 + w.m.fn("sin", p("n"))),
    lambda w, p: w.m.op("pad", w.m.op("diff", p("n")), payload=(1, 0)),
    lambda w, p: w.m.op("pad", w.m.op("slice", p("n"), payload=(1, 0)), payload=(0, 1)),
    lambda w, p: w.m.op("gather", p("n"), w.m.op("order", p("n"))),
    lambda w, p: (lambda mask: w.m.op("unselect", w.m.op("select", p("n"), mask) ** 2, mask))(p("n") > 0),
    lambda w, p: w.m.fn("exp", p("n")) / w.m.fn("sum", w.m.fn("exp", p("n"))),
    lambda w, p: w.m.op("pick", p("nk"), payload=(1, 0)),
    lambda w, p: w.m.op("unit", p("s"), payload=(0,), shape=("n",)),
    lambda w, p: w.m.op("concatenate", p("s"), w.m.op("slice", p("n"), payload=(0, 1))),
    lambda w, p: w.m.op("softmax", p("n")),
]
SHORT = [
    lambda w, p: p("nk").T @ p("n"),
    lambda w, p: w.m.op("column_sums", p("nk")),
    lambda w, p: w.m.op("scatter", p("n"), w.m.fn("ifelse", p("n") > 0, 1, w.m.length("k")), shape=("k",)),
    lambda w, p: w.m.op("pick", p("nk"), payload=(0, -1)),
]
SQUARES = [
    lambda w, p: p("nn") @ p("nn"),
    lambda w, p: p("nn").T,
    lambda w, p: w.m.op("diagonal_matrix", p("n")),
    lambda w, p: w.m.op("outer", p("n"), p("n")),
    lambda w, p: p("nk") @ p("nk").T,
    lambda w, p: w.m.op("column", p("n")) * p("nn"),
    lambda w, p: p("nn") * w.m.op("row", p("n")),
    lambda w, p: w.m.op("column", p("n")) - w.m.op("row", p("n")),
    lambda w, p: w.m.op("inverse", near_identity(w, p("nn"))),
    lambda w, p: w.m.op("solve", near_identity(w, p("nn")), p("nn")),
    lambda w, p: p("nn") + w.m.op("row", p("n")),
    lambda w, p: p("nn") + p("s") * w.m.eye("n"),
    lambda w, p: w.m.op("cumsum", p("nn")),
]
MATRICES = [
    lambda w, p: p("nn") @ p("nk"),
    lambda w, p: w.m.op("outer", p("n"), p("k")),
    lambda w, p: w.m.op("column", p("n")) * p("nk"),
    lambda w, p: p("nk") * w.m.op("row", p("k")),
    lambda w, p: p("nk") + w.m.op("column", p("n")),
    lambda w, p: w.m.op("reverse", p("nk")),
    lambda w, p: w.m.op("place", p("n"), payload=(1, 0), shape=("n", "k")),
    lambda w, p: w.m.op("reshape", w.m.op("flatten", p("nk"), payload=(0,)), payload=(0,), shape=("n", "k")),
]


def point(n: int, k: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Return a point for the variables of a Writer, without symmetry."""
    rng = np.random.default_rng(seed)
    S = rng.normal(size=(n, n))
    return {
        "x": rng.normal(size=n),
        "y": rng.normal(size=n),
        "b": rng.normal(size=k),
        "A": rng.normal(size=(n, n)),
        "S": S + S.T,
        "X": rng.normal(size=(n, k)),
        "s": np.array(0.7),
        "r": np.array(-0.4),
    }
