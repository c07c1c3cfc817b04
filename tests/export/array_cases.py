"""Functions of vectors and matrices, with points and the engine's values there."""

from dataclasses import dataclass, field

import numpy as np
from running import without_gaps
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import reverse_gradient
from secantd.export import export
from secantd.export.arrays import ArrayDerived, array_source, derive_arrays
from secantd.export.arrays.derive import Argument
from secantd.expression import Graph, Length, VariableShape
from secantd.language import Function, Notation, read
from secantd.program.shaped import compile_shaped
from secantd.settings import DEFAULT_LIMITS

__all__ = ["CASES", "OPERATIONS", "ArrayCase", "arguments", "close", "expected", "written"]

A0, S0, B0 = [[2, 1], [0.5, 3]], [[2, 0.5], [0.5, 1]], [0.3, -0.4]
X0, Y4, Z4 = [[1, 0.5], [1, 1], [1, 2], [1, 4]], [1, 2, 3, 5], [0, 0, 1, 1]
PROCESS = "K <- exp(-outer(t, t, '-')^2/(2*l^2)) + s^2*diag(length(t)); -0.5*(log(det(K)) + t(y) %*% solve(K, y))"


@dataclass
class ArrayCase:
    """A function and where it is looked at.

    Attributes:
        text: The formula.
        by: The variables of the derivatives.
        at: A value for each argument.
        shapes: Shapes that the text does not tell.
        order: The highest order of derivatives that has a form as arrays.
        data: The arguments that are sent as data.
    """

    text: str
    by: list[str]
    at: dict[str, object]
    shapes: dict[str, VariableShape] = field(default_factory=dict)
    order: int = 2
    data: tuple[str, ...] = ()

    def code(self, notation: Notation, name: str = "f") -> str:
        """Return the exported code."""
        with without_gaps():
            return export(self.read(), self.text, self.by, [notation], self.order, name, self.again).codes[0].text

    def derived(self) -> ArrayDerived:
        """Return f and its derivatives, with data as they are."""
        return derive_arrays(self.read(), self.order, self.by)

    def read(self, data=None, shapes=None) -> Function:
        """The formula, read."""
        data = {n: np.array(self.at[n], dtype=float) for n in self.data} if data is None else data
        return read(self.text, None, data, shapes={**self.shapes, **(shapes or {})}, variables=self.by)

    def again(self, data, shapes=None) -> Function:
        """The formula, read with other data and shapes."""
        return self.read(data, shapes)


def shaped(*dimensions, symmetric=False):
    return VariableShape(dimensions, symmetric)


