"""The only folder that knows gRPC: requests become calls of the engine, and its records become messages."""

from secantd.transport.handlers import register_service, registration
from secantd.transport.interceptors.telemetry import Telemetry, telemetry
from secantd.transport.interceptors.tokens import TokenInterceptor, Tokens, read_sums
from secantd.transport.interceptors.unregistered import aio_server
from secantd.transport.messages.contract import SERVICE
from secantd.transport.servicer import Servicer

__all__ = [
    "SERVICE",
    "Servicer",
    "Telemetry",
    "TokenInterceptor",
    "Tokens",
    "aio_server",
    "read_sums",
    "register_service",
    "registration",
    "telemetry",
]
