"""h2load, a load generator that knows nothing of gRPC: it counts each HTTP 200 as a success, so bytes are counted.

A call that is refused is a 200 as well, with its status in the trailers and not one byte of data.
SECANT_TEST_LOAD=1 makes a hundred times as many calls; pytest -s shows how many a second.
"""

import os
import re
import shutil
import subprocess

import grpc
import pytest
from secant.v1 import derivative_pb2, expression_pb2

pytestmark = pytest.mark.skipif(shutil.which("h2load") is None, reason="h2load (nghttp2-client) is not installed")

METHOD = "/secant.v1.CalculusService/Differentiate"
COUNT = 200_000 if "SECANT_TEST_LOAD" in os.environ else 2_000
CONNECTIONS, STREAMS = 8, 16
# gRPC over HTTP/2: a byte for compression and four for the length precede each message.
PREFIX = 5


def request(text):
    expression = expression_pb2.Expression(text=text)
    return derivative_pb2.DifferentiateRequest(expression=expression, variables=["x"]).SerializeToString()


@pytest.fixture
def load(server, tmp_path):
    """How many calls h2load counts as done and well, and how many bytes of data came."""

    def run(raw):
        file = tmp_path / "frame"
        file.write_bytes(b"\0" + len(raw).to_bytes(4, "big") + raw)
        load = ["-n", str(COUNT), "-c", str(CONNECTIONS), "-m", str(STREAMS), f"--data={file}"]
        headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
        command = ["h2load", *load, *headers, f"http://{server.address}{METHOD}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
        succeeded = int(re.search(r"(\d+) succeeded", output)[1])
        data = int(re.search(r"\((\d+)\) data", output)[1])
        print("\nh2load:", re.search(r"finished in .*", output)[0], f"load {os.getloadavg()[0]:.1f}")
        return succeeded, data

    return run


@pytest.mark.parametrize("text", ["x^2", "1 / (1 + exp(-(x - y)))"])
def test_every_byte_of_every_reply_comes(load, server, text):
    with grpc.insecure_channel(server.address) as channel:
        reply = channel.unary_unary(METHOD)(request(text), timeout=5)
    assert load(request(text)) == (COUNT, COUNT * (PREFIX + len(reply)))


def test_refused_requests_differ_from_answers_in_their_bytes(load):
    assert load(request("x^2 + * y")) == (COUNT, 0)
