"""The verb that writes code: export."""

from pathlib import Path
from typing import Any

import click

from secant.command.app import NOTATIONS, verb
from secant.command.session import Session
from secant.command.show import notices, result

__all__: list[str] = []


@verb("export", variables=True)
@click.option(
    "--to",
    "--notation",
    "notations",
    type=click.Choice(NOTATIONS, case_sensitive=False),
    multiple=True,
    help="The language; several may be asked for.",
)
@click.option("--order", type=click.IntRange(0, 2), help="0 F, 1 also the gradient [1], 2 also the Hessian.")
@click.option("--name", default="", help="The name of the function written [f].")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a file for each language into this folder.",
)
def export(
    session: Session, f: str, variables: tuple[str, ...], output: Path | None, written_in: str | None, **how: Any
) -> None:
    """Write code that computes F and its derivatives without the service."""
    with session.client() as s:
        found = s.export(f, *variables, notation=written_in, **how)
    if output is not None:
        notices(found.notices)
        output.mkdir(parents=True, exist_ok=True)
        for path in found.save(output):
            click.echo(path)
    elif not result(session, found):
        click.echo(str(found).rstrip("\n"))
