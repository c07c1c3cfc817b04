"""Verbs for exact derivatives: diff, grad, jacobian, hessian, explain, check."""

import sys
from collections.abc import Iterable
from typing import Any

import click

from secant.command.app import at, form, notation, point, verb
from secant.command.session import Session
from secant.command.show import facts, named, number, result, table, texts
from secant.command.values import merged, text
from secant.errors import Error
from secant.results import Formula
from secant.results.matrix import Rows

__all__: list[str] = []

# Exit codes of `check`, as diff and grep have them: 1 says no, 2 that there was no answer.
REFUTED, FAILED, UNDECIDED = 1, 2, 3


def cells(formula: Formula) -> list[str]:
    """Return a formula's row of a table: its texts, and its value where it has one."""
    return texts(formula) + ([] if formula.value is None else [number(formula.value)])


def matrix(variables: Iterable[str], rows: Rows) -> None:
    """Print a matrix with its columns named, once for each notation, and then its values where it has some."""
    names = list(variables)
    written = [[texts(entry) for entry in row] for row in rows]
    for i in range(max((len(entry) for row in written for entry in row), default=0)):
        table([names, *[[entry[i] for entry in row] for row in written]])
    if any(entry.value is not None for row in rows for entry in row):
        click.echo("at the point")
        table([names, *[[number(entry.value) for entry in row if entry.value is not None] for row in rows]])


@verb("diff", variables=True)
@at
@notation
@form
def diff(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Differentiate F by the VARIABLEs in order: x x is the second derivative."""
    with session.client() as s:
        found = s.differentiate(f, *variables, at=merged(at), notation=written_in, **how)
    if not result(session, found):
        for line in texts(found.formula):
            click.echo(line)
        if found.value is not None:
            click.echo(number(found.value))


@verb("grad", variables=True)
@at
@notation
@form
@point("--direction", help="Also the derivative along this vector.")
@click.option("--values-only", is_flag=True, help="No formulas.")
def grad(
    session: Session, f: str, variables: tuple[str, ...], at: Any, direction: Any, written_in: str | None, **how: Any
) -> None:
    """Print all first partials of F."""
    with session.client() as s:
        found = s.gradient(f, *variables, at=merged(at), direction=merged(direction), notation=written_in, **how)
    if not result(session, found):
        table([name, *cells(entry)] for name, entry in zip(found.variables, found.partials, strict=True))
        along = found.directional
        facts(value=found.value, norm=found.norm, along=None if along is None else "  ".join(cells(along)))


@verb("jacobian", variables=True)
@at
@notation
@form
def jacobian(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Print all first partials of a vector function F, such as "c(x*y, x + y)"."""
    with session.client() as s:
        found = s.jacobian(f, *variables, at=merged(at), notation=written_in, **how)
    if not result(session, found):
        matrix(found.variables, found.rows)
        determinant = None if found.determinant is None else "  ".join(cells(found.determinant))
        facts(determinant=determinant, area_factor=found.area_factor)


@verb("hessian", variables=True)
@at
@notation
@form
@click.option("--values-only", is_flag=True, help="No formulas.")
def hessian(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Print all second partials of F."""
    with session.client() as s:
        found = s.hessian(f, *variables, at=merged(at), notation=written_in, **how)
    if not result(session, found):
        matrix(found.variables, found.rows)
        eigenvalues = None if found.eigenvalues is None else "  ".join(map(number, found.eigenvalues))
        facts(value=found.value, definiteness=found.definiteness, eigenvalues=eigenvalues)


@verb("explain", variables=True)
@notation
@click.option("--by-definition", is_flag=True, help="From the limit of the difference quotient.")
def explain(session: Session, f: str, variables: tuple[str, ...], written_in: str | None, **how: Any) -> None:
    """Derive the derivative of F step by step."""
    with session.client() as s:
        found = s.explain(f, *variables, notation=written_in, **how)
    if not result(session, found):
        click.echo(found)
        click.echo(found.derivative)


@verb("check", variables=True)
@click.argument("claimed", type=text)
@at
@click.option(
    "--witness", "witnesses", type=click.Choice(["exact", "sympy", "numeric", "deriv"]), multiple=True,
    help="Whom to ask [all]; several may be named.",
)  # fmt: skip
def check(
    session: Session,
    f: str,
    claimed: str,
    variables: tuple[str, ...],
    at: Any,
    written_in: str | None,
    **how: Any,
) -> None:
    """Tell whether CLAIMED is the derivative of F.

    Exit code 0 where it is proved or agrees, 1 where it is refuted, 3 where nothing could be said; 2 where the call
    failed or the command line is wrong.
    """
    try:
        with session.client() as s:
            found = s.check(f, claimed, *variables, at=merged(at), notation=written_in, **how)
    except Error as error:
        click.echo(str(error), err=True)
        sys.exit(FAILED)
    if not result(session, found):
        click.echo(f"{found.verdict}: {found.message}" if found.message else found.verdict)
        facts(
            at=named(found.witness_point),
            variable=found.variable,
            claimed=found.claimed_value,
            true=found.true_value,
            **{witness.name: f"{witness.verdict}  {witness.message}" for witness in found.witnesses},
        )
    if not found:
        sys.exit(REFUTED if found.verdict == "REFUTED" else UNDECIDED)
