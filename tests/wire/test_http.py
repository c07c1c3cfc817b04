"""HTTP by the Connect protocol: the methods, errors and limits of gRPC."""

import gzip
import http.client
import json
import math
import re
from urllib.parse import quote, urlencode, urlsplit

import pytest
from google.rpc import error_details_pb2
from secant.v1 import derivative_pb2, expression_pb2
from secantd.settings import Settings

from .test_foreign_clients import BAD, CALLS, POINT
from .web import JSON, SERVICE, all_of, ask, call, envelope, envelopes, raw, stream

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

SQUARE = {"expression": {"text": "x^2"}, "at": [{"variable": "x", "value": 3}]}


def gauge(server, name):
    return float(re.search(rf"^{name} (\S+)$", server.metrics.text(), re.MULTILINE)[1])


def test_http_is_off_unless_it_is_asked_for(start):
    with start(Settings(listen="127.0.0.1:0", pool=0)) as running:
        assert running.http_address == ""


@pytest.mark.parametrize("method", CALLS)
def test_every_method_answers_in_json(web, method):
    requests, right = CALLS[method]
    if method in ("Descend", "EvaluateStream"):
        replies, end = stream(web, method, *requests)
        assert end == {}
    else:
        replies = [call(web, method, requests[0]).json]
    assert right(replies), replies


def test_a_binary_call_returns_the_bytes_of_grpc(web, server, connect):
    request = derivative_pb2.GradientRequest(expression=expression_pb2.Expression(text="x^2 * y"))
    with connect(server.address) as calculus:
        expected = calculus.Gradient(request)
    found = ask(web, "POST", SERVICE + "Gradient", request.SerializeToString(), {"content-type": "application/proto"})
    assert (found.status, found.headers["content-type"]) == (200, "application/proto")
    assert derivative_pb2.GradientResponse.FromString(found.body) == expected


@pytest.mark.parametrize("encoding", ["json", "proto"])
@pytest.mark.parametrize("base64", [False, True])
def test_a_call_without_side_effects_is_a_get(web, encoding, base64):
    import base64 as b64

    message = json.dumps(SQUARE).encode()
    if encoding == "proto":
        message = derivative_pb2.GradientRequest(
            expression=expression_pb2.Expression(text="x^2"), at=[expression_pb2.Coordinate(variable="x", value=3)]
        ).SerializeToString()
    query = {"connect": "v1", "encoding": encoding}
    text = b64.urlsafe_b64encode(message).rstrip(b"=") if base64 else message
    path = f"{SERVICE}Gradient?{urlencode(query)}&message={quote(text)}" + ("&base64=1" if base64 else "")
    found = ask(web, "GET", path)
    assert found.status == 200, found.body
    value = found.json["value"] if encoding == "json" else derivative_pb2.GradientResponse.FromString(found.body).value
    assert value == 9


def test_a_get_without_its_message_names_the_parameters(web):
    found = ask(web, "GET", SERVICE + "Gradient")
    assert (found.status, found.json["code"]) == (400, "invalid_argument")
    assert "encoding=json&message=" in found.json["message"]


def test_an_error_has_the_words_and_details_of_grpc(web, server, connect, failure):
    with connect(server.address) as calculus:
        request = derivative_pb2.GradientRequest(expression=expression_pb2.Expression(text="x^2 + * y"))
        expected = failure(calculus.Gradient, request)
    found = call(web, "Gradient", BAD[0])
    assert (found.status, found.json["code"], found.json["message"]) == (400, "invalid_argument", expected.message)
    info, violation = found.json["details"]
    assert info["type"] == "google.rpc.ErrorInfo"
    assert info["debug"]["reason"] == expected.reason == "SYNTAX_ERROR"
    import base64

    details = error_details_pb2.BadRequest.FromString(base64.b64decode(violation["value"] + "=="))
    assert details.field_violations[0].field == expected.field == "expression.text"


def test_an_error_of_a_stream_is_in_its_last_envelope(web):
    replies, end = stream(web, "Descend", {"expression": {"text": "x +"}})
    assert replies == []
    assert end["error"]["code"] == "invalid_argument"
    assert end["error"]["details"][0]["debug"]["reason"] == "SYNTAX_ERROR"


@pytest.mark.parametrize(
    ("text", "at", "value"), [("1/x", 0, "Infinity"), ("-1/x", 0, "-Infinity"), ("x", "NaN", "NaN")]
)
def test_values_that_are_not_finite_are_strings(web, text, at, value):
    points = [{"name": "x", "values": [at]}]
    assert call(web, "Evaluate", {"expression": {"text": text}, "points": points}).json["values"] == [value]


def test_numbers_may_be_strings_as_proto_json_has_them(web):
    found = call(web, "Gradient", {"expression": {"text": "x^2"}, "at": [{"variable": "x", "value": "3"}]})
    assert found.json["value"] == 9


