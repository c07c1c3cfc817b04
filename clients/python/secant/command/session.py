"""The options that every verb takes, and the client they make."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click

from secant.channel import TLS
from secant.client import Client, connect
from secant.embedded import local

__all__ = ["Session", "common", "tls"]

F = TypeVar("F", bound=Callable[..., Any])


def _variable(name: str) -> Any:
    # Not click's `envvar`: the options stand before the verb and after it, and a variable overrides neither.
    return field(default_factory=lambda: os.environ.get(name) or None)


@dataclass
class Session:
    """How the answer is to be got and shown.

    Attributes:
        server: Where it is asked for; None starts a server inside the process.
        token: The token of that server.
        timeout: Seconds for each call.
        json: The answer is for a program.
        tls: The server speaks TLS; so it does where one of the files below is named.
        ca: Whom to trust, a file.
        certificate: The client's own certificate, a file.
        key: Its key, a file.
    """

    server: str | None = _variable("SECANT_SERVER")
    token: str | None = _variable("SECANT_TOKEN")
    timeout: float = 30.0
    json: bool = False
    tls: bool = False
    ca: str | None = _variable("SECANT_CA")
    certificate: str | None = None
    key: str | None = None

    def client(self) -> Client:
        """Return the client."""
        if self.server is None:
            return local(timeout=self.timeout)
        encrypted = self.tls or self.ca or self.certificate or self.key
        tls = TLS(self.ca, self.certificate, self.key) if encrypted else None
        return connect(self.server, token=self.token, tls=tls, timeout=self.timeout)


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None and param.name is not None:
        setattr(ctx.ensure_object(Session), param.name, value)


def _option(name: str, **attributes: Any) -> Callable[[F], F]:
    return click.option(name, callback=_keep, expose_value=False, **attributes)


_OPTIONS = (
    _option(
        "--server",
        metavar="HOST:PORT",
        help="The server to ask [variable SECANT_SERVER]; without one, a server inside this process.",
    ),
    _option("--token", metavar="TOKEN", help="The token of the server [variable SECANT_TOKEN]."),
    _option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="How long to wait [30].",
    ),
    _option("--json", is_flag=True, default=None, help="Answer as JSON."),
)

_TLS_OPTIONS = (
    _option("--tls", is_flag=True, default=None, help="The server speaks TLS."),
    _option("--ca", metavar="FILE", help="Whom to trust, where not the machine's own list [variable SECANT_CA]."),
    _option("--certificate", metavar="FILE", help="Your certificate, for a server that asks for one."),
    _option("--key", metavar="FILE", help="The key of --certificate."),
)


def common(command: F) -> F:
    """Add to a command the options of Session that may stand before the verb and after it."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tls(command: F) -> F:
    """Add to a command the options of Session about certificates."""
    for option in reversed(_TLS_OPTIONS):
        command = option(command)
    return command
