"""Health and reflection, the services of gRPC's own libraries, under the same limits of open streams."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc

from secantd.errors import CalculusError
from secantd.transport.calls.admission import Admission, Stream
from secantd.transport.calls.grpcwire import GrpcWire
from secantd.transport.interceptors.unregistered import register
from secantd.transport.messages.status import abort, status_of

__all__ = ["Registration"]


class Registration:
    """A stand-in for a server that generated `add_..._to_server` functions accept.

    A call of such a service is an entry of the table of waiting streams from its headers to its end.
    """

    def __init__(self, server: Any, admission: Admission) -> None:
        self._server = server
        self._admission = admission

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        """Register the methods of a service, each under the limits."""
        bounded = {name: limited(handler, self._admission) for name, handler in handlers.items()}
        register(self._server, service, bounded)

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        """Ignore the handlers, which are given a second time in the form for unregistered methods."""


def limited(handler: Any, admission: Admission) -> Any:
    """Return `handler` in a form that grpc calls when the headers arrive, and that the table may end."""
    timed = handler.request_streaming or not handler.response_streaming
    answer = answering(handler)

    async def call(messages: Any, context: Any) -> None:
        stream = Stream(admission, GrpcWire(context))
        try:
            # A Watch of the server's health has no idle limit; it ends only when there are too many streams.
            with stream.waiting(timed=timed):
                await answer(messages, context)
        except CalculusError as error:
            await abort(context, status_of(error))

    return grpc.stream_stream_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)


def answering(handler: Any) -> Callable[[Any, Any], Awaitable[None]]:
    """Return a function that answers a call of any kind through `context.read` and `context.write`."""

    async def unary(messages: Any, context: Any) -> None:
        request = await context.read()
        if request is not grpc.aio.EOF:
            await context.write(await handler.unary_unary(request, context))

    async def response_streaming(messages: Any, context: Any) -> None:
        request = await context.read()
        if request is not grpc.aio.EOF:
            await handler.unary_stream(request, context)

    async def bidirectional(messages: Any, context: Any) -> None:
        async for reply in handler.stream_stream(messages, context):
            await context.write(reply)

    if handler.request_streaming:
        return bidirectional
    return response_streaming if handler.response_streaming else unary
