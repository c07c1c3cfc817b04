"""The verb that writes code: export."""

from pathlib import Path
from typing import Any, get_args

import click

from secant._enums import DialectWord
from secant.command.app import LANGUAGES, verb
from secant.command.columns import columns_option
from secant.command.session import Session
from secant.command.show import echo, notices, result

__all__: list[str] = []

# The language of a file by the ending of its name.
ENDINGS = {
    ".c": "c",
    ".jl": "julia",
    ".py": "python",
    ".r": "r",
    ".sql": "sql",
    ".stan": "stan",
    ".tex": "latex",
}


@verb("export", variables=True, shapes=True)
@click.option(
    "--to",
    "--notation",
    "notations",
    type=click.Choice(LANGUAGES, case_sensitive=False),
    multiple=True,
    help="Language of the code; may be given more than once. Default: the notation of F",
)
@click.option(
    "--order",
    type=click.IntRange(0, 2),
    help="Highest order of derivatives: 0 F only, 1 also the gradient, 2 also the Hessian. Default: 1",
)
@click.option("--name", default="", help="Name of the generated function. Default: f")
@click.option("--table", default="", help="SQL: name of the table, also with its schema. Default: data")
@click.option("--dialect", type=click.Choice(get_args(DialectWord)), help="SQL: the database. Default: duckdb")
@columns_option(
    "--columns",
    help="Names of F that are columns of the table, without data; all others are parameters. Default: the columns of --data; "
    "without it all names but the VARIABLES, or all names",
)
@columns_option(
    "--keep", help="SQL: columns of the table that the result contains as well, if F has a value for each row."
)
@click.option(
    "--plain-sums",
    is_flag=True,
    help="SQL: add with the plain sum of the database, which is faster, without compensating the rounding.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(allow_dash=True, path_type=Path),
    metavar="FOLDER",
    help="Write one file for each language to this folder instead of printing the code; or a file such as f.c, whose ending is the "
    "language; - is standard output.",
)
def export(
    session: Session, f: str, variables: tuple[str, ...], output: Path | None, written_in: str | None, **how: Any
) -> None:
    """Generate code that computes F and its derivatives.

    The code runs without Secant.

    \b
    secant export "x^2 * exp(y)" --to python
    secant export "x^2 * exp(y)" -o f.c
    secant export "sum((y - a*x)^2)" --data data.csv --to c --to r -o code
    """
    if output == Path("-"):
        output = None
    language = "" if output is None or output.is_dir() else ENDINGS.get(output.suffix.lower(), "")
    if language:
        if set(how["notations"]) - {language}:
            raise click.UsageError(f"{output} is a file of {language}; for other languages give a folder")
        how["notations"] = (language,)
    with session.client() as s:
        found = s.export(f, *variables, notation=written_in, **how)
    if output is not None and language:
        notices(found.notices)
        output.write_text(str(found), encoding="utf-8")
        echo(output)
    elif output is not None:
        notices(found.notices)
        if output.suffix and not output.exists():
            endings = ", ".join(ENDINGS)
            raise click.UsageError(f"{output} has an unknown ending; there are {endings}; or give a folder")
        output.mkdir(parents=True, exist_ok=True)
        for path in found.save(output):
            echo(path)
    elif not result(session, found):
        echo(str(found).rstrip("\n"))
