"""Columns that are read from the bytes of a request, and written as bytes of a reply, without protobuf."""

import math

import grpc
import numpy as np
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from secant import _blocks, _packed
from secant.v1 import evaluate_pb2, expression_pb2
from secantd.calculus.columnresults import Evaluation
from secantd.errors import CalculusError
from secantd.transport.messages import packed
from secantd.transport.messages.records import fill
from secantd.transport.methods import evaluate, evaluatestream

REQUEST = evaluate_pb2.EvaluateRequest
BLOCK = evaluate_pb2.EvaluateStreamRequest

NUMBERS = st.lists(st.floats(width=64), max_size=5)
COLUMNS = st.lists(st.tuples(st.text(max_size=3), NUMBERS, st.lists(st.integers(0, 1 << 40), max_size=3)), max_size=4)


@pytest.fixture(autouse=True)
def every_size(monkeypatch):
    monkeypatch.setattr(_packed, "SMALL", 0)


def filled(columns, message):
    for name, values, shape in columns:
        message.add(name=name, values=values, shape=shape)


def told(columns):
    """Columns as comparable values: NaN by its bits."""
    return [(c.name, np.array(c.values, "<f8").tobytes(), tuple(c.shape)) for c in columns]


@given(COLUMNS, st.text(max_size=5), st.integers(-3, 3), st.lists(st.text(max_size=3), max_size=2))
def test_a_request_is_read_as_protobuf_reads_it(columns, text, order, variables):
    message = REQUEST(expression=expression_pb2.Expression(text=text), order=order, variables=variables)
    filled(columns, message.points)
    found = evaluate.lift(message.SerializeToString())
    assert told(found.points) == told(message.points)
    assert (found.expression, found.order, list(found.variables)) == (message.expression, order, variables)


@given(COLUMNS)
def test_a_block_is_read_as_protobuf_reads_it(columns):
    message = BLOCK(points=BLOCK.Points())
    filled(columns, message.points.columns)
    found = evaluatestream.lift_block(message.SerializeToString())
    assert found.WhichOneof("message") == message.WhichOneof("message") == "points"
    assert told(found.points.columns) == told(message.points.columns)


def parsed(data):
    try:
        return REQUEST.FromString(data)
    except DecodeError:
        return None


def read(data):
    """What the service reads: None where it rejects the bytes, "left" where it leaves them to protobuf."""
    try:
        return evaluate.lift(data) or "left"
    except CalculusError:
        return None


@given(COLUMNS, st.data())
def test_bytes_that_are_damaged_are_read_as_protobuf_reads_them_or_left_to_it(columns, data):
    message = REQUEST(expression=expression_pb2.Expression(text="x"), order=1)
    filled(columns, message.points)
    damaged = bytearray(message.SerializeToString())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
        damaged = damaged or bytearray(b"\x18\x01")
    found, expected = read(bytes(damaged)), parsed(bytes(damaged))
    if found == "left":
        return
    assert (found is None) == (expected is None)
    if found is not None:
        assert told(found.points) == told(expected.points)
        assert (found.expression, found.order) == (expected.expression, expected.order)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x12", id="a tag alone"),
        pytest.param(b"\x12\x05\x0a", id="a length beyond the end"),
        pytest.param(b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", id="a length of eleven bytes"),
        pytest.param(b"\x12\x05\x12\x03abc", id="three bytes of doubles"),
        pytest.param(b"\x12\x09\x11" + b"\0" * 8, id="a double that is not packed"),
        pytest.param(b"\x12\x03\x0a\x01\xff", id="a name that is no UTF-8"),
        pytest.param(b"\x13\x14", id="a group"),
        pytest.param(b"\x12\x02\x18\x01", id="a side that is not packed"),
        pytest.param(b"\x12\x0c\x1a\x0a" + b"\xff" * 9 + b"\x01", id="a negative side"),
    ],
)
def test_what_is_unusual_is_left_to_protobuf(data):
    assert _packed.lifted(data, 2) is None


@given(
    st.integers(0, 3),
    st.lists(st.tuples(st.text(min_size=1, max_size=3), st.sampled_from([(), (2,), (2, 3)])), max_size=3),
    st.lists(st.text(max_size=3), max_size=2),
)
def test_a_reply_has_the_content_that_fill_writes(count, derivatives, names):
    rng = np.random.default_rng(count)
    columns = tuple((name, rng.normal(size=(count, *shape))) for name, shape in derivatives if len(shape) < 2)
    record = Evaluation(np.array([math.nan, 1.0, -0.0][:count]), columns, tuple(names), (1, 2), ("a notice",))
    expected = evaluate_pb2.EvaluateResponse()
    fill(expected, record)
    found = packed.encoded(evaluate_pb2.EvaluateResponse(), record).SerializeToString()
    assert evaluate_pb2.EvaluateResponse.FromString(found).SerializeToString() == expected.SerializeToString()


