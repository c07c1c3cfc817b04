"""The verb eval: values of a function and its derivatives at points."""

import os
from typing import TYPE_CHECKING, Any

import click

from secant._spreadsheet import header
from secant.command.app import at, verb
from secant.command.app import data_set as data_set_option
from secant.command.session import Session
from secant.command.show import echo, number, result
from secant.command.values import merged, table

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results import Evaluation

__all__: list[str] = []


@verb("eval", variables=True, shapes=True)
@at
@click.option(
    "--points",
    metavar="FILE",
    help="CSV file with one point a row; the first line names the variables. With -o or --sum also Arrow and Parquet files, a "
    "folder, or a pattern such as 'data/*.parquet', of any size.",
)
@data_set_option
@click.option(
    "--order",
    type=click.IntRange(0, 2),
    default=0,
    help="Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian. Default: 0",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="File for the results: .parquet, .arrow or .csv, with --sum .json. It appears when it is complete; if the run is "
    "interrupted, the same command continues it.",
)
@click.option("--sum", "summed", is_flag=True, help="Print the sum of F over all rows, and its derivatives.")
@click.option("--skip-missing", is_flag=True, help="With --sum: leave out rows with NULL, NA or NaN in a column.")
@click.option("--force", is_flag=True, help="Replace an output that exists, and drop what another run has left.")
def evaluate(
    session: Session,
    f: str,
    variables: tuple[str, ...],
    at: Any,
    points: str | None,
    data_set: str | None,
    order: int,
    output: str | None,
    summed: bool,
    skip_missing: bool,
    force: bool,
    written_in: str | None,
    data: Any,
    shapes: Any,
) -> None:
    """Evaluate F at a point, at the points in a file, or for the rows of a data set of the server.

    Prints CSV; with derivatives, the first line names the columns. With -o, --sum or --data-set, names in F that are no columns are
    parameters, whose values are given by --at.
    """
    if data_set is not None:
        if points is not None or output is not None or summed or force or skip_missing or data or shapes:
            raise click.UsageError("--data-set goes with --at and --order only")
        rows(session, f, data_set, variables, at=merged(at), order=order, notation=written_in)
        return
    if output is not None or summed or of_rows(points):
        if points is None:
            raise click.UsageError("-o and --sum need --points")
        if data or shapes:
            raise click.UsageError(
                "files of points take neither --data nor --shape: F is a formula of the numbers in a row"
            )
        if skip_missing and not summed:
            raise click.UsageError("--skip-missing needs --sum")
        from secant.command.files import over_files

        over_files(
            session, f, variables, points, merged(at) or {}, order, output, summed, skip_missing, force, written_in
        )
        return
    if force or skip_missing:
        raise click.UsageError("--force needs -o, and --skip-missing needs --sum")
    if bool(at) == (points is not None):
        raise click.UsageError("give either --at or --points")
    columns = None if points is None else columns_of(points)
    with session.client() as s:
        found = s.evaluate(
            f, columns or merged(at) or {}, *variables, order=order, notation=written_in, data=data, shapes=shapes
        )
    if not result(session, found):
        names, values = labelled(found)
        if len(names) > 1:
            echo(header(names))
        for row in values.T.tolist():
            echo(",".join(map(number, row)))


def of_rows(points: str | None) -> bool:
    """Return whether points are files that only the way of large ones reads: Arrow and Parquet, folders and patterns."""
    if points is None or points == "-" or os.path.isfile(points):
        return (points or "").lower().endswith((".parquet", ".pq", ".arrow", ".feather", ".ipc", ".csv.gz"))
    return os.path.isdir(points) or any(sign in points for sign in "*?[")


def columns_of(points: str) -> "dict[str, Array]":
    """Return the columns of a small CSV file.

    Raises:
        click.BadParameter: It cannot be read, or is not a table of numbers.
    """
    try:
        return table(points)
    except click.BadParameter as error:
        error.param_hint = "'--points'"
        raise


def rows(session: Session, f: str, data_set: str, variables: tuple[str, ...], **how: Any) -> None:
    """Print the values of the rows of a data set, block by block."""
    with session.client() as s:
        for block in s.evaluate_stream(f, (), *variables, data_set=data_set, **how):
            if result(session, block):
                continue
            names, columns = labelled(block)
            if len(names) > 1 and not block.offset:
                echo(header(names))
            echo("\n".join(",".join(map(number, row)) for row in columns.T.tolist()))


def labelled(found: "Evaluation") -> "tuple[list[str], Array]":
    """Return the names and the columns of a table of values and derivatives, shape (columns, N)."""
    import numpy as np

    names, columns = ["value"], [found.values]
    n = range(len(found.variables))
    if found.gradient is not None and found.gradient.shape[1] != len(n):
        # Vectors and matrices: a column for each entry.
        size = found.gradient.shape[1]
        names += [f"d{i + 1}" for i in range(size)]
        columns += list(found.gradient.T)
        if found.hessian is not None:
            names += [f"d{i + 1} d{j + 1}" for i in range(size) for j in range(i, size)]
            columns += [found.hessian[:, i, j] for i in range(size) for j in range(i, size)]
        return names, np.stack(columns)
    if found.gradient is not None:
        names += found.variables
        columns += [found.gradient[:, i] for i in n]
    if found.hessian is not None:
        names += [f"{found.variables[i]} {found.variables[j]}" for i in n for j in n[i:]]
        columns += [found.hessian[:, i, j] for i in n for j in n[i:]]
    return names, np.stack(columns)
