"""The workers of a running server: what calls that run out of time, or a killer of processes, leave of them."""

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import grpc
import pytest
from secant.v1 import check_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd.errors import CalculusError, Reason
from secantd.transport.calls.threads import Threads

Expression = expression_pb2.Expression
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

RIGHT = "2*x*sin(x)+x^2*cos(x)"
CLAIMS = [
    ("-" * 1000 + "x", RIGHT, ["exact", "numeric", "sympy"]),
    ("ifelse(x>NaN,x,1)", "2*x*cos(x)", ["exact", "numeric", "sympy"]),
    ("x^2*sin(x)", RIGHT, ["exact", "numeric", "sympy"]),
    ("sin(x)^2*exp(x*cos(x))/(1+x^2)", "1", ["exact", "sympy"]),
    ("-" * 1000 + "x", "-1", ["sympy"]),
]


def children(process):
    """Return the numbers of the processes that a process forked and that have not ended."""
    words = " ".join(each.read_text() for each in Path(f"/proc/{process}/task").glob("*/children"))
    return {int(w) for w in words.split() if Path(f"/proc/{w}/stat").read_text().rpartition(")")[2].split()[0] != "Z"}


def has_scipy(process):
    """Whether a worker has the modules that take long to import, of which SciPy is the last; the first workers end without."""
    try:
        with open(f"/proc/{process}/maps") as file:
            return "/scipy/" in file.read()
    except OSError:
        return False


@pytest.fixture(scope="module")
def running():
    """A server with two workers and a spare: its stub, the process that forks them, and how many ended by themselves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        page = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "2", "--seconds", "60"]
    command += ["--metrics", page]

    def deaths():
        with urllib.request.urlopen(f"http://{page}/metrics", timeout=5) as reply:
            return float(re.search(r"^secant_worker_deaths_total (\S+)", reply.read().decode(), re.MULTILINE)[1])

    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().split()[-1]
        with grpc.insecure_channel(address) as channel:
            stub = CalculusServiceStub(channel)
            # What comes first waits for SymPy and the workers.
            stub.Check(check(*CLAIMS[2]), timeout=60, wait_for_ready=True)
            (forker,) = children(process.pid)
            until = time.monotonic() + 60
            while not all(map(has_scipy, children(forker))):
                assert time.monotonic() < until
                time.sleep(0.05)
            yield stub, forker, deaths
    finally:
        process.terminate()
        _, log = process.communicate(timeout=20)
    assert not log


def check(text, claimed, witnesses, **fields):
    expression, claim = Expression(text=text), Expression(text=claimed)
    return check_pb2.CheckRequest(expression=expression, variables=["x"], claimed=claim, witnesses=witnesses, **fields)


def test_checks_of_a_moment_use_up_no_worker_and_are_all_answered(running):
    stub, forker, deaths = running
    chance = random.Random(7)
    before, seen = children(forker), set()
    for _ in range(30 if "SECANT_TEST_LONG" in os.environ else 12):
        request = check(*chance.choice(CLAIMS), seconds=10 ** chance.uniform(-3, -0.9))
        stub.Check(request, timeout=30)
        seen |= children(forker)
    assert seen == before
    assert deaths() == 0


def test_a_call_after_the_kill_of_all_workers_is_answered(running):
    stub, forker, deaths = running
    for _ in range(2):
        victims = children(forker)
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        until = time.monotonic() + 10
        while children(forker) & victims:
            assert time.monotonic() < until
            time.sleep(0.005)
        reply = stub.Check(check(*CLAIMS[2], seconds=2.0), timeout=30)
        assert reply.verdict == check_pb2.VERDICT_PROVED
    assert deaths() >= 2


def test_without_a_free_thread_a_call_gets_busy_and_later_ones_are_answered(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    async def scenario():
        threads, ran = Threads(1, 1), []
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            with pytest.raises(CalculusError) as error:
                await threads.run(lambda: ran.append(True), 10)
        assert error.value.reason is Reason.BUSY
        assert await threads.run(lambda: "answered", 10) == "answered"
        assert not ran
        threads.close()

    asyncio.run(scenario())
