"""What nobody should send: each gets an answer or a clear status in time, and the server lives."""

import math

import grpc
import numpy as np
import pytest
from secant.v1 import derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secantd.settings import Limits, Settings

Expression, Column, Coordinate = expression_pb2.Expression, expression_pb2.Column, expression_pb2.Coordinate

SYNTAX, FUNCTION, VARIABLE = "SYNTAX_ERROR", "UNKNOWN_FUNCTION", "UNKNOWN_VARIABLE"
LIMIT, VALUE, FLAT = "LIMIT_EXCEEDED", "INVALID_VALUE", "NOT_DIFFERENTIABLE"
INVALID_ARGUMENT = {SYNTAX, FUNCTION, VARIABLE, LIMIT, VALUE, FLAT}


@pytest.fixture(autouse=True)
def alive(calculus):
    """After each of these the server answers as before."""
    yield
    reply = calculus.Differentiate(derivative_pb2.DifferentiateRequest(expression=Expression(text="x^2")))
    assert reply.derivative.text == "2 * x"


REFUSED = [
    pytest.param("", {SYNTAX}, id="empty"),
    pytest.param(" \n\t", {SYNTAX}, id="blank"),
    pytest.param("(x + 1", {SYNTAX}, id="a bracket left open"),
    pytest.param("x + 1)", {SYNTAX}, id="a bracket too many"),
    pytest.param("(x + 1]", {SYNTAX}, id="brackets that do not match"),
    pytest.param("frobnicate(x)", {FUNCTION}, id="unknown function"),
    pytest.param("x(2) + x", {FUNCTION, SYNTAX}, id="a variable used as a function"),
    pytest.param("__import__('os').system('x')", {SYNTAX, FUNCTION}, id="an import"),
    pytest.param('system("x")', {SYNTAX, FUNCTION}, id="a shell command"),
    pytest.param("(" * 100_000, {SYNTAX, LIMIT}, id="1e5 open brackets"),
    pytest.param("x + \x00", {SYNTAX}, id="NUL"),
    pytest.param("x + \x07\x1b[31m", {SYNTAX}, id="control characters"),
    pytest.param("x + \u202e y", {SYNTAX}, id="right-to-left override"),
    pytest.param("x" * 1_000_001, {LIMIT}, id="text over the limit"),
]


@pytest.mark.parametrize(("text", "reasons"), REFUSED)
def test_a_text_that_is_no_formula_is_refused_with_its_reason(calculus, failure, text, reasons):
    request = derivative_pb2.DifferentiateRequest(expression=Expression(text=text))
    error = failure(calculus.Differentiate, request)
    assert error.code == "INVALID_ARGUMENT"
    assert error.reason in reasons
    assert error.field == "expression.text"
    assert error.message.isprintable() or "\n" in error.message
    assert not any(ord(c) < 32 and c != "\n" for c in error.message)
    assert "\u202e" not in error.message


ANSWERED = [
    pytest.param("(" * 100_000 + "x" + ")" * 100_000, id="1e5 nested brackets"),
    pytest.param("-" * 100_000 + "x", id="1e5 signs"),
    pytest.param("+".join(["x"] * 100_000), id="a sum of 1e5 terms"),
    pytest.param("x^" * 50_000 + "x", id="a tower of 5e4 powers"),
    pytest.param("sin(" * 50_000 + "x" + ")" * 50_000, id="5e4 nested functions"),
    pytest.param("9^9^9^9 + x", id="9^9^9^9"),
    pytest.param("7" * 10_000 + " * x", id="an integer of 10 000 digits"),
    pytest.param("1e400 * x", id="1e400"),
    pytest.param("0x1p9999 * x", id="a hexadecimal float"),
    pytest.param("1e" + "9" * 1000 + " * x", id="an exponent of 1000 digits"),
    pytest.param("x.__class__", id="a name of R that is an attribute in Python"),
    pytest.param("sin + x", id="a function's name as a variable"),
    pytest.param("x" * 100_000, id="a name of 1e5 letters"),
    pytest.param("é" * 1000 + " + 𝒙", id="names that are not ASCII"),
    pytest.param("a <- x*x\n" + "a <- a*a + a\n" * 60 + "a", id="a block that doubles with each line"),
]


@pytest.fixture(scope="module")
def brisk(start, connect):
    """A server that gives a call two seconds."""
    settings = Settings(listen="127.0.0.1:0", limits=Limits(seconds=2))
    with start(settings) as server, connect(server.address) as calculus:
        yield calculus


@pytest.mark.parametrize("text", ANSWERED)
def test_what_is_only_unusual_gets_an_answer_or_a_status_in_time(brisk, ended, text):
    request = derivative_pb2.DifferentiateRequest(expression=Expression(text=text), variables=["x"])
    code, message = ended(brisk.Differentiate, request, timeout=20)
    assert code in ("OK", "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"), message
    assert len(message) < 2500


