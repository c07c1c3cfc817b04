"""Functions of vectors and matrices in texts: their values by NumPy, and their derivatives by differences."""

import numpy as np
import pytest
import scipy.linalg
import scipy.special
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import reverse_gradient
from secantd.errors import CalculusError
from secantd.expression import Graph, VariableShape
from secantd.language import Notation, read
from secantd.program import compile_shaped

R, PYTHON = Notation.R, Notation.PYTHON
POINT = {
    "x": np.array([0.7, -1.2, 1.9, 0.4]),
    "z": np.array([1.0, 2, 0.5, -1]),
    "b": np.array([0.3, -0.4]),
    "u": np.array([0.2, 0.9, -0.5]),
    "A": np.array([[2, 1, 0.3], [0.5, 3, -0.2], [0.1, 0.4, 1.5]]),
    "X": np.array([[1, 0.5], [1.2, 1], [-0.3, 2], [1, 4]]),
    "s": np.array(1.3),
}
SHAPES = {
    "x": VariableShape(("n",)),
    "z": VariableShape(("n",)),
    "b": VariableShape(("k",)),
    "u": VariableShape(("p",)),
    "A": VariableShape(("p", "p")),
    "X": VariableShape(("n", "k")),
    "s": VariableShape(()),
}
G = np.array([1.0, 2, 1, 2])


def spd(A):
    return A @ A.T + np.eye(len(A))


