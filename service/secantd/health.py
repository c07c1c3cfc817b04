"""`python -m secantd.health [--wait SECONDS] [HOST:PORT]`: exits with 0 if the server reports SERVING.

For health checks of containers, and for scripts that start a server. The default address is that of secantd's own variable, SECANT_LISTEN. With
SECANT_TLS_CERTIFICATE set, that certificate is trusted, since it is the server's own. With SECANT_CLIENT_CA set, it is
also presented as the client's certificate, so one of those CAs must have signed it.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import grpc

from secantd.settings import Settings

__all__ = ["main"]

TIMEOUT = 2.0
SECONDS_BETWEEN_ATTEMPTS = 0.1
# grpc.health.v1: the reply whose only field is `status`, SERVING. Without generated code, a client's installation is enough.
METHOD, SERVING = "/grpc.health.v1.Health/Check", b"\x08\x01"
ALL_INTERFACES = ("0.0.0.0", "[::]")


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Return 0 if the server reports SERVING, otherwise 1.

    Args:
        arguments: The address HOST:PORT; empty: SECANT_LISTEN or the default.
        environment: The environment with the TLS settings of the server.
    """
    parser = argparse.ArgumentParser("python -m secantd.health", description="Exit with 0 if a server reports SERVING.")
    default = environment.get("SECANT_LISTEN", Settings().listen)
    parser.add_argument("address", metavar="HOST:PORT", nargs="?", default=default, help=f"default: {default}")
    parser.add_argument("--wait", metavar="SECONDS", type=float, default=0.0, help="how long to wait until it does")
    given = parser.parse_args(arguments)
    address = given.address
    host, _, port = address.rpartition(":")
    address = f"{'localhost' if host in ALL_INTERFACES else host}:{port}"
    certificate = environment.get("SECANT_TLS_CERTIFICATE")
    if certificate:
        chain = Path(certificate).read_bytes()
        mutual = "SECANT_CLIENT_CA" in environment
        own = (Path(environment["SECANT_TLS_KEY"]).read_bytes(), chain) if mutual else (None, None)
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(chain, *own))
    else:
        channel = grpc.insecure_channel(address)
    with channel:
        check, end = channel.unary_unary(METHOD), time.monotonic() + given.wait
        while True:
            problem = asked(check)
            if not problem:
                return 0
            if time.monotonic() >= end:
                print(f"{address}: {problem}", file=sys.stderr)
                return 1
            time.sleep(SECONDS_BETWEEN_ATTEMPTS)


def asked(check: Any) -> str:
    """Return why a server does not serve, "" if it does."""
    try:
        reply = check(b"", timeout=TIMEOUT)
    except grpc.RpcError as error:
        return str(error.code().name)
    return "" if reply == SERVING else "NOT_SERVING"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
