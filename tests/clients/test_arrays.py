"""Vectors and matrices in the Python client and in the command: what is sent, what comes back, what is refused."""

import pickle

import numpy as np
import pytest
import secant
from click.testing import CliRunner
from secant import rpcs
from secant.command.app import app
from secant.v1 import derivative_pb2

X = np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]])
Y = np.array([1.0, 2, 3, 5])
A = [[2, 1], [0.5, 3]]
ROSENBROCK = "function(x) 100*(x[2] - x[1]^2)^2 + (1 - x[1])^2"


class Frame:
    """As much of a data frame as the client uses: it is no Mapping, but has items and an array form."""

    def __init__(self, columns):
        self.columns = columns

    def items(self):
        return self.columns.items()

    def __array__(self, dtype=None, copy=None):
        return np.column_stack(list(self.columns.values())).astype(dtype)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(X, id="array"),
        pytest.param(np.asfortranarray(X), id="column order"),
        pytest.param(X.astype(">f4"), id="another type"),
        pytest.param(X.tolist(), id="lists"),
        pytest.param([tuple(row) for row in X], id="tuples"),
        pytest.param({"a": X[:, 0], "b": X[:, 1]}, id="mapping"),
        pytest.param(Frame({"a": X[:, 0], "b": X[:, 1]}), id="data frame"),
    ],
)
def test_a_matrix_is_sent_row_by_row(value):
    column = rpcs.gradient("sum(X)", data={"X": value}).request.expression.data[0]
    assert (list(column.values), list(column.shape)) == ([1, 0.5, 1, 1, 1, 2, 1, 4], [4, 2])
    entry = rpcs.gradient("sum(X)", at={"X": value}).request.at[0]
    assert (entry.variable, list(entry.values), list(entry.shape)) == ("X", list(column.values), [4, 2])


def test_numbers_vectors_and_values_without_a_name_are_coordinates():
    at = rpcs.gradient("f", at={"s": 2, "t": np.float32(0.5), "b": (1, 2)}).request.at
    assert [(e.variable, e.value, list(e.values), list(e.shape)) for e in at] == [
        ("s", 2, [], []), ("t", 0.5, [], []), ("b", 0, [1, 2], []),
    ]  # fmt: skip
    [alone] = rpcs.gradient("f", at=[-1.2, 1]).request.at
    assert (alone.variable, list(alone.values)) == ("", [-1.2, 1])
    assert rpcs.descend("f", [-1.2, 1]).start[0].values == [-1.2, 1]


def test_a_frame_is_a_set_of_columns_where_data_are_given():
    data = rpcs.gradient("sum(a*b)", data=Frame({"a": X[:, 0], "b": X[:, 1]})).request.expression.data
    assert [(c.name, len(c.values), list(c.shape)) for c in data] == [("a", 4, []), ("b", 4, [])]


@pytest.mark.parametrize(
    ("shape", "sides"),
    [
        ("n x 3", ["n", 3]), (("n", 3), ["n", 3]), (["n"], ["n"]), (3, [3]), ("n", ["n"]), ("2x5", [2, 5]), ("12", [12]),
        ("number", []), ((), []), (np.int64(4), [4]), ("-3", [-3]),
    ],
)  # fmt: skip
def test_a_shape_is_a_text_or_lengths(shape, sides):
    message = rpcs.gradient("f", shapes={"A": shape}).request.expression.shapes[0]
    assert [d.name if d.HasField("name") else d.size for d in message.dimensions] == sides
    assert not message.symmetric


def test_a_symmetric_matrix_is_declared_so():
    message = rpcs.check("f", "g", shapes={"S": "symmetric n x n"}).request.expression.shapes[0]
    assert ([d.name for d in message.dimensions], message.symmetric) == (["n", "n"], True)
    expression = secant.Expression("det(A)", shapes={"A": (2, 2)})
    assert [d.size for d in rpcs.hessian(expression).request.expression.shapes[0].dimensions] == [2, 2]


