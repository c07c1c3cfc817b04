"""Names that a text assigns are used again in the answer, which is then a block."""

import numpy as np
import pytest
from secantd.calculus import Naming, differentiate, explain, gradient_answer, hessian
from secantd.expression import VariableShape
from secantd.language import Notation, read

from .running import close, in_python, in_r, needs_r, of_r_shape, value

PROCESS = """K <- exp(-outer(t, t, "-")^2/(2*l^2)) + s^2*diag(length(t))
-0.5*(log(det(K)) + t(y) %*% solve(K, y))"""
REGRESSION = "function(b, X, y) { r <- y - X %*% b; sum(r^2) }"
LOGISTIC = "p = 1/(1 + np.exp(-(X @ b)))\nnp.sum(z*np.log(p) + (1 - z)*np.log(1 - p))"

X = np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]])
# The values of the table in docs/arrays.md's tests, by an independent array library.
AT_PROCESS = {"t": np.array([0, 1, 2.5]), "y": np.array([0.2, 0.5, -0.1]), "l": 1.3, "s": 0.4}
AT_REGRESSION = {"X": X, "y": np.array([1.0, 2, 3, 5]), "b": np.array([0.3, -0.4])}
AT_LOGISTIC = {"X": X, "z": np.array([0.0, 0, 1, 1]), "b": np.array([0.3, -0.4])}

# The text, the variable, a point, the value there, the block in R, in Python and in LaTeX.
BLOCKS = {
    "Gaussian process by l": (
        PROCESS, "l", AT_PROCESS, 0.419409048006,
        'K <- exp(-0.5 * outer(t, t, "-")^2/l^2) + s^2 * diag(length(t))\n'
        'sum(outer(t, t, "-")^2 * exp(-0.5 * outer(t, t, "-")^2/l^2) * '
        "(outer(solve(K, y), solve(K, y)) - solve(K)))/(2 * l^3)",
        "K = np.exp(-0.5*(t[:, None] - t)**2/l**2) + s**2*np.eye(len(t))\n"
        "np.sum((t[:, None] - t)**2*np.exp(-0.5*(t[:, None] - t)**2/l**2)*"
        "(np.outer(np.linalg.solve(K, y), np.linalg.solve(K, y)) - np.linalg.inv(K)))/(2*l**3)",
        None,
    ),
    "Gaussian process by s": (
        PROCESS, "s", AT_PROCESS, -1.47557095786,
        'K <- exp(-0.5 * outer(t, t, "-")^2/l^2) + s^2 * diag(length(t))\n'
        "s * sum(solve(K, y)^2 - diag(solve(K)))",
        "K = np.exp(-0.5*(t[:, None] - t)**2/l**2) + s**2*np.eye(len(t))\n"
        "s*np.sum(np.linalg.solve(K, y)**2 - np.diag(np.linalg.inv(K)))",
        r"\begin{aligned} K &= \exp\left(\frac{-0.5 \left(t \mathbf{1}^{\top} - \mathbf{1} t^{\top}\right)^{\odot 2}}"
        r"{l^{2}}\right) + s^{2} \mathbf{I} \\ & s \mathbf{1}^{\top} \left(\left(K^{-1} y\right)^{\odot 2} - "
        r"\operatorname{diag}\left(K^{-1}\right)\right) \end{aligned}",
    ),
    "regression": (
        REGRESSION, "b", AT_REGRESSION, [-25.6, -69.5],
        "r <- y - X %*% b\n-2 * t(X) %*% r",
        "r = y - X @ b\n-2*(X.T @ r)",
        r"\begin{aligned} r &= y - X b \\ & -2 X^{\top} r \end{aligned}",
    ),
    "logistic likelihood": (
        LOGISTIC, "b", AT_LOGISTIC, [0.408294314244, 3.650748188313],
        "p <- plogis(X %*% b)\nt(X) %*% (z * plogis(-X %*% b) - (1 - z) * p)",
        "p = 1/(1 + np.exp(-(X @ b)))\nX.T @ (z/(1 + np.exp(X @ b)) - (1 - z)*p)",
        None,
    ),
    "a default": (
        "function(x, m = mean(x)) sum((x - m)^2)", "x", {"x": np.array([1.0, 2, 4])}, [-8 / 3, -2 / 3, 10 / 3],
        "m <- mean(x)\n2 * (x - m)",
        "m = np.mean(x)\n2*(x - m)",
        r"\begin{aligned} m &= \overline{x} \\ & 2 \left(x - m\right) \end{aligned}",
    ),
}  # fmt: skip
CASES = [pytest.param(*case, id=name) for name, case in BLOCKS.items()]


def block(text, variable, notation, naming=None):
    found = differentiate(read(text, variables=[variable]), [variable], notations=[notation], naming=naming)
    return found.derivative.text


@pytest.mark.parametrize(("text", "variable", "at", "wanted", "r", "python", "latex"), CASES)
def test_an_answer_repeats_the_assignments_that_it_uses(text, variable, at, wanted, r, python, latex):
    assert block(text, variable, Notation.R) == r
    assert block(text, variable, Notation.PYTHON) == python
    if latex is not None:
        assert block(text, variable, Notation.LATEX) == latex


@pytest.mark.parametrize(("text", "variable", "at", "wanted", "r", "python", "latex"), CASES)
def test_a_block_runs_in_python_and_is_read_again(text, variable, at, wanted, r, python, latex):
    np.testing.assert_allclose(in_python(python, at), wanted, atol=1e-11)
    shapes = {name: VariableShape(np.shape(v)) for name, v in at.items()}
    for written, notation in ((r, Notation.R), (python, Notation.PYTHON)):
        again = read(written, notation, shapes=shapes)
        np.testing.assert_allclose(value(again.graph, again.outputs[0], at), wanted, atol=1e-11)


