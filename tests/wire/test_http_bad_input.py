"""HTTP that is wrong, hostile or slow: each request is refused with its reason, and the server serves the next one."""

import contextlib
import gzip
import json
import re
import socket
import time
from urllib.parse import quote

import pytest

from .web import JSON, SERVICE, all_of_first, answers, ask, call, envelope, envelopes, raw, status_of, stream

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

SQUARE = {"expression": {"text": "x^2"}}
BODY = json.dumps(SQUARE).encode()
HEAD = f"POST {SERVICE}Gradient HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n".encode()
GRADIENT = SERVICE + "Gradient"
MEGABYTE = 1 << 20


def deep(opening, closing=""):
    return (opening * 100_000 + closing * 100_000).encode()


# What is in the body, and a part of the message.
BODIES = {
    "empty": (b"", "no JSON"),
    "text": (b"x^2", "no JSON"),
    "a list": (b"[]", "an object"),
    "null": (b"null", "an object"),
    "a number": (b"3", "an object"),
    "cut off": (BODY[:-1], "no JSON"),
    "more than one": (BODY + BODY, "no JSON"),
    "lists nested 100,000 deep": (deep("[", "]"), "nested too deeply"),
    "objects nested 100,000 deep": (deep('{"expression":'), "nested too deeply"),
    "messages nested in a list": (b'{"at": [[[[1]]]]}', "GradientRequest"),
    "a name twice": (b'{"expression": {"text": "x"}, "expression": {"text": "y"}}', "'expression' comes twice"),
    "a name twice inside": (b'{"expression": {"text": "x", "text": "y"}}', "'text' comes twice"),
    "both forms of a name": (b'{"valuesOnly": true, "values_only": false}', "'valuesOnly' comes twice"),
    "an unknown name": (b'{"expresion": {"text": "x"}}', "no field 'expresion'\ndid you mean \"expression\"?"),
    "an unknown name inside": (
        b'{"expression": {"txet": "x"}}',
        "Expression has no field 'txet'\ndid you mean \"text\"?",
    ),
    "NaN without quotes": (b'{"at": [{"variable": "x", "value": NaN}]}', 'write it in quotes, "NaN"'),
    "a number beyond doubles": (b'{"at": [{"variable": "x", "value": 1e999}]}', "at[0].value"),
    "a number of 5000 digits": (b'{"at": [{"variable": "x", "value": ' + b"9" * 5000 + b"}]}", "4300 digits"),
    "a word for a number": (b'{"at": [{"variable": "x", "value": "three"}]}', "at[0].value"),
    "a list for a number": (b'{"at": [{"variable": "x", "value": [3]}]}', "set at.value"),
    "a number for a text": (b'{"expression": {"text": 3}}', "GradientRequest"),
    "an object for a list": (b'{"at": {"x": 3}}', "at must be in []"),
    "an unknown notation": (b'{"expression": {"text": "x", "notation": "NOTATION_BASIC"}}', "NOTATION_BASIC"),
    "half of a pair of surrogates": (b'{"expression": {"text": "\\ud800"}}', "expression.text"),
    "Latin-1": ('{"expression": {"text": "é"}}'.encode("latin-1"), "UTF-8"),
    "UTF-16": (json.dumps(SQUARE).encode("utf-16"), "UTF-8"),
    "a byte order mark": (b"\xef\xbb\xbf" + BODY, "no JSON"),
    "NUL": (b"\0" * 10, "no JSON"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_wrong_body_is_refused_with_its_reason(web, name):
    body, part = BODIES[name]
    found = ask(web, "POST", GRADIENT, body, JSON)
    assert (found.status, found.json["code"]) == (400, "invalid_argument"), found.json
    assert part in found.json["message"] + str(found.json["details"])
    assert found.json["details"][0]["debug"]["reason"] == "INVALID_VALUE"
    assert len(found.body) < 3000


def test_a_wrong_field_is_named_as_in_the_contract(web):
    found = ask(web, "POST", GRADIENT, b'{"at": [{"variable": "x"}, {"variable": "y", "value": "three"}]}', JSON)
    violation = found.json["details"][1]["debug"]["fieldViolations"][0]
    assert violation["field"] == "at[1].value"


def test_wrong_bytes_of_protobuf_are_refused(web):
    found = ask(web, "POST", GRADIENT, b"\xff" * 10, {"content-type": "application/proto"})
    assert (found.status, found.json["code"]) == (400, "invalid_argument")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/xml",
        "application/grpc",
        "application/grpc-web+proto",
        "application/connect+json",
        "application/json; charset=latin1",
        "multipart/form-data",
        "x" * 1000,
    ],
)
def test_a_wrong_content_type_is_415_with_the_right_ones(web, kind):
    found = ask(web, "POST", GRADIENT, BODY, {"content-type": kind} if kind else {})
    assert found.status == 415
    assert found.headers["accept-post"] == "application/json, application/proto"
    assert "send content-type: application/json or application/proto" in found.json["message"]
    assert ask(web, "POST", SERVICE + "Descend", BODY, JSON).status == 415