@pytest.mark.parametrize(
    "text", ["Reduce(max, rep(x, 1200))", "Reduce(function(a, b) a + max(a, b), rep(x, 1200))", "min(x^(1:1200))"]
)
def test_a_descent_through_a_chain_of_choices_ends(calculus, text):
    request = descend_pb2.DescendRequest(start=[Coordinate(variable="x", value=0.5)], max_steps=3)
    request.expression.text = text
    assert [reply for reply in calculus.Descend(request) if reply.HasField("outcome")]


@pytest.mark.parametrize("text", [f"({'-' * 3000}x)/y", f"x/({'-' * 3001}y)"])
def test_a_quotient_of_any_number_of_signs_has_a_gradient(calculus, text):
    at = [Coordinate(variable="x", value=1.0), Coordinate(variable="y", value=2.0)]
    request = derivative_pb2.GradientRequest(expression=Expression(text=text), at=at)
    slope = 0.5 if text.startswith("(") else -0.5
    assert calculus.Gradient(request).partials[0].value == slope


def test_an_array_over_the_message_limit_is_refused(calculus, failure):
    points = [Column(name="x", values=np.zeros(600_000))]
    request = evaluate_pb2.EvaluateRequest(expression=Expression(text="x^2"), points=points)
    assert failure(calculus.Evaluate, request).code == "RESOURCE_EXHAUSTED"


def test_an_answer_over_the_message_limit_is_refused_before_it_is_computed(calculus, failure):
    text = " + ".join(f"x{i}^2" for i in range(50))
    points = [Column(name=f"x{i}", values=np.zeros(1000)) for i in range(50)]
    request = evaluate_pb2.EvaluateRequest(expression=Expression(text=text), points=points, order=2)
    error = failure(calculus.Evaluate, request)
    assert (error.code, error.reason) == ("INVALID_ARGUMENT", LIMIT)
    assert error.metadata == {"name": "message_bytes", "limit": "4194304"}


def test_columns_of_different_lengths_are_refused_by_name(calculus, failure):
    points = [Column(name="x", values=[1, 2, 3]), Column(name="y", values=[1, 2])]
    request = evaluate_pb2.EvaluateRequest(expression=Expression(text="x*y"), points=points)
    error = failure(calculus.Evaluate, request)
    assert (error.code, error.reason, error.field) == ("INVALID_ARGUMENT", VALUE, "points[1].values")
    assert "column 'y' has 2 values where 'x' has 3" in error.message


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_descent_does_not_start_where_there_is_no_number(calculus, failure, value):
    request = descend_pb2.DescendRequest(
        expression=Expression(text="x^2"), start=[Coordinate(variable="x", value=value)]
    )
    error = failure(calculus.Descend, request)
    assert (error.code, error.reason, error.field) == ("INVALID_ARGUMENT", VALUE, "start[0].value")


def differentiate(**fields):
    return "Differentiate", derivative_pb2.DifferentiateRequest(expression=Expression(text="x*y"), **fields)


def gradient(**fields):
    return "Gradient", derivative_pb2.GradientRequest(expression=Expression(text="x*y"), **fields)


def evaluate(**fields):
    points = fields.pop("points", [Column(name="x", values=[1]), Column(name="y", values=[1])])
    request = evaluate_pb2.EvaluateRequest(expression=Expression(text="x*y"), points=points, **fields)
    return "Evaluate", request


def descend(**fields):
    start = fields.pop("start", [Coordinate(variable="x", value=1), Coordinate(variable="y", value=1)])
    return "Descend", descend_pb2.DescendRequest(expression=Expression(text="x*y"), start=start, **fields)


