"""Data files by format: their columns, the number of their rows, and batches of rows."""

import csv
import gzip
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from secant._spreadsheet import delimiter_of, name_of
from secant.files.paths import format_of
from secant.files.problems import pyarrow, refused

__all__ = ["Source", "opened", "source_of"]

# Bytes of a CSV file that are read at once.
CSV_BLOCK = 8 << 20
# Bytes of a column of Parquet that are read at once.
PIECE = 1 << 20
# Characters of a CSV file that show whether its numbers have decimal commas.
SAMPLE = 1 << 16
NULLS = ["", "NA", "NULL", "null", "NaN", "nan", "N/A"]
# How PyArrow begins its errors of a column.
COMMA, POINT = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?"), re.compile(r"[+-]?\d*\.\d*(?:[eE][+-]?\d+)?")
IN_COLUMN = re.compile(r"In CSV column #(\d+): (?:CSV conversion error to double: )?")
IN_ROW = re.compile(r"Row #(\d+): ")
CUT = "it is no complete {} file: it was cut short or damaged when it was written or copied, or has another format"


class Source(ABC):
    """One data file.

    Attributes:
        path: Its path.
        size: Its size in bytes.
        columns: The types of its columns by name, None where they are not known before they are read.
        twice: Names that several columns have.
        rows: The number of its rows; None: not known.
        fraction: Which part of it has been read.
        notices: Remarks on how it is read.
    """

    kind = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            stat = os.stat(path)
        except OSError as error:
            raise self.unreadable(error) from None
        self.size, self.changed = stat.st_size, stat.st_mtime_ns
        self.columns: dict[str, Any] = {}
        self.twice: set[str] = set()
        self.rows: int | None = None
        self.fraction = 0.0
        self.notices: tuple[str, ...] = ()

    @abstractmethod
    def batches(self, names: Sequence[str], size: int, first: int) -> Iterator[Any]:
        """Yield record batches with the columns `names`, of at most `size` rows, beginning with the row `first`."""

    def unreadable(self, error: Exception) -> Exception:
        """Return the error of a file that cannot be read."""
        arrow = pyarrow()
        if isinstance(error, OSError) and error.errno is not None:
            return refused(
                f"{self.path} cannot be read: {os.strerror(error.errno)}", "check the file and its permissions"
            )
        if isinstance(error, arrow.ArrowInvalid | OSError | EOFError | gzip.BadGzipFile):
            return refused(f"{self.path} cannot be read: {short(error)}", CUT.format(self.kind))
        return error

    def check_unchanged(self) -> None:
        """Raise InvalidArgument if the file was changed since it was opened."""
        stat = os.stat(self.path)
        if (stat.st_size, stat.st_mtime_ns) != (self.size, self.changed):
            raise refused(
                f"{self.path} was changed while it was read", "run the command again when the file is complete"
            )

    def name_columns(self, names: Sequence[str], types: Sequence[Any]) -> None:
        """Set the columns; a column without a name, such as that of the row names of R, cannot be referred to."""
        for name, kind in zip(names, types, strict=True):
            if name in self.columns:
                self.twice.add(name)
            if name:
                self.columns[name] = kind


def opened(path: Path) -> Any:
    """Return a Parquet file that is read in small pieces; by default, PyArrow keeps all pieces of a file until its end."""
    return pyarrow().parquet.ParquetFile(path, pre_buffer=False, buffer_size=PIECE, page_checksum_verification=True)


class Parquet(Source):
    """A Parquet file."""

    kind = "Parquet"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self._opened() as file:
            schema = file.schema_arrow
            self.name_columns(schema.names, schema.types)
            self.rows = file.metadata.num_rows

    def _opened(self) -> Any:
        try:
            return opened(self.path)
        except (pyarrow().ArrowException, OSError) as error:
            raise self.unreadable(error) from None

    def batches(self, names: Sequence[str], size: int, first: int) -> Iterator[Any]:
        """Yield record batches; see `Source`."""
        with self._opened() as file:
            group, before = 0, 0
            while group < file.num_row_groups and before + file.metadata.row_group(group).num_rows <= first:
                before += file.metadata.row_group(group).num_rows
                group += 1
            skip = first - before
            try:
                for batch in file.iter_batches(size, row_groups=[*range(group, file.num_row_groups)], columns=[*names]):
                    if skip < batch.num_rows:
                        yield batch.slice(skip) if skip else batch
                    skip = max(0, skip - batch.num_rows)
                    before += batch.num_rows
                    self.fraction = before / max(self.rows or 0, 1)
            except (pyarrow().ArrowException, OSError) as error:
                raise self.unreadable(error) from None


class Arrow(Source):
    """An Arrow IPC file, or a stream of such messages in a file."""

    kind = "Arrow"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        arrow = pyarrow()
        self._is_file = True
        try:
            with arrow.memory_map(str(path)) as mapped:
                try:
                    schema = arrow.ipc.open_file(mapped).schema
                except arrow.ArrowInvalid:
                    mapped.seek(0)
                    schema = arrow.ipc.open_stream(mapped).schema
                    self._is_file = False
        except (arrow.ArrowException, OSError) as error:
            raise self.unreadable(error) from None
        self.name_columns(schema.names, schema.types)
        self._places = {name: k for k, name in enumerate(schema.names)}

    def batches(self, names: Sequence[str], size: int, first: int) -> Iterator[Any]:
        """Yield record batches; see `Source`."""
        arrow = pyarrow()
        options = arrow.ipc.IpcReadOptions(included_fields=sorted(self._places[name] for name in names))
        try:
            with arrow.memory_map(str(self.path)) as mapped:
                if self._is_file:
                    reader = arrow.ipc.open_file(mapped, options=options)
                    stored = (reader.get_batch(k) for k in range(reader.num_record_batches))
                else:
                    stored = iter(arrow.ipc.open_stream(mapped, options=options))
                skip = first
                for batch in stored:
                    for begin in range(min(skip, batch.num_rows), batch.num_rows, size):
                        yield batch.slice(begin, size)
                    skip = max(0, skip - batch.num_rows)
                    self.fraction = mapped.tell() / max(self.size, 1)
        except (arrow.ArrowException, OSError) as error:
            raise self.unreadable(error) from None


