"""Rows without a value: how many there are, and where the first of them are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secant.files.table import Block, Table

__all__ = ["FIRST", "Failures"]

# Rows that are listed.
FIRST = 10


@dataclass(slots=True)
class Failures:
    """Rows that have no finite value.

    Attributes:
        missing: The number of rows with NULL or NaN in a column.
        failed: The number of other rows without a finite value or derivative.
        first: The first of both: a file, and a row, counted from 1.
    """

    missing: int = 0
    failed: int = 0
    first: list[tuple[str, int]] = field(default_factory=list)

    def add(self, table: Table, block: Block, places: NDArray[np.intp]) -> None:
        """Count the rows of a block at `places`, which have a value that is not finite."""
        if not len(places):
            return
        absent = np.zeros(len(places), bool)
        for column in block.columns.values():
            absent |= np.isnan(column[places])
        self.missing += int(absent.sum())
        self.failed += int((~absent).sum())
        self.place(table, block.place, places[:FIRST].tolist())

    def place(self, table: Table, begin: tuple[int, int], places: Iterable[int]) -> None:
        """Add rows to the first ones."""
        file, row = begin
        path = str(table.sources[file].path)
        self.first = [*self.first, *[(path, row + place + 1) for place in places]][:FIRST]

    def notices(self, rows: int, effect: str) -> list[str]:
        """Return what a caller is to know; `effect` is what rows with missing values do."""
        found = []
        where = listed(self.first, self.missing + self.failed)
        if self.missing:
            found.append(f"{count(self.missing, rows)} a missing value (NULL or NaN) in a column; {effect}")
        if self.failed:
            found.append(f"{count(self.failed, rows)} no finite value or derivative, although no column is missing")
        if len(found) == 1:
            found[0] += f"; {where}"
        elif found:
            found.append(f"the rows of both kinds: {where}")
        return found

    def kept(self) -> dict[str, Any]:
        """Return the counts for a record in JSON."""
        return {"missing": self.missing, "failed": self.failed, "first": self.first}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Failures":
        """Return the counts of a record."""
        return cls(record["missing"], record["failed"], [(path, row) for path, row in record["first"]])


def count(some: int, rows: int) -> str:
    return f"{some:,} of {rows:,} rows {'has' if some == 1 else 'have'}"


def listed(first: Sequence[tuple[str, int]], total: int) -> str:
    """Return "the first: a.csv row 3, row 9"; the name of a file is written once."""
    words, before = [], ""
    for path, row in first:
        words.append(f"row {row}" if path == before else f"{path} row {row}")
        before = path
    return f"{'the first: ' if total > len(first) else ''}{', '.join(words)}"