REFUSED = [
    pytest.param({"at": {"x": [[1, 2], [3]]}}, ValueError, "the rows of x differ in length", id="ragged point"),
    pytest.param(
        {"at": {"x": np.zeros((2, 2, 2))}}, ValueError, "x has 3 dimensions; a vector has one, a matrix two", id="rank"
    ),
    pytest.param(
        {"at": {"x": ["a", "b"]}}, TypeError, "the value of x must be a number, a vector or a matrix", id="words"
    ),
    pytest.param({"at": "x"}, TypeError, "the value of a point must be a number, a vector or a matrix", id="word"),
    pytest.param(
        {"at": {"x": {"a": [1, 2], "b": [1]}}}, ValueError, "the rows of x differ in length", id="ragged columns"
    ),
    pytest.param({"data": {"X": [[1, 2], [3]]}}, ValueError, "the rows of X differ in length", id="ragged data"),
    pytest.param({"shapes": {"A": None}}, TypeError, 'the shape of A must be like 3, "n"', id="no shape"),
    pytest.param({"shapes": {"A": 2.5}}, TypeError, 'the shape of A must be like 3, "n"', id="half"),
    pytest.param({"shapes": ["A"]}, TypeError, "shapes must map variable names to shapes", id="no mapping"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), REFUSED)
def test_what_is_no_array_is_refused_before_anything_is_sent(arguments, error, message):
    with pytest.raises(error, match=message):
        rpcs.gradient("sum(x)", **arguments)


@pytest.fixture(scope="module")
def s(real):
    return real


SQUARES = "sum((y - X %*% b)^2)"
DATA = {"X": X, "y": Y}


def test_answers_are_arrays(s):
    found = s.gradient(SQUARES, at={"b": [0.3, -0.4]}, data=DATA)
    assert found.texts == ("-2 * t(X) %*% (y - X %*% b)",)
    np.testing.assert_allclose(found.values, [-25.6, -69.5])
    assert (found.value, found.shape) == (pytest.approx(57.16), "1 x 2")
    np.testing.assert_allclose(s.differentiate("log(det(A))", at=A).values, np.linalg.inv(A).T)
    np.testing.assert_allclose(s.gradient("log(det(A))", at=A).values, np.linalg.inv(A).T)
    np.testing.assert_allclose(s.jacobian("A %*% x", "x", at={"x": [1, 2], "A": A}).values, A)


def test_values_by_a_matrix_are_those_for_a_change_of_one_entry(s):
    at = {"x": [1, 2], "A": A}
    found = s.jacobian("A %*% x", "A", "x", at=at)
    np.testing.assert_array_equal(found.values, np.hstack([np.kron(np.eye(2), [1, 2]), A]))
    np.testing.assert_array_equal(found.function_values, [4, 6.5])
    assert s.differentiate("A %*% x", "x", at=at).values.tolist() == A
    np.testing.assert_array_equal(s.differentiate("A %*% x", "A", at=at).values, np.kron(np.eye(2), [1, 2]))
    np.testing.assert_array_equal(s.jacobian("s * X", "s", at={"s": 2, "X": X}).values, X.reshape(8, 1))
    inverse = np.linalg.inv(A)
    second = -np.einsum("li,jk->ijkl", inverse, inverse).reshape(4, 4)
    np.testing.assert_allclose(s.hessian("log(det(A))", at=A).values, second, atol=1e-14)
    np.testing.assert_allclose(s.differentiate("log(det(A))", "A", "A", at=A).values, second, atol=1e-14)
    with pytest.raises(TypeError, match='each variable must be an argument of its own, for example "x", "y"'):
        s.differentiate("log(det(A))", ["A", "A"], at=A)


