"""Runs that continue where an earlier one stopped: finished parts and a record beside the output, until this exists as a whole.

The record has a fingerprint of everything that determines the result. Parts end after some seconds, so that even a process that is
killed loses no more.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secant.files.output import Writer, join, synced
from secant.files.problems import refused
from secant.files.table import Place, Table

Array = NDArray[np.float64]

# Seconds of work in one part.
PART_SECONDS = 60.0
RECORD = "record.json"


def fingerprint(table: Table, *determined: Any) -> str:
    """Return a hash of the files, by their names, sizes and times of change, and of what else determines a result."""
    files = [(str(s.path.resolve()), s.size, s.changed) for s in table.sources]
    return hashlib.sha256(repr((files, determined)).encode()).hexdigest()


class Unfinished:
    """The parts of one output.

    Args:
        output: The path of the output.
        mark: The fingerprint of the run.
        force: Whether parts of another run are removed.

    Attributes:
        place: Where the run continues: after the rows of the parts that are finished.
        counts: What the caller counts, kept with the parts.
        resumed: Whether there were finished parts.

    Raises:
        InvalidArgument: There are parts of another run, or another process is at work.
    """

    def __init__(self, output: Path, mark: str, force: bool) -> None:
        self.output = output
        self.folder = output.with_name(output.name + ".unfinished")
        self._mark = mark
        self._parts: list[str] = []
        self._writer: Writer | None = None
        self._begun = 0.0
        # Whether the part, the place and the counts may disagree.
        self._torn = False
        self.place: Place = (0, 0)
        self.next: Place = (0, 0)
        self.counts: dict[str, Any] = {}
        self.resumed = False
        self.folder.mkdir(exist_ok=True)
        self._lock = locked(self.folder)
        record = self._record()
        if record is not None and record.get("fingerprint") != mark:
            if not force:
                self._lock.close()
                raise refused(
                    f"{self.folder} has parts of another run: the formula, the options or the files were others",
                    "repeat that command to finish it, or begin anew: --force, in Python force=True",
                    "output",
                )
            self.clear()
            record = None
        if record is not None:
            self._parts, self.place, self.counts = record["parts"], tuple(record["place"]), record["counts"]
            self.next = self.place
            self.resumed = self.place != (0, 0)
        else:
            self._save()

    def _record(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.folder / RECORD).read_text())
        except FileNotFoundError:
            return None
        except (ValueError, OSError):
            return {}
        return found

    def _save(self) -> None:
        record = {"fingerprint": self._mark, "parts": self._parts, "place": self.place, "counts": self.counts}
        new = self.folder / (RECORD + ".new")
        new.write_text(json.dumps(record))
        os.replace(new, self.folder / RECORD)

    def write(self, columns: Sequence[Array], names: Sequence[str], following: Place, counts: dict[str, Any]) -> None:
        """Write the next rows; `following` is the place behind them, `counts` what is counted up to there."""
        self._torn = True
        if self._writer is None:
            self._writer = Writer(self._part(), names, first=not self._parts)
            self._begun = time.monotonic()
        self._writer.write(columns)
        self.next, self.counts = following, counts
        self._torn = False
        if time.monotonic() - self._begun > PART_SECONDS:
            self.end_part()

    def reached(self, following: Place, counts: dict[str, Any]) -> None:
        """Record that all rows before a place are in `counts`, for a run without parts."""
        self._torn = True
        self.next, self.counts = following, counts
        self._torn = False
        if time.monotonic() - self._begun > PART_SECONDS:
            self._begun = time.monotonic()
            self.end_part()

    def _part(self) -> Path:
        return self.folder / f"{len(self._parts):06d}{''.join(self.output.suffixes[-1:])}"

    def end_part(self) -> None:
        """End the part that is being written, and record it."""
        self._torn = True
        if self._writer is not None:
            part = self._part()
            writer, self._writer = self._writer, None
            writer.close()
            synced(part)
            self._parts.append(part.name)
        self.place = self.next
        self._save()
        self._torn = False

    def abandon(self) -> None:
        """Keep what is finished for a later run, as far as that is possible: the disk may be full.

        If an interrupt came while rows were written or recorded, the part is not known to be whole, and the record stays as it is.
        """
        try:
            if not self._torn:
                self.end_part()
        except OSError:
            pass
        finally:
            if self._parts or self.place != (0, 0):
                self._remove_torn()
            else:
                # Nothing is finished.
                shutil.rmtree(self.folder, ignore_errors=True)
            self._lock.close()

    def _remove_torn(self) -> None:
        """Remove what no record describes: the disk may be full of it."""
        kept = {RECORD, LOCK, *self._parts}
        with suppress(OSError):
            for file in self.folder.iterdir():
                if file.name not in kept:
                    file.unlink()

    def finish(self, names: Sequence[str]) -> None:
        """Give the whole output its name, and remove the parts."""
        self.end_part()
        whole = self.folder / f"whole{''.join(self.output.suffixes[-1:])}"
        if not self._parts:
            Writer(whole, names, first=True).close()
        else:
            join([self.folder / part for part in self._parts], names, whole)
        self.publish(whole)

    def publish(self, whole: Path) -> None:
        """Give a file of the folder the name of the output, and remove the folder."""
        synced(whole)
        os.replace(whole, self.output)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()

    def clear(self) -> None:
        """Remove all parts."""
        for file in self.folder.iterdir():
            if file.name != LOCK:
                file.unlink()


LOCK = "lock"


def locked(folder: Path) -> Any:
    """Return a file that is locked for this process until it is closed.

    Raises:
        InvalidArgument: Another process holds the lock.
    """
    file = open(folder / LOCK, "w")  # noqa: SIM115 (the lock lasts as long)
    try:
        import fcntl
    except ImportError:
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise refused(
            f"another process writes to {folder}", "wait until it has ended, or give another output", "output"
        ) from None
    return file