@needs_r
def test_a_block_runs_in_r(tmp_path):
    found = list(BLOCKS.values())
    for case, shown in zip(found, in_r([(case[4], case[2]) for case in found], tmp_path), strict=True):
        wanted = np.asarray(case[3], float)
        entries = of_r_shape(shown, wanted)
        assert entries is not None, (case[4], shown)
        np.testing.assert_allclose(entries, wanted, atol=1e-11)


def test_repeated_parts_are_named_on_request_beside_those_of_the_author():
    assert block(PROCESS, "l", Notation.R, Naming.REPEATED).splitlines() == [
        '.e1 <- outer(t, t, "-")^2',
        ".e2 <- exp(-0.5 * .e1/l^2)",
        "K <- .e2 + s^2 * diag(length(t))",
        "sum(.e1 * .e2 * (outer(solve(K, y), solve(K, y)) - solve(K)))/(2 * l^3)",
    ]
    assert block("log(sum(exp(x)))", "x", Notation.R, Naming.REPEATED) == "exp(x)/sum(exp(x))"
    second = hessian(read("log(sum(exp(x)))"), naming=Naming.REPEATED).rows[0][0].text
    assert second == ".e1 <- exp(x)/sum(exp(x))\ndiag(.e1, length(x)) - outer(.e1, .e1)"


def test_an_answer_without_names_is_one_expression():
    assert block(REGRESSION, "b", Notation.R, Naming.NONE) == "-2 * t(X) %*% (y - X %*% b)"


# Formulas of numbers: what is printed by default, with the author's names, and with repeated parts named.
NUMBERS = [
    ("z <- x^2; exp(z)*sin(z)", "x * (2 * cos(x^2) + 2 * sin(x^2)) * exp(x^2)",
     "z <- x^2\nx * (2 * cos(z) + 2 * sin(z)) * exp(z)", "z <- x^2\nx * (2 * cos(z) + 2 * sin(z)) * exp(z)"),
    ("x*sin(exp(x^2 + 1))", "2 * (x^2 * cos(exp(1 + x^2)) * exp(1 + x^2)) + sin(exp(1 + x^2))",
     "2 * (x^2 * cos(exp(1 + x^2)) * exp(1 + x^2)) + sin(exp(1 + x^2))",
     ".e1 <- exp(1 + x^2)\n2 * (x^2 * cos(.e1) * .e1) + sin(.e1)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "usual", "author", "repeated"), NUMBERS)
def test_formulas_of_numbers_get_names_only_on_request(text, usual, author, repeated):
    assert block(text, "x", Notation.R) == block(text, "x", Notation.R, Naming.NONE) == usual
    assert block(text, "x", Notation.R, Naming.AUTHOR) == author
    assert block(text, "x", Notation.R, Naming.REPEATED) == repeated
    at = {"x": 0.7}
    wanted = differentiate(read(text), ["x"], at).derivative.value
    for naming in Naming:
        again = read(block(text, "x", Notation.R, naming))
        assert value(again.graph, again.outputs[0], at) == pytest.approx(wanted, rel=1e-12)


# Texts whose name `K` (or the one given) is not used again, with the reason.
LEFT_OUT = [
    pytest.param("K <- X %*% b; s <- sum(K^2); K <- 1; s", "K", id="it means something else at the end"),
    pytest.param("r <- X %*% b - K; s <- sum(r^2); K <- r; s", "K", id="it is a variable, too"),
    pytest.param("r <- X %*% b - sum(x[1] * b); x <- r; sum(r^2)", "x", id="its components are variables"),
    pytest.param("t <- X %*% b; sum(t^2)", "t", id="the answer calls a function of that name"),
    pytest.param("f <- function(b) { K <- X %*% b; sum(K^2) }\nf(b)", "K", id="it is local to another function"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), LEFT_OUT)
def test_names_that_would_mean_something_else_are_not_used(text, name):
    written = block(text, "b", Notation.R)
    assert f"{name} <-" not in written
    at = {"X": X, "b": np.array([0.3, -0.4]), "x[1]": 0.3}
    function = read(text, variables=["b"])
    point = {v: at.get(v, np.full(4, 0.3)) for v in function.variables}
    wanted = gradient_answer(function, ["b"], point).partials[0].values
    again = read(written, variables=["b"])
    assert close(value(again.graph, again.outputs[0], point), wanted)


def test_a_name_that_a_notation_cannot_write_is_spelled_and_said():
    found = differentiate(read("lambda <- y - X %*% b; sum(lambda^2)"), ["b"], notations=[Notation.PYTHON])
    assert found.derivative.text == "lambda_ = y - X @ b\n-2*(X.T @ lambda_)"
    assert found.notices == ("names that are spelled differently in Python: 'lambda' is lambda_",)


def test_a_branch_names_what_holds_after_it():
    text = "if (a > 0) K <- A else K <- 2*A\nt(b) %*% K %*% b"
    shapes = {"A": VariableShape(("n", "n")), "b": VariableShape(("n",))}
    found = differentiate(read(text, shapes=shapes), ["b"]).derivative.text
    assert found == "K <- if (a > 0) A else 2 * A\n(K + t(K)) %*% b"


def test_the_last_step_of_an_explanation_is_the_answer():
    function = read(REGRESSION)
    assert explain(function, ["b"]).derivative.text == differentiate(function, ["b"]).derivative.text
