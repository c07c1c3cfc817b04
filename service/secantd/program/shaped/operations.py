"""The evaluators of the operations on arrays, one row an operation of `ARRAY_OPERATIONS`."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.interrupt import checkpoint, paced
from secantd.program.shaped.factored import Factored
from secantd.program.shaped.indices import (
    element,
    gather,
    order,
    pick,
    place,
    scatter,
    select,
    unit,
    unselect,
    whole_numbers,
)

__all__ = ["EVALUATORS", "FACTORED", "REDUCED", "Evaluator", "Function", "Result", "logsumexp", "quiet", "softmax"]

Array = NDArray[np.float64]
Value = Any  # a float, an array, or a factored matrix
Sizes = tuple[int, ...]
Function = Callable[..., Value]

# What R's isSymmetric() and rounding allow two entries to differ, relative to the largest one.
SYMMETRIC = 100 * float(np.finfo(np.float64).eps)
# Multiplications in one call of BLAS, which cannot be interrupted: a fifth of a second.
MULTIPLICATIONS = 2_000_000_000


class Result(Enum):
    """Where the value of an operation is.

    VIEW: in the memory of the first argument. NEW: in memory of its own. OUT: where `out` says, which shares no memory with
    the arguments. OVER: where `out` says, which may be an argument.
    """

    VIEW = 1
    NEW = 2
    OUT = 3
    OVER = 4


class Evaluator(NamedTuple):
    """How an operation is computed.

    Attributes:
        make: The function of a node, with its payload, from the values of the arguments. If `sized`, the first argument is
            the shape of the node in numbers.
        result: Where the value is.
        sized: Whether the function needs the shape of the node.
    """

    make: Callable[[Node], Function]
    result: Result = Result.NEW
    sized: bool = False


def plainly(f: Function) -> Callable[[Node], Function]:
    """Return the maker of a function that needs no payload."""
    return lambda node: f


def vector(value: Value) -> Array:
    return np.reshape(np.asarray(value, dtype=np.float64), -1)


# -- along rows ---------------------------------------------------------------------------------------------------------


def row_extreme(node: Node) -> Function:
    largest_wanted = whole_numbers(node) == (1,)
    reduce, empty = (np.maximum.reduce, -np.inf) if largest_wanted else (np.minimum.reduce, np.inf)
    return lambda a: reduce(a, axis=1, initial=empty)


# -- products -----------------------------------------------------------------------------------------------------------


def matmul(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return the product of matrices, or of a matrix and a vector, in pieces between which a job may be stopped."""
    rows = len(a)
    work = a.size * (b.shape[1] if b.ndim == 2 else 1)
    if work <= MULTIPLICATIONS:
        found: Array = np.matmul(a, b, out=out)
        return found
    result = np.empty((rows, *b.shape[1:])) if out is None else out
    step = max(1, rows * MULTIPLICATIONS // work)
    for first in range(0, rows, step):
        checkpoint()
        np.matmul(a[first : first + step], b, out=result[first : first + step])
    return result


def outer(u: Array, v: Array, out: Array | None = None) -> Array:
    return np.multiply(u[:, None], v, out=out)


# -- reductions ---------------------------------------------------------------------------------------------------------


def mean(a: Value) -> float:
    size = np.size(a)
    return float(np.add.reduce(a, axis=None)) / size if size else np.nan


def largest(a: Value) -> float:
    return float(np.maximum.reduce(a, axis=None, initial=-np.inf))


def smallest(a: Value) -> float:
    return float(np.minimum.reduce(a, axis=None, initial=np.inf))


def logsumexp(a: Value) -> float:
    """Return log Σ exp(a), exact where exp(a) overflows."""
    most = largest(a)
    if not np.isfinite(most):
        return most
    return most + float(np.log(np.add.reduce(np.exp(np.subtract(a, most)), axis=None)))


def softmax(a: Value, out: Array | None = None) -> Array:
    shifted = np.subtract(a, largest(a), out=out)
    weights = np.exp(shifted, out=shifted)
    weights /= np.add.reduce(weights, axis=None)
    return weights


# -- along axis 0 -------------------------------------------------------------------------------------------------------


def reverse(a: Array) -> Array:
    return a[::-1]


def diff(a: Array, out: Array | None = None) -> Array:
    return np.subtract(a[1:], a[:-1], out=out)


def sliced(node: Node) -> Function:
    head, tail = whole_numbers(node)
    return lambda a: a[head : len(a) - tail]


def padded(node: Node) -> Function:
    head, tail = whole_numbers(node)

    def pad(a: Array) -> Array:
        found = np.zeros((head + len(a) + tail, *a.shape[1:]))
        found[head : head + len(a)] = a
        return found

    return pad


def recurrence(b: Array, a: Value) -> Array:
    """Return y with y[0] = b[0], y[i] = b[i] + a[i] y[i - 1]."""
    if b.ndim == 1:
        factors = np.broadcast_to(a, b.shape).tolist()
        found, y = list[float](), 0.0
        for i, (step, factor) in enumerate(paced(zip(b.tolist(), factors, strict=True))):
            y = step + factor * y if i else step
            found.append(y)
        return np.array(found)
    result = b.astype(np.float64)
    for i in paced(range(1, len(b))):
        result[i] += a[i] * result[i - 1]
    return result


def record(a: Array) -> Array:
    """Return the positions of the largest entry so far, from 1; from the first NaN on, its own."""
    places = np.arange(1.0, len(a) + 1.0)
    if not len(a):
        return places
    with np.errstate(invalid="ignore"):
        # A NaN is where the running maximum is NaN and was not.
        largest_so_far = np.maximum.accumulate(a)
        new = (a[1:] > largest_so_far[:-1]) | (np.isnan(a[1:]) & ~np.isnan(largest_so_far[:-1]))
    places[1:][~new] = 0.0
    return np.maximum.accumulate(places)


# -- new shapes ---------------------------------------------------------------------------------------------------------


def concatenate(*parts: Value) -> Array:
    return np.concatenate([vector(p) for p in parts])


def bind_columns(*parts: Value) -> Array:
    count = next(len(p) for p in parts if np.ndim(p))
    return np.column_stack([p if np.ndim(p) else np.full(count, p) for p in parts])


def reading_order(node: Node) -> str:
    return "F" if whole_numbers(node) in ((), (0,)) else "C"


def reshape(node: Node) -> Function:
    by = reading_order(node)

    def shaped(sizes: Sizes, a: Array) -> Array:
        if a.size != int(np.prod(sizes)):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{a.size} values do not fill a {' x '.join(map(str, sizes))} array",
                "give as many values as it has entries",
            )
        return np.reshape(a, sizes, order=by)  # type: ignore[call-overload, no-any-return]

    return shaped


