"""A query that computes a formula and its derivatives for each row of a table, or for a sum over its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.point import require_numbers
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.export.derive import ROWS, Derived, Read
from secantd.export.headers import header
from secantd.export.sql.databases import database_of
from secantd.export.sql.dialects import Database, Dialect
from secantd.export.sql.expand import expanded
from secantd.export.sql.names import checked_column, output_names, parameter_names, table_name
from secantd.export.sql.query import Names, query
from secantd.export.sql.written_out import MACROS
from secantd.export.statements import Budget, Inputs
from secantd.export.verification import Verified
from secantd.expression import reachable
from secantd.language import Function
from secantd.program.tape import record
from secantd.render.names import unused
from secantd.settings import Limits
from secantd.shown import listed, printable, quoted

__all__ = ["Query", "Table", "computes", "prepared", "sql_source"]

Columns = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Query:
    """What a caller wants of a query.

    Attributes:
        table: The name of the table; "" is "data".
        dialect: The database.
        columns: The names of the formula that are columns of the table; the others are parameters. Empty: see `prepared`.
        keep: Columns that the result for each row contains as well.
        plain_sums: Whether the rounding of sums may stay; a dialect that cannot compensate has plain sums in any case.
    """

    table: str = ""
    dialect: Dialect = Dialect.DUCKDB
    columns: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    plain_sums: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A formula over the rows of a table.

    Attributes:
        function: The formula; of a sum over rows with stand-in data, otherwise with its columns as variables.
        columns: The names that are columns.
        by_row: Whether the formula has a value for each row; otherwise it is a number.
        notices: Remarks for the caller.
    """

    function: Function
    columns: tuple[str, ...]
    by_row: bool
    notices: tuple[str, ...] = ()


def prepared(function: Function, wanted: Query, variables: Sequence[str], again: Read) -> Table:
    """Return a formula read with columns of a table.

    Without names of columns they are those of the data of the request; without data all names except the parameters of a
    `function(a, b)` and the variables of the derivatives; all names if that leaves none.

    Args:
        function: The formula with the data of the request.
        wanted: The request.
        variables: The variables of the derivatives in the request.
        again: Reads the formula with other data.

    Raises:
        CalculusError: UNKNOWN_VARIABLE for a column that does not occur; errors of reading.
    """
    data = function.graph.columns
    longest = max(map(len, data.values()), default=0)
    columns = [*dict.fromkeys([*wanted.columns, *(n for n, v in data.items() if len(v) == longest)])]
    plain = again({}) if data else function
    names = [*dict.fromkeys([*plain.variables, *sorted(plain.used), *sorted(plain.lengths)])]
    notices: list[str] = []
    if not columns:
        own = plain.variables if plain.used - set(plain.variables) else ()
        columns = [n for n in names if n not in variables and n not in own] or names
        others = [n for n in names if n not in columns]
        if columns:
            as_parameters = (
                f", {listed(others)} as {'parameters' if len(others) > 1 else 'a parameter'}" if others else ""
            )
            read = f"{listed(columns)} {'are' if len(columns) > 1 else 'is'} read as {'columns' if len(columns) > 1 else 'a column'}"
            notices.append(f"{read} of the table{as_parameters}; name the columns to change this")
    unknown = [c for c in wanted.columns if c not in names]
    if unknown:
        raise CalculusError(
            Reason.UNKNOWN_VARIABLE,
            f"the column {quoted(unknown[0])} does not occur in the expression",
            f"leave it out; its names are {listed(names)}" if names else "leave it out",
            field="columns",
            metadata={"name": unknown[0]},
        )
    if not columns:
        return Table(plain, (), True)
    summed = again({**stand_in(columns), **{n: v for n, v in data.items() if n not in columns}})
    by_row = summed.vector or any(o.rows != 1 for o in summed.outputs)
    by_row = by_row or not any(n.op == "data" and n.rows > 1 for n in reachable(summed.outputs))
    if by_row and plain.arrays and not summed.arrays and not summed.vector:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the formula has the length of a column, or single rows of it, but no value of all rows",
            "write it with sums, means, products, minima and maxima of columns",
            field="expression.text",
        )
    return Table(plain if by_row else summed, tuple(columns), by_row, tuple(notices))


def computes(database: Database, op: str) -> bool:
    """Return whether a database has an operation, or it is written out."""
    return op in database.language.templates or (op in MACROS and op not in database.lacks)


