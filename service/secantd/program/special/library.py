"""SciPy, loaded when a function first needs it, and what turns a function of arrays into an operation."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason

__all__ = ["Array", "Mask", "Operands", "Pair", "operands", "pair", "sp"]

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
                "this function is computed by SciPy, which is not installed",
                "install secant[special] where the service runs",
                metadata={"part": "special"},
            ) from problem
        setattr(self, name, value)
        return value


sp = Library()


def operands(*arguments: Any) -> Operands:
    """Return arguments as float arrays of one shape."""
    found = tuple(np.asarray(a, dtype=np.float64) for a in arguments)
    return tuple(np.broadcast_arrays(*found)) if any(a.ndim for a in found) else found


def pair(f: Callable[..., Any], scalar: Callable[..., float] | None = None) -> Pair:
    """Return an operation from a function of arrays that makes its own result; `scalar` where there is a faster one."""

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
