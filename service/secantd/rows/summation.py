"""Sums of values and derivatives over the rows of a partition."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.calculus import evaluate
from secantd.interrupt import checkpoint
from secantd.program import Added
from secantd.rows.compensated import BLOCK, block_sum, multiple
from secantd.rows.formula import Compiled, Derived, RowFormula
from secantd.rows.sum import PLACES, Reduction, Sum
from secantd.rows.values import given_columns

__all__ = ["sums"]

Array = NDArray[np.float64]

# Sums that may be computed with more digits in one block: some hundredths of a second, see `recomputed`.
DIGITS = 1_000
# Rows of a block at which limits are looked for, each a matter of milliseconds.
LIMITS = 20
ROUNDED: Final = (
    "in some rows numbers are so large or small that digits may be lost; they were added in double precision"
)


def sums(
    formula: RowFormula,
    block: Mapping[str, ArrayLike],
    at: Mapping[str, float] | None = None,
    *,
    skip_missing: bool = False,
) -> Sum:
    """Return the sum of the formula over the rows of a partition, with its derivatives.

    The rows are added in blocks of 65,536, counted from the first one, with the rounding of each addition kept. The same rows have
    the same bits, whatever else runs. At ties of max, min or abs a row has the derivative that Gradient has.

    Args:
        formula: The formula. Its default variables are the parameters.
        block: At least the columns that the formula names, each of shape (rows,).
        at: The values of the parameters.
        skip_missing: Whether rows in which a column is NaN are left out. Otherwise the sum is NaN if there are any.

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a parameter has no value, or a column is missing; INVALID_VALUE: columns differ in length, or
            there is nothing to differentiate with respect to.

    >>> f = RowFormula("(y - a)^2", ("y",), order=2)
    >>> total = sums(f, {"y": [1.0, 2.0, 6.0]}, {"a": 2.0})
    >>> total.value, total.gradient, total.hessian
    (17.0, array([-6.]), array([[6.]]))
    """
    compiled = formula.compiled()
    point = compiled.point(at or {})
    derived = compiled.derived(summed=True)
    columns, rows = given_columns(compiled, block)
    n = len(derived.variables)
    count = 1 + (n if formula.order else 0) + (n * (n + 1) // 2 if formula.order > 1 else 0)
    reduction = Reduction()
    inputs = [columns[v] if v in columns else np.full(1, point[v]) for v in derived.numbers.inputs]
    # A column may be missing where neither the value nor a derivative needs it.
    all_read = all(v in derived.numbers.inputs for v in columns)
    added = derived.adder(inputs, rows, BLOCK) if all_read and columns else None
    for k, begin in enumerate(range(0, rows, BLOCK)):
        checkpoint()
        if added is not None and not added.doubtful[k]:
            reduction.add(_of_machine(added, k, derived, formula.order, min(rows - begin, BLOCK), skip_missing))
            continue
        part = {name: column[begin : begin + BLOCK] for name, column in columns.items()}
        size = min(rows - begin, BLOCK)
        reduction.add(_block(compiled, derived, formula.order, part, point, size, skip_missing))
    return reduction.total or Sum(derived.variables, formula.order, np.zeros((count, 2)), 0, skipped=skip_missing)


def _of_machine(added: Added, k: int, derived: Derived, order: int, rows: int, skip: bool) -> Sum:
    """Return the sum over block `k`, all of whose values are finite."""
    pairs = added.pairs[k]
    for i, value in enumerate(added.same):
        if value is not None:
            pairs[i] = multiple(value, rows)
    return Sum(derived.variables, order, pairs, rows, skipped=skip)


def _block(
    compiled: Compiled,
    derived: Derived,
    order: int,
    columns: dict[str, Array],
    point: Mapping[str, float],
    rows: int,
    skip: bool,
) -> Sum:
    """Return the sum over one block."""
    numbers = derived.numbers
    inputs = [columns[v] if v in columns else np.full(1, point[v]) for v in numbers.inputs]
    left: list[int] = []
    with np.errstate(all="ignore"):
        if inputs:
            found, finite = numbers.program.batch_and_finite(inputs, left, DIGITS)
        else:
            found, finite = [np.full(1, v) for v in numbers.program.point([])], False
    notices = [ROUNDED] if left else []
    missing = failed = 0
    places: tuple[int, ...] = ()
    checked = all(v in numbers.inputs for v in columns)
    if not (finite and checked):
        good = np.logical_and.reduce([np.isfinite(f) for f in found])
        absent = np.zeros(rows, bool)
        for column in columns.values():
            absent |= np.isnan(column)
        bad = absent | ~good
        if bad.any():
            found = [f.copy() if len(f) == rows else np.repeat(f, rows) for f in found]
            _settle(compiled, derived, order, columns, point, found, np.flatnonzero(bad & ~absent), notices)
            bad = absent | ~np.logical_and.reduce([np.isfinite(f) for f in found])
            missing, failed = int(absent.sum()), int((bad & ~absent).sum())
            places = tuple(np.flatnonzero(bad)[:PLACES].tolist())
            if skip:
                found = [f[~absent] for f in found]
            else:
                for f in found:
                    f[absent] = np.nan
    added = rows - missing if skip else rows
    pairs = [block_sum(f) if len(f) == added else multiple(float(f[0]), added) for f in found]
    return Sum(derived.variables, order, np.array(pairs), rows, missing, failed, skip, places, tuple(notices))


def _settle(
    compiled: Compiled,
    derived: Derived,
    order: int,
    columns: Mapping[str, Array],
    point: Mapping[str, float],
    found: Sequence[Array],
    places: NDArray[np.intp],
    notices: list[str],
) -> None:
    """Replace NaN in the first rows without a value by limits, where Evaluate has some."""
    doubtful = places[np.logical_or.reduce([np.isnan(f[places]) for f in found])] if len(places) else places
    doubtful = doubtful[:LIMITS]
    if not len(doubtful):
        return
    given = {name: column[doubtful] for name, column in columns.items()}
    given |= {name: np.full(1, value) for name, value in point.items()}
    with compiled.lock:
        settled = evaluate(compiled.function, given, order, derived.variables)
    numbers = [settled.values, *[d for _, d in settled.derivatives]] if order else [settled.values]
    for f, values in zip(found, numbers, strict=True):
        f[doubtful] = values
    notices += [n for n in settled.notices if n not in notices]
