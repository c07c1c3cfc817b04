"""The eigenvalues of Hessians, and of the constant Hessian of a quadratic."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bowl", "bowl", "spectrum"]

Vector = NDArray[np.float64]


class Bowl(NamedTuple):
    """The Hessian of a quadratic.

    Attributes:
        values: Eigenvalues in ascending order, shape (n,).
        vectors: Eigenvectors as columns, shape (n, n).
        largest: The largest absolute eigenvalue.
        smallest: The smallest absolute eigenvalue.
    """

    values: Vector
    vectors: Vector
    largest: float
    smallest: float


def bowl(hessian: Vector) -> Bowl | None:
    """Return the eigenvalues of a constant Hessian, shape (n, n), None where it is not finite.

    >>> bowl(np.array([[2.0, 0.0], [0.0, -6.0]])).largest
    6.0
    """
    if not np.isfinite(hessian).all():
        return None
    values, vectors = spectrum(hessian)
    sizes = [abs(v) for v in values.tolist()]
    if not np.isfinite(sizes).all():
        return None
    return Bowl(values, vectors, max(sizes), min(sizes))


def spectrum(hessian: Vector) -> tuple[Vector, Vector]:
    """Return the eigenvalues of a symmetric matrix in ascending order, and its eigenvectors as columns.

    Args:
        hessian: A symmetric matrix, shape (n, n).
    """
    if len(hessian) == 1:
        # LAPACK would take a tenth of the time of a short descent.
        return hessian[0], np.ones((1, 1))
    values, vectors = np.linalg.eigh(hessian)
    return values, vectors
