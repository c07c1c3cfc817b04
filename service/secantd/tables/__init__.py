"""Tables in Parquet files, read part by part and column by column as doubles."""

from secantd.tables.parquet import Part, Table, open_table

__all__ = ["Part", "Table", "open_table"]
