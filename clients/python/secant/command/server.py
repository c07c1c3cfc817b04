"""Verbs about a server: describe, serve."""

import click

from secant.command.app import app
from secant.command.session import Session, common
from secant.command.show import number, result, table
from secant.embedded import serve as run

__all__: list[str] = []


@app.command()
@common
@click.pass_obj
def describe(session: Session) -> None:
    """Tell what the server is and can do."""
    with session.client() as s:
        found = s.describe()
    if result(session, found):
        return
    click.echo(f"secantd {found.version}")
    for name in ("methods", "notations", "witnesses", "back_ends", "constants"):
        click.echo(f"{name.replace('_', ' ')}: {', '.join(getattr(found, name))}")
    click.echo("\nlimits")
    table([name, number(limit.value), limit.unit] for name, limit in found.limits.items())
    click.echo("\nfunctions")
    table([f"{f.name}({', '.join(f.parameters)})", f.summary] for f in found.functions.values())


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def serve(arguments: tuple[str, ...]) -> None:
    """Run the server; the arguments are those of secantd (see secant serve --help)."""
    run(arguments)
