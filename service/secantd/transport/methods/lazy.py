"""Methods imported lazily: their modules (SymPy, matplotlib) take as long to import as the whole server."""

from importlib import import_module
from typing import Any

from secantd.answers.functions import FunctionCache

__all__ = ["Lazy"]


class Lazy:
    """A method that is imported with its first call, or by a process before its first call.

    Such a method is never quick: an import would hold the event loop.

    Args:
        name: The name of the file beside this one, and of the function in it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.module = f"{__package__}.{name}"

    def __call__(self, request: Any, functions: FunctionCache) -> Any:
        """Return the method's answer."""
        return getattr(import_module(self.module), self.name)(request, functions)
