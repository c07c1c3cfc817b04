"""Values and derivatives of a formula at each row of files."""

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, overload

import numpy as np
from numpy.typing import NDArray

from secant._spreadsheet import derivative_names
from secant.expression import Function
from secant.files.ahead import ahead
from secant.files.engine import BLOCK, VERSION, RowFormula, engine_errors, formula_of, values
from secant.files.failures import Failures
from secant.files.output import checked
from secant.files.paths import Paths
from secant.files.problems import pyarrow
from secant.files.progress import progress as shown_progress
from secant.files.streaming import streamed
from secant.files.table import Block, Place, Table
from secant.files.unfinished import Unfinished, fingerprint

if TYPE_CHECKING:
    from secant.client import Client

__all__ = ["Batches", "FileEvaluation", "evaluate"]

Array = NDArray[np.float64]
Results = Iterator[tuple[Block, list[Array], Sequence[str]]]

# Doubles of the results of one block: 16 MB, of which some exist at once.
ROOM = 2_000_000
# Blocks of the kernel in one of a file, and the fewest rows.
MOST, FEWEST = 16, 256
NOTICES = 10


@dataclass(frozen=True, slots=True)
class FileEvaluation:
    """A file of values and derivatives; it can be used as a path.

    Attributes:
        path: The file.
        columns: The names of its columns: "value", then "d_x" for the derivative with respect to x, "d2_x_y" for x and y.
        rows: The number of its rows, which are those of the points in their order.
        missing: The number of rows with NULL or NaN in a column; their values are NaN.
        failed: The number of other rows without a finite value or derivative.
        first_failed: The first of both: the path of a file, and a row of it, counted from 1.
        notices: Remarks.
    """

    path: Path
    columns: tuple[str, ...]
    rows: int
    missing: int = 0
    failed: int = 0
    first_failed: tuple[tuple[str, int], ...] = ()
    notices: tuple[str, ...] = ()

    def __fspath__(self) -> str:
        return str(self.path)


class Batches(Iterator[Any]):
    """The results as `pyarrow.RecordBatch` after `pyarrow.RecordBatch`; `close`, or the end of a `with` block, ends the work.

    Attributes:
        rows: The number of rows so far.
        with_points: Whether the batches also have the columns that the formula names, and the parameters, before the results.
    """

    def __init__(self, work: "_Work") -> None:
        self.with_points = False
        self._work = work
        self._results = work.computed()
        self.rows = 0

    def __next__(self) -> Any:
        found = next(self._results)
        self.rows += found.block.rows
        arrow = pyarrow()
        columns = dict(zip(found.names, found.columns, strict=True))
        if self.with_points:
            rows = found.block.rows
            columns = found.block.columns | {n: np.full(rows, v) for n, v in self._work.at.items()} | columns
        return arrow.RecordBatch.from_arrays([*map(arrow.array, columns.values())], names=[*columns])

    @property
    def notices(self) -> tuple[str, ...]:
        """Remarks on the rows so far."""
        return self._work.remarks(self.rows)

    def close(self) -> None:
        """End the work."""
        self._results.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Computed(NamedTuple):
    """The results of a block: "value" and the derivatives."""

    block: Block
    names: tuple[str, ...]
    columns: list[Array]


@overload
def evaluate(
    f: Function,
    points: Paths,
    *variables: str,
    order: int = 0,
    at: Mapping[str, float] | None = None,
    notation: str | None = None,
    output: None = None,
    force: bool = False,
    progress: bool | None = False,
    client: "Client | None" = None,
) -> Batches: ...
@overload
def evaluate(
    f: Function,
    points: Paths,
    *variables: str,
    order: int = 0,
    at: Mapping[str, float] | None = None,
    notation: str | None = None,
    output: str | os.PathLike[str],
    force: bool = False,
    progress: bool | None = False,
    client: "Client | None" = None,
) -> FileEvaluation: ...
def evaluate(
    f: Function,
    points: Paths,
    *variables: str,
    order: int = 0,
    at: Mapping[str, float] | None = None,
    notation: str | None = None,
    output: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: bool | None = False,
    client: "Client | None" = None,
) -> Batches | FileEvaluation:
    """Return the values of a formula and its derivatives at each row of files, of any size.

    With `output` they are written to a file, which appears when it is complete. An interrupted run keeps what is finished in the folder
    OUTPUT.unfinished; the same call continues it. Without `output` they are an iterator of `pyarrow.RecordBatch`.

    Args:
        f: The formula of a row. Names of columns are their values; all other names are parameters.
        points: A file (CSV, Arrow IPC or Parquet), a folder, a pattern such as "data/*.parquet", or a list of these.
        variables: The order of the derivatives. Default: all names in the formula.
        order: Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian.
        at: The values of the parameters.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        output: The file of results, in the format that its name ends in: .parquet, .arrow or .csv.
        force: Whether to replace an output that exists, and to drop what another run has left.
        progress: Whether to show the progress on standard error; None: if that is a terminal.
        client: A client of a server that computes the values; None: this process does.

    Raises:
        InvalidArgument: The formula is not valid, a parameter has no value, a file cannot be read, a column is missing in a file, or has
            text or dates, the output exists.
        Unimplemented: MISSING_PART: pyarrow is not installed.
        OSError: The output cannot be written; what is finished is kept.

    >>> import pathlib, tempfile
    >>> import secant
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "points.csv").write_text("x,y\\n1,2\\n3,4\\n")
    >>> done = secant.evaluate("a*x^2 + y", folder / "points.csv", "x", order=1, at={"a": 2}, output=folder / "out.csv")
    >>> print(done.path.read_text().strip(), done.rows)
    value,d_x
    4,4
    22,12 2
    """
    pyarrow()
    table = Table(points)
    formula, at_point = formula_of(f, table.columns, variables, order, notation, at)
    table.check(formula.needed)
    work = _Work(table, formula, at_point, client)
    if output is None:
        return Batches(work)
    path = checked(output, [source.path for source in table.sources], force)
    return _written(work, path, force, progress)


