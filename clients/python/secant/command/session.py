"""The options of every verb, and the client that they select."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from secant._direct import Direct
    from secant.client import Client

__all__ = ["Session", "common", "tls"]

# Seconds to wait for an answer of another server. A server of this process always answers: at the latest when its own limit
# is reached, which does not count the start of its processes.
TIMEOUT = 30.0

F = TypeVar("F", bound=Callable[..., Any])


def _variable(name: str) -> Any:
    # Not click's `envvar`: options may come before the verb or after it, and a variable must override neither.
    return field(default_factory=lambda: os.environ.get(name) or None)


@dataclass
class Session:
    """How to connect and how to print the answer.

    Attributes:
        server: Address of the server; None starts a server inside this process.
        token: Token sent to the server.
        timeout: Seconds to wait for each answer; None: TIMEOUT, or for a server inside this process no limit but its own.
        json: Whether to print JSON.
        tls: Whether to use TLS; implied by each of the files below.
        ca: File with the CA certificates to trust.
        certificate: File with the client's own certificate.
        key: File with the key of the certificate.
    """

    server: str | None = _variable("SECANT_SERVER")
    token: str | None = _variable("SECANT_TOKEN")
    timeout: float | None = None
    json: bool = False
    tls: bool = False
    ca: str | None = _variable("SECANT_CA")
    certificate: str | None = None
    key: str | None = None

    def client(self) -> "Client":
        """Return a client of the server, or of a new server inside this process.

        Raises:
            Error: The token or an address is not valid; a subclass.
            OSError: A certificate file cannot be read.
        """
        found = self._local() if self.server is None else self._remote(self.server)
        found.warns = False  # the command prints the notices
        return found

    def _remote(self, server: str) -> "Client":
        from secant._channel import TLS
        from secant.client import connect

        encrypted = self.tls or self.ca or self.certificate or self.key
        tls = TLS(self.ca, self.certificate, self.key) if encrypted else None
        return connect(server, token=self.token, tls=tls, timeout=self.timeout or TIMEOUT)

    def engine(self) -> "Client | Direct":
        """Return a client of the server if one is named, else the engine of this process, which starts no server.

        Raises:
            Error: As for `client`.
        """
        if self.server is not None:
            return self.client()
        from secant._direct import Direct

        return Direct(self.timeout, self.client)

    def _local(self) -> "Client":
        from secant._embedded import local

        return local(timeout=self.timeout)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and param.name is not None:
        setattr(ctx.ensure_object(Session), param.name, value)


def _option(name: str, **attributes: Any) -> Callable[[F], F]:
    return click.option(name, callback=_keep, expose_value=False, **attributes)


_OPTIONS = (
    _option(
        "--server",
        metavar="HOST:PORT",
        help="Server to connect to. Default: $SECANT_SERVER, or else a server inside this process",
    ),
    _option("--token", metavar="TOKEN", help="Access token for the server. Default: $SECANT_TOKEN"),
    _option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Seconds to wait for each answer; a server ends long calls at its own limit, usually 10. Default: 30 with "
        "--server, else no limit but the server's",
    ),
    _option("--json", is_flag=True, default=None, help="Print the answer as JSON."),
)

_TLS_OPTIONS = (
    _option("--tls", is_flag=True, default=None, help="Connect with TLS; implied by the next three options."),
    _option("--ca", metavar="FILE", help="CA certificates to trust instead of the system's. Default: $SECANT_CA"),
    _option("--certificate", metavar="FILE", help="Client certificate, for a server that requires one."),
    _option("--key", metavar="FILE", help="Private key of --certificate."),
)


def common(command: F) -> F:
    """Add to a command the options of Session that are accepted both before and after the verb."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tls(command: F) -> F:
    """Add to a command the options of Session for TLS."""
    for option in reversed(_TLS_OPTIONS):
        command = option(command)
    return command
