"""The methods of the service as gRPC calls them."""

from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from secantd.transport.calls.grpcwire import GrpcWire
from secantd.transport.interceptors.services import Registration
from secantd.transport.interceptors.unregistered import register
from secantd.transport.messages.contract import SERVICE
from secantd.transport.messages.failures import StatusError
from secantd.transport.messages.status import abort
from secantd.transport.methods import METHODS, Kind
from secantd.transport.servicer import Servicer

__all__ = ["register_service", "registration"]


def register_service(servicer: Servicer, server: Any) -> None:
    """Register the methods of the service with a grpc.aio server.

    All are registered as streams: grpc calls the handler of a stream when the headers arrive, and the handler of a unary
    method only when the request is complete. Until then no limit would count the call.
    """
    one, many = grpc.stream_unary_rpc_method_handler, grpc.stream_stream_rpc_method_handler
    handlers = {
        name: (one if method.kind is Kind.UNARY else many)(handler(servicer, name)) for name, method in METHODS.items()
    }
    register(server, SERVICE.full_name, handlers)


def registration(servicer: Servicer, server: Any) -> Registration:
    """Return a stand-in for `server` that registers other services under the limits of the service."""
    return Registration(server, servicer.admission)


def handler(servicer: Servicer, name: str) -> Callable[[Any, Any], Awaitable[bytes | None]]:
    """Return the handler of a method for grpc."""

    async def handle(messages: Any, context: Any) -> bytes | None:
        try:
            if METHODS[name].kind is Kind.UNARY:
                return await servicer.unary(name, GrpcWire(context))
            await servicer.streaming(name, GrpcWire(context))
            return None
        except StatusError as error:
            await abort(context, error.status)

    return handle
