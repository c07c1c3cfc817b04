"""Many points of a cheap formula in one message of a call, and in blocks where a server refuses that."""

import asyncio
import resource
import sys
from pathlib import Path

import numpy as np
import pytest
import secant
from secant._arrays import columns
from secant._blocks import is_quick
from secant._call import Call, Gathering
from secant._packed import Columns
from secant.rpcs import evaluate
from secant.v1.expression_pb2 import Expression
from secantd.errors import CalculusError
from secantd.language import read
from secantd.settings import Limits, Settings
from secantd.transport import cost
from secantd.transport.methods.evaluate import Request

WAVE = "sin(x*y) + cos(x)*y^2"
RULE = sys.modules["secant.rpcs.evaluate"]


def points(count):
    generator = np.random.default_rng(count)
    return {"x": generator.normal(size=count), "y": generator.normal(size=count)}


@pytest.fixture(scope="module")
def client(server):
    with secant.connect(server.address) as found:
        yield found


@pytest.fixture
def asked(monkeypatch):
    """The names of the calls that a client makes."""
    found = []
    attempt = secant.Client._attempt
    monkeypatch.setattr(secant.Client, "_attempt", lambda self, call: found.append(call.rpc) or attempt(self, call))
    return found


def same(one, other):
    assert one.values.tobytes() == other.values.tobytes()
    for a, b in ((one.gradient, other.gradient), (one.hessian, other.hessian)):
        assert (a is None) == (b is None)
        assert a is None or np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
    assert (one.limits, one.variables) == (other.limits, other.variables)


@pytest.mark.parametrize("count", [1, 127, 128, 129, 21_845, 21_846, 100_000, 131_072])
def test_one_message_has_the_bits_that_blocks_have(client, asked, monkeypatch, count):
    at = points(count)
    one = client.evaluate(WAVE, at, order=1)
    assert asked == ["Evaluate"]
    monkeypatch.setattr(RULE, "LARGEST", 0)
    monkeypatch.setattr(RULE, "BLOCK", 30_000)
    same(one, client.evaluate(WAVE, at, order=1))
    assert asked[1:] == (["EvaluateStream"] if count > 10_000 else ["Evaluate"])


def test_more_points_than_fit_a_message_are_blocks(client, asked):
    client.evaluate("x + y", points(131_073), order=1)
    client.evaluate("x", {"x": np.zeros(400_000)})
    assert asked == ["EvaluateStream"] * 2


def test_a_column_of_one_value_travels_once(client):
    x = points(100_000)["x"]
    one = client.evaluate("x*y", {"x": x, "y": 2.5}, order=1)
    assert one.values.tobytes() == (x * 2.5).tobytes()
    assert one.gradient[:, 1].tobytes() == x.tobytes()


@pytest.mark.parametrize(
    ("text", "order"),
    [
        pytest.param("qgamma(x, 2)", 0, id="a function that is not cheap"),
        pytest.param("a <- x*x; a*a", 0, id="a block"),
        pytest.param("sum(x*y)", 0, id="a sum"),
        pytest.param("f(x) + 1", 0, id="a name that is called"),
        pytest.param(r"\sum_{i=1}^{1000} x", 0, id="LaTeX"),
        pytest.param("+".join(["x"] * 76), 0, id="a long text"),
        pytest.param("x*y + sin(x)*cos(y) + exp(x - y)", 2, id="second derivatives"),
        pytest.param("x", 3, id="an order that does not exist"),
    ],
)
def test_what_may_take_longer_is_sent_in_blocks(text, order):
    assert not is_quick(Expression(text=text), columns(points(100_000)), order)


@pytest.mark.parametrize("text", ["function(x, y) x*sin(y)", "lambda x, y: np.sin(x)*y", "~ exp(-x)", "x^y"])
def test_headers_of_functions_are_no_calls(text):
    assert is_quick(Expression(text=text), columns(points(100_000)), 1)


def is_formula(text):
    try:
        return bool(read(text).outputs)
    except CalculusError:
        return False


