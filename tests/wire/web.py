"""HTTP by hand, for tests of the server's HTTP."""

import contextlib
import http.client
import json
import socket
import struct
from types import SimpleNamespace
from urllib.parse import urlsplit

SERVICE = "/secant.v1.CalculusService/"
JSON = {"content-type": "application/json"}
DEADLINE = 10.0


def ask(address, method, path, body=None, headers=None, *, connection=None):
    """One request; the response has `status`, `headers` (names in lower case), `body` and `json`."""
    made = connection or http.client.HTTPConnection(urlsplit(address).netloc, timeout=DEADLINE)
    try:
        made.request(method, path, body, headers or {})
        response = made.getresponse()
        content = response.read()
    finally:
        if connection is None:
            made.close()
    found = SimpleNamespace(status=response.status, headers={}, body=content, json=None)
    for name, value in response.getheaders():
        found.headers[name.lower()] = value
    if found.headers.get("content-type") == "application/json" and "content-encoding" not in found.headers and content:
        found.json = json.loads(content)
    return found


def call(address, method, request, headers=None, **options):
    """A unary call with JSON."""
    return ask(address, "POST", SERVICE + method, json.dumps(request), JSON | (headers or {}), **options)


def envelope(message, flags=0):
    """A message of a stream."""
    return struct.pack(">BI", flags, len(message)) + message


def envelopes(content):
    """The (flags, message) of a stream."""
    found = []
    while content:
        flags, size = struct.unpack_from(">BI", content)
        found.append((flags, content[5 : 5 + size]))
        assert len(found[-1][1]) == size
        content = content[5 + size :]
    return found


def stream(address, method, *requests, headers=None):
    """A streaming call with JSON: its replies, and what its last envelope holds."""
    kind = {"content-type": "application/connect+json"}
    body = b"".join(envelope(json.dumps(request).encode()) for request in requests)
    response = ask(address, "POST", SERVICE + method, body, kind | (headers or {}))
    assert response.status == 200, response.body
    *replies, (flags, end) = envelopes(response.body)
    assert flags == 2
    return [json.loads(reply) for _, reply in replies], json.loads(end)


def raw(address, sent=b"", *, timeout=DEADLINE):
    """A connection on which `sent` was sent."""
    place = urlsplit(address)
    made = socket.create_connection((place.hostname, place.port), timeout)
    made.sendall(sent)
    return made


def all_of(connection):
    """What comes until the peer closes the connection."""
    content = b""
    try:
        while part := connection.recv(65536):
            content += part
    except ConnectionResetError:
        pass
    return content


def answers(web):
    """Whether the server answers a call."""
    return call(web, "Gradient", {"expression": {"text": "x^2"}}).status == 200


def status_of(content):
    """The status of the first response."""
    assert content, "the connection was closed without a response"
    return int(content.split(b" ", 2)[1])


def all_of_first(connection):
    """What comes with the first response; the connection may stay open."""
    connection.settimeout(10)
    with contextlib.suppress(OSError):
        return connection.recv(65536)
    return b""
