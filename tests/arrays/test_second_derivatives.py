"""Jacobians of vectors, Hessians of scalars, and differentials where no matrix has the derivative."""

import numpy as np
import pytest
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import derivative_of, reverse_gradient, second_derivative_of

from .cases import A0, B0, GRADIENTS, REGRESSION, X0, Z4, logistic, masked, normal, quadratic, regression, ridge
from .formulas import Maker
from .text import text
from .values import differences, value

# A kink has no second derivative.
SMOOTH = [c for c in GRADIENTS if np.ndim(c[1][c[3]]) <= 1 and c[0] != "max with a tie"]


@pytest.mark.parametrize(("at", "build", "by"), [pytest.param(*c[1:4], id=c[0]) for c in SMOOTH])
def test_hessians_are_the_derivatives_of_gradients(at, build, by):
    m = Maker()
    f = build(m).node
    form = Arrays(m.graph)
    variable = m.symbols[by]
    gradient = reverse_gradient(form, f, variable)
    hessian = second_derivative_of(form, f, variable, variable)
    assert hessian.direction is None
    assert hessian.node.shape == variable.shape * 2
    expected = differences(m.graph, gradient, at, by)
    np.testing.assert_allclose(value(m.graph, hessian.node, at), expected, rtol=1e-5, atol=1e-5)
    assert form.light(hessian.node) is hessian.node


HESSIANS = [
    ("x'Ax", {"x": [1, 2], "A": A0}, quadratic, "x", [[4, 1.5], [1.5, 6]], "(A + t(A))"),
    ("regression", REGRESSION, regression, "b", [[8, 15], [15, 42.5]], "[2 * (t(X) %*% X)]"),
    ("ridge", {**REGRESSION, "lam": 1.0}, ridge, "b", [[10, 15], [15, 44.5]], "[2 * ([lam * identity((k, k))] + (t(X) %*% X))]"),
    ("logistic", {"X": X0, "z": Z4, "b": B0}, logistic, "b", [[-0.902054155056, -1.517264934569], [-1.517264934569, -3.944508698552]],
     "-(t(X) %*% [column([expit(-(X %*% b)) * expit((X %*% b))]) * X])"),
    ("log-sum-exp", {"x": [1000, 1001]}, lambda m: m.fn("log", m.fn("sum", m.fn("exp", m.sym("x", "n")))), "x",
     [[0.196611933241, -0.196611933241], [-0.196611933241, 0.196611933241]], "(diagonal_matrix(softmax(x)) - outer(softmax(x), softmax(x)))"),
    ("normal", {"S": [[2, 0.5], [0.5, 1]], "x": [1, 2], "m": B0}, lambda m: normal(m, True), "m", -np.linalg.inv([[2, 0.5], [0.5, 1]]), "-inverse(S)"),
    ("mask", {"v": [1, 2, 3, 5]}, masked, "v", np.diag([0, 2, 2, 2]), "diagonal_matrix(ifelse(>(v, 1.5), 2, 0))"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "build", "by", "wanted", "form"), [pytest.param(*c[1:], id=c[0]) for c in HESSIANS])
def test_hessians_have_the_form_that_a_person_writes(at, build, by, wanted, form):
    m = Maker()
    f = build(m).node
    hessian = second_derivative_of(Arrays(m.graph), f, m.symbols[by], m.symbols[by])
    assert text(hessian.node) == form
    np.testing.assert_allclose(value(m.graph, hessian.node, at), wanted, rtol=1e-9, atol=6e-13)


def variables():
    m = Maker()
    m.A, m.B, m.x, m.b, m.y = (
        m.sym("A", "m", "n"),
        m.sym("B", "n", "n"),
        m.sym("x", "n"),
        m.sym("b", "n"),
        m.sym("y", "m"),
    )
    m.s, m.c = m.sym("s"), m.sym("c", 3)
    return m


def scaled(m):
    return m.op("solve", m.B + m.op("diagonal_matrix", m.x), m.b)


def projected(m):
    return m.A @ m.op("solve", m.A.T @ m.A, m.A.T @ m.y)


