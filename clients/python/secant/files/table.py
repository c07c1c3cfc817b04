"""A table in several files: its columns, and blocks of its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secant.files.columns import TO_NUMBER, doubles, refusal
from secant.files.paths import Paths, files_of
from secant.files.problems import refused
from secant.files.readers import Source, source_of

__all__ = ["Block", "Place", "Table"]

Array = NDArray[np.float64]

# A file, and a row in it, both from 0: where a block begins.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that follow each other in one file.

    Attributes:
        place: The first row.
        rows: The number of rows.
        columns: Doubles, shape (rows,), by the names of the columns.
        fraction: Which part of all files has been read up to its end.
    """

    place: Place
    rows: int
    columns: dict[str, Array]
    fraction: float


class Table:
    """Data files with the same columns.

    Args:
        points: Their paths.

    Attributes:
        sources: The files.
        columns: The names of the columns of any of them.
        notices: Remarks on the values that were read.

    Raises:
        InvalidArgument: There are no files, or one cannot be read.
    """

    def __init__(self, points: Paths) -> None:
        self.sources: list[Source] = [source_of(path) for path in files_of(points)]
        self.columns = tuple(dict.fromkeys(name for source in self.sources for name in source.columns))
        self.notices = dict.fromkeys(notice for source in self.sources for notice in source.notices)

    @property
    def rows(self) -> int | None:
        """The number of rows; None: not known before they are read."""
        counts = [source.rows for source in self.sources]
        return None if None in counts else sum(c for c in counts if c is not None)

    def check(self, needed: Sequence[str]) -> None:
        """Raise InvalidArgument unless all files have the columns that a formula names, at least one, with numbers."""
        if not needed:
            raise refused(
                "the formula names no column of the files",
                f"the columns are {', '.join(self.columns[:20])}: names are read as they are written, also their case",
                "expression.text",
            )
        for name in needed:
            for source in self.sources:
                if name not in source.columns:
                    other = next(s for s in self.sources if name in s.columns)
                    listed = ", ".join([*source.columns][:10])
                    raise refused(
                        f"{source.path} has no column '{name}', which {other.path} has",
                        f"its columns are {listed}: add the column, or give other files",
                    )
                if name in source.twice:
                    raise refused(f"{source.path} has two columns '{name}'", "rename one of them")
                kind = source.columns[name]
                reason = refusal(kind) if kind is not None else ""
                if reason:
                    raise refused(f"column '{name}' of {source.path} {reason}", TO_NUMBER)

    def blocks(self, needed: Sequence[str], size: int, start: Place = (0, 0)) -> Iterator[Block]:
        """Yield the rows in blocks of `size`, counted from the first row of each file; the last block of a file is shorter.

        Args:
            needed: The columns.
            size: The rows of a block.
            start: The first row of the first block, a multiple of `size` in its file.

        Raises:
            InvalidArgument: A file cannot be read, has other values than numbers, or was changed while it was read.
        """
        whole = max(sum(source.size for source in self.sources), 1)
        before = sum(source.size for source in self.sources[: start[0]])
        for k in range(start[0], len(self.sources)):
            source = self.sources[k]
            row = start[1] if k == start[0] else 0
            for columns, rows in self._filled(source, needed, size, row):
                fraction = (before + source.fraction * source.size) / whole
                yield Block((k, row), rows, columns, fraction)
                row += rows
            source.check_unchanged()
            before += source.size

    def _filled(
        self, source: Source, needed: Sequence[str], size: int, first: int
    ) -> Iterator[tuple[dict[str, Array], int]]:
        """Yield columns of `size` rows, and at the end of what is left, from batches of any size."""
        held: list[dict[str, Array]] = []
        count = 0
        for batch in source.batches(needed, size, first):
            part = {name: doubles(batch.column(name), name, str(source.path), self.notices) for name in needed}
            begin = 0
            while count + batch.num_rows - begin >= size:
                end = begin + size - count
                held.append({name: column[begin:end] for name, column in part.items()})
                yield joined(held), size
                held, count, begin = [], 0, end
            if begin < batch.num_rows:
                held.append({name: column[begin:] for name, column in part.items()})
                count += batch.num_rows - begin
        if count:
            yield joined(held), count


def joined(parts: Sequence[dict[str, Array]]) -> dict[str, Array]:
    """Return columns made of parts, without a copy of a single part."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
