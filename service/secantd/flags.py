"""The command line of secantd: each field of `Settings` and `Limits` is a flag and a SECANT_* variable."""

import argparse
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import Field, fields, replace
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from secantd.errors import CalculusError
from secantd.logs import LEVELS
from secantd.settings import Limits, Settings
from secantd.version import __version__

__all__ = ["SUPERVISED", "ConfigurationError", "parser", "settings"]

PREFIX = "SECANT_"
# Between the values of a variable that has several.
SEPARATOR = ";"
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class ConfigurationError(Exception):
    """An invalid flag or variable; the message names it."""


class FlagParser(argparse.ArgumentParser):
    """Raises ConfigurationError instead of exiting."""

    def error(self, message: str) -> NoReturn:
        raise ConfigurationError(message)


def flag_of(field: Field[Any]) -> str:
    """Return the flag of a setting: one of several values is given once for each."""
    name = field.name.removesuffix("s") if isinstance(field.default, tuple) else field.name
    return "--" + name.replace("_", "-")


def each_field(kind: type[Any]) -> Iterator[Field[Any]]:
    """Yield the fields that are flags."""
    for f in fields(kind):
        if f.name != "limits":
            yield f


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = FlagParser(
        prog="secantd",
        description="The calculus service. Each flag can also be set by a variable such as SECANT_TEXT_LENGTH=1000.",
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"secantd {__version__}")
    made.add_argument("--check-config", action="store_true", help="Validate the configuration and exit")
    made.add_argument(SUPERVISED, action="store_true", help=argparse.SUPPRESS)
    for title, kind in (("server", Settings), ("limits of one call", Limits)):
        group = made.add_argument_group(title)
        for f in each_field(kind):
            flag, unit, text = flag_of(f), f.metadata["unit"], f.metadata["reason"]
            if isinstance(f.default, tuple):
                group.add_argument(flag, dest=f.name, action="append", help=f"{text}. Default: none", metavar=unit)
            elif isinstance(f.default, bool):
                text += f". Default: {'on' if f.default else 'off'}"
                group.add_argument(flag, action=argparse.BooleanOptionalAction, help=text)
            elif isinstance(f.default, str):
                group.add_argument(flag, help=f"{text}. Default: {f.default or 'none'}", metavar=unit)
            else:
                # What is counted is in the text already.
                default = f"{f.default:.10g}{f' {unit}' if unit in ('bytes', 'seconds') else ''}"
                group.add_argument(flag, help=f"{text}. Default: {default}", metavar="VALUE")
    return made


def settings(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Settings, bool]:
    """Return the settings of a command line, and whether to validate them only.

    Flags take precedence over variables, and variables over defaults.

    Args:
        arguments: The flags, without the name of the program.
        environment: The environment; variables with the prefix SECANT_ are settings.

    Raises:
        ConfigurationError: A flag or variable is unknown or has an invalid value, or settings do not fit together.

    >>> settings(["--listen", "127.0.0.1:0"], {"SECANT_STEPS": "100"})[0].limits.steps
    100
    """
    made_parser = parser()
    found, unknown = made_parser.parse_known_args(arguments)
    if unknown:
        flags = [flag for action in made_parser._actions for flag in action.option_strings]
        raise ConfigurationError(f"unrecognized arguments: {' '.join(unknown)}{suggestion(unknown[0], flags)}")
    given = vars(found)
    check_variables(environment)
    limits = replace(Limits(), **given_values(Limits, given, environment))
    made = replace(Settings(), limits=limits, **given_values(Settings, given, environment))
    validate(made)
    return made, given["check_config"]


