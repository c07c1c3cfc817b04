"""Vectors and matrices in texts: their shapes, what does not conform, and what a text means in R and in Python."""

import numpy as np
import pytest
from secantd.errors import CalculusError
from secantd.expression import SCALAR, Length, VariableShape, shape_text
from secantd.language import Notation, read

R, PYTHON = Notation.R, Notation.PYTHON
NUMBER, VECTOR, MATRIX = VariableShape(()), VariableShape(("n",)), VariableShape(("n", "k"))


def shapes(function):
    """The shapes of a function's variables with lengths numbered in order of appearance, and of its value."""
    names: dict[str, str] = {}

    def short(shape):
        parts = []
        for d in shape:
            if isinstance(d, Length):
                names.update({n: "nmkhgf"[len(names)] for n, _ in d.terms if n not in names})
                d = Length(tuple((names[n], f) for n, f in d.terms), d.offset)
            parts.append(str(d))
        return " x ".join(parts) or "1"

    found = {v: short(function.graph.symbol(v).shape) for v in function.variables}
    return found | {"value": " | ".join(short(o.shape) for o in function.outputs)}


USES = {
    "t(x) %*% x": {"x": "n", "value": "1"},
    "crossprod(x)": {"x": "n", "value": "1"},
    "t(x) %*% A %*% x": {"x": "n", "A": "n x n", "value": "1"},
    "x %*% A %*% x": {"x": "n", "A": "n x n", "value": "1"},
    "tanh(A %*% x)": {"A": "n x m", "x": "m", "value": "n"},
    "sum((y - X %*% b)^2)": {"y": "n", "X": "n x m", "b": "m", "value": "1"},
    "log(det(A))": {"A": "n x n", "value": "1"},
    "sum(diag(A %*% M))": {"A": "n x m", "M": "m x n", "value": "1"},
    "t(a) %*% solve(M) %*% b": {"a": "n", "M": "n x n", "b": "n", "value": "1"},
    "-0.5*(log(det(S)) + t(x - m) %*% solve(S, x - m))": {"S": "n x n", "x": "n", "m": "n", "value": "1"},
    "sum(diff(v)^2)": {"v": "n", "value": "1"},
    "diff(v)": {"v": "n", "value": "n - 1"},
    "outer(u, v)": {"u": "n", "v": "m", "value": "n x m"},
    "function(x) { n <- length(x); sum((x[2:n] - x[1:(n - 1)]^2)^2) }": {"x": "n", "value": "1"},
    "r[-1] - r[-length(r)]": {"r": "n", "value": "n - 1"},
    "sum(v[v > 1.5]^2)": {"v": "n", "value": "1"},
    "x[1]*sum(x)": {"x": "n", "value": "1"},
    "100*(x[2] - x[1]^2)^2": {"x[1]": "1", "x[2]": "1", "value": "1"},
    "exp(-outer(t, t, '-')^2) + s^2*diag(3)": {"t": "3", "s": "1", "value": "3 x 3"},
    "rowSums(X) + colSums(X)": {"X": "n x n", "value": "n"},
    "sum(A[1, ] * A[, 2])": {"A": "n x n", "value": "1"},
    "cbind(1, x)": {"x": "n", "value": "n x 2"},
    "c(x[-1], 0)": {"x": "n", "value": "n"},
    "sum(seq_along(x)*x)": {"x": "n", "value": "1"},
    "a*b + c(1, 2)[1]": {"a": "1", "b": "1", "value": "1"},
}


@pytest.mark.parametrize("text", USES)
def test_shapes_follow_from_use(text):
    assert shapes(read(text, R)) == USES[text]


