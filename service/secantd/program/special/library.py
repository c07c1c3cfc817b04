"""SciPy, loaded when a function first needs it, and the conversion of functions of arrays into operations."""

import importlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason
from secantd.program.operations import OPERATIONS

__all__ = ["Array", "Mask", "Operands", "Pair", "formula", "load", "operands", "pair", "ready", "sp"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
# As an operation: floats to a float, and arrays and floats to an array with `out=`.
Pair = tuple[Callable[..., float], Callable[..., Any]]
# Arrays of one shape.
Operands = tuple[Array, ...]


class Library:
    """scipy.special, imported at the first use: it is an extra, and slow to load."""

    def __getattr__(self, name: str) -> Any:
        try:
            value = getattr(importlib.import_module("scipy.special"), name)
        except ImportError as problem:
            raise CalculusError(
                Reason.MISSING_PART,
                "this function needs SciPy, which is not installed",
                "install secant[special] on the machine that runs secantd",
                metadata={"part": "special"},
            ) from problem
        setattr(self, name, value)
        return value


sp = Library()
_loaded = False


def load() -> None:
    """Import SciPy where it is installed, which takes a third of a second; in a thread, so that nothing else waits for it."""
    global _loaded
    with suppress(ImportError):
        importlib.import_module("scipy.special")
    _loaded = True


def ready() -> bool:
    """Whether `load` has returned: then a function that needs SciPy is computed, or refused, without an import."""
    return _loaded


def operands(*arguments: Any) -> Operands:
    """Return arguments as float arrays of one shape."""
    found = tuple(np.asarray(a, dtype=np.float64) for a in arguments)
    return tuple(np.broadcast_arrays(*found)) if any(a.ndim for a in found) else found


def formula(name: str) -> Callable[..., Array]:
    """Return the function over arrays of a row that has a stable form, which is compiled with the first call."""

    def array(*arguments: Any) -> Array:
        result: Array = OPERATIONS[name].array(*arguments)
        return result

    return array


def pair(f: Callable[..., Any], scalar: Callable[..., float] | None = None) -> Pair:
    """Return an operation from a function of arrays that makes its own result; `scalar` where there is a faster one.

    Args:
        f: A function of arrays of one shape.
        scalar: A faster function of floats, if there is one.
    """

    def array(*arguments: Any, out: Array | None = None) -> Array:
        result: Array = np.asarray(f(*arguments), dtype=np.float64)
        if out is None:
            return result
        out[...] = result
        return out

    def one(*arguments: float) -> float:
        with np.errstate(all="ignore"):
            return float(f(*arguments))

    return scalar or one, array
