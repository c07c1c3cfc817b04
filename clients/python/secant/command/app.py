"""The group of all verbs, and what they are declared with."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from secant.command import values
from secant.command.session import Session, common, tls
from secant.command.verb import Verb
from secant.words import FormWord

__all__ = ["NOTATIONS", "app", "at", "form", "intervals", "notation", "point", "verb"]

F = TypeVar("F", bound=Callable[..., Any])

NOTATIONS = ("r", "python", "latex", "c", "julia", "stan")


def point(name: str, *, help: str = "The point.", **attributes: Any) -> Callable[[F], F]:
    """Declare an option that is a point."""
    return click.option(name, type=values.point, metavar="x=2,y=1", multiple=True, help=help, **attributes)


def intervals(*names: str, help: str, **attributes: Any) -> Callable[[F], F]:
    """Declare an option that is a box."""
    return click.option(*names, type=values.intervals, metavar="x=-1:3", multiple=True, help=help, **attributes)


at = point("--at")
form = click.option("--form", type=click.Choice(get_args(FormWord)), help="How far to simplify.")
notation = click.option(
    "--notation",
    "notations",
    type=click.Choice(NOTATIONS, case_sensitive=False),
    multiple=True,
    help="The notation of the answer; several may be asked for.",
)
_read = click.option(
    "--from",
    "written_in",
    type=click.Choice(["r", "python"], case_sensitive=False),
    help="How F is to be read, where R and Python differ.",
)
_data = click.option(
    "--data", type=values.table, metavar="file.csv", help="Data columns that F uses; the first line has names."
)


@click.group(context_settings={"max_content_width": 100})
@common
@tls
@click.version_option(package_name="secant")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Derivatives, gradients and descents of functions written in R or Python notation.

    \b
    secant diff "x * exp(x)" x                 (1 + x) * exp(x)
    secant grad "x^2 + 2*y^2" --at x=2,y=1     the gradient and its values
    secant descend "x^2 + 2*x + 3" --start x=0.88 --rate 0.01

    F is a text such as "x^2 + y", "function(x) x^2", "lambda x: x**2"; "-" reads it from standard input. An F
    that begins with two dashes is written after `--`: secant diff -- "--x" x.

    Exit codes: 0 done, 1 the call failed (the reason is on standard error), 2 the command line is wrong,
    130 interrupted. `check` has its own: see secant check --help.
    """
    ctx.ensure_object(Session)


def verb(name: str, *, variables: bool = False) -> Callable[[F], click.Command]:
    """Declare a verb of F, with `--from`, `--data` and the session's options."""

    def declare(function: F) -> click.Command:
        command: Any = common(_data(_read(click.pass_obj(function))))
        if variables:
            command = click.argument("variables", nargs=-1, metavar="[VARIABLE]...")(command)
        made = app.command(name, cls=Verb)(click.argument("f", type=values.text, metavar="F")(command))
        # A verb's own first: F, its other arguments, those that take the rest, its options, everybody's.
        shared = {"written_in", "data", "server", "token", "timeout", "json"}
        made.params.sort(key=lambda p: (isinstance(p, click.Option), p.name in shared, p.nargs == -1))
        return made

    return declare
