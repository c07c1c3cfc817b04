"""The group of all verbs, and the decorators that declare verbs and their options."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any, TypeVar, cast, get_args

import click

from secant._enums import FormWord, NamingWord
from secant._version import __version__
from secant.command import values
from secant.command.session import Session, common, tls
from secant.command.stumbles import ALIASES, no_such_verb, refuse_points
from secant.command.tables import Columns, refuse_unusable
from secant.command.verb import Verb

__all__ = [
    "LANGUAGES",
    "NOTATIONS",
    "app",
    "assumptions",
    "at",
    "certificate",
    "data_set",
    "form",
    "intervals",
    "naming",
    "notation",
    "point",
    "tolerance",
    "verb",
]

F = TypeVar("F", bound=Callable[..., Any])

# The notations of answers, and the languages of code.
NOTATIONS = ("r", "python", "latex")
LANGUAGES = ("r", "python", "latex", "c", "javascript", "julia", "stan", "sql")

# The module of this folder that declares each verb.
MODULES = {
    "approximate": "near",
    "check": "check",
    "completion": "server",
    "descend": "descend",
    "describe": "server",
    "diff": "derive",
    "equal": "equal",
    "eval": "evaluate",
    "explain": "derive",
    "export": "export",
    "extrema": "near",
    "fit": "fit",
    "functions": "server",
    "grad": "derive",
    "hessian": "derive",
    "jacobian": "derive",
    "mcp": "agents",
    "plot": "figure",
    "serve": "server",
    "tangent": "near",
    "taylor": "near",
}

# What a list of verbs shows, whole in 60 columns; the help of a verb begins with the first sentence of its function.
SUMMARIES = {
    "approximate": "Finite differences beside the exact values",
    "check": "Check claimed derivatives, also in files",
    "completion": "Complete verbs and options in a shell",
    "descend": "Minimize F step by step, or a sum over rows",
    "describe": "Version, limits and methods of the server",
    "diff": "Differentiate F",
    "equal": "Check whether two formulas are equal",
    "eval": "Values and derivatives of F at points",
    "explain": "Derive a derivative rule by rule",
    "export": "Write code in C, Python, R, SQL and more",
    "extrema": "Critical points of F in a box",
    "fit": "Estimates from the rows of a database",
    "functions": "Functions that formulas may use",
    "grad": "Gradient: all first partial derivatives",
    "hessian": "Hessian: all second partial derivatives",
    "jacobian": "Jacobian of a vector function",
    "mcp": "Serve agents on standard input and output",
    "plot": "Draw F",
    "serve": "Run a server",
    "tangent": "Tangent line or plane of F at a point",
    "taylor": "Taylor polynomial of F at a point",
}


class Notation(click.Choice[str]):
    """A notation of answers; the languages of code belong to another verb."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value).lower() in set(LANGUAGES) - set(NOTATIONS):
            self.fail(f"{value!r} is a language of code: secant export F --to {str(value).lower()}", param, ctx)
        return super().convert(value, param, ctx)


