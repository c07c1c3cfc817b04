"""Secant: derivatives, gradients and descents of functions written in R or Python notation.

    import secant

    secant.differentiate("x * exp(x)", "x")         # (1 + x) * exp(x)
    secant.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1}).gradient

The functions of the module are answered by one server inside this process, which starts with the first call, or by the server of
`use` or of the environment variable SECANT_SERVER.

`Client`, from `connect` (a running server) or `local` (a new one inside this process), has the same functions as methods, one for
each rpc of the service. `AsyncClient` (from `connect_async` or `local_async`) has them as coroutines. A call that fails raises a
subclass of `Error`.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secant import dask as dask
    from secant import many as many
    from secant import sql as sql
    from secant._public import *  # noqa: F403

# Read by gRPC when it is imported; the reason is in secant/_forks.py.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one of this module.

    # Parts of the package with names of their own.
    PARTS = ("dask", "many", "sql")

    def __getattr__(name: str) -> Any:
        """Load the client when one of its names is first used: the server imports only `secant.v1`."""
        if name.startswith("_") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in PARTS:
            return importlib.import_module(f"{__name__}.{name}")
        return getattr(importlib.import_module("secant._public"), name)

    def __dir__() -> list[str]:
        return sorted(importlib.import_module("secant._public").__all__)
