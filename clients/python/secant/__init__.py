"""Secant: derivatives, gradients and descents of functions written in R or Python notation.

    import secant

    with secant.local() as s:                       # a server inside this process
        s.differentiate("x * exp(x)", "x")          # (1 + x) * exp(x)

    s = secant.connect("127.0.0.1:50051")           # a server elsewhere
    s.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1}).values

`Client` has a method for each call of the service; `AsyncClient` (`connect_async`, `local_async`) has the
same to be awaited. Every failure is a subclass of `Error`.
"""

from secant.async_client import AsyncClient, connect_async
from secant.channel import TLS
from secant.client import Client, connect
from secant.descent import AsyncDescent, Descent
from secant.embedded import local, local_async
from secant.errors import (
    Busy,
    Cancelled,
    DeadlineExceeded,
    Error,
    Internal,
    InvalidArgument,
    OutOfRange,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from secant.expression import Expression
from secant.results import *  # noqa: F403
from secant.results import __all__ as _results

__all__ = [
    "TLS",
    "AsyncClient",
    "AsyncDescent",
    "Busy",
    "Cancelled",
    "Client",
    "DeadlineExceeded",
    "Descent",
    "Error",
    "Expression",
    "Internal",
    "InvalidArgument",
    "OutOfRange",
    "ResourceExhausted",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "connect",
    "connect_async",
    "local",
    "local_async",
    *_results,
]
