"""Verbs for a function near a point: taylor, tangent, approximate, extrema."""

from typing import Any, get_args

import click

from secant.command.app import intervals, notation, point, verb
from secant.command.session import Session
from secant.command.show import facts, named, number, result, table, texts
from secant.command.values import merged
from secant.words import SchemeWord

__all__: list[str] = []

at = point("--at", required=True)


@verb("taylor")
@at
@click.option("--order", type=click.IntRange(min=0), default=5, show_default=True, help="The degree.")
@notation
def taylor(session: Session, f: str, at: Any, order: int, written_in: str | None, **how: Any) -> None:
    """Print the Taylor polynomial of F, in powers of x - x0 and multiplied out."""
    with session.client() as s:
        found = s.taylor(f, merged(at) or {}, order, notation=written_in, **how)
    if not result(session, found):
        for formula in (found.polynomial, found.expanded):
            for text in texts(formula):
                click.echo(text)
        facts(equals_F="yes" if found.equals_function else "no")


@verb("tangent")
@at
@notation
def tangent(session: Session, f: str, at: Any, written_in: str | None, **how: Any) -> None:
    """Print the tangent line, plane or hyperplane of F."""
    with session.client() as s:
        found = s.tangent(f, merged(at) or {}, notation=written_in, **how)
    if not result(session, found):
        for text in texts(found.equation):
            click.echo(text or found.contact.lower())
        slopes = dict(zip(found.variables, found.slopes, strict=True))
        facts(value=found.value, slopes=named(slopes), left_slope=found.left_slope, right_slope=found.right_slope)


@verb("approximate", variables=True)
@at
@click.option("--scheme", type=click.Choice(get_args(SchemeWord)), help="The formula [central].")
@click.option("--step", type=float, help="h [by the scheme's rule].")
@click.option("--sweep", is_flag=True, help="Also the error over many h.")
def approximate(
    session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any
) -> None:
    """Differentiate F by differences, with the exact values and the errors beside them."""
    with session.client() as s:
        found = s.approximate(f, merged(at) or {}, *variables, notation=written_in, **how)
    if result(session, found):
        return
    columns = (found.values, found.exact, found.errors, found.steps)
    rows = [[name, *map(number, row)] for name, *row in zip(found.variables, *columns, strict=True)]
    table([["", "approximate", "exact", "error", "h"], *rows])
    if (sweep := found.sweep) is not None:
        rows = [
            [number(h), number(value), number(error), "best" if h == sweep.best_step else ""]
            for h, value, error in zip(sweep.steps, sweep.values, sweep.errors, strict=True)
        ]
        table([["h", "approximate", "|error|", ""], *rows])
        click.echo(sweep.reason)


@verb("extrema")
@intervals("--box", required=True, help="Where to look.")
@notation
def extrema(session: Session, f: str, box: Any, written_in: str | None, **how: Any) -> None:
    """Find the critical points of F in a box, and tell their nature."""
    with session.client() as s:
        found = s.extrema(f, merged(box) or {}, notation=written_in, **how)
    if result(session, found):
        return
    for entry in (*found.critical_points, *found.inflections):
        exact = ", ".join(str(formula) for formula in entry.exact)
        click.echo(
            f"{entry.nature or 'CRITICAL'}: {named(entry.point)}, value {number(entry.value)}"
            + (f"  ({exact})" if exact else "")
        )
    click.echo("These are all." if found.complete else "There may be more.")
