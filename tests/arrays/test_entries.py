"""Derivatives with respect to short vectors and matrices, entry by entry."""

import numpy as np
import pytest
from secantd.calculus import differentiate
from secantd.expression import VariableShape
from secantd.language import Notation, read

from .running import in_python, in_r, needs_r, of_r_shape, value

ROSENBROCK = "100*(x[2] - x[1]^2)^2 + (1 - x[1])^2"
START = {"x": np.array([-1.2, 1])}
THREE = {"x": np.array([0.5, -1.5, 2])}

# The text, the variables, the point, the value there by hand, and the texts in R, Python and LaTeX.
WRITTEN = {
    "Rosenbrock": (
        ROSENBROCK, ["x"], START, [-215.6, -88],
        "c(-(2 * (1 - x[1]) + 400 * (x[1] * (x[2] - x[1]^2))), 200 * (x[2] - x[1]^2))",
        "np.array([-(2*(1 - x[0]) + 400*x[0]*(x[1] - x[0]**2)), 200*(x[1] - x[0]**2)])",
        r"\begin{pmatrix} -\left(2 \left(1 - x_{1}\right) + 400 x_{1} \left(x_{2} - x_{1}^{2}\right)\right) \\ "
        r"200 \left(x_{2} - x_{1}^{2}\right) \end{pmatrix}",
    ),
    "Hessian of Rosenbrock": (
        ROSENBROCK, ["x", "x"], START, [[1330, 480], [480, 200]],
        "matrix(c(2 - 400 * (x[2] - 3 * x[1]^2), -(400 * x[1]), -(400 * x[1]), 200), 2, 2, byrow = TRUE)",
        "np.array([[2 - 400*(x[1] - 3*x[0]**2), -400*x[0]], [-400*x[0], 200]])",
        r"\begin{pmatrix} 2 - 400 \left(x_{2} - 3 x_{1}^{2}\right) & -400 x_{1} \\ -400 x_{1} & 200 \end{pmatrix}",
    ),
    "beside a sum": (
        "x[1]*sum(x)", ["x"], THREE, [1.5, 0.5, 0.5],
        "c(x[1] + sum(x), x[1], x[1])",
        "np.array([x[0] + np.sum(x), x[0], x[0]])",
        r"\begin{pmatrix} x_{1} + \mathbf{1}^{\top} x \\ x_{1} \\ x_{1} \end{pmatrix}",
    ),
    "Hessian beside a sum": (
        "x[1]*sum(x)", ["x", "x"], THREE, [[2, 1, 1], [1, 0, 0], [1, 0, 0]],
        "matrix(c(2, 1, 1, 1, 0, 0, 1, 0, 0), 3, 3, byrow = TRUE)",
        "np.array([[2, 1, 1], [1, 0, 0], [1, 0, 0]])",
        r"\begin{pmatrix} 2 & 1 & 1 \\ 1 & 0 & 0 \\ 1 & 0 & 0 \end{pmatrix}",
    ),
    "Hessian of a product": (
        "x[1]*x[2]*x[3] + sum(x^2)", ["x", "x"], THREE, [[2, 2, -1.5], [2, 2, 0.5], [-1.5, 0.5, 2]],
        "matrix(c(2, x[3], x[2], x[3], 2, x[1], x[2], x[1], 2), 3, 3, byrow = TRUE)",
        "np.array([[2, x[2], x[1]], [x[2], 2, x[0]], [x[1], x[0], 2]])",
        r"\begin{pmatrix} 2 & x_{3} & x_{2} \\ x_{3} & 2 & x_{1} \\ x_{2} & x_{1} & 2 \end{pmatrix}",
    ),
    "by a matrix": (
        "A[1, 2]*A[2, 1] + A[1, 1]^2", ["A"], {"A": np.array([[3.0, 5], [7, 11]])}, [[6, 7], [5, 0]],
        "matrix(c(2 * A[1, 1], A[2, 1], A[1, 2], 0), 2, 2, byrow = TRUE)",
        "np.array([[2*A[0, 0], A[1, 0]], [A[0, 1], 0]])",
        r"\begin{pmatrix} 2 A_{1, 1} & A_{2, 1} \\ A_{1, 2} & 0 \end{pmatrix}",
    ),
    "differences of a short vector": (
        "sum(diff(x)^2)", ["x", "x"], THREE, [[2, -2, 0], [-2, 4, -2], [0, -2, 2]],
        "matrix(c(2, -2, 0, -2, 4, -2, 0, -2, 2), 3, 3, byrow = TRUE)",
        "np.array([[2, -2, 0], [-2, 4, -2], [0, -2, 2]])",
        r"\begin{pmatrix} 2 & -2 & 0 \\ -2 & 4 & -2 \\ 0 & -2 & 2 \end{pmatrix}",
    ),
}  # fmt: skip
CASES = [pytest.param(*case, id=name) for name, case in WRITTEN.items()]


