"""Verbs for the local behaviour of a function: taylor, tangent, approximate, extrema."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

import click

from secant._enums import SchemeWord
from secant.command.app import form, intervals, notation, point, verb
from secant.command.session import Session
from secant.command.show import echo, facts, named, number, result, table, texts
from secant.command.values import merged

if TYPE_CHECKING:
    from secant.results import Tangent

__all__: list[str] = []

at = point("--at", required=True)


@verb("taylor", shapes=True)
@at
@click.option(
    "--order", type=click.IntRange(min=0), help="Degree of the polynomial. Default: 5, at a point with vectors 2"
)
@notation
@form
def taylor(session: Session, f: str, at: Any, order: int | None, written_in: str | None, **how: Any) -> None:
    """Print the Taylor polynomial of F at a point.

    The first line has powers of x - x0, the second is expanded in powers of x.

    \b
    secant taylor "exp(x)" --at x=0 --order 3
    """
    point = merged(at) or {}
    if order is None:
        # Taylor polynomials in vectors and matrices have an order of at most 2.
        order = 2 if any(isinstance(value, list) for value in point.values()) else 5
    with session.client() as s:
        found = s.taylor(f, point, order, notation=written_in, **how)
    if not result(session, found):
        for written in (found.polynomial, found.expanded):
            for text in texts(written):
                echo(text)
        facts(equals_F="yes" if found.equals_function else "no")


@verb("tangent", shapes=True)
@at
@notation
@form
def tangent(session: Session, f: str, at: Any, written_in: str | None, **how: Any) -> None:
    """Print the tangent line, plane or hyperplane of F at a point.

    \b
    secant tangent "x^2" --at x=1
    """
    point = merged(at) or {}
    with session.client() as s:
        found = s.tangent(f, point, notation=written_in, **how)
    if not result(session, found):
        for text in texts(found.equation):
            echo(text or found.contact.lower())
        facts(
            value=found.value,
            slopes=named(by_variable(found, point)),
            left_slope=found.left_slope,
            right_slope=found.right_slope,
        )


def by_variable(found: "Tangent", point: Mapping[str, Any]) -> dict[str, Any]:
    """Return the slopes as a number, vector or matrix for each variable."""
    import numpy as np

    shapes = [np.shape(point.get(name, 0.0)) for name in found.variables]
    if len(found.variables) == 1:
        # The value may have no name.
        shapes = [np.shape(next(iter(point.values())))]
    ends = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    parts = np.split(np.asarray(found.slopes), ends)
    return {name: part.reshape(shape) for name, part, shape in zip(found.variables, parts, shapes, strict=True)}


@verb("approximate", variables=True)
@at
@click.option("--scheme", type=click.Choice(get_args(SchemeWord)), help="Difference scheme. Default: central")
@click.option("--step", type=float, help="Step size h. Default: chosen by the scheme's rule")
@click.option("--sweep", is_flag=True, help="Also print the error for many step sizes; one variable only.")
def approximate(
    session: Session, f: str, variables: tuple[str, ...], at: Any, written_in: str | None, **how: Any
) -> None:
    """Approximate the gradient of F by finite differences.

    Prints each approximation next to the exact value and the error.

    \b
    secant approximate "exp(x)" --at x=1 --step 0.01
    secant approximate "exp(x)" --at x=1 --scheme forward --sweep
    """
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
        echo(sweep.reason)


@verb("extrema")
@intervals("--box", required=True, help="Interval to search for each variable.")
@notation
def extrema(session: Session, f: str, box: Any, written_in: str | None, **how: Any) -> None:
    """Find and classify the critical points of F in a box.

    \b
    secant extrema "x^3 - 3*x" --box x=-3:3
    """
    with session.client() as s:
        found = s.extrema(f, merged(box) or {}, notation=written_in, **how)
    if result(session, found):
        return
    for entry in (*found.critical_points, *found.inflections):
        exact = ", ".join(str(formula) for formula in entry.exact)
        echo(
            f"{entry.nature or 'CRITICAL'}: {named(entry.point)}, value {number(entry.value)}"
            + (f"  ({exact})" if exact else "")
        )
    echo("The list is complete." if found.complete else "The list may be incomplete.")
