"""The verb descend: a descent with its progress."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import click

from secant.command.app import intervals, point, verb
from secant.command.session import Session
from secant.command.show import as_json, facts, named, number
from secant.command.values import merged
from secant.results import Outcome, Step, Trace
from secant.rpcs.descend import Method
from secant.v1 import descend_pb2

__all__: list[str] = []

# Seconds between two states of the progress line: as often as an eye follows.
REFRESH = 0.1

METHODS = f"{', '.join(get_args(Method))} [bfgs; fixed_rate where a rate is given]"


def settings(command: Any) -> Any:
    """Add an option for each setting that some method has, as the contract names them."""
    members: Any = descend_pb2.DescendRequest.DESCRIPTOR.oneofs_by_name["method"].fields
    takers: dict[str, list[str]] = {}
    for member in members:
        for setting in member.message_type.fields:
            takers.setdefault(setting.name, []).append(member.name)
    for name, methods in reversed(takers.items()):
        kind = int if name == "memory" else float
        command = click.option(f"--{name}", type=kind, help=f"Of {', '.join(methods)}.")(command)
    return command


@verb("descend")
@point("--start", required=True, help="Where to begin.")
@click.option("--method", type=click.Choice(get_args(Method)), metavar="METHOD", help=METHODS)
@settings
@click.option("--ascend", "maximize", is_flag=True, help="Go uphill.")
@click.option("--max-steps", type=click.IntRange(min=0), default=0, help="At most so many steps.")
@click.option("--tolerance", type=float, help="Stop where the gradient is no longer than this [1e-5].")
@intervals("--bounds", help="For lbfgs; an end left out is open.")
@click.option("--standard-errors", is_flag=True, help="Of a negative log-likelihood's optimum.")
@click.option("--trace", type=click.Path(dir_okay=False, path_type=Path), help="Write all steps to this CSV file.")
def descend(
    session: Session, f: str, start: Any, bounds: Any, trace: Path | None, written_in: str | None, **how: Any
) -> None:
    """Walk downhill on F from a point, and tell how it ended.

    With --json each step is a line, and the outcome the last one.
    """
    how = {name: value for name, value in how.items() if value is not None}
    with (
        session.client() as s,
        s.descend(f, merged(start) or {}, bounds=merged(bounds), notation=written_in, **how) as descent,
        progress(not session.json) as show,
    ):
        for step in descent:
            if session.json:
                click.echo(as_json(step))
            show(step)
        outcome = descent.result()
        path = descent.trace
    if trace is not None:
        write(trace, path)
    if session.json:
        click.echo(as_json({"outcome": outcome}))
    else:
        tell(outcome)


def line(step: Step | Outcome, number_of_steps: int) -> str:
    """Return one state of a descent as a line."""
    return (
        f"{number_of_steps} steps: {named(step.point)}, f = {number(step.value)}, |gradient| = {step.gradient_norm:.3g}"
    )


def tell(outcome: Outcome) -> None:
    """Print how a descent ended."""
    click.echo(line(outcome, outcome.steps))
    click.echo(f"{outcome.reason}: {outcome.message}" if outcome.message else outcome.reason)
    facts(
        nature=outcome.nature.lower(),
        predicted_steps=outcome.predicted_steps,
        rate_limit=outcome.rate_limit,
        recommended_rate=outcome.recommended_rate,
        standard_errors=None
        if outcome.standard_errors is None
        else named(dict(zip(outcome.point, outcome.standard_errors, strict=True))),
    )
    for optimum in outcome.optima:
        click.echo(f"{optimum.nature or 'END'}: {named(optimum.point)}, f = {number(optimum.value)}")


@contextmanager
def progress(wanted: bool) -> Iterator[Callable[[Step], None]]:
    """Give what shows a step on standard error, where that is a terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda step: None
        return
    # Imported here: 50 ms that no other command needs.
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        shown = 0.0

        def show(step: Step) -> None:
            nonlocal shown
            if time.monotonic() - shown > REFRESH:
                shown = time.monotonic()
                status.update(line(step, step.number))

        yield show


def write(file: Path, trace: Trace) -> None:
    """Write all steps as CSV."""
    columns = (trace.numbers, *trace.points.T, trace.values, trace.gradient_norms)
    with file.open("w", encoding="utf-8") as out:
        out.write(",".join(["number", *trace.variables, "value", "gradient_norm"]) + "\n")
        for row in zip(*columns, strict=True):
            out.write(",".join(map(number, row)) + "\n")
