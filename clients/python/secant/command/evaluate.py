"""The verb eval: values of a function and its derivatives at points."""

import os
from typing import TYPE_CHECKING, Any

import click

from secant._spreadsheet import derivative_names, header
from secant.command.app import at, verb
from secant.command.app import data_set as data_set_option
from secant.command.session import Session
from secant.command.show import echo, number, result
from secant.command.tables import mentions, refuse_unusable, table
from secant.command.values import files, merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secant._arrays import Array
    from secant.results import Evaluation

__all__: list[str] = []


@verb("eval", variables=True, shapes=True)
@at
@click.option(
    "--points",
    metavar="FILE",
    shell_complete=files,
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
    shell_complete=files,
    help="File for the results: .parquet, .arrow or .csv, with --sum .json. It appears when it is complete; if the run is "
    "interrupted, the same command continues it.",
)
@click.option("--sum", "summed", is_flag=True, help="Print the sum of F over all rows, and its derivatives.")
@click.option(
    "--enclosures",
    is_flag=True,
    help="Print two more columns for each, low_ and high_: numbers between which the exact one lies.",
)
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
    enclosures: bool,
    skip_missing: bool,
    force: bool,
    written_in: str | None,
    data: Any,
    shapes: Any,
) -> None:
    """Evaluate F at a point, at the points in a file, or for the rows of a data set of the server.

    Prints CSV: the values; with derivatives also the points, under a first line such as x,y,value,d_x,d_y. Names in F that are no
    columns of the points are parameters, whose values are given by --at.

    \b
    secant eval "x^2 + y" --at x=1,y=2 --order 1
    secant eval "a * x^2" --points data.csv --at a=3
    secant eval "dnorm(y, m, 1, log = TRUE)" --points data.csv --at m=2 --sum
    secant eval "exp(x) - 1" --at x=1e-9 --enclosures
    """
    output = None if output == "-" else output
    if data_set is not None:
        if points is not None or output is not None or summed or enclosures or force or skip_missing or data or shapes:
            raise click.UsageError("--data-set goes with --at and --order only")
        rows(session, f, data_set, variables, at=merged(at), order=order, notation=written_in)
        return
    if output is not None or summed or of_rows(points):
        if enclosures:
            raise click.UsageError(
                "--enclosures goes with --at, or with a small CSV file of --points without -o and --sum"
            )
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
    if not at and points is None:
        raise click.UsageError("give a point by --at x=2, or a file of points by --points FILE")
    where: Any = merged(at) or {}
    if points is not None:
        where = columns_for(f, points, where, literal=written_in in (None, "r", "python"))
    elif vectors := shapes_of(where):
        if "" in vectors:
            raise click.UsageError("--at: name the variable, as in x=[1,2]")
        # Without a shape, sum(x * y) would be that of numbers, at two points.
        shapes = vectors | (shapes or {})
    with session.client() as s:
        found = s.evaluate(
            f, where, *variables, order=order, enclosures=enclosures, notation=written_in, data=data, shapes=shapes
        )
    if not result(session, found):
        names, values = labelled(found, where)
        if found.lower is not None and found.upper is not None:
            names, values = with_bounds(names, values, labelled(found.lower, where)[1], labelled(found.upper, where)[1])
        if len(names) > 1:
            names, values = after_points(where, names, values)
            echo(header(names))
        for row in values.T.tolist():
            echo(",".join(map(number, row)))


def with_bounds(names: list[str], values: "Array", lower: "Array", upper: "Array") -> "tuple[list[str], Array]":
    """Return names and columns, each followed by the columns of its lower and upper ends.

    >>> import numpy as np
    >>> with_bounds(["value"], np.array([[2.0]]), np.array([[1.0]]), np.array([[3.0]]))
    (['value', 'low_value', 'high_value'], array([[2.],
           [1.],
           [3.]]))
    """
    import numpy as np

    labels = [label for name in names for label in (name, f"low_{name}", f"high_{name}")]
    return labels, np.stack([column for three in zip(values, lower, upper, strict=True) for column in three])


def of_rows(points: str | None) -> bool:
    """Return whether points are files that only the way of large ones reads: Arrow and Parquet, folders and patterns."""
    if points is None or points == "-" or os.path.isfile(points):
        return (points or "").lower().endswith((".parquet", ".pq", ".arrow", ".feather", ".ipc", ".csv.gz"))
    return os.path.isdir(points) or any(sign in points for sign in "*?[")