# The text, and its value by NumPy at (x, z, b, u, A, X, s).
VALUES = [
    (R, "chol(A %*% t(A) + diag(3))", lambda v: np.linalg.cholesky(spd(v["A"])).T),
    (R, "sum(log(diag(chol(tcrossprod(A) + diag(3)))))", lambda v: 0.5 * np.linalg.slogdet(spd(v["A"]))[1]),
    (R, "backsolve(chol(tcrossprod(A) + diag(3)), u)", lambda v: np.linalg.solve(np.linalg.cholesky(spd(v["A"])).T, v["u"])),
    (R, "forwardsolve(A, u)", lambda v: np.linalg.solve(np.tril(v["A"]), v["u"])),
    (R, "backsolve(A, u, transpose = TRUE)", lambda v: np.linalg.solve(np.triu(v["A"]).T, v["u"])),
    (R, "chol2inv(chol(tcrossprod(A) + diag(3)))", lambda v: np.linalg.inv(spd(v["A"]))),
    (R, "A[lower.tri(A)]", lambda v: v["A"].T[np.triu_indices(3, 1)]),
    (R, "A * upper.tri(A, diag = TRUE)", lambda v: np.triu(v["A"])),
    (R, "A[cbind(1:3, c(2, 3, 1))]", lambda v: v["A"][[0, 1, 2], [1, 2, 0]]),
    (R, "row(A) * A + col(A)", lambda v: np.arange(1, 4)[:, None] * v["A"] + np.arange(1, 4)),
    (R, "cummax(x)", lambda v: np.maximum.accumulate(v["x"])),
    (R, "cummin(x) * z", lambda v: np.minimum.accumulate(v["x"]) * v["z"]),
    (R, "apply(X, 1, max)", lambda v: v["X"].max(1)),
    (R, "apply(X, 2, min)", lambda v: v["X"].min(0)),
    (R, "apply(X, 1, prod)", lambda v: v["X"].prod(1)),
    (R, "apply(X, 2, sd)", lambda v: v["X"].std(0, ddof=1)),
    (R, "apply(X, 1, function(r) sum(r^2) + s)", lambda v: (v["X"] ** 2).sum(1) + v["s"]),
    (R, "apply(X, 1, function(r) sum(r * b))", lambda v: v["X"] @ v["b"]),
    (R, "apply(X, 2, function(c) c/sum(c))", lambda v: v["X"] / v["X"].sum(0)),
    (R, "apply(X, 1, function(r) r*2)", lambda v: 2 * v["X"].T),
    (R, "apply(A, 1, function(r) sum(r * (A %*% r)))", lambda v: np.array([r @ v["A"] @ r for r in v["A"]])),
    (R, "apply(A, 1, function(r) max(r) * r[2] - min(r))", lambda v: np.array([r.max() * r[1] - r.min() for r in v["A"]])),
    (R, "apply(A, 1, function(r) log(sum(exp(r))))", lambda v: scipy.special.logsumexp(v["A"], axis=1)),
    (R, "apply(A, 1, cumsum)", lambda v: np.cumsum(v["A"], axis=1).T),
    (R, "apply(A, 2, function(r) sum(diff(r)^2) + prod(rev(r)))", lambda v: (np.diff(v["A"], axis=0) ** 2).sum(0) + v["A"].prod(0)),
    (R, "apply(A, 1, function(r) sum(solve(A, r)))", lambda v: np.linalg.solve(v["A"], v["A"].T).sum(0)),
    (R, "apply(A, c(1, 2), exp)", lambda v: np.exp(v["A"])),
    (R, "sapply(x, function(t) s*exp(-t^2))", lambda v: v["s"] * np.exp(-v["x"] ** 2)),
    (R, "sapply(x, function(t) sum((t - u)^2))", lambda v: ((v["x"][:, None] - v["u"]) ** 2).sum(1)),
    (R, "sapply(seq_along(x), function(i) x[i]*z[i] + i)", lambda v: v["x"] * v["z"] + np.arange(1, 5)),
    (R, "sapply(seq_len(nrow(X)), function(i) sum(X[i, ] * b))", lambda v: v["X"] @ v["b"]),
    (R, "sapply(x, function(t) c(t, t^2))", lambda v: np.stack([v["x"], v["x"] ** 2])),
    (R, "mapply(function(p, q) p*exp(q), x, z)", lambda v: v["x"] * np.exp(v["z"])),
    (R, "Filter(function(t) t > 0, x)", lambda v: v["x"][v["x"] > 0]),
    (R, "Reduce(`+`, x)", lambda v: v["x"].sum()),
    (R, "Reduce(`*`, x, accumulate = TRUE)", lambda v: np.cumprod(v["x"])),
    (R, "do.call(sum, list(x, u))", lambda v: v["x"].sum() + v["u"].sum()),
    (R, "sapply(list(x, z, u), sum)", lambda v: np.array([v["x"].sum(), v["z"].sum(), v["u"].sum()])),
    (R, "outer(x, u, function(p, q) p^2*q + s)", lambda v: v["x"][:, None] ** 2 * v["u"] + v["s"]),
    (R, "outer(x, u, pmax)", lambda v: np.maximum(v["x"][:, None], v["u"])),
    (R, "array(u, c(3, 2))", lambda v: np.stack([v["u"], v["u"]], axis=1)),
    (R, "sd(x)", lambda v: v["x"].std(ddof=1)),
    (R, "var(x, z)", lambda v: np.cov(v["x"], v["z"])[0, 1]),
    (R, "cov(X)", lambda v: np.cov(v["X"].T)),
    (R, "cor(x, z)", lambda v: np.corrcoef(v["x"], v["z"])[0, 1]),
    (R, "cor(X)", lambda v: np.corrcoef(v["X"].T)),
    (R, "scale(X)", lambda v: (v["X"] - v["X"].mean(0)) / v["X"].std(0, ddof=1)),
    (R, "as.vector(scale(x, scale = FALSE))", lambda v: v["x"] - v["x"].mean()),
    (R, "scale(X, center = FALSE)", lambda v: v["X"] / np.sqrt((v["X"] ** 2).sum(0) / 3)),
    (R, "weighted.mean(x, z)", lambda v: np.average(v["x"], weights=v["z"])),
    (R, "range(x)", lambda v: np.array([v["x"].min(), v["x"].max()])),
    (R, "norm(A)", lambda v: np.linalg.norm(v["A"], 1)),
    (R, 'norm(A, "I") + norm(A, "M") + norm(A, "F")', lambda v: np.linalg.norm(v["A"], np.inf) + np.abs(v["A"]).max() + np.linalg.norm(v["A"])),
    (R, "{y <- x; y[2] <- s; y}", lambda v: np.array([v["x"][0], v["s"], *v["x"][2:]])),
    (R, "{y <- x; y[length(y)] <- s; y}", lambda v: np.append(v["x"][:3], v["s"])),
    (R, "{y <- x; y[-1] <- s; y}", lambda v: np.array([v["x"][0], *[v["s"]] * 3])),
    (R, "{y <- x; y[c(1, 4)] <- b; y}", lambda v: np.array([v["b"][0], *v["x"][1:3], v["b"][1]])),
    (R, "{y <- x; y[2:3] <- b; y}", lambda v: np.array([v["x"][0], *v["b"], v["x"][3]])),
    (R, "{y <- x; y[x > 0] <- s; y}", lambda v: np.where(v["x"] > 0, v["s"], v["x"])),
    (R, "{M <- X; M[2, 1] <- s; M}", lambda v: put(v["X"], (1, 0), v["s"])),
    (R, "{M <- X; M[1, ] <- b^2; M}", lambda v: put(v["X"], 0, v["b"] ** 2)),
    (R, "{M <- X; M[, 2] <- x; M}", lambda v: put(v["X"], (slice(None), 1), v["x"])),
    (R, "{M <- X; M[2:3, ] <- 0; M}", lambda v: put(v["X"], slice(1, 3), 0)),
    (R, "{M <- X; M[x > 0, 1] <- s; M}", lambda v: put(v["X"], (v["x"] > 0, 0), v["s"])),
    (R, "{M <- X; M[X < 0.8] <- s; M}", lambda v: np.where(v["X"] < 0.8, v["s"], v["X"])),
    (R, "{M <- A; M[1:2, 2:3] <- tcrossprod(b); M}", lambda v: put(v["A"], (slice(0, 2), slice(1, 3)), np.outer(v["b"], v["b"]))),
    (R, "rowsum(x, g)", lambda v: np.bincount(G.astype(int) - 1, v["x"])),
    (R, "rowsum(X, g)", lambda v: np.stack([np.bincount(G.astype(int) - 1, c) for c in v["X"].T], axis=1)),
    (R, "tapply(x, g, mean)", lambda v: np.bincount(G.astype(int) - 1, v["x"]) / 2),
    (PYTHON, "np.linalg.cholesky(A @ A.T + np.eye(3))", lambda v: np.linalg.cholesky(spd(v["A"]))),
    (PYTHON, "scipy.linalg.cholesky(A @ A.T + np.eye(3))", lambda v: scipy.linalg.cholesky(spd(v["A"]))),
    (PYTHON, "scipy.linalg.cholesky(A @ A.T + np.eye(3), lower=True)", lambda v: np.linalg.cholesky(spd(v["A"]))),
    (PYTHON, "scipy.linalg.solve_triangular(A, u, lower=True)", lambda v: np.linalg.solve(np.tril(v["A"]), v["u"])),
    (PYTHON, "scipy.linalg.cho_solve((np.linalg.cholesky(A @ A.T + np.eye(3)), True), u)", lambda v: np.linalg.solve(spd(v["A"]), v["u"])),
    (PYTHON, "scipy.linalg.cho_solve(scipy.linalg.cho_factor(A @ A.T + np.eye(3)), u)", lambda v: np.linalg.solve(spd(v["A"]), v["u"])),
    (PYTHON, "np.tril(A, -1) + np.triu(A, 1)", lambda v: v["A"] - np.diag(np.diag(v["A"]))),
    (PYTHON, "np.diag(u, 1)", lambda v: np.diag(v["u"], 1)),
    (PYTHON, "np.diag(u, -2)", lambda v: np.diag(v["u"], -2)),
    (PYTHON, "np.maximum.accumulate(x) - np.minimum.accumulate(z)", lambda v: np.maximum.accumulate(v["x"]) - np.minimum.accumulate(v["z"])),
    (PYTHON, "np.max(X, axis=1) - X.min(axis=1)", lambda v: v["X"].max(1) - v["X"].min(1)),
    (PYTHON, "A.max(axis=0, keepdims=True) * A", lambda v: v["A"].max(0, keepdims=True) * v["A"]),
    (PYTHON, "np.prod(X, axis=0)", lambda v: v["X"].prod(0)),
    (PYTHON, "X.prod(axis=-1)", lambda v: v["X"].prod(-1)),
    (PYTHON, "np.std(x) + np.var(z, ddof=1)", lambda v: v["x"].std() + v["z"].var(ddof=1)),
    (PYTHON, "X.std(axis=0, ddof=1) * np.var(X, axis=0)", lambda v: v["X"].std(0, ddof=1) * v["X"].var(0)),
    (PYTHON, "(X - X.mean(axis=1, keepdims=True))/X.std(axis=1, keepdims=True)", lambda v: (v["X"] - v["X"].mean(1, keepdims=True)) / v["X"].std(1, keepdims=True)),
    (PYTHON, "np.cov(x, z)", lambda v: np.cov(v["x"], v["z"])),
    (PYTHON, "np.cov(X, rowvar=False)", lambda v: np.cov(v["X"], rowvar=False)),
    (PYTHON, "np.corrcoef(A)", lambda v: np.corrcoef(v["A"])),
    (PYTHON, "np.average(x, weights=z)", lambda v: np.average(v["x"], weights=v["z"])),
    (PYTHON, "np.logaddexp.reduce(X, axis=None)", lambda v: scipy.special.logsumexp(v["X"])),
    (PYTHON, "np.logaddexp.reduce(X)", lambda v: scipy.special.logsumexp(v["X"], axis=0)),
    (PYTHON, "scipy.special.logsumexp(A, axis=1)", lambda v: scipy.special.logsumexp(v["A"], axis=1)),
    (PYTHON, "scipy.special.softmax(A, axis=0)", lambda v: scipy.special.softmax(v["A"], axis=0)),
    (PYTHON, "np.add.reduce(X, axis=1) + np.maximum.reduce(X, axis=1)", lambda v: v["X"].sum(1) + v["X"].max(1)),
    (PYTHON, "np.cumsum(X, axis=1) * np.cumprod(X, axis=1)", lambda v: np.cumsum(v["X"], 1) * np.cumprod(v["X"], 1)),
    (PYTHON, "np.diff(A)", lambda v: np.diff(v["A"])),
    (PYTHON, "np.linalg.norm(X, axis=1)", lambda v: np.linalg.norm(v["X"], axis=1)),
    (PYTHON, "np.linalg.norm(x, 1) + np.linalg.norm(x, np.inf) + np.linalg.norm(A, 1)", lambda v: np.linalg.norm(v["x"], 1) + np.linalg.norm(v["x"], np.inf) + np.linalg.norm(v["A"], 1)),
    (PYTHON, "scipy.special.xlogy(x, 2 + z[:, None])", lambda v: v["x"] * np.log(2 + v["z"][:, None])),
    (PYTHON, "np.linalg.matrix_power(A, 3)", lambda v: np.linalg.matrix_power(v["A"], 3)),
    (PYTHON, "[v**2 for v in x]", lambda v: v["x"] ** 2),
    (PYTHON, "sum(v**2 for v in x)", lambda v: (v["x"] ** 2).sum()),
    (PYTHON, "np.array([r @ b for r in X])", lambda v: v["X"] @ v["b"]),
    (PYTHON, "sum(x[i]*z[i] for i in range(len(x)))", lambda v: v["x"] @ v["z"]),
    (PYTHON, "[p*q for p, q in zip(x, z)]", lambda v: v["x"] * v["z"]),
    (PYTHON, "[i*v for i, v in enumerate(x)]", lambda v: np.arange(4) * v["x"]),
    (PYTHON, "sum(v for v in x if v > 0)", lambda v: v["x"][v["x"] > 0].sum()),
    (PYTHON, "np.stack([np.bincount(g - 1, c, 2) for c in X.T], axis=1)", lambda v: np.stack([np.bincount(G.astype(int) - 1, c) for c in v["X"].T], axis=1)),
    (PYTHON, "np.bincount(g.astype(int) - 1, weights=x)", lambda v: np.bincount(G.astype(int) - 1, v["x"])),
    (PYTHON, "np.roll(x, 1) + np.delete(np.append(x, s), 0)", lambda v: np.roll(v["x"], 1) + np.delete(np.append(v["x"], v["s"]), 0)),
    (PYTHON, "(s*x)[[0, 2]] + b", lambda v: v["s"] * v["x"][[0, 2]] + v["b"]),
    (PYTHON, "np.clip(x, 0, 1) * np.multiply(x, z)", lambda v: np.clip(v["x"], 0, 1) * v["x"] * v["z"]),
    (PYTHON, "np.trapz(x, np.cumsum(z**2))", lambda v: ((v["x"][1:] + v["x"][:-1]) * np.diff(np.cumsum(v["z"] ** 2)) / 2).sum()),
    (PYTHON, "np.any(x > 0) * x + np.all(x > 0)", lambda v: v["x"]),
    (PYTHON, "y = x; y[1] = s; y[-1] = s; y", lambda v: np.array([v["x"][0], v["s"], v["x"][2], v["s"]])),
    (PYTHON, "y = X.copy(); y[0] = b; y[:, 1] = x; y", lambda v: put(put(v["X"], 0, v["b"]), (slice(None), 1), v["x"])),
    (PYTHON, "y = A.copy(); y[1:, :2] = 0; y", lambda v: put(v["A"], (slice(1, None), slice(None, 2)), 0)),
]  # fmt: skip


