"""The channel of a client: target, service config, token and certificates."""

import json
import re
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import grpc
from grpc.experimental import ChannelOptions

import secant._forks as forks
from secant._blocks import open_stub
from secant.errors import Cancelled, InvalidArgument
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

__all__ = ["TLS", "ConnectionSettings", "Lease", "Wire", "channel"]

SERVICE = "secant.v1.CalculusService"

# With this and a server that drains, 0 of 72 000 calls were lost over rolling restarts (docs: operations).
SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "healthCheckConfig": {"serviceName": SERVICE},
        "methodConfig": [
            {
                "name": [{"service": SERVICE}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.02s",
                    "maxBackoff": "0.5s",
                    "backoffMultiplier": 5,
                    # gRPC does not retry a call that its caller cancelled. CANCELLED from another source means that a
                    # proxy or a server went away.
                    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
                },
            }
        ],
    }
)

# What HTTP/2 and the header of a bearer token (RFC 6750) can carry.
_PRINTABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")

PathOrBytes: TypeAlias = str | PathLike[str] | bytes


@dataclass(frozen=True)
class TLS:
    """Certificates in PEM format, each the path of a file or its bytes.

    Args:
        roots: CA certificates to trust. None: the system's.
        certificate: The client's own certificate, for a server that requires one (mutual TLS).
        key: The private key of `certificate`.
        name: The name in the server's certificate if it differs from that of the target.

    >>> TLS(roots="ca.pem").roots
    'ca.pem'
    """

    roots: PathOrBytes | None = None
    certificate: PathOrBytes | None = None
    key: PathOrBytes | None = None
    name: str | None = None

    def credentials(self) -> Any:
        """Return the certificates as gRPC's channel credentials.

        Raises:
            OSError: A file cannot be read.
        """
        return grpc.ssl_channel_credentials(*self.read())

    def read(self) -> tuple[bytes | None, bytes | None, bytes | None]:
        """Return the bytes of roots, key and certificate, in this order; None for each that is not set.

        Raises:
            OSError: A file cannot be read.
        """
        return _read(self.roots), _read(self.key), _read(self.certificate)


