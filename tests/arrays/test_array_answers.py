"""The answers for functions of vectors and matrices: texts, values, shapes, and refusals."""

import numpy as np
import pytest
from secantd import analysis, figure
from secantd.calculus import (
    differentiate,
    evaluate,
    gradient_answer,
    hessian,
    jacobian,
    tangent,
    taylor,
)
from secantd.calculus.results import Contact, Definiteness
from secantd.errors import CalculusError, Reason
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.settings import Limits

A0 = np.array([[2, 1], [0.5, 3]])
X0 = np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]])
Y0 = np.array([1.0, 2, 3, 5])
B0 = np.array([0.3, -0.4])
REGRESSION = {"X": X0, "y": Y0, "b": B0}
PAIR = VariableShape((2,))


def regression():
    return read("sum((y - X %*% b)^2)")


def test_a_gradient_has_one_formula_for_each_variable_in_all_notations():
    found = gradient_answer(regression(), ["b"], REGRESSION, [Notation.R, Notation.PYTHON, Notation.LATEX])
    (partial,) = found.partials
    assert dict(partial.renderings) == {
        Notation.R: "-2 * t(X) %*% (y - X %*% b)",
        Notation.PYTHON: "-2*(X.T @ (y - X @ b))",
        Notation.LATEX: r"-2 X^{\top} \left(y - X b\right)",
    }
    assert partial.values == pytest.approx(np.array([-25.6, -69.5]), rel=1e-12)
    assert partial.value is None
    assert partial.shape == (2,)
    assert found.value == pytest.approx(57.16)
    assert found.norm == pytest.approx(np.hypot(25.6, 69.5))
    assert found.shape.text == "1 x 2"


def test_without_a_point_shapes_have_the_names_of_lengths():
    assert gradient_answer(regression(), ["b"]).shape.text == "1 x ncol(X)"
    assert gradient_answer(regression(), ["X"]).shape.text == "nrow(X) x ncol(X)"
    assert hessian(regression(), ["b"]).shape.text == "ncol(X) x ncol(X)"


def test_values_only_are_the_values_of_the_formulas():
    formulas = gradient_answer(regression(), (), REGRESSION)
    numbers = gradient_answer(regression(), (), REGRESSION, values_only=True)
    for a, b in zip(formulas.partials, numbers.partials, strict=True):
        assert b.text == ""
        np.testing.assert_array_equal(a.values, b.values)


def test_a_directional_derivative_is_the_product_with_the_unit_vector():
    f = read("sum(exp(x)) + s*sum(x)", shapes={"x": PAIR})
    at = {"x": np.array([1.0, 2.0]), "s": 0.5}
    found = gradient_answer(f, (), at, direction={"x": np.array([3.0, 0.0]), "s": 4.0})
    expected = (np.exp(1.0) + 0.5) * 3 / 5 + 3.0 * 4 / 5
    assert found.directional.value == pytest.approx(expected, rel=1e-12)


def test_jacobians_have_values_and_determinants():
    f = read("tanh(A %*% x)", shapes={"A": VariableShape((2, 2)), "x": PAIR})
    found = jacobian(f, ["x"], {"A": A0, "x": np.array([1.0, 2.0])})
    ((block,),) = found.rows
    assert block.text == "as.vector(1 - tanh(A %*% x)^2) * A"
    wanted = [[0.002681901366, 0.001340950683], [4.520638e-06, 2.712383e-05]]
    np.testing.assert_allclose(block.values, wanted, rtol=1e-6)
    assert found.values == pytest.approx(np.tanh([4.0, 6.5]))
    assert found.area_factor == pytest.approx(abs(np.linalg.det(block.values)), rel=1e-9)
    assert found.sign == 1
    assert found.shape.text == "2 x 2"


def test_a_jacobian_by_several_variables_has_blocks_and_says_where_one_is_a_differential():
    found = jacobian(read("A %*% x"), ["x", "A"])
    ((by_x, by_a),) = found.rows
    assert by_x.text == "A"
    assert by_a.text == "dA %*% x"
    assert "differential" in found.notices[0]
    at = {"A": A0, "x": np.array([1.0, 2.0])}
    # The values of a differential are those for unit changes.
    np.testing.assert_array_equal(
        jacobian(read("A %*% x"), ["x", "A"], at).rows[0][1].values, np.kron(np.eye(2), [1, 2])
    )