def test_the_derivatives_of_several_variables_are_one_matrix(s):
    found = s.hessian(f"s * {SQUARES}", at={"b": [0.3, -0.4], "s": 2}, data=DATA)
    assert found.variables == ("s", "b")
    np.testing.assert_allclose(found.values, [[0, -25.6, -69.5], [-25.6, 16, 30], [-69.5, 30, 85]])
    assert found.definiteness == "INDEFINITE"
    rows = s.jacobian("c(sum(x), s*sum(x^2))", at={"x": [1, 2], "s": 3})
    np.testing.assert_allclose(rows.values, [[1, 1, 0], [6, 12, 5]])
    np.testing.assert_allclose(rows.function_values, [3, 15])
    np.testing.assert_allclose(
        s.gradient(f"s * {SQUARES}", at={"b": [0.3, -0.4], "s": 2}, data=DATA).values, [57.16, -51.2, -139]
    )


def test_evaluate_takes_whole_values(s):
    found = s.evaluate("x @ A @ x", {"x": [1, 2], "A": A}, order=2, notation="python")
    assert (found.values, found.gradient.tolist()) == ([17], [[7, 13.5, 1, 2, 2, 4]])
    np.testing.assert_allclose(found.hessian[0, :2, :2], [[4, 1.5], [1.5, 6]])
    np.testing.assert_allclose(found.hessian[0], found.hessian[0].T)
    # The reply says that three numbers are one point.
    found = s.evaluate("sum(x^2)", {"x": [1, 2, 3]}, order=1)
    assert (found.values.tolist(), found.gradient.tolist()) == ([14], [[2, 4, 6]])
    found = s.evaluate("sum(x) + sum(y^2)", {"x": [1, 2, 3], "y": [1, 2]}, shapes={"x": "n", "y": "m"})
    assert found.values == [11]


def test_an_answer_is_a_block_where_parts_have_names(s):
    text = "r <- y - X %*% b; s * sum(r^2)"
    found = s.gradient(text, "b", "s", data=DATA, at={"b": [0.3, -0.4], "s": 2}, notations=["r", "python"])
    assert found.texts == ("r <- y - X %*% b\n-2 * s * t(X) %*% r", "r <- y - X %*% b\nsum(r^2)")
    scope = {"np": np, "X": X, "y": Y, "b": np.array([0.3, -0.4]), "s": 2.0}
    exec(found.partials[0].renderings["python"].replace("\n", "\nvalue = "), scope)
    np.testing.assert_allclose(scope["value"], [-51.2, -139])
    assert s.differentiate(text, "s", naming="none").text == "sum((y - X %*% b)^2)"
    assert s.jacobian("p <- tanh(x); p*sum(p)", naming="author").rows[0][0].text.startswith("p <- tanh(x)\n")
    assert s.hessian("log(sum(exp(x)))", naming="repeated").rows[0][0].text.startswith(".e1 <- exp(x)/sum(exp(x))\n")
    with pytest.raises(ValueError, match="naming must be one of none, author, repeated; got 'all'"):
        s.gradient(text, naming="all")
    printed = CliRunner().invoke(
        app, ["--server", s.target, "grad", text, "b", "s", "--at", "b=[1,2],s=1,X=[[1,2]],y=[3]"]
    )
    assert printed.output.splitlines()[:4] == [
        "b  r <- y - X %*% b     [4, 8]",
        "   -2 * s * t(X) %*% r",
        "s  r <- y - X %*% b     4",
        "   sum(r^2)",
    ]


def test_a_gradient_is_what_an_optimizer_takes(s):
    minimize = pytest.importorskip("scipy.optimize").minimize
    rosenbrock = pytest.importorskip("scipy.optimize").rosen
    gradient, hessian = s.gradient(ROSENBROCK), s.hessian(ROSENBROCK)
    np.testing.assert_allclose(gradient([-1.2, 1]), [-215.6, -88])
    found = minimize(rosenbrock, [-1.2, 1], jac=gradient, hess=hessian, method="trust-exact")
    np.testing.assert_allclose(found.x, [1, 1], atol=1e-6)
    gradient = s.gradient(SQUARES, data=DATA)
    found = minimize(lambda b: np.sum((Y - X @ b) ** 2), [0, 0], jac=gradient, method="BFGS")
    np.testing.assert_allclose(found.x, np.linalg.lstsq(X, Y, rcond=None)[0], atol=1e-6)
    found = minimize(lambda x: x[0] ** 2, [3.0], jac=s.gradient("x^2"), method="BFGS")
    np.testing.assert_allclose(found.x, [0], atol=1e-6)
    # Several variables, one of them a vector, have to be named.
    gradient = s.gradient(f"s * {SQUARES}", data=DATA)
    np.testing.assert_allclose(gradient({"b": [0.3, -0.4], "s": 2}), [57.16, -51.2, -139])
    with pytest.raises(ValueError, match="a point of 2 variables must map their names to values: s, b"):
        gradient([1, 2, 3])


