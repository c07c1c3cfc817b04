"""Hessians and Jacobians with bands: matrices that are 0 but on some diagonals, for any length."""

import numpy as np
import pytest
from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Notation, read

from .running import in_python, in_r, needs_r, of_r_shape, value

ROSENBROCK = "sum(100*(x[-1] - x[-length(x)]^2)^2 + (1 - x[-length(x)])^2)"
# The text, how often it is differentiated, its function in NumPy, and the shortest length.
FUNCTIONS = {
    "Rosenbrock": (ROSENBROCK, 2, lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2), 1),
    "squares of differences": ("sum(diff(x)^2)", 2, lambda x: np.sum(np.diff(x) ** 2), 1),
    "second differences": ("sum(diff(diff(x))^2)", 2, lambda x: np.sum(np.diff(x, 2) ** 2), 2),
    "products of neighbours": ("sum(x[-1]*x[-length(x)])", 2, lambda x: np.sum(x[1:] * x[:-1]), 1),
    "exponentials": ("sum(exp(x[-1] - x[-length(x)]))/3", 2, lambda x: np.sum(np.exp(np.diff(x))) / 3, 1),
    "beside a square": ("sum(diff(x)^2) + sum(x)^2", 2, lambda x: np.sum(np.diff(x) ** 2) + np.sum(x) ** 2, 1),
    "smoothing": ("sum((x - 1)^4) + 5*sum(diff(x)^2)", 2, lambda x: np.sum((x - 1) ** 4) + 5 * np.sum(np.diff(x) ** 2), 1),
    "a lag": ("c(0, x[-length(x)])*x", 1, lambda x: np.append(0, x[:-1]) * x, 1),
    "a lead": ("c(sin(x[-1]), 0)", 1, lambda x: np.append(np.sin(x[1:]), 0), 1),
    "a shift": ("c(x[-1], 0)", 1, lambda x: np.append(x[1:], 0), 1),
    "a shift by two": ("-c(0, 0, head(x, -2))", 1, lambda x: -np.concatenate([[0, 0], x[:-2]]), 2),
}  # fmt: skip
LENGTHS = (1, 2, 3, 6)
POINT = np.array([0.3, -0.7, 1.1, 0.4, -0.2, 0.9])


def differences(f, x, order, h):
    """Return the Jacobian, or the Hessian, by central differences."""
    if order == 2:
        return differences(lambda y: differences(f, y, 1, h), x, 1, h)
    steps = np.eye(len(x)) * h
    return np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in steps], axis=-1)


def found(text, order, notation):
    function = read(text, shapes={"x": VariableShape(("n",))})
    return differentiate(function, ["x"] * order, notations=[notation]).derivative.text


def lengths(name):
    return [n for n in LENGTHS if n >= FUNCTIONS[name][3]]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_matrices_with_bands_have_the_values_of_differences(name):
    text, order, f, _ = FUNCTIONS[name]
    h = 1e-3 if order == 2 else 1e-6
    for n in lengths(name):
        at = {"x": POINT[:n]}
        wanted = differences(f, at["x"], order, h)
        function = read(text, shapes={"x": VariableShape(("n",))})
        answer = differentiate(function, ["x"] * order, at).derivative
        np.testing.assert_allclose(answer.values, wanted, atol=2e-2 if order == 2 else 1e-7)
        for notation in (Notation.R, Notation.PYTHON):
            again = read(found(text, order, notation), notation, shapes={"x": VariableShape(("n",))})
            np.testing.assert_allclose(value(again.graph, again.outputs[0], at), answer.values, atol=1e-12)
        np.testing.assert_allclose(in_python(found(text, order, Notation.PYTHON), at), answer.values, atol=1e-12)
        # Short ones of known length are written entry by entry. Nothing is left of a vector that is known to be one entry.
        if n == 1:
            continue
        known = read(text, shapes={"x": VariableShape((n,))})
        answer = differentiate(known, ["x"] * order, at, notations=[Notation.PYTHON]).derivative
        np.testing.assert_allclose(in_python(answer.text, at), answer.values, atol=1e-12)