def test_second_derivatives_by_a_matrix_are_numbers_at_a_point():
    at = {"A": A0, "s": 2.0}
    inverse = np.linalg.inv(A0)
    by_a = -np.einsum("li,jk->ijkl", inverse, inverse).reshape(4, 4)
    f = read("s^2*log(det(A))")
    found = hessian(f, ["s", "A"], at)
    cross = 4 * inverse.T.reshape(1, 4)
    whole = np.block([[np.array([[2 * np.log(5.5)]]), cross], [cross.T, 4 * by_a]])
    np.testing.assert_allclose(
        np.block(
            [
                [
                    np.reshape(p.values if p.values is not None else p.value, (-1 if i else 1, 4 if j else 1))
                    for j, p in enumerate(row)
                ]
                for i, row in enumerate(found.rows)
            ]
        ),
        whole,
        atol=1e-14,
    )
    assert found.eigenvalues == pytest.approx(np.linalg.eigvalsh(whole))
    np.testing.assert_allclose(differentiate(f, ["A", "A"], at).derivative.values, 4 * by_a, atol=1e-14)


def test_the_values_for_a_symmetric_matrix_are_those_for_symmetric_changes():
    f = read("log(det(S))", shapes={"S": VariableShape((2, 2), True)})
    at = np.array([[2.0, 0.5], [0.5, 3.0]])
    inverse = np.linalg.inv(at)
    full = -np.einsum("li,jk->ijkl", inverse, inverse)
    wanted = (full + full.swapaxes(2, 3)) / 2
    np.testing.assert_allclose(hessian(f, at={"S": at}).rows[0][0].values, wanted.reshape(4, 4), atol=1e-14)


def test_a_jacobian_of_more_entries_than_the_limit_is_refused():
    at = {"A": np.ones((2, 3)), "x": np.ones(3)}
    with pytest.raises(CalculusError, match="2 x 6 derivatives has 12 entries") as caught:
        jacobian(read("A %*% x"), ["A"], at, limits=Limits(matrix_entries=10))
    assert caught.value.reason is Reason.LIMIT_EXCEEDED


def test_a_vector_of_which_only_the_length_is_used_may_have_a_value():
    x = np.ones(3)
    f = read("s*length(x)", shapes={"x": VariableShape((3,))})
    assert gradient_answer(f, ["s"], {"s": 2.0, "x": x}).partials[0].value == 3
    f = read("function(s, x) s*length(x)", shapes={"x": VariableShape((3,))})
    found = gradient_answer(f, (), {"s": 2.0, "x": x})
    np.testing.assert_array_equal(found.partials[1].values, np.zeros(3))


def test_the_name_of_a_vector_of_components_stands_for_its_components():
    f = read("x[1]^2*x[2]")
    at = {"x[1]": 3.0, "x[2]": 5.0}
    assert [p.value for p in gradient_answer(f, ["x"], at).partials] == [30, 9]
    assert jacobian(f, ["x"]).variables == hessian(f, ["x"]).variables == ("x[1]", "x[2]")
    # A derivative is one formula: the order of its variables counts.
    with pytest.raises(CalculusError, match="'x' has components"):
        differentiate(f, ["x"])


def test_hessians_have_blocks_and_eigenvalues():
    found = hessian(regression(), ["b", "y"], REGRESSION)
    assert [[p.text for p in row] for row in found.rows] == [
        ["2 * crossprod(X)", "-2 * t(X)"],
        ["-2 * X", "2 * diag(length(y))"],
    ]
    whole = np.block([[2 * X0.T @ X0, -2 * X0.T], [-2 * X0, 2 * np.eye(4)]])
    assert found.eigenvalues == pytest.approx(np.linalg.eigvalsh(whole), abs=1e-12)
    assert found.definiteness is Definiteness.POSITIVE_SEMI
    assert found.shape.text == "6 x 6"


def test_a_constant_hessian_has_eigenvalues_without_a_point():
    f = read("sum((y - X %*% b)^2)", data={"X": X0, "y": Y0})
    found = hessian(f)
    assert found.definiteness is Definiteness.POSITIVE
    assert found.eigenvalues == pytest.approx(np.linalg.eigvalsh(2 * X0.T @ X0))


