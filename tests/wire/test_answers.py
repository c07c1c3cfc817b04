"""What the implemented methods answer over a socket."""

import math

import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from secant.v1 import derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secantd.transport import methods
from secantd.transport.messages.contract import SERVICE

Expression, Column, Coordinate = expression_pb2.Expression, expression_pb2.Column, expression_pb2.Coordinate
BOWL = Expression(text="x^2 + 2*y^2")


def test_differentiate_gives_the_derivative_and_both_values(calculus):
    reply = calculus.Differentiate(
        derivative_pb2.DifferentiateRequest(expression=Expression(text="x^3"), at=[Coordinate(variable="x", value=2)])
    )
    assert reply.derivative.text == "3 * x^2"
    assert (reply.value, reply.derivative.value) == (8, 12)
    assert list(reply.variables) == ["x"]
    assert reply.shape.text == "scalar"


def test_without_a_point_no_values_are_set(calculus):
    reply = calculus.Differentiate(derivative_pb2.DifferentiateRequest(expression=Expression(text="x^3")))
    assert not reply.HasField("value")
    assert not reply.derivative.HasField("value")


def test_one_notation_gives_a_text_and_several_give_renderings(calculus):
    request = derivative_pb2.DifferentiateRequest(expression=Expression(text="x^3"), notations=[2])
    reply = calculus.Differentiate(request)
    assert (reply.derivative.text, list(reply.derivative.renderings)) == ("3*x**2", [])
    request.notations.append(1)
    reply = calculus.Differentiate(request)
    assert [(r.notation, r.text) for r in reply.derivative.renderings] == [(2, "3*x**2"), (1, "3 * x^2")]


def test_gradient_is_a_row_with_value_and_norm(calculus):
    point = [Coordinate(variable="x", value=2), Coordinate(variable="y", value=1)]
    reply = calculus.Gradient(derivative_pb2.GradientRequest(expression=BOWL, at=point, direction=point))
    assert [p.text for p in reply.partials] == ["2 * x", "4 * y"]
    assert [p.value for p in reply.partials] == [4, 4]
    assert (reply.value, reply.shape.text) == (6, "1 x 2")
    assert reply.norm == pytest.approx(math.sqrt(32), rel=1e-15)
    assert reply.directional.value == pytest.approx(12 / math.sqrt(5), rel=1e-15)


def test_a_million_numbers_go_there_and_back_in_blocks(calculus):
    x = np.linspace(-1, 1, 1_000_000)
    blocks = [
        evaluate_pb2.EvaluateStreamRequest.Points(columns=[Column(name="x", values=part)]) for part in np.split(x, 16)
    ]
    setup = evaluate_pb2.EvaluateStreamRequest.Setup(expression=Expression(text="x^2"), order=1)
    messages = [evaluate_pb2.EvaluateStreamRequest(setup=setup)]
    messages += [evaluate_pb2.EvaluateStreamRequest(points=points) for points in blocks]
    replies = list(calculus.EvaluateStream(iter(messages)))
    assert [r.offset for r in replies] == list(range(0, 1_000_000, 62_500))
    assert [list(r.variables) for r in replies] == [["x"]] + [[]] * 15
    np.testing.assert_array_equal(np.concatenate([r.values for r in replies]), x**2)
    np.testing.assert_array_equal(np.concatenate([r.derivatives[0].values for r in replies]), 2 * x)


def test_evaluate_gives_columns_in_the_contract_s_order(calculus):
    request = evaluate_pb2.EvaluateRequest(
        expression=Expression(text="x^2*y"),
        points=[Column(name="y", values=[1, 2, 3]), Column(name="x", values=[5])],
        order=2,
    )
    reply = calculus.Evaluate(request)
    assert list(reply.values) == [25, 50, 75]
    assert [c.name for c in reply.derivatives] == ["x", "y", "x x", "x y", "y y"]
    assert [list(c.values) for c in reply.derivatives][3] == [10, 10, 10]
    assert reply.shape.text == "3 x 1"


def test_a_pole_is_infinity_and_no_error(calculus):
    request = evaluate_pb2.EvaluateRequest(expression=Expression(text="1/x"), points=[Column(name="x", values=[0, 1])])
    assert list(calculus.Evaluate(request).values) == [math.inf, 1]


def test_descend_streams_every_step_and_ends_with_the_outcome(calculus):
    request = descend_pb2.DescendRequest(
        expression=BOWL,
        start=[Coordinate(variable="x", value=1), Coordinate(variable="y", value=1)],
        fixed_rate=descend_pb2.FixedRate(rate=0.1),
        max_steps=2000,
    )
    replies = list(calculus.Descend(request))
    steps = [step for reply in replies for step in reply.steps]
    assert [step.number for step in steps] == list(range(len(steps)))
    assert list(steps[1].point) == pytest.approx([0.8, 0.6], rel=1e-14)
    assert [reply.HasField("outcome") for reply in replies] == [False] * (len(replies) - 1) + [True]
    outcome = replies[-1].outcome
    assert outcome.reason == descend_pb2.STOP_REASON_CONVERGED
    assert outcome.steps == len(steps) - 1
    assert list(replies[0].variables) == ["x", "y"]


def test_describe_lists_the_methods_of_descend_with_their_settings(calculus):
    from secantd.descent.methods import described

    methods = calculus.Describe(describe_pb2.DescribeRequest()).descent_methods
    assert [
        (m.name, m.summary, [(s.name, s.meaning, s.range, s.default_value) for s in m.settings], m.bounded)
        for m in methods
    ] == [(m.name, m.summary, [tuple(s) for s in m.settings], m.bounded) for m in described()]
    assert all(m.summary for m in methods)


def test_describe_returns_the_limits_and_the_methods(calculus):
    reply = calculus.Describe(describe_pb2.DescribeRequest())
    limits = {limit.name: limit.value for limit in reply.limits}
    assert limits["text_length"] == 1_000_000
    assert all(limit.unit and limit.reason for limit in reply.limits)
    assert {"Differentiate", "Descend", "Describe"} <= set(reply.methods)


def test_every_method_of_the_contract_is_answered_in_its_kind(calculus):
    kinds = {
        (False, False): methods.Kind.UNARY,
        (False, True): methods.Kind.RESPONSE_STREAMING,
        (True, True): methods.Kind.BIDIRECTIONAL,
    }
    contract = {m.name: kinds[m.client_streaming, m.server_streaming] for m in SERVICE.methods}
    assert {name: method.kind for name, method in methods.METHODS.items()} == contract
    requests = {m.name: m.input_type.full_name for m in SERVICE.methods}
    assert {name: method.request.DESCRIPTOR.full_name for name, method in methods.METHODS.items()} == requests
    assert list(calculus.Describe(describe_pb2.DescribeRequest()).methods) == list(contract)


def test_an_empty_column_among_others_is_named_in_the_error(calculus, failure):
    points = [Column(name="x", values=[1, 2, 3]), Column(name="y")]
    error = failure(calculus.Evaluate, evaluate_pb2.EvaluateRequest(expression=Expression(text="x*y"), points=points))
    assert (error.code, error.field) == ("INVALID_ARGUMENT", "points[1].values")
    assert error.message.startswith("column 'y' has 0 values where 'x' has 3")


@pytest.mark.parametrize("service", ["", "secant.v1.CalculusService"])
def test_health_is_serving(server, service):
    import grpc

    with grpc.insecure_channel(server.address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        reply = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=5)
    assert reply.status == health_pb2.HealthCheckResponse.SERVING
