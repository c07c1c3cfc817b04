"""The way to a Dask cluster: whether Dask is there, a connection made in bounded time, and equal versions everywhere."""

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from secantd.errors import CalculusError, Reason
from secantd.shown import listed
from secantd.version import __version__

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["CONNECT", "PACKAGES", "connected", "missing", "require_dask", "require_versions", "same_version"]

# Seconds in which a scheduler has to answer, and a first worker to be there.
CONNECT = 5.0
# Packages that have to have the same version everywhere: Secant and NumPy compute the digits, Dask carries the tasks.
PACKAGES = ("secant", "numpy", "dask", "distributed")
# The form of the address in a setting of the server.
SCHEME = "dask://"


def missing(headline: str, hint: str) -> CalculusError:
    """Return the error of a part that a call needs and that is not there."""
    return CalculusError(Reason.MISSING_PART, headline, hint)


def require_dask() -> None:
    """Raise MISSING_PART if Dask is not installed."""
    try:
        import dask  # noqa: F401
        import distributed  # noqa: F401
    except ImportError:
        raise missing("Dask is not installed", 'pip install "secant[dask]"') from None


def same_version(version: str) -> None:
    """Raise MISSING_PART in a worker whose Secant is not that of the process that sent the task."""
    if version != __version__:
        raise missing(
            f"a Dask worker has Secant {__version__}, and the process that sent it a task has {version}",
            "install one version of Secant everywhere",
        )


def connected(address: str) -> "Client":
    """Return a client of the scheduler at an address."""
    from distributed import Client

    where = address.removeprefix(SCHEME)
    protocol, _, place = where.rpartition("://")
    host, _, port = place.rpartition(":")
    hint = "start one with `dask scheduler`, or give its address, for example dask://127.0.0.1:8786"
    try:
        # Dask tries again and again without giving the reason.
        socket.create_connection((host.strip("[]"), int(port)), CONNECT).close()
        return Client(f"{protocol or 'tcp'}://{place}", timeout=CONNECT, set_as_default=False)
    except Exception as error:
        # Bytes of another protocol raise anything, such as MemoryError.
        raise missing(f"no Dask scheduler answers at {place or repr(address)}: {reason_of(error)}", hint) from None


def reason_of(error: Exception) -> str:
    """Return why a connection failed."""
    if isinstance(error, TimeoutError) or "Timed out" in str(error):
        return f"no answer within {CONNECT:g} s"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (
        "the address is not HOST:PORT" if isinstance(error, (ValueError, OverflowError)) else "another program answers"
    )


def require_versions(own: Mapping[str, Any], others: Mapping[str, Any]) -> None:
    """Raise MISSING_PART if packages differ between this process and others.

    Args:
        own: The versions of this process, as `distributed.Client.get_versions` returns them.
        others: Those of the scheduler and of each worker, by address.

    >>> require_versions({"packages": {"secant": "0.2"}}, {"tcp://a:1": {"packages": {"secant": "0.1"}}})
    Traceback (most recent call last):
    secantd.errors.CalculusError: versions differ: secant is 0.2 here and 0.1 at tcp://a:1
    install the same versions on all machines
    """
    here = own["packages"]
    lacks = [
        place for place, each in others.items() if here["secant"] and not (each or {}).get("packages", {}).get("secant")
    ]
    if lacks:
        raise missing(f"Secant is not installed at {listed(lacks)}", 'install it there: pip install "secant[dask]"')
    for name in PACKAGES:
        for place, each in others.items():
            there = each["packages"].get(name)
            if there != here.get(name) and name in here:
                raise missing(
                    f"versions differ: {name} is {here[name]} here and {there} at {place}",
                    "install the same versions on all machines",
                )
