"""The constructors of arrays: rules, the shapes of their values, and the mistakes that such rules invite."""

import numpy as np
import pytest
from secantd.algebra.arrays import Arrays
from secantd.algebra.arrays.arrays import RULES
from secantd.algebra.arrays.linear import LINEAR
from secantd.calculus.arrays import derivative_of, reverse_gradient, second_derivative_of
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS

from .formulas import Maker
from .text import text
from .values import differences, value


def made():
    m = Maker()
    m.x, m.y, m.b, m.s = m.sym("x", "n"), m.sym("y", "n"), m.sym("b", "k"), m.sym("s")
    m.A, m.B, m.X = m.sym("A", "n", "n"), m.sym("B", "n", "n"), m.sym("X", "n", "k")
    m.S = m.sym("S", "n", "n", symmetric=True)
    return m


def at(n=3, k=2):
    rng = np.random.default_rng(5)
    S = rng.normal(size=(n, n))
    found = {"x": rng.normal(size=n), "y": rng.normal(size=n), "b": rng.normal(size=k), "s": rng.normal(size=())}
    return found | {
        "A": rng.normal(size=(n, n)),
        "B": rng.normal(size=(n, n)),
        "X": rng.normal(size=(n, k)),
        "S": S + S.T,
    }


def column(m, v):
    return m.op("column", v)


def row(m, v):
    return m.op("row", v)


# A formula, and the text of its light form.
RULES_AS_TEXT = [
    ("identity is neutral", lambda m: m.eye("n") @ m.A @ m.eye("n"), "A"),
    ("diagonal from the left scales rows", lambda m: m.op("diagonal_matrix", m.x) @ m.X, "[column(x) * X]"),
    ("diagonal from the right scales columns", lambda m: m.X @ m.op("diagonal_matrix", m.b), "[X * row(b)]"),
    ("column times identity is diagonal", lambda m: column(m, m.x) * m.eye("n"), "diagonal_matrix(x)"),
    ("columns are added as vectors", lambda m: column(m, m.x) + m.X + column(m, m.y), "(X + column((x + y)))"),
    ("functions of columns are columns", lambda m: m.fn("exp", column(m, m.x)) * m.X, "[column(exp(x)) * X]"),
    ("column times row is outer", lambda m: column(m, m.x) * row(m, m.b), "outer(x, b)"),
    ("outer times vector", lambda m: m.op("outer", m.x, m.b) @ m.b, "[sum(b^2) * x]"),
    ("product with outer", lambda m: m.A @ m.op("outer", m.x, m.b), "outer((A %*% x), b)"),
    ("sum with outer", lambda m: m.fn("sum", m.A * m.op("outer", m.x, m.y)), "sum([x * (A %*% y)])"),
    ("trace of outer", lambda m: m.op("trace", m.op("outer", m.x, m.y)), "sum([x * y])"),
    ("solve with outer", lambda m: m.op("solve", m.A, m.op("outer", m.x, m.b)), "outer(solve(A, x), b)"),
    ("sum with identity is trace", lambda m: m.fn("sum", m.eye("n") * m.A), "sum(diagonal(A))"),
    ("trace of a product", lambda m: m.op("trace", m.A @ m.B), "sum([A * t(B)])"),
    ("ones sum columns", lambda m: m.X.T @ m.op("fill", 1, shape=("n",)), "column_sums(X)"),
    ("ones beside a factor", lambda m: m.op("fill", 1, shape=("n",)) * m.x, "x"),
    ("sum of ones", lambda m: m.fn("sum", m.op("fill", 2, shape=("n", "k"))), "[2 * [|k| * |n|]]"),
    ("vectors from the right", lambda m: m.x @ (m.A @ m.B), None),
    ("numbers leave products", lambda m: (m.s * m.A) @ (3 * m.x), "[3 * s * (A %*% x)]"),
    ("numbers leave systems", lambda m: m.op("solve", 2 * m.A, m.x), "[0.5 * solve(A, x)]"),
    ("inverse times vector is a system", lambda m: m.op("inverse", m.A) @ m.x, "solve(A, x)"),
    ("system with a product", lambda m: m.op("solve", m.A, m.A @ m.x), "x"),
    ("system with the identity", lambda m: m.op("solve", m.A, m.eye("n")), "inverse(A)"),
    ("transpose of a product", lambda m: (m.A @ m.X).T, "(t(X) %*% t(A))"),
    ("transpose of an inverse", lambda m: m.op("inverse", m.A).T, "inverse(t(A))"),
    ("transpose of a symmetric matrix", lambda m: (m.S @ m.S).T, "(S %*% S)"),
    ("transpose of a gram matrix", lambda m: (m.X.T @ (column(m, m.x) * m.X)).T, "(t(X) %*% [column(x) * X])"),
    ("products with one vector", lambda m: m.A @ m.x + m.B @ m.x, "((A + B) %*% x)"),
    ("systems of one matrix", lambda m: m.op("solve", m.A, m.x) - m.op("solve", m.A, m.y), "solve(A, (x - y))"),
    ("a sum is not opened", lambda m: m.fn("sum", m.x - m.s), "sum((x - s))"),
    ("a sum that is 0", lambda m: m.fn("sum", m.x - m.op("mean", m.x)), "0"),
    ("number before a sum", lambda m: 2 * m.x - 2 * m.y, "[2 * (x - y)]"),
    ("negatives before a sum", lambda m: -m.x - m.y, "-(x + y)"),
    ("mean", lambda m: m.fn("sum", m.x) / m.length("n"), "mean(x)"),
    ("n times the mean", lambda m: m.length("n") * m.op("mean", m.x), "sum(x)"),
    ("logistic", lambda m: m.fn("exp", m.x) / (1 + m.fn("exp", m.x)), "expit(x)"),
    ("logistic of a negative", lambda m: 1 / (1 + m.fn("exp", -m.x)), "expit(x)"),
    ("softmax", lambda m: m.fn("exp", m.x) / m.fn("sum", m.fn("exp", m.x)), "softmax(x)"),
    ("log-sum-exp", lambda m: m.fn("log", m.fn("sum", m.fn("exp", m.x))), "logsumexp(x)"),
    ("log det", lambda m: m.fn("log", m.op("det", m.A)), "logdet(A)"),
    ("diagonal of a product", lambda m: m.op("diagonal", m.A @ m.B), "row_sums([A * t(B)])"),
    ("ranks", lambda m: m.op("scatter", m.y, m.op("order", m.x), shape=("n",)), "gather(y, order(order(x)))"),
    ("scales of one matrix", lambda m: column(m, m.x) * m.A - column(m, m.y) * m.A + m.s * m.A, "[column((s + x - y)) * A]"),
    ("complement of a logistic", lambda m: 1 - m.fn("expit", m.x), "expit(-x)"),
    ("standard logistic distribution", lambda m: m.fn("plogis", m.x, 0, 1), "expit(x)"),
    ("logarithm of a logistic", lambda m: m.fn("log", m.fn("expit", m.x)), "log_expit(x)"),
    ("logistic of the opposite", lambda m: m.fn("exp", -m.x) * m.fn("expit", m.x), "expit(-x)"),
    ("what is below the bars of a sum", lambda m: m.x * (m.y - m.s / m.x), "([x * y] - s)"),
    ("quadratic form", lambda m: m.fn("sum", m.x * (m.A.T @ m.x)), "sum([x * (A %*% x)])"),
    ("transpose of a projection", lambda m: m.op("solve", m.X.T @ m.X, m.X.T).T, "(X %*% inverse((t(X) %*% X)))"),
    ("a third", lambda m: m.x / m.s / 3, "x/[3 * s]"),
    ("a choice stays outside", lambda m: m.fn("ifelse", m.x > 0, m.y, 0) / m.x, "ifelse(>(x, 0), y/x, 0)"),
    ("choices with one test", lambda m: m.fn("ifelse", m.x > 0, m.y, 0) + m.fn("ifelse", m.x > 0, 0, m.x), "ifelse(>(x, 0), y, x)"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "form"), [pytest.param(*c[1:], id=c[0]) for c in RULES_AS_TEXT])
