"""Hard values of expressions with shapes: singular matrices, overflow, nothing at all, NaN."""

import numpy as np
import pytest
import scipy.special
from secantd.expression import Graph

from .running import K, N, run


@pytest.mark.parametrize(
    "A", [np.zeros((2, 2)), np.array([[1.0, 2], [2, 4]]), np.arange(9.0).reshape(3, 3), np.full((2, 2), np.nan)]
)
def test_a_singular_matrix_has_nan_as_its_solutions_and_raises_nothing(A):
    g = Graph()
    a, b = g.symbol("A", (N, N)), g.symbol("b", (N,))
    assert np.isnan(run(g, g.array("inverse", a), A=A)).all()
    assert np.isnan(run(g, g.array("solve", a, b), A=A, b=np.ones(len(A)))).all()
    det = run(g, g.array("det", a), A=A)
    np.testing.assert_allclose(det, np.nan if np.isnan(A).any() else 0.0, atol=1e-12)


def test_a_matrix_with_rows_of_very_different_sizes_is_not_singular():
    g = Graph()
    A = np.diag([1e150, 1.0, 1e-150])
    np.testing.assert_allclose(run(g, g.array("inverse", g.symbol("A", (N, N))), A=A), np.diag([1e-150, 1.0, 1e150]))
    assert run(g, g.array("det", g.symbol("A", (N, N))), A=A) == pytest.approx(1.0)


def cofactors(A):
    n = len(A)
    minor = [[np.linalg.det(np.delete(np.delete(A, i, 0), j, 1)) for j in range(n)] for i in range(n)]
    return np.array(minor) * (-1.0) ** np.add.outer(np.arange(n), np.arange(n))


SINGULAR = [
    np.array([[0.0]]),
    np.array([[1.0, 2], [2, 4]]),
    np.zeros((2, 2)),
    np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]),
    np.array([[1.0, 2, 3], [2, 4, 6], [3, 6, 9]]),
    np.diag([1.0, 1e-20]),
    np.array([[2.0, 0.5], [0.5, 1]]),
]


@pytest.mark.parametrize("A", SINGULAR)
def test_the_gradient_of_a_determinant_is_right_at_a_singular_matrix(A):
    g = Graph()
    a = g.symbol("A", (N, N))
    det, inverse = g.array("det", a), g.array("inverse", a)
    gradient = g.make("mul", det, g.array("transpose", inverse))
    np.testing.assert_allclose(run(g, gradient, A=A), cofactors(A), atol=1e-12)
    other = g.make("mul", g.number(3), g.array("inverse", g.array("transpose", a)), det)
    np.testing.assert_allclose(run(g, other, A=A), 3 * cofactors(A), atol=1e-12)
    # 2 det(A) cofactors, the gradient of det(A)^2; and det(A) below linear operations.
    squared = g.make("mul", g.number(2), g.make("pow", det, g.number(2)), g.array("transpose", inverse))
    np.testing.assert_allclose(run(g, squared, A=A), 2 * np.linalg.det(A) * cofactors(A), atol=1e-12)
    B = np.random.default_rng(0).normal(size=A.shape)
    b = g.symbol("B", (N, N))
    slope = g.make("mul", det, g.make("sum", g.make("mul", g.array("transpose", inverse), b)))
    assert run(g, slope, A=A, B=B) == pytest.approx((cofactors(A) * B).sum(), abs=1e-12)
    trace = g.make("mul", det, g.array("trace", g.array("solve", a, b)))
    assert run(g, trace, A=A, B=B) == pytest.approx((cofactors(A) * B).sum(), abs=1e-12)


def test_determinants_that_leave_the_range_of_doubles_have_logarithms():
    g = Graph()
    a = g.symbol("A", (N, N))
    A = np.diag(np.full(400, 0.1))
    assert run(g, g.array("logdet", a), A=A) == pytest.approx(400 * np.log(0.1))
    assert run(g, g.make("log", g.array("det", a)), A=A) == pytest.approx(400 * np.log(0.1))
    assert run(g, g.array("logdet", a), A=-np.eye(3)) == 0.0
    assert np.isnan(run(g, g.make("log", g.array("det", a)), A=-np.eye(3)))
    assert run(g, g.make("log", g.array("det", a)), A=np.zeros((2, 2))) == -np.inf


BIG = np.array([1000.0, 1001.0, -1000.0])


def test_exponentials_do_not_overflow_where_the_value_does_not():
    g = Graph()
    x = g.symbol("x", (N,))
    e = g.make("exp", x)
    total = g.make("sum", e)
    shares = scipy.special.softmax(BIG)
    assert run(g, g.make("log", total), x=BIG) == pytest.approx(scipy.special.logsumexp(BIG))
    assert run(g, g.array("logsumexp", x), x=BIG) == pytest.approx(scipy.special.logsumexp(BIG))
    for node in (g.array("softmax", x), g.make("div", e, total), g.make("mul", g.make("div", e, total), g.number(1))):
        np.testing.assert_allclose(run(g, node, x=BIG), shares, rtol=1e-12)
    one = g.make("add", g.number(1), e)
    for node in (g.make("expit", x), g.make("div", e, one)):
        np.testing.assert_allclose(run(g, node, x=BIG), [1, 1, 0], atol=1e-300)
    for node in (g.make("softplus", x), g.make("log", one), g.make("log1p", e)):
        np.testing.assert_allclose(run(g, node, x=BIG), [1000, 1001, 0], atol=1e-300)


def test_expit_over_arrays_has_the_digits_of_expit_at_one_point():
    from secantd.program.operations import operation

    u = np.concatenate([np.linspace(-760, 760, 2001), [np.nan, np.inf, -np.inf, 0.0, -709.9, -745.0]])
    row = operation("expit")
    with np.errstate(over="ignore"):
        found = row.array(u)
        into = row.array(u, out=np.empty(len(u)))
        many = row.array(np.array([-720.0, 1.0]), out=np.empty((3, 2)))
        assert row.array(0.5, out=np.empty(2)).tolist() == [row.careful(0.5)] * 2
    np.testing.assert_allclose(found, [row.careful(x) for x in u.tolist()], rtol=1e-14, atol=5e-324)
    np.testing.assert_array_equal(found, into)
    np.testing.assert_allclose(many, [[row.careful(-720.0), row.careful(1.0)]] * 3)


def test_nothing_at_all_has_its_values_too():
    g = Graph()
    x, A = g.symbol("x", (N,)), g.symbol("A", (N, N))
    none, square = np.zeros(0), np.zeros((0, 0))
    assert run(g, g.make("sum", x), x=none) == 0.0
    assert run(g, g.make("max_of", x), x=none) == -np.inf
    assert np.isnan(run(g, g.array("mean", x), x=none))
    assert run(g, g.array("det", A), A=square) == 1.0
    assert run(g, g.array("solve", A, x), A=square, x=none).shape == (0,)


def test_nan_goes_through():
    g = Graph()
    x = g.symbol("x", (N,))
    mask = g.make(">", x, g.number(0))
    at = np.array([1.0, np.nan, -1.0])
    np.testing.assert_array_equal(run(g, g.make("mul", x, x), x=at), [1, np.nan, 1])
    np.testing.assert_array_equal(run(g, g.array("select", x, mask), x=at), [1, np.nan])
    np.testing.assert_array_equal(run(g, g.array("unselect", x, mask), x=np.array([2.0, 3.0])), [2, 3])
    index = g.symbol("i", (K,))
    np.testing.assert_array_equal(run(g, g.array("gather", x, index), x=at, i=[3, np.nan, 1]), [-1, np.nan, 1])