X, Y, Z = (Coordinate(variable=v, value=1) for v in "xyz")
FIELDS = [
    pytest.param(differentiate(variables=["x"], at=[X]), VARIABLE, "at", id="a point leaves out y"),
    pytest.param(differentiate(variables=["x"], at=[X, Y, Z]), VARIABLE, "at[2]", id="a point names z"),
    pytest.param(differentiate(variables=["x"], at=[X, X]), VALUE, "at[1].variable", id="x twice in a point"),
    pytest.param(differentiate(variables=[""]), VALUE, "variables[0]", id="a variable without a name"),
    pytest.param(differentiate(variables=["x"], form=99), VALUE, "form", id="unknown form"),
    pytest.param(differentiate(variables=["x"], notations=[77]), VALUE, "notations[0]", id="unknown notation"),
    pytest.param(differentiate(variables=["x"], notations=[4]), VALUE, "notations[0]", id="a formula in C"),
    pytest.param(differentiate(variables=["x"] * 101), LIMIT, "variables", id="the 101st derivative"),
    pytest.param(gradient(variables=["x", "x"]), VALUE, "variables[1]", id="a variable named twice"),
    pytest.param(gradient(values_only=True), VALUE, "at", id="values without a point"),
    pytest.param(gradient(at=[X, Y], direction=[X]), VARIABLE, "direction", id="a direction leaves out y"),
    pytest.param(evaluate(order=-1), VALUE, "order", id="a negative order"),
    pytest.param(evaluate(order=3), VALUE, "order", id="order 3"),
    pytest.param(evaluate(points=[Column(name="x")]), VARIABLE, "points", id="no column for y"),
    pytest.param(evaluate(points=[Column(name="x")] * 2), VALUE, "points[1].name", id="a column twice"),
    pytest.param(descend(start=[X]), VARIABLE, "start", id="a start leaves out y"),
    pytest.param(descend(start=[X, Y, X]), VALUE, "start[2].variable", id="x twice in a start"),
    pytest.param(descend(max_steps=-1), VALUE, "max_steps", id="a negative number of steps"),
    pytest.param(descend(max_steps=10**12), LIMIT, "max_steps", id="more steps than the limit"),
    pytest.param(descend(tolerance=math.nan), VALUE, "tolerance", id="a tolerance that is no number"),
    pytest.param(
        descend(fixed_rate=descend_pb2.FixedRate(rate=math.nan)), VALUE, "fixed_rate.rate", id="a rate of NaN"
    ),
    pytest.param(
        descend(bounds=[descend_pb2.Bound(variable="z", lower=0)]),
        VALUE,
        "bounds[0].variable",
        id="a bound on z",
    ),
]


@pytest.mark.parametrize(("call", "reason", "field"), FIELDS)
def test_a_field_that_makes_no_sense_is_named(calculus, failure, call, reason, field):
    method, request = call
    error = failure(getattr(calculus, method), request)
    assert (error.code, error.reason, error.field) == ("INVALID_ARGUMENT", reason, field)


def test_an_unknown_notation_of_the_text_is_refused(calculus, failure):
    expression = Expression(text="x", notation=55)
    error = failure(calculus.Differentiate, derivative_pb2.DifferentiateRequest(expression=expression))
    assert (error.reason, error.field) == (VALUE, "expression.notation")


@pytest.mark.parametrize("lengths", [(2, 3), (0, 1)])
def test_data_columns_that_do_not_go_together_are_refused(calculus, failure, lengths):
    data = [Column(name=n, values=[1.0] * k) for n, k in zip("uv", lengths, strict=True)]
    expression = Expression(text="sum(u*v*x)", data=data)
    error = failure(calculus.Differentiate, derivative_pb2.DifferentiateRequest(expression=expression))
    # An empty column is wrong by itself; lengths that differ are where they meet in the text.
    expected = (VALUE, "expression.data") if 0 in lengths else ("SYNTAX_ERROR", "expression.text")
    assert (error.reason, error.field[:15]) == expected


@pytest.mark.parametrize("method", ["Differentiate", "Evaluate", "Descend", "Describe", "Hessian"])
def test_bytes_that_are_no_message_get_a_status(server, ended, method):
    with grpc.insecure_channel(server.address) as channel:
        call = channel.unary_stream if method == "Descend" else channel.unary_unary
        code, _ = ended(call(f"/secant.v1.CalculusService/{method}"), b"\x0a\xff\xff\xff\xff\xff", timeout=5)
    assert code in ("INVALID_ARGUMENT", "UNIMPLEMENTED")


def test_a_stream_begins_with_its_setup(calculus, failure):
    points = evaluate_pb2.EvaluateStreamRequest.Points(columns=[Column(name="x", values=[1])])
    error = failure(calculus.EvaluateStream, iter([evaluate_pb2.EvaluateStreamRequest(points=points)]))
    assert (error.reason, error.field) == (VALUE, "setup")


def test_an_error_in_a_stream_names_the_block_s_field(calculus, failure):
    setup = evaluate_pb2.EvaluateStreamRequest.Setup(expression=Expression(text="x*y"))
    points = evaluate_pb2.EvaluateStreamRequest.Points(columns=[Column(name="x", values=[1])])
    messages = [
        evaluate_pb2.EvaluateStreamRequest(setup=setup),
        evaluate_pb2.EvaluateStreamRequest(points=points),
    ]
    error = failure(calculus.EvaluateStream, iter(messages))
    assert (error.reason, error.field, error.metadata["name"]) == (VARIABLE, "points.columns", "y")


def test_an_error_points_into_the_text_and_fits_the_headers(calculus, failure):
    text = "é" * 500 + " + * y"
    error = failure(calculus.Differentiate, derivative_pb2.DifferentiateRequest(expression=Expression(text=text)))
    assert error.metadata["start"] == "503"
    assert error.metadata["end"] == "504"
    line, carets = error.message.split("\n")[1:3]
    assert line[carets.index("^")] == "*"


def test_describe_answers_whatever_is_asked(calculus):
    request = describe_pb2.DescribeRequest.FromString(b"\x12\x03abc")
    assert calculus.Describe(request).version