def test_light_forms(build, form):
    m = made()
    f = build(m).node
    arrays = Arrays(m.graph)
    light = arrays.light(f)
    if form is not None:
        assert text(light) == form
    assert light.shape == f.shape
    assert arrays.light(light) is light
    there = at() | {"A": np.array([[2.0, 1, 0], [0.5, 3, 1], [0.2, -0.3, 2]])}
    np.testing.assert_allclose(value(m.graph, light, there), value(m.graph, f, there), rtol=1e-10, atol=1e-12)


def test_every_operation_has_a_rule_or_is_made_as_it_is():
    without = {"length", "identity", "fill", "order", "cumprod", "cholesky", "record", "row_extreme", "scan", "local"}
    assert set(ARRAY_OPERATIONS) - set(RULES) - LINEAR == without
    assert not set(RULES) & LINEAR
    assert set(RULES) - set(ARRAY_OPERATIONS) - REDUCTIONS == {"add", "mul", "neg", "div", "pow", "ifelse"}


# -- mistakes that a prototype made ------------------------------------------------------------------------------------


def sums_of_products(m):
    return m.fn("sum", (column(m, m.x) + row(m, m.y)) @ m.X)


# Each loses a shape, a sign or a factor where a rule is written carelessly.
MISTAKES = [
    ("a sum keeps its shape when a row of zeros leaves it", lambda m: m.fn("sum", (column(m, m.x) + row(m, 0 * m.y)) @ m.X), "x"),
    ("trace of a laid vector within a sum", lambda m: m.op("trace", m.A + column(m, m.x)), "x"),
    ("diagonal of a sum with a number", lambda m: m.fn("sum", m.op("diagonal", m.A + m.s) ** 2), "s"),
    ("column sums of what is stretched the other way", lambda m: m.fn("sum", m.op("column_sums", m.X + column(m, m.x)) ** 2), "x"),
    ("row sums of a laid row", lambda m: m.fn("sum", m.op("row_sums", m.X + row(m, m.b)) ** 2), "b"),
    ("product of sums of laid vectors", sums_of_products, "x"),
    ("a mask made of the variable", lambda m: m.fn("sum", m.op("select", m.x, m.x > 0) ** 2) + m.fn("sum", m.x), "x"),
    ("an order made of the variable", lambda m: m.fn("sum", m.op("gather", m.x, m.op("order", m.x)) * m.y), "x"),
    ("an adjoint of lower shape in a product", lambda m: m.fn("sum", m.A @ m.X), "A"),
    ("an adjoint of lower shape in a system", lambda m: m.fn("sum", m.op("solve", m.A + 5 * m.eye("n"), m.x)), "A"),
    ("the side of a choice that looks like an indicator", lambda m: m.fn("sum", m.fn("ifelse", m.x > 0, 0, m.y * m.x**2) * m.x), "x"),
    ("a transpose hidden by a square matrix", lambda m: m.x @ (m.A @ (m.A.T @ m.y)), "A"),
    ("mean of a matrix", lambda m: m.op("mean", column(m, m.op("row_sums", m.X)) * (m.A @ m.X)), "X"),
]  # fmt: skip


