"""Functions of vectors and matrices, as graphs that are built by hand, with their derivatives.

The values were computed by an independent array library in double precision, those without a value by differences.
"""

import numpy as np

A0, S0 = [[2, 1], [0.5, 3]], [[2, 0.5], [0.5, 1]]
X0 = [[1, 0.5], [1, 1], [1, 2], [1, 4]]
Y4, B0, Z4 = [1, 2, 3, 5], [0.3, -0.4], [0, 0, 1, 1]
W10, W20 = [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]], [[0.7, -0.8, 0.9]]
REGRESSION = {"X": X0, "y": Y4, "b": B0}
NORMAL = {"S": S0, "x": [1, 2], "m": B0}
NETWORK = {"W1": W10, "W2": W20, "X": X0, "y": Y4}
PROCESS = {"t": [0, 1, 2.5], "y": [0.2, 0.5, -0.1], "l": 1.3, "s": 0.4}


def quadratic(m, symmetric=False):
    x, A = m.sym("x", "n"), m.sym("A", "n", "n", symmetric=symmetric)
    return x @ (A @ x)


def regression(m):
    return m.fn("sum", (m.sym("y", "n") - m.sym("X", "n", "k") @ m.sym("b", "k")) ** 2)


def logistic(m):
    u = m.sym("X", "n", "k") @ m.sym("b", "k")
    return m.fn("sum", m.sym("z", "n") * u - m.fn("log", 1 + m.fn("exp", u)))


def normal(m, symmetric=False):
    S = m.sym("S", "n", "n", symmetric=symmetric)
    r = m.sym("x", "n") - m.sym("m", "n")
    return -0.5 * (m.fn("log", m.op("det", S)) + r @ m.op("solve", S, r))


def network(m, outputs="o"):
    hidden = m.fn("tanh", m.sym("W1", "h", "k") @ m.sym("X", "n", "k").T)
    return m.fn("sum", (m.op("row", m.sym("y", "n")) - m.sym("W2", outputs, "h") @ hidden) ** 2)


def process(m):
    t, y, length, s = m.sym("t", "n"), m.sym("y", "n"), m.sym("l"), m.sym("s")
    K = m.fn("exp", -((m.op("column", t) - m.op("row", t)) ** 2) / (2 * length**2)) + s**2 * m.eye("n")
    return -0.5 * (m.fn("log", m.op("det", K)) + y @ m.op("solve", K, y))


def variance(m):
    x = m.sym("x", "n")
    return m.fn("sum", (x - m.op("mean", x)) ** 2) / (m.length("n") - 1)


def likelihood(m):
    s2 = m.sym("s2")
    return -m.length("n") / 2 * m.fn("log", s2) - m.fn("sum", (m.sym("x", "n") - m.sym("mu")) ** 2) / (2 * s2)


def rosenbrock(m):
    x = m.sym("x", "n")
    a, b = m.op("slice", x, payload=(0, 1)), m.op("slice", x, payload=(1, 0))
    return m.fn("sum", 100 * (b - a**2) ** 2 + (1 - a) ** 2)


def autoregression(m):
    r = m.sym("r", "n")
    late, early = m.op("slice", r, payload=(1, 0)), m.op("slice", r, payload=(0, 1))
    return m.fn("sum", (late - m.sym("c") - m.sym("phi") * early) ** 2)


def log_sum(m, u):
    return m.fn("log", m.fn("sum", m.fn("exp", u)))


def masked(m):
    v = m.sym("v", "n")
    return m.fn("sum", m.op("select", v, v > 1.5) ** 2)


def groups(m):
    return m.fn("sum", (m.sym("y", "n") - m.op("gather", m.sym("re", "k"), m.sym("g", "n"))) ** 2)


def d_optimal(m):
    X = m.sym("X", "n", "k")
    return m.op("logdet", X.T @ (m.op("column", m.sym("w", "n")) * X))


def ridge(m):
    return regression(m) + m.sym("lam") * m.fn("sum", m.sym("b", "k") ** 2)


def bilinear(m):
    return m.sym("a", "n") @ (m.sym("M", "n", "m") @ m.sym("b", "m"))


def bilinear_inverse(m):
    return m.sym("a", "n") @ (m.op("inverse", m.sym("M", "n", "n")) @ m.sym("b", "n"))


def factorization(m):
    return m.fn("sum", (m.sym("A", "m", "n") - m.sym("U", "m", "k") @ m.sym("V", "n", "k").T) ** 2)


