"""The Connect protocol (connectrpc.com/docs/protocol), version 1: unary calls by POST and GET, streams with envelopes."""

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from google.protobuf.descriptor_pb2 import MethodOptions

from secantd.errors import CalculusError, Reason
from secantd.http import status
from secantd.http.compression import GZIP, accepts_gzip, compressed
from secantd.http.request import Header, Request
from secantd.http.wires import StreamWire, UnaryWire, until_gone
from secantd.settings import Limits
from secantd.transport import JSON, METHODS, PROTOBUF, SERVICE, Codec, Kind, Servicer, StatusError, Telemetry, Tokens

__all__ = ["Connect"]

UNARY: Mapping[str, Codec] = {"application/json": JSON, "application/proto": PROTOBUF}
STREAMING: Mapping[str, Codec] = {"application/connect+json": JSON, "application/connect+proto": PROTOBUF}
ENCODINGS: Mapping[str, Codec] = {"json": JSON, "proto": PROTOBUF}
KINDS = {JSON: b"application/json", PROTOBUF: b"application/proto"}
STREAM_KINDS = {JSON: b"application/connect+json", PROTOBUF: b"application/connect+proto"}
# Digits of connect-timeout-ms that the protocol allows: 115 days.
TIMEOUT_DIGITS = 10
# Seconds after which a unary call begins to watch for the caller's disconnect: most calls end before, and a watch is a task.
UNWATCHED_SECONDS = 0.02
# Bytes of a reply up to which the operating system takes it at once.
SENT_AT_ONCE = 64 << 10


class Connect:
    """Answers the calls of the service by the Connect protocol.

    Args:
        servicer: The methods.
        limits: The limits of the server.
        tokens: The valid tokens; None if none is needed.
        telemetry: Notes the caller's trace; None if there are no spans.
    """

    def __init__(self, servicer: Servicer, limits: Limits, tokens: Tokens | None, telemetry: Telemetry | None) -> None:
        self._servicer = servicer
        self._limits = limits
        self._tokens = tokens
        self._telemetry = telemetry
        self.paths = {f"/{SERVICE.full_name}/{name}": name for name in METHODS}

    async def answer(self, request: Request, name: str) -> None:
        """Answer a request for the method called `name`."""
        unary = METHODS[name].kind is Kind.UNARY
        if request.method not in allowed(name):
            methods = ", ".join(allowed(name))
            headline, hint = f"{name} is called by {methods}, not {request.method}", ""
            await refuse(request, 405, headline, hint, [(b"allow", methods.encode())])
            return
        if self._tokens is not None and (refusal := self._tokens.refusal(request.headers(b"authorization"))):
            await fail(request, status.status_of(refusal), [(b"www-authenticate", b"Bearer")])
            return
        if self._telemetry is not None:
            self._telemetry.begin("connect_rpc", request.trace())
        try:
            version = request.header(b"connect-protocol-version")
            if version not in ("", "1"):
                raise invalid(f"connect-protocol-version is {version!r}", "send 1")
            seconds = timeout(request.header(b"connect-timeout-ms"))
            if request.method == "GET":
                await self._unary(request, name, *self._query(request), seconds)
                return
            known = UNARY if unary else STREAMING
            kind = request.header(b"content-type")
            codec = known.get(kind) or known.get(media_type(kind))
            if codec is None:
                hint = f"send content-type: {' or '.join(known)}"
                post = [(b"accept-post", ", ".join(known).encode())]
                await refuse(request, 415, f"the content type is {kind!r}", hint, post)
                return
            if not unary:
                await self._stream(request, name, codec, seconds)
                return
            encoding = compression(request.header(b"content-encoding"))
        except CalculusError as error:
            await fail(request, status.status_of(error))
            return
        await self._unary(request, name, UnaryWire(request, codec, encoding, self._limits), codec, seconds)

    def _query(self, request: Request) -> tuple[UnaryWire, Codec]:
        """Return the message of a GET, and the form of its messages."""
        query = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if query.get("connect", "v1") != "v1":
            raise invalid(f"the parameter connect is {query['connect']!r}", "send v1")
        codec = ENCODINGS.get(query.get("encoding", ""))
        if codec is None or "message" not in query:
            raise invalid("the parameters encoding and message are missing", "send encoding=json&message={...}")
        try:
            text = query["message"].encode("utf-8", "surrogateescape")
            message = unbase64(text) if query.get("base64") == "1" else text
        except (binascii.Error, ValueError) as error:
            raise invalid(f"the parameter message is no base64: {error}") from None
        return UnaryWire(request, codec, compression(query.get("compression", "")), self._limits, message), codec

    async def _unary(self, request: Request, name: str, wire: UnaryWire, codec: Codec, seconds: float | None) -> None:
        task = asyncio.current_task()
        assert task is not None
        watch = Watch(request, task)
        wire.when_read = watch.begin
        try:
            async with asyncio.timeout(seconds):
                reply = await self._servicer.unary(name, wire)
            headers: list[Header] = []
            if accepts_gzip(request.header(b"accept-encoding")):
                headers.append((b"vary", b"accept-encoding"))
                small = await compressed(reply)
                if small is not None:
                    reply = small
                    headers.append((b"content-encoding", GZIP.encode()))
            watch.end()
            length = (b"content-length", b"%d" % len(reply))
            await request.start(200, [(b"content-type", KINDS[codec]), length, *headers])
            if len(reply) > SENT_AT_ONCE:
                # The next part is taken when this one is sent; until then the reply counts as unread.
                await request.send(reply, more=True)
                reply = b""
            await request.send(reply, more=False)
        except StatusError as error:
            watch.end()
            await fail(request, error.status)
        except TimeoutError:
            watch.end()
            await fail(request, status.DEADLINE_PASSED)
        except asyncio.CancelledError:
            watch.end()
            task.uncancel()
            if not request.gone and not request.started:
                await fail(request, status.stopping())
        finally:
            wire.done()

    async def _stream(self, request: Request, name: str, codec: Codec, seconds: float | None) -> None:
        if request.scope["http_version"] == "1.0":
            await refuse(request, 505, "streams need HTTP/1.1", "")
            return
        encoding = compression(request.header(b"connect-content-encoding"))
        squeezed = accepts_gzip(request.header(b"connect-accept-encoding"))
        single = METHODS[name].kind is Kind.RESPONSE_STREAMING
        wire = StreamWire(request, codec, encoding, self._limits, squeezed=squeezed, single=single)
        task = asyncio.current_task()
        assert task is not None
        pump = asyncio.get_running_loop().create_task(wire.pump(task))
        trailer: dict[str, Any] = {}
        try:
            compression_header = [(b"connect-content-encoding", GZIP.encode())] if squeezed else []
            await request.start(200, [(b"content-type", STREAM_KINDS[codec]), *compression_header])
            async with asyncio.timeout(seconds):
                await self._servicer.streaming(name, wire)
        except StatusError as error:
            trailer = {"error": status.body(error.status)}
        except TimeoutError:
            trailer = {"error": status.body(status.DEADLINE_PASSED)}
        except asyncio.CancelledError:
            task.uncancel()
            if request.gone:
                return
            trailer = {"error": status.body(status.stopping())}
        finally:
            pump.cancel()
            wire.done()
        await wire.end(json.dumps(trailer).encode())


