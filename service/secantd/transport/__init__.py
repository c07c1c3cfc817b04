"""The only folder that knows gRPC: requests become calls of the engine, what comes back becomes messages."""

from secantd.transport.methods import IMPLEMENTED, SERVICE
from secantd.transport.servicer import Servicer

__all__ = ["IMPLEMENTED", "SERVICE", "Servicer"]
