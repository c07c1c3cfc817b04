"""Frames on the socket between pool and worker: kind, length, bytes."""

import asyncio
import socket
import struct

__all__ = ["ANSWER", "FAILURE", "HELLO", "JOB", "TAKEN", "read", "receive", "send", "write"]

HEADER = struct.Struct("<cI")

# Worker to pool, once: its process number, four bytes. FAILURE instead means that it could not be forked.
HELLO = b"h"
# Pool to worker.
JOB = b"j"
# Worker to pool: TAKEN when it has received the whole job, later one of the others.
TAKEN = b"t"
ANSWER, FAILURE = b"a", b"f"


def send(peer: socket.socket, kind: bytes, body: bytes) -> None:
    """Write one frame to a blocking socket.

    Args:
        peer: The socket.
        kind: One byte, such as JOB.
        body: The content, shorter than 4 GiB.
    """
    peer.sendall(HEADER.pack(kind, len(body)) + body)


def receive(peer: socket.socket) -> tuple[bytes, bytes]:
    """Return the next frame of a blocking socket; EOFError at its end."""
    kind, length = HEADER.unpack(exactly(peer, HEADER.size))
    return kind, bytes(exactly(peer, length))


def exactly(peer: socket.socket, length: int) -> bytearray:
    """Return the next `length` bytes."""
    buffer = bytearray(length)
    view, done = memoryview(buffer), 0
    while done < length:
        got = peer.recv_into(view[done:])
        if not got:
            raise EOFError
        done += got
    return buffer


async def write(peer: socket.socket, kind: bytes, body: bytes) -> None:
    """Write one frame to a non-blocking socket.

    Args:
        peer: The socket.
        kind: One byte, such as JOB.
        body: The content, shorter than 4 GiB.
    """
    await asyncio.get_running_loop().sock_sendall(peer, HEADER.pack(kind, len(body)) + body)


async def read(peer: socket.socket) -> tuple[bytes, bytes]:
    """Return the next frame of a non-blocking socket; EOFError at its end."""
    kind, length = HEADER.unpack(await exactly_soon(peer, HEADER.size))
    return kind, bytes(await exactly_soon(peer, length))


async def exactly_soon(peer: socket.socket, length: int) -> bytearray:
    """Return the next `length` bytes."""
    loop = asyncio.get_running_loop()
    buffer = bytearray(length)
    view, done = memoryview(buffer), 0
    while done < length:
        got = await loop.sock_recv_into(peer, view[done:])
        if not got:
            raise EOFError
        done += got
    return buffer
