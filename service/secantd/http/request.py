"""One request of HTTP, as ASGI gives it (asgi.readthedocs.io, "HTTP & WebSocket ASGI Message Format")."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import quote

__all__ = ["SAFE", "Header", "Receive", "Request", "Send"]

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

# Bytes and seconds for which the rest of a refused request is read, since most clients read the response only when they have
# sent their request.
REST_BYTES = 1 << 20
REST_SECONDS = 1.0
# What every response has: browsers take its type as it is written.
SAFE: Header = (b"x-content-type-options", b"nosniff")


class Request:
    """One request.

    Args:
        scope: ASGI's description of the request.
        receive: Returns the next event of the request.
        send: Sends an event of the response.
    """

    __slots__ = ("_headers", "_receive", "_send", "complete", "extra", "gone", "method", "path", "scope", "started")

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        # Further headers of the response, such as those for other origins.
        self.extra: list[Header] = []
        # Whether the status of the response has been sent, the whole request has been read, the caller has left.
        self.started = False
        self.complete = not (b"content-length" in self._headers or b"transfer-encoding" in self._headers)
        self.gone = False

    def header(self, name: bytes) -> str:
        """Return a header, "" if it is missing."""
        return self._headers.get(name, b"").decode("latin-1")

    def headers(self, name: bytes) -> list[str]:
        """Return all headers of a name."""
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == name]

    def trace(self) -> Iterable[tuple[str, str]]:
        """Return all headers as text."""
        return ((key.decode("latin-1"), value.decode("latin-1")) for key, value in self.scope["headers"])

    @property
    def peer(self) -> str:
        """The connection, named as gRPC does."""
        client = self.scope["client"]
        if not client:
            return "unknown"
        host, port = client[:2]
        return f"ipv6:{quote(f'[{host}]')}:{port}" if ":" in host else f"ipv4:{host}:{port}"

    async def receive(self) -> bytes | None:
        """Return the next part of the body, None when the caller has left."""
        event = await self._receive()
        if event["type"] == "http.disconnect":
            self.gone = True
            return None
        self.complete = not event.get("more_body")
        return bytes(event.get("body", b""))

    async def settle(self) -> list[Header]:
        """Read the rest of a refused request; return the header that ends the connection where that would take long."""
        if self.complete:
            return []
        if not self.header(b"expect"):
            try:
                async with asyncio.timeout(REST_SECONDS):
                    size = 0
                    while size <= REST_BYTES and (part := await self.receive()) is not None:
                        size += len(part)
                        if self.complete:
                            return []
            except TimeoutError:
                pass
        return [(b"connection", b"close")]

    async def start(self, status: int, headers: list[Header]) -> None:
        """Send the status and headers of the response."""
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, SAFE, *self.extra]})

    async def send(self, body: bytes, *, more: bool) -> None:
        """Send a part of the response; return when the transport has taken what came before it."""
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def reply(self, status: int, kind: bytes, body: bytes, headers: Iterable[Header] = ()) -> None:
        """Send a whole response."""
        length = (b"content-length", b"%d" % len(body))
        await self.start(status, [(b"content-type", kind), length, *headers])
        await self.send(body, more=False)
