"""Files that are read again when they change."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["FileWatch"]


class Stamp(NamedTuple):
    """What changes when a file is written or replaced: nanoseconds since 1970, bytes, number of the inode."""

    modified: int
    size: int
    inode: int


class FileWatch:
    """Detects changes of files. Call `changed`, read the files, and use the result if they are `unchanged`.

    Args:
        paths: The files; one that does not exist changes when it is made.
        period: Seconds; `changed` looks at the files no more often.
        settled: Seconds for which changed files have to be unchanged, as a file may be seen while it is written.

    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile("w") as file:
    ...     watch = FileWatch([file.name])
    ...     before = watch.changed()
    ...     _ = file.write("x")
    ...     file.flush()
    ...     before, watch.changed(), watch.changed()
    (False, True, False)
    """

    def __init__(self, paths: Sequence[str | Path], period: float = 0.0, settled: float = 0.0) -> None:
        self._paths = paths
        self._period = period
        self._settled = settled
        # Stamps as they were at the last look, and those that `changed` has reported last.
        self._seen = self._stamps()
        self._reported: list[Stamp | None] | None = self._seen
        self._looked = self._since = time.monotonic()

    def changed(self) -> bool:
        """Whether the files have changed since this returned True, or since the watch began; True once for each change."""
        now = time.monotonic()
        if now - self._looked < self._period:
            return False
        self._looked = now
        seen = self._stamps()
        if seen != self._seen:
            self._seen, self._since = seen, now
        if seen == self._reported or max(now - self._since, age(seen)) < self._settled:
            return False
        self._reported = seen
        return True

    def unchanged(self) -> bool:
        """Whether the files are what they were when `changed` returned True; otherwise it will do so again."""
        return self._stamps() == self._reported

    def again(self) -> None:
        """Let `changed` return True once more for the same files: they could not be read for another reason."""
        self._reported = None

    def _stamps(self) -> list[Stamp | None]:
        return [stamp(path) for path in self._paths]


def stamp(path: str | Path) -> Stamp | None:
    """Return the stamp of a file, None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def age(stamps: Sequence[Stamp | None]) -> float:
    """Return the seconds since the last of the files was written: nobody may have looked at them meanwhile."""
    return time.time() - max((each.modified for each in stamps if each), default=0) / 1e9 if any(stamps) else 0.0
