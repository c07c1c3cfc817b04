"""Texts of gradients in R, Python and LaTeX."""

import pytest
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import reverse_gradient
from secantd.language import Notation
from secantd.render import render

from .cases import GRADIENTS
from .formulas import Maker

NOTATIONS = (Notation.R, Notation.PYTHON, Notation.LATEX)
BUILD = {case[0]: (case[2], case[3]) for case in GRADIENTS}

# The gradients of the cases of that name, as a person writes them.
WRITTEN = {
    "x'x": (
        "2 * x",
        "2*x",
        "2 x",
    ),
    "x'Ax": (
        "(A + t(A)) %*% x",
        "(A + A.T) @ x",
        r"\left(A + A^{\top}\right) x",
    ),
    "x'Ax, A symmetric": (
        "2 * A %*% x",
        "2*(A @ x)",
        "2 A x",
    ),
    "x'Ax by A": (
        "outer(x, x)",
        "np.outer(x, x)",
        r"x x^{\top}",
    ),
    "regression": (
        "-2 * t(X) %*% (y - X %*% b)",
        "-2*(X.T @ (y - X @ b))",
        r"-2 X^{\top} \left(y - X b\right)",
    ),
    "regression by X": (
        "-2 * outer(as.vector(y - X %*% b), b)",
        "-2*np.outer(y - X @ b, b)",
        r"-2 \left(y - X b\right) b^{\top}",
    ),
    "logistic": (
        "t(X) %*% (z - plogis(X %*% b))",
        "X.T @ (z - 1/(1 + np.exp(-(X @ b))))",
        r"X^{\top} \left(z - \operatorname{expit}\left(X b\right)\right)",
    ),
    "log(det(A))": (
        "t(solve(A))",
        "np.linalg.inv(A).T",
        r"A^{-\top}",
    ),
    "det(A)": (
        "det(A) * t(solve(A))",
        "np.linalg.det(A)*np.linalg.inv(A).T",
        r"\det\left(A\right) A^{-\top}",
    ),
    "trace(A M)": (
        "t(A)",
        "A.T",
        r"A^{\top}",
    ),
    "a'Mb": (
        "outer(a, b)",
        "np.outer(a, b)",
        r"a b^{\top}",
    ),
    "a'inv(M)b": (
        "-outer(solve(t(M), a), solve(M, b))",
        "-np.outer(np.linalg.solve(M.T, a), np.linalg.solve(M, b))",
        r"-M^{-\top} a \left(M^{-1} b\right)^{\top}",
    ),
    "norm": (
        "x/sqrt(sum(x^2))",
        "x/np.sqrt(np.sum(x**2))",
        r"\frac{x}{\lVert x \rVert}",
    ),
    "log-sum-exp": (
        "exp(x)/sum(exp(x))",
        "np.exp(x - np.logaddexp.reduce(x))",
        r"\operatorname{softmax}\left(x\right)",
    ),
    "normal by m": (
        "0.5 * (solve(S, x - m) + solve(t(S), x - m))",
        "0.5*(np.linalg.solve(S, x - m) + np.linalg.solve(S.T, x - m))",
        r"0.5 \left(S^{-1} \left(x - m\right) + S^{-\top} \left(x - m\right)\right)",
    ),
    "normal by m, S symmetric": (
        "solve(S, x - m)",
        "np.linalg.solve(S, x - m)",
        r"S^{-1} \left(x - m\right)",
    ),
    "normal by S, S symmetric": (
        "0.5 * (outer(solve(S, x - m), solve(S, x - m)) - solve(S))",
        "0.5*(np.outer(np.linalg.solve(S, x - m), np.linalg.solve(S, x - m)) - np.linalg.inv(S))",
        r"0.5 \left(S^{-1} \left(x - m\right) \left(S^{-1} \left(x - m\right)\right)^{\top} - S^{-1}\right)",
    ),
    "cumsum": (
        "rev(cumsum(rev(w)))",
        "np.cumsum(w[::-1])[::-1]",
        r"\operatorname{rev}\left(\operatorname{cumsum}\left(\operatorname{rev}\left(w\right)\right)\right)",
    ),
    "diff": (
        "-2 * diff(c(0, diff(v), 0))",
        "-2*np.diff(np.pad(np.diff(v), (1, 1)))",
        r"-2 \operatorname{diff}\left(\begin{pmatrix} 0 \\ \operatorname{diff}\left(v\right) \\ 0 \end{pmatrix}\right)",
    ),
    "gather": (
        "-2 * as.vector(tapply(y - re[g], factor(g, seq_along(re)), sum, default = 0))",
        "-2*np.bincount(g - 1, y - re[g - 1], len(re))",
        r"-2 \operatorname{scatter}_{g}\left(y - \mathrm{re}_{g}\right)",
    ),
    "mask": (
        "ifelse(v > 1.5, 2 * v, 0)",
        "np.where(v > 1.5, 2*v, 0)",
        r"\begin{cases} 2 v & \text{if } v > 1.5 \\ 0 & \text{otherwise} \end{cases}",
    ),
    "network by W2": (
        "-2 * (matrix(y, nrow(W2), length(y), byrow = TRUE) - W2 %*% tanh(W1 %*% t(X))) %*% t(tanh(W1 %*% t(X)))",
        "-2*((y - W2 @ np.tanh(W1 @ X.T)) @ np.tanh(W1 @ X.T).T)",
        r"-2 \left(\mathbf{1} y^{\top} - W_{2} \tanh\left(W_{1} X^{\top}\right)\right) \tanh\left(W_{1} X^{\top}\right)^{\top}",
    ),
    "network by W1, one output": (
        "-2 * ((1 - tanh(W1 %*% t(X))^2) * t(W2) %*% (y - W2 %*% tanh(W1 %*% t(X)))) %*% X",
        "-2*(((1 - np.tanh(W1 @ X.T)**2)*(W2.T @ (y - W2 @ np.tanh(W1 @ X.T)))) @ X)",
        r"-2 \left(\left(\mathbf{1} \mathbf{1}^{\top} - \tanh\left(W_{1} X^{\top}\right)^{\odot 2}\right) \odot W_{2}^{\top} \left(\mathbf{1} y^{\top} - W_{2} \tanh\left(W_{1} X^{\top}\right)\right)\right) X",
    ),
    "squares by th": (
        "-(2 * sum(x - th))",
        "-2*np.sum(x - th)",
        r"-2 \mathbf{1}^{\top} \left(x - \mathrm{th}\right)",
    ),
    "sum(a + x)": (
        "length(x)",
        "len(x)",
        "n",
    ),
    "sum(x)": (
        "rep(1, length(x))",
        "np.ones(len(x))",
        r"\mathbf{1}",
    ),
    "mean of squares": (
        "2 * x/length(x)",
        "2*x/len(x)",
        r"\frac{2 x}{n}",
    ),
    "variance": (
        "2 * (x - mean(x))/(length(x) - 1)",
        "2*(x - np.mean(x))/(len(x) - 1)",
        r"\frac{2 \left(x - \overline{x}\right)}{n - 1}",
    ),
    "sum(X b)": (
        "colSums(X)",
        "np.sum(X, axis=0)",
        r"X^{\top} \mathbf{1}",
    ),
    "sum(A)": (
        "matrix(1, nrow(A), ncol(A))",
        "np.ones(A.shape)",
        r"\mathbf{1} \mathbf{1}^{\top}",
    ),
    "D-optimal design": (
        "rowSums(X * X %*% solve(t(X) %*% (w * X)))",
        "np.sum(X*(X @ np.linalg.inv(X.T @ (w[:, None]*X))), axis=1)",
        r"\left(X \odot X \left(X^{\top} \operatorname{diag}\left(w\right) X\right)^{-1}\right) \mathbf{1}",
    ),
    "max with a tie": (
        "ifelse(x == max(x), 1/sum(x == max(x)), 0)",
        "np.where(x == np.max(x), 1/np.sum(x == np.max(x)), 0)",
        r"\begin{cases} \frac{1}{\#\left\{x = \max\left(x\right)\right\}} & \text{if } x = \max\left(x\right) \\ 0 & \text{otherwise} \end{cases}",
    ),
    "x[1]*sum(x)": (
        "x[1] + sum(x) * (seq_along(x) == 1)",
        "x[0] + np.sum(x)*(np.arange(len(x)) == 0)",
        r"x_{1} + \left(\mathbf{1}^{\top} x\right) \mathbf{e}_{1}",
    ),
    "AR(1) by phi": (
        "-(2 * sum(r[-length(r)] * (r[-1] - c - phi * r[-length(r)])))",
        "-2*(r[:-1] @ (r[1:] - c - phi*r[:-1]))",
        r"-2 r_{1:n - 1}^{\top} \left(r_{2:n} - c - \phi r_{1:n - 1}\right)",
    ),
    "log-sum-exp of X b": (
        "t(X) %*% (exp(X %*% b)/sum(exp(X %*% b)))",
        "X.T @ np.exp(X @ b - np.logaddexp.reduce(X @ b))",
        r"X^{\top} \operatorname{softmax}\left(X b\right)",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_gradients_are_written_as_a_person_writes_them(name):
    build, by = BUILD[name]
    m = Maker()
    f = build(m).node
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols[by])
    assert tuple(render(gradient, notation, graph=m.graph) for notation in NOTATIONS) == WRITTEN[name]