def test_numbers_and_vectors_share_a_hessian():
    f = read("s^2*sum(x^2) + sum(exp(x))", shapes={"x": PAIR})
    at = {"x": np.array([1.0, 2.0]), "s": 0.5}
    found = hessian(f, ["x", "s"], at)
    x, s = at["x"], at["s"]
    cross = (4 * s * x).reshape(-1, 1)
    whole = np.block([[np.diag(2 * s**2 + np.exp(x)), cross], [cross.T, np.array([[2 * x @ x]])]])
    assert found.eigenvalues == pytest.approx(np.linalg.eigvalsh(whole), rel=1e-12)


def test_derivatives_of_any_order_are_given_until_one_has_rank_three():
    f = read("t(x) %*% A %*% x")
    assert differentiate(f, ["x", "x"]).derivative.text == "A + t(A)"
    assert differentiate(f, ["A"]).derivative.text == "outer(x, x)"
    second = differentiate(read("log(det(A))"), ["A", "A"])
    assert second.derivative.text == "-solve(t(A), t(dA) %*% t(solve(A)))"
    with pytest.raises(CalculusError, match="rank 3"):
        differentiate(read("log(det(A))"), ["A", "A", "A"])


def test_a_point_where_f_has_no_value_is_noted():
    f = read("log(det(A))", shapes={"A": VariableShape((2, 2))})
    found = differentiate(f, ["A"], {"A": np.array([[-2.0, 1.0], [0.0, 1.0]])})
    assert np.isnan(found.value)
    assert any("not defined" in n for n in found.notices)


def test_evaluate_gives_whole_derivatives_at_one_point():
    found = evaluate(regression(), REGRESSION, 2, ["b", "y"])
    derivatives = dict(found.derivatives)
    assert list(derivatives) == ["b", "y", "b b", "b y", "y y"]
    np.testing.assert_allclose(derivatives["b b"], 2 * X0.T @ X0)
    np.testing.assert_allclose(derivatives["b y"], -2 * X0.T)
    assert found.values == pytest.approx([57.16])


# -- tangents and polynomials -------------------------------------------------------------------------------------------


def test_a_tangent_is_a_hyperplane_with_vectors_of_slopes():
    f = read("sum(exp(x)) + s^2", shapes={"x": PAIR})
    at = {"x": np.array([0.0, 1.0]), "s": 2.0}
    found = tangent(f, at)
    assert found.slopes == pytest.approx([1.0, np.e, 4.0])
    assert found.value == pytest.approx(1 + np.e + 4)
    assert found.intercept == pytest.approx(1 + np.e + 4 - np.e - 8)
    plane = read(found.equation.text, shapes={"x": PAIR})
    there = {"x": np.array([0.5, -1.0]), "s": 1.0}
    height = evaluate(plane, there).values[0]
    assert height == pytest.approx(found.intercept + 1.0 * 0.5 - np.e + 4.0)


def test_a_kink_of_one_entry_is_no_tangent():
    found = tangent(read("sum(abs(x))", shapes={"x": PAIR}), {"x": np.array([1.0, 0.0])})
    assert found.contact is Contact.KINK
    assert found.equation is None
    assert "x[2]" in found.notices[0]


def test_a_point_without_a_value_has_no_tangent():
    f = read("sum(sqrt(x))", shapes={"x": PAIR})
    with pytest.raises(CalculusError, match="not defined") as caught:
        tangent(f, {"x": np.array([-1.0, 1.0])})
    assert caught.value.reason is Reason.UNDEFINED_AT_POINT


@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_error_of_a_polynomial_falls_with_the_power_of_the_distance(order):
    f = read("sum(exp(x)) + s*sum(x^2)", shapes={"x": PAIR})
    at = {"x": np.array([0.3, -0.2]), "s": 0.5}
    step = {"x": np.array([1.0, -0.7]), "s": 0.4}

    def error(h):
        found = taylor(
            f,
            at,
            order,
            points={n: np.atleast_1d(at[n] + h * step[n]) if n == "x" else at[n] + h * step[n] for n in at},
        )
        return abs(found.polynomial_values[0] - found.function_values[0])

    assert np.log2(error(0.02) / error(0.01)) == pytest.approx(order + 1, abs=0.15)