class Opened:
    """A channel whose calls are the functions that read their replies."""

    def __getattr__(self, kind):
        return lambda method, response_deserializer, **_: response_deserializer


@given(
    NUMBERS,
    COLUMNS,
    st.lists(st.text(max_size=3), max_size=2),
    st.lists(st.integers(0, 99), max_size=3),
    st.integers(0, 1 << 40),
)
def test_a_reply_is_read_as_protobuf_reads_it(values, columns, names, limits, offset):
    stub = _blocks.open_stub(type("Stub", (), {})(), Opened())
    for read, message in (
        (stub.Evaluate, evaluate_pb2.EvaluateResponse()),
        (stub.EvaluateStream, evaluate_pb2.EvaluateStreamResponse(offset=offset)),
    ):
        message.values.extend(values)
        message.variables.extend(names)
        message.limits.extend(limits)
        filled(columns, message.derivatives)
        found = read(message.SerializeToString())
        assert np.array(found.values, "<f8").tobytes() == np.array(message.values, "<f8").tobytes()
        assert told(found.derivatives) == told(message.derivatives)
        assert (list(found.variables), list(found.limits)) == (names, limits)
        assert _blocks.is_part(found) == (message.DESCRIPTOR.name == "EvaluateStreamResponse")
        assert not _blocks.is_part(found) or found.offset == offset


@pytest.mark.parametrize("tag", [b"\x09", b"\x08"])
def test_values_that_are_not_packed_are_left_to_protobuf(tag):
    assert _packed.lifted(tag + b"\0" * 8, 2, numbers=1) is None


def test_damaged_replies_are_an_error_of_protobuf():
    stub = _blocks.open_stub(type("Stub", (), {})(), Opened())
    for data in (b"\x0a\x05abc", b"\x12\xff", b"\x0a\x09" + b"\0" * 9):
        with pytest.raises(DecodeError):
            stub.Evaluate(data)


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.lists(st.floats(width=64), min_size=1, max_size=5), max_size=4)
)
def test_points_are_written_as_protobuf_writes_them(points):
    arrays = {name: np.array(values) for name, values in points.items()}
    whole, part = REQUEST(order=2), BLOCK(points=BLOCK.Points())
    for name, values in points.items():
        whole.points.add(name=name, values=values)
        part.points.columns.add(name=name, values=values)
    written = _blocks.request(REQUEST(order=2), arrays).SerializeToString()
    assert told(REQUEST.FromString(written).points) == told(whole.points)
    assert REQUEST.FromString(written).order == 2
    assert told(BLOCK.FromString(_blocks.block(arrays).SerializeToString()).points.columns) == told(part.points.columns)


def test_many_points_have_the_values_that_few_have(calculus):
    x = np.linspace(-3.0, 3.0, 20_001)
    for name in ("x", "xx", "xxxxxxx"):
        # Names of different lengths place the numbers at all offsets from multiples of eight.
        request = REQUEST(expression=expression_pb2.Expression(text=f"{name}*exp(-{name}^2)"), order=2)
        request.points.add(name=name).values.extend(x)
        many = calculus.Evaluate(request)
        assert np.array(many.values) == pytest.approx(x * np.exp(-(x**2)), rel=1e-14, abs=1e-300)
        assert np.array(many.derivatives[0].values) == pytest.approx(
            np.exp(-(x**2)) * (1 - 2 * x**2), rel=1e-12, abs=1e-15
        )
        request.points[0].values[:] = x[:3]
        few = calculus.Evaluate(request)
        assert list(few.values) == list(many.values[:3])


def test_an_error_in_many_points_names_its_field(calculus):
    request = REQUEST(expression=expression_pb2.Expression(text="x + y"))
    request.points.add(name="x").values.extend(range(20_000))
    request.points.add(name="y").values.extend(range(19_999))
    with pytest.raises(grpc.RpcError) as caught:
        calculus.Evaluate(request)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details().startswith("column 'y' has 19999 values")
    request.points[1].name = "x"
    with pytest.raises(grpc.RpcError) as caught:
        calculus.Evaluate(request)
    assert caught.value.details().startswith("there are two columns 'x'")
