"""The entries of vectors and matrices as the variables of a descent, one after the other, a matrix row by row."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Entries", "entry_names"]

Vector = NDArray[np.float64]


def entry_names(name: str, shape: tuple[int, ...], *, zero_based: bool) -> list[str]:
    """Return the names of the entries of a variable; a number has one, its own name.

    >>> entry_names("x", (2,), zero_based=True), entry_names("A", (1, 2), zero_based=False)
    (['x[0]', 'x[1]'], ['A[1,1]', 'A[1,2]'])
    """
    if not shape:
        return [name]
    first = 0 if zero_based else 1
    return [f"{name}[{','.join([str(i + first) for i in index])}]" for index in np.ndindex(shape)]


class Entries:
    """The entries of variables in the order of a point.

    Attributes:
        shapes: The shape of each variable.
        size: The number of entries, n.
        mirror: For each entry the number of the one across the diagonal of a symmetric matrix, else its own number, shape
            (n,); None where no matrix is symmetric.

    Args:
        shapes: The shape of each variable, in order.
        symmetric: The names of symmetric matrices.

    >>> entries = Entries({"s": (), "A": (2, 2)}, {"A"})
    >>> entries.divided(np.arange(5.0))["A"]
    array([[1. , 2.5],
           [2.5, 4. ]])
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], symmetric: set[str]) -> None:
        self.shapes = dict(shapes)
        self._ends: list[int] = []
        self.size = 0
        mirrors: list[NDArray[np.int64]] = []
        for name, shape in shapes.items():
            own = np.arange(self.size, self.size + prod(shape))
            mirrors.append(own.reshape(shape).T.ravel() if name in symmetric else own)
            self.size += prod(shape)
            self._ends.append(self.size)
        self.mirror = np.concatenate(mirrors) if symmetric.intersection(shapes) else None

    def symmetric(self, x: Vector) -> Vector:
        """Return the nearest point whose symmetric matrices are symmetric, shape (n,); it is `x` if they are."""
        if self.mirror is None:
            return x
        nearest: Vector = 0.5 * x + 0.5 * x[self.mirror]
        return nearest

    def divided(self, x: Vector) -> dict[str, Any]:
        """Return the value of each variable at a point, shape (n,)."""
        x = self.symmetric(x)
        found: dict[str, Any] = {}
        begin = 0
        for (name, shape), end in zip(self.shapes.items(), self._ends, strict=True):
            found[name] = x[begin:end].reshape(shape) if shape else float(x[begin])
            begin = end
        return found

    def joined(self, values: Sequence[Any]) -> Vector:
        """Return the entries of values of all variables, shape (n,); a number stands for each entry of an array."""
        parts: list[Vector] = []
        for shape, value in zip(self.shapes.values(), values, strict=True):
            whole: Vector = np.broadcast_to(np.asarray(value, np.float64), shape)
            parts.append(whole.ravel())
        return self.symmetric(np.concatenate(parts))