def test_what_is_sent_in_one_message_is_computed_in_a_thread_of_the_server():
    tables = Path(__file__).parents[1] / "golden"
    texts = []
    for name, column in (("functions", 0), ("seeds", 3), ("descents", 1), ("equal", 2)):
        lines = (tables / f"{name}.tsv").read_text("utf-8").splitlines()
        texts += [line.split("\t")[column] for line in lines if not line.startswith("#")]
    texts += [
        "*".join("abcdefghijklm"),
        "^".join("x" * 14),
        "pmin(" + ",".join(["x"] * 14) + ")",
        "x^2*y^2*z^2*a^2*b^2*c^2",
    ]
    found = 0
    for text in texts:
        for order in (0, 1, 2):
            for count in (10_000, 60_000, 130_000):
                at = {"x": np.broadcast_to(0.5, count), "y": np.broadcast_to(0.5, count)}
                message = Expression(text=text)
                if is_quick(message, at, order) and is_formula(text):
                    found += 1
                    request = Request(message, [Columns(name, v, ()) for name, v in at.items()], order, (), False)
                    assert cost.many_points(request), text
    assert found > 500


def test_data_are_sent_in_blocks():
    call = evaluate("sum(d*x)", {"x": np.zeros(100_000)}, data={"d": [1.0, 2.0]})
    assert isinstance(call, Gathering)
    assert isinstance(evaluate("2*x", {"x": np.zeros(100_000)}), Call)


@pytest.mark.parametrize("size", [1_400_000, 2_000_000], ids=["the request is too large", "the reply is too large"])
def test_a_server_that_refuses_the_message_gets_blocks(start, asked, size):
    at = points(100_000)
    with start(Settings(listen="127.0.0.1:0", pool=0, limits=Limits(message_bytes=size))) as small:
        with secant.connect(small.address) as client:
            found = client.evaluate(WAVE, at, order=1)
        assert asked == ["Evaluate", "EvaluateStream"]
        assert found.values == pytest.approx(np.sin(at["x"] * at["y"]) + np.cos(at["x"]) * at["y"] ** 2, rel=1e-12)

        async def asynchronous():
            async with secant.connect_async(small.address) as client:
                return await client.evaluate(WAVE, at, order=1)

        same(found, asyncio.run(asynchronous()))


def test_an_error_of_the_formula_is_no_reason_for_blocks(client, asked):
    with pytest.raises(secant.InvalidArgument, match="'z'"):
        client.evaluate("x + z", {"x": np.zeros(100_000)})
    assert asked == ["Evaluate"]


@pytest.mark.filterwarnings("ignore:limits and kinks")
def test_limits_are_found_at_as_many_points_as_in_blocks(client):
    x = np.linspace(1.0, 2.0, 100_000)
    x[::200] = 0.0
    found = client.evaluate("sin(x)/x", {"x": x})
    # 200 in each of two blocks.
    assert found.limits == tuple(range(0, 80_000, 200))
    assert (found.values[:80_000:200] == 1.0).all()
    assert found.notices == (
        "limits and kinks were looked for at the first 400 of 500 points without a value or at a tie",
    )


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.long
def test_ten_thousand_large_calls_take_no_further_memory(client):
    at = points(10_000)

    def call(k):
        at["y"][0] = k
        return client.evaluate(WAVE, at, order=1)

    for k in range(500):
        call(k)
    before = resident()
    for k in range(10_000):
        call(k)
    # Server and client are in this process.
    assert resident() - before < 16 << 20


@pytest.mark.long
def test_calls_that_their_caller_leaves_give_their_memory_back(client):
    at = points(100_000)
    impatient = client.with_timeout(0.002)

    def left():
        try:
            impatient.evaluate("sin(x*y)*exp(-x^2)*cos(y)^3", at, order=1)
        except secant.Error:
            return True
        return False

    for _ in range(100):
        left()
    before = resident()
    # A few answers may come in time.
    assert sum(left() for _ in range(1000)) > 900
    client.evaluate(WAVE, at, order=1)
    assert resident() - before < 32 << 20
