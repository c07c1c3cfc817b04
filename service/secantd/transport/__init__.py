"""The only folder that knows gRPC: requests become calls of the engine, what comes back becomes messages."""

from secantd.transport.methods import IMPLEMENTED, SERVICE
from secantd.transport.servicer import Servicer
from secantd.transport.tokens import TokenInterceptor, Tokens, read_sums

__all__ = ["IMPLEMENTED", "SERVICE", "Servicer", "TokenInterceptor", "Tokens", "read_sums"]