def shapes_of(at):
    return {name: VariableShape(np.shape(v)) for name, v in at.items()}


@pytest.mark.parametrize(("text", "variables", "at", "wanted", "r", "python", "latex"), CASES)
def test_a_short_derivative_is_one_vector_or_matrix(text, variables, at, wanted, r, python, latex):
    function = read(text, shapes=shapes_of(at), variables=variables)
    notations = [Notation.R, Notation.PYTHON, Notation.LATEX]
    found = differentiate(function, variables, at, notations).derivative
    assert [written for _, written in found.renderings] == [r, python, latex]
    np.testing.assert_allclose(found.values, wanted, rtol=1e-12)
    np.testing.assert_allclose(in_python(python, at), wanted, rtol=1e-12)
    for written, notation in ((r, Notation.R), (python, Notation.PYTHON)):
        again = read(written, notation, shapes=shapes_of(at), variables=list(at))
        found = np.asarray([value(again.graph, o, at) for o in again.outputs])
        np.testing.assert_allclose(np.reshape(found, np.shape(wanted)), wanted, rtol=1e-12)


@needs_r
def test_a_short_derivative_runs_in_r(tmp_path):
    for case, shown in zip(WRITTEN.values(), in_r([(c[4], c[2]) for c in WRITTEN.values()], tmp_path), strict=True):
        entries = of_r_shape(shown, np.asarray(case[3], float))
        assert entries is not None, (case[4], shown)
        np.testing.assert_allclose(entries, case[3], rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "shapes", "variables", "r"),
    [
        pytest.param("x[1]*sum(x)", {"x": (6,)}, ["x"], "x[1] + sum(x) * (seq_len(6) == 1)", id="longer"),
        pytest.param("sum(x^2)", {"x": (2,)}, ["x"], "2 * x", id="the same for all entries"),
        pytest.param("sum(x^2)", {"x": (2,)}, ["x", "x"], "2 * diag(2)", id="a diagonal"),
        pytest.param("x[1] + sum(cumsum(x))", {"x": (2,)}, ["x"], "rev(seq_len(2)) + c(1, 0)", id="no entries"),
        pytest.param(
            "x[1]*x[2]*sum(x)", {"x": ("n",)}, ["x", "x"],
            'outer(x[1] * (seq_along(x) == 2) + x[2] * (seq_along(x) == 1), '
            'x[1] * (seq_along(x) == 2) + x[2] * (seq_along(x) == 1), "+") + '
            "sum(x) * outer(seq_along(x) == 1, seq_along(x) == 2) + sum(x) * outer(seq_along(x) == 2, seq_along(x) == 1)",
            id="unknown length",
        ),
    ],
)  # fmt: skip
def test_other_derivatives_are_expressions_of_the_whole(text, shapes, variables, r):
    declared = {name: VariableShape(sides) for name, sides in shapes.items()}
    found = differentiate(read(text, shapes=declared, variables=variables), variables).derivative.text
    assert found == r