def stand_in(columns: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return columns of a few rows, all different and between 0.25 and 0.75."""
    chance = np.random.default_rng(7)
    return {name: chance.uniform(0.25, 0.75, 5) for name in columns}


@dataclass(frozen=True, slots=True)
class Written:
    """A query, the names of its parameters, as the placeholders spell them, and columns, remarks about its dialect, and
    the names of the parameters in the formula."""

    text: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    notices: tuple[str, ...]
    names: tuple[str, ...] = ()


def sql_source(
    table: Table,
    wanted: Query,
    text: str,
    chosen: Sequence[str],
    order: int,
    verified: Verified | None,
    derived: Derived,
    notices: Sequence[str],
    limits: Limits,
) -> Written:
    """Return a query with its comment.

    Args:
        table: The formula.
        wanted: The request.
        text: The text of the formula.
        chosen: The variables of the derivatives.
        order: 0, 1 or 2.
        verified: Where the derivatives agreed with differences.
        derived: The formula and its derivatives.
        notices: Remarks for the comment.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: a name or a function that the database does not take, rows by number; LIMIT_EXCEEDED.
    """
    database = database_of(wanted.dialect, wanted.plain_sums)
    function, language = table.function, database.language
    require_numbers(function)
    if derived.literal or derived.rows:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the formula takes single rows of a column, such as y[1], and a table has no order",
            "write it with sums, means, products, minima and maxima of columns",
            field="expression.text",
        )
    columns = checked_column(table.columns, database)
    keep = checked_column(wanted.keep, database, "keep") if table.by_row else ()
    if wanted.keep and not table.by_row:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the formula is a sum over rows, so there are no rows to keep columns of",
            "leave `keep` out",
            field="keep",
        )
    tape = record(
        derived.outputs, [*derived.variables, ROWS], function.graph.columns, (*derived.scalars, *derived.columns)
    )
    tape = expanded(tape, database, MACROS)
    names = tape.variables
    parameters = [v for v, uses in zip(names, tape.uses, strict=False) if uses and v != ROWS and v not in columns]
    words = parameter_names(parameters, columns, database)
    quoted_names = {v: database.quoted(words.get(v, v)) for v in names}
    taken = [
        *(w.casefold() for w in words.values()),
        *(c.casefold() for c in columns),
        table_name(wanted.table, database).casefold(),
    ]
    missing = language.number(float("nan"))
    placeholders = {}
    for k, v in enumerate(parameters, 1):
        value = f"CAST({database.placeholder(k, words[v])} AS {database.double})"
        placeholders[quoted_names[v]] = value if table.by_row else f"COALESCE({value}, {missing})"
    temporary = unused("t", taken)
    rows = names.index(ROWS)
    inputs = Inputs(
        tuple(quoted_names[v] for v in names), frozenset(k for k, v in enumerate(names) if v in columns), temporary
    )
    in_query = Names(
        table=table_name(wanted.table, database),
        parameters=placeholders,
        columns=tuple(database.quoted(c) for c in columns),
        kept=tuple(database.quoted(c) for c in keep),
        outputs=output_names(chosen, order, keep, database),
        temporary=temporary,
        step=unused("step", [w.strip('"`') for w in [*taken, *taken[-1].split(".")]]),
        rows=rows if tape.uses[rows] else None,
        missing=missing,
    )
    body = query(tape, database, inputs, in_query, Budget(limits.output_length))
    facts = described(
        table, [database.placeholder(k, words[v]) for k, v in enumerate(parameters, 1)], parameters, verified
    )
    there = {"", *(i.op for i in tape.code)}
    own = tuple(notice for op, notice in database.notices.items() if op in there)
    if wanted.plain_sums and "sum" not in there:
        own = (*own, "the query adds no rows, so plain_sums has no effect")
    written = header(language, text, order, {}, facts, [*notices, *own]) + body + "\n"
    if len(written) > limits.output_length:
        raise limit_exceeded(
            "output_length", "the query is too long to write", limits.output_length, "request a lower order"
        )
    used = tuple(c for c in columns if tape.uses[names.index(c)]) if table.by_row else tuple(derived.columns)
    return Written(written, tuple(words[v] for v in parameters), used, own, tuple(parameters))


def described(
    table: Table, placeholders: Sequence[str], parameters: Sequence[str], verified: Verified | None
) -> list[str]:
    """Return sentences about the columns, the parameters and the check of the derivatives."""
    lines = []
    if table.columns:
        lines.append(f"Columns of the table: {', '.join(printable(c) for c in table.columns)}.")
    if parameters:
        pairs = [p if p[1:] == v else f"{p} is {printable(v)}" for p, v in zip(placeholders, parameters, strict=True)]
        lines.append(f"Parameters: {', '.join(pairs)}.")
    if verified is not None:
        at = ", ".join(f"{printable(v)} = {x:g}" for v, x in list(verified.at.items())[:8])
        lines.append(f"The {verified.what} agreed with finite differences to {verified.digits} digits at {at},")
        lines.append("evaluated by the service; the query below was not run.")
    return lines
