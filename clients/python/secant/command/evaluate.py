"""The verb eval: values of a function and its derivatives at points."""

from typing import TYPE_CHECKING, Any

import click

from secant.command.app import at, verb
from secant.command.session import Session
from secant.command.show import echo, number, result
from secant.command.spreadsheet import header
from secant.command.values import merged, table

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results import Evaluation

__all__: list[str] = []


@verb("eval", variables=True, shapes=True)
@at
@click.option(
    "--points", type=table, metavar="FILE", help="CSV file with one point a row; the first line names the variables."
)
@click.option(
    "--order",
    type=click.IntRange(0, 2),
    default=0,
    help="Highest order of derivatives: 0 values only, 1 also the gradient, 2 also the Hessian. Default: 0",
)
def evaluate(
    session: Session,
    f: str,
    variables: tuple[str, ...],
    at: Any,
    points: Any,
    written_in: str | None,
    **how: Any,
) -> None:
    """Evaluate F at a point or at the points in a CSV file.

    Prints CSV; with derivatives, the first line names the columns.
    """
    if bool(at) == (points is not None):
        raise click.UsageError("give either --at or --points")
    with session.client() as s:
        found = s.evaluate(f, points or merged(at) or {}, *variables, notation=written_in, **how)
    if not result(session, found):
        names, columns = labelled(found)
        if len(names) > 1:
            echo(header(names))
        for row in columns.T.tolist():
            echo(",".join(map(number, row)))


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
