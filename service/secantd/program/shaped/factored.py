"""Square matrices, factored once for all that is computed of them: solutions, inverse, determinant, cofactors.

LAPACK by SciPy where it is installed, else NumPy, which factors again for every solution. A matrix that is singular, or so
near to it that no digit of a solution would be right, has NaN as its solutions.
"""

import importlib
import math
from functools import cache, cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Factored", "lapack"]

Array = NDArray[np.float64]

# The reciprocal of the condition number below which solutions have no right digit; R's solve() has the same bound.
SINGULAR = float(np.finfo(np.float64).eps)
# Below, det(A) times the inverse would lose more digits than the cofactors of the singular value decomposition.
NEARLY_SINGULAR = 1e-6
# From so many rows on a symmetric matrix is factored by Cholesky's method, in half of the time. Smaller ones give the
# digits of R and NumPy.
WORTH_CHOLESKY = 32


@cache
def lapack() -> Any:
    """Return scipy.linalg.lapack, or None where SciPy is not installed."""
    try:
        return importlib.import_module("scipy.linalg.lapack")
    except ImportError:
        return None


class Factors(Protocol):
    """A factored matrix.

    Attributes:
        sign: The sign of the determinant, apart from those of the pivots.
        pivots: Numbers whose product is the absolute value of the determinant, up to signs.
    """

    sign: float
    pivots: Array

    def reciprocal_condition(self, norm: float) -> float:
        """Return an estimate of 1/(|A| |A⁻¹|) for the norm |A|, the largest sum of a column's absolute values."""

    def solve(self, right: Array, transposed: bool) -> Array:
        """Return A⁻¹ b, or the solution for the transpose of A."""


class Pivoted:
    """LU with exchanged rows."""

    def __init__(self, library: Any, matrix: Array) -> None:
        self._library = library
        self._lu, self._rows, _ = library.dgetrf(matrix)
        self.sign = -1.0 if sum([i != row for i, row in enumerate(self._rows.tolist())]) % 2 else 1.0
        self.pivots: Array = self._lu.diagonal()

    def reciprocal_condition(self, norm: float) -> float:
        return float(self._library.dgecon(self._lu, norm)[0]) if self.pivots.all() else 0.0

    def solve(self, right: Array, transposed: bool) -> Array:
        found: Array = self._library.dgetrs(self._lu, self._rows, right, trans=int(transposed))[0]
        return found


class Cholesky:
    """The factor of a symmetric matrix that is positive definite."""

    def __init__(self, library: Any, lower: Array) -> None:
        self._library = library
        self._lower = lower
        self.sign = 1.0
        self.pivots: Array = lower.diagonal() ** 2

    def reciprocal_condition(self, norm: float) -> float:
        return float(self._library.dpocon(self._lower, norm, uplo="L")[0])

    def solve(self, right: Array, transposed: bool) -> Array:
        found: Array = self._library.dpotrs(self._lower, right, lower=1)[0]
        return found

    def inverse(self) -> Array:
        lower: Array = np.tril(self._library.dpotri(self._lower, lower=1)[0])
        return lower + np.tril(lower, -1).T


class Unfactored:
    """A matrix that NumPy factors again for each use."""

    def __init__(self, matrix: Array) -> None:
        self._matrix = matrix
        self.sign, log = np.linalg.slogdet(matrix)
        # No pivots are to be had: the determinant is one of them.
        self.pivots: Array = np.array([np.exp(log)])
        self.log = float(log)

    def reciprocal_condition(self, norm: float) -> float:
        if not self.sign:
            return 0.0
        try:
            inverse: Array = np.linalg.inv(self._matrix).astype(np.float64, copy=False)
        except np.linalg.LinAlgError:
            return 0.0
        return 1.0 / (norm * largest_column(inverse))

    def solve(self, right: Array, transposed: bool) -> Array:
        found = np.linalg.solve(self._matrix.T if transposed else self._matrix, right)
        return found.astype(np.float64, copy=False)