@pytest.mark.parametrize(
    "kind", ["Application/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"']
)
def test_a_content_type_may_have_its_charset(web, kind):
    assert ask(web, "POST", GRADIENT, BODY, {"content-type": kind}).status == 200


@pytest.mark.parametrize("name", ["Nothing", "gradient", "", "Gradient/", "Gradient/../Gradient", "Gradient%00"])
def test_an_unknown_method_is_404(web, name):
    found = ask(web, "POST", SERVICE + name, BODY, JSON)
    assert (found.status, found.json["code"]) == (404, "unimplemented")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "TRACE"])
def test_another_method_of_http_is_405(web, method):
    found = ask(web, method, GRADIENT, headers=JSON)
    assert (found.status, found.headers["allow"]) == (405, "POST, GET")
    assert ask(web, "GET", SERVICE + "Descend").headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("encoding=json", "message"),
        ("message={}", "encoding"),
        ("encoding=xml&message={}", "encoding"),
        ("connect=v2&encoding=json&message={}", "v1"),
        ("encoding=json&base64=1&message=!!!", "base64"),
        ("encoding=json&compression=br&message={}", "gzip"),
        ("encoding=json&message=%ff%fe", "JSON"),
    ],
)
def test_a_wrong_get_is_refused_with_its_reason(web, query, part):
    found = ask(web, "GET", f"{GRADIENT}?{query}")
    assert found.status in (400, 501)
    assert part in found.json["message"]


@pytest.mark.parametrize("version", ["2", "v1", "1.0"])
def test_another_version_of_the_protocol_is_refused(web, version):
    found = ask(web, "POST", GRADIENT, BODY, JSON | {"connect-protocol-version": version})
    assert (found.status, found.json["code"]) == (400, "invalid_argument")


# -- sizes ----------------------------------------------------------------------------------------------------------------


def test_a_body_over_the_limit_is_refused(web):
    found = ask(web, "POST", GRADIENT, b" " * (5 * MEGABYTE), JSON)
    assert (found.status, found.json["code"]) == (429, "resource_exhausted")
    assert found.json["details"][0]["debug"]["metadata"] == {"name": "message_bytes", "limit": str(4 << 20)}
    assert answers(web)


def test_a_body_of_any_size_is_cut_off(small):
    server = small(message_bytes=10_000)
    connection = raw(server.http_address, HEAD + b"transfer-encoding: chunked\r\n\r\n")
    chunk = b"%x\r\n" % MEGABYTE + b" " * MEGABYTE + b"\r\n"
    sent = 0
    with contextlib.suppress(OSError):
        for _ in range(200):
            connection.sendall(chunk)
            sent += 1
    assert sent < 100
    assert answers(server.http_address)


@pytest.mark.parametrize("kind", ["application/json", "application/proto"])
def test_a_bomb_of_gzip_is_not_expanded(web, kind):
    bomb = gzip.compress(b" " * (64 * MEGABYTE), 9)
    began = time.monotonic()
    found = ask(web, "POST", GRADIENT, bomb, {"content-type": kind, "content-encoding": "gzip"})
    assert (found.status, found.json["code"]) == (429, "resource_exhausted")
    # 64 MB of JSON would take more than this even on a fast machine to parse.
    assert time.monotonic() - began < 20


def test_a_bomb_of_gzip_in_a_stream_is_not_expanded(web):
    bomb = gzip.compress(b" " * (64 * MEGABYTE), 9)
    headers = {"content-type": "application/connect+json", "connect-content-encoding": "gzip"}
    found = ask(web, "POST", SERVICE + "Descend", envelope(bomb, 1), headers)
    [(flags, end)] = envelopes(found.body)
    assert (flags, json.loads(end)["error"]["code"]) == (2, "resource_exhausted")


SQUEEZED = gzip.compress(BODY, mtime=0)


