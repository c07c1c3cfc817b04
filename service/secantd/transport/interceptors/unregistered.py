"""A grpc.aio server that rejects calls of unregistered methods itself, whatever bytes the path holds.

grpc.aio of grpcio 1.85 decodes the path of such a call as UTF-8 in its main loop, which ends there when the path is not
UTF-8: one request would close the port. (1.83 decodes it in the call's own task.) Methods that were registered before the start are matched by grpc's core, as bytes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import grpc
from grpc._cython import cygrpc

__all__ = ["aio_server", "register"]


class RegisteredOnly(cygrpc.AioServer):  # type: ignore[misc]
    """The inner server of grpc.aio, which passes on calls of registered methods only once `closed` is set."""

    closed = False

    def _make_request_call_future(self, method: bytes | None) -> "asyncio.Future[Any]":
        """Return the future of the next call of a registered method, or with None of any other."""
        if method is None and self.closed:
            call = asyncio.get_running_loop().create_task(self._refuse_others())
        else:
            call = super()._make_request_call_future(method)
        # When its main loop ends by itself grpc.aio cancels these and frees the memory that gRPC's core writes to later,
        # at the shutdown. Behind a shield they live until then.
        call.add_done_callback(retrieve)
        return asyncio.shield(call)

    async def _refuse_others(self) -> None:
        """Answer UNIMPLEMENTED to each call of an unregistered method, until the server stops."""
        loop = asyncio.get_running_loop()
        under_way = set()
        while True:
            # At the end of the server it raises what the main loop of grpc.aio expects there.
            call = await self._request_call()
            task = loop.create_task(refuse(cygrpc._ServicerContext(call, None, None, loop)))
            under_way.add(task)
            task.add_done_callback(under_way.discard)


def retrieve(call: "asyncio.Future[Any]") -> None:
    """Have asyncio not report the exception of a call that nobody waits for: its server has stopped."""
    if not call.cancelled():
        call.exception()


async def refuse(context: Any) -> None:
    """End a call as grpc.aio ends one without a handler."""
    # abort() always raises; besides, the caller may have left.
    with suppress(Exception):
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "Method not found!")


def aio_server(options: Sequence[tuple[str, Any]], interceptors: Sequence[Any]) -> Any:
    """Return a grpc.aio server which only answers the methods that are registered with it.

    This relies on private parts of grpcio. Where a version does not have them, calls of unregistered methods are left to it.
    """
    original = cygrpc.AioServer
    if not (hasattr(original, "_make_request_call_future") and hasattr(cygrpc, "_ServicerContext")):
        return grpc.aio.server(options=options, interceptors=interceptors)
    # grpc.aio names the class here and nowhere else. `closed` is unset for a server that another thread makes meanwhile.
    cygrpc.AioServer = RegisteredOnly
    try:
        server = grpc.aio.server(options=options, interceptors=interceptors)
    finally:
        cygrpc.AioServer = original
    inner = getattr(server, "_server", None)
    if isinstance(inner, RegisteredOnly):
        inner.closed = True
    return server


def register(server: Any, service: str, handlers: Mapping[str, Any]) -> None:
    """Have a grpc.aio server answer the methods of a service, given by their names.

    Args:
        server: The server, before it starts.
        service: The full name of the service, such as "secant.v1.CalculusService".
        handlers: grpc's method handlers by the names of the methods.
    """
    server.add_registered_method_handlers(service, dict(handlers))
    # grpcio 1.83 takes no notice of those.
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, dict(handlers)),))