def flatten(node: Node) -> Function:
    by = reading_order(node)
    return lambda a: np.reshape(a, -1, order=by)  # type: ignore[call-overload]


def diagonal_matrix(v: Array) -> Array:
    found = np.zeros((len(v), len(v)))
    np.fill_diagonal(found, v)
    return found


def cholesky(a: Array) -> Array:
    """Return the lower triangular L with L L' = A; NaN where A is not positive definite.

    Raises:
        CalculusError: INVALID_VALUE: A is not symmetric.
    """
    scale = float(np.abs(a).max(initial=0.0))
    if np.isfinite(scale):
        wrong = np.argwhere(np.abs(a - a.T) > SYMMETRIC * scale)
        if len(wrong):
            i, j = wrong[0]
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the Cholesky factor needs a symmetric matrix, but the entries [{i + 1}, {j + 1}] and [{j + 1}, {i + 1}] "
                f"are {a[i, j]:g} and {a[j, i]:g}",
                "give a symmetric matrix",
            )
        try:
            found: Array = np.linalg.cholesky(a).astype(np.float64, copy=False)
        except np.linalg.LinAlgError:
            return np.full(a.shape, np.nan)
        return found
    return np.full(a.shape, np.nan)


# -- of factored matrices -----------------------------------------------------------------------------------------------


def log_absolute_determinant(matrix: Factored) -> float:
    return matrix.log_determinant()[1]