def put(a, where, value):
    found = np.array(a, float)
    found[where] = value
    return found


# Texts that need lengths, and those that use components of vectors of known lengths.
NEED_LENGTHS = ("array(", "np.roll(", "tcrossprod(b)")
BY_COMPONENT = ("x[i]*z[i]",)


def cases():
    for notation, text, expected in VALUES:
        if not any(part in text for part in NEED_LENGTHS):
            yield pytest.param(notation, text, expected, False, id=f"{text}: unknown lengths")
        if not any(part in text for part in BY_COMPONENT):
            yield pytest.param(notation, text, expected, True, id=f"{text}: known lengths")


@pytest.mark.parametrize(("notation", "text", "expected", "known"), cases())
def test_a_function_has_the_value_of_numpy_and_the_gradient_of_differences(notation, text, expected, known):
    data = {"g": G} if "g" in read_names(text) else {}
    shapes = SHAPES if not known else {n: VariableShape(v.shape) for n, v in POINT.items()}
    f = read(text, notation, data=data, shapes=shapes)
    wanted = np.asarray(expected(POINT), float)
    output = whole(f)
    names = [v for v in f.variables if v in POINT]
    found = np.asarray(compile_shaped(f.graph, [output], names)({n: POINT[n] for n in names})[0])
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-12)
    total = f.graph.make("sum", f.graph.make("sin", output)) if output.shape else output
    for name in names:
        gradient = reverse_gradient(Arrays(f.graph), total, f.graph.symbol(name, shape_in(f.graph, name)))
        slope = compile_shaped(f.graph, [gradient], names)({n: POINT[n] for n in names})[0]
        np.testing.assert_allclose(slope, differences(lambda v: np.sin(expected(v)).sum() if output.shape else expected(v), name), rtol=2e-6, atol=2e-7)  # fmt: skip


