"""Checks, explanations and code: check, equal, explain, export."""

import re
from collections.abc import Sequence
from functools import partial

from secant._arrays import Points
from secant._call import Call
from secant._enums import DialectWord, LanguageWord, Notations, enum_value, enum_values
from secant._given import given, of_claim
from secant._notebook import requested_notations
from secant.expression import Function, Point, coordinates, expression, named
from secant.results import explanation
from secant.results.check import Verdict, verdict
from secant.results.explanation import Explanation, Export
from secant.shapes import Shapes
from secant.v1 import check_pb2, derivative_pb2, expression_pb2

__all__ = ["check", "equal", "explain", "export"]

# The languages of exported code, which are also names that a variable may have.
LANGUAGES = frozenset({"r", "python", "c", "javascript", "julia", "stan", "latex", "sql"})


def one_or_several(names: str | Sequence[str]) -> list[str]:
    """Return one name, or several, as a list."""
    return [names] if isinstance(names, str) else list(names)


def check(
    f: Function,
    claimed: Function,
    *variables: str,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    seconds: float | None = None,
    order: int | None = None,
    assume: str | Sequence[str] = (),
    tolerance: float | None = None,
    certificate: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Verdict]:
    """Return a verdict on a claimed derivative from independent methods, in bounded time.

    Args:
        f: A scalar function.
        claimed: The claimed derivative: one formula, or a vector with one formula for each variable; of order 2 a matrix
            with a row for each variable.
        variables: The variables to differentiate with respect to; with several, `claimed` is the gradient, or the Hessian.
            Default: as for `gradient`.
        at: A point to try first, one entry for each variable.
        witnesses: The methods to use, any of "exact", "ball", "sympy", "numeric" and "deriv". Default: "exact", "ball" and
            "numeric", and the others if these neither prove nor refute the claim.
        seconds: Time limit of all witnesses together, at most the server's limit `check_seconds`. None: that limit.
        order: 1 for the first derivative, 2 for the second; see `equal` for 0. None: 1.
        assume: Assumptions about variables, such as "x > 0", "-1 < r < 1" or "n integer".
        tolerance: The relative difference up to which a claim is accepted at points: with 1e-2, 0.333*x is accepted for x/3, with
            the verdict "AGREES" and a notice. At least 0, below 1. None: that of rounding.
        certificate: Whether to give a proof that can be checked without Secant, see `Certificate`.
        notation: "r", "python", "textbook" or "latex", of both functions.
        data: Vectors that both functions may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`; also if the claim does not have one formula for each variable.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> bool(secant.check("x^3", "3*x^2", witnesses=["exact"])), bool(secant.check("x^3", "3*x"))
    (True, False)
    """
    if isinstance(witnesses, str):
        witnesses = (witnesses,)
    variables, order = of_claim(claimed, variables, order)
    request = check_pb2.CheckRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        claimed=expression(claimed, notation, data, shapes),
        at=coordinates(at),
        witnesses=witnesses,
        seconds=seconds,
        order=order,
        assumptions=(assume,) if isinstance(assume, str) else assume,
        tolerance=tolerance,
        certificate=certificate,
    )
    return Call("Check", request, verdict)


