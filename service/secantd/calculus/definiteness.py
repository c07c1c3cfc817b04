"""The definiteness of a symmetric matrix."""

import numpy as np
from numpy.typing import ArrayLike

from secantd.calculus.results import Definiteness

__all__ = ["definiteness"]


def definiteness(entries: ArrayLike) -> tuple[Definiteness, tuple[float, ...]]:
    """Return the definiteness of a symmetric matrix, shape (n, n), and its eigenvalues in ascending order.

    An eigenvalue counts as 0 if it is within 4 n ε of the largest one, the rounding error of a singular matrix. A matrix
    with an entry that is not finite has UNKNOWN definiteness and no eigenvalues.
    """
    matrix = np.asarray(entries, np.float64)
    if not np.isfinite(matrix).all():
        return Definiteness.UNKNOWN, ()
    values = np.linalg.eigvalsh(matrix)
    largest = float(np.abs(values).max(initial=0.0))
    bound = len(values) * np.finfo(float).eps * largest * 4
    positive, negative = bool((values > bound).any()), bool((values < -bound).any())
    zero = bool((np.abs(values) <= bound).any())
    if positive and negative:
        kind = Definiteness.INDEFINITE
    elif positive:
        kind = Definiteness.POSITIVE_SEMI if zero else Definiteness.POSITIVE
    elif negative:
        kind = Definiteness.NEGATIVE_SEMI if zero else Definiteness.NEGATIVE
    else:
        kind = Definiteness.ZERO
    return kind, tuple(float(v) for v in values)