@dataclass(frozen=True)
class ConnectionSettings:
    """The settings of a connection.

    Attributes:
        target: "host:port", "ipv4:a:p,b:p" or "dns:///name:p".
        token: Access token sent with each call; None sends none.
        tls: Certificates; None connects without TLS.
        timeout: Time limit of each call in seconds; None sets no limit.

    Raises:
        ValueError: `target` is a web address or has no port.
        InvalidArgument: INVALID_VALUE, `token` has characters that no header can carry.
    """

    target: str
    token: str | None = None
    tls: TLS | None = None
    timeout: float | None = 30.0

    def __post_init__(self) -> None:
        if "://" in self.target and not self.target.startswith(("dns://", "unix://", "xds://")):
            raise ValueError(f"a target is host:port, ipv4:a:p,b:p or dns:///name:p, not {self.target!r}")
        if ":" not in self.target:
            # gRPC would try port 443.
            raise ValueError(f"the target {self.target!r} has no port: write host:port, such as localhost:50051")
        if self.token is not None and not _PRINTABLE.fullmatch(self.token):
            # gRPC would end every call with "Illegal metadata"; the token itself is not repeated in a message.
            raise InvalidArgument(
                "a token consists of printable ASCII characters, with no blank or line end around it; this one has others or is empty\n"
                "read it from its file without the line end: Path(file).read_text().strip()",
                reason="INVALID_VALUE",
                field="token",
            )

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The metadata sent with each call: names and values."""
        return () if self.token is None else (("authorization", f"Bearer {self.token}"),)


def channel(settings: ConnectionSettings, grpc_module: ModuleType = grpc) -> Any:
    """Return a new channel.

    Args:
        settings: The settings of the connection.
        grpc_module: `grpc` or `grpc.aio`.

    Raises:
        Error: This process was forked from one in which gRPC was running.
        OSError: A certificate file cannot be read.
    """
    forks.check()
    # Read streams in the caller's own thread: a short stream then takes three quarters of the time.
    options: list[tuple[str, Any]] = [
        ("grpc.service_config", SERVICE_CONFIG),
        (ChannelOptions.SingleThreadedUnaryStream, 1),
    ]
    # Reconnect at once, not after gRPC's default of one second, so that a retry reaches a restarted server.
    options += [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 5000)]
    # Without it a channel shares the connections of others to the same address, also a failed one and the wait before the next try.
    options.append(("grpc.use_local_subchannel_pool", 1))
    if settings.target.startswith(("127.", "localhost:", "[::1]", "ipv4:127.", "unix:")):
        # A proxy in the environment is not meant for this machine.
        options.append(("grpc.enable_http_proxy", 0))
    if settings.tls is None:
        return grpc_module.insecure_channel(settings.target, options)
    if settings.tls.name is not None:
        options.append(("grpc.ssl_target_name_override", settings.tls.name))
    return grpc_module.secure_channel(settings.target, settings.tls.credentials(), options)


def _read(source: PathOrBytes | None) -> bytes | None:
    return source if source is None or isinstance(source, bytes) else Path(source).read_bytes()


class Wire:
    """The channel of a client, opened by the first call and shared by copies of the client.

    Raises:
        OSError: A certificate file cannot be read.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        if settings.tls is not None:
            settings.tls.read()  # report a missing file in `connect`, not in the first call
        self._settings = settings
        self._channel: Any = None
        self._stub: Any = None
        self._generation = forks.generation()
        self._closed = False
        # The ids of leases. Operations of a set are atomic, so no lock is needed that a fork could leave locked.
        self.leases: set[int] = set()
        forks.register(self)

    def stub(self) -> Any:
        """Return the stub; opens a channel if none is open.

        Raises:
            Error: The client was closed, or this process cannot use gRPC.
        """
        if self._closed:
            raise Cancelled("this client is closed")
        if self._generation != forks.generation():
            forks.check()
            # The parent's channel; nothing of it is alive, or `check` would have raised.
            self._channel = self._stub = None
            self._generation = forks.generation()
            self.leases.clear()
        if self._stub is None:
            self._channel = channel(self._settings)
            self._stub = open_stub(CalculusServiceStub(self._channel), self._channel)  # type: ignore[no-untyped-call]
        return self._stub

    @property
    def busy(self) -> bool:
        """Whether a call uses the channel."""
        return self._channel is not None and bool(self.leases)

    def release(self) -> bool:
        """Close the channel if no call uses it and return whether it was closed; the next call opens a new one."""
        if self._channel is None or self.leases or self._generation != forks.generation():
            return False
        opened, self._channel, self._stub = self._channel, None, None
        opened.close()
        return True

    def close(self) -> None:
        """Close the channel for good and cancel its calls; the channel of a parent process is left open."""
        self._closed = True
        if self._channel is not None and self._generation == forks.generation():
            self._channel.close()
            self._channel = self._stub = None


class Lease:
    """The use of a Wire by one call; ends with `end` or when the lease is garbage-collected."""

    __slots__ = ("_generation", "_wire", "stub")

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._generation = forks.generation()
        wire.leases.add(id(self))  # first, because from here on no fork closes the channel
        self.stub: Any = None
        self.stub = wire.stub()

    @property
    def inherited(self) -> bool:
        """Whether the call was started by the process that this one was forked from."""
        return self._generation != forks.generation()

    def end(self) -> None:
        """End the use of the channel."""
        self.stub = None  # a traceback that refers to this object must not keep the channel alive
        self._wire.leases.discard(id(self))

    __del__ = end

    def __enter__(self) -> Any:
        return self.stub

    def __exit__(self, *_: object) -> None:
        self.end()