# name, point, function, variable, gradient's value, its text in the notation of text.py
GRADIENTS = [
    ("x'x", {"x": [1, 2]}, lambda m: m.sym("x", "n") @ m.sym("x", "n"), "x", [2, 4], "[2 * x]"),
    ("x'Ax", {"x": [1, 2], "A": A0}, quadratic, "x", [7, 13.5], "((A + t(A)) %*% x)"),
    ("x'Ax, A symmetric", {"x": [1, 2], "A": S0}, lambda m: quadratic(m, True), "x", [6, 5], "[2 * (A %*% x)]"),
    ("x'Ax by A", {"x": [1, 2], "A": A0}, quadratic, "A", [[1, 2], [2, 4]], "outer(x, x)"),
    ("regression", REGRESSION, regression, "b", [-25.6, -69.5], "[-2 * (t(X) %*% (y - (X %*% b)))]"),
    ("regression by X", REGRESSION, regression, "X", None, "[-2 * outer((y - (X %*% b)), b)]"),
    ("logistic", {"X": X0, "z": Z4, "b": B0}, logistic, "b", [0.408294314244, 3.650748188313], "(t(X) %*% (z - expit((X %*% b))))"),
    ("log(det(A))", {"A": A0}, lambda m: m.fn("log", m.op("det", m.sym("A", "n", "n"))), "A", [[0.545454545455, -0.090909090909], [-0.181818181818, 0.363636363636]], "inverse(t(A))"),
    ("det(A)", {"A": A0}, lambda m: m.op("det", m.sym("A", "n", "n")), "A", [[3, -0.5], [-1, 2]], "[det(A) * inverse(t(A))]"),
    ("trace(A M)", {"A": A0, "M": S0}, lambda m: m.op("trace", m.sym("A", "n", "m") @ m.sym("M", "m", "n")), "M", np.transpose(A0), "t(A)"),
    ("a'Mb", {"a": [1, -1], "b": B0, "M": A0}, bilinear, "M", [[0.3, -0.4], [-0.3, 0.4]], "outer(a, b)"),
    ("a'inv(M)b", {"a": [1, -1], "b": B0, "M": A0}, bilinear_inverse, "M", [[-0.15041322314, 0.109917355372], [0.128925619835, -0.094214876033]], "-outer(solve(t(M), a), solve(M, b))"),
    ("norm", {"x": [3, 4]}, lambda m: m.fn("sqrt", m.fn("sum", m.sym("x", "n") ** 2)), "x", [0.6, 0.8], "x/sqrt(sum(x^2))"),
    ("log-sum-exp", {"x": [1, 2]}, lambda m: log_sum(m, m.sym("x", "n")), "x", [0.26894142137, 0.73105857863], "softmax(x)"),
    ("log-sum-exp of large numbers", {"x": [1000, 1001]}, lambda m: log_sum(m, m.sym("x", "n")), "x", [0.26894142137, 0.73105857863], "softmax(x)"),
    ("normal by m", NORMAL, normal, "m", [-0.285714285714, 2.542857142857], "[0.5 * (solve(S, (x - m)) + solve(t(S), (x - m)))]"),
    ("normal by m, S symmetric", NORMAL, lambda m: normal(m, True), "m", [-0.285714285714, 2.542857142857], "solve(S, (x - m))"),
    ("normal by S", NORMAL, normal, "S", [[-0.244897959184, -0.220408163265], [-0.220408163265, 2.661632653061]], "[0.5 * (outer(solve(t(S), (x - m)), solve(S, (x - m))) - inverse(t(S)))]"),
    ("normal by S, S symmetric", NORMAL, lambda m: normal(m, True), "S", [[-0.244897959184, -0.220408163265], [-0.220408163265, 2.661632653061]], "[0.5 * (outer(solve(S, (x - m)), solve(S, (x - m))) - inverse(S))]"),
    ("cumsum", {"v": Y4, "w": [1, 2, 3, 4]}, lambda m: m.fn("sum", m.op("cumsum", m.sym("v", "n")) * m.sym("w", "n")), "v", [10, 9, 7, 4], "reverse(cumsum(reverse(w)))"),
    ("diff", {"v": Y4}, lambda m: m.fn("sum", m.op("diff", m.sym("v", "n")) ** 2), "v", [-2, 0, -2, 4], "[-2 * diff(pad(diff(v), (1, 1)))]"),
    ("gather", {"re": B0, "g": [1, 2, 1, 2], "y": Y4}, groups, "re", [-6.8, -15.6], "[-2 * scatter((y - gather(re, g)), g, (k,))]"),
    ("mask", {"v": Y4}, masked, "v", [0, 4, 6, 10], "ifelse(>(v, 1.5), [2 * v], 0)"),
    ("network by W2", NETWORK, network, "W2", [[8.853423562982, -19.880386716362, -14.05814466954]], "[-2 * ((row(y) - (W2 %*% tanh((W1 %*% t(X))))) %*% t(tanh((W1 %*% t(X)))))]"),
    ("network by W1", NETWORK, network, "W1", [[-14.543562737332, -31.891298263411], [7.075519014766, 10.187997842247], [-11.658794283032, -16.554081214316]], None),
    ("network by W2, one output", NETWORK, lambda m: network(m, 1), "W2", [[8.853423562982, -19.880386716362, -14.05814466954]], None),
    ("network by W1, one output", NETWORK, lambda m: network(m, 1), "W1", [[-14.543562737332, -31.891298263411], [7.075519014766, 10.187997842247], [-11.658794283032, -16.554081214316]], None),
    ("Gaussian process by l", PROCESS, process, "l", 0.419409048006, None),
    ("Gaussian process by s", PROCESS, process, "s", -1.47557095786, None),
    ("squares by th", {"x": [1, 2, 4], "th": 0.5}, lambda m: m.fn("sum", (m.sym("x", "n") - m.sym("th")) ** 2), "th", -11, "-[2 * sum((x - th))]"),
    ("sum(a + x)", {"x": [1, 2, 4], "a": 0.5}, lambda m: m.fn("sum", m.sym("a") + m.sym("x", "n")), "a", 3, "|n|"),
    ("sum(x)", {"x": [1, 2, 4]}, lambda m: m.fn("sum", m.sym("x", "n")), "x", [1, 1, 1], "fill(1, (n,))"),
    ("mean of squares", {"x": [1, 2, 4]}, lambda m: m.fn("sum", m.sym("x", "n") ** 2) / m.length("n"), "x", [2 / 3, 4 / 3, 8 / 3], "[2 * x]/|n|"),
    ("variance", {"x": [1, 2, 4]}, variance, "x", [-4 / 3, -1 / 3, 5 / 3], "[2 * (x - mean(x))]/(|n| - 1)"),
    ("likelihood by s2", {"x": [1, 2, 4], "mu": 0.5, "s2": 2.0}, likelihood, "s2", -3 / 4 + 14.75 / 8, None),
    ("sum(X b)", REGRESSION, lambda m: m.fn("sum", m.sym("X", "n", "k") @ m.sym("b", "k")), "b", [4, 7.5], "column_sums(X)"),
    ("sum(A)", {"A": A0}, lambda m: m.fn("sum", m.sym("A", "n", "m")), "A", [[1, 1], [1, 1]], "fill(1, (n, m))"),
    ("squares of row sums", {"A": A0}, lambda m: m.fn("sum", m.op("row_sums", m.sym("A", "n", "m")) ** 2), "A", [[6, 6], [7, 7]], None),
    ("ridge", {**REGRESSION, "lam": 0.7}, ridge, "b", None, "[2 * ([lam * b] - (t(X) %*% (y - (X %*% b))))]"),
    ("D-optimal design", {"X": X0, "w": [1, 2, 3, 4]}, d_optimal, "w", None, None),
    ("factorization by U", {"A": S0, "U": A0, "V": W10[:2]}, factorization, "U", None, "[-2 * ((A - (U %*% t(V))) %*% V)]"),
    ("max with a tie", {"x": [1, 3, 3]}, lambda m: m.fn("max_of", m.sym("x", "n")), "x", [0, 0.5, 0.5], None),
    ("x[1]*sum(x)", {"x": [3, 2]}, lambda m: m.op("element", m.sym("x", "n"), payload=(0,)) * m.fn("sum", m.sym("x", "n")), "x", [8, 3], None),
    ("Rosenbrock", {"x": [-1.2, 1, 0.5]}, rosenbrock, "x", [-215.6, 112, -100], None),
    ("AR(1) by phi", {"r": [0.1, -0.3, 0.2, 0.5], "c": 0.05, "phi": 0.3}, autoregression, "phi", None, None),
    ("log-sum-exp of X b", REGRESSION, lambda m: log_sum(m, m.sym("X", "n", "k") @ m.sym("b", "k")), "b", None, "(t(X) %*% softmax((X %*% b)))"),
]  # fmt: skip