def log_determinant(matrix: Factored) -> float:
    """Return log(det A): NaN where det A < 0. It is finite where det A would overflow."""
    sign, log = matrix.log_determinant()
    return log if sign >= 0.0 else np.nan


# Operations whose first argument is a factored matrix, by whether the matrix is the transpose of the factored one.
FACTORED: Mapping[str, Callable[[bool], Function]] = {
    "solve": lambda transposed: lambda matrix, right: matrix.solve(right, transposed),
    "inverse": lambda transposed: (lambda matrix: matrix.inverse().T) if transposed else Factored.inverse,
    "adjugate": lambda transposed: (lambda matrix: matrix.adjugate().T) if transposed else Factored.adjugate,
    "det": lambda transposed: Factored.determinant,
    "logdet": lambda transposed: log_absolute_determinant,
    "log det": lambda transposed: log_determinant,
}

# Reductions of an array of any shape to a number.
REDUCED: Mapping[str, Function] = {
    "sum": lambda a: float(np.add.reduce(a, axis=None)),
    "prod": lambda a: float(np.multiply.reduce(a, axis=None)),
    "max_of": largest,
    "min_of": smallest,
}

EVALUATORS: Mapping[str, Evaluator] = {
    "column": Evaluator(plainly(lambda v: v[:, None]), Result.VIEW),
    "row": Evaluator(plainly(lambda v: v[None, :]), Result.VIEW),
    "matmul": Evaluator(plainly(matmul), Result.OUT),
    "transpose": Evaluator(plainly(lambda a: a.T), Result.VIEW),
    "trace": Evaluator(plainly(lambda a: float(np.trace(a)))),
    "diagonal": Evaluator(plainly(lambda a: np.diagonal(a)), Result.VIEW),
    "diagonal_matrix": Evaluator(plainly(diagonal_matrix)),
    "outer": Evaluator(plainly(outer), Result.OUT),
    "mean": Evaluator(plainly(mean)),
    "row_sums": Evaluator(plainly(lambda a: np.add.reduce(a, axis=1))),
    "column_sums": Evaluator(plainly(lambda a: np.add.reduce(a, axis=0))),
    "cholesky": Evaluator(plainly(cholesky)),
    "row_extreme": Evaluator(row_extreme),
    "cumsum": Evaluator(plainly(lambda a, out=None: np.cumsum(a, axis=0, out=out)), Result.OUT),
    "cumprod": Evaluator(plainly(lambda a, out=None: np.cumprod(a, axis=0, out=out)), Result.OUT),
    "recurrence": Evaluator(plainly(recurrence)),
    "record": Evaluator(plainly(record)),
    "reverse": Evaluator(plainly(reverse), Result.VIEW),
    "diff": Evaluator(plainly(diff), Result.OUT),
    "slice": Evaluator(sliced, Result.VIEW),
    "pad": Evaluator(padded),
    "gather": Evaluator(plainly(gather)),
    "scatter": Evaluator(plainly(scatter), sized=True),
    "select": Evaluator(plainly(select)),
    "unselect": Evaluator(plainly(unselect), sized=True),
    "order": Evaluator(plainly(order)),
    "element": Evaluator(element),
    "unit": Evaluator(unit, sized=True),
    "pick": Evaluator(pick, Result.VIEW),
    "place": Evaluator(place, sized=True),
    "concatenate": Evaluator(plainly(concatenate)),
    "bind_columns": Evaluator(plainly(bind_columns)),
    # NumPy copies or not as the order of the memory wants it: treated as a view.
    "reshape": Evaluator(reshape, Result.VIEW, sized=True),
    "flatten": Evaluator(flatten, Result.VIEW),
    "fill": Evaluator(plainly(lambda sizes, value: np.full(sizes, value)), sized=True),
    "identity": Evaluator(plainly(lambda sizes: np.eye(*sizes)), sized=True),
    "softmax": Evaluator(plainly(softmax), Result.OVER),
    "logsumexp": Evaluator(plainly(logsumexp)),
}  # fmt: skip


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does not signal what overflows within it."""

    def computed(*arguments: Any, **into: Any) -> Any:
        with np.errstate(over="ignore"):
            return function(*arguments, **into)

    return computed