@needs_r
def test_matrices_with_bands_run_in_r(tmp_path):
    jobs, wanted = [], []
    for name, (text, order, *_) in FUNCTIONS.items():
        for n in lengths(name):
            at = {"x": POINT[:n]}
            for sides in (("n",), (n,)) if n > 1 else (("n",),):
                function = read(text, shapes={"x": VariableShape(sides)})
                answer = differentiate(function, ["x"] * order, at, notations=[Notation.R]).derivative
                jobs.append((answer.text, at))
                wanted.append(answer.values)
    for job, shown, expected in zip(jobs, in_r(jobs, tmp_path), wanted, strict=True):
        entries = of_r_shape(shown, expected)
        assert entries is not None, (job, shown)
        np.testing.assert_allclose(entries, expected, atol=1e-12, err_msg=job[0])


# A matrix by its diagonals in R, in Python and in LaTeX.
WRITTEN = {
    "Rosenbrock": (
        "diag(200 * c(0, rep(1, length(x) - 1)) + c(2 + 800 * x[-length(x)]^2 - 400 * (x[-1] - x[-length(x)]^2), 0), "
        'length(x)) - 400 * c(x[-length(x)], 0) * outer(seq_along(x), seq_along(x) - 1, "==") - '
        '400 * c(0, x[-length(x)]) * outer(seq_along(x) - 1, seq_along(x), "==")',
        "np.diag(200*np.pad(np.ones(len(x) - 1), (1, 0)) + np.pad(2 + 800*x[:-1]**2 - 400*(x[1:] - x[:-1]**2), (0, 1))) - "
        "400*np.diag(x[:-1], k=1) - 400*np.diag(x[:-1], k=-1)",
        None,
    ),
    "squares of differences": (
        "2 * (diag(c(rep(1, length(x) - 1), 0) + c(0, rep(1, length(x) - 1)), length(x)) - "
        'outer(seq_along(x) - 1, seq_along(x), "==") - outer(seq_along(x), seq_along(x) - 1, "=="))',
        "2*(np.diag(np.pad(np.ones(len(x) - 1), (0, 1)) + np.pad(np.ones(len(x) - 1), (1, 0))) - "
        "np.eye(len(x), k=-1) - np.eye(len(x), k=1))",
        r"2 \left(\operatorname{diag}\left(\begin{pmatrix} \mathbf{1} \\ 0 \end{pmatrix} + "
        r"\begin{pmatrix} 0 \\ \mathbf{1} \end{pmatrix}\right) - \operatorname{diag}_{-1}\left(\mathbf{1}\right) - "
        r"\operatorname{diag}_{1}\left(\mathbf{1}\right)\right)",
    ),
    "a lead": (
        'c(cos(x[-1]), 0) * outer(seq_along(x), seq_along(x) - 1, "==")',
        "np.diag(np.cos(x[1:]), k=1)",
        None,
    ),
    "a shift": (
        '1 * outer(seq_along(x), seq_along(x) - 1, "==")',
        "np.eye(len(x), k=1)",
        r"\operatorname{diag}_{1}\left(\mathbf{1}\right)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_a_matrix_with_bands_is_written_by_its_diagonals(name):
    text, order, *_ = FUNCTIONS[name]
    r, python, latex = WRITTEN[name]
    assert found(text, order, Notation.R) == r
    assert found(text, order, Notation.PYTHON) == python
    if latex is not None:
        assert found(text, order, Notation.LATEX) == latex


READ = [
    ("np.diag(x, k=1)", np.diag(POINT, 1)),
    ("np.diag(x, -2)", np.diag(POINT, -2)),
    ("np.diag(x, 0)", np.diag(POINT)),
    ("np.eye(len(x), k=2)", np.eye(6, k=2)),
    ("np.eye(len(x), len(x), -1)", np.eye(6, k=-1)),
]


@pytest.mark.parametrize(("text", "wanted"), READ)
def test_matrices_of_one_diagonal_are_read(text, wanted):
    function = read(text, Notation.PYTHON, shapes={"x": VariableShape(("n",))})
    assert value(function.graph, function.outputs[0], {"x": POINT}).tolist() == wanted.tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("np.eye(len(x), 3)", "as many columns as rows"),
        ("np.diag(x, k=0.5)", "k, the number of a diagonal, must be a whole number"),
        ("np.diag(np.outer(x, x), k=1)", "takes a vector"),
    ],
)
def test_other_matrices_of_one_diagonal_are_refused(text, message):
    with pytest.raises(CalculusError, match=message):
        read(text, Notation.PYTHON, shapes={"x": VariableShape(("n",))})
