"""TCP connections, identified by the name that gRPC gives to the peer."""

import ipaddress
import os
import socket
import stat
from urllib.parse import unquote

__all__ = ["close"]

# The directory of this process's open files, on Linux and macOS.
FILES = "/dev/fd"

Address = tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]


def close(peer: str) -> bool:
    """Shut down the TCP connection of `peer` with all its calls; return whether there was one.

    grpc.aio offers no way to reset a stream whose peer does not read, nor to close a connection.
    """
    wanted = address(peer)
    if wanted is None or not os.path.isdir(FILES):
        return False
    for name in os.listdir(FILES):
        try:
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            # A duplicate refers to the same connection even if gRPC closes the original meanwhile.
            with socket.socket(fileno=os.dup(int(name))) as connection:
                if connection.family in (socket.AF_INET, socket.AF_INET6):
                    host, port = connection.getpeername()[:2]
                    if (plain_address(host), port) == wanted:
                        connection.shutdown(socket.SHUT_RDWR)
                        return True
        except OSError:
            # Closed meanwhile, or a socket without a peer.
            continue
    return False


def address(peer: str) -> Address | None:
    """Return host and port of a peer on TCP.

    >>> address("ipv4:127.0.0.1:50123"), address("ipv6:%5B::1%5D:50123"), address("unix:")
    ((IPv4Address('127.0.0.1'), 50123), (IPv6Address('::1'), 50123), None)
    """
    kind, _, rest = peer.partition(":")
    host, _, port = unquote(rest).rpartition(":")
    return (plain_address(host.strip("[]")), int(port)) if kind in ("ipv4", "ipv6") else None


def plain_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return a host's address without its zone; an IPv4 address mapped to IPv6 is returned as IPv4.

    >>> plain_address("::ffff:10.0.0.1"), plain_address("fe80::1%eth0")
    (IPv4Address('10.0.0.1'), IPv6Address('fe80::1'))
    """
    found = ipaddress.ip_address(host.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found
