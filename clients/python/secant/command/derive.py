"""Verbs for exact derivatives: diff, grad, jacobian, hessian, explain, check."""

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from secant.command.app import assumptions, at, form, naming, notation, point, tolerance, verb
from secant.command.session import Session
from secant.command.show import echo, entries, facts, named, number, result, table, texts
from secant.command.values import merged, text
from secant.errors import Error

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant._direct import Direct
    from secant.client import Client
    from secant.results import Formula, Verdict
    from secant.results.matrix import Rows

__all__: list[str] = []

# Exit codes of `check`, as for diff and grep: 1 means no, 2 means trouble.
REFUTED, FAILED, UNDECIDED = 1, 2, 3


def end_with_verdict(session: Session, ask: "Callable[[Client | Direct], Verdict]", claimed: str, true: str) -> None:
    """Ask for a verdict, print it, and exit with its code.

    Args:
        session: The options of the command line.
        ask: The call.
        claimed, true: What the two values of a counterexample are called.
    """
    try:
        with session.engine() as s:
            found = ask(s)
    except Error as error:
        echo(str(error), err=True)
        sys.exit(FAILED)
    if not result(session, found):
        echo(f"{found.verdict}: {found.message}" if found.message else found.verdict)
        facts(
            at=named(found.witness_point),
            variable=found.variable,
            **{claimed: found.claimed_value, true: found.true_value},
            **{witness.name: f"{witness.verdict}  {witness.message}" for witness in found.witnesses},
        )
    if not found:
        sys.exit(REFUTED if found.verdict == "REFUTED" else UNDECIDED)


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


@verb("check", variables=True, shapes=True)
@click.argument("claimed", type=text)
@point("--at", help="Point to try first.")
@click.option(
    "--witness",
    "witnesses",
    type=click.Choice(["exact", "sympy", "numeric", "deriv"]),
    multiple=True,
    help="Method of checking to use; may be given more than once. Default: exact and numeric, and the others if these neither prove nor refute the claim",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Time limit for all methods together. Default and maximum: the server's limit check_seconds, usually 3 s",
)
@click.option("--order", type=click.IntRange(0, 2), help="Order of the derivative; 0: F itself. Default: 1")
@assumptions
@tolerance
def check(
    session: Session,
    f: str,
    claimed: str,
    variables: tuple[str, ...],
    at: Any,
    written_in: str | None,
    **how: Any,
) -> None:
    """Check whether CLAIMED is the derivative of F.

    With several variables, CLAIMED is the gradient, "c(2*x*y, x^2)", with --order 2 the Hessian. A wrong claim is shown with a point where it
    fails.

    Exit codes: 0 the claim is proved or agrees at all points tried, 1 it is refuted, 2 the call failed or the command
    line is wrong, 3 undecided.
    """
    end_with_verdict(
        session,
        lambda s: s.check(f, claimed, *variables, at=merged(at), notation=written_in, **how),
        claimed="claimed",
        true="true",
    )
