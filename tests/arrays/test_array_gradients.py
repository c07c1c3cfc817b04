"""Gradients of functions of vectors and matrices."""

import numpy as np
import pytest
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import differential_of, reverse_gradient
from secantd.calculus.arrays.linearmaps import matrix_of
from secantd.program import compile_shaped

from .cases import GRADIENTS
from .formulas import Maker
from .text import text
from .values import differences, value


@pytest.mark.parametrize(("at", "build", "by", "wanted", "form"), [pytest.param(*c[1:], id=c[0]) for c in GRADIENTS])
def test_gradients_have_the_values_and_the_form_that_a_person_writes(at, build, by, wanted, form):
    m = Maker()
    f = build(m).node
    arrays = Arrays(m.graph)
    gradient = reverse_gradient(arrays, f, m.symbols[by])
    found = value(m.graph, gradient, at)
    if wanted is None:
        assert found == pytest.approx(differences(m.graph, f, at, by), rel=1e-6, abs=1e-7)
    else:
        # The values of the table have twelve digits.
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=6e-13)
    assert np.shape(found) == np.shape(at[by])
    if form is not None:
        assert text(gradient) == form
    assert arrays.light(gradient) is gradient


@pytest.mark.parametrize(("at", "build"), [pytest.param(c[1], c[2], id=c[0]) for c in GRADIENTS])
def test_the_light_form_of_a_function_has_its_value(at, build):
    m = Maker()
    f = build(m).node
    light = Arrays(m.graph).light(f)
    assert light.shape == f.shape
    if max(map(np.max, at.values())) < 100:
        assert value(m.graph, light, at) == pytest.approx(value(m.graph, f, at), rel=1e-12)


def test_a_sum_of_products_with_an_outer_product_over_a_matrix_ends():
    """outer(u, w)/M is no outer product: (A + B) %*% v was multiplied out and put together again without end."""
    m = Maker()
    w, u = m.sym("w", "n"), m.sym("u", "n")
    f = m.fn("sum", u * (m.fn("sqrt", 2 + m.op("outer", w, w) ** 2) @ w)).node
    at = {"w": np.array([0.3, -0.4, 1.1]), "u": np.array([1.0, 2.0, -0.5])}
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["w"])
    assert value(m.graph, gradient, at) == pytest.approx(differences(m.graph, f, at, "w"), rel=1e-6)


# Products of the other entries, by hand. The quotient of the product and an entry has no value where that entry is 0.
AT_ZEROS = {
    "prod": (lambda m: m.fn("prod", m.sym("x", "n")), [2.0, 0, 3], [0, 6, 0], [[0, 3, 0], [3, 0, 2], [0, 2, 0]]),
    "prod at two zeros": (lambda m: m.fn("prod", m.sym("x", "n")), [0.0, 0, 3], [0, 0, 0], [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
    "cumprod": (
        lambda m: m.fn("sum", m.op("cumprod", m.sym("x", "n")) * m.op("cumsum", m.op("fill", 1, shape=("n",)))),
        [2.0, 0, 3, 4],
        [1, 118, 0, 0],
        [[0, 59, 0, 0], [59, 0, 38, 24], [0, 38, 0, 0], [0, 24, 0, 0]],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("build", "x", "gradient", "hessian"), AT_ZEROS.values(), ids=AT_ZEROS)
def test_products_have_derivatives_where_entries_are_zero(build, x, gradient, hessian):
    m = Maker()
    form = Arrays(m.graph)
    found = reverse_gradient(form, build(m).node, m.symbols["x"])
    assert value(m.graph, found, {"x": x}) == pytest.approx(np.array(gradient))
    change = m.graph.symbol("dx", m.symbols["x"].shape)
    rows = matrix_of(form, differential_of(form, found, m.symbols["x"], change), change)
    np.testing.assert_allclose(value(m.graph, rows, {"x": x}), hessian)


def test_a_vector_of_unknown_length_that_fills_a_matrix_has_a_gradient():
    """The length of the vector is not written as the product of the sides."""
    m = Maker()
    v, w = m.sym("v", "m"), m.sym("W", "n", "k")
    f = m.fn("sum", m.op("reshape", v, payload=(0,), shape=("n", "k")) ** 2 * w).node
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["v"])
    assert gradient.shape == m.symbols["v"].shape
    W, x = np.arange(6.0).reshape(2, 3), np.arange(1.0, 7)
    (found,) = compile_shaped(m.graph, [gradient], ["v", "W"])({"v": x, "W": W})
    np.testing.assert_array_equal(found, 2 * x * W.ravel("F"))


def test_positions_have_no_derivative():
    m = Maker()
    x, g = m.sym("x", "n"), m.sym("g", "n")
    f = m.fn("sum", m.op("gather", x, g) ** 2).node
    gradient = reverse_gradient(Arrays(m.graph), f, m.symbols["g"])
    at = {"x": np.array([1.0, 2, 3]), "g": np.array([3.0, 1, 1])}
    np.testing.assert_array_equal(value(m.graph, gradient, at), np.zeros(3))