def test_both_forms_of_a_polynomial_have_one_value():
    f = read("sum((y - X %*% b)^2)", data={"X": X0, "y": Y0})
    found = taylor(f, {"b": B0}, 2)
    assert found.equals_function
    there = {"b": np.array([0.7, 0.2])}
    shape = {"b": PAIR}
    values = [evaluate(read(p.text, shapes=shape), there).values[0] for p in (found.polynomial, found.expanded)]
    assert values == pytest.approx([np.sum((Y0 - X0 @ there["b"]) ** 2)] * 2)


def test_a_polynomial_of_order_three_is_refused():
    with pytest.raises(CalculusError, match="the order is 3"):
        taylor(regression(), REGRESSION, 3)


# -- refusals -------------------------------------------------------------------------------------------------------------


def test_an_entry_is_no_variable_of_its_own():
    with pytest.raises(CalculusError, match=r"'x\[1\]' is an entry of 'x'") as caught:
        gradient_answer(read("sum(x^2)*x[1]"), ["x[1]"])
    assert caught.value.reason is Reason.UNKNOWN_VARIABLE


def test_blocks_below_the_diagonal_mirror_those_above():
    at = {"A": A0, "s": 0.5, "x": np.array([1.0, 2.0])}
    found = hessian(read("s^2*sum(A %*% x)"), ["A", "s", "x"], at)
    values = [[p.values for p in row] for row in found.rows]
    np.testing.assert_array_equal(values[0][1], values[1][0])
    np.testing.assert_allclose(values[0][1], 2 * 0.5 * np.array([[1, 2], [1, 2]]))
    np.testing.assert_array_equal(values[1][2], values[2][1])


def test_a_value_of_another_shape_is_refused():
    with pytest.raises(CalculusError, match="'b' is a vector of length 3"):
        gradient_answer(regression(), ["b"], {**REGRESSION, "b": np.zeros(3)})


def test_a_value_that_is_not_finite_is_refused_where_it_has_to_be():
    with pytest.raises(CalculusError, match="an entry of 'x' is nan"):
        tangent(read("sum(x^2)", shapes={"x": PAIR}), {"x": np.array([1.0, np.nan])})


CALLS = {
    "approximate": lambda f: analysis.approximate(f, {"b": 1.0}),
    "extrema": lambda f: analysis.extrema(f, {"b": (0.0, 1.0)}),
    "plot": lambda f: figure.plot(figure.PlotRequest(f, figure.CurveFigure())),
    "parallelogram": lambda f: figure.plot(figure.PlotRequest(f, figure.AreaFigure())),
    "composition": lambda f: jacobian(f, inner=[("b", read("t^2"))]),
    "inner function": lambda f: jacobian(read("x^2"), inner=[("x", f)]),
}


@pytest.mark.parametrize("call", CALLS)
def test_calls_that_take_numbers_refuse_arrays(call):
    with pytest.raises(CalculusError, match="vectors or matrices") as caught:
        CALLS[call](regression())
    assert caught.value.reason is Reason.INVALID_VALUE


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("-sum(y * (X %*% b) - log(1 + exp(X %*% b)))", ["b"]),
        ("sum(A %*% t(A) %*% x * exp(x))", ["A", "x"]),
        ("sum(tanh(X %*% b + s)^2)", ["b", "s"]),
    ],
)
def test_a_hessian_is_exactly_symmetric(text, names):
    rng = np.random.default_rng(4)
    data = {"X": rng.normal(size=(40, 3)), "y": rng.normal(size=40)}
    at = {"b": rng.normal(size=3), "s": 0.3, "A": rng.normal(size=(3, 3)), "x": rng.normal(size=3)}
    at = {name: at[name] for name in names}
    shapes = {name: VariableShape(np.shape(value)) for name, value in at.items()}
    used = {name: column for name, column in data.items() if name in text}
    found = hessian(read(text, data=used, shapes=shapes, variables=names), names, at)
    lines = [
        [np.reshape(f.value if f.values is None else f.values, (np.size(at[n]), -1)) for f in row]
        for row, n in zip(found.rows, names, strict=True)
    ]
    whole = np.block(lines)
    assert (whole == whole.T).all()
