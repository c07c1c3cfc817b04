"""The metrics page for Prometheus and its HTTP server.

The format is short (prometheus.io, "Exposition formats", version 0.0.4), which does not justify a dependency.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import NamedTuple

__all__ = ["MetricFamily", "Sample", "page", "serve"]

# Name, labels in the text format, value.
Sample = tuple[str, str, float]


class MetricFamily(NamedTuple):
    """The samples of one metric; `kind` is counter, gauge or histogram."""

    name: str
    kind: str
    help: str
    samples: list[Sample]


def page(families: Iterable[MetricFamily]) -> str:
    """Return the text of the page.

    >>> print(page([MetricFamily("secant_servers", "gauge", "Servers.", [("secant_servers", "", 2)])]), end="")
    # HELP secant_servers Servers.
    # TYPE secant_servers gauge
    secant_servers 2
    """
    lines = []
    for each in families:
        lines += [f"# HELP {each.name} {each.help}", f"# TYPE {each.name} {each.kind}"]
        lines += [f"{name}{labels} {value}" for name, labels, value in each.samples]
    return "\n".join(lines) + "\n"


# A scraper sends some hundred bytes in a few lines, and one or two at a time.
SECONDS, LINES, CONNECTIONS = 5.0, 100, 64
TEXT = "text/plain; version=0.0.4; charset=utf-8"


async def serve(text: Callable[[], str], address: str) -> asyncio.Server:
    """Serve `text()` as /metrics until the server is closed.

    Each connection has one request and SECONDS in all. Further ones than CONNECTIONS are closed unanswered.

    Args:
        text: Returns the page.
        address: HOST:PORT; an IPv6 address in brackets.
    """
    open_connections = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_connections
        if open_connections >= CONNECTIONS:
            writer.transport.abort()
            return
        open_connections += 1
        try:
            async with asyncio.timeout(SECONDS):
                request = (await reader.readline()).split()
                for _ in range(LINES):
                    if not (await reader.readline()).strip():
                        writer.write(reply(request, text))
                        break
                writer.close()
                await writer.wait_closed()
        except (OSError, ValueError, TimeoutError):
            # A line without an end, or a caller that neither sends nor reads.
            writer.transport.abort()
        finally:
            open_connections -= 1

    host, _, port = address.rpartition(":")
    return await asyncio.start_server(answer, host.strip("[]"), int(port))


def reply(request: list[bytes], text: Callable[[], str]) -> bytes:
    """Return the answer to a request line: GET and HEAD of /metrics, whatever the query.

    >>> reply([b"POST", b"/metrics", b"HTTP/1.1"], str).splitlines()[:2]
    [b'HTTP/1.1 405 Method Not Allowed', b'Allow: GET, HEAD']
    """
    method, path = (request[0], request[1].partition(b"?")[0]) if len(request) in (2, 3) else (b"", b"")
    status, more = "200 OK", ""
    if not method or not path.startswith(b"/"):
        status, body = "400 Bad Request", b"this is no request for /metrics\n"
    elif method not in (b"GET", b"HEAD"):
        status, more, body = "405 Method Not Allowed", "Allow: GET, HEAD\r\n", b"metrics are read by GET\n"
    elif path != b"/metrics":
        status, body = "404 Not Found", b"metrics are at /metrics\n"
    else:
        body = text().encode()
    head = (
        f"HTTP/1.1 {status}\r\n{more}Content-Type: {TEXT}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (b"" if method == b"HEAD" else body)
