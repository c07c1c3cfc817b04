"""Verbs for exact derivatives: diff, grad, jacobian, hessian, explain."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secant.command.app import at, certificate, form, naming, notation, point, verb
from secant.command.proof import write_certificate
from secant.command.session import Session
from secant.command.show import echo, entries, facts, notices, number, result, table, texts
from secant.command.values import merged

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results import Formula
    from secant.results.matrix import Rows

__all__: list[str] = []

# The format of a page by the ending of its file.
PAGES = {".txt": "text", ".tex": "latex", ".html": "html", ".htm": "html", ".md": "markdown"}


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
@certificate
def diff(
    session: Session,
    f: str,
    variables: tuple[str, ...],
    at: Any,
    written_in: str | None,
    certificate: str | None,
    **how: Any,
) -> None:
    """Differentiate F with respect to each VARIABLE in order.

    Repeat a variable for a higher derivative: x x is the second derivative with respect to x.

    \b
    secant diff "x * exp(x)"
    secant diff "x^3 * y" x x --at x=2,y=1
    secant diff "2x sin x" --from textbook --notation latex
    secant diff "log(x)" --certificate proof.v
    """
    with session.engine() as s:
        found = s.differentiate(
            f, *variables, at=merged(at), notation=written_in, certificate=certificate is not None, **how
        )
    if not result(session, found):
        for line in texts(found.formula):
            echo(line)
        if (value := found.formula.at_point) is not None:
            echo(entries(value))
    write_certificate(found, certificate)


@verb("grad", variables=True, shapes=True)
@at
@notation
@form
@naming
@point("--direction", help="Also print the derivative in the direction of this vector.")
@click.option("--values-only", is_flag=True, help="Print only numbers, no formulas; needs --at.")
@certificate
def grad(
    session: Session,
    f: str,
    variables: tuple[str, ...],
    at: Any,
    direction: Any,
    written_in: str | None,
    certificate: str | None,
    **how: Any,
) -> None:
    """Print the gradient of F: all first partial derivatives.

    \b
    secant grad "x^2 + 2*y^2" --at x=2,y=1
    secant grad "sum((y - a - b*x)^2)" a b --data data.csv
    """
    with session.engine() as s:
        found = s.gradient(
            f,
            *variables,
            at=merged(at),
            direction=merged(direction),
            notation=written_in,
            certificate=certificate is not None,
            **how,
        )
    if not result(session, found):
        table([name, *cells(entry)] for name, entry in zip(found.variables, found.partials, strict=True))
        along = found.directional
        facts(value=found.function_value, norm=found.norm, along=None if along is None else "  ".join(cells(along)))
    write_certificate(found, certificate)


@verb("jacobian", variables=True, shapes=True)
@at
@notation
@form
@naming
def jacobian(session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any) -> None:
    """Print the Jacobian of a vector function.

    F is a vector. The Jacobian has one row for each component of F.

    \b
    secant jacobian "c(x*y, x + y)" --at x=1,y=2
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
    """Print the Hessian of F: all second partial derivatives.

    \b
    secant hessian "x^2 + x*y" --at x=1,y=2
    """
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
@click.option("--gradient", is_flag=True, help="Derive all first partial derivatives.")
@click.option(
    "--format",
    "page_format",
    type=click.Choice(["text", "latex", "html", "markdown"]),
    help="Format of the page. Default: that of FILE's ending, otherwise text",
)
@click.option("--language", metavar="LANGUAGE", help="Language of the page: en or ko. Default: en")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File to write: .txt, .tex, .html or .md; - is standard output.",
)
def explain(
    session: Session,
    f: str,
    variables: tuple[str, ...],
    written_in: str | None,
    page_format: str | None,
    output: str | None,
    **how: Any,
) -> None:
    """Show how F is differentiated, step by step, as a page of a textbook.

    \b
    secant explain "log(x^2 - 2)"
    secant explain "(x^2 - 2)/(x^3 + 1)" --language ko -o page.html
    """
    file = Path(output) if output not in (None, "-") else None
    wanted = page_format or (PAGES.get(file.suffix.lower()) if file else "text")
    if wanted is None:
        raise click.UsageError(f"give --format, or a FILE that ends with one of {', '.join(PAGES)}")
    with session.client() as s:
        found = s.explain(f, *variables, notation=written_in, **how)
    try:
        page = str(found) if wanted == "text" else found.page(wanted)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if file is not None:
        from secant.results._page import document

        whole = document(page, f) if wanted == "html" else page
        file.write_text(whole.rstrip("\n") + "\n", encoding="utf-8")
        notices(found.notices)
    elif not result(session, found):
        echo(page)
