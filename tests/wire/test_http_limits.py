"""HTTP by the Connect protocol: deadlines, callers that leave, tokens, admission and the end of the server."""

import json
import re
import threading
import time

import numpy as np
import pytest
from secantd import descent
from secantd.descent import Bunch, Steps
from secantd.settings import Limits, Settings

from .waiting import wait_until
from .web import SERVICE, ask, call, envelope, raw, stream

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

SQUARE = {"expression": {"text": "x^2"}, "at": [{"variable": "x", "value": 3}]}
# No other test asks for it: a path that was answered before comes from the cache.
DESCENT = {"expression": {"text": "x^2 + 7919"}, "start": [{"variable": "x", "value": 1}]}
# SymPy is at it for longer than any test.
LONG = {"expression": {"text": "exp(-x^2)*sin(x)*log(1+x^2)*besselJ(x,2)"}, "claimed": {"text": "x"}}


def gauge(server, name):
    return float(re.search(rf"^{name} (\S+)$", server.metrics.text(), re.MULTILINE)[1])


@pytest.fixture
def endless(monkeypatch):
    """Every descent goes on for ever, in bunches of 90 kB."""

    def descend(request, *, limits):
        while True:
            yield Bunch(Steps(np.ones(100, dtype=int), np.ones((100, 102))))

    monkeypatch.setattr(descent, "descend", descend)


def test_a_deadline_ends_a_call(web):
    began = time.monotonic()
    found = call(web, "Check", LONG, {"connect-timeout-ms": "30"})
    assert (found.status, found.json["code"]) == (504, "deadline_exceeded")
    assert time.monotonic() - began < 5


def test_a_deadline_ends_a_stream(web, endless):
    _, end = stream(web, "Descend", DESCENT, headers={"connect-timeout-ms": "50"})
    assert end["error"]["code"] == "deadline_exceeded"


@pytest.mark.parametrize("header", ["-1", "1.5", "soon", "12345678901", "１"])
def test_a_deadline_is_a_whole_number(web, header):
    found = call(web, "Gradient", SQUARE, {"connect-timeout-ms": header.encode()})
    assert (found.status, found.json["code"]) == (400, "invalid_argument")
    assert "connect-timeout-ms" in found.json["message"]


@pytest.mark.parametrize("method", ["Descend", "Check"])
def test_the_work_of_a_caller_that_leaves_ends(web, server, method, endless):
    body = json.dumps(DESCENT if method == "Descend" else LONG).encode()
    kind = "application/json"
    if method == "Descend":
        body, kind = envelope(body), "application/connect+json"
    head = f"POST {SERVICE}{method} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    connection = raw(web, head.encode() + body)
    busy = "secant_calls_under_way"
    wait_until(lambda: gauge(server, busy) == 1)
    connection.close()
    wait_until(lambda: gauge(server, busy) == 0 and gauge(server, "secant_long_calls") == 0)


def test_a_descent_whose_reader_is_slow_is_not_computed_ahead(web, server, endless):
    body = envelope(json.dumps(DESCENT).encode())
    head = f"POST {SERVICE}Descend HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/connect+json\r\ncontent-length: {len(body)}\r\n\r\n"
    connection = raw(web, head.encode() + body)
    wait_until(
        lambda: all(
            gauge(server, "secant_unread_bytes") > 0 and gauge(server, "secant_calls_under_way") == 0
            for _ in range(20)
            if not time.sleep(0.01)
        )
    )
    connection.close()
    wait_until(lambda: gauge(server, "secant_unread_bytes") == 0)


# -- tokens, limits, the end of the server --------------------------------------------------------------------------------


def test_calls_need_a_token_and_pages_do_not(start, tmp_path):
    import hashlib

    tokens = tmp_path / "tokens"
    tokens.write_text(hashlib.sha256(b"a-long-token").hexdigest() + "\n")
    settings = Settings(listen="127.0.0.1:0", http="127.0.0.1:0", pool=0, tokens=str(tokens))
    with start(settings) as running:
        web = running.http_address
        found = call(web, "Gradient", SQUARE)
        assert (found.status, found.json["code"], found.headers["www-authenticate"]) == (
            401,
            "unauthenticated",
            "Bearer",
        )
        assert found.json["message"] == "the token is missing or wrong\nsend 'authorization: Bearer TOKEN'"
        assert call(web, "Gradient", SQUARE, {"authorization": "Bearer another"}).status == 401
        assert call(web, "Gradient", SQUARE, {"authorization": "Bearer a-long-token"}).status == 200
        assert ask(web, "GET", "/").status == 200


def test_admission_is_shared_with_grpc(start, monkeypatch):
    end = threading.Event()

    def descend(request, *, limits):
        # The first bunch is computed on the event loop.
        while True:
            yield Bunch(Steps(np.ones(1, dtype=int), np.ones((1, 3))))
            end.wait(20)

    monkeypatch.setattr(descent, "descend", descend)
    settings = Settings(listen="127.0.0.1:0", http="127.0.0.1:0", pool=0, limits=Limits(concurrent_calls=1))
    with start(settings) as running:
        web = running.http_address
        busy = threading.Thread(target=stream, args=(web, "Descend", DESCENT | {"max_steps": 5, "adam": {}}))
        busy.start()
        wait_until(lambda: gauge(running, "secant_calls_under_way") == 1)
        found = call(web, "Gradient", SQUARE)
        assert (found.status, found.json["code"]) == (429, "resource_exhausted")
        assert found.json["details"][-1]["debug"] == {"retryDelay": "0.250s"}
        end.set()
    busy.join()


def test_a_stream_learns_that_the_server_stops(start, endless):
    found = []
    settings = Settings(listen="127.0.0.1:0", http="127.0.0.1:0", pool=0)
    with start(settings) as running:
        web = running.http_address
        thread = threading.Thread(target=lambda: found.append(stream(web, "Descend", DESCENT)))
        thread.start()
        wait_until(lambda: gauge(running, "secant_calls_under_way") == 1)
    thread.join()
    assert found[0][1]["error"]["code"] == "unavailable"
