"""The databases by dialect."""

from secantd.export.sql.dialects import Database, Dialect
from secantd.export.sql.duckdb import DUCKDB
from secantd.export.sql.postgresql import POSTGRESQL
from secantd.export.sql.spark import SPARK

__all__ = ["DATABASES"]

DATABASES: dict[Dialect, Database] = {d.dialect: d for d in (DUCKDB, POSTGRESQL, SPARK)}
