"""The metrics page for Prometheus and its HTTP server.

The format is short (prometheus.io, "Exposition formats", version 0.0.4), which does not justify a dependency.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
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


async def serve(text: Callable[[], str], address: str) -> asyncio.Server:
    """Serve `text()` as /metrics until the server is closed.

    Args:
        text: Returns the page.
        address: HOST:PORT; an IPv6 address in brackets.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(5):
                request = (await reader.readline()).split()
                while (await reader.readline()).strip():
                    pass
                found = request[:2] == [b"GET", b"/metrics"]
                body = text().encode() if found else b"metrics are at /metrics\n"
                status = "200 OK" if found else "404 Not Found"
                head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
                await writer.drain()
        writer.close()

    host, _, port = address.rpartition(":")
    return await asyncio.start_server(answer, host.strip("[]"), int(port))