@pytest.mark.parametrize(("n", "k"), [(3, 2), (2, 3), (1, 1)])
@pytest.mark.parametrize(("build", "by"), [pytest.param(*c[1:], id=c[0]) for c in MISTAKES])
def test_rules_lose_nothing(build, by, n, k):
    m = made()
    f = build(m).node
    arrays = Arrays(m.graph)
    there = at(n, k)
    gradient = reverse_gradient(arrays, f, m.symbols[by])
    assert gradient.shape == m.symbols[by].shape
    wanted = differences(m.graph, f, there, by)
    np.testing.assert_allclose(value(m.graph, gradient, there), wanted, rtol=1e-5, atol=1e-6)
    if len(m.symbols[by].shape) == 1:
        hessian = second_derivative_of(arrays, f, m.symbols[by], m.symbols[by])
        wanted = differences(m.graph, gradient, there, by)
        assert hessian.node.shape == m.symbols[by].shape * 2
        np.testing.assert_allclose(value(m.graph, hessian.node, there), wanted, rtol=1e-5, atol=1e-5)


def test_a_hessian_that_is_zero_has_its_shape():
    m = made()
    hessian = second_derivative_of(Arrays(m.graph), m.fn("sum", m.x * m.y).node, m.symbols["x"], m.symbols["x"])
    assert text(hessian.node) == "fill(0, (n, n))"


def test_what_is_not_chosen_may_have_no_value():
    """0 * NaN is NaN: log(x) at -1, and 1/x at 0, are not taken."""
    m = made()
    positive = m.fn("ifelse", m.x > 0, m.fn("log", m.x) + m.fn("sqrt", m.x) * m.y / m.x, 3)
    gradient = reverse_gradient(Arrays(m.graph), m.fn("sum", positive).node, m.symbols["x"])
    there = at() | {"x": np.array([-1.0, 0.0, 4.0]), "y": np.array([1.0, 1.0, 8.0])}
    with np.errstate(all="ignore"):
        found = value(m.graph, gradient, there)
    np.testing.assert_allclose(found, [0, 0, 1 / 4 - 0.5 * 8 * 4**-1.5])


def test_the_larger_of_two_vectors_is_a_choice():
    m = made()
    f = m.fn("sum", m.fn("pmax", m.x, 0) * m.fn("log", m.y)).node
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["x"])
    there = at() | {"x": np.array([-1.0, 2.0, 3.0]), "y": np.array([0.0, 2.0, 3.0])}
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(value(m.graph, gradient, there), [0, np.log(2), np.log(3)])


def test_the_derivative_by_a_symmetric_matrix_is_symmetric():
    m = made()
    f = m.fn("sum", m.S * m.A).node
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["S"])
    assert text(gradient) == "[0.5 * (A + t(A))]"


def test_a_vector_of_length_one_is_recycled():
    """A vector of length 1 is repeated; its derivative is the sum over the turns."""
    m = Maker()
    x, y = m.sym("x", 6), m.sym("y", 1)
    f = m.fn("sum", m.fn("exp", x * y)).node
    there = {"x": np.linspace(-1, 1, 6), "y": np.array([0.3])}
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["y"])
    assert gradient.shape == (1,)
    expected = [np.sum(there["x"] * np.exp(0.3 * there["x"]))]
    assert value(m.graph, gradient, there) == pytest.approx(expected)


def test_jacobians_by_a_number_and_of_a_number_are_vectors():
    m = made()
    arrays = Arrays(m.graph)
    assert derivative_of(arrays, (m.s**2 * m.x).node, m.symbols["s"]).node.shape == m.symbols["x"].shape
    assert derivative_of(arrays, m.fn("sum", m.s**2 * m.x).node, m.symbols["x"]).node.shape == m.symbols["x"].shape
