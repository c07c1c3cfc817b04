"""The composition root: settings in, a running server out."""

import asyncio
import logging
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from secantd import metrics
from secantd.certificates import Certificates, Papers
from secantd.settings import Settings
from secantd.transport import SERVICE, Servicer, TokenInterceptor, Tokens, telemetry

__all__ = ["ListenError", "Server"]

log = logging.getLogger("secantd")

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# How long a renewed certificate may wait to be used.
SECONDS_BETWEEN_LOOKS = 1.0


class ListenError(Exception):
    """The address cannot be listened on; the message says which and why."""


class Server:
    """One server, which touches nothing global: it may run in a thread of somebody else's process.

    start, stop and the server's life belong to one event loop.

    Args:
        settings: How it is run; `workers` is for who starts several of these.
        share_port: Let other processes listen on the same port. Metrics are then collected, and shown by whoever
            started this and them.
    """

    def __init__(self, settings: Settings | None = None, *, share_port: bool = False) -> None:
        self.settings = settings or Settings()
        self.address = ""
        self.metrics = metrics.Metrics()
        self._share_port = share_port
        self._server: Any = None
        self._servicer: Servicer | None = None
        self._health: Any = None
        self._page: asyncio.Server | None = None
        self._telemetry: telemetry.Telemetry | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen; afterwards `address` is "HOST:PORT" with the port in use."""
        settings = self.settings
        interceptors: list[Any] = [TokenInterceptor(Tokens(Path(settings.tokens)))] if settings.tokens else []
        if settings.telemetry:
            self._telemetry = telemetry.telemetry()
            self.metrics.follow = self._telemetry.ended
            interceptors.append(self._telemetry)
        host, _, _ = settings.listen.rpartition(":")
        if settings.tokens and not settings.tls_key and host not in LOOPBACK:
            log.warning("tokens travel unencrypted to %s: set --tls-certificate, or end TLS before", host)
        server = self._server = grpc.aio.server(options=options(settings, self._share_port), interceptors=interceptors)
        self._servicer = Servicer(settings, self.metrics)
        server.add_generic_rpc_handlers((self._servicer.handler(),))
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if settings.reflection:
            names = [SERVICE.full_name, reflection.SERVICE_NAME, health.SERVICE_NAME]
            reflection.enable_server_reflection(names, server)
        if not self._share_port:
            await probe(settings.listen)
        if settings.tls_key:
            encryption = Encryption(Certificates(settings.tls_certificate, settings.tls_key, settings.client_ca))
            port = server.add_secure_port(settings.listen, encryption.credentials())
            self._go_on(encryption.watch())
        else:
            port = server.add_insecure_port(settings.listen)
        if settings.metrics:
            self._go_on(self.metrics.watch_loop())
            if not self._share_port:
                self._page = await self._serve_metrics()
        await server.start()
        self.address = f"{host}:{port}"
        for name in (SERVICE.full_name, ""):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def stop(self, grace: float | None = None, pause: float = 0.0) -> None:
        """Refuse new calls, give running ones `grace` seconds (unset: the settings').

        For `pause` seconds before that, health says NOT_SERVING and calls are still taken, so that balancers
        lose none.
        """
        if self._server is None:
            return
        await self._health.enter_graceful_shutdown()
        await asyncio.sleep(pause)
        await self._server.stop(self.settings.grace if grace is None else grace)
        for task in self._tasks:
            task.cancel()
        if self._page is not None:
            self._page.close()
        if self._servicer is not None:
            await self._servicer.stop()
        if self._telemetry is not None:
            await self._telemetry.stop()
        self._server = None

    async def warm(self) -> None:
        """Start the processes for long calls now; without this the first such call waits for them."""
        if self._servicer is not None:
            await self._servicer.warm()

    async def wait(self) -> None:
        """Return when the server has stopped."""
        await self._server.wait_for_termination()

    def _go_on(self, story: Coroutine[Any, Any, None]) -> None:
        """Run `story` until the server has stopped."""
        self._tasks.append(asyncio.get_running_loop().create_task(story))

    async def _serve_metrics(self) -> asyncio.Server:
        try:
            return await metrics.serve(self.metrics.text, self.settings.metrics)
        except OSError as error:
            raise ListenError(f"cannot listen on {self.settings.metrics}: {reason(error)}") from None


async def probe(address: str) -> None:
    """Raise ListenError unless `address` can be bound: gRPC's own complaint is a log line without a reason."""
    host, _, port = address.rpartition(":")
    try:
        listener = await asyncio.start_server(lambda *_: None, host.strip("[]"), int(port))
    except OSError as error:
        raise ListenError(f"cannot listen on {address}: {reason(error)}") from None
    listener.close()
    await listener.wait_closed()


def reason(error: OSError) -> str:
    """Return why, in the system's words."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)


class Encryption:
    """What gRPC encrypts with: handshakes take a renewed certificate, connections keep the one they began with."""

    def __init__(self, certificates: Certificates) -> None:
        self._certificates = certificates
        self._fresh: Papers | None = None

    def credentials(self) -> Any:
        """Return grpc's object; callers show a certificate where there is an authority for them."""
        papers = self._certificates.papers
        return grpc.dynamic_ssl_server_credentials(configuration(papers), self._fetch, bool(papers.authority))

    async def watch(self) -> None:
        """Look, without end, whether the files were renewed."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            self._fresh = self._certificates.renewed() or self._fresh

    def _fetch(self) -> Any:
        """Answer gRPC, which asks at each handshake from a thread of its own; None: as before."""
        papers, self._fresh = self._fresh, None
        return configuration(papers) if papers else None


def configuration(papers: Papers) -> Any:
    """Return a key with its chain, and the authority of callers' certificates, as grpc has them."""
    return grpc.ssl_server_certificate_configuration([(papers.key, papers.chain)], papers.authority or None)


def options(settings: Settings, share_port: bool) -> list[tuple[str, int]]:
    """Return grpc's channel arguments."""
    milliseconds = int(settings.keepalive * 1000)
    return [
        # On by default: a stale server would share the port unnoticed.
        ("grpc.so_reuseport", int(share_port)),
        ("grpc.max_receive_message_length", settings.limits.message_bytes),
        # Replies are checked before they are sent; this lets a last one of a stream pass.
        ("grpc.max_send_message_length", -1),
        ("grpc.max_concurrent_streams", settings.limits.concurrent_calls),
        ("grpc.keepalive_time_ms", milliseconds),
        ("grpc.keepalive_timeout_ms", milliseconds // 3),
        # Pings a client may send without data: gRPC's own clients are set to 10 s and more.
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]
