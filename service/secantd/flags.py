"""Settings from flags and SECANT_* variables: each field of `Settings` and `Limits` is both."""

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import Field, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from secantd.logs import LEVELS
from secantd.settings import Limits, Settings
from secantd.version import __version__

__all__ = ["SUPERVISED", "ConfigurationError", "parser", "settings"]

PREFIX = "SECANT_"
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class ConfigurationError(Exception):
    """A flag or a variable that makes no sense; the message names it."""


class Parser(argparse.ArgumentParser):
    """Raises instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(message)


def each_field(kind: type[Any]) -> Iterator[Field[Any]]:
    """Yield the fields that are set by one flag."""
    for f in fields(kind):
        if f.name != "limits":
            yield f


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = Parser(
        prog="secantd",
        description="The calculus service. Each flag may also be set as a variable: SECANT_TEXT_LENGTH=1000.",
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"secantd {__version__}")
    made.add_argument("--check-config", action="store_true", help="tell whether the settings are sound, and end")
    made.add_argument(SUPERVISED, action="store_true", help=argparse.SUPPRESS)
    for title, kind in (("server", Settings), ("limits of one call", Limits)):
        group = made.add_argument_group(title)
        for f in each_field(kind):
            flag, unit = "--" + f.name.replace("_", "-"), f.metadata["unit"]
            said = f"{f.metadata['reason']} (default: {f.default if f.default != '' else 'none'} {unit}".rstrip() + ")"
            if isinstance(f.default, bool):
                group.add_argument(flag, action=argparse.BooleanOptionalAction, help=said)
            else:
                group.add_argument(flag, help=said.replace("%", "%%"), metavar="VALUE")
    return made


def settings(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Settings, bool]:
    """Return the settings of a command line, and whether they are only to be checked.

    A flag goes before a variable, a variable before the default.

    >>> settings(["--listen", "127.0.0.1:0"], {"SECANT_STEPS": "100"})[0].limits.steps
    100
    """
    given = vars(parser().parse_args(arguments))
    known = {PREFIX + f.name.upper() for kind in (Settings, Limits) for f in each_field(kind)}
    for name in environment:
        # Clients have variables of their own, SECANT_ADDRESS and the like; a near miss is a mistake.
        if name.startswith(PREFIX) and name not in known and not name.startswith((*OTHERS, OF_TESTS)):
            raise ConfigurationError(f"{name} is no setting; those of secantd are told by secantd --help")
    limits = replace(Limits(), **chosen(Limits, given, environment))
    made = replace(Settings(), limits=limits, **chosen(Settings, given, environment))
    check(made)
    return made, given["check_config"]


# Given by the supervisor to the servers it starts, and to nobody's help.
SUPERVISED = "--supervised"
# Limits whose 0 means that there is none.
MAY_BE_0 = ("memory", "queue")
# Variables that other programs of the project read.
OTHERS = ("SECANT_ADDRESS", "SECANT_TOKEN", "SECANT_SERVER", "SECANT_CA", "SECANT_PYTHON", "SECANT_GOLDEN")
OF_TESTS = "SECANT_TEST_"


def chosen(kind: type[Any], given: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of `kind` that are set, as values of their types."""
    found = {}
    for f in each_field(kind):
        value, source = given[f.name], "--" + f.name.replace("_", "-")
        if value is None:
            source = PREFIX + f.name.upper()
            value = environment.get(source)
        if value is not None:
            found[f.name] = convert(value, f.default, source)
    return found


def convert(value: str | bool, default: object, source: str) -> object:
    """Return `value` as the type of `default`: numbers are written 1000, 1_000 or 0.5.

    >>> convert("1_000", 5, "--steps")
    1000
    """
    if isinstance(value, bool):
        return value
    if isinstance(default, bool):
        if value.lower() in TRUE or value.lower() in FALSE:
            return value.lower() in TRUE
        raise ConfigurationError(f"{source} is {value!r}; say true or false")
    if isinstance(default, str):
        return value
    try:
        number = int(value) if isinstance(default, int) else float(value)
    except ValueError:
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise ConfigurationError(f"{source} is {value!r}; it has to be {kind}") from None
    if not 0 <= number < math.inf:
        raise ConfigurationError(f"{source} is {value}; it has to be finite and at least 0")
    return number


def check(made: Settings) -> None:
    """Raise ConfigurationError where settings cannot be meant."""
    address("--listen", made.listen)
    if made.metrics:
        address("--metrics", made.metrics)
    if made.log not in LEVELS:
        raise ConfigurationError(f"--log is {made.log!r}; it has to be one of {', '.join(LEVELS)}")
    for name in ("threads", "workers", "keepalive"):
        if not getattr(made, name):
            raise ConfigurationError(f"--{name} is 0; it has to be more")
    for f in each_field(Limits):
        if not getattr(made.limits, f.name) and f.name not in MAY_BE_0:
            raise ConfigurationError(f"--{f.name.replace('_', '-')} is 0; then no call could be answered")
    if bool(made.tls_certificate) != bool(made.tls_key):
        raise ConfigurationError("--tls-certificate and --tls-key go together")
    if made.client_ca and not made.tls_key:
        raise ConfigurationError("--client-ca needs --tls-certificate and --tls-key")
    if made.tls_key:
        papers(made)
    if made.tokens:
        token_file(made.tokens)
    if made.telemetry and not installed("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.grpc"):
        raise ConfigurationError("--telemetry needs OpenTelemetry: pip install 'secant[telemetry]'")


def installed(*modules: str) -> bool:
    """Whether modules could be imported.

    >>> installed("json"), installed("json", "no.such.module")
    (True, False)
    """
    with suppress(ModuleNotFoundError):
        return all(find_spec(name) for name in modules)
    return False


def address(flag: str, value: str) -> None:
    """Raise unless `value` is HOST:PORT."""
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise ConfigurationError(f"{flag} is {value!r}; it has to be HOST:PORT, such as 127.0.0.1:50051")


def papers(made: Settings) -> None:
    """Raise unless certificate, key and authority can be used."""
    # Only here: OpenSSL takes a while to load.
    from secantd.certificates import Certificates, PapersError

    try:
        Certificates(made.tls_certificate, made.tls_key, made.client_ca)
    except PapersError as error:
        raise ConfigurationError(str(error)) from None


def token_file(name: str) -> None:
    """Raise unless a file holds sums of tokens."""
    # Only here: the settings of every other server are read without gRPC, which takes a while to import.
    from secantd.transport.tokens import read_sums

    try:
        sums = read_sums(Path(name))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"--tokens: {error}") from None
    if not sums:
        raise ConfigurationError(f"--tokens: {name} holds no sum, so nobody could call")
