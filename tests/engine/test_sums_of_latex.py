"""Sums of LaTeX over pairs and over neighbours have the values of loops over their terms."""

import numpy as np
import pytest
from secantd.calculus.arrays.points import values_at
from secantd.check.assumptions import read_assumptions
from secantd.language import Notation, read
from secantd.settings import Limits

RANDOM = np.random.default_rng(1)
X, Y, A = RANDOM.normal(size=6), RANDOM.normal(size=6), RANDOM.normal(size=(6, 6))
W, H, Z = RANDOM.normal(size=(6, 3)), RANDOM.normal(size=(3, 6)), RANDOM.normal(size=3)
PAIRS = [(i, j) for i in range(6) for j in range(6)]
VALUES = [
    (r"\sum_{i<j} x_i x_j", sum(X[i] * X[j] for i, j in PAIRS if i < j)),
    (r"\sum_{i \neq j} \left(\frac{1}{x_i - x_j}\right)^2", sum(1 / (X[i] - X[j]) ** 2 for i, j in PAIRS if i != j)),
    (r"\prod_{1 \le i < j \le n} (x_j - x_i)", np.prod([X[j] - X[i] for i, j in PAIRS if i < j])),
    (r"\sum_{i=1}^{n-1} \sum_{j=i+1}^{n} |x_i - x_j|", sum(abs(X[i] - X[j]) for i, j in PAIRS if i < j)),
    (r"\sum_{i=2}^{n} \sum_{j=1}^{i-1} x_i y_j", sum(X[i] * Y[j] for i, j in PAIRS if j < i)),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{i} x_i y_j", sum(X[i] * Y[j] for i, j in PAIRS if j <= i)),
    (r"\sum_{i=1}^{n} x_i \sum_{j \ne i} y_j", sum(X[i] * Y[j] for i, j in PAIRS if i != j)),
    (r"\sum_{i \ne j} a_{ij} x_j", sum(A[i, j] * X[j] for i, j in PAIRS if i != j)),
    (r"\sum_{i < j} a_{ij}^2", sum(A[i, j] ** 2 for i, j in PAIRS if i < j)),
    (r"\sum_{i=1}^{n}\sum_{j=1}^{n} i a_{ij} j", sum((i + 1) * (j + 1) * A[i, j] for i, j in PAIRS)),
    (r"\sum_{i=1}^{n-1} i (x_{i+1} - x_i)", sum((i + 1) * (X[i + 1] - X[i]) for i in range(5))),
    (r"\sum_{i=2}^{n} i x_{i-1} y_i", sum((i + 1) * X[i - 1] * Y[i] for i in range(1, 6))),
    (r"\sum_{i=1}^{n-2} (x_{i+2} - 2x_{i+1} + x_i)^2", sum((X[i + 2] - 2 * X[i + 1] + X[i]) ** 2 for i in range(4))),
    (r"\sum_{t=3}^{T} (x_t - x_{t-1} - x_{t-2})^2", sum((X[t] - X[t - 1] - X[t - 2]) ** 2 for t in range(2, 6))),
    (r"\prod_{i=1}^{n-1} (1 + x_{i+1} x_i)", np.prod([1 + X[i + 1] * X[i] for i in range(5)])),
    (r"\frac{1}{2(n-1)}\sum_{i=1}^{n-1} (x_{i+1} - x_i)^2", sum((X[i + 1] - X[i]) ** 2 for i in range(5)) / 10),
    (r"\sum_{j=2}^{p} x_j^2", sum(X[1:] ** 2)),
    (r"\max_i |x_i|", max(abs(X))),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{m} (a_{ij} - \sum_{k=1}^{K} w_{ik} h_{kj})^2", ((A - W @ H) ** 2).sum()),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{n} (a_{ij} - \sum_{k=1}^{p} w_{ik} w_{jk})^2", ((A - W @ W.T) ** 2).sum()),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{m} \log \sum_{k=1}^{p} e^{w_{ik}} e^{h_{kj}}", np.log(np.exp(W) @ np.exp(H)).sum()),
    (r"\sum_i \sum_j \sum_k w_{ik} h_{kj} z_k a_{ij} x_i", sum(A[i, j] * X[i] * (W[i] * Z) @ H[:, j] for i, j in PAIRS)),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{m} \sum_{k=1}^{p} h_{ki} a_{ij} w_{jk}", np.trace(H @ A @ W)),
    (r"\sum_i \sum_j \sum_k \sum_l h_{ki} a_{ij} a_{jl} w_{lk}", np.trace(H @ A @ A @ W)),
    (r"\sum_{i=1}^{n} x_i \sum_{j=1}^{n} a_{ij} \sum_{k=1}^{p} w_{jk} z_k", X @ A @ W @ Z),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{n} \sum_{k=1}^{p} a_{ij} w_{jk} x_i", X @ A @ W.sum(axis=1)),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{n} a_{ij} \sum_{k=1}^{p} w_{ik}^2", sum(A.sum(axis=1) * (W**2).sum(axis=1))),
    (r"\sum_{i=1}^{n} \sum_{j \ne i} \sum_{k=1}^{p} w_{ik} w_{jk}", (W @ W.T).sum() - np.trace(W @ W.T)),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{n} \sum_{k=1}^{n} x_i x_j x_k", X.sum() ** 3),
    (r"\sum_{i=1}^{n-1} \sum_{j=1}^{m} (x_{i+1} - x_i)^2 z_j", (np.diff(X) ** 2).sum() * Z.sum()),
    (
        r"\sum_{i=1}^{n-1} \sum_{j=1}^{m-1} (x_{i+1} - x_i + z_{j+1} z_j)^2",
        sum((d + e) ** 2 for d in np.diff(X) for e in Z[1:] * Z[:-1]),
    ),
    (
        r"\sum_{i=2}^{n} \sum_{j=1}^{m} i x_{i-1} x_i z_j^2",
        sum((i + 1) * X[i - 1] * X[i] for i in range(1, 6)) * (Z**2).sum(),
    ),
    (r"\sum_{i=1}^{n} \max_j a_{ij}", sum(A.max(axis=1))),
    (r"\lVert x \rVert_1 + \lVert x \rVert_\infty + \lVert x \rVert_2^2", sum(abs(X)) + max(abs(X)) + sum(X**2)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_sum_has_the_value_of_a_loop_over_its_terms(text, value):
    function = read(text, Notation.LATEX)
    point = {name: {"x": X, "y": Y, "a": A, "w": W, "h": H, "z": Z}[name] for name in function.variables}
    assert values_at(function, function.outputs, point)[0] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "notation", "low", "high", "opened"),
    [
        (r"x \in [0,1]", Notation.LATEX, 0, 1, (False, False)),
        (r"x \in \left[0, 1\right)", Notation.LATEX, 0, 1, (False, True)),
        (r"x \in (0, \infty)", Notation.LATEX, 0, np.inf, (True, False)),
        ("x in (0, 1]", Notation.R, 0, 1, (True, False)),
        ("x ∈ (-∞, 2]", Notation.TEXTBOOK, -np.inf, 2, (False, False)),
    ],
)
def test_an_interval_is_an_assumption(text, notation, low, high, opened):
    bounds = read_assumptions([text], notation, Limits()).bounds["x"]
    assert (bounds.low, bounds.high, (bounds.open_low, bounds.open_high)) == (low, high, opened)
