"""The composition root: settings in, a running server out."""

import asyncio
import errno
import logging
import os
import socket
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from secantd import metrics
from secantd.certificates import Certificates, TlsFiles
from secantd.settings import Settings
from secantd.transport import (
    SERVICE,
    Servicer,
    Telemetry,
    TokenInterceptor,
    Tokens,
    aio_server,
    register_service,
    registration,
    telemetry,
)
from secantd.transport.interceptors.reflection import add_reflection

if TYPE_CHECKING:
    # uvicorn is in an extra of its own.
    from secantd.http import HttpServer

__all__ = ["ListenError", "Server"]

log = logging.getLogger("secantd")

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# Calls that gRPC may hold before Python has seen them, 8 kB each: 200 connections' worth of open streams.
PENDING_CALLS = 20_000
# Seconds after which a renewed certificate is used at the latest.
SECONDS_BETWEEN_LOOKS = 1.0
# Seconds in which the end of grpc's server is noticed, and between attempts to bind its port again.
SECONDS_BETWEEN_CHECKS = 0.1
# If another program has taken the port meanwhile, the process must end rather than run without a port.
SECONDS_FOR_THE_PORT = 5.0


class ListenError(Exception):
    """The server cannot listen on an address; the message gives the address and the reason."""


class Server:
    """One server. It changes no global state, so it may run in a thread of any process.

    `start` and `stop` must be called on the same event loop.

    Args:
        settings: The settings; `workers` is ignored, as it is for the supervisor, which starts several servers.
        share_port: Allow other processes to listen on the same port. Metrics are then collected but not served, which
            the supervisor does.
        single_user: Let the first long calls wait for the start of the processes as long as their caller does. Unset,
            they wait at most `limits.seconds` and end with BUSY, so that a crowd of callers cannot wait without end.
    """

    def __init__(
        self, settings: Settings | None = None, *, share_port: bool = False, single_user: bool = False
    ) -> None:
        self.settings = settings or Settings()
        self.address = ""
        # "http://HOST:PORT" with the port in use, "" without HTTP.
        self.http_address = ""
        self.metrics = metrics.Metrics()
        self._share_port = share_port
        self._single_user = single_user
        self._server: Any = None
        self._servicer: Servicer | None = None
        self._tokens: Tokens | None = None
        self._encryption: Encryption | None = None
        self._health: Any = None
        self._page: asyncio.Server | None = None
        self._http: HttpServer | None = None
        self._telemetry: Telemetry | None = None
        self._tasks: list[asyncio.Task[None]] = []
        # The task that watches grpc's server; None when stopped.
        self._keeper: asyncio.Task[None] | None = None
        # Those that ended by themselves, while their last calls end.
        self._ended: list[Any] = []
        self._stopping = False

    async def start(self) -> None:
        """Listen; afterwards `address` is "HOST:PORT" with the port in use."""
        settings = self.settings
        if settings.telemetry:
            self._telemetry = telemetry()
            self.metrics.follow = self._telemetry.ended
        host, _, _ = settings.listen.rpartition(":")
        for address in filter(None, (settings.listen, settings.http)):
            if settings.tokens and not settings.tls_key and (to := address.rpartition(":")[0]) not in LOOPBACK:
                log.warning(
                    "tokens are sent unencrypted to %s: set --tls-certificate, or terminate TLS in front of the server",
                    to,
                )
        self._tokens = Tokens(Path(settings.tokens)) if settings.tokens else None
        self._servicer = Servicer(settings, self.metrics, single_user=self._single_user)
        if settings.data_sets:
            # The ends of thousands of files take seconds.
            await asyncio.to_thread(self._servicer.catalogue.open)
        self._health = health.aio.HealthServicer()
        if not self._share_port:
            await probe(settings.listen)
        certificates = None
        if settings.tls_key:
            certificates = Certificates(settings.tls_certificate, settings.tls_key, settings.client_ca)
            if (problem := certificates.out_of_date()) is not None:
                log.warning("no encrypted connection will succeed: %s", problem)
            self._encryption = Encryption(certificates)
            self._run_until_stopped(self._encryption.watch(self._renew_http))
        self._server, port = self._bound(settings.listen)
        if settings.metrics:
            self.metrics.more = metrics.process_families
            self._run_until_stopped(self.metrics.watch_loop())
            if not self._share_port:
                self._page = await self._serve_metrics()
        if settings.http:
            self.http_address = await self._serve_http(certificates)
        await self._server.start()
        self.address = f"{host}:{port}"
        for name in (SERVICE.full_name, ""):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._keeper = asyncio.get_running_loop().create_task(self._keep_running())

    async def stop(self, grace: float | None = None, pause: float = 0.0) -> None:
        """Reject new calls and let running ones finish within `grace` seconds (default: the setting `grace`).

        For `pause` seconds before that, health reports NOT_SERVING while calls are still accepted, so that load balancers
        lose no call.
        """
        if self._keeper is None:
            return
        await self._health.enter_graceful_shutdown()
        await asyncio.sleep(pause)
        self._stopping = True
        seconds = self.settings.grace if grace is None else grace
        servers = [self._server, *self._ended, *([self._http] if self._http is not None else [])]
        await asyncio.gather(*(each.stop(seconds) for each in servers))
        await asyncio.wait([self._keeper])
        if self._server is not None:
            # In case it was being restarted at that moment.
            await self._server.stop(0)
        for task in self._tasks:
            task.cancel()
        if self._page is not None:
            self._page.close()
        if self._servicer is not None:
            await self._servicer.stop()
        if self._telemetry is not None:
            await self._telemetry.stop()
        # Released here, on its event loop: grpc closes its sockets with the last server, and if another thread did that,
        # the loop would read from a closed one and log an error.
        self._server = None
        self._keeper = None

    async def warm(self) -> None:
        """Start the worker processes now, and return when they have imported what takes long.

        Without it the first long call starts them and waits for the start only.
        """
        if self._servicer is not None:
            await self._servicer.warm()

    async def wait(self) -> None:
        """Return when the server was stopped; raise ListenError if it ended by itself and its port cannot be bound again."""
        if self._keeper is not None:
            await asyncio.shield(self._keeper)

    def _bound(self, address: str) -> tuple[Any, int]:
        """Return a grpc server that is bound to HOST:PORT, and its port."""
        interceptors: list[Any] = [TokenInterceptor(self._tokens)] if self._tokens else []
        if self._telemetry is not None:
            interceptors.append(self._telemetry)
        server = aio_server(options(self.settings, self._share_port), interceptors)
        assert self._servicer is not None
        register_service(self._servicer, server)
        others = registration(self._servicer, server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, others)
        if self.settings.reflection:
            add_reflection(others)
        try:
            if self._encryption is None:
                return server, server.add_insecure_port(address)
            return server, server.add_secure_port(address, self._encryption.credentials())
        except RuntimeError:
            # gRPC writes the reason to its own log only. In most cases another process took the port since the probe.
            raise ListenError(f"cannot listen on {address}: {os.strerror(errno.EADDRINUSE)}") from None

    async def _keep_running(self) -> None:
        """Restart gRPC on the same port whenever it ends by itself, until the server is stopped."""
        while not self._stopping:
            try:
                if await self._server.wait_for_termination(SECONDS_BETWEEN_CHECKS):
                    # The wait timed out: it is running.
                    continue
                cause = "it stopped"
            except Exception as error:
                cause = type(error).__name__
            if not self._stopping:
                # grpc has closed the port. Calls under way go on, and have the time that a drain gives them.
                old, self._server = self._server, await self._restarted(cause)
                self._run_until_stopped(self._drain(old))

    async def _drain(self, server: Any) -> None:
        """Give the last calls of a server that ended by itself the time of a drain."""
        self._ended.append(server)
        await server.stop(self.settings.grace)
        self._ended.remove(server)

    async def _restarted(self, cause: str) -> Any:
        """Return a new grpc server on the same port; raise ListenError if the port is not free within SECONDS_FOR_THE_PORT."""
        self.metrics.restarts.add(1)
        log.error("the gRPC server ended (%s) and is started anew on %s", cause, self.address)
        end = time.monotonic() + SECONDS_FOR_THE_PORT
        while True:
            try:
                server, _ = self._bound(self.address)
            except ListenError:
                if self._stopping or time.monotonic() > end:
                    raise
                await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
            else:
                await server.start()
                return server

    def _run_until_stopped(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine until the server is stopped."""
        self._tasks.append(asyncio.get_running_loop().create_task(coroutine))

    async def _serve_metrics(self) -> asyncio.Server:
        try:
            return await metrics.serve(self.metrics.text, self.settings.metrics)
        except OSError as error:
            raise ListenError(f"cannot listen on {self.settings.metrics}: {reason(error)}") from None

    async def _serve_http(self, certificates: Certificates | None) -> str:
        from secantd.http import HttpServer

        assert self._servicer is not None
        self._http = HttpServer(
            self.settings, self._servicer, self.metrics, self._tokens, self._telemetry, certificates is not None
        )
        try:
            return await self._http.start(share_port=self._share_port)
        except OSError as error:
            raise ListenError(f"cannot listen on {self.settings.http}: {reason(error)}") from None

    def _renew_http(self) -> None:
        if self._http is not None:
            self._http.renew()


async def probe(address: str) -> None:
    """Raise ListenError unless `address` can be bound; gRPC itself gives no reason."""
    host, _, port = address.rpartition(":")
    try:
        if host == "[::]" and socket.has_dualstack_ipv6():
            # gRPC binds it for IPv4 and IPv6.
            socket.create_server(("", int(port)), family=socket.AF_INET6, dualstack_ipv6=True).close()
        listener = await asyncio.start_server(lambda *_: None, host.strip("[]"), int(port))
    except OSError as error:
        raise ListenError(f"cannot listen on {address}: {reason(error)}") from None
    listener.close()
    await listener.wait_closed()


def reason(error: OSError) -> str:
    """Return the system's message for an error."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)


class Encryption:
    """TLS credentials for gRPC. A renewed certificate is used for new handshakes; open connections keep theirs."""

    def __init__(self, certificates: Certificates) -> None:
        self._certificates = certificates
        self._fresh: TlsFiles | None = None

    def credentials(self) -> Any:
        """Return grpc's credentials object; TLS is mutual if there are CA certificates for callers."""
        files = self._certificates.files
        return grpc.dynamic_ssl_server_credentials(configuration(files), self._fetch, bool(files.authority))

    async def watch(self, renewed: Callable[[], None]) -> None:
        """Check the files for changes until cancelled; call `renewed` after a change."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if (files := self._certificates.renewed()) is not None:
                self._fresh = files
                renewed()

    def _fetch(self) -> Any:
        """Return a new configuration, None if nothing changed. gRPC calls this at each handshake, from its own thread."""
        files, self._fresh = self._fresh, None
        return configuration(files) if files else None


def configuration(files: TlsFiles) -> Any:
    """Return the TLS files as grpc's configuration object."""
    return grpc.ssl_server_certificate_configuration([(files.key, files.chain)], files.authority or None)


# grpc's options are C's int.
LARGEST = (1 << 31) - 1


def in_milliseconds(seconds: float) -> int:
    """Return a time in milliseconds as a positive C int: 1 ms to 24 days.

    >>> in_milliseconds(0.0001), in_milliseconds(60), in_milliseconds(1e12)
    (1, 60000, 2147483647)
    """
    return max(1, min(int(seconds * 1000), LARGEST))


def options(settings: Settings, share_port: bool) -> list[tuple[str, int]]:
    """Return grpc's channel arguments."""
    milliseconds = in_milliseconds(settings.keepalive)
    return [
        # On by default: a stale server would share the port unnoticed.
        ("grpc.so_reuseport", int(share_port)),
        ("grpc.max_receive_message_length", min(settings.limits.message_bytes, LARGEST)),
        # Our own check limits replies. This lets the last message of a stream pass.
        ("grpc.max_send_message_length", -1),
        ("grpc.max_concurrent_streams", min(settings.limits.connection_streams, LARGEST)),
        # By default gRPC cancels calls at random when Python has not accepted 1000 of them (hard limit: 3000).
        ("grpc.server.max_pending_requests", PENDING_CALLS),
        ("grpc.server.max_pending_requests_hard_limit", PENDING_CALLS),
        ("grpc.max_connection_idle_ms", in_milliseconds(settings.connection_idle)),
        ("grpc.keepalive_time_ms", milliseconds),
        ("grpc.keepalive_timeout_ms", milliseconds // 3),
        # Minimum interval of a client's pings without data: gRPC's own clients use 10 s or more.
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]
