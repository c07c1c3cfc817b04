"""Data of one entry beside vectors and matrices, and components in place of the vector."""

import numpy as np
import pytest
from secantd.calculus import gradient_answer
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Notation, read

LAMBDA = np.array([0.1])
DATA = {
    "lam": LAMBDA,
    "y": np.array([1.0, 2.0, 3.0]),
    "X": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
    "one": np.array([1.0]),
    "Z": np.array([[2.0]]),
}
B = np.array([1.0, 2.0])
RESIDUAL = DATA["y"] - DATA["X"] @ B


@pytest.mark.parametrize(
    ("text", "gradient", "value"),
    [
        (
            "sum((y - X %*% b)^2) + lam*sum(b^2)",
            "2 * (lam * b - t(X) %*% (y - X %*% b))",
            2 * (0.1 * B - DATA["X"].T @ RESIDUAL),
        ),
        (
            "sum((lam*diag(2) + t(X) %*% X) %*% b)",
            "t(X) %*% rowSums(X) + lam",
            DATA["X"].T @ DATA["X"].sum(axis=1) + 0.1,
        ),
        ("lam*sum(b^2)", "2 * lam * b", 0.2 * B),
        ("sum(one[1]*b) + sum(Z %*% one) + length(one)*sum(b)", "rep(2, length(b))", [2, 2]),
        ("sum((one - b[one])^2)", None, [0, 0]),
        ("sum(lam %*% t(b))", "rep(lam, length(b))", [0.1, 0.1]),
        ("sum(rev(one)*cumsum(one)*sum(b))", "rep(one^2, length(b))", [1, 1]),
    ],
)
def test_a_column_of_one_entry_is_a_number_beside_arrays_and_a_vector_where_one_is_needed(text, gradient, value):
    names = {name: values for name, values in DATA.items() if name in text}
    found = gradient_answer(read(text, data=names, variables=["b"]), ["b"], {"b": B}).partials[0]
    assert gradient is None or found.text == gradient
    np.testing.assert_allclose(found.values, value, rtol=1e-12)


def test_a_column_of_one_entry_is_a_column_in_formulas_of_numbers():
    function = read("lam*x^2", data={"lam": LAMBDA})
    assert [node.op for node in function.graph.nodes if node.op == "sum"] == []
    assert gradient_answer(function, ["x"]).partials[0].text == "2 * (lam * x)"


def test_ifelse_of_one_number_chooses_no_vectors_in_r():
    for text in ("sum(ifelse(s > 0, c(a, b), c(b, a)))", "sum(ifelse(s > 0, x[-1], x[-1]^2))"):
        with pytest.raises(CalculusError, match="has the shape of its test") as caught:
            read(text)
        assert caught.value.hint == "write if (test) yes else no to choose between vectors"
    assert gradient_answer(read("sum(if (s > 0) x else x^2)", variables=["x"]), ["x"], {"s": -1.0, "x": B}).partials[
        0
    ].values.tolist() == [2, 4]
    assert read("np.sum(np.where(s > 0, x[1:], x[1:]**2))", Notation.PYTHON).arrays


def test_ifelse_of_one_entry_chooses_between_vectors_of_one_entry():
    shapes = {"x": VariableShape((1,))}
    function = read("sum(ifelse(x > 0.3, x, y)^2)", data={"y": np.array([2.0])}, shapes=shapes, variables=["x"])
    assert gradient_answer(function, ["x"], {"x": np.array([1.5])}).partials[0].values.tolist() == [3]
    assert gradient_answer(function, ["x"], {"x": np.array([0.1])}).partials[0].values.tolist() == [0]
    with pytest.raises(CalculusError, match="has the shape of its test"):
        read("sum(ifelse(x > 0.3, x, y)^2)", data={"y": np.array([2.0, 1.0])}, shapes=shapes, variables=["x"])


def test_an_entry_that_a_vector_of_one_entry_does_not_have_has_no_derivative():
    function = read("rev(c(0, diff(x)))[1]^2", variables=["x"])
    assert gradient_answer(function, ["x"], {"x": np.array([1.5])}).partials[0].values.tolist() == [0]
    longer = gradient_answer(function, ["x"], {"x": np.array([1.5, 2.0, 4.0])}).partials[0]
    assert longer.values.tolist() == [0, -4, 4]


@pytest.mark.parametrize(
    ("text", "one", "two"),
    [("c(diff(x), x)[1]^2", [3], [-2, 2]), ("rev(c(1, cumprod(x)))[2]^2", [0], [3, 0])],
)
def test_an_entry_of_joined_vectors_is_that_of_the_next_one_where_the_first_is_short(text, one, two):
    function = read(text, variables=["x"])
    assert gradient_answer(function, ["x"], {"x": np.array([1.5])}).partials[0].values.tolist() == one
    assert gradient_answer(function, ["x"], {"x": np.array([1.5, 2.5])}).partials[0].values.tolist() == two


def test_a_place_in_a_known_length_is_counted_from_its_start():
    function = read("sum((y - X %*% c(a, b))^2)", variables=["a"])
    assert gradient_answer(function, ["a"]).partials[0].text == "-(2 * sum(X[, 1] * (y - X %*% c(a, b))))"


def test_no_notice_says_that_a_component_is_read_as_a_number():
    function = read("sum(dnorm(X %*% p[1:2], 0, exp(p[3])))")
    assert function.notices == ()


def test_a_column_of_a_data_frame_may_be_named_behind_a_comma():
    columns = {"d$u": np.array([1.0, 2.0])}
    assert gradient_answer(read('sum(a*d[, "u"])', data=columns), ["a"], {"a": 1.0}).partials[0].value == 3


@pytest.mark.parametrize(
    ("text", "notation", "derivative"),
    [
        ("sum(a*X)/ncol(X)", Notation.R, "sum(X)/ncol(X)"),
        ("sum(a*X)/nrow(X)", Notation.R, "sum(X)/nrow(X)"),
        ("sum(a*x)/NROW(x)", Notation.R, "mean(x)"),
        ("a*np.sum(X)/X.shape[1]", Notation.PYTHON, "np.sum(X)/X.shape[1]"),
        ("np.sum(a*x)/x.shape[0]", Notation.PYTHON, "np.mean(x)"),
    ],
)
def test_what_has_columns_is_a_matrix_also_where_it_stands_in_a_sum_before(text, notation, derivative):
    assert gradient_answer(read(text, notation, variables=["a"]), ["a"]).partials[0].text == derivative


def test_a_vector_has_no_number_of_columns_in_r():
    with pytest.raises(CalculusError, match="of a vector is NULL"):
        read("sum(a*y)/nrow(y)", data={"y": np.ones(3)})


def test_beside_one_row_of_data_a_name_is_a_number_and_a_notice_says_so():
    row = {"y": np.array([3.0])}
    for variables in ([], ["a"]):
        function = read("sum(a*y^2)", data=row, variables=variables)
        assert function.graph.symbol("a").shape == ()
        assert function.notices == ("sum(): 'a' is read as a number; declare its shape if that is wrong",)
    declared = read("sum(a*y^2)", data=row, shapes={"a": VariableShape((2,))}, variables=["a"])
    found = gradient_answer(declared, ["a"], {"a": B}).partials[0]
    assert (found.text, found.values.tolist()) == ("rep(y^2, 2)", [9, 9])
    assert declared.notices == ()