def equal(
    f: Function,
    g: Function,
    *names: str,
    assume: str | Sequence[str] = (),
    tolerance: float | None = None,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    seconds: float | None = None,
    certificate: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Verdict]:
    """Return a verdict on whether two formulas are equal, in bounded time.

    They are equal if they have the same value wherever both have one and the assumptions hold; a notice says where only one
    has a value. In the verdict, f is the function and g the claim.

    Args:
        f: A formula: a number, or a vector or matrix of numbers.
        g: The other formula, possibly in another notation (see `Expression`) and in other variables.
        names: Names that are variables in both formulas; only textbook notation and LaTeX need them, for names of several
            letters.
        assume: Assumptions about variables, such as "x > 0", "-1 < r < 1", "x >= y" or "n integer".
        tolerance: The relative difference up to which a claim is accepted at points: with 1e-2, 0.333*x is accepted for x/3, with
            the verdict "AGREES" and a notice. At least 0, below 1. None: no tolerance.
        at: A point to try first, one entry for each variable.
        witnesses: The methods to use, any of "exact", "ball", "sympy" and "numeric". Default: all but SymPy, and SymPy if
            these leave it undecided.
        seconds: Time limit of all methods together, at most the server's limit `check_seconds`. None: that limit.
        certificate: Whether to give a proof that can be checked without Secant, see `Certificate`.
        notation: "r", "python", "textbook" or "latex", of both formulas.
        data: Vectors that both formulas may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`; also if an assumption has no meaning, or if assumptions contradict each
            other.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> bool(secant.equal("sqrt(x^2)", "x")), bool(secant.equal("sqrt(x^2)", "x", assume="x > 0"))
    (False, True)
    """
    request = check_pb2.CheckRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(names),
        claimed=expression(g, notation, data, shapes),
        at=coordinates(at),
        witnesses=(witnesses,) if isinstance(witnesses, str) else witnesses,
        seconds=seconds,
        order=0,
        assumptions=(assume,) if isinstance(assume, str) else assume,
        tolerance=tolerance,
        certificate=certificate,
    )
    return Call("Check", request, verdict)


def explain(
    f: Function,
    *variables: str,
    by_definition: bool = False,
    gradient: bool = False,
    language: LanguageWord | None = None,
    notations: Notations = None,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Explanation]:
    """Return the derivation of one derivative: a page as in a textbook, and its steps.

    Args:
        f: A scalar function.
        variables: The variables to differentiate with respect to, in order. Default: the only variable of f.
        by_definition: Use the limit of the difference quotient instead of the rules; polynomials only.
        gradient: Derive all first partial derivatives, with respect to `variables` or by default all variables of f.
        language: Language of the page, "en" or "ko". None: "en".
        notations: Notations of the answer. None: that of f.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> print(secant.explain("x^3", "x").derivative)
    3 * x^2
    """
    wanted = requested_notations(notations)
    request = derivative_pb2.ExplainRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        notations=wanted,
        by_definition=by_definition,
        formats=explanation.FORMATS.values(),
        language=language or "",
        gradient=gradient,
    )
    return Call("Explain", request, partial(explanation.explanation, notations=wanted))


def export(
    f: Function,
    *variables: str,
    notations: Notations = None,
    order: int | None = None,
    name: str = "",
    table: str = "",
    dialect: DialectWord | None = None,
    columns: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    plain_sums: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Export]:
    """Return code that computes f, its gradient and its Hessian without the service.

    Args:
        f: A scalar function.
        variables: The order of the generated function's arguments. Default: as for `gradient`.
        notations: Languages of the code: "r", "python", "latex", "c", "javascript", "julia", "stan", "sql" or a list
            of them.
            None: that of f.
        order: Highest order of derivatives: 0 f only, 1 also the gradient, 2 also the Hessian. None: 1.
        name: The name of the generated function. "": f.
        table: SQL: the name of the table: "points", "main.points"; a name with a dot is in double quotes. "": data.
        dialect: SQL: "duckdb", "postgresql" or "spark". None: DuckDB.
        columns: The names of f that are columns of the table; all others are parameters of the query. Default: the columns of
            `data`; without data all names except `variables`, or all names if that leaves none.
        keep: SQL: columns of the table that the result contains, too, if f has a value for each row.
        plain_sums: SQL: add with the plain `sum` of the database, which is faster, without compensating the rounding.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> secant.export("x^2", "x", notations="c", order=0).codes[0].text.count("return")
    1
    """
    wanted = enum_values(expression_pb2.Notation, notations)
    text = given(f).text
    for variable in named(variables):
        if variable in LANGUAGES and not re.search(rf"\b{variable}\b", text):
            raise ValueError(
                f"{variable!r} is not a variable of f; to choose the language, write notations={variable!r}"
            )
    request = derivative_pb2.ExportRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        notations=wanted,
        order=order,
        name=name,
        table=table,
        dialect=enum_value(derivative_pb2.SqlDialect, dialect),
        columns=one_or_several(columns),
        keep=one_or_several(keep),
        plain_sums=plain_sums,
    )
    return Call("Export", request, partial(explanation.export, notations=wanted))
