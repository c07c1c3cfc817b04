"""JSON on the wire: what it means in protobuf's form, and that nothing else than an error comes of the rest."""

import asyncio
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secant.v1 import derivative_pb2, evaluate_pb2
from secantd.errors import CalculusError
from secantd.transport import JSON, METHODS, parse

from .test_foreign_clients import CALLS

FIELDS = sorted({field.json_name for method in METHODS.values() for field in method.request.DESCRIPTOR.fields})
NAMES = st.sampled_from([*FIELDS, "text", "value", "values", "variable", "name", "at", "x"]) | st.text(max_size=5)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["NaN", "x^2", "3"])
)
VALUES = st.recursive(
    SCALARS, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=4), max_leaves=12
)


@settings(max_examples=40)
@given(st.sampled_from(sorted(METHODS)), st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_json_is_a_message_or_an_error(method, found):
    kind = METHODS[method].request
    try:
        decoded = JSON.decode(kind, json.dumps(found).encode())
    except CalculusError:
        pass
    else:
        message = parse(kind, decoded)
        assert JSON.decode(kind, JSON.encode(kind, decoded)) == message.SerializeToString(deterministic=True)


@given(st.binary(max_size=40))
def test_any_bytes_are_a_message_or_an_error(found):
    try:
        JSON.decode(derivative_pb2.GradientRequest, found)
    except CalculusError:
        pass
    else:
        assert found.strip().startswith(b"{")


@pytest.mark.parametrize("method", CALLS)
def test_a_request_means_the_same_in_both_forms(method):
    kind = METHODS[method].request
    for request in CALLS[method][0]:
        decoded = JSON.decode(kind, json.dumps(request).encode())
        assert JSON.decode(kind, JSON.encode(kind, decoded)) == decoded


@given(st.lists(st.floats(), max_size=5))
def test_doubles_keep_every_bit(values):
    reply = evaluate_pb2.EvaluateResponse(values=values)
    decoded = JSON.decode(type(reply), JSON.encode(type(reply), reply.SerializeToString()))
    # A NaN has no sign and no payload in JSON.
    assert list(map(repr, parse(type(reply), decoded).values)) == list(map(repr, reply.values))


def test_equal_requests_are_one_entry_of_the_cache():
    kind = derivative_pb2.GradientRequest
    first = JSON.decode(kind, b'{"expression": {"text": "x"}, "valuesOnly": true}')
    assert JSON.decode(kind, b'{ "values_only":true,"expression":{"text":"\\u0078"}}') == first


# -- envelopes in pieces --------------------------------------------------------------------------------------------------

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")


def read_all(parts, *, encoding=""):
    """The messages of a stream whose body comes in parts, or its error."""
    from secantd.http.request import Request
    from secantd.http.wires import StreamWire
    from secantd.settings import Limits
    from secantd.transport import StatusError

    async def run():
        left = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        left.append({"type": "http.request", "body": b"", "more_body": False})

        async def receive():
            if not left:
                await asyncio.Event().wait()
            return left.pop(0)

        scope = {"method": "POST", "path": "/", "client": None, "headers": [(b"transfer-encoding", b"chunked")]}
        request = Request(scope, receive, None)
        wire = StreamWire(request, JSON, encoding, Limits(message_bytes=1000), squeezed=False, single=False)
        pump = asyncio.ensure_future(wire.pump(asyncio.current_task()))
        found = []
        try:
            while (message := await asyncio.wait_for(wire.read(), 5)) is not None:
                found.append(message)
        except (CalculusError, StatusError):
            found.append(None)
        pump.cancel()
        return found

    return asyncio.run(run())


def cut(content, places):
    """The content in pieces."""
    ends = sorted({place % (len(content) + 1) for place in places})
    return [content[a:b] for a, b in zip([0, *ends], [*ends, len(content)], strict=True)]


@given(st.lists(st.binary(max_size=300), max_size=5), st.lists(st.integers(0, 2000), max_size=6), st.booleans())
def test_messages_are_whole_however_their_bytes_arrive(messages, places, squeezed):
    content = b"".join(
        bytes([squeezed]) + len(body).to_bytes(4, "big") + body
        for body in (gzip.compress(message) if squeezed else message for message in messages)
    )
    assert read_all(cut(content, places), encoding="gzip" if squeezed else "") == messages


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=3))
def test_any_bytes_of_a_stream_end(content, places):
    assert len(read_all(cut(content, places))) <= 12
