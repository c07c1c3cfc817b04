"""`python -m secantd.health [HOST:PORT]`: exits with 0 if the server reports SERVING.

For health checks of containers. The default address is that of secantd's own variable, SECANT_LISTEN. With
SECANT_TLS_CERTIFICATE set, that certificate is trusted, since it is the server's own. With SECANT_CLIENT_CA set, it is
also presented as the client's certificate, so one of those CAs must have signed it.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from secantd.settings import Settings

__all__ = ["main"]

TIMEOUT = 2.0
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
    address = parser.parse_args(arguments).address
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
        try:
            reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=TIMEOUT)
        except grpc.RpcError as error:
            print(f"{address}: {error.code().name}", file=sys.stderr)
            return 1
    return 0 if reply.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
