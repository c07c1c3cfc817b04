"""Who may come in, and who may stay: places for work, open streams that wait, replies that nobody reads."""

import asyncio
import contextlib
import os
import re
import threading
import time

import grpc
import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from secant.v1 import derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd import calculus as engine
from secantd import descent
from secantd.descent import Bunch, Steps
from secantd.settings import Limits, Settings

from .streams import Connection, Writer
from .waiting import wait_until

Expression, Column = expression_pb2.Expression, expression_pb2.Column
Message = evaluate_pb2.EvaluateStreamRequest
SETUP = Message(setup=Message.Setup(expression=Expression(text="x^2")))
BLOCK = Message(points=Message.Points(columns=[Column(name="x", values=[3.0])]))
EMPTY = Message(points=Message.Points(columns=[Column(name="x")]))
DESCENT = descend_pb2.DescendRequest(
    expression=Expression(text="x^2"), start=[expression_pb2.Coordinate(variable="x", value=1)]
)
SERVICE = b"/secant.v1.CalculusService/"


def settings(**limits):
    return Settings(listen="127.0.0.1:0", pool=0, limits=Limits(**limits))


def quick(calculus, number):
    """A call that nobody has made before."""
    request = derivative_pb2.DifferentiateRequest(expression=Expression(text=f"x^2 + {number}"))
    return calculus.Differentiate(request).derivative.text


def gauge(server, name):
    return float(re.search(rf"^{name} (\S+)$", server.metrics.text(), re.MULTILINE)[1])


@pytest.fixture
def writer():
    """Makes writers; each ends with the test, as grpc's threads wait for them."""
    made = []

    def make():
        made.append(Writer())
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
def raw():
    """Opens connections by hand; each is closed with the test."""
    with contextlib.ExitStack() as stack:

        def connect(address, **options):
            made = Connection(address, **options)
            stack.callback(made.socket.close)
            return made

        yield connect


@pytest.mark.parametrize("method", [b"EvaluateStream", b"Descend", b"Differentiate"])
def test_streams_without_a_message_hold_no_place(start, connect, raw, method):
    with start(settings(concurrent_calls=4)) as server, connect(server.address) as calculus:
        raw(server.address).open(SERVICE + method, 50)
        wait_until(lambda: gauge(server, "secant_waiting_streams") == 50)
        assert gauge(server, "secant_calls_under_way") == 0
        assert quick(calculus, 1) == "2 * x"


def test_a_stream_gives_its_place_back_between_two_blocks(start, connect, writer):
    with start(settings(concurrent_calls=1)) as server, connect(server.address) as calculus:
        messages = writer()
        replies = calculus.EvaluateStream(messages)
        messages.send(SETUP)
        for number in range(3):
            messages.send(BLOCK)
            assert list(next(replies).values) == [9.0]
            assert quick(calculus, number) == "2 * x"
        messages.end()
        assert list(replies) == []


@pytest.fixture
def endless(monkeypatch):
    """Every descent goes on for ever, in bunches of 90 kB."""

    def descend(request, *, limits):
        while True:
            yield Bunch(Steps(np.ones(100, dtype=int), np.ones((100, 102))))

    monkeypatch.setattr(descent, "descend", descend)


def test_a_descent_whose_reader_is_slow_holds_no_place(start, connect, endless):
    with start(settings(concurrent_calls=1)) as server, connect(server.address) as calculus:
        replies = calculus.Descend(DESCENT)
        next(replies)
        # The transport takes the first bunches; then one waits, and goes on waiting.
        wait_until(
            lambda: all(gauge(server, "secant_unread_bytes") > 80_000 for _ in range(20) if not time.sleep(0.01))
        )
        assert gauge(server, "secant_calls_under_way") == 0
        assert quick(calculus, 1) == "2 * x"
        for _ in range(50):
            next(replies)
        replies.cancel()
        wait_until(lambda: gauge(server, "secant_waiting_streams") == gauge(server, "secant_unread_bytes") == 0)


def test_streams_whose_work_comes_at_once_take_turns_and_the_one_that_waits_too_long_is_refused(
    start, connect, writer, monkeypatch
):
    outcomes, gate = {}, threading.Event()
    with start(settings(concurrent_calls=1, seconds=0.5)) as server, connect(server.address) as calculus:

        def read(name, replies):
            try:
                for _ in replies:
                    pass
            except grpc.RpcError as error:
                outcomes[name] = error

        streams = {name: writer() for name in "abc"}
        readers = []
        for name, messages in streams.items():
            messages.send(SETUP)
            messages.send(BLOCK)
            replies = calculus.EvaluateStream(messages)
            next(replies)
            readers.append(threading.Thread(target=read, args=(name, replies)))
        monkeypatch.setattr(engine, "evaluate", lambda *_, **__: gate.wait(10))
        for reader, messages in zip(readers, streams.values(), strict=True):
            reader.start()
            messages.send(BLOCK)
            time.sleep(0.1)
        for reader in readers:
            reader.join()
        gate.set()
    found = {name: (error.code().name, error.details().partition("\n")[0]) for name, error in outcomes.items()}
    time_limit = ("RESOURCE_EXHAUSTED", "the call took more than 0.5 seconds (limit seconds: 0.5)")
    assert found["a"] == found["b"] == time_limit
    assert found["c"] == ("RESOURCE_EXHAUSTED", "the server is busy with 1 calls")


