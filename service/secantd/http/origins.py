"""Pages of other origins (fetch.spec.whatwg.org, "CORS protocol"), and names of the server that a browser was led to."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from secantd.http.request import Header, Request

__all__ = ["Origins", "is_loopback"]

LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Headers that the clients of Connect and we ourselves send.
HEADERS = (
    b"content-type, content-encoding, accept-encoding, authorization, connect-protocol-version, connect-timeout-ms, "
    b"connect-content-encoding, connect-accept-encoding, traceparent, tracestate, user-agent, x-user-agent"
)
EXPOSED = b"connect-content-encoding, connect-accept-encoding, content-encoding"
# Seconds for which a browser keeps the answer of a preflight: Chromium's maximum.
KEPT_SECONDS = b"7200"


class Origins:
    """The origins whose pages may call.

    Args:
        named: Such as "https://example.org".
        loopback: Whether the server listens for this machine only. Then requests must name it so: a page may be led to it by
            a name of its own that it resolves to 127.0.0.1 (DNS rebinding).
    """

    def __init__(self, named: Sequence[str], *, loopback: bool) -> None:
        self._named = frozenset(named)
        self._hosts = (
            frozenset({*LOOPBACK, *(urlsplit(origin).hostname or "" for origin in named)}) if loopback else None
        )

    def is_misled(self, request: Request) -> bool:
        """Whether a request is for a server of another name."""
        hosts = request.headers(b"host")
        if len(hosts) != 1:
            # HTTP/1.0 has none; only old programs speak it, but no browser.
            return bool(hosts) or request.scope["http_version"] != "1.0"
        return self._hosts is not None and host_of(hosts[0]) not in self._hosts

    def headers(self, request: Request) -> list[Header]:
        """Return the headers that let a page of a named origin read the response."""
        if not self._named:
            return []
        origin = request.header(b"origin")
        vary: Header = (b"vary", b"origin")
        if origin not in self._named:
            return [vary]
        return [vary, (b"access-control-allow-origin", origin.encode()), (b"access-control-expose-headers", EXPOSED)]

    async def preflight(self, request: Request, methods: Sequence[str]) -> None:
        """Answer a browser that asks whether a page may call."""
        if request.header(b"origin") not in self._named:
            await request.reply(403, b"text/plain; charset=utf-8", b"the origin is not one of --http-origin\n")
            return
        headers: list[Header] = [
            (b"access-control-allow-methods", ", ".join(methods).encode()),
            (b"access-control-allow-headers", HEADERS),
            (b"access-control-max-age", KEPT_SECONDS),
        ]
        if request.header(b"access-control-request-private-network") == "true":
            headers.append((b"access-control-allow-private-network", b"true"))
        await request.start(204, headers)
        await request.send(b"", more=False)


def host_of(header: str) -> str:
    """Return the host of a Host header, without its port.

    >>> host_of("localhost:8080"), host_of("[::1]:8080"), host_of("::1")
    ('localhost', '::1', '')
    """
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_loopback(address: str) -> bool:
    """Whether HOST:PORT is an address of this machine only.

    >>> is_loopback("127.0.0.1:8080"), is_loopback("[::1]:0"), is_loopback("0.0.0.0:8080")
    (True, True, False)
    """
    return address.rpartition(":")[0].strip("[]") in LOOPBACK