def check_variables(environment: Mapping[str, str]) -> None:
    """Raise ConfigurationError for a variable with our prefix that nothing reads, because it is a typing mistake.

    >>> check_variables({"SECANT_SERVICE_HOST": "10.0.0.1", "SECANT_PORT": "tcp://10.0.0.1:50051"})
    >>> check_variables({"SECANT_STEP": "5"})
    Traceback (most recent call last):
    secantd.flags.ConfigurationError: SECANT_STEP is not a setting; did you mean SECANT_STEPS? `secantd --help` lists all settings
    """
    known = {PREFIX + f.name.upper() for kind in (Settings, Limits) for f in each_field(kind)}
    for name, value in environment.items():
        if (
            name.startswith(PREFIX)
            and name not in known
            and name not in OTHERS
            and not name.startswith(PREFIXES)
            and not set_by_kubernetes(name, value)
        ):
            hint = suggestion(name, known) or ";"
            raise ConfigurationError(f"{name} is not a setting{hint} `secantd --help` lists all settings")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return a question for the name that was probably meant, "" if none is near.

    >>> suggestion("--lissen=:1", ["--listen", "--steps"])
    '; did you mean --listen?'
    """
    near = get_close_matches(name.partition("=")[0], list(known), 1, 0.75)
    return f"; did you mean {near[0]}?" if near else ""


# Kubernetes sets these variables in each container for each Service of its namespace; our own name begins those of a Service `secant`
# and of one such as `secant-metrics` (kubernetes.io, "Service", "Environment variables").
OF_A_SERVICE = re.compile(
    r"SECANT_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
PORT_OF_A_SERVICE, URL_OF_A_PORT = re.compile(r"SECANT_(\w+_)?PORT"), re.compile(r"(tcp|udp|sctp)://")


def set_by_kubernetes(name: str, value: str) -> bool:
    """Whether a variable is one that Kubernetes makes for a Service whose name begins with "secant".

    >>> set_by_kubernetes("SECANT_PORT", "tcp://10.0.0.1:50051"), set_by_kubernetes("SECANT_PORT", "50051")
    (True, False)
    """
    if OF_A_SERVICE.fullmatch(name):
        return True
    return PORT_OF_A_SERVICE.fullmatch(name) is not None and URL_OF_A_PORT.match(value) is not None


# Passed by the supervisor to the servers that it starts; not shown by --help.
SUPERVISED = "--supervised"
# Limits that may be 0.
MAY_BE_0 = ("memory", "queue")
# Variables that other programs of the project read.
OTHERS = frozenset(
    {
        "SECANT_ADDRESS",
        "SECANT_TOKEN",
        "SECANT_SERVER",
        "SECANT_CA",
        "SECANT_PYTHON",
        "SECANT_GOLDEN",
        "SECANT_NATIVE",
    }
)
# Of the extension in C, of the R package, and of tests.
PREFIXES = ("SECANT_NATIVE_", "SECANT_R_", "SECANT_TEST_")


def given_values(kind: type[Any], given: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the fields of `kind` that a flag or a variable sets."""
    found = {}
    for f in each_field(kind):
        value, source = given[f.name], flag_of(f)
        if value is None:
            source = PREFIX + f.name.upper()
            value = environment.get(source)
        if value is not None:
            found[f.name] = convert(value, f.default, source)
    return found


