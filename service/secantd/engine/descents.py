"""Descents of sums over rows: the driver steps, and passes over the rows give the value and its derivatives."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from secantd.descent import Bunch, DescentRequest, SummedObjective, descend_objective
from secantd.descent.methods import Paced, name_of
from secantd.engine.passes import Passes
from secantd.errors import CalculusError, Reason
from secantd.rows import RowFormula, Sum
from secantd.settings import Limits

__all__ = ["Batches", "check_missing", "descend_rows", "nth", "rows_of", "start_of"]

Vector = NDArray[np.float64]


def nth(row: int) -> str:
    """Return the place of a row, counted from 0, for people.

    >>> nth(0)
    'row 1'
    """
    return f"row {row + 1:,}"


def check_missing(found: Sum, where: Callable[[int], str] = nth) -> None:
    """Raise INVALID_VALUE if rows have missing values, which make the sum NaN.

    Args:
        found: The sum.
        where: Returns the place of a row, counted from 0.

    Raises:
        CalculusError: INVALID_VALUE.
    """
    if found.missing and not found.skipped:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"{found.missing:,} of {found.rows:,} rows have missing values (NaN), first in {where(found.places[0])}",
            "leave these rows out (skip_missing), or fill the values",
        )


def rows_of(found: Sum) -> int:
    """Return the rows that a sum has added."""
    return found.rows - found.missing if found.skipped else found.rows


class Batches:
    """The partitions of each step of a method with a rate: all once in each round, in an order that a seed gives.

    Args:
        count: The number of partitions.
        size: Partitions of a step.
        seed: The seed.

    >>> batches = Batches(5, 2, 0)
    >>> sorted([*batches.next(), *batches.next(), *batches.next()])
    [0, 1, 2, 3, 4]
    """

    def __init__(self, count: int, size: int, seed: int) -> None:
        self._count = count
        self._size = size
        self._random = np.random.default_rng(seed)
        self._left: list[int] = []

    def next(self) -> list[int]:
        """Return the partitions of the next step."""
        if not self._left:
            self._left = self._random.permutation(self._count).tolist()
        found, self._left = self._left[: self._size], self._left[self._size :]
        return found


def descend_rows(
    formula: RowFormula,
    passes: Passes,
    request: DescentRequest,
    *,
    batches: Batches | None = None,
    skip: bool = False,
    limits: Limits | None = None,
    where: Callable[[int], str] = nth,
) -> Iterator[Bunch]:
    """Yield the steps of a descent of the sum of a formula over all rows.

    Args:
        formula: The formula of a row.
        passes: Adds it over the rows.
        request: The descent; its function is that of the formula. The order of its start is that of all points.
        batches: The partitions of each step, for methods with a rate; None: all.
        skip: Whether rows with missing values are left out.
        limits: The limits that apply.
        where: Returns the place of a row, counted from 0.

    Raises:
        CalculusError: As `descend_objective` and `sums`; INVALID_VALUE: rows have missing values, or the method takes no batches.
    """
    if batches is not None and not isinstance(request.method, Paced):
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the method {name_of(request.method)} takes no mini-batches: it compares values of the whole sum",
            "use a method with a rate, such as adam",
            field="batch",
        )
    # Errors of the start come now, not with the first pass.
    names = tuple(start_of(formula, dict(request.start)))
    orders = {order: replace(formula, order=order, variables=names) for order in (0, 1, 2)}
    everything: list[int] = []

    def added(x: Vector, order: int, chosen: Sequence[int] | None) -> Sum:
        found = passes.total(orders[order], dict(zip(names, x.tolist(), strict=True)), chosen, skip=skip)
        check_missing(found, where if chosen is None else nth)
        return found

    def total(x: Vector, order: int) -> tuple[float, Vector, Vector]:
        found = added(x, order, None)
        everything[:] = [rows_of(found)]
        return parts_of(found, 1.0)

    def batch(x: Vector, order: int) -> tuple[float, Vector, Vector]:
        if not everything:
            # The number of all rows is needed to scale a batch.
            total(x, order)
        assert batches is not None
        found = added(x, order, batches.next())
        return parts_of(found, everything[0] / max(1, rows_of(found)))

    objective = SummedObjective(names, request.maximize, total, batch if batches is not None else None)
    return descend_objective(objective, request, limits=limits)


def start_of(formula: RowFormula, start: Mapping[str, float]) -> dict[str, float]:
    """Return the start by the names of the formula.

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a parameter has no value, or a name is none.
    """
    try:
        return formula.compiled().point(start)
    except CalculusError as error:
        if error.field == "at":
            error.headline, error.hint = (text.replace("`at`", "`start`") for text in (error.headline, error.hint))
            error.field = "start"
        raise


def parts_of(found: Sum, scale: float) -> tuple[float, Vector, Vector]:
    """Return the value, the gradient and the Hessian of a sum, those that it has, times a number."""
    gradient = found.gradient * scale if found.order else np.empty(0)
    hessian = found.hessian * scale if found.order > 1 else np.empty((0, 0))
    return found.value * scale, gradient, hessian