def test_names_may_be_those_of_the_contract(web):
    found = call(web, "Gradient", SQUARE | {"values_only": True})
    assert "text" not in found.json["partials"][0]
    assert found.json == call(web, "Gradient", SQUARE | {"valuesOnly": True}).json


def test_a_repeated_call_comes_from_the_cache(web, server):
    request = {"expression": {"text": "x^2 + 4711"}}
    first = call(web, "Gradient", request)
    before = gauge(server, "secant_cached_replies_total")
    assert call(web, "Gradient", request).body == first.body
    assert gauge(server, "secant_cached_replies_total") == before + 1


def test_calls_are_counted_with_those_of_grpc(web, server):
    def count(code):
        found = re.search(rf'secant_calls_total{{method="Tangent",code="{code}"}} (\S+)', server.metrics.text())
        return float(found[1]) if found else 0

    before = count("OK"), count("INVALID_ARGUMENT")
    call(web, "Tangent", SQUARE)
    call(web, "Tangent", {"expression": {"text": "x +"}})
    assert (count("OK"), count("INVALID_ARGUMENT")) == (before[0] + 1, before[1] + 1)


def test_messages_are_compressed_where_both_sides_can(web):
    points = [{"name": "x", "values": list(range(1000))}]
    body = gzip.compress(json.dumps({"expression": {"text": "x^2"}, "points": points}).encode())
    headers = JSON | {"content-encoding": "gzip", "accept-encoding": "gzip"}
    found = ask(web, "POST", SERVICE + "Evaluate", body, headers)
    assert found.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(found.body))["values"] == [float(x * x) for x in range(1000)]


def test_messages_of_a_stream_are_compressed_where_both_sides_can(web):
    headers = {
        "content-type": "application/connect+json",
        "connect-content-encoding": "gzip",
        "connect-accept-encoding": "gzip",
    }
    request = {"expression": {"text": "(x-1)^4"}, "start": POINT[:1], "fixed_rate": {"rate": 1e-3}, "max_steps": 200}
    body = envelope(gzip.compress(json.dumps(request).encode()), 1)
    found = ask(web, "POST", SERVICE + "Descend", body, headers)
    *replies, end = envelopes(found.body)
    assert (found.headers["connect-content-encoding"], end) == ("gzip", (2, b"{}"))
    assert any(flags == 1 for flags, _ in replies)
    messages = [json.loads(gzip.decompress(message) if flags else message) for flags, message in replies]
    assert sum(len(message.get("steps", [])) for message in messages) == 201


def test_connections_are_kept(web):
    connection = http.client.HTTPConnection(urlsplit(web).netloc, timeout=10)
    for _ in range(3):
        assert call(web, "Gradient", SQUARE, connection=connection).json["value"] == 9
    assert call(web, "Nonsense", SQUARE, connection=connection).status == 404
    assert call(web, "Gradient", SQUARE, connection=connection).json["norm"] == math.sqrt(36)
    connection.close()


def test_requests_sent_at_once_are_answered_in_order(web):
    def request(number):
        body = json.dumps({"expression": {"text": f"x^{number}"}}).encode()
        last = "connection: close\r\n" if number == 4 else ""
        head = f"POST {SERVICE}Differentiate HTTP/1.1\r\nhost: localhost\r\n{last}content-type: application/json\r\n"
        return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body

    found = all_of(raw(web, b"".join(map(request, (2, 3, 4)))))
    assert re.findall(rb'"derivative": {"text": "(.*?)"', found) == [b"2 * x", b"3 * x^2", b"4 * x^3"]


def test_large_json_does_not_hold_the_loop(web, server, monkeypatch):
    """It is translated by a worker: neither the loop nor a thread of the server parses or writes it."""
    from secantd.transport.messages import jsoncodec

    monkeypatch.setattr(jsoncodec, "loaded", None)
    points = [{"name": "x", "values": [k / 7 for k in range(50_000)]}]
    found = call(web, "Evaluate", {"expression": {"text": "x^2"}, "points": points})
    assert found.json["values"][7] == 1.0
    assert len(found.json["values"]) == 50_000


def test_a_large_reply_to_a_small_request_is_written_by_a_worker(web, monkeypatch):
    from secantd.transport import servicer
    from secantd.transport.messages import jsoncodec

    monkeypatch.setattr(servicer, "THREAD_BYTES", 1000)
    monkeypatch.setattr(jsoncodec.Json, "encode", None)
    found = call(web, "Hessian", {"expression": {"text": "+".join(f"x{k}^2" for k in range(60))}})
    assert len(found.json["rows"]) == 60


def test_a_reply_of_usual_size_does_not_wait_for_a_worker(web, monkeypatch):
    """Workers may be at long calls for seconds."""
    from secantd.transport.calls.dispatch import Dispatch

    monkeypatch.setattr(Dispatch, "answer", None)
    found = call(web, "Describe", {})
    assert len(found.body) > 20_000
    assert "Gradient" in found.json["methods"]
