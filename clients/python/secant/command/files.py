"""The verb eval over files of any size: values to a file or as CSV, and sums."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import click

from secant._spreadsheet import derivative_names, header
from secant.command.session import Session
from secant.command.show import as_json, echo, number
from secant.command.show import notices as print_notices

__all__ = ["over_files"]


def over_files(
    session: Session,
    f: str,
    variables: tuple[str, ...],
    points: str,
    at: Mapping[str, Any],
    order: int,
    output: str | None,
    summed: bool,
    skip_missing: bool,
    force: bool,
    notation: str | None,
) -> None:
    """Evaluate a formula over the rows of files; the arguments are those of the verb."""
    for name, value in at.items():
        if not isinstance(value, float):
            raise click.UsageError(
                f"--at: {name or 'a parameter'} is a vector; parameters of a formula of rows are numbers"
            )
    from secant import files

    how: dict[str, Any] = {"at": at, "order": order, "notation": notation, "force": force, "progress": None}
    try:
        if summed:
            if session.server is not None:
                echo("note: the sum is computed by this process, not by the server", err=True)
            found = files.sum_over(f, points, *variables, skip_missing=skip_missing, output=output, **how)
            print_sum(session, found, order)
            return
        with ExitStack() as held:
            client = None if session.server is None else held.enter_context(session.client())
            if output is None:
                print_rows(
                    session, held.enter_context(files.evaluate(f, points, *variables, client=client, **how)), order
                )
                return
            done = files.evaluate(f, points, *variables, client=client, output=output, **how)
    except KeyboardInterrupt:
        if output is not None and is_kept(output):
            echo(f"interrupted: the same command continues; or remove {output}.unfinished", err=True)
        raise
    except OSError as error:
        if output is None or error.errno is None:
            raise
        kept = f"\nwhat is finished is kept in {output}.unfinished; the same command continues it when that is mended"
        raise click.ClickException(
            f"{output} cannot be written: {os.strerror(error.errno)}{kept if is_kept(output) else ''}"
        ) from None
    if session.json:
        echo(as_json({**_fields(done), "path": str(done.path)}))
        return
    print_notices(done.notices)
    echo(f"{done.rows:,} rows written to {done.path}")


def is_kept(output: str) -> bool:
    """Return whether there is something with which the same command continues."""
    return os.path.isdir(f"{output}.unfinished")


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def print_rows(session: Session, batches: Any, order: int) -> None:
    """Print batches of results as CSV, or each as a line of JSON: the columns by their names."""
    first = True
    batches.with_points = order > 0
    for batch in batches:
        if session.json:
            echo(as_json(dict(zip(batch.schema.names, [c.to_pylist() for c in batch.columns], strict=True))))
            continue
        if first and batch.num_columns > 1:
            echo(header(batch.schema.names))
        first = False
        for row in zip(*[column.to_pylist() for column in batch.columns], strict=True):
            echo(",".join(map(number, row)))
    print_notices(batches.notices)


def print_sum(session: Session, found: Any, order: int) -> None:
    """Print a sum and its derivatives as CSV, in the order of `secant eval`."""
    if session.json:
        echo(as_json(found))
        return
    print_notices(found.notices)
    if not order:
        echo(number(found.value))
        return
    values = [found.value, *found.gradient.tolist()]
    if found.hessian is not None:
        n = range(len(found.variables))
        values += [found.hessian[i, j] for i in n for j in n[i:]]
    echo(header(["value", *derivative_names(found.variables, order)]))
    echo(",".join(map(number, values)))
