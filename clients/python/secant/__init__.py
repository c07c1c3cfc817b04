"""Secant: derivatives, gradients and descents of functions written in R or Python notation.

    import secant

    with secant.local() as s:                       # a server inside this process
        s.differentiate("x * exp(x)", "x")          # (1 + x) * exp(x)

    s = secant.connect("127.0.0.1:50051")           # a server elsewhere
    s.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1}).values

`Client` has a method for each call of the service; `AsyncClient` (`connect_async`, `local_async`) has the
same to be awaited. Every failure is a subclass of `Error`.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secant.public import *  # noqa: F403


def __getattr__(name: str) -> Any:
    """Load the client when its first name is asked for: the server imports only `secant.v1`."""
    if name.startswith("_") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("secant.public"), name)


def __dir__() -> list[str]:
    return sorted(importlib.import_module("secant.public").__all__)
