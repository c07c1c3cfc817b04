"""uvicorn's protocol of a connection within bounds, which uvicorn leaves to a proxy before it."""

import asyncio
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["BoundedProtocol", "Connections"]

# Seconds from the first byte of a request, or from the start of a connection, to the end of its headers.
HEADER_SECONDS = 10.0
# Bytes of a request's line and headers, twice what nginx and Node take: a GET holds its message in the line.
HEADER_BYTES = 32 << 10
HEADERS = 100
# Bytes of a body that are held before reading stops, as in uvicorn.
READ_AHEAD = 64 << 10


class Connections:
    """The connections of a server, at most `bound`: a new one replaces the one that has been idle longest."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._open: dict[BoundedProtocol, None] = {}
        # Without a request, the longest first.
        self._idle: dict[BoundedProtocol, None] = {}

    @property
    def count(self) -> int:
        """Open connections."""
        return len(self._open)

    def add(self, connection: "BoundedProtocol") -> bool:
        """Enter a connection; return False if all others have requests under way."""
        if len(self._open) >= self._bound:
            oldest = next(iter(self._idle), None)
            if oldest is None:
                return False
            self.discard(oldest)
            oldest.transport.abort()
        self._open[connection] = self._idle[connection] = None
        return True

    def busy(self, connection: "BoundedProtocol") -> None:
        """Note that a request is under way."""
        self._idle.pop(connection, None)

    def idle(self, connection: "BoundedProtocol") -> None:
        """Note that no request is under way."""
        if connection in self._open:
            self._idle[connection] = None

    def discard(self, connection: "BoundedProtocol") -> None:
        """Forget a connection."""
        self._open.pop(connection, None)
        self._idle.pop(connection, None)


class RefusedError(Exception):
    """The headers exceed a bound."""


class BoundedProtocol(HttpToolsProtocol):  # type: ignore[misc]
    """One connection. `all_connections` is set in a subclass for each server."""

    all_connections: Connections

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._header_bytes = 0
        # Bytes since the begin of the headers, those that have just arrived, and those of a body that the parser leaves to us.
        self._unparsed = self._arriving = self._left = 0
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: Any) -> None:
        """Enter the connection."""
        super().connection_made(transport)
        self._wait()
        if not self.all_connections.add(self):
            self._refusal = HTTPStatus.SERVICE_UNAVAILABLE
            self.send_400_response("the server has too many connections")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.all_connections.discard(self)
        self._arrived()
        super().connection_lost(exc)

    def end(self) -> None:
        """Close the connection."""
        if not self.transport.is_closing():
            self.transport.close()

    def _wait(self) -> None:
        """Wait for headers."""
        if self._timer is None:
            self._timer = self.loop.call_later(HEADER_SECONDS, self._late)

    def _arrived(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if not self._unparsed:
            # Browsers open connections in advance, and would show the response to a later request.
            self.end()
        elif not self.transport.is_closing():
            self._refusal = HTTPStatus.REQUEST_TIMEOUT
            self.send_400_response(f"the headers did not arrive within {HEADER_SECONDS:g} seconds")

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        if self._left:
            self._rest_of_body(data)
            return
        self._unset_keepalive_if_required()
        self._arriving = len(data)
        self._unparsed += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # The parser leaves the body to the protocol that the client offers, which we do not take.
            length = dict(self.headers).get(b"content-length", b"")
            self._left = int(length) if length.isdigit() and self.cycle is not None else 0
            self._rest_of_body(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("this is no request of HTTP/1.1")
        else:
            # The parser holds a header until it is whole.
            if self._timer is not None and self._unparsed > HEADER_BYTES:
                self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                self.send_400_response("")

    def _rest_of_body(self, data: bytes) -> None:
        if self._left:
            self._left = max(0, self._left - len(data))
            self.cycle.body += data
            self.cycle.more_body = self._left > 0
            self.cycle.message_event.set()
            if len(self.cycle.body) > READ_AHEAD:
                self.flow.pause_reading()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._header_bytes = 0
        self._unparsed = self._arriving
        self._wait()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the request's line."""
        self._count(len(url), HTTPStatus.REQUEST_URI_TOO_LONG)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value), HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if len(self.headers) >= HEADERS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        super().on_header(name, value)

    def _count(self, size: int, status: HTTPStatus) -> None:
        self._header_bytes += size
        if self._header_bytes > HEADER_BYTES:
            self._refuse(status)

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        # httptools passes it on as an error of its parser, for which uvicorn calls `send_400_response`.
        raise RefusedError

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._arrived()
        self._unparsed = 0
        self.all_connections.busy(self)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        unread = self.cycle is not None and self.cycle.more_body
        super().on_response_complete()
        if unread and not self.pipeline:
            # The rest of the request may never end.
            self.end()
        elif not self.pipeline:
            self.all_connections.idle(self)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or exceeds a bound, and close the connection."""
        status = self._refusal
        body = f"{msg if status in (400, 408, 503) else status.phrase.lower()}\n".encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
        rest = f"content-length: {len(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        self.transport.write(f"{head}{rest}".encode() + body)
        self.transport.close()