def whole(f):
    """The value as one node: components side by side."""
    return f.outputs[0] if len(f.outputs) == 1 else f.graph.array("concatenate", *f.outputs)


def read_names(text):
    import re

    return set(re.findall(r"(?<![\w.])[a-zA-Z]\w*", text))


def shape_in(graph: Graph, name):
    return next(n.shape for n in graph.nodes if n.op == "symbol" and n.name == name)


def differences(f, name, h=1e-6):
    x = POINT[name]
    found = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = h
        found[place] = (f({**POINT, name: x + step}) - f({**POINT, name: x - step})) / (2 * h)
    return found


REFUSED = [
    (R, "{y <- x; y[9] <- 1; y}", {"x": VariableShape((4,))}, "out of range"),
    (R, "{y <- x; y[c(1, 1)] <- b; y}", SHAPES, "twice"),
    (R, "{M <- X; M[1, ] <- x; M}", {"X": VariableShape((4, 2)), "x": VariableShape((4,))}, "do not conform"),
    (R, "{M <- X; M[1] <- 0; M}", SHAPES, "1 indices"),
    (R, "rowsum(X, g)", SHAPES, "send the groups as data"),
    (R, "scale(X, center = z)", SHAPES, "constant"),
    (R, "outer(x, u, sum)", SHAPES, "entry by entry"),
    (R, "array(x, c(2, 2, 2))", SHAPES, "rank 3"),
    (R, "chol(X)", {"X": VariableShape((4, 2))}, "square"),
    (PYTHON, "np.max(X, axis=2)", SHAPES, "the axis 2 is out of range"),
    (PYTHON, "[p*q for p, q in x]", SHAPES, "one by one"),
    (PYTHON, "[v for v in x if v > 0 else 2]", SHAPES, "expected"),
]