class Verbs(click.Group):
    """The group of all verbs. A verb is imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all verbs in alphabetical order."""
        return list(MODULES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs, without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl([*SUMMARIES.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb; None if there is none of this name."""
        if cmd_name in MODULES:
            import_module(f"{__package__}.{MODULES[cmd_name]}")
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb of a command line and its arguments; `help` and `version` are also accepted as verbs."""
        name, *rest = args
        if name == "help":
            if not rest:
                click.echo(ctx.get_help())
                ctx.exit()
            name, rest = rest[0], ["--help"]
        elif name == "version":
            click.echo(f"secant, version {__version__}")
            ctx.exit()
        name = ALIASES.get(name, name)
        if self.get_command(ctx, name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(no_such_verb(name, MODULES), ctx)
        return super().resolve_command(ctx, [name, *rest])


def point(name: str, *, help: str = "Point to evaluate at.", **attributes: Any) -> Callable[[F], F]:
    """Return a decorator that adds an option for a point."""
    return click.option(name, type=values.point, metavar="x=2,b=[1,3]", multiple=True, help=help, **attributes)


def intervals(*names: str, help: str, **attributes: Any) -> Callable[[F], F]:
    """Return a decorator that adds an option for a box."""
    return click.option(*names, type=values.intervals, metavar="x=-1:3", multiple=True, help=help, **attributes)


at = point("--at")
data_set = click.option(
    "--data-set",
    metavar="NAME",
    help="Data set of the server (secant describe lists them). F is then the value of one row, and names of columns are data of "
    "the row.",
)
assumptions = click.option(
    "--assume",
    multiple=True,
    metavar="'x > 0'",
    help="Assumption about a variable: x > 0, -1 < r < 1, x >= y, n integer. May be given more than once.",
)
tolerance = click.option(
    "--tolerance",
    type=float,
    metavar="0.01",
    help="Relative difference up to which a claim is accepted at points, as for rounded decimals; at least 0, below 1.",
)
certificate = click.option(
    "--certificate",
    metavar="FILE",
    shell_complete=values.files,
    type=click.Path(dir_okay=False),
    help="Write a proof that can be checked without Secant: FILE.v for Coq, which coqc checks, or FILE.lean for Lean 4.",
)
form = click.option(
    "--form",
    type=click.Choice(get_args(FormWord)),
    help="Form of the answer; light is the form that R's Deriv prints. Default: light",
)
naming = click.option(
    "--naming",
    type=click.Choice(get_args(NamingWord)),
    help="Parts written before the answer, by name: those that F names, or also repeated ones. Default: author for "
    "functions of vectors and matrices, none for functions of numbers",
)
notation = click.option(
    "--notation",
    "notations",
    type=Notation(NOTATIONS, case_sensitive=False),
    multiple=True,
    help="Notation of the answer; may be given more than once. Default: the notation of F",
)
_read = click.option(
    "--from",
    "written_in",
    type=click.Choice(["r", "python", "textbook", "latex"], case_sensitive=False),
    help="Notation of F; needed only for textbook (2x, sin x), latex, and where R and Python differ.",
)


def _merged(ctx: click.Context, option: click.Parameter, given: tuple[dict[str, Any], ...]) -> dict[str, Any] | None:
    found = values.merged(given)
    if found is None or option.name != "data":
        return found
    return Columns(found, unusable=values.merged(tuple(getattr(part, "unusable", {}) for part in given)))


def _of_numbers(function: F) -> F:
    """Refuse a formula that uses a column of --data that has no numbers, and points among the variables."""

    @wraps(function)
    def checked(session: Session, *args: Any, **how: Any) -> Any:
        refuse_unusable(how.get("data"), [how.get(name) for name in ("f", "claimed", "g")], "--data")
        refuse_points(how.get("variables") or (), "at" in how)
        return function(session, *args, **how)

    return cast(F, checked)


_data = click.option(
    "--data",
    type=values.data,
    metavar="[X=]FILE",
    multiple=True,
    callback=_merged,
    shell_complete=values.files,
    help="CSV file with data columns that F uses; the first line holds their names, and columns of text are left out. With X= in "
    "front, the columns are one matrix X.",
)
_shapes = click.option(
    "--shape",
    "shapes",
    type=values.shape,
    metavar="A='n x n'",
    multiple=True,
    callback=_merged,
    help="Shape of a variable: a length for a vector, n x 3 for a matrix, symmetric n x n. A length is a number or a "
    "name. Default: that of its value, or the one that F implies",
)


@click.group(cls=Verbs, context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
@common
@tls
@click.version_option(__version__)
@click.pass_context
def app(ctx: click.Context) -> None:
    """Differentiate, evaluate, plot and minimize functions written in R or Python notation.

    \b
    secant diff "x * exp(x)"          prints (1 + x) * exp(x)
    secant grad "x^2 + 2*y^2" --at x=2,y=1
    secant check "x^2 * exp(x)" "2*x * exp(x)"
    secant descend "x^2 + 2*x" --start x=0.88 --rate 0.01

    F is a function: "x^2 + y", "function(x) x^2" or "lambda x: x**2". Use "-" to read it from standard input. If F
    begins with two dashes, put it after `--`: secant diff -- "--x" x.

    Exit codes: 0 success, 1 the call failed (see standard error for the reason), 2 the command line is wrong,
    130 interrupted. `check`, `equal`, `descend` and `fit` have exit codes of their own: see secant check --help.
    """
    ctx.ensure_object(Session)


def verb(
    name: str, *, variables: bool = False, shapes: bool = False, optional: bool = False, data: bool = True
) -> Callable[[F], click.Command]:
    """Return a decorator that declares a verb with the argument F, `--from`, `--data` and the session's options.

    Args:
        name: The name of the verb.
        variables: Whether the verb also takes names of variables.
        shapes: Whether F may be a function of vectors and matrices, with `--shape`.
        optional: Whether F may be left out.
        data: Whether the verb takes `--data`.
    """

    def declare(function: F) -> click.Command:
        read = _read(click.pass_obj(_of_numbers(function)))
        command: Any = common(_data(read) if data else read)
        if shapes:
            command = _shapes(command)
        if variables:
            command = click.argument("variables", nargs=-1, metavar="[VARIABLE]...")(command)
        made = app.command(name, cls=Verb)(
            click.argument("f", type=values.text, metavar="F", required=not optional)(command)
        )
        # The order in the help text: F, other arguments, the variables, the verb's own options, shared options.
        shared = {"written_in", "data", "shapes", "server", "token", "timeout", "json"}
        made.params.sort(key=lambda p: (isinstance(p, click.Option), p.name in shared, p.nargs == -1))
        return made

    return declare
