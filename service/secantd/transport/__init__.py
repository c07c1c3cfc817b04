"""Requests become calls of the engine, and its records become messages; gRPC's side of it, and what other protocols share."""

from secantd.transport.calls.wire import PROTOBUF, Codec
from secantd.transport.handlers import register_service, registration
from secantd.transport.interceptors.telemetry import Telemetry, telemetry
from secantd.transport.interceptors.tokens import TokenInterceptor, Tokens, read_sums
from secantd.transport.interceptors.unregistered import aio_server
from secantd.transport.messages.contract import SERVICE, parse
from secantd.transport.messages.failures import StatusError
from secantd.transport.messages.jsoncodec import JSON
from secantd.transport.messages.status import status_of
from secantd.transport.methods import METHODS, Kind
from secantd.transport.servicer import Servicer

__all__ = [
    "JSON",
    "METHODS",
    "PROTOBUF",
    "SERVICE",
    "Codec",
    "Kind",
    "Servicer",
    "StatusError",
    "Telemetry",
    "TokenInterceptor",
    "Tokens",
    "aio_server",
    "parse",
    "read_sums",
    "register_service",
    "registration",
    "status_of",
    "telemetry",
]