class Watch:
    """Cancels the task of a unary call when the caller leaves, once the call has taken a moment.

    Args:
        request: The request.
        task: The task of the call.
    """

    __slots__ = ("_request", "_task", "_timer", "_watching")

    def __init__(self, request: Request, task: "asyncio.Task[Any]") -> None:
        self._request = request
        self._task = task
        self._timer: asyncio.TimerHandle | None = None
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Watch in a moment: the request has been read. Until then the call itself sees the disconnect."""
        self._timer = asyncio.get_running_loop().call_later(UNWATCHED_SECONDS, self._watch)

    def _watch(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(until_gone(self._request, self._task))

    def end(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()


def allowed(name: str) -> tuple[str, ...]:
    """Return the methods of HTTP by which a method may be called: GET too, where it has no side effects.

    >>> allowed("Gradient"), allowed("Descend")
    (('POST', 'GET'), ('POST',))
    """
    level = SERVICE.methods_by_name[name].GetOptions().idempotency_level
    unary = METHODS[name].kind is Kind.UNARY
    return ("POST", "GET") if unary and level == MethodOptions.NO_SIDE_EFFECTS else ("POST",)


def invalid(headline: str, hint: str = "") -> CalculusError:
    """Return the error of a request that does not follow the protocol."""
    return CalculusError(Reason.INVALID_VALUE, headline, hint)


def media_type(header: str) -> str:
    """Return a content type in lower case; "" where its charset is not UTF-8.

    >>> media_type("Application/JSON; charset=UTF-8"), media_type("application/json; charset=latin1")
    ('application/json', '')
    """
    kind, _, rest = header.lower().partition(";")
    charset = rest.replace(" ", "").replace('"', "").replace("utf-8", "utf8")
    return kind.strip() if charset in ("", "charset=utf8") else ""


def timeout(header: str) -> float | None:
    """Return the seconds of a `connect-timeout-ms` header, None if it is empty.

    >>> timeout("1500"), timeout("")
    (1.5, None)
    """
    if not header:
        return None
    if not (header.isascii() and header.isdigit()) or len(header) > TIMEOUT_DIGITS:
        raise invalid(f"connect-timeout-ms is {header!r}", "send milliseconds: a whole number of at most 10 digits")
    return int(header) / 1000


def compression(name: str) -> str:
    """Return "gzip" or "", for no compression."""
    if name in ("", "identity"):
        return ""
    if name.lower() != GZIP:
        raise CalculusError(Reason.MISSING_PART, f"the compression is {name!r}", "send gzip or identity")
    return GZIP


def unbase64(text: bytes) -> bytes:
    """Return the bytes of base64, with or without padding, of the usual or the URL's alphabet.

    >>> unbase64(b"_-8"), unbase64(b"/+8=")
    (b'\\xff\\xef', b'\\xff\\xef')
    """
    plain = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)


async def fail(request: Request, found: Any, headers: list[Header] | None = None) -> None:
    """Send an error; the connection ends where the request was not read, because the rest of it may never come."""
    body = json.dumps(status.body(found)).encode()
    await request.reply(status.http_status(found), KINDS[JSON], body, [*(headers or []), *await request.settle()])


async def refuse(
    request: Request, http_status: int, headline: str, hint: str, headers: list[Header] | None = None
) -> None:
    """Send an error with a status of HTTP that is no code of gRPC; its code is UNIMPLEMENTED."""
    body = json.dumps(status.body(status.unimplemented(invalid(headline, hint)))).encode()
    await request.reply(http_status, KINDS[JSON], body, [*(headers or []), *await request.settle()])
