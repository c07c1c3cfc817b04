"""Admission control: a limited number of active calls, and a bounded table of streams that wait for their peer.

A call holds a place only while it is being computed. While a stream waits for the peer to send or read a message, it holds no
place; it is an entry of a table that is bounded in number, bytes and time. When the table is full, the connection with
the most entries loses its oldest one, so a caller that opens many streams loses its own.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from secantd.errors import CalculusError, Reason
from secantd.settings import Limits
from secantd.transport.calls.connections import close
from secantd.transport.calls.wire import StreamingWire, Wire
from secantd.transport.messages.failures import busy

__all__ = ["Admission", "Call", "Stream"]

log = logging.getLogger("secantd")

# Searches of the table for idle streams per `idle_seconds`: a stream ends at most 1/8 of the limit late.
SEARCHES = 8


class Call:
    """One open call.

    Args:
        admission: The table in which it is entered while it waits.
        wire: Receives the messages of the call.
    """

    __slots__ = ("_admission", "_wire", "codec", "peer", "refusal", "since", "size", "task", "timed")

    def __init__(self, admission: "Admission", wire: Wire) -> None:
        self._admission = admission
        self._wire = wire
        self.peer = wire.peer
        self.codec = wire.codec
        self.task: asyncio.Task[Any] | None = asyncio.current_task()
        # While it waits: since when (time of the event loop), bytes that the peer has to read, whether `idle_seconds` applies.
        self.since = 0.0
        self.size = 0
        self.timed = True
        self.refusal: CalculusError | None = None

    @contextmanager
    def waiting(self, size: int = 0, *, timed: bool = True) -> Iterator[None]:
        """Enter the table for the time of the block; raise CalculusError if the stream is ended meanwhile.

        Args:
            size: Bytes that the peer has to read; 0 where it has to send.
            timed: Whether `idle_seconds` ends it.
        """
        self._admission.add(self, size, timed)
        try:
            yield
        except asyncio.CancelledError:
            self._refuse()
            raise
        finally:
            self._admission.discard(self)

    def _refuse(self) -> None:
        """Raise the refusal if the table cancelled the task, rather than the peer or the end of the server."""
        if self.refusal is not None and (self.task is None or self.task.uncancel() == 0):
            raise self.refusal from None

    async def read(self) -> bytes | None:
        """Return the next message, None after the last one."""
        # No `with` statement: this is on the path of every call.
        self._admission.add(self, 0, timed=True)
        try:
            return await self._wire.read()
        except asyncio.CancelledError:
            self._refuse()
            raise
        finally:
            self._admission.discard(self)

    def finish(self, size: int) -> None:
        """Enter the table until the last reply, which is sent when the handler returns, is sent."""
        self._admission.add(self, size, timed=True)
        self._wire.when_done(self._sent)

    def _sent(self) -> None:
        self._admission.discard(self)


class Stream(Call):
    """An open call that writes its replies.

    Args:
        admission: The table in which it is entered while it waits.
        wire: Sends and receives the messages of the call.
    """

    __slots__ = ("_write",)

    def __init__(self, admission: "Admission", wire: StreamingWire) -> None:
        super().__init__(admission, wire)
        self._write = wire.write

    async def write(self, reply: bytes, size: int) -> None:
        """Send a reply of `size` bytes; wait until the transport has taken it."""
        with self.waiting(size):
            await self._write(reply)


class Place:
    """A place, held for the duration of a `with` statement."""

    __slots__ = ("_admission",)

    def __init__(self, admission: "Admission") -> None:
        self._admission = admission

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._admission.release()


class Admission:
    """Places for active calls, and the table of waiting streams.

    Args:
        limits: `concurrent_calls` places; `waiting_streams`, `unread_bytes` and `idle_seconds` of the table.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        # Streams that wait for their next place.
        self._queue: deque[asyncio.Future[None]] = deque()
        # Waiting streams of each connection, the oldest first.
        self._peers: dict[str, dict[Call, None]] = {}
        self._search: asyncio.TimerHandle | None = None
        self.at_work = 0
        self.waiting = 0
        self.unread = 0

    def place(self) -> "Place":
        """Return a place for a new call, to be held in a `with` statement; raise BUSY if none is free.

        A new call never passes a stream that waits for its next place.
        """
        if self.at_work >= self._limits.concurrent_calls:
            raise busy(self.at_work, "concurrent_calls")
        self.at_work += 1
        return Place(self)

    async def next_place(self, seconds: float) -> "Place":
        """Return a place for a stream that gave one back; raise BUSY if none becomes free within `seconds`.

        Streams are served first come, first served.
        """
        if self.at_work < self._limits.concurrent_calls:
            return self.place()
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(seconds):
                await turn
        except TimeoutError:
            self._withdraw(turn)
            raise busy(self.at_work, "concurrent_calls") from None
        except asyncio.CancelledError:
            self._withdraw(turn)
            raise
        return Place(self)

    def _withdraw(self, turn: "asyncio.Future[None]") -> None:
        if turn.done() and not turn.cancelled():
            # It was given a place at the same moment.
            self.release()
        else:
            turn.cancel()

    def release(self) -> None:
        """Give a place back; the stream that has waited longest gets it."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.at_work -= 1

    def add(self, stream: Call, size: int, timed: bool) -> None:
        """Enter a waiting stream; end others if the table is full."""
        limits = self._limits
        while self.waiting >= limits.waiting_streams:
            streams = max(self._peers.values(), key=len)
            limit = f"(limit waiting_streams: {limits.waiting_streams})"
            self._end(next(iter(streams)), Reason.BUSY, f"too many streams are waiting {limit}", "try again later")
        while size and self.unread and self.unread + size > limits.unread_bytes:
            peer = max(self._peers, key=lambda peer: sum(each.size for each in self._peers[peer]))
            stuck = next(each for each in self._peers[peer] if each.size)
            limit = f"(limit unread_bytes: {limits.unread_bytes:,})"
            self._end(stuck, Reason.BUSY, f"too many replies wait to be read {limit}", "read replies as they come")
        loop = asyncio.get_running_loop()
        stream.since, stream.size, stream.timed = loop.time(), size, timed
        self._peers.setdefault(stream.peer, {})[stream] = None
        self.waiting += 1
        self.unread += size
        if self._search is None:
            self._search = loop.call_later(limits.idle_seconds / SEARCHES, self._end_idle, loop)

    def discard(self, stream: Call) -> None:
        """Remove a stream from the table, if it is there."""
        streams = self._peers.get(stream.peer)
        if streams is None or stream not in streams:
            return
        del streams[stream]
        if not streams:
            del self._peers[stream.peer]
        self.waiting -= 1
        self.unread -= stream.size

    def _end_idle(self, loop: asyncio.AbstractEventLoop) -> None:
        self._search = None
        seconds = self._limits.idle_seconds
        late = loop.time() - seconds
        for stream in [each for streams in self._peers.values() for each in streams]:
            if stream.timed and stream.since <= late:
                headline = f"nothing was sent or read for {seconds:g} seconds (limit idle_seconds: {seconds:g})"
                self._end(stream, Reason.TIME_LIMIT, headline, "call again when there is something to send")
        if self.waiting:
            self._search = loop.call_later(seconds / SEARCHES, self._end_idle, loop)

    def _end(self, stream: Call, reason: Reason, headline: str, hint: str) -> None:
        self.discard(stream)
        name = headline.rpartition("(limit ")[2].partition(":")[0]
        stream.refusal = CalculusError(reason, headline, hint, metadata={"name": name})
        if stream.size and close(stream.peer):
            # A status cannot overtake a reply that is not read, and grpc has no other way to reset a stream.
            log.warning("a connection was closed: %s", headline)
        elif stream.task is not None:
            stream.task.cancel()
