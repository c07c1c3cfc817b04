"""The life of the server's process: what must not end it, what must end it, and how it begins."""

import asyncio
import logging
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
import secant
from grpc._cython import cygrpc
from secant.v1 import descend_pb2, evaluate_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd import server as composition
from secantd.settings import Limits, Settings
from secantd.transport import aio_server

from .calls import LINUX, ask
from .waiting import wait_until


def steps(count):
    """A descent of so many steps, sent as they are read."""
    return descend_pb2.DescendRequest(
        expression=expression_pb2.Expression(text="x^2"),
        start=[expression_pb2.Coordinate(variable="x", value=1)],
        fixed_rate=descend_pb2.FixedRate(rate=1e-9),
        max_steps=count,
        tolerance=0,
    )


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def send_path(address, path):
    """Begin and end a call with these bytes for a path, by hand; return what comes back in half a second."""
    fields = {
        b":method": b"POST",
        b":scheme": b"http",
        b":path": path,
        b":authority": b"x",
        b"te": b"trailers",
        b"content-type": b"application/grpc",
    }
    block = b"".join(b"\0" + bytes([len(k)]) + k + bytes([len(v)]) + v for k, v in fields.items())
    host, _, port = address.rpartition(":")
    got = b""
    with socket.create_connection((host, int(port)), timeout=0.5) as peer:
        peer.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + frame(1, 5, 1, block))
        try:
            while b"grpc-message" not in got and (more := peer.recv(4096)):
                got += more
        except (TimeoutError, ConnectionResetError):
            pass
    return got


# ---------------------------------------------------------------- a path that is not UTF-8

PATHS = [
    pytest.param(b"/\xff", id="one byte"),
    pytest.param(b"/secant.v1.CalculusService/\xc3\x28", id="of the service"),
]


@pytest.mark.sample(2)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_path_that_is_not_utf_8_cuts_no_call_and_ends_no_server(secantd, workers):
    process, address = secantd("--pool", "0", "--workers", workers)
    with grpc.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        replies = stub.Descend(steps(20_000), timeout=20)
        next(replies)
        # The kernel hands connections to the servers by chance: six of them hit both, but for once in 32.
        for _ in range(6):
            assert b"grpc-message" in send_path(address, b"/\xff")
        assert list(replies)[-1].outcome.steps == 20_000
        assert stub.Differentiate(ask(), timeout=5).derivative.text == "2 * x"
    process.terminate()
    assert process.wait(20) == 0
    # Nothing was replaced or logged.
    assert process.stderr.read() == ""