def test_a_gradient_by_a_matrix_takes_its_entries_as_optimizers_pass_them(s):
    minimize = pytest.importorskip("scipy.optimize").minimize
    target = np.array([[2, 0.1], [0.3, 1]])
    for known in ({"at": {"A": np.eye(2)}}, {"shapes": {"A": (2, 2)}}):
        gradient = s.gradient("sum((A - B)^2)", "A", **known, data={"B": target})
        found = minimize(lambda a: np.sum((a - target.ravel()) ** 2), np.eye(2).ravel(), jac=gradient, method="BFGS").x
        np.testing.assert_allclose(found.reshape(2, 2), target, atol=1e-6)


def test_a_series_is_a_vector_unless_its_index_are_names():
    pandas = pytest.importorskip("pandas")
    [whole] = rpcs.gradient("sum(x^2)", at=pandas.Series([1.0, 2.0])).request.at
    assert (whole.variable, list(whole.values)) == ("", [1, 2])
    at = rpcs.gradient("x*y", at=pandas.Series({"x": 1.0, "y": 2.0})).request.at
    assert [(e.variable, e.value) for e in at] == [("x", 1), ("y", 2)]
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 5.0]})
    data = rpcs.gradient("sum(a*b)", data=frame).request.expression.data
    assert [(c.name, list(c.values)) for c in data] == [("a", [1, 2]), ("b", [3, 5])]
    [column] = rpcs.gradient("sum(X)", data={"X": frame}).request.expression.data
    assert (list(column.values), list(column.shape)) == ([1, 3, 2, 5], [2, 2])


def test_a_gradient_is_pickled_without_its_client(s):
    gradient = pickle.loads(pickle.dumps(s.gradient("x^2")))
    assert str(gradient) == "[2 * x]"
    with pytest.raises(TypeError, match="did not come from a client"):
        gradient([1.0])


def test_the_asynchronous_client_s_gradients_are_awaited():
    import asyncio

    async def main():
        async with secant.local_async() as s:
            gradient = await s.gradient("x^2 + 3*y")
            return await gradient([2.0, 1.0])

    assert asyncio.run(main()).tolist() == [4, 3]


@pytest.mark.parametrize(
    ("arguments", "field", "message"),
    [
        ({"at": {"b": [1, 2, 3]}}, "expression.text", "3"),
        ({"at": {"b": [1, 2]}, "shapes": {"b": 3}}, "at[0]", "'b' is declared as a vector of length 3, but its value is a vector of length 2"),
        ({"shapes": {"b": 0}}, "expression.shapes[0].dimensions[0]", "a length is 0"),
        ({"shapes": {"b": "2n"}}, "expression.shapes[0].dimensions[0]", "'2n' is not a name for a length"),
        ({"at": {"b": []}}, "at[0].shape[0]", "a length is 0"),
    ],
)  # fmt: skip
def test_the_server_s_refusals_name_their_field(s, arguments, field, message):
    with pytest.raises(secant.InvalidArgument) as caught:
        s.gradient(SQUARES, data=DATA, **arguments)
    assert caught.value.field == field
    assert message in str(caught.value)


MALFORMED = [
    pytest.param({"values": [1, 2, 3], "shape": [2, 2]}, "3 values for 4 entries of a formula", id="shape"),
    pytest.param({"values": [1], "shape": [-1, -1]}, "a negative length", id="negative"),
]


