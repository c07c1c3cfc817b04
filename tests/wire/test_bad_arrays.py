"""Vectors and matrices that do not fit, by the Python client: what is refused, with which words, and what gets a notice."""

import numpy as np
import pytest
import secant

A23 = [[1.0, 2, 3], [4, 5, 6]]
SINGULAR = [[1.0, 2], [2, 4]]


@pytest.fixture(scope="module")
def client(server):
    with secant.connect(server.address, timeout=120) as found:
        yield found


# The formula, the variables, the rest of the request, and words of the message.
REFUSED = {
    "shapes that do not conform": ("sum((y - X %*% b)^2)", ["b"], {"at": {"b": [1, 2, 3]}, "data": {"X": np.ones((4, 2)), "y": np.ones(4)}},
        "'%*%': a 4 x 2 matrix and a vector of length 3 do not conform\n  sum((y - X %*% b)^2)\n           ^^^^^^^"),
    "matrices of two shapes": ("sum(A + B)", [], {"at": {"A": A23, "B": np.ones((3, 2))}}, "'+': a 2 x 3 matrix and a 3 x 2 matrix do not conform"),
    "vectors of two lengths": ("sum(x + y)", [], {"at": {"x": [1, 2], "y": [1, 2, 3]}}, "vectors of lengths 2 and 3 cannot be combined"),
    "broadcasting of NumPy": ("np.sum(A*x)", [], {"at": {"A": A23, "x": [1, 2]}, "notation": "python"}, "a 2 x 3 matrix and a vector of length 2"),
    "chosen entries": ("sum(x[x > 1]*z)", ["x"], {"shapes": {"x": "n", "z": 3}}, "a vector of the entries that a condition chooses and a vector of length 3"),
    "det of a matrix that is not square": ("det(A)", [], {"at": {"A": A23}}, "det() takes a square matrix, not a 2 x 3 matrix"),
    "the diagonal of such a matrix": ("sum(diag(A))", [], {"at": {"A": A23}}, "a square matrix, not of a 2 x 3 matrix"),
    "an index out of range": ("x[5]*sum(x)", [], {"at": {"x": [1, 2, 3]}}, "the index 5 is out of range: the vector has 3 elements"),
    "a row out of range": ("sum(A[4, ])", [], {"at": {"A": A23}}, "the index 4 is out of range: the length is 2"),
    "a position of data out of range": ("sum(re[g])", ["re"], {"at": {"re": [1, 2]}, "data": {"g": [1, 2, 3]}}, "3 is no position from 1 to 2"),
    "a position that is not whole": ("sum(re[g])", ["re"], {"at": {"re": [1, 2]}, "data": {"g": [1.5, 2, 1]}}, "1.5 is no position from 1 to 2"),
    "a position of the point out of range": ("sum(re[g])", ["re"], {"at": {"re": [1, 2], "g": [1, 2, 3]}}, "the index 3 is outside a value of length 2"),
    "a mask of another length": ("sum(x[m > 0])", ["x"], {"at": {"x": [1, 2]}, "data": {"m": [1, 2, 3]}}, "a mask: a vector of length 2 and a vector of length 3"),
    "an empty vector": ("sum(x^2)", [], {"at": {"x": []}}, "a length is 0"),
    "an empty column": ("sum((y - a)^2)", ["a"], {"data": {"y": []}}, "the column 'y' is empty"),
    "columns of two lengths": ("sum((y - a*x)^2)", ["a"], {"data": {"y": [1, 2, 3], "x": [1, 2]}}, "data columns of lengths 2 and 3"),
    "a column and a matrix of two lengths": ("sum(y*(X %*% b))", ["b"], {"data": {"y": [1, 2, 3], "X": np.ones((2, 2))}}, "a vector of length 3 and a vector of length 2"),
    "a symmetric matrix that is not": ("log(det(S))", [], {"at": {"S": [[1, 2], [0, 1]]}, "shapes": {"S": "symmetric n x n"}}, "'S' is declared symmetric, but its value is not"),
    "a factor of a matrix that is not symmetric": ("sum(chol(S))", [], {"at": {"S": [[2, 1], [0, 2]]}}, "'S' is a symmetric matrix, but its value is not"),
    "a negative length": ("sum(x^2)", [], {"shapes": {"x": -1}}, "a length is -1"),
    "a negative number of rows": ("sum(matrix(x, -1, 2))", [], {"shapes": {"x": 4}}, "'nrow' must be a whole number from 1"),
    "a negative size": ("np.sum(np.eye(-1)*x)", [], {"notation": "python"}, "the size of the identity matrix must be a whole number from 1"),
    "rows of two lengths in a text": ("np.sum(np.array([[1, 2], [3]])*x)", [], {"notation": "python"}, "the rows of the matrix have 1 and 2 entries"),
    "an axis that is not there": ("np.sum(A, axis=2)", [], {"at": {"A": A23}, "notation": "python"}, "the axis 2 is out of range: the array has 2 axes"),
    "too few entries": ("sum(matrix(x, 3, 2))", [], {"shapes": {"x": 4}}, "a 3 x 2 matrix has 6 entries, but the vector has 4"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "variables", "rest", "message"), REFUSED.values(), ids=REFUSED)
