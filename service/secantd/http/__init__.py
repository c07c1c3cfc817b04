"""HTTP beside gRPC: the same methods by the Connect protocol, their reference, and the pages for a browser."""

from secantd.http.server import HttpServer

__all__ = ["HttpServer"]