REGRESSION = {"X": X0, "y": Y4, "b": B0}
CASES = {
    "regression": ArrayCase("sum((y - X %*% b)^2)", ["b"], REGRESSION),
    "regression with data": ArrayCase("sum((y - X %*% b)^2)/length(y)", ["b"], REGRESSION, data=("X", "y")),
    "one row, one column": ArrayCase("sum((y - X %*% b)^2)", ["b"], {"X": [[2.0]], "y": [3.0], "b": [0.5]}),
    "logistic": ArrayCase(
        "sum(z * (X %*% b) - log(1 + exp(X %*% b)))", ["b"], {"X": X0, "z": Z4, "b": B0}
    ),
    "far out logistic": ArrayCase(
        "sum(z * (X %*% b) - log(1 + exp(X %*% b)))", ["b"], {"X": X0, "z": Z4, "b": [800.0, -900.0]}
    ),
    "quadratic": ArrayCase("t(x) %*% A %*% x", ["x"], {"A": A0, "x": [1, 2]}),
    "quadratic by A": ArrayCase("t(x) %*% A %*% x", ["A", "x"], {"A": A0, "x": [1, 2]}, order=1),
    "log det": ArrayCase("log(det(A))", ["A"], {"A": A0}, order=1),
    "det": ArrayCase("det(A)", ["A"], {"A": [[2, 1, 0.3], [0.5, 3, -1], [0, 1, 1.5]]}, order=1),
    "trace": ArrayCase("sum(diag(A %*% M))", ["M"], {"A": A0, "M": [[1, 2], [3, 5]]}, order=1),
    "bilinear": ArrayCase("t(a) %*% solve(M) %*% b", ["M"], {"a": [1, -1], "M": A0, "b": B0}, order=1),
    "norm": ArrayCase("sqrt(sum(x^2))", ["x"], {"x": [3.0, 4, 5]}, {"x": shaped("n")}),
    "log sum exp": ArrayCase("log(sum(exp(x)))", ["x"], {"x": [1.0, 2]}, {"x": shaped("n")}),
    "far log sum exp": ArrayCase("log(sum(exp(x)))", ["x"], {"x": [1000.0, 1001]}, {"x": shaped("n")}),
    "normal": ArrayCase(
        "-0.5*(log(det(S)) + t(x - m) %*% solve(S, x - m))", ["m", "S"], {"S": S0, "x": [1, 2], "m": B0},
        {"S": shaped("n", "n", symmetric=True)}, order=1,
    ),
    "normal by m": ArrayCase(
        "-0.5*(log(det(S)) + t(x - m) %*% solve(S, x - m))", ["m", "x"], {"S": S0, "x": [1, 2], "m": B0}
    ),
    "cumsum": ArrayCase("sum(cumsum(v) * w)", ["v"], {"v": [1.0, 2, 3, 5], "w": [1.0, 2, 3, 4]}),
    "cumprod": ArrayCase("sum(cumprod(v) * w)", ["v"], {"v": [1.0, 2, 3, 5], "w": [1.0, 2, 3, 4]}, order=1),
    "diff": ArrayCase("sum(diff(v)^2)", ["v"], {"v": [1.0, 2, 3, 5]}),
    "diff of one": ArrayCase("sum(diff(v)^2) + sum(v)", ["v"], {"v": [2.0]}),
    "gather": ArrayCase("sum((y - re[g])^2)", ["re"], {"y": Y4, "re": B0, "g": [1.0, 2, 1, 2]}, data=("y", "g")),
    "mask": ArrayCase("sum(v[v > 1.5]^2)", ["v"], {"v": [1.0, 2, 3, 5]}, order=1),
    "network": ArrayCase(
        "sum((y - W2 %*% tanh(W1 %*% t(X)))^2)", ["W2", "W1"],
        {"y": Y4, "W2": [[0.7, -0.8, 0.9]], "W1": [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]], "X": X0},
        {"y": shaped("n"), "W2": shaped(1, "h"), "W1": shaped("h", "k"), "X": shaped("n", "k")}, order=1,
    ),
    "process": ArrayCase(
        PROCESS, ["l", "s"], {"t": [0, 1, 2.5], "y": [0.2, 0.5, -0.1], "l": 1.3, "s": 0.4},
        {"t": shaped("n"), "y": shaped("n")},
    ),
    "hidden states": ArrayCase(
        "{ p <- plogis(g); a <- c(0.5, 0.5); ll <- 0; for (k in 1:length(r)) { "
        "if (k > 1) a <- c(a[1]*p + a[2]*(1 - p), a[1]*(1 - p) + a[2]*p); "
        "a <- a*c(dnorm(r[k], -m, 1), dnorm(r[k], m, 1)); ll <- ll + log(sum(a)); a <- a/sum(a) }; ll }",
        ["g", "m"], {"g": 0.3, "m": 0.6, "r": [0.1, -0.3, 0.2, 0.5]},
    ),
    "filter": ArrayCase(
        "{ F <- matrix(c(1, 0, 1, 1), 2, 2); x <- c(0, 0); P <- diag(2); s <- 0; for (k in 1:length(r)) { "
        "P <- F %*% P %*% t(F) + q*diag(2); x <- F %*% x; S <- P[1, 1] + v; e <- r[k] - x[1]; K <- P[, 1]/S; "
        "x <- x + K*e; P <- P - outer(K, P[1, ]); s <- s + log(S) + e^2/S }; s }",
        ["q", "v"], {"q": 0.1, "v": 0.6, "r": [0.1, -0.3, 0.2, 0.5]},
    ),
    "learning": ArrayCase(
        "{ Q <- c(0, 0); s <- 0; for (k in 1:length(r)) { e <- r[k] - Q[z[k]]; Q[z[k]] <- Q[z[k]] + a*e; s <- s + e^2 }; s }",
        ["a"], {"a": 0.3, "r": [0.1, -0.3, 0.2, 0.5], "z": [1.0, 2, 2, 1]},
    ),
    "recursion": ArrayCase(
        "{ h <- mean(r^2); s <- 0; for (i in 2:length(r)) { h <- w + a*r[i-1]^2 + b*h; s <- s + log(h) + r[i]^2/h }; s }",
        ["w", "a", "b"], {"w": 0.02, "a": 0.1, "b": 0.8, "r": [0.1, -0.3, 0.2, 0.5]},
    ),
    "recursion by the data": ArrayCase(
        "{ h <- 1; for (v in r) h <- tanh(a*h + v); h }", ["r", "a"], {"a": 0.6, "r": [0.1, -0.3, 0.2, 0.5]}, order=1,
    ),
    "recursion of two states": ArrayCase(
        "{ l <- r[1]; t <- 0; s <- 0; for (i in 2:length(r)) { e <- r[i] - l - t; s <- s + e^2; n <- l + t + a*e; "
        "t <- t + b*(n - l - t); l <- n }; s }", ["a", "b", "r"], {"a": 0.4, "b": 0.3, "r": [0.1, -0.3, 0.2, 0.5]}, order=1,
    ),
    "likelihood": ArrayCase(
        "-length(x)/2*log(s2) - sum((x - mu)^2)/(2*s2)", ["mu", "s2"], {"x": [1.0, 2, 4], "mu": 0.5, "s2": 1.7},
        {"x": shaped("n")},
    ),
    "mixed": ArrayCase(
        "sum(ifelse(x > a, x - a, b * x)) + max(x) * prod(x) + mean(x^2)", ["a", "b"],
        {"x": [1.0, 2, 4], "a": 1.5, "b": 0.3}, {"x": shaped("n")},
    ),
    "rows and columns": ArrayCase(
        "sum(rowSums(X)^2 * w) + sum(colSums(X * w)^3) + X[1, 2] + sum(X[2, ]^2)", ["w"],
        {"X": X0, "w": [0.5, 1, 2, 3]}, {"X": shaped("n", "k"), "w": shaped("n")},
    ),
    "names of the code": ArrayCase(
        "sum((i - room %*% j)^2) + sum(size) + sum((t1 - value %*% n)^2)", ["j", "n"],
        {"room": [[1, 0.5], [1, 1]], "i": [1.0, 2], "j": B0, "size": [1.0], "t1": [1.0, 2], "value": A0, "n": B0},
        {"size": shaped("gradient_j"), "room": shaped("next", "room"), "value": shaped("n", "value")},
    ),
    "special functions": ArrayCase(
        "sum(pnorm(X %*% b, log.p = TRUE) + lgamma(y)) + sum(pmax(X, 0.7)) + sum(X > 0.6)", ["b"],
        {"X": X0, "y": [1.0, 2, 3, 5], "b": B0}, {"y": shaped("n"), "X": shaped("n", "k")},
    ),
    "a constant gradient": ArrayCase("sum(X)", ["X"], {"X": X0}, {"X": shaped("n", "k")}, order=1),
    "reversed": ArrayCase("sum(rev(v) * v[-1][1]) + v[2]^2", ["v"], {"v": [1.0, 2, 3, 5]}, {"v": shaped("n")}),
    "joined": ArrayCase(
        "sum((cbind(1, x) %*% b - y)^2) + sum(c(x, 2, y)^3)", ["b", "x"], {"x": [1.0, 2, 4], "y": [2.0, 1, 3], "b": B0},
        {"x": shaped("n"), "y": shaped("n"), "b": shaped(2)},
    ),
}  # fmt: skip


