"""Secant's SELECT, with compensated or plain sums, run by DuckDB on the files; memory is limited as for the others."""

import duckdb
from timing import job, timed

given = job()
database = duckdb.connect(config={"memory_limit": "1GB"})
database.execute(f"CREATE VIEW points AS SELECT * FROM '{given['folder']}/*.parquet'")
timed(lambda: database.execute(given["sql"], given["at"]).fetchone()[:6])