def convert(value: str | bool | list[str], default: object, source: str) -> object:
    """Return `value` as the type of `default`: numbers are written 1000, 1_000 or 0.5, several values with ; between them.

    >>> convert("1_000", 5, "--steps")
    1000
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return tuple(value)
    if isinstance(default, tuple):
        return tuple(part for entry in value.split(SEPARATOR) if (part := entry.strip()))
    if isinstance(default, bool):
        if value.lower() in TRUE or value.lower() in FALSE:
            return value.lower() in TRUE
        raise ConfigurationError(f"{source} is {value!r}; it has to be true or false")
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


def validate(made: Settings) -> None:
    """Raise ConfigurationError for settings that are invalid or do not fit together."""
    check_address("--listen", made.listen)
    if made.metrics:
        check_address("--metrics", made.metrics)
    if made.http:
        check_address("--http", made.http)
        if not installed("uvicorn", "httptools"):
            raise ConfigurationError("--http needs uvicorn and httptools: pip install 'secant[http]'")
    for origin in made.http_origins:
        check_origin(origin)
    if made.log not in LEVELS:
        raise ConfigurationError(f"--log is {made.log!r}; it has to be one of {', '.join(LEVELS)}")
    for name in ("threads", "workers", "keepalive", "connection_idle", "http_connections"):
        if not getattr(made, name):
            raise ConfigurationError(f"--{name.replace('_', '-')} is 0; it has to be greater than 0")
    for f in each_field(Limits):
        if not getattr(made.limits, f.name) and f.name not in MAY_BE_0:
            raise ConfigurationError(f"--{f.name.replace('_', '-')} is 0; it has to be greater than 0")
    if bool(made.tls_certificate) != bool(made.tls_key):
        raise ConfigurationError("--tls-certificate and --tls-key go together: set both")
    if made.client_ca and not made.tls_key:
        raise ConfigurationError("--client-ca needs --tls-certificate and --tls-key")
    if made.tls_key:
        tls_files(made)
    if made.tokens:
        token_file(made.tokens)
    if made.data_sets:
        data_sets(made)
    if made.engine:
        engine(made.engine)
    if made.telemetry and not installed("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.grpc"):
        raise ConfigurationError("--telemetry needs OpenTelemetry: pip install 'secant[telemetry]'")


def data_sets(made: Settings) -> None:
    """Raise ConfigurationError unless the files of all data sets can be read."""
    # Imported only here: NumPy and PyArrow take a while to load.
    from secantd.engine.catalogue import Catalogue

    try:
        Catalogue(made.data_sets).open()
    except (CalculusError, ValueError) as error:
        raise ConfigurationError(f"--data-set: {error}") from None


def engine(address: str) -> None:
    """Raise ConfigurationError unless an address is that of a Dask scheduler, and Dask is installed."""
    scheme, separator, place = address.partition("://")
    if not separator or scheme != "dask":
        raise ConfigurationError(
            f"--engine is {address!r}; it has to be dask://HOST:PORT, such as dask://127.0.0.1:8786"
        )
    check_address("--engine", place)
    if not installed("dask", "distributed"):
        raise ConfigurationError("--engine needs Dask: pip install 'secant[dask]'")


def installed(*modules: str) -> bool:
    """Whether all modules can be imported.

    >>> installed("json"), installed("json", "no.such.module")
    (True, False)
    """
    with suppress(ModuleNotFoundError):
        return all(find_spec(name) for name in modules)
    return False


def check_address(flag: str, value: str) -> None:
    """Raise ConfigurationError unless `value` is HOST:PORT."""
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise ConfigurationError(f"{flag} is {value!r}; it has to be HOST:PORT, such as 127.0.0.1:50051")


ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def check_origin(value: str) -> None:
    """Raise ConfigurationError unless `value` is an origin as browsers write it."""
    if not ORIGIN.fullmatch(value):
        raise ConfigurationError(
            f"--http-origin is {value!r}; it has to be SCHEME://HOST or SCHEME://HOST:PORT in lower case and without a path, "
            "such as https://example.org"
        )


def tls_files(made: Settings) -> None:
    """Raise ConfigurationError unless certificate, key and CA certificates can be used."""
    # Imported only here: OpenSSL takes a while to load.
    from secantd.certificates import Certificates, TlsFilesError

    try:
        Certificates(made.tls_certificate, made.tls_key, made.client_ca)
    except TlsFilesError as error:
        raise ConfigurationError(str(error)) from None


def token_file(name: str) -> None:
    """Raise ConfigurationError unless a file holds the sums of tokens."""
    # Imported only here: gRPC takes a while to import, and no other setting needs it.
    from secantd.transport.interceptors.tokens import read_sums

    try:
        read_sums(Path(name))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"--tokens: {error}") from None