def test_a_stream_that_nobody_writes_to_is_ended(start, connect, writer, failure):
    with start(settings(idle_seconds=0.2)) as server, connect(server.address) as calculus:
        messages = writer()
        messages.send(SETUP)
        error = failure(calculus.EvaluateStream, messages)
        assert (error.code, error.reason, error.metadata["name"]) == (
            "RESOURCE_EXHAUSTED",
            "TIME_LIMIT",
            "idle_seconds",
        )
        assert gauge(server, "secant_waiting_streams") == 0


def test_a_unary_call_whose_request_does_not_come_is_ended(start, writer, failure):
    with start(settings(idle_seconds=0.2)) as server, grpc.insecure_channel(server.address) as channel:
        call = channel.stream_unary("/secant.v1.CalculusService/Differentiate")
        error = failure(call, iter(writer()), timeout=10)
    assert (error.code, error.reason, error.metadata["name"]) == ("RESOURCE_EXHAUSTED", "TIME_LIMIT", "idle_seconds")


def test_a_call_that_ends_without_a_request_is_refused(server, failure):
    with grpc.insecure_channel(server.address) as channel:
        error = failure(channel.stream_unary("/secant.v1.CalculusService/Differentiate"), iter(()), timeout=10)
    assert (error.code, error.reason) == ("INVALID_ARGUMENT", "INVALID_VALUE")


def test_a_connection_that_opens_too_many_streams_loses_its_own(start, connect, writer, raw):
    with start(settings(waiting_streams=8)) as server, connect(server.address) as calculus:
        messages = writer()
        replies = calculus.EvaluateStream(messages)
        messages.send(SETUP)
        messages.send(BLOCK)
        next(replies)
        raw(server.address).open(SERVICE + b"EvaluateStream", 60)
        wait_until(lambda: 'method="EvaluateStream",code="RESOURCE_EXHAUSTED"} 53.0' in server.metrics.text())
        assert gauge(server, "secant_waiting_streams") == 8
        messages.send(BLOCK)
        assert list(next(replies).values) == [9.0]
        assert quick(calculus, 1) == "2 * x"


def test_a_connection_has_only_so_many_streams(start, raw):
    with start(settings(connection_streams=10)) as server:
        one, other = raw(server.address), raw(server.address)
        one.open(SERVICE + b"EvaluateStream", 200)
        other.open(SERVICE + b"Differentiate", 5)
        wait_until(lambda: gauge(server, "secant_waiting_streams") >= 15)
        time.sleep(0.1)
        assert gauge(server, "secant_waiting_streams") == 15


@pytest.mark.parametrize("method", [b"/grpc.health.v1.Health/Check", b"/grpc.health.v1.Health/Watch"])
def test_streams_of_other_services_are_bounded_as_well(start, raw, method):
    limits = settings(waiting_streams=8)
    with start(limits) as server, grpc.insecure_channel(server.address) as channel:
        raw(server.address).open(method, 60)
        wait_until(lambda: gauge(server, "secant_waiting_streams") == 8)
        time.sleep(0.1)
        assert gauge(server, "secant_waiting_streams") <= 8
        health = health_pb2_grpc.HealthStub(channel)
        assert health.Check(health_pb2.HealthCheckRequest(), timeout=5).status == 1
        watched = health.Watch(health_pb2.HealthCheckRequest(), timeout=5)
        assert next(watched).status == 1
        watched.cancel()


def test_a_watch_of_the_server_s_health_is_not_idle(start):
    with start(settings(idle_seconds=0.1)) as server, grpc.insecure_channel(server.address) as channel:
        watched = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=0.5)
        assert next(watched).status == 1
        with pytest.raises(grpc.RpcError) as caught:
            next(watched)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_connection_that_does_not_read_a_stream_is_closed(start, connect, endless):
    with start(settings(idle_seconds=0.2)) as server, connect(server.address) as calculus:
        replies = calculus.Descend(DESCENT)
        next(replies)
        wait_until(lambda: 'method="Descend",code="RESOURCE_EXHAUSTED"} 1.0' in server.metrics.text())
        assert gauge(server, "secant_waiting_streams") == gauge(server, "secant_unread_bytes") == 0
        with pytest.raises(grpc.RpcError) as caught:
            list(replies)
        assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
        # The client connects again by itself.
        assert quick(calculus, 1) == "2 * x"


LARGE = evaluate_pb2.EvaluateRequest(
    expression=Expression(text="x^2"), points=[Column(name="x", values=np.arange(100_000.0))]
)