PYTHON_USES = {
    "np.sum((y - X @ b)**2)": {"y": "n", "X": "n x m", "b": "m", "value": "1"},
    "X.T @ (y - X @ b)": {"X": "n x m", "y": "n", "b": "m", "value": "m"},
    "np.linalg.norm(x)": {"x": "n", "value": "1"},
    "x[1:] * x[:-1]": {"x": "n", "value": "n - 1"},
    "x[::-1] @ w": {"x": "n", "w": "n", "value": "1"},
    "x[-1] * x": {"x": "n", "value": "n"},
    "A[:, 0] @ x": {"A": "n x m", "x": "n", "value": "1"},
    "x[:, None] - x[None, :]": {"x": "n", "value": "n x n"},
    "np.array([[a, b], [c, d]]) @ x": {"a": "1", "b": "1", "c": "1", "d": "1", "x": "2", "value": "2"},
    "np.sum(A, axis=0)": {"A": "n x m", "value": "m"},
    "(y - X @ b).sum()": {"y": "n", "X": "n x m", "b": "m", "value": "1"},
    "A.shape[0] * np.trace(A)": {"A": "n x n", "value": "1"},
    "np.linalg.slogdet(A)[1]": {"A": "n x n", "value": "1"},
}


@pytest.mark.parametrize("text", PYTHON_USES)
def test_shapes_follow_from_use_in_python(text):
    assert shapes(read(text, PYTHON)) == PYTHON_USES[text]


def test_an_attribute_needs_no_notation_where_the_text_is_numpy():
    assert shapes(read("X.T @ X"))["value"] == "m x m"
    assert shapes(read("X.T + 1")) == {"X.T": "1", "value": "1"}


@pytest.mark.parametrize(
    ("variables", "x", "th"), [(["th"], "n", "1"), (["x"], "1", "n"), ([], "1", "1"), (["a"], "n", "n")]
)
def test_under_a_reduction_names_are_vectors_unless_they_are_differentiated_by(variables, x, th):
    function = read("sum((x - th)^2)", R, variables=variables)
    assert shapes(function) == {"x": x, "th": th, "value": "1"}
    assert bool(function.notices) == (not variables)


def test_a_component_names_its_vector_where_the_request_differentiates_by_it():
    assert shapes(read("sum((y - b)^2)", R, variables=["b[1]", "b[2]"])) == {"y": "n", "b": "1", "value": "1"}


@pytest.mark.parametrize(
    ("text", "notation", "declared", "shape"),
    [
        ("b[1]^2 + b[3]", R, {}, "3"),
        ("b[0]**2 + b[2]", PYTHON, {}, "3"),
        ("b[1]^2 + b[3]", R, {"b": VariableShape((5,))}, "5"),
        ("function(b) b[1]*b[2]", R, {}, "2"),
        ("sum(b[c(1, 2, 2)])", R, {}, "2"),
        ("b[1]*sum(b)", R, {}, "n"),
    ],
)
def test_a_vector_of_which_only_components_occur_is_one_variable_where_the_request_names_it(
    text, notation, declared, shape
):
    function = read(text, notation, shapes=declared, variables=["b"])
    assert shapes(function) == {"b": shape, "value": "1"}
    assert read("b[1]^2 + b[2]").variables == ("b[1]", "b[2]")


def test_a_vector_with_named_members_is_no_vector_of_components():
    assert read("b$u^2 + b[2]", variables=["b"]).variables == ("b$u", "b[2]")


def test_what_is_declared_is_not_learned_from_use():
    declared = {"x": NUMBER, "th": NUMBER}
    assert shapes(read("sum((x - th)^2)", R, shapes=declared, variables=["th"])) == {"x": "1", "th": "1", "value": "1"}
    assert shapes(read("sum(x)", R, shapes={"x": MATRIX})) == {"x": "n x m", "value": "1"}


def test_a_vector_fills_columns_in_r_and_rows_in_python():
    assert shapes(read("x*A", R, shapes={"x": VECTOR, "A": MATRIX}))["value"] == "n x m"
    sides = {"x": VariableShape((2,)), "A": VariableShape((3, 2))}
    # R recycles two numbers over six.
    assert [shapes(read("x*A", notation, shapes=sides))["value"] for notation in (R, PYTHON)] == ["3 x 2", "3 x 2"]
    with pytest.raises(CalculusError, match="do not conform"):
        read("x*A", R, shapes={"x": VariableShape((4,)), "A": VariableShape((3, 2))})


def test_data_give_shapes():
    X = np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]])
    found = read("function(b) sum((y - X %*% b)^2)", R, {"X": X, "y": np.array([1.0, 2, 3, 5])})
    assert shapes(found) == {"b": "2", "value": "1"}


