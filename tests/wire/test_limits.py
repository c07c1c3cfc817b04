"""Time, memory and crowds: what one call may take from the others."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from secant.v1 import derivative_pb2, descend_pb2, describe_pb2, expression_pb2
from secantd import descent
from secantd.descent import Bunch, Steps
from secantd.descent.steps import NO_STEPS
from secantd.settings import Limits, Settings
from secantd.transport import methods

Expression, Coordinate = expression_pb2.Expression, expression_pb2.Coordinate
DESCENT = descend_pb2.DescendRequest(expression=Expression(text="x^2"), start=[Coordinate(variable="x", value=1)])


# Without processes, because what is put in the place of a method is in this one.
BRISK = Settings(listen="127.0.0.1:0", pool=0, limits=Limits(seconds=0.2))
CROWDED = Settings(listen="127.0.0.1:0", pool=0, threads=1, limits=Limits(queue=1))


class Endless:
    """A descent without end that counts its bunches."""

    def __init__(self, pause: float = 0.0) -> None:
        self.bunches = 0
        self.pause = pause

    def __call__(self, request, **limits):
        while True:
            self.bunches += 1
            time.sleep(self.pause)
            yield Bunch(Steps(np.full(100, self.bunches), np.ones((100, 102))))


@pytest.fixture
def endless(monkeypatch):
    made = Endless()
    monkeypatch.setattr(descent, "descend", made)
    return made


def settled(read, during=0.2):
    """Wait until `read()` has not changed for a while; return it."""
    value = read()
    for _ in range(50):
        time.sleep(during)
        if read() == value:
            return value
        value = read()
    raise AssertionError("it goes on")


def test_a_cancelled_descent_stops_computing(calculus, endless):
    replies = calculus.Descend(DESCENT)
    next(replies)
    replies.cancel()
    assert settled(lambda: endless.bunches) > 0


def test_a_descent_whose_deadline_is_over_stops_computing(calculus, endless, failure):
    assert failure(calculus.Descend, DESCENT, timeout=0.2).code == "DEADLINE_EXCEEDED"
    settled(lambda: endless.bunches)


class Long:
    """A descent whose first bunch never comes: one evaluation over much data, and the next, and the next."""

    def __init__(self) -> None:
        self.evaluations = 0
        self.left = threading.Event()

    def __call__(self, request, **limits):
        data = np.ones(100_000)
        try:
            while True:
                self.evaluations += 1
                data.sum()
        finally:
            self.left.set()
        yield Bunch(NO_STEPS)


@pytest.mark.parametrize("deadline", [None, 0.3], ids=["cancelled", "deadline over"])
def test_a_descent_is_left_between_two_operations_of_one_evaluation(calculus, monkeypatch, failure, deadline):
    long = Long()
    monkeypatch.setattr(descent, "descend", long)
    # A block is no quick call: it runs in a thread.
    request = descend_pb2.DescendRequest(expression=expression_pb2.Expression(text="a <- x^2; a"), start=DESCENT.start)
    if deadline is None:
        replies = calculus.Descend(request)
        while not long.evaluations:
            time.sleep(0.01)
        replies.cancel()
    else:
        assert failure(calculus.Descend, request, timeout=deadline).code == "DEADLINE_EXCEEDED"
    assert long.left.wait(30)
    assert calculus.Describe(describe_pb2.DescribeRequest()).version


def test_nothing_is_computed_ahead_of_a_slow_reader(calculus, endless):
    replies = calculus.Descend(DESCENT)
    next(replies)
    # A bunch is 90 kB here; what is under way is bounded by HTTP/2's windows, not by the descent.
    assert settled(lambda: endless.bunches) < 500
    replies.cancel()


def test_a_descent_over_the_server_s_time_limit_is_an_error(start, connect, failure, endless):
    with start(BRISK) as server, connect(server.address) as calculus:
        error = failure(calculus.Descend, DESCENT)
    assert (error.code, error.reason) == ("RESOURCE_EXHAUSTED", "TIME_LIMIT")
    assert error.metadata["limit"] == "0.2"
    assert "set max_steps, or use a method that takes fewer steps" in error.message


@pytest.fixture
def slow(monkeypatch):
    """Describe takes its time, away from the event loop."""
    gate = threading.Event()
    row = methods.METHODS["Describe"]

    def wait(request, functions):
        gate.wait(5)
        return row.answer(request, functions)

    monkeypatch.setitem(methods.METHODS, "Describe", replace(row, answer=wait, quick=lambda request: False))
    yield gate
    gate.set()


def test_a_call_over_the_server_s_time_limit_is_an_error(start, connect, failure, slow):
    with start(BRISK) as server, connect(server.address) as calculus:
        error = failure(calculus.Describe, describe_pb2.DescribeRequest())
        assert (error.code, error.reason) == ("RESOURCE_EXHAUSTED", "TIME_LIMIT")
        slow.set()


def test_too_many_calls_get_busy_with_a_time_to_retry(start, connect, failure, slow):
    with start(CROWDED) as server, connect(server.address) as calculus:
        request = describe_pb2.DescribeRequest()
        waiting = [calculus.future("Describe", request) for _ in range(2)]
        time.sleep(0.2)
        error = failure(calculus.Describe, request)
        assert (error.code, error.reason) == ("RESOURCE_EXHAUSTED", "BUSY")
        assert 0 < error.retry < 2
        # Quick calls need no place.
        quick = derivative_pb2.DifferentiateRequest(expression=Expression(text="x^2"))
        assert calculus.Differentiate(quick).derivative.text == "2 * x"
        slow.set()
        assert all(future.result().version for future in waiting)


def test_a_fault_has_an_id_and_is_logged_without_the_formula(start, connect, failure, monkeypatch, caplog):
    row = methods.METHODS["Describe"]

    def broken(request, functions):
        raise KeyError(request.DESCRIPTOR.full_name)

    monkeypatch.setitem(methods.METHODS, "Describe", replace(row, answer=broken))
    logged = caplog.at_level("ERROR", "secantd")
    with logged, start(BRISK) as server, connect(server.address) as calculus:
        error = failure(calculus.Describe, describe_pb2.DescribeRequest())
    assert (error.code, error.reason) == ("INTERNAL", "INTERNAL")
    assert error.metadata["name"] in error.message
    assert error.metadata["name"] in caplog.text
    assert "KeyError" in caplog.text
    assert "test_limits.py" in caplog.text
    assert "secant.v1" not in caplog.text + error.message


def test_two_servers_in_one_process_do_not_know_each_other(start, connect, failure):
    text = Expression(text="x + x + x")
    request = derivative_pb2.DifferentiateRequest(expression=text)
    with (
        start(Settings(listen="127.0.0.1:0", pool=0)) as generous,
        start(Settings(listen="127.0.0.1:0", pool=0, limits=Limits(text_length=5))) as strict,
        connect(generous.address) as one,
        connect(strict.address) as other,
    ):
        assert one.Differentiate(request).derivative.text
        assert failure(other.Differentiate, request).reason == "LIMIT_EXCEEDED"