@pytest.mark.sample(2)
@pytest.mark.parametrize("path", PATHS)
def test_an_embedded_server_outlives_such_a_path(path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with secant.local(pool=0, listen=address) as client:
        assert b"grpc-message" in send_path(address, path)
        assert str(client.differentiate("x^2", "x")) == "2 * x"


def test_a_method_that_nobody_knows_is_unimplemented(start):
    with (
        start(Settings(listen="127.0.0.1:0", pool=0)) as server,
        grpc.insecure_channel(server.address) as channel,
        pytest.raises(grpc.RpcError) as caught,
    ):
        channel.unary_unary("/secant.v1.CalculusService/Nothing")(b"", timeout=5)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


# ---------------------------------------------------------------- the end of the gRPC server


@pytest.fixture
def mortal(monkeypatch):
    """The gRPC server ends at such a path, as grpcio 1.85 does by itself."""
    if not hasattr(cygrpc.AioServer, "_make_request_call_future"):
        pytest.skip("the server of this grpcio does not end at such a path")

    def open_to_all(options, interceptors):
        server = aio_server(options, interceptors)
        server._server.closed = False
        return server

    monkeypatch.setattr(composition, "aio_server", open_to_all)


def test_a_grpc_server_that_ends_is_started_anew_on_its_port_and_loses_no_call(mortal, start, caplog):
    caplog.set_level(logging.ERROR)
    with start(Settings(listen="127.0.0.1:0", pool=0)) as server, secant.connect(server.address) as client:
        replies = client.descend("x^2", {"x": 1.0}, rate=1e-9, max_steps=20_000, tolerance=0)
        next(replies)
        for count in (1, 2):
            send_path(server.address, b"/\xff")
            wait_until(lambda wanted=f"secant_restarts_total {count}.0": wanted in server.metrics.text())
            assert str(client.differentiate(f"x^{count + 2}", "x")).startswith(f"{count + 2} * x")
        assert replies.result().steps == 20_000
    lines = [each for each in caplog.messages if each.startswith("the gRPC server")]
    assert lines == [f"the gRPC server ended (UnicodeDecodeError) and is started anew on {server.address}"] * 2


def test_a_server_that_cannot_bind_its_port_again_logs_it(mortal, monkeypatch):
    monkeypatch.setattr(composition, "SECONDS_FOR_THE_PORT", 0.0)

    async def lose():
        server = composition.Server(Settings(listen="127.0.0.1:0", pool=0))
        await server.start()

        def taken(address):
            raise composition.ListenError(f"cannot listen on {address}")

        monkeypatch.setattr(server, "_bound", taken)
        await asyncio.to_thread(send_path, server.address, b"/\xff")
        with pytest.raises(composition.ListenError, match="cannot listen on 127"):
            await asyncio.wait_for(server.wait(), 10)
        await server.stop(0)

    asyncio.run(lose())


# ---------------------------------------------------------------- the start


@pytest.mark.sample(2)
@pytest.mark.parametrize("closing", [pytest.param("exec 0<&-", id="0"), pytest.param("exec 2>&-", id="2")])
def test_a_server_starts_without_standard_input_or_error(secantd, closing):
    process, address = secantd("--pool", "0", shell=closing)
    with grpc.insecure_channel(address) as channel:
        assert CalculusServiceStub(channel).Differentiate(ask(), timeout=5).derivative.text == "2 * x"
    process.terminate()
    assert process.wait(20) == 0


@LINUX
def test_workers_of_a_server_without_standard_error_have_no_socket_in_its_place(secantd):
    process, address = secantd("--pool", "1", "--seconds", "60", shell="exec 2>&-")
    with grpc.insecure_channel(address) as channel:
        request = ask("(x + 1)^3", form=expression_pb2.FORM_EXPANDED)
        CalculusServiceStub(channel).Differentiate(request, timeout=60)
    descendants = {process.pid}
    while more := {child for one in descendants for child in children(one)} - descendants:
        descendants |= more
    # The process that forks, a worker and a spare one.
    assert len(descendants) >= 4
    assert {os.readlink(f"/proc/{one}/fd/2") for one in descendants} == {os.devnull}
    process.terminate()
    assert process.wait(20) == 0


def children(process):
    """Return the processes that any thread of a process started."""
    return {int(n) for each in Path(f"/proc/{process}/task").glob("*/children") for n in each.read_text().split()}


def test_an_address_that_is_taken_for_ipv4_only_is_refused_with_the_reason():
    with socket.create_server(("0.0.0.0", 0)) as taken:
        address = f"[::]:{taken.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "-m", "secantd", "--listen", address], capture_output=True, text=True, timeout=60
        )
    assert (done.returncode, done.stderr) == (1, f"secantd: cannot listen on {address}: Address already in use\n")


SLOW_SCIPY = """
import sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "scipy.special":
            time.sleep(8)
sys.meta_path.insert(0, Slow())
"""


@pytest.mark.sample(2)
@pytest.mark.parametrize("method", ["Evaluate", "Descend"])
def test_the_first_special_function_does_not_hold_up_other_callers(secantd, method):
    pytest.importorskip("scipy")
    _, address = secantd("--pool", "0", before=SLOW_SCIPY)
    with grpc.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        if method == "Descend":
            request = steps(3)
            request.expression.text = "x^2 + besselJ(x, 0)"
            first = stub.Descend(request, timeout=20)
        else:
            request = evaluate_pb2.EvaluateRequest(expression=expression_pb2.Expression(text="besselJ(x, 0)"))
            request.points.add(name="x", values=[1.0])
            first = stub.Evaluate.future(request, timeout=20)
        # It has arrived, and waits for SciPy.
        time.sleep(0.2)
        assert stub.Differentiate(ask("x^2 + x"), timeout=4).derivative.text == "1 + 2 * x"
        first.cancel()


def test_a_call_waits_for_the_start_of_the_workers_no_longer_than_a_call_may_take(tmp_path, monkeypatch, failure):
    # Python imports it when the process starts that forks the workers.
    (tmp_path / "sitecustomize.py").write_text("import time\ntime.sleep(2)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    # Not a quick one: its text is a block.
    long = ask("a <- x^2; a * 3")

    async def cold():
        server = composition.Server(Settings(listen="127.0.0.1:0", pool=1, limits=Limits(seconds=0.5)))
        await server.start()

        def call():
            with grpc.insecure_channel(server.address) as channel:
                stub = CalculusServiceStub(channel)
                found = failure(stub.Differentiate, long, timeout=20)
                end = time.monotonic() + 20
                while time.monotonic() < end:
                    try:
                        return found, stub.Differentiate(long, timeout=20).derivative.text
                    except grpc.RpcError:
                        time.sleep(0.1)
            return found, "never"

        try:
            return await asyncio.to_thread(call)
        finally:
            await server.stop(0)

    found, text = asyncio.run(cold())
    assert (found.code, found.reason) == ("RESOURCE_EXHAUSTED", "BUSY")
    assert found.retry
    assert "still starting" in found.message
    assert text == "6 * x"