class Factored:
    """A square matrix; its factors are computed when they are first needed.

    >>> f = Factored(np.array([[2.0, 0.5], [0.5, 1.0]]))
    >>> f.solve(np.array([1.0, 0.0])), f.determinant()
    (array([ 0.57142857, -0.28571429]), 1.75)
    """

    def __init__(self, matrix: Array) -> None:
        self.matrix = matrix

    @cached_property
    def _factors(self) -> Factors:
        library = lapack()
        return Unfactored(self.matrix) if library is None else factors(library, self.matrix)

    @cached_property
    def _solver(self) -> "Solver | None":
        """What solves, None for a matrix that is singular or not finite."""
        norm = largest_column(self.matrix)
        if not math.isfinite(norm):
            return None
        if self._factors.reciprocal_condition(norm) >= SINGULAR:
            return Solver(self._factors, None, None)
        return scaled_solver(self.matrix)

    def solve(self, right: Array, transposed: bool = False) -> Array:
        """Return A⁻¹ b for a vector or a matrix b, or the solution for the transpose of A."""
        if not right.size:
            return np.zeros(right.shape)
        return self._solver.solve(right, transposed) if self._solver else np.full(right.shape, np.nan)

    def inverse(self) -> Array:
        """Return A⁻¹."""
        # A third of the work; it is exactly symmetric.
        if self._solver and isinstance(self._factors, Cholesky):
            return self._factors.inverse()
        # The digits of R and NumPy.
        return self.solve(np.eye(len(self.matrix)))

    def determinant(self) -> float:
        """Return det A."""
        if not self.matrix.size:
            return 1.0
        return float(self._factors.sign) * product(self._factors.pivots)

    def log_determinant(self) -> tuple[float, float]:
        """Return the sign of det A, 0 for a singular matrix, and log |det A|."""
        if not self.matrix.size:
            return 1.0, 0.0
        found = self._factors
        if isinstance(found, Unfactored):
            return float(found.sign), found.log
        sign = float(found.sign) * float(np.prod(np.sign(found.pivots)))
        return sign, float(np.log(np.abs(found.pivots)).sum())

    def adjugate(self) -> Array:
        """Return the transposed matrix of cofactors: det(A) A⁻¹, and its limit where A is singular.

        >>> Factored(np.array([[1.0, 2.0], [2.0, 4.0]])).adjugate().round(12)
        array([[ 4., -2.],
               [-2.,  1.]])
        """
        norm = largest_column(self.matrix)
        if not math.isfinite(norm):
            return np.full(self.matrix.shape, np.nan)
        if self._factors.reciprocal_condition(norm) >= NEARLY_SINGULAR:
            return self.determinant() * self.inverse()
        u, s, v = np.linalg.svd(self.matrix)
        others = np.array([product(np.delete(s, i)) for i in range(len(s))])
        sign = np.linalg.slogdet(u)[0] * np.linalg.slogdet(v)[0]
        found: Array = sign * (v.T * others) @ u.T
        return found


class Solver:
    """Factors of R A C, for diagonal matrices R and C of powers of 2 or None for the identity."""

    def __init__(self, found: Factors, rows: Array | None, columns: Array | None) -> None:
        self._factors, self._rows, self._columns = found, rows, columns

    def solve(self, right: Array, transposed: bool) -> Array:
        before, after = (self._columns, self._rows) if transposed else (self._rows, self._columns)
        return scaled(after, self._factors.solve(scaled(before, right), transposed))


def factors(library: Any, matrix: Array) -> Factors:
    """Return the factors of a matrix: by Cholesky's method where it is symmetric and positive definite."""
    if len(matrix) >= WORTH_CHOLESKY and np.array_equal(matrix[0], matrix[:, 0]) and np.array_equal(matrix, matrix.T):
        lower, failed = library.dpotrf(matrix, lower=1)
        if not failed:
            return Cholesky(library, lower)
    return Pivoted(library, matrix)


def scaled_solver(matrix: Array) -> Solver | None:
    """Return the solver of a matrix whose rows and columns have very different sizes; None where it is singular."""
    # Powers of 2, so that scaling rounds nothing.
    rows = power_of_two(np.abs(matrix).max(axis=1))
    columns = power_of_two(np.abs(matrix * rows[:, None]).max(axis=0))
    balanced = matrix * rows[:, None] * columns
    if not np.isfinite(balanced).all():
        return None
    library = lapack()
    found = Unfactored(balanced) if library is None else Pivoted(library, balanced)
    singular = found.reciprocal_condition(largest_column(balanced)) < SINGULAR
    return None if singular else Solver(found, rows, columns)


def power_of_two(sizes: Array) -> Array:
    return np.ldexp(1.0, -np.frexp(sizes)[1])


def scaled(factor: Array | None, right: Array) -> Array:
    if factor is None:
        return right
    return right * (factor if right.ndim == 1 else factor[:, None])


def largest_column(matrix: Array) -> float:
    """Return the largest sum of a column's absolute values."""
    library = lapack()
    if library is None or not matrix.size:
        return float(np.abs(matrix).sum(axis=0).max(initial=0.0))
    # A third of the time.
    return float(library.dlange("1", matrix))


def product(values: Array) -> float:
    """Return the product of values; no partial product overflows or underflows.

    >>> product(np.array([1e200, 1e200, 1e-200, -3e-200]))
    -3.0
    """
    total, power = 1.0, 0
    for value in values.tolist():
        total, exponent = math.frexp(total * value)
        power += exponent
    try:
        return math.ldexp(total, power)
    except OverflowError:
        return math.copysign(math.inf, total)