@pytest.mark.parametrize(("notation", "text", "shapes", "message"), REFUSED, ids=[r[1] for r in REFUSED])
def test_what_a_function_of_arrays_cannot_mean_is_refused(notation, text, shapes, message):
    with pytest.raises(CalculusError, match=message):
        read(text, notation, shapes=shapes)


def test_a_function_of_each_row_does_not_grow_with_the_number_of_rows():
    sizes = {len(read("sum(apply(X, 1, function(r) sum(r * b)^2))", R, shapes={"X": VariableShape((n, 3))}).graph.nodes) for n in (5, 5000)}  # fmt: skip
    assert len(sizes) == 1


def test_a_matrix_of_which_the_cholesky_factor_is_taken_is_symmetric():
    f = read("sum(log(diag(chol(S))))", R)
    assert f.graph.symmetric == {"S"}
    program = compile_shaped(f.graph, f.outputs, ["S"])
    assert program({"S": [[2.0, 0.5], [0.5, 1.0]]})[0] == pytest.approx(0.5 * np.log(1.75))
    with pytest.raises(CalculusError, match="'S' is a symmetric matrix"):
        program({"S": [[2.0, 0.5], [0.4, 1.0]]})
    # Not positive definite.
    assert np.isnan(program({"S": [[1.0, 2.0], [2.0, 1.0]]})[0])


def test_a_computed_matrix_that_is_not_symmetric_has_no_cholesky_factor():
    f = read("chol(A + 3*B)", R)
    program = compile_shaped(f.graph, f.outputs, ["A", "B"])
    with pytest.raises(CalculusError, match=r"\[1, 2\] and \[2, 1\] are 1 and 0"):
        program({"A": [[2.0, 1.0], [0.0, 2.0]], "B": np.zeros((2, 2))})
