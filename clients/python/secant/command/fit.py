"""The verb fit: a maximum of a sum over the rows of a table, by queries."""

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from secant.command.app import point, verb
from secant.command.columns import columns_option
from secant.command.session import Session
from secant.command.show import echo, printable, result
from secant.command.values import merged

__all__: list[str] = []

# 1 and 2 are those of every verb, 3 to 6 those of descend.
EXIT_CODES = {"CONVERGED": 0, "STEPS_SPENT": 3, "DIVERGED": 4, "STALLED": 6, "SINGULAR": 7}


def _positive(ctx: click.Context, option: click.Parameter, value: float) -> float:
    if not 0.0 <= value < math.inf:
        raise click.BadParameter("it must be a number of at least 0", ctx, option)
    return value


@verb("fit", data=False)
@click.option(
    "--sql",
    "source",
    required=True,
    metavar="duckdb:FILE",
    help="The database, which is opened for reading only; duckdb: without a file for a --table that is a file.",
)
@click.option(
    "--table", default="data", help="Name of the table, also with its schema; a file in double quotes. Default: data"
)
@point("--start", help="A value for each parameter. Default: 0 for each")
@click.option(
    "--maximize/--minimize",
    default=True,
    help="Maximize the sum of F, a log-likelihood, or minimize it, a loss. Default: --maximize",
)
@columns_option("--columns", help="Names of F that are columns. Default: all columns of the table")
@click.option(
    "--tolerance",
    type=float,
    default=1e-10,
    callback=_positive,
    help="Stop when the next step is not longer than this many standard errors. Default: 1e-10",
)
@click.option("--max-steps", type=click.IntRange(min=0), default=100, help="Maximum number of steps. Default: 100")
@click.option("--skip-missing", is_flag=True, help="Leave out rows with NULL or NaN in a column that F names.")
@click.option(
    "--plain-sums",
    is_flag=True,
    help="Add with the plain sum of the database, which is faster, without compensating the rounding.",
)
def fit(
    session: Session,
    f: str,
    source: str,
    table: str,
    start: Any,
    maximize: bool,
    columns: list[str],
    tolerance: float,
    max_steps: int,
    skip_missing: bool,
    plain_sums: bool,
    written_in: str | None,
) -> None:
    """Maximize the sum of F over all rows of a table in a database, by Newton's method, with standard errors.

    F is the value of one row, such as its log-likelihood. Names of columns are their values, all other names are parameters. Each
    step is one query; the rows stay in the database. This is a logistic regression:

    \b
    secant fit "y*(a + b*x) - log(1 + exp(a + b*x))" --sql duckdb:clinic.db --table visits

    Standard errors are from the inverse of the Hessian; with --minimize F is taken as a negative log-likelihood.

    Exit codes: 0 the fit converged; 1 it failed; 2 the command line is wrong; 3 the steps are spent; 4 the estimates grow without end;
    6 no step improves the sum; 7 the Hessian is singular. 130 interrupted.
    """
    values = merged(start)
    for name, value in (values or {}).items():
        if not isinstance(value, float) or not name:
            raise click.UsageError("--start: give a number for each parameter by its name: a=0,b=0")
    if session.server is not None:
        echo("note: the fit is computed by this process and the database, not by the server", err=True)
    from secant.sql import fit as fitted

    with status(not session.json) as report:
        found = fitted(
            f,
            source,
            table,
            values,
            maximize=maximize,
            columns=columns or None,
            tolerance=tolerance,
            max_steps=max_steps,
            skip_missing=skip_missing,
            plain_sums=plain_sums,
            notation=written_in,
            report=report,
        )
    if not result(session, found):
        echo(str(found))
    code = EXIT_CODES[found.reason]
    if code:
        sys.exit(code)


@contextmanager
def status(wanted: bool) -> Iterator[Callable[[str], None] | None]:
    """Yield a function that shows a line about a step on standard error if that is a terminal, else None."""
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    # Imported here: 50 ms that no other command needs.
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("counting rows") as line:
        yield lambda text: line.update(Text(printable(text)))
