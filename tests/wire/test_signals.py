"""Signals: they end the process whatever its event loop, its imports or its threads are doing."""

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import grpc
import pytest
from secant.v1 import expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd import watchdog

from .calls import LINUX, ask
from .waiting import wait_until

HANG = """
import itertools
from secantd import __main__, watchdog
from secantd.transport import servicer
__main__.MARGIN_SECONDS, watchdog.FROZEN_SECONDS, watchdog.BEAT = 0.3, 0.3, 0.1
real = servicer.answer_message
def answer(name, message, functions):
    request = message.SerializeToString()
    while b"python" in request:
        pass
    if b"native" in request:
        sum(itertools.repeat(0))
    return real(name, message, functions)
servicer.answer_message = answer
"""
ENDS = [pytest.param("python", 3, '"level": "error"', id="Python"), pytest.param("native", 27, "in answer", id="C")]


@pytest.mark.parametrize(("text", "code", "message"), ENDS)
def test_a_signal_ends_a_process_whose_event_loop_never_comes_back(secantd, text, code, message):
    process, address = secantd("--pool", "0", "--grace", "0.1", "--drain-pause", "0", before=HANG)
    with grpc.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        assert stub.Differentiate(ask(), timeout=5).derivative.text == "2 * x"
        hangs = stub.Differentiate.future(ask(f"{text} * x"), timeout=20)
        time.sleep(0.2)
        process.terminate()
        assert process.wait(20) == code
        hangs.cancel()
    assert message in process.stderr.read()


@LINUX
def test_a_signal_ends_a_process_whose_fork_server_is_suspended(secantd):
    # With nothing under way the grace is not used up; it bounds what a busy machine may take.
    process, _ = secantd("--pool", "1", "--grace", "30")

    def descendants():
        # Threads start processes here, so the children of any of them count.
        words = " ".join(each.read_text() for each in Path(f"/proc/{process.pid}/task").glob("*/children"))
        return list(map(int, words.split()))

    wait_until(lambda: len(descendants()) == 1)
    (forker,) = descendants()
    os.kill(forker, signal.SIGSTOP)
    process.terminate()
    assert process.wait(20) == 0
    assert not Path(f"/proc/{forker}").exists()


@LINUX
def test_a_process_that_was_suspended_goes_on(secantd):
    process, address = secantd("--pool", "0", before="from secantd import watchdog; watchdog.BEAT = 0.1")
    for _ in range(5):
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.05)
    with grpc.insecure_channel(address) as channel:
        for _ in range(3):
            assert CalculusServiceStub(channel).Differentiate(ask(), timeout=20).derivative.text == "2 * x"
            time.sleep(0.1)
    process.terminate()
    assert process.wait(20) == 0


SLOW_IMPORT = """
import time
from secantd.program import special
special.load = lambda: time.sleep(60)
"""


def test_a_signal_ends_a_process_that_still_imports(secantd):
    process, address = secantd("--pool", "0", "--grace", "30", before=SLOW_IMPORT)
    with grpc.insecure_channel(address) as channel:
        assert CalculusServiceStub(channel).Differentiate(ask(), timeout=5).derivative.text == "2 * x"
    process.terminate()
    assert process.wait(20) == 0


BUSY_THREAD = """
import time
from secantd.transport.calls import dispatch
dispatch.answer = lambda *_: time.sleep(60)
"""


def test_a_signal_ends_a_process_one_of_whose_threads_still_works(secantd):
    process, address = secantd("--pool", "0", "--grace", "0.2", before=BUSY_THREAD)
    with grpc.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        call = stub.Differentiate.future(ask("(x + 1)^3", form=expression_pb2.FORM_EXPANDED), timeout=60)
        time.sleep(0.3)
        process.terminate()
        assert process.wait(20) == 0
        call.cancel()


def test_the_timer_allows_for_all_processors_being_busy(monkeypatch):
    set_to = []
    monkeypatch.setattr(watchdog.os, "cpu_count", lambda: 64)
    monkeypatch.setattr(watchdog, "arm", set_to.append)
    monkeypatch.setattr(watchdog.threading, "Thread", lambda **_: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr(watchdog.signal, "signal", lambda *_: None)
    watchdog.watch(lambda: None, 7.0)
    assert set_to[0] > 64 * 2 * watchdog.BEAT
