"""Descents of the sum of a formula over all rows of files: each step is a pass over the rows."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from secant.expression import Function
from secant.files.ahead import ahead
from secant.files.engine import Reduction, RowFormula, Sum, engine_errors, formula_of, sums
from secant.files.paths import Paths
from secant.files.problems import pyarrow, refused
from secant.files.summing import ROWS
from secant.files.table import Block, Table

if TYPE_CHECKING:
    from secant._driven import DrivenDescent
    from secant._enums import MethodWord
    from secant.expression import Box

__all__ = ["descend_over"]

# Bytes of columns that are kept in memory between passes, instead of being read again.
KEPT = 256 << 20


class FilePasses:
    """Adds a formula over the rows of files; what fits is kept in memory between passes.

    Args:
        table: The files.

    Attributes:
        count: The number of partitions that can be chosen: one, all rows.
    """

    count = 1

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept: list[Block] | None = None

    def total(
        self, formula: RowFormula, at: Mapping[str, float], chosen: Sequence[int] | None = None, *, skip: bool = False
    ) -> Sum:
        """Return the sum over all rows.

        Args:
            formula: The formula.
            at: The values of the parameters.
            chosen: Not read.
            skip: Whether rows with missing values are left out.
        """
        reduction = Reduction()
        if self._kept is not None:
            for block in self._kept:
                reduction.add(sums(formula, block.columns, at, skip_missing=skip))
        else:
            held: list[Block] | None = []
            size = 0
            with closing(ahead(self._table.blocks(formula.needed, ROWS))) as blocks:
                for block in blocks:
                    reduction.add(sums(formula, block.columns, at, skip_missing=skip))
                    size += sum(column.nbytes for column in block.columns.values())
                    if held is not None and size <= KEPT:
                        held.append(block)
                    else:
                        held = None
            self._kept = held
        if reduction.total is None:
            raise refused("the files have no rows", "give files with rows")
        return reduction.total


def descend_over(
    f: Function,
    points: Paths,
    start: Mapping[str, float],
    *,
    method: "MethodWord | None" = None,
    rate: float | None = None,
    maximize: bool = False,
    max_steps: int = 0,
    tolerance: float | None = None,
    trace_every: int = 0,
    bounds: "Box | None" = None,
    standard_errors: bool = False,
    skip_missing: bool = False,
    notation: str | None = None,
    **settings: Any,
) -> "DrivenDescent":
    """Return a running minimization of the sum of f over all rows of files, with respect to its parameters: an iterator of steps.

    Each step is a pass over the files; columns of up to 256 MB stay in memory. The methods, the reasons for stopping and the advice are
    those of `Client.descend`.

    Args:
        f: The formula of a row. Names of columns are their values; all other names are parameters.
        points: A file (CSV, Arrow IPC or Parquet), a folder, a pattern such as "data/*.parquet", or a list of these.
        start: A value for each parameter.
        method: The descent method. None: "fixed_rate" if a rate or another setting is given, else "bfgs", with bounds "lbfgs".
            "newton" makes the fewest passes over the rows.
        rate: Learning rate, for the methods that have one.
        maximize: Maximize the sum instead of minimizing it.
        max_steps: Maximum number of steps. 0: the limit `steps` of a server.
        tolerance: Stop when |∇f| ≤ tolerance (Euclidean norm). None: 1e-5. 0: stop only after `max_steps`.
        trace_every: Keep only the first step, every k-th step and the last. 0: every step.
        bounds: An interval (lower, upper) for some parameters, with None for an open end; "lbfgs" only.
        standard_errors: Also return standard errors, from the Hessian; f must be a term of a negative log-likelihood.
        skip_missing: Leave out rows with NULL or NaN in a column; without it such rows are an error.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        settings: Settings of the method, as for `Client.descend`.

    Raises:
        InvalidArgument: As for `secant.evaluate`; UNKNOWN_VARIABLE if `start` lacks a parameter.
        Unimplemented: MISSING_PART: pyarrow is not installed.
        ValueError: There is no such method, or an interval is not a pair.
        TypeError: The method has no such setting.

    >>> import pathlib, tempfile
    >>> import secant
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "points.csv"
    >>> _ = file.write_text("x,y\\n0,1\\n1,3\\n2,5\\n")
    >>> fit = secant.descend_over("(y - a - b*x)^2", file, {"a": 0, "b": 0}, method="newton").result()
    >>> fit.reason, round(fit.point["a"], 9), round(fit.point["b"], 9)
    ('CONVERGED', 1.0, 2.0)
    """
    pyarrow()
    from secantd.engine.descents import descend_rows
    from secantd.transport.methods.descend import record

    from secant._driven import DrivenDescent
    from secant.rpcs.descend import descend as request_of

    request = request_of(
        f,
        start,
        method=method,
        rate=rate,
        maximize=maximize,
        max_steps=max_steps,
        tolerance=tolerance,
        trace_every=trace_every,
        bounds=bounds,
        standard_errors=standard_errors,
        notation=notation,
        **settings,
    )
    table = Table(points)
    point = {name: float(value) for name, value in dict(start).items()}
    formula, _ = formula_of(f, table.columns, (), 0, notation, point)
    table.check(formula.needed)
    with engine_errors():
        plan = record(request, formula.compiled().function, point)
        bunches = descend_rows(formula, FilePasses(table), plan, skip=skip_missing)
    return DrivenDescent(request, formula.parameters, bunches)
