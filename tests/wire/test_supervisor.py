"""`secantd --workers N`: servers that share a port and are replaced when they die."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from secant.v1 import derivative_pb2, expression_pb2

from .waiting import wait_until

DERIVATIVE = derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text="x^2"))


def children(process):
    """The secantd processes that `process` started; those that fork workers are not among them."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            words = (each / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == process and b"--supervised" in words:
            found.append(int(each.name))
    return sorted(found)


@pytest.fixture
def two():
    """`secantd --workers 2`, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--workers", "2", "--pool", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    assert line.startswith("listening on "), process.stderr.read()
    yield process, line.split()[-1]
    process.kill()
    process.communicate()


def call(address):
    # A connection of its own for each call: the kernel balances connections.
    with grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
        method = channel.unary_unary("/secant.v1.CalculusService/Differentiate")
        raw = method(DERIVATIVE.SerializeToString(), timeout=20, wait_for_ready=True)
    assert derivative_pb2.DifferentiateResponse.FromString(raw).derivative.text == "2 * x"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_server_that_is_killed_is_replaced_and_all_end_with_the_first(two):
    process, address = two
    before = children(process.pid)
    assert len(before) == 2
    for _ in range(5):
        call(address)
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: len(children(process.pid)) == 2 and children(process.pid) != before)
    for _ in range(5):
        call(address)
    after = children(process.pid)
    process.terminate()
    assert process.wait(20) == 0
    assert not any(Path(f"/proc/{each}").exists() for each in after)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_when_the_first_is_killed_the_others_end(two):
    process, _ = two
    servers = children(process.pid)
    process.kill()
    process.wait()
    wait_until(lambda: not any(Path(f"/proc/{each}").exists() for each in servers))


def test_a_port_in_use_is_an_error(two):
    _, address = two
    for workers in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "secantd", "--listen", address, "--workers", workers],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (
            1,
            f"secantd: cannot listen on {address}: Address already in use\n",
        )
