"""A table in a DuckDB database: its columns, its rows, and the errors of the database in plain words."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from secant.errors import Error, InvalidArgument, Unimplemented

__all__ = ["Source", "opened", "refused"]

# Columns that are cast to doubles without loss of meaning.
NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL.*|BOOLEAN|BIGNUM|NULL|\"NULL\"")
SHOWN = 10


def refused(headline: str, hint: str = "", field: str = "") -> InvalidArgument:
    """Return an error of the data: what is wrong and where, then what to do."""
    text = f"{headline}\n{hint}" if hint else headline
    return InvalidArgument(text, status="INVALID_ARGUMENT", reason="INVALID_VALUE", field=field)


def duckdb() -> Any:
    """Return the package duckdb.

    Raises:
        Unimplemented: MISSING_PART: it is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise Unimplemented(
            'a fit in a database needs duckdb, which is not installed\ninstall it: pip install "secant[sql]"',
            status="UNIMPLEMENTED",
            reason="MISSING_PART",
        ) from None
    return duckdb


@contextmanager
def opened(source: Any) -> Iterator[Any]:
    """Yield a connection, which is closed in the end if it was opened here.

    Args:
        source: "duckdb:points.db", which is opened for reading only; "duckdb:" for a database in memory, whose tables are files; or a
            connection of the package duckdb.

    Raises:
        InvalidArgument: There is no such file, or it cannot be opened.
        Unimplemented: MISSING_PART: duckdb is not installed.
    """
    if not isinstance(source, str):
        yield source
        return
    kind, sign, path = source.partition(":")
    if kind.lower() != "duckdb" or not sign:
        raise refused(f"{source!r} is not a database", "write duckdb:FILE, for example duckdb:points.db", "sql")
    package = duckdb()
    if path and not os.path.isfile(path):
        raise refused(f"there is no file {path!r}", "give the path of a DuckDB database: duckdb:FILE", "sql")
    try:
        connection = package.connect(path, read_only=True) if path else package.connect()
    except package.Error as error:
        raise refused(f"{path!r} cannot be opened as a DuckDB database: {first_line(error)}", field="sql") from None
    try:
        yield connection
    finally:
        connection.close()


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


class Source:
    """A table.

    Args:
        connection: A connection of DuckDB.
        table: The quoted name of the table.
        shown: The name in messages.

    Raises:
        InvalidArgument: There is no such table.

    Attributes:
        columns: The names of its columns with their types.
        queries: The number of queries so far.
    """

    def __init__(self, connection: Any, table: str, shown: str) -> None:
        self._connection = connection
        self._error = duckdb().Error
        self.table = table
        self.shown = shown
        self.queries = 0
        try:
            self.columns = {
                row[0]: str(row[1]) for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
            }
        except self._error as error:
            raise self._no_table(error) from None

    def _no_table(self, error: Exception) -> Error:
        if "does not exist" not in str(error):
            return refused(f"the table {self.shown!r} cannot be read: {first_line(error)}", field="table")
        there = [row[0] for row in self._connection.execute("SHOW TABLES").fetchall()]
        names = ", ".join(there[:SHOWN]) + (", ..." if len(there) > SHOWN else "")
        hint = f"its tables are {names}" if there else "the database has no tables"
        return refused(f"there is no table {self.shown!r} in the database", hint, "table")

    def check(self, columns: Sequence[str]) -> None:
        """Raise an error where a column holds no numbers."""
        for name in columns:
            if not NUMBERS.fullmatch(self.columns[name].upper()):
                raise refused(
                    f"the column {name!r} of {self.shown!r} has the type {self.columns[name]}, which is not a number",
                    "make a view in which it is a number, for example CAST(... AS DOUBLE)",
                    "table",
                )

    def alike(self, name: str) -> str:
        """Return the column that a name may be meant for, "" if none is similar."""
        folded = {c.casefold(): c for c in self.columns}
        found = folded.get(name.casefold()) or next(iter(get_close_matches(name, self.columns, 1, 0.7)), "")
        return found if len(name) > 1 or found.casefold() == name.casefold() else ""

    def count(self, columns: Sequence[str]) -> tuple[int, int]:
        """Return the number of rows, and of those with NULL or NaN in a column."""
        missing = f"count(*) FILTER (WHERE {self.lacking(columns)})"
        ((rows, lacking),) = self.run(f"SELECT count(*), {missing} FROM {self.table}", {})
        return rows, lacking

    def incomplete(self, rows: int, missing: int) -> Error:
        """Return the error of rows with missing values, which would make the sum NaN."""
        return refused(
            f"{missing:,} of {rows:,} rows of {self.shown!r} have missing values (NULL or NaN)",
            "leave these rows out (skip_missing), or fill the values",
            "table",
        )

    def lacking(self, columns: Sequence[str]) -> str:
        """Return the condition that a row has NULL or NaN in a column."""
        quoted = ['"' + c.replace('"', '""') + '"' for c in columns]
        return " OR ".join(f"{q} IS NULL OR isnan(CAST({q} AS DOUBLE))" for q in quoted)

    def without(self, columns: Sequence[str]) -> str:
        """Make a view of the rows that lack no value, which ends with the connection; return its name."""
        name = "secant_whole_rows"
        self.run(
            f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {self.table} WHERE NOT ({self.lacking(columns)})", {}
        )
        return name

    def run(self, query: str, parameters: Mapping[str, float]) -> list[Any]:
        """Return the rows of a query.

        Raises:
            InvalidArgument: The database refuses it.
        """
        self.queries += 1
        try:
            found: list[Any] = self._connection.execute(query, dict(parameters)).fetchall()
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C.
            if "interrupted" not in str(error).lower():
                raise
            raise KeyboardInterrupt from None
        except self._error as error:
            raise refused(f"DuckDB refuses the query: {first_line(error)}", field="table") from None
        return found