class GraphCase(ArrayCase):
    """A function that is built as a graph: the sum of an operation's values times different weights."""

    def __init__(self, build, at: dict[str, object], known: bool = False) -> None:
        super().__init__("", list(at), at, order=1)
        self.build = build
        # Whether lengths are numbers.
        self.known = known

    def code(self, notation: Notation, name: str = "f") -> str:
        """Return the exported code."""
        return array_source(self.derived(), notation, "", name, 1, None, [], DEFAULT_LIMITS)

    def derived(self) -> ArrayDerived:
        """Return f and its derivatives."""
        graph = Graph()
        # Lengths by size, so that the n of one argument is that of another.
        symbols = {
            n: graph.symbol(n, tuple(k if self.known else Length.named(f"n{k}") for k in np.shape(v)))
            for n, v in self.at.items()
        }
        value = self.build(graph, *symbols.values())
        weights = graph.make("sin", value)
        output = graph.make("sum", graph.make("mul", value, weights)) if value.shape else graph.make("exp", value)
        form = Arrays(graph)
        gradient = tuple(reverse_gradient(form, output, s) for s in symbols.values())
        arguments = tuple(Argument(n, s.shape, False, False) for n, s in symbols.items())
        return ArrayDerived(graph, output, gradient, {}, arguments, len(arguments))


def op(name, *args, payload=(), shape=None):
    """Return the builder of one operation on the symbols; numbers are their positions."""
    return lambda g, *s: g.array(name, *[s[a] for a in args], payload=payload, shape=shape and shape(*s))