class _Work:
    """What is computed from which files.

    Attributes:
        names: The names of the columns of results.
        size: The rows of a block.
        failures: The rows without a value so far.
        notices: Remarks so far.
    """

    def __init__(self, table: Table, formula: RowFormula, at: dict[str, float], client: "Client | None") -> None:
        self.table, self.formula, self.at, self._client = table, formula, at, client
        with engine_errors():
            variables = formula.compiled().derived(summed=False).variables
        self.names = ("value", *derivative_names(variables, formula.order))
        outputs = len(self.names)
        blocks = ROOM // (outputs * BLOCK)
        self.size = min(blocks, MOST) * BLOCK if blocks else max(FEWEST, ROOM // outputs)
        self.failures = Failures()
        self.notices: dict[str, None] = dict.fromkeys(formula.notices)

    @property
    def mark(self) -> str:
        """The fingerprint of the work."""
        f = self.formula
        return fingerprint(
            self.table,
            VERSION,
            f.text,
            str(f.notation),
            f.variables,
            f.order,
            self.names,
            sorted(self.at.items()),
            self.size,
            self._client is None,
        )

    def computed(self, start: Place = (0, 0)) -> Generator[Computed, None, None]:
        """Yield the results of all blocks from a place on, in order; reading and computing run in threads."""
        with (
            closing(ahead(self.table.blocks(self.formula.needed, self.size, start))) as blocks,
            closing(ahead(self._results(blocks))) as found,
        ):
            for block, columns, notices in found:
                finite = np.logical_and.reduce([np.isfinite(column) for column in columns])
                self.failures.add(self.table, block, np.flatnonzero(~finite))
                for notice in notices:
                    if len(self.notices) < NOTICES:
                        self.notices[notice] = None
                yield Computed(block, self.names, columns)

    def _results(self, blocks: Iterator[Block]) -> Results:
        return self._here(blocks) if self._client is None else streamed(self._client, self.formula, self.at, blocks)

    def _here(self, blocks: Iterator[Block]) -> Results:
        for block in blocks:
            with engine_errors():
                found = values(self.formula, block.columns, self.at)
            yield block, [found.values, *found.derivatives], found.notices

    def remarks(self, rows: int) -> tuple[str, ...]:
        """Return the notices on so many rows."""
        none = [] if rows else ["the files have no rows"]
        return (*self.notices, *self.table.notices, *self.failures.notices(rows, "their values are NaN"), *none)


def _written(work: _Work, path: Path, force: bool, progress: bool | None) -> FileEvaluation:
    names = work.names
    run = Unfinished(path, work.mark, force)
    rows = 0
    if run.counts:
        rows, work.failures = run.counts["rows"], Failures.of(run.counts)
        work.notices = dict.fromkeys(run.counts["notices"])
    if run.resumed:
        work.notices[f"continued after {rows:,} rows of an earlier run"] = None
    try:
        with closing(work.computed(run.place)) as found, shown_progress(progress, "evaluate") as report:
            for done in found:
                file, row = done.block.place
                rows += done.block.rows
                counts = {"rows": rows, "notices": [*work.notices], **work.failures.kept()}
                run.write(done.columns, names, (file, row + done.block.rows), counts)
                report(rows, done.block.fraction)
        run.finish(names)
    except BaseException:
        run.abandon()
        raise
    failures = work.failures
    return FileEvaluation(
        path, names, rows, failures.missing, failures.failed, tuple(failures.first), work.remarks(rows)
    )
