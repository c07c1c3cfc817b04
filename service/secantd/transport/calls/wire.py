"""A call as the protocol on the wire shows it: the seam between gRPC, HTTP and the handlers."""

from collections.abc import Callable
from typing import Any, Protocol

__all__ = ["PROTOBUF", "Codec", "StreamingWire", "Wire"]


class Codec(Protocol):
    """The form of messages on the wire.

    Attributes:
        prefix: Distinguishes its messages in the cache of replies; "" for protobuf's binary form.
        quick_bytes: Size of a message up to which it is converted on the event loop.
    """

    prefix: str
    quick_bytes: int

    def decode(self, kind: type[Any], message: bytes) -> bytes:
        """Return a message of a class in protobuf's binary form; raise CalculusError if it is none."""

    def encode(self, kind: type[Any], message: bytes) -> bytes:
        """Return a message, given in protobuf's binary form, as it is sent."""


class Binary:
    """Protobuf's binary form, which the handlers take and return."""

    prefix = ""
    quick_bytes = 0

    def decode(self, kind: type[Any], message: bytes) -> bytes:
        """Return the message."""
        return message

    def encode(self, kind: type[Any], message: bytes) -> bytes:
        """Return the message."""
        return message


PROTOBUF: Codec = Binary()


class Wire(Protocol):
    """One call. Its task is cancelled when the peer leaves, when the peer's deadline has passed, and at the end of the server.

    Attributes:
        peer: The connection as grpc names it, such as "ipv4:127.0.0.1:50123".
        codec: The form of the call's messages.
    """

    @property
    def peer(self) -> str:
        """The connection, as grpc names it."""

    @property
    def codec(self) -> Codec:
        """The form of the call's messages."""

    async def read(self) -> bytes | None:
        """Return the next message, None after the last one."""

    def when_done(self, callback: Callable[[], None]) -> None:
        """Run a callback when the transport has taken the last reply, or the call has ended otherwise."""


class StreamingWire(Wire, Protocol):
    """A call with any number of replies; that of a unary call is returned."""

    async def write(self, reply: bytes) -> None:
        """Send a reply; return when the transport has taken it."""
