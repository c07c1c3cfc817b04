"""The verb eval: numbers at points."""

from typing import Any

import click
import numpy as np

from secant.command.app import at, verb
from secant.command.session import Session
from secant.command.show import number, result
from secant.command.values import merged, table
from secant.results import Evaluation

__all__: list[str] = []


@verb("eval", variables=True)
@at
@click.option("--points", type=table, metavar="file.csv", help="Points; the first line names the variables.")
@click.option(
    "--order", type=click.IntRange(0, 2), default=0, help="0 values [0], 1 also the gradient, 2 also the Hessian."
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
    """Print F at a point or at those of a file, as CSV with the columns named."""
    if bool(at) == (points is not None):
        raise click.UsageError("one of --at and --points is needed")
    with session.client() as s:
        found = s.evaluate(f, points or merged(at) or {}, *variables, notation=written_in, **how)
    if not result(session, found):
        names, columns = labelled(found)
        if len(names) > 1:
            click.echo(",".join(names))
        for row in columns.T.tolist():
            click.echo(",".join(map(number, row)))


def labelled(found: Evaluation) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Return names and columns of a table of values and derivatives, shape (columns, N)."""
    names, columns = ["value"], [found.values]
    n = range(len(found.variables))
    if found.gradient is not None:
        names += found.variables
        columns += [found.gradient[:, i] for i in n]
    if found.hessian is not None:
        names += [f"{found.variables[i]} {found.variables[j]}" for i in n for j in n[i:]]
        columns += [found.hessian[:, i, j] for i in n for j in n[i:]]
    return names, np.stack(columns)
