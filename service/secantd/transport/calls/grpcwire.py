"""A call of gRPC as a `Wire`."""

import asyncio
from collections.abc import Callable
from typing import Any

import grpc

from secantd.transport.calls.wire import PROTOBUF, Codec

__all__ = ["GrpcWire"]

# Seconds after the end of its messages in which grpc reports that a call was cancelled.
CANCELLED_SECONDS = 0.002


class GrpcWire:
    """One call of gRPC, which cancels its task when the peer leaves or its deadline has passed.

    Args:
        context: grpc's context of the call.
    """

    __slots__ = ("_context", "peer")

    codec: Codec = PROTOBUF

    def __init__(self, context: Any) -> None:
        self._context = context
        self.peer: str = context.peer()

    async def read(self) -> Any:
        """Return the next message, None after the last one."""
        message = await self._context.read()
        if message is not grpc.aio.EOF:
            return message
        # A cancelled call looks like one that ended, until grpc cancels its task a moment later.
        await asyncio.sleep(CANCELLED_SECONDS)
        return None

    async def write(self, reply: Any) -> None:
        """Send a reply."""
        try:
            await self._context.write(reply)
        except grpc.aio.InternalError:
            # The peer is gone: grpc is about to cancel this task.
            raise asyncio.CancelledError from None

    def when_done(self, callback: Callable[[], None]) -> None:
        """Run a callback when grpc has sent the last reply."""
        self._context.add_done_callback(lambda _: callback())
