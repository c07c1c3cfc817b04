"""Calls over HTTP as a `Wire`: the messages of a unary call are whole bodies, those of a stream have envelopes."""

import asyncio
import struct
from collections.abc import Callable
from typing import Any

from secantd.answers.requests import over
from secantd.errors import CalculusError, Reason
from secantd.http import status
from secantd.http.compression import GZIP, compressed, expanded
from secantd.http.request import Request
from secantd.settings import Limits
from secantd.transport import Codec, StatusError

__all__ = ["StreamWire", "UnaryWire", "until_gone"]

# Flags of an envelope, and its head: flags and the length of the message.
COMPRESSED, END = 1, 2
HEAD = struct.Struct(">BI")
# A body that exceeds the limit is read on and forgotten up to this multiple of the limit, since most clients read the
# response only when they have sent their request.
PATIENCE = 8


def size_error(limits: Limits) -> StatusError:
    """Return the error of a request that exceeds `message_bytes`."""
    headline = "the request is too large"
    return StatusError(status.too_large(over("message_bytes", headline, limits, "", "send less at a time")))


def malformed(headline: str, hint: str = "") -> CalculusError:
    """Return the error of a request that does not follow the protocol."""
    return CalculusError(Reason.INVALID_VALUE, headline, hint)


async def plain(message: bytes, encoding: str, limits: Limits) -> bytes:
    """Return a message without its compression."""
    if encoding != GZIP:
        return message
    try:
        found = await expanded(message, limits.message_bytes)
    except ValueError as error:
        raise malformed(f"the request is not valid gzip: {error}") from None
    if found is None:
        raise size_error(limits)
    return found


async def until_gone(request: Request, task: "asyncio.Task[Any]") -> None:
    """Cancel a task when the caller leaves; for a request whose body has been read."""
    while await request.receive() is not None:
        pass
    task.cancel()


class Done:
    """Callbacks for the end of a call."""

    __slots__ = ("_callbacks",)

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []

    def when_done(self, callback: Callable[[], None]) -> None:
        """Run a callback when the transport has taken the last reply, or the call has ended otherwise."""
        self._callbacks.append(callback)

    def done(self) -> None:
        """Run the callbacks."""
        for callback in self._callbacks:
            callback()
        self._callbacks.clear()


class UnaryWire(Done):
    """A unary call.

    Args:
        request: The request.
        codec: The form of its messages.
        encoding: Its compression: "gzip" or "".
        limits: The limits of the server.
        message: The message of a GET; None for one in the body.
    """

    __slots__ = ("_encoding", "_limits", "_message", "_request", "codec", "peer", "when_read")

    def __init__(
        self, request: Request, codec: Codec, encoding: str, limits: Limits, message: bytes | None = None
    ) -> None:
        super().__init__()
        self._request = request
        self._encoding = encoding
        self._limits = limits
        self._message = message
        # Called when the request has been read.
        self.when_read: Callable[[], None] | None = None
        self.codec = codec
        self.peer = request.peer

    async def read(self) -> bytes | None:
        """Return the request."""
        message = await self._body() if self._message is None else self._message
        if self.when_read is not None:
            self.when_read()
        if not self._encoding:
            if len(message) > self._limits.message_bytes:
                raise size_error(self._limits)
            return message
        return await plain(message, self._encoding, self._limits)

    async def _body(self) -> bytes:
        limit, size = self._limits.message_bytes, 0
        parts: list[bytes] = []
        while True:
            part = await self._request.receive()
            if part is None:
                raise asyncio.CancelledError
            size += len(part)
            if size <= limit:
                parts.append(part)
            else:
                parts.clear()
                if size > PATIENCE * limit:
                    raise size_error(self._limits)
            if self._request.complete:
                if size > limit:
                    raise size_error(self._limits)
                return b"".join(parts)


class StreamWire(Done):
    """A streaming call.

    Args:
        request: The request.
        codec: The form of its messages.
        encoding: The compression of its messages: "gzip" or "".
        limits: The limits of the server.
        squeezed: Whether replies may be compressed.
        single: Whether the request has one message only.
    """

    __slots__ = (
        "_buffer",
        "_changed",
        "_encoding",
        "_limits",
        "_request",
        "_room",
        "_single",
        "_squeezed",
        "codec",
        "peer",
    )

    def __init__(
        self, request: Request, codec: Codec, encoding: str, limits: Limits, *, squeezed: bool, single: bool
    ) -> None:
        super().__init__()
        self._request = request
        self._encoding = encoding
        self._limits = limits
        self._squeezed = squeezed
        self._single = single
        self._buffer = bytearray()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self.codec = codec
        self.peer = request.peer

    async def pump(self, task: "asyncio.Task[Any]") -> None:
        """Receive what the caller sends, until cancelled; cancel the task of the call when the caller leaves."""
        bound = self._limits.message_bytes + HEAD.size
        while True:
            part = await self._request.receive()
            if part is None:
                task.cancel()
                return
            self._buffer += part
            self._changed.set()
            while len(self._buffer) > bound:
                # A caller that sends faster than its blocks are computed waits.
                self._room.clear()
                await self._room.wait()

    async def _filled(self, size: int) -> bool:
        """Wait until `size` bytes have arrived; return whether they did before the end of the body."""
        while len(self._buffer) < size:
            if self._request.complete:
                return False
            self._changed.clear()
            await self._changed.wait()
        return True

    async def read(self) -> bytes | None:
        """Return the next message, None after the last one."""
        if not await self._filled(HEAD.size):
            if self._buffer:
                raise malformed("the request ends within an envelope")
            return None
        flags, size = HEAD.unpack_from(self._buffer)
        if flags & ~COMPRESSED:
            raise malformed(f"the flags of an envelope are {flags}", "send 0, or 1 for a compressed message")
        if flags and not self._encoding:
            raise malformed("a message is compressed, but no compression is named", "send connect-content-encoding")
        if size > self._limits.message_bytes:
            raise size_error(self._limits)
        if not await self._filled(HEAD.size + size):
            raise malformed("the request ends within a message")
        message = bytes(self._buffer[HEAD.size : HEAD.size + size])
        del self._buffer[: HEAD.size + size]
        self._room.set()
        if self._single and await self._filled(1):
            raise malformed("the request has more than one message", "send one")
        return await plain(message, self._encoding, self._limits) if flags else message

    async def write(self, reply: bytes) -> None:
        """Send a reply."""
        small = await compressed(reply) if self._squeezed else None
        await self._send(0, reply) if small is None else await self._send(COMPRESSED, small)

    async def end(self, trailer: bytes) -> None:
        """Send the last envelope, which holds JSON."""
        await self._send(END, trailer, more=False)

    async def _send(self, flags: int, message: bytes, *, more: bool = True) -> None:
        await self._request.send(HEAD.pack(flags, len(message)) + message, more=more)
