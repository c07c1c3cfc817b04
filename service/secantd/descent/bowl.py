"""Eigenvalues of a Hessian, and the Hessian that is the same everywhere."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bowl", "bowl", "spectrum"]

Vector = NDArray[np.float64]


class Bowl(NamedTuple):
    """The Hessian of a quadratic: eigenvalues in rising order, eigenvectors as columns, the sizes at both ends."""

    values: Vector
    vectors: Vector
    largest: float
    smallest: float


def bowl(hessian: Vector) -> Bowl | None:
    """Return the eigenvalues of a constant Hessian, None where it is not finite.

    >>> bowl(np.array([[2.0, 0.0], [0.0, -6.0]])).largest
    6.0
    """
    if not np.isfinite(hessian).all():
        return None
    values, vectors = spectrum(hessian)
    sizes = [abs(v) for v in values.tolist()]
    return Bowl(values, vectors, max(sizes), min(sizes))


def spectrum(hessian: Vector) -> tuple[Vector, Vector]:
    """Return the eigenvalues of a symmetric matrix in rising order, and its eigenvectors as columns."""
    if len(hessian) == 1:
        # Of one number LAPACK takes a tenth of a short descent.
        return hessian[0], np.ones((1, 1))
    values, vectors = np.linalg.eigh(hessian)
    return values, vectors
