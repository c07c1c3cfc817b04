"""The server of HTTP: uvicorn on the event loop of gRPC's server."""

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from secantd.http.app import App
from secantd.http.connect import Connect
from secantd.http.origins import Origins, is_loopback
from secantd.http.protocol import BoundedProtocol, Connections
from secantd.metrics import Gauge, Metrics
from secantd.settings import Settings
from secantd.transport import Servicer, Telemetry, Tokens

__all__ = ["HttpServer"]

log = logging.getLogger("secantd")

BACKLOG = 1024
# Seconds between looks at whether the server listens.
SECONDS_BETWEEN_LOOKS = 0.005


class HttpServer:
    """One server of HTTP.

    Args:
        settings: The settings.
        servicer: The methods.
        metrics: Where connections are counted.
        tokens: The valid tokens; None if none is needed.
        telemetry: Notes the caller's trace; None if there are no spans.
        encrypted: Whether to use TLS, with the files of the settings.
    """

    def __init__(
        self,
        settings: Settings,
        servicer: Servicer,
        metrics: Metrics,
        tokens: Tokens | None = None,
        telemetry: Telemetry | None = None,
        encrypted: bool = False,
    ) -> None:
        self._settings = settings
        self._encryption = Encryption(settings) if encrypted else None
        connections = Connections(settings.http_connections)
        metrics.all.append(Gauge("secant_http_connections", "Open connections of HTTP.", lambda: connections.count))
        origins = Origins(settings.http_origins, loopback=is_loopback(settings.http))
        app = App(Connect(servicer, settings.limits, tokens, telemetry), origins)
        config = uvicorn.Config(
            app,
            http=type("Protocol", (BoundedProtocol,), {"all_connections": connections}),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            # A caller may not choose the address that the table of waiting streams knows it by.
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=max(1, int(settings.keepalive)),
        )
        config.load()
        if self._encryption is not None:
            config.ssl = self._encryption.context()
        self._server = Quiet(config)
        self._sockets: list[socket.socket] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self, *, share_port: bool = False) -> str:
        """Listen; return "http://HOST:PORT" with the port in use. OSError if that fails."""
        host, _, port = self._settings.http.rpartition(":")
        self._sockets = listeners(host.strip("[]"), int(port), share_port)
        self._task = asyncio.get_running_loop().create_task(self._server.serve(self._sockets))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        scheme = "http" if self._encryption is None else "https"
        return f"{scheme}://{host}:{self._sockets[0].getsockname()[1]}"

    def renew(self) -> None:
        """Use a renewed certificate for new connections."""
        if self._encryption is not None:
            self._encryption.renew()

    async def stop(self, grace: float) -> None:
        """Accept no more requests, and let those under way finish within `grace` seconds."""
        if self._task is None:
            return
        self._server.config.timeout_graceful_shutdown = grace
        self._server.should_exit = True
        await asyncio.wait([self._task])
        # uvicorn cancels what is left, and does not wait for it.
        if self._server.server_state.tasks:
            await asyncio.wait(list(self._server.server_state.tasks), timeout=1)
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()


class Quiet(uvicorn.Server):  # type: ignore[misc]
    """uvicorn's server without handlers of signals, which a thread of ours handles."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class Encryption:
    """The TLS context of uvicorn. Each handshake uses the newest certificate; open connections keep theirs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._newest = self._context()

    def context(self) -> ssl.SSLContext:
        """Return the context that listens."""
        context = self._context()
        context.sni_callback = self._fetch
        return context

    def _fetch(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        # Python calls this in each handshake, also without a name.
        connection.context = self._newest

    def _context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.load_cert_chain(self._settings.tls_certificate, self._settings.tls_key, password="")
        made.set_alpn_protocols(["http/1.1"])
        if self._settings.client_ca:
            made.load_verify_locations(self._settings.client_ca)
            made.verify_mode = ssl.CERT_REQUIRED
        return made

    def renew(self) -> None:
        """Read the files again."""
        try:
            self._newest = self._context()
        except (OSError, ValueError) as error:
            log.warning("HTTP keeps the previous certificate: %s", error)


def listeners(host: str, port: int, share_port: bool) -> list[socket.socket]:
    """Return sockets that listen on every address of a host; OSError if one cannot."""
    found: list[socket.socket] = []
    try:
        for family, _, _, _, name in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
            address = (name[0], found[0].getsockname()[1] if found else port)
            dual = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
            found.append(
                socket.create_server(
                    address, family=family, backlog=BACKLOG, reuse_port=share_port, dualstack_ipv6=dual
                )
            )
    except OSError:
        for each in found:
            each.close()
        raise
    if not found:
        raise OSError(0, os.strerror(0))
    return found
