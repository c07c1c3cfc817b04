"""Descents of vectors and matrices over the wire."""

import numpy as np
import pytest
from secant.v1 import descend_pb2, expression_pb2

from .arraymessages import Coordinate, coordinate, expression, shape

X = np.array([[1, 0.5], [1, 1], [1, 2], [1, 4]])
Y = np.array([1.0, 2, 3, 5])
DATA = {"X": X, "y": Y}
SQUARES = "sum((y - X %*% b)^2)"


def descent(text, start, data=None, shapes=(), notation=1, **settings):
    points = [coordinate(name, value) for name, value in start.items()]
    return descend_pb2.DescendRequest(expression=expression(text, data, shapes, notation), start=points, **settings)


def followed(calculus, request):
    """Return the names of the variables, the steps and the outcome."""
    replies = list(calculus.Descend(request))
    assert not any(reply.HasField("outcome") for reply in replies[:-1])
    return list(replies[0].variables), [s for r in replies for s in r.steps], replies[-1].outcome


METHODS = [m.name for m in descend_pb2.DescendRequest.DESCRIPTOR.oneofs_by_name["method"].fields]


@pytest.mark.parametrize("method", ["newton", "bfgs", "lbfgs", "conjugate_gradient", "line_search"])
def test_a_start_that_is_a_vector_ends_at_the_least_squares(calculus, method):
    names, steps, outcome = followed(calculus, descent(SQUARES, {"b": [0, 0]}, DATA, **{method: {}}))
    assert names == ["b[1]", "b[2]"]
    assert outcome.reason == descend_pb2.STOP_REASON_CONVERGED
    assert outcome.nature == descend_pb2.NATURE_MINIMUM
    assert list(steps[0].point) == [0, 0]
    assert list(steps[-1].point) == list(outcome.point)
    np.testing.assert_allclose(outcome.point, np.linalg.lstsq(X, Y, rcond=None)[0], atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_takes_a_vector(calculus, method):
    names, steps, outcome = followed(calculus, descent(SQUARES, {"b": [0, 0]}, DATA, max_steps=4, **{method: {}}))
    assert names == ["b[1]", "b[2]"]
    assert [len(s.point) for s in steps] == [2] * len(steps)
    assert outcome.value < np.sum(Y**2)


def test_entries_are_named_row_by_row_from_0_in_python(calculus):
    text = "np.sum((A - 1)**2) + s**2 + v @ v"
    start = {"v": [1, 2], "A": [[1, 2], [3, 4]], "s": 5}
    names, _, outcome = followed(calculus, descent(text, start, notation=2))
    assert names == ["v[0]", "v[1]", "A[0,0]", "A[0,1]", "A[1,0]", "A[1,1]", "s"]
    np.testing.assert_allclose(outcome.point, [0, 0, 1, 1, 1, 1, 0], atol=1e-6)


def test_the_end_of_a_path_is_a_start(calculus):
    """A client that resumes sends entries by their names."""
    whole = descent(SQUARES, {"b": [0, 0]}, DATA, fixed_rate={"rate": 0.01}, max_steps=20, tolerance=0.0)
    names, steps, _ = followed(calculus, whole)
    middle = dict(zip(names, steps[8].point, strict=True))
    rest = descent(SQUARES, middle, DATA, fixed_rate={"rate": 0.01}, max_steps=12, tolerance=0.0, first_number=8)
    assert followed(calculus, rest)[:2] == (names, steps[8:])


def test_a_start_without_a_name_is_that_of_the_only_variable(calculus):
    request = descent("sum((x - 1)^2)", {})
    request.start.append(Coordinate(values=[3, 4, 5]))
    names, _, outcome = followed(calculus, request)
    assert names == ["x[1]", "x[2]", "x[3]"]
    np.testing.assert_allclose(outcome.point, 1, atol=1e-6)


def test_a_symmetric_matrix_stays_symmetric(calculus):
    symmetric = [shape("S", "n", "n", symmetric=True)]
    request = descent("log(det(S)) + sum(diag(solve(S, C)))", {"S": np.eye(2)}, {"C": [[2, 0.5], [0.5, 1]]}, symmetric)
    names, steps, outcome = followed(calculus, request)
    assert names == ["S[1,1]", "S[1,2]", "S[2,1]", "S[2,2]"]
    assert all(step.point[1] == step.point[2] for step in steps)
    np.testing.assert_allclose(outcome.point, [2, 0.5, 0.5, 1], atol=1e-4)


def test_a_long_path_of_many_variables_arrives_in_messages_of_bounded_size(calculus):
    start = {"x": np.linspace(0, 1, 3000)}
    request = descent("sum((x - 1)^2)", start, fixed_rate={"rate": 0.01}, max_steps=300, tolerance=0.0)
    replies = list(calculus.Descend(request))
    assert sum(len(reply.steps) for reply in replies) == 301
    assert max(reply.ByteSize() for reply in replies) < 2**20


LBFGS = {"lbfgs": {}}
WRONG = [
    (descent(SQUARES, {"b": [0, 0, 0]}, DATA), "expression.text", "a 4 x 2 matrix and a vector of length 3 do not conform"),
    (descent(SQUARES, {"b": [0, float("nan")]}, DATA), "start[0].values", "an entry of 'b' is nan"),
    (descent(SQUARES, {}, DATA), "start", "no value for 'b'"),
    (descent("sum(A %*% x)", {"x": [1, 2]}), "start", "no value for 'A'"),
    (descent(SQUARES, {"b": [0, 0], "c": 1}, DATA), "start[1]", "'c', which is not a variable"),
    (descent(SQUARES, {"b[1]": 0}, DATA), "expression.text", "a 4 x 2 matrix and a vector of length 1 do not conform"),
    (descent(SQUARES, {"b": [0, 0]}, DATA, bounds=[{"variable": "b[3]"}], **LBFGS), "bounds[0].variable", "'b[3]' is not"),
    (descent(SQUARES, {"b": [0, 0]}, DATA, [shape("b", 3)]), "start[0]", "declared as a vector of length 3, but its value is a vector of length 2"),
    (descent("A %*% x", {"A": [[1, 2], [3, 4]], "x": [1, 2]}), "expression.text", "needs a number"),
    (descend_pb2.DescendRequest(expression=expression_pb2.Expression(text="sum(x)"), start=[Coordinate(variable="x", values=[1, 2], shape=[3])]),
     "start[0].shape", "3 entries, but there are 2 values"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "field", "message"), WRONG)
def test_what_is_refused_names_its_field(calculus, failure, request_, field, message):
    found = failure(calculus.Descend, request_)
    assert (found.code, found.field) in [("INVALID_ARGUMENT", field), ("NOT_FOUND", field)], found
    assert message in found.message


def test_a_dense_method_has_a_limit(calculus, failure):
    found = failure(calculus.Descend, descent("sum((x - 1)^2)", {"x": np.zeros(4000)}))
    assert (found.code, found.reason) == ("INVALID_ARGUMENT", "LIMIT_EXCEEDED"), found
    assert found.metadata["name"] == "array_entries"
    assert "lbfgs" in found.message