V, W, M, S3 = (
    [0.5, 1.5, -0.7, 2.0, 0.9],
    [1.1, 0.2, 0.6, -0.3, 0.8],
    [[0.5, 1, 2], [-1, 0.3, 0.7]],
    [[2, 1, 0.3], [0.5, 3, -1], [0, 1, 1.5]],
)
# One case an operation on arrays, and both kinds of arguments where it has them.
OPERATIONS = {
    "column and row": GraphCase(
        lambda g, a, b, m: g.make("add", g.array("column", a), g.array("row", b), m), {"a": [1, 2], "b": [3, 4, 0.5], "m": M}
    ),
    "matmul": GraphCase(op("matmul", 0, 1), {"a": M, "b": S3}),
    "matmul vector": GraphCase(op("matmul", 0, 1), {"a": M, "b": [1.0, 2, 3]}),
    "transpose": GraphCase(op("transpose", 0), {"a": M}),
    "inverse": GraphCase(op("inverse", 0), {"a": S3}),
    "solve": GraphCase(op("solve", 0, 1), {"a": S3, "b": [[1.0, 2], [3, 4], [5, 7]]}),
    "solve transposed": GraphCase(lambda g, a, b: g.array("solve", g.array("transpose", a), b), {"a": S3, "b": [1, 2, 4]}),
    "det": GraphCase(op("det", 0), {"a": S3}),
    "logdet": GraphCase(op("logdet", 0), {"a": S3[::-1]}),
    "cholesky": GraphCase(
        lambda g, a: g.array("cholesky", g.make("add", g.array("matmul", a, g.array("transpose", a)), g.array("identity", shape=a.shape))),
        {"a": S3},
    ),
    "row_extreme": GraphCase(op("row_extreme", 0, payload=(1,)), {"a": M}),
    "row_extreme of the smallest": GraphCase(op("row_extreme", 0, payload=(-1,)), {"a": M}),
    "recurrence": GraphCase(op("recurrence", 0, 1), {"b": V, "a": W}),
    "recurrence of rows": GraphCase(op("recurrence", 0, 1), {"b": S3, "a": [0.5, 1.5, -2]}),
    "recurrence of matrices": GraphCase(op("recurrence", 0, 1), {"b": S3, "a": S3[::-1]}),
    "record": GraphCase(lambda g, v: g.array("gather", v, g.array("record", v)), {"v": [0.5, 0.2, 0.7, 0.7, 0.1, 2]}),
    "cumprod at zeros": GraphCase(op("cumprod", 0), {"v": [0.5, 0, -0.7, 0, 0.9]}),
    "prod at a zero": GraphCase(lambda g, v: g.make("prod", v), {"v": [0.5, 0, -0.7, 2]}),
    "trace": GraphCase(op("trace", 0), {"a": S3}),
    "diagonal": GraphCase(op("diagonal", 0), {"a": S3}),
    "diagonal_matrix": GraphCase(op("diagonal_matrix", 0), {"v": V}),
    "outer": GraphCase(op("outer", 0, 1), {"v": V, "b": [1.0, 2]}),
    "mean": GraphCase(op("mean", 0), {"a": M}),
    "row_sums": GraphCase(op("row_sums", 0), {"a": M}),
    "column_sums": GraphCase(op("column_sums", 0), {"a": M}),
    **{name: GraphCase(op(name, 0), {"v": V}) for name in ("cumsum", "cumprod", "reverse", "diff", "softmax", "logsumexp")},
    **{f"{name} of a matrix": GraphCase(op(name, 0), {"a": S3}) for name in ("cumsum", "reverse", "diff", "softmax")},
    "slice": GraphCase(op("slice", 0, payload=(1, 2)), {"v": V}),
    "slice of a matrix": GraphCase(op("slice", 0, payload=(1, 1)), {"a": S3}),
    "pad": GraphCase(op("pad", 0, payload=(1, 2)), {"v": V}),
    "pad of a matrix": GraphCase(op("pad", 0, payload=(2, 1)), {"a": M}),
    "gather": GraphCase(lambda g, v, w: g.array("gather", v, g.array("order", w)), {"v": V, "w": W}),
    "gather rows": GraphCase(lambda g, a, w: g.array("gather", a, g.array("order", w)), {"a": S3, "w": [3, 1, 2.0]}),
    "scatter": GraphCase(
        lambda g, v, w: g.array("scatter", v, g.array("order", w), shape=v.shape), {"v": V, "w": W}
    ),
    "scatter rows": GraphCase(
        lambda g, a, w: g.array("scatter", a, g.array("order", w), shape=a.shape), {"a": S3, "w": [3, 1, 2.0]}
    ),
    "select": GraphCase(
        lambda g, v: g.array("select", v, g.make(">", v, g.number(0.7))), {"v": V}
    ),
    "select rows": GraphCase(
        lambda g, a, w: g.array("select", a, g.make(">", w, g.number(0.7))), {"a": S3, "w": [3.0, 0, 1]}
    ),
    "order": GraphCase(op("order", 0), {"v": [2.0, 1, 2, float("inf"), 1]}),
    "element": GraphCase(op("element", 0, payload=(1, -1)), {"a": M}),
    "unit": GraphCase(op("unit", 0, payload=(-2, 1), shape=lambda x, a: a.shape), {"x": 1.7, "a": M}),
    "unit of a vector": GraphCase(op("unit", 0, payload=(3,), shape=lambda x, v: v.shape), {"x": 1.7, "v": V}),
    "pick a row": GraphCase(op("pick", 0, payload=(0, -1)), {"a": M}),
    "pick a column": GraphCase(op("pick", 0, payload=(1, 1)), {"a": M}),
    "place a row": GraphCase(op("place", 0, payload=(0, 1), shape=lambda v, a: a.shape), {"v": [1.0, 2, 3], "a": M}),
    "place a column": GraphCase(op("place", 0, payload=(1, -2), shape=lambda v, a: a.shape), {"v": [1.0, 2], "a": M}),
    "concatenate": GraphCase(op("concatenate", 0, 1, 0), {"x": 1.5, "v": V}),
    "bind_columns": GraphCase(op("bind_columns", 0, 1, 2), {"x": 1.5, "b": [1.0, 2], "a": M}),
    "reshape": GraphCase(op("reshape", 0, payload=(0,), shape=lambda v, a: a.shape), {"v": [1.0, 2, 3, 4, 5, 6], "a": M}, known=True),
    "reshape by rows": GraphCase(
        op("reshape", 0, payload=(1,), shape=lambda v, a: a.shape), {"v": [1.0, 2, 3, 4, 5, 6], "a": M}, known=True),
    "reshape a matrix": GraphCase(op("reshape", 0, payload=(0,), shape=lambda a: a.shape[::-1]), {"a": M}),
    "reshape a matrix by rows": GraphCase(op("reshape", 0, payload=(1,), shape=lambda a: a.shape[::-1]), {"a": M}),
    "flatten": GraphCase(op("flatten", 0, payload=(0,)), {"a": M}),
    "flatten by rows": GraphCase(op("flatten", 0, payload=(1,)), {"a": M}),
    "fill": GraphCase(op("fill", 0, shape=lambda x, a: a.shape), {"x": 1.5, "a": M}),
    "identity": GraphCase(
        lambda g, x, a: g.make("mul", x, g.array("identity", shape=a.shape), a), {"x": 1.5, "a": S3}
    ),
    "length": GraphCase(
        lambda g, x, v: g.make("mul", x, g.make("sqrt", g.length(v.shape[0]))), {"x": 0.1, "v": V}
    ),
    "prod": GraphCase(lambda g, v: g.make("prod", v), {"v": V}),
    "extremes": GraphCase(lambda g, v: g.make("mul", g.make("max_of", v), g.make("min_of", v)), {"v": V}),
    "choices": GraphCase(
        lambda g, a, x: g.make("ifelse", g.make(">", a, x), g.make("pmax", x, a), g.make("pow", a, g.number(2.0))),
        {"a": M, "x": 0.6},
    ),
}  # fmt: skip


def written(case: ArrayCase, notation: Notation, name: str = "f") -> str:
    """Return the code."""
    return case.code(notation, name)


def arguments(case: ArrayCase) -> list[tuple[str, np.ndarray]]:
    """Return the arguments in order with their values."""
    names = [a.name for a in case.derived().arguments]
    return [(n, np.array(case.at[n], dtype=float)) for n in names]


def expected(case: ArrayCase) -> list[list[float]]:
    """Return the outputs as the engine computes them, each row by row: f, gradients, blocks of the Hessian."""
    derived = case.derived()
    names = [a.name for a in derived.arguments if a.name not in derived.graph.columns]
    program = compile_shaped(derived.graph, derived.outputs(case.order), names)
    return [np.ravel(v).tolist() for v in program({n: case.at[n] for n in names})]


def close(found: list[list[float]], right: list[list[float]], digits: float = 1e-9) -> bool:
    """Whether all outputs agree."""
    return len(found) == len(right) and all(
        len(a) == len(b) and np.allclose(a, b, rtol=digits, atol=digits, equal_nan=True)
        for a, b in zip(found, right, strict=True)
    )
