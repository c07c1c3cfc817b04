"""Data on a cluster as partitions: Parquet files, Dask dataframes, Dask arrays."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from secantd.engine.descents import nth
from secantd.engine.passes import Delayed, Parts, Source
from secantd.errors import CalculusError, Reason
from secantd.rows import RowFormula
from secantd.shown import listed, quoted
from secantd.tables import Table, open_table

from secant._arrays import Array

__all__ = ["Data", "Partitioned", "partitioned"]

# A path, folder or pattern of Parquet files; a Dask dataframe; Dask arrays of shape (rows,) by name.
Data: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Partitioned:
    """Data as partitions.

    Attributes:
        columns: The names of the columns.
        table: The Parquet files, if the data are files.
        frame: The Dask dataframe, if the data are one.
        arrays: The Dask arrays by name, all in the same chunks, if the data are arrays.
    """

    columns: tuple[str, ...]
    table: Table | None = None
    frame: Any = None
    arrays: Mapping[str, Any] | None = None

    def blocks(self, formula: RowFormula) -> list[Any]:
        """Return the columns of each partition that a formula names: a Part, or a delayed mapping of arrays."""
        names = formula.needed
        if self.table is not None:
            self.table.require(names)
            return list(self.table.parts)
        from dask import delayed

        if self.frame is not None:
            for name in names:
                require_numbers(name, self.frame[name].dtype)
            # Without names the rows still count.
            chosen = self.frame[list(names or self.columns[:1])]
            return [delayed(doubles)(part, names) for part in chosen.to_delayed()]
        assert self.arrays is not None
        chosen = names or self.columns[:1]
        lists = [self.arrays[name].to_delayed() for name in chosen]
        return [delayed(doubles)(dict(zip(chosen, parts, strict=True)), names) for parts in zip(*lists, strict=True)]

    def place(self, row: int) -> tuple[str, int]:
        """Return the file that has a row, "" if the data are no files, and the number of the row in it, counted from 1."""
        if self.table is None:
            return "", row + 1
        path, number = self.table.place(row)
        return path, number + 1

    def where(self, row: int) -> str:
        """Return the place of a row, counted from 0, for people."""
        return nth(row) if self.table is None else self.table.where(row)

    def source(self, formula: RowFormula) -> Source:
        """Return the partitions for passes by a cluster."""
        blocks = self.blocks(formula)
        return Parts(blocks) if self.table is not None else Delayed(blocks)

    def lengths(self) -> tuple[float, ...]:
        """Return the number of rows of each partition; NaN where it is not known."""
        if self.table is not None:
            return tuple(part.rows for part in self.table.parts)
        if self.frame is not None:
            return (np.nan,) * int(self.frame.npartitions)
        assert self.arrays is not None
        return tuple(self.arrays[self.columns[0]].chunks[0])


def partitioned(data: Data) -> Partitioned:
    """Return data as partitions.

    Raises:
        CalculusError: INVALID_VALUE: no files, an array that is no vector, or arrays of different lengths; MISSING_PART.
        TypeError: The data are of another kind.
    """
    if isinstance(data, str | os.PathLike):
        table = open_table(os.fspath(data))
        return Partitioned(table.columns, table=table)
    if hasattr(data, "to_delayed") and hasattr(data, "columns"):
        return Partitioned(tuple(map(str, data.columns)), frame=data)
    if isinstance(data, Mapping) and data:
        arrays = aligned({str(name): vector(str(name), value) for name, value in data.items()})
        return Partitioned(tuple(arrays), arrays=arrays)
    raise TypeError(
        f"data must be a path of Parquet files, a Dask dataframe, or Dask arrays by name; got {type(data).__name__}\n"
        "for a data frame of pandas, call dask.dataframe.from_pandas(data, npartitions=8)"
    )


def vector(name: str, value: Any) -> Any:
    """Return a Dask array of one dimension."""
    import dask.array as da

    found = value if hasattr(value, "to_delayed") else da.from_array(np.asarray(value))
    if found.ndim != 1:
        raise invalid(f"the array {quoted(name)} has {found.ndim} dimensions", "give one number for each row")
    require_numbers(name, found.dtype)
    return found


def require_numbers(name: str, kind: Any) -> None:
    """Raise INVALID_VALUE unless a type of NumPy or pandas is that of numbers."""
    if kind.kind not in "fiub":
        raise invalid(f"column {quoted(name)} is of type {kind}, not of numbers", "convert it to numbers")


def aligned(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Return arrays in the chunks of the first one."""
    first = next(iter(arrays.values()))
    found = {}
    for name, column in arrays.items():
        known = not (np.isnan(column.shape[0]) or np.isnan(first.shape[0]))
        if (known and column.shape != first.shape) or (not known and column.numblocks != first.numblocks):
            sizes = listed([f"{n}: {c.shape[0]} rows in {c.numblocks[0]} chunks" for n, c in arrays.items()])
            raise invalid(f"the arrays differ in length: {sizes}", "give arrays with one number for each row")
        found[name] = column.rechunk(first.chunks) if known and column.chunks != first.chunks else column
    return found


def doubles(part: Any, names: Sequence[str]) -> dict[str, Array]:
    """Return columns of one partition as doubles, in a worker.

    Args:
        part: A data frame of pandas, or arrays by name.
        names: The columns; if there are none, the rows are counted by the first column.
    """
    found = {}
    for name in names or list(part)[:1]:
        column = part[name]
        try:
            # Columns of pandas may have missing whole numbers.
            values = column.to_numpy(np.float64, na_value=np.nan) if hasattr(column, "to_numpy") else column
            found[name] = np.asarray(values, np.float64)
        except (TypeError, ValueError):
            if names:
                kind = getattr(column, "dtype", type(column).__name__)
                raise invalid(
                    f"column {quoted(name)} is of type {kind}, not of numbers", "convert it to numbers"
                ) from None
            found[name] = np.zeros(len(column))
    return found


def invalid(headline: str, hint: str) -> CalculusError:
    """Return the error of data that cannot be used."""
    return CalculusError(Reason.INVALID_VALUE, headline, hint, field="data")
