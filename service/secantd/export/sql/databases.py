"""The databases by dialect."""

from secantd.export.sql.dialects import Database, Dialect
from secantd.export.sql.duckdb import DUCKDB, DUCKDB_PLAIN
from secantd.export.sql.postgresql import POSTGRESQL
from secantd.export.sql.spark import SPARK

__all__ = ["DATABASES", "database_of"]

DATABASES: dict[Dialect, Database] = {d.dialect: d for d in (DUCKDB, POSTGRESQL, SPARK)}


def database_of(dialect: Dialect, plain_sums: bool = False) -> Database:
    """Return the database of a dialect, with plain sums if they are wanted or if it has no others."""
    return DUCKDB_PLAIN if plain_sums and dialect is Dialect.DUCKDB else DATABASES[dialect]
