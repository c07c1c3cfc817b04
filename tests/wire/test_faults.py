"""A machine at its ends: no files left, a full disk, a clock that jumps, servers that are killed under their callers."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import grpc
import pytest
import secant
from secant.v1 import derivative_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

from .calls import after
from .waiting import wait_until

DERIVATIVE = derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text="x^2"))


@pytest.fixture
def poor():
    """A server that may hold 48 files."""
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0"]
    process = subprocess.Popen(
        after("ulimit -n 48", command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    yield process, process.stdout.readline().split()[-1]
    process.kill()
    process.communicate()


def derivative(address):
    with grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = CalculusServiceStub(channel)
        return stub.Differentiate(DERIVATIVE, timeout=20, wait_for_ready=True).derivative.text


def test_a_server_without_a_file_left_serves_again_when_there_are_some(poor):
    process, address = poor
    assert derivative(address) == "2 * x"
    host, port = address.split(":")
    crowd = [socket.create_connection((host, int(port)), timeout=5) for _ in range(80)]
    time.sleep(0.3)
    for each in crowd:
        each.close()
    assert derivative(address) == "2 * x"
    assert process.poll() is None


def test_a_full_disk_is_no_concern_of_a_server_that_writes_nothing(tmp_path):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0", "--log", "calls"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=full, text=True, cwd=tmp_path)
    try:
        address = process.stdout.readline().split()[-1]
        assert [derivative(address) for _ in range(3)] == ["2 * x"] * 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert os.listdir(tmp_path) == []
    finally:
        process.kill()
        process.communicate()


@pytest.mark.sample(2)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_cannot_write_that_it_listens_serves(workers):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "secantd", "--listen", address, "--pool", "0", "--workers", workers]
    with open("/dev/full", "w") as full:
        process = subprocess.Popen(command, stdout=full)
    try:
        with grpc.insecure_channel(address) as channel:
            grpc.channel_ready_future(channel).result(60)
        assert derivative(address) == "2 * x"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@pytest.fixture
def clock(tmp_path):
    """A server whose time of day a test sets, by its distance from the true one; what it logs; its address."""
    if FAKETIME is None:
        pytest.skip("faketime is not installed")
    distance, log = tmp_path / "distance", tmp_path / "log"
    distance.write_text("+0")
    faketime = {"FAKETIME_TIMESTAMP_FILE": str(distance), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    # A minute for each call: on a busy machine none ends for want of time but by a clock that jumps.
    flags = ["--listen", "127.0.0.1:0", "--pool", "1", "--log", "calls", "--seconds", "60"]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "secantd", *flags],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | faketime | {"LD_PRELOAD": str(FAKETIME)},
        )
    yield process.stdout.readline().split()[-1], distance.write_text, log
    process.kill()
    process.communicate()


def test_no_call_minds_a_clock_that_jumps(clock):
    address, jump, log = clock
    with secant.connect(address, timeout=60) as client:
        for number, distance in enumerate(("+10d", "-3650d", "+0"), 2):
            # Steps that take a while, a call in a process, and one on the event loop: with deadlines all three.
            steps = client.descend("x^2", {"x": 1.0}, rate=1e-9, max_steps=50_000, tolerance=0)
            next(steps)
            jump(distance)
            third = number * (number + 1) * (number + 2)
            assert str(client.differentiate(f"x^{number + 2}", "x", "x", "x")).startswith(f"{third} * x")
            assert str(client.differentiate(f"{number} * x", "x")) == str(number)
            assert steps.result().steps == 50_000
    years = [datetime.fromisoformat(line.split('"')[3]).year for line in log.read_text().splitlines()]
    # The clock did jump: a line of the log has the time of day.
    assert max(years) - min(years) >= 9


def test_no_call_is_lost_when_the_servers_of_workers_are_killed_one_after_another():
    flags = ["--listen", "127.0.0.1:0", "--workers", "2", "--pool", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "secantd", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    address = process.stdout.readline().split()[-1]
    over, done, lost = threading.Event(), [0], []

    def call(client, caller):
        while not over.is_set():
            # Odd: R writes a million as 1e+06, and so do we.
            number = 2 * (10**6 * caller + done[0]) + 1
            done[0] += 1
            # The callers wait most of the time: what is tested is the restart, not the speed.
            time.sleep(0.02)
            try:
                answer = str(client.differentiate(f"{number} * x", "x"))
                if answer != str(number):
                    lost.append(f"{number} * x gave {answer}")
            except secant.Error as error:
                lost.append(repr(error))

    try:
        # One connection, to one of the two: whichever it is, it is killed.
        with secant.connect(address) as client:
            threads = [threading.Thread(target=call, args=(client, i + 1)) for i in range(4)]
            for thread in threads:
                thread.start()
            for victim in servers(process.pid):
                time.sleep(0.3)
                os.kill(victim, signal.SIGKILL)
                wait_until(lambda gone=victim: gone not in servers(process.pid) and listening(address) == 2)
            over.set()
            for thread in threads:
                thread.join()
    finally:
        over.set()
        process.terminate()
        process.communicate(timeout=30)
    assert lost == []
    assert done[0] > 8


def servers(supervisor):
    """The processes that a supervisor started."""
    return list(map(int, Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()))


def listening(address):
    """How many processes listen at an address: see proc(5), /proc/net/tcp; 0A is LISTEN."""
    port = f":{int(address.rpartition(':')[2]):04X}"
    # gRPC listens by a socket for both families of addresses.
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return sum(row[1].endswith(port) and row[3] == "0A" for row in rows)
