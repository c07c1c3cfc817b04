"""Vectors and matrices over the wire: as data, as points, as answers, and what is refused."""

import grpc
import numpy as np
import pytest
from secant.v1 import derivative_pb2, evaluate_pb2, expression_pb2, local_pb2

from .arraymessages import Column, Coordinate, Dimension, Shape, column, coordinate, expression, shape

X = [[1, 0.5], [1, 1], [1, 2], [1, 4]]
Y = [1, 2, 3, 5]
Z = [0, 0, 1, 1]
A = [[2, 1], [0.5, 3]]


def evaluation(text, points, order=1, **rest):
    columns = [column(name, np.atleast_1d(values)) for name, values in points.items()]
    return evaluate_pb2.EvaluateRequest(expression=expression(text, **rest), points=columns, order=order)


def arrays(reply):
    """Return the derivatives of a reply by name, each in its shape."""
    return {c.name: np.reshape(c.values, tuple(c.shape) or -1) for c in reply.derivatives}


# The values are those of an independent array library in double precision.
VALUES = [
    ("t(x) %*% A %*% x", {"x": [1, 2], "A": A}, {}, 17, {"x": [7, 13.5], "A": [[1, 2], [2, 4]]}),
    ("sum((y - X %*% b)^2)", {"b": [0.3, -0.4]}, {"data": {"X": X, "y": Y}}, 57.16, {"b": [-25.6, -69.5]}),
    (
        "sum(z * (X %*% b) - log(1 + exp(X %*% b)))",
        {"b": [0.3, -0.4]},
        {"data": {"X": X, "z": Z}},
        None,
        {"b": [0.408294314244, 3.650748188313]},
    ),
    ("log(det(A))", {"A": A}, {}, np.log(5.5), {"A": [[0.545454545455, -0.090909090909], [-0.181818181818, 0.363636363636]]}),
    ("log(sum(exp(x)))", {"x": [1, 2]}, {}, None, {"x": [0.26894142137, 0.73105857863]}),
    (
        "-0.5*(log(det(S)) + t(x - m) %*% solve(S, x - m))",
        {"m": [0.3, -0.4], "S": [[2, 0.5], [0.5, 1]]},
        {"data": {"x": [1, 2]}, "shapes": [shape("S", "n", "n", symmetric=True)]},
        None,
        {
            "m": [-0.285714285714, 2.542857142857],
            "S": [[-0.244897959184, -0.220408163265], [-0.220408163265, 2.661632653061]],
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "points", "rest", "value", "gradient"), [pytest.param(*v, id=v[0]) for v in VALUES])
def test_values_and_gradients_by_vectors_and_matrices(calculus, text, points, rest, value, gradient):
    reply = calculus.Evaluate(evaluation(text, points, **rest))
    assert len(reply.values) == 1
    if value is not None:
        assert reply.values[0] == pytest.approx(value, rel=1e-12)
    found = arrays(reply)
    assert set(found) == set(gradient)
    for name, wanted in gradient.items():
        np.testing.assert_allclose(found[name], wanted, atol=6e-13)


def test_second_derivatives_are_blocks(calculus):
    found = arrays(
        calculus.Evaluate(evaluation("s * sum((y - X %*% b)^2)", {"b": [0.3, -0.4], "s": 3}, 2, data={"X": X, "y": Y}))
    )
    assert set(found) == {"b", "s", "b b", "b s", "s s"} or set(found) == {"s", "b", "s s", "s b", "b b"}
    np.testing.assert_allclose(found["b b"], 3 * np.array([[8, 15], [15, 42.5]]))
    np.testing.assert_allclose(np.ravel(found.get("s b", found.get("b s"))), [-25.6, -69.5])


def test_data_matrices_leave_numbers_in_columns(calculus):
    """Only data are matrices: the columns are many points, as for functions of numbers."""
    many = calculus.Evaluate(
        evaluation("sum((y - X %*% c(a, b))^2)", {"a": [0.3, 0], "b": [-0.4, 0]}, data={"X": X, "y": Y})
    )
    np.testing.assert_allclose(many.values, [57.16, 39])
    np.testing.assert_allclose(arrays(many)["b"], [-69.5, -57])


ROSENBROCK = "100*(x[2] - x[1]^2)^2 + (1 - x[1])^2"


def test_components_are_in_the_order_of_their_index_and_take_a_vector(calculus):
    at = [Coordinate(variable="x", values=[-1.2, 1])]
    reply = calculus.Gradient(derivative_pb2.GradientRequest(expression=expression(ROSENBROCK), at=at))
    assert list(reply.variables) == ["x[1]", "x[2]"]
    np.testing.assert_allclose([p.value for p in reply.partials], [-215.6, -88])


def test_a_value_alone_is_that_of_the_only_variable(calculus):
    at = [Coordinate(values=[-1.2, 1])]
    reply = calculus.Gradient(derivative_pb2.GradientRequest(expression=expression(ROSENBROCK), at=at))
    np.testing.assert_allclose([p.value for p in reply.partials], [-215.6, -88])
    reply = calculus.Tangent(local_pb2.TangentRequest(expression=expression("x^2"), at=[Coordinate(value=3)]))
    assert list(reply.slopes) == [6]


def test_indices_count_from_0_in_python(calculus):
    at = [Coordinate(variable="x", values=[-1.2, 1])]
    text = "100*(x[1] - x[0]**2)**2 + (1 - x[0])**2"
    reply = calculus.Gradient(derivative_pb2.GradientRequest(expression=expression(text, notation=2), at=at))
    assert list(reply.variables) == ["x[0]", "x[1]"]
    np.testing.assert_allclose([p.value for p in reply.partials], [-215.6, -88])


def test_a_stream_takes_one_point_a_block(calculus, failure):
    request = evaluate_pb2.EvaluateStreamRequest

    def messages(shapes, *points):
        setup = request.Setup(expression=expression("sum(x^2)", shapes=shapes), order=1)
        return iter([request(setup=setup), *[request(points=request.Points(columns=[column("x", p)])) for p in points]])

    replies = list(calculus.EvaluateStream(messages([shape("x", "n")], [1, 2], [3, 4, 5])))
    assert [list(r.values) for r in replies] == [[5], [50]]
    assert [list(r.derivatives[0].values) for r in replies] == [[2, 4], [6, 8, 10]]
    request_ = lambda: iter(  # noqa: E731
        [
            request(setup=request.Setup(expression=expression("x[1]*x[2]"))),
            request(points=request.Points(columns=[column("x", [1, 2])])),
        ]
    )
    assert failure(calculus.EvaluateStream, request_()).field == "setup.expression.shapes"
    # A block of a vector that is not declared may be many points.
    found = failure(calculus.EvaluateStream, messages([], [1, 2]))
    assert (found.code, found.field) == ("INVALID_ARGUMENT", "setup.expression.shapes")


def gradient(text, at=(), data=None, shapes=(), notation=1):
    points = [coordinate(name, value) for name, value in dict(at).items()]
    return derivative_pb2.GradientRequest(expression=expression(text, data, shapes, notation), at=points)


SUM = "sum(x^2)"
REFUSED = [
    (derivative_pb2.GradientRequest(expression=expression(SUM, shapes=[shape("z")]), variables=["x", "z"], at=[coordinate("x", [1, 2]), coordinate("z", [1, 2])]),
     "at[1]", "'z' is declared as a number, but its value is a vector of length 2"),
    (gradient(SUM, shapes=[shape("x", 0)]), "expression.shapes[0].dimensions[0]", "a length is 0"),
    (gradient(SUM, shapes=[shape("x", -3)]), "expression.shapes[0].dimensions[0]", "a length is -3"),
    (gradient(SUM, shapes=[shape("x", "2n")]), "expression.shapes[0].dimensions[0]", "'2n' is not a name for a length"),
    (gradient(SUM, shapes=[Shape(variable="x", dimensions=[Dimension()])]), "expression.shapes[0].dimensions[0]", "a length has neither"),
    (gradient(SUM, shapes=[shape("x", 2, 3, 4)]), "expression.shapes[0].dimensions", "there are 3 dimensions"),
    (gradient(SUM, shapes=[shape("x", 10**5, 10**5)]), "expression.shapes[0].dimensions", "10,000,000,000 entries (limit array_entries"),
    (gradient(SUM, shapes=[shape("x", 3), shape("x", 2)]), "expression.shapes[1].variable", "'x' has two shapes"),
    (gradient(SUM, shapes=[shape("", 3)]), "expression.shapes[0].variable", "is empty"),
    (gradient(SUM, shapes=[shape("x", "n", "m", symmetric=True)]), "expression.shapes[0].dimensions", "declared symmetric, but"),
    (gradient(SUM, shapes=[shape("x", "n", symmetric=True)]), "expression.shapes[0].dimensions", "declared symmetric, but"),
    (gradient(SUM, shapes=[shape("z", 3)]), "expression.shapes[0].variable", "'z', which is not a variable of the function"),
    (derivative_pb2.GradientRequest(expression=expression("x^2", shapes=[shape("z", 2)]), variables=["x", "z"]),
     "expression.shapes[0].variable", "does not depend on 'z', which is declared as a vector of length 2"),
    (gradient("sum(X) + x", data={"X": [[1, 2]]}, shapes=[shape("X", 3)]), "expression.shapes[0].variable", "'X' is a data column"),
    (gradient(SUM, {"x": [1, 2]}, shapes=[shape("x", 3)]), "at[0]", "declared as a vector of length 3, but its value is a vector of length 2"),
    (gradient("sum(A)", {"A": [[1, 2, 3], [4, 5, 6]]}, shapes=[shape("A", "n", "n")]), "at[0]", "declared as a 2 x 2 matrix"),
    (gradient("sum(A)", {"A": [[1, 2], [3, 4]]}, shapes=[shape("A", "n", "n", symmetric=True)]), "at[0]", "its value is not"),
    (gradient("sum(u) + sum(v)", {"u": [1, 2], "v": [1, 2, 3]}, shapes=[shape("u", "n"), shape("v", "n")]), "at[1]", "a vector of length 2, but its value is a vector of length 3"),
    (derivative_pb2.GradientRequest(expression=expression(SUM), at=[Coordinate(variable="x", values=[1, 2, 3], shape=[2, 2])]),
     "at[0].shape", "a 2 x 2 matrix has 4 entries, but there are 3 values"),
    (derivative_pb2.GradientRequest(expression=expression(SUM), at=[Coordinate(variable="x", values=[1, 2], shape=[-1, -2])]),
     "at[0].shape[0]", "a length is -1"),
    (derivative_pb2.GradientRequest(expression=expression(SUM), at=[Coordinate(variable="x", shape=[0])]), "at[0].shape[0]", "a length is 0"),
    (derivative_pb2.GradientRequest(expression=expression(SUM), at=[Coordinate(variable="x", values=[1] * 8, shape=[2, 2, 2])]),
     "at[0].shape", "there are 3 dimensions"),
    (derivative_pb2.GradientRequest(expression=expression("x*y"), at=[Coordinate(value=1)]), "at[0].variable", "the variables are 'x', 'y'"),
    (gradient("sum(X %*% b)", data={"X": [[1, 2, 3]], "b": [1, 2]}), "expression.text", "b"),
    (derivative_pb2.GradientRequest(expression=expression_pb2.Expression(
        text="sum(X)", data=[Column(name="X", values=[1, 2, 3], shape=[3, 2])])), "expression.data[0].shape", "6 entries"),
    (gradient(ROSENBROCK, {"x[1]": 1, "x": [1, 2]}), "at[1]", "'x[1]' has two values"),
    (local_pb2.TangentRequest(expression=expression("x[1]*x[2]"), at=[Coordinate(variable="x", values=[1, float("nan")])]),
     "at[0].values", "'x[2]' is nan"),
    (local_pb2.TaylorRequest(expression=expression("x^2"), at=[Coordinate(variable="x", value=1)], order=1, points=[column("x", [[1, 2]])]),
     "points[0].shape", "is a matrix"),
]  # fmt: skip
METHODS = {
    derivative_pb2.GradientRequest: "Gradient",
    local_pb2.TangentRequest: "Tangent",
    local_pb2.TaylorRequest: "Taylor",
}


@pytest.mark.parametrize(
    ("request_", "field", "message"), [pytest.param(*r, id=f"{r[1]}-{i}") for i, r in enumerate(REFUSED)]
)
def test_what_is_refused_names_its_field(calculus, failure, request_, field, message):
    found = failure(getattr(calculus, METHODS[type(request_)]), request_)
    assert (found.code, found.field) == ("INVALID_ARGUMENT", field), found
    assert message in found.message


def test_what_is_differentiated_by_decides_which_names_are_vectors(calculus):
    """sum((x - th)^2): x is a vector if th is the variable; with a point, the values decide."""
    request = derivative_pb2.DifferentiateRequest(expression=expression("sum((x - th)^2)"), variables=["th"])
    assert calculus.Differentiate(request).derivative.text == "-(2 * sum(x - th))"
    request.at.extend([coordinate("th", 1), coordinate("x", 3)])
    reply = calculus.Differentiate(request)
    assert (reply.derivative.text, reply.derivative.value) == ("-(2 * (x - th))", -4)


def test_the_request_chooses_which_parts_of_a_formula_get_names(calculus):
    asked = expression("r <- y - X %*% b; sum(r^2)")
    names = {
        expression_pb2.NAMING_UNSPECIFIED: "r <- y - X %*% b\n-2 * t(X) %*% r",
        expression_pb2.NAMING_NONE: "-2 * t(X) %*% (y - X %*% b)",
        expression_pb2.NAMING_AUTHOR: "r <- y - X %*% b\n-2 * t(X) %*% r",
    }
    for naming, wanted in names.items():
        reply = calculus.Differentiate(
            derivative_pb2.DifferentiateRequest(expression=asked, variables=["b"], naming=naming)
        )
        assert reply.derivative.text == wanted
        reply = calculus.Gradient(derivative_pb2.GradientRequest(expression=asked, variables=["b"], naming=naming))
        assert reply.partials[0].text == wanted
    asked = expression("log(sum(exp(x)))")
    wanted = "e1 = np.exp(x - np.logaddexp.reduce(x))\nnp.diag(e1) - np.outer(e1, e1)"
    rest = {"naming": "NAMING_REPEATED", "notations": ["NOTATION_PYTHON"]}
    reply = calculus.Hessian(derivative_pb2.HessianRequest(expression=asked, **rest))
    assert reply.rows[0].partials[0].text == wanted
    asked = expression("exp(x)/sum(exp(x))")
    reply = calculus.Jacobian(derivative_pb2.JacobianRequest(expression=asked, **rest))
    assert reply.rows[0].partials[0].text == wanted
    with pytest.raises(grpc.RpcError, match="9 is no naming") as error:
        calculus.Jacobian(derivative_pb2.JacobianRequest(expression=asked, naming=9))
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
