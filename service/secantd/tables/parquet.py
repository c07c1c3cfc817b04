"""Parquet files as one table: parts of whole row groups, which depend on the files only."""

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason
from secantd.shown import quoted

if TYPE_CHECKING:
    import pyarrow.parquet as pq

__all__ = ["Part", "Table", "open_table"]

Array = NDArray[np.float64]

# Row groups of a file are read together until they have so many rows: 8 MB for each column, a task of some tens of milliseconds.
PART_ROWS = 1 << 20
ENDING = ".parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """Some row groups of one file.

    Attributes:
        path: The file.
        groups: The numbers of the row groups.
        rows: Their rows.
    """

    path: str
    groups: tuple[int, ...]
    rows: int

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return columns as doubles, each of shape (rows,); a missing value is NaN.

        Raises:
            CalculusError: INVALID_VALUE: the file cannot be read, has changed, lacks a column, or a column is not of numbers.
        """
        import pyarrow as pa

        try:
            with opened(self.path) as file:
                lacking = [name for name in names if name not in file.schema_arrow.names]
                if lacking:
                    raise invalid(
                        f"the file {self.path} has no column {quoted(lacking[0])}",
                        "write the column, or leave the file out",
                    )
                if not names:
                    return {"": np.zeros(self.rows)}
                table = file.read_row_groups(list(self.groups), columns=list(names), use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise unreadable(self.path, error) from None
        if table.num_rows != self.rows:
            raise invalid(f"the file {self.path} changed while it was read", "try again when it is complete")
        return {name: doubles(table.column(name), name, self.path) for name in names}


@dataclass(frozen=True)
class Table:
    """Parquet files with the same columns, one after the other.

    Attributes:
        parts: The parts, in the order of the rows.
        schemas: The types of the columns, as texts, with the first file that has them.
    """

    parts: tuple[Part, ...]
    schemas: tuple[tuple[Mapping[str, str], str], ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(dict.fromkeys(name for types, _ in self.schemas for name in types))

    @property
    def rows(self) -> int:
        """The number of rows."""
        return sum(part.rows for part in self.parts)

    def place(self, row: int) -> tuple[str, int]:
        """Return the file that has a row, and the number of the row in it, both rows counted from 0."""
        before = ""
        begin = 0
        for part in self.parts:
            begin = begin if part.path == before else 0
            if row < part.rows:
                return part.path, begin + row
            row -= part.rows
            begin += part.rows
            before = part.path
        raise IndexError(f"the table has no row {row}")

    def where(self, row: int) -> str:
        """Return the place of a row, counted from 0, for people: its file, and its number counted from 1."""
        path, number = self.place(row)
        return f"row {number + 1:,} of {path}"

    def require(self, names: Sequence[str]) -> None:
        """Raise INVALID_VALUE unless each file has these columns, and they are of numbers."""
        for name in names:
            for types, path in self.schemas:
                if name not in types:
                    other = next(p for t, p in self.schemas if name in t)
                    raise invalid(
                        f"column {quoted(name)} is in {other}, but not in {path}",
                        "write the column, or leave the file out",
                    )
                if not types[name].startswith(NUMBERS):
                    wanted = [(t[name], p) for t, p in self.schemas if name in t and t[name].startswith(NUMBERS)]
                    other = f"; in {wanted[0][1]} it is {wanted[0][0]}" if wanted else ""
                    raise invalid(
                        f"column {quoted(name)} of {path} is of type {types[name]}, not of numbers{other}",
                        "convert the column to numbers",
                    )


# Types that become doubles; `null` is a column of missing values.
NUMBERS = ("int", "uint", "float", "double", "halffloat", "bool", "decimal", "null")


def open_table(pattern: str) -> Table:
    """Return the table of all Parquet files that a path, a folder or a pattern such as "data/*.parquet" names.

    Only the ends of the files, which describe their contents, are read.

    Raises:
        CalculusError: INVALID_VALUE: there are no such files, or one cannot be read; MISSING_PART: PyArrow is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise CalculusError(
            Reason.MISSING_PART, "PyArrow, which reads Parquet files, is not installed", 'pip install "secant[dask]"'
        ) from None
    parts: list[Part] = []
    schemas: list[tuple[Mapping[str, str], str]] = []
    for path in paths_of(pattern):
        try:
            with opened(path) as file:
                types = {field.name: str(field.type) for field in file.schema_arrow}
                parts += parts_of(
                    path, [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
                )
        except (OSError, pa.ArrowException) as error:
            raise unreadable(path, error) from None
        if all(types != known for known, _ in schemas):
            schemas.append((types, path))
    return Table(tuple(parts), tuple(schemas))


def paths_of(pattern: str) -> list[str]:
    """Return the Parquet files that a path, a folder or a pattern names, sorted."""
    where = os.path.expanduser(pattern)
    if os.path.isdir(where):
        where = os.path.join(glob.escape(where), "**", "*" + ENDING)
    found = sorted(path for path in glob.glob(where, recursive=True) if os.path.isfile(path))
    if not found:
        raise invalid(
            f"there are no Parquet files at {pattern}", "give a file, a folder, or a pattern such as 'data/*.parquet'"
        )
    return found


def parts_of(path: str, rows: Sequence[int]) -> Iterator[Part]:
    """Yield the parts of a file whose row groups have these numbers of rows."""
    groups: list[int] = []
    count = 0
    for number, size in enumerate(rows):
        groups.append(number)
        count += size
        if count >= PART_ROWS or number == len(rows) - 1:
            yield Part(path, tuple(groups), count)
            groups, count = [], 0


def opened(path: str) -> "pq.ParquetFile":
    """Return an open Parquet file."""
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True)


def doubles(column: Any, name: str, path: str) -> Array:
    """Return an Arrow column as doubles; a missing value is NaN."""
    import pyarrow as pa

    if not str(column.type).startswith(NUMBERS):
        raise invalid(
            f"column {quoted(name)} of {path} is of type {column.type}, not of numbers", "convert the column to numbers"
        )
    try:
        found: Array = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowException as error:
        if pa.types.is_integer(column.type):
            hint = "whole numbers above 2^53 are no doubles: subtract an offset, or write the column as doubles"
            raise invalid(f"column {quoted(name)} of {path} has numbers that lose digits as doubles", hint) from None
        raise invalid(f"column {quoted(name)} of {path} is no column of numbers: {error}") from None
    return found


def invalid(headline: str, hint: str = "") -> CalculusError:
    """Return the error of files that cannot be used."""
    return CalculusError(Reason.INVALID_VALUE, headline.replace("\n", " "), hint)


def unreadable(path: str, error: Exception) -> CalculusError:
    """Return the error of a file that cannot be read."""
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error).splitlines()[0]
    return invalid(f"the file {path} cannot be read: {reason}", "give Parquet files that are complete")
