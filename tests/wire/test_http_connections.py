"""HTTP connections that are slow, idle or of another protocol: each is given up or refused, and the server serves the next one."""

import contextlib
import json
import resource
import socket
import time
from urllib.parse import urlsplit

import pytest

from .waiting import wait_until
from .web import SERVICE, all_of, all_of_first, answers, envelope, raw, status_of, stream

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

SQUARE = {"expression": {"text": "x^2"}}
BODY = json.dumps(SQUARE).encode()
HEAD = f"POST {SERVICE}Gradient HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n".encode()
STREAM_HEAD = HEAD.replace(b"Gradient", b"Descend").replace(b"application/json", b"application/connect+json")
GRADIENT = SERVICE + "Gradient"


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"content-length: 100\r\n\r\n{",
        HEAD + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
        STREAM_HEAD + b"content-length: 100\r\n\r\n\0\0\0\0\x50{",
        STREAM_HEAD + b"transfer-encoding: chunked\r\n\r\n",
    ],
)
def test_a_body_without_an_end_is_given_up(small, head):
    server = small(idle_seconds=0.5)
    content = all_of(raw(server.http_address, head))
    assert status_of(content) == (429 if head.startswith(HEAD) else 200)
    assert b"nothing was sent or read for 0.5 seconds (limit idle_seconds: 0.5)" in content
    assert server.metrics.text().count('code="RESOURCE_EXHAUSTED"} 1.0') == 1


def test_a_body_that_comes_byte_by_byte_is_given_up(small):
    server = small(idle_seconds=0.5)
    connection = raw(server.http_address, HEAD + b"content-length: 1000\r\n\r\n")
    with contextlib.suppress(OSError):
        for _ in range(500):
            connection.sendall(b" ")
            time.sleep(0.02)
    assert status_of(all_of(connection)) == 429


@pytest.mark.parametrize("sent", [b"GET / HT", b"GET / HTTP/1.1\r\nhost: localhost\r\nx: "])
def test_headers_that_do_not_come_are_given_up(small, monkeypatch, sent):
    from secantd.http import protocol

    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    assert status_of(all_of(raw(small().http_address, sent))) == 408


def test_a_connection_that_sends_nothing_is_closed_without_a_word(small, monkeypatch):
    """Browsers open connections in advance, and would show a response to their next request."""
    from secantd.http import protocol

    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    assert all_of(raw(small().http_address)) == b""


def test_the_second_request_of_a_connection_is_given_up_too(small, monkeypatch):
    from secantd.http import protocol

    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    content = all_of(raw(small().http_address, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\nGET /"))
    assert (status_of(content), content.count(b"HTTP/1.1 408")) == (200, 1)


def test_idle_connections_make_room_for_new_ones(small):
    server = small(connections=5)
    idle = [raw(server.http_address) for _ in range(20)]
    assert answers(server.http_address)
    assert all_of(idle[0]) == b""
    for connection in idle:
        connection.close()
    wait_until(lambda: "secant_http_connections 0" in server.metrics.text())


def test_a_connection_that_cannot_be_kept_is_refused_with_503(small):
    server = small(connections=2)
    busy = [raw(server.http_address, HEAD + b"content-length: 100\r\n\r\n{") for _ in range(2)]
    wait_until(lambda: "secant_waiting_streams 2" in server.metrics.text())
    assert status_of(all_of(raw(server.http_address))) == 503
    for connection in busy:
        connection.close()
    wait_until(lambda: "secant_http_connections 0" in server.metrics.text())
    assert answers(server.http_address)


def test_more_slow_bodies_than_the_table_holds_lose_the_oldest(small):
    server = small(waiting_streams=4)
    slow = [raw(server.http_address, HEAD + b"content-length: 100\r\n\r\n{") for _ in range(4)]
    wait_until(lambda: "secant_waiting_streams 4" in server.metrics.text())
    assert answers(server.http_address)
    assert status_of(all_of_first(slow[0])) == 429
    for connection in slow:
        connection.close()


@pytest.mark.long
def test_ten_thousand_idle_connections_are_bounded(secantd):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 12_000:
        pytest.skip(f"at most {hard} files may be open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    process, _ = secantd("--http", "127.0.0.1:0")
    web = process.stdout.readline().split()[-1]
    place = urlsplit(web)
    idle = []
    try:
        for _ in range(10_000):
            idle.append(socket.create_connection((place.hostname, place.port), 30))
        assert answers(web)
        files = len(list(open_files(process.pid)))
        assert files < 1200
    finally:
        for connection in idle:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def open_files(process):
    from pathlib import Path

    return Path(f"/proc/{process}/fd").iterdir()


# -- other protocols, other versions --------------------------------------------------------------------------------------


def test_http_1_0_is_answered_once(web):
    head = f"POST {SERVICE}Gradient HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    content = all_of(raw(web, head.encode() + BODY))
    assert status_of(content) == 200
    assert b"transfer-encoding" not in content.lower()
    assert content.endswith(b"}")


def test_a_stream_needs_http_1_1(web):
    body = envelope(BODY)
    head = f"POST {SERVICE}Descend HTTP/1.0\r\ncontent-type: application/connect+json\r\ncontent-length: {len(body)}\r\n\r\n"
    assert status_of(all_of(raw(web, head.encode() + body))) == 505


@pytest.mark.parametrize("path", ["/", GRADIENT])
def test_websockets_are_refused(web, path):
    head = f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    content = all_of(raw(web, head.encode()))
    assert status_of(content) == 400
    assert b"there are no WebSockets here" in content


def test_an_offer_of_http_2_is_ignored(web):
    head = (
        HEAD
        + b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\ncontent-length: %d\r\n\r\n"
    )
    assert status_of(all_of(raw(web, head % len(BODY) + BODY))) == 200


def test_a_proxy_request_is_refused(web):
    for line in (b"CONNECT example.org:443", b"GET http://evil.example/"):
        content = all_of_first(raw(web, line + b" HTTP/1.1\r\nhost: evil.example\r\n\r\n"))
        assert status_of(content) in (400, 421)
    assert answers(web)

    assert answers(web)
    assert stream(web, "Descend", {"expression": {"text": "x^2"}, "start": [{"variable": "x", "value": 1}]})[1] == {}