REFUSED = {
    "c(x, y) %*% c(1, 2, 3, 4)": (
        "'%*%': a vector of length 2 and a vector of length 4 do not conform",
        "c(x, y) %*% c(1, 2, 3, 4)",
    ),
    "1 + sum((y + c(1, 2)) %*% (z + c(1, 2, 3)))": (
        "'%*%': a vector of length 2 and a vector of length 3 do not conform",
        "(y + c(1, 2)) %*% (z + c(1, 2, 3))",
    ),
    "matrix(1:6, 2, 3) %*% matrix(1:6, 2, 3)": (
        "'%*%': a 2 x 3 matrix and a 2 x 3 matrix do not conform",
        "matrix(1:6, 2, 3) %*% matrix(1:6, 2, 3)",
    ),
    "matrix(1:6, 2) + matrix(1:6, 3)": (
        "'+': a 2 x 3 matrix and a 3 x 2 matrix do not conform",
        "matrix(1:6, 2) + matrix(1:6, 3)",
    ),
    "det(matrix(1:6, 2))": ("det() takes a square matrix, not a 2 x 3 matrix", "det"),
    "solve(diag(2), c(1, 2, 3))": (
        "solve(): a 2 x 2 matrix and a vector of length 3 do not conform",
        "solve(diag(2), c(1, 2, 3))",
    ),
    "A %*% 3": ("'%*%': a number and a nrow(A) x ncol(A) matrix do not conform", "A %*% 3"),
    "diag(3)[4, 1]": ("the index 4 is out of range: the length is 3", "["),
    "diag(3)[1]*diag(3)[1, 2, 3]": ("arrays of rank 3 are not part of the language", "["),
    "matrix(1:6, 4)": ("matrix(): a vector of length 6 does not fill rows of length 4", "matrix"),
    "(x*y) %*% c(1, 2)": ("'%*%': it is not clear which of 'x' or 'y' is a vector", "%*%"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_conform_is_refused_with_both_shapes_at_the_operands(text):
    with pytest.raises(CalculusError) as caught:
        read(text, R)
    headline, at = REFUSED[text]
    assert caught.value.headline == headline
    assert text[slice(*caught.value.span)] == at


def test_an_ambiguous_recycling_asks_for_the_shape():
    with pytest.raises(CalculusError, match="do not conform") as caught:
        read("sum((y - W %*% H)^2)", R, shapes={"H": VariableShape(("h", "n")), "y": VECTOR})
    assert "declare the shape of the matrix" in caught.value.hint
    network = read("sum((y - W %*% H)^2)", R, shapes={"W": VariableShape((1, "h")), "y": VECTOR})
    assert shapes(network)["H"] == "n x m" or shapes(network)["y"] == "n"


def test_a_symmetric_matrix_is_square():
    with pytest.raises(CalculusError, match="is declared symmetric, but not square"):
        read("sum(A)", R, shapes={"A": VariableShape(("n", "k"), symmetric=True)})
    assert read("sum(S)", R, shapes={"S": VariableShape(("n", "n"), symmetric=True)}).graph.symmetric == {"S"}


def test_positions_in_data_lie_within_the_vector():
    data = {"g": np.array([1.0, 3.0])}
    with pytest.raises(CalculusError, match="3 is no position from 1 to 2"):
        read("re[g]", R, data, shapes={"re": VariableShape((2,))})
    with pytest.raises(CalculusError, match=r"1\.5 is no position"):
        read("re[g]", R, {"g": np.array([1.5])})
    assert shapes(read("re[g]", R, data))["value"] == "2"


def test_shapes_are_named_in_words():
    assert shape_text(SCALAR) == "a number"


def test_components_that_a_request_names_are_the_variables_of_their_vector():
    data = {"X": np.ones((4, 2)), "y": np.arange(4.0)}
    text = "function(b, X, y) sum((y - X %*% b)^2)"
    assert read(text, R, data, variables=["b[1]", "b[2]"]).variables == ("b[1]", "b[2]")
    assert read(text, R, data, shapes={"b[1]": NUMBER, "b[2]": NUMBER}).variables == ("b[1]", "b[2]")
    assert read("np.sum(x**2)", PYTHON, variables=["x[2]"]).variables == ("x[0]", "x[1]", "x[2]")
    with pytest.raises(CalculusError, match="do not conform"):
        read(text, R, data, variables=["b[1]", "b[3]"])


def test_the_partial_by_a_component_is_a_sum_over_one_column():
    from secantd.calculus import gradient_answer

    data = {"X": np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]]), "y": np.array([1.0, 2, 3, 5])}
    function = read("sum((y - X %*% b)^2)", R, data, variables=["b[1]", "b[2]"])
    found = gradient_answer(function, ["b[1]", "b[2]"], {"b[1]": 0.3, "b[2]": -0.4}).partials
    assert found[1].text == "-(2 * sum(X[, 2] * (y - X %*% c(b[1], b[2]))))"
    assert [p.value for p in found] == pytest.approx([-25.6, -69.5])


