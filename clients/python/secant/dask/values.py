"""Values of rows, lazily, and sums over rows with their derivatives."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from secantd.engine.connection import require_dask
from secantd.engine.descents import check_missing
from secantd.engine.passes import ClusterPasses, read
from secantd.language.notation import Notation
from secantd.rows import RowFormula, values

from secant._arrays import Array
from secant._failures import engine_errors
from secant._spreadsheet import derivative_names
from secant.dask.cluster import cluster_of
from secant.dask.data import Data, Partitioned, partitioned
from secant.expression import Expression, Function
from secant.files import RowSum
from secant.results.evaluation import Evaluation

__all__ = ["evaluate", "gradient", "row_formula"]


def evaluate(
    f: Function,
    data: Data,
    at: Mapping[str, float] | None = None,
    *,
    variables: Sequence[str] = (),
    order: int = 0,
    notation: str | None = None,
) -> Any:
    """Return the value of each row and its derivatives, lazily: nothing is computed before `compute()` or `to_parquet()`.

    Args:
        f: The formula of a row.
        data: A path of Parquet files, a Dask dataframe, or Dask arrays by name, each of shape (rows,).
        at: The values of the parameters: of the names in f that are no columns.
        variables: The order of the derivatives. Default: all names in f.
        order: Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".

    Returns:
        For a dataframe a Dask dataframe with the columns "value", "d_x" for ∂f/∂x and "d2_x_y" for ∂²f/∂x∂y. Otherwise an Evaluation
        whose `values`, `gradient` and `hessian` are Dask arrays in the partitions of the data.

    Raises:
        InvalidArgument: SYNTAX_ERROR, UNKNOWN_VARIABLE, INVALID_VALUE: a file is damaged, or a column is missing or not of numbers.
        Unimplemented: MISSING_PART: Dask or PyArrow is not installed.

    >>> import dask.array as da
    >>> rows = evaluate("a*x^2", {"x": da.arange(4.0, chunks=2)}, {"a": 3.0}, variables=["x"], order=1)
    >>> rows.values.compute(), rows.gradient.compute()[:, 0]
    (array([ 0.,  3., 12., 27.]), array([ 0.,  6., 12., 18.]))
    """
    with engine_errors():
        require_dask()
        held = partitioned(data)
        formula = row_formula(f, held.columns, notation, tuple(variables), order)
        # Errors of the text come now, not from a worker.
        point = formula.compiled().point(at or {})
        chosen = formula.compiled().derived(summed=False).variables
        if held.frame is not None:
            return frame(held, formula, point, chosen)
        return arrays(held, formula, point, chosen)


def frame(held: Partitioned, formula: RowFormula, at: Mapping[str, float], chosen: tuple[str, ...]) -> Any:
    """Return values and derivatives as a Dask dataframe."""
    import pandas as pd

    names = ["value", *derivative_names(chosen, formula.order)]
    meta = pd.DataFrame({name: pd.Series(dtype=np.float64) for name in names})
    needed = list(formula.needed or held.columns[:1])
    return held.frame[needed].map_partitions(frame_of, formula, dict(at), names, meta=meta)


def frame_of(part: Any, formula: RowFormula, at: Mapping[str, float], names: Sequence[str]) -> Any:
    """Return the values of one partition as a data frame of pandas."""
    import pandas as pd

    from secant.dask.data import doubles

    table = rows_of(formula, at, doubles(part, formula.needed))
    return pd.DataFrame(table, columns=list(names), index=part.index)


def arrays(held: Partitioned, formula: RowFormula, at: Mapping[str, float], chosen: tuple[str, ...]) -> Evaluation:
    """Return values and derivatives as Dask arrays."""
    import dask.array as da
    from dask import delayed

    n = len(chosen)
    width = 1 + len(derivative_names(chosen, formula.order))
    task = delayed(rows_of, pure=True)
    blocks = [
        da.from_delayed(task(formula, dict(at), block), shape=(rows, width), dtype=np.float64)
        for block, rows in zip(held.blocks(formula), held.lengths(), strict=True)
    ]
    table = da.concatenate(blocks) if blocks else da.zeros((0, width))
    gradient = table[:, 1 : 1 + n] if formula.order else None
    hessian = None
    if formula.order > 1:
        chunks = (table.chunks[0], (n,), (n,))
        hessian = table.map_blocks(hessian_of, n, dtype=np.float64, chunks=chunks, new_axis=2)
    return Evaluation(chosen, table[:, 0], gradient, hessian)


def hessian_of(table: Array, n: int) -> Array:
    """Return the Hessians of n variables, shape (rows, n, n), whose upper triangles are the last columns of a table."""
    found = np.empty((len(table), n, n))
    for k, (i, j) in enumerate(zip(*np.triu_indices(n), strict=True)):
        found[:, i, j] = found[:, j, i] = table[:, 1 + n + k]
    return found


def rows_of(formula: RowFormula, at: Mapping[str, float], part: Any) -> Array:
    """Return values and derivatives of one partition, shape (rows, 1 + derivatives), in a worker."""
    found = values(formula, read(part, formula), at)
    return np.stack([found.values, *found.derivatives], axis=1)


def gradient(
    f: Function,
    data: Data,
    at: Mapping[str, float] | None = None,
    *,
    variables: Sequence[str] = (),
    order: int = 2,
    skip_missing: bool = False,
    notation: str | None = None,
    client: Any = None,
    timeout: float | None = None,
) -> RowSum:
    """Return the sum of f over all rows, its gradient and its Hessian, with respect to the parameters.

    Each worker adds the rows of its partitions, which keeps the rounding of each addition. The sums of partitions are added by a
    tree that depends on their number only, so that the number of workers changes no bit.

    Args:
        f: The formula of a row.
        data: A path of Parquet files that all workers can read, a Dask dataframe, or Dask arrays by name.
        at: The values of the parameters.
        variables: The order of the derivatives. Default: the parameters.
        order: Highest order of derivatives: 0, 1 or 2.
        skip_missing: Leave out rows in which a column is missing (NaN); without it such rows are an error.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        client: A distributed.Client, or the address of a scheduler. Default: the current client.
        timeout: Seconds for the whole call. Tasks that have not begun are then cancelled.

    Raises:
        InvalidArgument: As for `evaluate`; INVALID_VALUE: rows have missing values.
        Unimplemented: MISSING_PART: there is no cluster, or it has no workers or other versions.
        ResourceExhausted: TIME_LIMIT; MEMORY_LIMIT: workers died again and again of one partition.

    >>> import dask.array as da
    >>> from distributed import Client
    >>> with Client(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as client:
    ...     gradient("(y - a)^2", {"y": da.arange(4.0, chunks=2)}, {"a": 1.0}, client=client).gradient
    array([-4.])
    """
    with engine_errors():
        require_dask()
        held = partitioned(data)
        formula = row_formula(f, held.columns, notation, tuple(variables), order)
        formula.compiled().point(at or {})
        formula.compiled().derived(summed=True)
        with cluster_of(client) as cluster:
            found = ClusterPasses(cluster, held.source(formula), timeout).total(formula, at or {}, skip=skip_missing)
        check_missing(found, held.where)
    return RowSum(
        found.value,
        found.variables,
        found.gradient if order else None,
        found.hessian if order > 1 else None,
        found.rows,
        found.missing,
        found.failed,
        tuple(held.place(row) for row in found.places),
        (*formula.notices, *found.notices),
    )


def row_formula(
    f: Function, columns: tuple[str, ...], notation: str | None, variables: tuple[str, ...] = (), order: int = 0
) -> RowFormula:
    """Return the formula of a row.

    Raises:
        TypeError: f is no text, or has data or shapes of its own.
        ValueError: There is no such notation.
        CalculusError: As for `secantd.rows.RowFormula`.
    """
    if not isinstance(f, str | Expression):
        raise TypeError(f"a function must be a string or a secant.Expression; got {type(f).__name__}")
    if isinstance(f, Expression):
        if f.data is not None or f.shapes is not None:
            raise TypeError("the formula of a row has no data and no shapes: its columns are those of the table")
        notation = notation or f.notation
    chosen = None
    if notation is not None:
        known = {"r": Notation.R, "python": Notation.PYTHON, "textbook": Notation.TEXTBOOK, "latex": Notation.LATEX}
        if notation.lower() not in known:
            raise ValueError(f"notation must be r, python, textbook or latex; got {notation!r}")
        chosen = known[notation.lower()]
    return RowFormula(str(f), columns, chosen, variables, order)
