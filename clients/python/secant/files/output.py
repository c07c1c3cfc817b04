"""Files of results: columns of doubles in the format that the end of the name means."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secant._spreadsheet import header
from secant.files.paths import format_of
from secant.files.problems import pyarrow, refused
from secant.files.readers import opened

__all__ = ["Writer", "checked", "join", "synced"]

Array = NDArray[np.float64]

# Doubles that are written or copied at once: 16 MB; and the most rows of a row group of Parquet.
ROOM, GROUP = 2_000_000, 1 << 20


def checked(output: str | os.PathLike[str], sources: Sequence[Path], force: bool) -> Path:
    """Return the path of an output.

    Raises:
        InvalidArgument: Its format is unknown, its folder does not exist, it exists already, or it is one of the inputs.
    """
    path = Path(output)
    if format_of(path) is None or path.name.lower().endswith(".csv.gz"):
        raise refused(
            f"{path} has an unknown format", "give an output whose name ends in .parquet, .arrow or .csv", "output"
        )
    if not path.parent.is_dir():
        raise refused(f"the folder {path.parent} does not exist", "make it, or give another output", "output")
    if path.is_dir():
        raise refused(f"{path} is a folder", "give the name of a file", "output")
    if any(path.resolve() == source.resolve() for source in sources):
        raise refused(f"{path} is an input too", "give another output", "output")
    if path.exists() and not force:
        raise refused(
            f"{path} exists already", "give another output, or replace it: --force, in Python force=True", "output"
        )
    return path


class Writer:
    """Writes columns of doubles to a new file.

    Args:
        path: The file.
        names: The names of the columns.
        first: Whether a CSV file begins with the names.
    """

    def __init__(self, path: Path, names: Sequence[str], first: bool) -> None:
        arrow = self._arrow = pyarrow()
        self._schema = arrow.schema([(name, arrow.float64()) for name in names])
        self._kind = format_of(path)
        self._how = {"row_group_size": rows_at_once(names)} if self._kind == "parquet" else {}
        self._file: Any = None
        if self._kind == "parquet":
            self._writer = arrow.parquet.ParquetWriter(path, self._schema, use_dictionary=False)
        elif self._kind == "arrow":
            self._writer = arrow.ipc.new_file(str(path), self._schema)
        else:
            self._file = open(path, "wb")  # noqa: SIM115 (closed by close)
            self._file.write((header(names) + "\n").encode() if first else b"")
            options = arrow.csv.WriteOptions(include_header=False)
            self._writer = arrow.csv.CSVWriter(self._file, self._schema, write_options=options)

    def write(self, columns: Sequence[Array]) -> None:
        """Write rows."""
        batch = self._arrow.RecordBatch.from_arrays([*map(self._arrow.array, columns)], schema=self._schema)
        self._writer.write_batch(batch, **self._how)

    def close(self) -> None:
        """End the file."""
        try:
            self._writer.close()
        finally:
            if self._file is not None:
                self._file.close()
            self._arrow.default_memory_pool().release_unused()


def rows_at_once(names: Sequence[str]) -> int:
    """Return the rows of so many columns that are written at once."""
    return max(1, min(GROUP, ROOM // len(names)))


def join(parts: Sequence[Path], names: Sequence[str], target: Path) -> None:
    """Write the rows of several files of one format to a new one; a single file is renamed."""
    if len(parts) == 1:
        os.replace(parts[0], target)
        return
    kind = format_of(target)
    if kind == "csv":
        with open(target, "wb") as out:
            for part in parts:
                with open(part, "rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)
        return
    arrow = pyarrow()
    writer = Writer(target, names, first=True)
    try:
        for part in parts:
            if kind == "parquet":
                with opened(part) as file:
                    for batch in file.iter_batches(rows_at_once(names)):
                        writer.write(batch.columns)
                arrow.default_memory_pool().release_unused()
            else:
                with arrow.memory_map(str(part)) as mapped:
                    reader = arrow.ipc.open_file(mapped)
                    for k in range(reader.num_record_batches):
                        writer.write(reader.get_batch(k).columns)
    finally:
        writer.close()


def synced(path: Path) -> None:
    """Wait until a file is on the disk, so that its new name never belongs to a file that is not."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