@pytest.mark.parametrize(
    "text",
    ["x[x > 0] + c(1, 2, 3)", "x[x > 0]*x[x < 1]", "as.vector(B) + x", "as.vector(A) + x", "as.vector(A) + c(1, 2)"],
)
def test_lengths_of_masks_and_of_flattened_matrices_are_not_learned(text):
    """They are made again in every reading, which would never end."""
    declared = {"x": VECTOR, "A": MATRIX, "B": VariableShape(("n", "n"))}
    with pytest.raises(CalculusError, match="do not conform"):
        read(text, R, shapes=declared)


@pytest.mark.parametrize(
    ("text", "notation", "op", "shape"),
    [
        ("A[A > 0]", R, "select", "a vector of the entries that a condition chooses"),
        ("A[A > 0]", PYTHON, "select", "a vector of the entries that a condition chooses"),
        ("A[x > 0]", PYTHON, "select", "a matrix of the rows that a condition chooses, with k columns"),
        ("A[x > 0, ]", R, "select", "a matrix of the rows that a condition chooses, with k columns"),
        ("x[rev(x > 0)]", R, "select", "a vector of the entries that a condition chooses"),
        ("A[x]", PYTHON, "gather", "a n x k matrix"),
    ],
)
def test_truth_values_choose_entries_or_in_numpy_rows(text, notation, op, shape):
    (output,) = read(text, notation, shapes={"x": VECTOR, "A": MATRIX}).outputs
    assert (output.op, shape_text(output.shape)) == (op, shape)


MASKS = {
    "{ k <- c(2, 3); v <- c(x, y); sum(log(v[k >= 1])) }": (1 / 3, 0.1),
    "{ k <- c(2, 3, 0); v <- c(x, y, x*y); sum(v[k >= 1]^2) }": (6, 20),
    "v <- c(x, y, 2); sum(v[v > 4]^2)": (0, 20),
}


@pytest.mark.parametrize("text", MASKS)
def test_conditions_choose_components_and_are_no_positions(text):
    from secantd.calculus import gradient_answer

    partials = gradient_answer(read(text, R), ["x", "y"], {"x": 3.0, "y": 10.0}).partials
    assert [p.value for p in partials] == pytest.approx(MASKS[text])


def test_the_second_argument_of_numpys_reductions_is_the_axis():
    assert shapes(read("np.sum(A, 0)", PYTHON))["value"] == "m"
    assert shapes(read("A.sum(1)", PYTHON))["value"] == "n"
    assert read("max(x, 0)", PYTHON).outputs[0].op == "pmax"
    assert read("np.prod([x, y], 0)", PYTHON).outputs[0].op == "mul"


def test_a_vector_of_declared_length_has_all_its_components():
    declared = {"x": VariableShape((3,))}
    assert read("x[1] + x[2]", R, shapes=declared).variables == ("x[1]", "x[2]", "x[3]")
    assert read("function(x) x[1] + x[2]", R, shapes=declared).variables == ("x[1]", "x[2]", "x[3]")
    assert read("x[1] + x[2]", R).variables == ("x[1]", "x[2]")


