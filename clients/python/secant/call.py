"""A call that is ready to be made: what an rpc function describes once, both clients then carry out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from secant.arrays import Points

__all__ = ["Call", "Dialogue", "Gathering"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, one reply.

    Attributes:
        rpc: The name in the contract, "Differentiate".
        request: Its request message.
        convert: Makes the result of the reply message.
    """

    rpc: str
    request: Any
    convert: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class Gathering(Generic[T]):
    """Many requests and replies over a stream, one result.

    Attributes:
        rpc: The name in the contract.
        requests: The request messages, in order.
        add: Keeps one reply message.
        result: Makes the result of all replies kept.
    """

    rpc: str
    requests: Iterable[Any]
    add: Callable[[Any], None]
    result: Callable[[], T]


@dataclass(frozen=True, slots=True)
class Dialogue(Generic[T]):
    """A stream of blocks of points, each answered by one result.

    Attributes:
        rpc: The name in the contract.
        setup: The first request message.
        ask: Makes the request message of one block.
        convert: Makes the result of one reply message.
    """

    rpc: str
    setup: Any
    ask: Callable[[Points], Any]
    convert: Callable[[Any], T]
