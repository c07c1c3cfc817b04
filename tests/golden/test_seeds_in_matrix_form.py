"""Examples of the source material about vectors, in matrix form: formulas for any length, and their numbers."""

import numpy as np
import pytest

# Mathematics for Machine Learning, examples 5.1, 5.9 and 5.11: f, its variable, the derivative in R and in Python.
FORMULAS = [
    ("t(x) %*% x", "x", "2 * x", "2*x"),
    ("sum(x^2)", "x", "2 * x", "2*x"),
    ("A %*% x", "x", "A", "A"),
    (
        "sum((y - Phi %*% theta)^2)",
        "theta",
        "-2 * t(Phi) %*% (y - Phi %*% theta)",
        "-2*(Phi.T @ (y - Phi @ theta))",
    ),
]


@pytest.mark.parametrize(("text", "variable", "r", "python"), FORMULAS)
def test_a_formula_of_the_source_has_one_derivative_for_any_length(service, text, variable, r, python):
    found = service.differentiate(text, variable, notations=("r", "python"))
    assert found.renderings == {"r": r, "python": python}


def test_the_gradient_of_the_loss_is_that_of_its_components(service):
    # Example 5.11 with the rows of the components' example: y - a - b*x at a = 0, b = 1.
    phi, y = np.column_stack([np.ones(3), [1.0, 2.0, 3.0]]), [1.0, 3.0, 5.0]
    data = {"Phi": phi, "y": y}
    found = service.gradient("sum((y - Phi %*% theta)^2)", "theta", at={"theta": [0.0, 1.0]}, data=data)
    assert found.values == pytest.approx([-6.0, -16.0])


def test_a_chain_is_the_product_of_two_jacobians(service):
    # d/dx of g(f(x)) with f(x) = A x and g(u) = tanh(u).
    A, x = np.array([[2.0, 1.0], [0.5, 3.0]]), np.array([1.0, 2.0])
    whole = service.jacobian("tanh(A %*% x)", "x", at={"A": A, "x": x}).values
    outer = service.jacobian("tanh(u)", "u", at={"u": A @ x}, shapes={"u": "n"}).values
    inner = service.jacobian("A %*% x", "x", at={"A": A, "x": x}).values
    assert np.allclose(whole, np.asarray(outer) @ np.asarray(inner), rtol=1e-12)