def test_a_term_beside_a_matrix_that_is_read_as_a_number_has_a_notice():
    text = "sum((y - W2 %*% tanh(W1 %*% t(X)))^2)"
    notice = "sum(): 'y' is read as a number; declare its shape if that is wrong"
    assert notice in read(text, R, variables=["W1", "W2"]).notices
    assert read(text, R, variables=["W1", "W2"], shapes={"W2": VariableShape((1, "h")), "y": VECTOR}).notices == ()


def test_what_numpy_concatenates_need_not_be_of_one_length():
    b = VariableShape((2,))
    f = read("np.concatenate([[s], np.exp(b), [s, 2]])", PYTHON, shapes={"b": b})
    assert f.outputs[0].shape == (5,)
    with pytest.raises(CalculusError, match="rows of the matrix have 1 and 2 entries"):
        read("np.sum([[s], [s, 2]])", PYTHON)


def test_no_axis_is_numpys_default():
    one, other = (
        read(f"scipy.special.logsumexp(A{axis})", PYTHON, shapes={"A": MATRIX}) for axis in (", axis=None", "")
    )
    assert [str(n) for n in one.outputs] == [str(n) for n in other.outputs]


def test_names_of_which_only_the_length_is_used_are_no_variables():
    f = read("s*length(x) + y[1]*length(y)", shapes={"x": VariableShape((3,)), "y": VariableShape((2,))})
    assert f.lengths == {"x"}
    assert "x" not in f.variables


def test_a_sum_with_a_column_of_one_row_is_a_number():
    f = read("sum(diff(c(0, y))) + max(c(y, s))", R, {"y": np.array([2.0])})
    assert f.outputs[0].shape == ()


def test_conditions_of_components_choose_what_is_assigned_to():
    text = "replace(numeric(2), diff(c(0, y)) + sum(y) > 0, (A %*% y)[diff(c(0, y)) + sum(y) > 0])"
    f = read(text, R, {"y": np.array([2.0, -3.0])}, shapes={"A": VariableShape((2, 2))})
    assert f.outputs[0].shape == (2,)


@pytest.mark.parametrize(
    ("text", "notation", "op"),
    [
        ("sum(matrix(b, 3, 1) %*% matrix(b, 1, 3))", R, "outer"),
        ("np.sum(b.reshape(3, 1) @ b.reshape(1, 3))", PYTHON, "outer"),
        ("np.sum(b.reshape(-1, 1) @ b.reshape(1, -1))", PYTHON, "outer"),
    ],
)
def test_a_vector_in_the_shape_of_one_row_or_column_is_a_vector_with_an_orientation(text, notation, op):
    function = read(text, notation, shapes={"b": VariableShape((3,))})
    assert [node.op for node in function.graph.nodes[-2:]] == [op, "sum"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("W.T.sum()", "np.sum(W.T)"),
        ("W.T.ravel() @ v", "np.ravel(W.T) @ v"),
        ("(W.T).ravel().sum()", "np.sum(np.ravel(W.T))"),
        ("W.T.T.sum(axis=0).max()", "np.max(np.sum(W.T.T, axis=0))"),
        ("(W @ W).T.sum()", "np.sum((W @ W).T)"),
    ],
)
def test_methods_may_follow_an_attribute(text, same):
    assert text_of(text) == text_of(same)


def text_of(text):
    function = read(text, PYTHON, shapes={"W": VariableShape((3, 3))})
    assert "W.T" not in function.variables
    return [(n.op, [a.index for a in n.args], n.payload) for n in function.graph.nodes]


def test_a_number_of_r_is_a_vector_of_one_entry_in_products():
    data = {"X": np.array([[1.0], [2.0]])}
    assert read("X %*% b", R, data).outputs[0].shape == (2,)
    assert read("b %*% t(X)", R, data).outputs[0].shape == (2,)
    with pytest.raises(CalculusError, match="do not conform"):
        read("b %*% X", R, data, shapes={"b": NUMBER})
    with pytest.raises(CalculusError, match="do not conform"):
        read("X @ b", PYTHON, data, shapes={"b": NUMBER})