def test_a_connection_that_does_not_read_an_answer_is_closed(start, raw):
    with start(settings(idle_seconds=0.2)) as server:
        connection = raw(server.address, window=0)
        connection.call(SERVICE + b"Describe", b"")
        wait_until(lambda: gauge(server, "secant_unread_bytes") > 0)
        wait_until(lambda: gauge(server, "secant_unread_bytes") == gauge(server, "secant_waiting_streams") == 0)
        # What had come before is read; then there is the end.
        with contextlib.suppress(ConnectionResetError):
            while connection.socket.recv(65_536):
                pass


def test_replies_that_are_not_read_are_bounded_and_others_get_theirs(start, connect, endless):
    limits = settings(unread_bytes=200_000, concurrent_calls=8)
    with start(limits) as server, contextlib.ExitStack() as stack:
        for _ in range(5):
            next(stack.enter_context(connect(server.address)).Descend(DESCENT, timeout=60))
        wait_until(lambda: gauge(server, "secant_waiting_streams") <= 2)
        assert gauge(server, "secant_unread_bytes") <= 200_000
        assert len(stack.enter_context(connect(server.address)).Evaluate(LARGE).values) == 100_000


@pytest.mark.parametrize("method", ["EvaluateStream", "Descend"])
def test_a_stream_that_its_caller_cancels_gives_its_place_back(start, endless, method, caplog):
    async def cancelled(address):
        async with grpc.aio.insecure_channel(address) as channel:
            stub = CalculusServiceStub(channel)
            if method == "Descend":
                call = stub.Descend(DESCENT, timeout=20)
            else:
                call = stub.EvaluateStream(timeout=20)
                await call.write(SETUP)
                await call.write(BLOCK)
            await call.read()
            # As asyncio's timeouts do it: the task that reads is cancelled, and the call with it.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    while True:
                        await call.read()
            assert await call.code() is grpc.StatusCode.CANCELLED
            assert (await stub.Describe(describe_pb2.DescribeRequest(), timeout=5)).version

    with start(settings(concurrent_calls=1)) as server:
        asyncio.run(cancelled(server.address))
        names = ("secant_calls_under_way", "secant_waiting_streams", "secant_unread_bytes")
        wait_until(lambda: not any(gauge(server, name) for name in names))
        wait_until(lambda: f'{{method="{method}",code="CANCELLED"}} 1.0' in server.metrics.text())
    assert caplog.text == ""


def test_the_variables_come_with_the_first_answer_only(calculus):
    nothing = Message(points=Message.Points())
    messages = [Message(setup=Message.Setup(expression=Expression(text="x^2"), order=1)), EMPTY, EMPTY, BLOCK, EMPTY]
    replies = list(calculus.EvaluateStream(iter(messages)))
    assert [list(reply.variables) for reply in replies] == [["x"], [], [], []]
    assert [(reply.offset, list(reply.values)) for reply in replies] == [(0, []), (0, []), (0, [9.0]), (1, [])]
    constant = Message(setup=Message.Setup(expression=Expression(text="3")))
    replies = list(calculus.EvaluateStream(iter([constant, nothing, nothing])))
    assert [reply.offset for reply in replies] == [0, 1]


def resident(process):
    """Bytes of memory that a process has."""
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read as Linux shows it")
def test_callers_among_ten_thousand_streams_without_a_message_are_answered_or_refused_as_busy(
    secantd, connect, raw, ended
):
    process, address = secantd("--pool", "0")
    with connect(address) as calculus:
        quick(calculus, 0)
        before, found, over = resident(process.pid), [], threading.Event()

        def call():
            while not over.is_set():
                request = derivative_pb2.DifferentiateRequest(expression=Expression(text=f"x^2 + {len(found)}"))
                found.append(ended(calculus.Differentiate, request, timeout=30)[0])

        caller = threading.Thread(target=call)
        caller.start()
        for _ in range(20):
            raw(address).open(SERVICE + b"Differentiate", 512)
        last = len(found) + 5
        wait_until(lambda: len(found) > last, 60)
        over.set()
        caller.join()
        assert set(found) <= {"OK", "RESOURCE_EXHAUSTED"}
        assert "OK" in found
        # 64 kB for each of the 2000 that a server may have open at once.
        assert resident(process.pid) - before < 128 << 20


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read as Linux shows it")
def test_half_sent_messages_on_many_streams_hold_bounded_memory(secantd, connect, raw):
    process, address = secantd("--pool", "0", "--waiting-streams", "8")
    with connect(address) as calculus:
        # It waits for SciPy, which is imported after the start and takes 40 MB.
        request = evaluate_pb2.EvaluateRequest(expression=Expression(text="besselJ(x, 0)"))
        request.points.add(name="x", values=[1.0])
        calculus.Evaluate(request, timeout=60)
        before = resident(process.pid)
        connection = raw(address)
        connection.open(SERVICE + b"Differentiate", 40)
        connection.half(4_000_000, 3_900_000)
        # 8 of them, and what is under way of those that were ended.
        assert resident(process.pid) - before < 16 * 4_000_000
        assert quick(calculus, 1) == "2 * x"
