"""SciPy's and numdifftools' gradients of x1² + x2² + ... by differences."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def differences(size: int) -> Callable[[], object]:
    """Return the job by scipy.optimize.approx_derivative, central."""
    from scipy.optimize._numdiff import approx_derivative

    at = np.linspace(0.5, 2.0, size)
    return lambda: approx_derivative(lambda x: np.sum(x**2), at, method="3-point")


def numdifftools(size: int) -> Callable[[], object]:
    """Return the job by numdifftools.Gradient, which extrapolates."""
    import numdifftools

    at = np.linspace(0.5, 2.0, size)
    gradient = numdifftools.Gradient(lambda x: np.sum(x**2))
    return lambda: gradient(at)


def loop(size: int, terms: bool = False) -> Callable[[], object]:
    """Return the job of the loop in the source material, with its step of 1e-4.

    Args:
        size: The number of variables.
        terms: Whether f is written out, x[0]**2 + x[1]**2 + ..., as in the source material, or computed by NumPy's sum.
    """
    at, h = np.linspace(0.5, 2.0, size), 1e-4
    written = eval("lambda x: " + " + ".join(f"x[{i}]**2" for i in range(size)))
    f: Callable[[NDArray[np.float64]], float] = written if terms else lambda x: float(np.sum(x**2))

    def job() -> object:
        x, slopes = at.copy(), np.zeros(size)
        for i in range(size):
            kept = x[i]
            x[i] = kept + h
            above = f(x)
            x[i] = kept - h
            slopes[i] = (above - f(x)) / (2 * h)
            x[i] = kept
        return slopes

    return job
