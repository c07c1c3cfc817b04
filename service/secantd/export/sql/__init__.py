"""SQL: queries that compute a formula and its derivatives where the data are."""

from secantd.export.sql.code import Query, computes, prepared, sql_source
from secantd.export.sql.databases import DATABASES
from secantd.export.sql.dialects import Dialect

__all__ = ["DATABASES", "Dialect", "Query", "computes", "prepared", "sql_source"]
