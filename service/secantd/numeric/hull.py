"""The shortest vector in a convex hull, which is 0 where a function is stationary in the sense of Clarke (1983, 2.3.2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["shortest"]


def shortest(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shortest vector in the convex hull of `vectors`, shape (m, n), none of them longer than 1.

    >>> shortest(np.array([[1.0, 1.0], [1.0, -1.0], [0.9, 3.0]])).round(3).tolist()
    [0.974, 0.024]
    """
    chosen = [int(np.argmin(np.sum(vectors * vectors, axis=1)))]
    weights: NDArray[np.floating[Any]] = np.ones(1)
    for _ in range(4 * sum(vectors.shape)):
        x = weights @ vectors[chosen]
        products = vectors @ x
        nearest = int(np.argmin(products))
        if nearest in chosen or float(x @ x) - float(products[nearest]) <= 1e-12:
            break
        chosen.append(nearest)
        weights = np.append(weights, 0.0)
        while True:
            v = vectors[chosen]
            # The weights, of sum 1, of the shortest vector in the affine hull.
            affine = np.linalg.lstsq(v @ v.T + 1.0, np.ones(len(chosen)), rcond=None)[0]
            affine /= affine.sum()
            negative = affine <= 1e-12
            if not negative.any():
                weights = affine
                break
            ratios = weights[negative] / np.maximum(weights[negative] - affine[negative], 1e-300)
            weights = weights + min(1.0, float(ratios.min())) * (affine - weights)
            kept = weights > 1e-12
            if kept.all() or not kept.any():
                weights = np.maximum(weights, 0.0) / np.maximum(weights, 0.0).sum()
                break
            chosen = [c for c, keep in zip(chosen, kept.tolist(), strict=True) if keep]
            weights = weights[kept] / weights[kept].sum()
    result: NDArray[np.float64] = weights @ vectors[chosen]
    return result
