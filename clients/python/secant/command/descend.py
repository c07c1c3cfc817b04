"""The verb descend: a descent, with a progress line on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from secant._enums import MethodWord
from secant._spreadsheet import header
from secant.command.app import data_set, intervals, point, verb
from secant.command.session import Session
from secant.command.show import as_json, echo, facts, named, notices, number, printable
from secant.command.values import files, merged
from secant.v1.descent_methods import METHODS

if TYPE_CHECKING:
    from secant.results import Outcome, Step, Trace

__all__: list[str] = []

STDOUT = Path("-")

# Seconds between updates of the progress line; the eye does not follow faster ones.
REFRESH = 0.1

# 1 and 2 are those of every verb: the call failed, the command line is wrong.
EXIT_CODES = {"CONVERGED": 0, "STEPS_SPENT": 3, "DIVERGED": 4, "NOT_FINITE": 5, "STALLED": 6}

METHOD = (
    f"One of {', '.join(get_args(MethodWord))}; secant describe explains them. "
    "Default: fixed_rate if --rate or another setting of a method is given; otherwise lbfgs with --bounds, bfgs without"
)


def settings(command: Any) -> Any:
    """Add to a command an option for each setting of a method, under its name in the contract."""
    # The methods with each default, by the setting and its meaning.
    uses: dict[str, dict[str, dict[float, list[str]]]] = {}
    for method, rows in METHODS.items():
        for name, meaning, values, default in rows:
            text = f"{meaning}; {values}. Default:"
            uses.setdefault(name, {}).setdefault(text, {}).setdefault(default, []).append(method)
    for name, meanings in reversed(uses.items()):
        sentences = [
            f"{text} {', '.join(f'{value:g} for {_listed(methods)}' for value, methods in defaults.items())}."
            for text, defaults in meanings.items()
        ]
        kind = int if name == "memory" else float
        command = click.option(f"--{name}", type=kind, help=" ".join(sentences))(command)
    return command


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@verb("descend", shapes=True)
@point("--start", required=True, help="Point to start from, with a value for each variable.")
@click.option("--method", type=click.Choice(get_args(MethodWord)), metavar="METHOD", help=METHOD)
@settings
@click.option("--ascend", "maximize", is_flag=True, help="Maximize F instead of minimizing it.")
@click.option(
    "--max-steps",
    type=click.IntRange(min=0),
    default=0,
    help="Maximum number of steps. Default: the server's limit",
)
@click.option("--tolerance", type=float, help="Stop when the gradient norm is at most this value. Default: 1e-5")
@intervals("--bounds", help="Bounds of variables, for lbfgs; x=0: has no upper bound.")
@click.option(
    "--standard-errors",
    is_flag=True,
    help="Also print standard errors, from the Hessian; F is a negative log-likelihood.",
)
@data_set
@click.option(
    "--points",
    metavar="FILE",
    shell_complete=files,
    help="Minimize the sum of F over all rows of CSV, Arrow or Parquet files of any size: a file, a folder, or a pattern such as "
    "'data/*.parquet'. Names of columns are data of the row; the start names the parameters.",
)
@click.option(
    "--skip-missing", is_flag=True, help="With --points or --data-set: leave out rows with NULL, NA or NaN in a column."
)
@click.option(
    "--trace",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write all steps to this CSV file; - is standard output, with the outcome on standard error.",
)
def descend(
    session: Session,
    f: str,
    start: Any,
    bounds: Any,
    points: str | None,
    skip_missing: bool,
    trace: Path | None,
    written_in: str | None,
    **how: Any,
) -> None:
    """Minimize F, or with --points or --data-set the sum of F over all rows, by descent from a starting point.

    Prints the last point, the reason for stopping and advice about the rate. With --json, each step is one line and
    the outcome is the last line.

    \b
    secant descend "x^2 + 2*x + 3" --start x=0.88 --rate 0.01
    secant descend "(1 - x)^2 + 100*(y - x^2)^2" --start x=-1,y=1
    secant descend "(y - a*x)^2" --points data.csv --start a=0 --trace steps.csv

    Exit codes: 0 the descent converged, or made --max-steps steps with --tolerance 0; 1 the call failed; 2 the command
    line is wrong; 3 the steps are spent; 4 it diverged; 5 F or its gradient is not finite; 6 it stalled (at a kink a
    minimum may be found all the same). 130 interrupted.
    """
    how = {name: value for name, value in how.items() if value is not None}
    if skip_missing and points is None and "data_set" not in how:
        raise click.UsageError("--skip-missing needs --points or --data-set")
    if points is not None and "data_set" in how:
        raise click.UsageError("give either --points or --data-set")
    if trace == STDOUT and session.json:
        raise click.UsageError("--json prints the steps already; leave out --trace -")
    with ExitStack() as held:
        if points is None:
            client = held.enter_context(session.client())
            how["skip_missing"] = skip_missing
            running: Any = client.descend(f, merged(start) or {}, bounds=merged(bounds), notation=written_in, **how)
        else:
            running = over_rows(session, f, points, merged(start) or {}, merged(bounds), skip_missing, written_in, how)
        descent = held.enter_context(running)
        show = held.enter_context(progress(not session.json))
        for step in descent:
            if session.json:
                echo(as_json(step))
            show(step)
        outcome = descent.result()
        path = descent.trace
    if trace is not None:
        write(trace, path)
    if session.json:
        echo(as_json({"outcome": outcome}))
    elif trace == STDOUT:
        with redirect_stdout(sys.stderr):
            summarize(outcome)
    else:
        summarize(outcome)
    code = 0 if outcome.reason == "STEPS_SPENT" and how.get("tolerance") == 0.0 else EXIT_CODES[outcome.reason]
    if code:
        sys.exit(code)


def over_rows(
    session: Session,
    f: str,
    points: str,
    start: Any,
    bounds: Any,
    skip_missing: bool,
    notation: str | None,
    how: dict[str, Any],
) -> Any:
    """Return the descent of a sum over the rows of files."""
    if how.pop("data", None) or how.pop("shapes", None):
        raise click.UsageError(
            "files of points take neither --data nor --shape: F is a formula of the numbers in a row"
        )
    for name, value in start.items():
        if not isinstance(value, float):
            raise click.UsageError(
                f"--start: {name or 'a parameter'} is a vector; parameters of a formula of rows are numbers"
            )
    if session.server is not None:
        echo("note: the sum is computed by this process, not by the server", err=True)
    from secant.files import descend_over

    return descend_over(f, points, start, bounds=bounds, skip_missing=skip_missing, notation=notation, **how)


def line(step: "Step | Outcome", number_of_steps: int) -> str:
    """Return the state of a descent as one line of text."""
    from secant.results import Outcome

    point = step.arrays if isinstance(step, Outcome) else step.point
    steps = f"{number_of_steps} step{'s' * (number_of_steps != 1)}"
    return f"{steps}: {named(point)}, f = {number(step.value)}, |gradient| = {step.gradient_norm:.3g}"


def summarize(outcome: "Outcome") -> None:
    """Print how a descent ended."""
    echo(line(outcome, outcome.steps))
    echo(f"{outcome.reason}: {outcome.message}" if outcome.message else outcome.reason)
    notices(outcome.notices)
    facts(
        nature=outcome.nature.lower(),
        finding=outcome.finding.lower().replace("_", " "),
        predicted_steps=outcome.predicted_steps,
        rate_limit=outcome.rate_limit,
        recommended_rate=outcome.recommended_rate,
        standard_errors=None
        if outcome.standard_errors is None
        else named(dict(zip(outcome.point, outcome.standard_errors, strict=True))),
    )
    for optimum in outcome.optima:
        echo(f"{optimum.nature or 'END'}: {named(optimum.point)}, f = {number(optimum.value)}")


@contextmanager
def progress(wanted: bool) -> "Iterator[Callable[[Step], None]]":
    """Yield a function that shows a step on standard error if that is a terminal, and else does nothing."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda step: None
        return
    # Imported here: 50 ms that no other command needs.
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("") as status:
        shown = 0.0

        def show(step: "Step") -> None:
            nonlocal shown
            if time.monotonic() - shown > REFRESH:
                shown = time.monotonic()
                status.update(Text(printable(line(step, step.number))))  # Text: a name may look like rich's markup

        yield show


def write(file: Path, trace: "Trace") -> None:
    """Write all steps as CSV."""
    columns = (trace.numbers, *trace.points.T, trace.values, trace.gradient_norms)
    with click.open_file(str(file), "w", encoding="utf-8") as out:
        out.write(header(["number", *trace.variables, "value", "gradient_norm"]) + "\n")
        for row in zip(*columns, strict=True):
            out.write(",".join(map(number, row)) + "\n")
