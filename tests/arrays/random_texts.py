"""Random formulas with arrays, of every operation, with values that stay finite."""

import random

from .formulas import F, Maker

# Kinds of values: a number, vectors of n and k, matrices.
SIDES = {"s": (), "n": ("n",), "k": ("k",), "nn": ("n", "n"), "nk": ("n", "k"), "kn": ("k", "n")}


class Random:
    """Draws formulas of one graph.

    Args:
        seed: Equal seeds give equal formulas.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        m = self.m = Maker()
        self.leaves = {
            "s": [m.sym("s"), m.sym("r")],
            "n": [m.sym("x", "n"), m.sym("y", "n")],
            "k": [m.sym("b", "k")],
            "nn": [m.sym("A", "n", "n"), m.sym("S", "n", "n")],
            "nk": [m.sym("X", "n", "k")],
            "kn": [m.sym("Z", "k", "n")],
        }
        # Positions in a vector of n, and whole numbers of one position.
        self.index = m.sym("g", "n")

    def one(self, kind: str, depth: int) -> F:
        """Return a formula of a kind."""
        if depth <= 0:
            return self.random.choice(self.leaves[kind])
        rules = [*self.elementwise(kind), *self.structural(kind)]
        return self.random.choice(rules)(lambda k: self.one(k, depth - 1))

    def regular(self, p):
        """Return an invertible matrix."""
        a = self.m.fn("tanh", p("nn"))
        return a @ a.T + 3 * self.m.eye("n")

    def elementwise(self, kind):
        m, fn = self.m, self.m.fn
        bounded = self.random.choice(["tanh", "sin", "atan", "expit"])
        rules = [
            lambda p: p(kind) + p(kind),
            lambda p: p(kind) - p(kind),
            lambda p: -p(kind),
            lambda p: self.random.choice([2, 0.5, -1, 3]) * p(kind),
            lambda p: p("s") * p(kind),
            lambda p: fn("tanh", p(kind)) * p(kind),
            lambda p: p(kind) / (2 + fn("tanh", p(kind)) ** 2),
            lambda p: p(kind) / (1.5 + fn("sin", p("s"))),
            lambda p: fn(bounded, p(kind)),
            lambda p: fn("sqrt", 2 + fn("sin", p(kind))),
            lambda p: fn("tanh", p(kind)) ** 2,
            lambda p: (2 + fn("sin", p(kind))) ** -1,
            lambda p: p(kind) + p("s"),
            lambda p: 1 - p(kind),
            lambda p: fn("ifelse", p(kind) > 0, p(kind), p(kind)),
            lambda p: fn("ifelse", p("s") > 0, p(kind), 1),
            lambda p: fn("ifelse", fn("&", p(kind) > 0, fn("!", p(kind) > 1)), 0, p(kind)),
            lambda p: fn(self.random.choice(["pmax", "pmin"]), self.random.choice([0.1, p(kind)]), p(kind)),
            lambda p: fn("dnorm", p("s"), p(kind), 1),
            lambda p: fn("logaddexp", 0.5, p(kind)),
            lambda p: (p(kind) > 0) + fn("|", p(kind) > 1, p(kind) > p("s")),
            lambda p: (p(kind) > 0) * p(kind) - (p(kind) > 0.5),
            lambda p: fn("%%", p(kind), 3) if kind == "s" else fn("atan2", p(kind), 2 + fn("sin", p(kind))),
        ]
        if len(kind) == 2:
            first, second = kind
            rules += [
                lambda p: m.op("column", p(first)) * p(kind),
                lambda p: p(kind) * m.op("row", p(second)),
                lambda p: m.op("row", p(second)) - p(kind),
                lambda p: p(kind) - m.op("row", p(second)) + m.op("column", p(first)),
                lambda p: m.op("column", p(first)) - m.op("row", p(second)),
                lambda p: m.op("column", p(first)) * m.op("row", p(second)) * p("s"),
                lambda p: m.op("row", p(second)) / (2 + fn("sin", m.op("column", p(first)))),
                lambda p: m.op("column", p(first)) / (2 + fn("sin", m.op("row", p(second)))),
                lambda p: p(kind) / (2 + fn("sin", m.op("row", p(second)))),
                lambda p: m.op("row", p(second)) / (2 + fn("sin", p(kind))),
                lambda p: fn("pmax", m.op("row", p(second)), p(kind)),
                lambda p: fn("pmin", m.op("column", p(first)), m.op("row", p(second))),
                lambda p: fn("atan2", m.op("column", p(first)), 2 + fn("sin", p(kind))),
                lambda p: fn("dnorm", p("s"), m.op("row", p(second)), 2 + fn("sin", m.op("column", p(first)))),
                lambda p: fn("ifelse", m.op("column", p(first)) > 0, p(kind), m.op("row", p(second))),
                lambda p: fn("ifelse", m.op("row", p(second)) > m.op("column", p(first)), p(kind), 0),
                lambda p: fn("ifelse", p("s") > 0, m.op("row", p(second)), p(kind)),
            ]
        return rules

    def structural(self, kind):
        m, fn, op = self.m, self.m.fn, self.m.op
        if kind == "s":
            return [
                lambda p: fn("sum", p("n")),
                lambda p: fn("sum", p("nk")),
                lambda p: p("n") @ p("n"),
                lambda p: fn("sum", p("k") ** 2),
                lambda p: fn("sqrt", 1 + fn("sum", p("n") ** 2)),
                lambda p: fn("prod", fn("tanh", p("n"))),
                lambda p: fn("max_of", p("nn")),
                lambda p: fn("min_of", p("n")),
                lambda p: op("mean", p("nk")),
                lambda p: op("trace", p("nn")),
                lambda p: op("det", self.regular(p)),
                lambda p: op("logdet", self.regular(p)),
                lambda p: op("logsumexp", fn("tanh", p("n"))),
                lambda p: op("element", p("n"), payload=(self.random.choice([0, -1]),)),
                lambda p: op("element", p("nk"), payload=(0, -1)),
                lambda p: fn("sum", p("n")) / m.length("n"),
                lambda p: fn("sum", op("select", p("n"), p("n") > 0)),
                lambda p: fn("sum", fn("ifelse", p("n") > 0, 1, 0)) * m.length("k"),
                lambda p: fn("sum", op("flatten", p("nk"), payload=(self.random.choice([0, 1]),)) ** 2),
                lambda p: fn("sum", op("concatenate", p("n"), p("s"), p("k"), 1)),
                lambda p: fn("sum", op("diff", p("n")) ** 2) + fn("sum", op("bind_columns", 1, p("n"), p("nk"), p("s"))),
                lambda p: fn("sum", op("gather", p("n"), self.index)),
            ]  # fmt: skip
        if len(kind) == 1:
            other = "k" if kind == "n" else "n"
            matrix = "nk" if kind == "n" else "kn"
            rules = [
                lambda p: p(matrix) @ p(other),
                lambda p: p(matrix[::-1]).T @ p(other),
                lambda p: op("row_sums", p(matrix)),
                lambda p: op("column_sums", p(matrix[::-1])),
                lambda p: op("cumsum", p(kind)),
                lambda p: op("cumprod", fn("tanh", p(kind))),
                lambda p: op("reverse", p(kind)),
                lambda p: op("pad", op("slice", p(kind), payload=(1, 0)), payload=(0, 1)),
                lambda p: op("slice", op("pad", p(kind), payload=(1, 3)), payload=(2, 2)),
                lambda p: op("slice", op("concatenate", p(kind), p("s")), payload=(0, 1)),
                lambda p: op("softmax", fn("tanh", p(kind))),
                lambda p: op("fill", p("s"), shape=(kind,)),
                lambda p: op("fill", 1, shape=(kind,)) + op("fill", 0, shape=(kind,)),
                lambda p: op("unit", p("s"), payload=(self.random.choice([0, -1]),), shape=(kind,)),
                lambda p: p("s") * op("unit", 1, payload=(0,), shape=(kind,)),
                lambda p: op("pick", p(matrix), payload=(1, self.random.choice([0, -1]))),
                lambda p: op("pick", p(matrix[::-1]), payload=(0, 0)),
                lambda p: (lambda t: op("unselect", op("select", p(kind), t) ** 2, t))(p(kind) > 0),
                lambda p: op("order", p(kind)),
                lambda p: op("recurrence", p(kind), fn("tanh", p(kind))),
                lambda p: (lambda v: op("gather", v, op("record", v)))(p(kind)),
                lambda p: (lambda v: op("gather", v, op("record", -v)))(p(kind)),
                lambda p: op("row_extreme", p(matrix), payload=(self.random.choice([1, -1]),)),
                lambda p: op("row_extreme", p(matrix[::-1]).T, payload=(self.random.choice([1, -1]),)),
                lambda p: op("pick", op("cumprod", p(matrix[::-1])), payload=(0, -1)),
                lambda p: (lambda v: op("gather", v, op("order", v)))(p(kind)),
                lambda p: (lambda v, w: op("gather", v, op("order", w)))(p(kind), p(kind)),
            ]
            if kind == "n":
                rules += [
                    lambda p: op("solve", self.regular(p), p("n")),
                    lambda p: p("nn") @ p("n"),
                    lambda p: op("diagonal", p("nn")),
                    lambda p: op("gather", p("n"), self.index),
                    lambda p: op("scatter", p("n"), self.index, shape=("n",)),
                    lambda p: op("scatter", op("fill", 1, shape=("n",)), self.index, shape=("n",)),
                ]
            return rules
        first, second = kind
        rules = [
            lambda p: op("outer", p(first), p(second)),
            lambda p: op("outer", p(first), op("fill", 1, shape=(second,))),
            lambda p: op("outer", op("fill", 1, shape=(first,)), p(second)),
            lambda p: p(kind[::-1]).T,
            lambda p: op("fill", p("s"), shape=(first, second)),
            lambda p: op("unit", p("s"), payload=(0, -1), shape=(first, second)),
            lambda p: op("place", p(second), payload=(0, self.random.choice([0, -1])), shape=(first, second)),
            lambda p: op("place", p(first), payload=(1, 0), shape=(first, second)),
            lambda p: op("reverse", p(kind)),
            lambda p: op("cumsum", p(kind)),
            lambda p: op("cumprod", fn("tanh", p(kind))),
            lambda p: op("recurrence", p(kind), fn("tanh", self.random.choice([p(kind), p(first)]))),
            lambda p: op("slice", op("pad", p(kind), payload=(1, 2)), payload=(2, 1)),
            lambda p: op("pad", op("diff", p(kind)), payload=(0, 1)),
            lambda p: op("pad", op("slice", p(kind), payload=(0, 1)), payload=(1, 0)),
            lambda p: op("reshape", op("flatten", p(kind), payload=(0,)), payload=(self.random.choice([0, 1]),), shape=(first, second)),
            lambda p: op("reshape", p(kind[::-1]), payload=(self.random.choice([0, 1]),), shape=(first, second)),
        ]  # fmt: skip
        if first == "n":
            rules += [
                lambda p: p("nn") @ p(kind),
                lambda p: op("solve", self.regular(p), p(kind)),
                lambda p: op("gather", p(kind), self.index),
                lambda p: op("scatter", p(kind), self.index, shape=(first, second)),
                lambda p: p("nk") @ p("kn") if kind == "nn" else p("nn") @ p("nn") @ p("nk"),
            ]
        if kind == "nn":
            rules += [
                lambda p: op("diagonal_matrix", p("n")),
                lambda p: op("inverse", self.regular(p)),
                lambda p: op("cholesky", self.regular(p)),
                lambda p: op("cholesky", self.regular(p)).T,
                lambda p: op("inverse", self.regular(p).T),
                lambda p: m.eye("n") * p("s"),
                lambda p: (lambda a: a.T @ a)(p("kn")),
                lambda p: (lambda a: a @ a.T)(p("nk")),
                lambda p: p("nn") - op("row", p("n")) - op("column", p("n")),
            ]
        return rules