@pytest.mark.parametrize(("fields", "reason"), MALFORMED)
def test_a_formula_whose_shape_does_not_fit_is_malformed(faults, client, fields, reason):
    faults.answers["Gradient"] = lambda request, context: derivative_pb2.GradientResponse(
        variables=["x"], value=1, partials=[{"text": "x", **fields}]
    )
    with pytest.raises(secant.Internal, match=reason):
        client.gradient("x", at={"x": 1})


def test_blocks_that_do_not_fit_each_other_are_malformed(faults, client):
    row = [{"values": [1, 2, 3, 4], "shape": [2, 2]}, {"values": [1, 2, 3], "shape": [3]}]
    below = [{"values": [1, 2], "shape": [2]}, {"value": 1}]
    faults.answers["Hessian"] = lambda request, context: derivative_pb2.HessianResponse(
        variables=["x", "s"], value=1, rows=[{"partials": row}, {"partials": below}]
    )
    with pytest.raises(secant.Internal, match="3 values for a block of 2 x 1"):
        client.hessian("x", at={"x": 1})


def test_the_command_takes_vectors_matrices_and_shapes(s, tmp_path):
    table = tmp_path / "x.csv"
    table.write_text("a,b\n1,0.5\n1,1\n1,2\n1,4\n")
    (tmp_path / "y.csv").write_text("y\n1\n2\n3\n5\n")

    def run(*args):
        found = CliRunner().invoke(app, ["--server", s.target, *args])
        assert found.exit_code == 0, found.output
        return found

    options = ["--data", f"X={table}", "--data", str(tmp_path / "y.csv")]
    found = run("grad", SQUARES, "--at", "b=[0.3,-0.4]", *options)
    assert found.stdout.splitlines()[0].split() == [
        "b",
        "-2",
        "*",
        "t(X)",
        "%*%",
        "(y",
        "-",
        "X",
        "%*%",
        "b)",
        "[-25.6,",
        "-69.5]",
    ]
    assert run("diff", "t(x) %*% A %*% x", "x", "--shape", "A=symmetric n x n").stdout == "2 * A %*% x\n"
    assert run("diff", "log(det(A))", "--at", "A=[[2,1],[.5,3]]").stdout.startswith(
        "t(solve(A))\n[[0.5454545454545454, -0.0909"
    )
    assert run("hessian", SQUARES, "--at", "[.3,-.4]", *options).stdout.splitlines()[2:5] == [
        "at the point",
        "8   15",
        "15  42.5",
    ]
    assert run("eval", "sum(x^2)", "--at", "x=[1,2,3]").stdout == "14\n"
    for at in ("x=[1,2]", "[1,2]"):
        assert run("tangent", "sum(x^2)", "--at", at).stdout.splitlines() == [
            "sum(x * c(2, 4)) - 5",
            "value   5",
            "slopes  x = [2, 4]",
        ]
    tangent = run("tangent", "s * sum(diag(A))", "--at", "A=[[1,2],[3,4]],s=2").stdout
    assert "slopes  A = [[2, 0], [0, 2]], s = 5" in tangent
    assert run("taylor", "sum(x^3)", "--at", "x=[1,2]").exit_code == 0
    assert run("eval", "x*y", "--at", "x=2,y=3").stdout == "6\n"


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--at", "x=[1,2", "is not NAME=NUMBER or NAME=[NUMBER,...]"),
        ("--at", "x=[1,b]", "is not NAME=NUMBER or NAME=[NUMBER,...]"),
        ("--shape", "n x n", "is not NAME=SHAPE"),
        ("--data", "X=no.csv", "no.csv cannot be read"),
    ],
)  # fmt: skip
def test_a_wrong_array_on_the_command_line_is_a_usage_error(faults, run, option, value, message):
    found = run("grad", "sum(x)", option, value)
    assert found.exit_code == 2
    assert message in found.stderr
    assert faults.requests == []
