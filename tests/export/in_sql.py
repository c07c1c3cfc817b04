"""Exported queries run by DuckDB, on Parquet that it has written itself."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from running import Case, close, expected, without_gaps
from secantd.export import export
from secantd.export.code import Code
from secantd.export.sql import Dialect, Query
from secantd.language import Notation, read

__all__ = ["Database", "different", "exported", "full", "in_duckdb", "literal", "parameters_of", "quoted"]

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install duckdb")

DIGITS = 1e-12
# What is smaller beside ordinary arguments is what rounding left.
SMALL = 1e-4


def literal(value: float) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE)"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


class Database:
    """A DuckDB database in memory, with tables in Parquet files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect()
        self.made = 0

    @classmethod
    @cache
    def shared(cls) -> Any:
        """Return a connection for tests of many examples, which leave nothing behind."""
        return duckdb.connect()

    def table(self, columns: Mapping[str, Sequence[float]]) -> str:
        """Write a table to a Parquet file; return the name by which a query reads it."""
        self.made += 1
        path = self.folder / f"t{self.made}.parquet"
        rows = zip(*columns.values(), strict=True)
        values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
        names = ", ".join(map(quoted, columns))
        self.connection.execute(f"COPY (SELECT * FROM (VALUES {values}) AS t({names})) TO '{path}'")
        return f'"{path}"'

    def rows(self, query: str, parameters: Mapping[str, float] | None = None) -> list[list[float]]:
        """Run a query."""
        found = self.connection.execute(query, dict(parameters or {})).fetchall()
        return [[float("nan") if v is None else v for v in row] for row in found]


def exported(
    text: str,
    variables: Sequence[str] = (),
    order: int = 1,
    *,
    data: Mapping[str, object] | None = None,
    dialect: Dialect = Dialect.DUCKDB,
    notation: Notation | None = None,
    **how: object,
) -> Code:
    """Return a query; `how` are the fields of `Query`."""

    def again(columns, shapes=None):
        return read(text, notation, columns, shapes=shapes or {})

    with without_gaps():
        answer = export(
            again(data or {}), text, variables, [Notation.SQL], order, "", again, sql=Query(dialect=dialect, **how)
        )
    return answer.codes[0]


def full(row: Sequence[float], size: int, order: int) -> list[float]:
    """Return f, its gradient and its Hessian row by row from the columns of a query."""
    if order < 2 or not size:
        return list(row)
    upper = iter(row[1 + size :])
    hessian = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i, size):
            hessian[i][j] = hessian[j][i] = next(upper)
    return [*row[: 1 + size], *(h for line in hessian for h in line)]


def parameters_of(case: Case, code: Code) -> list[dict[str, float]]:
    """Return the parameters for which the query of a case is run: once, or for each point where its columns are data."""
    if not case.data:
        return [{}]
    rows = {n: float(v[0]) for n, v in case.data.items() if len(v) == 1}
    names = case.function.variables
    return [{**dict(zip(names, point, strict=True)), **rows} for point in case.points]


def different(case: Case, rows: Sequence[Sequence[float]], order: int) -> list[object]:
    """Return the points of a case at which the rows of a query differ from Evaluate by more than 1e-12."""
    found: list[object] = []
    size = len(case.function.variables)
    for point, row, right in zip(case.points, rows, expected(case, order), strict=True):
        got = full(row, size, order)
        scale = max([abs(v) for v in right if math.isfinite(v)], default=0.0)
        if not all(close(a, b, DIGITS, max(scale, SMALL)) for a, b in zip(got, right, strict=True)):
            found.append((case.text, point, got, right))
    return found


def in_duckdb(cases: Sequence[Case], order: int, folder: Path) -> list[object]:
    """Run the queries of cases, and return where they differ from Evaluate."""
    database = Database(folder)
    found: list[object] = []
    for case in cases:
        names = case.function.variables
        columns = {n: v for n, v in case.data.items() if len(v) > 1}
        columns = columns or dict(zip(names, zip(*case.points, strict=True), strict=True))
        table = database.table(columns or {"x": [1.0] * len(case.points)})
        code = exported(case.text, (), order, data=case.data, notation=case.notation, table=table)
        rows = [
            r for at in parameters_of(case, code) for r in database.rows(code.text, {p: at[p] for p in code.parameters})
        ]
        found += different(case, rows, order)
    return found