@pytest.mark.parametrize(
    "body",
    [b"", b"nothing", SQUEEZED[:-9], SQUEEZED + b"more", SQUEEZED * 2],
    ids=["empty", "text", "cut", "longer", "twice"],
)
def test_wrong_gzip_is_refused(web, body):
    found = ask(web, "POST", GRADIENT, body, JSON | {"content-encoding": "gzip"})
    assert (found.status, found.json["code"]) == (400, "invalid_argument")
    assert "gzip" in found.json["message"]


@pytest.mark.parametrize("name", ["br", "deflate", "zstd", "gzip, gzip"])
def test_another_compression_is_refused(web, name):
    found = ask(web, "POST", GRADIENT, BODY, JSON | {"content-encoding": name})
    assert (found.status, found.json["code"]) == (501, "unimplemented")
    assert "send gzip or identity" in found.json["message"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "invalid_argument"),
        (b"\0\0", "invalid_argument"),
        (b"\0\0\0\0\5{}", "invalid_argument"),
        (b"\0\xff\xff\xff\xff{}", "resource_exhausted"),
        (envelope(b"{}", 2), "invalid_argument"),
        (envelope(b"{}", 1), "invalid_argument"),
        (envelope(b"{}", 128), "invalid_argument"),
        (envelope(BODY) * 2, "invalid_argument"),
        (BODY, "invalid_argument"),
    ],
)
def test_wrong_envelopes_are_refused(web, content, code):
    found = ask(web, "POST", SERVICE + "Descend", content, {"content-type": "application/connect+json"})
    [(flags, end)] = envelopes(found.body)
    assert (flags, json.loads(end)["error"]["code"]) == (2, code)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"y" * 100_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\n" + b"x: y\r\n" * 10_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\n" + b"x" * 100_000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n", 421),
        (b"GET / HTTP/9.9\r\nhost: localhost\r\n\r\n", 400),
        (HEAD + b"content-length: -1\r\n\r\n", 400),
        (HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}", 400),
        (HEAD + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400),
        (HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n", 400),
    ],
    ids=[
        "long path",
        "long header",
        "many headers",
        "header without end",
        "TLS",
        "HTTP/2",
        "no host",
        "two hosts",
        "HTTP/9.9",
        "negative length",
        "two lengths",
        "length and chunks",
        "no chunk",
    ],
)
def test_headers_that_are_wrong_or_too_large_are_refused(web, head, status):
    connection = raw(web)
    with contextlib.suppress(OSError):
        connection.sendall(head)
    if head.endswith(b"0\r\n\r\n") or status == 400:
        connection.shutdown(socket.SHUT_WR)
    content = all_of_first(connection)
    # A server may close a connection that it refuses before everything was sent, and the response is lost.
    assert not content or status_of(content) == status
    assert answers(web)


# -- texts ----------------------------------------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "request_of",
    [
        lambda text: {"expression": {"text": text}},
        lambda text: {"expression": {"text": "x"}, "variables": [text]},
        lambda text: {text: 1},
        lambda text: {"expression": {"text": "x"}, "at": [{"variable": text, "value": 1}]},
    ],
    ids=["formula", "variable", "name of a field", "variable of a point"],
)
def test_scripts_come_back_as_json_only(web, request_of):
    found = call(web, "Gradient", request_of(SCRIPT))
    assert found.status == 400
    assert found.headers["content-type"] == "application/json"
    assert found.headers["x-content-type-options"] == "nosniff"


def test_scripts_in_paths_are_not_repeated(web):
    for path in (f"/{quote(SCRIPT)}", f"/docs/{quote(SCRIPT)}", f"{SERVICE}{quote(SCRIPT)}"):
        found = ask(web, "GET", path)
        assert found.status == 404
        assert b"script" not in found.body


def test_headers_are_not_split(web):
    found = ask(
        web, "GET", f"{GRADIENT}?encoding=json&message=%0d%0aset-cookie:%20a=b", headers={"origin": "https://a%0d%0ab"}
    )
    assert "set-cookie" not in found.headers


def test_control_characters_do_not_reach_a_message(web):
    found = call(web, "Gradient", {"\x1b[31m\u202e": 1})
    assert re.search(r"has no field '\?\[31m\?'", found.json["message"])


def test_the_server_is_still_there(web):
    assert answers(web)
    assert stream(web, "Descend", {"expression": {"text": "x^2"}, "start": [{"variable": "x", "value": 1}]})[1] == {}