class Csv(Source):
    """A CSV file, whose first line names the columns."""

    kind = "CSV"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            packed = path.name.lower().endswith(".gz")
            opened: Any = gzip.open if packed else open
            with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
                line = file.readline()
                sample = file.read(SAMPLE)
        except UnicodeDecodeError:
            raise refused(f"{path} is no text in UTF-8", "convert the file to UTF-8") from None
        except (OSError, EOFError) as error:
            raise self.unreadable(error) from None
        self._delimiter = delimiter_of(line)
        cells = csv.reader([line], skipinitialspace=True, delimiter=self._delimiter)
        names = [name_of(cell) for cell in next(cells, [])]
        if not any(names):
            raise refused(
                f"the first line of {path} must name the columns, for example: x,y", "add a line with the names"
            )
        if line.count('"') % 2:
            raise refused(f"a name in the first line of {path} has a line end", "rename the column")
        self.name_columns(names, [None] * len(names))
        self._point = "."
        if self._delimiter != "," and decimal_commas(sample, self._delimiter):
            self._point = ","
            self.notices += (f"{path} has decimal commas: 1,5 is read as 1.5",)
        if not packed and self.size and last_byte(path) not in b"\r\n":
            # As R's read.csv does.
            self.notices += (f"{path} has no line end behind its last line, which may be cut short",)
        # No two names that PyArrow sees are equal.
        self._names = [name if name and name not in names[:k] else f"\0{k}" for k, name in enumerate(names)]

    def batches(self, names: Sequence[str], size: int, first: int) -> Iterator[Any]:
        """Yield record batches; see `Source`."""
        arrow = pyarrow()
        skip = first
        try:
            with arrow.OSFile(str(self.path)) as raw:
                for batch in self._reader(raw, names):
                    if skip < batch.num_rows:
                        rest = batch.slice(skip)
                        for begin in range(0, rest.num_rows, size):
                            yield rest.slice(begin, size)
                    skip = max(0, skip - batch.num_rows)
                    self.fraction = min(1.0, raw.tell() / max(self.size, 1))
        except arrow.ArrowInvalid as error:
            text = short(error)
            if text == "Empty CSV file":
                return
            text, line = self._place_of(text, names)
            text = IN_COLUMN.sub(lambda found: f"column '{self._names[int(found[1])]}': ", text)
            raise refused(
                f"{self.path}{line}: {text}", "each line needs a number in each column that the formula names, or NA"
            ) from None
        except (arrow.ArrowException, OSError) as error:
            raise self.unreadable(error) from None

    def _reader(self, raw: Any, names: Sequence[str], threads: bool = True) -> Any:
        """Return an iterator of record batches of an open file."""
        arrow = pyarrow()
        packed = self.path.name.lower().endswith(".gz")
        return arrow.csv.open_csv(
            arrow.CompressedInputStream(raw, "gzip") if packed else raw,
            arrow.csv.ReadOptions(block_size=CSV_BLOCK, column_names=self._names, skip_rows=1, use_threads=threads),
            arrow.csv.ParseOptions(delimiter=self._delimiter),
            arrow.csv.ConvertOptions(
                include_columns=[*names],
                column_types={name: arrow.float64() for name in names},
                decimal_point=self._point,
                null_values=NULLS,
                strings_can_be_null=True,
            ),
        )

    def _place_of(self, text: str, names: Sequence[str]) -> tuple[str, str]:
        """Return the text of an error and its line, which PyArrow counts only when it reads the file in one thread."""
        arrow = pyarrow()
        try:
            with arrow.OSFile(str(self.path)) as raw:
                for _ in self._reader(raw, names, threads=False):
                    pass
        except arrow.ArrowInvalid as error:
            text = short(error)
        except (arrow.ArrowException, OSError):
            return text, ""
        row = IN_ROW.search(text)
        return (IN_ROW.sub("", text, count=1), f" line {row[1]}") if row else (text, "")


def last_byte(path: Path) -> bytes:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read()


def decimal_commas(sample: str, delimiter: str) -> bool:
    """Return whether numbers have decimal commas, in lines whose cells a semicolon or a tab separates.

    >>> decimal_commas("1,5;2", ";"), decimal_commas("1,5;2.5", ";"), decimal_commas("1;2", ";")
    (True, False, False)
    """
    cells = [cell.strip('" ') for line in sample.splitlines() for cell in line.split(delimiter)]
    return any(map(COMMA.fullmatch, cells)) and not any("." in cell and POINT.fullmatch(cell) for cell in cells)


def source_of(path: Path) -> Source:
    """Return a data file.

    Raises:
        InvalidArgument: It cannot be read.
    """
    kinds: dict[str | None, type[Source]] = {"parquet": Parquet, "arrow": Arrow, "csv": Csv}
    return kinds[format_of(path)](path)


def short(error: Exception) -> str:
    """Return the first line of an error of pyarrow, without a full stop."""
    return str(error).strip().split("\n")[0].removeprefix("Invalid: ").rstrip(".")[:300]
