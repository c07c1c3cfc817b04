"""`python -m secantd.health [HOST:PORT]`: exit code 0 if the server there answers that it serves.

For health checks of containers. Without an address it asks the one that secantd's own variables name; where
that is encrypted, the certificate in SECANT_TLS_CERTIFICATE is trusted, as it is the server's own, and shown where
callers have to show one: SECANT_CLIENT_CA has to know who signed it.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from secantd.settings import Settings

__all__ = ["main"]

SECONDS = 2.0
EVERYWHERE = ("0.0.0.0", "[::]")


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Return 0 for SERVING, else 1."""
    address = arguments[0] if arguments else environment.get("SECANT_LISTEN", Settings().listen)
    host, _, port = address.rpartition(":")
    address = f"{'localhost' if host in EVERYWHERE else host}:{port}"
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
            reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        except grpc.RpcError as error:
            print(f"{address}: {error.code().name}", file=sys.stderr)
            return 1
    return 0 if reply.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
