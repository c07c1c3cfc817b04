"""Calls that are ready to be made. The function of an rpc builds one; both clients can execute it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from secant._arrays import Points
from secant.errors import Error, ResourceExhausted

__all__ = ["Call", "Dialogue", "Gathering"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, one reply.

    Attributes:
        rpc: The name in the contract, "Differentiate".
        request: The request message.
        convert: Converts the reply message to the result.
        instead: Returns the same call in parts, for a server that refuses one message of this size or has no time for all of it.
    """

    rpc: str
    request: Any
    convert: Callable[[Any], T]
    instead: "Callable[[], Gathering[T]] | None" = None

    def read(self, reply: Any) -> T:
        """Return the result, which knows the function that it was computed from."""
        answer = self.convert(reply)
        if (know := getattr(answer, "_know", None)) is not None:
            know(self.request)
        return answer

    def in_parts(self, failed: Error) -> "Gathering[T] | None":
        """Return the same call in parts after an error that parts may not have; None otherwise."""
        if self.instead is None or failed.reason == "BUSY":
            return None
        too_large = failed.metadata.get("name") == "message_bytes"
        return self.instead() if too_large or isinstance(failed, ResourceExhausted) else None


@dataclass(frozen=True, slots=True)
class Gathering(Generic[T]):
    """Many requests and replies over a stream, combined into one result.

    Attributes:
        rpc: The name in the contract.
        requests: The request messages, in order.
        add: Stores one reply message.
        result: Returns the result of all stored replies.
    """

    rpc: str
    requests: Iterable[Any]
    add: Callable[[Any], None]
    result: Callable[[], T]


@dataclass(frozen=True, slots=True)
class Dialogue(Generic[T]):
    """A stream of blocks of points, with one result for each block.

    Attributes:
        rpc: The name in the contract.
        setup: The first request message.
        ask: Returns the request message for a block.
        convert: Converts one reply message to its result.
        end: Called after the last reply; its argument is whether all blocks were sent. Raises MalformedReplyError if a
            block has no reply.
    """

    rpc: str
    setup: Any
    ask: Callable[[Points], Any]
    convert: Callable[[Any], T]
    end: Callable[[bool], None]