def kernel(m):
    return m.fn("exp", -((m.op("column", m.x) - m.op("row", m.x)) ** 2)) @ m.b


# name, function, variable, text
JACOBIANS = [
    ("Ax", lambda m: m.A @ m.x, "x", "A"),
    ("tanh(Ax)", lambda m: m.fn("tanh", m.A @ m.x), "x", "[column((1 - tanh((A %*% x))^2)) * A]"),
    ("softmax", lambda m: m.fn("exp", m.x) / m.fn("sum", m.fn("exp", m.x)), "x", "(diagonal_matrix(softmax(x)) - outer(softmax(x), softmax(x)))"),
    ("solve with a diagonal", scaled, "x", "-solve((B + diagonal_matrix(x)), diagonal_matrix(solve((B + diagonal_matrix(x)), b)))"),
    ("unit vector", lambda m: m.x / m.fn("sqrt", m.fn("sum", m.x**2)), "x", None),
    ("cumsum", lambda m: m.op("cumsum", m.fn("exp", m.x)), "x", "cumsum(diagonal_matrix(exp(x)))"),
    ("kernel", kernel, "x", None),
    ("c()", lambda m: m.op("concatenate", m.op("slice", m.x, payload=(1, 0)) * 2, m.fn("sum", m.x), 1), "x", None),
    ("cbind", lambda m: m.op("bind_columns", m.x, m.x**2, 1) @ m.c, "x", None),
    ("vector by number", lambda m: m.s**2 * m.x, "s", "[2 * s * x]"),
    ("matrix by number", lambda m: m.fn("exp", m.s * m.B), "s", "[B * exp([s * B])]"),
    ("constant", lambda m: m.b, "x", "fill(0, (n, n))"),
]  # fmt: skip
# These have an array of rank 3 or more.
DIFFERENTIALS = [
    ("Ax by A", lambda m: m.A @ m.x, "A", "(dA %*% x)"),
    ("solve by B", lambda m: m.op("solve", m.B, m.b), "B", "-solve(B, (dB %*% solve(B, b)))"),
    ("crossprod", lambda m: m.A.T @ m.A, "A", "((t(A) %*% dA) + (t(dA) %*% A))"),
    ("outer", lambda m: m.op("outer", m.x, m.x), "x", "(outer(dx, x) + outer(x, dx))"),
    ("projection", projected, "A", None),
    ("scaled rows", lambda m: m.op("column", m.x) * m.B, "x", "[column(dx) * B]"),
]


def at():
    rng = np.random.default_rng(0)
    shapes = {"A": (4, 3), "B": (3, 3), "b": 3, "x": 3, "y": 4, "s": (), "c": 3}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize(("build", "by", "form"), [pytest.param(*c[1:], id=c[0]) for c in JACOBIANS])
def test_jacobians_are_matrices(build, by, form):
    m = variables()
    f = build(m).node
    found = derivative_of(Arrays(m.graph), f, m.symbols[by])
    assert found.direction is None
    if form is not None:
        assert text(found.node) == form
    expected = differences(m.graph, f, at(), by)
    assert value(m.graph, found.node, at()) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize(("build", "by", "form"), [pytest.param(*c[1:], id=c[0]) for c in DIFFERENTIALS])
def test_what_no_matrix_has_is_a_differential(build, by, form):
    m = variables()
    f = build(m).node
    found = derivative_of(Arrays(m.graph), f, m.symbols[by])
    assert found.direction is not None
    if form is not None:
        assert text(found.node) == form
    dx = np.random.default_rng(1).normal(size=np.shape(at()[by]))
    expected = np.tensordot(differences(m.graph, f, at(), by), dx, axes=dx.ndim)
    assert value(m.graph, found.node, {**at(), found.direction.name: dx}) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_a_change_has_a_name_that_the_function_does_not_have():
    m = Maker()
    f = m.sym("B", "n", "n") @ m.sym("dB", "n")
    found = derivative_of(Arrays(m.graph), f.node, m.symbols["B"])
    assert found.direction is not None
    assert found.direction.name == "ddB"