def test_arrays_that_do_not_fit_are_refused(client, text, variables, rest, message):
    with pytest.raises(secant.InvalidArgument) as caught:
        client.gradient(text, *variables, **rest)
    assert message in str(caught.value)


@pytest.mark.parametrize("place", ["at", "data"])
def test_ragged_lists_are_refused_before_they_are_sent(client, place):
    with pytest.raises(ValueError, match="the rows of A differ in length"):
        client.gradient("sum(A %*% b)", **{place: {"A": [[1, 2], [3]]}})


def test_too_many_rows_for_one_message_are_refused(client):
    with pytest.raises(secant.ResourceExhausted, match="larger than the limit"):
        client.gradient("sum((y - a)^2)", "a", at={"a": 1}, data={"y": np.ones(10_000_000)}, values_only=True)


NOTICES = {
    "a singular matrix": ("sum(solve(A, b))", ["b"], {"A": SINGULAR, "b": [1, 2]}, "the matrix of solve() is singular", [np.nan, np.nan]),
    "a singular inverse": ("sum(solve(A))", ["A"], {"A": SINGULAR}, "the matrix of solve() is singular", np.full((2, 2), np.nan)),
    "no Cholesky factor": ("sum(chol(S))", ["S"], {"S": [[1, 2], [2, 1]]}, "not positive definite", np.full((2, 2), np.nan)),
    "equal largest entries": ("max(x)", ["x"], {"x": [1, 3, 3]}, "several entries are equal to max()", [0, 0.5, 0.5]),
    "equal smallest entries of a row": ("sum(apply(X, 1, min))", ["X"], {"X": [[1, 1], [2, 3]]}, "several entries are equal to min()", [[0.5, 0.5], [1, 0]]),
    "equal entries of a running maximum": ("sum(cummax(x))", ["x"], {"x": [1, 1, 3]}, "that of the first", [2, 0, 1]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "variables", "at", "notice", "values"), NOTICES.values(), ids=NOTICES)
def test_exceptional_points_have_a_notice(client, text, variables, at, notice, values):
    found = client.gradient(text, *variables, at=at)
    assert any(notice in n for n in found.notices)
    np.testing.assert_array_equal(found.values, values)


def test_points_that_are_not_exceptional_have_none(client):
    assert client.gradient("max(x) + sum(cummax(x))", at={"x": [1, 3, 2]}).notices == ()
    assert client.gradient("sum(solve(A, b))", at={"A": [[1, 2], [2, 5]], "b": [1, 2]}).notices == ()


def test_the_determinant_has_its_gradient_at_a_singular_matrix(client):
    found = client.gradient("det(A)", at={"A": SINGULAR})
    np.testing.assert_allclose(found.values, [[4, -2], [-2, 1]], atol=1e-14)
    assert found.notices == ()


def test_an_index_of_which_nothing_is_known_is_a_vector_of_positions(client):
    found = client.gradient("sum((y - re[g])^2)", "re")
    assert found.texts == ("-2 * as.vector(tapply(y - re[g], factor(g, seq_along(re)), sum, default = 0))",)
    assert found.notices == ("'g' is read as a vector of positions; declare its shape if that is wrong",)


def test_a_name_that_may_be_meant_as_a_constant_has_a_notice(client):
    assert any("write exp(x)" in n for n in client.gradient("e^(2*x)").notices)
