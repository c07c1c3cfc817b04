"""Verbs for exact derivatives: diff, grad, jacobian, hessian, explain."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from secant.command.app import at, form, naming, notation, point, verb
from secant.command.session import Session
from secant.command.show import echo, entries, facts, number, result, table, texts
from secant.command.values import merged

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results import Formula
    from secant.results.matrix import Rows

__all__: list[str] = []


def cells(formula: "Formula") -> list[str]:
    """Return the cells of a formula in a table: its texts, then its value if it has one."""
    return texts(formula) + ([] if formula.at_point is None else [entries(formula.at_point)])


def matrix(variables: Iterable[str], rows: "Rows", values: "Array | None") -> None:
    """Print a matrix with named columns, once for each notation, then its values if it has any."""
    names = list(variables)
    written = [[texts(entry) for entry in row] for row in rows]
    for i in range(max((len(entry) for row in written for entry in row), default=0)):
        table([names, *[[entry[i] for entry in row] for row in written]])
    if any(entry.values is not None for row in rows for entry in row):
        echo("at the point")
        table([[number(entry) for entry in row] for row in ([] if values is None else values)])
    elif any(entry.value is not None for row in rows for entry in row):
        echo("at the point")
        table([names, *[[number(entry.value) for entry in row if entry.value is not None] for row in rows]])


@verb("diff", variables=True, shapes=True)
@at
@notation
@form
@naming
def diff(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Differentiate F with respect to each VARIABLE in order.

    Repeat a variable for a higher derivative: x x is the second derivative with respect to x.
    """
    with session.engine() as s:
        found = s.differentiate(f, *variables, at=merged(at), notation=written_in, **how)
    if not result(session, found):
        for line in texts(found.formula):
            echo(line)
        if (value := found.formula.at_point) is not None:
            echo(entries(value))


@verb("grad", variables=True, shapes=True)
@at
@notation
@form
@naming
@point("--direction", help="Also print the derivative in the direction of this vector.")
@click.option("--values-only", is_flag=True, help="Print only numbers, no formulas; needs --at.")
def grad(
    session: Session, f: str, variables: tuple[str, ...], at: Any, direction: Any, written_in: str | None, **how: Any
) -> None:
    """Print the gradient of F: all first partial derivatives."""
    with session.engine() as s:
        found = s.gradient(f, *variables, at=merged(at), direction=merged(direction), notation=written_in, **how)
    if not result(session, found):
        table([name, *cells(entry)] for name, entry in zip(found.variables, found.partials, strict=True))
        along = found.directional
        facts(value=found.function_value, norm=found.norm, along=None if along is None else "  ".join(cells(along)))


@verb("jacobian", variables=True, shapes=True)
@at
@notation
@form
@naming
def jacobian(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Print the Jacobian of a vector function.

    F is a vector, such as "c(x*y, x + y)". The Jacobian has one row for each component of F.
    """
    with session.client() as s:
        found = s.jacobian(f, *variables, at=merged(at), notation=written_in, **how)
    if not result(session, found):
        matrix(found.variables, found.rows, found.values)
        determinant = None if found.determinant is None else "  ".join(cells(found.determinant))
        facts(determinant=determinant, area_factor=found.area_factor)


@verb("hessian", variables=True, shapes=True)
@at
@notation
@form
@naming
@click.option("--values-only", is_flag=True, help="Print only numbers, no formulas; needs --at.")
def hessian(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Print the Hessian of F: all second partial derivatives."""
    with session.engine() as s:
        found = s.hessian(f, *variables, at=merged(at), notation=written_in, **how)
    if not result(session, found):
        matrix(found.variables, found.rows, found.values)
        eigenvalues = None if found.eigenvalues is None else "  ".join(map(number, found.eigenvalues))
        facts(value=found.function_value, definiteness=found.definiteness, eigenvalues=eigenvalues)


@verb("explain", variables=True, shapes=True)
@notation
@click.option(
    "--by-definition",
    is_flag=True,
    help="Use the limit of the difference quotient instead of the rules; polynomials only.",
)
def explain(session: Session, f: str, variables: tuple[str, ...], written_in: str | None, **how: Any) -> None:
    """Show how F is differentiated, step by step."""
    with session.client() as s:
        found = s.explain(f, *variables, notation=written_in, **how)
    if not result(session, found):
        echo(found)
        echo(found.derivative)
