"""The sum of a formula over all rows of files, with its derivatives."""

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secant.expression import Function
from secant.files.ahead import ahead
from secant.files.engine import BLOCK, VERSION, Reduction, RowFormula, Sum, engine_errors, formula_of, sums
from secant.files.failures import Failures
from secant.files.paths import Paths
from secant.files.problems import pyarrow, refused
from secant.files.progress import progress as shown_progress
from secant.files.table import Place, Table
from secant.files.unfinished import Unfinished, fingerprint

__all__ = ["RowSum", "sum_over"]

Array = NDArray[np.float64]

# Rows that are added before the next ones: 8 MB of each column.
ROWS = 16 * BLOCK


@dataclass(frozen=True, slots=True)
class RowSum:
    """A sum over rows, with its derivatives.

    Attributes:
        value: The sum.
        variables: The n variables of the derivatives.
        gradient: Shape (n,); None for order 0.
        hessian: Shape (n, n); None for orders 0 and 1.
        rows: The rows of the files, including those that were left out.
        missing: The number of rows with NULL or NaN in a column.
        failed: The number of other rows without a finite value or derivative.
        first_failed: The first of both: the path of a file, and a row of it, counted from 1.
        notices: Remarks.
    """

    value: float
    variables: tuple[str, ...]
    gradient: Array | None
    hessian: Array | None
    rows: int
    missing: int = 0
    failed: int = 0
    first_failed: tuple[tuple[str, int], ...] = ()
    notices: tuple[str, ...] = ()


def sum_over(
    f: Function,
    points: Paths,
    *variables: str,
    at: Mapping[str, float] | None = None,
    order: int = 0,
    notation: str | None = None,
    skip_missing: bool = False,
    output: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: bool | None = False,
) -> RowSum:
    """Return the sum of a formula over all rows of files, and its derivatives, such as a log-likelihood.

    Additions keep their rounding errors, so that the sum is correct to its last digits, and the same rows have the same bits whatever
    the number of processors.

    Args:
        f: The formula of a row. Names of columns are their values; all other names are parameters.
        points: A file (CSV, Arrow IPC or Parquet), a folder, a pattern such as "data/*.parquet", or a list of these.
        variables: The order of the derivatives. Default: the parameters.
        at: The values of the parameters.
        order: Highest order of derivatives: 0 the sum only, 1 also its gradient, 2 also its Hessian.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        skip_missing: Whether rows with NULL or NaN in a column are left out. Otherwise the sum is NaN if there are any.
        output: A file for the result, which ends in .json; an interrupted run is then continued by the same call.
        force: Whether to replace an output that exists, and to drop what another run has left.
        progress: Whether to show the progress on standard error; None: if that is a terminal.

    Raises:
        InvalidArgument: As for `secant.evaluate`.
        Unimplemented: MISSING_PART: pyarrow is not installed.

    >>> import pathlib, tempfile
    >>> import secant
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "points.csv"
    >>> _ = file.write_text("y\\n1\\n2\\n6\\n")
    >>> found = secant.sum_over("(y - m)^2", file, at={"m": 2}, order=1)
    >>> found.value, found.gradient
    (17.0, array([-6.]))
    """
    pyarrow()
    table = Table(points)
    formula, point = formula_of(f, table.columns, variables, order, notation, at)
    with engine_errors():
        formula.compiled().derived(summed=True)
    table.check(formula.needed)
    run = None if output is None else _run(output, table, formula, point, skip_missing, force)
    reduction, failures, rows = Reduction(), Failures(), 0
    if run is not None and run.counts:
        reduction = restored(run.counts["levels"])
        failures, rows = Failures.of(run.counts), run.counts["rows"]
    start = (0, 0) if run is None else run.place
    resumed = [f"continued after {rows:,} rows of an earlier run"] if run is not None and run.resumed else []
    try:
        with (
            closing(ahead(_parts(table, formula, point, skip_missing, start))) as parts,
            shown_progress(progress, "sum") as report,
        ):
            for begin, part, fraction in parts:
                reduction.add(part)
                rows += part.rows
                failures.missing += part.missing
                failures.failed += part.failed
                failures.place(table, begin, part.places)
                if run is not None:
                    counts = {"levels": kept(reduction), "rows": rows, **failures.kept()}
                    run.reached((begin[0], begin[1] + part.rows), counts)
                report(rows, fraction)
        found = _result(formula, reduction, failures, table, resumed, skip_missing)
        if run is not None:
            whole = run.folder / "whole.json"
            whole.write_text(json.dumps(_plain(found)) + "\n")
            run.publish(whole)
    except BaseException:
        if run is not None:
            run.abandon()
        raise
    return found