def columns_for(f: str, points: str, at: "Mapping[str, Any]", literal: bool) -> "dict[str, Array]":
    """Return the columns of a small CSV file that a formula uses, and the values of parameters, a copy for each row.

    Args:
        f: The formula.
        points: The file.
        at: The values of the parameters.
        literal: Whether names are in the formula as they are in the file: not in textbook notation (2x) and LaTeX.

    Raises:
        click.BadParameter: The file cannot be read, or a column that the formula uses has no numbers.
        click.UsageError: A parameter is a vector, or also a column.
    """
    import numpy as np

    try:
        columns = table(points)
    except click.BadParameter as error:
        error.param_hint = "'--points'"
        raise
    refuse_unusable(columns, [f], "--points")
    for name, value in at.items():
        if not isinstance(value, float):
            raise click.UsageError(f"--at: {name or 'a parameter'} is a vector; with --points give numbers")
        if name in columns:
            raise click.UsageError(f"--at: {name} is a column of {points}; leave it out")
    used = {name: column for name, column in columns.items() if not literal or mentions(f, name)}
    rows = len(next(iter(columns.values()), ()))
    # If none is used, the error of the server names them.
    return (used or dict(columns)) | {name: np.full(rows, value) for name, value in at.items()}


def after_points(where: "Mapping[str, Any]", names: list[str], values: "Array") -> "tuple[list[str], Array]":
    """Return names and columns of results after those of the points, which are numbers."""
    import numpy as np

    points = [np.atleast_1d(column) for column in where.values()]
    if not all(where) or any(column.shape != (values.shape[1],) for column in points):
        return names, values  # one point with vectors or matrices
    return [*where, *names], np.stack([*points, *values])


def rows(session: Session, f: str, data_set: str, variables: tuple[str, ...], **how: Any) -> None:
    """Print the values of the rows of a data set, block by block."""
    with session.client() as s:
        for block in s.evaluate_stream(f, (), *variables, data_set=data_set, **how):
            if result(session, block):
                continue
            names, columns = labelled(block, {})
            if len(names) > 1 and not block.offset:
                echo(header(names))
            echo("\n".join(",".join(map(number, row)) for row in columns.T.tolist()))


def shapes_of(where: "Mapping[str, Any]") -> dict[str, str]:
    """Return the shapes of the vectors and matrices of a point.

    >>> shapes_of({"x": [1.0, 2.0], "A": [[1.0], [2.0], [3.0]], "s": 4.0})
    {'x': '2', 'A': '3 x 1'}
    """
    found = {}
    for name, value in where.items():
        if isinstance(value, list):
            found[name] = f"{len(value)} x {len(value[0])}" if value and isinstance(value[0], list) else str(len(value))
    return found


def entries_of(name: str, value: Any) -> list[str]:
    """Return the names of the entries of a variable, a matrix row by row.

    >>> entries_of("x", [5.0, 6.0]), entries_of("A", [[1.0, 2.0]]), entries_of("s", 4.0)
    (['x[1]', 'x[2]'], ['A[1,1]', 'A[1,2]'], ['s'])
    """
    if not isinstance(value, list):
        return [name]
    if value and isinstance(value[0], list):
        return [f"{name}[{i + 1},{j + 1}]" for i, row in enumerate(value) for j in range(len(row))]
    return [f"{name}[{i + 1}]" for i in range(len(value))]


def labelled(found: "Evaluation", where: "Mapping[str, Any]") -> "tuple[list[str], Array]":
    """Return the names and the columns of a table of values and derivatives, shape (columns, N); `where` is the point."""
    import numpy as np

    names, columns = ["value"], [found.values]
    n = range(len(found.variables))
    if found.gradient is not None and found.gradient.shape[1] != len(n):
        # Vectors and matrices: a column for each entry.
        size = found.gradient.shape[1]
        entries = [entry for name in found.variables for entry in entries_of(name, where.get(name))]
        if len(entries) != size:
            entries = [str(i + 1) for i in range(size)]
        names += derivative_names(entries, 1 if found.hessian is None else 2)
        columns += list(found.gradient.T)
        if found.hessian is not None:
            columns += [found.hessian[:, i, j] for i in range(size) for j in range(i, size)]
        return names, np.stack(columns)
    if found.gradient is not None:
        columns += [found.gradient[:, i] for i in n]
        names += derivative_names(found.variables, 1 if found.hessian is None else 2)
    if found.hessian is not None:
        columns += [found.hessian[:, i, j] for i in n for j in n[i:]]
    return names, np.stack(columns)
