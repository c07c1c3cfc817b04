"""Secant: derivatives, gradients and descents of functions written in R or Python notation.

    import secant

    with secant.local() as s:                       # a server inside this process
        s.differentiate("x * exp(x)", "x")          # (1 + x) * exp(x)

    s = secant.connect("127.0.0.1:50051")           # a running server
    s.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1}).gradient

`Client` has one method for each rpc of the service. `AsyncClient` (from `connect_async` or `local_async`) has the same
methods as coroutines. A call that fails raises a subclass of `Error`.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secant._public import *  # noqa: F403

# Read by gRPC when it is imported; the reason is in secant/_forks.py.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")


# Parts of the package with names of their own.
PARTS = ("dask", "many")


def __getattr__(name: str) -> Any:
    """Load the client when one of its names is first used: the server imports only `secant.v1`."""
    if name.startswith("_") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in PARTS:
        return importlib.import_module(f"{__name__}.{name}")
    return getattr(importlib.import_module("secant._public"), name)


def __dir__() -> list[str]:
    return sorted(importlib.import_module("secant._public").__all__)