def _parts(
    table: Table, formula: RowFormula, at: dict[str, float], skip: bool, start: Place
) -> Iterator[tuple[Place, Sum, float]]:
    with closing(ahead(table.blocks(formula.needed, ROWS, start))) as blocks:
        for block in blocks:
            with engine_errors():
                part = sums(formula, block.columns, at, skip_missing=skip)
            yield block.place, part, block.fraction


def _run(
    output: str | os.PathLike[str], table: Table, formula: RowFormula, at: dict[str, float], skip: bool, force: bool
) -> Unfinished:
    path = Path(output)
    if path.suffix != ".json":
        raise refused(f"{path} has an unknown format", "give an output for the sum whose name ends in .json", "output")
    if not path.parent.is_dir():
        raise refused(f"the folder {path.parent} does not exist", "make it, or give another output", "output")
    if path.exists() and not force:
        raise refused(
            f"{path} exists already", "give another output, or replace it: --force, in Python force=True", "output"
        )
    mark = fingerprint(
        table,
        VERSION,
        "sum",
        formula.text,
        str(formula.notation),
        formula.variables,
        formula.order,
        sorted(at.items()),
        skip,
    )
    return Unfinished(path, mark, force)


def _result(
    formula: RowFormula, reduction: Reduction, failures: Failures, table: Table, notices: list[str], skip: bool
) -> RowSum:
    total = reduction.total
    if total is None:
        with engine_errors():
            total = sums(formula, dict.fromkeys(formula.needed, np.empty(0)), dict.fromkeys(formula.parameters, 0.0))
        notices = [*notices, "the files have no rows"]
    effect = (
        "they were left out" if skip else "the sum is NaN; leave them out: --skip-missing, in Python skip_missing=True"
    )
    return RowSum(
        total.value,
        total.variables,
        total.gradient if formula.order else None,
        total.hessian if formula.order > 1 else None,
        total.rows,
        failures.missing,
        failures.failed,
        tuple(failures.first),
        (*formula.notices, *notices, *table.notices, *total.notices, *failures.notices(total.rows, effect)),
    )


def kept(reduction: Reduction) -> list[Any]:
    """Return the sums that a reduction holds, for a record in JSON, to the last bit."""
    return [
        [
            level,
            list(s.variables),
            s.order,
            [float(x).hex() for x in s.pairs.ravel()],
            s.rows,
            s.missing,
            s.failed,
            s.skipped,
            list(s.notices),
        ]
        for level, s in reduction.levels
    ]


def restored(levels: list[Any]) -> Reduction:
    """Return a reduction from its record."""
    found = Reduction()
    for level, variables, order, numbers, rows, missing, failed, skipped, notices in levels:
        pairs = np.array([float.fromhex(x) for x in numbers]).reshape(-1, 2)
        s = Sum(tuple(variables), order, pairs, rows, missing, failed, skipped, (), tuple(notices))
        found.levels.append((level, s))
    return found


def _plain(found: RowSum) -> dict[str, Any]:
    """Return a sum for JSON, in which NaN and infinities are strings, as in protobuf's JSON."""

    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [plain(v) for v in value]
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return value

    fields = {name: getattr(found, name) for name in RowSum.__dataclass_fields__}
    return {name: plain(value.tolist() if isinstance(value, np.ndarray) else value) for name, value in fields.items()}
